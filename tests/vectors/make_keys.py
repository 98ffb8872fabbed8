#!/usr/bin/env python3
"""Writes keys.json: keys of given random bytes, with Python's integers, zlib, hashlib and hmac.

make_keys.py          writes the file
make_keys.py --check  fails if the file is not what would be written
"""
import hashlib
import hmac
import json
import pathlib
import random
import string
import sys
import zlib

DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
PEPPER = "a pepper that is kept elsewhere"


def base62(number, length):
    text = ""
    while number:
        number, digit = divmod(number, 62)
        text = DIGITS[digit] + text
    return text.rjust(length, "0")


def vector(prefix, environment, entropy):
    covered = f"{prefix}_{environment}_{base62(int.from_bytes(entropy, 'big'), 30)}"
    key = covered + base62(zlib.crc32(covered.encode()), 6)
    return {
        "prefix": prefix, "environment": environment, "entropy_hex": entropy.hex(), "key": key,
        "sha256": hashlib.sha256(key.encode()).hexdigest(), "pepper": PEPPER,
        "hmac_sha256": hmac.new(PEPPER.encode(), key.encode(), hashlib.sha256).hexdigest(),
    }


def vectors():
    for entropy in [bytes(21) + b"\1", b"\1" + bytes(21), b"\xff" * 21 + b"\xfe", bytes(range(22))]:
        yield vector("acme", "live", entropy)
    for prefix in ["a", "a1", "z" * 16]:
        for environment in ["production", "staging", "0", "_", "-", "eu_west-1", "e" * 32]:
            yield vector(prefix, environment, bytes(range(7, 29)))
    numbers = random.Random(62)
    for _ in range(100):
        yield vector("key", "test", numbers.randbytes(22))


def main():
    text = json.dumps(list(vectors()), indent=1) + "\n"
    path = pathlib.Path(__file__).parent / "keys.json"
    if sys.argv[1:] == ["--check"]:
        sys.exit(None if path.read_text() == text else f"{path.name} is not what this script writes")
    path.write_text(text)


main()
