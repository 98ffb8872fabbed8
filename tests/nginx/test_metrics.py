"""What a location tells Prometheus: the format, counts that are exact, and how full the zones are."""

import os
import signal
import threading
import unittest
from contextlib import contextmanager
from pathlib import Path

import prometheus
from nginx import Clock, Nginx, wait_for
from sender import basic, changed, head, policy, post, post_chunked, signature
from upstream import Upstream

NOW_MS = 1592742800_000
CHECKS, ENTRIES, ROOM = "tollgate_checks_total", "tollgate_zone_entries", "tollgate_zone_entries_max"
MEMORIES = ("credentials", "addresses", "messages")
SHOPS = [{"id": f"shop-{n}", "basic": {"user": f"shop-{n}", "passphrase": {"text": f"the passphrase of {n}"}}}
         for n in range(20)]
SENDER = {
    "id": "sender", "basic": {"user": "sender", "passphrase": {"text": "the passphrase of the sender"}},
    "secrets": [{"generation": 1, "key": {"text": "the signing secret of the sender"}}]
}
GRANT = {"token_endpoint": True, "credentials": ["basic"]}
TOKENS = {"issuer": "pay", "keys": [{"kid": "k", "key": {"text": "a key for tokens, of 32 bytes or more"}}]}
PAY = policy({
    "basic": {"credentials": ["basic"]},
    "signed": {"credentials": ["basic"], "signature": "numbered"},
    "limited": {"credentials": ["basic"], "rates": [
        {"name": "few", "per": "credential", "limit": 2, "period_s": 60}]},
    "grant": GRANT,
}, [SENDER, *SHOPS], tokens=TOKENS)
HOOKS = policy({
    "basic": {"credentials": ["basic"]},
    "once": {"credentials": [{"fixed": "sender"}], "signature": "numbered", "replay": {"window_s": 600}},
}, [SENDER], failures={"limit": 3, "period_s": 60})
HTTP = """
set_real_ip_from 127.0.0.1; real_ip_header proxy_protocol;
server {
    listen @web@; auth_tollgate_policy pay.json; auth_tollgate_zone pay.1:512k;
    auth_tollgate_log_level info; add_header X-Worker $pid always;
    location /basic { auth_tollgate basic; proxy_pass http://%(backend)s; }
    location /signed { auth_tollgate signed; auth_tollgate_max_body 2k; proxy_pass http://%(backend)s; }
    location /dry { auth_tollgate basic; auth_tollgate_dry_run on; proxy_pass http://%(backend)s; }
    location /limited { auth_tollgate limited; proxy_pass http://%(backend)s; }
    location /token { auth_tollgate_token; }
    location /free { proxy_pass http://%(backend)s; }
    location /any { auth_tollgate basic; satisfy any; allow all; proxy_pass http://%(backend)s; }
    location = /metrics { auth_tollgate_metrics; }
    location = /denied { auth_tollgate_metrics; deny all; }
}
server {
    listen @hooks@ proxy_protocol; auth_tollgate_policy hooks.json; auth_tollgate_zone hooks:1m;
    location /basic { auth_tollgate basic; proxy_pass http://%(backend)s; }
    location /once { auth_tollgate once; proxy_pass http://%(backend)s; }
    location = /metrics { auth_tollgate_metrics; }
}
"""
WRONG = basic(passphrase="wrong")
METRICS = head("/metrics", method="GET")


class Format(unittest.TestCase):

    TEXT = '# HELP a_total A.\n# TYPE a_total counter\na_total{b="c",d="\\\\\\"\\n"} 1\na_total 2\n'

    def test_a_good_text(self):
        self.assertEqual(prometheus.read(self.TEXT.encode()),
                         {"a_total": {(("b", "c"), ("d", '\\"\n')): 1, (): 2}})

    def test_bad_texts(self):
        for old, new in (("2\n", "2"), ("2\n", "2\r\n"), ("2\n", "-2\n"), ("2\n", "\n"), ("2\n", "2\n\n"),
                         ("a_total 2", 'a_total{b="c",d="\\\\\\"\\n"} 2'), ("a_total 2", "a_total {} 2"),
                         ('"c",', '"c"'), ('"c"', '"c"c"'), ('"c"', '"\\c"'), ("d=", "b="), ("d=", "1="),
                         ("counter", "gauge"), ("counter", "count"), ("# TYPE a_total counter\n", ""),
                         ("a_total 2", "b_total 2"), ("# TYPE", "#TYPE"), ("# HELP a_total A.\n", ""),
                         ("# TYPE", "# HELP a_total B.\n# TYPE"), ('n"}', 'n",}')):
            text = self.TEXT.replace(old, new, 1) if old != "2\n" else self.TEXT.replace(" 2\n", " " + new)
            self.assertNotEqual(text, self.TEXT)
            with self.subTest(old=old, new=new), self.assertRaises(prometheus.Malformed):
                prometheus.read(text.encode())


