"""Bodies of every size and in every manner, and what becomes of the connection behind them."""

import os
import subprocess
import time
import unittest

from client import Closed
from common import BAD, GOOD, Served, head, post, signature
from upstream import Upstream

MIB = 1 << 20
PIECE = 16384


def chunks(body, size=PIECE, trailers=""):
    cut = [body[at:at + size] for at in range(0, len(body), size)]
    coded = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in cut)
    return coded + b"0\r\n" + trailers.encode() + b"\r\n"


def chunked_head(body, path="/", auth=GOOD):
    return head("POST", path, auth, "Transfer-Encoding: chunked", f"Payload-Signature: {signature(body)}")


class Bodies(Served):
    http = """
    ssl_certificate tls.crt; ssl_certificate_key tls.key;
    auth_tollgate_policy policy.json; auth_tollgate signed; auth_tollgate_max_body 64m;
    client_max_body_size 20m; proxy_http_version 1.1; proxy_set_header Connection close;
    client_body_timeout 1s; lingering_timeout 200ms;
    server { listen @web@; listen @tls@ ssl http2;
        location / { proxy_pass http://UPSTREAM; }
        location /login { auth_tollgate login; proxy_pass http://UPSTREAM; }
        location /short { auth_tollgate short; proxy_pass http://UPSTREAM; }
        location /few { auth_tollgate_max_body 100; proxy_pass http://UPSTREAM; }
        location /nginx { client_max_body_size 100; proxy_pass http://UPSTREAM; }
        location /stream { proxy_request_buffering off; proxy_pass http://UPSTREAM; }
        location /plain { auth_tollgate plain; proxy_pass http://UPSTREAM; }
        location /off { auth_tollgate off; proxy_pass http://UPSTREAM; }
    }"""

    @classmethod
    def setUpClass(cls):
        cls.upstream = Upstream()
        cls.addClassCleanup(cls.upstream.close)
        cls.http = cls.http.replace("UPSTREAM", cls.upstream.address)
        super().setUpClass()

    def assert_through(self, octets, body, name="web", **more):
        """It passes, and the backend gets this body."""
        answer = self.ask(octets, name, **more)
        self.assert_passed(answer)
        self.assertEqual(self.upstream.take().body, body)

    def assert_lost(self, octets, reason="sig_mismatch", status=401):
        answer = self.ask(octets)
        self.assert_refused(answer, status, reason)
        self.assertTrue(self.upstream.is_idle())
        return answer

    SIZES = (0, 1, 1023, 8192, 16384, 16385, MIB, 10 * MIB)

    def test_every_size_announced(self):
        for size in self.SIZES[1:]:
            body = os.urandom(size)
            for path in ("/", "/stream", "/plain"):
                self.assert_through(post(body, path), body)
            changed = body[:-1] + bytes([body[-1] ^ 1])
            request = head("POST", "/", GOOD, f"Content-Length: {size}", f"Payload-Signature: {signature(body)}")
            self.assert_lost(request + changed)

    def test_every_size_in_chunks(self):
        for size in self.SIZES[1:]:
            body = os.urandom(size)
            for path, trailers in (("/", ""), ("/stream", ""), ("/", "X-Trailer: 1\r\n")):
                self.assert_through(chunked_head(body, path) + chunks(body, trailers=trailers), body)
            self.assert_lost(chunked_head(body + b"1") + chunks(body))

    def test_none(self):
        # A signature of nothing proves nothing.
        self.assert_lost(post(b""), "weak_binding", 403)
        self.assert_through(post(b"", "/plain"), b"")
        self.assert_through(head(path="/plain"), b"")
        self.assert_through(chunked_head(b"", "/plain") + chunks(b""), b"")

    def test_slowly_in_pieces(self):
        body = os.urandom(300)
        for octets, coded in ((post(body), 0), (chunked_head(body) + chunks(body, 7), 1)):
            at = octets.index(b"\r\n\r\n") + 4
            with self.nginx.connect("web") as connection:
                for piece in (octets[:10], octets[10:at], octets[at:at + 1], octets[at + 1:at + 150],
                              octets[at + 150:-1], octets[-1:]):
                    connection.send(piece)
                    time.sleep(0.03)
                self.assertEqual(connection.answer().status, 200, coded)
            self.assertEqual(self.upstream.take().body, body)

    def test_login_in_the_body(self):
        body = b'{"login":"shop","pass":"the passphrase of the shop","noise":"%s"}'
        for noise in (b"", b"x" * 20000, b"x" * MIB):
            whole = body % noise
            self.assert_through(post(whole, "/login", None, "Content-Type: application/json"), whole)
            octets = head("POST", "/login", None, "Transfer-Encoding: chunked", "Content-Type: application/json")
            self.assert_through(octets + chunks(whole), whole)
            wrong = whole.replace(b"passphrase", b"passphrasf")
            self.assert_lost(post(wrong, "/login", None, "Content-Type: application/json"), "bad_secret")

    def test_half_sent_and_dropped(self):
        """The context of a request that is given up serves the next one."""
        body = os.urandom(100000)
        octets = post(body)
        for end in ("close", "reset", "close"):
            for _ in range(20):
                connection = self.nginx.connect("web")
                connection.send(octets[:-10])
                getattr(connection, end)()
        self.assert_through(octets, body)
        self.assertTrue(self.upstream.is_idle())
        self.assertNotIn("[alert]", self.nginx.error_log())

    def test_a_body_that_stops_times_out(self):
        with self.nginx.connect("web") as connection:
            connection.send(post(b"12345678")[:-1])
            self.assertRegex(str(self.outcome(connection)), "408|closed")
        self.assertTrue(self.upstream.is_idle())

    def outcome(self, connection):
        try:
            return connection.answer().status
        except Closed:
            return "closed"

    def test_many_bodies_at_once_do_not_mix(self):
        bodies = [os.urandom(5000 + number) for number in range(40)]
        connections = [self.nginx.connect("web") for _ in bodies]
        for half in (0, 1):
            for body, connection in zip(bodies, connections):
                octets = post(body)
                connection.send(octets[:len(octets) - 2000] if not half else octets[len(octets) - 2000:])
        for connection in connections:
            self.assertEqual(connection.answer().status, 200)
            connection.close()
        got = [self.upstream.take().body for _ in bodies]
        self.assertEqual(sorted(got), sorted(bodies))

    def test_limits(self):
        long = os.urandom(101)
        self.assert_lost(post(long, "/few"), "body_too_large", 413)
        self.assert_lost(chunked_head(long, "/few") + chunks(long), "body_too_large", 413)
        self.assert_through(post(long[:100], "/few"), long[:100])
        self.assert_through(chunked_head(long[:100], "/few") + chunks(long[:100]), long[:100])
        self.assert_lost(post(long, "/short"), "body_too_large", 413)
        self.assert_lost(chunked_head(long, "/short") + chunks(long), "body_too_large", 413)
        self.assert_through(post(long[:100], "/short"), long[:100])
        for octets in (post(long, "/nginx"), chunked_head(long, "/nginx") + chunks(long)):
            answer = self.ask(octets)
            self.assertEqual(answer.status, 413)
            self.assertIsNone(answer.get("WWW-Authenticate"))
            self.assertTrue(self.upstream.is_idle())

    def test_the_length_of_a_lost_request_tells_nothing(self):
        """Whoever has no credential learns no limit."""
        long = os.urandom(101)
        self.assert_lost(post(long, "/few", BAD), "bad_secret", 401)

    def test_head_and_old_versions(self):
        answer = self.ask(head("HEAD", "/plain", BAD), method="HEAD")
        self.assertEqual((answer.status, answer.body), (401, b""))
        self.assertEqual(answer.get("Content-Type"), "application/problem+json")
        self.assert_through(head("HEAD", "/plain"), b"", method="HEAD")
        body = b"old"
        request = head("POST", "/", GOOD, "Content-Length: 3", f"Payload-Signature: {signature(body)}", version="1.0")
        self.assert_through(request + body, body)
        refused = self.ask(head("GET", "/plain", BAD, version="1.0"))
        self.assert_refused(refused, 401, "bad_secret")
        self.assertEqual(refused.get("Connection"), "close")

    # Connections that stay

    def test_pipelined(self):
        """Good, bad, good: each gets its own answer, and bodies are not taken for requests."""
        good, other = os.urandom(2000), os.urandom(3000)
        for bad in (post(good, auth=BAD), post(good, signed=False), post(good[1:] + b"1").replace(good[1:], good[:-1]),
                    post(os.urandom(50000), auth=BAD), post(os.urandom(101), "/few"),
                    chunked_head(good, auth=BAD) + chunks(good), head("GET", "/plain", BAD)):
            with self.nginx.connect("web") as connection:
                connection.send(post(good) + bad + post(other))
                statuses = [connection.answer().status]
                refused = connection.answer()
                statuses.append(refused.status)
                if refused.get("Connection") != "close":
                    statuses.append(connection.answer().status)
                self.assertIn(statuses, ([200, 401, 200], [200, 413, 200], [200, 401], [200, 413]))
            for body in (good, other)[:statuses.count(200)]:
                self.assertEqual(self.upstream.take().body, body)
            self.assertTrue(self.upstream.is_idle())

    def test_a_connection_stays_after_each_refusal(self):
        body = os.urandom(100)
        with self.nginx.connect("web") as connection:
            for octets, status in ((head("GET", "/plain", BAD), 401), (post(body, auth=BAD), 401),
                                   (post(body, signed=False), 401), (post(body, "/few"), 200),
                                   (chunked_head(b"") + chunks(body), 401)):
                connection.send(octets)
                answer = connection.answer()
                self.assertEqual((answer.status, answer.get("Connection")), (status, "keep-alive"))
            self.upstream.take()

    def test_continue_is_not_told_to_a_lost_request(self):
        expect = "Expect: 100-continue"
        for octets in (head("POST", "/", BAD, expect, "Content-Length: 5"),
                       head("POST", "/", GOOD, expect, "Content-Length: 5"),
                       head("POST", "/few", GOOD, expect, "Content-Length: 101", "Payload-Signature: " + "0" * 64),
                       head("POST", "/plain", BAD, expect, "Transfer-Encoding: chunked")):
            with self.nginx.connect("web") as connection:
                connection.send(octets)
                answer = connection.answer()
                self.assertIn(answer.status, (401, 413))
                self.assertEqual(answer.get("Connection"), "close")
                self.assertTrue(connection.is_closed())
        self.assertTrue(self.upstream.is_idle())

    def test_continue_is_told_to_the_others(self):
        body = os.urandom(1000)
        lines = ("Expect: 100-continue", "Content-Length: 1000", f"Payload-Signature: {signature(body)}")
        with self.nginx.connect("web") as connection:
            connection.send(head("POST", "/", GOOD, *lines))
            self.assertEqual(connection.answer().status, 100)
            connection.send(body)
            self.assertEqual(connection.answer().status, 200)
            self.assertEqual(self.upstream.take().body, body)
            connection.send(head("POST", "/", GOOD, *lines))
            self.assertEqual(connection.answer().status, 100)
            connection.send(body[:-1] + b"\0" if body[-1] else body[:-1] + b"1")
            self.assertEqual(connection.answer().status, 401)

    def test_a_body_that_follows_without_waiting_for_continue(self):
        body = os.urandom(1000)
        lines = ("Expect: 100-continue", "Content-Length: 1000", f"Payload-Signature: {signature(body)}")
        with self.nginx.connect("web") as connection:
            connection.send(head("POST", "/", BAD, *lines) + body + head(path="/plain"))
            self.assertEqual(connection.answer().status, 401)
            self.assertTrue(connection.is_closed())

    # HTTP/2

    def curl(self, *arguments, body=None, path="/"):
        address = "https://localhost:%d%s" % (self.nginx.address("tls")[1], path)
        command = ["curl", "--silent", "--insecure", "--http2", "--max-time", "20", "--write-out",
                   "%{stderr}%{http_code} %{http_version} %{content_type}\n", *arguments, address]
        done = subprocess.run(command, input=body, capture_output=True, timeout=30)
        return done.stderr.decode().split(), done.stdout

    def test_http2(self):
        for size in (1, 20000, 2 * MIB):
            body = os.urandom(size)
            sent = ("--data-binary", "@-", "-H", f"Authorization: {GOOD}", "-H")
            said, answer = self.curl(*sent, f"Payload-Signature: {signature(body)}", body=body)
            self.assertEqual((said[:2], answer), (["200", "2"], b"ok"))
            self.assertEqual(self.upstream.take().body, body)
            said, answer = self.curl(*sent, f"Payload-Signature: {signature(b'x' + body)}", body=body)
            self.assertEqual(said, ["401", "2", "application/problem+json"])
            self.assertEqual(answer, b'{"status":401,"title":"Unauthorized","reason":"unauthorized"}\r\n')
            said, _ = self.curl("--data-binary", "@-", "-H", f"Authorization: {BAD}", body=body)
            self.assertEqual(said[0], "401")
            self.assertTrue(self.upstream.is_idle())

    def test_http2_without_a_length(self):
        body = os.urandom(50000)
        sent = ("-T", "-", "-X", "POST", "-H", f"Authorization: {GOOD}", "-H")
        said, _ = self.curl(*sent, f"Payload-Signature: {signature(body)}", body=body)
        self.assertEqual(said[0], "200")
        self.assertEqual(self.upstream.take().body, body)
        said, _ = self.curl("-T", "-", "-X", "POST", "-H", f"Authorization: {GOOD}", "-H",
                            f"Payload-Signature: {signature(body)}", body=body[:150], path="/few")
        self.assertEqual(said[0], "413")

    def test_http2_several_at_once(self):
        base = "https://localhost:%d" % self.nginx.address("tls")[1]
        command = ["curl", "--silent", "--insecure", "--http2", "--parallel", "--parallel-max", "10"]
        for number in range(20):
            body, auth = f"body {number}".encode() * 1000, GOOD if number % 2 else BAD
            command += ["--next"] * (number > 0)
            command += ["--silent", "--insecure", "--http2", "-H", f"Authorization: {auth}", "-H",
                        f"Payload-Signature: {signature(body)}", "--data-binary", body.decode(), "-o",
                        "/dev/null", "-w", "%{http_code}\n", f"{base}/{number}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        self.assertEqual(sorted(done.stdout.split()), ["200"] * 10 + ["401"] * 10)
        got = sorted(self.upstream.take().body for _ in range(10))
        self.assertEqual(got, sorted(f"body {number}".encode() * 1000 for number in range(1, 20, 2)))
        self.assertTrue(self.upstream.is_idle())

    def test_the_control_with_tollgate_off(self):
        self.assertEqual(self.ask(post(b"anything", "/off", BAD)).status, 200)
        self.assertEqual(self.upstream.take().body, b"anything")


if __name__ == "__main__":
    unittest.main()
