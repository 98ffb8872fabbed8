//! Signature schemes of policies and requests that are signed by them. The signatures were made
//! with Python's `hmac`.

/// The body of every request.
pub(crate) const BODY: &str = r#"{"amount":100,"name":"José"}"#;

/// A scheme and a request that is signed by it, at 2023-11-14T22:13:20Z.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) scheme: &'static str,
    pub(crate) key: &'static str,
    pub(crate) method: &'static str,
    pub(crate) target: &'static str,
    pub(crate) headers: &'static [(&'static str, &'static str)],
    pub(crate) covers_body: bool,
}

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "github",
        scheme: r#"{"algorithm":"hmac-sha256","carrier":{"header":"X-Hub-Signature-256"},"locator":{"prefix":"sha256="},"encoding":"hex-lower","parts":["body"]}"#,
        key: "0123456789abcdef0123456789abcdef",
        method: "POST",
        target: "/hook",
        headers: &[(
            "X-Hub-Signature-256",
            "sha256=2dd88b4b901de7b514aae38cd75160b2ea7cbff4af07e2d6328b8c191c00076b",
        )],
        covers_body: true,
    },
    Case {
        name: "upper, sha512, hex key",
        scheme: r#"{"algorithm":"hmac-sha512","key":"hex","carrier":{"header":"X-Sig"},"encoding":"hex-upper","parts":["body"]}"#,
        key: "c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7",
        method: "POST",
        target: "/hook",
        headers: &[(
            "X-Sig",
            "0904D45DB83DB90E1AF36591B28E2E0031D414E2EE3B429D31A5FED452A6830BEF6DFD578B33E2E3E6EF57218A7AD087439CD908E5D1FD6235C82A6320EF9BCE",
        )],
        covers_body: true,
    },
    Case {
        name: "any case",
        scheme: r#"{"algorithm":"hmac-sha256","carrier":{"header":"X-Sig"},"encoding":"hex-any","parts":["body"]}"#,
        key: "0123456789abcdef0123456789abcdef",
        method: "POST",
        target: "/hook",
        headers: &[("X-Sig", "2Dd88B4B901De7b514aAe38Cd75160b2eA7CbFf4aF07e2d6328B8C191C00076B")],
        covers_body: true,
    },
    Case {
        name: "shopify",
        scheme: r#"{"algorithm":"hmac-sha256","carrier":{"header":"X-Shopify-Hmac-SHA256"},"encoding":"base64","parts":["body"]}"#,
        key: "0123456789abcdef0123456789abcdef",
        method: "POST",
        target: "/hook",
        headers: &[("X-Shopify-Hmac-SHA256", "LdiLS5Ad57UUquOM11Fgsup8v/SvB+LWMouMGRwAB2s=")],
        covers_body: true,
    },
    Case {
        name: "base64url key and signature",
        scheme: r#"{"algorithm":"hmac-sha512","key":"base64url","carrier":{"header":"X-Sig"},"encoding":"base64url","parts":["body"]}"#,
        key: "yMnKy8zNzs_Q0dLT1NXW19jZ2tvc3d7f4OHi4-Tl5uc",
        method: "POST",
        target: "/hook",
        headers: &[(
            "X-Sig",
            "CQTUXbg9uQ4a82WRso4uADHUFOLuO0KdMaX-1FKmgwvvbf1XizPi4-bvVyGKetCHQ5zZCOXR_WI1yCpjIO-bzg",
        )],
        covers_body: true,
    },
    Case {
        name: "stripe",
        scheme: r#"{"algorithm":"hmac-sha256","carrier":{"header":"Stripe-Signature"},"locator":{"pairs":{"separator":",","label":"v1"}},"encoding":"hex-lower","parts":["timestamp",{"literal":"."},"body"],"timestamp":{"label":"t","format":"unix_s"}}"#,
        key: "0123456789abcdef0123456789abcdef",
        method: "POST",
        target: "/hook",
        headers: &[(
            "Stripe-Signature",
            "t=1700000000,v1=0000000000000000000000000000000000000000000000000000000000000000,v1=e09a82b9219d421ced646ce25dba286c98777696b1cd8bda163e313550998441,v0=zz",
        )],
        covers_body: true,
    },
    Case {
        name: "paddle",
        scheme: r#"{"algorithm":"hmac-sha256","carrier":{"header":"Paddle-Signature"},"locator":{"pairs":{"separator":";","label":"h1"}},"encoding":"hex-lower","parts":["timestamp",{"literal":":"},"body"],"timestamp":{"label":"ts","format":"unix_s","past_s":5,"future_s":5}}"#,
        key: "0123456789abcdef0123456789abcdef",
        method: "POST",
        target: "/hook",
        headers: &[(
            "Paddle-Signature",
            "ts=1699999995;h1=befae22a12b1aa7a3ffb50a4c58aa8e1eaed3e25b94a75d17ff3b53f805fcc77",
        )],
        covers_body: true,
    },
    Case {
        name: "standard webhooks",
        scheme: r#"{"algorithm":"hmac-sha256","key":"base64","key_prefix":"whsec_","carrier":{"header":"webhook-signature"},"locator":{"versions":{"separator":" ","label":"v1,"}},"encoding":"base64","parts":["id",{"literal":"."},"timestamp",{"literal":"."},"body"],"timestamp":{"header":"webhook-timestamp","format":"unix_s"},"id":{"header":"webhook-id"}}"#,
        key: "whsec_yMnKy8zNzs/Q0dLT1NXW19jZ2tvc3d7f4OHi4+Tl5uc=",
        method: "POST",
        target: "/hook",
        headers: &[
            ("webhook-id", "msg_1"),
            ("webhook-timestamp", "1700000000"),
            ("webhook-signature", "v1a,xx v1,rPq2MqZhCjGc7YS6CJ8Q2YzBlx8G3F3WK5FdjRmZx5g="),
        ],
        covers_body: true,
    },
    Case {
        name: "lines of the request",
        scheme: r#"{"algorithm":"hmac-sha256","carrier":{"header":"X-Sig"},"encoding":"hex-lower","parts":["method",{"literal":"\n"},"path",{"literal":"\n"},"query",{"literal":"\n"},"body",{"literal":"\n"},"timestamp"],"timestamp":{"header":"X-Timestamp","format":"unix_ms"}}"#,
        key: "0123456789abcdef0123456789abcdef",
        method: "PUT",
        target: "/pay%2Fme?b=2&a=1",
        headers: &[
            ("X-Sig", "a65effd7852c8713acf32efc6c16803029cc8f89d4c4f445fff5df3978309b18"),
            ("X-Timestamp", "1700000000123"),
        ],
        covers_body: true,
    },
    Case {
        name: "target and URL",
        scheme: r#"{"algorithm":"hmac-sha256","carrier":{"header":"X-Sig"},"encoding":"hex-lower","parts":["target",{"url":"https://shop.example.com/hook"},"body"]}"#,
        key: "0123456789abcdef0123456789abcdef",
        method: "POST",
        target: "/pay?b=2",
        headers: &[("X-Sig", "4dafe7064770f9a6fe2c4f92028cacaa419c4b6bf848fe8499c04c94680e77d0")],
        covers_body: true,
    },
    Case {
        name: "signature in the query",
        scheme: r#"{"algorithm":"hmac-sha256","carrier":{"query":"signature"},"encoding":"hex-lower","parts":[{"query":"data.id"},{"literal":"|"},"body"]}"#,
        key: "0123456789abcdef0123456789abcdef",
        method: "POST",
        target: "/pay?data.id=7&signature=613abc7b2441585c1ed9bcad4887ccb2896f0a4afb635b5d07dae8469cad2576",
        headers: &[],
        covers_body: true,
    },
    Case {
        name: "mercado pago",
        scheme: r#"{"algorithm":"hmac-sha256","carrier":{"header":"x-signature"},"locator":{"pairs":{"separator":",","label":"v1"}},"encoding":"hex-lower","parts":[{"optional":{"prefix":"id:","part":{"query":"data.id"},"suffix":";"}},{"optional":{"prefix":"request-id:","part":{"header":"x-request-id"},"suffix":";"}},{"literal":"ts:"},"timestamp",{"literal":";"}],"timestamp":{"label":"ts","format":"unix_s"}}"#,
        key: "0123456789abcdef0123456789abcdef",
        method: "POST",
        target: "/pay?data.id=7",
        headers: &[(
            "x-signature",
            "ts=1700000000,v1=c070fe339a674a5cbfadfd4814bdcc7bc4148a2942f145135389c54973d2919a",
        )],
        covers_body: false,
    },
    Case {
        name: "ixopay",
        scheme: r#"{"algorithm":"hmac-sha512","carrier":{"header":"X-Signature"},"encoding":"base64","parts":["method",{"literal":"\n"},{"digest":{"hash":"sha512","encoding":"hex-lower"}},{"literal":"\napplication/json; charset=utf-8\n"},"timestamp",{"literal":"\n"},"target"],"timestamp":{"header":"Date","format":"http-date"}}"#,
        key: "0123456789abcdef0123456789abcdef",
        method: "POST",
        target: "/api/v3/debit?x=1",
        headers: &[
            (
                "X-Signature",
                "oShaWYdgkfGSql/PCLtOzRYipBf8wadFEY87hPcF7ncla15l4CDFJYSerwPGR3h3CJttbY4MibAcFxU76VdqPg==",
            ),
            ("Date", "Tue, 14 Nov 2023 22:13:20 GMT"),
        ],
        covers_body: true,
    },
    Case {
        name: "digest in base64",
        scheme: r#"{"algorithm":"hmac-sha256","carrier":{"header":"X-Sig"},"encoding":"hex-lower","parts":[{"header":"X-Login"},{"literal":"|"},{"digest":{"hash":"sha256","encoding":"base64"}}]}"#,
        key: "0123456789abcdef0123456789abcdef",
        method: "POST",
        target: "/",
        headers: &[
            ("X-Login", "me"),
            ("X-Sig", "564fe2df4e50eb45c248ca0622b26cffb22246c43068418d5d81befe20d94a6f"),
        ],
        covers_body: true,
    },
    Case {
        name: "digest in upper-case hex",
        scheme: r#"{"algorithm":"hmac-sha256","carrier":{"header":"X-Sig"},"encoding":"hex-lower","parts":[{"digest":{"hash":"sha256","encoding":"hex-upper"}}]}"#,
        key: "0123456789abcdef0123456789abcdef",
        method: "POST",
        target: "/",
        headers: &[("X-Sig", "e81de0f69a4d86e1e5035bb60a9e31c21f08b18007da35728fea4b6bd7c70dd9")],
        covers_body: true,
    },
    Case {
        name: "RFC 3339",
        scheme: r#"{"algorithm":"hmac-sha256","carrier":{"header":"X-Sig"},"encoding":"hex-lower","parts":["timestamp",{"header":"X-Login"},{"literal":"|"},"body"],"timestamp":{"header":"X-Date","format":"rfc3339"}}"#,
        key: "0123456789abcdef0123456789abcdef",
        method: "POST",
        target: "/",
        headers: &[
            ("X-Date", "2023-11-14T22:13:20Z"),
            ("X-Login", "me"),
            ("X-Sig", "1adaa1ad755ffe22ec60c0a7d500aee9bba4ae161c38f34beb4b1792e501d2a1"),
        ],
        covers_body: true,
    },
    Case {
        name: "RFC 3339 with milliseconds",
        scheme: r#"{"algorithm":"hmac-sha256","carrier":{"header":"X-Sig"},"encoding":"hex-lower","parts":["timestamp","body"],"timestamp":{"header":"X-Date","format":"rfc3339-ms","past_s":0,"future_s":1}}"#,
        key: "0123456789abcdef0123456789abcdef",
        method: "POST",
        target: "/",
        headers: &[
            ("X-Date", "2023-11-14T22:13:20.999Z"),
            ("X-Sig", "bb1a9951d93979295ad246b8bacf2b160a569b8e1973b5833204a4dfcef3caa4"),
        ],
        covers_body: true,
    },
];
