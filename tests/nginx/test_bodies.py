"""Bodies, right and wrong, in all the ways in which they come; the backend gets the octets that were
sent, or nothing."""

import os
import re
import time
import unittest
from pathlib import Path

from bodies import OK, PROBLEM, STREAMED, TOO_LARGE, UNAUTHORIZED, WHOLE, WithNginx, body_for
from client import Closed
from nginx import wait_for
from sender import (MIB, basic, changed, chunks, head, login, memo, post, post_chunked, proofs,
                    signature)
from upstream import Upstream

CONTEXT = 640 * 8  # bytes of a tollgate_context


class Sizes(WithNginx):

    def test_right_and_with_one_byte_changed(self):
        for size in (0, 1, 100, MIB, 10 * MIB):
            for target in (*STREAMED, WHOLE) if size > 1 else STREAMED:
                body = body_for(target, size)
                places = (9, size // 2, -3) if target == WHOLE else (0, size // 2, -1)
                with self.subTest(size=size, target=target):
                    self.expect(self.ask(post(target, body)), OK, body)
                    for place in places if size else ():
                        wrong = self.ask(post(target, changed(body, place), sign=body))
                        self.expect(wrong, UNAUTHORIZED)
                        self.assertEqual(wrong.body, PROBLEM)
                    self.expect(self.ask(post(target, body, sign=body + b"x")), UNAUTHORIZED)

    def test_chunked_right_and_with_one_byte_changed(self):
        for size, chunk in ((1, 1), (1000, 7), (MIB, 1000), (MIB, MIB), (10 * MIB, 65536)):
            for target in (*STREAMED, WHOLE) if size > 1 else STREAMED:
                body = body_for(target, size)
                with self.subTest(size=size, target=target):
                    right = post_chunked(target, body, chunk)
                    self.expect(self.ask(b"".join(right)), OK, body)
                    wrong = post_chunked(target, changed(body, -3 if size > 1 else 0), chunk, sign=body)
                    self.expect(self.ask(b"".join(wrong)), UNAUTHORIZED)

    def test_a_login_in_the_body(self):
        for size in (1, MIB, 10 * MIB):
            body = login(size)
            lines = "Content-Type: application/json", f"Content-Length: {len(body)}"
            with self.subTest(size=size):
                answer = self.ask(head("/login", signature(body), *lines) + body)
                self.expect(answer, OK, body)
                answer = self.ask(head("/login", signature(body), *lines) + changed(body, -3))
                self.expect(answer, UNAUTHORIZED)
                wrong = body.replace(b"the passphrase", b"no passphrase!")
                answer = self.ask(head("/login", signature(wrong), *lines) + wrong)
                self.expect(answer, (401, "bad_secret"))

    def test_a_login_that_is_not_there(self):
        for body in (b"", b"{", b"{}"):
            answer = self.ask(head("/login", signature(body), "Content-Type: application/json",
                                   f"Content-Length: {len(body)}") + body)
            self.assertIn(answer.status, (400, 401), body)
            self.assertTrue(self.upstream.is_idle())

    def test_a_large_body_went_through_a_file(self):
        before = self.nginx.error_log().count("is buffered to a temporary file")
        body = memo(MIB)
        self.expect(self.ask(post("/signed", body)), OK, body)
        self.expect(self.ask(post(WHOLE, body)), OK, body)
        self.assertEqual(self.nginx.error_log().count("is buffered to a temporary file"), before + 2)


class Pieces(WithNginx):

    def test_one_byte_at_a_time(self):
        for target in ("/signed", WHOLE):
            body = body_for(target, 300)
            for sent, expected in ((body, OK), (changed(body, 150), UNAUTHORIZED)):
                octets = post(target, sent, sign=body)
                end = len(octets) - len(body)
                self.expect(self.ask(octets[:end], *(octets[at:at + 1] for at in range(end, len(octets)))),
                            expected, body)
                every = b"".join(post_chunked(target, sent, 11, sign=body))
                self.expect(self.ask(*(every[at:at + 1] for at in range(len(every)))), expected, body)

    def test_with_pauses(self):
        for target in ("/signed", WHOLE):
            body = body_for(target, 3000)
            for sent, expected in ((body, OK), (changed(body, 9), UNAUTHORIZED)):
                octets = post(target, sent, sign=body)
                cut = [octets[at:at + 800] for at in range(0, len(octets), 800)]
                self.expect(self.ask(*cut, pause=0.05), expected, body)
                self.expect(self.ask(*post_chunked(target, sent, 700, sign=body), pause=0.05), expected, body)

    def test_large_with_a_pause_in_the_file(self):
        body = os.urandom(MIB)
        for sent, expected in ((body, OK), (changed(body, 700_000), UNAUTHORIZED)):
            octets = post("/signed", sent, sign=body)
            self.expect(self.ask(octets[:400_000], octets[400_000:], pause=0.1), expected, body)

    def test_trailers_and_extensions_of_chunks(self):
        trailers = b"Message-Signature: 00\r\nX-More: 1\r\n"
        for target in ("/signed", WHOLE):
            body = body_for(target, 500)
            pieces = post_chunked(target, body, 100, "Trailer: X-More", trailers=trailers)
            self.expect(self.ask(b"".join(pieces)), OK, body)
            pieces[1] = pieces[1].replace(b"\r\n", b";name=value\r\n", 1)
            self.expect(self.ask(*pieces), OK, body)

    def test_chunks_that_are_none(self):
        for bad in (b"x\r\n", b"-1\r\nab\r\n0\r\n\r\n", b"2\r\nabc\r\n0\r\n\r\n", b"fffffffffffffffff\r\n"):
            first = head("/signed", signature(b"ab"), "Transfer-Encoding: chunked")
            answer = self.ask(first, bad)
            self.assertEqual((answer.status, self.lost(answer.key)), (400, "400"), bad)
        both = head("/signed", signature(b"ab"), "Transfer-Encoding: chunked", "Content-Length: 2")
        self.assertEqual(self.ask(both + b"".join(chunks(b"ab", 1))).status, 400)

    def test_http_1_0_and_other_methods(self):
        body = os.urandom(2000)
        answer = self.ask(post("/signed", body, version="1.0"))
        self.expect(answer, OK, body)
        self.assertEqual(answer.get("Connection"), "close")
        self.expect(self.ask(post("/signed", changed(body, 9), sign=body, version="1.0")), UNAUTHORIZED)
        for method in ("GET", "PUT", "DELETE", "PATCH"):
            self.expect(self.ask(post("/signed", body, method=method)), OK, body)
            wrong = post("/signed", changed(body, 9), sign=body, method=method)
            self.expect(self.ask(wrong), UNAUTHORIZED)

    def test_head(self):
        body = os.urandom(2000)
        with self.nginx.connect("web") as connection:
            connection.key = connection.local_port
            for place, (sent, expected) in enumerate(((body, OK), (changed(body, 9), UNAUTHORIZED)) * 2):
                connection.send(post("/signed", sent, sign=body, method="HEAD"))
                answer = connection.answer("HEAD")
                answer.key = connection.key
                self.expect(answer, expected, body, place)
                self.assertEqual(answer.get("Content-Length"), "2" if expected is OK else str(len(PROBLEM)))
            self.assertTrue(connection.is_silent(0.1))

    def test_where_nginx_keeps_the_body(self):
        for target in ("/file", "/single"):
            for size in (0, 1, 5000, MIB):
                body = os.urandom(size)
                self.expect(self.ask(post(target, body)), OK, body)
                self.expect(self.ask(*post_chunked(target, body, 4000)), OK, body)
                if size:
                    self.expect(self.ask(post(target, changed(body, -1), sign=body)), UNAUTHORIZED)

    def test_in_file_only_leaves_the_file(self):
        body = os.urandom(777)
        self.expect(self.ask(post("/file", body)), OK, body)
        folder = self.nginx.files.folder / "body"
        self.assertIn(body, [path.read_bytes() for path in folder.rglob("*") if path.is_file()])

    def test_nothing_goes_to_the_backend_before_the_end(self):
        body = os.urandom(100_000)
        with self.nginx.connect("web") as connection:
            connection.send(post("/unbuffered-free", body)[:-1])
            self.door.settimeout(5)
            self.door.accept()[0].close()  # so this would be seen
            self.assertEqual(connection.answer().status, 502)
        with self.nginx.connect("web") as connection:
            octets = post("/unbuffered", body)
            connection.send(octets[:-1])
            self.door.settimeout(0.3)
            with self.assertRaises(TimeoutError):
                self.door.accept()
            connection.send(octets[-1:])
            self.door.settimeout(5)
            backend, _ = self.door.accept()
            with backend, backend.makefile("rb") as stream:
                got = stream.read(len(body))
                got += stream.read(got.index(b"\r\n\r\n") + 4)
                backend.sendall(Upstream.usual)
            self.assertEqual(got[-len(body):], body)
            self.assertEqual(connection.answer().status, 200)
        self.expect(self.ask(post("/unbuffered", changed(body, 1), sign=body)), UNAUTHORIZED)
        self.door.settimeout(0.1)
        with self.assertRaises(TimeoutError):
            self.door.accept()


class Lengths(WithNginx):

    def limit(self, target, limit):
        """Up to the limit it passes; one more octet is 413, before the body is read or behind it."""
        most, body = body_for(target, limit), body_for(target, limit + 1)
        self.expect(self.ask(post(target, most)), OK, most)
        self.expect(self.ask(*post_chunked(target, most, 1000)), OK, most)
        octets = post(target, body)
        answer = self.ask(octets[:-len(body)])
        self.expect(answer, TOO_LARGE)
        self.assertEqual(answer.get("Content-Type"), "application/problem+json")
        self.assertEqual(answer.body, b'{"status":413,"title":"Content Too Large","reason":"body_too_large"}\r\n')
        pieces = post_chunked(target, body, 1000)
        with self.nginx.connect("web") as connection:
            connection.send(*pieces[:-1])
            self.assertTrue(connection.is_silent(0.1))
            connection.send(pieces[-1])
            answer = connection.answer()
            answer.key = connection.key
            self.expect(answer, TOO_LARGE)

    def test_over_the_limit_of_the_location(self):
        self.limit("/capped", 2048)
        self.limit("/capped/whole", 2048)

    def test_over_the_limit_of_the_policy(self):
        self.limit("/small", 4096)
        self.limit("/small-whole", 4096)

    def test_over_the_limit_of_nginx(self):
        body = memo(2049)
        self.expect(self.ask(post("/nginx-capped", body[1:])), OK, body[1:])
        for octets in (post("/nginx-capped", body)[:-len(body)],
                       b"".join(post_chunked("/nginx-capped", body, 1000)),
                       b"".join(post_chunked("/nginx-capped", memo(MIB), 1000)[:50])):
            answer = self.ask(octets)
            self.expect(answer, (413, ""))
            self.assertEqual(answer.get("Content-Type"), "text/html")
            self.assertEqual(answer.get("Connection"), "close")

    def test_less_than_announced(self):
        body = memo(500)
        for target in ("/signed", WHOLE):
            with self.nginx.connect("web") as connection:
                connection.send(post(target, body)[:-1])
                connection.end()
                with self.assertRaises(Closed):
                    connection.answer()
            self.assertEqual(self.lost(connection.key), "400")
        with self.nginx.connect("web") as connection:
            connection.send(post("/impatient", body)[:-1])
            with self.assertRaises(Closed):
                connection.answer()
        self.assertEqual(self.lost(connection.key), "408")

    def test_more_than_announced(self):
        body = memo(500)
        for sign, expected in ((body, UNAUTHORIZED), (body[:-1], OK)):
            with self.nginx.connect("web") as connection:
                connection.send(head("/signed", signature(sign), "Content-Length: 499") + body)
                answer = connection.answer()
                answer.key = connection.key
                self.expect(answer, expected, body[:-1])
                connection.send("\r\n\r\n")
                self.assertEqual(connection.answer().status, 400)  # what is left over is no request
                self.assertTrue(connection.is_closed())

    def test_lengths_that_are_none(self):
        for lines in (["Content-Length: -1"], ["Content-Length: 0x2"], ["Content-Length: 2", "Content-Length: 3"],
                      ["Content-Length: 99999999999999999999"]):
            answer = self.ask(head("/signed", signature(b"ab"), *lines) + b"ab")
            self.assertEqual((answer.status, self.lost(answer.key)), (400, "400"), lines)


class InStep(WithNginx):
    """What follows a refusal on its connection is answered as what it is."""

    WRONG = basic(passphrase="wrong")

    def answers(self, connection, *expected):
        got = [connection.answer().status for _ in expected]
        lines = self.nginx.logged(connection.key, len(expected))
        self.assertEqual([(status, line["reason"]) for status, line in zip(got, lines)],
                         [each[:2] for each in expected])
        for status, _reason, body in expected:
            if status == 200:
                self.assertEqual(self.upstream.take().body, body)
        self.assertTrue(self.upstream.is_idle())
        self.assertTrue(connection.is_silent(0.1))

    def test_a_refusal_before_its_body(self):
        good = post("/basic", b"next")
        inner = post("/free", b"smuggled")
        for body in (inner, inner * 200, os.urandom(MIB)):
            for lines, rest in ((f"Content-Length: {len(body)}", [body]),
                                ("Transfer-Encoding: chunked", chunks(body, 9000))):
                for pause in (0, 0.05):
                    with self.subTest(len(body)), self.nginx.connect("web") as connection:
                        connection.send(head("/basic", self.WRONG, signature(body), lines))
                        time.sleep(pause)
                        connection.send(b"".join(rest) + good)
                        self.answers(connection, (401, "bad_secret", None), (200, "ok", b"next"))

    def test_it_is_told_before_its_body_comes(self):
        body = os.urandom(50_000)
        with self.nginx.connect("web") as connection:
            octets = head("/basic", self.WRONG, signature(body), f"Content-Length: {len(body)}")
            connection.send(octets)
            self.assertEqual(connection.answer().status, 401)
            connection.send(body[:9], body[9:], post("/basic", b"next"))
            self.assertEqual(connection.answer().status, 200)
            self.assertEqual(self.upstream.take().body, b"next")

    def test_behind_one_that_is_too_large_the_connection_ends(self):
        body = post("/free", b"smuggled") * 20
        for octets in (post("/capped", body), b"".join(post_chunked("/capped", body, 999))):
            with self.nginx.connect("web") as connection:
                connection.send(octets + post("/capped", b"next"))
                answer = connection.answer()
                answer.key = connection.key
                self.expect(answer, TOO_LARGE)
                self.assertEqual(answer.get("Connection"), "close")
                self.assertTrue(connection.is_closed())

    def test_pipelined(self):
        for target in ("/signed", WHOLE):
            for size in (0, 1, 2000, MIB) if target != WHOLE else (12, 2000, MIB):
                body, other = body_for(target, size), body_for(target, size + 1)
                wrong = changed(other, size * 3 // 4)
                octets = (post(target, body) + post(target, wrong, sign=other) + post(target, other) +
                          b"".join(post_chunked(target, wrong, 1000, sign=other)) +
                          b"".join(post_chunked(target, other, 1000)))
                with self.subTest(target=target, size=size), self.nginx.connect("web") as connection:
                    connection.send(octets)
                    self.answers(connection, (*OK, body), (*UNAUTHORIZED, None), (*OK, other),
                                 (*UNAUTHORIZED, None), (*OK, other))


class Expecting(WithNginx):

    EXPECT = "Expect: 100-continue"

    def test_a_good_one_gets_100_first(self):
        body = memo(5000)
        for target in ("/basic", WHOLE):
            with self.nginx.connect("web") as connection:
                connection.key = connection.local_port
                octets = post(target, body, self.EXPECT)
                connection.send(octets[:-len(body)])
                self.assertEqual(connection.answer().status, 100)
                self.assertTrue(connection.is_silent(0.05))
                connection.send(body, post(target, b'{"a":1}'))
                answer = connection.answer()
                answer.key = connection.key
                self.expect(answer, OK, body)
                self.assertEqual(connection.answer().status, 200)
                self.assertEqual(self.upstream.take().body, b'{"a":1}')

    def test_one_that_is_lost_by_its_head_gets_none(self):
        body = os.urandom(5000)
        wrong, length = basic(passphrase="wrong"), f"Content-Length: {len(body)}"
        for first in (head("/basic", wrong, signature(body), self.EXPECT, length),
                      head("/basic", wrong, signature(body), self.EXPECT, "Transfer-Encoding: chunked"),
                      head("/basic", signature(body), self.EXPECT, length),
                      head("/capped", *proofs(body), self.EXPECT, length),
                      head("/small", *proofs(body), self.EXPECT, length)):
            with self.nginx.connect("web") as connection:
                connection.send(first)
                answer = connection.answer()
                self.assertEqual(answer.status, 401 if first.startswith(b"POST /basic") else 413)
                self.assertEqual(answer.get("Connection"), "close")
                self.assertTrue(connection.is_closed())
            self.lost(connection.key)

    def test_a_wrong_body_is_refused_behind_100(self):
        body = os.urandom(50)
        with self.nginx.connect("web") as connection:
            connection.send(post("/basic", body, self.EXPECT)[:-len(body)])
            self.assertEqual(connection.answer().status, 100)
            connection.send(changed(body, 0), post("/basic", b"next"))
            self.assertEqual(connection.answer().status, 401)
            self.assertEqual(connection.answer().status, 200)
            self.assertEqual(self.upstream.take().body, b"next")


class Dropped(WithNginx):

    def half(self, target, size=20_000):
        body = os.urandom(size)
        connection = self.nginx.connect("web")
        connection.send(post(target, body)[:-size // 2])
        return connection

    def drop(self, connections):
        for place, connection in enumerate(connections):
            (connection.reset if place % 2 else connection.close)()
        for connection in connections:
            self.assertIn(self.lost(connection.key), ("400", "499"))

    def memory(self):
        """The anonymous memory of the worker, in bytes."""
        (worker, ) = self.nginx.workers()
        status = Path(f"/proc/{worker}/status").read_text()
        return int(re.search(r"RssAnon:\s+([0-9]+) kB", status)[1]) << 10

    def test_half_sent_and_dropped(self):
        for target in ("/signed", "/basic", "/whole", "/file"):
            for size in (2, 20_000, MIB):
                self.drop([self.half(target, size) for _ in range(4)])
        pieces = post_chunked("/signed", os.urandom(20_000), 999)
        connections = [self.nginx.connect("web") for _ in range(4)]
        for connection in connections:
            connection.send(*pieces[:9])
        self.drop(connections)
        body = os.urandom(2000)
        self.expect(self.ask(post("/signed", body)), OK, body)

    def test_what_is_dropped_is_given_back(self):
        def round_of(count):
            connections = [self.half("/signed") for _ in range(count)]
            wait_for("all are in nginx", lambda: self.active() >= count)
            most = self.memory()
            self.drop(connections)
            return most

        before = self.memory()
        most = round_of(300)
        self.assertGreater(most - before, 1 << 20)  # so it would be seen
        after = self.memory()
        for _ in range(12):
            round_of(300)
        # Less than half of what they had. The allocator keeps some of it, now more and now less.
        self.assertLess(self.memory() - after, 12 * 300 * CONTEXT // 2)

    def active(self):
        """The connections that the worker has from clients."""
        (worker, ) = self.nginx.workers()
        links = Path(f"/proc/{worker}/fd").iterdir()
        return sum(1 for link in links if os.readlink(link).startswith("socket:"))


if __name__ == "__main__":
    unittest.main()
