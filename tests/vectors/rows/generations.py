"""The values of API keys and passphrases while one replaces another: L9, L10 and L15."""

import hashlib

from .documents import policy
from .expect import allow, deny
from .fixtures import signed
from .request import NOW_MS, Request
from .sign import basic
from .table import about, in_documents

JULY_MS = 1593561600000  # 2020-07-01T00:00:00Z
BODY = b'{"amount":2000}'


def by_key(key):
    return Request(headers=(("X-Key", key), ))


def by_passphrase(user, passphrase):
    return Request(headers=(("Authorization", basic(user, passphrase)), ))


def by_login(user, passphrase):
    return Request(body=f'{{"login":"{user}","pass":"{passphrase}"}}'.encode())


@about("L10", "generations")
def _(row):
    may, june, july = map(by_key, ["the key of may", "the key of june", "the key of july"])
    out, early = deny("rotated_out", generation=3), deny("not_yet_active", generation=5)
    row("the key that counts", "key", june, allow("rotating", 4))
    row("the key before, in its last millisecond", "key", may.but(unix_ms=NOW_MS - 1),
        allow("rotating", 3))
    row("and at the instant of its end", "key", may, out)
    row("the key after, in the last millisecond before", "key", july.but(unix_ms=JULY_MS - 1),
        early)
    row("and at the instant of its beginning", "key", july.but(unix_ms=JULY_MS),
        allow("rotating", 5))
    row("both count while they overlap", "key", june.but(unix_ms=JULY_MS), allow("rotating", 4))
    row("a key that nothing replaced", "key", by_key("the ending key"), deny("expired_key"))
    row("a key in its last millisecond", "key",
        by_key("the ending key").but(unix_ms=NOW_MS - 1), allow("ending", 1))
    row("a key under a pepper", "key", by_key("the peppered key"), allow("peppered"))
    row("a key that nobody has", "key", by_key("the key of april"),
        deny("unknown_key", generation=0))
    digest = hashlib.sha256(b"the key of june").hexdigest()
    row("what is kept of a key is no key", "key", by_key(digest), deny("unknown_key"))
    row("the number of the signing secret goes first", "signed",
        signed(june.but(body=BODY), "the signing secret"), allow("rotating", 11))
    row("an old key and a right signature", "signed",
        signed(may.but(body=BODY), "the signing secret"), deny("rotated_out", generation=11))
    row("an early key and a wrong signature", "signed",
        signed(july.but(body=BODY), "another signing secret"), deny("sig_mismatch"))


@about("L10", "generations")
def _(row):
    """Passphrases, in a header and in the body."""
    for route, by, streamed in [("basic", by_passphrase, None),
                                ("login", by_login, deny("body_required"))]:
        same = lambda shows, request, expect: row(f"{route}: {shows}", route, request, expect,
                                                  streamed)
        may, june, july = (by("rotating", f"words of {month}") for month in ["may", "june", "july"])
        same("the passphrase that counts", june, allow("rotating", 8))
        same("the one before, in its last millisecond", may.but(unix_ms=NOW_MS - 1),
            allow("rotating", 7))
        same("and at the instant of its end", may, deny("rotated_out", generation=7))
        same("the one after, in the last millisecond before",
            july.but(unix_ms=JULY_MS - 1), deny("not_yet_active", generation=9))
        same("and at the instant of its beginning", july.but(unix_ms=JULY_MS),
            allow("rotating", 9))
        same("one that nothing replaced", by("ending", "ending words"),
            deny("expired_key"))
        same("none of them", by("rotating", "words of april"),
            deny("bad_secret", generation=0))
    right = signed(by_passphrase("rotating", "words of june").but(body=BODY), "the signing secret")
    row("the number of the signing secret goes first", "signed-basic", right, allow("rotating", 11))
    row("an old passphrase and a right signature", "signed-basic",
        right.having("Authorization", basic("rotating", "words of may")), deny("rotated_out"),
        deny("rotated_out", head=True))
    row("both secrets have ended", "signed-basic",
        signed(by_passphrase("ending", "ending words").but(body=BODY), "the ending secret"),
        deny("expired_key"), deny("expired_key", head=True))


