"""Parts of policy documents, for the rows about loading."""


def policy(members='"realm": "x"', route="", credentials="", scheme=""):
    """A small document, with something put in where the row is about it."""
    return f"""{{
  "tollgate": 1, "environment": "production", {members},
  "schemes": {{ {scheme} }},
  "routes": {{
    "pay": {{ "max_body": 1, "credentials": ["basic", {{ "api_key": "X-Key" }}]{route} }}
  }},
  "credentials": [{credentials}]
}}"""


def secret(text):
    """A credential with this signing secret."""
    return f'{{ "id": "a", "secrets": [{{ "generation": 1, "key": {{ "text": {text} }} }}] }}'


def user(name, passphrase, ident="a"):
    """A credential with this user."""
    basic = f'{{ "user": {name}, "passphrase": {{ "text": {passphrase} }} }}'
    return f'{{ "id": "{ident}", "basic": {basic} }}'


def scheme(parts='"body"', algorithm='"hmac-sha256"', more=""):
    """A scheme of one's own, on the route."""
    members = f'"algorithm": {algorithm}, "carrier": {{ "header": "X-S" }}, "encoding": "base64"'
    own = f'"own": {{ {members}, "parts": [{parts}]{more} }}'
    return {"scheme": own, "route": ', "signature": "own"'}
