"""The module among others: satisfy, error_page, redirects inside of nginx, subrequests, and what
becomes of a message that passes only once."""

import itertools
import os
import time
import unittest

from client import Closed
from common import BAD, GOOD, Served, head, message, policy, post
from upstream import Upstream

BACKEND = """
server { listen @backend@; access_log off;
    location / { add_header X-Got "$http_x_credential" always; return 200 passed; }
    location /500 { return 500; } location /404 { return 404; } location /503 { return 503; }
    location /401 { return 401 "its own 401"; } location /403 { return 403 "its own 403"; }
    location /accel { add_header X-Accel-Redirect $arg_to; return 200; } }
proxy_set_header X-Credential $auth_tollgate_credential;
"""
ALLOW, DENY = "allow all;", "deny all;"
# Basic for auth_basic and for the module stand in one line: "shop" is in both, "guest" in one.
USERS = "shop:{PLAIN}the passphrase of the shop\nguest:{PLAIN}guest\n"


def satisfy_locations():
    """Every combination: satisfy, allow or deny, auth_basic or none."""
    for number, (satisfy, access, users) in enumerate(itertools.product(
            ("any", "all"), ("", ALLOW, DENY), ("", "auth_basic own; auth_basic_user_file users;"))):
        yield number, satisfy, access, users


class Satisfy(Served):
    http = BACKEND + "auth_tollgate_policy policy.json; auth_tollgate_zone z:1m; server { listen @web@;" + "".join(
        f"location /{number}/ {{ satisfy {satisfy}; {access} {users} auth_tollgate plain; auth_tollgate_max_body 10;"
        " proxy_pass http://@backend@/; }\n"
        for number, satisfy, access, users in satisfy_locations()) + """
        location /near { satisfy any; deny all; auth_tollgate near; proxy_pass http://@backend@/; }
        location /post { satisfy any; deny all; auth_tollgate post; proxy_pass http://@backend@/; }
        location /few { satisfy any; deny all; auth_tollgate few; proxy_pass http://@backend@/; }
        location /either { satisfy any; auth_tollgate post; auth_basic own; auth_basic_user_file users;
            auth_request /asked; allow 198.51.100.1; deny all; proxy_pass http://@backend@/; }
        location /either-plain { satisfy any; auth_tollgate plain; auth_request /asked; deny all;
            proxy_pass http://@backend@/; }
        location /asked { internal; auth_tollgate off; proxy_pass http://@backend@/$arg_asked; }
        location /open { satisfy any; allow all; auth_tollgate near; proxy_pass http://@backend@/; }
        location /guest { satisfy any; auth_tollgate near; auth_basic own; auth_basic_user_file users;
            proxy_pass http://@backend@/; }
    }"""
    files = {
        "policy.json": policy("plain", "near", "post", "few"), "users": USERS
    }

    def expected(self, satisfy, access, users, tollgate, basic):
        """The status that the documentation of satisfy asks for."""
        asked = [access == ALLOW] * bool(access) + [basic] * bool(users) + [tollgate]
        if (any if satisfy == "any" else all)(asked):
            return 200
        if satisfy == "all" and access == DENY:
            return 403
        return 401

    def test_every_combination(self):
        guest = "Basic Z3Vlc3Q6Z3Vlc3Q="
        for number, satisfy, access, users in satisfy_locations():
            for auth, tollgate, basic in ((GOOD, True, True), (BAD, False, False), (None, False, False),
                                          (guest, False, True)):
                with self.subTest(f"satisfy {satisfy}; {access} {users} {auth}"):
                    answer = self.ask(head(path=f"/{number}/", auth=auth))
                    self.assertEqual(answer.status, self.expected(satisfy, access, users, tollgate, basic))
                    if answer.status == 200:
                        self.assertEqual(answer.body, b"passed")
                        self.assertFalse(answer.all("WWW-Authenticate"))
                        named = "the-shop" if tollgate and answer.line["outcome"] == "PASSED" else None
                        self.assertEqual(answer.get("X-Got"), named)
                    if answer.status == 401:
                        self.assertTrue(answer.all("WWW-Authenticate"))

    def test_who_is_let_in_by_another_is_nobody(self):
        answer = self.ask(head(path="/open"))
        self.assertEqual((answer.status, answer.get("X-Got")), (200, None))
        answer = self.ask(head(path="/guest", auth="Basic Z3Vlc3Q6Z3Vlc3Q="))
        self.assertEqual((answer.status, answer.get("X-Got"), answer.line["credential"]), (200, None, ""))
        self.assertIsNone(answer.get("Retry-After"))

    def test_a_status_of_its_own_does_not_end_the_phase(self):
        """405, and the other module lets it in."""
        for path, auth in (("/either?asked=404", "Basic Z3Vlc3Q6Z3Vlc3Q="), ("/either", BAD), ("/either", GOOD)):
            answer = self.ask(head(path=path, auth=auth))
            self.assertEqual((answer.status, answer.get("Allow")), (200, None))
            self.assertFalse(answer.all("WWW-Authenticate"))

    def test_the_answer_of_who_let_it_in_stays(self):
        """The backend refuses with the status that the module had asked for before."""
        for path, auth in (("/either/403", BAD), ("/either-plain/401", BAD)):
            answer = self.ask(head(path=path, auth=auth))
            self.assertEqual((answer.status, answer.body), (int(path[-3:]), b"its own " + path[-3:].encode()))
            self.assertEqual(answer.get("Content-Type"), "text/plain")
            self.assertIsNone(answer.get("Allow"))

    def test_other_statuses(self):
        self.assert_refused(self.ask(head(path="/near")), 403, "ip_not_allowed")
        refused = self.ask(head(path="/post"))
        self.assert_refused(refused, 405, "method_not_allowed")
        self.assertEqual(refused.get("Allow"), "POST")
        for _ in range(2):
            self.assert_passed(self.ask(head(path="/few")))
        refused = self.ask(head(path="/few"))
        self.assert_refused(refused, 429, "rate_limited")
        self.assertEqual(refused.get("Retry-After"), "1800")
        for number, satisfy, access, users in satisfy_locations():
            if (access, users) == (DENY, "") and satisfy == "any":
                self.assert_refused(self.ask(post(b"x" * 11, f"/{number}/")), 413, "body_too_large")


