"""1.1 Credentials and how they are presented: H3 to H7 and H17."""

from .expect import allow, deny
from .fixtures import BODY, MERCHANTS, UNKNOWN, cashout, deposit, keyed, status
from .request import Request
from .sign import b64
from .table import about

M1 = allow("merchant-1")
CASHOUT = allow("merchant-1", 2)
KEY = MERCHANTS.key("merchant-1")
OTHER_KEY = MERCHANTS.key("merchant-2")
BASIC = MERCHANTS.basic("merchant-1")
TOKEN = BASIC.removeprefix("Basic ")
MALFORMED = deny("malformed_auth", header="Authorization")
AMBIGUOUS = deny("ambiguous_credentials")


@about("H3", "merchants")
def _(row):
    row("Basic and then Bearer", "status-scoped",
        status().having("Authorization", f"{BASIC}, Bearer {KEY}"), MALFORMED)
    row("Bearer and then Basic", "status-scoped",
        status().having("Authorization", f"Bearer {KEY}, {BASIC}"), MALFORMED)
    row("the same twice", "status", status().having("Authorization", f"{BASIC},{BASIC}"), MALFORMED)
    row("an empty element", "status", status().having("Authorization", BASIC + ","), MALFORMED)
    row("no list", "status-scoped", status().having("Authorization", f"Bearer {KEY}"), M1)


@about("H4", "merchants")
def _(row):
    row("Proxy-Authorization beside Authorization is ignored", "status",
        status().plus("Proxy-Authorization", UNKNOWN), M1)
    row("alone it is no credential", "status",
        Request(method="GET", target="/").plus("Proxy-Authorization", BASIC), deny("no_credential"))


@about("H5", "merchants")
def _(row):
    get = Request(method="GET", target="/")
    row("one key", "any-way", get.plus("api-key", KEY), M1)
    row("key in header and query", "key",
        keyed().but(target=f"/?api-key={OTHER_KEY}"), deny("ambiguous_credentials",
                                                           header="api-key"))
    row("the same key in header and query", "key",
        keyed().but(target=f"/?a=1&api-key={KEY}"), deny("ambiguous_credentials", header="api-key"))
    row("a key in the query alone is no credential", "key", get.but(target=f"/?api-key={KEY}"),
        deny("no_credential"))
    row("two key headers", "any-way", get.plus("api-key", KEY).plus("X-API-Key", KEY), AMBIGUOUS)
    row("Basic and a key", "any-way", status().plus("api-key", OTHER_KEY), AMBIGUOUS)
    row("Bearer and a key", "any-way",
        get.plus("Authorization", f"Bearer {KEY}").plus("X-API-Key", KEY), AMBIGUOUS)
    row("a wrong Basic and a right key", "any-way",
        get.plus("Authorization", UNKNOWN).plus("api-key", KEY), AMBIGUOUS)
    row("Bearer in header and query", "bearer",
        get.but(target=f"/?access_token={KEY}").plus("Authorization", f"Bearer {KEY}"), AMBIGUOUS)
    row("Bearer in the header alone", "bearer", get.plus("Authorization", f"Bearer {KEY}"), M1)
    row("a header that the route does not read", "status", status().plus("api-key", OTHER_KEY), M1)


