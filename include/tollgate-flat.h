enum {
  TOLLGATE_VERSION_MAJOR = 0,
  TOLLGATE_VERSION_MINOR = 1,
  TOLLGATE_VERSION_PATCH = 0,
  TOLLGATE_ABI = 1
};
typedef enum {
  TOLLGATE_STATUS_OK = 0,
  TOLLGATE_STATUS_INVALID_ARGUMENT = 1,
  TOLLGATE_STATUS_NULL_POINTER = 2,
  TOLLGATE_STATUS_BAD_SIZE = 3,
  TOLLGATE_STATUS_BUFFER_TOO_SMALL = 4,
  TOLLGATE_STATUS_BAD_STATE = 5,
  TOLLGATE_STATUS_BAD_HANDLE = 6,
  TOLLGATE_STATUS_POLICY_INVALID = 7,
  TOLLGATE_STATUS_ALREADY_ATTACHED = 8,
  TOLLGATE_STATUS_BAD_MEMORY = 9,
  TOLLGATE_STATUS_MISMATCH = 10,
  TOLLGATE_STATUS_DECODE = 11,
  TOLLGATE_STATUS_ABI_MISMATCH = 12,
  TOLLGATE_STATUS_PANIC = 13,
  TOLLGATE_STATUS_NO_RANDOMNESS = 14,
  TOLLGATE_STATUS_NOT_BUILT_IN = 15,
  TOLLGATE_STATUS_NO_MEMORY = 16,
} tollgate_status;
typedef enum {
  TOLLGATE_REASON_NONE = 0,
  TOLLGATE_REASON_OK = 1,
  TOLLGATE_REASON_OK_WOULD_DENY = 2,
  TOLLGATE_REASON_OK_QUIRK = 3,
  TOLLGATE_REASON_BAD_HEADER_OCTET = 100,
  TOLLGATE_REASON_DUP_HEADER = 101,
  TOLLGATE_REASON_TOO_MANY_HEADERS = 102,
  TOLLGATE_REASON_HEADER_TOO_LARGE = 103,
  TOLLGATE_REASON_MISSING_HEADER = 104,
  TOLLGATE_REASON_MALFORMED_AUTH = 105,
  TOLLGATE_REASON_AMBIGUOUS_CREDENTIALS = 106,
  TOLLGATE_REASON_BAD_TARGET = 107,
  TOLLGATE_REASON_TARGET_TOO_LONG = 108,
  TOLLGATE_REASON_METHOD_NOT_ALLOWED = 109,
  TOLLGATE_REASON_WRONG_HOST = 110,
  TOLLGATE_REASON_BAD_FORWARDED = 111,
  TOLLGATE_REASON_BAD_GRANT_REQUEST = 112,
  TOLLGATE_REASON_UNSUPPORTED_GRANT_TYPE = 113,
  TOLLGATE_REASON_BODY_TOO_LARGE = 200,
  TOLLGATE_REASON_LENGTH_MISMATCH = 201,
  TOLLGATE_REASON_BAD_CONTENT_TYPE = 202,
  TOLLGATE_REASON_BAD_ENCODING = 203,
  TOLLGATE_REASON_BODY_NOT_UTF8 = 204,
  TOLLGATE_REASON_MALFORMED_BODY = 205,
  TOLLGATE_REASON_DIGEST_MISMATCH = 206,
  TOLLGATE_REASON_TLS_REQUIRED = 300,
  TOLLGATE_REASON_NO_CREDENTIAL = 400,
  TOLLGATE_REASON_MISSING_SIGNATURE = 401,
  TOLLGATE_REASON_UNKNOWN_KEY = 500,
  TOLLGATE_REASON_BAD_SECRET = 501,
  TOLLGATE_REASON_MALFORMED_BASIC = 502,
  TOLLGATE_REASON_BAD_BASE64 = 503,
  TOLLGATE_REASON_CONTROL_CHAR = 504,
  TOLLGATE_REASON_SIG_MISMATCH = 505,
  TOLLGATE_REASON_SIG_ENCODING = 506,
  TOLLGATE_REASON_NO_SUPPORTED_SIGNATURE = 507,
  TOLLGATE_REASON_MALFORMED_SIGNATURE = 508,
  TOLLGATE_REASON_UNKNOWN_SCHEME = 509,
  TOLLGATE_REASON_TOKEN_MALFORMED = 510,
  TOLLGATE_REASON_BAD_TIMESTAMP = 511,
  TOLLGATE_REASON_SIGNED_PART_MISSING = 512,
  TOLLGATE_REASON_CREDENTIAL_NOT_UTF8 = 513,
  TOLLGATE_REASON_NO_SECRET = 514,
  TOLLGATE_REASON_TOKEN_BAD_SIG = 515,
  TOLLGATE_REASON_ALG_NOT_ALLOWED = 516,
  TOLLGATE_REASON_UNKNOWN_KID = 517,
  TOLLGATE_REASON_STALE = 600,
  TOLLGATE_REASON_FUTURE = 601,
  TOLLGATE_REASON_REPLAYED = 602,
  TOLLGATE_REASON_TOKEN_EXPIRED = 603,
  TOLLGATE_REASON_TOKEN_NOT_YET = 604,
  TOLLGATE_REASON_LIFETIME_TOO_LONG = 605,
  TOLLGATE_REASON_REVOKED = 700,
  TOLLGATE_REASON_EXPIRED_KEY = 701,
  TOLLGATE_REASON_NOT_YET_ACTIVE = 702,
  TOLLGATE_REASON_ROTATED_OUT = 703,
  TOLLGATE_REASON_WRONG_ENVIRONMENT = 704,
  TOLLGATE_REASON_SUSPENDED = 705,
  TOLLGATE_REASON_TOKEN_REVOKED = 706,
  TOLLGATE_REASON_IP_NOT_ALLOWED = 800,
  TOLLGATE_REASON_INSUFFICIENT_SCOPE = 801,
  TOLLGATE_REASON_WEAK_BINDING = 802,
  TOLLGATE_REASON_TRUST_MISMATCH = 803,
  TOLLGATE_REASON_SCOPE_NOT_GRANTED = 804,
  TOLLGATE_REASON_RATE_LIMITED = 900,
  TOLLGATE_REASON_AUTH_THROTTLED = 901,
  TOLLGATE_REASON_LIMITS_UNAVAILABLE = 1000,
  TOLLGATE_REASON_LIMITS_FULL = 1001,
  TOLLGATE_REASON_CONFIG_MISSING = 1002,
  TOLLGATE_REASON_BODY_REQUIRED = 1003,
  TOLLGATE_REASON_REPLAY_UNAVAILABLE = 1004,
  TOLLGATE_REASON_REPLAY_FULL = 1005,
  TOLLGATE_REASON_PASSWORD_BUSY = 1006,
  TOLLGATE_REASON_INTERNAL = 1100,
} tollgate_reason;
typedef enum {
  TOLLGATE_VERDICT_DENY = 0,
  TOLLGATE_VERDICT_ALLOW = 1,
} tollgate_verdict;
typedef enum {
  TOLLGATE_CHECK_HOST = 1,
  TOLLGATE_CHECK_HTTPS = (1 << 1),
  TOLLGATE_CHECK_REQUIRED_HEADERS = (1 << 2),
  TOLLGATE_CHECK_MEDIA_TYPE = (1 << 3),
  TOLLGATE_CHECK_THROTTLE = (1 << 4),
  TOLLGATE_CHECK_SIGNATURE = (1 << 5),
  TOLLGATE_CHECK_NETWORK = (1 << 6),
  TOLLGATE_CHECK_SCOPE = (1 << 7),
  TOLLGATE_CHECK_RATE = (1 << 8),
  TOLLGATE_CHECK_REPLAY = (1 << 9),
} tollgate_check;
typedef enum {
  TOLLGATE_CHALLENGE_BASIC = 1,
  TOLLGATE_CHALLENGE_BEARER = (1 << 1),
  TOLLGATE_CHALLENGE_API_KEY = (1 << 2),
  TOLLGATE_CHALLENGE_SIGNATURE = (1 << 3),
} tollgate_challenge;
typedef enum {
  TOLLGATE_QUIRK_BASIC_TRAILING_NEWLINE = 1,
  TOLLGATE_QUIRK_BASIC_UNPADDED = (1 << 1),
  TOLLGATE_QUIRK_REPLAY_FULL = (1 << 2),
  TOLLGATE_QUIRK_BASIC_RAW = (1 << 3),
} tollgate_quirk;
typedef enum {
  TOLLGATE_SECRET_MODE_TEXT = 0,
  TOLLGATE_SECRET_MODE_HOST = 1,
} tollgate_secret_mode;
typedef enum {
  TOLLGATE_BASE64_ALPHABET_STANDARD = 0,
  TOLLGATE_BASE64_ALPHABET_URL_SAFE = 1,
} tollgate_base64_alphabet;
typedef enum {
  TOLLGATE_BASE64_PADDING_REQUIRED = 0,
  TOLLGATE_BASE64_PADDING_OPTIONAL = 1,
  TOLLGATE_BASE64_PADDING_FORBIDDEN = 2,
} tollgate_base64_padding;
typedef enum {
  TOLLGATE_HEX_CASE_LOWER = 0,
  TOLLGATE_HEX_CASE_UPPER = 1,
  TOLLGATE_HEX_CASE_ANY = 2,
} tollgate_hex_case;
typedef enum {
  TOLLGATE_CARRIER_HEADER = 0,
  TOLLGATE_CARRIER_QUERY = 1,
  TOLLGATE_CARRIER_FORM = 2,
  TOLLGATE_CARRIER_JSON = 3,
  TOLLGATE_CARRIER_PARAMETER = 4,
} tollgate_carrier;
typedef enum {
  TOLLGATE_KEY_FAULT_NONE = 0,
  TOLLGATE_KEY_FAULT_PREFIX = 1,
  TOLLGATE_KEY_FAULT_ENVIRONMENT = 2,
  TOLLGATE_KEY_FAULT_SYMBOL = 3,
  TOLLGATE_KEY_FAULT_LENGTH = 4,
  TOLLGATE_KEY_FAULT_CHECKSUM = 5,
} tollgate_key_fault;
typedef enum {
  TOLLGATE_SECRET_KIND_API_KEY = 1,
  TOLLGATE_SECRET_KIND_PASSPHRASE = 2,
  TOLLGATE_SECRET_KIND_SIGNING_SECRET = 3,
} tollgate_secret_kind;
typedef struct tollgate_gate tollgate_gate;
typedef struct tollgate_networks tollgate_networks;
typedef struct tollgate_policy tollgate_policy;
typedef struct tollgate_scheme tollgate_scheme;
typedef struct {
  const uint8_t *data;
  size_t len;
} tollgate_bytes;
typedef struct {
  uint64_t used;
  uint64_t room;
} tollgate_fill;
typedef struct {
  uint64_t opaque[8];
} tollgate_claim;
typedef struct {
  size_t size;
  uint32_t verdict;
  uint32_t reason;
  uint32_t http_status;
  uint32_t authenticated;
  uint32_t would_deny;
  uint32_t would_deny_reason;
  uint32_t quirks;
  uint32_t generation;
  uint32_t challenges;
  uint32_t has_rate;
  uint64_t retry_after_ms;
  uint64_t rate_quota;
  uint64_t rate_window_s;
  uint64_t rate_remaining;
  uint64_t rate_reset_s;
  char credential[65];
  char header[65];
  char scope[65];
  char allow[65];
  char realm[65];
  char rate_name[35];
  tollgate_claim claim;
  uint32_t claimed;
  uint32_t replay_pending;
} tollgate_decision;
typedef struct {
  tollgate_bytes name;
  tollgate_bytes value;
} tollgate_header_line;
typedef struct {
  size_t size;
  tollgate_bytes route;
  tollgate_bytes method;
  tollgate_bytes target;
  tollgate_bytes host;
  const tollgate_header_line *headers;
  size_t header_count;
  tollgate_bytes body;
  tollgate_bytes peer;
  uint32_t tls;
  uint32_t reserved;
  uint64_t unix_ms;
  uint64_t monotonic_ns;
  tollgate_bytes stored_signature;
  tollgate_bytes stored_value;
  tollgate_bytes stored_seed;
  tollgate_bytes stored_credential;
} tollgate_request;
typedef struct {
  uint64_t opaque[640];
} tollgate_context;
typedef struct {
  uint64_t opaque[8];
} tollgate_hmac_sha256_key;
typedef struct {
  uint64_t opaque[17];
} tollgate_hmac_sha256_state;
typedef struct {
  const tollgate_hmac_sha256_key *key;
  tollgate_bytes message;
  tollgate_bytes tag;
} tollgate_hmac_sha256_item;
typedef struct {
  uint64_t opaque[16];
} tollgate_hmac_sha512_key;
typedef struct {
  uint64_t opaque[33];
} tollgate_hmac_sha512_state;
tollgate_bytes tollgate_status_text(uint32_t status);
tollgate_bytes tollgate_version(void);
uint32_t tollgate_abi(void);
tollgate_status tollgate_check_abi(uint32_t header_abi);
tollgate_bytes tollgate_reason_name(uint32_t reason);
tollgate_bytes tollgate_reason_text(uint32_t reason);
uint32_t tollgate_reason_http_status(uint32_t reason);
tollgate_status tollgate_policy_load(tollgate_bytes document,
                                     tollgate_bytes name,
                                     uint32_t secrets,
                                     tollgate_bytes base,
                                     uint8_t *errors,
                                     size_t capacity,
                                     size_t *length,
                                     tollgate_policy **policy);
