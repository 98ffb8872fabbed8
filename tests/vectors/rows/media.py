"""1.1 and 1.4, the description of the body: H13 to H15, S8 and S9."""

from .expect import allow, deny
from .fixtures import BODY, cashout, resigned, status
from .request import Request
from .table import about

M1 = allow("merchant-1")
CASHOUT = allow("merchant-1", 2)
TYPE = deny("bad_content_type", header="Content-Type")
JSON = b'{"amount":1}'
GZIP = bytes.fromhex("1f8b0800000000000203ab564a4c2d29aa54b2520af7f377512a0e2949ad0400f8")


@about("H13", "merchants")
def _(row):
    for value in [
            "application/json", "Application/JSON", "application/json; charset=utf-8",
            "application/json;charset=UTF-8", 'application/json; charset="utf-8"',
            "application/json ; Charset=Utf-8", "application/json;", "application/json; profile=x"
    ]:
        row(value, "cashout", cashout().having("Content-Type", value), CASHOUT)
    for value in [
            "application/json; charset=iso-8859-1", "application/json; charset=utf-16",
            'application/json; charset="latin1"', "application/json; CHARSET=us-ascii",
            "application/json; charset=", 'application/json; charset="utf-8',
            "application/json; charset=utf-8; charset=utf-16",
            "application/json; profile=x; charset=utf-16", "application/json; charset =utf-16",
            "application/json; charset= utf-16"
    ]:
        row(value, "cashout", cashout().having("Content-Type", value), TYPE)


@about("H14", "merchants")
def _(row):
    for value in [
            "text/json", "application/jsonp", "application/json+x", "application/hal+json", "json",
            "application/x-www-form-urlencoded", "text/plain, application/json",
            "application/json, text/plain", "*/*", ""
    ]:
        row(f"{value or 'an empty type'}", "cashout", cashout().having("Content-Type", value), TYPE)
    row("no type", "cashout", cashout().minus("Content-Type"), TYPE)
    row("no type and no announced length", "cashout",
        cashout().minus("Content-Type").but(length=None), TYPE)
    row("GET without a body needs no type", "status", status(), M1)
    row("and so does DELETE", "status", status().but(method="DELETE"), M1)
    row("and POST that announces no body", "status", status().but(method="POST", length="0"), M1)
    row("and POST that announces nothing and has none", "status", status().but(method="POST"), M1)
    row("GET with a body does need one", "status", status().but(body=JSON), TYPE)
    row("also if it does not announce it", "status", status().but(body=JSON, length=None), TYPE)
    row("the type of a body that is not there is looked at too", "status",
        status().plus("Content-Type", "text/plain"), TYPE)
    row("with its type it passes", "status",
        status().but(body=JSON).plus("Content-Type", "application/json"), M1)


@about("H15", "merchants")
def _(row):
    packed = resigned(cashout().but(body=GZIP))
    coding = deny("bad_encoding", header="Content-Encoding")
    row("the signature covers the bytes as received", "cashout-gzip",
        packed.plus("Content-Encoding", "gzip"), CASHOUT)
    row("in any case", "cashout-gzip", packed.plus("Content-Encoding", "GZip"), CASHOUT)
    row("not the unpacked ones", "cashout-gzip",
        cashout().but(body=GZIP).plus("Content-Encoding", "gzip"), deny("sig_mismatch"))
    row("a route that does not take it", "cashout", packed.plus("Content-Encoding", "gzip"), coding)
    row("an unknown coding", "cashout-gzip", packed.plus("Content-Encoding", "br"), coding)
    row("one more coding", "cashout-gzip", packed.plus("Content-Encoding", "gzip, br"), coding)
    row("on a line of its own", "cashout-gzip",
        packed.plus("Content-Encoding", "gzip").plus("Content-Encoding", "br"), coding)
    row("identity is none", "cashout", cashout().plus("Content-Encoding", "identity"), CASHOUT)


@about("S8", "merchants")
def _(row):
    utf8 = deny("body_not_utf8")
    spoiled = deny("sig_mismatch")
    bom = b"\xef\xbb\xbf"
    row("a BOM that was signed", "cashout", resigned(cashout().but(body=bom + BODY)), CASHOUT)
    row("a BOM that was not", "cashout", cashout().but(body=bom + BODY), spoiled)
    row("a final LF that was signed", "cashout", resigned(cashout().but(body=BODY + b"\n")),
        CASHOUT)
    row("a final LF that was not", "cashout", cashout().but(body=BODY + b"\n"), spoiled)
    row("CRLF in place of LF", "cashout", cashout(body=b"{\n}").but(body=b"{\r\n}"), spoiled)
    for shows, body in [("Latin-1", BODY.decode().encode("latin-1")),
                        ("UTF-16 with a BOM", BODY.decode().encode("utf-16")),
                        ("half of a character at the end", BODY + b"\xc3"),
                        ("a lone surrogate", b'{"name":"\xed\xa0\x80"}'),
                        ("an overlong form", b'{"name":"\xc0\xaf"}'),
                        ("beyond U+10FFFF", b'{"name":"\xf4\x90\x80\x80"}')]:
        row(f"{shows}, signed", "cashout", resigned(cashout().but(body=body)), utf8)
        row(f"{shows}, where any octets may stand", "cashout-any",
            resigned(cashout().but(body=body)), CASHOUT)
    row("an escaped lone surrogate is ASCII", "cashout",
        resigned(cashout().but(body=b'{"name":"\\ud800"}')), CASHOUT)
    row("but not in a login", "cashout-body",
        resigned(cashout().but(body=b'{"login":"\\ud800","pass":"x"}')), deny("malformed_body"),
        deny("body_required"))
    row("four-octet characters", "cashout", resigned(cashout().but(body='{"name":"𝄞"}'.encode())),
        CASHOUT)


@about("S9", "merchants")
def _(row):
    full = b'"' + b"a" * 4094 + b'"'
    large = deny("body_too_large")
    early = deny("body_too_large", head=True)
    wrong = deny("length_mismatch")
    row("as large as the cap", "cashout", cashout(body=full), CASHOUT)
    row("one more, announced", "cashout", cashout(body=full + b" "), early)
    row("one more, not announced", "cashout", cashout(body=full + b" ").but(length=None), large)
    row("announced as 2^64", "cashout", cashout().but(length=str(2**64)), early)
    row("announced as 30 digits", "cashout", cashout().but(length="9" * 30), early)
    row("not announced", "cashout", cashout().but(length=None), CASHOUT)
    row("one octet less than announced", "cashout", cashout().but(length=str(len(BODY) + 1)), wrong)
    row("one octet more than announced", "cashout", cashout().but(length=str(len(BODY) - 1)), wrong)
    row("announced and not there", "cashout", cashout(body=b"").but(length="2"), wrong)
    row("announced as nothing", "cashout", cashout().but(length="0"), wrong)
    for value in ["+5", "-1", "5,5", "0x80", "1e3", "5 5", "", "٥"]:
        row(f"announced as {value!r}", "cashout",
            cashout().but(length=value), deny("length_mismatch", header="Content-Length"))
    row("announced with zeros in front", "cashout",
        cashout().but(length=f"000{len(BODY)}"), CASHOUT)
    row("announced twice", "cashout",
        cashout().plus("Content-Length", str(len(BODY))), deny("dup_header",
                                                               header="Content-Length"))
    row("too large and not signed: the length comes first", "status",
        Request(body=b"a" * 5000).plus("Content-Type", "application/json"), large)
