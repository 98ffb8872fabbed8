"""1.5 Addresses: A1, A3 to A5 and A7 to A14 as requests. What a list in a policy may say is in
lists.py. A zone id cannot reach this library with the peer, which is an address and no text."""

from .expect import allow, deny
from .fixtures import cashout
from .request import Request, repeated
from .sign import Policy, basic, mac_hex
from .table import about, sequence, step

ADDRESSES = Policy("addresses")
OUTSIDE = deny("ip_not_allowed")
BAD = deny("bad_forwarded", header="X-Forwarded-For")
HOP = "10.1.2.3"


def by(credential, peer, *forwarded, body=b""):
    """From `peer`, with the lines of X-Forwarded-For."""
    request = Request(method="GET", target="/", peer=peer, body=body)
    request = request.plus("Authorization", ADDRESSES.basic(credential))
    for line in forwarded:
        request = request.plus("X-Forwarded-For", line)
    return request


def each(row, shows, credential, allowed, denied):
    """Peers that the list of the credential has and has not."""
    for peer in allowed:
        row(f"{shows}: {peer}", "listed", by(credential, peer), allow(credential))
    for peer in denied:
        row(f"{shows}: not {peer}", "listed", by(credential, peer), OUTSIDE)


def with_protocols(request, protocols):
    for protocol in protocols:
        request = request.plus("X-Forwarded-Proto", protocol)
    return request


def signatures(row, route, credential):
    """A passphrase is proved by the head, so in a stream a wrong address is seen before the
    signature, and told like a wrong one. A key proves nothing before the signature does."""
    right = cashout().minus("Authorization")
    for name, value in credential.items():
        right = right.plus(name, value)
    wrong = right.having("Payload-Signature", mac_hex("another secret", right.body))
    early = [deny("ip_not_allowed", 401, head=True)] if route == "signed" else []
    row(f"{route}: right address, right signature", route, right, allow("documentation", 1))
    row(f"{route}: right address, wrong signature", route, wrong, deny("sig_mismatch"), alike=route)
    row(f"{route}: wrong address, wrong signature", route, wrong.but(peer="203.0.113.9"),
        deny("sig_mismatch"), *early, alike=route)
    row(f"{route}: wrong address, right signature", route, right.but(peer="203.0.113.9"), OUTSIDE,
        *early)
    sequence("A14", f"{route}: one gate, from both addresses", "addresses",
             step(route, right, allow("documentation", 1)),
             step(route, right.but(peer="203.0.113.9"), OUTSIDE, *early),
             step(route, right, allow("documentation", 1)))


@about("A1", "addresses")
def _(row):
    each(row, "v4-mapped peers are IPv4 peers", "documentation", [
        "192.0.2.1", "::ffff:192.0.2.1", "::ffff:c000:2ff", "2001:db8:1::1"
    ], ["192.0.3.1", "::ffff:192.0.3.1", "2001:db8:2::1", "::192.0.2.1", "0:0:0:0:fffe:0:c000:201"])
    each(row, "and so are v4-mapped networks", "mapped",
         ["198.51.100.0", "198.51.100.255", "::ffff:198.51.100.7"],
         ["198.51.101.0", "::ffff:198.51.99.255"])
    row("a v4-mapped hop is a hop", "listed", by("documentation", "::ffff:10.0.0.1", "192.0.2.1"),
        allow("documentation"))
    row("a v4-mapped address behind a hop", "listed", by("documentation", HOP, "::ffff:192.0.2.1"),
        allow("documentation"))


@about("A3", "addresses")
def _(row):
    each(row, "an address inside another one is not unpacked", "documentation", ["192.0.2.1"],
         ["64:ff9b::192.0.2.1", "2002:c000:201::", "2001:0:c000:201::", "::ffff:0:192.0.2.1"])


@about("A7", "addresses")
def _(row):
    each(row, "any", "any", ["0.0.0.0", "255.255.255.255", "::", "2001:db8::1", "::ffff:1.2.3.4"],
         [])
    each(row, "any-ipv4", "any-ipv4", ["0.0.0.0", "255.255.255.255", "::ffff:1.2.3.4"],
         ["::", "2001:db8::1", "::1.2.3.4"])
    each(row, "any-ipv6", "any-ipv6", ["::", "2001:db8::1"],
         ["0.0.0.0", "192.0.2.1", "::ffff:1.2.3.4"])


@about("A8", "addresses")
def _(row):
    each(row, "an empty list", "nowhere", [], ["192.0.2.1", "0.0.0.0", "::1", None])
    each(row, "no list", "unlisted", ["192.0.2.1", "::1", None], [])
    row("no list where one is required", "required", by("unlisted", "192.0.2.1"), OUTSIDE)
    row("a list where one is required", "required", by("documentation", "192.0.2.1"),
        allow("documentation"))
    row("outside of it", "required", by("documentation", "192.0.3.1"), OUTSIDE)
    row("an empty list where lists are not looked at", "anywhere", by("nowhere", "192.0.2.1"),
        allow("nowhere"))


