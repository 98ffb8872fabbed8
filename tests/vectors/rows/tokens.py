"""1.3 Access tokens where they are presented: J1 to J17 and O9 to O12. The tokens are made here,
with Python's own hmac."""

import json

from .documents import policy
from .expect import allow, deny
from .fixtures import BODY, signed
from .request import NOW_MS, Request
from .sign import Policy, b64url, mac
from .table import about, in_documents, in_sequence, on

NOW_S = NOW_MS // 1000
TOKENS = Policy("tokens")
KEYS = {
    "k-may": "the token key of may, 32 bytes at least",
    "k-june": "the token key of june, 32 bytes at least",
    "k-july": "the token key of july, 32 bytes at least",
    "k-over": "the token key that is over, 32 bytes at least",
    "k1": "the only token key, 32 bytes at least",
}
HEADER = {"typ": "JWT", "alg": "HS256", "kid": "k-june"}
CLAIMS = {
    "iss": "pay", "sub": "shop", "aud": "production", "iat": NOW_S, "exp": NOW_S + 600, "gen": 3
}
BEARER = 'WWW-Authenticate: Bearer realm="tokens"'
NO_STORE = "Cache-Control: no-store"
INVALID = [BEARER + ', error="invalid_token"', NO_STORE]
SHOP = allow("shop")


def written(value):
    """JSON as it stands in a token; text and octets are taken as they are."""
    if isinstance(value, dict):
        value = json.dumps(value, separators=(",", ":"))
    return value if isinstance(value, bytes) else value.encode("utf-8")


def joined(header, claims, key):
    text = f"{b64url(written(header))}.{b64url(written(claims))}"
    return f"{text}.{b64url(mac(key, text))}"


def token(header=None, claims=None, kid="k-june", key=None):
    """A token whose header and claims differ from the good ones in these members. None takes a
    member away; text is the whole header, or the whole of the claims."""
    def changed(good, changes):
        if isinstance(changes, (str, bytes)):
            return changes
        merged = {**good, **(changes or {})}
        return {name: value for name, value in merged.items() if value is not None}

    header = changed({**HEADER, "kid": kid}, header)
    return joined(header, changed(CLAIMS, claims), key or KEYS[kid])


def sent(value, **changes):
    headers = (("Authorization", f"Bearer {value}"), )
    return Request(method="GET", target="/payments", headers=headers, **changes)


def refused(reason, **more):
    """Whatever is wrong with a token, the caller learns that it is invalid."""
    return deny(reason, lines=INVALID, **more)


def refused_and_signed(reason, **more):
    """The same where a signature is asked for, too."""
    return deny(reason, challenges=["Bearer", "Signature"], **more)


GOOD = token()
MALFORMED = refused("token_malformed")
BAD_ALG = refused("alg_not_allowed")
UNKNOWN_KID = refused("unknown_kid")
BAD_SIG = refused("token_bad_sig")
FOREIGN = refused("wrong_environment")


@about("J1", "tokens")
def _(row):
    row("HS256", "api", sent(GOOD), SHOP)
    for alg in ["none", "None", "nOnE", "NONE", "", None, "hs256", "HS384"]:
        row(f"alg {alg!r}", "api", sent(token({"alg": alg})), BAD_ALG)
    unsigned = token({"alg": "none"}).rsplit(".", 1)[0]
    row("none, without a signature", "api", sent(unsigned + "."), BAD_ALG)
    row("HS256, without a signature", "api", sent(GOOD.rsplit(".", 1)[0] + "."), MALFORMED)
    row("HS256, with the signature of another token", "api",
        sent(GOOD.rsplit(".", 1)[0] + "." + token({}, {"sub": "reader"}).rsplit(".", 1)[1]), BAD_SIG)
    row("one bit of the signature", "api", sent(token(key=KEYS["k-june"] + "!")), BAD_SIG)
    row("one claim changed", "api",
        sent(".".join([GOOD.split(".")[0],
                       b64url(written({**CLAIMS, "sub": "reader"})),
                       GOOD.split(".")[2]])), BAD_SIG)


@about("J2", "tokens")
def _(row):
    row("the algorithm of the key", "api", sent(GOOD), SHOP)
    for alg in ["RS256", "ES256", "EdDSA", "PS256", "dir", "A256GCM"]:
        row(f"{alg}, signed with the key as HMAC", "api", sent(token({"alg": alg})), BAD_ALG)


