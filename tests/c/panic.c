/* What a caller sees when the library fails inside: a status, a decision that denies, other
 * outputs as they were, and every handle as good as before.
 *
 *   panic planted   of a build with `--cfg tollgate_planted_panic`, in which reading the bytes
 *                   below panics
 *   panic           of any other build, in which they are bytes like others */
#include "fixture.h"

#include <stdint.h>

#define PANIC_NOW TOLLGATE_LITERAL("tollgate: panic now")

static bool planted;
static unsigned panics;

static tollgate_gate *gate;
static tollgate_policy *policy;
static struct cashout cashout;

static void expect_panic_at(tollgate_status status, const char *what, const char *file, int line) {
  panics++;
  if (expect_failed((status == TOLLGATE_STATUS_PANIC) == planted))
    fprintf(stderr, "%s:%d: %s gives %d\n", file, line, what, (int)status);
}

#define EXPECT_PANIC(call) expect_panic_at((call), #call, __FILE__, __LINE__)

/* As it was, where the call panicked. */
#define EXPECT_KEPT(condition) EXPECT(!planted || (condition))

/* The decision of the call denies, with or without a panic. */
#define EXPECT_DENYING_PANIC(call)                            \
  do {                                                        \
    tollgate_decision decision = allowing();                  \
    EXPECT_PANIC(call);                                       \
    EXPECT_NUMBER(TOLLGATE_VERDICT_DENY, decision.verdict);   \
    EXPECT_NUMBER(0, decision.authenticated);                 \
    if (planted) EXPECT_DENIED(INTERNAL, decision);           \
  } while (0)

/* Nothing that the calls used was harmed. */
static void goes_on(void) {
  EXPECT_STATUS(OK, tollgate_equal(TOLLGATE_LITERAL("abc"), TOLLGATE_LITERAL("abc")));
  EXPECT_ALLOWED(decide(gate, &cashout.request));
  tollgate_gate *other = NULL;
  EXPECT_STATUS(OK, tollgate_gate_new(policy, &other));
  EXPECT_ALLOWED(decide(other, &cashout.request));
  EXPECT_STATUS(OK, tollgate_gate_swap(gate, policy));
  EXPECT_STATUS(OK, tollgate_gate_free(other));
}

