/* The texts and numbers that the library gives: versions, statuses, reasons. */
#include "expect.h"

#include <stdint.h>

struct reason {
  uint32_t number, http_status;
  const char *name;
};

/* Every reason, in the order of the numbers. */
static const struct reason REASONS[] = {
    {TOLLGATE_REASON_NONE, 500, "none"},
    {TOLLGATE_REASON_OK, 200, "ok"},
    {TOLLGATE_REASON_OK_WOULD_DENY, 200, "ok_would_deny"},
    {TOLLGATE_REASON_OK_QUIRK, 200, "ok_quirk"},
    {TOLLGATE_REASON_BAD_HEADER_OCTET, 400, "bad_header_octet"},
    {TOLLGATE_REASON_DUP_HEADER, 400, "dup_header"},
    {TOLLGATE_REASON_TOO_MANY_HEADERS, 431, "too_many_headers"},
    {TOLLGATE_REASON_HEADER_TOO_LARGE, 431, "header_too_large"},
    {TOLLGATE_REASON_MISSING_HEADER, 400, "missing_header"},
    {TOLLGATE_REASON_MALFORMED_AUTH, 400, "malformed_auth"},
    {TOLLGATE_REASON_AMBIGUOUS_CREDENTIALS, 400, "ambiguous_credentials"},
    {TOLLGATE_REASON_BAD_TARGET, 400, "bad_target"},
    {TOLLGATE_REASON_TARGET_TOO_LONG, 414, "target_too_long"},
    {TOLLGATE_REASON_METHOD_NOT_ALLOWED, 405, "method_not_allowed"},
    {TOLLGATE_REASON_WRONG_HOST, 421, "wrong_host"},
    {TOLLGATE_REASON_BAD_FORWARDED, 400, "bad_forwarded"},
    {TOLLGATE_REASON_BAD_GRANT_REQUEST, 400, "bad_grant_request"},
    {TOLLGATE_REASON_UNSUPPORTED_GRANT_TYPE, 400, "unsupported_grant_type"},
    {TOLLGATE_REASON_BODY_TOO_LARGE, 413, "body_too_large"},
    {TOLLGATE_REASON_LENGTH_MISMATCH, 400, "length_mismatch"},
    {TOLLGATE_REASON_BAD_CONTENT_TYPE, 415, "bad_content_type"},
    {TOLLGATE_REASON_BAD_ENCODING, 415, "bad_encoding"},
    {TOLLGATE_REASON_BODY_NOT_UTF8, 400, "body_not_utf8"},
    {TOLLGATE_REASON_MALFORMED_BODY, 400, "malformed_body"},
    {TOLLGATE_REASON_DIGEST_MISMATCH, 400, "digest_mismatch"},
    {TOLLGATE_REASON_TLS_REQUIRED, 403, "tls_required"},
    {TOLLGATE_REASON_NO_CREDENTIAL, 401, "no_credential"},
    {TOLLGATE_REASON_MISSING_SIGNATURE, 401, "missing_signature"},
    {TOLLGATE_REASON_UNKNOWN_KEY, 401, "unknown_key"},
    {TOLLGATE_REASON_BAD_SECRET, 401, "bad_secret"},
    {TOLLGATE_REASON_MALFORMED_BASIC, 401, "malformed_basic"},
    {TOLLGATE_REASON_BAD_BASE64, 401, "bad_base64"},
    {TOLLGATE_REASON_CONTROL_CHAR, 401, "control_char"},
    {TOLLGATE_REASON_SIG_MISMATCH, 401, "sig_mismatch"},
    {TOLLGATE_REASON_SIG_ENCODING, 401, "sig_encoding"},
    {TOLLGATE_REASON_NO_SUPPORTED_SIGNATURE, 401, "no_supported_signature"},
    {TOLLGATE_REASON_MALFORMED_SIGNATURE, 401, "malformed_signature"},
    {TOLLGATE_REASON_UNKNOWN_SCHEME, 401, "unknown_scheme"},
    {TOLLGATE_REASON_TOKEN_MALFORMED, 401, "token_malformed"},
    {TOLLGATE_REASON_BAD_TIMESTAMP, 401, "bad_timestamp"},
    {TOLLGATE_REASON_SIGNED_PART_MISSING, 401, "signed_part_missing"},
    {TOLLGATE_REASON_CREDENTIAL_NOT_UTF8, 401, "credential_not_utf8"},
    {TOLLGATE_REASON_NO_SECRET, 401, "no_secret"},
    {TOLLGATE_REASON_TOKEN_BAD_SIG, 401, "token_bad_sig"},
    {TOLLGATE_REASON_ALG_NOT_ALLOWED, 401, "alg_not_allowed"},
    {TOLLGATE_REASON_UNKNOWN_KID, 401, "unknown_kid"},
    {TOLLGATE_REASON_STALE, 401, "stale"},
    {TOLLGATE_REASON_FUTURE, 401, "future"},
    {TOLLGATE_REASON_REPLAYED, 401, "replayed"},
    {TOLLGATE_REASON_TOKEN_EXPIRED, 401, "token_expired"},
    {TOLLGATE_REASON_TOKEN_NOT_YET, 401, "token_not_yet"},
    {TOLLGATE_REASON_LIFETIME_TOO_LONG, 401, "lifetime_too_long"},
    {TOLLGATE_REASON_REVOKED, 401, "revoked"},
    {TOLLGATE_REASON_EXPIRED_KEY, 401, "expired_key"},
    {TOLLGATE_REASON_NOT_YET_ACTIVE, 401, "not_yet_active"},
    {TOLLGATE_REASON_ROTATED_OUT, 401, "rotated_out"},
    {TOLLGATE_REASON_WRONG_ENVIRONMENT, 401, "wrong_environment"},
    {TOLLGATE_REASON_SUSPENDED, 401, "suspended"},
    {TOLLGATE_REASON_TOKEN_REVOKED, 401, "token_revoked"},
    {TOLLGATE_REASON_IP_NOT_ALLOWED, 403, "ip_not_allowed"},
    {TOLLGATE_REASON_INSUFFICIENT_SCOPE, 403, "insufficient_scope"},
    {TOLLGATE_REASON_WEAK_BINDING, 403, "weak_binding"},
    {TOLLGATE_REASON_TRUST_MISMATCH, 403, "trust_mismatch"},
    {TOLLGATE_REASON_SCOPE_NOT_GRANTED, 400, "scope_not_granted"},
    {TOLLGATE_REASON_RATE_LIMITED, 429, "rate_limited"},
    {TOLLGATE_REASON_AUTH_THROTTLED, 429, "auth_throttled"},
    {TOLLGATE_REASON_LIMITS_UNAVAILABLE, 503, "limits_unavailable"},
    {TOLLGATE_REASON_LIMITS_FULL, 503, "limits_full"},
    {TOLLGATE_REASON_CONFIG_MISSING, 503, "config_missing"},
    {TOLLGATE_REASON_BODY_REQUIRED, 503, "body_required"},
    {TOLLGATE_REASON_REPLAY_UNAVAILABLE, 503, "replay_unavailable"},
    {TOLLGATE_REASON_REPLAY_FULL, 503, "replay_full"},
    {TOLLGATE_REASON_PASSWORD_BUSY, 503, "password_busy"},
    {TOLLGATE_REASON_INTERNAL, 500, "internal"},
};

