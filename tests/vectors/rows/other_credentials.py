"""1.4 Whose secret it is and what it covers: S20, S23, S24 and S26 for the built-in schemes, and
the ends of secrets: L9 and L10."""

from .expect import allow, deny
from .fixtures import (DATE, DATE_MS, DEPOSITS, MERCHANTS, cashout, deposit, keyed, payin,
                       resigned)
from .request import NOW_MS, Request
from .sign import basic, mac_hex
from .table import about, sequence, step

CASHOUT = allow("merchant-1", 2)
OKP = allow("okp", 7)
MISMATCH = deny("sig_mismatch")


@about("S20", "deposits")
def _(row):
    row("the login is there", "deposit", deposit(), OKP)
    row("the login is missing", "deposit", deposit().minus("X-Login"), deny("no_credential"))
    row("the login is empty", "deposit", deposit().having("X-Login", ""), deny("no_credential"))
    row("the login is there twice", "deposit",
        deposit().plus("X-Login", "gFNQnUZXSE"), deny("dup_header", header="X-Login"))
    row("the login is folded", "deposit",
        deposit().having("X-Login", "gFNQn\r\n UZXSE"), deny("bad_header_octet"))
    row("the login in another case is another one", "deposit",
        deposit().having("X-Login", "GFNQNUZXSE"), deny("unknown_key"))


@about("S23", "merchants")
def _(row):
    both = cashout("merchant-2", 1)
    row("key and signature of one", "cashout", both, allow("merchant-2", 1))
    row("Basic of the first, signature of the second", "cashout",
        both.having("Authorization", MERCHANTS.basic("merchant-1")), MISMATCH)
    row("Basic of the second, signature of the first", "cashout",
        cashout().having("Authorization", MERCHANTS.basic("merchant-2")), MISMATCH)
    row("an API key of another", "cashout-key",
        keyed().having("api-key", MERCHANTS.key("merchant-2")), MISMATCH)
    row("its own", "cashout-key", keyed(), CASHOUT)
    row("a key that nobody has, and a right signature", "cashout-key",
        keyed().having("api-key", "mk_live_0000000000000000"), deny("unknown_key", head=False))
    row("a user that nobody is, and a right signature", "cashout",
        cashout().having("Authorization", basic("nobody", "guess")), deny("unknown_key", head=True))
    row("where the route needs a scope", "cashout-key-scoped",
        keyed().having("api-key", "mk_live_0000000000000000"), deny("unknown_key"))
    row("where the key has the scope", "cashout-key-scoped", keyed(), CASHOUT)
    row("where the key lacks the scope", "cashout-key-scoped", keyed("merchant-2", 1),
        deny("insufficient_scope"))
    row("where the key lacks the scope and its signature is wrong", "cashout-key-scoped",
        keyed("merchant-2", 1).having("Payload-Signature", "0" * 64), MISMATCH)


@about("S23", "deposits")
def _(row):
    row("the login of another", "deposit",
        deposit().having("X-Login", DEPOSITS.key("other")), MISMATCH)
    row("an unknown login", "deposit",
        deposit().having("X-Login", "hGOQoVZYTG"), deny("unknown_key"), alike="login")
    row("a known login", "deposit",
        deposit().having("X-Login", "hGOQoVZYTF"), MISMATCH, alike="login")
    row("an unknown login where a network is required", "deposit-required",
        deposit().having("X-Login", "hGOQoVZYTG"), deny("unknown_key"))


@about("S24", "merchants")
def _(row):
    wrong = deny("wrong_environment")
    row("production", "cashout", cashout(), CASHOUT)
    row("a staging secret behind a production key", "cashout",
        resigned(cashout(), "staging_secret_key"), MISMATCH)
    row("a staging credential, all right", "cashout", cashout("staging-1", 1), wrong,
        deny("wrong_environment", head=True))
    row("a staging credential with a wrong signature", "cashout",
        cashout("staging-1", 1).having("Payload-Signature", "0" * 64), MISMATCH, wrong)
    row("a staging credential with a wrong passphrase", "cashout",
        cashout("staging-1", 1).having("Authorization", basic("staging_API_Key", "wrong")),
        deny("bad_secret"))
    row("a staging key where nothing is signed", "key", keyed("staging-1", 1), wrong)


