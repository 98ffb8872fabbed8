"""1.4 What schemes that a policy defines cover: S20 to S22 and S26."""

from .expect import allow, deny
from .hooks import (BODY, ENCODING, HOOK, MALFORMED, MISMATCH, NOW, SECRET, SENDER, ixopay, svix)
from .request import Request
from .sign import b64, b64url, mac, mac_hex
from .table import about

PAYMENT = Request(target="/hook?data.id=42&type=payment", body=b"{}").plus("x-request-id", "r-1")
MANIFEST = f"id:42;request-id:r-1;ts:{NOW};"
IXOPAY = allow("ixopay", 1)


def mercado(request, text):
    return request.plus("x-signature", f"ts={NOW},v1={mac_hex(SECRET, text)}")


@about("S20", "webhooks")
def _(row):
    order = lambda value: HOOK.plus("X-Order", value).plus("X-Signature",
                                                           mac_hex(SECRET, value, "\n", BODY))
    row("the signed header is there", "signed-header", order("108"), SENDER)
    row("it changed", "signed-header", order("108").having("X-Order", "109"), MISMATCH)
    row("it is missing", "signed-header",
        order("108").minus("X-Order"), deny("signed_part_missing", header="X-Order"))
    row("signed as missing", "signed-header",
        order("").minus("X-Order"), deny("signed_part_missing", header="X-Order"))
    row("it is there twice", "signed-header",
        order("108").plus("X-Order", "108"), deny("dup_header", header="X-Order"))
    row("twice, signed as joined", "signed-header",
        order("108, 109").minus("X-Order").plus("X-Order", "108").plus("X-Order", "109"),
        deny("dup_header", header="X-Order"))
    row("it is folded", "signed-header", order("10\r\n 8"), deny("bad_header_octet"))
    row("space around it is not signed", "signed-header",
        order("108").having("X-Order", "  108\t"), SENDER)
    row("the id is missing", "standard-webhooks",
        svix().minus("webhook-id"), deny("signed_part_missing", header="webhook-id"))
    row("the id is empty", "standard-webhooks", svix(ident=""),
        deny("signed_part_missing", header="webhook-id"))
    row("all optional parts are there", "mercado-pago", mercado(PAYMENT, MANIFEST), SENDER)
    row("one is not", "mercado-pago", mercado(PAYMENT.minus("x-request-id"), f"id:42;ts:{NOW};"),
        SENDER)
    row("none is", "mercado-pago",
        mercado(PAYMENT.minus("x-request-id").but(target="/hook"), f"ts:{NOW};"), SENDER)
    row("one was taken away", "mercado-pago", mercado(PAYMENT, MANIFEST).minus("x-request-id"), MISMATCH)
    row("one was taken away from the query", "mercado-pago",
        mercado(PAYMENT, MANIFEST).but(target="/hook?type=payment"), MISMATCH)
    row("one stands twice in the query", "mercado-pago",
        mercado(PAYMENT, MANIFEST).but(target="/hook?data.id=42&data.id=43"),
        deny("signed_part_missing"))


@about("S26", "webhooks")
def _(row):
    row("an id with the separator in it", "standard-webhooks", svix(ident="msg.1"),
        deny("signed_part_missing"))
    row("an id without it", "standard-webhooks", svix(ident="msg_1"), allow("svix", 1))
    row(
        "a part of the id moved to the time", "standard-webhooks",
        svix(ident="msg_1").having("webhook-id",
                                   "msg_1." + NOW[:2]).having("webhook-timestamp", NOW[2:]),
        deny("stale"))
    row(
        "a value with the separator in it", "mercado-pago",
        mercado(PAYMENT.but(target="/hook?data.id=42;request-id:r-1"),
               f"id:42;request-id:r-1;request-id:r-1;ts:{NOW};"), deny("signed_part_missing"))
    row("a value that swallows the next pair", "mercado-pago",
        mercado(PAYMENT, MANIFEST).minus("x-request-id").but(target="/hook?data.id=42;request-id:r-1"),
        deny("signed_part_missing"))


@about("S21", "webhooks")
def _(row):
    for target in [
            "/a//b", "/a%2Fb", "/a%2fb", "/a/../b", "/a/./b", "/a;b=c", "/a?b=1&a=2", "/a?",
            "/a?b=%20&c=+", "*"
    ]:
        row(target, "ixopay", ixopay(target=target), IXOPAY)
    for signed_one, sent in [("/a//b", "/a/b"), ("/a%2Fb", "/a/b"), ("/a%2Fb", "/a%2fb"),
                             ("/a/../b", "/b"), ("/a?a=2&b=1", "/a?b=1&a=2"), ("/a?", "/a"),
                             ("/a", "/a?"), ("/a", "/A"), ("/a?b=%20", "/a?b=+"), ("/a", "/a/"),
                             ("/a", "https://api.example.com/a")]:
        row(f"{signed_one} sent as {sent}", "ixopay",
            ixopay(target=signed_one).but(target=sent), MISMATCH)
    path = lambda target, signed_path: HOOK.but(
        target=f"{target}signature={b64url(mac(SECRET, 'POST ', signed_path, ' ', BODY))}")
    row("a signature in the query", "signed-path", path("/hook?", "/hook"), SENDER)
    row("with other parameters", "signed-path", path("/hook?a=1&", "/hook"), SENDER)
    row("that covers another path", "signed-path", path("/hook2?", "/hook"), MISMATCH)
    row("that stands there twice", "signed-path", path("/hook?signature=a&", "/hook"), MALFORMED)
    row("that is not there", "signed-path", HOOK, deny("missing_signature"))
    row("that is empty", "signed-path", HOOK.but(target="/hook?signature="),
        deny("missing_signature"))
    row(
        "that is escaped", "signed-path",
        HOOK.but(target="/hook?signature=" +
                 b64(mac(SECRET, "POST /hook ", BODY)).replace("=", "%3D")), ENCODING)


@about("S22", "webhooks")
def _(row):
    row("HTTP/1.1", "ixopay", ixopay(), IXOPAY)
    two = ixopay()
    row("HTTP/2: names in lower case", "ixopay",
        two.but(headers=tuple((name.lower(), value) for name, value in two.headers)), IXOPAY)
    row("the method is covered", "ixopay", ixopay().but(method="PUT"), MISMATCH)
    row("in its case", "ixopay", ixopay().but(method="post"), MISMATCH)
    row("GET without a body", "ixopay", ixopay(method="GET", body=b""), IXOPAY)
    row("the host is not", "ixopay", ixopay().but(host="other.example.com"), IXOPAY)
