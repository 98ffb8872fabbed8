"""A strict reader of the text format of Prometheus, version 0.0.4, as far as we write it."""

import re

CONTENT_TYPE = "text/plain; version=0.0.4"
HEAD = re.compile(r"# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)")
SAMPLE = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([0-9]+)")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)"(,|$)')
TYPES = ("counter", "gauge")


class Malformed(Exception):
    """A text that is none."""


def read(octets):
    """Name -> labels, as sorted pairs -> number. Every name has its HELP and TYPE, all its samples follow
    these, and no sample is there twice."""
    text = octets.decode()
    if text and not text.endswith("\n"):
        raise Malformed("the last line has no end")
    found, told, current = {}, {}, None
    for line in text.split("\n")[:-1]:
        if line.startswith("#"):
            current = head(line, told, found)
        else:
            sample(line, told, found, current)
    return found


def head(line, told, found):
    parts = HEAD.fullmatch(line)
    if not parts:
        raise Malformed(line)
    kind, name, text = parts.groups()
    if kind in told.get(name, {}) or found.get(name):
        raise Malformed(f"again, or behind a sample: {line}")
    if kind == "TYPE" and (text not in TYPES or (text == "counter") != name.endswith("_total")):
        raise Malformed(line)
    told.setdefault(name, {})[kind] = text
    found.setdefault(name, {})
    return name


def sample(line, told, found, current):
    parts = SAMPLE.fullmatch(line)
    if not parts:
        raise Malformed(line)
    name, text, number = parts.groups()
    if name != current or set(told[name]) != {"HELP", "TYPE"}:
        raise Malformed(f"not behind its HELP and TYPE: {line}")
    key = labels(text or "", line)
    if key in found[name]:
        raise Malformed(f"twice: {line}")
    found[name][key] = int(number)


def labels(text, line):
    found, at = {}, 0
    while at < len(text):
        parts = LABEL.match(text, at)
        if not parts or parts[1] in found or (parts[3] == "," and parts.end() == len(text)):
            raise Malformed(line)
        found[parts[1]] = re.sub(r"\\(.)", lambda it: "\n" if it[1] == "n" else it[1], parts[2])
        at = parts.end()
    return tuple(sorted(found.items()))
