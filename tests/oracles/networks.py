"""Answers questions about networks with the module `ipaddress`.

`text <hex>` is answered with the network in that text, folded, as `<address in hex>/<prefix>`, or
with `refused`. `set <network>,...` begins a set (`set -` an empty one), and `in <address> ...` is
answered with a 1 for each address that is in it and a 0 for each that is not.
"""

import ipaddress
import sys

MAPPED = ipaddress.ip_network("::ffff:0:0/96")


def fold_address(address):
    return getattr(address, "ipv4_mapped", None) or address


def fold_network(network):
    if network.version == 6 and network.subnet_of(MAPPED):
        address = network.network_address.ipv4_mapped
        return ipaddress.ip_network((address, network.prefixlen - 96))
    return network


def read(text):
    try:
        network = fold_network(ipaddress.ip_network(text, strict=True))
    except ValueError:
        return "refused"
    return f"{network.network_address.packed.hex()}/{network.prefixlen}"


def bounds(network):
    return int(network.network_address), int(network.broadcast_address)


networks = {4: [], 6: []}
for line in sys.stdin:
    command, *words = line.split()
    if command == "text":
        print(read(bytes.fromhex("".join(words)).decode()))
    elif command == "set":
        networks = {4: [], 6: []}
        for text in [] if words == ["-"] else words[0].split(","):
            network = fold_network(ipaddress.ip_network(text))
            networks[network.version].append(bounds(network))
    else:
        answer = []
        for text in words:
            address = fold_address(ipaddress.ip_address(text))
            number = int(address)
            inside = any(first <= number <= last for first, last in networks[address.version])
            answer.append("1" if inside else "0")
        print("".join(answer))
