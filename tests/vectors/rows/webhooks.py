"""1.4 How schemes that a policy defines carry a signature: S1, S3, S4, S10 to S12, S25, and L10."""

from .expect import allow, deny
from .hooks import (BODY, ENCODING, HOOK, MALFORMED, MISMATCH, NOW, OLD, SECRET, SENDER, hub,
                    stripe, svix, v1)
from .request import repeated
from .sign import b64, mac, mac_hex
from .table import about

UNSUPPORTED = deny("no_supported_signature")


@about("S1", "webhooks")
def _(row):
    upper = mac_hex(SECRET, BODY).upper()
    row("upper case where the scheme says so", "flinks",
        hub("sha256=" + upper, "X-Webhook-Signature"), SENDER)
    row("lower case where it says upper", "flinks",
        hub("sha256=" + upper.lower(), "X-Webhook-Signature"), ENCODING)
    slack = HOOK.plus("X-Slack-Request-Timestamp", NOW)
    any_case = mac_hex(SECRET, f"v0:{NOW}:", BODY)
    for shows, text in [("lower", any_case), ("upper", any_case.upper()),
                        ("mixed", any_case[:9] + any_case[9:].upper())]:
        row(f"{shows} case where any will do", "slack", slack.plus("X-Slack-Signature",
                                                                   "v0=" + text), SENDER)
    text64 = b64(mac(SECRET, BODY))
    row("base64", "shopify", hub(text64, "X-Shopify-Hmac-SHA256"), SENDER)
    for shows, text in [("without padding", text64.rstrip("=")), ("in hex", mac(SECRET,
                                                                                BODY).hex()),
                        ("of the hex text", b64(mac_hex(SECRET, BODY)))]:
        row(f"base64 {shows}", "shopify", hub(text, "X-Shopify-Hmac-SHA256"), ENCODING)
    row("SHA-512", "paystack", hub(mac_hex(SECRET, BODY, algorithm="sha512"),
                                   "X-Paystack-Signature"), SENDER)
    row(
        "a URL that is configured", "url",
        hub(b64(mac(SECRET, "https://shop.example.com/hook?x=1", BODY)),
            "x-square-hmacsha256-signature"), SENDER)


@about("S3", "webhooks")
def _(row):
    row("SHA-256 where SHA-512 is wanted", "paystack",
        hub(mac_hex(SECRET, BODY), "X-Paystack-Signature"), ENCODING)
    row("half of SHA-512", "paystack",
        hub(mac_hex(SECRET, BODY, algorithm="sha512")[:64], "X-Paystack-Signature"), ENCODING)
    row("half of base64", "shopify", hub(b64(mac(SECRET, BODY)[:16]), "X-Shopify-Hmac-SHA256"),
        ENCODING)
    row("half of a version", "standard-webhooks", svix("v1,{:.8}"), ENCODING)


@about("S4", "webhooks")
def _(row):
    row("a good one behind its prefix", "github", hub("sha256=" + mac_hex(SECRET, BODY)), SENDER)
    row("nothing behind the prefix", "github", hub("sha256="), ENCODING)
    row("an empty value behind the label", "stripe", stripe(f"t={NOW},v1="), ENCODING)
    row("an empty value behind the version", "standard-webhooks", svix("v1,"), ENCODING)
    row("no value and no sign", "stripe", stripe(f"t={NOW},v1"), MALFORMED)
    row("no prefix", "github", hub(mac_hex(SECRET, BODY)), UNSUPPORTED)
    row("the prefix in another case", "github", hub("SHA256=" + mac_hex(SECRET, BODY)), UNSUPPORTED)
    row("the prefix twice", "github", hub("sha256=sha256=" + mac_hex(SECRET, BODY)), ENCODING)
    row("no header", "github", HOOK,
        deny("missing_signature", header="X-Hub-Signature-256", challenges=["Signature"]))


@about("S25", "webhooks")
def _(row):
    row("a weaker algorithm that the sender names", "github",
        hub("sha1=" + mac_hex(SECRET, BODY, algorithm="sha1")), UNSUPPORTED)
    row("the one of the scheme", "github", hub("sha256=" + mac_hex(SECRET, BODY)), SENDER)


