"""Where nginx answers otherwise than the table of the library, and why.

`EXPECTED`: a row, all its steps or one -> what comes instead: status and reason, or status and "-" if
the module was not asked, or "none" if there is no answer. An entry that is not needed any more fails.
"""

FRAMING = "nginx refuses the head itself"
CUT = "nginx waits for the rest of the body"

EXPECTED = {}


def key(step):
    """The entry that a step has; None if it has none."""
    ident, shows, place = step.name
    found = [name for name in ((ident, shows, place), (ident, shows)) if name in EXPECTED]
    return found[0] if found else None


def expected(step):
    """What comes instead of what the table says, and why; None if the table holds."""
    return EXPECTED.get(key(step))


def is_silent(step):
    """Whether no answer is expected."""
    return bool(expected(step)) and expected(step)[0] == "none"