tollgate_status tollgate_policy_free(tollgate_policy *policy);
tollgate_status tollgate_policy_credential_count(const tollgate_policy *policy, size_t *count);
tollgate_status tollgate_policy_replay_window(const tollgate_policy *policy, uint64_t *window_ms);
tollgate_status tollgate_policy_route_streams(const tollgate_policy *policy,
                                              tollgate_bytes route,
                                              uint32_t *streams);
tollgate_status tollgate_policy_needs_limits(const tollgate_policy *policy, uint32_t *needs);
tollgate_status tollgate_policy_route_count(const tollgate_policy *policy, size_t *count);
tollgate_status tollgate_policy_route_name(const tollgate_policy *policy,
                                           size_t index,
                                           tollgate_bytes *name);
tollgate_status tollgate_policy_route_issues_tokens(const tollgate_policy *policy,
                                                    tollgate_bytes route,
                                                    uint32_t *issues);
tollgate_status tollgate_limits_size(size_t credentials, size_t addresses, size_t *size);
tollgate_status tollgate_limits_init(void *memory,
                                     size_t size,
                                     size_t credentials,
                                     size_t addresses,
                                     tollgate_bytes seed);
tollgate_status tollgate_limits_fill(const void *memory,
                                     size_t size,
                                     uint64_t monotonic_ns,
                                     tollgate_fill *credentials,
                                     tollgate_fill *addresses);
