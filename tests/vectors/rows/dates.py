"""1.4 The time of a signed request: S14, S15 and S19 for the built-in schemes."""

from .expect import allow, deny
from .fixtures import DATE, DATE_MS, deposit, payin
from .request import NOW_MS
from .table import about

OKP = allow("okp", 7)


def dated(text, **changes):
    return deposit(date=text).but(**changes)


@about("S14", "deposits")
def _(row):
    stale, future = deny("stale", head=True), deny("future", head=True)
    row("now", "deposit", deposit(), OKP)
    for offset, expect in [(300_000, OKP), (300_001, stale), (301_000, stale), (86_400_000, stale)]:
        row(f"{offset} ms old", "deposit", deposit().but(unix_ms=NOW_MS + offset), expect)
    for offset, expect in [(300_000, OKP), (300_001, future), (301_000, future),
                           (86_400_000, future)]:
        row(f"{offset} ms ahead", "deposit", deposit().but(unix_ms=NOW_MS - offset), expect)
    row("at the beginning of time", "deposit", deposit().but(unix_ms=0), future)
    row("at its end", "deposit", deposit().but(unix_ms=2**64 - 1), stale)
    row("a payin, one millisecond too old", "payin", payin().but(unix_ms=NOW_MS + 300_001), stale)
    row("a payin, just not", "payin", payin().but(unix_ms=NOW_MS + 300_000), OKP)
    row("a time that is not signed does not help", "deposit",
        deposit().having("X-Date", "2020-06-21T12:33:21Z"), deny("sig_mismatch"))


@about("S15", "deposits")
def _(row):
    bad = deny("bad_timestamp", header="X-Date", head=True)
    row("the form of the scheme", "deposit", dated(DATE), OKP)
    for text in [
            "2020-06-21T12:33:20.000Z", "2020-06-21T12:33:20+00:00", "2020-06-21T12:33:20",
            "2020-06-21t12:33:20z", "2020-06-21 12:33:20Z", "20200621T123320Z",
            "2020-6-21T12:33:20Z", "2020-06-21T12:33Z", "2020-06-31T12:33:20Z",
            "2020-06-21T24:00:00Z", "2020-06-21T12:33:60Z", "2019-02-29T12:33:20Z",
            "2020-13-21T12:33:20Z", "2020-06-00T12:33:20Z", "+2020-06-21T12:33:20Z",
            "12020-06-21T12:33:20Z", "1592742800", "Sun, 21 Jun 2020 12:33:20 GMT", "now",
            "２０20-06-21T12:33:20Z", "1969-12-31T23:59:59Z"
    ]:
        row(f"{text}", "deposit", dated(text), bad)
    row("no date", "deposit", deposit().minus("X-Date"), bad)
    row("an empty date", "deposit", dated(""), bad)
    row("two dates", "deposit", deposit().plus("X-Date", DATE), deny("dup_header", header="X-Date"))
    row("payin: with milliseconds", "payin", payin(DATE_MS), OKP)
    row("payin: without", "payin", payin(DATE), bad)
    row("payin: with microseconds", "payin", payin("2020-06-21T12:33:20.000000Z"), bad)
    row("payin: with a comma", "payin", payin("2020-06-21T12:33:20,000Z"), bad)


@about("S19", "deposits")
def _(row):
    late = deny("stale")
    row("a body that takes 300 s", "deposit", deposit(), OKP, finish_after_ms=300_000)
    row("a body that takes longer", "deposit", deposit(), OKP, late, finish_after_ms=300_001)
    row("the clock is set back meanwhile", "deposit", deposit(), OKP, deny("future"),
        finish_after_ms=-300_001)
    row("a secret that ends meanwhile", "deposit", deposit("ending"), allow("ending", 1),
        deny("expired_key"), finish_after_ms=5_000)
    row("a secret that does not yet", "deposit", deposit("ending"), allow("ending", 1),
        finish_after_ms=4_999)
