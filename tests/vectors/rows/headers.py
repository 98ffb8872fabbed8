"""1.1 Header lines: H1, H2, H8 to H12 and H16."""

from .expect import allow, deny
from .fixtures import MERCHANTS, UNKNOWN, cashout, deposit, keyed, payin, status
from .request import Request, repeated
from .table import about

M1 = allow("merchant-1")
CASHOUT = allow("merchant-1", 2)
KEY = MERCHANTS.key("merchant-1")
OTHER_KEY = MERCHANTS.key("merchant-2")
BASIC = MERCHANTS.basic("merchant-1")
TWICE = deny("dup_header", header="Authorization")


@about("H1", "merchants")
def _(row):
    row("one Authorization line passes", "cashout", cashout(), CASHOUT)
    row("a wrong one after the right one", "cashout",
        cashout().plus("Authorization", UNKNOWN), TWICE)
    first = Request(method="GET", target="/", headers=(("Authorization", UNKNOWN), ))
    row("a wrong one before the right one", "status", first.plus("Authorization", BASIC), TWICE)
    row("names in different case", "status", status().plus("AUTHORIZATION", UNKNOWN), TWICE)
    row("Basic and Bearer", "status-scoped", status().plus("Authorization", f"Bearer {KEY}"), TWICE)
    row("an empty one beside it", "status", status().plus("Authorization", ""), TWICE)


@about("H1", "deposits")
def _(row):
    row("beside a signature", "deposit", deposit().plus("Authorization", "D24 00"), TWICE)


@about("H2", "merchants")
def _(row):
    row("one line", "status", status(), M1)
    row("the same line twice", "status", status().plus("Authorization", BASIC), TWICE)
    row("two equal Content-Type lines", "cashout",
        cashout().plus("Content-Type", "application/json"), deny("dup_header",
                                                                 header="Content-Type"))
    row("two equal Host lines", "status",
        status().plus("Host", "a").plus("Host", "a"), deny("dup_header", header="Host"))
    row("two equal key lines", "key",
        keyed().plus("Api-Key", KEY), deny("dup_header", header="api-key"))


@about("H10", "merchants")
def _(row):
    signature = cashout().value("Payload-Signature").decode()
    both = deny("dup_header", header="Payload-Signature")
    row("one signature", "cashout", cashout(), CASHOUT)
    row("the same signature twice", "cashout", cashout().plus("Payload-Signature", signature), both)
    row("a second one", "cashout", cashout().plus("payload-signature", "00" * 32), both)
    listed = cashout().having("Payload-Signature", f"{signature}, {signature}")
    row("two signatures in one line, as a proxy joins them", "cashout", listed, both)


@about("H10", "webhooks")
def _(row):
    pair = Request().plus("X-Hub-Signature-256", "sha256=" + "00" * 32 + ",sha256=" + "11" * 32)
    row("a list behind a prefix", "github", pair, deny("dup_header", header="X-Hub-Signature-256"))


@about("H8", "merchants")
def _(row):
    bad = deny("bad_header_octet")
    row("a space before the colon", "status", status().plus("X-Note ", "a"), bad)
    row("no name", "status", status().plus("", "a"), bad)
    row("a colon in the name", "status", status().plus("X:Note", "a"), bad)
    row("a name that is not ASCII", "status", status().plus("X-Noté", "a"), bad)
    for shows, octet in [("NUL", b"\0"), ("CR", b"\r"), ("LF", b"\n"), ("CRLF", b"\r\n"),
                         ("ESC", b"\x1b"), ("DEL", b"\x7f")]:
        row(f"{shows} in a value", "status", status().plus("X-Note", b"a" + octet + b"b"), bad)
    row("a folded line", "status",
        status().having("Authorization", BASIC[:20] + "\r\n " + BASIC[20:]), bad)
    row("a line break in base64 after 76 characters", "status",
        status().having("Authorization", "Basic " + "YQ" * 38 + "\nYQ=="), bad)
    row("before anything else is looked at", "status", Request(tls=False).plus("X-Note", "\0"), bad)
    row("a tab and octets beyond ASCII pass", "status",
        status().plus("X-Note", b"a\tb\xf1\xff"), M1)
    bad = deny("bad_target")
    for shows, target in [("a space", "/a b"), ("NUL", "/a\0"), ("LF", "/a\nb"),
                          ("raw UTF-8", "/peña"), ("nothing", "")]:
        row(f"{shows} in the target", "status", status().but(target=target), bad)
    for shows, method in [("a space", "GE T"), ("nothing", ""), ("33 letters", "G" * 33),
                          ("a line break", "GET\r\n")]:
        row(f"{shows} as the method", "status", status().but(method=method), bad)
    row("an extension method of 32 letters", "status", status().but(method="G" * 32), M1)


