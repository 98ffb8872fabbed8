#!/usr/bin/env python3
"""Writes schemes.json: requests signed as the vendors' integrators sign them, with Python's hmac.

make_schemes.py          writes the file
make_schemes.py --check  fails if the file is not what would be written

Each vendor is written out by itself and knows nothing of how Tollgate describes a scheme.
"""
import base64
import hashlib
import hmac
import json
import pathlib
import sys
import urllib.parse

NOW = 1_592_742_800  # 2020-06-21T12:33:20Z
SECRET = "a secret of the merchant"
HEX_SECRET = "44782def547aaa06c910c43932b1eb0c71fc68d9d0c057550c48ec2acf6ba056"
BASE64_SECRET = base64.b64encode(bytes(range(32))).decode()
BODY = '{"id":"evt_1","amount":1999,"name":"José","url":"http:\\/\\/a"}'.encode()
VECTORS = []


def digest(key, message, algorithm=hashlib.sha256):
    key = key if isinstance(key, bytes) else key.encode()
    message = message if isinstance(message, bytes) else message.encode()
    return hmac.new(key, message, algorithm)


def b64(mac):
    return base64.b64encode(mac.digest()).decode()


def add(scheme, headers, *, body=BODY, secret=SECRET, target="/hook", now=NOW, by="Python", url=None,
        **stored):
    """The last header carries the signature; without headers, a parameter of the request does, or
    the host stored it. A scheme without a key has no secret."""
    VECTORS.append({
        "scheme": scheme, "secret": secret, "method": "POST", "target": target,
        "headers": headers, "body_hex": body.hex(), "unix_ms": now * 1000, "computed_by": by,
        **stored,
    })
    if url is not None:
        VECTORS[-1]["signed_url"] = url


def over_the_body():
    plain = digest(SECRET, BODY)
    for scheme, header in [
        ("checkout", "Cko-Signature"), ("coinbase-commerce", "X-CC-Webhook-Signature"),
        ("coinify", "X-Coinify-Webhook-Signature"), ("dwolla", "X-Request-Signature-SHA-256"),
        ("gitea", "X-Gitea-Signature"), ("gogs", "X-Gogs-Signature"),
        ("lemon-squeezy", "X-Signature"), ("razorpay-webhook", "X-Razorpay-Signature"),
        ("directa24-cashout", "Payload-Signature"), ("gocardless", "Webhook-Signature"),
        ("sentry", "Sentry-Hook-Signature"),
    ]:
        add(scheme, [[header, plain.hexdigest()]])
    add("btcpay", [["BTCPay-Sig", "sha256=" + plain.hexdigest()]])
    add("github", [["X-Hub-Signature-256", "sha256=" + plain.hexdigest()]])
    add("notion", [["X-Notion-Signature", "sha256=" + plain.hexdigest()]])
    for prefix in ["sha256=", ""]:
        add("mollie", [["X-Mollie-Signature", prefix + plain.hexdigest()]])
    add("flinks", [["X-Webhook-Signature", "sha256=" + plain.hexdigest().upper()]])
    for scheme, header in [
        ("shopify-webhook", "X-Shopify-Hmac-SHA256"), ("woocommerce", "X-WC-Webhook-Signature"),
        ("flutterwave", "flutterwave-signature"),
    ]:
        add(scheme, [[header, b64(plain)]])
    # Xero's key looks like base64 and is used as it stands.
    add("xero", [["x-xero-signature", b64(digest(BASE64_SECRET, BODY))]], secret=BASE64_SECRET)
    adyen = digest(bytes.fromhex(HEX_SECRET), BODY)
    add("adyen-platform", [["HmacSignature", b64(adyen)]], secret=HEX_SECRET)
    long = digest(SECRET, BODY, hashlib.sha512).hexdigest()
    add("cryptoprocessing", [["X-Processing-Signature", long]])
    add("monnify", [["monnify-signature", long]])
    add("paystack", [["x-paystack-signature", long]])


