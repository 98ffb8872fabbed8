"""Fifty reloads under load: no wrong decision, no lost request, no memory."""

import hashlib
import hmac
import json
import re
import time
import unittest
from collections import Counter
from pathlib import Path

from client import Connection
from load import Case, Clients, request
from nginx import Failed, Nginx, wait_for

RELOADS = 50
# Else a worker that ends may be the only one that the system wakes for a new connection, and nobody
# takes it: nginx 1.22 has that without any module.
EVENTS = "accept_mutex on;"
SECRET = "a-signing-secret-of-the-merchant"

HTTP = """
keepalive_requests 1000000;
client_body_buffer_size 4k;
auth_tollgate_policy policy.json;
auth_tollgate_zone reload:1m;
add_header X-Credential $auth_tollgate_credential always;
add_header X-Version VERSION always;
server {
    listen @web@;
    location /key { auth_tollgate key; root pages; }
    location /signed { auth_tollgate signed; proxy_pass http://BACKEND; }
}
server { listen @metrics@; access_log off; location / { auth_tollgate_metrics; } }
"""
BACKEND = "server { listen @web@; location / { return 200; } }"


def policy(version, fillers=300):
    """Version 0 knows alpha, version 1 beta, both know steady."""
    state = ["active", "revoked"]

    def credential(name, state="active"):
        return {
            "id": name, "state": state, "api_key": {"text": f"the-api-key-of-{name}"},
            "secrets": [{"generation": 1, "key": {"text": SECRET + name}}]
        }

    route = {"https": False, "credentials": [{"api_key": "X-API-Key"}]}
    return json.dumps({
        "tollgate": 1, "environment": "production", "realm": "reload",
        "routes": {
            "key": {**route, "methods": ["GET"], "max_body": 0},
            "signed": {
                **route, "methods": ["POST"], "max_body": 65536, "signature": "directa24-cashout"
            }
        },
        "credentials": [
            credential("alpha", state[version % 2]), credential("beta", state[1 - version % 2]),
            credential("steady"), *[credential(f"filler-{n}") for n in range(fillers)]
        ]
    })


def key(name):
    return ("X-API-Key", f"the-api-key-of-{name}")


def signed(who, body, sent=None, chunked=False):
    mac = hmac.new((SECRET + who).encode(), body, hashlib.sha256).hexdigest()
    lines = [key(who), ("Payload-Signature", mac)]
    return request("POST", "/signed", lines, sent or body, chunked)


def get(*lines):
    return request("GET", "/key", lines)


SMALL, LARGE = b'{"amount":2000}', b'{"amount":2000,"comments":"%s"}' % (b"x" * 20000)
DENIED, STEADY = (401, ""), (200, "steady")
CASES = [
    Case("alpha", get(key("alpha")), ((200, "alpha"), DENIED)),
    Case("beta", get(key("beta")), (DENIED, (200, "beta"))),
    Case("steady", get(key("steady")), (STEADY, )),
    Case("unknown", get(key("nobody")), (DENIED, )),
    Case("no key", get(), (DENIED, )),
    Case("signed", signed("steady", SMALL), (STEADY, )),
    Case("signed, in a file", signed("steady", LARGE), (STEADY, )),
    Case("signed, chunked", signed("steady", LARGE, chunked=True), (STEADY, )),
    Case("signed by alpha", signed("alpha", SMALL), ((200, "alpha"), DENIED)),
    Case("changed", signed("steady", SMALL, sent=SMALL.replace(b"2", b"9")), (DENIED, )),
    Case("changed, in a file", signed("steady", LARGE, sent=LARGE[:-2] + b'y}'), (DENIED, )),
]
FEW = CASES[:4]


