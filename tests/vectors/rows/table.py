"""The rows of the table."""

from functools import partial

REQUESTS = []
DOCUMENTS = []


def step(route, request, expect, streamed=None, **more):
    """One request of a row. `streamed` is what it gets when its body comes in pieces, where that
    differs. `more`: times, and what each repetition adds: peer_plus and monotonic_plus;
    finish_after_ms is how long a streamed body takes; then is what the host does with the message
    that it got: confirm or release."""
    found = {"route": route, "request": request.json(), **more, "expect": expect}
    if streamed:
        found["streamed"] = streamed
    return found


def on(route):
    """The steps on one route."""
    return partial(step, route)


def sequence(ident, shows, policy, *steps, memory=None, **more):
    """Requests that one gate gets one after the other. `memory` is for how many credentials and
    addresses there is room for limits. `more`: alike; replay is for how many messages there is
    replay memory, and for how many seconds it remembers them."""
    memory = {"memory": memory} if memory else {}
    row = {"id": ident, "shows": shows, "policy": policy, **memory, **more, "steps": list(steps)}
    REQUESTS.append(row)


def about(ident, policy):
    """Fills the table with the rows of the function below: requests of one step each, all about
    one bad input and under one policy."""

    def row(shows, route, request, expect, streamed=None, memory=None, alike=None, **more):
        tagged = {"alike": alike} if alike else {}
        one = step(route, request, expect, streamed, **more)
        sequence(ident, shows, policy, one, memory=memory, **tagged)

    return lambda fill: fill(row)


def in_sequence(ident, policy, memory=(16, 16), **more):
    """The same for rows of several steps, each with new memory."""

    def row(shows, *steps):
        sequence(ident, shows, policy, *steps, memory=list(memory), **more)

    return lambda fill: fill(row)


def in_documents(ident):
    """Fills the table with policy documents. `@` in a text marks the places of its errors, in
    order, and is taken out; each error is its path and a part of what is said."""

    def row(shows, text, *errors):
        pieces = text if isinstance(text, list) else [text]
        places = marked("".join(map(expanded, pieces)))
        assert len(places) == len(errors), (ident, shows)
        listed = [{"at": at, "path": path, "says": says} for at, (path, says) in zip(places, errors)]
        plain = [piece.replace("@", "") if isinstance(piece, str) else piece for piece in pieces]
        DOCUMENTS.append({"id": ident, "shows": shows, "text": plain, "errors": listed})

    return lambda fill: fill(row)


def expanded(piece):
    return piece if isinstance(piece, str) else piece["repeat"] * piece["times"]


def marked(text):
    """The places of the marks, as line and column of the text without them."""
    before = text.split("@")[:-1]
    starts = ["".join(before[: at + 1]) for at in range(len(before))]
    return [f"{start.count(chr(10)) + 1}:{len(start) - start.rfind(chr(10))}" for start in starts]
