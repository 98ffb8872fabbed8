"""The token endpoint, its tokens, and the metrics."""

import json
import re
import subprocess
import unittest

from common import BAD, GOOD, Served, basic, head, message, policy, post

BACKEND = "server { listen @backend@; access_log off; location / { return 200 passed; } }\n"
FORM = "Content-Type: application/x-www-form-urlencoded"
GRANT = b"grant_type=client_credentials"


class Tokens(Served):
    http = BACKEND + """auth_tollgate_policy policy.json; auth_tollgate plain; server { listen @web@;
        location / { proxy_pass http://@backend@; }
        location /token { auth_tollgate_token; }
        location /named { auth_tollgate_token token; }
        location /bearer { auth_tollgate bearer; proxy_pass http://@backend@; } }"""

    def token(self, path="/token", body=GRANT, auth=GOOD):
        return self.ask(post(body, path, auth, FORM, signed=False))

    def assert_error(self, answer, status, error):
        self.assertEqual((answer.status, json.loads(answer.body)), (status, { "error": error }))
        self.assertEqual(answer.get("Content-Type"), "application/json")
        self.assertEqual(answer.get("Cache-Control"), "no-store")

    def test_a_token_passes_as_bearer(self):
        for path in ("/token", "/named"):
            answer = self.token(path)
            self.assertEqual(answer.status, 200)
            self.assertEqual((answer.get("Content-Type"), answer.get("Cache-Control"), answer.get("Pragma")),
                             ("application/json", "no-store", "no-cache"))
            document = json.loads(answer.body)
            self.assertEqual((document["token_type"], document["expires_in"]), ("Bearer", 600))
            token = document["access_token"]
            self.assert_passed(self.ask(head(path="/bearer", auth=f"Bearer {token}")))
            forged = token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1]
            refused = self.ask(head(path="/bearer", auth=f"Bearer {forged}"))
            self.assert_refused(refused, 401, "token_bad_sig")
            self.assertIn('error="invalid_token"', refused.get("WWW-Authenticate"))
            self.assert_refused(self.ask(head(path="/bearer")), 401, "unknown_scheme")

    def test_a_token_with_less_is_refused(self):
        self.assert_refused(self.ask(head(path="/bearer", auth=None)), 401, "no_credential")

    def test_errors(self):
        self.assert_error(self.token(auth=BAD), 401, "invalid_client")
        self.assertIn("Basic", self.token(auth=None).get("WWW-Authenticate"))
        self.assert_error(self.token(body=b"grant_type=password"), 400, "unsupported_grant_type")
        self.assert_error(self.token(body=b""), 400, "invalid_request")
        self.assert_error(self.token(body=GRANT + b"&scope=more"), 400, "invalid_scope")
        self.assert_error(self.token(body=GRANT + b"&x=" + b"x" * 5000), 413, "invalid_request")
        form = GRANT + b"&client_id=shop&client_secret=the+passphrase+of+the+shop"
        self.assertEqual(self.token(body=form, auth=None).status, 200)

    def test_other_methods(self):
        for method in ("GET", "PUT", "DELETE", "HEAD", "OPTIONS"):
            answer = self.ask(head(method, "/token"), method=method)
            self.assertEqual((answer.status, answer.get("Allow")), (405, "POST"), method)
            self.assertEqual(answer.get("Cache-Control"), "no-store")

    def test_in_pieces_and_chunks(self):
        with self.nginx.connect("web") as connection:
            for piece in (head("POST", "/token", GOOD, FORM, "Transfer-Encoding: chunked"), b"a\r\n" + GRANT[:10],
                          b"\r\n%x\r\n" % len(GRANT[10:]) + GRANT[10:], b"\r\n0\r\n\r\n"):
                connection.send(piece)
            self.assertEqual(connection.answer().status, 200)
            connection.send(post(GRANT, "/token", BAD, FORM, signed=False) + post(GRANT, "/token", GOOD, FORM, signed=False))
            self.assertEqual([connection.answer().status for _ in range(2)], [401, 200])

    def test_by_curl(self):
        address = "http://127.0.0.1:%d/token" % self.nginx.address("web")[1]
        done = subprocess.run(["curl", "--silent", "--user", "shop:the passphrase of the shop", "--data",
                               GRANT.decode(), address], capture_output=True, timeout=20)
        self.assertEqual(json.loads(done.stdout)["token_type"], "Bearer")


LABELS = r'\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*)\}'
SAMPLE = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:%s)? (\d+(?:\.\d+)?)" % LABELS)
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"')
META = re.compile(r"# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)")


def exposition(text):
    """Reads the text format of Prometheus strictly: each family together, with HELP and TYPE before
    its samples, no sample twice. Returns samples by name and labels."""
    if not text.endswith("\n"):
        raise ValueError("no line feed at the end")
    samples, types, helped, family, over = {}, {}, set(), None, set()
    for line in text[:-1].split("\n"):
        meta, sample = META.fullmatch(line), SAMPLE.fullmatch(line)
        name = meta[2] if meta else sample[1] if sample else None
        if name is None:
            raise ValueError(f"no line of the format: {line!r}")
        if name != family:
            if name in over:
                raise ValueError(f"{name} is not together")
            over.add(name)
            family = name
        if meta and meta[1] == "HELP":
            if name in helped:
                raise ValueError(f"two HELP of {name}")
            helped.add(name)
        elif meta:
            if name in types or any(key[0] == name for key in samples):
                raise ValueError(f"TYPE of {name} twice or late")
            if meta[3] not in ("counter", "gauge"):
                raise ValueError(line)
            types[name] = meta[3]
        else:
            labels = dict(LABEL.findall(sample[2] or ""))
            if len(labels) != len(LABEL.findall(sample[2] or "")) or name not in types:
                raise ValueError(f"a label twice, or no TYPE: {line!r}")
            key = (name, *sorted(labels.items()))
            if key in samples:
                raise ValueError(f"twice: {line!r}")
            if types[name] == "counter" and not name.endswith("_total"):
                raise ValueError(f"a counter that is no _total: {name}")
            samples[key] = float(sample[3])
    return samples


