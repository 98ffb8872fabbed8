"""Answers lines `<alphabet> <padding> <text in hex>` with the decoded bytes in hex, `-` for
nothing and `refused` for a text that is not the one encoding of any bytes.
"""

import base64
import binascii
import sys

ENCODERS = {"standard": base64.standard_b64encode, "url": base64.urlsafe_b64encode}


def decode(alphabet, padding, text):
    if alphabet == "url":
        if b"+" in text or b"/" in text:
            return None
        text = text.replace(b"-", b"+").replace(b"_", b"/")
    due = b"=" * (-len(text.rstrip(b"=")) % 4)
    padded = text.endswith(b"=") or not due
    if padding == "required" and not padded or padding == "forbidden" and text.endswith(b"="):
        return None
    whole = text if padded else text + due
    try:
        value = base64.b64decode(whole, validate=True)
    except binascii.Error:
        return None
    # Python lets unused bits pass; encoding again finds them.
    return value if base64.b64encode(value) == whole else None


for line in sys.stdin:
    alphabet, padding, text = line.split()
    value = decode(alphabet, padding, b"" if text == "-" else bytes.fromhex(text))
    if value is None:
        print("refused")
        continue
    print(value.hex() or "-", ENCODERS[alphabet](value).decode() or "-")
