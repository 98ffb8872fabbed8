"""IXOPAY's transaction API as its SDKs sign it: the time in two headers, MD5, uploads."""

from .expect import allow, deny
from .hooks import BODY, ENCODING, HOOK, HTTP_DATE, MALFORMED, MISMATCH, WEBHOOKS, ixopay
from .request import NOW_MS, Request
from .sign import b64, digest_hex, mac, mac_hex
from .table import about

IXOPAY = allow("ixopay", 1)
BOTH = ("Date", "X-Date")
UTC_DATE = HTTP_DATE.replace("GMT", "UTC")
LATER = HTTP_DATE.replace(":20 ", ":21 ")


def signed(*lines, secret="my-shared-secret"):
    return b64(mac(secret, "\n".join(lines), algorithm="sha512"))


def xml(service="Gateway", key="my-api-key", secret="my-shared-secret", body_hash="sha512",
        between=":", headers=BOTH, blank=("", )):
    """A transaction as the SDKs sent it to the XML interface, and as callbacks came."""
    body, target, kind = b"<transaction/>", "/transaction?a=1", "text/xml; charset=utf-8"
    text = ["POST", digest_hex(body, body_hash), kind, UTC_DATE, *blank, target]
    request = Request(target=target, body=body).plus("Content-Type", kind)
    for header in headers:
        request = request.plus(header, UTC_DATE)
    return request.plus("Authorization", f"{service} {key}{between}{signed(*text, secret=secret)}")


@about("S15", "webhooks")
def _(row):
    bad = lambda header: deny("bad_timestamp", header=header)
    row("Date", "ixopay", ixopay(), IXOPAY)
    row("X-Date", "ixopay", ixopay(headers=("X-Date", )), IXOPAY)
    row("both, as the PHP SDK sends them", "ixopay", ixopay(UTC_DATE, headers=BOTH), IXOPAY)
    row("both in another order", "ixopay", ixopay(headers=BOTH[::-1]), IXOPAY)
    row("another X-Date besides", "ixopay", ixopay().plus("X-Date", LATER), bad("X-Date"))
    row("the signed one is X-Date, a proxy wrote Date", "ixopay",
        ixopay(headers=("X-Date", )).plus("Date", LATER), bad("X-Date"))
    row("the same time in another zone", "ixopay", ixopay().plus("X-Date", UTC_DATE), bad("X-Date"))
    row("an empty X-Date besides", "ixopay", ixopay().plus("X-Date", ""), bad("X-Date"))
    row("neither", "ixopay", ixopay(headers=()), bad("Date"))
    row("X-Date twice", "ixopay", ixopay(headers=("X-Date", "X-Date")),
        deny("dup_header", header="X-Date"))
    row("Date, and X-Date twice", "ixopay", ixopay(headers=("Date", "X-Date", "X-Date")),
        deny("dup_header", header="X-Date"))
    row("a later Date than the signed one", "ixopay", ixopay().having("Date", LATER), MISMATCH)
    row("the same time, but not as signed", "ixopay", ixopay().having("Date", UTC_DATE), MISMATCH)
    row("301 s old", "ixopay", ixopay().but(unix_ms=NOW_MS + 301_000), deny("stale"))
    row("301 s ahead", "ixopay",
        ixopay(headers=("X-Date", )).but(unix_ms=NOW_MS - 301_000), deny("future"))
    first_of_june = NOW_MS - 20 * 86_400_000
    for text in ["Mon, 01 Jun 2020 12:33:20 UTC", "Mon, 1 Jun 2020 12:33:20 GMT"]:
        row(text, "ixopay", ixopay(text).but(unix_ms=first_of_june), IXOPAY)
    for text in [
            "Mon, 1 Jun 2020 12:33:20", "Mon,  1 Jun 2020 12:33:20 GMT",
            "Mon, 001 Jun 2020 12:33:20 GMT", "Tue, 1 Jun 2020 12:33:20 GMT",
            "Mon, 1 Jun 2020 12:33:20 UT", "Mon, 1 Jun 2020 12:33:20 utc",
            "Mon, 1 Jun 2020 12:33:20 +0000", "Mon, 1 Jun 20 12:33:20 GMT",
            "Mon, 0 Jun 2020 12:33:20 GMT", "Mon, 1 Jun 2020 12:33:20 UTC UTC",
            "Monday, 01-Jun-20 12:33:20 GMT", "Mon Jun  1 12:33:20 2020", "2020-06-01T12:33:20Z", ""
    ]:
        row(text or "nothing", "ixopay", ixopay(text).but(unix_ms=first_of_june), bad("Date"))


@about("S25", "webhooks")
def _(row):
    md5 = lambda **changes: ixopay(body_hash="md5", **changes)
    row("MD5 of the body where the route takes it", "ixopay-md5", md5(), IXOPAY)
    row("MD5 where it does not", "ixopay", md5(), MISMATCH)
    row("SHA-512 where MD5 is due", "ixopay-md5", ixopay(), MISMATCH)
    row("another body", "ixopay-md5", md5().but(body=b"{}"), MISMATCH)
    row("no body", "ixopay-md5", md5(method="GET", body=b""), IXOPAY)
    for length in [55, 56, 63, 64, 65, 119, 120, 128, 1000]:
        row(f"MD5 of {length} bytes", "ixopay-md5", md5(body=b"x" * length), IXOPAY)
    for length in [111, 112, 127, 128, 129, 1000]:
        row(f"SHA-512 of {length} bytes", "ixopay", ixopay(body=b"x" * length), IXOPAY)
    row("SHA-1", "ixopay-md5", ixopay(body_hash="sha1"), MISMATCH)
    row("MD5 in a scheme of the policy", "old-lines",
        Request(body=b"{}").plus("Date", UTC_DATE).plus(
            "X-Signature", signed("POST", digest_hex(b"{}", "md5").upper(), UTC_DATE)), IXOPAY)


