"""1.2 and 1.6 Those who have no secret: B16, L5 and L8."""

from .expect import allow, deny, one_of
from .fixtures import cashout, keyed
from .limits import LIMITS, OTHER, VICTIM, get, limited
from .request import Request
from .sign import Policy, basic, mac_hex
from .table import in_sequence, on

THROTTLE = Policy("throttle")
WAIT = deny("auth_throttled", retry_after=20)
GUESS = basic("victim", "guess")
STRANGER = "mk_live_0000000000000000"


def throttled(**changes):
    """The right passphrase, where failures are throttled."""
    return get(policy=THROTTLE, **changes)


@in_sequence("B16", "throttle")
def _(row):
    status, right = on("status"), throttled()
    wrong = right.having("Authorization", GUESS)
    row("three wrong passphrases, then the right one has to wait as well",
        status(right, VICTIM),
        status(wrong, deny("bad_secret"), times=3),
        status(wrong, WAIT, times=100),
        status(right, WAIT),
        status(right.but(peer="192.0.2.8"), VICTIM),
        status(right.after(19.999), deny("auth_throttled", retry_after=1)),
        status(right.after(20), VICTIM),
        status(wrong.after(20), deny("bad_secret")),
        status(right.after(20), WAIT))
    row("right ones are never slowed", status(right, VICTIM, times=50))
    for shows, request, reason in [
        ("no credential", right.minus("Authorization"), "no_credential"),
        ("plain HTTP", right.but(tls=False), "tls_required"),
    ]:
        row(f"{shows}: that is no failed attempt",
            status(request, deny(reason), times=50),
            status(right, VICTIM))


@in_sequence("B16", "throttle")
def _(row):
    right = throttled()
    forged = cashout().having("Authorization", THROTTLE.basic("victim"))
    for shows, route, request, reason in [
        ("unknown users", "status", right.having("Authorization", basic("a", "b")), "unknown_key"),
        ("no base64", "status", right.having("Authorization", "Basic ?"), "bad_base64"),
        ("unknown keys", "key", right.having("api-key", STRANGER), "unknown_key"),
        ("wrong signatures", "signed", forged, "sig_mismatch"),
        ("unknown keys where a scope is needed", "scoped", keyed().having("api-key", STRANGER),
         "unknown_key"),
    ]:
        there = on(route)
        row(shows,
            there(request, deny(reason), times=3),
            there(request, WAIT, times=50),
            there(request.after(20), deny(reason)),
            there(request.after(20), WAIT))


@in_sequence("L5", "throttle", memory=(1, 1))
def _(row):
    """Made-up users from made-up addresses: the memory is of a fixed size."""
    status = on("status")
    wrong = Request(method="GET").plus("Authorization", basic("nobody", "guess"))
    punished = throttled(peer="192.0.2.1")
    row("a punished address stays punished, however many others come after it",
        status(wrong.but(peer="192.0.2.1"), deny("unknown_key"), times=3),
        status(punished, WAIT),
        status(wrong.but(peer="2001:db8::"), one_of("unknown_key", "limits_full"),
               times=5000, peer_plus="0:0:0:1::"),
        status(punished, WAIT),
        status(punished.after(20), VICTIM))


@in_sequence("L5", "limits", memory=(1, 1))
def _(row):
    hourly, address = on("hourly"), on("address")
    row("a credential's limit stays used up",
        hourly(get(), VICTIM, times=2),
        address(get("second", peer="2001:db8::"), one_of("ok", "limits_full"),
                times=5000, peer_plus="0:0:0:1::"),
        hourly(get(), limited("hourly", 1800, 2, 3600)),
        hourly(get("second"), OTHER))


@in_sequence("L8", "limits")
def _(row):
    there, full = on("signed"), limited("signed", 20, 3, 60)
    request = cashout().having("Authorization", LIMITS.basic("victim"))
    right = request.having("Payload-Signature", mac_hex(LIMITS.secret("victim"), request.body))
    forged = request.having("Payload-Signature", "0" * 64)
    guess = right.having("Authorization", GUESS)
    row("who has not the secret uses up nothing of the victim's",
        there(guess, deny("bad_secret"), times=100),
        there(forged, deny("sig_mismatch"), times=100),
        there(right.minus("Payload-Signature"), deny("missing_signature"), times=100),
        there(right, allow("victim", 1), times=3),
        there(right, full))
    row("nor is it told that the victim's is used up",
        there(right, allow("victim", 1), times=3),
        there(right, full),
        there(guess, deny("bad_secret")),
        there(forged, deny("sig_mismatch")))


@in_sequence("L8", "throttle")
def _(row):
    there, attacker = on("limited"), throttled(peer="203.0.113.9")
    row("nor does its own punishment punish the victim, who comes from elsewhere",
        there(attacker.having("Authorization", GUESS), deny("bad_secret"), times=3),
        there(attacker, WAIT, times=100),
        there(throttled(), VICTIM, times=2),
        there(throttled(), deny("rate_limited", retry_after=30)))
