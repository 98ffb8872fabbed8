/* Tollgate: an embeddable verification core for payment APIs and webhooks.
 *
 * Made of the sources; do not change it here.
 *
 * Conventions
 *
 *   Result     A function that can fail returns a tollgate_status; what it gives goes through
 *              pointers and is written only on success, except where it says otherwise.
 *              Arguments against these conventions are TOLLGATE_STATUS_NULL_POINTER,
 *              TOLLGATE_STATUS_INVALID_ARGUMENT or TOLLGATE_STATUS_BAD_HANDLE.
 *   Inputs     tollgate_bytes lends bytes for the call. Nothing is kept, and no input has to end
 *              with a NUL.
 *   Pointers   must be aligned for what they point to, and must not be NULL except where a
 *              function says so. Memory that is written must not overlap an input.
 *   Handles    are opaque, belong to the caller, and are released with their _free function, to
 *              which NULL is fine. A const pointer to one may be used from any number of threads
 *              at once.
 *   Threads    Functions may be called from any thread. There is no global state, no thread-local
 *              error and no callback.
 *   Structs    that begin with a size are filled with their initialiser macro first.
 *   Failure    A failure inside the library is TOLLGATE_STATUS_PANIC; it never ends the process.
 */


#ifndef TOLLGATE_H
#define TOLLGATE_H

#include <stddef.h>
#include <stdint.h>

/* Marks every function; define it before the header to give them an attribute of your own. */
#ifndef TOLLGATE_API
#define TOLLGATE_API
#endif

/* A result that must be looked at. */
#ifndef TOLLGATE_MUST_USE
#if defined(__GNUC__) || defined(__clang__)
#define TOLLGATE_MUST_USE __attribute__((warn_unused_result))
#else
#define TOLLGATE_MUST_USE
#endif
#endif

/* The version of this header. TOLLGATE_ABI goes to tollgate_check_abi(). */
#define TOLLGATE_VERSION_MAJOR 0
#define TOLLGATE_VERSION_MINOR 1
#define TOLLGATE_VERSION_PATCH 0
#define TOLLGATE_ABI 1


/**
 * Whether a call worked. Zero is success; numbers are stable, and later versions may add some.
 *
 * After any other status than TOLLGATE_STATUS_OK the outputs of the call are as they were, except
 * where a function says otherwise.
 */
typedef enum {
  /**
   * The call did what it is for.
   */
  TOLLGATE_STATUS_OK = 0,
  /**
   * An argument has a value that it may not have, overlaps another, or is misaligned.
   */
  TOLLGATE_STATUS_INVALID_ARGUMENT = 1,
  /**
   * A pointer that must not be NULL is.
   */
  TOLLGATE_STATUS_NULL_POINTER = 2,
  /**
   * A struct says that it has a size that no version of it has.
   */
  TOLLGATE_STATUS_BAD_SIZE = 3,
  /**
   * The caller's buffer is too small; the size that it needs was given back.
   */
  TOLLGATE_STATUS_BUFFER_TOO_SMALL = 4,
  /**
   * The object is not in a state in which the call makes sense.
   */
  TOLLGATE_STATUS_BAD_STATE = 5,
  /**
   * The handle is not one of this kind, or was freed.
   */
  TOLLGATE_STATUS_BAD_HANDLE = 6,
  /**
   * The policy document has errors; nothing of it is in force.
   */
  TOLLGATE_STATUS_POLICY_INVALID = 7,
  /**
   * The memory is attached already.
   */
  TOLLGATE_STATUS_ALREADY_ATTACHED = 8,
  /**
   * The memory is too small, misaligned, or has another layout than this version's.
   */
  TOLLGATE_STATUS_BAD_MEMORY = 9,
  /**
   * What was compared is not equal.
   */
  TOLLGATE_STATUS_MISMATCH = 10,
  /**
   * The text is not well formed.
   */
  TOLLGATE_STATUS_DECODE = 11,
  /**
   * The header that the program was compiled with is another version's.
   */
  TOLLGATE_STATUS_ABI_MISMATCH = 12,
  /**
   * The library failed. The process goes on, and other handles are not affected.
   */
  TOLLGATE_STATUS_PANIC = 13,
  /**
   * The operating system gave no random numbers.
   */
  TOLLGATE_STATUS_NO_RANDOMNESS = 14,
  /**
   * The library was built without the feature that the call needs.
   */
  TOLLGATE_STATUS_NOT_BUILT_IN = 15,
  /**
   * There is not enough memory; nothing was done.
   */
  TOLLGATE_STATUS_NO_MEMORY = 16,
} tollgate_status;

/**
 * Why a request was denied, or how it passed. Numbers are stable, and later versions may add some.
 */
typedef enum {
  /**
   * Nothing was decided.
   */
  TOLLGATE_REASON_NONE = 0,
  /**
   * The request may pass.
   */
  TOLLGATE_REASON_OK = 1,
  /**
   * The request may pass, but a check in dry run would have denied it.
   */
  TOLLGATE_REASON_OK_WOULD_DENY = 2,
  /**
   * The request may pass, by a tolerance that the route allows.
   */
  TOLLGATE_REASON_OK_QUIRK = 3,
  /**
   * A header name or value has an octet that RFC 9110 forbids.
   */
  TOLLGATE_REASON_BAD_HEADER_OCTET = 100,
  /**
   * A header that must be single occurs more than once.
   */
  TOLLGATE_REASON_DUP_HEADER = 101,
  /**
   * There are more headers than the limit.
   */
  TOLLGATE_REASON_TOO_MANY_HEADERS = 102,
  /**
   * A header name, a value or all headers together are over the limit.
   */
  TOLLGATE_REASON_HEADER_TOO_LARGE = 103,
  /**
   * A header that the route requires is missing or empty.
   */
  TOLLGATE_REASON_MISSING_HEADER = 104,
  /**
   * The Authorization header is not one scheme, spaces and one token.
   */
  TOLLGATE_REASON_MALFORMED_AUTH = 105,
  /**
   * Credentials were presented in more than one way.
   */
  TOLLGATE_REASON_AMBIGUOUS_CREDENTIALS = 106,
  /**
   * The method or the request target is empty or has an octet that is not allowed.
   */
  TOLLGATE_REASON_BAD_TARGET = 107,
  /**
   * The request target is over the limit.
   */
  TOLLGATE_REASON_TARGET_TOO_LONG = 108,
  /**
   * The route does not take this method.
   */
  TOLLGATE_REASON_METHOD_NOT_ALLOWED = 109,
  /**
   * The policy does not serve this host.
   */
  TOLLGATE_REASON_WRONG_HOST = 110,
  /**
   * A trusted hop passed on a forwarding header that cannot be read.
   */
  TOLLGATE_REASON_BAD_FORWARDED = 111,
  /**
   * The request for a token is not the form of RFC 6749 section 4.4.2.
   */
  TOLLGATE_REASON_BAD_GRANT_REQUEST = 112,
  /**
   * The grant type is not client_credentials.
   */
  TOLLGATE_REASON_UNSUPPORTED_GRANT_TYPE = 113,
  /**
   * The body is over the limit of the route.
   */
  TOLLGATE_REASON_BODY_TOO_LARGE = 200,
  /**
   * The body is not as long as Content-Length says.
   */
  TOLLGATE_REASON_LENGTH_MISMATCH = 201,
  /**
   * The media type or its charset is not the one that the route takes.
   */
  TOLLGATE_REASON_BAD_CONTENT_TYPE = 202,
  /**
   * The route does not take this content coding.
   */
  TOLLGATE_REASON_BAD_ENCODING = 203,
  /**
   * The body is not UTF-8.
   */
  TOLLGATE_REASON_BODY_NOT_UTF8 = 204,
  /**
   * The body is not the form or the JSON object that the route reads.
   */
  TOLLGATE_REASON_MALFORMED_BODY = 205,
  /**
   * The body is not the one of its Content-Digest.
   */
  TOLLGATE_REASON_DIGEST_MISMATCH = 206,
  /**
   * The route takes HTTPS only.
   */
  TOLLGATE_REASON_TLS_REQUIRED = 300,
  /**
   * No credential was presented.
   */
  TOLLGATE_REASON_NO_CREDENTIAL = 400,
  /**
   * No signature was presented.
   */
  TOLLGATE_REASON_MISSING_SIGNATURE = 401,
  /**
   * No credential has this key or user, or is the one that the token names.
   */
  TOLLGATE_REASON_UNKNOWN_KEY = 500,
  /**
   * The secret of the credential is wrong.
   */
  TOLLGATE_REASON_BAD_SECRET = 501,
  /**
   * The Basic credentials have no colon or are too long.
   */
  TOLLGATE_REASON_MALFORMED_BASIC = 502,
  /**
   * The Basic credentials are not canonical base64.
   */
  TOLLGATE_REASON_BAD_BASE64 = 503,
  /**
   * The Basic credentials have a control character.
   */
  TOLLGATE_REASON_CONTROL_CHAR = 504,
  /**
   * The signature does not match the request.
   */
  TOLLGATE_REASON_SIG_MISMATCH = 505,
  /**
   * The signature is not encoded as the scheme says.
   */
  TOLLGATE_REASON_SIG_ENCODING = 506,
  /**
   * No signature has a version that the scheme takes.
   */
  TOLLGATE_REASON_NO_SUPPORTED_SIGNATURE = 507,
  /**
   * The signature header has not the form of the scheme.
   */
  TOLLGATE_REASON_MALFORMED_SIGNATURE = 508,
  /**
   * The route does not take this authentication scheme.
   */
  TOLLGATE_REASON_UNKNOWN_SCHEME = 509,
  /**
   * The Bearer token has not the form, the type or the claims that it must have.
   */
  TOLLGATE_REASON_TOKEN_MALFORMED = 510,
  /**
   * The timestamp has not the form of the scheme.
   */
  TOLLGATE_REASON_BAD_TIMESTAMP = 511,
  /**
   * A part that the signature covers is missing, repeated, too long or not of its form.
   */
  TOLLGATE_REASON_SIGNED_PART_MISSING = 512,
  /**
   * The credential is recorded as UTF-8 and was not presented so.
   */
  TOLLGATE_REASON_CREDENTIAL_NOT_UTF8 = 513,
  /**
   * The credential has no signing secret for the scheme.
   */
  TOLLGATE_REASON_NO_SECRET = 514,
  /**
   * The signature of the token does not match.
   */
  TOLLGATE_REASON_TOKEN_BAD_SIG = 515,
  /**
   * The algorithm of the token is not HS256.
   */
  TOLLGATE_REASON_ALG_NOT_ALLOWED = 516,
  /**
   * No key that is active has the id that the token names.
   */
  TOLLGATE_REASON_UNKNOWN_KID = 517,
  /**
   * The timestamp is too far in the past.
   */
  TOLLGATE_REASON_STALE = 600,
  /**
   * The timestamp is too far in the future.
   */
  TOLLGATE_REASON_FUTURE = 601,
  /**
   * The message was taken before.
   */
  TOLLGATE_REASON_REPLAYED = 602,
  /**
   * The token has expired.
   */
  TOLLGATE_REASON_TOKEN_EXPIRED = 603,
  /**
   * The token is not valid yet.
   */
  TOLLGATE_REASON_TOKEN_NOT_YET = 604,
  /**
   * The token lives longer than tokens may.
   */
  TOLLGATE_REASON_LIFETIME_TOO_LONG = 605,
  /**
   * The credential is revoked.
   */
  TOLLGATE_REASON_REVOKED = 700,
  /**
   * The secret has expired.
   */
  TOLLGATE_REASON_EXPIRED_KEY = 701,
  /**
   * The secret is not active yet.
   */
  TOLLGATE_REASON_NOT_YET_ACTIVE = 702,
  /**
   * The secret has expired and a later one is active.
   */
  TOLLGATE_REASON_ROTATED_OUT = 703,
  /**
   * The credential or the token belongs to another environment.
   */
  TOLLGATE_REASON_WRONG_ENVIRONMENT = 704,
  /**
   * The credential is suspended.
   */
  TOLLGATE_REASON_SUSPENDED = 705,
  /**
   * The token was issued for another generation of the credential.
   */
  TOLLGATE_REASON_TOKEN_REVOKED = 706,
  /**
   * The client address is not in the networks of the credential.
   */
  TOLLGATE_REASON_IP_NOT_ALLOWED = 800,
  /**
   * The credential lacks the scope of the route.
   */
  TOLLGATE_REASON_INSUFFICIENT_SCOPE = 801,
  /**
   * The signature covers nothing of this request.
   */
  TOLLGATE_REASON_WEAK_BINDING = 802,
  /**
   * The trust signature is not that of the payment, or the payment is that of another client.
   */
  TOLLGATE_REASON_TRUST_MISMATCH = 803,
  /**
   * The client asks for a scope that it has not.
   */
  TOLLGATE_REASON_SCOPE_NOT_GRANTED = 804,
  /**
   * A rate limit is used up.
   */
  TOLLGATE_REASON_RATE_LIMITED = 900,
  /**
   * Too many failed attempts from this address.
   */
  TOLLGATE_REASON_AUTH_THROTTLED = 901,
  /**
   * The route has limits and no memory for them is attached.
   */
  TOLLGATE_REASON_LIMITS_UNAVAILABLE = 1000,
  /**
   * The memory for limits has no room.
   */
  TOLLGATE_REASON_LIMITS_FULL = 1001,
  /**
   * The policy has no such route, or no key for tokens that is active.
   */
  TOLLGATE_REASON_CONFIG_MISSING = 1002,
  /**
   * The route reads the body, and the host did not give it whole.
   */
  TOLLGATE_REASON_BODY_REQUIRED = 1003,
  /**
   * No replay memory is attached that can tell whether the message was taken before.
   */
  TOLLGATE_REASON_REPLAY_UNAVAILABLE = 1004,
  /**
   * The replay memory has no room.
   */
  TOLLGATE_REASON_REPLAY_FULL = 1005,
  /**
   * As many passphrases with slow hashes are being verified as may be at once.
   */
  TOLLGATE_REASON_PASSWORD_BUSY = 1006,
  /**
   * The library failed.
   */
  TOLLGATE_REASON_INTERNAL = 1100,
} tollgate_reason;

