"""Requests as data: what a host hands over, and the same as JSON."""

from dataclasses import dataclass, field, replace

NOW_MS = 1592742800000  # 2020-06-21T12:33:20Z
NOW_NS = 86_400_000_000_000  # a day after the machine booted


def octets(value):
    """Bytes as JSON: text where they are UTF-8, else hex. A list is joined, a dict is JSON."""
    if isinstance(value, (list, dict)):
        return value
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return { "hex": value.hex() }


def raw(value):
    return value.encode("utf-8") if isinstance(value, str) else value


def repeated(text, times):
    """Long octets that the JSON does not spell out."""
    return { "repeat": text, "times": times }


@dataclass(frozen=True)
class Request:
    """`headers` are lines of name and value, a third element repeats the line. `length` is the
    value of Content-Length; None sends none, "auto" the length of the body. `stored` is what the
    host keeps of the payment: signature, value, seed, credential."""

    method: str = "POST"
    target: object = "/"
    host: str = "api.example.com"
    headers: tuple = ()
    body: bytes = b""
    length: object = "auto"
    peer: object = "192.0.2.7"
    tls: bool = True
    unix_ms: int = NOW_MS
    monotonic_ns: int = NOW_NS
    stored: dict = field(default_factory=dict)

    def but(self, **changes):
        return replace(self, **changes)

    def plus(self, name, value, *times):
        return replace(self, headers=self.headers + ((name, value, *times), ))

    def minus(self, name):
        kept = tuple(line for line in self.headers if line[0].lower() != name.lower())
        return replace(self, headers=kept)

    def having(self, name, value):
        """The line with this name gets another value, or is added."""
        same = lambda line: line[0].lower() == name.lower()
        if not any(same(line) for line in self.headers):
            return self.plus(name, value)
        lines = tuple((line[0], value) if same(line) else line for line in self.headers)
        return replace(self, headers=lines)

    def value(self, name):
        """The value of the one line with this name."""
        (found, ) = [line[1] for line in self.headers if line[0].lower() == name.lower()]
        return raw(found)

    def after(self, seconds=0.0, wall_s=0.0):
        """Later by both clocks, and by the wall clock once more."""
        wall_ms = round((seconds + wall_s) * 1000)
        return replace(self, unix_ms=self.unix_ms + wall_ms,
                       monotonic_ns=self.monotonic_ns + round(seconds * 1_000_000_000))

    def lines(self):
        lengths = {
            "auto": [("Content-Length", str(len(self.body)))] if self.body else [], None: []
        }
        length = [("Content-Length", self.length)]
        if self.length in ("auto", None):
            length = lengths[self.length]
        return list(self.headers) + length

    def json(self):
        """What differs from a plain request."""
        plain = Request().full()
        return { key: value for key, value in self.full().items() if value != plain[key] }

    def full(self):
        return {
            "method":
            octets(raw(self.method)), "target":
            octets(raw(self.target)), "host":
            self.host, "headers": [[octets(raw(name)),
                                    octets(raw(value)), *times]
                                   for name, value, *times in self.lines()], "body":
            octets(self.body), "peer":
            self.peer, "tls":
            self.tls, "unix_ms":
            self.unix_ms, "monotonic_ns":
            self.monotonic_ns, "stored":
            self.stored
        }