tollgate_status tollgate_replay_size(size_t messages, size_t *size);
tollgate_status tollgate_replay_init(void *memory,
                                     size_t size,
                                     size_t messages,
                                     uint64_t window_ms,
                                     tollgate_bytes seed);
tollgate_status tollgate_replay_fill(const void *memory,
                                     size_t size,
                                     uint64_t unix_ms,
                                     tollgate_fill *messages);
tollgate_status tollgate_gate_confirm(const tollgate_gate *gate,
                                      const tollgate_claim *claim,
                                      uint32_t *held);
tollgate_status tollgate_gate_release(const tollgate_gate *gate,
                                      const tollgate_claim *claim,
                                      uint32_t *held);
tollgate_status tollgate_decision_headers(const tollgate_decision *decision,
                                          uint8_t *buffer,
                                          size_t capacity,
                                          size_t *length);
tollgate_status tollgate_decision_public_name(const tollgate_decision *decision,
                                              tollgate_bytes *name);
tollgate_status tollgate_gate_new(const tollgate_policy *policy, tollgate_gate **gate);
tollgate_status tollgate_gate_free(tollgate_gate *gate);
tollgate_status tollgate_gate_swap(const tollgate_gate *gate, const tollgate_policy *policy);
tollgate_status tollgate_gate_attach_limits(const tollgate_gate *gate, void *memory, size_t size);
tollgate_status tollgate_gate_attach_replay(const tollgate_gate *gate, void *memory, size_t size);
tollgate_status tollgate_gate_verify(const tollgate_gate *gate,
                                     const tollgate_request *request,
                                     tollgate_decision *decision);
