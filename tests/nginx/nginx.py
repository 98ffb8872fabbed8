"""A real nginx on loopback ports, with a prefix of its own, that leaves nothing behind.

    with Nginx("server { listen @web@; location / { return 200 hello; } }") as nginx:
        answer = nginx.ask("web", "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n")

`@NAME@` in a configuration is an address on loopback with a port of its own, `@unix-NAME@` a Unix
socket. The sockets are opened here and handed over, so that nobody else can have the port.
`access.log` has a line of JSON for each request; its `port` is the key by which `logged()` finds it.
"""

import atexit
import ctypes
import itertools
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from client import Connection

ROOT = Path(__file__).resolve().parents[2]
MODULE = ROOT / "build/nginx/ngx_http_auth_tollgate_module.so"
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"
PATIENCE = 10.0
ENDED = re.compile(r"\[(?:alert|emerg|crit)\].*")
TOKEN = re.compile(r"@([a-z][a-z0-9_-]*)@")

MAIN = """\
daemon off;
pid nginx.pid;
{user}worker_processes {workers};
error_log error.log {level};
{env}{load}{main}
events {{ worker_connections 4096; {events} }}
http {{
    log_format tollgate escape=json '{log_format}';
    access_log access.log tollgate;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    variables_hash_max_size 4096;
    server {{ listen @alive@; access_log off; location / {{ return 200 "{generation} $pid"; }} }}
{http}
}}
"""

LOGGED = {
    "port": "$proxy_protocol_port$tollgate_no_proxy_port",
    "request": "$request",
    "status": "$status",
    "sent": "$body_bytes_sent",
    "upstream": "$upstream_addr",
}
TOLLGATE = {
    "outcome": "$auth_tollgate_status",
    "reason": "$auth_tollgate_reason",
    "credential": "$auth_tollgate_credential",
    "generation": "$auth_tollgate_generation",
}
PORT_MAP = "map $proxy_protocol_port $tollgate_no_proxy_port { '' $remote_port; }\n"


class Failed(Exception):
    """nginx did not start, or not reload."""


def wait_for(what, condition, seconds=PATIENCE):
    """Waits until the condition gives something that is true, and returns it."""
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(0.002)


@lru_cache(maxsize=1)
def certificate():
    """A key and a certificate for localhost, made by openssl; kept in memory."""
    with tempfile.TemporaryDirectory() as folder:
        command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650"
        names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
        files = ["-keyout", f"{folder}/key", "-out", f"{folder}/certificate"]
        subprocess.run(command.split() + names + files, check=True, capture_output=True)
        return (Path(folder, "key").read_text(), Path(folder, "certificate").read_text())


def log_format(module):
    members = { **LOGGED, **(TOLLGATE if module else {}) }
    return "{" + ",".join(f'"{name}":"{value}"' for name, value in members.items()) + "}"