/**
 * Whether the request may pass. The zero value denies.
 */
typedef enum {
  /**
   * The request must not pass.
   */
  TOLLGATE_VERDICT_DENY = 0,
  /**
   * The request may pass.
   */
  TOLLGATE_VERDICT_ALLOW = 1,
} tollgate_verdict;

/**
 * The checks, as bits of `tollgate_decision.would_deny`. Those that a route may run dry have a word in
 * the policy document.
 */
typedef enum {
  /**
   * The host is one that the policy serves.
   */
  TOLLGATE_CHECK_HOST = 1,
  /**
   * The connection is HTTPS.
   */
  TOLLGATE_CHECK_HTTPS = (1 << 1),
  /**
   * The required headers are there.
   */
  TOLLGATE_CHECK_REQUIRED_HEADERS = (1 << 2),
  /**
   * The media type is right.
   */
  TOLLGATE_CHECK_MEDIA_TYPE = (1 << 3),
  /**
   * The address has not failed too often.
   */
  TOLLGATE_CHECK_THROTTLE = (1 << 4),
  /**
   * The signature is right.
   */
  TOLLGATE_CHECK_SIGNATURE = (1 << 5),
  /**
   * The client address is in the networks of the credential.
   */
  TOLLGATE_CHECK_NETWORK = (1 << 6),
  /**
   * The credential has the scope.
   */
  TOLLGATE_CHECK_SCOPE = (1 << 7),
  /**
   * The rate limits are not used up.
   */
  TOLLGATE_CHECK_RATE = (1 << 8),
  /**
   * The message was not taken before.
   */
  TOLLGATE_CHECK_REPLAY = (1 << 9),
} tollgate_check;

/**
 * A way to authenticate that a route takes, as bits of `tollgate_decision.challenges`.
 */
typedef enum {
  /**
   * `Basic` (RFC 7617).
   */
  TOLLGATE_CHALLENGE_BASIC = 1,
  /**
   * `Bearer` (RFC 6750).
   */
  TOLLGATE_CHALLENGE_BEARER = (1 << 1),
  /**
   * An API key in a header of its own: the private scheme name `ApiKey`.
   */
  TOLLGATE_CHALLENGE_API_KEY = (1 << 2),
  /**
   * A signature over the request: the private scheme name `Signature`.
   */
  TOLLGATE_CHALLENGE_SIGNATURE = (1 << 3),
} tollgate_challenge;

/**
 * Tolerances that a route can allow, as bits of `tollgate_decision.quirks`.
 */
typedef enum {
  /**
   * One LF or CRLF at the end of the Basic credentials was ignored.
   */
  TOLLGATE_QUIRK_BASIC_TRAILING_NEWLINE = 1,
  /**
   * The Basic credentials lacked base64 padding.
   */
  TOLLGATE_QUIRK_BASIC_UNPADDED = (1 << 1),
  /**
   * The replay memory was full, so the message is not remembered and may pass again.
   */
  TOLLGATE_QUIRK_REPLAY_FULL = (1 << 2),
  /**
   * At a token endpoint, user and password were not form-encoded before they were put into the
   * Basic credentials (RFC 6749 section 2.3.1).
   */
  TOLLGATE_QUIRK_BASIC_RAW = (1 << 3),
} tollgate_quirk;

/**
 * Where a policy may take secrets from.
 */
typedef enum {
  /**
   * From the document alone: references to files and environment variables are errors.
   */
  TOLLGATE_SECRET_MODE_TEXT = 0,
  /**
   * From files and the environment of the process too.
   */
  TOLLGATE_SECRET_MODE_HOST = 1,
} tollgate_secret_mode;

/**
 * The symbols of base64 beyond letters and digits.
 */
typedef enum {
  /**
   * `+` and `/` (RFC 4648 section 4).
   */
  TOLLGATE_BASE64_ALPHABET_STANDARD = 0,
  /**
   * `-` and `_` (RFC 4648 section 5).
   */
  TOLLGATE_BASE64_ALPHABET_URL_SAFE = 1,
} tollgate_base64_alphabet;

/**
 * What is said about the `=` at the end of base64.
 */
typedef enum {
  /**
   * The text is padded to a multiple of four symbols.
   */
  TOLLGATE_BASE64_PADDING_REQUIRED = 0,
  /**
   * Padded in full or not at all; what is encoded is padded.
   */
  TOLLGATE_BASE64_PADDING_OPTIONAL = 1,
  /**
   * There is none.
   */
  TOLLGATE_BASE64_PADDING_FORBIDDEN = 2,
} tollgate_base64_padding;

/**
 * The letters of hexadecimal.
 */
typedef enum {
  /**
   * `a` to `f`.
   */
  TOLLGATE_HEX_CASE_LOWER = 0,
  /**
   * `A` to `F`.
   */
  TOLLGATE_HEX_CASE_UPPER = 1,
  /**
   * Either, even mixed; what is encoded is lower case.
   */
  TOLLGATE_HEX_CASE_ANY = 2,
} tollgate_hex_case;

/**
 * What carries a signature.
 */
typedef enum {
  /**
   * A header.
   */
  TOLLGATE_CARRIER_HEADER = 0,
  /**
   * A parameter of the query.
   */
  TOLLGATE_CARRIER_QUERY = 1,
  /**
   * A field of a body that is a form (application/x-www-form-urlencoded).
   */
  TOLLGATE_CARRIER_FORM = 2,
  /**
   * A top-level member of a body that is a JSON object.
   */
  TOLLGATE_CARRIER_JSON = 3,
  /**
   * A parameter of the query, or a field of a form: where the other parameters are.
   */
  TOLLGATE_CARRIER_PARAMETER = 4,
} tollgate_carrier;

/**
 * Why a text is no key.
 */
typedef enum {
  /**
   * It is one.
   */
  TOLLGATE_KEY_FAULT_NONE = 0,
  /**
   * There is no prefix, or it is too long or has other characters than it may.
   */
  TOLLGATE_KEY_FAULT_PREFIX = 1,
  /**
   * There is no environment, or it is too long or has other characters than it may.
   */
  TOLLGATE_KEY_FAULT_ENVIRONMENT = 2,
  /**
   * Something among the digits is no base62 digit.
   */
  TOLLGATE_KEY_FAULT_SYMBOL = 3,
  /**
   * There are not 36 digits.
   */
  TOLLGATE_KEY_FAULT_LENGTH = 4,
  /**
   * The checksum is that of another key: something was mistyped.
   */
  TOLLGATE_KEY_FAULT_CHECKSUM = 5,
} tollgate_key_fault;

/**
 * Which secret of a credential.
 */
typedef enum {
  /**
   * The API key.
   */
  TOLLGATE_SECRET_KIND_API_KEY = 1,
  /**
   * The passphrase of its Basic user.
   */
  TOLLGATE_SECRET_KIND_PASSPHRASE = 2,
  /**
   * What signs its requests.
   */
  TOLLGATE_SECRET_KIND_SIGNING_SECRET = 3,
} tollgate_secret_kind;

/**
 * What a host holds: the policy in force, and the memory that outlives it. Const pointers to it
 * may be used from any number of threads at once.
 */
typedef struct tollgate_gate tollgate_gate;

/**
 * Networks to look addresses up in. Const pointers to it may be used from any number of threads
 * at once.
 */
typedef struct tollgate_networks tollgate_networks;

/**
 * A loaded policy. It never changes; const pointers to it may be used from any number of threads
 * at once.
 */
typedef struct tollgate_policy tollgate_policy;

/**
 * A signature scheme with the keys that it is used with, which are overwritten when it is
 * released. Const pointers to it may be used from any number of threads at once.
 */
typedef struct tollgate_scheme tollgate_scheme;

/**
 * Bytes that the caller owns and lends for the call. `{NULL, 0}` is empty.
 */
typedef struct {
  /**
   * The first byte; may be NULL if `len` is 0.
   */
  const uint8_t *data;
  /**
   * How many there are.
   */
  size_t len;
} tollgate_bytes;

/**
 * How full a memory is.
 *
 * Entries are spread by chance: a memory takes about twice as many as it is meant for before the
 * first one finds no room. So it is time for a larger one when `used` comes near `room`.
 */
typedef struct {
  /**
   * How many entries take room.
   */
  uint64_t used;
  /**
   * How many entries the memory is meant for: as many as it was made ready for, or a few more.
   */
  uint64_t room;
} tollgate_fill;

/**
 * The hold on a message, on a route that takes each only once: part of a tollgate_decision. It is
 * plain data and may be copied, kept, and handed to another process with the same replay memory.
 * All zeros are no hold.
 */
typedef struct {
  /**
   * Nothing that a caller may rely on.
   */
  uint64_t opaque[8];
} tollgate_claim;

/**
 * The answer to one request. Fill it with TOLLGATE_DECISION_INIT first; a zeroed one denies.
 *
 * Texts are UTF-8, ended by a NUL, and empty where they do not apply.
 */