@about("A9", "addresses")
def _(row):
    each(row, "the list of IXOPAY's page", "ixopay", ["12.12.12.12", "41.41.41.41"],
         ["12.12.12.11", "12.12.12.13", "41.41.41.42"])
    for last, expect in [(0, allow("ixopay")), (15, allow("ixopay")), (16, OUTSIDE),
                         (255, OUTSIDE)]:
        row(f"10.0.0.0/28: .{last}", "listed",
            by("ixopay", "192.0.2.9").but(peer=f"10.0.0.{last}"), expect)
    each(row, "a longer list", "many", [
        "192.0.2.0", "192.0.2.3", "192.0.2.15", "192.0.2.63", "192.0.2.191", "192.0.2.202",
        "2001:db8:0:ffff::"
    ], [
        "192.0.2.1", "192.0.2.4", "192.0.2.16", "192.0.2.64", "192.0.2.127", "192.0.2.192",
        "192.0.2.201", "192.0.2.254", "2001:db8:1::", "2001:db8:fffe::"
    ])


@about("A10", "addresses")
def _(row):
    row("a peer outside of the list", "listed", by("documentation", "203.0.113.9"), OUTSIDE)
    row("says that it is inside", "listed", by("documentation", "203.0.113.9", "192.0.2.1"),
        OUTSIDE)
    row("with a list", "listed", by("documentation", "203.0.113.9", "192.0.2.1, 10.0.0.1"), OUTSIDE)
    row(
        "in other headers", "listed",
        by("documentation", "203.0.113.9").plus("X-Real-IP",
                                                "192.0.2.1").plus("Forwarded", "for=192.0.2.1"),
        OUTSIDE)
    row("a peer inside of it says that it is outside", "listed",
        by("documentation", "192.0.2.1", "203.0.113.9"), allow("documentation"))
    row("or nonsense", "listed", by("documentation", "192.0.2.1", "unknown, ?"),
        allow("documentation"))
    row("behind a hop, what the client says itself does not count", "listed",
        by("documentation", HOP, "192.0.2.1, 203.0.113.9"), OUTSIDE)
    row("only what the hop saw", "listed", by("documentation", HOP, "203.0.113.9, 192.0.2.1"),
        allow("documentation"))
    row("a hop that says nothing is the client", "listed", by("documentation", HOP), OUTSIDE)
    row("X-Real-IP of a hop does not count", "listed",
        by("documentation", HOP).plus("X-Real-IP", "192.0.2.1"), OUTSIDE)


@about("A11", "addresses")
def _(row):
    passes = allow("documentation")
    for text in [
            "192.0.2.1", "192.0.2.1:443", "[2001:db8:1::1]", "[2001:db8:1::1]:443", "2001:db8:1::1",
            "\t 192.0.2.1 ", "unknown, 192.0.2.1", "_hidden,192.0.2.1", ",192.0.2.1",
            "192.0.2.1, 10.9.9.9", "192.0.2.1,10.9.9.9,fd00::1", "192.0.2.1:99999"
    ]:
        row(text, "listed", by("documentation", HOP, text), passes)
    for text in [
            "unknown", "192.0.2.1, unknown", "192.0.2.1,", "", "_hidden", "192.0.2.1:",
            "192.0.2.1:port", "192.0.2.1:123456", "[192.0.2.1]", "[2001:db8:1::1", "2001:db8:1::1]",
            "[2001:db8:1::1]443", "[2001:db8:1::1]:", "[]", '"192.0.2.1"', "for=192.0.2.1",
            "192.0.2.1 192.0.2.2", "192.0.2.1;192.0.2.2", "192.0.2.0/24", "localhost"
    ]:
        row(text or "nothing", "listed", by("documentation", HOP, text), BAD)
    row("two lines are one list", "listed", by("documentation", HOP, "203.0.113.9", "192.0.2.1"),
        passes)
    row("in their order", "listed", by("documentation", HOP, "192.0.2.1", "203.0.113.9"), OUTSIDE)
    row("three lines", "listed",
        by("documentation", HOP, "1.1.1.1", "192.0.2.1", "10.9.9.9, fd00::1"), passes)
    row("nonsense on the line before", "listed", by("documentation", HOP, "?", "192.0.2.1"), passes)
    row("nonsense on the line behind", "listed", by("documentation", HOP, "192.0.2.1", "?"), BAD)


def unreadable(row, *texts):
    """Text that is no address, where it is the client's and where it stands left of it."""
    passes = allow("documentation")
    row("an address", "listed", by("documentation", HOP, "192.0.2.1"), passes)
    for text in texts:
        row(text, "listed", by("documentation", HOP, text), BAD)
        row(f"{text}, which nobody reads", "listed",
            by("documentation", HOP, f"{text},192.0.2.1"), passes)


