"""A client that sends octets as they are, and reads answers strictly."""

import re
import socket
import ssl
from dataclasses import dataclass, field

STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-5][0-9][0-9]) ?([ -~]*)\r\n")
HEADER_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x20-\x7e\x80-\xff\t]*?)[ \t]*\r\n")
CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]+)\r\n")
LONGEST_LINE = 64 * 1024


class Malformed(Exception):
    """An answer that is none."""


class Closed(Exception):
    """The connection ended where an answer was due."""


@dataclass
class Answer:
    status: int
    phrase: str
    headers: list
    body: bytes = b""
    octets: bytes = b""
    key: int = field(default=0, compare=False)

    def all(self, name):
        """The values of all lines of this name."""
        return [value for found, value in self.headers if found.lower() == name.lower()]

    def get(self, name):
        """The value of the one line of this name; None if there is none."""
        found = self.all(name)
        if len(found) > 1:
            raise Malformed(f"{len(found)} lines {name}")
        return found[0] if found else None


def raw(octets):
    return octets.encode("latin-1") if isinstance(octets, str) else octets


def proxy_line(peer, port):
    """Version 1 of the PROXY protocol: who the client is, as a proxy in front reports it."""
    six = ":" in peer
    return f"PROXY {'TCP6' if six else 'TCP4'} {peer} {'::1' if six else '127.0.0.1'} {port} 1\r\n"


class Connection:
    """To an address, or to the path of a Unix socket. `patience` is the longest wait for octets."""

    def __init__(self, address, *, tls=False, peer=None, port=1, alpn=None, patience=10.0):
        kind = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        self.socket = socket.socket(kind, socket.SOCK_STREAM)
        self.read = self.taken = b""
        self.local_port = 0
        try:
            self.socket.settimeout(patience)
            self.socket.connect(address)
            if kind == socket.AF_INET:
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.local_port = self.socket.getsockname()[1]
            if peer:
                self.socket.sendall(raw(proxy_line(peer, port)))
            if tls:
                self.socket = client_context(alpn).wrap_socket(self.socket, server_hostname="localhost")
        except BaseException:
            self.close()
            raise

    def send(self, *pieces):
        for piece in pieces:
            self.socket.sendall(raw(piece))

    def end(self):
        """No more octets come; answers may."""
        self.socket.shutdown(socket.SHUT_WR)

    def reset(self):
        """Ends the connection at once, with a reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.socket.close()

    def answer(self, method=None):
        """The next answer. That to HEAD has no body."""
        self.taken = b""
        status, phrase = self._match(STATUS_LINE, "status line").groups()
        headers = []
        while not self._take_if(b"\r\n"):
            name, value = self._match(HEADER_LINE, "header line").groups()
            headers.append((name.decode(), value.decode("latin-1")))
        answer = Answer(int(status), phrase.decode(), headers)
        answer.body = self._body(answer, method)
        answer.octets = self.taken
        return answer

    def is_closed(self):
        """Whether the other side has ended it, with nothing left to read; waits for either."""
        try:
            return not self.read and not self._receive()
        except TimeoutError:
            return False

    def is_silent(self, seconds):
        """Whether it stays open and nothing comes for so long."""
        patience = self.socket.gettimeout()
        self.socket.settimeout(seconds)
        try:
            return not self.read and self._receive() is None
        except TimeoutError:
            return True
        finally:
            self.socket.settimeout(patience)

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.close()

    def _body(self, answer, method):
        length, coding = answer.get("Content-Length"), answer.get("Transfer-Encoding")
        if method == "HEAD" or answer.status < 200 or answer.status in (204, 304):
            return b""
        if length is not None and coding is not None:
            raise Malformed("both Content-Length and Transfer-Encoding")
        if coding is not None:
            if coding != "chunked":
                raise Malformed(f"Transfer-Encoding: {coding}")
            return self._chunks()
        if length is not None:
            if not length.isascii() or not length.isdigit():
                raise Malformed(f"Content-Length: {length}")
            return self._take(int(length))
        if answer.get("Connection") == "keep-alive":
            raise Malformed("an answer without length on a connection that stays")
        while self._receive():
            pass
        return self._take(len(self.read))

    def _chunks(self):
        pieces = []
        while True:
            size = int(self._match(CHUNK_LINE, "chunk")[1], 16)
            piece = self._take(size)
            if self._take(2) != b"\r\n":
                raise Malformed("a chunk without its end")
            if not size:
                return b"".join(pieces)
            pieces.append(piece)

    def _match(self, pattern, what):
        """A line of this form, taken off what was read."""
        while b"\r\n" not in self.read:
            if len(self.read) > LONGEST_LINE:
                raise Malformed(f"{what}: {self.read[:200]}")
            if not self._receive():
                if self.read or self.taken:
                    raise Malformed(f"{what}: {self.read[:200]}, and the end")
                raise Closed(what)
        line = self.read[:self.read.index(b"\r\n") + 2]
        found = pattern.fullmatch(line)
        if not found:
            raise Malformed(f"{what}: {line[:200]}")
        self._take(len(line))
        return found

    def _take_if(self, octets):
        while len(self.read) < len(octets):
            if not self._receive():
                raise Malformed("the head ends early")
        return self.read.startswith(octets) and self._take(len(octets))

    def _take(self, count):
        while len(self.read) < count:
            if not self._receive():
                raise Malformed(f"{count - len(self.read)} octets are missing")
        octets, self.read = self.read[:count], self.read[count:]
        self.taken += octets
        return octets

    def _receive(self):
        """More octets; whether any came. A reset is an end, too."""
        try:
            more = self.socket.recv(65536)
        except (ConnectionResetError, ssl.SSLEOFError, ssl.SSLZeroReturnError):
            more = b""
        self.read += more
        return bool(more)


def client_context(alpn):
    """Trusts anybody: who the server is does not matter here."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if alpn:
        context.set_alpn_protocols(alpn)
    return context