class WithNginx(unittest.TestCase):

    maxDiff = None

    def setUp(self):
        self.upstream = Upstream()
        self.addCleanup(self.upstream.close)
        self.clock = Clock(NOW_MS, monotonic=True)
        self.nginx = Nginx(HTTP % {"backend": self.upstream.address}, workers=2, clock=self.clock,
                           files={"pay.json": PAY, "hooks.json": HOOKS})
        self.addCleanup(self.nginx.stop)

    def ask(self, octets, *expected, name="web", peer=None, method=None):
        """The statuses of requests that are all the same."""
        if name == "hooks":
            peer = peer or "198.51.100.7"
        statuses = [self.nginx.ask(name, octets, method, peer=peer).status for _ in expected]
        self.assertEqual(statuses, list(expected))

    def metrics(self):
        answer = self.nginx.ask("web", METRICS)
        self.assertEqual((answer.status, answer.get("Content-Type")), (200, prometheus.CONTENT_TYPE))
        self.assertEqual(answer.get("Content-Length"), str(len(answer.body)))
        return prometheus.read(answer.body)

    def counts(self):
        """(zone, route, outcome, reason) -> number."""
        found = {}
        for labels, number in self.metrics()[CHECKS].items():
            self.assertEqual([name for name, _ in labels], ["outcome", "reason", "route", "zone"])
            named = dict(labels)
            found[tuple(named[name] for name in ("zone", "route", "outcome", "reason"))] = number
        return found

    def entries(self, metric=ENTRIES):
        """(zone, memory) -> number, of all zones and memories."""
        found = {}
        for labels, number in self.metrics()[metric].items():
            self.assertEqual([name for name, _ in labels], ["memory", "zone"])
            found[dict(labels)["zone"], dict(labels)["memory"]] = number
        zones = ("pay.1", "hooks")
        self.assertEqual(set(found), {(zone, memory) for zone in zones for memory in MEMORIES})
        return found

    def in_use(self):
        return {key: number for key, number in self.entries().items() if number}

    @contextmanager
    def only(self, worker):
        """Only this worker goes on."""
        others = [pid for pid in self.nginx.workers() if pid != worker]
        for pid in others:
            os.kill(pid, signal.SIGSTOP)
        try:
            for pid in others:
                wait_for(f"{pid} stands", lambda stat=Path(f"/proc/{pid}/stat"): ") T " in stat.read_text())
            yield
        finally:
            for pid in others:
                os.kill(pid, signal.SIGCONT)