def published():
    """Values that others published."""
    # GitHub's page "Validating webhook deliveries".
    add("github",
        [["X-Hub-Signature-256",
          "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"]],
        secret="It's a Secret to Everybody", body=b"Hello, World!", by="GitHub, its documentation")
    # The Standard Webhooks specification and Svix's documentation of verifying by hand.
    for scheme in ["standard-webhooks", "svix"]:
        name = "webhook" if scheme == "standard-webhooks" else "svix"
        add(scheme,
            [[name + "-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"], [name + "-timestamp", "1614265330"],
             [name + "-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="]],
            secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", body=b'{"test": 2432232314}',
            now=1614265330, by="Svix, its documentation")
    # Slack's page "Verifying requests from Slack".
    add("slack",
        [["X-Slack-Request-Timestamp", "1531420618"],
         ["X-Slack-Signature",
          "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"]],
        secret="8f742231b10e8888abcd99yyyzzz85a5", now=1531420618,
        body=b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
             b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
             b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com"
             b"%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
             b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
        by="Slack, its documentation")


    # The fixture of GoCardless's SDKs.
    add("gocardless",
        [["Webhook-Signature", "2693754819d3e32d7e8fcb13c729631f316c6de8dc1cf634d6527f1c07276e7e"]],
        secret="ED7D658C-D8EB-4941-948B-3973214F2D49", by="GoCardless, its SDKs",
        body=b'{"events":[{"id":"EV00BD05S5VM2T","created_at":"2018-07-05T09:13:51.404Z",'
             b'"resource_type":"subscriptions","action":"created","links":{"subscription":'
             b'"SB0003JJQ2MR06"},"details":{"origin":"api","cause":"subscription_created",'
             b'"description":"Subscription created via the API."},"metadata":{}},{"id":'
             b'"EV00BD05TB8K63","created_at":"2018-07-05T09:13:56.893Z","resource_type":"mandates",'
             b'"action":"created","links":{"mandate":"MD000AMA19XGEC"},"details":{"origin":"api",'
             b'"cause":"mandate_created","description":"Mandate created via the API."},'
             b'"metadata":{}}]}')
    # Binance's page "Request security": in the query, in the body, and with escapes.
    order = ("side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000"
             "&timestamp=1499827319559")
    ascii_order = ("symbol=LTCBTC&" + order + "&signature="
                   "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71")
    escaped_order = ("symbol=%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96&" + order
                     + "&signature="
                     "e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3")
    for query, body in [(ascii_order, ""), ("", ascii_order), (escaped_order, "")]:
        add("binance", [], target="/api/v3/order" + ("?" + query if query else ""),
            secret="NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j",
            body=body.encode(), now=1499827319, by="Binance, its documentation")


def control():
    """The inputs of Directa24's page; the value that it prints does not result from them."""
    secret, cashout = "your_cashout_api_signature", "cashoutID1234"
    mac = digest(secret, "Be4" + cashout + "Bo7").hexdigest().upper()
    body = f"date=2020-06-21+12%3A33%3A20&external_id={cashout}&control={mac}&cashout_id=1"
    add("directa24-control", [], secret=secret, body=body.encode())


def trust():
    """Flexiown's plugin: hash('sha256', trust_value . trust_seed), of an order and its items."""
    order, items = "1001", '[["SKU-1",1,"199.00"]]' + "SKU-1"
    value = hashlib.md5(order.encode()).hexdigest()
    seed = base64.b64encode(items.encode()).decode()
    body = json.dumps({"order_id": order, "trust_value": value, "trust_seed": seed}).encode()
    for suffix, secret, signature in [
        ("", None, hashlib.sha256((value + seed).encode()).hexdigest()),
        ("-keyed", SECRET, digest(SECRET, value + seed).hexdigest()),
    ]:
        add("flexiown-trust" + suffix, [], secret=secret, body=body,
            stored_signature=signature)
        add("flexiown-trust-return" + suffix, [], secret=secret, body=b"",
            target=f"/return?status=approved&trust_signature={signature}&order_id={order}",
            stored_value=value, stored_seed=seed)