@about("A4", "addresses")
def _(row):
    unreadable(row, "010.0.0.1", "192.0.2.01", "1.2.3", "0x7f.1", "3221225985", "192.0.2.1.",
               "192.0.2.256", "192.0.2.-1", "192.0.2.1\t2", "１92.0.2.1", "192.0.2.1%0", ":::",
               "2001:db8::1::", "12345::", "::ffff:192.0.2.01")


@about("A5", "addresses")
def _(row):
    unreadable(row, "fe80::1%eth0", "[fe80::1%eth0]", "fe80::1%25eth0", "[2001:db8:1::1%1]:443")


@about("A12", "addresses")
def _(row):
    passes = allow("documentation")
    walked = lambda count: ", ".join(["192.0.2.1"] + ["10.0.0.1"] * count)
    row("no further hop", "listed", by("documentation", HOP, walked(0)), passes)
    row("16 hops", "listed", by("documentation", HOP, walked(15)), passes)
    row("17 hops", "listed", by("documentation", HOP, walked(16)), BAD)
    row("16 hops on 16 lines", "listed", by("documentation", HOP, "192.0.2.1", *["10.0.0.1"] * 15),
        passes)
    row("17 hops on 17 lines", "listed", by("documentation", HOP, "192.0.2.1", *["10.0.0.1"] * 16),
        BAD)
    row("7 kB that nobody reads", "listed", by("documentation", HOP,
                                               "1.2.3.4," * 900 + "192.0.2.1"), passes)
    row("10 kB", "listed", by("documentation", HOP, repeated("1.2.3.4,", 1250)),
        deny("header_too_large"))


@about("A13", "addresses")
def _(row):
    row("no address, where a list applies", "listed", by("documentation", None), OUTSIDE)
    row("whatever it says of itself", "listed", by("documentation", None, "192.0.2.1"), OUTSIDE)
    row("where any address will do", "listed", by("any", None), OUTSIDE)
    row("where lists are not looked at", "anywhere", by("documentation", None), allow("documentation"))
    row("where there is none", "listed", by("unlisted", None), allow("unlisted"))


@about("H16", "addresses")
def _(row):
    tls = deny("tls_required")
    plain = lambda *protocols, peer=HOP: with_protocols(
        by("unlisted", peer, "192.0.2.1").but(tls=False), protocols)
    row("a trusted hop says https", "listed", plain("https"), allow("unlisted"))
    row("in another case", "listed", plain("HTTPS"), allow("unlisted"))
    row("a trusted hop says http", "listed", plain("http"), tls)
    row("a trusted hop says http over HTTPS", "listed", plain("http").but(tls=True), tls)
    row("a trusted hop says nothing", "listed", plain(), tls)
    row("and speaks HTTPS", "listed", plain().but(tls=True), allow("unlisted"))
    row("a peer that is no hop says https", "listed", plain("https", peer="203.0.113.9"), tls)
    row("no peer says https", "listed", plain("https", peer=None), tls)
    row("the client says https, the hop http", "listed", plain("https, http"), tls)
    row("the client says http, the hop https", "listed", plain("http, https"), allow("unlisted"))
    row("on two lines", "listed", plain("https", "http"), tls)
    row("something else", "listed", plain("wss"), tls)
    row("nothing behind the name", "listed", plain(""), tls)
    two = with_protocols(by("unlisted", HOP, "192.0.2.1, 10.9.9.9").but(tls=False), ["http, https"])
    row("two hops, one of them without TLS", "listed", two, tls)
    row("two hops with TLS", "listed", two.having("X-Forwarded-Proto", "https, https"),
        allow("unlisted"))
    row("two hops, one report", "listed", two.having("X-Forwarded-Proto", "https"),
        allow("unlisted"))


@about("A14", "addresses")
def _(row):
    inside, outside = "192.0.2.1", "203.0.113.9"
    wrong = basic("documentation", "of merchant two")
    request = by("documentation", inside)
    row("right address, right passphrase", "listed", request, allow("documentation"))
    row("wrong address, right passphrase", "listed", request.but(peer=outside), OUTSIDE)
    for peer in [inside, outside]:
        row(f"{peer}, wrong passphrase", "listed",
            request.but(peer=peer).having("Authorization", wrong), deny("bad_secret"),
            alike="address")
        row(f"{peer}, unknown user", "listed",
            request.but(peer=peer).having("Authorization", basic("nobody", "x")),
            deny("unknown_key"), alike="address")
    signatures(row, "signed", { "Authorization": ADDRESSES.basic("documentation") })
    signatures(row, "key", { "api-key": ADDRESSES.key("documentation") })
    signatures(row, "key-required", { "api-key": ADDRESSES.key("documentation") })
    unknown = cashout().minus("Authorization").plus("api-key", "mk_live_0000000000000000")
    for route in ["key", "key-required"]:
        row(f"an unknown key on {route}", route, unknown, deny("unknown_key"))
        row(f"an unknown key on {route}, from elsewhere", route, unknown.but(peer=outside),
            deny("unknown_key"))
