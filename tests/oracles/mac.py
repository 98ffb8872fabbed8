"""Answers lines `<hash> <key> <message>` (hex, `-` for nothing) with the HMAC in hex.

The first line of the answer names the OpenSSL that computes them.
"""

import _hashlib
import ssl
import sys


def bytes_of(text):
    return b"" if text == "-" else bytes.fromhex(text)


print(ssl.OPENSSL_VERSION)
for line in sys.stdin:
    name, key, message = line.split()
    # hmac_digest is OpenSSL's HMAC(); the module `hmac` could fall back to Python.
    print(_hashlib.hmac_digest(bytes_of(key), bytes_of(message), name).hex())