typedef struct {
  /**
   * sizeof(tollgate_decision).
   */
  size_t size;
  /**
   * A tollgate_verdict: nothing but TOLLGATE_VERDICT_ALLOW lets the request pass.
   */
  uint32_t verdict;
  /**
   * A tollgate_reason, for the operator. TOLLGATE_REASON_NONE says that nothing is decided yet:
   * the body is still to come. What the caller may be told is
   * tollgate_decision_public_name().
   */
  uint32_t reason;
  /**
   * The HTTP status to answer with.
   */
  uint32_t http_status;
  /**
   * 1 if the caller proved to be the credential.
   */
  uint32_t authenticated;
  /**
   * The checks in dry run that would have denied the request: tollgate_check bits.
   */
  uint32_t would_deny;
  /**
   * The tollgate_reason of the first of them.
   */
  uint32_t would_deny_reason;
  /**
   * The tolerances that the request needed: tollgate_quirk bits.
   */
  uint32_t quirks;
  /**
   * The generation of the signing secret that matched, or else that of the API key or the
   * passphrase; 0 if none did, or it has no number.
   */
  uint32_t generation;
  /**
   * The ways to authenticate that the route takes: tollgate_challenge bits.
   */
  uint32_t challenges;
  /**
   * 1 if a rate limit was asked and the rate_ fields say how it stands.
   */
  uint32_t has_rate;
  /**
   * How long the caller should wait, in milliseconds; 0 if waiting does not help.
   */
  uint64_t retry_after_ms;
  /**
   * Requests that may come at once.
   */
  uint64_t rate_quota;
  /**
   * The time in which the whole quota comes back, in seconds.
   */
  uint64_t rate_window_s;
  /**
   * Requests that may come now.
   */
  uint64_t rate_remaining;
  /**
   * The time until the whole quota is back, in seconds.
   */
  uint64_t rate_reset_s;
  /**
   * The id of the credential that the request names.
   */
  char credential[65];
  /**
   * The header that the reason is about.
   */
  char header[65];
  /**
   * The scope that the credential lacks.
   */
  char scope[65];
  /**
   * The methods that the route takes, where the reason is the method.
   */
  char allow[65];
  /**
   * The realm of the policy.
   */
  char realm[65];
  /**
   * The name of the rate limit.
   */
  char rate_name[35];
  /**
   * The hold on the message, for tollgate_gate_confirm() and tollgate_gate_release().
   */
  tollgate_claim claim;
  /**
   * 1 if the message passes only once, and this request has it: `claim` is a hold.
   */
  uint32_t claimed;
  /**
   * 1 if the message was taken before and is neither confirmed nor released yet: whoever has it
   * may still fail. With 0 beside TOLLGATE_REASON_REPLAYED it was processed; a host may answer
   * a webhook that comes again then with success, so that its sender stops.
   */
  uint32_t replay_pending;
} tollgate_decision;

/**
 * One header line.
 */
typedef struct {
  /**
   * The field name, in any case, without the colon.
   */
  tollgate_bytes name;
  /**
   * The field value. White space around it does not matter.
   */
  tollgate_bytes value;
} tollgate_header_line;

/**
 * A request as the host received it. Everything is lent for the call; nothing is kept. Fill it
 * with TOLLGATE_REQUEST_INIT first.
 */
typedef struct {
  /**
   * sizeof(tollgate_request).
   */
  size_t size;
  /**
   * The name of the route that the request is on, as in the policy.
   */
  tollgate_bytes route;
  /**
   * The method as sent.
   */
  tollgate_bytes method;
  /**
   * The request target exactly as sent: path and query, not decoded.
   */
  tollgate_bytes target;
  /**
   * The host that the caller asked for: the Host header, or :authority; empty if there is none.
   */
  tollgate_bytes host;
  /**
   * The header lines in the order in which they came, one entry a line; NULL if there are none.
   */
  const tollgate_header_line *headers;
  /**
   * How many header lines there are. More than the limit of the policy is a denial, not an
   * error.
   */
  size_t header_count;
  /**
   * The body exactly as received. tollgate_gate_begin() does not look at it.
   */
  tollgate_bytes body;
  /**
   * The address at the other end of the connection, in network byte order: 4 bytes, 16 bytes,
   * or none for a connection without an address. An IPv6 zone is left out.
   */
  tollgate_bytes peer;
  /**
   * 1 if the connection is TLS, else 0.
   */
  uint32_t tls;
  /**
   * 0.
   */
  uint32_t reserved;
  /**
   * Wall-clock time: milliseconds since 1970-01-01T00:00:00Z.
   */
  uint64_t unix_ms;
  /**
   * Nanoseconds of a clock that never goes back (CLOCK_MONOTONIC), the same one for everybody
   * who shares the memory for limits.
   */
  uint64_t monotonic_ns;
  /**
   * The trust signature that the host stored for the payment which the request is about, as
   * text; empty if there is none. Schemes whose carrier is `stored` compare with it, and deny
   * without it.
   */
  tollgate_bytes stored_signature;
  /**
   * The trust value that the host stored; empty if there is none. Schemes with a part `stored`
   * sign it, and deny without it.
   */
  tollgate_bytes stored_value;
  /**
   * The trust seed that the host stored; empty if there is none.
   */
  tollgate_bytes stored_seed;
  /**
   * The id of the credential whose payment it is. With a scheme that looks at a stored value,
   * every other credential is denied, and so is every one if this is empty.
   */
  tollgate_bytes stored_credential;
} tollgate_request;

/**
 * One request whose body comes in, in memory of the caller. It is zeroed before its first use
 * (TOLLGATE_CONTEXT_INIT), stays where it is, and is used by one thread at a time. Between
 * tollgate_gate_begin() and tollgate_context_finish() or tollgate_context_abort() it holds on to
 * the policy; after these it can be begun again.
 */
typedef struct {
  /**
   * Nothing that a caller may rely on.
   */
  uint64_t opaque[640];
} tollgate_context;

/**
 * A prepared HMAC-SHA256 key. It lies in the caller's memory and may be copied; with a const
 * pointer to it any number of threads may work at once. It is as secret as the key that it was
 * made of.
 */
typedef struct {
  /**
   * Nothing that a caller may rely on.
   */
  uint64_t opaque[8];
} tollgate_hmac_sha256_key;

/**
 * An HMAC-SHA256 over a message that arrives in pieces. It lies in the caller's memory and may
 * be copied; one thread at a time may work with it. It is as secret as the key.
 */
typedef struct {
  /**
   * Nothing that a caller may rely on.
   */
  uint64_t opaque[17];
} tollgate_hmac_sha256_state;

/**
 * A tag that may be that of a message under a key.
 */
typedef struct {
  /**
   * From tollgate_hmac_sha256_key_init(); many items may have the same.
   */
  const tollgate_hmac_sha256_key *key;
  /**
   * The message.
   */
  tollgate_bytes message;
  /**
   * What came with it. A tag is 32 bytes long and never cut; another length never matches.
   */
  tollgate_bytes tag;
} tollgate_hmac_sha256_item;

/**
 * A prepared HMAC-SHA512 key. It lies in the caller's memory and may be copied; with a const
 * pointer to it any number of threads may work at once. It is as secret as the key that it was
 * made of.
 */
typedef struct {
  /**
   * Nothing that a caller may rely on.
   */
  uint64_t opaque[16];
} tollgate_hmac_sha512_key;

/**
 * An HMAC-SHA512 over a message that arrives in pieces. It lies in the caller's memory and may
 * be copied; one thread at a time may work with it. It is as secret as the key.
 */
typedef struct {
  /**
   * Nothing that a caller may rely on.
   */
  uint64_t opaque[33];
} tollgate_hmac_sha512_state;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * One sentence that says what the number of a status means, without a full stop. A number that
 * is no status gives "unknown status". The text is static and ended by a NUL that `len` does not
 * count.
 */
TOLLGATE_API tollgate_bytes tollgate_status_text(uint32_t status);

/**
 * The version of the library, such as "1.2.3". The text is static and ended by a NUL that `len`
 * does not count.
 */
TOLLGATE_API tollgate_bytes tollgate_version(void);

/**
 * The ABI number of the library: 1000 times the major version, plus the minor version as long as
 * the major one is 0. Programs and libraries with the same number work together.
 */
TOLLGATE_API uint32_t tollgate_abi(void);

/**
 * TOLLGATE_STATUS_OK if a program that was compiled with the header of `header_abi` may use this
 * library, else TOLLGATE_STATUS_ABI_MISMATCH. Call it once with TOLLGATE_ABI before anything
 * else.
 */
TOLLGATE_API TOLLGATE_MUST_USE tollgate_status tollgate_check_abi(uint32_t header_abi);

/**
 * The stable name of a tollgate_reason, such as "sig_mismatch"; "unknown" for a number that is
 * none. The text is static and ended by a NUL that `len` does not count.
 */
TOLLGATE_API tollgate_bytes tollgate_reason_name(uint32_t reason);

/**
 * One sentence for the operator about a tollgate_reason, without a full stop; "unknown reason"
 * for a number that is none. The text is static and ended by a NUL that `len` does not count.
 */
TOLLGATE_API tollgate_bytes tollgate_reason_text(uint32_t reason);

/**
 * The HTTP status of a tollgate_reason once the caller is authenticated, as the table of reasons
 * lists it; 500 for a number that is none. What to answer a request with is in its decision.
 */
TOLLGATE_API uint32_t tollgate_reason_http_status(uint32_t reason);

/**
 * Loads a policy from the text of its document. It is all or nothing: a document with errors
 * gives no policy. The policy takes some 560 bytes of memory for each credential with an API key, a
 * signing secret and up to four networks.
 *
 * @param document  the text, UTF-8, of 1 GiB at most
 * @param name      how the errors call it, such as a file name; UTF-8
 * @param secrets   a tollgate_secret_mode
 * @param base      the folder from which relative names of secret files are resolved; empty for
 *                  the working folder; UTF-8
 * @param errors    `capacity` bytes to write to; NULL if `capacity` is 0. With
 *                  TOLLGATE_STATUS_POLICY_INVALID it gets the errors, one a line, in the form
 *                  "file:line:column: path: what is wrong; what to write"; as many bytes of them
 *                  as fit
 * @param capacity  the size of `errors`
 * @param length    gets the bytes that the errors take; 0 if there are none
 * @param policy    gets the policy, which the caller releases with tollgate_policy_free()
 * @return TOLLGATE_STATUS_POLICY_INVALID if the document has errors
 *
 * It allocates, and reads files and the environment if told to. May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_policy_load(tollgate_bytes document,
                                     tollgate_bytes name,
                                     uint32_t secrets,
                                     tollgate_bytes base,
                                     uint8_t *errors,
                                     size_t capacity,
                                     size_t *length,
                                     tollgate_policy **policy);

/**
 * Releases a policy. Gates that have it keep it until it is swapped out.
 *
 * @param policy  from tollgate_policy_load(), or NULL; not used afterwards
 */
TOLLGATE_API tollgate_status tollgate_policy_free(tollgate_policy *policy);

