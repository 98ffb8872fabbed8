"""The requests of five payment systems in examples/, octet for octet, over TCP or TLS."""

import unittest
from collections import Counter
from dataclasses import dataclass

from nginx import ROOT, Clock, Nginx

EXAMPLES = ROOT / "examples"
SYSTEMS = ("flexiown", "pledg", "onekeypayments", "directa24", "ixopay")
COLUMNS = ("file", "policy", "route", "peer", "tls", "time", "times", "reason", "status", "streamed",
           "credential", "payment")
# nginx answers before the module is asked: two lines Authorization, or a NUL.
BY_NGINX = {("pledg", "14-twice.http"), ("ixopay", "16-twice.http"), ("flexiown", "14-control.http")}
HTTP = """
set_real_ip_from 127.0.0.1; real_ip_header proxy_protocol;
ssl_certificate tls.crt; ssl_certificate_key tls.key;
server { listen @unix-backend@; access_log off; location / { return 200 passed; } }
"""
SERVER = """
server {{
    listen @r{number}-tls@ ssl proxy_protocol; listen @r{number}-plain@ proxy_protocol;
    auth_tollgate_policy {policy}.json; auth_tollgate_zone r{number}:256k;
    location / {{ {what} }}
}}
"""


@dataclass
class Row:
    system: str
    number: int
    members: dict
    shows: str

    def __getattr__(self, name):
        return self.members[name]

    @property
    def octets(self):
        return (EXAMPLES / "requests" / self.system / self.file).read_bytes()

    @property
    def answer(self):
        """The whole answer of a token endpoint; None for other rows."""
        path = (EXAMPLES / "requests" / self.system / self.file).with_suffix(".answer")
        return path.read_bytes() if path.exists() else None

    @property
    def stored(self):
        if self.payment == "-":
            return ""
        for line in (EXAMPLES / "requests" / self.system / "payments.txt").read_text().splitlines():
            if line.startswith(f"{self.payment} "):
                values = line.split(" #")[0].split()[1:]
                return f"auth_tollgate_stored {' '.join(values)}; "
        raise AssertionError(f"no payment {self.payment}")

    @property
    def server(self):
        what = f"{self.stored}auth_tollgate {self.route}; proxy_pass http://@unix-backend@;"
        if self.answer:
            what = f"auth_tollgate_token {self.route};"
        return SERVER.format(number=self.number, policy=self.policy, what=what)


def load(system, first):
    lines = (EXAMPLES / "requests" / system / "expected.txt").read_text().splitlines()
    rows = [line for line in lines if not line.startswith("#")]
    return [Row(system, first + place, dict(zip(COLUMNS, line.split())), line.split(" # ")[1])
            for place, line in enumerate(rows)]


class Systems(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.rows = []
        for system in SYSTEMS:
            cls.rows += load(system, len(cls.rows))
        policies = {path.name: path.read_bytes() for path in (EXAMPLES / "policies").iterdir()}
        cls.clock = Clock(1769860800_000)
        cls.nginx = Nginx(HTTP + "".join(row.server for row in cls.rows), clock=cls.clock,
                          files=policies)
        cls.addClassCleanup(cls.nginx.stop)

    def ask(self, row):
        """What the last of all repetitions gets: the answer and its line in the log."""
        self.clock.set(int(row.time) * 1000)
        key = None
        for time in range(1, int(row.times) + 1):
            patience = 0.4 if row.reason == "length_mismatch" else 10
            with self.nginx.connect(f"r{row.number}-{row.tls}", tls=row.tls == "tls", peer=row.peer,
                                    patience=patience) as connection:
                connection.send(row.octets)
                try:
                    answer = connection.answer(row.octets.split(b" ")[0].decode())
                except TimeoutError:
                    return None, {}
                key = connection.key
            if time < int(row.times):
                self.assertEqual(answer.status, 200)
        return answer, self.nginx.logged(key)[0]

    def wanted(self, row):
        """Status and reason of a row in nginx. The head decides first, unless the body is needed
        for that."""
        if row.reason == "length_mismatch":
            return "none"
        if (row.system, row.file) in BY_NGINX:
            return "400 -"
        status = row.streamed if row.streamed != "503" else row.status
        return f"{status} {row.reason}"

    def test_every_row(self):
        counts, faults = Counter(), []
        for row in self.rows:
            answer, line = self.ask(row)
            got = f"{answer.status} {line['reason'] or '-'}" if answer else "none"
            wanted = self.wanted(row)
            if got != wanted:
                faults.append(f"{row.system} {row.file} ({row.shows}): {got}, not {wanted}")
            faults += self.faults_of(row, answer, line)
            counts[row.system] += 1
            counts["none" if got == "none" else "nginx" if got.endswith("-") else "decided"] += 1
        print(f"\n{len(self.rows)} requests of {len(SYSTEMS)} systems: {dict(counts)}")
        self.assertFalse(faults, "\n".join(faults))
        self.assertGreater(min(counts[system] for system in SYSTEMS), 12)

    def faults_of(self, row, answer, line):
        if answer is None:
            return []
        found = []
        credential = row.credential if row.reason == "ok" and row.credential != "-" else ""
        if line["credential"] != credential:
            found.append(f"{row.system} {row.file}: the credential is {line['credential']}")
        if row.status == "429" and int(answer.get("Retry-After") or 0) < 1:
            found.append(f"{row.system} {row.file}: no Retry-After")
        if row.answer:
            found += self.token_faults(row, answer)
        elif row.reason == "ok" and answer.body != b"passed":
            found.append(f"{row.system} {row.file}: the backend was not asked")
        return found

    def token_faults(self, row, answer):
        """Every header line and every octet of the body that the library wrote is there."""
        head, body = row.answer.split(b"\r\n\r\n", 1)
        found = [] if body == answer.body else [f"{row.file}: the body is {answer.body}"]
        for line in head.decode().split("\r\n")[1:]:
            name, value = line.split(": ", 1)
            if answer.all(name) != [value]:
                found.append(f"{row.file}: {name} is {answer.all(name)}, not {value}")
        return found

    def test_the_rows_can_fail(self):
        row = next(row for row in self.rows if row.reason == "ok" and row.system == "ixopay")
        answer, line = self.ask(row)
        self.assertEqual(self.faults_of(row, answer, line), [])
        for wrong in ({"credential": "other"}, {"status": "429"}):
            other = Row(row.system, row.number, { **row.members, **wrong}, row.shows)
            self.assertEqual(len(self.faults_of(other, answer, line)), 1, wrong)
        token = next(row for row in self.rows if row.answer)
        self.assertNotEqual(self.token_faults(token, answer), [])


if __name__ == "__main__":
    unittest.main()
