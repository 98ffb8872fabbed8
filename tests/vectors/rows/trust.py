"""1.4 Trust signatures, which have no key and so prove nothing by themselves: S27, S28."""

import hashlib
import json

from .documents import policy
from .expect import allow, deny
from .request import Request
from .sign import Policy, b64, basic, mac_hex
from .table import about, in_documents

TRUST = Policy("trust")
KEY = TRUST.key("shop-1")
SHOP = allow("shop-1")
KEYED = allow("shop-1", 3)
MISMATCH = deny("trust_mismatch", credential="shop-1", challenges=[])
PART = deny("signed_part_missing")


class Payment:
    """What both sides keep of a payment."""

    def __init__(self, order, items):
        self.order, self.value = order, hashlib.md5(order.encode()).hexdigest()
        self.seed = b64(items)
        self.signature = self.signed(self.value + self.seed)
        self.swapped = self.signed(self.seed + self.value)
        self.keyed = mac_hex(TRUST.secret("shop-1", 3), self.value + self.seed)

    @staticmethod
    def signed(text):
        return hashlib.sha256(text.encode()).hexdigest()

    def members(self, **changes):
        return {"order_id": self.order, "trust_value": self.value, "trust_seed": self.seed,
                **changes}


FIRST = Payment("1001", '[["SKU-1",1,"199.00"]]SKU-1')
OTHER = Payment("1002", '[["SKU-2",1,"199.00"]]SKU-2')


def status(members=None, payment=FIRST, body=None, **stored):
    """A message about a payment; `stored` replaces what the host keeps of it."""
    body = json.dumps(members or payment.members()).encode() if body is None else body
    headers = (("Content-Type", "application/json"), ("api-key", KEY))
    kept = {"signature": FIRST.signature, "credential": "shop-1", **stored}
    return Request(target="/payments/1001/status", body=body, headers=headers, stored=kept)


def returned(signature, *headers, **stored):
    """The browser of the customer comes back."""
    target = f"/return?status=approved&trust_signature={signature}&order_id=1001"
    kept = {"value": FIRST.value, "seed": FIRST.seed, "credential": "shop-1", **stored}
    return Request(method="GET", target=target, headers=headers, stored=kept)


WHOLE = deny("body_required")


@about("S27", "trust")
def _(row):
    row("the payment and the API key", "status", status(), SHOP, WHOLE)
    row("the payment and a passphrase", "status",
        status().minus("api-key").plus("Authorization", TRUST.basic("shop-1")), SHOP, WHOLE)
    nobody = deny("unknown_key", challenges=["Basic", "ApiKey"])
    row("the payment and a key that nobody has", "status",
        status().having("api-key", "guess"), nobody, alike="trust")
    row("another payment and a key that nobody has", "status",
        status(signature=OTHER.signature).having("api-key", "guess"), nobody, alike="trust")
    row("no payment and a key that nobody has", "status",
        status(signature="").having("api-key", "guess"), nobody, alike="trust")
    row("the payment and no key", "status", status().minus("api-key"), deny("no_credential"))
    row("the payment and a wrong passphrase", "status",
        status().minus("api-key").plus("Authorization", basic("shop-1", "guess")),
        deny("bad_secret"))
    row("the payment and a revoked key", "status",
        status(credential="shop-3").having("api-key", TRUST.key("shop-3")), deny("revoked"), WHOLE)
    row("the payment of another client", "status",
        status().having("api-key", TRUST.key("shop-2")), deny("trust_mismatch"), WHOLE)
    row("the payment of nobody", "status", status(credential=""), MISMATCH, WHOLE)
    row("in dry run, the key still counts", "status-dry",
        status(signature=OTHER.signature).having("api-key", "guess"), deny("unknown_key"))
    row("in dry run, the payment does not", "status-dry", status(signature=OTHER.signature),
        allow("shop-1", reason="ok_would_deny", would_deny=["signature"],
              would_deny_reason="trust_mismatch"),
        allow("shop-1", reason="ok_would_deny", would_deny=["signature"],
              would_deny_reason="body_required"))
    row("with a key of its own", "status-keyed", status(signature=FIRST.keyed), KEYED, WHOLE)
    row("without it, where one is asked for", "status-keyed", status(),
        deny("trust_mismatch"), WHOLE)
    row("with it, and a key that nobody has", "status-keyed",
        status(signature=FIRST.keyed).having("api-key", "guess"), deny("unknown_key"))
    row("by a client that has none", "status-keyed",
        status(signature=FIRST.keyed, credential="shop-2").having("api-key", TRUST.key("shop-2")),
        deny("no_secret"), WHOLE)
    shop = ("X-API-Key", KEY)
    row("the return of a browser, passed on with a key", "return",
        returned(FIRST.signature, shop), SHOP)
    row("the return of a browser, without", "return", returned(FIRST.signature),
        deny("no_credential"))
    row("the return of a browser, signed with a key", "return-keyed", returned(FIRST.keyed), KEYED)
    row("the return of a browser, signed by anybody", "return-keyed", returned(FIRST.signature),
        deny("sig_mismatch"))