/**
 * How many credentials the policy has: what the memory for limits is sized by.
 *
 * @param policy  from tollgate_policy_load()
 * @param count   gets the number
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_policy_credential_count(const tollgate_policy *policy,
                                                 size_t *count);

/**
 * How long the replay memory has to remember messages for the policy: what tollgate_replay_init()
 * needs. A gate whose memory serves several policies, one after the other, needs the longest.
 *
 * @param policy     from tollgate_policy_load()
 * @param window_ms  gets the number of milliseconds; 0 if the policy needs no replay memory
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_policy_replay_window(const tollgate_policy *policy,
                                              uint64_t *window_ms);

/**
 * Whether requests on a route can be verified while their body comes in. Those on a route that
 * takes something from the body cannot: give them to tollgate_gate_verify() whole, or on a token
 * endpoint to tollgate_gate_token().
 *
 * @param policy   from tollgate_policy_load()
 * @param route    the name of the route
 * @param streams  gets 1 or 0
 * @return TOLLGATE_STATUS_INVALID_ARGUMENT if the policy has no such route
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_policy_route_streams(const tollgate_policy *policy,
                                              tollgate_bytes route,
                                              uint32_t *streams);

/**
 * Whether a route of the policy needs the memory for limits: one that has rate limits, or any, if
 * failed attempts are limited. Without that memory its requests are denied with
 * TOLLGATE_REASON_LIMITS_UNAVAILABLE, so a host may refuse the policy before it is in force.
 *
 * @param policy  from tollgate_policy_load()
 * @param needs   gets 1 or 0
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_policy_needs_limits(const tollgate_policy *policy,
                                             uint32_t *needs);

/**
 * How many routes the policy has.
 *
 * @param policy  from tollgate_policy_load()
 * @param count   gets the number
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_policy_route_count(const tollgate_policy *policy,
                                            size_t *count);

/**
 * The name of a route of the policy.
 *
 * @param policy  from tollgate_policy_load()
 * @param index   which route, from 0, in the order of the document
 * @param name    gets the name, which the policy owns: it is there until tollgate_policy_free().
 *                No NUL ends it
 * @return TOLLGATE_STATUS_INVALID_ARGUMENT if the policy has no such route
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_policy_route_name(const tollgate_policy *policy,
                                           size_t index,
                                           tollgate_bytes *name);

/**
 * Whether a route is a token endpoint: its requests go to tollgate_gate_token().
 *
 * @param policy  from tollgate_policy_load()
 * @param route   the name of the route
 * @param issues  gets 1 or 0
 * @return TOLLGATE_STATUS_INVALID_ARGUMENT if the policy has no such route
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_policy_route_issues_tokens(const tollgate_policy *policy,
                                                    tollgate_bytes route,
                                                    uint32_t *issues);

/**
 * The size of the memory for rate limits and failed attempts.
 *
 * @param credentials  how many credentials it has room for; take the number that the policy has,
 *                     and what may be added while the memory lives
 * @param addresses    how many client addresses it has room for at once, those with failed
 *                     attempts and those with limits of their own; 65536 suits most
 * @param size         gets the number of bytes
 * @return TOLLGATE_STATUS_INVALID_ARGUMENT if no memory is so large
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_limits_size(size_t credentials,
                                     size_t addresses,
                                     size_t *size);

/**
 * Makes memory ready for limits. It may be private memory, or memory that several processes
 * share: then one of them makes it ready before any other attaches it. What it held is lost.
 *
 * @param memory       `size` bytes, aligned to 64; only written
 * @param size         at least what tollgate_limits_size() gives for the same numbers
 * @param credentials  as for tollgate_limits_size()
 * @param addresses    as for tollgate_limits_size()
 * @param seed         16 bytes that nobody outside can guess, from the operating system's random
 *                     numbers: with it the places in the memory cannot be chosen
 * @return TOLLGATE_STATUS_BAD_MEMORY if the memory is too small or misaligned
 *
 * Nothing else may use the memory during the call. May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_limits_init(void *memory,
                                     size_t size,
                                     size_t credentials,
                                     size_t addresses,
                                     tollgate_bytes seed);

/**
 * How full the memory for limits is: entries that owe something at that time. An entry is one
 * limit of a credential or an address, or the failed attempts of an address; one whose burst is
 * back takes no room.
 *
 * The whole memory is read, which takes about 5 ns for each entry of its room: ask now and then,
 * not with each request.
 *
 * @param memory        `size` bytes, made ready with tollgate_limits_init(); only read
 * @param size          as for tollgate_limits_init()
 * @param monotonic_ns  the time, by the clock that requests go by
 * @param credentials   gets the entries of credentials
 * @param addresses     gets the entries of addresses
 * @return TOLLGATE_STATUS_BAD_MEMORY if the memory was not made ready by this version, or is too
 *         small or misaligned
 *
 * Others may use the memory at the same time. May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_limits_fill(const void *memory,
                                     size_t size,
                                     uint64_t monotonic_ns,
                                     tollgate_fill *credentials,
                                     tollgate_fill *addresses);

/**
 * The size of the memory for messages that were taken.
 *
 * @param messages  how many messages may be taken within one window of tollgate_replay_init(): the
 *                  rate times the window. While a credential has several secrets, a message of a
 *                  scheme without an id counts once for each of them. About 146 bytes each, in
 *                  which there is room for those of the window before
 * @param size      gets the number of bytes
 * @return TOLLGATE_STATUS_INVALID_ARGUMENT if no memory is so large
 *
 * May be called from any thread.
 */
TOLLGATE_API TOLLGATE_MUST_USE tollgate_status tollgate_replay_size(size_t messages, size_t *size);

/**
 * Makes memory ready for messages that are taken. It may be private memory, or memory that
 * several processes share: then one of them makes it ready before any other attaches it. What it
 * held is lost: messages that were taken before pass once more as long as they are fresh.
 *
 * @param memory     `size` bytes, aligned to 64; only written
 * @param size       at least what tollgate_replay_size() gives for the same number
 * @param messages   as for tollgate_replay_size()
 * @param window_ms  how long a message is remembered at least, in milliseconds:
 *                   tollgate_policy_replay_window() says what a policy needs. At most twice that
 *                   is remembered. It counts as one second if it is less
 * @param seed       16 bytes that nobody outside can guess, from the operating system's random
 *                   numbers: with it the places in the memory cannot be chosen
 * @return TOLLGATE_STATUS_BAD_MEMORY if the memory is too small or misaligned
 *
 * Nothing else may use the memory during the call. May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_replay_init(void *memory,
                                     size_t size,
                                     size_t messages,
                                     uint64_t window_ms,
                                     tollgate_bytes seed);

/**
 * How full the replay memory is: the messages of one window, which is the present one or the one
 * before, whichever has more. What was taken in a window takes its room until the next one is over,
 * also if it was released.
 *
 * A third of the memory is read, which takes about 5 ns for each message of its room: ask now and
 * then, not with each request.
 *
 * @param memory    `size` bytes, made ready with tollgate_replay_init(); only read
 * @param size      as for tollgate_replay_init()
 * @param unix_ms   the time, by the clock that requests go by
 * @param messages  gets the messages; its `room` is for one window
 * @return TOLLGATE_STATUS_BAD_MEMORY if the memory was not made ready by this version, or is too
 *         small or misaligned
 *
 * Others may use the memory at the same time. May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_replay_fill(const void *memory,
                                     size_t size,
                                     uint64_t unix_ms,
                                     tollgate_fill *messages);

/**
 * Keeps a message until it is forgotten: it was processed. On a route with a lease this has to be
 * said before the lease is over, or the message may pass once more.
 *
 * @param gate   any gate with the replay memory that the decision was made with, also in another
 *               process
 * @param claim  from the decision that let the message pass; it is read
 * @param held   gets 1, or 0 if the claim does not stand any more: the lease is over and somebody
 *               else has the message, or it was confirmed, released or forgotten, or there was no
 *               claim
 * @return TOLLGATE_STATUS_OK whatever `held` gets
 *
 * Nothing is allocated, nothing waits. May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_gate_confirm(const tollgate_gate *gate,
                                      const tollgate_claim *claim,
                                      uint32_t *held);

/**
 * Gives a message back: it was not processed, and may come again.
 *
 * @param gate   as for tollgate_gate_confirm()
 * @param claim  as for tollgate_gate_confirm()
 * @param held   as for tollgate_gate_confirm()
 * @return TOLLGATE_STATUS_OK whatever `held` gets
 *
 * Nothing is allocated, nothing waits. May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_gate_release(const tollgate_gate *gate,
                                      const tollgate_claim *claim,
                                      uint32_t *held);

/**
 * Writes the header lines of the answer into `buffer`, each ended by CRLF, without a NUL at the
 * end: WWW-Authenticate for 401, Retry-After where waiting helps, RateLimit-Policy and RateLimit
 * where a rate limit was asked, Allow for 405, Cache-Control: no-store for 401 and 429.
 *
 * @param decision  a decision that the library made; it is read
 * @param buffer    `capacity` bytes to write to; NULL if `capacity` is 0
 * @param capacity  2048 is enough for every decision
 * @param length    gets the bytes that the lines take, also if they do not fit; 0 if there are
 *                  none
 * @return TOLLGATE_STATUS_BUFFER_TOO_SMALL if they do not fit; the content of the buffer is then
 *         unspecified
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_decision_headers(const tollgate_decision *decision,
                                          uint8_t *buffer,
                                          size_t capacity,
                                          size_t *length);

/**
 * What the caller of the API may be told of the reason: its name, or one constant word where the
 * name would teach a stranger something about a credential.
 *
 * @param decision  a decision that the library made; it is read
 * @param name      gets static text, ended by a NUL that `len` does not count
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_decision_public_name(const tollgate_decision *decision,
                                              tollgate_bytes *name);

/**
 * Makes a gate with `policy` in force.
 *
 * @param policy  from tollgate_policy_load(); the gate keeps it alive, and the caller still
 *                releases its own hold with tollgate_policy_free()
 * @param gate    gets the gate, which the caller releases with tollgate_gate_free()
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_gate_new(const tollgate_policy *policy,
                                  tollgate_gate **gate);

/**
 * Releases a gate. Contexts that were begun with it can still be finished.
 *
 * @param gate  from tollgate_gate_new(), or NULL; not used afterwards, and by no other thread
 *              during the call
 */
TOLLGATE_API tollgate_status tollgate_gate_free(tollgate_gate *gate);

/**
 * Puts `policy` in force, while other threads verify with the gate: each of their requests is
 * decided wholly by the old policy or wholly by the new one. Requests that begin after the return
 * have the new one. The old one is released, unless somebody else holds it.
 *
 * @param gate    from tollgate_gate_new()
 * @param policy  from tollgate_policy_load(); the caller still releases its own hold
 *
 * May be called from any thread; calls for one gate wait for each other.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_gate_swap(const tollgate_gate *gate,
                                   const tollgate_policy *policy);

/**
 * Gives the gate the memory for rate limits and failed attempts, once for its life. A policy that
 * uses either denies with TOLLGATE_REASON_LIMITS_UNAVAILABLE before.
 *
 * @param gate    from tollgate_gate_new()
 * @param memory  made ready by tollgate_limits_init() here or in another process; it stays the
 *                caller's, and must stay where it is until the gate and all contexts that were
 *                begun with it are gone
 * @param size    its size in bytes
 * @return TOLLGATE_STATUS_BAD_MEMORY if it was not made ready, or by another version;
 *         TOLLGATE_STATUS_ALREADY_ATTACHED the second time, and nothing changes
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_gate_attach_limits(const tollgate_gate *gate,
                                            void *memory,
                                            size_t size);

/**
 * Gives the gate the memory of messages taken, once for its life. Routes that take each message
 * only once deny with TOLLGATE_REASON_REPLAY_UNAVAILABLE before, and where a policy that came
 * later needs messages to be remembered for longer than the memory does.
 *
 * @param gate    from tollgate_gate_new()
 * @param memory  made ready by tollgate_replay_init() here or in another process; it stays the
 *                caller's, and must stay where it is until the gate and all contexts that were
 *                begun with it are gone
 * @param size    its size in bytes
 * @return TOLLGATE_STATUS_BAD_MEMORY if it was not made ready, or by another version, or with a
 *         window that is shorter than tollgate_policy_replay_window() of the policy in force;
 *         TOLLGATE_STATUS_ALREADY_ATTACHED the second time, and nothing changes
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_gate_attach_replay(const tollgate_gate *gate,
                                            void *memory,
                                            size_t size);

/**
 * Decides on a request whose body is there. A denied request is a successful call.
 *
 * @param gate      from tollgate_gate_new()
 * @param request   the request; it is read
 * @param decision  gets the decision. It is set to deny before anything else is done, and denies
 *                  after any other status than TOLLGATE_STATUS_OK, unless the status is about
 *                  this pointer or its size: then nothing is written
 *
 * Nothing is allocated, nothing waits, no clock is read. May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_gate_verify(const tollgate_gate *gate,
                                     const tollgate_request *request,
                                     tollgate_decision *decision);

/**
 * Decides as tollgate_gate_begin(), tollgate_context_update() with the whole body and
 * tollgate_context_finish() at the same time do, in one call and without a context: for a host that
 * streams bodies, where one is there already. So its answers do not depend on how the body came. What
 * can be decided without the body is decided first, as there, and a request on a route that takes
 * something from the body is denied with TOLLGATE_REASON_BODY_REQUIRED.
 *
 * @param gate      from tollgate_gate_new()
 * @param request   the request with its body; it is read
 * @param decision  gets the decision, as in tollgate_gate_verify()
 *
 * Nothing is allocated, nothing waits, no clock is read. May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_gate_verify_streamed(const tollgate_gate *gate,
                                              const tollgate_request *request,
                                              tollgate_decision *decision);

/**
 * The same as tollgate_gate_verify(), with the request in arguments of its own instead of a
 * struct, for languages that pass numbers and pointers cheaply and structs not. Each `_len` is
 * the number of bytes at the pointer before it, which may be NULL if that is 0. What a host stored
 * of a payment goes into the struct only.
 *
 * @param gate          from tollgate_gate_new()
 * @param route         the name of the route
 * @param method        the method as sent
 * @param target        the request target exactly as sent
 * @param host          the host that the caller asked for
 * @param head          the header lines as HTTP/1.1 sends them: "Name: value", each ended by CRLF
 *                      or LF
 * @param body          the body exactly as received
 * @param peer          the address of the peer in network byte order: 4 bytes, 16 bytes or none
 * @param tls           1 if the connection is TLS, else 0
 * @param unix_ms       wall-clock time in milliseconds since 1970-01-01T00:00:00Z
 * @param monotonic_ns  monotonic time in nanoseconds
 * @param decision      gets the decision, as in tollgate_gate_verify()
 *
 * Nothing is allocated, nothing waits, no clock is read. May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
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

/**
 * Decides on requests whose bodies are there, in their order: the decisions are those of
 * tollgate_gate_verify() called for one after the other, and so a message that is there twice passes
 * once. Where the bodies of 16 requests have 1 KiB or more on average, signatures with HMAC-SHA256 that
 * cover nothing behind the body are computed several at once. Shorter ones take as long as with one
 * call for each.
 *
 * @param gate       from tollgate_gate_new()
 * @param requests   `count` of them, each with its own route, time and size, which is the same for
 *                   all; they are read
 * @param count      how many there are
 * @param decisions  get `count` decisions, one for each request; their sizes are the same for all.
 *                   All are set to deny before anything else is done, and all deny after any other
 *                   status than TOLLGATE_STATUS_OK, unless it is about this pointer or a size there:
 *                   then nothing is written
 * @return what is wrong with one request is the status of the call, and then nothing is decided. After
 *         TOLLGATE_STATUS_PANIC some messages may have been taken, and rate limits charged
 *
 * Nothing is allocated, nothing waits, no clock is read. It takes some 100 KiB of stack. May be
 * called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_gate_verify_batch(const tollgate_gate *gate,
                                           const tollgate_request *requests,
                                           size_t count,
                                           tollgate_decision *decisions);

/**
 * The size of the memory for counters of decisions.
 *
 * @param routes  how many routes it has room for: those of every policy that is in force while
 *                the memory lives, for a route keeps its place (tollgate_policy_route_count()).
 *                About 1300 bytes each
 * @param size    gets the number of bytes
 * @return TOLLGATE_STATUS_INVALID_ARGUMENT if no memory is so large
 *
 * May be called from any thread.
 */
