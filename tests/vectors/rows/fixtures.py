"""Good requests, which the rows then spoil."""

from .request import Request
from .sign import Policy, basic, mac_hex

MERCHANTS = Policy("merchants")
DEPOSITS = Policy("deposits")

BODY = ('{"login":"cashout_API_Key","pass":"cashout_API_Passphrase","external_id":"123456789",'
        '"country":"MX","amount":2000,"currency":"MXN","beneficiary_name":"José Peña"}').encode()
DEPOSIT_BODY = b'{"invoice_id":"108","amount":100,"country":"BR","currency":"BRL"}'
DATE = "2020-06-21T12:33:20Z"
DATE_MS = "2020-06-21T12:33:20.000Z"

UNKNOWN = basic("nobody", "whatever it is")


def described(request):
    """With the headers that Directa24 wants of every request."""
    return request.plus("User-Agent", "merchant/1.0").plus("Content-Type", "application/json")


def cashout(credential="merchant-1", generation=2, body=BODY):
    """Signed, and with Basic credentials."""
    secret = MERCHANTS.secret(credential, generation)
    return signed(described(Request(target="/v3/cashout", body=body)),
                  secret).plus("Authorization", MERCHANTS.basic(credential))


def signed(request, secret):
    return request.plus("Payload-Signature", mac_hex(secret, request.body))


def resigned(request, secret=MERCHANTS.secret("merchant-1", 2)):
    """With the signature that belongs to its body now."""
    return request.having("Payload-Signature", mac_hex(secret, request.body))


def keyed(credential="merchant-1", generation=2, body=BODY):
    """Signed, and with an API key."""
    request = Request(target="/v3/cashout", body=body,
                      headers=(("api-key", MERCHANTS.key(credential)), ))
    return signed(request, MERCHANTS.secret(credential, generation))


def status(credential="merchant-1"):
    """Reads something: Basic, no body, no signature."""
    headers = (("Authorization", MERCHANTS.basic(credential)), )
    return Request(method="GET", target="/v3/status", headers=headers)


def deposit(credential="okp", date=DATE, body=DEPOSIT_BODY, method="POST"):
    secret, login = DEPOSITS.secret(credential,
                                    7 if credential == "okp" else 1), DEPOSITS.key(credential)
    request = Request(method=method, target="/v3/deposits", body=body)
    if body:
        request = request.plus("Content-Type", "application/json")
    return (request.plus("X-Date",
                         date).plus("X-Login",
                                    login).plus("Authorization",
                                                "D24 " + mac_hex(secret, date, login, body)))


def payin(date=DATE_MS, body=DEPOSIT_BODY):
    secret, login = DEPOSITS.secret("okp", 7), DEPOSITS.key("okp")
    signature = mac_hex(secret, login, date, body)
    return (Request(target="/payments", body=body).plus("Content-Type", "application/json").plus(
        "X-Trans-Key",
        "a static key").plus("X-Date",
                             date).plus("X-Login",
                                        login).plus("Authorization",
                                                    "V2-HMAC-SHA256, Signature: " + signature))
