"""The means of the tests are tested first, with nginx's own modules."""

import base64
import os
import time
import unittest
from pathlib import Path

from client import Closed, Connection, Malformed
from nginx import Clock, Failed, Nginx, check, is_alive
from upstream import Upstream

TLS = "ssl_certificate tls.crt; ssl_certificate_key tls.key;"
GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


class NginxItself(unittest.TestCase):

    def start(self, http, **more):
        nginx = Nginx(http, module=False, **more)
        self.addCleanup(nginx.stop)
        return nginx

    def test_it_serves_and_logs(self):
        nginx = self.start("server { listen @web@; location / { return 200 hello; } }", workers=2)
        answer = nginx.ask("web", GET)
        self.assertEqual((answer.status, answer.body), (200, b"hello"))
        self.assertEqual(nginx.logged(answer.key)[0]["status"], "200")

    def test_the_peer_is_who_the_proxy_says_over_tls_too(self):
        nginx = self.start("set_real_ip_from 127.0.0.1; real_ip_header proxy_protocol;" + TLS +
                           "server { listen @tls@ ssl http2 proxy_protocol; listen @web@ proxy_protocol;"
                           " location / { return 200 '$remote_addr $https'; } }")
        secure = nginx.ask("tls", GET, tls=True, peer="198.51.100.7")
        self.assertEqual(secure.body, b"198.51.100.7 on")
        plain = nginx.ask("web", GET, peer="2001:db8::7", port=4711)
        self.assertEqual(plain.body, b"2001:db8::7 ")
        self.assertEqual(nginx.logged(4711)[0]["status"], "200")

    def test_a_reload_takes_effect_and_a_bad_one_does_not(self):
        conf = "server { listen @web@; location / { return 200 %s; } }"
        nginx = self.start(conf % "one", workers=2, clean=False)
        nginx.reload(conf % "two")
        for _ in range(8):
            self.assertEqual(nginx.ask("web", GET).body, b"two")
        with self.assertRaisesRegex(Failed, 'unknown directive "bad"'):
            nginx.reload("bad;" + conf % "three")
        self.assertEqual(nginx.ask("web", GET).body, b"two")
        nginx.reload(conf % "four")
        self.assertEqual(nginx.ask("web", GET).body, b"four")

    def test_the_clock_stands_and_can_be_set(self):
        clock = Clock(1592742800_800)
        nginx = self.start("server { listen @web@; location / { return 200 $msec; } }", clock=clock)
        self.assertEqual(nginx.ask("web", GET).body, b"1592742800.800")
        time.sleep(0.01)
        self.assertEqual(nginx.ask("web", GET).body, b"1592742800.800")
        for ms in (1769860800_000, 1000_001, 1769860799_999):
            clock.set(ms)
            self.assertEqual(nginx.ask("web", GET).body, b"%d.%03d" % divmod(ms, 1000))

    def test_timers_run_while_the_clock_stands(self):
        nginx = self.start("server { listen @web@; client_header_timeout 1; }", clock=Clock(1592742800_000))
        with nginx.connect("web", patience=5) as connection:
            connection.send("GET / HT")
            start = time.monotonic()
            self.assertTrue(connection.is_closed())
            self.assertLess(time.monotonic() - start, 3)

    def test_nothing_is_left(self):
        conf = {"module": False, "workers": 2, "clock": Clock(1592742800_000)}
        with self.assertRaises(ZeroDivisionError), Nginx("", **conf) as nginx:
            pids, folder = [nginx.process.pid, *nginx.workers()], nginx.files.folder
            nginx.error_log = lambda: ""
            1 / 0
        self.assertEqual(len(pids), 3)
        self.assertFalse([pid for pid in pids if is_alive(pid)])
        self.assertFalse(folder.exists())
        self.assertFalse([path for pid in pids for path in Path("/dev/shm").glob(f"*_{pid}")])
        with self.assertRaisesRegex(Failed, "unknown directive"):
            Nginx("bad;", module=False)
        self.assertFalse(Nginx.running - {nginx})

    def test_an_alert_in_the_log_fails(self):
        nginx = Nginx("", module=False)
        os.kill(next(iter(nginx.workers())), 9)
        time.sleep(0.1)
        with self.assertRaisesRegex(AssertionError, "exited on signal 9"):
            nginx.stop()

    def test_a_configuration_is_checked(self):
        good, _ = check("server { listen @web@; }", module=False)
        self.assertTrue(good)
        good, text = check("server { listen @web@; bad 1; }", module=False)
        self.assertFalse(good)
        self.assertIn('unknown directive "bad"', text)


class TheClient(unittest.TestCase):

    def read(self, octets, method=None):
        with Upstream() as upstream, Connection(tuple(self.split(upstream.address))) as connection:
            upstream.answers.append(octets)
            connection.send(GET)
            return connection.answer(method)

    def split(self, address):
        host, port = address.split(":")
        return host, int(port)

    def test_good_answers(self):
        head = b"HTTP/1.1 200 OK\r\n"
        self.assertEqual(self.read(head + b"Content-Length: 2\r\n\r\nok").body, b"ok")
        chunked = b"Transfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n"
        self.assertEqual(self.read(head + chunked).body, b"ok")
        self.assertEqual(self.read(head + b"Content-Length: 2\r\n\r\n", "HEAD").body, b"")
        self.assertEqual(self.read(head + b"A: 1\r\na: 2\r\n\r\nok").all("A"), ["1", "2"])

    def test_bad_answers(self):
        head = b"HTTP/1.1 200 OK\r\n"
        for octets in (b"HTTP/1.1 20 OK\r\n\r\n", head + b"A : 1\r\n\r\n", head + b"A: \x01\r\n\r\n",
                       head + b"Content-Length: 3\r\n\r\nok", head + b"Content-Length: x\r\n\r\n",
                       head + b"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                       head + b"Transfer-Encoding: chunked\r\n\r\n1\r\nok\r\n0\r\n\r\n",
                       head + b"Transfer-Encoding: chunked\r\n\r\n1\r\no\r\n",
                       head + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\no", head):
            with self.subTest(octets), self.assertRaises(Malformed):
                self.read(octets)
        with self.assertRaises(Closed):
            self.read(b"")


class TheBackend(unittest.TestCase):

    def test_it_gets_what_was_sent_and_basic_works(self):
        conf = """server { listen @web@; client_max_body_size 2m; location / {
            auth_basic x; auth_basic_user_file users; proxy_pass http://%s; } }"""
        with Upstream() as upstream, Nginx(conf % upstream.address, module=False,
                                           files={"users": "me:{PLAIN}secret\n"}) as nginx:
            body = os.urandom(1 << 20)
            credentials = base64.b64encode(b"me:secret").decode()
            head = f"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n"
            answer = nginx.ask("web", (head + "\r\n").encode() + body)
            self.assertEqual(answer.status, 401)
            self.assertTrue(upstream.is_idle())
            head += f"Authorization: Basic {credentials}\r\n\r\n"
            answer = nginx.ask("web", head.encode() + body)
            self.assertEqual((answer.status, answer.body), (200, b"ok"))
            got = upstream.take()
            self.assertEqual((got.line, got.body), ("POST /a HTTP/1.0", body))


if __name__ == "__main__":
    unittest.main()