tollgate_status tollgate_gate_verify_streamed(const tollgate_gate *gate,
                                              const tollgate_request *request,
                                              tollgate_decision *decision);
tollgate_status tollgate_gate_verify_flat(const tollgate_gate *gate,
                                          const uint8_t *route,
                                          size_t route_len,
                                          const uint8_t *method,
                                          size_t method_len,
                                          const uint8_t *target,
                                          size_t target_len,
                                          const uint8_t *host,
                                          size_t host_len,
                                          const uint8_t *head,
                                          size_t head_len,
                                          const uint8_t *body,
                                          size_t body_len,
                                          const uint8_t *peer,
                                          size_t peer_len,
                                          uint32_t tls,
                                          uint64_t unix_ms,
                                          uint64_t monotonic_ns,
                                          tollgate_decision *decision);
tollgate_status tollgate_gate_verify_batch(const tollgate_gate *gate,
                                           const tollgate_request *requests,
                                           size_t count,
                                           tollgate_decision *decisions);
tollgate_status tollgate_counters_size(size_t routes, size_t *size);
tollgate_status tollgate_counters_init(void *memory, size_t size, size_t routes);
tollgate_status tollgate_counters_count(void *memory,
                                        size_t size,
                                        tollgate_bytes route,
                                        const tollgate_decision *decision,
                                        uint32_t dry_run);
