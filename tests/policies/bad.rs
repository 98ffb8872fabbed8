//! Documents that are not of the form, as changes to a good one.

/// A good document.
pub(crate) const BASE: &str = r#"{
  "tollgate": 1,
  "environment": "production",
  "limits": { "headers": 64 },
  "schemes": {
    "own": {
      "algorithm": "hmac-sha256",
      "carrier": { "header": "X-Signature" },
      "encoding": "hex-lower",
      "parts": ["timestamp", "body"],
      "timestamp": { "header": "X-Date", "format": "unix_s" }
    }
  },
  "routes": {
    "cash.out": {
      "max_body": 65536,
      "credentials": ["basic"]
    }
  },
  "credentials": [
    { "id": "a", "basic": { "user": "José", "passphrase": { "env": "P" } }, "state": "active" },
    { "id": "b", "api_key": { "env": "KEY" }, "networks": [] }
  ]
}"#;

/// Each row: what is replaced in `BASE`, by what, and the errors of the result.
pub(crate) const BAD: &[(&str, &str, &[&str])] = &[
    (r#""tollgate": 1,"#, "", &[r#"1:1: "tollgate" is missing; write 1"#]),
    (
        r#""tollgate": 1"#,
        r#""tollgate": 2"#,
        &["2:15: tollgate: the version of the format is unknown; write 1"],
    ),
    (
        r#""tollgate": 1"#,
        r#""tollgate": "1""#,
        &["2:15: tollgate: text cannot stand here; write 1"],
    ),
    (
        r#""headers": 64"#,
        r#""headres": 64"#,
        &[r#"4:15: limits.headres: "headres" is no member of this object; write "headers""#],
    ),
    (
        r#""headers": 64"#,
        r#""cookies": 64"#,
        &[
            r#"4:15: limits.cookies: "cookies" is no member of this object; remove it, the members are headers, header_name, header_value, header_total, target, hops"#,
        ],
    ),
    (
        r#""headers": 64"#,
        r#""headers": 0"#,
        &["4:26: limits.headers: 0 is out of range; write a number of lines from 1 to 128"],
    ),
    (
        r#""headers": 64"#,
        r#""headers": 64.0"#,
        &[
            "4:26: limits.headers: 64.0 is not written as a whole number; write a number of lines from 1 to 128",
        ],
    ),
    (
        r#""headers": 64"#,
        r#""headers": -64"#,
        &["4:26: limits.headers: -64 is out of range; write a number of lines from 1 to 128"],
    ),
    (
        r#""headers": 64"#,
        r#""headers": 1e400"#,
        &[
            "4:26: limits.headers: 1e400 is not written as a whole number; write a number of lines from 1 to 128",
        ],
    ),
    (
        r#""headers": 64"#,
        r#""headers": "64""#,
        &["4:26: limits.headers: text cannot stand here; write a number of lines from 1 to 128"],
    ),
    (
        r#""headers": 64"#,
        r#""headers": null"#,
        &["4:26: limits.headers: null cannot stand here; write a number of lines from 1 to 128"],
    ),
    (
        r#""headers": 64"#,
        r#""headers": 64, "he\u0061ders": 65"#,
        &["4:30: limits.headers: the member stands twice in this object; keep one of them"],
    ),
    (
        r#""environment": "production""#,
        r#""environment": "Production""#,
        &[
            r#"3:18: environment: the text has the wrong form; write a name of lower-case letters, digits, "_" and "-" (1 to 32 characters)"#,
        ],
    ),
    (
        r#""environment": "production""#,
        r#""environment": """#,
        &[
            r#"3:18: environment: the text is empty; write a name of lower-case letters, digits, "_" and "-" (1 to 32 characters)"#,
        ],
    ),
    (
        "hmac-sha256",
        "hmac-sha265",
        &[r#"7:20: schemes.own.algorithm: "hmac-sha265" means nothing here; write "hmac-sha256""#],
    ),
    (
        "hmac-sha256",
        "md5",
        &[
            r#"7:20: schemes.own.algorithm: "md5" means nothing here; write "hmac-sha256", "hmac-sha512" or "sha256""#,
        ],
    ),
    (
        r#"{ "header": "X-Signature" }"#,
        "{}",
        &[
            r#"8:18: schemes.own.carrier: a member is missing; write "header", "header_lines", "query", "form", "parameter", "json" or "stored""#,
        ],
    ),
    (
        r#"{ "header": "X-Signature" }"#,
        r#"{ "haeder": "X-Signature" }"#,
        &[
            r#"8:20: schemes.own.carrier.haeder: "haeder" is no member of this object; write "header""#,
        ],
    ),
    (
        r#"{ "header": "X-Signature" }"#,
        r#"{ "header": "X", "query": "y" }"#,
        &[
            r#"8:18: schemes.own.carrier: "header" and "query" exclude each other; keep one of them"#,
        ],
    ),
    (
        r#"{ "header": "X-Signature" }"#,
        r#""X-Signature""#,
        &[
            r#"8:18: schemes.own.carrier: text cannot stand here; write an object with "header", "header_lines", "query", "form", "parameter", "json" or "stored""#,
        ],
    ),
    (
        r#""timestamp", "body""#,
        r#""time", [], 7, "Body", { "digest": {} }"#,
        &[
            r#"10:17: schemes.own.parts[0]: "time" means nothing here; write "method", "target", "path", "query", "body", "timestamp", "id", "signed_url" or "signing_input" or an object with "literal", "header", "query", "form", "json", "stored", "exact", "url", "parameters", "digest", "nonce_digest", "signature_base" or "optional""#,
            r#"10:25: schemes.own.parts[1]: an array cannot stand here; write "method", "target", "path", "query", "body", "timestamp", "id", "signed_url" or "signing_input" or an object with "literal", "header", "query", "form", "json", "stored", "exact", "url", "parameters", "digest", "nonce_digest", "signature_base" or "optional""#,
            r#"10:29: schemes.own.parts[2]: a number cannot stand here; write "method", "target", "path", "query", "body", "timestamp", "id", "signed_url" or "signing_input" or an object with "literal", "header", "query", "form", "json", "stored", "exact", "url", "parameters", "digest", "nonce_digest", "signature_base" or "optional""#,
            r#"10:32: schemes.own.parts[3]: "Body" means nothing here; write "body""#,
            r#"10:52: schemes.own.parts[4].digest: "hash" is missing; write "sha256", "sha512" or "md5""#,
            r#"10:52: schemes.own.parts[4].digest: "encoding" is missing; write "hex-lower", "hex-upper" or "base64""#,
        ],
    ),
    (
        r#""header": "X-Date", "#,
        "",
        &[
            r#"11:20: schemes.own.timestamp: a member is missing; write "created", "header", "label", "parameter" or "json""#,
        ],
    ),
    (
        "65536",
        "1073741825",
        &[
            r#"16:19: routes["cash.out"].max_body: 1073741825 is out of range; write a number of bytes from 0 to 1073741824"#,
        ],
    ),
    (
        r#""max_body": 65536,"#,
        "",
        &[
            r#"15:17: routes["cash.out"]: "max_body" is missing; write a number of bytes from 0 to 1073741824"#,
        ],
    ),
    (
        r#"["basic"]"#,
        "[]",
        &[r#"17:22: routes["cash.out"].credentials: 0 items; write an array of 1 to 8 items"#],
    ),
    (
        r#"["basic"]"#,
        r#""basic""#,
        &[
            r#"17:22: routes["cash.out"].credentials: text cannot stand here; write an array of 1 to 8 items"#,
        ],
    ),
    (
        r#"["basic"]"#,
        r#"["basic", "basic", {"body": {}}, {"body": {}}]"#,
        &[
            r#"17:32: routes["cash.out"].credentials[1]: the item stands twice in this array; keep one of them"#,
            r#"17:55: routes["cash.out"].credentials[3]: the item stands twice in this array; keep one of them"#,
        ],
    ),
    (
        r#""cash.out""#,
        r#""cash out\n""#,
        &[
            r#"15:5: routes["cash out\n"]: "cash out\n" cannot be a name; write a name of letters, digits, "_", "." and "-" (1 to 64 characters)"#,
        ],
    ),
    (
        r#""id": "b""#,
        r#""id": "b b""#,
        &[
            r#"22:13: credentials[1].id: the text has the wrong form; write an id of letters, digits, "_", ".", ":", "@" and "-" (1 to 64 characters)"#,
        ],
    ),
    (
        r#""id": "b", "#,
        "",
        &[
            r#"22:5: credentials[1]: "id" is missing; write an id of letters, digits, "_", ".", ":", "@" and "-" (1 to 64 characters)"#,
        ],
    ),
    (
        r#""env": "KEY""#,
        r#""text": """#,
        &[
            "22:39: credentials[1].api_key.text: the text is empty; write text (1 to 65536 characters)",
        ],
    ),
    (
        r#""env": "KEY""#,
        r#""sha256": "ABC""#,
        &[
            "22:41: credentials[1].api_key.sha256: the text has 3 characters; write a SHA-256 value in lower-case hex (64 characters)",
        ],
    ),
    (
        r#""networks": []"#,
        r#""networks": false"#,
        &[
            r#"22:59: credentials[1].networks: false cannot stand here; write networks separated by commas, such as "10.0.0.0/28,192.0.2.7" (1 to 65536 characters) or an array of at most 4096 items"#,
        ],
    ),
    (
        r#""state": "active""#,
        r#""state": 1, "é": 2, "status": 3"#,
        &[
            r#"21:86: credentials[0].state: a number cannot stand here; write "active", "suspended" or "revoked""#,
            r#"21:89: credentials[0]["é"]: "é" is no member of this object; remove it, the members are id, environment, state, generation, api_key, key_is_public, basic, secrets, networks, scopes, rates"#,
            r#"21:97: credentials[0].status: "status" is no member of this object; write "state""#,
        ],
    ),
    (
        "1,",
        "1,,",
        &["2:17: not JSON: key must be a string; remove the comma that stands there or before"],
    ),
    (
        r#""id": "b""#,
        r#""id": "\ud800""#,
        &["22:20: not JSON: unexpected end of hex escape; write JSON as RFC 8259 has it"],
    ),
    (
        r#""id": "b""#,
        r#""i\ud800d": "b""#,
        &["22:15: not JSON: unexpected end of hex escape; write JSON as RFC 8259 has it"],
    ),
    ("]\n}", "]\n}}", &["24:2: not JSON: trailing characters; remove what follows the document"]),
    (
        "]\n}",
        "],\n}",
        &["24:1: not JSON: trailing comma; remove the comma that stands there or before"],
    ),
    ("]\n}", "]", &["23:3: not JSON: EOF while parsing an object; complete the document"]),
    (
        r#""production""#,
        "'production'",
        &["3:18: not JSON: expected value; put text into double quotes"],
    ),
    (
        r#""production""#,
        "\"a\tb\"",
        &[
            r#"3:19: not JSON: control character (\u0000-\u001F) found while parsing a string; write JSON as RFC 8259 has it"#,
        ],
    ),
    (r#""production""#, "01", &["3:19: not JSON: invalid number; write JSON as RFC 8259 has it"]),
    (r#""production""#, "NaN", &["3:18: not JSON: expected value; write JSON as RFC 8259 has it"]),
    (
        r#""production","#,
        r#""production", // which one"#,
        &["3:32: not JSON: key must be a string; remove the comment, JSON has none"],
    ),
    (
        "1,\n",
        "1, \"$schema\": 3, \"extra\": [{}],\n",
        &[
            "2:29: $schema: a number cannot stand here; write text (0 to 2048 characters)",
            r#"2:32: extra: "extra" is no member of this object; remove it, the members are tollgate, $schema, environment, realm, hosts, trusted_hops, limits, failures, passwords, schemes, tokens, routes, credentials"#,
        ],
    ),
    (
        r#""max_body": 65536"#,
        r#""max_body": 65536, "https": 1, "network": "no", "scope": "a b", "rates": [{ "name": "r", "per": "ip", "limit": 0, "period": 60 }]"#,
        &[
            r#"16:35: routes["cash.out"].https: a number cannot stand here; write true or false"#,
            r#"16:49: routes["cash.out"].network: "no" means nothing here; write true or false or "required""#,
            r#"16:64: routes["cash.out"].scope: the text has the wrong form; write a scope of printable ASCII without spaces, quotes and backslashes (1 to 64 characters)"#,
            r#"16:81: routes["cash.out"].rates[0]: "period_s" is missing; write a number of seconds from 1 to 2678400"#,
            r#"16:103: routes["cash.out"].rates[0].per: "ip" means nothing here; write "credential" or "address""#,
            r#"16:118: routes["cash.out"].rates[0].limit: 0 is out of range; write a number of requests from 1 to 1000000"#,
            r#"16:121: routes["cash.out"].rates[0].period: "period" is no member of this object; write "period_s""#,
        ],
    ),
    (
        r#""max_body": 65536"#,
        r#""max_body": 65536, "media_type": "application/json; charset=utf-8", "methods": ["PO ST"], "signature": "-""#,
        &[
            r#"16:40: routes["cash.out"].media_type: the text has the wrong form; write a media type such as "application/json" in lower case without parameters (3 to 127 characters)"#,
            r#"16:87: routes["cash.out"].methods[0]: the text has the wrong form; write a method such as "POST" (1 to 32 characters)"#,
            r#"16:110: routes["cash.out"].signature: the text has the wrong form; write a scheme name of lower-case letters, digits and "-", the first no "-" (1 to 48 characters)"#,
        ],
    ),
    (
        r#""id": "b""#,
        r#""id": "b", "secrets": [{ "generation": 0, "key": "plain text", "not_after": "2026-01-01 00:00:00Z" }]"#,
        &[
            "22:46: credentials[1].secrets[0].generation: 0 is out of range; write a number from 1 to 4294967295",
            r#"22:56: credentials[1].secrets[0].key: text cannot stand here; write an object with "env", "file" or "text""#,
            r#"22:83: credentials[1].secrets[0].not_after: the text has the wrong form; write a time such as "2026-01-31T00:00:00Z" (20 characters)"#,
        ],
    ),
    (
        r#""id": "b""#,
        r#""id": "b", "basic": { "user": "a:b", "passphrase": { "hmac_sha256": "" } }"#,
        &[
            "22:37: credentials[1].basic.user: the text has the wrong form; write a user name without colons and control characters (0 to 128 characters)",
            r#"22:58: credentials[1].basic.passphrase: "pepper" is missing; write an object with "env", "file" or "text""#,
            "22:75: credentials[1].basic.passphrase.hmac_sha256: the text is empty; write a SHA-256 value in lower-case hex (64 characters)",
        ],
    ),
    (
        r#"{ "env": "KEY" }"#,
        r#"{ "env": "2KEY" }"#,
        &[
            "22:38: credentials[1].api_key.env: the text has the wrong form; write the name of an environment variable (1 to 128 characters)",
        ],
    ),
    (
        r#""state": "active""#,
        r#""state": "Active", "\u001b[31m": 1"#,
        &[
            r#"21:86: credentials[0].state: "Active" means nothing here; write "active""#,
            r#"21:96: credentials[0]["\u{1b}[31m"]: "\u{1b}[31m" is no member of this object; remove it, the members are id, environment, state, generation, api_key, key_is_public, basic, secrets, networks, scopes, rates"#,
        ],
    ),
    (
        r#""environment": "production","#,
        r#""environment": "production", "tokens": { "keys": [], "token_type": "jwt", "lifetime_s": 86401, "leeway": 1 },"#,
        &[
            r#"3:42: tokens: "issuer" is missing; write printable ASCII (1 to 128 characters)"#,
            "3:52: tokens.keys: 0 items; write an array of 1 to 16 items",
            r#"3:70: tokens.token_type: "jwt" means nothing here; write "JWT" or "at+jwt""#,
            "3:91: tokens.lifetime_s: 86401 is out of range; write a number of seconds from 1 to 86400",
            r#"3:98: tokens.leeway: "leeway" is no member of this object; write "leeway_s""#,
        ],
    ),
    (
        r#""id": "b""#,
        r#""id": "b", "generation": 0"#,
        &[
            "22:32: credentials[1].generation: 0 is out of range; write a number from 1 to 4294967295",
        ],
    ),
    (
        r#""api_key": { "env": "KEY" }"#,
        r#""api_key": []"#,
        &[r#"22:29: credentials[1].api_key: 0 items; write an array of 1 to 8 items"#],
    ),
    (
        r#""api_key": { "env": "KEY" }"#,
        r#""api_key": "KEY""#,
        &[
            r#"22:29: credentials[1].api_key: text cannot stand here; write an array of 1 to 8 items or an object with "sha256", "hmac_sha256", "env", "file" or "text""#,
        ],
    ),
    (
        r#""api_key": { "env": "KEY" }"#,
        r#""api_key": [{ "generation": 0, "passphrase": { "env": "KEY" } }]"#,
        &[
            r#"22:30: credentials[1].api_key[0]: "key" is missing; write an object with "sha256", "hmac_sha256", "env", "file" or "text""#,
            r#"22:46: credentials[1].api_key[0].generation: 0 is out of range; write a number from 1 to 4294967295"#,
            r#"22:49: credentials[1].api_key[0].passphrase: "passphrase" is no member of this object; remove it, the members are generation, key, not_before, not_after"#,
        ],
    ),
    (
        r#""api_key": { "env": "KEY" }"#,
        r#""api_key": [{ "generation": 1, "key": [] }]"#,
        &[
            r#"22:56: credentials[1].api_key[0].key: an array cannot stand here; write an object with "sha256", "hmac_sha256", "env", "file" or "text""#,
        ],
    ),
    (
        r#""passphrase": { "env": "P" }"#,
        r#""passphrase": [{ "generation": 1, "key": { "env": "P" }, "not_after": "tomorrow" }]"#,
        &[
            r#"21:60: credentials[0].basic.passphrase[0]: "passphrase" is missing; write an object with "sha256", "hmac_sha256", "password_hash", "env", "file" or "text""#,
            r#"21:79: credentials[0].basic.passphrase[0].key: "key" is no member of this object; remove it, the members are generation, passphrase, not_before, not_after"#,
            r#"21:115: credentials[0].basic.passphrase[0].not_after: the text has 8 characters; write a time such as "2026-01-31T00:00:00Z" (20 characters)"#,
        ],
    ),
    (
        r#""credentials": ["basic"]"#,
        r#""credentials": ["basic"], "replay": { "window_s": 2678401, "lease_s": "1", "on_full": "evict" }"#,
        &[
            r#"17:57: routes["cash.out"].replay.window_s: 2678401 is out of range; write a number of seconds from 1 to 2678400"#,
            r#"17:77: routes["cash.out"].replay.lease_s: text cannot stand here; write a number of seconds from 1 to 86400"#,
            r#"17:93: routes["cash.out"].replay.on_full: "evict" means nothing here; write "deny" or "allow""#,
        ],
    ),
];