TOLLGATE_API TOLLGATE_MUST_USE tollgate_status tollgate_counters_size(size_t routes, size_t *size);

/**
 * Makes memory ready for counters of decisions, all of them zero. It may be private memory, or
 * memory that several processes share: then one of them makes it ready before any other counts in
 * it. What it held is lost.
 *
 * @param memory  `size` bytes, aligned to 64; only written
 * @param size    at least what tollgate_counters_size() gives for the same number
 * @param routes  as for tollgate_counters_size()
 * @return TOLLGATE_STATUS_BAD_MEMORY if the memory is too small or misaligned
 *
 * Nothing else may use the memory during the call. May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_counters_init(void *memory,
                                       size_t size,
                                       size_t routes);

/**
 * Counts a decision, as one of its route, its outcome and its reason. The outcome is "allowed",
 * "denied", or "dry_run" for what was denied and the host lets pass all the same.
 *
 * It is one addition, and a process that is killed leaves nothing behind but what it counted. What
 * the memory has no room for is counted together, as of a route without a name; so are routes
 * whose names have more than 64 bytes. Let no request choose the name of its route: it could take
 * the room of others.
 *
 * @param memory    `size` bytes, made ready with tollgate_counters_init(); read and written
 * @param size      as for tollgate_counters_init()
 * @param route     the name of the route, UTF-8
 * @param decision  a decision that the library made; it is read
 * @param dry_run   1 if the host lets the request pass whatever the verdict is, else 0; of a
 *                  request that may pass it says nothing
 * @return TOLLGATE_STATUS_BAD_MEMORY if the memory was not made ready by this version, or is too
 *         small or misaligned; TOLLGATE_STATUS_INVALID_ARGUMENT if the decision is pending
 *         (TOLLGATE_REASON_NONE), or its verdict and its reason are those of no decision that the
 *         library made. Then nothing is counted
 *
 * Others may use the memory at the same time. May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_counters_count(void *memory,
                                        size_t size,
                                        tollgate_bytes route,
                                        const tollgate_decision *decision,
                                        uint32_t dry_run);

/**
 * Writes the counts into `buffer`, as sample lines of the Prometheus text exposition format, each
 * ended by a line feed, without a NUL at the end, such as
 * `tollgate_checks_total{LABELS,route="cashout",outcome="denied",reason="stale"} 7`.
 *
 * There is a line for each count that is not zero: route by route, in the order of the reasons,
 * and what was counted without a name last, as route="". No line comes twice. The lines that say
 * what the counter is are not among them, for they stand once before the lines of all memories:
 * `# HELP tollgate_checks_total Decisions, by route, outcome and reason.` and
 * `# TYPE tollgate_checks_total counter`.
 *
 * Counts grow, and lines come, while others count: the size that one call asks for may be too
 * small for the next. Give more than it says, and ask again if that is too small as well.
 *
 * @param memory    `size` bytes, made ready with tollgate_counters_init(); only read
 * @param size      as for tollgate_counters_init()
 * @param labels    what goes in front of the labels above, as it is: such as zone="main", joined
 *                  by commas if there are more, without one at the end; UTF-8, or empty
 * @param buffer    `capacity` bytes to write to; NULL if `capacity` is 0
 * @param capacity  the size of `buffer`
 * @param needed    gets the bytes that the lines take, also if they do not fit; 0 if there are
 *                  none
 * @return TOLLGATE_STATUS_BUFFER_TOO_SMALL if they do not fit; the content of the buffer is then
 *         unspecified. TOLLGATE_STATUS_BAD_MEMORY as for tollgate_counters_count()
 *
 * Others may use the memory at the same time. May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_counters_text(const void *memory,
                                       size_t size,
                                       tollgate_bytes labels,
                                       uint8_t *buffer,
                                       size_t capacity,
                                       size_t *needed);

/**
 * Answers a request to a token endpoint (RFC 6749 section 4.4), whose body is there: decides on it
 * as tollgate_gate_verify() does, issues the token, and writes the answer. A denied request is a
 * successful call, and has an answer, too. tollgate_gate_verify() on such a route says the same and
 * issues nothing.
 *
 * @param gate         from tollgate_gate_new()
 * @param request      the request, on a route that is a token endpoint; it is read
 * @param buffer       `capacity` bytes to write to: the header lines, each ended by CRLF, and
 *                     right behind them the body, a JSON object. The status of the answer is
 *                     that of the decision. If a token was issued, the body is a secret: send it,
 *                     and keep it out of logs
 * @param capacity     8192 is enough for every answer; less than that is too small for any
 * @param head_length  gets the bytes of the header lines
 * @param length       gets the bytes of header lines and body together, or 8192 if the buffer is
 *                     too small
 * @param decision     gets the decision, as in tollgate_gate_verify(). Of a route that is no
 *                     token endpoint the reason is TOLLGATE_REASON_CONFIG_MISSING
 * @return TOLLGATE_STATUS_BUFFER_TOO_SMALL if the buffer is too small; then nothing was decided,
 *         and no rate limit was charged
 *
 * Nothing is allocated, nothing waits, no clock is read. May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_gate_token(const tollgate_gate *gate,
                                    const tollgate_request *request,
                                    uint8_t *buffer,
                                    size_t capacity,
                                    size_t *head_length,
                                    size_t *length,
                                    tollgate_decision *decision);

/**
 * Decides what the head of a request can decide, before its body is read.
 *
 * @param gate      from tollgate_gate_new()
 * @param request   the request without its body; it is read
 * @param context   zeroed, or finished, or aborted; it is written if the body decides
 * @param decision  gets the decision. With TOLLGATE_REASON_NONE nothing is decided yet: give the
 *                  body to tollgate_context_update(), then call tollgate_context_finish(). With
 *                  any other reason the request is denied, the body need not be read, and the
 *                  context is as it was
 * @return TOLLGATE_STATUS_BAD_STATE if the context was begun and not finished
 *
 * Nothing is allocated, nothing waits, no clock is read. May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_gate_begin(const tollgate_gate *gate,
                                    const tollgate_request *request,
                                    tollgate_context *context,
                                    tollgate_decision *decision);

/**
 * Takes the next piece of the body, exactly as it was received.
 *
 * @param context  begun
 * @param piece    the bytes
 * @param wanted   gets 1, or 0 if the request is lost already and the rest need not be read;
 *                 tollgate_context_finish() says why
 * @return TOLLGATE_STATUS_BAD_STATE if the context is not begun. A piece that is not taken leaves
 *         a gap in the body: with any other status than TOLLGATE_STATUS_OK the request is given
 *         up, as by tollgate_context_abort()
 *
 * Nothing is allocated, nothing waits.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_context_update(tollgate_context *context,
                                        tollgate_bytes piece,
                                        uint32_t *wanted);

/**
 * Decides on a request whose body has come in.
 *
 * @param context       begun; afterwards it can be begun again, whatever the status
 * @param unix_ms       wall-clock time after the last piece, in milliseconds since
 *                      1970-01-01T00:00:00Z
 * @param monotonic_ns  monotonic time after the last piece, in nanoseconds
 * @param decision      gets the decision, as in tollgate_gate_verify()
 * @return TOLLGATE_STATUS_BAD_STATE if the context is not begun
 *
 * It frees the policy if that was swapped out meanwhile and nobody else holds it; apart from that
 * nothing is allocated or freed, and nothing waits.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_context_finish(tollgate_context *context,
                                        uint64_t unix_ms,
                                        uint64_t monotonic_ns,
                                        tollgate_decision *decision);

/**
 * Gives a request up: its connection was lost, or its body is not wanted any more.
 *
 * @param context  begun, or not: then nothing is done
 * @return TOLLGATE_STATUS_BAD_STATE if the memory was never zeroed, or is a copy of a context
 */
TOLLGATE_API tollgate_status tollgate_context_abort(tollgate_context *context);

/**
 * Makes ready a built-in scheme and the secrets that messages are signed or verified with.
 *
 * @param name          the name of the scheme, such as "stripe"
 * @param url           the URL under which the sender knows the receiver, for a scheme that covers
 *                      it; empty for others
 * @param secrets       the secrets as their owner writes them: 1 to 4, of which several are for a
 *                      rotation; they are read and not kept
 * @param secret_count  how many there are
 * @param scheme        gets the scheme, which the caller releases with tollgate_scheme_free()
 * @return TOLLGATE_STATUS_INVALID_ARGUMENT if there is no such scheme, or a signature of it proves
 *         no secret (tollgate_trust_sign() is for those), or it needs a URL or takes none, or
 *         there are no secrets or too many; TOLLGATE_STATUS_DECODE if a secret cannot be
 *         a key: it lacks the prefix of the scheme, is not encoded as the scheme says, or has
 *         less than 16 bytes or more than 1024
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_scheme_new(tollgate_bytes name,
                                    tollgate_bytes url,
                                    const tollgate_bytes *secrets,
                                    size_t secret_count,
                                    tollgate_scheme **scheme);

/**
 * Makes ready the scheme of a route of a policy, which may be one of the policy's own.
 *
 * @param policy        from tollgate_policy_load(); it is read and not needed afterwards
 * @param route         the name of the route
 * @param secrets       as in tollgate_scheme_new(); those in the policy are not used
 * @param secret_count  how many there are
 * @param scheme        gets the scheme, which the caller releases with tollgate_scheme_free()
 * @return TOLLGATE_STATUS_INVALID_ARGUMENT if the policy has no such route, or it takes no
 *         signature; else as tollgate_scheme_new()
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_scheme_of_route(const tollgate_policy *policy,
                                         tollgate_bytes route,
                                         const tollgate_bytes *secrets,
                                         size_t secret_count,
                                         tollgate_scheme **scheme);

/**
 * Releases a scheme and overwrites its keys.
 *
 * @param scheme  from tollgate_scheme_new() or tollgate_scheme_of_route(), or NULL; not used
 *                afterwards, and by no other thread during the call
 */
