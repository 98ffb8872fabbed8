"""Policy documents: L3, L12, L15, S5, S25 and S26. What a list of networks may say is in
lists.py."""

import hashlib

from .documents import policy, scheme, secret, user
from .table import in_documents

RATE = "routes.pay.rates[0]"
KEY = "credentials[0].secrets[0].key.text"
PASSPHRASE = "credentials[0].basic.passphrase.text"


def rated(numbers, mark=""):
    """With this rate on the route."""
    rate = f'{mark}{{ "name": "a", "per": "credential", {numbers} }}'
    return policy(route=f', "rates": [{rate}]')


@in_documents("L3")
def _(row):
    row("one a second, one at once", rated('"limit": 1, "period_s": 1, "burst": 1'))
    row("a cost as large as the burst",
        rated('"limit": 60, "period_s": 60, "burst": 3, "cost": 3'))
    for shows, numbers, member, says in [
        ("a limit of 0", '"limit": @0, "period_s": 60', "limit", "1 to"),
        ("a period of 0", '"limit": 1, "period_s": @0', "period_s", "1 to"),
        ("a burst of 0", '"limit": 1, "period_s": 60, "burst": @0', "burst", "1 to"),
        ("a cost of 0", '"limit": 1, "period_s": 60, "cost": @0', "cost", "1 to"),
        ("10^9 requests a second", '"limit": @1000000000, "period_s": 1', "limit", "1000000"),
        ("2^64 requests", '"limit": @18446744073709551616, "period_s": 1', "limit", "1000000"),
        ("a negative limit", '"limit": @-1, "period_s": 1', "limit", "1 to"),
        ("half a request", '"limit": @0.5, "period_s": 1', "limit", "whole number"),
        ("a limit in text", '"limit": @"60", "period_s": 1', "limit", ";"),
        ("a cost over the burst", '"limit": 60, "period_s": 60, "burst": 3, "cost": @4', "cost",
         "at most 3"),
        ("a cost over the limit, which is the burst", '"limit": 3, "period_s": 60, "cost": @4',
         "cost", "at most 3"),
    ]:
        row(shows, rated(numbers), (f"{RATE}.{member}", says))
    row("a burst that takes a lifetime to come back",
        rated('"limit": 1, "period_s": 2678400, "burst": 1000000', "@"), (RATE, "36 years"))
    row("no period", rated('"limit": 60', "@"), (RATE, "period_s"))
    row("a throttle", policy(members='"failures": { "limit": 3, "period_s": 60, "burst": 5 }'))
    row("a throttle at the first failure",
        policy(members='"failures": { "limit": @0, "period_s": 60 }'), ("failures.limit", "1 to"))


@in_documents("L12")
def _(row):
    route = '"r": { "max_body": 0, "credentials": ["basic"] }'
    rest = f'"environment": "p", "routes": {{ {route} }}, "credentials": [] }}'
    row("the version of the format", '{ "tollgate": 1, ' + rest)
    row("a later version", '{ "tollgate": @2, ' + rest, ("tollgate", "write 1"))
    row("an earlier one", '{ "tollgate": @0, ' + rest, ("tollgate", "write 1"))
    row("the version in text", '{ "tollgate": @"1", ' + rest, ("tollgate", "write 1"))
    row("no version", "@{ " + rest, ("", '"tollgate"'))
    row("nothing", "@", ("", ";"))
    row("half of it", '{ "tollgate": 1, ' + rest[:-3] + "@]", ("", "complete"))
    row("more than it", '{ "tollgate": 1, ' + rest + " @}", ("", ";"))
    row("twice", '{ "tollgate": 1, @"tollgate": 1, ' + rest, ("tollgate", "twice"))
    row("twice, spelled differently",
        '{ "tollgate": 1, @"\\u0074ollgate": 1, ' + rest, ("tollgate", "twice"))
    row("a member that is not known",
        '{ "tollgate": 1, @"polcies": [], ' + rest, ("polcies", "no member"))


