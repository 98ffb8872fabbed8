"""Directives: where they stand, what they pass on, and what an error in them says."""

import hashlib
import unittest

from common import BAD, GOOD, Served, head, policy, post
from nginx import Failed, check

BACKEND = """
server { listen @backend@; access_log off;
    location / { add_header X-Got "$http_x_credential" always; return 200 "passed $request_uri"; } }
"""
PASS = "proxy_pass http://@backend@; proxy_set_header X-Credential $auth_tollgate_credential;"


class Inheritance(Served):
    http = BACKEND + "auth_tollgate_policy policy.json; auth_tollgate signed; server { listen @web@;" + PASS.replace(
        "proxy_pass http://@backend@;", "") + """
        location / { proxy_pass http://@backend@; }
        location /off { auth_tollgate off; proxy_pass http://@backend@; }
        location /plain { auth_tollgate plain; proxy_pass http://@backend@;
            location /plain/off { auth_tollgate off; proxy_pass http://@backend@; }
            location /plain/deeper { proxy_pass http://@backend@; } }
        location /lmt { auth_tollgate off; proxy_pass http://@backend@;
            limit_except GET { auth_tollgate plain; } }
        location /lmt-off { auth_tollgate plain; proxy_pass http://@backend@;
            limit_except POST { auth_tollgate off; } }
        location /other { auth_tollgate_policy other.json; auth_tollgate on; proxy_pass http://@backend@; }
        location /early { auth_tollgate plain; set $early "<$auth_tollgate_credential$auth_tollgate_status>";
            add_header X-Early $early; proxy_pass http://@backend@; }
        location /if { auth_tollgate plain; if ($arg_a) { set $b 1; } proxy_pass http://@backend@; }
    }
    server { listen @off@; auth_tollgate off; location / { proxy_pass http://@backend@; } }
    server { listen @server@; auth_tollgate plain; location / { proxy_pass http://@backend@; } }
    """
    files = {"policy.json": policy(), "other.json": policy("post")}

    def test_http_is_inherited(self):
        self.assert_refused(self.ask(head()), 401, "missing_signature")
        self.assert_passed(self.ask(post(b"{}")))

    def test_off_is_the_control_for_all_of_this(self):
        for path in ("/off", "/plain/off", "/lmt", "/lmt-off"):
            method = "POST" if path == "/lmt-off" else "GET"
            answer = self.ask(head(method if path != "/lmt-off" else "GET", path, BAD))
            self.assertEqual((answer.status, answer.line["outcome"]), (200, ""), path)
        answer = self.ask(head(auth=None), "off")
        self.assertEqual((answer.status, answer.line["reason"], answer.get("X-Got")), (200, "", None))

    def test_a_location_has_its_own_and_passes_it_on(self):
        for path in ("/plain", "/plain/deeper", "/if", "/if?a=1"):
            self.assert_passed(self.ask(head(path=path)))
            self.assert_refused(self.ask(head(path=path, auth=BAD)), 401, "bad_secret")
        self.assert_passed(self.ask(head(), "server"))

    def test_limit_except(self):
        self.assert_refused(self.ask(head("POST", "/lmt", BAD, "Content-Length: 0")), 401, "bad_secret")
        self.assert_passed(self.ask(head("POST", "/lmt", GOOD, "Content-Length: 0")))
        refused = self.ask(head("POST", "/lmt-off", BAD, "Content-Length: 0"))
        self.assert_refused(refused, 401, "bad_secret")

    def test_on_is_the_one_route_of_its_policy(self):
        refused = self.ask(head(path="/other"))
        self.assert_refused(refused, 405, "method_not_allowed")
        self.assertEqual(refused.get("Allow"), "POST")
        self.assert_passed(self.ask(head("POST", "/other", GOOD, "Content-Length: 0")))

    def test_the_backend_gets_the_credential_and_the_target(self):
        answer = self.ask(head(path="/plain/deeper?a=%2F"))
        self.assertEqual(answer.get("X-Got"), "the-shop")
        self.assertEqual(answer.body, b"passed /plain/deeper?a=%2F")
        self.assertEqual(self.ask(post(b"{}")).line["generation"], "3")

    def test_the_caller_cannot_name_itself(self):
        for lines in (("X-Credential: another", ), ("x-credential: a", "X-CREDENTIAL: b")):
            self.assertEqual(self.ask(head("GET", "/plain", GOOD, *lines)).get("X-Got"), "the-shop")

    def test_variables_that_are_read_too_early_are_read_again(self):
        answer = self.ask(head(path="/early"))
        self.assert_passed(answer)
        self.assertEqual((answer.get("X-Early"), answer.get("X-Got")), ("<>", "the-shop"))

    def test_challenges_and_the_public_reason(self):
        refused = self.ask(head(path="/plain", auth=None))
        self.assert_refused(refused, 401, "no_credential")
        self.assertEqual(refused.get("WWW-Authenticate"), 'Basic realm="shop", charset="UTF-8"')
        self.assertEqual(refused.get("Cache-Control"), "no-store")
        wrong = self.ask(head(path="/plain", auth=BAD))
        self.assertEqual(wrong.body, b'{"status":401,"title":"Unauthorized","reason":"unauthorized"}\r\n')
        self.assertIn("reason: bad_secret", self.nginx.error_log())


