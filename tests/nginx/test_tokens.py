"""Token endpoints in nginx, and the tokens that they give out at other locations."""

import base64
import hashlib
import hmac
import json
import unittest
from urllib.parse import urlencode

from nginx import Clock, Nginx, check
from sender import basic, chunks, head, policy
from upstream import Upstream

NOW_MS = 1592742800_000
KEY = b"a key for tokens, of 32 bytes or more"
SHOP, SECRET = "shop", "the passphrase of the shop"
CREDENTIALS = [{
    "id": SHOP, "basic": {"user": SHOP, "passphrase": {"text": SECRET}}, "scopes": ["read", "write"]
}, {
    "id": "reader", "basic": {"user": "reader", "passphrase": {"text": "of the reader"}}, "scopes": ["read"]
}]
TOKENS = {"issuer": "pay", "leeway_s": 0, "keys": [{"kid": "k1", "key": {"text": KEY.decode()}}]}
GRANT = {"token_endpoint": True, "credentials": ["basic", "form"]}
ROUTES = {
    "api": {"credentials": ["token"]},
    "write": {"credentials": ["token"], "scope": "write"},
    "read": {"credentials": ["token"], "scope": "read"},
}
ONE = policy({**ROUTES, "grant": GRANT}, CREDENTIALS, tokens=TOKENS)
TWO = policy({**ROUTES, "first": GRANT, "second": {**GRANT, "credentials": ["basic"], "max_body": 100}},
             CREDENTIALS, tokens=TOKENS)
HTTP = """
auth_tollgate_policy one.json;
server {
    listen @web@;
    auth_tollgate api;
    location / { proxy_pass http://%(backend)s; }
    location /write { auth_tollgate write; proxy_pass http://%(backend)s; }
    location = /token { auth_tollgate_token; }
    location = /named { auth_tollgate_token grant; }
    location = /small { auth_tollgate_token; auth_tollgate_max_body 64; }
    location = /dry { auth_tollgate_token; auth_tollgate_dry_run on; }
    location /nested { auth_tollgate write; location = /nested/token { auth_tollgate_token grant; } }
}
server {
    listen @two@; auth_tollgate_policy two.json;
    location = /first { auth_tollgate_token first; }
    location = /second { auth_tollgate_token second; }
    location = /api { auth_tollgate api; proxy_pass http://%(backend)s; }
}
"""
FORM = "Content-Type: application/x-www-form-urlencoded"
GRANTED = "grant_type=client_credentials"


def ask_token(target, form=GRANTED, *lines, method="POST", kind=FORM):
    body = form.encode()
    return head(target, kind, f"Content-Length: {len(body)}", *lines, method=method) + body


GOOD = basic(SHOP, SECRET)
IN_FORM = GRANTED + "&" + urlencode({"client_id": SHOP, "client_secret": SECRET})


def bearer(token):
    return f"Authorization: Bearer {token}"


def part(text):
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