/* Static text ends with a NUL that is not counted, so that C can print it. */
static void is_printable(tollgate_bytes text) {
  EXPECT(text.len > 0 && strlen((const char *)text.data) == text.len);
}

static void versions(void) {
  char version[32];
  snprintf(version, sizeof version, "%d.%d.%d", TOLLGATE_VERSION_MAJOR, TOLLGATE_VERSION_MINOR,
           TOLLGATE_VERSION_PATCH);
  EXPECT_TEXT(version, tollgate_version());
  is_printable(tollgate_version());
  EXPECT_NUMBER(TOLLGATE_ABI, tollgate_abi());
  EXPECT_STATUS(OK, tollgate_check_abi(TOLLGATE_ABI));
  EXPECT_STATUS(ABI_MISMATCH, tollgate_check_abi(TOLLGATE_ABI + 1));
  EXPECT_STATUS(ABI_MISMATCH, tollgate_check_abi(0));
  EXPECT_STATUS(ABI_MISMATCH, tollgate_check_abi(UINT32_MAX));
}

static void statuses(void) {
  EXPECT_TEXT("the call worked", tollgate_status_text(TOLLGATE_STATUS_OK));
  for (uint32_t number = 0; number <= TOLLGATE_STATUS_NO_MEMORY; number++) {
    tollgate_bytes text = tollgate_status_text(number);
    is_printable(text);
    EXPECT(strcmp((const char *)text.data, "unknown status") != 0);
  }
  EXPECT_TEXT("unknown status", tollgate_status_text(TOLLGATE_STATUS_NO_MEMORY + 1));
  EXPECT_TEXT("unknown status", tollgate_status_text(UINT32_MAX));
}