class DryRun(Served):
    http = BACKEND + """auth_tollgate_policy policy.json; auth_tollgate plain; server { listen @web@;
        location / { auth_tollgate_dry_run on; %s }
        location /wet { auth_tollgate_dry_run off; %s }
        location /any { auth_tollgate_dry_run on; satisfy any; deny all; %s }
        location /all { auth_tollgate_dry_run on; satisfy all; deny all; %s }
        location /near { auth_tollgate near; auth_tollgate_dry_run on; %s }
        location /info { auth_tollgate_log_level info; %s }
        location /notice { auth_tollgate_log_level notice; %s }
        location /warn { auth_tollgate_log_level warn; %s }
        location /signed { auth_tollgate signed; auth_tollgate_dry_run on; %s }
        location /max { auth_tollgate_max_body 10; auth_tollgate_dry_run on; %s }
    }""" % ((PASS, ) * 10)

    def test_everything_is_checked_and_nothing_refused(self):
        answer = self.ask(head(auth=BAD))
        self.assertEqual((answer.status, answer.get("X-Got")), (200, None))
        self.assertEqual(answer.line["outcome"], "REJECTED_DRY_RUN")
        self.assertEqual((answer.line["reason"], answer.line["credential"]), ("bad_secret", ""))
        self.assertIsNone(answer.get("WWW-Authenticate"))
        self.assert_passed(self.ask(head()))
        self.assert_refused(self.ask(head(path="/wet", auth=BAD)), 401, "bad_secret")

    def test_a_credential_that_does_not_pass_is_nobody(self):
        answer = self.ask(head(path="/near"))
        self.assertEqual((answer.line["reason"], answer.line["credential"]), ("ip_not_allowed", ""))
        self.assertIsNone(answer.get("X-Got"))

    def test_satisfy_does_not_act_on_it(self):
        for path in ("/any", "/all"):
            self.assertEqual(self.ask(head(path=path)).status, 403, path)

    def test_the_body_goes_on_unchanged(self):
        for body in (b"x" * 5, b"x" * 100000):
            answer = self.ask(post(body, "/signed", GOOD, signed=False))
            self.assertEqual((answer.status, answer.line["reason"]), (200, "missing_signature"))
            answer = self.ask(post(body, "/max", GOOD))
            self.assertEqual(answer.status, 200)
            self.assertEqual(answer.line["outcome"], "PASSED" if len(body) < 10 else "REJECTED_DRY_RUN")

    def test_the_level_of_the_line(self):
        for path, level in (("/info", "info"), ("/notice", "notice"), ("/warn", "warn"), ("/wet", "error")):
            before = len(self.nginx.error_log())
            self.ask(head(path=path, auth=BAD))
            lines = self.nginx.error_log()[before:].splitlines()
            (line, ) = [line for line in lines if "tollgate: " in line]
            self.assertIn(f"[{level}]", line)
            self.assertIn("reason: bad_secret", line)

    def test_a_request_that_passes_gets_no_line(self):
        before = len(self.nginx.error_log())
        self.ask(head(path="/wet"))
        self.assertNotIn("tollgate", self.nginx.error_log()[before:])


