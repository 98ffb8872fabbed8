"""1.3 The token endpoint: O1 to O9, as far as the decision goes. The answers that go with it are in
tests/token_endpoint.rs."""

from urllib.parse import quote_plus

from .expect import allow, deny
from .request import Request
from .sign import Policy, basic
from .table import about

CLIENTS = Policy("tokens")
GRANT = "grant_type=client_credentials"
FORM = "application/x-www-form-urlencoded"
SHOP = allow("shop")
WHOLE = deny("body_required", retry_after=1)
BAD = deny("bad_grant_request", lines=[])
AMBIGUOUS = deny("ambiguous_credentials", lines=[])
BASIC = ['WWW-Authenticate: Basic realm="tokens", charset="UTF-8"', "Cache-Control: no-store"]


def asked(body=GRANT, client="shop"):
    """A good request for a token."""
    headers = (("Authorization", CLIENTS.basic(client)), ("Content-Type", FORM))
    return Request(target="/api/token", headers=headers, body=body.encode())


def in_form(body, **changes):
    """One without Basic."""
    return asked(body, **changes).minus("Authorization")


def on_form(row):
    """Rows on a route that reads the body, which a stream is not."""
    def whole(shows, route, request, expect, streamed=WHOLE, **more):
        row(shows, route, request, expect, streamed, **more)

    return whole


@about("O1", "tokens")
def _(row):
    row = on_form(row)
    row("POST", "grant", asked(), SHOP)
    for method in ["GET", "HEAD", "PUT", "OPTIONS", "post"]:
        wrong = deny("method_not_allowed", lines=["Allow: POST"])
        row(method, "grant", asked().but(method=method), wrong, wrong)


@about("O2", "tokens")
def _(row):
    row = on_form(row)
    wrong = deny("bad_content_type", header="Content-Type")
    row("a form", "grant", asked(), SHOP)
    row("a form, with a charset", "grant", asked().having("Content-Type", FORM + ";charset=utf-8"),
        SHOP)
    for kind in ["application/json", "text/plain", "multipart/form-data; boundary=x", FORM + "2"]:
        row(kind, "grant", asked('{"grant_type":"client_credentials"}').having("Content-Type", kind),
            wrong, wrong)
    row("JSON that says that it is a form", "grant", asked('{"grant_type":"client_credentials"}'),
        BAD)
    row("no type", "grant", asked().minus("Content-Type"), wrong, wrong)
    row("no body", "grant", asked("").minus("Content-Type"), BAD)
    row("a coded body", "grant", asked().plus("Content-Encoding", "gzip"),
        deny("bad_encoding", header="Content-Encoding"),
        deny("bad_encoding", header="Content-Encoding"))
    for shows, body in [("no escape", GRANT + "&x=%zz"), ("no name", GRANT + "&=x"),
                        ("an end", GRANT + "&")]:
        row(f"no form: {shows}", "grant", asked(body), BAD)


@about("O3", "tokens")
def _(row):
    row = on_form(row)
    both = f"{GRANT}&client_id=shop&client_secret=the+passphrase+of+the+shop"
    row("Basic", "grant", asked(), SHOP)
    row("form", "grant", in_form(both), SHOP)
    row("both, the same", "grant", asked(both), AMBIGUOUS)
    row("both, different", "grant", asked(f"{GRANT}&client_id=other&client_secret=x"), AMBIGUOUS)
    row("Basic and an id in the form", "grant", asked(f"{GRANT}&client_id=shop"), AMBIGUOUS)
    row("Basic and an empty id in the form", "grant", asked(f"{GRANT}&client_id="), SHOP)
    row("a secret in the form alone", "grant", in_form(f"{GRANT}&client_secret=x"), BAD)
    row("an id in the form alone", "grant", in_form(f"{GRANT}&client_id=shop"),
        deny("bad_secret", lines=BASIC))
    row("a wrong secret in the form", "grant", in_form(both + "s"), deny("bad_secret", lines=BASIC))
    row("an unknown id in the form", "grant",
        in_form(f"{GRANT}&client_id=shup&client_secret=the+passphrase+of+the+shop"),
        deny("unknown_key", lines=BASIC))
    row("form, where Basic alone is taken", "grant-basic", in_form(both), BAD)
    row("both, where Basic alone is taken", "grant-basic", asked(both), BAD)
    row("Basic, where Basic alone is taken", "grant-basic", asked(), SHOP)
    row("a secret in the query", "grant", asked().but(target="/api/token?client_secret=x"),
        AMBIGUOUS)
    row("twice in the form", "grant", in_form(both + "&client_id=shop"), BAD)
    row("none", "grant", in_form(GRANT), deny("no_credential", lines=BASIC))
    row("a token", "grant", asked().having("Authorization", "Bearer a.b.c"),
        deny("unknown_scheme", lines=BASIC))


