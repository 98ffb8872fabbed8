#!/usr/bin/env python3
"""Makes the requests in the folders beside it: SYSTEM/NN-name.http, octet for octet as on the wire,
SYSTEM/NN-name.answer, the whole answer of a token endpoint, and SYSTEM/expected.txt, which says
what each of them gets.

    make.py           writes them
    make.py --check   fails if the files are not what would be written

Nothing of Tollgate is used: Python's hmac signs, OpenSSL the rows that say so, and the reasons and
statuses are written down here. The clock of the requests stands still, so they stay valid.
"""

import base64
import hashlib
import hmac
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
NOON = 1769860800  # 2026-01-31T12:00:00Z
DATE = "2026-01-31T12:00:00Z"
COLUMNS = "file policy route peer tls time times reason status streamed credential payment"
JSON = ("Content-Type", "application/json")
AGENT = ("User-Agent", "merchant/1.0")


def octets(text):
    return text if isinstance(text, bytes) else text.encode()


def http(method, target, lines, body=b"", length=None):
    """A request. Content-Length tells the truth unless `length` is given."""
    body = octets(body)
    if body or length is not None:
        lines = [*lines, ("Content-Length", str(len(body) if length is None else length))]
    head = [octets(f"{method} {target} HTTP/1.1")]
    head += [octets(name) + b": " + octets(value) for name, value in lines]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


def basic(user, password, suffix=b""):
    return "Basic " + base64.b64encode(octets(user) + b":" + octets(password) + suffix).decode()


def mac(key, message):
    return hmac.new(octets(key), octets(message), hashlib.sha256).hexdigest()


def openssl_mac(key, message):
    command = ["openssl", "dgst", "-sha256", "-hmac", key, "-r"]
    output = subprocess.run(command, input=octets(message), capture_output=True, check=True)
    return output.stdout.split()[0].decode()


class System:
    """The rows of one system, numbered in their order."""

    def __init__(self, name, policy, peer, route):
        self.name, self.policy, self.peer, self.route = name, policy, peer, route
        self.files, self.lines, self.payments = {}, [], []

    def row(self, name, request, reason, status, credential, says, **other):
        """What a request gets; `credential` is whom it names, `-` if nobody.
        `streamed` is the status where it is another one if the body comes in pieces, `payment` the
        one that the host looks up and passes what it stored of, `answer` what a token endpoint
        answers."""
        file = f"{len(self.lines) + 1:02}-{name}.http"
        self.files[f"{self.name}/{file}"] = request
        if "answer" in other:
            self.files[f"{self.name}/{file[:-5]}.answer"] = octets(other.pop("answer"))
        at = {"policy": self.policy, "route": self.route, "peer": self.peer, "tls": "tls",
              "time": NOON, "times": 1, **other}
        given = ("policy", "route", "peer", "tls", "time", "times")
        fields = [file, *(at[field] for field in given)]
        fields += [reason, status, other.get("streamed", status), credential]
        fields += [other.get("payment", "-")]
        self.lines.append(" ".join(map(str, fields)) + f" # {says}")

    def rendered(self):
        table = "\n".join([f"# {COLUMNS} # what it shows", *self.lines, ""])
        files = {**self.files, f"{self.name}/expected.txt": table.encode()}
        if self.payments:
            head = "# payment credential value seed signature # what it is"
            table = "\n".join([head, *self.payments, ""])
            files[f"{self.name}/payments.txt"] = table.encode()
        return files