@about("H9", "merchants")
def _(row):
    row("api-key", "key", Request().plus("api-key", KEY), M1)
    row("in another case", "key", Request().plus("API-Key", KEY), M1)
    row("api_key is another header", "key", Request().plus("api_key", KEY), deny("no_credential"))
    row("and so is apikey", "key", Request().plus("apikey", KEY), deny("no_credential"))
    row("both: the other one is not read", "key",
        Request().plus("api_key", OTHER_KEY).plus("api-key", KEY), M1)
    row("Payload_Signature is not the signature", "cashout",
        cashout().minus("Payload-Signature").plus("Payload_Signature", "00" * 32),
        deny("missing_signature", header="Payload-Signature"))


@about("H11", "merchants")
def _(row):
    many = deny("too_many_headers")
    row("64 lines", "status", status().plus("X-Note", "a", 63), M1)
    row("65 lines", "status", status().plus("X-Note", "a", 64), many)
    row("1000 lines", "status", status().plus("X-Note", "a", 1000), many)
    row("1000 lines and no credential", "status", Request().plus("X-Note", "a", 1000), many)
    large = deny("header_too_large")
    row("a value of 8192 bytes", "status", status().plus("X-Note", repeated("a", 8192)), M1)
    row("a value of 8193 bytes", "status", status().plus("X-Note", repeated("a", 8193)), large)
    row("a value of 64 kB", "status", status().plus("X-Note", repeated("a", 65536)), large)
    row("a name of 128 bytes", "status", status().plus(repeated("a", 128), "a"), M1)
    row("a name of 129 bytes", "status", status().plus(repeated("a", 129), "a"), large)
    row("more than 16384 bytes in all", "status",
        status().plus("X-Note", repeated("a", 6000), 3), large)
    row("a signature of 64 kB", "cashout",
        cashout().having("Payload-Signature", repeated("0", 65536)), large)
    row("a target of 8192 bytes", "status", status().but(target=["/", repeated("a", 8191)]), M1)
    row("a target of 8193 bytes", "status",
        status().but(target=["/", repeated("a", 8192)]), deny("target_too_long"))


@about("H12", "merchants")
def _(row):
    agent = deny("missing_header", header="User-Agent")
    row("all are there", "cashout", cashout(), CASHOUT)
    row("User-Agent is missing", "cashout", cashout().minus("User-Agent"), agent)
    row("it is empty", "cashout", cashout().having("User-Agent", ""), agent)
    row("it is a space", "cashout", cashout().having("User-Agent", " "), agent)
    row("it is there as User_Agent", "cashout",
        cashout().minus("User-Agent").plus("User_Agent", "a"), agent)
    row("in another case it is there", "cashout",
        cashout().minus("User-Agent").plus("user-agent", "a"), CASHOUT)
    row(
        "the signature is missing", "cashout",
        cashout().minus("Payload-Signature"),
        deny(
            "missing_signature", header="Payload-Signature", challenges=["Basic", "Signature"],
            lines=[
                'WWW-Authenticate: Basic realm="merchants", charset="UTF-8"',
                'WWW-Authenticate: Signature realm="merchants"', "Cache-Control: no-store"
            ]))


@about("H12", "deposits")
def _(row):
    row("X-Trans-Key is missing", "payin",
        payin().minus("X-Trans-Key"), deny("missing_header", header="X-Trans-Key"))


@about("H16", "merchants")
def _(row):
    tls = deny("tls_required")
    row("HTTPS", "cashout", cashout(), CASHOUT)
    row("plain HTTP", "cashout", cashout().but(tls=False), tls)
    row("plain HTTP without anything else", "cashout", Request(tls=False), deny("tls_required"))
    row("where the route allows it", "cashout-plain", cashout().but(tls=False), CASHOUT)
    row("X-Forwarded-Proto from a peer that is not trusted", "cashout",
        cashout().but(tls=False).plus("X-Forwarded-Proto", "https"), tls)
    row("and Forwarded", "cashout", cashout().but(tls=False).plus("Forwarded", "proto=https"), tls)
    row("X-Forwarded-Proto: http from that peer", "cashout",
        cashout().plus("X-Forwarded-Proto", "http"), CASHOUT)