class Stored(Served):
    http = BACKEND + """auth_tollgate_policy trust.json;
    map $arg_payment $credential { 7 the-shop; 8 another; }
    map $arg_payment $value { default ""; 7 00112233445566778899aabbccddeeff; 8 00112233445566778899aabbccddeeff; }
    map $arg_payment $seed { 7 a-seed; 8 a-seed; }
    map $arg_payment $signature { 7 %s; 8 %s; }
    server { listen @web@;
        location / { auth_tollgate pay; auth_tollgate_stored $credential $value $seed $signature; %s }
        location /none { auth_tollgate pay; %s } }"""
    SIGNATURE = hashlib.sha256(b"00112233445566778899aabbccddeeffa-seed").hexdigest()
    http %= (SIGNATURE, SIGNATURE, PASS, PASS)
    TRUST = { "max_body": 1000, "https": False, "network": False, "credentials": ["basic"], "signature": "flexiown-trust" }
    files = {"trust.json": policy("plain", routes={"pay": TRUST})}
    BODY = b'{"trust_value":"00112233445566778899aabbccddeeff","trust_seed":"a-seed"}'

    def test_what_is_stored_comes_from_variables(self):
        def answer(path):
            return self.ask(post(self.BODY, path, GOOD, "Content-Type: application/json", signed=False))

        self.assert_passed(answer("/?payment=7"))
        self.assert_refused(answer("/?payment=8"), 403, "trust_mismatch")
        self.assert_refused(answer("/?payment=9"), 401, "missing_signature")
        self.assert_refused(answer("/none?payment=7"), 401, "missing_signature")


class Reload(Served):
    http = BACKEND + """auth_tollgate_policy policy.json; auth_tollgate_zone z:1m; server { listen @web@;
        location / { auth_tollgate few; %s } }""" % PASS
    files = {"policy.json": policy("few")}
    more = {"clean": False, "workers": 2}

    def test_limits_outlive_a_reload_and_a_bad_policy_changes_nothing(self):
        self.assert_passed(self.ask(head()))
        self.nginx.reload()
        self.assert_passed(self.ask(head()))
        limited = self.ask(head())
        self.assert_refused(limited, 429, "rate_limited")
        self.assertEqual(limited.get("Retry-After"), "1800")
        self.assertIn('r=0', limited.get("RateLimit"))
        self.nginx.put("policy.json", policy("few").replace('"limit": 2', '"limit": "x"'))
        with self.assertRaisesRegex(Failed, r"policy\.json:\d+:\d+: routes\.few\.rates"):
            self.nginx.reload()
        self.assert_refused(self.ask(head()), 429, "rate_limited")
        self.nginx.put("policy.json", policy("few").replace('"limit": 2', '"limit": 4'))
        self.nginx.reload()
        self.assertEqual(self.ask(head()).get("Retry-After"), "900")
        self.nginx.reload(self.http.replace("z:1m", "z:2m"))
        for _ in range(4):
            self.assert_passed(self.ask(head()))
        self.assertEqual(self.ask(head()).status, 429)