def cashouts(name, host, staging_host):
    """OneKeyPayments and Directa24: the same interface under two names."""
    system = System(name, f"{name}-production", "203.0.113.7", "cashout")
    user, passphrase = "production_API_Key", "production_API_Passphrase"
    key = f"production-signature-of-{name}"
    staging_key = f"staging-signature-of-{name}"
    who, deposits = "merchant-1", "merchant-1-deposits"
    body = '{"external_id":"123456789","country":"MX","amount":2000,"beneficiary_name":"José Peña"}'
    proof, host_line = ("Authorization", basic(user, passphrase)), ("Host", host)

    def cashout(*lines, body=body, signature=None, proof=(proof,), host=host_line, method="POST"):
        signed = ("Payload-Signature", signature or mac(key, body))
        lines = lines or (AGENT, JSON, signed)
        return http(method, "/v3/cashout", [host, *proof, *lines], body)

    def login(login, passphrase):
        return body.replace("{", f'{{"login":"{login}","pass":"{passphrase}",', 1)

    def deposit(date=DATE, signed=None, login="deposits_login", text=None, sent=None,
                secret="deposit-signature-of-", method="POST"):
        text = '{"invoice_id":"108","amount":100,"country":"BR","currency":"BRL"}' \
            if text is None else text
        given = "D24 " + mac(secret + name, (signed or date + login) + text)
        media = [JSON] if text else []
        lines = [host_line, *media, ("X-Date", date), ("X-Login", login), ("Authorization", given)]
        target = "/v3/deposits" + ("/300000025" if method == "GET" else "")
        return http(method, target, lines, sent or text)

    row = system.row
    row("cashout", cashout(signature=openssl_mac(key, body)), "ok", 200, who,
        "Basic and Payload-Signature, signed by OpenSSL")
    inside = login(user, passphrase)
    row("cashout-login", cashout(body=inside, proof=()), "ok", 200, who,
        "login and pass in the body", route="cashout-login")
    row("deposit", deposit(), "ok", 200, deposits, "X-Date, X-Login and body", route="deposit")
    row("plain-http", cashout(), "tls_required", 403, "-", "not over HTTPS", tls="plain")
    row("no-user-agent", cashout(JSON, ("Payload-Signature", mac(key, body))), "missing_header",
        400, "-", "a mandatory header is missing")
    row("text", cashout(AGENT, ("Content-Type", "text/json"), ("Payload-Signature", mac(key, body))),
        "bad_content_type", 415, "-", "text/json is not application/json")
    row("unsigned", cashout(AGENT, JSON), "missing_signature", 401, who, "no Payload-Signature")
    row("changed-body", cashout(body=body.replace("2000", "9000"), signature=mac(key, body)),
        "sig_mismatch", 401, who, "the amount was changed after signing")
    row("upper-case", cashout(signature=mac(key, body).upper()), "sig_encoding", 401, who,
        "the hex digits must be lower case")
    row("two-signatures", cashout(AGENT, JSON, *[("Payload-Signature", mac(key, body))] * 2),
        "dup_header", 400, who, "Payload-Signature twice")
    row("other-address", cashout(), "ip_not_allowed", 403, who, "not on the list of the merchant",
        peer="203.0.113.16", streamed=401)
    wrong = ("Authorization", basic(user, "another"))
    row("wrong-passphrase", cashout(proof=(wrong,)), "bad_secret", 401, who, "a wrong passphrase")
    nobody = ("Authorization", basic("nobody", passphrase))
    row("unknown-key", cashout(proof=(nobody,)), "unknown_key", 401, "-", "nobody has this API key")
    row("wrong-pass", cashout(body=login(user, "another"), proof=()), "bad_secret", 401, who,
        "a wrong pass in the body", route="cashout-login")
    row("no-login", cashout(proof=()), "no_credential", 401, "-", "no login in the body",
        route="cashout-login")
    latin = body.encode("latin-1")
    row("latin-1", cashout(body=latin), "body_not_utf8", 400, who, "signed, but not in UTF-8")
    row("get", cashout(method="GET"), "method_not_allowed", 405, "-", "a cashout is a POST")
    row("stale-deposit", deposit(date="2026-01-31T11:54:59Z"), "stale", 401, deposits,
        "signed 301 seconds ago; five minutes are the choice of Tollgate", route="deposit")
    row("login-first", deposit(signed="deposits_login" + DATE), "sig_mismatch", 401, deposits,
        "login before date, as dLocal signs", route="deposit")
    row("fraction", deposit(date="2026-01-31T12:00:00.000Z"), "bad_timestamp", 401, deposits,
        "a date with a fraction", route="deposit")
    staging = ("Authorization", basic("staging_API_Key", "staging_API_Passphrase"))
    mine = {"proof": (staging,), "signature": mac(staging_key, body)}
    row("staging-key", cashout(**mine), "wrong_environment", 401, "merchant-1-staging",
        "the credential of staging in production")
    there = ("Host", staging_host)
    row("staging", cashout(host=there, **mine), "ok", 200, "merchant-1-staging",
        "the same in staging", policy=f"{name}-staging")
    row("production-key", cashout(host=there), "wrong_environment", 401, who,
        "the credential of production in staging", policy=f"{name}-staging")
    row("wrong-host", cashout(host=there), "wrong_host", 421, "-", "meant for staging")
    either(system, cashout, login)
    deposits_read(system, deposit, host_line)
    deposit_notifications(system, deposit)
    cashout_notifications(system, host_line, key)
    return system


def either(system, cashout, login):
    """Credentials in the header, in the body, or in both, as the documentation has it."""
    who, user, passphrase = "merchant-1", "production_API_Key", "production_API_Passphrase"
    inside = login(user, passphrase)

    def row(*arguments):
        system.row(*arguments, route="cashout-either")

    row("in-both", cashout(body=inside), "ok", 200, who, "the same in Basic and in the body")
    row("in-header", cashout(), "ok", 200, who, "in Basic alone")
    row("in-body", cashout(body=inside, proof=()), "ok", 200, who, "in the body alone")
    row("other-pass", cashout(body=login(user, "another")), "ambiguous_credentials", 400, "-",
        "another pass in the body than in Basic")
    row("other-login", cashout(body=login("staging_API_Key", passphrase)), "ambiguous_credentials",
        400, "-", "another login in the body than in Basic")
    row("in-neither", cashout(proof=()), "no_credential", 401, "-", "in neither")


def deposits_read(system, deposit, host):
    """Status of a deposit: a read-only key as a Bearer token, or signed."""
    login, reader = "merchant-1-deposits", "merchant-1-read-only"
    key = "deposits_read_only_API_Key"

    def get(*lines, target="/v3/deposits/300000025"):
        return http("GET", target, [host, *lines])

    def bearer(token):
        return get(("Authorization", "Bearer " + token))

    def row(*arguments, route="deposit-status"):
        system.row(*arguments, route=route)

    row("status", bearer(key), "ok", 200, reader, "the read-only key as a Bearer token")
    row("status-unknown", bearer(key[:-1] + "x"), "unknown_key", 401, "-", "one letter is wrong")
    row("status-none", get(), "no_credential", 401, "-", "no Authorization")
    row("status-login", bearer("deposits_login"), "unknown_key", 401, "-",
        "a login is no secret, so it proves nothing by itself")
    row("status-basic", get(("Authorization", basic(key, ""))), "unknown_scheme", 401, "-",
        "the key as the user of Basic")
    row("status-query", get(target="/v3/deposits/300000025?access_token=" + key),
        "ambiguous_credentials", 400, "-", "a key in the URL, which is logged")
    row("status-staging-key", bearer("staging_" + key), "wrong_environment", 401,
        "merchant-1-staging-read-only", "the read-only key of staging in production")
    signed = {"text": "", "method": "GET"}
    row("status-signed", deposit(**signed), "ok", 200, login, "date and login, nothing behind them",
        route="deposit-status-signed")
    row("status-signed-read-only", deposit(login=key, **signed), "ok", 200, reader,
        "the read-only key as X-Login", route="deposit-status-signed")
    row("read-only-deposit", deposit(login=key), "insufficient_scope", 403, reader,
        "a deposit with the read-only key", route="deposit")
    staging = deposit(login="staging_deposits_login", secret="staging-deposits-of-")
    row("staging-deposit", staging, "wrong_environment", 401, "merchant-1-staging-deposits",
        "a deposit with the login of staging in production", route="deposit")