@about("J3", "tokens")
def _(row):
    for kid in ["k-may", "k-june"]:
        row(f"{kid}, while both keys count", "api", sent(token(kid=kid)), SHOP)
    for shows, kid in [("unknown", "k-april"), ("a path", "../../dev/null"),
                       ("SQL", "k-june' OR '1'='1"), ("in another case", "K-JUNE"),
                       ("with a NUL", "k-june\0"), ("long", "k" * 65), ("empty", ""),
                       ("missing", None)]:
        row(shows, "api", sent(token({"kid": kid})), UNKNOWN_KID)
    row("an empty key behind an unknown one", "api", sent(joined({**HEADER, "kid": "k-x"}, CLAIMS, "")),
        UNKNOWN_KID)
    row("of another key", "api", sent(token(key=KEYS["k-may"])), BAD_SIG)
    row("of a key that has not begun", "api", sent(token(kid="k-july")), UNKNOWN_KID)
    row("of a key that ends now", "api", sent(token(kid="k-over")), UNKNOWN_KID)
    row("a moment before it ends", "api",
        sent(token(claims={"iat": NOW_S - 1, "exp": NOW_S + 599}, kid="k-over")).but(unix_ms=NOW_MS - 1), SHOP)
    row("a number", "api", sent(token({"kid": 1})), MALFORMED)


@about("J4", "tokens")
def _(row):
    for shows, more in [("crit", {"crit": ["exp"]}), ("an empty crit", {"crit": []}),
                        ("b64", {"b64": False}), ("b64 and crit", {"b64": False, "crit": ["b64"]})]:
        row(shows, "api", sent(token(more)), MALFORMED)
    own = b64url("a key of the attacker, of 32 bytes")
    jwk = {"jwk": {"kty": "oct", "k": own}}
    for more in [jwk, {"jku": "https://evil.example/"}, {"x5u": "https://evil.example/"},
                 {"x5c": ["AA=="]}]:
        row(f"{next(iter(more))} is ignored", "api", sent(token(more)), SHOP)
    row("a key that the token brings", "api",
        sent(token(jwk, key="a key of the attacker, of 32 bytes")), BAD_SIG)


@about("J5", "tokens")
def _(row):
    header, claims = written(HEADER).decode(), written(CLAIMS).decode()
    row("each once", "api", sent(token(header, claims)), SHOP)
    for shows, head, body in [
        ("alg twice", header.replace("{", '{"alg":"none",'), claims),
        ("alg twice, one escaped", header.replace("{", '{"\\u0061lg":"HS256",'), claims),
        ("an unknown member twice", header.replace("{", '{"x":1,"\\u0078":1,'), claims),
        ("sub twice", header, claims.replace("{", '{"sub":"reader",')),
        ("sub twice, one escaped", header, claims.replace("{", '{"s\\u0075b":"shop",')),
        ("an unknown claim twice", header, claims.replace("{", '{"x":1,"x":1,')),
    ]:
        row(shows, "api", sent(token(head, body)), MALFORMED)


@about("J6", "tokens")
def _(row):
    claims = written(CLAIMS).decode()
    end = f'"exp":{NOW_S + 600}'
    assert end in claims
    row("a whole number", "api", sent(token(claims=claims)), SHOP)
    for text in [f'"{NOW_S + 600}"', "1e400", f"{NOW_S + 600}.0", str(2**53 + 1), "-1", "null",
                 "true", "[]", "1e9", "99999999999999999999999"]:
        row(f"exp {text}", "api", sent(token(claims=claims.replace(end, f'"exp":{text}'))), MALFORMED)
    for name in ["exp", "iat", "sub", "aud", "iss", "gen"]:
        row(f"no {name}", "api", sent(token(claims={name: None})), MALFORMED)
    row("gen as text", "api", sent(token(claims={"gen": "3"})), MALFORMED)
    row("a list of audiences", "api", sent(token(claims={"aud": ["production"]})), MALFORMED)
    row("exp before iat", "api", sent(token(claims={"exp": NOW_S - 1})), MALFORMED)


@about("J7", "tokens")
def _(row):
    old = sent(token(claims={"iat": NOW_S - 600, "exp": NOW_S}))
    row("now is exp", "api", old, refused("token_expired"))
    row("the millisecond before", "api", old.but(unix_ms=NOW_MS - 1), SHOP)
    row("a day later", "api", old.after(86400), refused("token_expired"))
    row("expired and forged", "api",
        sent(token(claims={"iat": NOW_S - 600, "exp": NOW_S}, key="a guess of the key, 32 bytes ..")),
        BAD_SIG)