class Redirects(Served):
    http = BACKEND + """auth_tollgate_policy policy.json; auth_tollgate_zone z:1m;
    server { listen @web@; root .;
        location / { auth_tollgate plain; proxy_pass http://@backend@; }
        location /page { auth_tollgate plain; error_page 401 /page.html; proxy_pass http://@backend@; }
        location = /page.html { auth_tollgate off; internal; }
        location /named { auth_tollgate plain; error_page 401 = @named; proxy_pass http://@backend@; }
        location @named { return 418 "$auth_tollgate_reason"; }
        location /changed { auth_tollgate plain; error_page 401 =404 /page.html; proxy_pass http://@backend@; }
        location /guarded { auth_tollgate plain; error_page 401 /once/page.html; proxy_pass http://@backend@; }
        location /once { auth_tollgate once; proxy_pass http://@backend@/; }
        location /try { auth_tollgate few; try_files /none @fallback; }
        location @fallback { auth_tollgate few; proxy_pass http://@backend@; }
        location /fall { auth_tollgate few; error_page 502 = @fallback; proxy_pass http://127.0.0.1:1; }
        location /accel { auth_tollgate few; proxy_pass http://@backend@/accel; }
        location /kept { internal; auth_tollgate few; proxy_pass http://@backend@/; }
        location /other { internal; auth_tollgate post; proxy_pass http://@backend@/; }
        location /replay { auth_tollgate once; error_page 502 = @replay; proxy_pass http://127.0.0.1:1; }
        location @replay { auth_tollgate once; proxy_pass http://@backend@; }
        location /read { auth_tollgate plain; error_page 502 = @read; proxy_pass http://127.0.0.1:1; }
        location @read { auth_tollgate signed; auth_tollgate_max_body 0; proxy_pass http://@backend@; }
        location /rewritten { auth_tollgate off; rewrite ^ /few-inside last; }
        location /few-inside { internal; auth_tollgate few; proxy_pass http://@backend@/; }
        location /asked { auth_tollgate off; auth_request /inside; proxy_pass http://@backend@/; }
        location /let-in { satisfy any; auth_tollgate plain; auth_request /free; deny all;
            proxy_pass http://@backend@/accel; }
        location /free { internal; auth_tollgate off; proxy_pass http://@backend@/; }
        location /strict { internal; auth_tollgate plain; proxy_pass http://@backend@/; }
        location /inside { internal; auth_tollgate plain; proxy_pass http://@backend@/; }
        location /over { auth_tollgate plain; client_max_body_size 2k; client_body_timeout 1s;
            error_page 400 408 413 /over/page.html; proxy_pass http://@backend@; }
        location = /over/page.html { auth_tollgate plain; internal; }
        location /over/changed { auth_tollgate plain; client_max_body_size 2k;
            error_page 413 =200 /over/page.html; proxy_pass http://@backend@; }
    }"""
    files = {
        "policy.json": policy("plain", "post", "few", "once", "signed"), "page.html": "the page",
        "over/page.html": "the page"
    }

    def setUp(self):
        self.nginx.reload(self.http.replace("z:1m", f"z{next(NUMBERS)}:1m"))

    def test_error_page(self):
        answer = self.ask(head(path="/page", auth=BAD))
        self.assertEqual((answer.status, answer.body), (401, b"the page"))
        self.assertTrue(answer.get("WWW-Authenticate"))
        self.assertNotIn("problem", answer.get("Content-Type"))
        answer = self.ask(head(path="/named", auth=BAD))
        self.assertEqual((answer.status, answer.body), (418, b"bad_secret"))
        answer = self.ask(head(path="/changed", auth=BAD))
        self.assertEqual((answer.status, answer.body), (404, b"the page"))
        for path in ("/page", "/named", "/changed", "/guarded"):
            self.assert_passed(self.ask(head(path=path)))

    def test_error_page_that_is_protected_itself(self):
        answer = self.ask(head(path="/guarded", auth=BAD))
        self.assertEqual(answer.status, 401)
        self.assertNotIn(b"passed", answer.body)
        self.assertTrue(answer.get("WWW-Authenticate"))

    def test_a_body_that_cannot_be_read_and_a_protected_error_page(self):
        """Nothing was decided when nginx refused the body, and nothing can be."""
        chunked = head("POST", "/over", GOOD, "Transfer-Encoding: chunked")
        changed = head("POST", "/over/changed", GOOD, "Transfer-Encoding: chunked")
        for octets, status in ((chunked + b"1000\r\na", 413), (chunked + b"x\r\n", 400), (changed + b"1000\r\na", 500)):
            for pause in (0, 0.05):
                with self.nginx.connect("web") as connection:
                    connection.send(octets[:-3])
                    time.sleep(pause)
                    connection.send(octets[-3:])
                    answer = connection.answer()
                self.assertEqual((answer.status, answer.get("Content-Type")), (status, "text/html"))
                self.assertNotIn(b"the page", answer.body)
                self.assertEqual(self.nginx.logged(connection.key)[0]["outcome"], "")
        with self.nginx.connect("web") as connection:
            connection.send(chunked)
            with self.assertRaises(Closed):
                connection.answer()
        self.assertEqual(self.nginx.logged(connection.key)[0]["status"], "408")

    def test_what_is_redirected_inside_is_charged_once(self):
        for path in ("/try", "/fall", "/accel?to=/kept", "/rewritten"):
            self.setUp()
            for status in (200, 200, 429, 429):
                answer = self.ask(head(path=path))
                self.assertEqual(answer.status, status, path)
            self.assert_refused(answer, 429, "rate_limited")

    def test_who_was_let_in_by_another_is_refused_where_that_one_is_not_asked(self):
        self.assertEqual(self.ask(head(path="/let-in?to=/free", auth=BAD)).status, 200)
        refused = self.ask(head(path="/let-in?to=/strict", auth=BAD))
        self.assert_refused(refused, 401, "bad_secret")
        self.assertEqual(refused.all("WWW-Authenticate"), ['Basic realm="shop", charset="UTF-8"'])
        self.assertEqual(refused.all("Cache-Control"), ["no-store"])

    def test_a_body_that_was_read_on_another_route(self):
        for size in (1, 200_000):
            body = os.urandom(size)
            octets = post(body, "/read")
            self.assert_passed(self.ask(octets))
            wrong = octets[:-1] + bytes([octets[-1] ^ 1])
            self.assert_refused(self.ask(wrong), 401, "sig_mismatch")

    def test_a_redirect_to_another_route_is_checked_on_that(self):
        answer = self.ask(head(path="/accel?to=/other"))
        self.assertEqual((answer.status, answer.line["reason"]), (405, "method_not_allowed"))

    def test_a_message_is_not_its_own_repetition(self):
        octets = post(message(), "/replay")
        self.assert_passed(self.ask(octets))
        self.assert_refused(self.ask(octets), 401, "replayed")

    def test_a_subrequest_is_not_checked(self):
        answer = self.ask(head(path="/asked", auth=BAD))
        self.assertEqual((answer.status, answer.line["outcome"]), (200, ""))