def deposit_notifications(system, deposit):
    """To the merchant, signed with the same secret and in the same way as his deposits."""
    who, text = "merchant-1-deposits", '{"deposit_id":300000025,"status":"COMPLETED"}'

    def row(*arguments):
        system.row(*arguments, route="deposit-notification")

    row("notification", deposit(text=text), "ok", 200, who, "a deposit was paid")
    row("notification-changed", deposit(text=text.replace("COMPLETED", "CANCELLED"), sent=text),
        "sig_mismatch", 401, who, "it says another status than was signed")
    row("notification-stale", deposit(text=text, date="2026-01-31T11:54:59Z"), "stale", 401, who,
        "sent again later: five minutes are the choice of Tollgate")
    row("notification-key", deposit(text=text, secret="another-signature-of-"), "sig_mismatch", 401,
        who, "signed by somebody else")


def cashout_notifications(system, host, key):
    """To the merchant, with a control string over the id alone."""
    who, form = "merchant-1", ("Content-Type", "application/x-www-form-urlencoded")

    def notification(fields, media=form):
        return http("POST", "/notifications/cashouts", [host, AGENT, media], fields)

    def control(external_id):
        return mac(key, f"Be4{external_id}Bo7").upper()

    def row(*arguments):
        system.row(*arguments, route="cashout-notification")

    front = "date=2026-01-31+12%3A00%3A00&external_id="
    right = f"{front}123456789&control={control('123456789')}"
    row("control", notification(right), "ok", 200, who, "Be4, external_id and Bo7 in upper-case hex")
    row("control-first", notification(f"control={control('1-a')}&external_id=1%2Da"), "ok", 200, who,
        "in another order, escaped")
    row("control-marks", notification(f"{front}1Bo7&control={control('1Bo7')}"), "ok", 200, who,
        "an id with Bo7 in it: nothing follows that it could be taken for")
    row("control-lower", notification(right.replace(control("123456789"),
        control("123456789").lower())), "sig_encoding", 401, who, "lower-case hex")
    row("control-other-id", notification(right.replace("=123456789&", "=123456780&")),
        "sig_mismatch", 401, who, "the control string of another cashout")
    row("control-twice", notification(f"{right}&control={control('1')}"), "malformed_signature",
        401, who, "two control strings")
    row("control-two-ids", notification(f"{right}&external_id=1"), "signed_part_missing", 401, who,
        "two ids: nobody could tell which one was signed")
    row("control-no-id", notification(right.replace("external_id", "external")),
        "signed_part_missing", 401, who, "no id")
    row("control-none", notification(front + "123456789"), "missing_signature", 401, who,
        "no control string")
    row("control-cut", notification(right.replace("%3A00&", "%3&")), "malformed_body", 400, who,
        "an escape was cut off")
    json = f'{{"external_id":"123456789","control":"{control("123456789")}"}}'
    row("control-json", notification(json, JSON), "bad_content_type", 415, "-",
        "JSON in place of a form")
    row("control-json-as-form", notification(json), "missing_signature", 401, who,
        "JSON that says it is a form")


def ixopay():
    system = System("ixopay", "ixopay", "12.12.12.12", "provisioning")
    good, who = basic("anyApiUser", "myPassword"), "provisioning-key"

    def get(*proofs):
        lines = [("Host", "gateway.example.com"), *(("Authorization", proof) for proof in proofs)]
        return http("GET", "/api/v3/tenants", lines)

    row = system.row
    row("first-address", get(good), "ok", 200, who, "12.12.12.12 of the list")
    row("second-address", get(good), "ok", 200, who, "41.41.41.41", peer="41.41.41.41")
    row("last-of-network", get(good), "ok", 200, who, "the last of 10.0.0.0/28", peer="10.0.0.15")
    row("mapped", get(good), "ok", 200, who, "the same as an IPv6 socket sees it",
        peer="::ffff:10.0.0.15")
    row("lower-case-scheme", get("b" + good[1:]), "ok", 200, who, "the scheme has no case")
    row("after-network", get(good), "ip_not_allowed", 403, who, "one after 10.0.0.0/28",
        peer="10.0.0.16")
    row("documented-example", get("Basic YW55QXBpVXNlcjpteVBhc3N3b3JkCg=="), "control_char", 401,
        "-", "the example of the documentation: echo put a line feed behind the password")
    row("wrong-password", get(basic("anyApiUser", "mypassword")), "bad_secret", 401, who,
        "passwords have case")
    row("wrong-both", get(basic("anyApiUser", "guess")), "bad_secret", 401, who,
        "from another address: the list cannot be probed", peer="192.0.2.1")
    row("unknown-user", get(basic("anyapiuser", "myPassword")), "unknown_key", 401, "-",
        "users have case")
    row("other-service", get(basic("transactionUser", "ofTransactions")), "insufficient_scope",
        403, "connector", "the key is not for the Provisioning API")
    lines = [("Host", "gateway.example.com"), JSON,
             ("Authorization", basic("transactionUser", "ofTransactions"))]
    row("its-service", http("POST", "/api/v3/transaction/key/debit", lines, '{"amount":"9.99"}'),
        "ok", 200, "connector", "the same key where it belongs", route="transaction")
    row("no-colon", get("Basic " + base64.b64encode(b"anyApiUser").decode()), "malformed_basic",
        401, "-", "no colon")
    row("not-base64", get("Basic anyApiUser:myPassword"), "bad_base64", 401, "-",
        "not encoded")
    row("none", get(), "no_credential", 401, "-", "no Authorization")
    row("twice", get(good, good), "dup_header", 400, "-", "Authorization twice")
    row("bearer", get("Bearer abc"), "unknown_scheme", 401, "-", "the route takes Basic only")
    row("plain-http", get(good), "tls_required", 403, "-", "not over HTTPS", tls="plain")
    transactions(system)
    callbacks(system)
    xml_transactions(system)
    return system