class Metrics(Served):
    http = BACKEND + """auth_tollgate_policy policy.json; auth_tollgate_zone shop:1m; server { listen @web@;
        location / { auth_tollgate post; proxy_pass http://@backend@; }
        location /few { auth_tollgate few; proxy_pass http://@backend@; }
        location /once { auth_tollgate once; proxy_pass http://@backend@; }
        location /dry { auth_tollgate post; auth_tollgate_dry_run on; proxy_pass http://@backend@; }
        location /off { proxy_pass http://@backend@; }
        location /second { auth_tollgate_zone second:256k; auth_tollgate few; proxy_pass http://@backend@; }
        location /metrics { auth_tollgate_metrics; }
        location /closed { deny all; auth_tollgate_metrics; } }"""
    files = {"policy.json": policy("post", "few", "once", failures={ "limit": 50, "period_s": 60 })}
    more = {"workers": 2}

    def metrics(self):
        answer = self.ask(head(path="/metrics", auth=None))
        self.assertEqual(answer.status, 200)
        self.assertRegex(answer.get("Content-Type"), r"^text/plain; version=0\.0\.4")
        return exposition(answer.body.decode())

    def difference(self, before, after):
        keys = { **before, **after}
        found = {key: after.get(key, 0) - before.get(key, 0) for key in keys}
        return {key: value for key, value in found.items() if value}

    def checks(self, route, outcome, reason, zone="shop"):
        labels = { "zone": zone, "route": route, "outcome": outcome, "reason": reason }
        return ("tollgate_checks_total", *sorted(labels.items()))

    def entries(self, memory, zone="shop", name="tollgate_zone_entries"):
        return (name, ("memory", memory), ("zone", zone))

    def test_the_counts_are_exact(self):
        before = self.metrics()
        for _ in range(7):
            self.ask(post(b"", "/", signed=False))
        for _ in range(5):
            self.ask(post(b"", "/", BAD, signed=False))
        for _ in range(3):
            self.ask(post(b"", "/dry", BAD, signed=False))
        self.ask(post(b"", "/dry", signed=False))
        self.ask(head(path="/"))
        self.ask(post(b"x" * 101, "/"))
        self.ask(head(path="/off", auth=BAD))
        found = self.difference(before, self.metrics())
        self.assertEqual({key: value for key, value in found.items() if "checks" in key[0]}, {
            self.checks("post", "allowed", "ok"): 8, self.checks("post", "denied", "bad_secret"): 5,
            self.checks("post", "dry_run", "bad_secret"): 3,
            self.checks("post", "denied", "method_not_allowed"): 1,
            self.checks("post", "denied", "body_too_large"): 1
        })

    def test_entries_rise(self):
        before = self.metrics()
        for octets in (post(message(), "/once"), post(message(), "/once"), head(path="/second")):
            self.assertEqual(self.ask(octets).status, 200)
        found = self.difference(before, self.metrics())
        self.assertEqual(found[self.entries("messages")], 2)
        self.assertEqual(found[self.entries("credentials", "second")], 1)
        self.assertNotIn(self.entries("messages", "second"), found)
        after = self.metrics()
        for memory in ("credentials", "addresses", "messages"):
            for zone in ("shop", "second"):
                most = after[self.entries(memory, zone, "tollgate_zone_entries_max")]
                self.assertGreater(most, 100)
                self.assertLessEqual(after[self.entries(memory, zone)], most)

    def test_counts_outlive_a_reload(self):
        self.ask(post(b"", "/", signed=False))
        before = self.metrics()
        self.nginx.reload()
        self.assertEqual(self.difference(before, self.metrics()), {})

    def test_who_may_not_see_them_does_not(self):
        answer = self.ask(head(path="/closed", auth=None))
        self.assertEqual(answer.status, 403)
        self.assertNotIn(b"tollgate", answer.body)
        self.assertEqual(self.ask(head("HEAD", "/metrics"), method="HEAD").status, 200)

    def test_the_parser_is_strict(self):
        good = '# HELP a_total x\n# TYPE a_total counter\na_total{b="c"} 1\na_total{b="d"} 2\n'
        self.assertEqual(len(exposition(good)), 2)
        for bad in (good[:-1], good + 'a_total{b="c"} 1\n', good + "# TYPE a_total counter\n", good + "x\n",
                    good + 'b_total 1\n', good + "\n", 'a_total{b="c} 1\n', good.replace("a_total", "a"),
                    good + '# TYPE b gauge\nb 1\na_total{b="e"} 1\n', good.replace("} 2", "}2")):
            with self.subTest(bad), self.assertRaises(ValueError):
                exposition(bad)


if __name__ == "__main__":
    unittest.main()
