"""HTTP/2, over TLS and without, decides as HTTP/1.1 does; and so does TLS."""

import os
import re
import unittest
from collections import Counter

import curl
from curl import Request
from nginx import Nginx, wait_for
from sender import MIB, basic, changed, login, memo, policy, proofs, signature
from upstream import Upstream

SIGNED = {"signature": "numbered", "max_body": 32 * MIB}
POLICY = policy({
    "signed": {**SIGNED, "credentials": ["basic"]},
    "whole": {**SIGNED, "credentials": ["basic", {"body": {}}], "max_body": 32 * MIB},
    "plain": {"credentials": ["basic"], "methods": ["GET", "HEAD"]},
    "secure": {"https": True, "credentials": ["basic"]},
}, hosts=["localhost"])
HTTP = """
auth_tollgate_policy policy.json; auth_tollgate_max_body 16m; client_max_body_size 32m;
ssl_certificate tls.crt; ssl_certificate_key tls.key; lingering_timeout 200ms;
server {
    listen @tls@ ssl http2; listen @h2@ http2; listen @web@;
    location /signed { auth_tollgate signed; proxy_pass http://%(backend)s; }
    location /whole { auth_tollgate whole; proxy_pass http://%(backend)s; }
    location /plain { auth_tollgate plain; proxy_pass http://%(backend)s; }
    location /secure { auth_tollgate secure; proxy_pass http://%(backend)s; }
    location /capped {
        auth_tollgate signed; auth_tollgate_max_body 2k; proxy_pass http://%(backend)s;
    }
    location /elsewhere { auth_tollgate signed; error_page 401 /page; proxy_pass http://%(backend)s; }
    location /page { return 200 page; }
}
"""
# Over HTTP/2 without TLS, curl 7.88 often loses the answer that comes before it has sent its body, and
# cannot use a connection again: in front of any nginx, with auth_basic as well. So it is not asked to.
BY_THE_HEAD = {"bad_secret", "unknown_key", "missing_signature", "dup_header", "body_too_large"}
ALL = (("tls", "2"), ("h2", "2"), ("tls", "1.1"), ("web", "1.1"))
PROBLEM = b'{"status":401,"title":"Unauthorized","reason":"unauthorized"}\r\n'
WRONG = basic(passphrase="wrong")


def post(target, body, *lines, sign=None, **more):
    return Request(target, *proofs(body if sign is None else sign), *lines, body=body, **more)