class Counts(WithNginx):

    def series(self):
        """Asks, and adds what is to be counted."""
        body = b"x" * 2048
        self.ask(head("/basic", basic(), method="GET"), *[200] * 5)
        self.ask(head("/basic", WRONG, method="GET"), *[401] * 3)
        self.ask(head("/basic", method="HEAD"), 401, method="HEAD")
        self.ask(post("/signed", body), 200, 200)
        self.ask(post("/signed", changed(body, 0), sign=body), 401)
        self.ask(post("/signed", body + b"x"), 413, 413)
        self.ask(b"".join(post_chunked("/signed", body + b"x", 100)), 413)
        self.ask(head("/dry", WRONG, method="GET"), *[200] * 4)
        self.ask(head("/dry", basic(), method="GET"), 200)
        self.ask(head("/any", method="GET"), 200)
        self.ask(head("/free", WRONG, method="GET"), 200, 200)
        form, kind = "grant_type=client_credentials", "Content-Type: application/x-www-form-urlencoded"
        length = f"Content-Length: {len(form)}"
        self.ask(head("/token", kind, basic(), length) + form.encode(), 200, 200)
        self.ask(head("/token", kind, WRONG, length) + form.encode(), 401)
        self.ask(head("/token", method="GET"), 405)
        self.ask(head("/basic", basic(), method="GET"), *[200] * 2, name="hooks")
        self.ask(head("/basic", WRONG, method="GET"), 401, name="hooks")
        self.ask("GET /basic HTTP/1.1\r\nbad header\r\n\r\n", 400)

    EXPECTED = {
        ("pay.1", "basic", "allowed", "ok"): 6,
        ("pay.1", "basic", "denied", "bad_secret"): 3,
        ("pay.1", "basic", "denied", "no_credential"): 1,  # nginx lets the other in before Tollgate is asked
        ("pay.1", "basic", "dry_run", "bad_secret"): 4,
        ("pay.1", "signed", "allowed", "ok"): 2,
        ("pay.1", "signed", "denied", "sig_mismatch"): 1,
        ("pay.1", "signed", "denied", "body_too_large"): 3,
        ("pay.1", "grant", "allowed", "ok"): 2,
        ("pay.1", "grant", "denied", "bad_secret"): 1,
        ("pay.1", "grant", "denied", "method_not_allowed"): 1,
        ("hooks", "basic", "allowed", "ok"): 2,
        ("hooks", "basic", "denied", "bad_secret"): 1,
    }

    def expected(self, times):
        return {key: times * number for key, number in self.EXPECTED.items()}

    def test_exact_in_two_workers(self):
        self.assertEqual(self.counts(), {})
        workers = list(self.nginx.workers())
        for times, worker in enumerate(workers, 1):
            with self.only(worker):
                answer = self.nginx.ask("web", head("/free", method="GET"))
                self.assertEqual(answer.get("X-Worker"), str(worker))
                self.series()
            for other in workers:
                with self.only(other):
                    self.assertEqual(self.counts(), self.expected(times))

    def test_every_one_of_many_at_once(self):
        def many(octets):
            for _ in range(100):
                self.nginx.ask("web", octets)

        kinds = [head("/basic", line, method="GET") for line in (basic(), WRONG)] * 4
        threads = [threading.Thread(target=many, args=(octets, )) for octets in kinds]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            self.metrics()
        self.assertEqual(self.counts(), {("pay.1", "basic", "allowed", "ok"): 400,
                                         ("pay.1", "basic", "denied", "bad_secret"): 400})

    def test_they_never_fall_over_a_reload(self):
        self.series()
        before = self.counts()
        for times in (2, 3):
            self.nginx.reload()
            self.assertEqual(self.counts(), before)
            self.series()
            before = self.counts()
            self.assertEqual(before, self.expected(times))
        self.nginx.put("pay.json", PAY.replace("of the sender", "of the Sender"))
        self.nginx.reload()
        self.assertEqual(self.counts(), before)
        self.ask(head("/basic", basic(), method="GET"), 401)
        self.assertEqual(self.counts()["pay.1", "basic", "denied", "bad_secret"], 10)

    def test_while_it_is_reloaded(self):
        answered, last, ended = 0, 0, threading.Event()
        thread = threading.Thread(target=lambda: (self.nginx.reload(), self.nginx.reload(), ended.set()))
        thread.start()
        key = ("pay.1", "basic", "allowed", "ok")
        while not ended.is_set() or answered < 100:
            self.ask(head("/basic", basic(), method="GET"), 200)
            answered += 1
            now = self.counts()[key]
            self.assertGreaterEqual(now, last)
            last = now
        thread.join()
        self.assertEqual(self.counts(), {key: answered})

    def test_only_what_it_names(self):
        self.series()
        self.assertEqual(list(self.metrics()), [CHECKS, ENTRIES, ROOM])