def razorpay():
    order, payment, subscription = "order_IEIaMR65", "pay_IH4NVgf4Dreq1l", "sub_ID6MOhgkcoHj9I"
    for scheme, values, names in [
        ("razorpay-checkout", [order, payment], ["order_id", "payment_id"]),
        ("razorpay-subscription", [payment, subscription], ["payment_id", "subscription_id"]),
    ]:
        fields = {"razorpay_" + name: value for name, value in zip(names, values)}
        fields["razorpay_signature"] = digest(SECRET, "|".join(values)).hexdigest()
        add(scheme, [], body=urllib.parse.urlencode(fields).encode())
        add(scheme + "-json", [], body=json.dumps(fields).encode())
    for reference in ["shoe 7/ö", ""]:
        values = ["plink_IH3cNucfVEgV68", reference, "paid", payment]
        query = urllib.parse.urlencode({
            "razorpay_payment_id": payment, "razorpay_payment_link_id": values[0],
            "razorpay_payment_link_reference_id": reference,
            "razorpay_payment_link_status": "paid",
            "razorpay_signature": digest(SECRET, "|".join(values)).hexdigest(),
        })
        add("razorpay-payment-link", [], body=b"", target="/paid?" + query)


def parameters():
    order = f"symbol=LTCBTC&quantity=1&timestamp={NOW}000"
    mac = digest(SECRET, order).hexdigest().upper()
    add("binance", [], target="/api/v3/order?signature=" + mac, body=order.encode())
    add("binance", [], target="/api/v3/order?" + order, body=b"signature=" + mac.encode())
    query = {"timestamp": str(NOW), "shop": "some-shop.myshopify.com", "state": "0.6784241404160823",
             "host": "YWRtaW4uc2hvcGlmeS5jb20", "code": "0907a61c0c8d55e99db179b68161bc00"}
    signed = urllib.parse.urlencode(sorted(query.items()))
    query["hmac"] = digest(SECRET, signed).hexdigest()
    add("shopify-oauth", [], target="/auth?" + urllib.parse.urlencode(query), body=b"")


def square():
    """Signed with the URL that Square has on record, and not the one that arrives."""
    url = "https://shop.example.com/webhooks/square?shop=1"
    mac = digest(SECRET, url.encode() + BODY)
    add("square", [["x-square-hmacsha256-signature", b64(mac)]], target="/square", url=url)


def with_a_time():
    seconds, ms = str(NOW), str(NOW * 1000 + 1)
    mac = digest(SECRET, seconds.encode() + b"." + BODY).hexdigest()
    add("stripe", [["Stripe-Signature", f"t={seconds},v1={mac}"]])
    old = digest("the secret before that", seconds.encode() + b"." + BODY).hexdigest()
    add("stripe", [["Stripe-Signature", f"t={seconds},v1={old},v1={mac},v0={'0' * 64}"]])
    add("tabapay", [["X-HMAC-Signature", f"t={seconds},v1={mac}"]])
    add("tabapay", [["X-HMAC-Signature", f"t={seconds},v1={old},v2={mac}"]])
    mac = digest(base64.b64decode(BASE64_SECRET), seconds.encode() + b"." + BODY).hexdigest()
    add("paysway", [["X-PaySway-Signature", f"t={seconds},v1={mac}"]], secret=BASE64_SECRET)
    mac = digest(SECRET, seconds.encode() + b":" + BODY).hexdigest()
    add("paddle", [["Paddle-Signature", f"ts={seconds};h1={mac}"]])
    mac = digest(SECRET, b"v0:" + seconds.encode() + b":" + BODY).hexdigest()
    for scheme, begin in [("slack", "X-Slack-"), ("zoom", "x-zm-")]:
        add(scheme, [[begin + "request-timestamp", seconds], [begin + "signature", "v0=" + mac]])
    mac = digest(SECRET, b"v1." + ms.encode() + b"." + BODY).hexdigest()
    add("revolut", [["Revolut-Request-Timestamp", ms], ["Revolut-Signature", "v1=" + mac]])
    mac = digest(SECRET, ms.encode() + b"." + BODY)
    add("paynow-gg", [["PayNow-Timestamp", ms], ["PayNow-Signature", b64(mac)]])
    name, uuid = "moniepoint-webhook-", "a7603882-b75e-43b8-bb0e-f8d95d9a05e7"
    mac = digest(SECRET, b"__".join([uuid.encode(), ms.encode(), BODY]))
    add("moniepoint", [[name + "id", uuid], [name + "timestamp", ms], [name + "signature", b64(mac)]])
    mac = digest(SECRET, b"\n".join([b"POST", b"/api/payments/create?a=1", BODY, seconds.encode()]))
    add("infozypay", [["x-timestamp", seconds], ["x-signature", mac.hexdigest()]],
        target="/api/payments/create?a=1")
    linear = b'{"type":"Issue","data":{"webhookTimestamp":1},"webhookTimestamp":%d}' % (NOW * 1000)
    add("linear", [["Linear-Signature", digest(SECRET, linear).hexdigest()]], body=linear)
    mac = digest(SECRET, ms.encode() + BODY)
    add("cashfree", [["x-webhook-timestamp", ms], ["x-webhook-signature", b64(mac)]])
    for name in ["webhook", "svix"]:
        key = base64.b64decode(BASE64_SECRET)
        mac = digest(key, b"msg_1." + seconds.encode() + b"." + BODY)
        add("standard-webhooks" if name == "webhook" else "svix",
            [[name + "-id", "msg_1"], [name + "-timestamp", seconds],
             [name + "-signature", f"v1a,AAAA v1,{b64(mac)}"]], secret="whsec_" + BASE64_SECRET)


