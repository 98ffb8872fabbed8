"""Checks in dry run: the answer is the same but for the verdict, and says what would have denied."""

from .expect import allow, deny
from .fixtures import cashout
from .sign import basic
from .table import about, in_sequence, on, sequence, step

MEMORY = [16, 16]
FIRST = allow("merchant-1", 2)
SECOND = cashout("merchant-2", 1)
WRONG = cashout().having("Authorization", basic("cashout_API_Key", "guess"))
DRY, LIVE = on("dry"), on("live")


def would(reason, *checks, who="merchant-1", generation=2):
    return allow(who, generation, "ok_would_deny", would_deny=list(checks), would_deny_reason=reason)


def compared(check, request, reason, passes=None, early=None):
    """The same request where the check is dry and where it is not."""
    passes = passes or would(reason, check)
    sequence("DRY", f"{check}: {reason}", "dry-run", step("dry", request, passes), memory=MEMORY)
    sequence("DRY", f"{check}: {reason}, in force", "dry-run",
             step("live", request, deny(reason), early), memory=MEMORY)


compared("host", cashout().but(host="evil.example"), "wrong_host")
compared("https", cashout().but(tls=False), "tls_required")
compared("required_headers", cashout().minus("User-Agent"), "missing_header")
compared("media_type", cashout().having("Content-Type", "text/plain"), "bad_content_type")
compared("signature", cashout().having("Payload-Signature", "0" * 64), "sig_mismatch",
         would("sig_mismatch", "signature", generation=0))
compared("signature", cashout().minus("Payload-Signature"), "missing_signature",
         would("missing_signature", "signature", generation=0))
compared("network", cashout().but(peer="203.0.113.9"), "ip_not_allowed",
         early=deny("ip_not_allowed", 401))
compared("scope", SECOND, "insufficient_scope",
         would("insufficient_scope", "scope", who="merchant-2", generation=1),
         deny("insufficient_scope", 401))


@in_sequence("DRY", "dry-run")
def _(row):
    row("rate", DRY(cashout(), FIRST), DRY(cashout(), would("rate_limited", "rate")))
    row("rate, in force",
        LIVE(cashout(), FIRST),
        LIVE(cashout(), deny("rate_limited", retry_after=60)))
    row("throttle",
        DRY(WRONG, deny("bad_secret"), times=2),
        DRY(cashout(), would("auth_throttled", "throttle")))
    row("throttle, in force",
        LIVE(WRONG, deny("bad_secret"), times=2),
        LIVE(cashout(), deny("auth_throttled", retry_after=30)))
    several = SECOND.but(host="evil.example", tls=False, peer="203.0.113.9")
    passes = would("wrong_host", "host", "https", "scope", who="merchant-2", generation=1)
    row("several: the first gives its reason", DRY(several, passes))


@about("DRY", "dry-run")
def _(row):
    """What no dry run lets pass."""
    for shows, request, reason in [
        ("a wrong passphrase", WRONG, "bad_secret"),
        ("an unknown user", cashout().having("Authorization", basic("a", "b")), "unknown_key"),
        ("no credential", cashout().minus("Authorization"), "no_credential"),
        ("two lines", cashout().plus("Authorization", "x"), "dup_header"),
        ("a body over the cap", cashout(body=b"a" * 5000), "body_too_large"),
    ]:
        row(f"{shows} is refused in dry run too", "dry", request, deny(reason), memory=MEMORY)


@about("DRY", "dry-run")
def _(row):
    for host in ["api.example.com", "api.example.com:443", "API.Example.COM", "[2001:db8::1]:8443"]:
        row(f"the host {host}", "live", cashout().but(host=host), FIRST, memory=MEMORY)
    for host in ["[2001:db8::1]", "api.example.com.evil.example", "api.example.com:x", "",
                 "example.com", "evil.example#api.example.com", "api.example.com:443:443",
                 "[2001:db8::1]:8443:8443"]:
        row(f"the host {host!r}", "live", cashout().but(host=host), deny("wrong_host"),
            memory=MEMORY)
