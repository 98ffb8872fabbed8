"""Answers lines with what PyJWT says (Debian's python3-jwt).

`encode KEY KID TYP CLAIMS` (hex each) with a token; `decode KEY ISSUER AUDIENCE TOKEN` (hex but
for the token) with the header and the claims as JSON, or `refused`; `open KEY TOKEN` with the claims
of a whole message, or `refused`. The key is for HS256 alone. Claims are verified but for their times,
which the other side checks at a time of its own.
"""

import json
import sys

import jwt

for line in sys.stdin:
    verb, *words = line.split()
    if verb == "encode":
        key, kid, kind, claims = (bytes.fromhex(word) for word in words)
        header = {"kid": kid.decode(), "typ": kind.decode()}
        print(jwt.encode(json.loads(claims), key, algorithm="HS256", headers=header))
        continue
    if verb == "open":
        try:
            print(json.dumps(jwt.decode(words[1], bytes.fromhex(words[0]), algorithms=["HS256"])))
        except jwt.InvalidTokenError:
            print("refused")
        continue
    key, issuer, audience = (bytes.fromhex(word) for word in words[:3])
    token = words[3]
    off = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}
    try:
        claims = jwt.decode(
            token, key, algorithms=["HS256"], issuer=issuer.decode(), audience=audience.decode(),
            options={**off, "require": ["iss", "sub", "aud", "iat", "exp", "gen"]},
        )
    except jwt.InvalidTokenError:
        print("refused")
        continue
    print(json.dumps([jwt.get_unverified_header(token), claims], separators=(",", ":")))
