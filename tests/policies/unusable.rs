//! Policies of the right form that cannot work, as changes to one that can.

/// A good policy.
pub(crate) const BASE: &str = r#"{
  "tollgate": 1,
  "environment": "production",
  "trusted_hops": "10.0.0.0/8,fd00::/8",
  "schemes": {
    "own": {
      "algorithm": "hmac-sha512",
      "key": "base64",
      "key_prefix": "whsec_",
      "carrier": { "header": "X-Signature" },
      "encoding": "hex-lower",
      "parts": ["id", "timestamp", "body", { "digest": { "hash": "sha256", "encoding": "base64" } }],
      "timestamp": { "header": "X-Date", "format": "unix_s" },
      "id": { "header": "X-Id" }
    }
  },
  "routes": {
    "cashout": {
      "max_body": 65536,
      "credentials": ["basic"],
      "signature": "directa24-cashout",
      "scope": "cashout:write",
      "rates": [
        { "name": "mine", "per": "credential", "limit": 60, "period_s": 60 },
        { "name": "address", "per": "address", "limit": 60, "period_s": 60 }
      ]
    },
    "deposit": {
      "max_body": 65536,
      "credentials": [{ "api_key": "X-Login" }],
      "signature": "directa24-deposit",
      "rates": [{ "name": "mine", "per": "credential", "limit": 60, "period_s": 60, "cost": 2 }]
    },
    "hook": { "max_body": 1, "credentials": [{ "fixed": "sender" }], "signature": "own" }
  },
  "credentials": [
    {
      "id": "a",
      "api_key": { "text": "the key of a" },
      "basic": { "user": "user-a", "passphrase": { "text": "the passphrase of a" } },
      "secrets": [
        {
          "generation": 1, "key": { "text": "an old secret of a" },
          "schemes": ["directa24-cashout", "directa24-deposit"],
          "not_after": "2026-02-01T00:00:00Z"
        },
        {
          "generation": 2, "key": { "text": "the new secret of a" },
          "schemes": ["directa24-cashout", "directa24-deposit"],
          "not_before": "2026-01-01T00:00:00Z"
        }
      ],
      "networks": ["192.0.2.0/24", "2001:db8::1"],
      "scopes": ["cashout:write"],
      "rates": [{ "name": "mine", "limit": 600, "period_s": 60 }]
    },
    {
      "id": "b",
      "api_key": { "text": "the key of b" },
      "basic": { "user": "user-b", "passphrase": { "text": "the passphrase of b" } },
      "networks": "192.0.2.7,198.51.100.0/24"
    },
    {
      "id": "sender",
      "secrets": [{
        "generation": 1, "schemes": ["own"],
        "key": { "text": "whsec_MDEyMzQ1Njc4OWFiY2RlZg==" }
      }]
    }
  ]
}"#;