class Fill(WithNginx):

    def test_rate_limited_credentials(self):
        self.assertEqual(self.in_use(), {})
        for number in range(5):
            line = basic(f"shop-{number}", f"the passphrase of {number}")
            self.ask(head("/limited", line, method="GET"), 200, 200, 429)
            self.assertEqual(self.in_use(), {("pay.1", "credentials"): number + 1})
        self.ask(head("/basic", basic("shop-9", "the passphrase of 9"), method="GET"), 200)
        self.assertEqual(self.in_use(), {("pay.1", "credentials"): 5})
        self.clock.set(NOW_MS + 40_000)
        self.ask(head("/limited", basic("shop-0", "the passphrase of 0"), method="GET"), 200)
        self.assertEqual(self.in_use(), {("pay.1", "credentials"): 5})
        self.clock.set(NOW_MS + 61_000)
        self.assertEqual(self.in_use(), {("pay.1", "credentials"): 1})
        self.clock.set(NOW_MS + 121_000)
        self.assertEqual(self.in_use(), {})

    def test_failed_addresses(self):
        for number in range(1, 6):
            peer = f"198.51.100.{number}"
            self.ask(head("/basic", WRONG, method="GET"), 401, name="hooks", peer=peer)
            self.ask(head("/basic", basic(), method="GET"), 200, name="hooks", peer=f"192.0.2.{number}")
            self.assertEqual(self.in_use(), {("hooks", "addresses"): number})
        self.ask(head("/basic", WRONG, method="GET"), 401, 401, 429, name="hooks", peer="198.51.100.1")
        self.assertEqual(self.in_use(), {("hooks", "addresses"): 5})
        self.clock.set(NOW_MS + 30_000)
        self.assertEqual(self.in_use(), {("hooks", "addresses"): 1})
        self.clock.set(NOW_MS + 61_000)
        self.assertEqual(self.in_use(), {})

    def test_replayed_messages(self):
        for number in range(1, 6):
            octets = head("/once", signature(b"x", number), "Content-Length: 1") + b"x"
            self.ask(octets, 200, 401, 401, name="hooks")
            self.assertEqual(self.entries()["hooks", "messages"], number)
        wrong = head("/once", signature(b"y", 99), "Content-Length: 1") + b"x"
        self.ask(wrong, 401, name="hooks")
        self.assertEqual(self.entries()["hooks", "messages"], 5)
        self.assertEqual(self.entries()["pay.1", "messages"], 0)
        self.nginx.reload()
        self.assertEqual(self.entries()["hooks", "messages"], 5)
        self.clock.set(NOW_MS + 599_000)
        self.assertEqual(self.entries()["hooks", "messages"], 5)
        self.clock.set(NOW_MS + 30 * 24 * 3600_000)
        self.assertEqual(self.in_use(), {})

    def test_the_room(self):
        room = self.entries(ROOM)
        for memory in MEMORIES:
            self.assertGreater(room["pay.1", memory], 500)
            self.assertGreater(room["hooks", memory], room["pay.1", memory] * 3 // 2)
        self.ask(head("/limited", basic(), method="GET"), 200)
        self.nginx.reload()
        self.assertEqual(self.entries(ROOM), room)


class Location(WithNginx):

    def test_head(self):
        with self.nginx.connect("web") as connection:
            connection.send(METRICS)
            got = connection.answer()
            connection.send(head("/metrics", method="HEAD"))
            told = connection.answer("HEAD")
            self.assertEqual((told.status, told.body), (200, b""))
            self.assertEqual(told.get("Content-Length"), str(len(got.body)))
            self.assertEqual(told.get("Content-Type"), prometheus.CONTENT_TYPE)
            connection.send(METRICS)
            self.assertEqual(connection.answer().body, got.body)

    def test_other_methods(self):
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
            self.ask(head("/metrics", "Content-Length: 1", method=method) + b"x", 405)

    def test_get_with_a_body(self):
        with self.nginx.connect("web") as connection:
            connection.send(head("/metrics", "Content-Length: 9", method="GET") + METRICS[:9] + METRICS)
            self.assertEqual([connection.answer().status for _ in range(2)], [200, 200])
            self.assertTrue(connection.is_silent(0.05))

    def test_it_can_be_denied(self):
        self.ask(head("/denied", method="GET"), 403)

    def test_without_a_zone(self):
        free = policy({"basic": {"credentials": ["basic"]}})
        http = """server { listen @web@; auth_tollgate_policy free.json;
            location /basic { auth_tollgate basic; return 200; } location = /metrics { auth_tollgate_metrics; } }
            """
        with Nginx(http, files={"free.json": free}) as nginx:
            nginx.ask("web", head("/basic", WRONG, method="GET"))
            answer = nginx.ask("web", METRICS)
            self.assertEqual((answer.status, answer.get("Content-Type")), (200, prometheus.CONTENT_TYPE))
            self.assertEqual(prometheus.read(answer.body), {CHECKS: {}, ENTRIES: {}, ROOM: {}})


if __name__ == "__main__":
    unittest.main()
