"""1.6 What callers write and which methods they use, and what the gate itself lacks: L14, L16 and
L17. L13 has a test of its own, and most of L14 is shown through the C interface."""

from .attackers import throttled
from .expect import allow, deny
from .fixtures import cashout, status
from .limits import VICTIM, get
from .request import Request
from .sign import basic
from .table import about

M1 = allow("merchant-1")
EVIL = "evil\u202e\u2028$(id)%n\"'<b>\\[31m"
BASIC = "Authorization"
LATER = {"lines": ["Retry-After: 1"], "retry_after": 1}


@about("L16", "merchants")
def _(row):
    """What the caller writes is in no text that the library gives: the runner looks for `evil` and
    for control characters in all of them, on every row."""
    row("a user", "status", status().having(BASIC, basic(EVIL, "x")), deny("unknown_key"))
    row("a user with a control character", "status",
        status().having(BASIC, basic(EVIL + "\x1b", "x")), deny("control_char"))
    row("a password", "status",
        status().having(BASIC, basic("cashout_API_Key", EVIL)), deny("bad_secret"))
    row("an API key", "key", Request().plus("api-key", EVIL), deny("unknown_key"))
    row("a header name", "status", status().plus("evil\x1b[31m", "a"), deny("bad_header_octet"))
    row("a header value", "status", status().plus("X-Note", EVIL + "\x1b"), deny("bad_header_octet"))
    row("a scheme", "status",
        status().having(BASIC, "evil!#$%&'*+-.^_`|~ x"), deny("unknown_scheme"))
    row("a target", "status", status().but(target="/evil%0d%0aSet-Cookie:evil=1"), M1)
    row("a bad target", "status", status().but(target="/evil\r\nA: evil"), deny("bad_target"))
    row("a host", "status", status().but(host="evil\r\nSet-Cookie: a"), M1)


@about("L16", "merchants")
def _(row):
    row("a method", "cashout",
        cashout().but(method="EVIL"), deny("method_not_allowed", lines=["Allow: POST"]))
    row("a signature", "cashout",
        cashout().having("Payload-Signature", EVIL), deny("sig_encoding"))
    row("a media type", "cashout",
        cashout().having("Content-Type", EVIL), deny("bad_content_type", header="Content-Type"))
    row("a coding", "cashout",
        cashout().plus("Content-Encoding", EVIL), deny("bad_encoding", header="Content-Encoding"))
    row("a length", "cashout",
        cashout().but(length=EVIL), deny("length_mismatch", header="Content-Length"))
    row("a login in the body", "cashout-body",
        cashout(body=b'{"login":"evil\\u001b[31m\\r\\n","pass":"x"}'),
        deny("unknown_key"), deny("body_required"))


@about("L16", "addresses")
def _(row):
    row("an address", "listed", Request(peer="10.1.2.3").plus("X-Forwarded-For", EVIL),
        deny("bad_forwarded", header="X-Forwarded-For"))


@about("L17", "merchants")
def _(row):
    for method in ["GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND"]:
        none = Request(method=method, target="/v3/status")
        row(f"{method} without a credential", "status", none, deny("no_credential"))
        row(f"{method} with a wrong one", "status",
            none.plus(BASIC, basic("a", "b")), deny("unknown_key"))
        row(f"{method} with the right one", "status", status().but(method=method), M1)
    for method in ["GET", "HEAD", "OPTIONS", "post"]:
        row(f"{method} where POST is the only one", "cashout",
            cashout().but(method=method), deny("method_not_allowed", lines=["Allow: POST"]))
    preflight = Request(method="OPTIONS", target="*").plus("Origin", "https://a.example")
    row("a CORS preflight request", "status",
        preflight.plus("Access-Control-Request-Method", "POST"), deny("no_credential"))
    row("a method that another header overrides", "cashout",
        cashout().but(method="GET").plus("X-HTTP-Method-Override", "POST"),
        deny("method_not_allowed"))


@about("L14", "limits")
def _(row):
    """What the gate itself lacks: the answer is 503, and never a pass."""
    row("limits and no memory for them", "burst", get(), deny("limits_unavailable", **LATER))
    row("no such route", "cashouts", get(), deny("config_missing", **LATER))
    row("no name of a route", "", get(), deny("config_missing", **LATER))
    row("a name in another case", "Burst", get(), deny("config_missing", **LATER))
    row("memory for them", "burst", get(), VICTIM, memory=[16, 16])


@about("L14", "throttle")
def _(row):
    row("a throttle and no memory for it", "status",
        throttled(), deny("limits_unavailable", **LATER))


@about("L14", "merchants")
def _(row):
    whole = deny("body_required", **LATER)
    row("a route that reads the body", "cashout-body",
        cashout().minus("Authorization"), allow("merchant-1", 2), whole)
    row("two members with the login", "cashout-body",
        cashout(body=b'{"login":"cashout_API_Key","login":"a","pass":"x"}'),
        deny("malformed_body"), whole)
    row("no JSON", "cashout-body", cashout(body=b"{"), deny("malformed_body"), whole)
    row("no login", "cashout-body", cashout(body=b'{"pass":"x"}'), deny("no_credential"), whole)
    row("no body", "cashout-body", cashout(body=b""), deny("no_credential"), whole)