TOLLGATE_API tollgate_status tollgate_scheme_free(tollgate_scheme *scheme);

/**
 * Where messages of a scheme carry the signature.
 *
 * @param scheme   from tollgate_scheme_new() or tollgate_scheme_of_route()
 * @param carrier  gets a tollgate_carrier
 * @param name     gets the name of the header, parameter, field or member, without a NUL; it is
 *                 there as long as the scheme is
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_scheme_carrier(const tollgate_scheme *scheme,
                                        uint32_t *carrier,
                                        tollgate_bytes *name);

/**
 * Signs a message with each of the secrets, and gives what it has to get before it is sent. With
 * that, tollgate_scheme_verify() matches it, and what that would refuse is not signed.
 *
 * @param scheme            from tollgate_scheme_new() or tollgate_scheme_of_route(); it has one
 *                          secret, or up to four if it carries a list of signatures, as a sender
 *                          does while it rotates
 * @param request           the message as it will be sent but for the signature, the timestamp
 *                          and the id: its method, target, headers and body are looked at as far
 *                          as the scheme covers them, and unix_ms is when it is signed. A timestamp
 *                          that belongs to the parameters or the body is there already. Where
 *                          messages are a JSON Web Signature, the body is the payload
 * @param id                the id of the message, visible ASCII; looked at if the scheme has one
 * @param key               the key of the credential, visible ASCII, at most 256 bytes; looked at
 *                          if the scheme has it in front of the signature
 * @param headers           gets the header lines to add, each ended by CRLF, without a NUL: the
 *                          id, the timestamp and the signature, as far as the scheme has them in
 *                          headers
 * @param headers_capacity  the room at `headers` in bytes; with 0, `headers` may be NULL
 * @param headers_length    gets the bytes that the lines take, also if they do not fit
 * @param value             gets the signature where tollgate_scheme_carrier() says that no header
 *                          carries it: for a parameter that is added to the query or a field that
 *                          is added to the form, which the caller encodes as forms are, or for a
 *                          string that is added to the JSON object; with a JSON Web Signature
 *                          an object with nothing else takes the place of the body
 * @param value_capacity    the room at `value` in bytes; with 0, `value` may be NULL
 * @param value_length      gets the bytes that the value takes, also if they do not fit; 0 if a
 *                          header carries the signature
 * @param reason            gets TOLLGATE_REASON_OK, or the tollgate_reason for which a verifier
 *                          would refuse the message, or TOLLGATE_REASON_NONE
 * @return TOLLGATE_STATUS_INVALID_ARGUMENT if the message cannot be signed: a verifier would
 *         refuse it; or it has a signature, timestamp or id already; or the scheme needs an id
 *         or a key and this is none; or its timestamp cannot say the time; or there are more secrets than
 *         signatures that it carries. TOLLGATE_STATUS_BUFFER_TOO_SMALL, and the content of the
 *         buffers is then unspecified
 *
 * It allocates. May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
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

/**
 * Decides whether a request carries a signature of one of the secrets, and is fresh if it says
 * when it was signed. Nothing else is decided: no message is remembered, so that a signed request
 * can be sent twice, and a key in front of the signature is not compared.
 *
 * @param scheme   from tollgate_scheme_new() or tollgate_scheme_of_route()
 * @param request  the request as it came: its method, target, headers and body are looked at as
 *                 far as the scheme covers them, and unix_ms is the time
 * @param reason   gets a tollgate_reason, TOLLGATE_REASON_OK if the signature is right
 * @param matched  gets the secrets that match: bit 0 is the first one; 0 if none does
 * @return TOLLGATE_STATUS_OK if the signature is right, TOLLGATE_STATUS_MISMATCH if it is not:
 *         `reason` then says why. Whatever the status, `reason` is not TOLLGATE_REASON_OK and
 *         `matched` is 0 unless it is right
 *
 * Nothing is allocated, nothing waits, no clock is read. May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_scheme_verify(const tollgate_scheme *scheme,
                                       const tollgate_request *request,
                                       uint32_t *reason,
                                       uint32_t *matched);

/**
 * The same as tollgate_scheme_verify() in one call, for receivers with few messages: a built-in
 * scheme is named, and the secrets are made ready each time.
 *
 * @param name          as in tollgate_scheme_new()
 * @param url           as in tollgate_scheme_new()
 * @param secrets       as in tollgate_scheme_new()
 * @param secret_count  how many there are: 1 to 4
 * @param request       as in tollgate_scheme_verify()
 * @param reason        as in tollgate_scheme_verify()
 * @param matched       as in tollgate_scheme_verify()
 * @return as tollgate_scheme_verify(), and for the name and the secrets as tollgate_scheme_new()
 *
 * Memory is allocated for a URL and for nothing else, nothing waits, no clock is read. May be
 * called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_scheme_verify_with(tollgate_bytes name,
                                            tollgate_bytes url,
                                            const tollgate_bytes *secrets,
                                            size_t secret_count,
                                            const tollgate_request *request,
                                            uint32_t *reason,
                                            uint32_t *matched);

/**
 * Prepares a secret as a key, once: no later call hashes the secret again.
 *
 * @param key     is written and need not be initialised; it stays the caller's, to be overwritten
 *                with tollgate_hmac_sha256_key_wipe()
 * @param secret  of any length; it is read and not kept
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_hmac_sha256_key_init(tollgate_hmac_sha256_key *key,
                                              tollgate_bytes secret);

/**
 * Overwrites a key that is no longer needed.
 *
 * @param key  is written; or NULL
 *
 * May be called from any thread, while no other uses the key.
 */
TOLLGATE_API tollgate_status tollgate_hmac_sha256_key_wipe(tollgate_hmac_sha256_key *key);

/**
 * Makes the tag of a message.
 *
 * @param key      from tollgate_hmac_sha256_key_init(); it is read
 * @param message  is read
 * @param tag      gets 32 bytes
 *
 * May be called from any thread, by any number of them with one key.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_hmac_sha256_mac(const tollgate_hmac_sha256_key *key,
                                         tollgate_bytes message,
                                         uint8_t tag[32]);

/**
 * Decides whether a tag is that of a message. How long that takes depends neither on the key nor
 * on where the tags differ.
 *
 * @param key      from tollgate_hmac_sha256_key_init(); it is read
 * @param message  is read
 * @param tag      is read; a tag is 32 bytes long and never cut
 * @return TOLLGATE_STATUS_OK if it is, TOLLGATE_STATUS_MISMATCH if it is not or has another length
 *
 * May be called from any thread, by any number of them with one key.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_hmac_sha256_verify(const tollgate_hmac_sha256_key *key,
                                            tollgate_bytes message,
                                            tollgate_bytes tag);

/**
 * Begins a message that arrives in pieces.
 *
 * @param state  is written and need not be initialised; it stays the caller's
 * @param key    from tollgate_hmac_sha256_key_init(); it is read and not needed afterwards
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_hmac_sha256_init(tollgate_hmac_sha256_state *state,
                                          const tollgate_hmac_sha256_key *key);

/**
 * Takes the next piece of a message. How it is cut does not change its tag.
 *
 * @param state  from tollgate_hmac_sha256_init(); it is read and written, by one thread at a time
 * @param piece  is read and not kept
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_hmac_sha256_update(tollgate_hmac_sha256_state *state,
                                            tollgate_bytes piece);

/**
 * Makes the tag of a message that arrived in pieces.
 *
 * @param state  from tollgate_hmac_sha256_init(); it is overwritten with zeros, and another message
 *               needs another tollgate_hmac_sha256_init()
 * @param tag    gets 32 bytes
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_hmac_sha256_finish(tollgate_hmac_sha256_state *state,
                                            uint8_t tag[32]);

/**
 * Decides whether a tag is that of a message that arrived in pieces, like
 * tollgate_hmac_sha256_verify().
 *
 * @param state  from tollgate_hmac_sha256_init(); it is overwritten with zeros, whatever comes out
 * @param tag    is read
 * @return TOLLGATE_STATUS_OK or TOLLGATE_STATUS_MISMATCH
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_hmac_sha256_finish_verify(tollgate_hmac_sha256_state *state,
                                                   tollgate_bytes tag);

/**
 * Decides of many tags whether each is that of its message. Messages are hashed several at once:
 * the more there are, the less time each takes. How long that is depends neither on a key nor on
 * where tags differ.
 *
 * @param items    `count` of them, in any order and of any lengths; they are read, and what they
 *                 point to
 * @param count    how many there are; of 0 items all match
 * @param results  gets `count` bytes, one for each item: 1 if its tag matches, else 0. All are 0
 *                 first thing, and after any status but the two below
 * @return TOLLGATE_STATUS_OK if all match, TOLLGATE_STATUS_MISMATCH if one does not or has another
 *         length. A NULL in one item is TOLLGATE_STATUS_NULL_POINTER, and nothing is decided
 *
 * May be called from any thread, by any number of them with the same keys.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_hmac_sha256_verify_batch(const tollgate_hmac_sha256_item *items,
                                                  size_t count,
                                                  uint8_t *results);

/**
 * Prepares a secret as a key, once: no later call hashes the secret again.
 *
 * @param key     is written and need not be initialised; it stays the caller's, to be overwritten
 *                with tollgate_hmac_sha512_key_wipe()
 * @param secret  of any length; it is read and not kept
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_hmac_sha512_key_init(tollgate_hmac_sha512_key *key,
                                              tollgate_bytes secret);

/**
 * Overwrites a key that is no longer needed.
 *
 * @param key  is written; or NULL
 *
 * May be called from any thread, while no other uses the key.
 */
TOLLGATE_API tollgate_status tollgate_hmac_sha512_key_wipe(tollgate_hmac_sha512_key *key);