/* The functions of one hash. */
#define HMAC_TESTS(hash, len)                                                                 \
  static void hmac_##hash(void) {                                                             \
    tollgate_bytes text = TOLLGATE_LITERAL("text");                                           \
    uint8_t tag[len];                                                                         \
    tollgate_hmac_##hash##_key key, same_key;                                                 \
    tollgate_hmac_##hash##_state state, same_state;                                           \
    memset(tag, 0xa5, sizeof tag);                                                            \
    EXPECT_STATUS(OK, tollgate_hmac_##hash##_key_init(&key, text));                           \
    EXPECT_STATUS(OK, tollgate_hmac_##hash##_init(&state, &key));                             \
    same_key = key;                                                                           \
    same_state = state;                                                                       \
    EXPECT_PANIC(tollgate_hmac_##hash##_key_init(&key, PANIC_NOW));                           \
    EXPECT_KEPT(memcmp(&key, &same_key, sizeof key) == 0);                                    \
    EXPECT_PANIC(tollgate_hmac_##hash##_mac(&key, PANIC_NOW, tag));                           \
    EXPECT_KEPT(all_are(0xa5, tag, sizeof tag));                                              \
    EXPECT_PANIC(tollgate_hmac_##hash##_verify(&key, PANIC_NOW, BYTES(tag)));                 \
    EXPECT_PANIC(tollgate_hmac_##hash##_verify(&key, text, PANIC_NOW));                       \
    EXPECT_PANIC(tollgate_hmac_##hash##_update(&state, PANIC_NOW));                           \
    EXPECT_KEPT(memcmp(&state, &same_state, sizeof state) == 0);                              \
    EXPECT_PANIC(tollgate_hmac_##hash##_finish_verify(&state, PANIC_NOW));                    \
  }

HMAC_TESTS(sha256, 32)
HMAC_TESTS(sha512, 64)

static void batch(void) {
  tollgate_bytes text = TOLLGATE_LITERAL("text");
  tollgate_hmac_sha256_key key;
  uint8_t results[3];
  EXPECT_STATUS(OK, tollgate_hmac_sha256_key_init(&key, text));
  const tollgate_hmac_sha256_item messages[] = {{&key, text, text}, {&key, PANIC_NOW, text}};
  const tollgate_hmac_sha256_item tags[] = {{&key, text, text}, {&key, text, PANIC_NOW}};
  memset(results, 0xa5, sizeof results);
  EXPECT_PANIC(tollgate_hmac_sha256_verify_batch(messages, 2, results));
  EXPECT_PANIC(tollgate_hmac_sha256_verify_batch(tags, 2, results));
  EXPECT(all_are(0, results, 2) && results[2] == 0xa5);
}

static void encodings(void) {
  uint8_t out[64];
  size_t needed = 77;
  memset(out, 0xa5, sizeof out);
  EXPECT_PANIC(tollgate_equal(PANIC_NOW, TOLLGATE_LITERAL("text")));
  EXPECT_PANIC(tollgate_equal(TOLLGATE_LITERAL("text"), PANIC_NOW));
  EXPECT_PANIC(tollgate_base64_encode(PANIC_NOW, 0, 0, out, sizeof out, &needed));
  EXPECT_PANIC(tollgate_base64_decode(PANIC_NOW, 0, 0, out, sizeof out, &needed));
  EXPECT_PANIC(tollgate_hex_encode(PANIC_NOW, 0, out, sizeof out, &needed));
  EXPECT_PANIC(tollgate_hex_decode(PANIC_NOW, 0, out, sizeof out, &needed));
  EXPECT_KEPT(needed == 77 && all_are(0xa5, out, sizeof out));
}

static void secrets(void) {
  tollgate_bytes text = TOLLGATE_LITERAL("text");
  uint8_t hash[32];
  memset(hash, 0xa5, sizeof hash);
  EXPECT_PANIC(tollgate_secret_sha256(PANIC_NOW, hash));
  EXPECT_KEPT(all_are(0xa5, hash, sizeof hash));
  EXPECT_PANIC(tollgate_secret_matches(PANIC_NOW, BYTES(hash), text));
  EXPECT_PANIC(tollgate_secret_matches(text, PANIC_NOW, text));
  EXPECT_PANIC(tollgate_secret_matches(text, BYTES(hash), PANIC_NOW));
}

static void trust(void) {
  tollgate_bytes value = TOLLGATE_LITERAL("b8c37e33defde51cf91e1e03e51657da");
  tollgate_bytes seed = TOLLGATE_LITERAL("W1siU0tVLTEiLDEsIjE5OS4wMCJdXVNLVS0x");
  tollgate_hmac_sha256_key key;
  uint8_t signature[64];
  memset(signature, 0xa5, sizeof signature);
  EXPECT_STATUS(OK, tollgate_hmac_sha256_key_init(&key, seed));
  EXPECT_PANIC(tollgate_trust_sign(PANIC_NOW, seed, signature));
  EXPECT_PANIC(tollgate_trust_sign(value, PANIC_NOW, signature));
  EXPECT_PANIC(tollgate_trust_sign_keyed(&key, PANIC_NOW, seed, signature));
  EXPECT_PANIC(tollgate_trust_sign_keyed(&key, value, PANIC_NOW, signature));
  EXPECT_KEPT(all_are(0xa5, signature, sizeof signature));
  EXPECT_PANIC(tollgate_trust_verify(PANIC_NOW, seed, BYTES(signature)));
  EXPECT_PANIC(tollgate_trust_verify(value, PANIC_NOW, BYTES(signature)));
  EXPECT_PANIC(tollgate_trust_verify(value, seed, PANIC_NOW));
  EXPECT_PANIC(tollgate_trust_verify_keyed(&key, PANIC_NOW, seed, BYTES(signature)));
  EXPECT_PANIC(tollgate_trust_verify_keyed(&key, value, PANIC_NOW, BYTES(signature)));
  EXPECT_PANIC(tollgate_trust_verify_keyed(&key, value, seed, PANIC_NOW));
}

static void keys(void) {
  tollgate_bytes text = TOLLGATE_LITERAL("text"), none = {NULL, 0};
  uint8_t out[128];
  size_t needed = 77, prefix = 77, environment = 77;
  uint32_t fault = 77;
  memset(out, 0xa5, sizeof out);
  EXPECT_PANIC(tollgate_key_generate(PANIC_NOW, text, none, out, sizeof out, &needed));
  EXPECT_PANIC(tollgate_key_generate(text, PANIC_NOW, none, out, sizeof out, &needed));
  EXPECT_PANIC(tollgate_key_generate(text, text, PANIC_NOW, out, sizeof out, &needed));
  EXPECT_PANIC(tollgate_key_parse(PANIC_NOW, &prefix, &environment, &fault));
  EXPECT_KEPT(prefix == 77 && environment == 77 && fault == 77);
  EXPECT_PANIC(tollgate_key_hash(PANIC_NOW, none, out));
  EXPECT_PANIC(tollgate_key_hash(text, PANIC_NOW, out));
  EXPECT_PANIC(tollgate_password_hash(PANIC_NOW, text, out, sizeof out, &needed));
  EXPECT_PANIC(tollgate_password_hash(text, PANIC_NOW, out, sizeof out, &needed));
  EXPECT_PANIC(tollgate_password_verify(PANIC_NOW, text));
  EXPECT_PANIC(tollgate_password_verify(text, PANIC_NOW));
  EXPECT_KEPT(needed == 77 && all_are(0xa5, out, sizeof out));
}

static void credentials(void) {
  tollgate_bytes record = TOLLGATE_LITERAL("{\"id\":\"a\"}"), none = {NULL, 0};
  tollgate_bytes value = TOLLGATE_LITERAL("{\"text\":\"sixteen bytes ok\"}");
  uint8_t out[128];
  size_t needed = 77;
  memset(out, 0xa5, sizeof out);
  EXPECT_PANIC(tollgate_credential_rotate(PANIC_NOW, 1, value, none, NOON_MS, 0, out, 128, &needed));
  EXPECT_PANIC(tollgate_credential_rotate(record, 1, PANIC_NOW, none, NOON_MS, 0, out, 128, &needed));
  EXPECT_PANIC(tollgate_credential_rotate(record, 3, value, PANIC_NOW, NOON_MS, 0, out, 128, &needed));
  EXPECT_PANIC(tollgate_credential_reset(PANIC_NOW, 1, value, none, out, 128, &needed));
  EXPECT_PANIC(tollgate_credential_reset(record, 1, PANIC_NOW, none, out, 128, &needed));
  EXPECT_PANIC(tollgate_credential_reset(record, 3, value, PANIC_NOW, out, 128, &needed));
  EXPECT_PANIC(tollgate_credential_revoke(PANIC_NOW, NOON_MS, out, 128, &needed));
  EXPECT_KEPT(needed == 77 && all_are(0xa5, out, sizeof out));
}

static void schemes(void) {
  tollgate_bytes stripe = TOLLGATE_LITERAL("stripe"), none = {NULL, 0}, panic_now = PANIC_NOW;
  tollgate_bytes secret = TOLLGATE_LITERAL("a secret of a merchant"), route = TOLLGATE_LITERAL("few");
  tollgate_scheme *made = NULL, *scheme = NULL;
  tollgate_request request = TOLLGATE_REQUEST_INIT;
  uint8_t lines[128];
  size_t length = 77, value_length = 77;
  uint32_t reason = 77, matched = 77;
  EXPECT_PANIC(tollgate_scheme_new(PANIC_NOW, none, &secret, 1, &made));
  EXPECT_PANIC(tollgate_scheme_new(stripe, PANIC_NOW, &secret, 1, &made));
  EXPECT_PANIC(tollgate_scheme_new(TOLLGATE_LITERAL("svix"), none, &panic_now, 1, &made));
  EXPECT_PANIC(tollgate_scheme_of_route(policy, PANIC_NOW, &secret, 1, &made));
  EXPECT(made == NULL);
  EXPECT_STATUS(OK, tollgate_scheme_of_route(policy, route, &secret, 1, &scheme));
  EXPECT_PANIC(tollgate_scheme_sign(scheme, &request, PANIC_NOW, none, lines, sizeof lines, &length,
                                    NULL, 0, &value_length, &reason));
  EXPECT_PANIC(tollgate_scheme_sign(scheme, &request, none, PANIC_NOW, lines, sizeof lines, &length,
                                    NULL, 0, &value_length, &reason));
  EXPECT_KEPT(length == 77 && value_length == 77 && reason == TOLLGATE_REASON_NONE);
  request.target = PANIC_NOW;
  EXPECT_PANIC(tollgate_scheme_sign(scheme, &request, none, none, lines, sizeof lines, &length,
                                    NULL, 0, &value_length, &reason));
  EXPECT_KEPT(length == 77 && value_length == 77 && reason == TOLLGATE_REASON_NONE);
  EXPECT_PANIC(tollgate_scheme_verify(scheme, &request, &reason, &matched));
  EXPECT_KEPT(reason == TOLLGATE_REASON_INTERNAL && matched == 0);
  reason = matched = 77;
  EXPECT_PANIC(
      tollgate_scheme_verify_with(stripe, none, &secret, 1, &request, &reason, &matched));
  EXPECT_KEPT(reason == TOLLGATE_REASON_INTERNAL && matched == 0);
  request.target = none;
  EXPECT_STATUS(MISMATCH, tollgate_scheme_verify(scheme, &request, &reason, &matched));
  EXPECT_STATUS(OK, tollgate_scheme_free(scheme));
}

static void networks(void) {
  tollgate_bytes list = TOLLGATE_LITERAL("10.0.0.0/8"), address = TOLLGATE_LITERAL("\x0a\0\0\1");
  tollgate_networks *set = NULL, *none = NULL;
  uint8_t error[64];
  size_t length = 77;
  EXPECT_PANIC(tollgate_networks_load(PANIC_NOW, &none, error, sizeof error, &length));
  EXPECT(none == NULL);
  EXPECT_KEPT(length == 77);
  EXPECT_STATUS(OK, tollgate_networks_load(list, &set, error, sizeof error, &length));
  EXPECT_PANIC(tollgate_networks_contain(set, PANIC_NOW));
  uint8_t inside[64] = {77};
  EXPECT_PANIC(tollgate_networks_contain_many(set, PANIC_NOW, 4, inside, sizeof inside));
  EXPECT_KEPT(inside[0] == 77);
  EXPECT_PANIC(tollgate_network_contains(PANIC_NOW, address));
  EXPECT_PANIC(tollgate_network_contains(list, PANIC_NOW));
  EXPECT_STATUS(OK, tollgate_networks_contain(set, address));
  EXPECT_STATUS(OK, tollgate_networks_free(set));
}

static void policies(void) {
  tollgate_bytes none = {NULL, 0}, document = TOLLGATE_LITERAL("{}");
  tollgate_policy *loaded = NULL;
  uint8_t errors[64];
  size_t length = 77;
  uint32_t flag = 77;
  memset(errors, 0xa5, sizeof errors);
  EXPECT_PANIC(tollgate_policy_load(PANIC_NOW, none, 0, none, errors, 64, &length, &loaded));
  EXPECT_PANIC(tollgate_policy_load(document, PANIC_NOW, 0, none, errors, 64, &length, &loaded));
  EXPECT_PANIC(tollgate_policy_load(document, none, 0, PANIC_NOW, errors, 64, &length, &loaded));
  EXPECT(loaded == NULL);
  EXPECT_KEPT(length == 77 && all_are(0xa5, errors, sizeof errors));
  EXPECT_PANIC(tollgate_policy_route_streams(policy, PANIC_NOW, &flag));
  EXPECT_PANIC(tollgate_policy_route_issues_tokens(policy, PANIC_NOW, &flag));
  EXPECT_NUMBER(77, flag);
}

static void limits(void) {
  size_t size = 0;
  uint8_t *memory = fixture_limits(&size);
  memset(memory, 0xa5, size);
  EXPECT_PANIC(tollgate_limits_init(memory, size, 10, 100, PANIC_NOW));
  EXPECT(all_are(0xa5, memory, size));
  free(memory);
}

/* A call that panics counts nothing, and what was counted before is there. */
static void counters(void) {
  static const char line[] =
      "tollgate_checks_total{route=\"route\",outcome=\"allowed\",reason=\"ok\"} 1\n";
  uint8_t text[512];
  size_t size = 0, needed = 77;
  tollgate_bytes route = TOLLGATE_LITERAL("route"), none = {NULL, 0};
  tollgate_decision decision = allowing();
  EXPECT_STATUS(OK, tollgate_counters_size(4, &size));
  void *memory = aligned_alloc(64, size);
  if (memory == NULL) abort();
  EXPECT_STATUS(OK, tollgate_counters_init(memory, size, 4));
  EXPECT_STATUS(OK, tollgate_counters_count(memory, size, route, &decision, 0));
  EXPECT_PANIC(tollgate_counters_count(memory, size, PANIC_NOW, &decision, 0));
  memset(text, 0xa5, sizeof text);
  EXPECT_PANIC(tollgate_counters_text(memory, size, PANIC_NOW, text, sizeof text, &needed));
  EXPECT_KEPT(needed == 77 && all_are(0xa5, text, sizeof text));
  EXPECT_STATUS(OK, tollgate_counters_text(memory, size, none, text, sizeof text, &needed));
  if (planted) EXPECT_TEXT(line, tollgate_bytes_of(text, needed));
  free(memory);
}

/* Each text of a request in turn. */
static void requests(void) {
  tollgate_request *request = &cashout.request;
  tollgate_bytes *parts[] = {&request->route, &request->method, &request->target,
                             &request->host,  &request->peer,   &cashout.lines[0].name,
                             &cashout.lines[SIGNATURE].value, &request->body};
  enum { PARTS = sizeof parts / sizeof *parts };
  static uint8_t answer[8192];
  size_t head = 77, length = 77;
  memset(answer, 0xa5, sizeof answer);
  /* Without the header lines that are spoilt below. */
  tollgate_request plain = *request;
  plain.headers = NULL;
  plain.header_count = 0;
  plain.body = TOLLGATE_LITERAL("{}");
  for (size_t at = 0; at < PARTS; at++) {
    tollgate_bytes kept = *parts[at];
    *parts[at] = PANIC_NOW;
    EXPECT_DENYING_PANIC(tollgate_gate_verify(gate, request, &decision));
    EXPECT_DENYING_PANIC(tollgate_gate_verify_streamed(gate, request, &decision));
    const tollgate_request batch[] = {plain, plain, *request};
    tollgate_decision decisions[] = {allowing(), allowing(), allowing()};
    EXPECT_PANIC(tollgate_gate_verify_batch(gate, batch, 3, decisions));
    for (size_t it = 0; planted && it < 3; it++) EXPECT_DENIED(INTERNAL, decisions[it]);
    EXPECT_NUMBER(TOLLGATE_VERDICT_DENY, decisions[2].verdict);
    EXPECT_DENYING_PANIC(tollgate_gate_token(gate, request, answer, sizeof answer, &head, &length,
                                             &decision));
    EXPECT_KEPT(head == 77 && length == 77 && all_are(0xa5, answer, sizeof answer));
    tollgate_context context = TOLLGATE_CONTEXT_INIT;
    /* The body is not looked at. */
    if (parts[at] != &request->body) {
      EXPECT_DENYING_PANIC(tollgate_gate_begin(gate, request, &context, &decision));
      EXPECT(is_vacant(&context));
    }
    *parts[at] = kept;
  }
}

/* What the host stored, to which the scheme does not look: without a panic the request passes. */
static void stored(void) {
  tollgate_request *request = &cashout.request;
  tollgate_bytes *parts[] = {&request->stored_signature, &request->stored_value,
                             &request->stored_seed, &request->stored_credential};
  for (size_t at = 0; at < sizeof parts / sizeof *parts; at++) {
    tollgate_decision decision = allowing();
    *parts[at] = PANIC_NOW;
    EXPECT_PANIC(tollgate_gate_verify(gate, request, &decision));
    EXPECT_NUMBER(!planted, decision.verdict);
    *parts[at] = tollgate_bytes_of(NULL, 0);
  }
}

/* Each text of the flat form in turn. */
static void flat_requests(void) {
  const tollgate_request *r = &cashout.request;
  tollgate_bytes good[7] = {r->route, r->method, r->target, r->host, TOLLGATE_LITERAL("A: b\r\n"),
                            r->body,  r->peer};
  for (size_t at = 0; at < 7; at++) {
    tollgate_bytes p[7];
    memcpy(p, good, sizeof p);
    p[at] = PANIC_NOW;
    EXPECT_DENYING_PANIC(tollgate_gate_verify_flat(
        gate, p[0].data, p[0].len, p[1].data, p[1].len, p[2].data, p[2].len, p[3].data, p[3].len,
        p[4].data, p[4].len, p[5].data, p[5].len, p[6].data, p[6].len, 1, NOON_MS, 1, &decision));
  }
}

/* A body of which one piece made the library fail does not pass, though nothing signs it and its
 * end was not announced. */
static void pieces(void) {
  tollgate_context context = TOLLGATE_CONTEXT_INIT;
  tollgate_decision decision = allowing();
  tollgate_request request = cashout.request;
  uint32_t wanted = 77;
  request.route = TOLLGATE_LITERAL("unsigned");
  cashout.lines[CONTENT_LENGTH].name.len--;
  EXPECT_STATUS(OK, tollgate_gate_begin(gate, &request, &context, &decision));
  EXPECT_DENIED(NONE, decision);
  EXPECT_PANIC(tollgate_context_update(&context, PANIC_NOW, &wanted));
  EXPECT_KEPT(wanted == 77);
  tollgate_status finished = tollgate_context_finish(&context, NOON_MS, SECOND_NS, &decision);
  EXPECT_NUMBER(planted ? TOLLGATE_STATUS_BAD_STATE : TOLLGATE_STATUS_OK, finished);
  EXPECT_NUMBER(!planted, decision.verdict);
  EXPECT(is_vacant(&context));
  cashout.lines[CONTENT_LENGTH].name.len++;
}

int main(int count, char **words) {
  planted = count > 1 && strcmp(words[1], "planted") == 0;
  policy = fixture_policy("one.json");
  EXPECT_STATUS(OK, tollgate_gate_new(policy, &gate));
  cashout_init(&cashout);
  goes_on();
  void (*const tests[])(void) = {hmac_sha256,   hmac_sha512, batch,       encodings,
                                 secrets,       trust,       keys,        credentials,
                                 networks,      schemes,     policies,    limits,
                                 counters,      requests,    stored,      flat_requests,
                                 pieces};
  for (size_t at = 0; at < sizeof tests / sizeof *tests; at++) {
    tests[at]();
    goes_on();
  }
  printf("panic: %u calls that %s\n", panics, planted ? "panicked" : "would panic if planted");
  cashout_free(&cashout);
  EXPECT_STATUS(OK, tollgate_gate_free(gate));
  EXPECT_STATUS(OK, tollgate_policy_free(policy));
  return expectations_met("panic");
}
