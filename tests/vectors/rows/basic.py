"""1.2 Basic: B1 to B15 and B17. B16 is a sequence, among the limits."""

import base64
import unicodedata

from .expect import allow, deny
from .request import Request
from .sign import b64, basic
from .table import about

NEWLINE, UNPADDED = "basic_trailing_newline", "basic_unpadded"
UNKNOWN = deny("unknown_key", challenges=["Basic"])
WRONG = deny("bad_secret")
CONTROL = deny("control_char")
BAD = deny("bad_base64")
BARE = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ"
SYMBOLS = b"__\xfb\xef\xbe\xff\xff\xff"  # ++++//// where they stand
assert basic("nobody", SYMBOLS).endswith("++++////")


def get(authorization):
    return Request(method="GET", target="/", headers=(("Authorization", authorization), ))


def quirk(credential, *quirks):
    return allow(credential, reason="ok_quirk", quirks=list(quirks))


def set_unused(token):
    """The same octets, with the last unused bit set (RFC 4648 section 3.5)."""
    symbols = token.rstrip("=")
    last = chr(ord(symbols[-1]) + 1)
    changed = symbols[:-1] + last + "=" * (len(token) - len(symbols))
    assert base64.b64decode(changed) == base64.b64decode(token)
    return changed


@about("B1", "basic")
def _(row):
    row("the first colon ends the user", "strict", get(basic("colons", "pass:of:colons")),
        allow("colons"))
    row("not all that follows is cut off", "strict", get(basic("colons", "pass")), WRONG)
    row("nor is the last colon the one", "strict", get(basic("colons:pass:of", "colons")),
        allow("colons"))
    row("the example of RFC 7617", "strict", get("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        allow("rfc7617"))
    row("an address as the user", "strict", get("Basic cmFuZG9tQGRvbWFpbi5jb206am9objEyMw=="),
        allow("pledg"))
    row("a passphrase that is kept under a pepper", "strict",
        get(basic("peppered", "salt is not pepper")), allow("peppered"))
    row("and a wrong one", "strict", get(basic("peppered", "salt is pepper")), WRONG)


@about("B2", "basic")
def _(row):
    row("no password", "strict", get(basic("Aladdin", "")), WRONG)
    row("no password and no such user", "strict", get(basic("nobody", "")), UNKNOWN)
    row("with its password", "strict", get(basic("Aladdin", "open sesame")), allow("rfc7617"))


@about("B3", "basic")
def _(row):
    row("no user, where one credential has none", "strict", get(basic("", "of nobody")),
        allow("nameless"))
    row("and a wrong password", "strict", get(basic("", "pw")), WRONG)
    row("neither", "strict", get(basic("", "")), WRONG)


@about("B3", "merchants")
def _(row):
    row("no user, where no credential has none", "status", get(basic("", "pw")), UNKNOWN)


@about("B4", "basic")
def _(row):
    none = deny("malformed_basic")
    row("no colon", "strict", get("Basic " + b64("Aladdin")), none)
    row("nothing", "strict", get("Basic"), none)
    row("two colons and nothing else", "strict", get("Basic " + b64("::")), WRONG)
    row("one colon", "strict", get(basic("Aladdin", "open sesame")), allow("rfc7617"))


@about("B5", "basic")
def _(row):
    right = "anyApiUser:myPassword"
    row("the example of the IXOPAY page", "strict", get("Basic YW55QXBpVXNlcjpteVBhc3N3b3JkCg=="),
        CONTROL)
    row("without its line feed", "strict", get("Basic YW55QXBpVXNlcjpteVBhc3N3b3Jk"),
        allow("ixopay"))
    row("it passes where the route tolerates it", "newline",
        get("Basic YW55QXBpVXNlcjpteVBhc3N3b3JkCg=="), quirk("ixopay", NEWLINE))
    row("CRLF", "strict", get("Basic " + b64(right + "\r\n")), CONTROL)
    row("CRLF where the route tolerates it", "newline", get("Basic " + b64(right + "\r\n")),
        quirk("ixopay", NEWLINE))
    for shows, tail in [("two LF", "\n\n"), ("LF CRLF", "\n\r\n"), ("CR", "\r"),
                        ("CR CRLF", "\r\r\n"), ("LF and more", "\nx")]:
        row(f"{shows} where the route tolerates one", "newline", get("Basic " + b64(right + tail)),
            CONTROL)
    row("a line feed in front", "newline", get("Basic " + b64("\n" + right)), CONTROL)
    row("nothing to tolerate", "newline", get(basic("anyApiUser", "myPassword")), allow("ixopay"))
    row("a tolerated one does not mend a wrong password", "newline",
        get("Basic " + b64("anyApiUser:mypassword\n")), deny("bad_secret", quirks=[NEWLINE]))


@about("B6", "basic")
def _(row):
    for shows, octet in [("NUL", b"\0"), ("TAB", b"\t"), ("ESC", b"\x1b"), ("US", b"\x1f"),
                         ("DEL", b"\x7f")]:
        row(f"{shows} in the password", "strict", get(basic("Aladdin",
                                                            b"open" + octet + b"sesame")), CONTROL)
        row(f"{shows} behind the password", "lenient", get(basic("Aladdin",
                                                                 b"open sesame" + octet)), CONTROL)
        row(f"{shows} in the user", "strict", get(basic(b"Alad" + octet + b"din", "open sesame")),
            CONTROL)
    row("none", "strict", get(basic("Aladdin", "open sesame")), allow("rfc7617"))


@about("B7", "basic")
def _(row):
    row("all of them count", "strict", get(basic("spaces", " two  words ")), allow("spaces"))
    for password in ["two  words", " two words ", "twowords", " two  words", "  two  words "]:
        row(f"{password!r}", "strict", get(basic("spaces", password)), WRONG)


@about("B8", "basic")
def _(row):
    latin = "contraseña".encode("latin-1")
    row("octets, where nothing says that they are UTF-8", "strict", get(basic("latin-1", latin)),
        allow("latin-1"))
    row("the same characters in UTF-8 are other octets", "strict",
        get(basic("latin-1", "contraseña")), WRONG)
    row("the example of RFC 7617 section 2.1", "strict", get("Basic dGVzdDoxMjPCow=="),
        allow("rfc7617-charset"))
    row(
        "not in UTF-8 where they should be", "strict", get(basic("test", "123£".encode("latin-1"))),
        deny(
            "credential_not_utf8", lines=[
                'WWW-Authenticate: Basic realm="Payments of \\"Example\\"", charset="UTF-8"',
                "Cache-Control: no-store"
            ]))
    row("a user that is not UTF-8 is unknown", "strict",
        get(basic("josé".encode("latin-1"), "peña de josé")), UNKNOWN)
    row("a user and a password beyond ASCII", "strict", get(basic("josé", "peña de josé")),
        allow("utf-8"))


@about("B9", "basic")
def _(row):
    row("composed, as in the policy", "strict", get(basic("josé", "peña de josé")), allow("utf-8"))
    row("decomposed, the user is another one", "strict",
        get(basic(unicodedata.normalize("NFD", "josé"), "peña de josé")), UNKNOWN)
    row("and the password another one", "strict",
        get(basic("josé", unicodedata.normalize("NFD", "peña de josé"))), WRONG)


@about("B10", "basic")
def _(row):
    row("percent signs are octets", "strict", get(basic("a%40b", "one%2Bhundred%25")),
        allow("percent"))
    row("the user is not decoded", "strict", get(basic("a@b", "one%2Bhundred%25")), UNKNOWN)
    row("nor is the password", "strict", get(basic("a%40b", "one+hundred%")), WRONG)
    row("a plus sign is no space", "strict", get(basic("Aladdin", "open+sesame")), WRONG)


@about("B11", "basic")
def _(row):
    row("the standard alphabet", "strict", get(basic("nobody", SYMBOLS)), UNKNOWN)
    row("the URL-safe one", "strict", get(basic("nobody", SYMBOLS).translate({ 43: "-", 47: "_"})),
        BAD)
    for token in [
            "QWxh=ZGRpbjpvcGVuIHNlc2FtZQ=", "QQ==QQ==", "====", "=", "Q===",
            "QWxhZGRpbjpvcGVuIHNlc2FtZQ===", "Q\u00e9==", "QWxh.GRp"
    ]:
        row(f"{token}", "strict", get("Basic " + token), BAD)
    row("a space inside", "strict", get("Basic QWxhZGRp bjpvcGVuIHNlc2FtZQ=="), BAD)
    row("a line broken after 76 characters and unfolded", "strict",
        get("Basic " + "YWFh" * 19 + " YWFh"), BAD)
    row("the same in one piece", "strict", get("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        allow("rfc7617"))


@about("B12", "basic")
def _(row):
    row("no padding", "strict", get(BARE), BAD)
    row("half of the padding", "strict", get(BARE + "="), BAD)
    row("all of it", "strict", get(BARE + "=="), allow("rfc7617"))
    row("none, where the route tolerates it", "unpadded", get(BARE), quirk("rfc7617", UNPADDED))
    row("half of it, where the route tolerates none", "unpadded", get(BARE + "="), BAD)
    row("all of it, where the route tolerates none", "unpadded", get(BARE + "=="), allow("rfc7617"))
    row("one character too many", "unpadded", get(BARE + "AAA"), BAD)
    row("none, and a line feed, where both are tolerated", "lenient",
        get("Basic " + b64("Aladdin:open sesame\n").rstrip("=")),
        quirk("rfc7617", NEWLINE, UNPADDED))


@about("B13", "basic")
def _(row):
    row("unused bits that are set, two characters over", "strict",
        get("Basic " + set_unused("QWxhZGRpbjpvcGVuIHNlc2FtZQ==")), BAD)
    row("unused bits that are set, three characters over", "strict",
        get("Basic " + set_unused(b64("Aladdin:open sesame\n"))), BAD)
    row("without padding", "unpadded", get(set_unused(BARE + "==").rstrip("=")), BAD)
    row("unused bits that are not set", "strict", get("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        allow("rfc7617"))


@about("B14", "basic")
def _(row):
    tail = "a passphrase of more than seventy-two bytes, where bcrypt stops reading it: this is its tail"
    assert len(tail) > 80
    row("a long passphrase counts to its end", "strict", get(basic("long", tail)), allow("long"))
    row("and not only the first 72 bytes", "strict", get(basic("long", tail[:-1] + "L")), WRONG)
    row("1024 bytes decoded", "strict", get(basic("Aladdin", "a" * 1016)), WRONG)
    row("1025 bytes decoded", "strict", get(basic("Aladdin", "a" * 1017)), deny("malformed_basic"))
    row("6000 bytes decoded", "strict", get(basic("Aladdin", "a" * 5992)), deny("malformed_basic"))
    row("a header of more than 8 kB", "strict", get(basic("Aladdin", "a" * 8192)),
        deny("header_too_large"))


@about("B15", "basic")
def _(row):
    row("the right one", "strict", get(basic("Aladdin", "open sesame")), allow("rfc7617"))
    wrong = {
        "an unknown user": (basic("nobody", "open sesame"), "unknown_key"), "a wrong password":
        (basic("Aladdin", "open sesam"), "bad_secret"), "a wrong password under a pepper":
        (basic("peppered", "open sesame"), "bad_secret"), "no colon":
        ("Basic " + b64("Aladdin"), "malformed_basic"), "no base64": ("Basic ?", "bad_base64"),
        "a control character": (basic("Aladdin", "\n"), "control_char"), "not UTF-8":
        (basic("test",
               b"\xff"), "credential_not_utf8"), "another scheme": ("Digest x", "unknown_scheme")
    }
    for shows, (value, reason) in wrong.items():
        row(shows, "strict", get(value), deny(reason), alike="basic")


@about("B17", "basic")
def _(row):
    right = basic("Aladdin", "open sesame")
    row(
        "the route takes Bearer only", "bearer", get(right),
        deny(
            "unknown_scheme", challenges=["Bearer"], lines=[
                'WWW-Authenticate: Bearer realm="Payments of \\"Example\\"", error="invalid_token"',
                "Cache-Control: no-store"
            ]))
    row(
        "nothing: Bearer is asked for without an error", "bearer", Request(method="GET"),
        deny(
            "no_credential", challenges=["Bearer"], lines=[
                'WWW-Authenticate: Bearer realm="Payments of \\"Example\\""',
                "Cache-Control: no-store"
            ]))
    row("Bearer where the route takes Basic only", "strict", get("Bearer mk_live_4f1c9a7de2b84a60"),
        deny("unknown_scheme", challenges=["Basic"]))
    row("a key with characters that no token has", "bearer", get("Bearer mk_live 4f1c"),
        deny("token_malformed"))
    row("Bearer and nothing behind it", "bearer", get("Bearer"), deny("token_malformed"))
    row("a key that nobody has", "bearer", get("Bearer mk_live_4f1c9a7de2b84a61"),
        deny("unknown_key"))
    row("both are taken", "basic-or-bearer", get(right), allow("rfc7617"))
    row("and so is Bearer", "basic-or-bearer", get("Bearer mk_live_4f1c9a7de2b84a60"),
        allow("by-key"))
    row("nothing: both are asked for", "basic-or-bearer", Request(method="GET"),
        deny("no_credential", challenges=["Basic", "Bearer"]))
