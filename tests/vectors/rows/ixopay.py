"""IXOPAY's transaction API as its SDKs sign it: the time in two headers, MD5, uploads."""

from .expect import allow, deny
from .hooks import HTTP_DATE, MISMATCH, WEBHOOKS, ixopay
from .request import NOW_MS, Request
from .sign import b64, digest_hex, mac
from .table import about

IXOPAY = allow("ixopay", 1)
BOTH = ("Date", "X-Date")
UTC_DATE = HTTP_DATE.replace("GMT", "UTC")
LATER = HTTP_DATE.replace(":20 ", ":21 ")


def signed(*lines):
    return b64(mac(WEBHOOKS.secret("ixopay"), "\n".join(lines), algorithm="sha512"))


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