@about("S10", "webhooks")
def _(row):
    wrong = ",v1=" + "0" * 64
    row("one signature", "stripe", stripe(), SENDER)
    row("eight, the last is right", "stripe", stripe(f"t={NOW}{wrong * 7},v1={v1()}"), SENDER)
    row("eight, the first is right", "stripe", stripe(f"t={NOW},v1={v1()}{wrong * 7}"), SENDER)
    row("eight, none is right", "stripe", stripe(f"t={NOW}{wrong * 8}"), MISMATCH)
    row("nine, the first is right", "stripe", stripe(f"t={NOW},v1={v1()}{wrong * 8}"), MALFORMED)
    row("a hundred", "stripe", stripe(f"t={NOW},v1={v1()}{wrong * 100}"), MALFORMED)
    row("ten thousand", "stripe",
        HOOK.plus("Stripe-Signature", [f"t={NOW}", repeated(wrong, 10_000)]),
        deny("header_too_large"))
    row("a hundred of other versions do not count", "stripe",
        stripe(f"t={NOW}{',v0=00' * 100},v1={v1()}"), SENDER)
    row("three where two are the most", "paddle",
        HOOK.plus("Paddle-Signature", f"ts={NOW}" + (";h1=" + "0" * 64) * 3), MALFORMED)
    row(
        "two", "paddle",
        HOOK.plus("Paddle-Signature",
                  f"ts={NOW};h1={'0' * 64};h1={mac_hex(SECRET, NOW, ':', BODY)}"), SENDER)


@about("L10", "webhooks")
def _(row):
    row("signed under both secrets", "stripe", stripe(f"t={NOW},v1={v1(secret=OLD)},v1={v1()}"),
        allow("sender", 1))
    row("signed under the old one alone", "stripe", stripe(f"t={NOW},v1={v1(secret=OLD)}"),
        allow("sender", 1))
    after = 1592784000000
    late = v1(time=str(after // 1000), secret=OLD)
    row("when it has ended", "stripe",
        stripe(f"t={after // 1000},v1={late}").but(unix_ms=after), deny("rotated_out"))
    both = f"{late},v1={v1(time=str(after // 1000))}"
    row("signed under both when the old one has ended", "stripe",
        stripe(f"t={after // 1000},v1={both}").but(unix_ms=after), SENDER)


@about("S11", "webhooks")
def _(row):
    row("another version alone", "stripe", stripe(f"t={NOW},v0={v1()}"), UNSUPPORTED)
    row("another version beside a wrong one", "stripe", stripe(f"t={NOW},v1={'0' * 64},v0={v1()}"),
        MISMATCH)
    row("another version beside the right one", "stripe",
        stripe(f"t={NOW},v0={'0' * 64},v1={v1()}"), SENDER)
    row("a label that begins alike", "stripe", stripe(f"t={NOW},v11={v1()}"), UNSUPPORTED)
    row("a label in another case", "stripe", stripe(f"t={NOW},V1={v1()}"), UNSUPPORTED)
    row("a label with a space in front", "stripe", stripe(f"t={NOW}, v1={v1()}"), UNSUPPORTED)
    row("v1a is another version", "standard-webhooks", svix("v1a,{}"), UNSUPPORTED)
    row("v2 is another version", "standard-webhooks", svix("v2,{}"), UNSUPPORTED)
    row("v1 is the one", "standard-webhooks", svix("v1a,AAAA v1,{} v2,BBBB"), allow("svix", 1))
    row("a wrong v1 in front", "standard-webhooks", svix("v1," + b64(b"\0" * 32) + " v1,{}"),
        allow("svix", 1))


@about("S12", "webhooks")
def _(row):
    row("two times", "stripe", stripe(f"t={NOW},t={NOW},v1={v1()}"), MALFORMED)
    row("two different times", "stripe", stripe(f"t=1,v1={v1()},t={NOW}"), MALFORMED)
    row("one time", "stripe", stripe(), SENDER)
    row("the time behind the signature", "stripe", stripe(f"v1={v1()},t={NOW}"), SENDER)
    row("a pair that is none", "stripe", stripe(f"t={NOW},v1={v1()},x"), MALFORMED)
    row("an empty pair", "stripe", stripe(f"t={NOW},v1={v1()},"), MALFORMED)
    row("two headers", "stripe",
        stripe().plus("Stripe-Signature", "t=1"), deny("dup_header", header="Stripe-Signature"))
