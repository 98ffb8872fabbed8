"""1.6 Rate limits: L1 to L4 and L7; what a policy may say of them is in loading.py. L6 needs a
store behind a network and L11 needs tokens, which this library does not have."""

from .expect import allow, deny, one_of
from .request import Request
from .sign import Policy
from .table import in_sequence, on

LIMITS = Policy("limits")
SECOND = 1_000_000_000
HOUR = 3600
VICTIM, OTHER, SPECIAL = allow("victim"), allow("second"), allow("special")
BURST_POLICY = 'RateLimit-Policy: "burst";q=5;w=5'


def get(credential="victim", policy=LIMITS, **changes):
    request = Request(method="GET").plus("Authorization", policy.basic(credential))
    return request.but(**changes)


def limited(name, wait, quota, window):
    lines = [
        f"Retry-After: {wait}",
        f'RateLimit-Policy: "{name}";q={quota};w={window}',
        f'RateLimit: "{name}";r=0;t={wait}',
        "Cache-Control: no-store",
    ]
    return deny("rate_limited", retry_after=wait, lines=lines)


@in_sequence("L1", "limits")
def _(row):
    burst, full = on("burst"), limited("burst", 1, 5, 5)
    row("a burst of 5, then one a second, also where one minute ends and the next begins",
        burst(get().after(59), VICTIM, times=5),
        burst(get().after(59), full, times=3),
        burst(get().after(59.999), full),
        burst(get().after(60), VICTIM),
        burst(get().after(60), full),
        burst(get().after(62), VICTIM, times=2),
        burst(get().after(62), full),
        burst(get().after(600), VICTIM, times=5),
        burst(get().after(600), full))
    row("one a second is always admitted",
        burst(get(), VICTIM, times=100, monotonic_plus=SECOND))
    row("what is refused is not counted",
        burst(get(), VICTIM, times=5),
        burst(get(), full, times=1000),
        burst(get().after(1), VICTIM),
        burst(get().after(1), full))
    row("the answer to an admitted request says how many are left",
        burst(get(), allow("victim", lines=[BURST_POLICY, 'RateLimit: "burst";r=4;t=1'])),
        burst(get(), allow("victim", lines=[BURST_POLICY, 'RateLimit: "burst";r=3;t=2'])))


@in_sequence("L1", "limits")
def _(row):
    hourly = on("hourly")
    row("a limit of a credential in place of the route's",
        hourly(get("special"), SPECIAL, times=4),
        hourly(get("special"), limited("hourly", 900, 4, 3600)),
        hourly(get(), VICTIM, times=2),
        hourly(get(), limited("hourly", 1800, 2, 3600)),
        hourly(get().after(0.5), limited("hourly", 1800, 2, 3600)),
        hourly(get().after(1), limited("hourly", 1799, 2, 3600)))


@in_sequence("L3", "limits")
def _(row):
    costly = on("costly")
    row("a cost of 4 out of 10",
        costly(get(), VICTIM, times=2),
        costly(get(), deny("rate_limited", retry_after=12)),
        costly(get().after(12), VICTIM))


@in_sequence("L2", "limits")
def _(row):
    hourly, full, denied = on("hourly"), limited("hourly", 1800, 2, 3600), one_of("rate_limited")
    steps = {"an hour back": -HOUR, "an hour ahead": HOUR, "a year ahead": 365 * 24 * HOUR}
    for shows, wall_s in steps.items():
        row(f"the wall clock is set {shows}: limits do not notice",
            hourly(get(), VICTIM, times=2),
            hourly(get().after(wall_s=wall_s), full),
            hourly(get().after(1800, wall_s=wall_s), VICTIM),
            hourly(get().after(1800, wall_s=wall_s), full))
    row("a monotonic clock that goes back an hour gives nothing back",
        hourly(get(), VICTIM, times=2),
        hourly(get().after(-HOUR), denied),
        hourly(get(), denied),
        hourly(get().after(1800), VICTIM))
    row("one that begins anew locks nobody out for longer than a period",
        hourly(get(), VICTIM, times=2),
        hourly(get(monotonic_ns=0), denied),
        hourly(get(monotonic_ns=HOUR * SECOND), VICTIM))


@in_sequence("L4", "limits")
def _(row):
    burst, full = on("burst"), limited("burst", 1, 5, 5)
    row("one key from many addresses has one limit",
        burst(get(peer="2001:db8::"), VICTIM, times=5, peer_plus="0:0:0:1::"),
        burst(get(peer="2001:db8:1::"), full, times=1000, peer_plus="0:0:0:1::"),
        burst(get("second", peer="2001:db8::"), OTHER))
    address, full = on("address"), limited("address", 20, 3, 60)
    row("one /64 has one limit, whatever the address in it",
        address(get(peer="2001:db8::"), VICTIM, times=3, peer_plus="::1:0:0:1"),
        address(get("second", peer="2001:db8::ffff:ffff:ffff:ffff"), full),
        address(get(peer="2001:db8:0:1::"), VICTIM))
    row("an IPv4 address has its own, in either form",
        address(get(peer="192.0.2.1"), VICTIM, times=2),
        address(get(peer="::ffff:192.0.2.1"), VICTIM),
        address(get(peer="192.0.2.1"), full),
        address(get(peer="192.0.2.2"), VICTIM))
    row("no address is an address too",
        address(get(peer=None), VICTIM, times=3),
        address(get("second", peer=None), full))


@in_sequence("L7", "limits")
def _(row):
    two, narrow, wide = on("two"), limited("narrow", 30, 2, 60), limited("wide", 15, 4, 60)
    row("a request that one limit refuses is charged to none",
        two(get(), VICTIM, times=2),
        two(get(), narrow, times=10),
        two(get("second"), OTHER, times=2),
        two(get("special"), wide),
        two(get("second", peer="192.0.2.8"), one_of("rate_limited")))
    row("both are used up: the one with the longer wait is told",
        two(get(), VICTIM, times=2),
        two(get("second"), OTHER, times=2),
        two(get(), narrow),
        two(get().after(15), limited("narrow", 15, 2, 60)),
        two(get("special").after(15), SPECIAL))
