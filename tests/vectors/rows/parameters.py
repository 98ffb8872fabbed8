"""Signatures over parameters, over a configured URL and in several header lines."""

from urllib.parse import urlencode

from .expect import allow, deny
from .hooks import BODY, ENCODING, HOOK, MALFORMED, MISMATCH, NOW, OLD, SECRET, SENDER
from .request import NOW_MS, Request
from .sign import b64, mac, mac_hex
from .table import about

PART = deny("signed_part_missing")
TIME = deny("bad_timestamp")
WHOLE = deny("body_required")
ORDER = f"symbol=LTCBTC&quantity=10&timestamp={NOW_MS}"
MAC = mac_hex(SECRET, ORDER)
SHOP = { "code": "0907a61c", "shop": "some-shop.myshopify.com", "timestamp": NOW }
LINES = "X-Mollie-Signature"


def order(query, body=""):
    return Request(target="/api/v3/order" + ("?" + query if query else ""), body=body.encode())


def installation(*pairs, signed=None):
    """The signature is over the pairs in order; it stands first."""
    signature = mac_hex(SECRET, "&".join(signed or sorted(pairs)))
    return Request(method="GET", target="/auth?" + "&".join([f"hmac={signature}", *pairs]))


def square(url):
    signature = b64(mac(SECRET, url, BODY))
    return HOOK.plus("X-Square-HmacSha256-Signature", signature)


@about("S20", "webhooks")
def _(row):
    good, old = mac_hex(SECRET, BODY), mac_hex(OLD, BODY)
    row("one line", "mollie", HOOK.plus(LINES, good), SENDER)
    row("with the optional prefix", "mollie", HOOK.plus(LINES, "sha256=" + good), SENDER)
    row("the second of two lines", "mollie", HOOK.plus(LINES, old).plus(LINES, good), SENDER)
    row("the second of two values", "mollie", HOOK.plus(LINES, f"{old}, sha256={good}"), SENDER)
    row("two lines of others", "mollie",
        HOOK.plus(LINES, old).plus(LINES, "0" * 64), MISMATCH)
    row("nine values", "mollie", HOOK.plus(LINES, ",".join([old] * 8)).plus(LINES, good), MALFORMED)
    row("a line that is none", "mollie", HOOK.plus(LINES, good).plus(LINES, "none"), ENCODING)
    row("no line", "mollie", HOOK, deny("missing_signature", header=LINES))
    both = lambda one, other: HOOK.plus("X-HMAC-Signature", f"t={NOW},v1={one},v2={other}")
    dated = lambda key: mac_hex(key, NOW, ".", BODY)
    row("under the first label", "tabapay", both(dated(SECRET), dated(OLD)), SENDER)
    row("under the other label", "tabapay", both(dated(OLD), dated(SECRET)), SENDER)
    row("under neither", "tabapay", both(dated(OLD), dated(OLD)), MISMATCH)


@about("S21", "webhooks")
def _(row):
    pairs = [urlencode({ name: value }) for name, value in SHOP.items()]
    row("sorted", "shopify-oauth", installation(*pairs), SENDER)
    row("in another order", "shopify-oauth", installation(*pairs[::-1]), SENDER)
    row("signed in the order as sent", "shopify-oauth",
        installation(*pairs[::-1], signed=pairs[::-1]), MISMATCH)
    row("a parameter besides", "shopify-oauth", installation(*pairs, "a=1", signed=pairs), MISMATCH)
    row("a parameter twice", "shopify-oauth", installation(*pairs, pairs[1]), PART)
    row("a parameter twice, once escaped", "shopify-oauth",
        installation(*pairs, "%73hop=other"), PART)
    row("32 parameters", "shopify-oauth",
        installation(*sorted(pairs + [f"p{at:02}=" for at in range(29)])), SENDER)
    row("33 parameters", "shopify-oauth",
        installation(*sorted(pairs + [f"p{at:02}=" for at in range(30)])), PART)
    row("91 s old", "shopify-oauth",
        installation(*pairs).but(unix_ms=NOW_MS + 91_000), deny("stale"))
    row("no time", "shopify-oauth", installation(*pairs[:2]), TIME)
    row("the URL that the sender calls", "square", square("https://shop.example.com/square?a=1"),
        SENDER)
    row("the URL that arrives", "square", square("http://api.example.com/hook"), MISMATCH)
    row("the body alone", "square", square(""), MISMATCH)


@about("S26", "webhooks")
def _(row):
    row("in the query", "binance", order(f"{ORDER}&signature={MAC}"), SENDER, WHOLE)
    row("in the body", "binance", order("", f"{ORDER}&signature={MAC}"), SENDER, WHOLE)
    row("signature first, in upper case", "binance",
        order(f"signature={MAC.upper()}&{ORDER}"), SENDER, WHOLE)
    row("signature in the query, the rest in the body", "binance",
        order("signature=" + MAC, ORDER), SENDER, WHOLE)
    row("a zero that moves from the query to the body", "binance",
        order(ORDER[:24] + "&signature=" + MAC, ORDER[24:]), PART, WHOLE)
    row("a body besides", "binance", order(f"{ORDER}&signature={MAC}", "a=1"), PART, WHOLE)
    row("signature twice", "binance", order(f"{ORDER}&signature={MAC}&signature={MAC}"), MALFORMED,
        WHOLE)
    row("signature in both", "binance", order(f"{ORDER}&signature={MAC}", "signature=" + MAC),
        MALFORMED, WHOLE)
    window = lambda chosen, age: order(
        f"{ORDER}&recvWindow={chosen}&signature={mac_hex(SECRET, ORDER, f'&recvWindow={chosen}')}"
    ).but(unix_ms=NOW_MS + age)
    row("5 s old", "binance",
        order(f"{ORDER}&signature={MAC}").but(unix_ms=NOW_MS + 5000), SENDER, WHOLE)
    row("5001 ms old", "binance",
        order(f"{ORDER}&signature={MAC}").but(unix_ms=NOW_MS + 5001), deny("stale"), WHOLE)
    row("as old as its sender allows", "binance", window(60000, 60000), SENDER, WHOLE)
    row("older than its sender allows", "binance", window(1000, 1001), deny("stale"), WHOLE)
    row("a longer window than anybody may choose", "binance", window(60001, 0), TIME, WHOLE)
    row("2 s ahead", "binance",
        order(f"{ORDER}&signature={MAC}").but(unix_ms=NOW_MS - 2000), deny("future"), WHOLE)