@about("S7", "webhooks")
def _(row):
    target, kind = "/api/v3/dispute/1/upload", "multipart/form-data"
    upload = Request(target=target, body=b"--x--\r\n").plus("Date", UTC_DATE).plus(
        "Content-Type", kind + "; boundary=x")
    right = signed("POST", digest_hex(b"", "sha512"), kind, UTC_DATE, target)
    row("an upload is signed as if it were empty", "upload", upload.plus("X-Signature", right), IXOPAY)
    row("so its file is not protected", "upload",
        upload.plus("X-Signature", right).but(body=b"--x-- "), IXOPAY)
    row("but its target is", "upload",
        upload.plus("X-Signature", right).but(target="/api/v3/dispute/2/upload"), MISMATCH)
    row("no other scheme takes it", "ixopay", upload.plus("X-Signature", right), MISMATCH)


@about("S23", "webhooks")
def _(row):
    connector = allow("connector", 1)
    other = {"key": "a:key;of another", "secret": "another-shared-secret"}
    row("Gateway, key and signature", "xml", xml(), connector)
    row("IxoPay", "xml", xml("IxoPay"), connector)
    row("X-Date alone", "xml", xml(headers=("X-Date", )), connector)
    row("MD5 of the body", "xml-md5", xml(body_hash="md5"), connector)
    row("a colon in the key", "xml", xml(**other), allow("other-connector", 1))
    row("MD5 where the route does not take it", "xml", xml(body_hash="md5"), MISMATCH)
    row("SHA-512 where MD5 is due", "xml-md5", xml(), MISMATCH)
    row("without the empty line", "xml", xml(blank=()), MISMATCH)
    row("with two empty lines", "xml", xml(blank=("", "")), MISMATCH)
    unknown = deny("unknown_key")
    row("nobody has the key", "xml", xml(key="my-api-kez"), unknown, alike="signature key")
    row("the key in another case", "xml", xml(key="MY-API-KEY"), unknown, alike="signature key")
    row("the key of another connector", "xml", xml(key=other["key"]), MISMATCH, alike="signature key")
    row("the secret of another connector", "xml", xml(secret=other["secret"]), MISMATCH, alike="signature key")
    row("a key without a secret", "xml", xml(key="a-key-without-secret"), deny("no_secret"), alike="signature key")
    row("a key that was revoked, and another secret", "xml", xml(key="a-revoked-key"), MISMATCH,
        alike="signature key")
    row("a key that was revoked", "xml", xml(key="a-revoked-key", secret="a-revoked-secret"),
        deny("revoked"))
    no_version = deny("no_supported_signature")
    for service in ["gateway", "GATEWAY", "Ixopay", "Basic", "Gateway ", "D24"]:
        expect = unknown if service == "Gateway " else no_version
        row(f"{service!r}", "xml", xml(service), expect)
    row("no service", "xml", xml().having("Authorization", "my-api-key:AAAA"), no_version)
    row("no separator", "xml", xml(between=""), MALFORMED)
    row("another separator", "xml", xml(between=";"), MALFORMED)
    row("no key", "xml", xml(key=""), MALFORMED)
    row("no signature", "xml", xml().having("Authorization", "Gateway my-api-key:"), ENCODING)
    row("a space before the signature", "xml", xml(between=": "), ENCODING)
    row("hex", "xml", xml().having("Authorization", "Gateway my-api-key:" + "0" * 128), ENCODING)
    row("another signature behind a comma", "xml",
        xml().having("Authorization", xml().value("Authorization").decode() + ", Gateway a:b"),
        deny("dup_header", header="Authorization"))
    row("twice", "xml", xml().plus("Authorization", "Gateway a:b"),
        deny("dup_header", header="Authorization"))
    row("in X-Authorization alone", "xml",
        xml().minus("Authorization").plus("X-Authorization", xml().value("Authorization").decode()),
        deny("no_credential"))
    row("empty", "xml", xml().having("Authorization", ""), deny("no_credential"))
    row("another content type", "xml", xml().having("Content-Type", "text/xml"), MISMATCH)
    row("another X-Date", "xml", xml().having("X-Date", LATER),
        deny("bad_timestamp", header="X-Date"))
    row("no prefix in the scheme", "keyed",
        HOOK.plus("X-Sig", "my-api-key;" + mac_hex("my-shared-secret", BODY)), connector)
    row("the last separator counts", "keyed",
        HOOK.plus("X-Sig", "a:key;of another;" + mac_hex("another-shared-secret", BODY)),
        allow("other-connector", 1))
    mine = "my-api-key;" + mac_hex("my-shared-secret", BODY)
    row("a comma in the prefix", "comma-keyed", HOOK.plus("X-Sig", "V2, Key: " + mine), connector)
    row("a comma behind it", "comma-keyed", HOOK.plus("X-Sig", f"V2, Key: {mine}, V2, Key: {mine}"),
        deny("dup_header", header="X-Sig"))