tollgate_status tollgate_counters_text(const void *memory,
                                       size_t size,
                                       tollgate_bytes labels,
                                       uint8_t *buffer,
                                       size_t capacity,
                                       size_t *needed);
tollgate_status tollgate_gate_token(const tollgate_gate *gate,
                                    const tollgate_request *request,
                                    uint8_t *buffer,
                                    size_t capacity,
                                    size_t *head_length,
                                    size_t *length,
                                    tollgate_decision *decision);
tollgate_status tollgate_gate_begin(const tollgate_gate *gate,
                                    const tollgate_request *request,
                                    tollgate_context *context,
                                    tollgate_decision *decision);
tollgate_status tollgate_context_update(tollgate_context *context,
                                        tollgate_bytes piece,
                                        uint32_t *wanted);
tollgate_status tollgate_context_finish(tollgate_context *context,
                                        uint64_t unix_ms,
                                        uint64_t monotonic_ns,
                                        tollgate_decision *decision);
tollgate_status tollgate_context_abort(tollgate_context *context);
tollgate_status tollgate_scheme_new(tollgate_bytes name,
                                    tollgate_bytes url,
                                    const tollgate_bytes *secrets,
                                    size_t secret_count,
                                    tollgate_scheme **scheme);
tollgate_status tollgate_scheme_of_route(const tollgate_policy *policy,
                                         tollgate_bytes route,
                                         const tollgate_bytes *secrets,
                                         size_t secret_count,
                                         tollgate_scheme **scheme);
tollgate_status tollgate_scheme_free(tollgate_scheme *scheme);
tollgate_status tollgate_scheme_carrier(const tollgate_scheme *scheme,
                                        uint32_t *carrier,
                                        tollgate_bytes *name);