@about("H5", "merchants")
def _(row):
    whole = deny("body_required")
    row("Basic and members of the body that agree", "cashout-both", cashout(), CASHOUT, whole)
    row("whichever is written first", "cashout-body-first", cashout(), CASHOUT, whole)
    row("the body alone", "cashout-both", cashout().minus("Authorization"), CASHOUT, whole)
    row("Basic alone, the body has none", "cashout-both", cashout(body=b'{"amount":1}'), CASHOUT,
        whole)
    row("Basic alone, there is no body", "cashout-both", status(), deny("missing_signature"), whole)
    row("Basic of one and body of another", "cashout-both",
        cashout().having("Authorization", MERCHANTS.basic("merchant-2")), AMBIGUOUS, whole)
    wrong = BODY.replace(b"API_Passphrase", b"API_Passphrasf")
    row("the body has another passphrase", "cashout-both", cashout(body=wrong), AMBIGUOUS,
        whole)
    row("and Basic has", "cashout-both",
        cashout().having("Authorization", f"Basic {b64('cashout_API_Key:wrong')}"), AMBIGUOUS,
        whole)
    guess = b'{"login":"%s","pass":"guess"}'
    for shows, user in [("a known user", "cashout_API_Key"), ("an unknown user", "nobody")]:
        request = cashout(body=guess % user.encode()).having("Authorization",
                                                             f"Basic {b64(user + ':guess')}")
        reason = "bad_secret" if user != "nobody" else "unknown_key"
        row(f"{shows}, twice with a wrong passphrase", "cashout-both", request, deny(reason), whole,
            alike="both-wrong")
    for shows, user in [("a known user", "cashout_API_Key"), ("an unknown user", "nobody")]:
        request = cashout(body=guess % b"somebody else").having("Authorization",
                                                                f"Basic {b64(user + ':guess')}")
        row(f"{shows} in Basic, another in the body", "cashout-both", request, AMBIGUOUS, whole,
            alike="disagreeing")


@about("H6", "merchants")
def _(row):
    for scheme in ["BASIC", "bAsIc", "basic"]:
        row(f"{scheme}", "status", status().having("Authorization", f"{scheme} {TOKEN}"), M1)
    row("several spaces", "status", status().having("Authorization", f"Basic   {TOKEN}"), M1)
    row("space and tab around the value", "status",
        status().having("Authorization", f" \t{BASIC}\t "), M1)
    row("a tab", "status", status().having("Authorization", f"Basic\t{TOKEN}"), MALFORMED)
    row("a tab after another scheme", "status", status().having("Authorization", "Other\tx"), MALFORMED)
    row("a space and a tab", "status", status().having("Authorization", f"Basic \t{TOKEN}"), MALFORMED)
    row("a tab in the token", "status",
        status().having("Authorization", BASIC[:12] + "\t" + BASIC[12:]), MALFORMED)
    row("a colon after the scheme", "status",
        status().having("Authorization", f"Basic: {TOKEN}"), MALFORMED)
    row("the token alone, with padding", "status", status().having("Authorization", TOKEN), MALFORMED)
    row("bearer in lower case", "bearer", Request().plus("Authorization", f"bearer {KEY}"), M1)


@about("H6", "deposits")
def _(row):
    row("D24 is a prefix, which has a case", "deposit",
        deposit().having("Authorization", "d24" + deposit().value("Authorization").decode()[3:]),
        deny("no_supported_signature"))
    row(
        "and one space", "deposit",
        deposit().having("Authorization",
                         deposit().value("Authorization").decode().replace(" ", "  ")),
        deny("sig_encoding"))
    row("as it should be", "deposit", deposit(), allow("okp", 7))


@about("H7", "merchants")
def _(row):
    other = deny("unknown_scheme", challenges=["Basic"])
    row("a name that ends in Basic", "status",
        status().having("Authorization", f"NotBasic {TOKEN}"), other)
    row("a name that begins with Basic", "status",
        status().having("Authorization", f"Basics {TOKEN}"), other)
    row("Digest", "status", status().having("Authorization", 'Digest username="a"'), other)
    row("Digest with several parameters", "status",
        status().having("Authorization", 'Digest username="a", realm="b", nonce="c"'), other)
    row("Basic itself", "status", status(), M1)


@about("H17", "merchants")
def _(row):
    none = deny("no_credential")
    row("no header was delivered", "cashout", cashout().minus("Authorization"), none)
    row("the same with a 401 that says how", "status", Request(method="GET", target="/"),
        deny("no_credential", challenges=["Basic"]))
    row("an empty one was", "cashout",
        cashout().having("Authorization", ""), MALFORMED)
    row("one with nothing behind Basic was", "cashout",
        cashout().having("Authorization", "Basic"), deny("malformed_basic"))
    row("CGI's variable is no header", "cashout",
        cashout().minus("Authorization").plus("HTTP_AUTHORIZATION", BASIC), none)
    row("an empty key is none", "key", Request().plus("api-key", ""), none)
    row("the header was delivered", "cashout", cashout(), CASHOUT)