MAIL_DATE = "Sat, 31 Jan 2026 12:00:00 GMT"
UTC_DATE = "Sat, 31 Jan 2026 12:00:00 UTC"
IXOPAY_JSON = "application/json; charset=utf-8"


def ixopay_signature(*lines):
    text = "\n".join(lines).encode()
    return base64.b64encode(hmac.new(b"my-shared-secret", text, hashlib.sha512).digest()).decode()


def ixopay_message(method="POST", target="/api/v3/transaction/my-api-key/debit",
                   body='{"merchantTransactionId":"t-1","amount":"9.99","currency":"EUR"}',
                   date=MAIL_DATE, dates=("Date",), media=IXOPAY_JSON, body_hash=hashlib.sha512,
                   signed=None, signature=None, proof=(), sent=None):
    """A request, callback or response; `signed` replaces some of the lines that are signed."""
    lines = {"method": method, "hash": body_hash(body.encode()).hexdigest(), "media": media,
             "date": date, "target": target, **(signed or {})}
    signature = ixopay_signature(*lines.values()) if signature is None else signature
    headers = [("Host", "gateway.example.com"), *proof, ("Content-Type", media)]
    headers += [(name, date) for name in dates]
    headers += [("X-Signature", signature)] if signature else []
    return http(method, target, headers, sent or body)


def transactions(system):
    who, proof = "connector", ("Authorization", basic("transactionUser", "ofTransactions"))

    def debit(**other):
        return ixopay_message(**{"proof": (proof,), **other})

    def row(*arguments, **other):
        system.row(*arguments, **{"route": "transaction-signed", **other})

    row("debit", debit(), "ok", 200, who, "method, hash of the body, media type, date, target")
    row("debit-php", debit(date=UTC_DATE, dates=("Date", "X-Date")), "ok", 200, who,
        "as the PHP SDK sends it: the time in two headers, UTC")
    row("debit-java", debit(date="Sun, 1 Feb 2026 12:00:00 GMT"), "ok", 200, who,
        "as Java writes dates: a day of one digit", time=NOON + 86400)
    row("debit-x-date", debit(dates=("X-Date",)), "ok", 200, who, "the time in X-Date alone")
    row("status", debit(method="GET", target="/api/v3/status/my-api-key/getByUuid/1?a=1", body=""),
        "ok", 200, who, "no body, and a query")
    row("debit-md5", debit(body_hash=hashlib.md5), "ok", 200, who,
        "MD5 of the body, where the route says so", route="transaction-md5")
    row("debit-md5-refused", debit(body_hash=hashlib.md5), "sig_mismatch", 401, who,
        "MD5 where it does not")
    row("debit-dates-differ", debit(date=MAIL_DATE, proof=(proof, ("X-Date", UTC_DATE))),
        "bad_timestamp", 401, who, "two times: nobody could tell which one was signed")
    row("debit-undated", debit(dates=()), "bad_timestamp", 401, who, "no time")
    row("debit-iso-date", debit(date=DATE), "bad_timestamp", 401, who, "a date of another form")
    row("debit-stale", debit(date="Sat, 31 Jan 2026 11:54:59 GMT"), "stale", 401, who,
        "signed 301 seconds ago; five minutes are the choice of Tollgate")
    row("debit-future", debit(date="Sat, 31 Jan 2026 12:05:01 GMT"), "future", 401, who,
        "signed 301 seconds ahead")
    row("debit-changed", debit(sent='{"merchantTransactionId":"t-1","amount":"99.9"}'),
        "sig_mismatch", 401, who, "the amount was changed after signing")
    row("debit-as-payout", debit(signed={"target": "/api/v3/transaction/my-api-key/payout"}),
        "sig_mismatch", 401, who, "signed for another path")
    row("debit-no-query", debit(target="/debit?a=1", signed={"target": "/debit"}), "sig_mismatch",
        401, who, "the query was not signed")
    row("debit-no-charset", debit(signed={"media": "application/json"}), "sig_mismatch", 401, who,
        "another media type was signed")
    row("debit-lower-method", debit(signed={"method": "post"}), "sig_mismatch", 401, who,
        "the method was signed in lower case")
    row("debit-hex", debit(signature="ab" * 64), "sig_encoding", 401, who, "hex in place of base64")
    row("debit-unsigned", debit(signature=""), "missing_signature", 401, who, "no X-Signature")
    wrong = ("Authorization", basic("transactionUser", "another"))
    row("debit-wrong-password", debit(proof=(wrong,)), "bad_secret", 401, who,
        "signed, but with a wrong password")
    row("debit-address", debit(), "ip_not_allowed", 403, who, "from another address",
        peer="192.0.2.1", streamed=401)


