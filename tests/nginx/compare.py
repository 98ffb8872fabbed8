"""Comparing what nginx answered with what the table of the library expects."""

import json
import re
from http import HTTPStatus

LINES = ("WWW-Authenticate", "Retry-After", "RateLimit-Policy", "RateLimit", "Allow", "Accept",
         "Cache-Control")
TOKEN_ERRORS = {"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client",
                "unsupported_grant_type", "invalid_scope"}
NOT_CACHED = "Cache-Control: no-store"
PRINTABLE = re.compile(rb"[\x20-\x7e\r\n]*")
# nginx has no other name for these.
PHRASES = {413: ("Request Entity Too Large", "Content Too Large"), 414: ("Request-URI Too Large", "URI Too Long")}


def passes(expect):
    return expect.get("reason", "").startswith("ok")


def lines(answer):
    """The header lines of the answer that are the library's, in its order."""
    names = {name.lower() for name in LINES}
    return [f"{name}: {value}" for name, value in answer.headers if name.lower() in names]


def joined(wanted):
    """nginx has one line for all challenges (RFC 9110 section 11.6.1)."""
    if wanted is None:
        return None
    name = "WWW-Authenticate: "
    challenges = [line[len(name):] for line in wanted if line.startswith(name)]
    first = [name + ", ".join(challenges)] if challenges else []
    return first + [line for line in wanted if not line.startswith(name)]


def public(answer):
    """What the caller sees, without the time."""
    return re.sub(rb"\r\nDate: [^\r]*", b"", answer.octets)


def differences(step, got):
    """In what an answer differs from what the table says; nothing if it does not."""
    if got.answer is None:
        return ["there is no answer"]
    wanted, found = step.expect, []
    for what, want, have in points(step, wanted, got):
        if want is not None and want != have:
            found.append(f"{what} is {have!r}, not {want!r}")
    return found + broken_promises(step, got)


def points(step, wanted, got):
    answer, line = got.answer, got.line
    good, reason = passes(wanted), line.get("reason")
    if step.is_token:
        wanted = as_token_answer(wanted)
    elif step.then == "release":
        wanted = { **wanted, "status": 500 }
    have = lines(answer)
    reasons = wanted.get("one_of") or [wanted["reason"]]
    asked = re.findall(r"(?:^|, )([A-Za-z]+) (?=realm=)", answer.get("WWW-Authenticate") or "")
    waits = answer.get("Retry-After")
    return [
        ("the outcome", "PASSED" if good else "REJECTED", line.get("outcome")),
        ("the reason", reason if reason in reasons else " or ".join(reasons), reason),
        ("the status", wanted.get("status"), answer.status),
        ("the credential", wanted.get("credential", "") if good else "", line.get("credential")),
        ("the generation", str(wanted["generation"] or "") if good else "", line.get("generation")),
        ("the list of header lines", joined(wanted.get("lines")), have),
        ("the list of challenges", wanted.get("challenges"), asked),
        ("Retry-After", str(wanted["retry_after"]) if "retry_after" in wanted else None, waits),
    ]


def broken_promises(step, got):
    answer = got.answer
    checks = [
        ("401 carries a challenge", answer.status != 401 or answer.all("WWW-Authenticate")),
        ("429 and 503 say how long to wait", answer.status not in (429, 503) or
         int(answer.get("Retry-After") or 0) >= 1),
        ("405 says what is allowed", answer.status != 405 or answer.get("Allow")),
        ("401 and 429 are not cached", answer.status not in (401, 429) or
         answer.get("Cache-Control") == "no-store"),
        ("no text of the caller is in the answer", PRINTABLE.fullmatch(answer.octets) and
         b"evil" not in answer.octets),
        ("the body is what it should be", body_is_right(step, answer)),
    ]
    return [f"a promise is broken: {promise}" for promise, kept in checks if not kept]


def as_token_answer(wanted):
    """A token endpoint has 400 for what has no status of its own (RFC 6749 section 5.2), and none of
    its answers is cached."""
    wanted = dict(wanted)
    if wanted.get("status") in (403, 415):
        wanted["status"] = 400
    if "lines" in wanted:
        challenges = [line for line in wanted["lines"] if line.startswith("WWW-Authenticate")]
        others = [line for line in wanted["lines"] if line not in (*challenges, NOT_CACHED)]
        wanted["lines"] = challenges + [NOT_CACHED] + others
    return wanted


def body_is_right(step, answer):
    if step.is_head:
        return not answer.body
    if step.is_token:
        return token_body_is_right(answer)
    if passes(step.expect):
        return step.then == "release" or answer.body == b"passed"
    return is_problem(answer)


def is_problem(answer):
    """Whether the body is a problem (RFC 9457) that says what the status line says."""
    if answer.get("Content-Type") != "application/problem+json":
        return False
    document = parsed(answer)
    titles = PHRASES.get(answer.status) or (HTTPStatus(answer.status).phrase, )
    return (list(document) == ["status", "title", "reason"] and document["status"] == answer.status and
            document["title"] in titles and re.fullmatch("[a-z0-9_]+", document["reason"]))


def parsed(answer):
    """The members of a JSON object; none if it is none."""
    try:
        document = json.loads(answer.body)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def token_body_is_right(answer):
    """The answer of a token endpoint (RFC 6749 sections 5.1 and 5.2)."""
    if answer.get("Content-Type") != "application/json" or answer.get("Cache-Control") != "no-store":
        return False
    document = parsed(answer)
    if answer.status == 200:
        return document.get("token_type") == "Bearer" and document["access_token"].count(".") == 2
    return answer.status >= 500 or document.get("error") in TOKEN_ERRORS