def table():
    """Requests of every kind, with the status and the reason that they get."""
    small, large = memo(2000), memo(3 * MIB)
    signed = login(100)
    for target in ("/signed", "/whole"):
        for body in (small, large):
            wrong = changed(body, len(body) // 2)
            for streamed in (False, True):
                yield post(target, body, streamed=streamed), 200, "ok"
                yield post(target, wrong, sign=body, streamed=streamed), 401, "sig_mismatch"
            yield Request(target, WRONG, signature(body), body=body), 401, "bad_secret"
            yield Request(target, basic(user="nobody"), signature(body), body=body), 401, "unknown_key"
            yield Request(target, basic(), body=body), 401, "missing_signature"
    yield Request("/whole", signature(signed), "Content-Type: application/json", body=signed), 200, "ok"
    yield post("/signed", b""), 200, "ok"
    yield post("/capped", memo(2048)), 200, "ok"
    yield post("/capped", memo(2049)), 413, "body_too_large"
    yield post("/capped", memo(2049), streamed=True), 413, "body_too_large"
    yield Request("/plain?a=1&b=%20", basic()), 200, "ok"
    yield Request("/plain", basic(), method="HEAD"), 200, "ok"
    yield Request("/plain", WRONG, method="HEAD"), 401, "bad_secret"
    yield Request("/plain", basic(), method="DELETE"), 405, "method_not_allowed"
    yield Request("/plain"), 401, "no_credential"
    yield post("/signed", small, signature(small)), 400, "dup_header"
    yield Request("/elsewhere", WRONG, body=b"x"), 401, "bad_secret"


class WithNginx(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        curl.needs_http2()
        cls.upstream = Upstream()
        cls.addClassCleanup(cls.upstream.close)
        cls.nginx = Nginx(HTTP % {"backend": cls.upstream.address}, files={"policy.json": POLICY})
        cls.addClassCleanup(cls.nginx.stop)

    def setUp(self):
        self.upstream.requests.clear()

    def tearDown(self):
        self.assertTrue(self.upstream.is_idle(), "the backend got what it should not")

    def ask(self, name, *requests, version="2", parallel=False):
        """The answers; all of them in that version of HTTP."""
        answers = curl.ask(self.nginx.address(name), requests, tls=name == "tls", version=version,
                           parallel=parallel)
        for answer in answers:
            self.assertEqual(answer.version, version)
        return answers

    def one(self, name, request, version="2"):
        """The answer, its line in the log, and what the backend got."""
        (answer, ) = self.ask(name, request, version=version)
        (line, ) = self.nginx.logged(answer.key)
        self.forget(answer)
        self.assertIn("HTTP/2.0" if version == "2" else "HTTP/1.1", line["request"])
        got = self.upstream.take() if answer.status == 200 else None
        return answer, line, got

    def forget(self, *answers):
        """Takes their lines off the log: the ports may come again."""
        for key, times in Counter(answer.key for answer in answers).items():
            self.nginx.logged(key, times)
            self.assertEqual(len(self.nginx.lines.pop(key)), times)


class Http2(WithNginx):

    def test_every_kind_as_over_http_1_1(self):
        for number, (request, status, reason) in enumerate(table()):
            seen = []
            early = request.body and reason in BY_THE_HEAD
            ways = [way for way in ALL if not early or way[0] != "h2"]
            for name, version in ways:
                answer, line, got = self.one(name, request, version)
                with self.subTest(number=number, target=request.target, name=name, version=version):
                    self.assertEqual((answer.status, line["reason"]), (status, reason))
                    self.assertEqual(line["upstream"] == "", got is None)
                    if got:
                        self.assertEqual((got.line.split()[1], got.body), (request.target, request.body or b""))
                seen.append((answer.status, answer.body, answer.get("content-type"),
                             answer.get("www-authenticate"), answer.get("allow"), line["reason"],
                             line["outcome"], line["credential"], line["generation"]))
            self.assertEqual(seen, seen[:1] * len(ways), request.target)
        self.assertGreater(number, 30)

    def test_the_answer_of_a_refusal(self):
        for name in ("tls", "h2"):
            answer, line, _ = self.one(name, post("/signed", b"x", sign=b"y"))
            self.assertEqual((answer.status, answer.body), (401, PROBLEM))
            self.assertEqual(answer.get("content-type"), "application/problem+json")
            self.assertEqual(answer.get("content-length"), str(len(PROBLEM)))
            self.assertEqual(answer.get("www-authenticate"), 'Basic realm="tests", charset="UTF-8", '
                             'Signature realm="tests"')
            self.assertEqual((line["outcome"], line["credential"]), ("REJECTED", ""))
            answer, _, _ = self.one(name, Request("/plain", basic(), method="PUT"))
            self.assertEqual((answer.status, answer.get("allow")), (405, "GET, HEAD"))
            answer, _, _ = self.one(name, Request("/plain", WRONG, method="HEAD"))
            self.assertEqual((answer.status, answer.body), (401, b""))
            self.assertEqual(answer.get("content-length"), str(len(PROBLEM)))

    def test_another_host(self):
        for name, version in (("tls", "2"), ("h2", "2"), ("web", "1.1")):
            request = Request("/plain", basic())
            self.assertEqual(self.one(name, request, version)[0].status, 200)
            options = request.options
            request.options = lambda *given: [
                line.replace("Host: localhost", "Host: example.com") for line in options(*given)
            ]
            answer, line, _ = self.one(name, request, version)
            self.assertEqual((answer.status, line["reason"]), (421, "wrong_host"))

    def test_large_bodies(self):
        body = os.urandom(10 * MIB)
        for name in ("tls", "h2"):
            for streamed in (False, True):
                answer, _, got = self.one(name, post("/signed", body, streamed=streamed))
                self.assertEqual((answer.status, got.body == body), (200, True))
                wrong = post("/signed", changed(body, -1), sign=body, streamed=streamed)
                self.assertEqual(self.one(name, wrong)[0].status, 401)

    def test_several_at_once_on_one_connection(self):
        bodies = [os.urandom(size * 5000) for size in range(1, 41)]
        requests = [post("/signed", body if place % 4 else changed(body, 0), sign=body, streamed=bool(place % 3))
                    for place, body in enumerate(bodies)]
        answers = self.ask("tls", *requests, parallel=True)
        self.forget(*answers)
        self.assertEqual([answer.status for answer in answers], [401, 200, 200, 200] * 10)
        self.assertEqual({answer.body for answer in answers}, {PROBLEM, b"ok"})
        self.assertLess(len({answer.key for answer in answers}), 5)
        got = sorted(self.upstream.take().body for _ in range(30))
        self.assertEqual(got, sorted(body for place, body in enumerate(bodies) if place % 4))

    def test_one_after_another_on_one_connection(self):
        body = memo(50_000)
        requests = [post("/signed", body), Request("/signed", WRONG, body=body),
                    post("/signed", changed(body, 1), sign=body), Request("/plain", WRONG),
                    post("/whole", body), post("/capped", body), Request("/plain", basic())]
        answers = self.ask("tls", *requests)
        self.forget(*answers)
        self.assertEqual([answer.status for answer in answers], [200, 401, 401, 401, 200, 413, 200])
        self.assertEqual(len({answer.key for answer in answers}), 1)
        self.assertEqual([self.upstream.take().body for _ in range(3)], [body, body, b""])

    def test_half_sent_and_dropped(self):
        body = os.urandom(4 * MIB)
        before = self.nginx.workers()
        slow = ("limit-rate = 1M", "max-time = 0.4")
        for name in ("tls", "h2"):
            for target in ("/signed", "/whole"):
                ended = self.ended()
                with self.assertRaisesRegex(AssertionError, r"curl: 28 .*\btimed out\b"):
                    curl.ask(self.nginx.address(name), [post(target, body)], tls=name == "tls", version="2",
                             options=slow)
                wait_for("nginx has noticed", lambda: self.ended() > ended)
                self.assertTrue(self.upstream.is_idle())
        self.assertEqual(self.nginx.workers(), before)
        answer, _, _ = self.one("tls", post("/signed", body))
        self.assertEqual(answer.status, 200)

    def ended(self):
        """The requests whose clients went away."""
        return len(re.findall('"status":"(?:400|499)"', self.nginx.read("access.log")))


class Tls(WithNginx):
    """A route that wants HTTPS."""

    def test_it_passes_over_tls_alone(self):
        for version in ("2", "1.1"):
            answer, line, _ = self.one("tls", Request("/secure", basic()), version)
            self.assertEqual((answer.status, line["reason"]), (200, "ok"))
            wrong, _, _ = self.one("tls", Request("/secure", WRONG), version)
            self.assertEqual(wrong.status, 401)
            name = "h2" if version == "2" else "web"
            lies = ("X-Forwarded-Proto: https", "Forwarded: proto=https", "X-Forwarded-Ssl: on")
            for lines in ((), lies):
                answer, line, _ = self.one(name, Request("/secure", basic(), *lines), version)
                self.assertEqual((answer.status, line["reason"]), (403, "tls_required"))
                self.assertEqual(line["credential"], "")
                self.assertIn(b'"reason":"tls_required"', answer.body)


if __name__ == "__main__":
    unittest.main()
