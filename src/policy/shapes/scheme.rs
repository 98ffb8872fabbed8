//! Signature schemes in the document.

use super::super::patterns;
use super::super::shape::{Array, Integer, Member, Named, Object, Shape, Text};
use super::HEADER;

/// How requests are signed.
pub(super) const SCHEME: Shape = Shape::Named(&Named {
    name: "scheme",
    doc: "How requests are signed.",
    shape: Shape::Object(&Object { members: MEMBERS }),
});

const MEMBERS: &[Member] = &[
    Member::required(
        "algorithm",
        Shape::Words(&["hmac-sha256", "hmac-sha512", "sha256"]),
        "What makes the signature. \"sha256\" has no key and proves nothing about the sender, so a \
         route needs another proof beside it.",
    ),
    Member::word(
        "key",
        "text",
        Shape::Words(&["text", "hex", "base64", "base64url"]),
        "How the bytes of the key are written in the secret.",
    ),
    Member::optional(
        "key_prefix",
        Shape::Text(Text { min: 1, max: 32, pattern: &patterns::PRINTABLE }),
        "What stands before the key in the secret and does not belong to it, such as \"whsec_\".",
    ),
    Member::required(
        "carrier",
        Shape::OneOf(&[
            HEADER_OBJECT,
            HEADER_LINES_OBJECT,
            QUERY_OBJECT,
            FORM_OBJECT,
            PARAMETER_OBJECT,
            JSON_OBJECT,
            Shape::Object(&Object {
                members: &[Member::required(
                    "stored",
                    Shape::Words(&["signature"]),
                    "The gateway stored the signature and passes it with the request. It proves \
                     nothing about the sender.",
                )],
            }),
        ]),
        "What carries the signature.",
    ),
    Member::word(
        "locator",
        "whole",
        LOCATOR,
        "Where in the carrier the signature stands; \"jws\" for a JSON Web Signature in the compact form, \
         which signs its own \"signing_input\".",
    ),
    Member::required(
        "encoding",
        Shape::Words(&["hex-lower", "hex-upper", "hex-any", "base64", "base64url"]),
        "How the signature is written.",
    ),
    Member::required(
        "parts",
        Shape::Array(&Array { min: 1, max: Some(16), unique: false, items: PART }),
        "What the signature covers, in this order, with nothing in between.",
    ),
    Member::optional("timestamp", TIMESTAMP, "The time of the request. Without it, none."),
    Member::optional("id", HEADER_OBJECT, "The header that carries the id of the message."),
    Member::number(
        "max_candidates",
        8,
        Shape::Integer(Integer { min: 1, max: 8, wants: "a number of signatures" }),
        "The most signatures in a request that are tried.",
    ),
];

const HEADER_OBJECT: Shape =
    Shape::Object(&Object { members: &[Member::required("header", HEADER, "The header.")] });

const HEADER_LINES_OBJECT: Shape = Shape::Object(&Object {
    members: &[Member::required(
        "header_lines",
        HEADER,
        "A header that may have several lines, or several values joined by commas.",
    )],
});

const PARAMETER_OBJECT: Shape = Shape::Object(&Object {
    members: &[Member::required(
        "parameter",
        FIELD,
        "A parameter of the query, or a field of a body that is a form, but not both.",
    )],
});

const QUERY_OBJECT: Shape = Shape::Object(&Object {
    members: &[Member::required(
        "query",
        Shape::Text(Text { min: 1, max: 64, pattern: &patterns::VISIBLE }),
        "The parameter of the query.",
    )],
});

const FORM_OBJECT: Shape = Shape::Object(&Object {
    members: &[Member::required("form", FIELD, "The field of a body that is a form, decoded.")],
});

const JSON_OBJECT: Shape = Shape::Object(&Object {
    members: &[Member::required(
        "json",
        FIELD,
        "The member of a body that is a JSON object: text, a number, true or false.",
    )],
});

const STORED_OBJECT: Shape = Shape::Object(&Object {
    members: &[Member::required(
        "stored",
        Shape::Words(&["value", "seed"]),
        "The trust value or the trust seed that the gateway stored and passes with the request.",
    )],
});

const FIELD: Shape = Shape::Text(Text { min: 1, max: 64, pattern: &patterns::VISIBLE });

