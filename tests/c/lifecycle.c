/* The life of a credential through the C ABI: its API key is generated, rotated, reset, and it is
 * revoked; after each step the record goes into a policy, and a gate decides by it. */
#include "fixture.h"

#include <stdint.h>

enum { ROOM = 2048, KEY_ROOM = 86 };

/* A text in memory of its own. */
struct text {
  uint8_t bytes[ROOM];
  size_t len;
};

static const tollgate_bytes NONE = {NULL, 0};

static tollgate_bytes bytes_of(const struct text *text) {
  return tollgate_bytes_of(text->bytes, text->len);
}

static struct text text_of(const char *literal) {
  struct text text = {.len = strlen(literal)};
  memcpy(text.bytes, literal, text.len);
  return text;
}

/* A new key, and what the record holds of it. */
static struct text generate(struct text *value) {
  struct text key;
  uint8_t digits[64];
  EXPECT_STATUS(OK, tollgate_key_generate(TOLLGATE_LITERAL("acme"), TOLLGATE_LITERAL("production"),
                                          NONE, key.bytes, KEY_ROOM, &key.len));
  EXPECT_STATUS(OK, tollgate_key_hash(bytes_of(&key), NONE, digits));
  value->len = (size_t)snprintf((char *)value->bytes, ROOM, "{\"sha256\":\"%.64s\"}",
                                (const char *)digits);
  return key;
}

static tollgate_gate *gate_with(const struct text *record) {
  struct text document;
  document.len = (size_t)snprintf(
      (char *)document.bytes, ROOM,
      "{\"tollgate\":1,\"environment\":\"production\",\"routes\":{\"key\":{\"max_body\":64,"
      "\"credentials\":[{\"api_key\":\"X-Key\"}]}},\"credentials\":[%.*s]}",
      (int)record->len, (const char *)record->bytes);
  tollgate_policy *policy = fixture_load(bytes_of(&document), "lifecycle");
  tollgate_gate *gate = NULL;
  EXPECT_STATUS(OK, tollgate_gate_new(policy, &gate));
  EXPECT_STATUS(OK, tollgate_policy_free(policy));
  return gate;
}

/* What a key gets under a record: the reason, and the generation. */
static void expect_key_at(uint32_t reason, uint32_t generation, const struct text *record,
                          const struct text *key, uint64_t unix_ms, int line) {
  tollgate_gate *gate = gate_with(record);
  tollgate_header_line header = {TOLLGATE_LITERAL("X-Key"), bytes_of(key)};
  tollgate_request request = TOLLGATE_REQUEST_INIT;
  request.route = TOLLGATE_LITERAL("key");
  request.method = TOLLGATE_LITERAL("GET");
  request.target = TOLLGATE_LITERAL("/");
  request.host = TOLLGATE_LITERAL("api.example.com");
  request.headers = &header;
  request.header_count = 1;
  request.tls = 1;
  request.unix_ms = unix_ms;
  tollgate_decision decision = decide(gate, &request);
  expect_number_at(reason, decision.reason, "the reason", __FILE__, line);
  expect_number_at(generation, decision.generation, "the generation", __FILE__, line);
  EXPECT_STATUS(OK, tollgate_gate_free(gate));
}