@about("S28", "trust")
def _(row):
    row("value and seed of another payment", "status", status(payment=OTHER), MISMATCH, WHOLE)
    row("the seed of another payment", "status",
        status(FIRST.members(trust_seed=OTHER.seed)), MISMATCH, WHOLE)
    row("the value of another payment", "status",
        status(FIRST.members(trust_value=OTHER.value)), MISMATCH, WHOLE)
    row("signed with the seed first", "status", status(signature=FIRST.swapped), MISMATCH, WHOLE)
    row("value and seed swapped", "status",
        status(FIRST.members(trust_value=FIRST.seed, trust_seed=FIRST.value)), PART, WHOLE)
    row("a character moved from the seed to the value", "status",
        status(FIRST.members(trust_value=FIRST.value + FIRST.seed[0], trust_seed=FIRST.seed[1:])),
        PART, WHOLE)
    row("the value in upper case", "status",
        status(FIRST.members(trust_value=FIRST.value.upper())), PART, WHOLE)
    row("the order id for the value", "status", status(FIRST.members(trust_value="1001")), PART,
        WHOLE)
    row("no value", "status", status({"trust_seed": FIRST.seed}), PART, WHOLE)
    row("no seed", "status", status({"trust_value": FIRST.value}), PART, WHOLE)
    row("a seed that is null", "status", status(FIRST.members(trust_seed=None)), PART, WHOLE)
    row("nested", "status", status({"payment": FIRST.members()}), PART, WHOLE)
    twice = json.dumps(FIRST.members())[:-1] + f', "trust_seed": "{OTHER.seed}"}}'
    row("two seeds", "status", status(body=twice.encode()), PART, WHOLE)
    escaped = json.dumps(FIRST.members())[:-1] + f', "trust\\u005fseed": "{OTHER.seed}"}}'
    row("two seeds, one with an escape in its name", "status", status(body=escaped.encode()), PART,
        WHOLE)
    row("an escape in the seed", "status",
        status(body=json.dumps(FIRST.members()).replace("W", "\\u0057").encode()), SHOP, WHOLE)
    row("a body that is no JSON", "status", status(body=b"trust_value=1&trust_seed=2"),
        deny("malformed_body"), WHOLE)
    row("nothing stored", "status", status(signature=""), deny("missing_signature"), WHOLE)
    row("stored in upper case", "status", status(signature=FIRST.signature.upper()),
        deny("sig_encoding"), WHOLE)
    row("stored and cut", "status", status(signature=FIRST.signature[:32]), deny("sig_encoding"),
        WHOLE)
    shop = ("X-API-Key", KEY)
    row("the return for another payment", "return", returned(OTHER.signature, shop),
        deny("trust_mismatch"))
    row("the return with two signatures", "return",
        returned(f"{FIRST.signature}&trust_signature={FIRST.signature}", shop),
        deny("malformed_signature"))
    row("the return without one", "return", returned("", shop), deny("missing_signature"))
    row("the return in upper case", "return", returned(FIRST.signature.upper(), shop),
        deny("sig_encoding"))
    row("the return where no seed is stored", "return", returned(FIRST.signature, shop, seed=""),
        PART)


@in_documents("S27")
def _(row):
    def document(credentials, name="flexiown-trust"):
        return policy(route=f' }}, "trust": {{ "max_body": 1, "credentials": [{credentials}], '
                            f'"signature": "{name}"', credentials='{ "id": "a" }')

    row("a trust signature beside an API key", document('{ "api_key": "api-key" }'))
    named = ('"own": { "algorithm": "sha256", "carrier": { "header": "X-S" }, '
             '"encoding": "hex-lower", '
             '"locator": { "after_key": { "separator": ":" } }, "parts": ["body"] }')
    row("a key that only names the client", policy(
        scheme=named, route=' }, "named": { "max_body": 1, "credentials": [@"signature_key"], '
                            '"signature": "own"'),
        ("routes.named.credentials[0]", '"own" proves no secret'))
    for name in ["flexiown-trust", "flexiown-trust-return", "flexiown-trust-keyed"]:
        row(f"{name} and nothing else", document('@{ "fixed": "a" }', name),
            ("routes.trust.credentials[0]", f'"{name}" proves no secret'))