@about("L9", "generations")
def _(row):
    """What the credential may not do any more is said before what its secret may not."""
    row("revoked, and the key has ended", "key", by_key("the revoked key"), deny("revoked"))
    row("revoked, and the passphrase has ended", "basic",
        by_passphrase("revoked", "revoked words"), deny("revoked"))
    row("revoked, and the signing secret has ended", "signed",
        signed(by_key("the revoked key").but(body=BODY), "the revoked secret"), deny("revoked"))
    row("suspended, and the key is not active yet", "key", by_key("the suspended key"),
        deny("suspended"))
    row("of another environment, and the key has ended", "key", by_key("the staging key"),
        deny("expired_key"))


@in_documents("L15")
def _(row):
    """No two values of a secret are the same, nor are their numbers."""
    value = lambda member, number, secret, more="": (
        f'{{ "generation": {number}, "{member}": {secret}{more} }}')
    listed = lambda member, *values: "[" + ", ".join(
        value(member, *one) for one in values) + "]"
    hashed = lambda text: f'{{ "sha256": "{hashlib.sha256(text.encode()).hexdigest()}" }}'
    one, two = '{ "text": "value one" }', '{ "text": "value two" }'
    keys = lambda *values: f'{{ "id": "a", "api_key": {listed("key", *values)} }}'
    of = lambda *credentials: policy(credentials=",\n  ".join(credentials))
    row("two keys of a credential", of(keys((1, one), (2, two))))
    row("one key twice", of(keys((1, one), (2, "@" + one))),
        ("credentials[0].api_key[1].key", "the same API key"))
    row("one key twice, once as its hash", of(keys((1, hashed("value one")), (2, "@" + one))),
        ("credentials[0].api_key[1].key", "the same API key"))
    row("the old key of another credential",
        of(keys((1, one), (2, two)), f'{{ "id": "b", "api_key": @{two} }}'),
        ("credentials[1].api_key", "credentials[0]"))
    row("one number twice", of(keys((3, one), ("@3", two))),
        ("credentials[0].api_key[1].generation", "this number"))
    row("an end before the beginning",
        of(keys((1, one), (2, two, ', "not_before": "2020-06-21T12:33:20Z"'
                           ', "not_after": @"2020-06-21T12:33:20Z"'))),
        ("credentials[0].api_key[1].not_after", "ends before"))
    words = lambda *values: (
        f'{{ "id": "a", "basic": {{ "user": "a", "passphrase": {listed("passphrase", *values)} }} }}')
    row("two passphrases of a credential", of(words((1, one), (2, two))))
    row("one passphrase twice", of(words((1, one), (2, "@" + hashed("value one")))),
        ("credentials[0].basic.passphrase[1].passphrase", "the same passphrase"))
    row("one number of passphrases twice", of(words((1, one), ("@1", two))),
        ("credentials[0].basic.passphrase[1].generation", "this number"))
    row("no values", of(keys()).replace("[]", "@[]"), ("credentials[0].api_key", "1 to 8"))
    row("nine values", of(keys(*[(at, f'{{ "text": "value {at:03}" }}') for at in range(1, 10)])
                          ).replace('"api_key": [', '"api_key": @['),
        ("credentials[0].api_key", "1 to 8"))
    peppered = lambda at: (
        f'{{ "id": "{at}", "api_key": {{ "hmac_sha256": "{at:064x}", "pepper": {{ "text":'
        f' {"@" if at == 5 else ""}"a pepper with the number {at % 5}" }} }} }}')
    row("four peppers of keys", of(*map(peppered, [1, 2, 3, 4, 6, 9])))
    row("five peppers of keys", of(*map(peppered, [1, 2, 3, 4, 5])),
        ("credentials[4].api_key.pepper.text", "more peppers than 4"))
