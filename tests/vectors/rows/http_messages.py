"""HTTP Message Signatures (RFC 9421) and Content-Digest (RFC 9530)."""

import base64
import hashlib

from .expect import allow, deny
from .hooks import BODY, ENCODING, MALFORMED, MISMATCH, NOW, WEBHOOKS
from .request import NOW_MS, Request
from .sign import b64, mac
from .table import about

COVERED = '("@method" "@authority" "@path" "@query" "content-digest")'
CLIENT = allow("http-client", 1)
UNSUPPORTED = deny("no_supported_signature")
CHANGED = deny("digest_mismatch")


def digest(body=BODY, name="sha-512"):
    return f"{name}=:{b64(hashlib.new(name.replace('-', ''), body).digest())}:"


def signed(host="api.example.com", path="/pay", query="a=1", params=f"{COVERED};created={NOW}",
           digests=None):
    digests = digests or digest()
    base = "\n".join([
        '"@method": POST', f'"@authority": {host}', f'"@path": {path}', f'"@query": ?{query}',
        f'"content-digest": {digests}', f'"@signature-params": {params}'
    ])
    key = base64.b64decode(WEBHOOKS.secret("http-client"))
    request = Request(target=f"{path}?{query}", body=BODY).plus("Content-Digest", digests)
    request = request.plus("Signature-Input", f"sig1={params}")
    return request.plus("Signature", f"sig1=:{b64(mac(key, base))}:")


@about("S7", "webhooks")
def _(row):
    other = BODY.replace(b"2000", b"9000")
    row("the body is the one of its digest", "http", signed(), CLIENT)
    row("by SHA-256", "http", signed(digests=digest(name="sha-256")), CLIENT)
    row("another body", "http", signed().but(body=other), CHANGED)
    row("no body", "http", signed().but(body=b"", length="0"), CHANGED)
    row("another body, another digest", "http",
        signed().but(body=other).having("Content-Digest", digest(other)), MISMATCH)
    row("a digest that nobody knows", "http", signed(digests="md5=:AAAA:"),
        deny("signed_part_missing", header="Content-Digest"))


@about("S21", "webhooks")
def _(row):
    row("the host in upper case, as the client wrote it", "http",
        signed().but(host="API.example.com"), CLIENT)
    row("another path", "http", signed().but(target="/paid?a=1"), MISMATCH)
    row("a query in another order", "http", signed(query="a=1&b=2").but(target="/pay?b=2&a=1"),
        MISMATCH)
    row("less is covered", "http", signed(params=f'("@method");created={NOW}'), UNSUPPORTED)
    row("another algorithm", "http", signed(params=f'{COVERED};created={NOW};alg="ed25519"'),
        UNSUPPORTED)
    row("a parameter twice", "http", signed(params=f"{COVERED};created={NOW};created={NOW}"),
        MALFORMED)
    row("no time", "http", signed(params=COVERED), deny("bad_timestamp"))
    row("301 s later", "http", signed().but(unix_ms=NOW_MS + 301_000), deny("stale"))
    row("it says that it has ended", "http",
        signed(params=f"{COVERED};created={NOW};expires={int(NOW) - 1}"), deny("stale"))
    row("no Signature-Input", "http", signed().minus("Signature-Input"),
        deny("missing_signature", header="Signature-Input"))
    row("no byte sequence", "http", signed().having("Signature", "sig1=AAAA"), ENCODING)