@about("S20", "deposits")
def _(row):
    get = lambda name, value: Request(method="GET").plus(name, value)
    public, secret, nobody = "gFNQnUZXSE", "hGOQoVZYTF", "gFNQnUZXSF"
    unknown = deny("unknown_key")
    for key, expect in [(public, unknown), (secret, allow("other")), (nobody, unknown)]:
        tag = {"alike": "bearer login"} if expect is unknown else {}
        row(f"{key} as a Bearer token", "status", get("Authorization", f"Bearer {key}"), expect, **tag)
        tag = {"alike": "login alone"} if expect is unknown else {}
        row(f"{key} in a header alone", "status-key", get("X-Login", key), expect, **tag)
    row("a public key where the signature is on trial", "deposit-trial", deposit(), unknown)


@about("S26", "deposits")
def _(row):
    row("as it was signed", "deposit", deposit(), OKP)
    body = deposit().body
    row("the first octet of the body moved to the login", "deposit",
        deposit().having("X-Login", "gFNQnUZXSE{").but(body=body[1:]), deny("unknown_key"))
    row("the last octet of the login moved to the body", "deposit",
        deposit().having("X-Login", "gFNQnUZXS").but(body=b"E" + body), deny("unknown_key"))
    row("the first octet of the login moved to the date", "deposit",
        deposit().having("X-Date", DATE + "g").having("X-Login", "FNQnUZXSE"),
        deny("bad_timestamp"))
    row("payin: the first octet of the date moved to the login", "payin",
        payin().having("X-Login", "gFNQnUZXSE2").having("X-Date", DATE_MS[1:]),
        deny("bad_timestamp"))
    row("payin: the first octet of the body moved to the date", "payin",
        payin().having("X-Date", DATE_MS + "{").but(body=body[1:]), deny("bad_timestamp"))
    row("payin: as it was signed", "payin", payin(), OKP)
    row(
        "payin: signed in the order of deposits", "payin",
        payin().having(
            "Authorization", "V2-HMAC-SHA256, Signature: " +
            mac_hex(DEPOSITS.secret("okp", 7), DATE_MS, "gFNQnUZXSE", body)), MISMATCH)


@about("L10", "merchants")
def _(row):
    row("the one that counts", "cashout", cashout(), CASHOUT)
    row("the one before", "cashout", cashout(generation=1), deny("rotated_out"))
    row("the one after", "cashout", cashout(generation=3), deny("not_yet_active"))
    row("both count on the day on which they overlap", "cashout",
        cashout(generation=1).but(unix_ms=1590364800000), allow("merchant-1", 1))
    row("both", "cashout", cashout().but(unix_ms=1590364800000), CASHOUT)
    row("the last millisecond", "cashout",
        cashout("ending", 1).but(unix_ms=NOW_MS - 1), allow("ending", 1))
    row("the instant of the end", "cashout", cashout("ending", 1), deny("expired_key"))
    row("the millisecond before the beginning", "cashout",
        cashout("beginning", 1).but(unix_ms=NOW_MS - 1), deny("not_yet_active"))
    row("the instant of the beginning", "cashout", cashout("beginning", 1), allow("beginning", 1))
    row("revoked", "cashout", cashout("revoked", 1), deny("revoked"), deny("revoked", head=True))
    row("suspended", "cashout", cashout("suspended", 1), deny("suspended"))
    row("revoked, and a wrong passphrase", "cashout",
        cashout("revoked", 1).having("Authorization", basic("revoked_API_Key", "wrong")),
        deny("bad_secret"))
    row("revoked, where nothing is signed", "key", keyed("revoked", 1), deny("revoked"))
    sequence("L9", "a revoked credential and a good one", "merchants",
             step("cashout", cashout("revoked", 1), deny("revoked")),
             step("cashout", cashout(), CASHOUT))
