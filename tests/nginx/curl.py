"""HTTP/2 by curl, which we did not write; and HTTP/1.1, to compare."""

import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

WRITE = "%{http_version} %{response_code} %{local_port} %{urlnum}\\n"


@dataclass
class Answer:
    """What curl got. `key` is the key of the request in the access log."""

    version: str
    status: int
    key: int
    headers: list
    body: bytes

    def get(self, name):
        found = [value for other, value in self.headers if other.lower() == name.lower()]
        if len(found) > 1:
            raise AssertionError(f"{len(found)} lines {name}")
        return found[0] if found else None


def needs_http2():
    """A curl that has no HTTP/2 cannot test it: that is a failure."""
    told = subprocess.run(["curl", "--version"], capture_output=True, text=True, check=True).stdout
    if not re.search(r"^Features:.*\bHTTP2\b", told, re.MULTILINE):
        raise AssertionError(f"this curl has no HTTP/2: {told}")


class Request:
    """One request; `body` None is no body, and `streamed` one whose length is not told."""

    def __init__(self, target, *lines, body=None, method=None, streamed=False):
        self.target, self.lines, self.body, self.method = target, lines, body, method
        self.streamed = streamed

    def options(self, folder, number, base):
        """As lines of a configuration of curl."""
        told = [f'url = "{base}{self.target}"', f'output = "{folder}/{number}.body"',
                f'dump-header = "{folder}/{number}.head"', f'write-out = "{number} {WRITE}"']
        told += [f'header = "{line}"' for block in ("Host: localhost", "Expect:", *self.lines)
                 for line in block.replace('"', '\\"').split("\r\n")]
        if self.body is not None:
            Path(folder, f"{number}.sent").write_bytes(self.body)
            sent = f"{folder}/{number}.sent"
            told.append(f'upload-file = "{sent}"' if self.streamed else f'data-binary = "@{sent}"')
            told.append(f'request = "{self.method or "POST"}"')
            if self.streamed:
                told.append('header = "Transfer-Encoding: chunked"')
            else:
                told.append('header = "Content-Type:"')
        elif self.method == "HEAD":
            told.append("head")
        elif self.method:
            told.append(f'request = "{self.method}"')
        return told


def ask(address, requests, *, tls, version, parallel=False, options=()):
    """The answers, in the order of the requests. `version` is "2" or "1.1"; `options` are curl's."""
    base = "%s://%s:%d" % ("https" if tls else "http", *address)
    option = "http1.1" if version == "1.1" else "http2" if tls else "http2-prior-knowledge"
    common = ["silent", "show-error", "insecure", "max-time = 30", option, *options]
    with tempfile.TemporaryDirectory() as folder:
        parts = [request.options(folder, number, base) + common for number, request in enumerate(requests)]
        text = "\nnext\n".join("\n".join(part) for part in parts)
        command = ["curl", *(["--parallel", "--parallel-max", "50"] if parallel else []), "-K", "-"]
        done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=60)
        told = {int(line.split()[0]): line.split()[1:] for line in done.stdout.splitlines()}
        answers = [answer(folder, number, told[number]) for number in range(len(requests))]
        if done.returncode:
            raise AssertionError(f"curl: {done.returncode} {done.stderr} {answers}")
        return answers


def answer(folder, number, told):
    version, status, port, _ = told
    head = Path(folder, f"{number}.head").read_bytes()
    lines = head.decode("latin-1").strip().split("\r\n")
    headers = [(name, value.strip()) for name, value in (line.split(":", 1) for line in lines[1:])]
    output = Path(folder, f"{number}.body")
    body = output.read_bytes() if output.exists() else b""
    # For HEAD the output begins with the head.
    return Answer(version, int(status), int(port), headers, body.removeprefix(head))