/// Each row: what is replaced in `BASE`, by what, and the errors of the result.
pub(crate) const BAD: &[(&str, &str, &[&str])] = &[
    (
        r#""passphrase": { "text": "the passphrase of b" }"#,
        r#""passphrase": { "password_hash": "$apr1$r31.....$HqJZimcKQFAMYayBlzkrA/" }"#,
        &[if cfg!(feature = "password") {
            "60:69: credentials[1].basic.passphrase.password_hash: there is no such kind of hash; write one that begins with $argon2id$, $2b$, $pbkdf2-sha256$ or $pbkdf2-sha512$"
        } else {
            NOT_BUILT_IN
        }],
    ),
    (
        r#""passphrase": { "text": "the passphrase of b" }"#,
        r#""passphrase": { "password_hash": "$2b$04$tooshort" }"#,
        &[if cfg!(feature = "password") {
            "60:69: credentials[1].basic.passphrase.password_hash: the hash is not of its form; write $2b$, two digits, $ and 53 symbols of bcrypt's base64"
        } else {
            NOT_BUILT_IN
        }],
    ),
    (
        r#""passphrase": { "text": "the passphrase of b" }"#,
        r#""passphrase": { "password_hash": "$2b$31$CyxF53gldzp6IqVW4F8W1.dvX37YbSyVSXzrJGcFE9lm3g7iD//Sy" }"#,
        &[if cfg!(feature = "password") {
            "60:69: credentials[1].basic.passphrase.password_hash: verifying the hash costs too much or too little; write a cost from 04 to 14"
        } else {
            NOT_BUILT_IN
        }],
    ),
    (
        "\"directa24-cashout\",\n      \"scope\"",
        "\"directa24-cahsout\",\n      \"scope\"",
        &[
            r#"21:20: routes.cashout.signature: there is no scheme "directa24-cahsout"; write "directa24-cashout""#,
        ],
    ),
    (
        r#""signature": "own""#,
        r#""signature": "mine""#,
        &[r#"34:83: routes.hook.signature: there is no scheme "mine"; write one that there is"#],
    ),
    (
        r#""signature": "own""#,
        r#""signature": "square""#,
        &[
            r#"34:46: routes.hook.credentials[0]: the credential has no secret for the scheme of the route; write one into its "secrets""#,
            r#"34:83: routes.hook.signature: the signature covers the URL that the sender calls; write "signed_url" into the route"#,
        ],
    ),
    (
        r#""signature": "own""#,
        r#""signature": "own", "signed_url": "https://shop.example.com/hook""#,
        &["34:104: routes.hook.signed_url: no signature of this route covers a URL; remove it"],
    ),
    (
        r#""signature": "directa24-cashout","#,
        r#""signed_url": "https://shop.example.com/hook","#,
        &["21:21: routes.cashout.signed_url: no signature of this route covers a URL; remove it"],
    ),
    (
        r#""own": {"#,
        r#""dlocal-payin": {"#,
        &[
            "6:5: schemes.dlocal-payin: the name is that of a built-in scheme; write another name",
            r#"34:83: routes.hook.signature: there is no scheme "own"; write one that there is"#,
            r#"66:38: credentials[2].secrets[0].schemes[0]: there is no scheme "own"; write one that there is"#,
        ],
    ),
    (
        r#""schemes": ["own"]"#,
        r#""schemes": ["own", "owm", "nothing"]"#,
        &[
            r#"66:45: credentials[2].secrets[0].schemes[1]: there is no scheme "owm"; write "own""#,
            r#"66:52: credentials[2].secrets[0].schemes[2]: there is no scheme "nothing"; write one that there is"#,
        ],
    ),
    (
        r#""scopes": ["cashout:write"]"#,
        r#""scopes": ["cashout:wirte", "x"]"#,
        &[
            r#"54:18: credentials[0].scopes[0]: no route needs the scope "cashout:wirte"; write "cashout:write""#,
            r#"54:35: credentials[0].scopes[1]: no route needs the scope "x"; write "cashout:write""#,
        ],
    ),
    (
        r#""rates": [{ "name": "mine", "limit": 600"#,
        r#""rates": [{ "name": "mime", "limit": 600"#,
        &[r#"55:27: credentials[0].rates[0].name: no route has the rate "mime"; write "mine""#],
    ),
    (
        r#""rates": [{ "name": "mine", "limit": 600"#,
        r#""rates": [{ "name": "address", "limit": 600"#,
        &[
            "55:27: credentials[0].rates[0].name: the rate counts addresses, no credential can have its own; remove it",
        ],
    ),
    (
        r#""rates": [{ "name": "mine", "limit": 600, "period_s": 60 }]"#,
        r#""rates": [{ "name": "mine", "limit": 600, "period_s": 60 }, { "name": "mine", "limit": 5, "period_s": 60, "cost": 6 }]"#,
        &[
            "55:77: credentials[0].rates[1].name: the credential has a rate of this name; keep one of them",
            "55:121: credentials[0].rates[1].cost: a cost of 6 never fits into a burst of 5; write at most 5",
        ],
    ),
    (
        r#"{ "name": "address", "per": "address""#,
        r#"{ "name": "mine", "per": "address""#,
        &[
            "25:19: routes.cashout.rates[1].name: the route has a rate of this name; write another name",
        ],
    ),
    (
        r#""period_s": 60, "cost": 2"#,
        r#""period_s": 61, "cost": 2"#,
        &[
            "32:27: routes.deposit.rates[0].name: a rate of this name has other numbers on another route, with which it would share its count; write the same numbers or another name",
        ],
    ),
    (
        r#""period_s": 60, "cost": 2"#,
        r#""period_s": 60, "burst": 1, "cost": 2"#,
        &[
            "32:27: routes.deposit.rates[0].name: a rate of this name has other numbers on another route, with which it would share its count; write the same numbers or another name",
            "32:105: routes.deposit.rates[0].cost: a cost of 2 never fits into a burst of 1; write at most 1",
        ],
    ),
    (
        r#""limit": 60, "period_s": 60, "cost": 2"#,
        r#""limit": 1, "period_s": 2678400, "burst": 1000000"#,
        &[
            "32:17: routes.deposit.rates[0]: the burst takes more than 36 years to come back; write a smaller burst or a shorter period",
        ],
    ),
    (
        r#""id": "b""#,
        r#""id": "a""#,
        &["58:13: credentials[1].id: credentials[0] has the same id; write another one"],
    ),
    (
        r#""the key of b""#,
        r#""the key of a""#,
        &["59:18: credentials[1].api_key: credentials[0] has the same API key; write another one"],
    ),
    (
        r#"{ "text": "the key of b" }"#,
        r#"{ "sha256": "d47307d003ad9f33908c1ce8beac1b6e57d89fe8c4784f2b6830252935ac236e" }"#,
        &["59:18: credentials[1].api_key: credentials[0] has the same API key; write another one"],
    ),
    (
        r#""user-b""#,
        r#""user-a""#,
        &["60:26: credentials[1].basic.user: credentials[0] has the same user; write another one"],
    ),
    (
        r#""the key of b""#,
        r#""short""#,
        &[
            "59:28: credentials[1].api_key.text: the secret has less than 8 bytes; write a longer one",
        ],
    ),
    (
        r#""the key of b""#,
        r#""line end at the end\n""#,
        &[
            "59:28: credentials[1].api_key.text: the secret has a line end or another control character; remove it",
        ],
    ),
    (
        r#""the key of b""#,
        r#"" a space before""#,
        &[
            "59:28: credentials[1].api_key.text: the API key begins or ends with a space, which headers lose; remove it",
        ],
    ),
    (
        r#""the key of b""#,
        r#""        ""#,
        &[
            "59:28: credentials[1].api_key.text: the secret is nothing but white space; put a secret there",
        ],
    ),
    (
        r#"{ "text": "the key of b" }"#,
        r#"{ "env": "KEY_OF_B" }"#,
        &[
            r#"59:27: credentials[1].api_key.env: this gateway reads no environment variables; write "text""#,
        ],
    ),
    (
        r#"{ "text": "the key of b" }"#,
        r#"{ "file": "key-of-b" }"#,
        &[r#"59:28: credentials[1].api_key.file: this gateway reads no files; write "text""#],
    ),
    (
        r#"{ "text": "the key of b" }"#,
        r#"[{ "generation": 1, "key": { "text": "the key of b" } }, { "generation": 2, "key": { "text": "the key of b" } }]"#,
        &[
            r#"59:101: credentials[1].api_key[1].key: credentials[1] has the same API key; write another one"#,
        ],
    ),
    (
        r#"{ "text": "the key of b" }"#,
        r#"[{ "generation": 2, "key": { "text": "the key of a" }, "not_before": "2026-02-30T00:00:00Z" }, { "generation": 2, "key": { "text": "the key of b" } }]"#,
        &[
            r#"59:45: credentials[1].api_key[0].key: credentials[0] has the same API key; write another one"#,
            r#"59:87: credentials[1].api_key[0].not_before: there is no such time from 1970 to 9999; write one such as "2026-01-31T00:00:00Z""#,
            r#"59:129: credentials[1].api_key[1].generation: another secret has this number; write the next one"#,
        ],
    ),
    (
        r#"{ "text": "the key of b" }"#,
        r#"{ "hmac_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "pepper": { "text": "fifteen letters" } }"#,
        &[
            r#"59:123: credentials[1].api_key.pepper.text: the key has less than 16 bytes; write a longer one"#,
        ],
    ),
    (
        r#"{ "text": "the key of b" }"#,
        r#"[{ "generation": 1, "key": { "hmac_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a01", "pepper": { "text": "pepper of sixteen 1" } } }, { "generation": 2, "key": { "hmac_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a02", "pepper": { "text": "pepper of sixteen 2" } } }, { "generation": 3, "key": { "hmac_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a03", "pepper": { "text": "pepper of sixteen 3" } } }, { "generation": 4, "key": { "hmac_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a04", "pepper": { "text": "pepper of sixteen 4" } } }, { "generation": 5, "key": { "hmac_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a05", "pepper": { "text": "pepper of sixteen 5" } } }]"#,
        &[
            r#"59:790: credentials[1].api_key[4].key.pepper.text: the API keys have more peppers than 4; write one that others have"#,
        ],
    ),
    (
        r#"{ "text": "the passphrase of b" }"#,
        r#"[{ "generation": 1, "passphrase": { "text": "the passphrase of b" } }, { "generation": 1, "passphrase": { "text": "the passphrase of b" } }]"#,
        &[
            r#"60:137: credentials[1].basic.passphrase[1].generation: another secret has this number; write the next one"#,
            r#"60:154: credentials[1].basic.passphrase[1].passphrase: another generation has the same passphrase; write another one"#,
        ],
    ),
    (
        r#""the passphrase of b""#,
        r#""1234567""#,
        &[
            "60:60: credentials[1].basic.passphrase.text: the secret has less than 8 bytes; write a longer one",
        ],
    ),
    (
        r#"{ "text": "the passphrase of b" }"#,
        r#"{ "hmac_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "pepper": { "text": "fifteen letters" } }"#,
        &[
            "60:155: credentials[1].basic.passphrase.pepper.text: the key has less than 16 bytes; write a longer one",
        ],
    ),
    (
        r#""an old secret of a""#,
        r#""fifteen letters""#,
        &[
            "43:45: credentials[0].secrets[0].key.text: the key has less than 16 bytes; write a longer one",
        ],
    ),
    (
        r#""an old secret of a""#,
        r#""                   ""#,
        &[
            "43:45: credentials[0].secrets[0].key.text: the secret is nothing but white space; put a secret there",
        ],
    ),
    (
        r#""whsec_MDEyMzQ1Njc4OWFiY2RlZg==""#,
        r#""MDEyMzQ1Njc4OWFiY2RlZg==""#,
        &[
            r#"67:26: credentials[2].secrets[0].key.text: the scheme "own" wants a secret that begins with "whsec_"; write it with that, or name other "schemes""#,
        ],
    ),
    (
        r#""whsec_MDEyMzQ1Njc4OWFiY2RlZg==""#,
        r#""whsec_!!!!""#,
        &[
            r#"67:26: credentials[2].secrets[0].key.text: the scheme "own" wants a secret in base64; write it so, or name other "schemes""#,
        ],
    ),
    (
        r#""whsec_MDEyMzQ1Njc4OWFiY2RlZg==""#,
        r#""whsec_MDEyMzQ1Njc4OWFiY2Rl""#,
        &[
            "67:26: credentials[2].secrets[0].key.text: the key has less than 16 bytes; write a longer one",
        ],
    ),
    (
        r#""whsec_MDEyMzQ1Njc4OWFiY2RlZg==""#,
        r#""whsec_""#,
        &[
            "67:26: credentials[2].secrets[0].key.text: the key has less than 16 bytes; write a longer one",
        ],
    ),
    (
        r#""generation": 2"#,
        r#""generation": 1"#,
        &[
            "48:25: credentials[0].secrets[1].generation: another secret has this number; write the next one",
        ],
    ),
    (
        r#""not_before": "2026-01-01T00:00:00Z""#,
        r#""not_before": "2026-01-01T00:00:00Z", "not_after": "2026-01-01T00:00:00Z""#,
        &[
            r#"50:62: credentials[0].secrets[1].not_after: the secret ends before it begins; write a time after "not_before""#,
        ],
    ),
    (
        r#""not_before": "2026-01-01T00:00:00Z""#,
        r#""not_before": "2026-02-29T00:00:00Z""#,
        &[
            r#"50:25: credentials[0].secrets[1].not_before: there is no such time from 1970 to 9999; write one such as "2026-01-31T00:00:00Z""#,
        ],
    ),
    (
        r#""not_before": "2026-01-01T00:00:00Z""#,
        r#""not_before": "2026-01-01T24:00:00Z""#,
        &[
            r#"50:25: credentials[0].secrets[1].not_before: there is no such time from 1970 to 9999; write one such as "2026-01-31T00:00:00Z""#,
        ],
    ),
    (
        "\"secrets\": [{\n",
        "\"secrets\": [{ \"generation\": 5, \"key\": { \"text\": \"whsec_MDEyMzQ1Njc4OWFiY2RlZg==\" }, \"schemes\": [\"own\"] }, { \"generation\": 6, \"key\": { \"text\": \"whsec_MDEyMzQ1Njc4OWFiY2RlZg==\" }, \"schemes\": [\"own\"] }, { \"generation\": 7, \"key\": { \"text\": \"whsec_MDEyMzQ1Njc4OWFiY2RlZg==\" }, \"schemes\": [\"own\"] }, { \"generation\": 8, \"key\": { \"text\": \"whsec_MDEyMzQ1Njc4OWFiY2RlZg==\" }, \"schemes\": [\"own\"] }, {\n",
        &[
            r#"65:395: credentials[2].secrets[4]: more than 4 secrets for the scheme "own"; remove the oldest"#,
        ],
    ),
    (
        r#""192.0.2.0/24""#,
        r#""192.0.2.1/24""#,
        &[
            "53:21: credentials[0].networks[0]: 192.0.2.1/24 has host bits set; write 192.0.2.0/24, or 192.0.2.1 for this one address",
        ],
    ),
    (
        r#""192.0.2.0/24""#,
        r#""192.0.2.0/24", "010.0.0.1", "1.2.3", "0x7f.1", "1.2.3.4 ", "fe80::1%eth0", "0.0.0.0/0", "::/0", "10.0.0.0/33", "::ffff:0:0/96""#,
        &[
            "53:37: credentials[0].networks[1]: a number has a leading zero, which some read as octal; write it without",
            "53:50: credentials[0].networks[2]: this is not an IP address; write all four numbers (192.0.2.1) or an IPv6 address (2001:db8::1), without port or brackets",
            "53:59: credentials[0].networks[3]: this is not an IP address; write all four numbers (192.0.2.1) or an IPv6 address (2001:db8::1), without port or brackets",
            "53:69: credentials[0].networks[4]: there is a space; write networks without spaces",
            "53:81: credentials[0].networks[5]: a zone id means nothing here; write the address without the % and what follows",
            "53:97: credentials[0].networks[6]: this admits every address; if that is meant, write any-ipv4",
            "53:110: credentials[0].networks[7]: this admits every address; if that is meant, write any-ipv6",
            "53:118: credentials[0].networks[8]: the prefix length is not possible; write a number from 1 to 32",
            "53:133: credentials[0].networks[9]: this admits every address; if that is meant, write any-ipv4",
        ],
    ),
    (
        "192.0.2.7,198",
        "192.0.2.7, 198",
        &["61:30: credentials[1].networks: there is a space; write networks without spaces"],
    ),
    (
        r#"198.51.100.0/24""#,
        r#"198.51.100.1/24,0.0.0.0/0,""#,
        &[
            "61:30: credentials[1].networks: 198.51.100.1/24 has host bits set; write 198.51.100.0/24, or 198.51.100.1 for this one address",
            "61:46: credentials[1].networks: this admits every address; if that is meant, write any-ipv4",
            "61:55: credentials[1].networks: there is a comma behind the last network; remove it",
        ],
    ),
    (
        r#"198.51.100.0/24""#,
        r#"198.51.100.0\/33""#,
        &[
            "61:19: credentials[1].networks: the prefix length is not possible; write a number from 1 to 32",
        ],
    ),
    (
        "10.0.0.0/8,fd00",
        "10.0.0.0/8,,fd00",
        &[
            "4:31: trusted_hops: there is no network; write an address (192.0.2.1) or a network (192.0.2.0/24)",
        ],
    ),
    (
        r#""body", { "digest""#,
        r#""body", "body", { "digest""#,
        &["12:52: schemes.own.parts[4]: the body or its digest is signed twice; keep one of them"],
    ),
    (
        r#""body", { "digest": { "hash": "sha256", "encoding": "base64" } }"#,
        r#"{ "digest": { "hash": "sha256", "encoding": "base64" } }, "body""#,
        &[
            "12:36: schemes.own.parts[2]: the digest of the body stands before the body; write the body first",
        ],
    ),
    (
        "\"parts\": [\"id\", \"timestamp\", \"body\", { \"digest\": { \"hash\": \"sha256\", \"encoding\": \"base64\" } }],\n      \"timestamp\": { \"header\": \"X-Date\", \"format\": \"unix_s\" },\n      \"id\": { \"header\": \"X-Id\" }",
        r#""parts": [{ "literal": "x" }, { "optional": { "part": { "json": "a" } } }]"#,
        &[
            "12:16: schemes.own.parts: everything that is signed may be absent; write a part that is not optional",
        ],
    ),
    (
        r#""carrier": { "header": "X-Signature" }"#,
        r#""carrier": { "query": "sig" }, "locator": { "after_key": { "separator": ":" } }"#,
        &[
            r#"10:49: schemes.own.locator: a key can stand before the signature in a header only, with a character between them that no signature has; write ":""#,
            r#"34:46: routes.hook.credentials[0]: in "own" the credential stands before the signature; write "signature_key""#,
        ],
    ),
    (
        r#""carrier": { "header": "X-Signature" }"#,
        r#""carrier": { "header": "A" }, "locator": { "after_key": { "separator": "=" } }"#,
        &[
            r#"10:48: schemes.own.locator: a key can stand before the signature in a header only, with a character between them that no signature has; write ":""#,
            r#"34:46: routes.hook.credentials[0]: in "own" the credential stands before the signature; write "signature_key""#,
        ],
    ),
    (
        r#"["basic"],
      "signature": "directa24-cashout""#,
        r#"["basic", "signature_key"],
      "signature": "ixopay-xml""#,
        &[
            r#"20:23: routes.cashout.credentials[0]: in "ixopay-xml" the credential stands before the signature; write "signature_key""#,
        ],
    ),
    (
        r#"[{ "fixed": "sender" }]"#,
        r#"["signature_key"]"#,
        &[
            r#"34:46: routes.hook.credentials[0]: no key stands before the signature; write another kind, such as {"api_key": "X-Login"}"#,
        ],
    ),
    (
        r#"[{ "fixed": "sender" }], "signature": "own""#,
        r#"["signature_key"], "signature": "ixopay-xml", "dry_run": ["signature"]"#,
        &[
            r#"34:103: routes.hook.dry_run[0]: the signature is all that proves whose the request is; remove it from here"#,
        ],
    ),
    (
        r#""hash": "sha256""#,
        r#""hash": "md5""#,
        &[
            r#"12:66: schemes.own.parts[3].digest.hash: whoever gets a body signed can have made another one with the same MD5; write "sha512", or "allow_md5": true besides"#,
        ],
    ),
    (
        r#""hash": "sha256""#,
        r#""allow_md5": true, "hash": "sha256""#,
        &["12:71: schemes.own.parts[3].digest.allow_md5: the hash is not MD5; remove it"],
    ),
    (
        r#""header": "X-Date","#,
        r#""header": "X-Date", "or_header": "x-date","#,
        &["13:55: schemes.own.timestamp.or_header: it is the same header; remove it"],
    ),
    (
        r#""body", { "digest""#,
        r#"{ "json": "a" }, "body", { "digest""#,
        &[
            r#"12:36: schemes.own.parts[2]: a value runs into the next part; write a "literal" between, or its form with "exact""#,
        ],
    ),
    (
        r#""body", { "digest""#,
        r#"{ "json": "a" }, { "literal": "." }, { "form": "a" }, { "literal": "." }, "body", { "digest""#,
        &[
            r#"12:16: schemes.own.parts: the body cannot be a form and JSON; write "form" or "json""#,
        ],
    ),
    (
        r#""header": "X-Signature" }"#,
        r#""form": "signature" }"#,
        &[
            "12:44: schemes.own.parts[3]: the body carries the signature, so it cannot be signed whole",
        ],
    ),
    (
        r#"["id", "timestamp", "#,
        r#"["timestamp", "#,
        &[r#"14:13: schemes.own.id: the id is not signed; write "id" into the parts"#],
    ),
    (
        r#"["id", "timestamp", "#,
        r#"["id", "#,
        &[
            r#"13:20: schemes.own.timestamp: the time is not signed; write "timestamp" into the parts"#,
        ],
    ),
    (
        ",\n      \"id\": { \"header\": \"X-Id\" }",
        "",
        &[r#"12:17: schemes.own.parts[0]: no header carries the id; write "id" into the scheme"#],
    ),
    (
        r#"{ "header": "X-Date","#,
        r#"{ "label": "t","#,
        &[
            r#"13:20: schemes.own.timestamp: the locator has no pairs, so none has this label; write "header""#,
        ],
    ),
    (
        "\"carrier\": { \"header\": \"X-Signature\" },\n      \"encoding\": \"hex-lower\",\n      \"parts\": [\"id\", \"timestamp\", \"body\", { \"digest\": { \"hash\": \"sha256\", \"encoding\": \"base64\" } }],\n      \"timestamp\": { \"header\": \"X-Date\",",
        "\"carrier\": { \"header\": \"X-Signature\" },\n      \"encoding\": \"hex-lower\",\n      \"parts\": [\"id\", \"body\"],\n      \"timestamp\": { \"parameter\": \"date\",",
        &[
            r#"13:20: schemes.own.timestamp: the time is not signed; write "timestamp" into the parts"#,
        ],
    ),
    (
        "\"carrier\": { \"header\": \"X-Signature\" },\n      \"encoding\": \"hex-lower\",\n      \"parts\": [\"id\", \"timestamp\", \"body\", { \"digest\": { \"hash\": \"sha256\", \"encoding\": \"base64\" } }],\n      \"timestamp\": { \"header\": \"X-Date\",",
        "\"carrier\": { \"header_lines\": \"X-Signature\" },\n      \"locator\": { \"pairs\": { \"separator\": \",\", \"label\": \"v1\" } }, \"encoding\": \"hex-lower\",\n      \"parts\": [\"id\", \"timestamp\", \"body\"],\n      \"timestamp\": { \"label\": \"t\",",
        &[
            r#"13:20: schemes.own.timestamp: the carrier may have several lines, each with its own time; write "header""#,
        ],
    ),
    (
        "\"carrier\": { \"header\": \"X-Signature\" },\n",
        "\"carrier\": { \"header_lines\": \"X-Signature\" }, \"locator\": { \"prefix\": \"v1,\" },\n",
        &[
            "10:64: schemes.own.locator: a comma ends a value of the carrier, so none can stand before a signature",
        ],
    ),
    (
        "\"carrier\": { \"header\": \"X-Signature\" },\n",
        "\"carrier\": { \"header\": \"X-Signature\" }, \"locator\": { \"pairs\": { \"separator\": \",\", \"label\": \"v1\", \"or_label\": \"v1\" } },\n",
        &[r#"10:58: schemes.own.locator: both labels are the same; remove "or_label""#],
    ),
    (
        r#"["id", "timestamp", "body", {"#,
        r#"["id", { "parameters": "sorted" }, "timestamp", "body", {"#,
        &["12:23: schemes.own.parts[1]: the parameters run into the next part; write them last"],
    ),
    (
        r#"{ "header": "X-Signature" }"#,
        r#"{ "parameter": "signature" }"#,
        &[
            "12:44: schemes.own.parts[3]: the body carries the signature, so it cannot be signed whole",
        ],
    ),
    (
        ",\n      \"timestamp\": { \"header\": \"X-Date\", \"format\": \"unix_s\" }",
        "",
        &[
            r#"6:12: schemes.own: nothing carries the time that is signed; write "timestamp" into the scheme"#,
        ],
    ),
    (
        "\"parts\": [\"id\", \"timestamp\", \"body\", { \"digest\": { \"hash\": \"sha256\", \"encoding\": \"base64\" } }],\n      \"timestamp\": { \"header\": \"X-Date\", \"format\": \"unix_s\" },\n      \"id\": { \"header\": \"X-Id\" }",
        r#""locator": "jws", "parts": ["body"]"#,
        &[
            r#"12:18: schemes.own.locator: a JSON Web Signature is all of its message; write "locator": "jws", "parts": ["signing_input"], "algorithm": "hmac-sha256" and "encoding": "base64url""#,
        ],
    ),
    (
        "\"parts\": [\"id\", \"timestamp\", \"body\", { \"digest\": { \"hash\": \"sha256\", \"encoding\": \"base64\" } }],\n      \"timestamp\": { \"header\": \"X-Date\", \"format\": \"unix_s\" },\n      \"id\": { \"header\": \"X-Id\" }",
        r#""parts": [{ "literal": "x" }, { "url": "https://example.com/" }]"#,
        &[r#"12:16: schemes.own.parts: nothing of the request is signed; write "body" too"#],
    ),
    (
        "\"parts\": [\"id\", \"timestamp\", \"body\", { \"digest\": { \"hash\": \"sha256\", \"encoding\": \"base64\" } }],\n      \"timestamp\": { \"header\": \"X-Date\", \"format\": \"unix_s\" },\n      \"id\": { \"header\": \"X-Id\" }",
        r#""parts": [{ "literal": "x" }, "signed_url"]"#,
        &[
            r#"12:16: schemes.own.parts: nothing of the request is signed; write "body" too"#,
            r#"32:83: routes.hook.signature: the signature covers the URL that the sender calls; write "signed_url" into the route"#,
        ],
    ),
    (
        r#"[{ "fixed": "sender" }]"#,
        r#"[{ "fixed": "sendre" }]"#,
        &[r#"34:46: routes.hook.credentials[0]: there is no credential "sendre"; write "sender""#],
    ),
    (
        r#"[{ "fixed": "sender" }]"#,
        r#"[{ "fixed": "b" }]"#,
        &[
            r#"34:46: routes.hook.credentials[0]: the credential has no secret for the scheme of the route; write one into its "secrets""#,
        ],
    ),
    (
        r#"[{ "fixed": "sender" }]"#,
        r#"["basic", { "fixed": "sender" }]"#,
        &[r#"34:55: routes.hook.credentials[1]: "fixed" stands alone; remove the other kinds"#],
    ),
    (
        r#"[{ "fixed": "sender" }], "signature": "own""#,
        r#"[{ "fixed": "sender" }]"#,
        &[
            r#"34:46: routes.hook.credentials[0]: nothing would prove whose the request is; write "signature" into the route"#,
        ],
    ),
    (
        r#""signature": "own" }"#,
        r#""signature": "own", "dry_run": ["network", "signature"] }"#,
        &[
            "34:113: routes.hook.dry_run[1]: the signature is all that proves whose the request is; remove it from here",
        ],
    ),
    (
        r#"[{ "api_key": "X-Login" }]"#,
        r#"["basic", { "api_key": "authorization" }]"#,
        &[
            r#"30:23: routes.deposit.credentials[0]: the signature of "directa24-deposit" stands in the header Authorization already; write another kind, such as {"api_key": "X-Login"}"#,
            r#"30:32: routes.deposit.credentials[1]: the signature of "directa24-deposit" stands in the header authorization already; write another kind, such as {"api_key": "X-Login"}"#,
            "30:32: routes.deposit.credentials[1]: another kind stands in the header authorization already; write another header",
        ],
    ),
    (
        r#"[{ "api_key": "X-Login" }]"#,
        r#"[{ "api_key": "X-Login" }, { "api_key": "x-login" }]"#,
        &[
            "30:49: routes.deposit.credentials[1]: another kind stands in the header x-login already; write another header",
        ],
    ),
    (
        r#"["basic"],"#,
        r#"["basic"], "allow_empty_body": true,"#,
        &[
            r#"20:53: routes.cashout.allow_empty_body: the signature of an empty body is the same every time; write "credentials": ["basic"] and "network": "required" without dry run, or false"#,
        ],
    ),
    (
        r#"["basic"],"#,
        r#"["basic"], "allow_empty_body": true, "network": "required", "dry_run": ["network"],"#,
        &[
            r#"20:53: routes.cashout.allow_empty_body: the signature of an empty body is the same every time; write "credentials": ["basic"] and "network": "required" without dry run, or false"#,
        ],
    ),
    (
        r#"["basic"],"#,
        r#"["basic", "bearer"], "allow_empty_body": true, "network": "required","#,
        &[
            r#"20:63: routes.cashout.allow_empty_body: the signature of an empty body is the same every time; write "credentials": ["basic"] and "network": "required" without dry run, or false"#,
        ],
    ),
    (
        r#""the key of a""#,
        r#""short", "text": "short""#,
        &[
            "39:37: credentials[0].api_key.text: the member stands twice in this object; keep one of them",
        ],
    ),
    (
        "\"generation\": 1, \"key\": { \"text\": \"an old secret of a\" },\n          \"schemes\": [\"directa24-cashout\", \"directa24-deposit\"],",
        r#""generation": 1, "key": { "text": "an old secret of a" },"#,
        &[
            r#"43:45: credentials[0].secrets[0].key.text: the scheme "own" wants a secret that begins with "whsec_"; write it with that, or name other "schemes""#,
        ],
    ),
    (
        r#""signature": "own" }"#,
        r#""signature": "own" }, "free": { "max_body": 1, "credentials": ["bearer"], "signature": "dlocal-payin" }"#,
        &[
            r#"34:133: routes.free.credentials[0]: the signature of "dlocal-payin" stands in the header Authorization already; write another kind, such as {"api_key": "X-Login"}"#,
        ],
    ),
    (
        r#""signature": "directa24-cashout","#,
        r#""signature": "directa24-cahsout", "network": "required","#,
        &[
            r#"21:20: routes.cashout.signature: there is no scheme "directa24-cahsout"; write "directa24-cashout""#,
        ],
    ),
    (
        r#""scope": "cashout:write","#,
        r#""scope": "cashout:write", "replay": {},"#,
        &[
            r#"22:43: routes.cashout.replay: the scheme has no timestamp, so its messages are fresh for ever; write "window_s", how long they are remembered"#,
        ],
    ),
    (
        r#""signature": "own" }"#,
        r#""signature": "own", "replay": { "window_s": 599 } }"#,
        &[
            "34:114: routes.hook.replay.window_s: a message is fresh for 600 seconds and would pass again; write at least that",
        ],
    ),
    (
        r#""signature": "own" }"#,
        r#""signature": "own" }, "open": { "max_body": 1, "credentials": ["basic"], "replay": {} }"#,
        &[
            r#"34:153: routes.open.replay: only a signature tells one message from another; write "signature" into the route"#,
        ],
    ),
    (
        r#""signature": "own" }"#,
        r#""signature": "flexiown-trust" }"#,
        &[
            r#"34:46: routes.hook.credentials[0]: "flexiown-trust" proves no secret, so nothing would prove whose the request is; write another kind, such as {"api_key": "X-API-Key"}"#,
        ],
    ),
    (
        r#"{ "header": "X-Signature" }"#,
        r#"{ "stored": "signature" }"#,
        &[
            r#"34:46: routes.hook.credentials[0]: "own" proves no secret, so nothing would prove whose the request is; write another kind, such as {"api_key": "X-API-Key"}"#,
        ],
    ),
    (
        r#""schemes": ["own"]"#,
        r#""schemes": ["own", "flexiown-trust"]"#,
        &[
            r#"66:45: credentials[2].secrets[0].schemes[1]: the scheme "flexiown-trust" has no key; remove it"#,
        ],
    ),
    (
        "\"algorithm\": \"hmac-sha512\",\n      \"key\": \"base64\",\n      \"key_prefix\": \"whsec_\",",
        "\"algorithm\": \"sha256\", \"key_prefix\": \"whsec_\",",
        &[
            r#"7:44: schemes.own.key_prefix: the algorithm has no key; remove it"#,
            r#"32:46: routes.hook.credentials[0]: "own" proves no secret, so nothing would prove whose the request is; write another kind, such as {"api_key": "X-API-Key"}"#,
            r#"64:38: credentials[2].secrets[0].schemes[0]: the scheme "own" has no key; remove it"#,
        ],
    ),
    (
        r#""body", { "digest""#,
        r#"{ "stored": "value" }, "body", { "digest""#,
        &[
            r#"12:36: schemes.own.parts[2]: a value runs into the next part; write a "literal" between, or its form with "exact""#,
        ],
    ),
    (
        "\"carrier\": { \"header\": \"X-Signature\" },\n      \"encoding\": \"hex-lower\",\n      \"parts\": [\"id\", \"timestamp\", \"body\", { \"digest\": { \"hash\": \"sha256\", \"encoding\": \"base64\" } }],\n      \"timestamp\": { \"header\": \"X-Date\", \"format\": \"unix_s\" },\n      \"id\": { \"header\": \"X-Id\" }",
        r#""carrier": { "stored": "signature" }, "encoding": "hex-lower", "parts": [{ "stored": "seed" }]"#,
        &[
            r#"10:79: schemes.own.parts: the gateway stored all of it; write a part that comes from the request"#,
            r#"30:46: routes.hook.credentials[0]: "own" proves no secret, so nothing would prove whose the request is; write another kind, such as {"api_key": "X-API-Key"}"#,
        ],
    ),
    (
        r#""environment": "production","#,
        r#""environment": "production", "tokens": { "issuer": "pay", "keys": [{ "kid": "a", "key": { "text": "the key of 31 bytes, one too few" } }, { "kid": "b", "key": { "text": "the key of 31 bytes, one too fe" } }, { "kid": "a", "key": { "env": "K" } }] },"#,
        &[
            "3:172: tokens.keys[1].key.text: the key has less than 32 bytes; write a longer one",
            "3:220: tokens.keys[2].kid: another key has this id; write another one",
            r#"3:241: tokens.keys[2].key.env: this gateway reads no environment variables; write "text""#,
        ],
    ),
    (
        r#""environment": "production","#,
        r#""environment": "production", "tokens": { "issuer": "pay", "keys": [{ "kid": "a", "key": { "text": "a key of 32 bytes at the least.." }, "not_before": "2026-02-01T00:00:00Z", "not_after": "2026-02-01T00:00:00Z" }] },"#,
        &[
            "3:190: tokens.keys[0].not_after: the secret ends before it begins; write a time after \"not_before\"",
        ],
    ),
    (
        r#"["basic"],"#,
        r#"["basic", "token"],"#,
        &[
            r#"20:32: routes.cashout.credentials[1]: no key would verify a token; write "tokens" into the policy"#,
        ],
    ),
    (
        r#""hook": { "max_body": 1, "credentials": [{ "fixed": "sender" }], "signature": "own" }"#,
        r#""hook": { "max_body": 1, "credentials": [{ "fixed": "sender" }], "signature": "own" }, "token": { "token_endpoint": true, "max_body": 1, "credentials": ["basic"] }"#,
        &[
            r#"34:121: routes.token.token_endpoint: no key would sign a token; write "tokens" into the policy"#,
        ],
    ),
    (
        r#""hook": { "max_body": 1, "credentials": [{ "fixed": "sender" }], "signature": "own" }"#,
        r#""hook": { "max_body": 1, "credentials": [{ "fixed": "sender" }], "signature": "own" }, "token": { "token_endpoint": true, "max_body": 1, "credentials": ["form", "bearer", { "api_key": "X" }], "methods": ["PUT"], "media_type": "a/b", "content_encodings": ["gzip"], "signature": "directa24-cashout" }"#,
        &[
            r#"34:121: routes.token.token_endpoint: no key would sign a token; write "tokens" into the policy"#,
            r#"34:157: routes.token.credentials: a token endpoint has to take "basic"; write that too"#,
            r#"34:166: routes.token.credentials[1]: a token endpoint takes "basic" and "form" only; remove it"#,
            r#"34:176: routes.token.credentials[2]: a token endpoint takes "basic" and "form" only; remove it"#,
            r#"34:208: routes.token.methods: a token endpoint takes POST with a plain form, unsigned; remove this"#,
            r#"34:231: routes.token.media_type: a token endpoint takes POST with a plain form, unsigned; remove this"#,
            r#"34:259: routes.token.content_encodings: a token endpoint takes POST with a plain form, unsigned; remove this"#,
            r#"34:282: routes.token.signature: a token endpoint takes POST with a plain form, unsigned; remove this"#,
        ],
    ),
    (
        r#""hook": { "max_body": 1, "credentials": [{ "fixed": "sender" }], "signature": "own" }"#,
        r#""hook": { "max_body": 1, "credentials": [{ "fixed": "sender" }], "signature": "own" }, "free": { "max_body": 1, "credentials": ["basic", "form"] }"#,
        &[
            r#"34:142: routes.free.credentials[1]: only a token endpoint reads a form; write another kind"#,
        ],
    ),
    (
        r#""signature": "directa24-cashout","#,
        r#""signature": "flexiown-trust", "replay": { "window_s": 1 },"#,
        &[
            r#"21:48: routes.cashout.replay: a signature of "flexiown-trust" says nothing of who sends the message, or how often; remove it"#,
        ],
    ),
];

/// What any of these hashes gets without the feature `password`.
const NOT_BUILT_IN: &str = "60:69: credentials[1].basic.passphrase.password_hash: this library was built without slow passwords; build it with the feature \"password\", or write \"sha256\"";