@about("O4", "tokens")
def _(row):
    row = on_form(row)
    user, secret = "shöp+ñ%41", "50% of +/=&?"
    encoded = basic(quote_plus(user), quote_plus(secret))
    raw = basic(user, secret)
    quirk = allow("odd", reason="ok_quirk", quirks=["basic_raw"])
    with_basic = lambda value: asked().having("Authorization", value)
    row("encoded", "grant", with_basic(encoded), allow("odd"))
    row("raw", "grant", with_basic(raw), deny("malformed_basic", lines=BASIC))
    row("encoded, where raw is tolerated", "grant-raw", with_basic(encoded), allow("odd"))
    row("raw, where it is tolerated", "grant-raw", with_basic(raw), quirk)
    row("a raw secret behind an encoded id", "grant-raw",
        with_basic(basic(quote_plus(user), secret)),
        deny("unknown_key", lines=BASIC, quirks=["basic_raw"]))
    row("encoded twice", "grant-raw", with_basic(basic(quote_plus(quote_plus(user)), quote_plus(secret))),
        deny("unknown_key", lines=BASIC))
    row("a space as +", "grant", with_basic(basic("shop", "the+passphrase+of+the+shop")), SHOP)
    row("a space as %20", "grant", with_basic(basic("shop", "the%20passphrase+of+the shop")), SHOP)
    row("an encoded colon", "grant", with_basic(basic("sh%3Aop", "x")),
        deny("unknown_key", lines=BASIC))
    row("an encoded NUL", "grant", with_basic(basic("shop%00", "x")),
        deny("unknown_key", lines=BASIC))
    row("nothing to encode, where raw is tolerated", "grant-raw", asked(), SHOP)
    row("a wrong secret, where raw is tolerated", "grant-raw",
        with_basic(basic("shop", "100%+wrong")),
        deny("bad_secret", lines=BASIC, quirks=["basic_raw"]))
    row("in the form", "grant",
        in_form(f"{GRANT}&client_id={quote_plus(user)}&client_secret={quote_plus(secret)}"),
        allow("odd"))


@about("O5", "tokens")
def _(row):
    row = on_form(row)
    other = deny("unsupported_grant_type", lines=[])
    row("exactly that", "grant", asked(), SHOP)
    row("escaped", "grant", asked("gr%61nt_type=client%5Fcredentials"), SHOP)
    row("behind others", "grant", asked("x=1&x=2&" + GRANT + "&y"), SHOP)
    for body in ["x=1", "grant_type=", "Grant_Type=client_credentials", "grant_type"]:
        row(f"missing: {body}", "grant", asked(body), BAD)
    for body in [f"{GRANT}&{GRANT}", f"{GRANT}&grant_type=password",
                 f"grant_type=password&{GRANT}"]:
        row(f"twice: {body}", "grant", asked(body), BAD)
    for kind in ["password", "authorization_code", "refresh_token", "client_credential",
                 "client_credentials+", "Client_Credentials", "%00client_credentials",
                 "urn:ietf:params:oauth:grant-type:jwt-bearer"]:
        row(kind, "grant", asked(f"grant_type={kind}"), other)
    row("missing, and a wrong secret: nothing is said of that", "grant",
        asked("x=1").having("Authorization", basic("shop", "wrong")), BAD)


