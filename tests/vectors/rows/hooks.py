"""Good requests of the schemes that the policy `webhooks` defines."""

import base64

from .expect import allow, deny
from .request import NOW_MS, Request
from .sign import Policy, b64, digest_hex, mac, mac_hex

WEBHOOKS = Policy("webhooks")
SECRET = WEBHOOKS.secret("sender", 2)
OLD = WEBHOOKS.secret("sender", 1)
BODY = '{"id":"evt_1","amount":2000,"name":"José"}'.encode()
NOW = str(NOW_MS // 1000)
SENDER = allow("sender", 2)
HOOK = Request(target="/hook", body=BODY)
MISMATCH = deny("sig_mismatch")
ENCODING = deny("sig_encoding")
MALFORMED = deny("malformed_signature")
HTTP_DATE = "Sun, 21 Jun 2020 12:33:20 GMT"


def v1(time=NOW, secret=SECRET):
    return mac_hex(secret, time, ".", BODY)


def stripe(value=None):
    return HOOK.plus("Stripe-Signature", value or f"t={NOW},v1={v1()}")


def svix(signatures=None, ident="msg_1", time=NOW, key=None):
    key = key or base64.b64decode(WEBHOOKS.secret("svix").removeprefix("whsec_"))
    right = b64(mac(key, ident, ".", time, ".", BODY))
    request = HOOK.plus("webhook-id", ident).plus("webhook-timestamp", time)
    return request.plus("webhook-signature", (signatures or "v1,{}").format(right))


def dated(date=HTTP_DATE):
    return HOOK.plus("Date", date).plus("X-Signature", mac_hex(SECRET, date, "\n", BODY))


def ixopay(date=HTTP_DATE, target="/api/v3/transaction/my-api-key/debit", body=None, method="POST",
           body_hash="sha512", headers=("Date", )):
    """The published computation of IXOPAY's transaction API."""
    body = (body if body is not None else
            b'{"merchantTransactionId":"t-1","amount":"9.99","currency":"EUR"}')
    kind = "application/json; charset=utf-8"
    text = "\n".join([method, digest_hex(body, body_hash), kind, date, target])
    signature = b64(mac(WEBHOOKS.secret("ixopay"), text, algorithm="sha512"))
    request = Request(method=method, target=target, body=body).plus("Content-Type", kind)
    for header in headers:
        request = request.plus(header, date)
    return request.plus("X-Signature", signature)


def hub(text, name="X-Hub-Signature-256"):
    return HOOK.plus(name, text)
