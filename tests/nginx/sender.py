"""Requests of a client that signs what it sends, and the policy that knows it."""

import base64
import hashlib
import hmac
import json
import os

USER, PASSPHRASE = "sender", "the passphrase of the sender"
SECRET = b"the signing secret of the sender"
MIB = 1 << 20

SENDER = {
    "id": "sender",
    "basic": {"user": USER, "passphrase": {"text": PASSPHRASE}},
    "secrets": [{"generation": 1, "key": {"text": SECRET.decode()}}],
}


# The message and its number, so that an empty body has a signature of its own.
SCHEME = {"algorithm": "hmac-sha256", "carrier": {"header": "Message-Signature"}, "encoding": "hex-lower",
          "parts": [{"header": "Message-Number"}, {"literal": ":"}, "body"]}


def policy(routes, credentials=(SENDER, ), **more):
    """A document in which a route needs no HTTPS and takes 4 KiB, unless it says otherwise."""
    plain = {"https": False, "max_body": 4096}
    routes = {name: {**plain, **route} for name, route in routes.items()}
    return json.dumps({"tollgate": 1, "environment": "production", "realm": "tests", **more,
                       "schemes": {"numbered": SCHEME}, "routes": routes, "credentials": list(credentials)})


def basic(user=USER, passphrase=PASSPHRASE):
    return "Authorization: Basic " + base64.b64encode(f"{user}:{passphrase}".encode()).decode()


def signature(body, number=7):
    """The two lines of the scheme."""
    made = hmac.new(SECRET, b"%d:%s" % (number, body), hashlib.sha256).hexdigest()
    return f"Message-Number: {number}\r\nMessage-Signature: {made}"


def head(target, *lines, method="POST", version="1.1"):
    return "\r\n".join([f"{method} {target} HTTP/{version}", "Host: localhost", *lines, "\r\n"]).encode()


def proofs(body):
    return basic(), signature(body)


def post(target, body, *lines, sign=None, **more):
    """A request with everything that it needs; `sign` is what is signed if that is not the body."""
    length = f"Content-Length: {len(body)}"
    return head(target, *proofs(body if sign is None else sign), length, *lines, **more) + body


def chunks(body, size, trailers=b""):
    """The body in chunks, each as octets of its own."""
    cut = [body[at:at + size] for at in range(0, len(body), size)]
    return [b"%x\r\n%s\r\n" % (len(piece), piece) for piece in cut] + [b"0\r\n" + trailers + b"\r\n"]


def post_chunked(target, body, size, *lines, sign=None, trailers=b""):
    """The pieces of such a request."""
    first = head(target, *proofs(body if sign is None else sign), "Transfer-Encoding: chunked", *lines)
    return [first, *chunks(body, size, trailers)]


def changed(body, place):
    """With another byte there."""
    place %= len(body)
    return body[:place] + bytes([body[place] ^ 1]) + body[place + 1:]


def memo(size):
    """A JSON body of so many octets, at least 11."""
    return b'{"memo":"%s"}' % os.urandom(size).hex()[:size - 11].encode()


def login(size):
    """A JSON body that says who sends it, of a little more octets."""
    return json.dumps({"login": USER, "pass": PASSPHRASE, "memo": "x" * size}).encode()
