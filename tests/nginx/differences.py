"""Where nginx answers otherwise than the table of the library, and why.

`EXPECTED`: id and what the row shows, with the place of a step if it is not all of them -> what comes
instead, and why. What comes is status and reason, or status and "-" if the module was not asked, or
"none" if there is no answer. An entry that is not needed fails the test.
"""

REFUSED = "nginx refuses the head itself"
LINES = "nginx reads the lines otherwise"
LENGTH = "nginx waits for the rest of a body, or takes what is behind it for the next request"
SETTLED = "the answer of nginx settled the message"
WINDOW = "the memory of nginx remembers for the longest window of the policy"
MEMORY = "nginx has the memory that the row lacks"
NOBODY = "who did not prove the secret has no name in nginx"


def rows(why, came, ident, *shown):
    return {(ident, *(one if isinstance(one, tuple) else (one, ))): (came, why) for one in shown}


LENGTHS = [f"announced as '{text}'" for text in ("+5", "-1", "5,5", "0x80", "1e3", "5 5", "", "٥")]

EXPECTED = {
    **rows(REFUSED, "400 -", "H1", "a wrong one after the right one", "a wrong one before the right one",
           "names in different case", "Basic and Bearer", "an empty one beside it", "beside a signature"),
    **rows(REFUSED, "400 -", "H2", "the same line twice", "two equal Host lines"),
    **rows(REFUSED, "400 -", "H8", "a space before the colon", "no name", "NUL in a value",
           "CR in a value", "a folded line", "before anything else is looked at",
           "a space in the target", "NUL in the target", "nothing in the target",
           "a space as the method", "nothing as the method", "a line break as the method"),
    **rows(REFUSED, "400 -", "H11", "1000 lines", "1000 lines and no credential"),
    **rows(REFUSED, "400 -", "S9", "announced as 2^64", "announced as 30 digits", "announced twice",
           *LENGTHS),
    **rows(REFUSED, "400 -", "S10", "ten thousand"),
    **rows(REFUSED, "400 -", "S20", "the login is folded", "it is folded"),
    **rows(REFUSED, "400 -", "S21", "*"),
    **rows(REFUSED, "400 -", "S22", "in its case"),
    **rows(REFUSED, "400 -", "S23", "twice"),
    **rows(REFUSED, "400 -", "L16", "a header name", "a length"),
    **rows(REFUSED, "405 -", "L17", "TRACE without a credential", "TRACE with a wrong one",
           "TRACE with the right one"),
    **rows(REFUSED, "400 -", "L17", "post where POST is the only one", "a CORS preflight request"),
    **rows(REFUSED, "400 -", "DRY", "two lines is refused in dry run too", "the host ''"),
    **rows(REFUSED, "400 -", "O1", "post"),
    # A line ends with LF alone, and names of others than letters, digits and hyphens are dropped.
    **rows(LINES, "200 ok", "H8", "a colon in the name", "a name that is not ASCII", "LF in a value",
           "CRLF in a value"),
    **rows(LINES, "401 control_char", "H8", "a line break in base64 after 76 characters"),
    **rows(LINES, "no HTTP/1.1", "H8", "LF in the target"),
    **rows(LINES, "no HTTP/1.1", "L16", "a bad target"),
    # Host is one of the lines.
    **rows(LINES, "431 too_many_headers", "H11", "64 lines"),
    # Scheme and host are taken off, for the backend too.
    **rows(LINES, "200 ok", "S21", "/a sent as https://api.example.com/a"),
    **rows(LENGTH, "none", "S9", "one octet less than announced", "announced and not there"),
    **rows(LENGTH, "401 sig_mismatch", "S9", "one octet more than announced", "announced as nothing"),
    **rows(SETTLED, "401 replayed", "S16", ("whoever has it says nothing: the lease ends", 2)),
    **rows(WINDOW, "401 replayed", "S16", ("no time in the message: as long as the memory lasts", 2)),
    **rows(WINDOW, "401 replayed", "S17", ("room comes back when messages are forgotten", 6)),
    **rows(MEMORY, "200 ok", "S17", ("no memory, in dry run", 0)),
    **rows(NOBODY, "200 ok_would_deny", "S18",
           ("a wrong signature in dry run passes, and takes nothing", 0)),
    **rows(NOBODY, "200 ok_would_deny", "DRY", "signature: sig_mismatch",
           "signature: missing_signature"),
}


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
