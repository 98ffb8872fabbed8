"""Routes that verify bodies, in one nginx with one worker, before a backend."""

import os
import socket
import time
import unittest

from nginx import Nginx
from sender import MIB, memo, policy
from upstream import Upstream

LARGE = 32 * MIB
SIGNED = {"signature": "numbered"}
POLICY = policy({
    "signed": {**SIGNED, "max_body": LARGE, "credentials": [{"fixed": "sender"}]},
    "basic": {**SIGNED, "max_body": LARGE, "credentials": ["basic"]},
    "whole": {**SIGNED, "max_body": LARGE, "credentials": ["basic", {"body": {}}]},
    "login": {**SIGNED, "max_body": LARGE, "credentials": [{"body": {}}]},
    "small": {**SIGNED, "credentials": ["basic"]},
    "small-whole": {**SIGNED, "credentials": ["basic", {"body": {}}]},
})
HTTP = """
auth_tollgate_policy policy.json; auth_tollgate_max_body 0; client_max_body_size 32m;
lingering_timeout 200ms;
server {
    listen @web@;
    location /free { proxy_pass http://%(backend)s; }
    location /signed { auth_tollgate signed; proxy_pass http://%(backend)s; }
    location /basic { auth_tollgate basic; proxy_pass http://%(backend)s; }
    location /whole { auth_tollgate whole; proxy_pass http://%(backend)s; }
    location /login { auth_tollgate login; proxy_pass http://%(backend)s; }
    location /small { auth_tollgate small; proxy_pass http://%(backend)s; }
    location /small-whole { auth_tollgate small-whole; proxy_pass http://%(backend)s; }
    location /capped {
        auth_tollgate basic; auth_tollgate_max_body 2k; proxy_pass http://%(backend)s;
        location /capped/whole { auth_tollgate whole; proxy_pass http://%(backend)s; }
    }
    location /nginx-capped {
        auth_tollgate basic; client_max_body_size 2k; proxy_pass http://%(backend)s;
    }
    location /impatient {
        auth_tollgate basic; client_body_timeout 1s; proxy_pass http://%(backend)s;
    }
    location /file {
        auth_tollgate basic; client_body_in_file_only on; proxy_pass http://%(backend)s;
    }
    location /single {
        auth_tollgate basic; client_body_in_single_buffer on; proxy_pass http://%(backend)s;
    }
    location /unbuffered {
        auth_tollgate basic; proxy_request_buffering off; proxy_http_version 1.1;
        proxy_pass http://%(door)s;
    }
    location /unbuffered-free {
        proxy_request_buffering off; proxy_http_version 1.1; proxy_pass http://%(door)s;
    }
}
"""
OK, UNAUTHORIZED, TOO_LARGE = (200, "ok"), (401, "sig_mismatch"), (413, "body_too_large")
PROBLEM = b'{"status":401,"title":"Unauthorized","reason":"unauthorized"}\r\n'


# Routes that verify the body as it comes, and one that reads it whole: as JSON.
STREAMED, WHOLE = ("/signed", "/basic"), "/whole"


def body_for(target, size):
    return memo(size) if "whole" in target else os.urandom(size)


class WithNginx(unittest.TestCase):
    """One nginx with one worker for all tests of a class, and its backend."""

    @classmethod
    def setUpClass(cls):
        cls.upstream = Upstream()
        cls.addClassCleanup(cls.upstream.close)
        cls.door = socket.create_server(("127.0.0.1", 0))
        cls.addClassCleanup(cls.door.close)
        door = "%s:%d" % cls.door.getsockname()
        http = HTTP % {"backend": cls.upstream.address, "door": door}
        cls.nginx = Nginx(http, files={"policy.json": POLICY})
        cls.addClassCleanup(cls.nginx.stop)

    def setUp(self):
        self.workers = self.nginx.workers()
        self.upstream.requests.clear()

    def tearDown(self):
        self.assertTrue(self.upstream.is_idle(), "the backend got what it should not")
        self.assertEqual(self.nginx.workers(), self.workers, "a worker did not go on")
        self.assertNotRegex(self.nginx.error_log(), r"\[(?:alert|emerg|crit)\]")

    def ask(self, *pieces, pause=0.0, method=None):
        """Sends the pieces, one by one; the answer."""
        with self.nginx.connect("web") as connection:
            for piece in pieces:
                connection.send(piece)
                time.sleep(pause)
            answer = connection.answer(method)
            answer.key = connection.key
        return answer

    def expect(self, answer, expected, body=None, place=0):
        """The status, the reason in the log, and what the backend got."""
        line = self.nginx.logged(answer.key, place + 1)[place]
        self.assertEqual((answer.status, line["reason"]), expected)
        if answer.status == 200:
            self.assertEqual(self.upstream.take().body, body)
        else:
            self.assertTrue(self.upstream.is_idle())
            self.assertEqual(line["upstream"], "")

    def lost(self, key):
        """A request that has no answer is over, and the backend got nothing."""
        line = self.nginx.logged(key)[0]
        self.assertEqual(line["upstream"], "")
        self.assertTrue(self.upstream.is_idle())
        return line["status"]