tollgate_status tollgate_scheme_sign(const tollgate_scheme *scheme,
                                     const tollgate_request *request,
                                     tollgate_bytes id,
                                     tollgate_bytes key,
                                     uint8_t *headers,
                                     size_t headers_capacity,
                                     size_t *headers_length,
                                     uint8_t *value,
                                     size_t value_capacity,
                                     size_t *value_length,
                                     uint32_t *reason);
tollgate_status tollgate_scheme_verify(const tollgate_scheme *scheme,
                                       const tollgate_request *request,
                                       uint32_t *reason,
                                       uint32_t *matched);
tollgate_status tollgate_scheme_verify_with(tollgate_bytes name,
                                            tollgate_bytes url,
                                            const tollgate_bytes *secrets,
                                            size_t secret_count,
                                            const tollgate_request *request,
                                            uint32_t *reason,
                                            uint32_t *matched);
tollgate_status tollgate_hmac_sha256_key_init(tollgate_hmac_sha256_key *key, tollgate_bytes secret);
tollgate_status tollgate_hmac_sha256_key_wipe(tollgate_hmac_sha256_key *key);
tollgate_status tollgate_hmac_sha256_mac(const tollgate_hmac_sha256_key *key,
                                         tollgate_bytes message,
                                         uint8_t tag[32]);
tollgate_status tollgate_hmac_sha256_verify(const tollgate_hmac_sha256_key *key,
                                            tollgate_bytes message,
                                            tollgate_bytes tag);
tollgate_status tollgate_hmac_sha256_init(tollgate_hmac_sha256_state *state,
                                          const tollgate_hmac_sha256_key *key);
tollgate_status tollgate_hmac_sha256_update(tollgate_hmac_sha256_state *state,
                                            tollgate_bytes piece);
tollgate_status tollgate_hmac_sha256_finish(tollgate_hmac_sha256_state *state, uint8_t tag[32]);
tollgate_status tollgate_hmac_sha256_finish_verify(tollgate_hmac_sha256_state *state,
                                                   tollgate_bytes tag);
tollgate_status tollgate_hmac_sha256_verify_batch(const tollgate_hmac_sha256_item *items,
                                                  size_t count,
                                                  uint8_t *results);
tollgate_status tollgate_hmac_sha512_key_init(tollgate_hmac_sha512_key *key, tollgate_bytes secret);
tollgate_status tollgate_hmac_sha512_key_wipe(tollgate_hmac_sha512_key *key);
tollgate_status tollgate_hmac_sha512_mac(const tollgate_hmac_sha512_key *key,
                                         tollgate_bytes message,
                                         uint8_t tag[64]);
tollgate_status tollgate_hmac_sha512_verify(const tollgate_hmac_sha512_key *key,
                                            tollgate_bytes message,
                                            tollgate_bytes tag);
tollgate_status tollgate_hmac_sha512_init(tollgate_hmac_sha512_state *state,
                                          const tollgate_hmac_sha512_key *key);
tollgate_status tollgate_hmac_sha512_update(tollgate_hmac_sha512_state *state,
                                            tollgate_bytes piece);
tollgate_status tollgate_hmac_sha512_finish(tollgate_hmac_sha512_state *state, uint8_t tag[64]);
tollgate_status tollgate_hmac_sha512_finish_verify(tollgate_hmac_sha512_state *state,
                                                   tollgate_bytes tag);
tollgate_status tollgate_equal(tollgate_bytes left, tollgate_bytes right);
tollgate_status tollgate_secret_sha256(tollgate_bytes secret, uint8_t hash[32]);
tollgate_status tollgate_secret_matches(tollgate_bytes presented,
                                        tollgate_bytes hash,
                                        tollgate_bytes pepper);
tollgate_status tollgate_message_sign(tollgate_bytes secret,
                                      tollgate_bytes claims,
                                      uint8_t *message,
                                      size_t capacity,
                                      size_t *length);
tollgate_status tollgate_message_verify(tollgate_bytes secret,
                                        tollgate_bytes message,
                                        uint8_t *claims,
                                        size_t capacity,
                                        size_t *length);
