"""1.4 Payload signatures of the built-in schemes: S1 to S7 and S25.

Not in this table, because this library has nothing yet that they could be shown on: S16, S17 and
S18 (the replay memory), S27 and S28 (trust signatures)."""

import json
import unicodedata

from .expect import allow, deny
from .fixtures import (BODY, MERCHANTS, cashout, deposit, resigned, signed, status)
from .sign import b64, mac_hex
from .table import about

CASHOUT = allow("merchant-1", 2)
OKP = allow("okp", 7)
SIGNATURE = cashout().value("Payload-Signature").decode()
MISMATCH = deny("sig_mismatch")
ENCODING = deny("sig_encoding")


def with_signature(text):
    return cashout().having("Payload-Signature", text)


def one_upper(text):
    """With its first letter in upper case."""
    first, *_ = [at for at, digit in enumerate(text) if digit.isalpha()]
    return text[:first] + text[first].upper() + text[first + 1:]


@about("S1", "merchants")
def _(row):
    row("lower case", "cashout", cashout(), CASHOUT)
    row("upper case", "cashout", with_signature(SIGNATURE.upper()), ENCODING)
    row("one upper-case digit", "cashout", with_signature(one_upper(SIGNATURE)), ENCODING)


@about("S1", "deposits")
def _(row):
    d24 = deposit().value("Authorization").decode()
    row("lower case behind a prefix", "deposit", deposit(), OKP)
    row("upper case behind a prefix", "deposit",
        deposit().having("Authorization", "D24 " + d24[4:].upper()), ENCODING)


@about("S2", "merchants")
def _(row):
    for shows, text in [("63 digits", SIGNATURE[:-1]), ("65 digits", SIGNATURE + "0"),
                        ("66 digits", SIGNATURE + "00"), ("0x in front", "0x" + SIGNATURE),
                        ("0x in place of digits", "0x" + SIGNATURE[2:]),
                        ("a space inside", SIGNATURE[:32] + " " + SIGNATURE[32:]),
                        ("a space for a digit", SIGNATURE[:-1] + " 0"),
                        ("a letter that is no digit", SIGNATURE[:-1] + "g"),
                        ("quotes", f'"{SIGNATURE}"'), ("a prefix", "sha256=" + SIGNATURE),
                        ("base64", b64(bytes.fromhex(SIGNATURE))),
                        ("full-width digits", SIGNATURE[:-1] + "８"), ("128 digits", SIGNATURE * 2)]:
        row(shows, "cashout", with_signature(text), ENCODING)
    row("space and tab around it", "cashout", with_signature(f" \t{SIGNATURE} \t"), CASHOUT)


@about("S3", "merchants")
def _(row):
    row("half of the MAC", "cashout", with_signature(SIGNATURE[:32]), ENCODING)
    row("all but one octet", "cashout", with_signature(SIGNATURE[:62]), ENCODING)
    row("one octet", "cashout", with_signature(SIGNATURE[:2]), ENCODING)
    row("half of it, then zeros", "cashout", with_signature(SIGNATURE[:32] + "0" * 32), MISMATCH)
    row("all of it", "cashout", cashout(), CASHOUT)


@about("S4", "merchants")
def _(row):
    none = deny("missing_signature", header="Payload-Signature")
    row("empty", "cashout", with_signature(""), none)
    row("a space", "cashout", with_signature(" "), none)
    row("zeros", "cashout", with_signature("0" * 64), MISMATCH)
    row("there", "cashout", cashout(), CASHOUT)


@about("S4", "deposits")
def _(row):
    row("nothing behind the prefix", "deposit",
        deposit().having("Authorization", "D24 "), deny("no_supported_signature"))
    row("nothing at all", "deposit",
        deposit().having("Authorization", ""),
        deny("missing_signature", header="Authorization", challenges=["ApiKey", "Signature"]))
    row("a prefix of the prefix", "deposit",
        deposit().having("Authorization", "D2"), deny("no_supported_signature"))


@about("S5", "merchants")
def _(row):
    bare = signed(status("no-secret").but(body=BODY, method="POST"), "")
    row("a credential without a secret, signed with an empty one", "cashout-any", bare,
        deny("no_secret"))
    zeros = bare.having("Payload-Signature", mac_hex(b"\0" * 64, BODY))
    row("signed with zeros", "cashout-any", zeros, deny("no_secret"))
    other = signed(status("other-scheme").but(body=BODY, method="POST"), "other_scheme_secret_key")
    row("a secret that is for another scheme", "cashout-any", other, deny("no_secret"))
    row("a wrong secret", "cashout", resigned(cashout(), "cashout_secret_kez"), MISMATCH)
    row("an empty secret", "cashout", resigned(cashout(), ""), MISMATCH)
    row("the right secret and a line feed", "cashout", resigned(cashout(), "cashout_secret_key\n"),
        MISMATCH)
    row("the right secret", "cashout", cashout(), CASHOUT)


@about("S6", "merchants")
def _(row):
    empty = cashout(body=b"")
    row("the signature of nothing is a constant", "cashout", empty, deny("weak_binding"))
    row("announced as nothing", "cashout", empty.but(length="0"), deny("weak_binding"))
    row("a wrong one does not get that far", "cashout", empty.having("Payload-Signature", "0" * 64),
        MISMATCH)
    row("a route that is marked safe", "cashout-empty", empty, CASHOUT)
    row("and its bodies are covered all the same", "cashout-empty", empty.but(body=b"{}"), MISMATCH)
    row("one octet is a body", "cashout-any", cashout(body=b" "), CASHOUT)


@about("S6", "deposits")
def _(row):
    row("a signature that covers date and login", "deposit", deposit(body=b"", method="GET"), OKP)


@about("S7", "merchants")
def _(row):
    for shows, body in [("a space behind a colon", BODY.replace(b":", b": ", 1)),
                        ("é escaped", BODY.replace("é".encode(), b"\\u00e9")),
                        ("decomposed", unicodedata.normalize("NFD", BODY.decode()).encode()),
                        ("a number with .0", BODY.replace(b"2000", b"2000.0")),
                        ("members in another order",
                         json.dumps(dict(reversed(json.loads(BODY).items()))).encode()),
                        ("one octet less", BODY[:-1]),
                        ("pretty-printed", json.dumps(json.loads(BODY), indent=2).encode())]:
        row(shows, "cashout", cashout().but(body=body), MISMATCH)
    url = b'{"url":"https://shop.example/"}'
    row("slashes escaped", "cashout",
        cashout(body=url).but(body=url.replace(b"/", b"\\/")), MISMATCH)
    row("as it was signed", "cashout", cashout(), CASHOUT)
    row("one octet changed", "cashout",
        cashout().but(body=BODY.replace(b"2000", b"2001")), MISMATCH)


@about("S25", "merchants")
def _(row):
    sha1 = mac_hex(MERCHANTS.secret("merchant-1", 2), BODY, algorithm="sha1")
    row("a SHA-1 signature", "cashout", with_signature(sha1), ENCODING)
    row("that names its algorithm", "cashout", with_signature("sha1=" + sha1), ENCODING)
    row("a header that names one changes nothing", "cashout",
        cashout().plus("Signature-Algorithm", "hmac-sha1"), CASHOUT)
