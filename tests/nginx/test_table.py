"""Every row of the table of bad inputs, over HTTP/1.1 and TLS, whole and in pieces."""

import time
import unittest
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

import compare
import differences
import table
from client import Closed, Malformed
from nginx import Clock, Nginx

LATER_S = 0.03  # nginx has read what was sent before
FULL = "the memory of nginx has room for more than the row fills"


def why_unsent(row):
    """Why a row cannot be sent to nginx; None if it can."""
    routes = table.policy(row["policy"])["routes"]
    for step in row["asked"]:
        if step.wall_ms >= 1 << 43 or step.wall_ms == 0:
            return "no clock of Linux has this time"
        if step.route not in routes:
            return "nginx refuses a configuration with this route"
        if table.is_stateful(row) and step.shift_ms != row["asked"][0].shift_ms:
            return "the clocks are set apart, which libfaketime cannot"
        reasons = [step.expect.get("reason")]
        if {"limits_unavailable", "replay_unavailable"} & set(reasons):
            return "nginx refuses a policy without the memory that it needs"
        if {"limits_full", "replay_full"} & set(reasons) or 1 in row.get("memory", ()):
            return FULL
    return None


@dataclass
class Got:
    """What came of a request: the answer, if there was one, and its line in the access log."""

    answer: object
    line: dict
    instead: str = "none"

    @property
    def short(self):
        if self.answer is None:
            return self.instead
        return f"{self.answer.status} {self.line.get('reason') or '-'}"


class Asker:
    """Asks an nginx that has all servers of the rows."""

    def __init__(self, nginx, clock):
        self.nginx, self.clock, self.lines = nginx, clock, Counter()

    def step(self, step, pieces):
        """All repetitions of a step, in as many pieces; yields what they get."""
        connection = None
        times = step.times if pieces == 1 else min(step.times, 20)
        if step.is_later and pieces == 1:
            return
        for repetition in range(times):
            self.clock.set(step.wall_ms + step.plus_ms * repetition)
            if connection and step.given.get("peer_plus"):
                connection.close()
                connection = None
            connection = connection or self.connect(step, repetition)
            got = self.once(connection, step, pieces)
            yield got
            if got.answer is None or got.answer.get("Connection") == "close" or not got.line:
                connection.close()
                connection = None
        if connection:
            connection.close()

    def connect(self, step, repetition):
        name = step.server + ("t" if step.member("tls") else "p")
        peer = step.peer(repetition)
        if peer is None:
            name = f"unix-{name}"
        patience = 0.4 if differences.is_silent(step) else 10
        return self.nginx.connect(name, tls=step.member("tls"), peer=peer, patience=patience)

    def once(self, connection, step, pieces):
        try:
            with suppress(OSError):  # nginx may answer and close before it has all
                self.send(connection, step, pieces)
            answer = connection.answer(step.member("method"))
        except (TimeoutError, Closed, OSError):
            return Got(None, {})
        except Malformed as octets:
            # HTTP/0.9 has no head; what would be the end of it is not let through.
            return Got(None, {}, "passed" if "passed" in str(octets) else "no HTTP/1.1")
        if answer.get("Connection") == "close":
            connection.close()  # nginx waits for that with its line in the log
        self.lines[connection.key] += 1
        lines = self.nginx.logged(connection.key, self.lines[connection.key])
        return Got(answer, lines[self.lines[connection.key] - 1])

    def send(self, connection, step, count):
        pieces = step.pieces(count)
        if count == 1:
            return connection.send(step.head + b"".join(pieces))
        connection.send(step.head)
        for place, piece in enumerate(pieces):
            if step.is_later and place == len(pieces) - 1:
                time.sleep(LATER_S)
                self.clock.set(step.wall_ms + step.later_ms)
            time.sleep(0.001)
            connection.send(piece)


class Tally:
    """What came of the rows."""

    def __init__(self):
        self.counts, self.unsent, self.own = Counter(), Counter(), Counter()
        self.needed, self.alike, self.faults = set(), {}, []

    def row(self, asker, row, pieces):
        why = why_unsent(row)
        if why:
            self.unsent[why] += pieces == 1
            return
        for step in row["asked"]:
            for repetition, got in enumerate(asker.step(step, pieces)):
                self.judge(step, got, pieces, repetition)

    def judge(self, step, got, pieces, repetition):
        self.counts["sent"] += 1
        other = differences.expected(step)
        if other:
            self.needed.add(differences.key(step))
            same = not compare.differences(step, got)
            found = [] if got.short == other[0] else [f"{got.short}, not {other[0]}"]
            found += ["the entry in differences.py is not needed"] if same else []
            self.own[other[1]] += 1
        else:
            found = compare.differences(step, got)
            self.counts["as the table says"] += not found
            tag = step.row.get("alike")
            if tag and got.answer:
                self.alike.setdefault((tag, pieces), {})[compare.public(got.answer)] = step.name
        if found and repetition == 0:
            self.faults.append(f"{step.name}, {pieces} pieces: {got.short}: {'; '.join(found)}")

    def compare_alike(self):
        for (tag, _), answers in self.alike.items():
            if len(answers) > 1:
                self.faults.append(f"{tag}: answers can be told apart: {answers}")

    def report(self):
        lines = [f"{count:>6}  {what}" for what, count in self.counts.items()]
        lines += [f"{count:>6}  otherwise: {why}" for why, count in self.own.items()]
        lines += [f"{count:>6}  rows not sent: {why}" for why, count in self.unsent.items()]
        return "\n".join(lines)


class TheTable(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.rows = table.load()

    def start(self, rows, monotonic):
        servers = table.Servers(rows)
        clock = Clock(table.NOW_MS, monotonic)
        nginx = Nginx(servers.configuration(), files=servers.documents(), clock=clock)
        self.addCleanup(nginx.stop)
        return Asker(nginx, clock)

    def test_every_row(self):
        tally = Tally()
        sendable = [row for row in self.rows if not why_unsent(row)]
        stateless = [row for row in sendable if not table.is_stateful(row)]
        stateful = [row for row in sendable if table.is_stateful(row)]
        asker = self.start(stateless, monotonic=False)
        for pieces in (1, 3):
            for row in stateless:
                tally.row(asker, row, pieces)
            begins_anew = self.start(stateful, monotonic=True)
            for row in stateful:
                tally.row(begins_anew, row, pieces)
        for row in self.rows:
            why = why_unsent(row)
            tally.unsent[why] += bool(why)
        del tally.unsent[None]
        tally.compare_alike()
        print(f"\n{len(self.rows)} rows of the table\n{tally.report()}")
        unneeded = set(differences.EXPECTED) - tally.needed
        faults = tally.faults + [f"{name} is no row that was sent" for name in unneeded]
        self.assertFalse(faults, f"{len(faults)} differences\n" + "\n".join(faults[:200]))

    def test_a_wrong_expectation_is_noticed(self):
        shows = "one Authorization line passes"
        row = next(row for row in table.load() if row["shows"] == shows)
        (step, ) = row["asked"]
        asker = self.start([row], monotonic=False)
        (got, ) = asker.step(step, 1)
        self.assertEqual(compare.differences(step, got), [])
        right = step.given["expect"]
        for wrong in ({"reason": "stale"}, {"status": 201}, {"credential": "other"}, {"generation": 9},
                      {"lines": ["Allow: GET"]}, {"retry_after": 1}, {"challenges": ["Basic"]}):
            step.expect = { **right, **wrong}
            self.assertNotEqual(compare.differences(step, got), [], wrong)


if __name__ == "__main__":
    unittest.main()
