"""A backend that keeps the octets of every request that it gets."""

import re
import socket
import threading
from dataclasses import dataclass

REQUEST_LINE = re.compile(rb"([!-~]+) ([!-~]+) HTTP/1\.[01]\r\n")


@dataclass
class Request:
    line: str
    headers: list
    body: bytes

    def all(self, name):
        return [value for found, value in self.headers if found.lower() == name.lower()]

    def get(self, name):
        found = self.all(name)
        if len(found) > 1:
            raise AssertionError(f"the backend got {len(found)} lines {name}")
        return found[0] if found else None


class Upstream:
    """Listens on a loopback port; nginx passes requests to `address`. `answers` are the whole
    octets of the next answers; when they are used up it is `usual`."""

    usual = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.address = "%s:%d" % self.listener.getsockname()
        self.requests, self.answers, self.faults = [], [], []
        self.changed = threading.Condition()
        self.gate = threading.Event()  # clear() holds answers back until set()
        self.gate.set()
        threading.Thread(target=self._accept, daemon=True).start()

    def take(self, seconds=10.0):
        """The request that came first and was not taken; waits for it."""
        with self.changed:
            if not self.changed.wait_for(lambda: self.requests or self.faults, seconds):
                raise AssertionError("the backend got nothing")
            if self.faults:
                raise AssertionError(f"the backend got what it cannot read: {self.faults.pop(0)}")
            return self.requests.pop(0)

    def is_idle(self):
        """Whether there is no request that was not taken."""
        with self.changed:
            return not self.requests and not self.faults

    def close(self):
        self.gate.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection, ), daemon=True).start()

    def _serve(self, connection):
        with connection, connection.makefile("rb") as stream:
            connection.settimeout(20)
            try:
                request = read_request(stream)
            except (ValueError, OSError) as fault:
                with self.changed:
                    self.faults.append(fault)
                    self.changed.notify_all()
                return
            if request is None:
                return
            with self.changed:
                self.requests.append(request)
                answer = self.answers.pop(0) if self.answers else self.usual
                self.changed.notify_all()
            self.gate.wait(20)
            try:
                connection.sendall(answer)
            except OSError:
                pass


def read_request(stream):
    """One request; None if the connection ends before it."""
    line = stream.readline(65536)
    if not line:
        return None
    if not REQUEST_LINE.fullmatch(line):
        raise ValueError(line)
    headers = []
    while (header := stream.readline(65536)) != b"\r\n":
        if not header.endswith(b"\r\n") or b":" not in header:
            raise ValueError(header)
        name, value = header[:-2].decode("latin-1").split(":", 1)
        headers.append((name, value.strip(" \t")))
    request = Request(line[:-2].decode(), headers, b"")
    coding, length = request.get("Transfer-Encoding"), request.get("Content-Length")
    if coding is not None:
        request.body = read_chunks(stream)
    elif length is not None:
        request.body = exactly(stream, int(length))
    return request


def read_chunks(stream):
    pieces = []
    while True:
        size = int(stream.readline(100), 16)
        piece = exactly(stream, size)
        if stream.read(2) != b"\r\n":
            raise ValueError("a chunk without its end")
        if not size:
            return b"".join(pieces)
        pieces.append(piece)


def exactly(stream, count):
    octets = stream.read(count)
    if len(octets) != count:
        raise ValueError(f"{count - len(octets)} octets are missing")
    return octets