const LOCATOR: Shape = Shape::OneOf(&[
    Shape::Words(&["whole", "jws"]),
    Shape::Object(&Object {
        members: &[Member::required(
            "prefix",
            Shape::Text(Text { min: 1, max: 64, pattern: &patterns::PRINTABLE }),
            "The signature is what follows this text.",
        )],
    }),
    Shape::Object(&Object {
        members: &[Member::required(
            "optional_prefix",
            Shape::Text(Text { min: 1, max: 64, pattern: &patterns::PRINTABLE }),
            "The signature is what follows this text, or all where it does not begin so.",
        )],
    }),
    Shape::Object(&Object {
        members: &[Member::required(
            "pairs",
            PAIRS,
            "The carrier is a list of names and values joined by \"=\", such as \"t=1,v1=ab\".",
        )],
    }),
    Shape::Object(&Object {
        members: &[Member::required(
            "member",
            LABEL,
            "The carrier is a dictionary of RFC 8941, and the signature the byte sequence under this \
             key, such as \"sig1=:ab==:\".",
        )],
    }),
    Shape::Object(&Object {
        members: &[Member::required(
            "versions",
            VERSIONS,
            "The carrier is a list of signatures, each after its version, such as \"v1,ab v1,cd\".",
        )],
    }),
    Shape::Object(&Object {
        members: &[Member::required(
            "after_key",
            AFTER_KEY,
            "The key of the credential stands before the signature, such as \"Gateway key:ab\".",
        )],
    }),
]);

const AFTER_KEY: Shape = Shape::Object(&Object {
    members: &[
        SEPARATOR_OF_KEY,
        Member::optional(
            "prefixes",
            Shape::Array(&Array {
                min: 1,
                max: Some(4),
                unique: true,
                items: Shape::Text(Text { min: 1, max: 64, pattern: &patterns::PRINTABLE }),
            }),
            "What may stand before the key. Without it, nothing.",
        ),
    ],
});

const SEPARATOR_OF_KEY: Member = Member::required(
    "separator",
    Shape::Text(Text { min: 1, max: 1, pattern: &patterns::PRINTABLE }),
    "The character between key and signature; the last one counts.",
);

const PAIRS: Shape = Shape::Object(&Object {
    members: &[
        SEPARATOR,
        Member::required("label", LABEL, "The name of the pairs that hold a signature."),
        Member::optional("or_label", LABEL, "Another name of pairs that hold a signature."),
    ],
});

const VERSIONS: Shape = Shape::Object(&Object {
    members: &[
        SEPARATOR,
        Member::required("label", LABEL, "What stands before a signature, such as \"v1,\"."),
    ],
});

const SEPARATOR: Member = Member::required(
    "separator",
    Shape::Text(Text { min: 1, max: 1, pattern: &patterns::PRINTABLE }),
    "The character between the entries of the list.",
);

const LABEL: Shape = Shape::Text(Text { min: 1, max: 32, pattern: &patterns::VISIBLE });

const PART: Shape = Shape::OneOf(&[
    Shape::Words(&[
        "method",
        "target",
        "path",
        "query",
        "body",
        "timestamp",
        "id",
        "signed_url",
        "signing_input",
    ]),
    Shape::Object(&Object {
        members: &[Member::required(
            "literal",
            Shape::Text(Text { min: 1, max: 256, pattern: &patterns::ANY }),
            "This text.",
        )],
    }),
    HEADER_OBJECT,
    QUERY_OBJECT,
    FORM_OBJECT,
    JSON_OBJECT,
    STORED_OBJECT,
    Shape::Object(&Object {
        members: &[Member::required(
            "exact",
            EXACT,
            "A value of one length and of few characters, which needs no text behind it.",
        )],
    }),
    Shape::Object(&Object {
        members: &[Member::required(
            "url",
            Shape::Text(Text { min: 9, max: 2048, pattern: &patterns::URL }),
            "The URL as the sender knows it.",
        )],
    }),
    Shape::Object(&Object {
        members: &[Member::required(
            "parameters",
            Shape::Words(&["as-sent", "sorted"]),
            "All parameters but the signature, as they were sent, joined by \"&\": those of the \
             query, and where the carrier is \"parameter\" those of the body. At most 32, each \
             once, in one of both places, and the last part.",
        )],
    }),
    Shape::Object(&Object {
        members: &[Member::required("digest", DIGEST, "A hash of the body.")],
    }),
    Shape::Object(&Object {
        members: &[Member::required(
            "nonce_digest",
            NONCE_DIGEST,
            "A hash, as octets, of a nonce and the body right behind it.",
        )],
    }),
    Shape::Object(&Object {
        members: &[Member::required(
            "signature_base",
            Shape::Array(&Array { min: 1, max: Some(7), unique: true, items: COMPONENT }),
            "The signature base of RFC 9421 over these components and no others. It stands alone. \
             The body is signed if \"content-digest\" is among them; it is compared with that.",
        )],
    }),
    Shape::Object(&Object {
        members: &[Member::required(
            "optional",
            OPTIONAL,
            "A value of the request and the text around it; nothing where it is absent.",
        )],
    }),
]);