#define EXPECT_KEY(name, generation, record, key, unix_ms) \
  expect_key_at(TOLLGATE_REASON_##name, generation, record, key, unix_ms, __LINE__)

static struct text rotate(const struct text *record, const struct text *value, uint64_t overlap_s) {
  struct text next;
  EXPECT_STATUS(OK, tollgate_credential_rotate(bytes_of(record), TOLLGATE_SECRET_KIND_API_KEY,
                                               bytes_of(value), NONE, NOON_MS, overlap_s,
                                               next.bytes, ROOM, &next.len));
  return next;
}

static void a_life(void) {
  struct text value, record = text_of("{\"id\":\"merchant-1\"}");
  struct text first = generate(&value);
  record = rotate(&record, &value, 0);
  EXPECT_KEY(OK, 1, &record, &first, NOON_MS);

  struct text second = generate(&value);
  record = rotate(&record, &value, 60);
  EXPECT_KEY(OK, 1, &record, &first, NOON_MS + 59999);
  EXPECT_KEY(OK, 2, &record, &second, NOON_MS);
  EXPECT_KEY(ROTATED_OUT, 1, &record, &first, NOON_MS + 60000);

  struct text third = generate(&value), reset;
  EXPECT_STATUS(OK, tollgate_credential_reset(bytes_of(&record), TOLLGATE_SECRET_KIND_API_KEY,
                                              bytes_of(&value), NONE, reset.bytes, ROOM,
                                              &reset.len));
  EXPECT_KEY(UNKNOWN_KEY, 0, &reset, &first, NOON_MS);
  EXPECT_KEY(UNKNOWN_KEY, 0, &reset, &second, NOON_MS);
  EXPECT_KEY(OK, 3, &reset, &third, NOON_MS);

  struct text revoked, again;
  EXPECT_STATUS(OK, tollgate_credential_revoke(bytes_of(&reset), NOON_MS, revoked.bytes, ROOM,
                                               &revoked.len));
  EXPECT_KEY(REVOKED, 3, &revoked, &third, NOON_MS);
  EXPECT_STATUS(OK, tollgate_credential_revoke(bytes_of(&revoked), NOON_MS + 9999, again.bytes,
                                               ROOM, &again.len));
  EXPECT(again.len == revoked.len && memcmp(again.bytes, revoked.bytes, again.len) == 0);
  generate(&value);
  EXPECT_STATUS(BAD_STATE, tollgate_credential_rotate(
                               bytes_of(&revoked), TOLLGATE_SECRET_KIND_API_KEY, bytes_of(&value),
                               NONE, NOON_MS, 0, again.bytes, ROOM, &again.len));
  EXPECT_TEXT("the credential is revoked; issue another one", bytes_of(&again));
  EXPECT_STATUS(BAD_STATE, tollgate_credential_reset(
                               bytes_of(&revoked), TOLLGATE_SECRET_KIND_API_KEY, bytes_of(&value),
                               NONE, again.bytes, ROOM, &again.len));
}

#define SIGNED "{\"id\":\"a\",\"secrets\":[{\"generation\":1,\"key\":{\"env\":\"ONE\"}" \
               ",\"schemes\":[\"github\"]},{\"generation\":1,\"key\":{\"env\":\"TWO\"}," \
               "\"schemes\":[\"svix\",\"gitea\"]}]}"

static void the_schemes_of_a_secret(void) {
  struct text next;
  tollgate_bytes record = TOLLGATE_LITERAL(SIGNED), value = TOLLGATE_LITERAL("{\"env\":\"NEW\"}");
  tollgate_bytes names = TOLLGATE_LITERAL("gitea,svix");
  EXPECT_STATUS(OK, tollgate_credential_reset(record, TOLLGATE_SECRET_KIND_SIGNING_SECRET, value,
                                              names, next.bytes, ROOM, &next.len));
  EXPECT_TEXT("{\"id\":\"a\",\"secrets\":[{\"generation\":1,\"key\":{\"env\":\"ONE\"},"
              "\"schemes\":[\"github\"]},{\"generation\":2,\"key\":{\"env\":\"NEW\"},"
              "\"schemes\":[\"gitea\",\"svix\"]}],\"generation\":2}", bytes_of(&next));
  EXPECT_STATUS(POLICY_INVALID,
                tollgate_credential_reset(record, TOLLGATE_SECRET_KIND_SIGNING_SECRET, value, NONE,
                                          next.bytes, ROOM, &next.len));
  EXPECT(next.len > 20 && memcmp(next.bytes, "the credential has s", 20) == 0);
}

/* Every size: a record is there whole or not at all, an error as far as it fits. */
static void rooms(void) {
  struct text whole, part;
  size_t needed = 0;
  tollgate_bytes record = TOLLGATE_LITERAL("{\"id\":\"a\"}"), broken = TOLLGATE_LITERAL("{\"id\":1}");
  EXPECT_STATUS(OK, tollgate_credential_revoke(record, NOON_MS, whole.bytes, ROOM, &whole.len));
  for (size_t capacity = 0; capacity <= whole.len + 1; capacity++) {
    memset(part.bytes, 0xa5, ROOM);
    tollgate_status status = tollgate_credential_revoke(record, NOON_MS, capacity ? part.bytes : NULL,
                                                        capacity, &needed);
    EXPECT_NUMBER(whole.len, needed);
    if (capacity < whole.len) {
      EXPECT_STATUS(BUFFER_TOO_SMALL, status);
      EXPECT(all_are(0xa5, part.bytes, ROOM));
    } else {
      EXPECT_STATUS(OK, status);
      EXPECT(memcmp(part.bytes, whole.bytes, whole.len) == 0 && part.bytes[whole.len] == 0xa5);
    }
  }
  EXPECT_STATUS(POLICY_INVALID,
                tollgate_credential_revoke(broken, NOON_MS, whole.bytes, ROOM, &whole.len));
  for (size_t capacity = 0; capacity <= whole.len + 1; capacity++) {
    memset(part.bytes, 0xa5, ROOM);
    EXPECT_STATUS(POLICY_INVALID, tollgate_credential_revoke(broken, NOON_MS, part.bytes, capacity,
                                                             &needed));
    size_t written = capacity < whole.len ? capacity : whole.len;
    EXPECT(needed == whole.len && memcmp(part.bytes, whole.bytes, written) == 0);
    EXPECT(all_are(0xa5, part.bytes + written, ROOM - written));
  }
}

static void refused(void) {
  uint8_t out[ROOM], inside[64] = "{\"id\":\"a\"}";
  size_t needed = 77;
  memset(out, 0xa5, sizeof out);
  tollgate_bytes record = TOLLGATE_LITERAL("{\"id\":\"a\"}"), null = {NULL, 1};
  tollgate_bytes value = TOLLGATE_LITERAL("{\"env\":\"NEW\"}"), latin = TOLLGATE_LITERAL("\xe9");
  const struct {
    tollgate_bytes record, value, schemes;
    uint32_t secret;
    tollgate_status status;
  } cases[] = {{null, value, NONE, 1, TOLLGATE_STATUS_NULL_POINTER},
               {record, null, NONE, 1, TOLLGATE_STATUS_NULL_POINTER},
               {record, value, null, 1, TOLLGATE_STATUS_NULL_POINTER},
               {record, value, latin, 3, TOLLGATE_STATUS_INVALID_ARGUMENT},
               {record, value, NONE, 0, TOLLGATE_STATUS_INVALID_ARGUMENT},
               {record, value, NONE, 4, TOLLGATE_STATUS_INVALID_ARGUMENT},
               {record, value, NONE, UINT32_MAX, TOLLGATE_STATUS_INVALID_ARGUMENT}};
  for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
    EXPECT_NUMBER(cases[at].status,
                  tollgate_credential_rotate(cases[at].record, cases[at].secret, cases[at].value,
                                             cases[at].schemes, NOON_MS, 0, out, ROOM, &needed));
    EXPECT_NUMBER(cases[at].status,
                  tollgate_credential_reset(cases[at].record, cases[at].secret, cases[at].value,
                                            cases[at].schemes, out, ROOM, &needed));
  }
  EXPECT_STATUS(NULL_POINTER, tollgate_credential_revoke(null, NOON_MS, out, ROOM, &needed));
  EXPECT_STATUS(NULL_POINTER, tollgate_credential_revoke(record, NOON_MS, NULL, 1, &needed));
  EXPECT_STATUS(NULL_POINTER, tollgate_credential_revoke(record, NOON_MS, out, ROOM, NULL));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_credential_revoke(record, 999, out, ROOM, &needed));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_credential_revoke(record, UINT64_MAX, out, ROOM, &needed));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_credential_rotate(record, 1, value, NONE, NOON_MS,
                                                             UINT64_MAX, out, ROOM, &needed));
  tollgate_bytes own = tollgate_bytes_of(inside, strlen((const char *)inside));
  EXPECT_STATUS(INVALID_ARGUMENT,
                tollgate_credential_revoke(own, NOON_MS, inside, sizeof inside, &needed));
  tollgate_bytes cut = tollgate_bytes_of(inside, 3);
  EXPECT_STATUS(POLICY_INVALID, tollgate_credential_revoke(cut, NOON_MS, inside, 64, &needed));
  EXPECT(memcmp(inside, "{\"id\":\"a\"}", 10) == 0);
  EXPECT(needed == 77 && all_are(0xa5, out, sizeof out));
}

int main(void) {
  a_life();
  the_schemes_of_a_secret();
  rooms();
  refused();
  return expectations_met("lifecycle");
}