class Once(Served):
    """A message passes only once, unless it could not be processed."""

    http = """auth_tollgate_policy policy.json; auth_tollgate_zone z:1m; auth_tollgate once;
    server { listen @web@; location / { proxy_pass http://UPSTREAM; }
        location /lease { auth_tollgate lease; proxy_pass http://UPSTREAM; }
        location /file { }
        location /down { proxy_pass http://127.0.0.1:1; }
        location /dry { auth_tollgate_dry_run on; proxy_pass http://UPSTREAM; } }"""
    files = {"policy.json": policy("once", "lease"), "file": "content"}

    @classmethod
    def setUpClass(cls):
        cls.upstream = Upstream()
        cls.addClassCleanup(cls.upstream.close)
        cls.http = cls.http.replace("UPSTREAM", cls.upstream.address)
        super().setUpClass()

    def answers(self, *statuses):
        for status in statuses:
            octets = f"HTTP/1.1 {status} X\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
            self.upstream.answers.append(octets.encode())

    def statuses(self, octets, *given):
        """What the same message gets again and again, with these statuses of the backend."""
        self.answers(*given)
        got = []
        for _ in given:
            got.append(self.ask(octets).status)
            if got[-1] == 401:
                break
            self.upstream.take()
        self.upstream.answers.clear()
        return got

    def test_it_counts_as_processed_below_500(self):
        for status in (200, 204, 302, 400, 404, 409, 499):
            got = self.statuses(post(message()), status, 200)
            self.assertEqual(got[1], 401, status)

    def test_it_is_given_back_with_500_and_more(self):
        for status in (500, 502, 503, 504):
            self.assertEqual(self.statuses(post(message()), status, 200, 200), [status, 200, 401])

    def test_it_is_given_back_if_the_backend_is_down(self):
        octets = post(message(), "/down")
        for _ in range(3):
            answer = self.ask(octets)
            self.assertEqual((answer.status, answer.line["outcome"]), (502, "PASSED"))
        moved = octets.replace(b"/down", b"/")
        self.assertEqual(self.statuses(moved, 200, 200), [200, 401])

    def test_a_forged_one_takes_nothing(self):
        octets = post(message())
        self.assertEqual(self.ask(octets.replace(GOOD.encode(), BAD.encode())).status, 401)
        self.assertEqual(self.statuses(octets, 200, 200), [200, 401])

    def test_a_client_that_goes_away_leaves_it_taken(self):
        self.upstream.gate.clear()
        octets = post(message())
        with self.nginx.connect("web") as connection:
            connection.send(octets)
            self.upstream.take()
        self.nginx.logged(connection.key)
        self.upstream.gate.set()
        self.assert_refused(self.ask(octets), 401, "replayed")

    def test_a_lease_ends(self):
        self.upstream.gate.clear()
        octets = post(message(), "/lease")
        with self.nginx.connect("web") as connection:
            connection.send(octets)
            self.upstream.take()
            self.assert_refused(self.ask(octets), 401, "replayed")
        self.nginx.logged(connection.key)
        self.upstream.gate.set()
        time.sleep(3.2)
        self.assertEqual(self.statuses(octets, 200, 200), [200, 401])

    def test_two_at_once(self):
        """One of many passes."""
        octets = post(message())
        connections = [self.nginx.connect("web") for _ in range(20)]
        for connection in connections:
            connection.send(octets)
        statuses = []
        for connection in connections:
            statuses.append(connection.answer().status)
            connection.close()
        self.assertEqual(sorted(statuses), [200] + [401] * 19)
        self.upstream.take()
        self.assertTrue(self.upstream.is_idle())


NUMBERS = itertools.count()

if __name__ == "__main__":
    unittest.main()