def callbacks(system):
    """From IXOPAY to the merchant."""
    who, target = "connector", "/callback?order=7"
    body = '{"result":"OK","uuid":"1","merchantTransactionId":"t-1"}'

    def callback(**other):
        return ixopay_message(**{"target": target, "body": body, **other})

    def row(*arguments, route="callback"):
        system.row(*arguments, route=route)

    row("callback", callback(), "ok", 200, who, "path and query of the URL that was asked for")
    row("callback-other-order", callback(target="/callback?order=8", signed={"target": target}),
        "sig_mismatch", 401, who, "sent on to another order")
    row("callback-changed", callback(sent=body.replace("OK", "ERROR")), "sig_mismatch", 401, who,
        "another result than was signed")
    row("callback-stale", callback(date="Sat, 31 Jan 2026 11:54:59 GMT"), "stale", 401, who,
        "sent again later")
    row("callback-unsigned", callback(signature=""), "missing_signature", 401, who, "not signed")
    asked = {"target": "/api/v3/transaction/my-api-key/debit"}
    row("response", callback(**asked), "ok", 200, who,
        "headers and body of a response, with method and target of the request", route="response")
    row("response-to-another", callback(target="/api/v3/transaction/my-api-key/payout",
        signed=asked), "sig_mismatch", 401, who, "the response to another request", route="response")


def xml_transactions(system):
    """The XML interface: six lines, and the key of the connector before the signature."""
    who, body, media = "connector", "<transaction/>", "text/xml; charset=utf-8"

    def transaction(service="Gateway", key="my-api-key", body_hash=hashlib.md5, blank=("",),
                    media=media, between=":"):
        digest = body_hash(body.encode()).hexdigest()
        signature = ixopay_signature("POST", digest, media, UTC_DATE, *blank, "/transaction")
        given = f"{service} {key}{between}{signature}"
        lines = [("Host", "gateway.example.com"), ("Content-Type", media), ("Date", UTC_DATE),
                 ("X-Date", UTC_DATE), ("Authorization", given), ("X-Authorization", given)]
        return http("POST", "/transaction", lines, body)

    def row(*arguments, route="transaction-xml"):
        system.row(*arguments, route=route)

    row("xml", transaction(), "ok", 200, who, "as the PHP SDK sends it")
    row("xml-ixopay", transaction("IxoPay"), "ok", 200, who, "the other name of the service")
    row("xml-callback", transaction(body_hash=hashlib.sha512), "ok", 200, who,
        "to the merchant, with the new hash", route="callback-xml")
    row("xml-callback-md5", transaction(), "sig_mismatch", 401, who,
        "the old hash where the route does not take it", route="callback-xml")
    row("xml-five-lines", transaction(blank=()), "sig_mismatch", 401, who, "without the empty line")
    row("xml-unknown-key", transaction(key="your-api-key"), "unknown_key", 401, "-",
        "nobody has this key")
    row("xml-lower-case", transaction("gateway"), "no_supported_signature", 401, "-",
        "the name of the service has case")
    row("xml-no-key", transaction(key=""), "malformed_signature", 401, "-", "no key")
    row("xml-no-colon", transaction(between=" "), "malformed_signature", 401, "-", "no colon")
    row("xml-as-json", transaction(media="application/json"), "bad_content_type", 415, "-",
        "JSON where XML is due")


def flexiown():
    system = System("flexiown", "flexiown", "198.51.100.7", "payments")
    key, who = "your_api_key_here", "shop-1"

    def create(*keys, length=None, media="application/json"):
        lines = [("Host", "payments.example.com"), ("Content-Type", media), *keys]
        return http("POST", "/payments", lines, '{"order_id":"1001","amount":"199.00"}', length)

    row = system.row
    row("api-key", create(("api-key", key)), "ok", 200, who, "the documented header")
    row("upper-case-name", create(("API-KEY", key)), "ok", 200, who, "field names have no case")
    row("x-api-key", create(("X-API-Key", key)), "ok", 200, who, "from Flexiown to the shop",
        route="shop")
    row("last-of-minute", create(("api-key", key)), "ok", 200, who, "the 60th within a minute",
        times=60)
    row("too-many", create(("api-key", key)), "rate_limited", 429, who, "the 61st within a minute",
        times=61)
    row("unknown-key", create(("api-key", "your_api_key_hers")), "unknown_key", 401, "-",
        "one letter is wrong")
    row("upper-case-key", create(("api-key", key.upper())), "unknown_key", 401, "-", "keys have case")
    row("none", create(), "no_credential", 401, "-", "no API key")
    row("other-direction", create(("X-API-Key", key)), "no_credential", 401, "-",
        "the header of the other direction")
    row("underscore", create(("api_key", key)), "no_credential", 401, "-", "api_key is not api-key")
    row("twice", create(("api-key", key), ("api-key", key)), "dup_header", 400, "-", "the key twice")
    row("revoked", create(("api-key", "a_leaked_api_key_1")), "revoked", 401, "shop-2",
        "the key was revoked after a leak")
    row("plain-http", create(("api-key", key)), "tls_required", 403, "-", "not over HTTPS",
        tls="plain")
    row("control", create(("api-key", key + "\0")), "bad_header_octet", 400, "-", "NUL in the key")
    row("cut-off", create(("api-key", key), length=99), "length_mismatch", 400, who,
        "the body is shorter than announced")
    row("form", create(("api-key", key), media="application/x-www-form-urlencoded"),
        "bad_content_type", 415, "-", "a form where JSON is due")
    trusted(system, key, who)
    return system


class Payment:
    """What makes the trust signature of a payment, as Flexiown's plugin has it: the value and the
    seed are text, and the value comes first."""

    def __init__(self, order, items):
        lines = json.dumps(items, separators=(",", ":"), ensure_ascii=False)
        self.order, self.value = order, hashlib.md5(order.encode()).hexdigest()
        self.seed = base64.b64encode(octets(lines + "".join(item[0] for item in items))).decode()
        self.signature = hashlib.sha256(octets(self.value + self.seed)).hexdigest()

    def stored(self, name, says, signature=None, credential="shop-1"):
        """A line of payments.txt."""
        fields = [name, credential, self.value, self.seed, signature or self.signature]
        return " ".join(fields) + f" # {says}"

    def members(self, **more):
        return {"order_id": self.order, "trust_value": self.value, "trust_seed": self.seed, **more}