/* All numbers up to the last reason and beyond: those of the header and no others. */
static void reasons(void) {
  const struct reason *next = REASONS, *end = REASONS + sizeof REASONS / sizeof *REASONS;
  for (uint32_t number = 0; number <= 2000; number++) {
    bool known = next < end && next->number == number;
    EXPECT_TEXT(known ? next->name : "unknown", tollgate_reason_name(number));
    EXPECT_NUMBER(known ? next->http_status : 500, tollgate_reason_http_status(number));
    tollgate_bytes text = tollgate_reason_text(number);
    is_printable(text);
    EXPECT(known == (strcmp((const char *)text.data, "unknown reason") != 0));
    if (known) next++;
  }
  EXPECT(next == end);
  EXPECT_TEXT("unknown", tollgate_reason_name(UINT32_MAX));
  EXPECT_TEXT("unknown reason", tollgate_reason_text(UINT32_MAX));
  EXPECT_NUMBER(500, tollgate_reason_http_status(UINT32_MAX));
}

/* What a stranger is told of a denial. */
static void public_names(void) {
  static const struct {
    uint32_t reason, authenticated;
    const char *name;
  } cases[] = {
      {TOLLGATE_REASON_NONE, 0, "unauthorized"},
      {TOLLGATE_REASON_UNKNOWN_KEY, 0, "unauthorized"},
      {TOLLGATE_REASON_BAD_SECRET, 0, "unauthorized"},
      {TOLLGATE_REASON_SIG_MISMATCH, 0, "unauthorized"},
      {TOLLGATE_REASON_IP_NOT_ALLOWED, 0, "unauthorized"},
      {TOLLGATE_REASON_IP_NOT_ALLOWED, 1, "ip_not_allowed"},
      {TOLLGATE_REASON_REVOKED, 0, "unauthorized"},
      {TOLLGATE_REASON_REVOKED, 1, "revoked"},
      {TOLLGATE_REASON_SCOPE_NOT_GRANTED, 400, "scope_not_granted"},
    {TOLLGATE_REASON_RATE_LIMITED, 1, "rate_limited"},
      {TOLLGATE_REASON_LIMITS_FULL, 1, "unavailable"},
      {TOLLGATE_REASON_INTERNAL, 0, "internal"},
      {TOLLGATE_REASON_MISSING_HEADER, 0, "missing_header"},
  };
  for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
    tollgate_decision decision = TOLLGATE_DECISION_INIT;
    decision.reason = cases[at].reason;
    decision.authenticated = cases[at].authenticated;
    tollgate_bytes name = {NULL, 0};
    EXPECT_STATUS(OK, tollgate_decision_public_name(&decision, &name));
    EXPECT_TEXT(cases[at].name, name);
    is_printable(name);
  }
}

int main(void) {
  versions();
  statuses();
  reasons();
  public_names();
  return expectations_met("texts");
}