/**
 * Makes the tag of a message.
 *
 * @param key      from tollgate_hmac_sha512_key_init(); it is read
 * @param message  is read
 * @param tag      gets 64 bytes
 *
 * May be called from any thread, by any number of them with one key.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_hmac_sha512_mac(const tollgate_hmac_sha512_key *key,
                                         tollgate_bytes message,
                                         uint8_t tag[64]);

/**
 * Decides whether a tag is that of a message. How long that takes depends neither on the key nor
 * on where the tags differ.
 *
 * @param key      from tollgate_hmac_sha512_key_init(); it is read
 * @param message  is read
 * @param tag      is read; a tag is 64 bytes long and never cut
 * @return TOLLGATE_STATUS_OK if it is, TOLLGATE_STATUS_MISMATCH if it is not or has another length
 *
 * May be called from any thread, by any number of them with one key.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_hmac_sha512_verify(const tollgate_hmac_sha512_key *key,
                                            tollgate_bytes message,
                                            tollgate_bytes tag);

/**
 * Begins a message that arrives in pieces.
 *
 * @param state  is written and need not be initialised; it stays the caller's
 * @param key    from tollgate_hmac_sha512_key_init(); it is read and not needed afterwards
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_hmac_sha512_init(tollgate_hmac_sha512_state *state,
                                          const tollgate_hmac_sha512_key *key);

/**
 * Takes the next piece of a message. How it is cut does not change its tag.
 *
 * @param state  from tollgate_hmac_sha512_init(); it is read and written, by one thread at a time
 * @param piece  is read and not kept
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_hmac_sha512_update(tollgate_hmac_sha512_state *state,
                                            tollgate_bytes piece);

/**
 * Makes the tag of a message that arrived in pieces.
 *
 * @param state  from tollgate_hmac_sha512_init(); it is overwritten with zeros, and another message
 *               needs another tollgate_hmac_sha512_init()
 * @param tag    gets 64 bytes
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_hmac_sha512_finish(tollgate_hmac_sha512_state *state,
                                            uint8_t tag[64]);

/**
 * Decides whether a tag is that of a message that arrived in pieces, like
 * tollgate_hmac_sha512_verify().
 *
 * @param state  from tollgate_hmac_sha512_init(); it is overwritten with zeros, whatever comes out
 * @param tag    is read
 * @return TOLLGATE_STATUS_OK or TOLLGATE_STATUS_MISMATCH
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_hmac_sha512_finish_verify(tollgate_hmac_sha512_state *state,
                                                   tollgate_bytes tag);

/**
 * Compares what is secret. How long that takes depends on the lengths and never on where the
 * bytes differ. Compare decoded bytes, not text.
 *
 * @param left   is read
 * @param right  is read
 * @return TOLLGATE_STATUS_OK if they are equal, TOLLGATE_STATUS_MISMATCH if they are not
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_equal(tollgate_bytes left,
                               tollgate_bytes right);

/**
 * The SHA-256 of `secret`, 32 bytes, into `hash`: what "sha256" means in a policy. It suits
 * secrets that were generated, with 128 bits or more.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_secret_sha256(tollgate_bytes secret,
                                       uint8_t hash[32]);

/**
 * TOLLGATE_STATUS_OK if `hash` is the hash of `presented`, TOLLGATE_STATUS_MISMATCH if it is not
 * or is not 32 bytes long. With an empty `pepper` the hash is a SHA-256, else an HMAC-SHA256 with
 * the pepper as its key: "sha256" and "hmac_sha256" in a policy. How long that takes depends on
 * the lengths alone.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_secret_matches(tollgate_bytes presented,
                                        tollgate_bytes hash,
                                        tollgate_bytes pepper);

/**
 * Signs a message: a JSON Web Token (RFC 7519) with HMAC-SHA256, as Pledg takes the parameters of
 * a purchase in the URL parameter "signature".
 *
 * @param secret    at least 16 bytes, used as they are
 * @param claims    a JSON object of at most 128 members, no name twice; it goes in octet for octet
 * @param message   gets the token, without a NUL
 * @param capacity  the bytes at `message`: for 3 bytes of claims 4, and 81 more, are enough
 * @param length    gets the length of the token
 * @return TOLLGATE_STATUS_INVALID_ARGUMENT if the secret is too short, TOLLGATE_STATUS_DECODE if
 *         the claims are not what they must be, TOLLGATE_STATUS_BUFFER_TOO_SMALL
 *
 * May be called from any thread. Nothing is allocated.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_message_sign(tollgate_bytes secret,
                                      tollgate_bytes claims,
                                      uint8_t *message,
                                      size_t capacity,
                                      size_t *length);

/**
 * Verifies a message and gives its claims: the notification of Pledg that stands in the member
 * "signature" of a body. Nothing of the claims is decoded before the signature was found right.
 *
 * A message says when it was made only if its sender wrote that into the claims: else it can be
 * sent again.
 *
 * @param secret    at least 16 bytes, used as they are
 * @param message   the token, and nothing else
 * @param claims    gets the claims, the octets of a JSON object, without a NUL
 * @param capacity  the bytes at `claims`: 3 for every 4 of the message are enough
 * @param length    gets the length of the claims
 * @return TOLLGATE_STATUS_MISMATCH if the signature is not the one under this secret,
 *         TOLLGATE_STATUS_DECODE if the message is no token with HS256 or its claims are no JSON
 *         object of at most 128 members, no name twice, TOLLGATE_STATUS_INVALID_ARGUMENT if the
 *         secret is too short, TOLLGATE_STATUS_BUFFER_TOO_SMALL
 *
 * May be called from any thread. Nothing is allocated.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_message_verify(tollgate_bytes secret,
                                        tollgate_bytes message,
                                        uint8_t *claims,
                                        size_t capacity,
                                        size_t *length);

/**
 * The claims of a message that a gate has allowed, on a route whose scheme is "pledg-message" or
 * "pledg-redirect". It verifies nothing: without a gate, use tollgate_message_verify().
 *
 * @param message   the token, and nothing else
 * @param claims    gets the claims, the octets of a JSON object, without a NUL
 * @param capacity  the bytes at `claims`: 3 for every 4 of the message are enough
 * @param length    gets the length of the claims
 * @return TOLLGATE_STATUS_DECODE if there are none, TOLLGATE_STATUS_BUFFER_TOO_SMALL
 *
 * May be called from any thread. Nothing is allocated.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_message_claims(tollgate_bytes message,
                                        uint8_t *claims,
                                        size_t capacity,
                                        size_t *length);

/**
 * Makes a new API key, passphrase or signing secret: the prefix, "_", the environment, "_", and 36
 * base62 digits, which are 22 random bytes (176 bits) and a checksum of everything before it. Show
 * it to its holder this once, keep tollgate_key_hash() of it (of a signing secret the key itself),
 * and wipe the buffer.
 *
 * @param prefix       whose key it is and what for: 1 to 16 lower-case letters and digits, the
 *                     first a letter
 * @param environment  the environment that it is for: 1 to 32 lower-case letters, digits, "_" and
 *                     "-", as in the policy
 * @param entropy      empty for the operating system's random numbers; or 22 random bytes that
 *                     nobody else knows and nothing else uses
 * @param out          gets the key, without a NUL; at most 86 bytes
 * @param capacity     the room at `out` in bytes; with 0, `out` may be NULL
 * @param needed       gets the length of the key, even if the room is too small for it
 * @return TOLLGATE_STATUS_INVALID_ARGUMENT if the prefix or the environment is not of that form,
 *         or the random bytes are of another number or all the same;
 *         TOLLGATE_STATUS_NO_RANDOMNESS if the operating system gave none;
 *         TOLLGATE_STATUS_BUFFER_TOO_SMALL, with nothing written to `out`
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_key_generate(tollgate_bytes prefix,
                                      tollgate_bytes environment,
                                      tollgate_bytes entropy,
                                      uint8_t *out,
                                      size_t capacity,
                                      size_t *needed);

/**
 * Reads what a key says of itself, without looking it up: its prefix, its environment, and whether
 * it is whole. Only the policy knows whether it was issued.
 *
 * @param key          is read
 * @param prefix       gets the length of the prefix, with which the key begins
 * @param environment  gets the length of the environment, which begins one byte behind the prefix
 * @param fault        gets a tollgate_key_fault, with TOLLGATE_STATUS_DECODE too
 * @return TOLLGATE_STATUS_DECODE if the text is no key
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_key_parse(tollgate_bytes key,
                                   size_t *prefix,
                                   size_t *environment,
                                   uint32_t *fault);

/**
 * What a policy holds in place of an API key or a passphrase that was generated, 64 lower-case hex
 * digits: with an empty pepper its SHA-256 ("sha256"), else its HMAC-SHA256 under the pepper
 * ("hmac_sha256").
 *
 * @param secret  is read
 * @param pepper  empty, or a key of at least 16 bytes that is kept apart from the policy
 * @param digits  gets the 64 digits, without a NUL
 * @return TOLLGATE_STATUS_INVALID_ARGUMENT if the pepper is shorter
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_key_hash(tollgate_bytes secret,
                                  tollgate_bytes pepper,
                                  uint8_t digits[64]);

/**
 * Makes the hash that a policy holds of a password that a person chose ("password_hash"): argon2id
 * with the parameters that OWASP recommends, 19 MiB and two passes. It takes some 20 ms, and
 * allocates the 19 MiB while it does.
 *
 * @param password  8 to 1000 bytes without control characters
 * @param salt      empty for the operating system's random numbers; or 16 random bytes that
 *                  nothing else uses
 * @param out       gets the hash, without a NUL; at most 128 bytes
 * @param capacity  the room at `out` in bytes; with 0, `out` may be NULL
 * @param needed    gets the length of the hash, even if the room is too small for it
 * @return TOLLGATE_STATUS_INVALID_ARGUMENT if the password or the salt is not of that form;
 *         TOLLGATE_STATUS_NOT_BUILT_IN if the library was built without the feature "password";
 *         TOLLGATE_STATUS_NO_RANDOMNESS, TOLLGATE_STATUS_NO_MEMORY;
 *         TOLLGATE_STATUS_BUFFER_TOO_SMALL, with nothing written to `out`
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_password_hash(tollgate_bytes password,
                                       tollgate_bytes salt,
                                       uint8_t *out,
                                       size_t capacity,
                                       size_t *needed);

/**
 * Whether `password` is the one that `hash` was made of: argon2id, bcrypt (as `htpasswd -B` makes
 * it) or PBKDF2, in the forms and within the bounds that a policy takes. This is for tools: it
 * takes milliseconds, and argon2id allocates its memory for it, as much as the hash says, at most
 * 128 MiB.
 *
 * @param password  is read; bcrypt knows none of more than 72 bytes or with a NUL, so none matches
 * @param hash      is read
 * @return TOLLGATE_STATUS_OK if it is, TOLLGATE_STATUS_MISMATCH if it is not;
 *         TOLLGATE_STATUS_DECODE if the text is no hash, or one that no policy takes;
 *         TOLLGATE_STATUS_NOT_BUILT_IN if the library was built without the feature "password";
 *         TOLLGATE_STATUS_NO_MEMORY
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_password_verify(tollgate_bytes password,
                                         tollgate_bytes hash);

/**
 * Gives a secret of a credential a new value that counts at once, while the old ones count for
 * some time more. Values that have ended are dropped; what is not about the secret stays as it is.
 *
 * @param record     the JSON object that stands for the credential in a policy
 * @param secret     a tollgate_secret_kind
 * @param value      what the record holds of the new value, as JSON: {"sha256": ...} with what
 *                   tollgate_key_hash() gives for an API key or a passphrase, a reference such as
 *                   {"file": ...} for a signing secret; whatever a policy takes there
 * @param schemes    for a signing secret, if the credential has some for different schemes: the
 *                   names of those of one of them, separated by commas. Empty otherwise
 * @param unix_ms    the time now, in milliseconds since 1970
 * @param overlap_s  how many seconds more the old values count; 0 for none
 * @param out        gets the new record, without a NUL, to be put into the policy in place of the
 *                   old one; on TOLLGATE_STATUS_POLICY_INVALID and TOLLGATE_STATUS_BAD_STATE as
 *                   much as fits of what is wrong
 * @param capacity   the room at `out` in bytes; with 0, `out` may be NULL
 * @param needed     gets the length of that text, even if the room is too small for it
 * @return TOLLGATE_STATUS_BAD_STATE if the credential is revoked; TOLLGATE_STATUS_POLICY_INVALID
 *         if a policy would not take the record, or not with this value;
 *         TOLLGATE_STATUS_INVALID_ARGUMENT if a time is not from 1970 to 9999;
 *         TOLLGATE_STATUS_BUFFER_TOO_SMALL, with nothing written to `out`
 *
 * It allocates. May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_credential_rotate(tollgate_bytes record,
                                           uint32_t secret,
                                           tollgate_bytes value,
                                           tollgate_bytes schemes,
                                           uint64_t unix_ms,
                                           uint64_t overlap_s,
                                           uint8_t *out,
                                           size_t capacity,
                                           size_t *needed);

/**
 * Gives a secret of a credential a new value in place of all that it has: they end at once, and
 * with them every token that was issued to the credential, which gets its next generation.
 *
 * @param record    as for tollgate_credential_rotate()
 * @param secret    a tollgate_secret_kind
 * @param value     as for tollgate_credential_rotate()
 * @param schemes   as for tollgate_credential_rotate()
 * @param out       as for tollgate_credential_rotate()
 * @param capacity  the room at `out` in bytes; with 0, `out` may be NULL
 * @param needed    gets the length of that text, even if the room is too small for it
 * @return as tollgate_credential_rotate(), which alone has a time
 *
 * It allocates. May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_credential_reset(tollgate_bytes record,
                                          uint32_t secret,
                                          tollgate_bytes value,
                                          tollgate_bytes schemes,
                                          uint8_t *out,
                                          size_t capacity,
                                          size_t *needed);

/**
 * Revokes a credential for good: all values of its secrets and all tokens that were issued to it
 * end, and no function here changes the record any more. The values stay, so that whoever presents
 * one is told that it is revoked. The record of a credential that is revoked comes out as it is.
 *
 * @param record    as for tollgate_credential_rotate()
 * @param unix_ms   the time now, in milliseconds since 1970
 * @param out       as for tollgate_credential_rotate()
 * @param capacity  the room at `out` in bytes; with 0, `out` may be NULL
 * @param needed    gets the length of that text, even if the room is too small for it
 * @return TOLLGATE_STATUS_POLICY_INVALID if a policy would not take the record;
 *         TOLLGATE_STATUS_INVALID_ARGUMENT if the time is not from 1970 to 9999;
 *         TOLLGATE_STATUS_BUFFER_TOO_SMALL, with nothing written to `out`
 *
 * It allocates. May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_credential_revoke(tollgate_bytes record,
                                           uint64_t unix_ms,
                                           uint8_t *out,
                                           size_t capacity,
                                           size_t *needed);

/**
 * Encodes bytes as base64 (RFC 4648).
 *
 * @param input     is read
 * @param alphabet  a number of tollgate_base64_alphabet
 * @param padding   a number of tollgate_base64_padding
 * @param out       gets the text, without a NUL; no part of it may lie in the input
 * @param capacity  the room at `out` in bytes; with 0, `out` may be NULL
 * @param needed    gets the length of the text, even if the room is too small for it
 * @return TOLLGATE_STATUS_BUFFER_TOO_SMALL, with nothing written to `out`
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_base64_encode(tollgate_bytes input,
                                       uint32_t alphabet,
                                       uint32_t padding,
                                       uint8_t *out,
                                       size_t capacity,
                                       size_t *needed);

/**
 * Decodes base64 (RFC 4648). Every value has exactly one text: whitespace, symbols of the other
 * alphabet, wrong padding and unused bits that are set are refused.
 *
 * @param input     is read
 * @param alphabet  a number of tollgate_base64_alphabet
 * @param padding   a number of tollgate_base64_padding
 * @param out       gets the value; no part of it may lie in the input
 * @param capacity  the room at `out` in bytes; with 0, `out` may be NULL
 * @param needed    gets the length of the value, even if the room is too small for it
 * @return TOLLGATE_STATUS_DECODE if the input is not such a text: then the room at `out` is filled
 *         with zeros; TOLLGATE_STATUS_BUFFER_TOO_SMALL, with nothing written to `out`
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_base64_decode(tollgate_bytes input,
                                       uint32_t alphabet,
                                       uint32_t padding,
                                       uint8_t *out,
                                       size_t capacity,
                                       size_t *needed);

/**
 * Encodes bytes as hexadecimal.
 *
 * @param input     is read
 * @param letters   a number of tollgate_hex_case
 * @param out       gets the text, without a NUL; no part of it may lie in the input
 * @param capacity  the room at `out` in bytes; with 0, `out` may be NULL
 * @param needed    gets the length of the text, even if the room is too small for it
 * @return TOLLGATE_STATUS_BUFFER_TOO_SMALL, with nothing written to `out`
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_hex_encode(tollgate_bytes input,
                                    uint32_t letters,
                                    uint8_t *out,
                                    size_t capacity,
                                    size_t *needed);

/**
 * Decodes hexadecimal: two symbols a byte and nothing else.
 *
 * @param input     is read
 * @param letters   a number of tollgate_hex_case
 * @param out       gets the value; no part of it may lie in the input
 * @param capacity  the room at `out` in bytes; with 0, `out` may be NULL
 * @param needed    gets the length of the value, even if the room is too small for it
 * @return TOLLGATE_STATUS_DECODE if the input is not such a text: then the room at `out` is filled
 *         with zeros; TOLLGATE_STATUS_BUFFER_TOO_SMALL, with nothing written to `out`
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_hex_decode(tollgate_bytes input,
                                    uint32_t letters,
                                    uint8_t *out,
                                    size_t capacity,
                                    size_t *needed);

/**
 * Loads a comma-separated list of networks, such as "12.12.12.12,10.0.0.0/28,2001:db8::/32": no
 * spaces, no leading zeros, no bits set behind the prefix, no comma at the end. A whole family is
 * written "any-ipv4" or "any-ipv6", and both "any".
 *
 * Any number of them may be loaded, in a time that grows little faster than their number. They
 * take at most 16 bytes of memory for each network of IPv4 and 40 for each of IPv6, and up to 80
 * and 180 more while they are loaded.
 *
 * @param list      is read and not kept
 * @param networks  gets the handle, which the caller releases with tollgate_networks_free()
 * @param error     gets what is wrong with the list, as far as there is room for it, without a NUL
 * @param capacity  the room at `error` in bytes; with 0, `error` may be NULL
 * @param length    gets the length of the whole error text; 0 if nothing is wrong
 * @return TOLLGATE_STATUS_DECODE if something is wrong: `error` and `length` are then set, and
 *         `networks` is as it was
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_networks_load(tollgate_bytes list,
                                       tollgate_networks **networks,
                                       uint8_t *error,
                                       size_t capacity,
                                       size_t *length);

/**
 * Decides whether an address is in one of the networks. An IPv4-mapped IPv6 address is the IPv4
 * address that it stands for. It costs two accesses to memory however many networks there are, and
 * a binary search where a list puts most of them close together and few far away.
 *
 * @param networks  from tollgate_networks_load()
 * @param address   4 or 16 bytes in network byte order; it is read
 * @return TOLLGATE_STATUS_OK if it is, TOLLGATE_STATUS_MISMATCH if it is not
 *
 * May be called from any thread, by any number of them at once.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_networks_contain(const tollgate_networks *networks,
                                          tollgate_bytes address);

/**
 * Decides for each of many addresses whether it is in one of the networks, as
 * tollgate_networks_contain() does for one: for the addresses of a log, of a list of forwarded
 * addresses or of a batch of requests. The answers overlap, so each takes a fraction of the time.
 *
 * @param networks   from tollgate_networks_load()
 * @param addresses  one after the other in network byte order, without gaps: an array of
 *                   `struct in_addr` or of `struct in6_addr`. It is read, and may be empty
 * @param width      the bytes of an address: 4 if all are of IPv4, or 16; among those of 16 an
 *                   IPv4-mapped one is the IPv4 address that it stands for
 * @param inside     gets a byte for each address, in their order: 1 if it is in one of the
 *                   networks, 0 if it is not; no part of it may lie in the addresses
 * @param capacity   the room at `inside` in bytes; with 0, `inside` may be NULL
 * @return TOLLGATE_STATUS_INVALID_ARGUMENT if `width` is another number, or the addresses are not
 *         a multiple of it; TOLLGATE_STATUS_BUFFER_TOO_SMALL if there is room for fewer answers
 *         than there are addresses. Nothing is written to `inside` then, nor behind the last
 *         answer at any time
 *
 * Nothing is allocated. May be called from any thread, by any number of them at once.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_networks_contain_many(const tollgate_networks *networks,
                                               tollgate_bytes addresses,
                                               size_t width,
                                               uint8_t *inside,
                                               size_t capacity);

/**
 * Releases networks.
 *
 * @param networks  from tollgate_networks_load(), or NULL; not used afterwards, and by no other
 *                  thread during the call
 */