class Files:
    """The folder that nginx runs in, and its configuration."""

    def __init__(self, http, *, main="", module=True, workers=1, level="info", files=None, env=(),
                 events=""):
        self.folder = Path(tempfile.mkdtemp(prefix="tollgate-nginx-"))
        self.generation = 0
        self.module, self.workers, self.level, self.main = module, workers, level, main
        self.env, self.events = env, events
        for name in ("body", "proxy"):
            (self.folder / name).mkdir()
        key, cert = certificate()
        self.put("tls.key", key)
        self.put("tls.crt", cert)
        for name, content in (files or {}).items():
            self.put(name, content)
        self.http = http

    def put(self, name, content):
        """Writes a file beside nginx.conf, in one step."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(path.name + ".new")
        new.write_bytes(content.encode() if isinstance(content, str) else content)
        new.replace(path)
        return path

    def configuration(self, addresses):
        load = f"load_module {MODULE};\n" if self.module else ""
        text = MAIN.format(
            user="user root;\n" if os.geteuid() == 0 else "", workers=self.workers, level=self.level,
            env="".join(f"env {name};\n" for name in self.env), load=load, main=self.main, events=self.events,
            log_format=log_format(self.module), generation=self.generation,
            http=PORT_MAP + self.http)
        return TOKEN.sub(lambda found: addresses(found[1]), text)

    def write(self, addresses):
        self.put("nginx.conf", self.configuration(addresses))

    def command(self):
        return ["nginx", "-p", f"{self.folder}/", "-c", "nginx.conf"]

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def check(http, **more):
    """What `nginx -t` says of a configuration: whether it is good, and the messages."""
    files = Files(http, **more)
    try:
        ports = itertools.count(1024)
        files.write(lambda name: f"unix:{files.folder}/{name}" if name.startswith("unix-") else
                    f"127.0.0.1:{next(ports)}")
        command = files.command() + ["-t", "-e", "stderr"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        log = files.folder / "error.log"
        written = log.read_text() if log.exists() else ""
        return done.returncode == 0, done.stderr.replace(f"{files.folder}/", "") + written
    finally:
        files.remove()


class Clock:
    """The wall clock of an nginx, which stands still until it is set. Made by libfaketime."""

    VARIABLES = ("FAKETIME_TIMESTAMP_FILE", "FAKETIME_NO_CACHE", "DONT_FAKE_MONOTONIC", "TZ",
                 "FAKETIME_DONT_FAKE_MONOTONIC")

    def __init__(self, unix_ms, monotonic=False):
        """With `monotonic` the monotonic clock tells the same time as the wall clock; else it
        runs."""
        self.unix_ms, self.monotonic, self.files = unix_ms, monotonic, None

    def environment(self, files):
        self.files = files
        self.set(self.unix_ms)
        if not os.path.exists(FAKETIME):
            raise Failed(f"{FAKETIME} is missing: apt-get install faketime")
        keep = { } if self.monotonic else {
            "DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"
        }
        return {
            "LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": str(files.folder / "clock"),
            "FAKETIME_NO_CACHE": "1", "TZ": "UTC", **keep
        }

    def set(self, unix_ms):
        """Every event that comes later sees this time."""
        seconds, ms = divmod(unix_ms, 1000)
        text = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(seconds))
        # A fraction is read as binary floating point, so it gets a bit more.
        self.files.put("clock", f"{text}.{ms:03d}0004\n" if ms else f"{text}\n")
        self.unix_ms = unix_ms


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def is_alive(pid):
    """Whether the process runs; who is dead and was not waited for does not."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


