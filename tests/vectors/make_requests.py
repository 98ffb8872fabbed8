#!/usr/bin/env python3
"""Makes requests.json, the table of bad inputs and what each of them gets.

    make_requests.py           writes it
    make_requests.py --check   fails if the file is not what would be written

The table is made apart from the library: nothing but Python's standard library computes the
signatures, and the reasons and statuses are written down in `rows/`. It says of each row

    id      the bad input that it is about
    shows   what the row shows
    policy  the document under policies/
    memory  for how many credentials and addresses a table of limits is attached; none if it is not there
    replay  for how many messages replay memory is attached, and for how many seconds it remembers
            them; none if it is not there
    alike   rows with one tag must give the caller the same answer, to the octet
    steps   requests to one gate, each with its route and what it gets. Members of a request that
            are not there are those of `plain`

Octets are text (its UTF-8), or {"hex": ..}, or {"repeat": octets, "times": n}, or a list of these,
joined. A header line is name and value, and the number of times that it stands there if not one.
`streamed` stands where a request gets something else when its body comes in pieces.
"""

import json
import sys
from importlib import import_module
from pathlib import Path

sys.dont_write_bytecode = True  # the source tree stays as it is

from rows.request import Request
from rows.table import DOCUMENTS, REQUESTS

MODULES = [
    "headers", "presented", "media", "basic", "payload", "dates", "other_credentials", "webhooks",
    "times", "covered", "http_messages", "ixopay", "parameters", "trust", "addresses", "limits", "replay",
    "attackers", "callers", "dry", "lists", "loading", "tokens", "token_endpoint",
    "generations",
]
TABLE = Path(__file__).parent / "requests.json"


def listed(rows):
    return ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)


def render():
    for module in MODULES:
        import_module(f"rows.{module}")
    parts = {
        "plain": json.dumps(Request().full()),
        "rows": f"[\n{listed(REQUESTS)}\n]",
        "documents": f"[\n{listed(DOCUMENTS)}\n]",
    }
    members = ",\n".join(f'"{name}": {value}' for name, value in parts.items())
    return f"{{{members}}}\n"


def main():
    made = render()
    if sys.argv[1:] == ["--check"]:
        if TABLE.read_text(encoding="utf-8") != made:
            sys.exit("tests/vectors/requests.json is not what make_requests.py makes: run it")
    elif sys.argv[1:]:
        sys.exit(__doc__)
    else:
        TABLE.write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main()