def trusted(system, key, who):
    """Flexiown's trust signature: of which payment a message speaks, and not who speaks."""
    first = Payment("1001", [["SKU-1", 1, "199.00"]])
    other = Payment("1002", [["SKU-2", 1, "199.00"]])
    swapped = hashlib.sha256(octets(first.seed + first.value)).hexdigest()
    keyed = mac("a-trust-secret-of-shop-1", first.value + first.seed)
    system.payments = [
        first.stored("1001", "as the plugin makes it"),
        other.stored("1002", "another payment of the same shop"),
        first.stored("swapped", "signed with the seed before the value", swapped),
        first.stored("keyed", "signed with a key", keyed),
    ]

    def post(path, member, *keys):
        text = member if isinstance(member, str) else json.dumps(member, separators=(",", ":"))
        return http("POST", path, [("Host", "payments.example.com"), JSON, *keys], text)

    def status(member=None, api_key=key):
        keys = [("api-key", api_key)] if api_key else []
        return post("/payments/1001/status", member or first.members(status="paid"), *keys)

    def back(query, *keys):
        lines = [("Host", "shop.example.com"), *keys]
        return http("GET", f"/return?status=approved&{query}", lines)

    def row(name, request, reason, status, credential, says, route="status", payment="1001",
            **other):
        system.row(name, request, reason, status, credential, says, route=route, payment=payment,
                   **other)

    row("create", post("/payments", first.members(amount="199.00"), ("api-key", key)), "ok", 200,
        who, "a payment is created; its trust signature is made and stored", "payments",
        "-")
    row("status", status(), "ok", 200, who, "value and seed are those of the stored signature")
    row("second", status(other.members(status="paid")), "ok", 200, who,
        "another payment has another signature", payment="1002")
    row("notification", post("/notify", first.members(status="paid"), ("X-API-Key", key)), "ok",
        200, who, "from Flexiown to the shop", "notification")
    row("another-payment", status(other.members(status="paid")), "trust_mismatch", 403, who,
        "value and seed of another payment")
    row("another-seed", status(first.members(trust_seed=other.seed)), "trust_mismatch", 403, who,
        "the seed of another payment")
    row("seed-first", status(), "trust_mismatch", 403, who, "signed with the seed first",
        payment="swapped")
    row("exchanged", status(first.members(trust_value=first.seed, trust_seed=first.value)),
        "signed_part_missing", 401, who, "value and seed exchanged: the value has a fixed form")
    row("moved", status(first.members(trust_value=first.value + first.seed[0],
                                      trust_seed=first.seed[1:])),
        "signed_part_missing", 401, who, "a character moved from the seed to the value")
    row("upper-case-value", status(first.members(trust_value=first.value.upper())),
        "signed_part_missing", 401, who, "the value in upper case")
    row("no-seed", status({"order_id": "1001", "trust_value": first.value}), "signed_part_missing",
        401, who, "no seed")
    twice = json.dumps(first.members())[:-1] + f', "trust_seed": "{other.seed}"}}'
    row("two-seeds", status(twice), "signed_part_missing", 401, who, "two seeds")
    row("nested", status({"payment": first.members()}), "signed_part_missing", 401, who,
        "value and seed inside of another member")
    row("not-stored", status(), "missing_signature", 401, who, "nothing is stored of the payment",
        payment="-")
    row("trust-alone", status(api_key=None), "no_credential", 401, "-",
        "the right value and seed, and no API key")
    row("wrong-key", status(api_key="your_api_key_hers"), "unknown_key", 401, "-",
        "the right value and seed, and a wrong API key")
    row("another-shop", status(api_key="api_key_of_shop_3"), "trust_mismatch", 403, "shop-3",
        "the payment of another shop")
    row("status-too-many", status(), "rate_limited", 429, who, "the 61st within a minute", times=61)
    shop = ("X-API-Key", key)
    signature = f"trust_signature={first.signature}"
    row("return", back(f"{signature}&order_id=1001", shop), "ok", 200, who,
        "the browser comes back; the web server of the shop adds the key", "return")
    row("return-another", back(f"trust_signature={other.signature}&order_id=1001", shop),
        "trust_mismatch", 403, who, "with the signature of another payment", "return")
    row("return-upper-case", back(f"trust_signature={first.signature.upper()}&order_id=1001", shop),
        "sig_encoding", 401, who, "the hex digits must be lower case", "return")
    row("return-two", back(f"{signature}&{signature}&order_id=1001", shop), "malformed_signature",
        401, who, "two signatures", "return")
    row("return-none", back("order_id=1001", shop), "missing_signature", 401, who, "no signature",
        "return")
    row("return-alone", back(f"{signature}&order_id=1001"), "no_credential", 401, "-",
        "the right signature and nothing else: anybody can make it", "return")
    row("return-keyed", back(f"trust_signature={keyed}&order_id=1001"), "ok", 200, who,
        "signed with a key, the signature is proof enough", "return-keyed", "keyed")
    row("return-not-keyed", back(f"{signature}&order_id=1001"), "sig_mismatch", 401, who,
        "signed without one", "return-keyed", "keyed")


