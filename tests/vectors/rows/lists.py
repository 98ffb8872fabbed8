"""1.5 What a list of networks in a policy may say: A2 and A4 to A9."""

from .documents import policy
from .request import repeated
from .table import in_documents


def listed(row):
    """Rows about the list of a credential: the list, and for each error where it is in the list
    and what is said."""
    before, after = policy(credentials='{ "id": "a", "networks": %% }').split("%%")

    def listed_row(shows, networks, *says):
        pieces = networks if isinstance(networks, list) else [networks]
        errors = [(f"credentials[0].networks{path}", text) for path, text in says]
        row(shows, [before, *pieces, after], *errors)

    return listed_row


@in_documents("A2")
def _(row):
    row = listed(row)
    row("a v4-mapped network of some addresses", '["::ffff:192.0.2.0/120"]')
    row("all v4-mapped addresses are all of IPv4", '["@::ffff:0:0/96"]', ("[0]", "any-ipv4"))
    row("all of IPv6", '["@::/0"]', ("[0]", "any-ipv6"))
    row("a network that has all v4-mapped ones in it", '["@::ffff:0:0/95"]', ("[0]", ";"))


@in_documents("A4")
def _(row):
    row = listed(row)
    row("addresses and networks",
        '["192.0.2.1", "192.0.2.0/24", "2001:db8::1", "2001:db8::/32", "0.0.0.0", "::", "::1/128"]')
    for text in [
        "010.0.0.1", "192.0.2.01", "1.2.3", "1.2.3.4.5", "0x7f.1", "0x7f000001", "2130706433",
        "256.0.0.1", "1.2.3.4.", "1.2.3.-4", "１.2.3.4", "192.0.2.*", "localhost", "192.0.2.1:80",
        "2001:db8::1::", ":::", "12345::", "2001:db8", "1:2:3:4:5:6:7:8:9", "2001:db8:::1",
        "::1.2.3", "::ffff:192.0.2.01", "[::1]", "192.0.2.1-192.0.2.9", "192.0.2.0/024",
        "192.0.2.0/33", "2001:db8::/129", "192.0.2.0/", "192.0.2.0/-1", "192.0.2.0/+8", "/24",
        "192.0.2.0/255.255.255.0", "192.0.2.0/24/24",
    ]:
        row(text, f'["192.0.2.9", "@{text}"]', ("[1]", ";"))


@in_documents("A5")
def _(row):
    row = listed(row)
    row("without a zone", '["fe80::1", "fe80::/10"]')
    for text in ["fe80::1%eth0", "fe80::1%1", "fe80::1%25eth0", "fe80::%eth0/64", "fe80::/64%eth0"]:
        row(text, f'["@{text}"]', ("[0]", "%"))


@in_documents("A6")
def _(row):
    row = listed(row)
    row("no host bits", '["10.0.0.0/8", "10.0.0.5/32", "2001:db8::/32"]')
    row("host bits", '["10.0.0.0/8", "@10.0.0.5/8"]', ("[1]", "10.0.0.0/8"))
    row("one host bit", '["@192.0.2.129/25"]', ("[0]", "192.0.2.128/25"))
    row("host bits in IPv6", '["@2001:db8::1/64"]', ("[0]", "2001:db8::/64"))


@in_documents("A7")
def _(row):
    hops = policy(members='"trusted_hops": ["@0.0.0.0/0"]')
    row("everybody is a trusted hop", hops, ("trusted_hops[0]", "any-ipv4"))
    row = listed(row)
    row("the words", '["any", "any-ipv4", "any-ipv6"]')
    row("the words in a text", '"any-ipv4,2001:db8::/32"')
    for text, word in [("0.0.0.0/0", "any-ipv4"), ("10.0.0.0/0", "any-ipv4"), ("::1/0", "any-ipv6")]:
        row(text, f'["@{text}"]', ("[0]", word))
    for text in ["ANY", "*", "all", "0/0", "any-ip", " any"]:
        row(f"{text} is no word", f'["@{text}"]', ("[0]", ";"))


@in_documents("A8")
def _(row):
    row("no trusted hop", policy(members='"trusted_hops": []'))
    row = listed(row)
    row("an empty list", "[]")
    row("an empty text", '@""', ("", "empty"))
    row("an empty element", '["192.0.2.1", @""]', ("[1]", "empty"))
    row("null", "@null", ("", ";"))


@in_documents("A9")
def _(row):
    row = listed(row)
    row("the list of IXOPAY's page", '"12.12.12.12,41.41.41.41"')
    row("its network", '"10.0.0.0/28"')
    row("a space", '"12.12.12.12,@ 41.41.41.41"', ("", "space"))
    row("a space in front of a comma", '"12.12.12.12@ ,41.41.41.41"', ("", "space"))
    row("a space at the beginning", '"@ 12.12.12.12"', ("", "space"))
    row("a trailing comma", '"12.12.12.12@,"', ("", "comma"))
    row("two commas", '"12.12.12.12,@,41.41.41.41"', ("", "no network"))
    row("a comma in front", '"@,12.12.12.12"', ("", "no network"))
    row("a semicolon", '"@12.12.12.12;41.41.41.41"', ("", ";"))
    row("two errors", '"@1.2.3,41.41.41.41,@010.0.0.1"', ("", ";"), ("", ";"))
    row("a line break", '@"12.12.12.12,\\n41.41.41.41"', ("", "space"))
    row("1000 entries", ['"', repeated("10.0.0.0/28,", 999), '10.0.0.0/28"'])
    row("4096 entries", ["[", repeated('"10.0.0.0/28",', 4095), '"10.0.0.0/28"]'])
    row("4097 entries", ["@[", repeated('"10.0.0.0/28",', 4096), '"10.0.0.0/28"]'], ("", "4096"))
    row("70 kB in a text", ['@"', repeated("10.0.0.0/28,", 5900), '10.0.0.0/28"'], ("", "65536"))