@in_documents("L15")
def _(row):
    digest = hashlib.sha256(b"the key of a").hexdigest()
    with_key = lambda ident, key: f'{{ "id": {ident}, "api_key": {key} }}'
    one = with_key('"a"', '{ "text": "the key of a" }')
    pair = lambda second, first=one: policy(credentials=f"{first},\n  {second}")
    taken = ("credentials[1].api_key", "credentials[0]")
    row("two credentials", pair(with_key('"b"', '{ "text": "the key of b" }')))
    row("one key", pair(with_key('"b"', '@{ "text": "the key of a" }')), taken)
    row("one key, once as its hash", pair(with_key('"b"', f'@{{ "sha256": "{digest}" }}')), taken)
    row("one id", pair(with_key('@"a"', '{ "text": "the key of b" }')),
        ("credentials[1].id", "credentials[0]"))
    first = user('"u"', '"the passphrase"')
    row("one user", pair(user('@"u"', '"another passphrase"', "b"), first),
        ("credentials[1].basic.user", "credentials[0]"))
    row("a user in another case is another one",
        pair(user('"U"', '"another passphrase"', "b"), first))
    row("one passphrase for two users", pair(user('"v"', '"the passphrase"', "b"), first))


@in_documents("S5")
def _(row):
    signed = lambda text: policy(route=', "signature": "directa24-cashout"', credentials=secret(text))
    row("a secret", signed('"sixteen bytes ok"'))
    row("an empty one", signed('@""'), (KEY, "empty"))
    row("a blank one", signed('@"                "'), (KEY, "white space"))
    row("line feeds", signed('@"' + "\\n" * 16 + '"'), (KEY, "white space"))
    row("fifteen bytes", signed('@"fifteen bytes !"'), (KEY, "16 bytes"))
    row("a variable of an environment that this gateway does not read",
        signed('"x"').replace('{ "text": "x" }', '{ "env": @"SECRET" }'),
        ("credentials[0].secrets[0].key.env", "text"))
    with_basic = lambda text: policy(credentials=user('"u"', text))
    row("a passphrase", with_basic('"eight by"'))
    row("an empty passphrase", with_basic('@""'), (PASSPHRASE, "empty"))
    row("a short passphrase", with_basic('@"seven b"'), (PASSPHRASE, "8 bytes"))
    row("a passphrase with a line feed", with_basic('@"a passphrase\\n"'), (PASSPHRASE, "line end"))


@in_documents("S5")
def _(row):
    """Secrets that are decoded."""
    own = lambda key: scheme(more=f', "key": "{key}", "key_prefix": "whsec_"')
    decoded = lambda text, key="base64": policy(credentials=secret(text), **own(key))
    row("a secret in base64", decoded('"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"'))
    row("no base64 behind the prefix", decoded('@"whsec_' + "!" * 24 + '"'), (KEY, "base64"))
    row("nothing behind the prefix", decoded('@"whsec_"'), (KEY, "16 bytes"))
    row("few bytes behind the prefix", decoded('@"whsec_MfKQ9r8GKYqrTwjUPA=="'), (KEY, "16 bytes"))
    row("no prefix", decoded('@"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"'), (KEY, "whsec_"))
    row("hex of an odd length", decoded('@"whsec_' + "0" * 33 + '"', "hex"), (KEY, "hex"))
    row("hex", decoded('"whsec_000102030405060708090a0b0c0d0e0F"', "hex"))


@in_documents("S25")
def _(row):
    row("HMAC-SHA256", policy(**scheme()))
    for name in ["hmac-sha1", "hmac-md5", "sha1", "md5", "SHA256", "none", "HMAC-SHA256", ""]:
        row(name or "nothing", policy(**scheme(algorithm=f'@"{name}"')),
            ("schemes.own.algorithm", 'write "hmac-sha'))


@in_documents("S26")
def _(row):
    time = ', "timestamp": %s{ "header": "X-T", "format": "unix_s" }'
    row("a time that is signed", policy(**scheme('"timestamp", "body"', more=time % "")))
    row("a time that is not", policy(**scheme(more=time % "@")),
        ("schemes.own.timestamp", "not signed"))
    row("nothing of the request",
        policy(**scheme('{ "literal": "x" }')).replace('"parts": ', '"parts": @'),
        ("schemes.own.parts", "signed"))
    row("the body twice", policy(**scheme('"body", @"body"')), ("schemes.own.parts[1]", "twice"))
    deposit = policy(route=', "signature": "directa24-deposit"',
                     credentials=secret('"sixteen bytes ok"'))
    taking = lambda kind: deposit.replace('"basic", { "api_key": "X-Key" }', kind)
    row("date, login and body are joined, and the login is the credential",
        taking('{ "api_key": "X-Login" }'))
    for kind in ['{ "api_key": "X-Key" }', '{ "fixed": "a" }', '{ "body": {} }']:
        row(f"and it is not: {kind}", taking("@" + kind), ("routes.pay.credentials[0]", "X-Login"))
