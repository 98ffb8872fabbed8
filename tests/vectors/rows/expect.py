"""What a request gets: the reasons and their statuses as the specification of the answers has
them, written down here a second time."""

STATUS = {
    "bad_header_octet": 400, "dup_header": 400, "too_many_headers": 431, "header_too_large": 431,
    "missing_header": 400, "malformed_auth": 400, "ambiguous_credentials": 400, "bad_target": 400,
    "target_too_long": 414, "method_not_allowed": 405, "wrong_host": 421, "bad_forwarded": 400,
    "body_too_large": 413, "length_mismatch": 400, "bad_content_type": 415, "bad_encoding": 415,
    "body_not_utf8": 400, "malformed_body": 400, "digest_mismatch": 400, "tls_required": 403, "no_credential": 401,
    "missing_signature": 401, "unknown_key": 401, "bad_secret": 401, "malformed_basic": 401,
    "bad_base64": 401, "control_char": 401, "sig_mismatch": 401, "sig_encoding": 401,
    "no_supported_signature": 401, "malformed_signature": 401, "unknown_scheme": 401,
    "token_malformed": 401, "bad_timestamp": 401, "signed_part_missing": 401, "credential_not_utf8":
    401, "no_secret": 401, "stale": 401, "future": 401, "revoked": 401, "expired_key": 401,
    "not_yet_active": 401, "rotated_out": 401, "wrong_environment": 401, "suspended": 401,
    "ip_not_allowed": 403, "insufficient_scope": 403, "weak_binding": 403, "trust_mismatch": 403, "rate_limited": 429,
    "auth_throttled": 429, "limits_unavailable": 503, "limits_full": 503, "config_missing": 503,
    "body_required": 503, "token_bad_sig": 401, "alg_not_allowed": 401, "unknown_kid": 401,
    "token_expired": 401, "token_not_yet": 401, "lifetime_too_long": 401, "token_revoked": 401,
    "replayed": 401, "replay_unavailable": 503, "replay_full": 503,
    "bad_grant_request": 400, "unsupported_grant_type": 400, "scope_not_granted": 400
}


def allow(credential, generation=0, reason="ok", **more):
    """Passes as `credential`, by the secret of `generation`. `more`: quirks, would_deny,
    would_deny_reason, lines."""
    return {
        "reason": reason, "status": 200, "credential": credential, "generation": generation, **more
    }


def deny(reason, status=None, **more):
    """Denied for `reason`. `more`: header, challenges, retry_after, lines, head, pending."""
    return { "reason": reason, "status": status or STATUS[reason], **more }


def one_of(*reasons):
    """Denied, and which of these it is depends on chance: only for floods."""
    return { "one_of": list(reasons) }
