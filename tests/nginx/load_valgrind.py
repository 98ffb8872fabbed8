"""Ten thousand requests of all kinds, and reloads, with master and workers under valgrind: no error,
and nothing that is lost for good. Faults that are planted into a worker are reported."""

import base64
import itertools
import json
import os
import random
import re
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from client import Connection
from load import Case, Clients, request
from load_kill import Shared, message
from load_reload import SECRET, counted, key
from load_reload import signed as signed_request
from nginx import Failed, Nginx, wait_for

HERE = Path(__file__).parent
REQUESTS = 10000
RELOADS = 4

HTTP = """
keepalive_requests 1000000;
client_body_buffer_size 4k;
client_header_timeout 5;
client_body_timeout 5;
auth_tollgate_policy policy.json;
auth_tollgate_zone valgrind:1m;
add_header X-Credential $auth_tollgate_credential always;
map $arg_payment $payment { default "none"; known "steady"; }
server {
    listen @web@;
    error_page 404 /missing;
    location /key { auth_tollgate key; root pages; }
    location /signed { auth_tollgate signed; proxy_pass http://@backend@; }
    location /limited { auth_tollgate limited; root pages; }
    location /once { auth_tollgate once; proxy_pass http://@backend@; }
    location /broken { auth_tollgate once; proxy_pass http://@backend@/503; }
    location /purchases { auth_tollgate purchases; root pages; }
    location /token { auth_tollgate_token; }
    location /small { auth_tollgate signed; auth_tollgate_max_body 1k; proxy_pass http://@backend@; }
    location /dry { auth_tollgate key; auth_tollgate_dry_run on; root pages; }
    location /any { satisfy any; allow all; auth_tollgate key; root pages; }
    location /page { auth_tollgate key; error_page 401 =200 /missing; root pages; }
    location /stored {
        auth_tollgate stored;
        auth_tollgate_stored $payment b8c37e33defde51cf91e1e03e51657da a-seed STORED;
        proxy_pass http://@backend@;
    }
    location = /missing { internal; return 200; }
}
server {
    listen @backend@;
    location / { return 200; }
    location /503 { return 503; }
}
server { listen @metrics@; access_log off; location / { auth_tollgate_metrics; } }
"""
PAGES = ("key", "limited", "purchases", "dry", "any", "page")


def policy(version):
    route = {"https": False, "credentials": [{"api_key": "X-API-Key"}]}
    keyed = {**route, "max_body": 65536, "signature": "directa24-cashout"}
    rate = {"name": "all", "per": "credential", "limit": 50, "period_s": 3600}
    return json.dumps({
        "tollgate": 1, "environment": "production", "realm": f"version {version}",
        "tokens": {
            "issuer": "https://localhost",
            "keys": [{"kid": "1", "key": {"text": "a token key that has 32 octets at least"}}]
        },
        "routes": {
            "key": {**route, "max_body": 0}, "limited": {**route, "max_body": 0, "rates": [rate]},
            "signed": keyed,
            "once": {
                "https": False, "max_body": 4096, "credentials": [{"fixed": "merchant"}],
                "signature": "stripe", "replay": {}
            },
            "token": {
                "https": False, "token_endpoint": True, "max_body": 4096, "credentials": ["basic"]
            },
            "purchases": {"https": False, "max_body": 0, "credentials": ["token"]},
            "stored": {**route, "max_body": 4096, "signature": "flexiown-trust"}
        },
        "credentials": [
            {
                "id": "steady", "api_key": {"text": "the-api-key-of-steady"},
                "basic": {"user": "steady", "passphrase": {"text": "a-passphrase"}},
                "secrets": [{"generation": 1, "key": {"text": SECRET + "steady"}}]
            },
            {"id": "merchant", "secrets": [{"generation": 1, "key": {"text": SECRET}}]}
        ]
    })