def own_memory(pid):
    """Its memory that is not shared, in kB."""
    return int(re.search(r"RssAnon:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())[1])


def counted(nginx):
    """What the counters have of each outcome."""
    with Connection(nginx.address("metrics")) as connection:
        connection.send("GET / HTTP/1.0\r\n\r\n")
        text = connection.answer().body.decode()
    found = Counter()
    for outcome, number in re.findall(r'^tollgate_checks_total\{.*outcome="(\w+)".*\} (\d+)$', text,
                                      re.M):
        found[outcome] += int(number)
    return found


def identities(nginx):
    """The identities in the access log, with their status."""
    return [(int(identity), int(status)) for identity, status in re.findall(
        r'"request":"[A-Z]+ /[a-z]+\?id=(\d+) HTTP/1.[01]","status":"(\d+)"',
        nginx.read("access.log"))]


class Reload(unittest.TestCase):

    def start(self, **more):
        self.backend = Nginx(BACKEND, module=False)
        self.addCleanup(self.backend.stop)
        self.http = HTTP.replace("BACKEND", "%s:%d" % self.backend.address("web"))
        nginx = Nginx(self.http.replace("VERSION", "0"), workers=2, level="warn", clean=False, events=EVENTS,
                      files={"policy.json": policy(0, **more), "pages/key": "ok"})
        self.addCleanup(nginx.stop)
        return nginx

    def old_workers_end(self, nginx):
        """Waits for them; the clients give them no reason to stay."""
        wait_for("the old workers end",
                 lambda: not any("shutting down" in it for it in nginx.workers().values()))

    def memory(self, nginx):
        """The master's, and that of the largest worker."""
        self.old_workers_end(nginx)
        return own_memory(nginx.process.pid), max(map(own_memory, nginx.workers()))

    def reload(self, nginx, clients, version):
        nginx.put("policy.json", policy(version))
        clients.started = version
        nginx.reload(self.http.replace("VERSION", str(version)))
        clients.settled = version
        time.sleep(0.05)

    def test_reloads_under_load(self):
        nginx = self.start()
        with Clients(nginx.address("web"), CASES) as clients:
            for version in range(1, RELOADS + 1):
                self.reload(nginx, clients, version)
                if version == 10:
                    before = self.memory(nginx)
            after = self.memory(nginx)
        total = clients.total()
        self.assertEqual(total.wrong[:5], [])
        self.judge_log(nginx, total)
        grown = [b - a for a, b in zip(before, after)]
        one = self.memory_of_a_policy()
        # The heap keeps some of what loading takes for a while: up to two policies and the 128 kB
        # that the allocator does not give back. A policy lost at each reload would be forty.
        for who, kilobytes in zip(("the master", "a worker"), grown):
            self.assertLess(kilobytes, 4 * one, f"{who} grows by a tenth of a policy a reload")
        print(f"{RELOADS} reloads, {len(total.answered)} answers, each by the policy of the "
              f"configuration that gave it; connections closed while idle: {total.idle}, while a "
              f"request came that nginx never read: {len(total.raced)}; the memory of master and "
              f"workers grew by {grown[0]} and {grown[1]} kB in {RELOADS - 10} reloads, one policy "
              f"takes {one} kB")

    def judge_log(self, nginx, total):
        """nginx logged each request that was answered, once, and none of the others; the counters
        and the backend have the same."""
        wait_for("all answers are in the log",
                 lambda: len(identities(nginx)) >= len(total.answered))
        logged = identities(nginx)
        self.assertEqual(len(logged), len(dict(logged)), "a request was logged twice")
        self.assertEqual(dict(logged), {it: got for it, (_, got) in total.answered.items()})
        self.assertFalse(total.raced & dict(logged).keys())
        passed = [case for case, got in total.answered.values() if got == 200]
        counters = counted(nginx)
        self.assertEqual(counters["allowed"], len(passed))
        self.assertEqual(counters["denied"], len(logged) - len(passed))
        proxied = sum(case.name.startswith("signed") for case in passed)
        self.assertEqual(len(identities(self.backend)), proxied)

    def memory_of_a_policy(self):
        """What the fillers alone take, in kB, which is less."""
        with_them, without = (own_memory(self.start(fillers=n).process.pid) for n in (300, 0))
        self.assertGreater(with_them, without)
        return with_them - without

    def test_a_broken_policy_under_load_changes_nothing(self):
        nginx = self.start()
        broken = policy(1).replace('"revoked"', '"revokd"')
        with Clients(nginx.address("web"), CASES) as clients:
            for _ in range(5):
                nginx.put("policy.json", broken)
                with self.assertRaisesRegex(Failed, r"policy\.json:\d+:\d+: .*revokd"):
                    nginx.reload()
                time.sleep(0.05)
            self.reload(nginx, clients, 1)
        total = clients.total()
        self.assertEqual(total.wrong[:5], [])
        self.judge_log(nginx, total)
        print(f"5 reloads of a broken policy and a good one, {len(total.answered)} answers, "
              f"none wrong")

    def test_control_wrong_answers_are_seen(self):
        """The policy changes under a configuration that says it has the old one; then the other way
        round."""
        nginx = self.start()
        with Clients(nginx.address("web"), FEW) as clients:
            nginx.put("policy.json", policy(1))
            nginx.reload()
            time.sleep(0.2)
        self.assertEqual({it.split(":")[0] for it in clients.total().wrong}, {"alpha", "beta"})
        with Clients(nginx.address("web"), FEW[2:]) as clients:
            nginx.reload(self.http.replace("VERSION", "1"))
            time.sleep(0.2)
        self.assertEqual({it.split(":")[0] for it in clients.total().wrong}, {"version"})
        print("control: answers of another policy or another configuration are seen")


if __name__ == "__main__":
    unittest.main(verbosity=0)