def pledg():
    system = System("pledg", "pledg", "198.51.100.7", "dashboard")
    good, who = "Basic cmFuZG9tQGRvbWFpbi5jb206am9objEyMw==", "random"

    def get(*proofs):
        lines = [("Host", "api.example.com"), *(("Authorization", proof) for proof in proofs)]
        return http("GET", "/api/purchases", lines)

    row = system.row
    row("documented-example", get(good), "ok", 200, who, "random@domain.com, john123")
    row("colons", get(basic("colons@domain.com", "john:123")), "ok", 200, "colons",
        "the first colon ends the user")
    row("wrong-password", get(basic("random@domain.com", "john124")), "bad_secret", 401, who,
        "a wrong password")
    row("no-password", get(basic("random@domain.com", "")), "bad_secret", 401, who, "none at all")
    row("unknown-user", get(basic("nobody@domain.com", "john123")), "unknown_key", 401, "-",
        "nobody has this address")
    row("escaped", get(basic("random%40domain.com", "john123")), "unknown_key", 401, "-",
        "Basic is not percent-decoded")
    row("none", get(), "no_credential", 401, "-", "no Authorization")
    row("wrapped", get(good[:30] + " " + good[30:]), "bad_base64", 401, "-",
        "base64 wrapped the line, and a proxy unfolded it")
    row("unpadded", get(good.rstrip("=")), "bad_base64", 401, "-", "no padding")
    row("unused-bits", get(good.replace("Mw==", "Mx==")), "bad_base64", 401, "-",
        "bits that encode nothing are set")
    row("nul", get(basic("random@domain.com", "john123", b"\0")), "control_char", 401, "-",
        "NUL behind the password")
    row("list", get(good + ", Bearer abc"), "malformed_auth", 400, "-", "two schemes in one line")
    row("tab", get(good.replace(" ", "\t")), "malformed_auth", 400, "-", "a tab after the scheme")
    row("twice", get(good, good), "dup_header", 400, "-", "Authorization twice")
    row("bearer", get("Bearer " + good[6:]), "unknown_scheme", 401, "-", "the wrong scheme")
    row("plain-http", get(good), "tls_required", 403, "-", "not over HTTPS", tls="plain")
    pledg_messages(row)
    pledg_tokens(row)
    pledg_bearer(row)
    return system


def jwt(claims, secret, header='{"alg":"HS256","typ":"JWT"}'):
    def segment(data):
        return base64.urlsafe_b64encode(octets(data)).rstrip(b"=").decode()

    signed = f"{segment(header)}.{segment(claims)}"
    tag = hmac.new(octets(secret), octets(signed), hashlib.sha256).digest()
    return f"{signed}.{segment(tag)}"


def pledg_messages(row):
    """Whole messages as JSON Web Tokens: notifications to the merchant, and purchases by URL."""
    secret, who = "secret-key-of-the-merchant", "merchant"
    paid = '{"reference":"order_1001","status":"completed","amount_cents":19900}'

    def notify(body, media="application/json"):
        lines = [("Host", "merchant.example.com"), ("Content-Type", media)]
        return http("POST", "/pledg/notification", lines, body)

    def wrapped(message):
        return notify(f'{{"signature":"{message}"}}')

    def purchase(query):
        return http("GET", f"/purchase?{query}", [("Host", "front.example.com")])

    good = jwt(paid, secret)
    hooked, bought = {"route": "notification"}, {"route": "purchase"}
    row("notification", wrapped(good), "ok", 200, who, "a notification, signed as a whole", **hooked)
    row("notification-changed", wrapped(jwt(paid.replace("19900", "1"), "another-secret-of-a-merchant")),
        "sig_mismatch", 401, who, "another amount, signed with another secret", **hooked)
    head, payload, tag = good.split(".")
    cheap = base64.urlsafe_b64encode(octets(paid.replace("19900", "1"))).rstrip(b"=").decode()
    row("notification-spliced", wrapped(f"{head}.{cheap}.{tag}"), "sig_mismatch", 401, who,
        "another amount under the old signature", **hooked)
    row("notification-none", wrapped(jwt(paid, secret, '{"alg":"none"}')), "no_supported_signature",
        401, who, "alg none", **hooked)
    row("notification-unsigned", wrapped(f"{head}.{payload}."), "sig_encoding", 401, who,
        "the signature left out", **hooked)
    row("notification-beside", notify(f'{{"signature":"{good}","amount_cents":1}}'),
        "malformed_body", 400, who, "a member beside the signed ones", **hooked)
    row("notification-twice", notify(f'{{"signature":"{good}","signature":"{good}"}}'),
        "malformed_signature", 401, who, "the member twice", **hooked)
    row("notification-plain", notify(paid), "malformed_body", 400, who, "not signed at all", **hooked)
    row("purchase", purchase(f"signature={good}"), "ok", 200, who,
        "the parameters of a purchase in the URL", **bought)
    row("purchase-other-key", purchase("signature=" + jwt(paid, "another-secret-of-a-merchant")),
        "sig_mismatch", 401, who, "signed with another secret", **bought)
    row("purchase-twice", purchase(f"signature={good}&signature={good}"), "malformed_signature", 401,
        who, "the parameter twice", **bought)
    row("purchase-unsigned", purchase("amount_cents=19900"), "missing_signature", 401, who,
        "parameters of old, unsigned", **bought)


PLEDG_KEYS = {
    "2025-12": "the token key of december, 32 bytes at least",
    "2026-01": "the token key of january, 32 bytes at least",
}
GRANT = "grant_type=client_credentials"


def pledg_token(kid="2026-01", key=None, alg="HS256", **changes):
    """A token as it is issued at noon, or with something else in it."""
    claims = {"iss": "https://api.example.com", "sub": "merchant", "aud": "production", "iat": NOON,
              "exp": NOON + 600, "gen": 2, **changes}
    header = f'{{"typ":"JWT","alg":"{alg}","kid":"{kid}"}}'
    return jwt(json.dumps(claims, separators=(",", ":")), key or PLEDG_KEYS[kid], header)