class Errors(unittest.TestCase):
    """Every configuration that is refused, and the message."""

    def messages(self, http, **files):
        files = { "policy.json": policy(), "few.json": policy("few"), **files}
        good, text = check(http, files=files)
        return None if good else text

    def in_server(self, directives, **files):
        return self.messages("server { listen @web@; %s }" % directives, **files)

    def test_good_ones(self):
        for http in ("auth_tollgate_policy policy.json; auth_tollgate plain;", "auth_tollgate off;",
                     "auth_tollgate_policy few.json; auth_tollgate_zone z:256k; auth_tollgate on;",
                     "auth_tollgate_policy few.json;", "auth_tollgate_zone z:8m;",
                     "auth_tollgate_policy policy.json; location /t { auth_tollgate_token; }",
                     "auth_tollgate_policy policy.json; location /t { auth_tollgate_token token; }",
                     "location /m { auth_tollgate_metrics; }", "auth_tollgate_max_body 0;",
                     "auth_tollgate_max_body 5g;",
                     "auth_tollgate_zone z:1m; auth_tollgate_policy policy.json; auth_tollgate plain;"
                     " location /a { auth_tollgate_zone z; }"):
            with self.subTest(http):
                self.assertIsNone(self.in_server(http))

    BAD = {
        "auth_tollgate_policy policy.json; auth_tollgate nobody;": r'"auth_tollgate nobody" is no route of .*policy\.json in .*nginx\.conf:\d+',
        "auth_tollgate_policy policy.json; auth_tollgate PLAIN;": r'"auth_tollgate PLAIN" is no route of',
        "auth_tollgate_policy policy.json; auth_tollgate token;": r'"auth_tollgate token" is a token endpoint',
        "auth_tollgate_policy policy.json; auth_tollgate on;": r'"auth_tollgate on" must name the route',
        "auth_tollgate plain;": r'"auth_tollgate plain" needs "auth_tollgate_policy"',
        "auth_tollgate_policy few.json; auth_tollgate few;": r'"auth_tollgate few" needs "auth_tollgate_zone"',
        "auth_tollgate_policy missing.json;": r'open\(\) "[^"]*missing\.json" failed \(2: No such file',
        "auth_tollgate_policy .;": r"is not a file|failed",
        "auth_tollgate_zone z:1m; auth_tollgate_policy policy.json; auth_tollgate plain; location /b {"
        " auth_tollgate_policy few.json; auth_tollgate few; }": r"the zone is that of another policy",
        "auth_tollgate_zone z:64k;": r"too small.*256k",
        "auth_tollgate_zone z:255k;": r"too small.*256k",
        "auth_tollgate_zone z:;": r"invalid zone size",
        "auth_tollgate_zone z:x;": r"invalid zone size",
        "auth_tollgate_zone z:-1;": r"invalid zone size",
        "auth_tollgate_zone z:1mm;": r"invalid zone size",
        "auth_tollgate_zone :1m;": r"invalid zone name",
        "auth_tollgate_zone z;": r"z",
        "auth_tollgate_zone z:1m; location /a { auth_tollgate_zone z:2m; }": r"z",
        "auth_tollgate_zone;": r"invalid number of arguments",
        "auth_tollgate_zone z:1m; auth_tollgate_zone y:1m;": r'"auth_tollgate_zone" directive is duplicate',
        "auth_tollgate off; auth_tollgate off;": r'"auth_tollgate" directive is duplicate',
        "auth_tollgate;": r"invalid number of arguments", 'auth_tollgate "";': r"has an empty name",
        "auth_tollgate_policy policy.json; auth_tollgate_policy policy.json;": r"is duplicate",
        "auth_tollgate_dry_run maybe;": r'it must be "on" or "off"',
        "auth_tollgate_dry_run on; auth_tollgate_dry_run on;": r"is duplicate",
        "auth_tollgate_log_level debug;": r'invalid value "debug"',
        "auth_tollgate_log_level info; auth_tollgate_log_level info;": r"is duplicate",
        "auth_tollgate_max_body x;": r"invalid value", "auth_tollgate_max_body -1;": r"invalid value",
        "auth_tollgate_max_body 1; auth_tollgate_max_body 1;": r"is duplicate",
        "auth_tollgate_stored a b c;": r"invalid number of arguments",
        "auth_tollgate_stored a b c $nobody;": r'unknown "nobody" variable',
        "auth_tollgate_stored a b c d; auth_tollgate_stored a b c d;": r"is duplicate",
        "auth_tollgate_token;": r'"auth_tollgate_token" directive is not allowed here',
        "auth_tollgate_metrics;": r'"auth_tollgate_metrics" directive is not allowed here',
        "location / { auth_tollgate_metrics x; }": r"invalid number of arguments",
        "auth_tollgate_policy policy.json; location / { auth_tollgate_token plain; }": r"plain\" is no token endpoint of",
        "auth_tollgate_policy policy.json; location / { auth_tollgate_token nobody; }": r"nobody\" is no route of",
        "auth_tollgate_policy few.json; location / { auth_tollgate_token; }": r'"auth_tollgate_token" must name the route',
        "location / { auth_tollgate_token; }": r'"auth_tollgate_token" needs "auth_tollgate_policy"',
        "location / { auth_tollgate_token token; auth_tollgate_token token; }": r"is duplicate",
        "location / { auth_tollgate_token token; auth_tollgate plain; }": r"is duplicate",
        "auth_tollgate_policy policy.json; location / { auth_tollgate_token token; proxy_pass http://127.0.0.1:1; }": r"auth_tollgate_token",
        "location / { if ($arg_a) { auth_tollgate off; } }": r"is not allowed here",
        "location / { limit_except GET { auth_tollgate_policy policy.json; } }": r"is not allowed here",
    }

    def test_bad_ones(self):
        for http, wanted in self.BAD.items():
            with self.subTest(http):
                text = self.in_server(http)
                self.assertIsNotNone(text, "nginx -t is content")
                self.assertRegex(text, r"\[emerg\].*(?:%s)" % wanted)

    def test_every_error_of_a_policy_is_told(self):
        bad = policy().replace('"max_body": 100', '"max_body": -1').replace('"realm"', '"relm"')
        text = self.in_server("auth_tollgate_policy bad.json;", **{"bad.json": bad})
        lines = [line for line in text.splitlines() if "bad.json:" in line]
        self.assertGreaterEqual(len(lines), 4, text)
        places = [line for number, line in enumerate(bad.splitlines(), 1) if '-1' in line or "relm" in line]
        for number, line in enumerate(bad.splitlines(), 1):
            if "-1" in line or "relm" in line:
                self.assertRegex(text, r"\[emerg\].*bad\.json:%d:\d+: \S+: .+" % number)
        self.assertGreaterEqual(len(places), 4)

    def test_a_route_that_cannot_be_named(self):
        """Who writes `auth_tollgate off` for a route of that name must not get what is open."""
        for name in ("on", "off"):
            document = policy("plain").replace('"plain"', f'"{name}"')
            text = self.in_server("auth_tollgate_policy odd.json;", **{"odd.json": document})
            self.assertRegex(text or "", r"\[emerg\].*odd\.json.*routes\.%s" % name)

    def test_a_policy_that_is_no_json(self):
        for bad in ("", "{", "nonsense", "\0", "[]"):
            text = self.in_server("auth_tollgate_policy bad.json;", **{"bad.json": bad})
            self.assertRegex(text or "", r"\[emerg\].*bad\.json:\d+:\d+: ", bad)

    def test_secrets_in_files_are_looked_for_from_the_folder_of_the_document(self):
        document = policy("signed").replace('"text": "the signing secret of the shop"', '"file": "shop.key"')
        http = "auth_tollgate_policy sub/policy.json; auth_tollgate on;"
        files = {"sub/policy.json": document, "sub/shop.key": "the signing secret of the shop"}
        self.assertIsNone(self.in_server(http, **files))
        del files["sub/shop.key"]
        self.assertRegex(self.in_server(http, **files), r"\[emerg\].*sub/policy\.json:\d+:\d+: .*secrets")


if __name__ == "__main__":
    unittest.main()
