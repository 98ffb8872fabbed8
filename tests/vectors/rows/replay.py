"""1.4 Messages that come again: S16 to S18, and S19 where the message is remembered."""

from .expect import allow, deny
from .hooks import HOOK, NOW, OLD, SECRET, SENDER, stripe, svix, v1
from .request import NOW_MS, Request
from .sign import Policy, mac_hex
from .table import in_sequence, on

REPLAY = Policy("replay")
STRIPE, AGAIN, LEASE, CASHOUT = on("stripe"), on("stripe-again"), on("lease"), on("cashout")
SVIX, MERCHANT = allow("svix", 1), allow("merchant", 1)
# A message may be fresh for 300 s on either side of its time.
WINDOW_S = 600
UNAUTHORIZED = [
    'WWW-Authenticate: Signature realm="replay"', "Cache-Control: no-store"
]
REPLAYED = deny("replayed", pending=True, lines=UNAUTHORIZED)
UNAVAILABLE = deny("replay_unavailable", retry_after=1, head=True)


def remembering(ident, messages=100, window_s=WINDOW_S):
    """Rows whose gate has replay memory, and memory for limits."""
    return in_sequence(ident, "replay", replay=[messages, window_s])


def signed(*secrets, time=NOW):
    """Signed with each of the secrets."""
    signatures = ",".join(f"v1={v1(time, secret)}" for secret in secrets)
    return stripe(f"t={time},{signatures}")


def numbered(number):
    """A message of its own."""
    body = f"message {number}".encode()
    return HOOK.but(body=body).plus("Stripe-Signature",
                                    f"t={NOW},v1={mac_hex(SECRET, NOW, '.', body)}")


def cashout(body=b'{"external_id":"1"}', credential="merchant"):
    request = Request(target="/v3/cashout", body=body)
    request = request.plus("Authorization", REPLAY.basic(credential))
    return request.plus("Payload-Signature", mac_hex(REPLAY.secret(credential), body))


@remembering("S16")
def _(row):
    row("the same request",
        STRIPE(stripe(), SENDER),
        STRIPE(stripe(), REPLAYED, times=3),
        STRIPE(stripe().after(300), REPLAYED),
        STRIPE(stripe().after(300.001), deny("stale")))
    row("from another address, over another path, with other headers that are not signed",
        STRIPE(stripe(), SENDER),
        STRIPE(stripe().but(peer="198.51.100.7", target="/other").plus("X-Try", "2"), REPLAYED))
    row("on another route that remembers",
        STRIPE(stripe(), SENDER),
        AGAIN(stripe(), REPLAYED))
    row("on a route that does not remember",
        STRIPE(stripe(), SENDER),
        on("twice")(stripe(), SENDER, times=2))
    row("another body, another time",
        STRIPE(stripe(), SENDER),
        STRIPE(numbered(1), SENDER),
        STRIPE(numbered(2), SENDER),
        STRIPE(signed(SECRET, time=str(int(NOW) + 1)), SENDER),
        STRIPE(numbered(1), REPLAYED))
    row("early, and again at the end of its time",
        STRIPE(stripe().after(-300), SENDER),
        STRIPE(stripe(), REPLAYED),
        STRIPE(stripe().after(300), REPLAYED))


@remembering("S16")
def _(row):
    old = allow("sender", 1)
    both, other = signed(OLD, SECRET), signed(SECRET, OLD)
    junk = "0" * 64
    row("signed with the old secret and the new one: without the old one",
        STRIPE(both, old),
        STRIPE(signed(SECRET), REPLAYED))
    row("without the new one",
        STRIPE(both, old),
        STRIPE(signed(OLD), REPLAYED))
    row("with both in another order, or one of them twice",
        STRIPE(both, old),
        STRIPE(other, REPLAYED),
        STRIPE(signed(SECRET, SECRET), REPLAYED),
        STRIPE(stripe(f"t={NOW},v1={junk},v1={v1()}"), REPLAYED))
    row("first one signature, then the other",
        STRIPE(signed(SECRET), SENDER),
        STRIPE(signed(OLD), REPLAYED),
        STRIPE(both, REPLAYED))


@remembering("S16")
def _(row):
    later = svix(time=str(int(NOW) + 60))
    row("the same id with another time",
        LEASE(svix(), SVIX, then="confirm"),
        LEASE(later.after(60), deny("replayed", pending=False)),
        LEASE(svix(ident="msg_2"), SVIX))
    row("an id that is longer than most",
        LEASE(svix(ident="m" * 64), SVIX),
        LEASE(svix(ident="m" * 65), SVIX),
        LEASE(svix(ident="m" * 66), SVIX),
        LEASE(svix(ident="m" * 65), deny("replayed", pending=True)))
    row("whoever has it fails, and it comes again",
        LEASE(svix(), SVIX, then="release"),
        LEASE(later.after(60), SVIX, then="confirm"),
        LEASE(later.after(60), deny("replayed", pending=False)))
    row("whoever has it says nothing: the lease ends",
        LEASE(svix(), SVIX),
        LEASE(svix().after(28), deny("replayed", pending=True)),
        LEASE(svix().after(31), SVIX, then="confirm"),
        LEASE(svix().after(120), deny("replayed", pending=False)))
    row("without a lease it stands until it is released",
        STRIPE(stripe(), SENDER),
        STRIPE(stripe().after(290), REPLAYED),
        STRIPE(numbered(1), SENDER, then="release"),
        STRIPE(numbered(1), SENDER))