class WithNginx(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.upstream = Upstream()
        cls.addClassCleanup(cls.upstream.close)
        cls.clock = Clock(NOW_MS)
        cls.nginx = Nginx(HTTP % {"backend": cls.upstream.address}, clock=cls.clock,
                          files={"one.json": ONE, "two.json": TWO})
        cls.addClassCleanup(cls.nginx.stop)

    def setUp(self):
        self.clock.set(NOW_MS)

    def tearDown(self):
        self.assertTrue(self.upstream.is_idle(), "the backend got what it should not")

    def ask(self, octets, name="web", method=None):
        """The answer, and the reason in the log."""
        answer = self.nginx.ask(name, octets, method)
        (line, ) = self.nginx.logged(answer.key)
        self.assertEqual(line["outcome"], "PASSED" if answer.status == 200 else "REJECTED")
        return answer, line["reason"]

    def token(self, octets, name="web", scope=None):
        """The token of an answer that is right to the octet."""
        answer, reason = self.ask(octets, name)
        self.assertEqual((answer.status, reason), (200, "ok"), answer.body)
        self.assertEqual(answer.get("Content-Type"), "application/json")
        self.assertEqual(answer.get("Content-Length"), str(len(answer.body)))
        self.assertEqual((answer.get("Cache-Control"), answer.get("Pragma")), ("no-store", "no-cache"))
        self.assertIsNone(answer.get("WWW-Authenticate"))
        members = json.loads(answer.body)
        token = members.pop("access_token")
        scopes = {"scope": scope} if scope else {}
        self.assertEqual(members, {"token_type": "Bearer", "expires_in": 600, **scopes})
        return token

    def refused(self, octets, status, error, reason, name="web"):
        """A refusal as RFC 6749 section 5.2 has it."""
        answer, found = self.ask(octets, name)
        self.assertEqual((answer.status, answer.body, found),
                         (status, b'{"error":"%s"}' % error.encode(), reason))
        self.assertEqual(answer.get("Content-Type"), "application/json")
        self.assertEqual((answer.get("Cache-Control"), answer.get("Pragma")), ("no-store", "no-cache"))
        challenge = answer.get("WWW-Authenticate")
        self.assertEqual(challenge, 'Basic realm="tests", charset="UTF-8"' if status == 401 else None)
        return answer

    def status(self, target, *lines, name="web"):
        """What a request without a body gets."""
        answer, reason = self.ask(head(target, *lines, method="GET"), name)
        if answer.status == 200:
            self.upstream.take()
        return answer.status, reason


class Issued(WithNginx):

    def test_with_basic_and_in_the_form(self):
        for name, targets in (("web", ("/token", "/named", "/nested/token", "/small", "/dry")),
                              ("two", ("/first", "/second"))):
            for target in targets:
                with self.subTest(target=target):
                    self.token(ask_token(target, GRANTED, GOOD), name)
                    if target not in ("/second", "/small"):
                        self.token(ask_token(target, IN_FORM), name)
        scoped = GRANTED + "&scope=read"
        self.token(ask_token("/token", scoped, GOOD), scope="read")

    def test_it_is_signed_and_says_who_it_is_for(self):
        token = self.token(ask_token("/token", GRANTED, GOOD))
        signed, made = token.rsplit(".", 1)
        mac = base64.urlsafe_b64encode(hmac.new(KEY, signed.encode(), hashlib.sha256).digest())
        self.assertEqual(made, mac.rstrip(b"=").decode())
        header, claims = map(part, signed.split("."))
        self.assertEqual(header, {"typ": "JWT", "alg": "HS256", "kid": "k1"})
        self.assertEqual({name: claims[name] for name in ("iss", "sub", "aud", "iat", "exp")},
                         {"iss": "pay", "sub": SHOP, "aud": "production", "iat": NOW_MS // 1000,
                          "exp": NOW_MS // 1000 + 600})

    def test_a_form_in_chunks_and_pieces(self):
        first = head("/token", FORM, GOOD, "Transfer-Encoding: chunked")
        self.token(first + b"".join(chunks(GRANTED.encode(), 5)))
        self.token(head("/token", FORM, "Transfer-Encoding: chunked") + b"".join(chunks(IN_FORM.encode(), 1)))
        octets = ask_token("/token", GRANTED, GOOD)
        with self.nginx.connect("web") as connection:
            for at in range(len(octets)):
                connection.send(octets[at:at + 1])
            self.assertEqual(connection.answer().status, 200)

    def test_pipelined_and_http_1_0(self):
        with self.nginx.connect("web") as connection:
            wrong = ask_token("/token", GRANTED, basic(SHOP, "wrong"))
            good, after = ask_token("/token", GRANTED, GOOD), head("/", method="GET")
            connection.send(good + wrong + good + after)
            self.assertEqual([connection.answer().status for _ in range(4)], [200, 401, 200, 401])
        self.token(ask_token("/token", GRANTED, GOOD).replace(b"HTTP/1.1", b"HTTP/1.0", 1))

    def test_expect(self):
        with self.nginx.connect("web") as connection:
            connection.send(ask_token("/token", GRANTED, GOOD, "Expect: 100-continue")[:-len(GRANTED)])
            self.assertEqual(connection.answer().status, 100)
            connection.send(GRANTED)
            self.assertEqual(connection.answer().status, 200)

    def test_nothing_of_it_is_in_the_logs(self):
        token = self.token(ask_token("/token", IN_FORM))
        self.assertEqual(self.status("/", bearer(token)), (200, "ok"))
        self.assertEqual(self.status("/", bearer(token + "x"))[0], 401)
        logs = self.nginx.error_log() + self.nginx.read("access.log")
        for text in (token, token.split(".")[1], SECRET, urlencode({"": SECRET})[1:], GOOD.split()[-1]):
            self.assertNotIn(text, logs)
        self.assertIn("GET / HTTP/1.1", logs)


class Refused(WithNginx):

    def test_wrong_and_missing_secrets(self):
        for target in ("/token", "/named", "/nested/token", "/dry"):
            wrong = ask_token(target, GRANTED, basic(SHOP, "wrong"))
            first = self.refused(wrong, 401, "invalid_client", "bad_secret")
            unknown = self.refused(ask_token(target, GRANTED, basic("nobody", SECRET)), 401, "invalid_client",
                                   "unknown_key")
            self.assertEqual(first.octets, unknown.octets)
            self.refused(ask_token(target), 401, "invalid_client", "no_credential")
            in_form = ask_token(target, IN_FORM[:-1] + "X")
            self.refused(in_form, 401, "invalid_client", "bad_secret")

    def test_requests_that_are_none(self):
        json_form = json.dumps({"grant_type": "client_credentials"})
        for octets, error, reason in (
            (ask_token("/token", json_form, GOOD, kind="Content-Type: application/json"), "invalid_request",
             "bad_content_type"),
            (ask_token("/token", "", GOOD), "invalid_request", "bad_grant_request"),
            (ask_token("/token", "grant_type=password", GOOD), "unsupported_grant_type",
             "unsupported_grant_type"),
            (ask_token("/token", GRANTED + "&scope=admin", GOOD), "invalid_scope", "scope_not_granted"),
            (ask_token("/token", GRANTED + "&scope=write", basic("reader", "of the reader")), "invalid_scope",
             "scope_not_granted"),
        ):
            with self.subTest(reason=reason, error=error):
                self.refused(octets, 400, error, reason)

    def test_other_methods(self):
        for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"):
            with self.subTest(method=method):
                answer, reason = self.ask(ask_token("/token", GRANTED, GOOD, method=method), method=method)
                self.assertEqual((answer.status, reason), (405, "method_not_allowed"))
                self.assertEqual((answer.get("Allow"), answer.get("Cache-Control")), ("POST", "no-store"))
                error = b"" if method == "HEAD" else b'{"error":"invalid_request"}'
                self.assertEqual(answer.body, error)

    def test_over_the_limit_of_the_policy(self):
        long = GRANTED + "&x=" + "x" * 100
        self.token(ask_token("/first", long, GOOD), "two")
        self.refused(ask_token("/second", long, GOOD), 413, "invalid_request", "body_too_large", "two")
        chunked = head("/second", FORM, GOOD, "Transfer-Encoding: chunked")
        chunked += b"".join(chunks(long.encode(), 50))
        self.refused(chunked, 413, "invalid_request", "body_too_large", "two")

    def test_over_the_limit_of_the_location(self):
        long = GRANTED + "&x=" + "x" * 64
        octets = ask_token("/small", long, GOOD)
        answer, reason = self.ask(octets[:-len(long)])  # before the body comes
        self.assertEqual((answer.status, reason), (413, "body_too_large"))
        chunked = head("/small", FORM, GOOD, "Transfer-Encoding: chunked")
        answer, reason = self.ask(chunked + b"".join(chunks(long.encode(), 50)))
        self.assertEqual((answer.status, reason), (413, "body_too_large"))

    def test_over_the_limit_of_the_location_as_rfc_6749_has_it(self):
        long = GRANTED + "&x=" + "x" * 64
        self.refused(ask_token("/small", long, GOOD), 413, "invalid_request", "body_too_large")

    def test_what_the_head_decides_gets_no_100(self):
        long = GRANTED + "&x=" + "x" * 100
        for octets, status in ((ask_token("/second", long, GOOD, "Expect: 100-continue"), 413),
                               (ask_token("/second", long, GOOD, "Expect: 100-continue", method="PUT"), 405)):
            with self.subTest(status), self.nginx.connect("two") as connection:
                connection.send(octets[:-len(long)])
                self.assertEqual(connection.answer().status, status)

    def test_a_failure_is_charged_once(self):
        throttled = policy({**ROUTES, "grant": GRANT}, CREDENTIALS, tokens=TOKENS,
                           failures={"limit": 3, "period_s": 3600})
        http = """server { listen @web@; auth_tollgate_policy p.json; auth_tollgate_zone z:256k;
            location / { auth_tollgate_token; } }"""
        for wrong in (ask_token("/", GRANTED, basic(SHOP, "wrong")), ask_token("/", IN_FORM + "x")):
            with Nginx(http, files={"p.json": throttled}) as nginx:
                statuses = [nginx.ask("web", wrong).status for _ in range(4)]
                self.assertEqual(statuses, [401, 401, 401, 429])
                answer = nginx.ask("web", ask_token("/", GRANTED, GOOD))
                self.assertEqual(answer.status, 429)
                self.assertGreaterEqual(int(answer.get("Retry-After")), 1)

    def test_half_a_form(self):
        with self.nginx.connect("web") as connection:
            connection.send(ask_token("/token", GRANTED, GOOD)[:-1])
        self.assertEqual(self.nginx.logged(connection.key)[0]["status"], "400")
        self.token(ask_token("/token", GRANTED, GOOD))


class Used(WithNginx):

    def test_it_passes_at_other_locations(self):
        token = self.token(ask_token("/token", GRANTED, GOOD))
        for target in ("/", "/write", "/tokens"):
            self.assertEqual(self.status(target), (401, "no_credential"))
            self.assertEqual(self.status(target, bearer(token)), (200, "ok"))
            self.assertEqual(self.status(target, GOOD)[0], 401)
        reader = self.token(ask_token("/token", GRANTED, basic("reader", "of the reader")))
        self.assertEqual(self.status("/", bearer(reader)), (200, "ok"))
        self.assertEqual(self.status("/write", bearer(reader)), (403, "insufficient_scope"))
        narrow = self.token(ask_token("/token", GRANTED + "&scope=read", GOOD), scope="read")
        self.assertEqual(self.status("/write", bearer(narrow)), (403, "insufficient_scope"))

    def test_the_log_and_the_backend_know_whose_it_is(self):
        token = self.token(ask_token("/token", GRANTED, GOOD))
        answer = self.nginx.ask("web", head("/", bearer(token), method="GET"))
        self.assertEqual(self.nginx.logged(answer.key)[0]["credential"], SHOP)
        self.assertEqual(self.upstream.take().get("Authorization"), f"Bearer {token}")

    def test_it_expires(self):
        token = self.token(ask_token("/token", GRANTED, GOOD))
        self.clock.set(NOW_MS + 599_999)
        self.assertEqual(self.status("/", bearer(token)), (200, "ok"))
        self.clock.set(NOW_MS + 600_000)
        answer, reason = self.ask(head("/", bearer(token), method="GET"))
        self.assertEqual((answer.status, reason), (401, "token_expired"))
        self.assertEqual(answer.get("WWW-Authenticate"), 'Bearer realm="tests", error="invalid_token"')
        another = self.token(ask_token("/token", GRANTED, GOOD))
        self.assertNotEqual(another, token)
        self.assertEqual(self.status("/", bearer(another)), (200, "ok"))
        self.clock.set(NOW_MS - 1000)
        self.assertEqual(self.status("/", bearer(another))[0], 401)

    def test_a_changed_one_does_not_pass(self):
        token = self.token(ask_token("/token", GRANTED, GOOD))
        header, claims, mac = token.split(".")
        other = self.token(ask_token("/token", GRANTED, basic("reader", "of the reader"))).split(".")
        for wrong in (f"{header}.{claims}.", f"{header}.{other[1]}.{mac}", f"{header}.{claims}.{other[2]}",
                      token[:-1], "x", ".."):
            self.assertEqual(self.status("/", bearer(wrong))[0], 401, wrong)

    def test_it_ends_with_the_generation_of_its_credential(self):
        nginx = Nginx(HTTP % {"backend": self.upstream.address}, files={"one.json": ONE, "two.json": TWO})
        with nginx:
            token = json.loads(nginx.ask("web", ask_token("/token", GRANTED, GOOD)).body)["access_token"]
            use = head("/", bearer(token), method="GET")
            self.assertEqual(nginx.ask("web", use).status, 200)
            self.upstream.take()
            ended = [{**CREDENTIALS[0], "generation": 2}, CREDENTIALS[1]]
            nginx.put("one.json", policy({**ROUTES, "grant": GRANT}, ended, tokens=TOKENS))
            nginx.reload()
            self.assertEqual(nginx.ask("web", use).status, 401)


class Configured(unittest.TestCase):

    def test_what_is_no_token_endpoint(self):
        for directive, file, good in (
            ("auth_tollgate_token;", "one", True), ("auth_tollgate_token grant;", "one", True),
            ("auth_tollgate_token first;", "two", True), ("auth_tollgate_token;", "two", False),
            ("auth_tollgate_token api;", "one", False), ("auth_tollgate_token none;", "one", False),
            ("auth_tollgate grant;", "one", False), ("auth_tollgate api;", "one", True)
        ):
            http = f"server {{ listen @a@; auth_tollgate_policy {file}.json; location / {{ {directive} }} }}"
            found, messages = check(http, files={"one.json": ONE, "two.json": TWO})
            self.assertEqual(found, good, f"{directive} {file}: {messages}")
            self.assertEqual("[emerg]" in messages, not good)


if __name__ == "__main__":
    unittest.main()
