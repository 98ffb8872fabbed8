"""Signatures and credentials as a sender makes them, with Python's own hmac, hashlib, base64."""

import base64
import hashlib
import hmac
import json
from pathlib import Path

from .request import raw

POLICIES = Path(__file__).parent.parent / "policies"


class Policy:
    """The secrets that a policy document has in clear."""
    def __init__(self, name):
        document = json.loads((POLICIES / f"{name}.json").read_text(encoding="utf-8"))
        self.credentials = {one["id"]: one for one in document["credentials"]}

    def secret(self, credential, generation=1):
        generations = self.credentials[credential]["secrets"]
        (found, ) = [one for one in generations if one["generation"] == generation]
        return found["key"]["text"]

    def basic(self, credential):
        record = self.credentials[credential]["basic"]
        return basic(record["user"], record["passphrase"]["text"])

    def key(self, credential):
        return self.credentials[credential]["api_key"]["text"]


def b64(data):
    return base64.b64encode(raw(data)).decode("ascii")


def b64url(data):
    return base64.urlsafe_b64encode(raw(data)).decode("ascii").rstrip("=")


def basic(user, password):
    """The value of Authorization (RFC 7617)."""
    return "Basic " + b64(raw(user) + b":" + raw(password))


def mac(secret, *parts, algorithm="sha256"):
    return hmac.new(raw(secret), b"".join(map(raw, parts)), algorithm).digest()


def mac_hex(secret, *parts, algorithm="sha256"):
    return mac(secret, *parts, algorithm=algorithm).hex()


def digest_hex(data, algorithm):
    return hashlib.new(algorithm, raw(data)).hexdigest()