@about("J8", "tokens")
def _(row):
    row("now is nbf", "api", sent(token(claims={"nbf": NOW_S})), SHOP)
    row("a second before", "api", sent(token(claims={"nbf": NOW_S + 1})), refused("token_not_yet"))
    row("nbf as text", "api", sent(token(claims={"nbf": str(NOW_S)})), MALFORMED)


@about("J9", "tokens")
def _(row):
    def lived(begin, seconds):
        return sent(token(claims={"iat": NOW_S + begin, "exp": NOW_S + begin + seconds}))

    row("600 seconds", "api", lived(0, 600), SHOP)
    row("601 seconds", "api", lived(0, 601), refused("lifetime_too_long"))
    row("a year", "api", lived(-60, 31536000), refused("lifetime_too_long"))
    row("issued in a second", "api", lived(1, 600), refused("token_not_yet"))


@about("J10", "tokens")
def _(row):
    header, claims, tag = GOOD.split(".")
    row("three segments", "api", sent(GOOD), SHOP)
    for shows, text in [
        ("one", header), ("two", f"{header}.{claims}"), ("four", f"{GOOD}.{tag}"),
        ("five", f"{header}..{claims}.{tag}.{tag}"), ("a dot behind", GOOD + "."),
        ("a dot in front", "." + GOOD), ("no header", f".{claims}.{tag}"),
        ("no claims", f"{header}..{tag}"), ("dots", "..")
    ]:
        row(shows, "api", sent(text), MALFORMED)


@about("J11", "tokens")
def _(row):
    header, claims, tag = GOOD.split(".")
    row("base64url without padding", "api", sent(GOOD), SHOP)
    row("padding", "api", sent(GOOD + "="), MALFORMED)
    row("a header of another length", "api",
        sent(token(b'{"typ":"JWT","alg":"HS256","kid":"k-june"} ')), SHOP)
    symbols = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = symbols[symbols.index(tag[-1]) + 1]
    row("a tag with an unused bit set", "api", sent(f"{header}.{claims}.{tag[:-1]}{last}"), MALFORMED)
    for symbol in "+/":
        row(f"{symbol} in the tag", "api", sent(f"{header}.{claims}.{symbol}{tag[1:]}"), MALFORMED)
    row("a space in the token", "api", sent(f"{header}. {claims}.{tag}"), MALFORMED)
    row("the tag in hex", "api", sent(f"{header}.{claims}.{mac(KEYS['k-june'], header, '.', claims).hex()}"),
        BAD_SIG)