tollgate_status tollgate_message_claims(tollgate_bytes message,
                                        uint8_t *claims,
                                        size_t capacity,
                                        size_t *length);
tollgate_status tollgate_key_generate(tollgate_bytes prefix,
                                      tollgate_bytes environment,
                                      tollgate_bytes entropy,
                                      uint8_t *out,
                                      size_t capacity,
                                      size_t *needed);
tollgate_status tollgate_key_parse(tollgate_bytes key,
                                   size_t *prefix,
                                   size_t *environment,
                                   uint32_t *fault);
tollgate_status tollgate_key_hash(tollgate_bytes secret, tollgate_bytes pepper, uint8_t digits[64]);
tollgate_status tollgate_password_hash(tollgate_bytes password,
                                       tollgate_bytes salt,
                                       uint8_t *out,
                                       size_t capacity,
                                       size_t *needed);
tollgate_status tollgate_password_verify(tollgate_bytes password, tollgate_bytes hash);
tollgate_status tollgate_credential_rotate(tollgate_bytes record,
                                           uint32_t secret,
                                           tollgate_bytes value,
                                           tollgate_bytes schemes,
                                           uint64_t unix_ms,
                                           uint64_t overlap_s,
                                           uint8_t *out,
                                           size_t capacity,
                                           size_t *needed);
tollgate_status tollgate_credential_reset(tollgate_bytes record,
                                          uint32_t secret,
                                          tollgate_bytes value,
                                          tollgate_bytes schemes,
                                          uint8_t *out,
                                          size_t capacity,
                                          size_t *needed);
tollgate_status tollgate_credential_revoke(tollgate_bytes record,
                                           uint64_t unix_ms,
                                           uint8_t *out,
                                           size_t capacity,
                                           size_t *needed);
tollgate_status tollgate_base64_encode(tollgate_bytes input,
                                       uint32_t alphabet,
                                       uint32_t padding,
                                       uint8_t *out,
                                       size_t capacity,
                                       size_t *needed);
tollgate_status tollgate_base64_decode(tollgate_bytes input,
                                       uint32_t alphabet,
                                       uint32_t padding,
                                       uint8_t *out,
                                       size_t capacity,
                                       size_t *needed);
tollgate_status tollgate_hex_encode(tollgate_bytes input,
                                    uint32_t letters,
                                    uint8_t *out,
                                    size_t capacity,
                                    size_t *needed);
tollgate_status tollgate_hex_decode(tollgate_bytes input,
                                    uint32_t letters,
                                    uint8_t *out,
                                    size_t capacity,
                                    size_t *needed);
tollgate_status tollgate_networks_load(tollgate_bytes list,
                                       tollgate_networks **networks,
                                       uint8_t *error,
                                       size_t capacity,
                                       size_t *length);
tollgate_status tollgate_networks_contain(const tollgate_networks *networks,
                                          tollgate_bytes address);
tollgate_status tollgate_networks_contain_many(const tollgate_networks *networks,
                                               tollgate_bytes addresses,
                                               size_t width,
                                               uint8_t *inside,
                                               size_t capacity);
tollgate_status tollgate_networks_free(tollgate_networks *networks);
tollgate_status tollgate_network_contains(tollgate_bytes network, tollgate_bytes address);
tollgate_status tollgate_trust_sign(tollgate_bytes value,
                                    tollgate_bytes seed,
                                    uint8_t signature[64]);
tollgate_status tollgate_trust_verify(tollgate_bytes value,
                                      tollgate_bytes seed,
                                      tollgate_bytes signature);
tollgate_status tollgate_trust_sign_keyed(const tollgate_hmac_sha256_key *key,
                                          tollgate_bytes value,
                                          tollgate_bytes seed,
                                          uint8_t signature[64]);
tollgate_status tollgate_trust_verify_keyed(const tollgate_hmac_sha256_key *key,
                                            tollgate_bytes value,
                                            tollgate_bytes seed,
                                            tollgate_bytes signature);