def mercado_pago():
    def sign(manifest):
        return f"ts={NOW},v1={digest(SECRET, manifest).hexdigest()}"

    add("mercado-pago",
        [["x-request-id", "req-1"], ["x-signature", sign(f"id:123;request-id:req-1;ts:{NOW};")]],
        target="/hook?data.id=123&type=payment")
    add("mercado-pago", [["x-signature", sign(f"ts:{NOW};")]])


def dated():
    login, date = "gFNQnUZXSE", "2020-06-21T12:33:20Z"
    mac = digest(SECRET, date.encode() + login.encode() + BODY).hexdigest()
    add("directa24-deposit",
        [["X-Date", date], ["X-Login", login], ["Authorization", "D24 " + mac]])
    date = "2020-06-21T12:33:20.000Z"
    mac = digest(SECRET, login.encode() + date.encode() + BODY).hexdigest()
    add("dlocal-payin",
        [["X-Date", date], ["X-Login", login],
         ["Authorization", "V2-HMAC-SHA256, Signature: " + mac]])
    for scheme, body_hash in [("ixopay", hashlib.sha512), ("ixopay-md5", hashlib.md5)]:
        for header in ["Date", "X-Date"]:
            ixopay(scheme, body_hash, header, "Sun, 21 Jun 2020 12:33:20 GMT")
            ixopay(scheme, body_hash, header, "Sun, 21 Jun 2020 12:33:20 UTC")
    for scheme, body_hash in [("ixopay-xml", hashlib.sha512), ("ixopay-xml-md5", hashlib.md5)]:
        ixopay_xml(scheme, body_hash, "Gateway", "Date")
        ixopay_xml(scheme, body_hash, "IxoPay", "X-Date")
    # As Java's DateTimeFormatter.RFC_1123_DATE_TIME writes it.
    ixopay("ixopay", hashlib.sha512, "Date", "Mon, 1 Jun 2020 12:33:20 GMT", NOW - 20 * 86400)


def ixopay(scheme, body_hash, header, date, now=NOW):
    media, target = "application/json; charset=utf-8", "/api/v3/transaction/my-api-key/debit?a=1"
    message = "\n".join(["POST", body_hash(BODY).hexdigest(), media, date, target])
    mac = digest(SECRET, message, hashlib.sha512)
    add(scheme, [["Content-Type", media], [header, date], ["X-Signature", b64(mac)]],
        target=target, now=now)


