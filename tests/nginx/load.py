"""Clients that ask without pause, on connections that stay, and judge each answer."""

import random
import threading
from dataclasses import dataclass, field
from itertools import count

from client import Closed, Connection


@dataclass
class Case:
    """A kind of request. `octets` has {id} in its target; `expected` is what each version of the
    policy gives: the status, and the credential that passed."""
    name: str
    octets: bytes
    expected: tuple

    def of(self, version):
        return self.expected[version % len(self.expected)]


@dataclass
class Tally:
    """What the clients saw. Of the identities of requests, `answered` has those with an answer,
    and `raced` those whose connection was closed with not one octet of an answer."""
    answered: dict = field(default_factory=dict)
    raced: set = field(default_factory=set)
    idle: int = 0
    wrong: list = field(default_factory=list)


def request(method, target, lines, body=b"", chunked=False):
    """A case's octets. The target gets an identity."""
    head = [f"{method} {target}?id={{id}} HTTP/1.1", "Host: localhost"]
    head += [f"{name}: {value}" for name, value in lines]
    if chunked:
        head.append("Transfer-Encoding: chunked")
        half = len(body) // 2
        body = b"".join(b"%x\r\n%s\r\n" % (len(it), it) for it in (body[:half], body[half:], b""))
    elif body:
        head.append(f"Content-Length: {len(body)}")
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def is_closed(connection):
    """Whether the other side has ended a connection on which nothing is due."""
    connection.socket.setblocking(False)
    try:
        return not connection.socket.recv(1)
    except BlockingIOError:
        return False
    except ConnectionError:
        return True
    finally:
        connection.socket.settimeout(10)


class Clients:
    """`settled` is the version of the policy that every new connection gets, `started` the last
    one that any connection may have got; X-Version of an answer says which one gave it. `next_case`
    gives a client its next case, None to end."""

    def __init__(self, address, cases, number=16, may_be_killed=False, next_case=None):
        self.address, self.cases, self.may_be_killed = address, cases, may_be_killed
        self.settled = self.started = 0
        self.stopping = threading.Event()
        self.identities = count(1)
        self.next_case = next_case or self._random_case
        self.tallies = [Tally() for _ in range(number)]
        self.threads = [threading.Thread(target=self._run, args=(it, ), daemon=True)
                        for it in self.tallies]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        self.stopping.set()
        self.join()

    def join(self, seconds=60):
        for thread in self.threads:
            thread.join(seconds)
            if thread.is_alive():
                raise AssertionError("a client hangs")

    def answers(self):
        return sum(len(it.answered) for it in self.tallies)

    def total(self):
        """All tallies as one."""
        total = Tally()
        for tally in self.tallies:
            total.answered |= tally.answered
            total.raced |= tally.raced
            total.idle += tally.idle
            total.wrong += tally.wrong
        return total

    def _random_case(self):
        return None if self.stopping.is_set() else random.choice(self.cases)

    def _run(self, tally):
        connection, floor = None, 0
        try:
            while (case := self.next_case()) is not None:
                if connection and is_closed(connection):
                    tally.idle += 1
                    connection.close()
                    connection = None
                is_new = connection is None
                if is_new:
                    floor = self.settled
                    connection = Connection(self.address)
                if not self._ask(case, connection, is_new, floor, tally):
                    connection.close()
                    connection = None
        except Exception as error:  # a thread has nobody else to tell
            tally.wrong.append(f"{type(error).__name__}: {error}")
        finally:
            if connection:
                connection.close()

    def _ask(self, case, connection, is_new, floor, tally):
        """Asks once; whether the connection stays."""
        identity = next(self.identities)
        try:
            connection.send(case.octets.replace(b"{id}", b"%d" % identity, 1))
            answer = connection.answer()
        except (Closed, ConnectionError):
            # A worker that ends closes what is idle. A new connection is not: it must be served.
            if is_new and not self.may_be_killed:
                tally.wrong.append(f"{case.name}: a new connection was closed without an answer")
            tally.raced.add(identity)
            return False
        got = (answer.status, answer.get("X-Credential") or "")
        tally.answered[identity] = (case, got[0])
        version = answer.get("X-Version")
        versions = range(floor, self.started + 1)
        may_be = {case.of(int(version))} if version else {case.of(it) for it in versions}
        if got not in may_be:
            tally.wrong.append(f"{case.name}: {got}, with {version}: {answer.octets}")
        if version and int(version) not in versions:
            tally.wrong.append(f"version: {version}, not one of {versions}")
        return answer.get("Connection") != "close"