const COMPONENT: Shape = Shape::Text(Text { min: 1, max: 64, pattern: &patterns::COMPONENT });

const EXACT: Shape = Shape::Object(&Object {
    members: &[
        Member::required("part", VALUE, "What it is."),
        Member::required(
            "symbols",
            Shape::Words(&["digits", "hex-lower", "hex-upper"]),
            "Its characters.",
        ),
        Member::required(
            "length",
            Shape::Integer(Integer { min: 1, max: 4096, wants: "a number of characters" }),
            "How many of them it has.",
        ),
    ],
});

/// A value of the request, or one that the host stored.
const VALUE: Shape =
    Shape::OneOf(&[HEADER_OBJECT, QUERY_OBJECT, FORM_OBJECT, JSON_OBJECT, STORED_OBJECT]);

const DIGEST: Shape = Shape::Object(&Object {
    members: &[
        Member::required("hash", Shape::Words(&["sha256", "sha512", "md5"]), "The hash."),
        Member::required(
            "encoding",
            Shape::Words(&["hex-lower", "hex-upper", "base64"]),
            "How the hash is written.",
        ),
        Member::flag(
            "allow_md5",
            false,
            "Has to be true where the hash is \"md5\": whoever gets a body signed can have made \
             another one that passes under the same signature.",
        ),
    ],
});

const NONCE_DIGEST: Shape = Shape::Object(&Object {
    members: &[
        Member::required("part", VALUE, "The nonce: decimal digits. The body begins with none."),
        Member::required("hash", Shape::Words(&["sha256", "sha512"]), "The hash."),
    ],
});

const OPTIONAL: Shape = Shape::Object(&Object {
    members: &[
        Member::word("prefix", "", AROUND, "The text before it."),
        Member::required("part", VALUE, "What it is."),
        Member::word("suffix", "", AROUND, "The text after it."),
    ],
});

const AROUND: Shape = Shape::Text(Text { min: 0, max: 64, pattern: &patterns::ANY });

const TIMESTAMP: Shape = Shape::OneOf(&[
    Shape::Object(&Object {
        members: &[
            Member::required(
                "created",
                Shape::Words(&["signature-input"]),
                "The parameter \"created\" of this header, in seconds since 1970, carries the time.",
            ),
            PAST_S,
            FUTURE_S,
        ],
    }),
    Shape::Object(&Object {
        members: &[
            Member::required("header", HEADER, "The header that carries the time."),
            Member::optional(
                "or_header",
                HEADER,
                "Another header that may carry it. Where both do, they must be equal.",
            ),
            FORMAT,
            PAST_S,
            FUTURE_S,
        ],
    }),
    Shape::Object(&Object {
        members: &[
            Member::required("label", LABEL, "The pair in the carrier that carries the time."),
            FORMAT,
            PAST_S,
            FUTURE_S,
        ],
    }),
    Shape::Object(&Object {
        members: &[
            Member::required(
                "parameter",
                FIELD,
                "The parameter of the query that carries the time, or the field of the body where \
                 the carrier is \"parameter\".",
            ),
            FORMAT,
            PAST_S,
            FUTURE_S,
            Member::optional(
                "window",
                SENDER_WINDOW,
                "How old the time may be as the sender says.",
            ),
        ],
    }),
    Shape::Object(&Object {
        members: &[
            Member::required("json", FIELD, "The member of the JSON body that carries the time."),
            FORMAT,
            PAST_S,
            FUTURE_S,
        ],
    }),
]);

const SENDER_WINDOW: Shape = Shape::Object(&Object {
    members: &[
        Member::required(
            "parameter",
            FIELD,
            "The parameter beside the time that says it, in milliseconds. Without it, \"past_s\".",
        ),
        Member::required(
            "most_ms",
            Shape::Integer(Integer { min: 1, max: 604_800_000, wants: "a number of milliseconds" }),
            "The most that it may say.",
        ),
    ],
});

const FORMAT: Member = Member::required(
    "format",
    Shape::Words(&["unix_s", "unix_ms", "rfc3339", "rfc3339-ms", "http-date", "rfc1123"]),
    "How the time is written.",
);

const PAST_S: Member =
    Member::number("past_s", 300, TOLERANCE, "How old the time may be, in seconds.");

const FUTURE_S: Member =
    Member::number("future_s", 300, TOLERANCE, "How far ahead the time may be, in seconds.");

/// At most a week.
const TOLERANCE: Shape =
    Shape::Integer(Integer { min: 0, max: 604_800, wants: "a number of seconds" });
