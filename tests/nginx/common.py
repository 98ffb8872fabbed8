"""A policy, requests that it lets pass, and what is asked of every answer."""

import base64
import hashlib
import hmac
import itertools
import json
import os
import unittest

from nginx import Nginx

USER, PASSPHRASE, KEY = "shop", "the passphrase of the shop", b"the signing secret of the shop"
ROUTES = {
    "plain": { "max_body": 67108864, "credentials": ["basic"] },
    "signed": { "max_body": 67108864, "credentials": ["basic"], "signature": "directa24-cashout" },
    "short": { "max_body": 100, "credentials": ["basic"] },
    "login": { "max_body": 67108864, "credentials": [{ "body": {} }] },
    "post": { "methods": ["POST"], "max_body": 100, "credentials": ["basic"] },
    "near": { "max_body": 100, "credentials": ["basic"], "network": "required" },
    "bearer": { "max_body": 100, "credentials": ["token"], "scope": "read" },
    "token": { "token_endpoint": True, "max_body": 4096, "credentials": ["basic", "form"] },
}
LIMITED = {
    "few": {
        "max_body": 100, "credentials": ["basic"],
        "rates": [{ "name": "few", "per": "credential", "limit": 2, "period_s": 3600 }]
    },
    "once": {
        "max_body": 1048576, "credentials": ["basic"], "signature": "directa24-cashout",
        "replay": { "window_s": 600 }
    },
    "lease": {
        "max_body": 1048576, "credentials": ["basic"], "signature": "directa24-cashout",
        "replay": { "window_s": 600, "lease_s": 2 }
    },
}


def policy(*routes, **more):
    """A document with these routes; all that need no memory, if none is named."""
    every = { **ROUTES, **LIMITED}
    document = {
        "tollgate": 1, "environment": "production", "realm": "shop",
        "routes": {name: { "https": False, "network": False, **every[name] } for name in routes or ROUTES},
        "credentials": [{
            "id": "the-shop",
            "basic": { "user": USER, "passphrase": { "text": PASSPHRASE } },
            "secrets": [{ "generation": 3, "key": { "text": KEY.decode() } }],
            "networks": ["198.51.100.0/24"]
        }], **more
    }
    if not routes or {"bearer", "token"} & set(routes):
        key = { "kid": "k", "key": { "text": "a key for tokens of 32 bytes at least" } }
        document["credentials"][0]["scopes"] = ["read"]
        document["tokens"] = { "issuer": "https://api.example.com", "keys": [key] }
    return json.dumps(document, indent=2)


def basic(user=USER, password=PASSPHRASE):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


GOOD, BAD = basic(), basic(password="another")


def signature(body):
    return hmac.new(KEY, body, hashlib.sha256).hexdigest()


def head(method="GET", path="/", auth=GOOD, *lines, version="1.1"):
    """The head of a request; `auth` may be None."""
    every = [f"{method} {path} HTTP/{version}", "Host: localhost", *lines]
    if auth:
        every.append(f"Authorization: {auth}")
    return ("\r\n".join(every) + "\r\n\r\n").encode()


def post(body, path="/", auth=GOOD, *lines, signed=True):
    """A whole request with a body, signed."""
    if signed:
        lines += (f"Payload-Signature: {signature(body)}", )
    return head("POST", path, auth, f"Content-Length: {len(body)}", *lines) + body


def message():
    """A body that no other request has."""
    return b'{"id":%d,"noise":"%s"}' % (next(NUMBERS), os.urandom(8).hex().encode())


NUMBERS = itertools.count()


class Served(unittest.TestCase):
    """Tests that share an nginx: `http` is its configuration."""

    http = ""
    files = {"policy.json": policy()}
    more = {}

    @classmethod
    def setUpClass(cls):
        cls.nginx = Nginx(cls.http, files=cls.files, **cls.more)
        cls.addClassCleanup(cls.nginx.stop)

    def ask(self, octets, name="web", method=None, **more):
        """The answer, with its line of the access log as `line`."""
        answer = self.nginx.ask(name, octets, method, **more)
        answer.line = self.nginx.logged(answer.key)[0]
        return answer

    def assert_refused(self, answer, status, reason):
        """Refused by the module, with a problem as the body."""
        self.assertEqual((answer.status, answer.line["reason"]), (status, reason))
        self.assertEqual(answer.get("Content-Type"), "application/problem+json")
        problem = json.loads(answer.body)
        self.assertEqual(list(problem), ["status", "title", "reason"])
        self.assertEqual(problem["status"], status)
        self.assertEqual(answer.line["credential"], "")

    def assert_passed(self, answer, status=200):
        self.assertEqual((answer.status, answer.line["outcome"]), (status, "PASSED"))
        self.assertEqual(answer.line["credential"], "the-shop")
