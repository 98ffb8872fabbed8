"""Workers that are killed under load: limits and replay memory stay exact, and nothing hangs.

A worker that is killed takes at most one request with it that was counted and not answered, since
what passes is answered in one go, from a file.
"""

import hashlib
import hmac
import json
import os
import random
import signal
import threading
import time
import unittest
from collections import Counter

from load import Case, Clients, request
from load_reload import EVENTS, counted
from nginx import Nginx, wait_for

KILLS = 20
LIMIT = 3000
MESSAGES = 1200
TIMES = 3
SECRET = "a-signing-secret-of-the-merchant"

HTTP = """
keepalive_requests 1000000;
auth_tollgate_policy policy.json;
auth_tollgate_zone kill:4m;
add_header X-Credential $auth_tollgate_credential always;
server {
    listen @web@;
    root pages;
    location = /limited { auth_tollgate limited; }
    location = /once { auth_tollgate once; error_page 405 =200 /page; }
    location = /page { internal; }
}
server { listen @metrics@; access_log off; location / { auth_tollgate_metrics; } }
"""
# The limit is for a month, so that none of it comes back within the test.
POLICY = json.dumps({
    "tollgate": 1, "environment": "production", "realm": "kill",
    "routes": {
        "limited": {
            "https": False, "max_body": 0, "credentials": [{"api_key": "X-API-Key"}],
            "rates": [{"name": "all", "per": "credential", "limit": LIMIT, "period_s": 2678400}]
        },
        "once": {
            "https": False, "max_body": 4096, "credentials": [{"fixed": "merchant"}],
            "signature": "stripe", "replay": {}
        }
    },
    "credentials": [{
        "id": "merchant", "api_key": {"text": "the-api-key-of-merchant"},
        "secrets": [{"generation": 1, "key": {"text": SECRET}}]
    }]
})
FILES = {"policy.json": POLICY, **{f"pages/{name}": "ok" for name in ("limited", "once", "page")}}
PASSED = (200, "merchant")
LIMITED = Case("limited", request("GET", "/limited", [("X-API-Key", "the-api-key-of-merchant")]),
               (PASSED, (429, "")))


def message(number):
    body = b'{"id":"%d"}' % number
    now = int(time.time())
    mac = hmac.new(SECRET.encode(), b"%d.%s" % (now, body), hashlib.sha256).hexdigest()
    octets = request("POST", "/once", [("Stripe-Signature", f"t={now},v1={mac}")], body)
    return Case(str(number), octets, (PASSED, (401, "")))


class Killer:
    """Kills one worker after the other, each after some more answers."""

    def __init__(self, nginx, clients, kills, answers_between):
        self.nginx, self.clients, self.done = nginx, clients, 0
        self.kills, self.between = kills, answers_between

    def run(self):
        for number in range(1, self.kills + 1):
            due = number * self.between
            wait_for("answers go on", lambda: self.clients.answers() >= due, 30)
            victim = random.choice(list(self.nginx.workers()))
            os.kill(victim, signal.SIGKILL)
            self.done += 1
            wait_for("another worker", lambda: victim not in self.nginx.workers() and
                     len(self.nginx.workers()) == 2)


class Shared:
    """Hands out cases, one after the other, to whoever comes."""

    def __init__(self, cases):
        self.cases, self.lock = iter(cases), threading.Lock()

    def next(self):
        with self.lock:
            return next(self.cases, None)


class Kill(unittest.TestCase):

    def start(self):
        nginx = Nginx(HTTP, workers=2, level="warn", clean=False, events=EVENTS, files=FILES)
        self.addCleanup(nginx.stop)
        return nginx

    def killing(self, nginx, cases, kills):
        """Runs all cases and kills workers meanwhile; what the clients saw, and the kills."""
        answers_between = len(cases) * 9 // 10 // (kills + 1)
        clients = Clients(nginx.address("web"), [], may_be_killed=True,
                          next_case=Shared(cases).next)
        # Any version that a case gives is good: only the sums have to be right.
        clients.started = 1
        killer = Killer(nginx, clients, kills, answers_between)
        with clients:
            killer.run()
            clients.join()
        total = clients.total()
        self.assertEqual(total.wrong[:5], [])
        # A kill takes both sides of its connections with it, and there are 16 of them.
        self.assertLessEqual(len(total.raced), 16 * kills)
        self.assertEqual(len(nginx.workers()), 2)
        self.assertEqual(nginx.error_log().count("exited on signal 9"), kills)
        return total

    def test_a_limit_stays_exact(self):
        nginx = self.start()
        total = self.killing(nginx, [LIMITED] * (LIMIT + 1500), KILLS)
        statuses = Counter(status for _, status in total.answered.values())
        self.assertEqual(set(statuses), {200, 429})
        self.assertLessEqual(statuses[200], LIMIT)
        self.assertGreaterEqual(statuses[200], LIMIT - KILLS)
        allowed = counted(nginx)["allowed"]
        self.assertTrue(statuses[200] <= allowed + KILLS and allowed <= statuses[200] + KILLS)
        print(f"{KILLS} workers killed: a limit of {LIMIT} let {statuses[200]} pass and refused "
              f"{statuses[429]}; the counters have {allowed}")

    def test_messages_pass_once(self):
        nginx = self.start()
        cases = [case for case in map(message, range(MESSAGES)) for _ in range(TIMES)]
        near = sorted(range(len(cases)), key=lambda at: at + random.randrange(40))
        total = self.killing(nginx, [cases[at] for at in near], KILLS)
        passes = Counter(case.name for case, status in total.answered.values() if status == 200)
        self.assertEqual(max(passes.values()), 1)
        lost = MESSAGES - len(passes)
        self.assertLessEqual(lost, KILLS)
        print(f"{KILLS} workers killed: of {MESSAGES} messages, each sent {TIMES} times by 16 "
              f"connections, {len(passes)} passed once, none twice, and {lost} were lost")

    def test_control_without_a_zone_in_common(self):
        """Were the memory not that of all workers, the sums would show it: two nginx, one limit."""
        passed = 0
        for nginx in (self.start(), self.start()):
            total = self.killing(nginx, [LIMITED] * (LIMIT + 200), 2)
            passed += sum(status == 200 for _, status in total.answered.values())
        self.assertGreater(passed, LIMIT)
        print(f"control: two nginx, which have no memory in common, let {passed} pass")


if __name__ == "__main__":
    unittest.main(verbosity=0)
