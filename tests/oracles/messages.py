"""PyJWT's opinion of whole messages.

messages.py sign SECRET          signs the claims on standard input and prints the token
messages.py verify SECRET TOKEN  prints the claims as sorted JSON, or fails
"""
import json
import sys

import jwt

if sys.argv[1] == "sign":
    claims = json.load(sys.stdin)
    print(jwt.encode(claims, sys.argv[2], algorithm="HS256"), end="")
else:
    claims = jwt.decode(sys.argv[3], sys.argv[2], algorithms=["HS256"])
    print(json.dumps(claims, sort_keys=True), end="")
