"""The rows of tests/vectors/requests.json, as a client sends them to nginx.

A row is asked on a server block of its own if it begins with memory of its own; all others share
one for each policy, route and stored payment.
"""

import ipaddress
import json
from dataclasses import dataclass
from functools import cache, cached_property

from nginx import ROOT

VECTORS = ROOT / "tests/vectors"
NOW_MS, NOW_NS = 1592742800_000, 86_400_000_000_000
GATE = "    auth_tollgate_policy policies/{policy}.json; auth_tollgate_zone {zone};\n"
ROUTE = "    location / {{ {what} }}\n"
BACKENDS = """
server { listen @unix-good@; access_log off; location / { return 200 passed; } }
server { listen @unix-bad@; access_log off; location / { return 500; } }
"""
HTTP = """
set_real_ip_from 127.0.0.1; real_ip_header proxy_protocol;
ssl_certificate tls.crt; ssl_certificate_key tls.key;
large_client_header_buffers 8 256k; client_max_body_size 64m; auth_tollgate_max_body 0;
server_names_hash_max_size 4096;
""" + BACKENDS


def octets(value):
    """Text, hex, a repetition, or a list of these."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, list):
        return b"".join(map(octets, value))
    if "hex" in value:
        return bytes.fromhex(value["hex"])
    return octets(value["repeat"]) * value["times"]


@dataclass
class Step:
    """One request of a row, and what it gets in nginx."""

    row: dict
    place: int
    given: dict
    plain: dict
    server: str = ""

    def member(self, name):
        return self.given["request"].get(name, self.plain[name])

    @property
    def name(self):
        return (self.row["id"], self.row["shows"], self.place)

    @property
    def times(self):
        return self.given.get("times", 1)

    @property
    def route(self):
        return self.given["route"]

    @property
    def then(self):
        return self.given.get("then")

    @cached_property
    def expect(self):
        """The head decides first, except where the route reads the body; then it is there whole."""
        streamed = self.given.get("streamed")
        if streamed and streamed.get("reason") != "body_required":
            return streamed
        return self.given["expect"]

    def peer(self, repetition):
        peer, plus = self.member("peer"), self.given.get("peer_plus")
        if plus:
            plus = int(ipaddress.ip_address(plus)) * repetition
            return str(ipaddress.IPv6Address(int(ipaddress.IPv6Address(peer)) + plus))
        return peer

    @cached_property
    def lines(self):
        found = []
        for name, value, *times in self.member("headers"):
            found += [(octets(name), octets(value))] * (times or [1])[0]
        return found

    def values(self, name):
        return [value for found, value in self.lines if found.lower() == name]

    @cached_property
    def body(self):
        return octets(self.member("body"))

    @property
    def chunked(self):
        """A body without Content-Length goes in chunks."""
        return bool(self.body) and not self.values(b"content-length")

    @cached_property
    def head(self):
        line = octets(self.member("method")) + b" " + octets(self.member("target")) + b" HTTP/1.1"
        lines = [line, b"Host: " + octets(self.member("host"))]
        lines += [name + b": " + value for name, value in self.lines]
        if self.chunked:
            lines.append(b"Transfer-Encoding: chunked")
        return b"\r\n".join(lines) + b"\r\n\r\n"

    def pieces(self, count):
        """The body as so many pieces; as chunks, if nothing announces it."""
        size = max(1, -(-len(self.body) // count))
        cut = [self.body[at:at + size] for at in range(0, len(self.body), size)]
        if self.chunked:
            cut = [b"%x\r\n%s\r\n" % (len(piece), piece) for piece in cut] + [b"0\r\n\r\n"]
        return cut

    @property
    def wall_ms(self):
        return self.member("unix_ms")

    @property
    def plus_ms(self):
        """What every repetition adds to the monotonic clock; the wall clock may go along."""
        return self.given.get("monotonic_plus", 0) // 1_000_000

    @property
    def later_ms(self):
        """How long the body takes, if that matters."""
        return self.given.get("finish_after_ms", 0)

    @property
    def is_later(self):
        return bool(self.later_ms)

    @property
    def is_head(self):
        return self.member("method") == "HEAD"

    @property
    def is_token(self):
        return policy(self.row["policy"])["routes"].get(self.route, {}).get("token_endpoint", False)

    @property
    def shift_ms(self):
        """How far the monotonic clock is from the wall clock."""
        return self.wall_ms - NOW_MS - (self.member("monotonic_ns") - NOW_NS) // 1_000_000


def load():
    """All rows; each with its steps."""
    document = json.loads((VECTORS / "requests.json").read_text())
    rows = document["rows"]
    for number, row in enumerate(rows):
        row["number"] = number
        row["asked"] = [Step(row, place, given, document["plain"])
                        for place, given in enumerate(row["steps"])]
    return rows


@cache
def policy(name):
    return json.loads((VECTORS / f"policies/{name}.json").read_text())


def is_stateful(row):
    """Whether the row begins with memory of its own; then it gets a zone of its own."""
    return "memory" in row or "replay" in row or remembers(row["policy"])


@cache
def remembers(name):
    document = policy(name)
    parts = [*document["routes"].values(), *document["credentials"]]
    return "failures" in document or any("rates" in part or "replay" in part for part in parts)


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "${dollar}") + '"'


class Servers:
    """The server blocks that the rows need; each begins anew with a zone if it has to."""

    def __init__(self, rows):
        self.blocks, self.zones, self.routes = {}, set(), {}
        for row in rows:
            for step in row["asked"]:
                step.server = self.server(row, step)

    def server(self, row, step):
        zone = f"z{row['number']}" if is_stateful(row) else f"p-{row['policy']}"
        stored = tuple(step.member("stored").get(name, "")
                       for name in ("credential", "value", "seed", "signature"))
        backend = "unix-bad" if step.then == "release" else "unix-good"
        key = (row["policy"], step.route, zone, stored, backend)
        if key not in self.blocks:
            self.blocks[key] = f"s{len(self.blocks)}"
        return self.blocks[key]

    def block(self, key, name):
        policy_name, route, zone, stored, backend = key
        routes = self.routes.setdefault(policy_name, policy(policy_name)["routes"])
        kind = routes.get(route, {}).get("token_endpoint")
        what = f"auth_tollgate {route}; proxy_pass http://@{backend}@;"
        if kind:
            what = f"auth_tollgate_token {route};"
        if any(stored):
            what += f" auth_tollgate_stored {' '.join(map(quoted, stored))};"
        listeners = f"listen @{name}t@ ssl proxy_protocol; listen @{name}p@ proxy_protocol; "
        listeners += f"listen @unix-{name}t@ ssl; listen @unix-{name}p@;"
        size = "" if zone in self.zones else ":256k"
        self.zones.add(zone)
        return (f"server {{ {listeners}\n" + GATE.format(policy=policy_name, zone=zone + size) +
                ROUTE.format(what=what) + "}\n")

    def configuration(self):
        dollar = "geo $dollar { default '$'; }\n"
        blocks = "".join(self.block(key, name) for key, name in self.blocks.items())
        return HTTP + dollar + blocks

    def documents(self):
        """The policies, as files beside nginx.conf."""
        names = {key[0] for key in self.blocks}
        return {f"policies/{name}.json": (VECTORS / f"policies/{name}.json").read_bytes()
                for name in names}