@about("O6", "tokens")
def _(row):
    row = on_form(row)
    wrong = [("shop", "the passphrase of the shap"), ("nobody", "the passphrase of the shop"),
             ("shop", ""), ("", "")]
    row("right", "grant", asked(), SHOP)
    for user, secret in wrong:
        reason = "bad_secret" if user == "shop" else "unknown_key"
        row(f"{user!r} {secret!r}", "grant", asked().having("Authorization", basic(user, secret)),
            deny(reason, lines=BASIC), alike="client")
    row("no base64", "grant", asked().having("Authorization", "Basic ?"),
        deny("bad_base64", lines=BASIC), alike="client")
    row("a revoked client", "grant", asked(client="revoked"), deny("revoked", lines=BASIC))
    row("a suspended client", "grant", asked(client="suspended"), deny("suspended", lines=BASIC))
    row("a client of staging", "grant", asked(client="staging-1"),
        deny("wrong_environment", lines=BASIC))
    row("a client from elsewhere", "grant", asked(client="listed"), deny("ip_not_allowed"))
    row("plain HTTP", "grant", asked().but(tls=False), deny("tls_required"), deny("tls_required"))


@about("O7", "tokens")
def _(row):
    row = on_form(row)
    refused = deny("scope_not_granted", lines=[])
    scoped = lambda scope, client="shop": asked(f"{GRANT}&scope={scope}", client)
    row("none", "grant", asked(), SHOP)
    row("an empty list is none", "grant", scoped(""), SHOP)
    row("one", "grant", scoped("payments:read"), SHOP)
    row("both", "grant", scoped("payments:write+payments:read"), SHOP)
    row("one twice", "grant", scoped("payments:read%20payments:read"), SHOP)
    for shows, scope in [("unknown", "payments:refund"), ("one of two unknown", "payments:read+x"),
                         ("a prefix", "payments"), ("in another case", "Payments:read"),
                         ("two spaces", "payments:read++payments:write"),
                         ("a space behind", "payments:read+"), ("a comma", "payments:read,x"),
                         ("a quote", "%22"), ("no UTF-8", "%ff")]:
        row(shows, "grant", scoped(scope), refused)
    row("one that the client has not", "grant", scoped("payments:write", "reader"), refused)
    row("one that it has", "grant", scoped("payments:read", "reader"), allow("reader"))
    row("a list that is too long", "grant", scoped("x" * 1025), BAD)
    row("twice", "grant", scoped("payments:read&scope=payments:read"), BAD)
    row("a scope and a wrong secret", "grant",
        scoped("x").having("Authorization", basic("shop", "wrong")), deny("bad_secret", lines=BASIC))


@about("O8", "tokens")
def _(row):
    row = on_form(row)
    row("a key signs", "grant", asked(), SHOP)
    row("the endpoint needs a scope itself", "grant-scoped", asked(), SHOP)
    row("and the client has it not", "grant-scoped", asked(client="reader"),
        deny("insufficient_scope", lines=[]))


@about("O8", "tokens-over")
def _(row):
    row = on_form(row)
    ended = asked().having("Authorization", basic("shop", "the passphrase of the shop"))
    row("the last key has ended", "grant", ended, deny("config_missing", retry_after=1))
    row("a moment before", "grant", ended.after(wall_s=-0.001), SHOP)


@about("O9", "tokens")
def _(row):
    row = on_form(row)
    row("what is unknown in the form is not looked at", "grant", asked(GRANT + "&access_token=a.b.c"),
        SHOP)
    row("a refresh token is none", "grant", asked("grant_type=refresh_token&refresh_token=x"),
        deny("unsupported_grant_type"))