def messages():
    """Pledg's messages are JSON Web Tokens."""
    def segment(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    signed = segment(b'{"alg":"HS256","typ":"JWT"}') + b"." + segment(BODY)
    mac = hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()
    token = (signed + b"." + segment(mac)).decode()
    add("pledg-message", [], body=json.dumps({"signature": token}).encode())
    add("pledg-redirect", [], body=b"", target=f"/purchase?lang=fr&signature={token}")
    # The example of Pledg's page on its transfer mode; its secret is the one of jwt.io.
    add("pledg-message", [], secret="your-256-bit-secret", by="Pledg, its documentation", body=(
        b'{"signature": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJyZWZlcmVuY2UiOiJwdXJjaGFzZV9yZWZl'
        b'cmVuY2UiLCJjcmVhdGVkIjoiMjAyMC0wOS0xNyAxNTowMDowMi4wNTIxNzciLCJ0cmFuc2Zlcl9vcmRlcl9pdGVt'
        b'X3VpZCI6InRyaV9mYXNka2ZpYXNmc2QyMzRuZnM3ZjVkIiwiYW1vdW50X2NlbnRzIjoxMDAwMH0.6ZhlvdcPgjww'
        b'BfxCrRpzaBGoRxTCoqtWJzFhB8pw4Ys"}'))


def ixopay_xml(scheme, body_hash, service, date_header):
    media, target, body = "text/xml; charset=utf-8", "/transaction?a=1", b"<transaction/>"
    date = "Sun, 21 Jun 2020 12:33:20 UTC"
    message = "\n".join(["POST", body_hash(body).hexdigest(), media, date, "", target])
    mac = digest(SECRET, message, hashlib.sha512)
    add(scheme, [["Content-Type", media], [date_header, date],
                 ["Authorization", f"{service} my-api-key:{b64(mac)}"]], target=target, body=body)


def http_message():
    """RFC 9421 with hmac-sha256, and RFC 9530."""
    covered = '("@method" "@authority" "@path" "@query" "content-digest")'
    params = f'{covered};created={NOW};keyid="merchant-1";alg="hmac-sha256"'
    sha512 = base64.b64encode(hashlib.sha512(BODY).digest()).decode()
    sha256 = base64.b64encode(hashlib.sha256(BODY).digest()).decode()
    for digests in [f"sha-512=:{sha512}:", f"sha-256=:{sha256}:, md5=:AAAA:"]:
        base = "\n".join([
            '"@method": POST', '"@authority": example.com', '"@path": /pay%2Fme', '"@query": ?a=1&b',
            f'"content-digest": {digests}', f'"@signature-params": {params}'])
        mac = b64(digest(base64.b64decode(BASE64_SECRET), base))
        add("http-message",
            [["Content-Digest", digests], ["Signature-Input", "sig1=" + params],
             ["Signature", f"sig1=:{mac}:"]], secret=BASE64_SECRET, target="/pay%2Fme?a=1&b")


def kraken():
    """The example of Kraken's page on authentication, and another one."""
    def add_kraken(secret, path, body, nonce, by, expected=None):
        inner = hashlib.sha256((nonce + body).encode()).digest()
        mac = b64(digest(base64.b64decode(secret), path.encode() + inner, hashlib.sha512))
        assert expected in (None, mac)
        add("kraken", [["API-Sign", mac]], secret=secret, target=path, body=body.encode(), by=by)

    add_kraken(
        "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==",
        "/0/private/AddOrder",
        "nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25",
        "1616492376594", "Kraken, its documentation",
        "4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ==")
    add_kraken(BASE64_SECRET, "/0/private/Balance", "otp=a%2Bb&nonce=7", "7", "Python")


def main():
    for part in [kraken, http_message, messages, over_the_body, published, control, razorpay,
                 parameters, square, trust, with_a_time, mercado_pago, dated]:
        part()
    text = json.dumps(VECTORS, indent=1, ensure_ascii=False) + "\n"
    path = pathlib.Path(__file__).parent / "schemes.json"
    if sys.argv[1:] == ["--check"]:
        sys.exit(None if path.read_text() == text else f"{path.name} is not what this script writes")
    path.write_text(text)


main()
