// The one table of reasons. Everything that names a reason is made from it: the enum, the
// numbers, names and texts, the HTTP statuses, the constants of the C header and the table in the
// README. Numbers are stable and append-only; a retired one stays as a comment.
//
// number, Variant, name, HTTP status, group, text

reasons! {
    1, Ok, "ok", 200, Pass, "the request may pass";
    2, OkWouldDeny, "ok_would_deny", 200, Pass, "the request may pass, but a check in dry run would have denied it";
    3, OkQuirk, "ok_quirk", 200, Pass, "the request may pass, by a tolerance that the route allows";

    100, BadHeaderOctet, "bad_header_octet", 400, Shape, "a header name or value has an octet that RFC 9110 forbids";
    101, DupHeader, "dup_header", 400, Shape, "a header that must be single occurs more than once";
    102, TooManyHeaders, "too_many_headers", 431, Shape, "there are more headers than the limit";
    103, HeaderTooLarge, "header_too_large", 431, Shape, "a header name, a value or all headers together are over the limit";
    104, MissingHeader, "missing_header", 400, Shape, "a header that the route requires is missing or empty";
    105, MalformedAuth, "malformed_auth", 400, Shape, "the Authorization header is not one scheme, spaces and one token";
    106, AmbiguousCredentials, "ambiguous_credentials", 400, Shape, "credentials were presented in more than one way";
    107, BadTarget, "bad_target", 400, Shape, "the method or the request target is empty or has an octet that is not allowed";
    108, TargetTooLong, "target_too_long", 414, Shape, "the request target is over the limit";
    109, MethodNotAllowed, "method_not_allowed", 405, Shape, "the route does not take this method";
    110, WrongHost, "wrong_host", 421, Shape, "the policy does not serve this host";
    111, BadForwarded, "bad_forwarded", 400, Shape, "a trusted hop passed on a forwarding header that cannot be read";
    112, BadGrantRequest, "bad_grant_request", 400, Shape, "the request for a token is not the form of RFC 6749 section 4.4.2";
    113, UnsupportedGrantType, "unsupported_grant_type", 400, Shape, "the grant type is not client_credentials";

    200, BodyTooLarge, "body_too_large", 413, Media, "the body is over the limit of the route";
    201, LengthMismatch, "length_mismatch", 400, Media, "the body is not as long as Content-Length says";
    202, BadContentType, "bad_content_type", 415, Media, "the media type or its charset is not the one that the route takes";
    203, BadEncoding, "bad_encoding", 415, Media, "the route does not take this content coding";
    204, BodyNotUtf8, "body_not_utf8", 400, Media, "the body is not UTF-8";
    205, MalformedBody, "malformed_body", 400, Media, "the body is not the form or the JSON object that the route reads";

    300, TlsRequired, "tls_required", 403, Transport, "the route takes HTTPS only";

    400, NoCredential, "no_credential", 401, Absent, "no credential was presented";
    401, MissingSignature, "missing_signature", 401, Absent, "no signature was presented";

    500, UnknownKey, "unknown_key", 401, Credential, "no credential has this key or user, or is the one that the token names";
    501, BadSecret, "bad_secret", 401, Credential, "the secret of the credential is wrong";
    502, MalformedBasic, "malformed_basic", 401, Credential, "the Basic credentials have no colon or are too long";
    503, BadBase64, "bad_base64", 401, Credential, "the Basic credentials are not canonical base64";
    504, ControlChar, "control_char", 401, Credential, "the Basic credentials have a control character";
    505, SigMismatch, "sig_mismatch", 401, Credential, "the signature does not match the request";
    506, SigEncoding, "sig_encoding", 401, Credential, "the signature is not encoded as the scheme says";
    507, NoSupportedSignature, "no_supported_signature", 401, Credential, "no signature has a version that the scheme takes";
    508, MalformedSignature, "malformed_signature", 401, Credential, "the signature header has not the form of the scheme";
    509, UnknownScheme, "unknown_scheme", 401, Credential, "the route does not take this authentication scheme";
    510, TokenMalformed, "token_malformed", 401, Credential, "the Bearer token has not the form, the type or the claims that it must have";
    511, BadTimestamp, "bad_timestamp", 401, Credential, "the timestamp has not the form of the scheme";
    512, SignedPartMissing, "signed_part_missing", 401, Credential, "a part that the signature covers is missing, repeated, too long or not of its form";
    513, CredentialNotUtf8, "credential_not_utf8", 401, Credential, "the credential is recorded as UTF-8 and was not presented so";
    514, NoSecret, "no_secret", 401, Credential, "the credential has no signing secret for the scheme";

    515, TokenBadSig, "token_bad_sig", 401, Credential, "the signature of the token does not match";
    516, AlgNotAllowed, "alg_not_allowed", 401, Credential, "the algorithm of the token is not HS256";
    517, UnknownKid, "unknown_kid", 401, Credential, "no key that is active has the id that the token names";

    600, Stale, "stale", 401, Time, "the timestamp is too far in the past";
    601, Future, "future", 401, Time, "the timestamp is too far in the future";
    602, Replayed, "replayed", 401, Time, "the message was taken before";
    603, TokenExpired, "token_expired", 401, Time, "the token has expired";
    604, TokenNotYet, "token_not_yet", 401, Time, "the token is not valid yet";
    605, LifetimeTooLong, "lifetime_too_long", 401, Time, "the token lives longer than tokens may";

    700, Revoked, "revoked", 401, State, "the credential is revoked";
    701, ExpiredKey, "expired_key", 401, State, "the secret has expired";
    702, NotYetActive, "not_yet_active", 401, State, "the secret is not active yet";
    703, RotatedOut, "rotated_out", 401, State, "the secret has expired and a later one is active";
    704, WrongEnvironment, "wrong_environment", 401, State, "the credential or the token belongs to another environment";
    705, Suspended, "suspended", 401, State, "the credential is suspended";
    706, TokenRevoked, "token_revoked", 401, State, "the token was issued for another generation of the credential";

    800, IpNotAllowed, "ip_not_allowed", 403, Authorization, "the client address is not in the networks of the credential";
    801, InsufficientScope, "insufficient_scope", 403, Authorization, "the credential lacks the scope of the route";
    802, WeakBinding, "weak_binding", 403, Authorization, "the signature covers nothing of this request";
    803, TrustMismatch, "trust_mismatch", 403, Authorization, "the trust signature is not that of the payment, or the payment is that of another client";
    804, ScopeNotGranted, "scope_not_granted", 400, Authorization, "the client asks for a scope that it has not";

    900, RateLimited, "rate_limited", 429, Limit, "a rate limit is used up";
    901, AuthThrottled, "auth_throttled", 429, Limit, "too many failed attempts from this address";

    1000, LimitsUnavailable, "limits_unavailable", 503, Dependency, "the route has limits and no memory for them is attached";
    1001, LimitsFull, "limits_full", 503, Dependency, "the memory for limits has no room";
    1002, ConfigMissing, "config_missing", 503, Dependency, "the policy has no such route, or no key for tokens that is active";
    1003, BodyRequired, "body_required", 503, Dependency, "the route reads the body, and the host did not give it whole";
    1004, ReplayUnavailable, "replay_unavailable", 503, Dependency, "no replay memory is attached that can tell whether the message was taken before";
    1005, ReplayFull, "replay_full", 503, Dependency, "the replay memory has no room";
    1006, PasswordBusy, "password_busy", 503, Dependency, "as many passphrases with slow hashes are being verified as may be at once";

    1100, Internal, "internal", 500, Fault, "the library failed";
}