class Nginx:
    """nginx, from its start to its end. `http` is what stands in the block of that name; `files`
    are put beside nginx.conf; `clock` is a Clock or None; `under` is a command that runs it, and
    `patience` how long it may take to start or to end."""

    running = set()

    def __init__(self, http, *, clock=None, clean=True, under=(), patience=PATIENCE, **more):
        self.clock, self.clean, self.under, self.patience = clock, clean, under, patience
        self.sockets, self.process, self.ports = {}, None, itertools.count(10000)
        self.log_at, self.lines, self.keys = 0, {}, set()
        env = Clock.VARIABLES if clock else ()
        self.files = Files(http, env=env, **more)
        try:
            self._start()
        except BaseException:
            self._end()
            raise

    def _start(self):
        self.files.write(self._listen)
        environment = {"PATH": os.environ["PATH"]}
        environment["NGINX"] = "".join(f"{it.fileno()};" for it in self.sockets.values())
        if self.clock:
            environment |= self.clock.environment(self.files)
        Nginx.running.add(self)
        with open(self.files.folder / "stderr", "wb") as stderr:
            self.process = subprocess.Popen(
                [*self.under, *self.files.command(), "-e", "error.log"], env=environment, stderr=stderr,
                pass_fds=[it.fileno() for it in self.sockets.values()], preexec_fn=die_with_parent,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)
        wait_for("nginx serves", self._serves, self.patience)
        wait_for("all workers are there", lambda: len(self.workers()) >= self.files.workers)

    def _listen(self, name):
        """The address behind @name@, with a socket that listens from now on."""
        if name not in self.sockets:
            if self.process:
                raise Failed(f"@{name}@ was not there when nginx was started")
            self.sockets[name] = self._listener(name)
            self.sockets[name].setblocking(False)  # as nginx has those that it opens
        address = self.address(name)
        return f"unix:{address}" if isinstance(address, str) else "%s:%d" % address

    def _listener(self, name):
        if not name.startswith("unix-"):
            return socket.create_server(("127.0.0.1", 0), backlog=511)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self.files.folder / f"{name}.sock"))
        listener.listen(511)
        return listener

    def _serves(self):
        if self.process.poll() is not None:
            raise Failed(f"nginx ended with {self.process.returncode}:\n{self.error_log()}"
                         f"{self.read('stderr')}")
        try:
            with Connection(self.address("alive"), patience=0.5) as connection:
                connection.send("GET / HTTP/1.0\r\n\r\n")
                generation, _pid = connection.answer().body.split()
        except TimeoutError:
            return False
        return int(generation) == self.files.generation

    # What is asked of it

    def address(self, name):
        return self.sockets[name].getsockname()

    def connect(self, name, *, tls=False, peer=None, port=None, **more):
        """A connection to @name@. `peer` is what the PROXY protocol reports, which the listener has
        to be ready for; `port` in it is the key in the access log."""
        port = port or next(self.ports)
        while True:
            connection = Connection(self.address(name), tls=tls, peer=peer, port=port, **more)
            connection.key = port if peer else connection.local_port  # 0 for a Unix socket
            if peer or not connection.key or connection.key not in self.keys:
                break
            connection.close()  # the system gives ports again
        self.keys.add(connection.key)
        return connection

    def ask(self, name, octets, method=None, **more):
        """One request on a connection of its own, and the one answer."""
        with self.connect(name, **more) as connection:
            connection.send(octets)
            answer = connection.answer(method)
            answer.key = connection.key
            return answer

    def logged(self, key, count=1, seconds=PATIENCE):
        """The lines of the access log of a connection, once there are so many."""
        wait_for(f"line {count} of {key} in access.log", lambda: self._lines(key, count), seconds)
        return self.lines[key]

    def _lines(self, key, count):
        path = self.files.folder / "access.log"
        with path.open("rb") as log:
            log.seek(self.log_at)
            for line in log:
                if not line.endswith(b"\n"):
                    break
                self.log_at += len(line)
                found = json.loads(line)
                self.lines.setdefault(int(found["port"] or 0), []).append(found)
        return len(self.lines.get(key, ())) >= count

    def read(self, name):
        path = self.files.folder / name
        return path.read_text(errors="replace") if path.exists() else ""

    def error_log(self):
        return self.read("error.log")

    def put(self, name, content):
        return self.files.put(name, content)

    # Its life

    def workers(self):
        """The workers: process id and title."""
        found = {}
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        with suppress(OSError):
            for pid in children.read_text().split():
                with suppress(OSError):
                    title = Path(f"/proc/{pid}/cmdline").read_bytes()
                    found[int(pid)] = title.split(b"\0")[0].decode()
        return found

    def reload(self, http=None):
        """Reads the configuration anew, and returns when only the new workers serve. Failed has
        the messages if it is not taken; then the old one is at work."""
        old, before = set(self.workers()), len(self.error_log())
        before_http, self.files.http = self.files.http, http or self.files.http
        self.files.generation += 1
        self.files.write(self._listen)
        self.process.send_signal(signal.SIGHUP)

        def done():
            if "[emerg]" in self.error_log()[before:]:
                self.files.http, self.files.generation = before_http, self.files.generation - 1
                raise Failed(self.error_log()[before:])
            titles = self.workers()
            serving = [pid for pid in titles if "shutting down" not in titles[pid]]
            new = set(serving) - old
            return not old & set(serving) and len(new) >= self.files.workers and self._serves()

        wait_for("the new workers serve", done, self.patience)

    def stop(self):
        """Ends it gracefully; fails if it does not, or if the log has alerts."""
        log = ""
        try:
            if self.process and self.process.poll() is None:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(self.patience)
            log = self.error_log()
        finally:
            self._end()
        bad = ENDED.findall(log)
        if self.clean and bad:
            raise AssertionError("error.log has " + "\n".join(bad))

    def _end(self):
        if self.process:
            pids = [self.process.pid, *self.workers()]
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.process.wait()
            wait_for("nginx has ended", lambda: not any(map(is_alive, pids)))
            # What libfaketime leaves of a process that is killed.
            for path in Path("/dev/shm").glob(f"*faketime_*_{self.process.pid}"):
                path.unlink(missing_ok=True)
        for listener in self.sockets.values():
            listener.close()
        self.files.remove()
        Nginx.running.discard(self)

    def __enter__(self):
        return self

    def __exit__(self, kind, _error, _trace):
        if kind:
            sys.stderr.write(f"error.log of nginx:\n{self.error_log()[-4000:]}\n")
            self._end()
        else:
            self.stop()


@atexit.register
def end_all():
    for nginx in list(Nginx.running):
        nginx._end()


def end_on_signal(number, _frame):
    sys.exit(128 + number)


for _signal in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(_signal, end_on_signal)