@about("J12", "tokens")
def _(row):
    def padded(length):
        short = len(token(claims={"x": ""}))
        return token(claims={"x": "x" * ((length - short) * 3 // 4)})

    nested = lambda depth: token(claims={"x": json.loads("[" * depth + "]" * depth)})
    row("4 kB", "api", sent(padded(4000)), SHOP)
    row("5 kB", "api", sent(padded(5000)), MALFORMED)
    row("8 levels", "api", sent(nested(7)), SHOP)
    row("9 levels", "api", sent(nested(8)), MALFORMED)
    row("1000 levels", "api", sent(nested(900)), MALFORMED)


@about("J13", "tokens")
def _(row):
    row("of this environment", "api", sent(GOOD), SHOP)
    row("of staging", "api", sent(token(claims={"aud": "staging"})), FOREIGN, alike="token")
    row("of staging, by a key of staging", "api",
        sent(token(claims={"aud": "staging"}, key="the token key of staging, 32 bytes")), BAD_SIG,
        alike="token")
    row("forged", "api", sent(token(key="a guess of the key, 32 bytes ..")), BAD_SIG, alike="token")
    row("of an unknown key", "api", sent(token({"kid": "k-x"})), UNKNOWN_KID, alike="token")
    row("of another issuer", "api", sent(token(claims={"iss": "play"})), FOREIGN, alike="token")
    row("expired", "api",
        sent(token(claims={"iat": NOW_S - 600, "exp": NOW_S})), refused("token_expired"),
        alike="token")
    row("of a credential that is not there", "api",
        sent(token(claims={"sub": "nobody"})), refused("unknown_key"), alike="token")
    row("of a credential that staging has, too", "api",
        sent(token(claims={"sub": "staging-1", "gen": 1})), FOREIGN)


@about("J14", "tokens")
def _(row):
    def of(credential, generation):
        return sent(token(claims={"sub": credential, "gen": generation}))

    row("of the generation that counts", "api", of("shop", 3), SHOP)
    for generation in [0, 1, 2, 4, 2**53]:
        row(f"of generation {generation}", "api", of("shop", generation),
            refused("token_revoked", credential="shop"), alike="J14")
    row("of a revoked credential", "api", of("revoked", 1), refused("revoked"), alike="J14 revoked")
    row("of a suspended one", "api", of("suspended", 1), refused("suspended"))
    row("of a network that it may not come from", "api", of("listed", 1), deny("ip_not_allowed"))
    row("of the right one", "api", of("listed", 1).but(peer="10.1.2.3"), allow("listed"))


@in_documents("J15")
def _(row):
    def keyed(*keys):
        listed = ", ".join(f'{{ "kid": "k{at}", "key": {{ "text": {key} }} }}'
                           for at, key in enumerate(keys))
        return policy(f'"tokens": {{ "issuer": "pay", "keys": [{listed}] }}')

    row("32 bytes", keyed(f'"{"x" * 32}"'))
    row("32 bytes of UTF-8", keyed(f'"{"é" * 16}"'))
    row("31 bytes", keyed(f'@"{"x" * 31}"'), ("tokens.keys[0].key.text", "less than 32 bytes"))
    row("the second of two", keyed(f'"{"x" * 32}"', '@"secret"'),
        ("tokens.keys[1].key.text", "less than 32 bytes"))
    row("nothing", keyed('@""'), ("tokens.keys[0].key.text", "empty"))


@about("J16", "tokens")
def _(row):
    row("JWT", "api", sent(GOOD), SHOP)
    for typ in ["at+jwt", "jwt", "JWT ", "id+jwt", "", None]:
        row(f"typ {typ!r}", "api", sent(token({"typ": typ})), MALFORMED)
    row("typ is a number", "api", sent(token({"typ": 1})), MALFORMED)


@about("J17", "tokens")
def _(row):
    header, claims = written(HEADER), written(CLAIMS)
    named = {**HEADER, "x": "é"}
    row("UTF-8", "api", sent(token(json.dumps(named, ensure_ascii=False))), SHOP)
    row("BOM before the header", "api", sent(token(b"\xef\xbb\xbf" + header)), MALFORMED)
    row("BOM before the claims", "api", sent(token(claims=b"\xef\xbb\xbf" + claims)), MALFORMED)
    row("Latin-1 in the header", "api",
        sent(token(json.dumps(named, ensure_ascii=False).encode("latin-1"))), MALFORMED)
    row("half a character in the claims", "api",
        sent(token(claims=claims.replace(b'"sub"', b'"x":"\xc3","sub"'))), MALFORMED)
    row("half a surrogate pair", "api",
        sent(token(claims=claims.replace(b'"shop"', b'"\\ud83d"'))), MALFORMED)


@about("O9", "tokens")
def _(row):
    ambiguous = deny("ambiguous_credentials", lines=[])
    row("in the header", "api", sent(GOOD), SHOP)
    row("in the query", "api", Request(method="GET", target=f"/?access_token={GOOD}"), ambiguous)
    row("in header and query", "api", sent(GOOD).but(target=f"/?access_token={GOOD}"), ambiguous)
    form = Request(body=f"access_token={GOOD}".encode())
    row("in the body", "api", form.plus("Content-Type", "application/x-www-form-urlencoded"),
        deny("no_credential", lines=[BEARER, NO_STORE]))
    row("Basic where there are only tokens", "api",
        sent("x").having("Authorization", TOKENS.basic("shop")), refused("unknown_scheme"))
    row("twice in the header", "api", sent(f"{GOOD}, Bearer {GOOD}"),
        deny("malformed_auth", header="Authorization"))
    row("beside an API key", "any-way",
        sent(GOOD).plus("api-key", TOKENS.key("shop")), deny("ambiguous_credentials"))


@about("O10", "tokens")
def _(row):
    row("none", "api", Request(), deny("no_credential", lines=[BEARER, NO_STORE]))
    row("any of three", "any-way", sent(GOOD), SHOP)
    row("none of three", "any-way", Request(),
        deny("no_credential", challenges=["Basic", "Bearer", "ApiKey"]))


@about("O11", "tokens")
def _(row):
    row("the word in another case", "api", sent("").having("Authorization", f"bEARER {GOOD}"), SHOP)
    for shows, text in [("no dots", "abc"), ("no b64token", "a.b.c{"), ("nothing", "")]:
        row(shows, "api", sent("").having("Authorization", f"Bearer {text}".strip()), MALFORMED)
    row("an API key", "api", sent(TOKENS.key("shop")), MALFORMED)
    row("a token or a key: a token", "key-or-token", sent(GOOD), SHOP)
    row("a token or a key: a key", "key-or-token", sent(TOKENS.key("shop")), SHOP)
    row("a token or a key: an unknown key", "key-or-token", sent("sk_live_0"), refused("unknown_key"))
    row("a token or a key: a key with dots is a token", "key-or-token", sent(TOKENS.key("dotted")),
        MALFORMED)
    row("a key with dots where there are keys only", "key", sent(TOKENS.key("dotted")),
        allow("dotted"))
    row("a token where there are keys only", "key", sent(GOOD), refused("unknown_key"))


@about("O12", "tokens")
def _(row):
    def scoped(scope=None, credential="shop", generation=3):
        return sent(token(claims={"sub": credential, "gen": generation, "scope": scope}))

    def lacking(scope):
        return deny("insufficient_scope", lines=[
            f'{BEARER}, error="insufficient_scope", scope="{scope}"'
        ])

    row("all scopes of the credential", "write", scoped(), SHOP)
    row("limited to it", "write", scoped("payments:write"), SHOP)
    row("limited to two", "read", scoped("payments:write payments:read"), SHOP)
    row("limited to another", "write", scoped("payments:read"), lacking("payments:write"))
    row("limited to a longer one", "write", scoped("payments:writes"), lacking("payments:write"))
    row("limited, where no scope is needed", "api", scoped("payments:read"), SHOP)
    row("a scope that the credential has not", "write", scoped("payments:write", "reader", 1),
        lacking("payments:write"))
    row("all scopes of one that has it not", "write", scoped(None, "reader", 1),
        lacking("payments:write"))
    row("limited to another, in dry run", "write-dry", scoped("payments:read"),
        allow("shop", reason="ok_would_deny", would_deny=["scope"],
              would_deny_reason="insufficient_scope"))
    for shows, scope in [("an empty scope", ""), ("two spaces", "a  b"), ("a quote", 'a"b'),
                         ("a list", ["payments:write"])]:
        row(shows, "write", scoped(scope), MALFORMED)


@about("J14", "tokens")
def _(row):
    """A token and a signature: the token alone opens nothing, and without it no body is read."""
    right = signed(sent(GOOD).but(method="POST", body=BODY), "the signing secret of the shop")
    row("token and signature", "signed", right, allow("shop", 1))
    row("no signature", "signed", sent(GOOD), deny("missing_signature"))
    row("a signature of somebody else", "signed",
        signed(sent(GOOD).but(method="POST", body=BODY), "another signing secret, that is wrong"),
        deny("sig_mismatch"))
    ended = f"Bearer {token(claims={'gen': 2})}"
    row("a token that has ended and a signature", "signed", right.having("Authorization", ended),
        refused_and_signed("token_revoked"), refused_and_signed("token_revoked", head=True))


@in_sequence("J7", "tokens-throttle")
def _(row):
    def short(begin=0, seconds=60, key=KEYS["k1"]):
        header = {"typ": "at+jwt", "alg": "HS256", "kid": "k1"}
        claims = {**CLAIMS, "gen": 1, "iat": NOW_S + begin, "exp": NOW_S + begin + seconds}
        return sent(joined(header, claims, key))

    api, right = on("api"), allow("shop")
    row("five seconds of leeway",
        api(short(5), right), api(short(6), deny("token_not_yet")),
        api(short(-64), right), api(short(-65), deny("token_expired")),
        api(short(0, 61), deny("lifetime_too_long")))
    row("a token that has expired is no guess", api(short(-65), deny("token_expired"), times=50),
        api(short(), right))
    row("one that is forged is",
        api(short(key="a guess of the key, 32 bytes .."), deny("token_bad_sig"), times=3),
        api(short(key="a guess of the key, 32 bytes .."), deny("auth_throttled"), times=50),
        api(short(), deny("auth_throttled")), api(short().but(peer="192.0.2.8"), right))
    row("whatever time it says",
        api(short(-65, key="a guess of the key, 32 bytes .."), deny("token_bad_sig"), times=3),
        api(short(), deny("auth_throttled")))
