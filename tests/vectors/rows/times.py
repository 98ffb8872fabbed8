"""1.4 The time in schemes that a policy defines: S13 to S15."""

from .expect import allow, deny
from .hooks import BODY, HOOK, HTTP_DATE, MISMATCH, NOW, SECRET, SENDER, WEBHOOKS, dated, stripe, v1
from .request import NOW_MS
from .sign import b64url, mac, mac_hex
from .table import about


@about("S13", "webhooks")
def _(row):
    bad = deny("bad_timestamp")
    row("seconds", "stripe", stripe(), SENDER)
    for text in [
            "+5", "1e9", f"{NOW_MS}", "-9223372036854775808", "9223372036854775808",
            "18446744073709551616", "-1", "", f" {NOW}", f"{NOW} ", f"{NOW}.0", "0x5eef4ed0", "５",
            "1_592_742_800", "9" * 40
    ]:
        row(f"{text!r}", "stripe", stripe(f"t={text},v1={v1(time=text)}"), bad)
    row("no time", "stripe", stripe(f"v1={v1()}"), bad)
    row("twelve digits are a time", "stripe", stripe(f"t={'9' * 12},v1={v1(time='9' * 12)}"),
        deny("future"))
    row("and so is 0", "stripe", stripe(f"t=0,v1={v1(time='0')}"), deny("stale"))
    row("zeros in front are another text of the same time", "stripe",
        stripe(f"t=00{NOW},v1={v1(time='00' + NOW)}"), SENDER)
    row("which has to be the one that was signed", "stripe", stripe(f"t=00{NOW},v1={v1()}"),
        MISMATCH)
    paynow = HOOK.plus("PayNow-Timestamp", f"{NOW_MS}")
    key = bytes.fromhex(WEBHOOKS.secret("paynow"))
    row("milliseconds", "paynow",
        paynow.plus("PayNow-Signature", b64url(mac(key, f"{NOW_MS}.", BODY))), allow("paynow", 1))
    seconds = HOOK.plus("PayNow-Timestamp", NOW).plus("PayNow-Signature",
                                                      b64url(mac(key, f"{NOW}.", BODY)))
    row("seconds where milliseconds are wanted", "paynow", seconds, deny("stale"))
    long = HOOK.plus("PayNow-Timestamp", "1" * 16).plus("PayNow-Signature", b64url(b"\0" * 32))
    row("sixteen digits", "paynow", long, deny("bad_timestamp", header="PayNow-Timestamp"))


@about("S14", "webhooks")
def _(row):
    stale, future = deny("stale"), deny("future")
    for offset, expect in [(0, SENDER), (300, SENDER), (301, stale), (-300, SENDER),
                           (-301, future)]:
        row(f"{offset} s old", "stripe", stripe().but(unix_ms=NOW_MS + offset * 1000), expect)
    slack = HOOK.plus("X-Slack-Request-Timestamp",
                      NOW).plus("X-Slack-Signature", "v0=" + mac_hex(SECRET, f"v0:{NOW}:", BODY))
    for offset, expect in [(300, SENDER), (301, stale), (-60, SENDER), (-61, future)]:
        row(f"{offset} s old where past and future differ", "slack",
            slack.but(unix_ms=NOW_MS + offset * 1000), expect)
    row("an unsigned header cannot make it younger", "slack",
        slack.having("X-Slack-Request-Timestamp", f"{NOW_MS // 1000 + 1}"), MISMATCH)


@about("S15", "webhooks")
def _(row):
    for text in [HTTP_DATE, "Sunday, 21-Jun-20 12:33:20 GMT", "Sun Jun 21 12:33:20 2020"]:
        row(text, "http-dated", dated(text), SENDER)
    bad = deny("bad_timestamp", header="Date")
    for text in [
            "Sun, 21 Jun 2020 12:33:20 UTC", "Sun, 21 Jun 2020 12:33:20 +0000",
            "Sun, 21 Jun 2020 12:33:20 EST", "Sun, 21 Jun 2020 12:33:20",
            "Mon, 21 Jun 2020 12:33:20 GMT", "21 Jun 2020 12:33:20 GMT",
            "Sun, 21 jun 2020 12:33:20 GMT", "Sun, 21 Jun 20 12:33:20 GMT",
            "Sun, 21 Jun 2020 12:33:60 GMT", "Sun, 31 Jun 2020 12:33:20 GMT",
            "Sunday, 21-Jun-2020 12:33:20 GMT", "Sun Jun 21 12:33:20 GMT 2020",
            "Sun, 21 Jun 2020 12:33:20  GMT", "2020-06-21T12:33:20Z", NOW, ""
    ]:
        row(text or "nothing", "http-dated", dated(text), bad)
    row("an asctime day of one digit", "http-dated",
        dated("Mon Jun  1 12:33:20 2020").but(unix_ms=NOW_MS - 20 * 86_400_000),
        SENDER)
    row("not padded", "http-dated",
        dated("Mon Jun 1 12:33:20 2020").but(unix_ms=NOW_MS - 20 * 86_400_000), bad)