@remembering("S16")
def _(row):
    day = 86_400
    row("no time in the message: as long as the memory lasts",
        CASHOUT(cashout(), MERCHANT),
        CASHOUT(cashout().after(WINDOW_S), deny("replayed")),
        CASHOUT(cashout().after(2 * WINDOW_S), MERCHANT))
    row("the wall clock is set back: nothing is forgotten",
        CASHOUT(cashout(), MERCHANT),
        CASHOUT(cashout().after(wall_s=-day), deny("replayed")),
        CASHOUT(cashout(b"2").after(wall_s=-day), MERCHANT),
        CASHOUT(cashout(b"2").after(wall_s=-day), deny("replayed")))
    row("it was ahead: what it skipped cannot be known",
        STRIPE(signed(SECRET, time=str(int(NOW) + day)).after(day), SENDER),
        STRIPE(stripe(), deny("replay_unavailable")))


@remembering("S16")
def _(row):
    """What is refused for another reason may come again."""
    limited = deny("rate_limited", retry_after=30)
    row("over the limit, and again when there is room",
        CASHOUT(cashout(b"1"), MERCHANT),
        CASHOUT(cashout(b"2"), MERCHANT),
        CASHOUT(cashout(b"3"), limited, times=5),
        CASHOUT(cashout(b"3").after(30), MERCHANT),
        CASHOUT(cashout(b"3").after(60), deny("replayed")))
    row("what comes again is not charged",
        CASHOUT(cashout(b"1"), MERCHANT),
        CASHOUT(cashout(b"1"), deny("replayed"), times=100),
        CASHOUT(cashout(b"2"), MERCHANT))
    elsewhere, early = cashout().but(peer="203.0.113.7"), deny("ip_not_allowed", 401)
    row("from a wrong address, and then from the right one",
        CASHOUT(elsewhere, deny("ip_not_allowed"), early),
        CASHOUT(cashout(), MERCHANT),
        CASHOUT(elsewhere, deny("replayed"), early))
    row("over the limit and again: it tells nothing of the limit",
        CASHOUT(cashout(b"1"), MERCHANT),
        CASHOUT(cashout(b"2"), MERCHANT),
        CASHOUT(cashout(b"1"), deny("replayed", pending=True, lines=[
            'WWW-Authenticate: Basic realm="replay", charset="UTF-8"', *UNAUTHORIZED])))
    row("a credential that is suspended takes no room",
        CASHOUT(cashout(credential="suspended"), deny("suspended"), times=3))


@in_sequence("S17", "replay")
def _(row):
    row("no memory", STRIPE(stripe(), UNAVAILABLE), on("twice")(stripe(), SENDER))
    row("no memory, in dry run",
        on("dry")(stripe(), allow("sender", 2, "ok_would_deny", would_deny=["replay"],
                                  would_deny_reason="replay_unavailable"), times=2))


@remembering("S17")
def _(row):
    row("memory that forgets too soon for the route",
        on("day")(svix(), UNAVAILABLE), LEASE(svix(), SVIX))


@remembering("S17", messages=1)
def _(row):
    """A memory for one message is one bucket, with room for 42 names; the sender has two secrets,
    so its messages have two names."""
    full = deny("replay_full", retry_after=1)
    row("no room: what is remembered stays, and what is new is refused",
        *[STRIPE(numbered(number), SENDER) for number in range(21)],
        STRIPE(numbered(21), full),
        STRIPE(numbered(0), REPLAYED),
        on("open")(numbered(22), allow("sender", 2, "ok_quirk", quirks=["replay_full"]), times=2),
        on("open")(numbered(0), REPLAYED))
    row("room comes back when messages are forgotten",
        *[CASHOUT(cashout(str(number).encode()).after(60 * number), MERCHANT)
          for number in range(6)],
        CASHOUT(cashout(b"0").after(1200), MERCHANT))


@remembering("S18")
def _(row):
    forged = deny("sig_mismatch")
    row("a forged message takes nothing",
        STRIPE(stripe(f"t={NOW},v1={'0' * 64}"), forged, times=3),
        STRIPE(stripe(), SENDER),
        STRIPE(stripe(f"t={NOW},v1={'0' * 64}"), forged))
    row("a forged message with the id of a true one",
        LEASE(svix("v1," + "A" * 43 + "="), forged),
        LEASE(svix(), SVIX))
    row("a body that is not the signed one",
        STRIPE(stripe().but(body=b"{}"), forged),
        STRIPE(stripe(), SENDER))
    unsigned = on("unsigned")
    row("a wrong signature in dry run passes, and takes nothing",
        unsigned(cashout().having("Payload-Signature", "0" * 64),
                 allow("merchant", 0, "ok_would_deny", would_deny=["signature"],
                       would_deny_reason="sig_mismatch"), times=2),
        unsigned(cashout(), MERCHANT),
        unsigned(cashout(), deny("replayed")))


@remembering("S19")
def _(row):
    row("a body that takes too long takes no message",
        STRIPE(stripe(), SENDER, deny("stale"), finish_after_ms=300_001),
        STRIPE(stripe(), REPLAYED, SENDER))
    row("one that takes long, and comes again",
        STRIPE(stripe(), SENDER, finish_after_ms=300_000),
        STRIPE(stripe().but(unix_ms=NOW_MS + 300_000), REPLAYED))


@remembering("DRY")
def _(row):
    dry = on("dry")
    row("replay",
        dry(stripe(), SENDER),
        dry(stripe(), allow("sender", 2, "ok_would_deny", would_deny=["replay"],
                            would_deny_reason="replayed"), times=2),
        STRIPE(stripe(), REPLAYED))