TOLLGATE_API tollgate_status tollgate_networks_free(tollgate_networks *networks);

/**
 * Decides whether an address is in one network, without a handle.
 *
 * @param network  such as "10.0.0.0/28"; it is read
 * @param address  4 or 16 bytes in network byte order; it is read
 * @return TOLLGATE_STATUS_OK if it is, TOLLGATE_STATUS_MISMATCH if it is not,
 *         TOLLGATE_STATUS_DECODE if the network is not well formed
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_network_contains(tollgate_bytes network,
                                          tollgate_bytes address);

/**
 * Makes the trust signature of a payment: SHA-256 of the trust value and the trust seed, joined.
 * There is no key: whoever knows the two can make it. It says of which payment a message speaks,
 * and never who speaks.
 *
 * @param value      the trust value: the MD5 value of the order id in 32 lower-case hex digits; it
 *                   is read
 * @param seed       the trust seed as it was sent, not decoded and not empty; it is read
 * @param signature  gets 64 lower-case hex digits, without a NUL
 * @return TOLLGATE_STATUS_INVALID_ARGUMENT if the value or the seed has another form
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_trust_sign(tollgate_bytes value,
                                    tollgate_bytes seed,
                                    uint8_t signature[64]);

/**
 * Verifies that a trust signature is that of a value and a seed: those that a message carries with
 * the signature that was stored when the payment was created, or those that were stored with the
 * signature that a message carries. Two signatures are compared with tollgate_equal(). How long
 * it takes does not depend on where they differ.
 *
 * @param value      the trust value; it is read
 * @param seed       the trust seed; it is read
 * @param signature  the trust signature, in hex; it is read
 * @return TOLLGATE_STATUS_MISMATCH if it is another, or if one of the three has not the form that
 *         tollgate_trust_sign() says
 *
 * May be called from any thread.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_trust_verify(tollgate_bytes value,
                                      tollgate_bytes seed,
                                      tollgate_bytes signature);

/**
 * Makes a trust signature under a key, HMAC-SHA256, so that only those who hold it can. It is for
 * those who can choose; it covers no more than the other.
 *
 * @param key        from tollgate_hmac_sha256_key_init(); it is read
 * @param value      the trust value, as in tollgate_trust_sign()
 * @param seed       the trust seed, as in tollgate_trust_sign()
 * @param signature  gets 64 lower-case hex digits, without a NUL
 * @return TOLLGATE_STATUS_INVALID_ARGUMENT if the value or the seed has another form
 *
 * May be called from any thread, by any number of them with one key.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_trust_sign_keyed(const tollgate_hmac_sha256_key *key,
                                          tollgate_bytes value,
                                          tollgate_bytes seed,
                                          uint8_t signature[64]);

/**
 * Verifies a trust signature that was made under a key. How long it takes does not depend on
 * where the two differ.
 *
 * @param key        from tollgate_hmac_sha256_key_init(); it is read
 * @param value      the trust value; it is read
 * @param seed       the trust seed; it is read
 * @param signature  the trust signature, in hex; it is read
 * @return TOLLGATE_STATUS_MISMATCH as in tollgate_trust_verify()
 *
 * May be called from any thread, by any number of them with one key.
 */
TOLLGATE_API
TOLLGATE_MUST_USE
tollgate_status tollgate_trust_verify_keyed(const tollgate_hmac_sha256_key *key,
                                            tollgate_bytes value,
                                            tollgate_bytes seed,
                                            tollgate_bytes signature);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* TOLLGATE_H */


#ifndef TOLLGATE_LITERAL

/* `len` bytes from `data` on. */
static inline tollgate_bytes tollgate_bytes_of(const void *data, size_t len) {
  tollgate_bytes bytes = {(const uint8_t *)data, len};
  return bytes;
}

/* The bytes of a string literal, without its NUL. */
#define TOLLGATE_LITERAL(text) tollgate_bytes_of("" text, sizeof(text) - 1)

#endif /* TOLLGATE_LITERAL */

/* What a tollgate_request, a tollgate_decision and a tollgate_context begin as. */
#define TOLLGATE_REQUEST_INIT \
  {sizeof(tollgate_request), {0, 0}, {0, 0}, {0, 0}, {0, 0}, 0, 0, {0, 0}, {0, 0}, 0, 0, 0, 0, \
   {0, 0}, {0, 0}, {0, 0}, {0, 0}}
#define TOLLGATE_DECISION_INIT \
  {sizeof(tollgate_decision), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, \
   {0}, {0}, {0}, {0}, {0}, {0}, {{0}}, 0, 0}
#define TOLLGATE_CONTEXT_INIT {{0}}