def pledg_tokens(row):
    """The token endpoint."""
    who, proof = "merchant", basic("your_key", "your_secret")
    lines = "Content-Type: application/json\r\nPragma: no-cache\r\n"
    no_store = "Cache-Control: no-store\r\n"
    challenge = 'WWW-Authenticate: Basic realm="pledg", charset="UTF-8"\r\n'

    def ask(body=GRANT, proof=proof, media="application/x-www-form-urlencoded"):
        lines = [("Host", "api.example.com"), ("Content-Type", media)]
        lines += [("Authorization", proof)] if proof else []
        return http("POST", "/api/token", lines, body)

    def granted(**members):
        scope = {"scope": members["scope"]} if members else {}
        body = {"access_token": pledg_token(**members), "token_type": "Bearer", "expires_in": 600}
        text = json.dumps({**body, **scope}, separators=(",", ":"))
        return f"HTTP/1.1 200\r\n{lines}{no_store}\r\n{text}"

    def refused(status, error):
        more = challenge + no_store if status == 401 else no_store
        return f'HTTP/1.1 {status}\r\n{lines}{more}\r\n{{"error":"{error}"}}'

    def asked(name, request, reason, status, who, says, answer):
        row(name, request, reason, status, who, says, answer=answer, route="token")

    asked("token", ask(proof="Basic eW91cl9rZXk6eW91cl9zZWNyZXQ="), "ok", 200, who,
          "the documented request for a token", granted())
    in_form = f"{GRANT}&client_id=your_key&client_secret=your%5Fsecret"
    asked("token-form", ask(in_form, None), "ok", 200, who, "key and secret in the form", granted())
    asked("token-scope", ask(GRANT + "&scope=purchases:read"), "ok", 200, who,
          "a token for one scope", granted(scope="purchases:read"))
    asked("token-wrong-secret", ask(proof=basic("your_key", "your_sekret")), "bad_secret", 401, who,
          "a wrong secret", refused(401, "invalid_client"))
    asked("token-no-client", ask(proof=None), "no_credential", 401, "-", "no client",
          refused(401, "invalid_client"))
    asked("token-both", ask(in_form), "ambiguous_credentials", 400, "-",
          "key and secret in the header and in the form", refused(400, "invalid_request"))
    asked("token-password", ask("grant_type=password&username=a&password=b"),
          "unsupported_grant_type", 400, "-", "another grant", refused(400, "unsupported_grant_type"))
    asked("token-no-grant", ask("scope=purchases:read"), "bad_grant_request", 400, "-", "no grant",
          refused(400, "invalid_request"))
    asked("token-two-grants", ask(f"{GRANT}&{GRANT}"), "bad_grant_request", 400, "-",
          "the grant stands twice", refused(400, "invalid_request"))
    asked("token-json", ask('{"grant_type":"client_credentials"}'), "bad_grant_request", 400, "-",
          "JSON where a form is due", refused(400, "invalid_request"))
    asked("token-more-scope", ask(GRANT + "&scope=payouts:write"), "scope_not_granted", 400, who,
          "a scope that the client has not", refused(400, "invalid_scope"))


def pledg_bearer(row):
    """The tokens, where they are used."""
    who, header, payload = "merchant", *pledg_token().split(".")[:2]

    def get(token, path="/api/purchases"):
        lines = [("Host", "api.example.com"), ("Authorization", f"Bearer {token}")]
        return http("GET", path, lines)

    def used(name, token, reason, status, who, says, **other):
        row(name, get(token), reason, status, who, says, **{"route": "purchases", **other})

    used("bearer", pledg_token(), "ok", 200, who, "the token of the first answer")
    used("bearer-old-key", pledg_token("2025-12"), "ok", 200, who, "a key that another one replaces")
    used("bearer-late", pledg_token(), "ok", 200, who, "in its last second", time=NOON + 599)
    used("bearer-expired", pledg_token(), "token_expired", 401, "-", "after 600 seconds",
         time=NOON + 600)
    used("bearer-forged", pledg_token(key="a guess of the key"), "token_bad_sig", 401, "-",
         "signed with another key")
    used("bearer-no-alg", pledg_token(alg="none"), "alg_not_allowed", 401, "-", "alg none")
    used("bearer-cut", f"{header}.{payload}", "token_malformed", 401, "-", "without a signature")
    used("bearer-unknown-key", pledg_token("2024-01", "any key"), "unknown_kid", 401, "-",
         "no key has the id")
    used("bearer-staging", pledg_token(aud="staging"), "wrong_environment", 401, "-",
         "a token of staging")
    used("bearer-long", pledg_token(exp=NOON + 86400), "lifetime_too_long", 401, "-",
         "valid for a day")
    used("bearer-reset", pledg_token(gen=1), "token_revoked", 401, who,
         "issued before the secret was reset")
    used("bearer-scope", pledg_token(scope="purchases:read"), "insufficient_scope", 403, who,
         "a token for another scope", route="refunds")
    used("bearer-password", "eW91cl9rZXk6eW91cl9zZWNyZXQ=", "token_malformed", 401, "-",
         "key and secret are no token")
    row("bearer-query", http("GET", f"/api/purchases?access_token={pledg_token()}",
                             [("Host", "api.example.com")]),
        "ambiguous_credentials", 400, "-", "a token in the URL", route="purchases")


def main():
    systems = [
        cashouts("directa24", "production.example.com", "api-stg.directa24.com"),
        cashouts("onekeypayments", "production.example.com", "api-stg.onekeypayments.com"),
        ixopay(), flexiown(), pledg(),
    ]
    made = {path: content for system in systems for path, content in system.rendered().items()}
    if sys.argv[1:] == ["--check"]:
        kept = {str(path.relative_to(HERE)): path.read_bytes() for path in HERE.glob("*/*")}
        differing = [path for path in {**made, **kept} if made.get(path) != kept.get(path)]
        if differing:
            sys.exit(f"not what examples/requests/make.py makes: {', '.join(sorted(differing))}")
        return
    for path, content in made.items():
        (HERE / path).parent.mkdir(exist_ok=True)
        (HERE / path).write_bytes(content)


if __name__ == "__main__":
    main()
