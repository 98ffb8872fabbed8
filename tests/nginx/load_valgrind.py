"""Ten thousand requests of all kinds, and reloads, with master and workers under valgrind: no error,
and nothing that is lost for good. Faults that are planted in a worker are reported."""

import base64
import hashlib
import json
import os
import random
import re
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

from client import Connection
from load import Case, Clients, request
from load_kill import Shared, message
from load_reload import SECRET, counted, get, key
from load_reload import signed as signed_request
from nginx import Failed, Nginx

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
map $http_payment $payment { default "nobody"; known "steady"; }
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
    location /small { auth_tollgate signed; auth_tollgate_max_body 1k;
        proxy_pass http://@backend@; }
    location /dry { auth_tollgate key; auth_tollgate_dry_run on; root pages; }
    location /open { satisfy any; allow all; auth_tollgate key; root pages; }
    location /page { auth_tollgate key; error_page 401 =200 /missing; root pages; }
    location /stored {
        auth_tollgate stored;
        auth_tollgate_stored $payment VALUE SEED SIGNATURE;
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
VALUE, SEED = "b8c37e33defde51cf91e1e03e51657da", "W1siU0tVLTEiLDEsIjE5OS4wMCJdXVNLVS0x"
HTTP = HTTP.replace("VALUE", VALUE).replace("SEED", SEED)
HTTP = HTTP.replace("SIGNATURE", hashlib.sha256((VALUE + SEED).encode()).hexdigest())
PAGES = ("key", "limited", "purchases", "dry", "open", "page")


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


def at(path, case_octets):
    """The same request to another path."""
    method, _, rest = case_octets.partition(b" ")
    return method + b" " + path.encode() + rest[rest.index(b"?"):]


def basic(passphrase):
    return ("Authorization", "Basic " + base64.b64encode(b"steady:" + passphrase).decode())


def token(passphrase, body=b"grant_type=client_credentials"):
    media = ("Content-Type", "application/x-www-form-urlencoded")
    return request("POST", "/token", [basic(passphrase), media], body)


def stored(payment):
    body = json.dumps({"trust_value": VALUE, "trust_seed": SEED}).encode()
    media = ("Content-Type", "application/json")
    return request("POST", "/stored", [key("steady"), ("Payment", payment), media], body)


SMALL, LARGE = b'{"amount":2000}', b'{"amount":2000,"comments":"%s"}' % (b"x" * 20000)
STEADY, REFUSED = (200, "steady"), (401, "")
GOOD, BAD = get(key("steady")), get(key("nobody"))
LARGE_SIGNED = signed_request("steady", LARGE)
CHANGED = signed_request("steady", LARGE, sent=LARGE[:-2] + b"y}")


def cases(access_token):
    """Each kind of request, with the answers that it may get."""
    bearer = [("Authorization", f"Bearer {access_token}")]
    return [
        Case("key", GOOD, (STEADY, )), Case("wrong key", BAD, (REFUSED, )),
        Case("limited", at("/limited", GOOD), (STEADY, (429, ""))),
        Case("signed", signed_request("steady", SMALL), (STEADY, )),
        Case("signed, in a file", LARGE_SIGNED, (STEADY, )),
        Case("signed, chunked", signed_request("steady", LARGE, chunked=True), (STEADY, )),
        Case("changed", CHANGED, (REFUSED, )),
        Case("over the limit", at("/small", LARGE_SIGNED), ((413, ""), )),
        Case("token", token(b"a-passphrase"), (STEADY, )),
        Case("no token", token(b"another"), (REFUSED, )),
        Case("no grant", token(b"a-passphrase", b"grant_type=password"), ((400, ""), )),
        Case("bearer", request("GET", "/purchases", bearer), (STEADY, )),
        Case("wrong bearer", request("GET", "/purchases", [bearer[0], bearer[0]]), ((400, ""), )),
        Case("dry run, good", at("/dry", GOOD), (STEADY, )),
        Case("dry run, bad", at("/dry", BAD), ((200, ""), )),
        Case("satisfy any", at("/open", BAD), ((200, ""), )),
        Case("error page", at("/page", BAD), ((200, ""), )),
        Case("stored", stored("known"), (STEADY, )),
        Case("stored of another", stored("other"), ((403, ""), )),
    ]


class Droppers(threading.Thread):
    """Begins requests and does not end them: cut off anywhere, closed or reset."""

    def __init__(self, address, octets):
        super().__init__(daemon=True)
        self.address, self.octets, self.stopping = address, octets, threading.Event()
        self.dropped = 0

    def run(self):
        while not self.stopping.is_set():
            octets = random.choice(self.octets)
            with Connection(self.address) as connection:
                connection.send(octets[:random.randrange(1, len(octets) + 1)])
                time.sleep(random.random() / 50)
                if random.random() < 0.5:
                    connection.reset()
            self.dropped += 1


class Valgrind(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.logs = Path(folder.name)

    def start(self, http, suppressed=True, **more):
        command = ["valgrind", "--leak-check=full", "--show-leak-kinds=definite",
                   "--errors-for-leak-kinds=definite", "--keep-debuginfo=yes",
                   f"--log-file={self.logs}/%p"]
        if suppressed:
            command.append(f"--suppressions={HERE}/valgrind.supp")
        return Nginx(http, under=[*(more.pop("before", ())), *command], patience=60, level="warn",
                     clean=False, **more)

    def reports(self):
        """What valgrind says of each process in the end, and how many errors it counts."""
        found = []
        for log in self.logs.iterdir():
            text = log.read_text(errors="replace")
            errors = re.search(r"ERROR SUMMARY: (\d+) errors", text)
            self.assertTrue(errors, f"valgrind did not come to its end:\n{text}")
            found.append((int(errors[1]), text))
        return found

    def access_token(self, nginx):
        answer = nginx.ask("web", token(b"a-passphrase"))
        return json.loads(answer.body)["access_token"]

    def test_no_error_and_no_leak(self):
        files = {"policy.json": policy(0), **{f"pages/{name}": "ok" for name in PAGES}}
        nginx = self.start(HTTP, files=files)
        kinds = cases(self.access_token(nginx))
        asked = [random.choice(kinds) for _ in range(REQUESTS - 300)]
        asked += [message(n // 2) for n in range(300)]
        random.shuffle(asked)
        clients = Clients(nginx.address("web"), [], next_case=Shared(asked).next)
        clients.started = 1  # any of the answers of a case will do
        dropper = Droppers(nginx.address("web"), [GOOD, LARGE_SIGNED, CHANGED, token(b"wrong")])
        with clients:
            dropper.start()
            self.reload(nginx)
            clients.join(120)
        dropper.stopping.set()
        dropper.join(20)
        passed = counted(nginx)
        nginx.stop()
        total = clients.total()
        self.assertEqual(total.wrong[:5], [])
        self.assertGreaterEqual(len(total.answered), REQUESTS - 2 * 16 * RELOADS)
        reports = self.reports()
        self.assertGreaterEqual(len(reports), 2 + RELOADS)
        for errors, text in reports:
            self.assertEqual(errors, 0, text)
        print(f"valgrind: {len(reports)} processes, {len(total.answered)} answers as expected, "
              f"{dropper.dropped} requests dropped, {passed['allowed']} allowed, "
              f"{passed['denied']} denied, {passed['dry_run']} not refused, {RELOADS} reloads: "
              f"no error, nothing lost")

    def reload(self, nginx):
        for version in range(1, RELOADS + 1):
            time.sleep(1)
            nginx.put("policy.json", policy(version))
            nginx.reload()
            counted(nginx)
        nginx.put("policy.json", "{")
        with self.assertRaises(Failed):
            nginx.reload()

    def test_what_is_suppressed_is_not_ours(self):
        """nginx without the module leaves just what valgrind.supp names."""
        nginx = self.start("server { listen @web@; }", module=False, suppressed=False)
        nginx.ask("web", GOOD)
        nginx.stop()
        reports = sorted(self.reports())
        self.assertEqual([errors for errors, _ in reports], [0, 1])
        self.assertIn("ngx_set_environment", reports[1][1])

    def test_control_planted_faults_are_reported(self):
        library = self.logs.parent / f"planted-{os.getpid()}.so"
        self.addCleanup(library.unlink)
        subprocess.run(["gcc", "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror", "-O0", "-o", library,
                        HERE / "planted.c"], check=True)
        seen = {"freed": r"Invalid read of size 1\n.*do_wrong", "nothing": "ERROR SUMMARY: 0",
                "leak": r"(?s)are definitely lost in loss record.*do_wrong",
                "undefined": r"depends on uninitialised value.*\n.*do_wrong"}
        for plant, report in seen.items():
            with self.subTest(plant):
                self.planted(library, plant, report)
        print("control: valgrind reports what is planted in a worker")

    def planted(self, library, plant, report):
        for log in self.logs.iterdir():
            log.unlink()
        nginx = self.start("server { listen @web@; }", module=False,
                           before=["env", f"LD_PRELOAD={library}", f"PLANTED={plant}"])
        nginx.stop()
        errors, text = max(self.reports())
        self.assertEqual(errors > 0, plant != "nothing", text)
        self.assertRegex(text, report)


if __name__ == "__main__":
    unittest.main(verbosity=0)
