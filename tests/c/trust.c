/* Trust signatures through the C ABI: by themselves, and held by a gate against what the host
 * stored. The values were made with Python's hashlib and hmac. */
#include "fixture.h"

#include <stdint.h>

#define VALUE TOLLGATE_LITERAL("b8c37e33defde51cf91e1e03e51657da")
#define SEED TOLLGATE_LITERAL("W1siU0tVLTEiLDEsIjE5OS4wMCJdXVNLVS0x")
#define SIGNATURE "1b533156ef9dc2b8a22926168504f4d0daf6a65f7aaeba089022c95873c0ece1"
#define SWAPPED "3e204601861b0fd8ed67f5a131879125db78795a372f891e27dbaf0e3d152042"
#define KEYED "0e0234c24aea0c7878f427a0a09da341dec6a5ba1f49a4ef573b81c667290b71"

static const tollgate_bytes NOTHING = {NULL, 0}, NULL_BYTES = {NULL, 1};

static tollgate_hmac_sha256_key key;

static void right_and_wrong(void) {
  char made[64], wrong[64];
  EXPECT_STATUS(OK, tollgate_trust_sign(VALUE, SEED, (uint8_t *)made));
  EXPECT(memcmp(made, SIGNATURE, sizeof made) == 0);
  EXPECT_STATUS(OK, tollgate_trust_sign_keyed(&key, VALUE, SEED, (uint8_t *)made));
  EXPECT(memcmp(made, KEYED, sizeof made) == 0);
  EXPECT_STATUS(OK, tollgate_trust_verify(VALUE, SEED, TOLLGATE_LITERAL(SIGNATURE)));
  EXPECT_STATUS(OK, tollgate_trust_verify_keyed(&key, VALUE, SEED, TOLLGATE_LITERAL(KEYED)));
  EXPECT_STATUS(MISMATCH, tollgate_trust_verify(VALUE, SEED, TOLLGATE_LITERAL(SWAPPED)));
  EXPECT_STATUS(MISMATCH, tollgate_trust_verify(VALUE, SEED, TOLLGATE_LITERAL(KEYED)));
  EXPECT_STATUS(MISMATCH,
                tollgate_trust_verify_keyed(&key, VALUE, SEED, TOLLGATE_LITERAL(SIGNATURE)));
  for (int bit = 0; bit < 512; bit++) {
    memcpy(wrong, SIGNATURE, sizeof wrong);
    wrong[bit / 8] = (char)(wrong[bit / 8] ^ 1 << bit % 8);
    EXPECT_STATUS(MISMATCH, tollgate_trust_verify(VALUE, SEED, BYTES(wrong)));
  }
  for (size_t len = 0; len < 64; len++) {
    tollgate_bytes cut = lend(SIGNATURE, len);
    EXPECT_STATUS(MISMATCH, tollgate_trust_verify(VALUE, SEED, cut));
    EXPECT_STATUS(MISMATCH, tollgate_trust_verify_keyed(&key, VALUE, SEED, cut));
    take_back(cut);
  }
}

/* Values of another form have no signature: they could be cut in two places. */
static void forms(void) {
  static const char *const values[] = {
      "",
      "1001",
      "b8c37e33defde51cf91e1e03e51657d",
      "b8c37e33defde51cf91e1e03e51657daW",
      "B8C37E33DEFDE51CF91E1E03E51657DA",
      "g8c37e33defde51cf91e1e03e51657da",
  };
  tollgate_bytes signature = TOLLGATE_LITERAL(SIGNATURE);
  uint8_t made[64];
  memset(made, 0xa5, sizeof made);
  for (size_t at = 0; at < sizeof values / sizeof *values; at++) {
    tollgate_bytes value = lend(values[at], strlen(values[at]));
    EXPECT_STATUS(INVALID_ARGUMENT, tollgate_trust_sign(value, SEED, made));
    EXPECT_STATUS(INVALID_ARGUMENT, tollgate_trust_sign_keyed(&key, value, SEED, made));
    EXPECT_STATUS(MISMATCH, tollgate_trust_verify(value, SEED, signature));
    EXPECT_STATUS(MISMATCH, tollgate_trust_verify_keyed(&key, value, SEED, signature));
    take_back(value);
  }
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_trust_sign(VALUE, NOTHING, made));
  EXPECT_STATUS(MISMATCH, tollgate_trust_verify(VALUE, NOTHING, signature));
  EXPECT(all_are(0xa5, made, sizeof made));
}

static void refused(void) {
  tollgate_bytes endless = tollgate_bytes_of(SIGNATURE, SIZE_MAX);
  tollgate_bytes signature = TOLLGATE_LITERAL(SIGNATURE);
  uint8_t made[64];
  memset(made, 0xa5, sizeof made);
  EXPECT_STATUS(NULL_POINTER, tollgate_trust_sign(VALUE, SEED, NULL));
  EXPECT_STATUS(NULL_POINTER, tollgate_trust_sign(NULL_BYTES, SEED, made));
  EXPECT_STATUS(NULL_POINTER, tollgate_trust_sign(VALUE, NULL_BYTES, made));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_trust_sign(VALUE, endless, made));
  EXPECT_STATUS(NULL_POINTER, tollgate_trust_sign_keyed(NULL, VALUE, SEED, made));
  EXPECT_STATUS(NULL_POINTER, tollgate_trust_sign_keyed(&key, VALUE, SEED, NULL));
  EXPECT(all_are(0xa5, made, sizeof made));
  EXPECT_STATUS(NULL_POINTER, tollgate_trust_verify(NULL_BYTES, SEED, signature));
  EXPECT_STATUS(NULL_POINTER, tollgate_trust_verify(VALUE, NULL_BYTES, signature));
  EXPECT_STATUS(NULL_POINTER, tollgate_trust_verify(VALUE, SEED, NULL_BYTES));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_trust_verify(VALUE, SEED, endless));
  EXPECT_STATUS(NULL_POINTER, tollgate_trust_verify_keyed(NULL, VALUE, SEED, signature));
}

#define POLICY                                                                          \
  "{\"tollgate\": 1, \"environment\": \"test\", \"routes\": {"                          \
  "\"status\": {\"max_body\": 4096, \"credentials\": [{\"api_key\": \"api-key\"}],"     \
  "  \"signature\": \"flexiown-trust\"},"                                               \
  "\"return\": {\"max_body\": 0, \"credentials\": [{\"api_key\": \"api-key\"}],"        \
  "  \"signature\": \"flexiown-trust-return\"}"                                         \
  "}, \"credentials\": [{\"id\": \"shop\", \"api_key\": {\"text\": \"your_api_key_here\"}}]}"

static tollgate_gate *gate;

/* A request about payment 1001 that says who it is by `api_key`. */
static tollgate_request message(tollgate_header_line *line, const char *route,
                                const char *api_key) {
  tollgate_request request = TOLLGATE_REQUEST_INIT;
  *line = (tollgate_header_line){TOLLGATE_LITERAL("api-key"),
                                 tollgate_bytes_of(api_key, strlen(api_key))};
  request.route = tollgate_bytes_of(route, strlen(route));
  request.method = TOLLGATE_LITERAL("POST");
  request.target = TOLLGATE_LITERAL("/return?status=approved&trust_signature=" SIGNATURE);
  request.headers = line;
  request.header_count = 1;
  request.tls = 1;
  if (strcmp(route, "status") == 0)
    request.body = TOLLGATE_LITERAL(
        "{\"order_id\":\"1001\",\"trust_value\":\"b8c37e33defde51cf91e1e03e51657da\","
        "\"trust_seed\":\"W1siU0tVLTEiLDEsIjE5OS4wMCJdXVNLVS0x\"}");
  return request;
}

/* What the host stored decides only after the API key was right, nothing stored denies, and so does
 * the payment of another. */
static void in_front_of_a_gate(void) {
  tollgate_header_line line;
  tollgate_request request = message(&line, "status", "your_api_key_here");
  EXPECT_DENIED(MISSING_SIGNATURE, decide(gate, &request));
  request.stored_signature = TOLLGATE_LITERAL(SIGNATURE);
  EXPECT_DENIED(TRUST_MISMATCH, decide(gate, &request));
  request.stored_credential = TOLLGATE_LITERAL("shop-2");
  EXPECT_DENIED(TRUST_MISMATCH, decide(gate, &request));
  request.stored_credential = TOLLGATE_LITERAL("shop");
  EXPECT_ALLOWED(decide(gate, &request));
  request.stored_signature = TOLLGATE_LITERAL(SWAPPED);
  tollgate_decision decision = decide(gate, &request);
  EXPECT_DENIED(TRUST_MISMATCH, decision);
  EXPECT_NUMBER(403, decision.http_status);
  EXPECT_NUMBER(1, decision.authenticated);
  request = message(&line, "status", "another");
  request.stored_signature = TOLLGATE_LITERAL(SIGNATURE);
  decision = decide(gate, &request);
  EXPECT_DENIED(UNKNOWN_KEY, decision);
  EXPECT_NUMBER(401, decision.http_status);
  EXPECT_NUMBER(0, decision.authenticated);

  request = message(&line, "return", "your_api_key_here");
  request.stored_credential = TOLLGATE_LITERAL("shop");
  EXPECT_DENIED(SIGNED_PART_MISSING, decide(gate, &request));
  request.stored_value = VALUE;
  EXPECT_DENIED(SIGNED_PART_MISSING, decide(gate, &request));
  request.stored_seed = SEED;
  EXPECT_ALLOWED(decide(gate, &request));
  request.stored_seed = TOLLGATE_LITERAL("W1siU0tVLTIiLDEsIjE5OS4wMCJdXVNLVS0y");
  EXPECT_DENIED(TRUST_MISMATCH, decide(gate, &request));
}

static void stored_pointers(void) {
  tollgate_header_line line;
  tollgate_request request = message(&line, "status", "your_api_key_here"), broken = request;
  tollgate_decision decision = allowing();
  tollgate_bytes *const fields[] = {&broken.stored_signature, &broken.stored_value,
                                    &broken.stored_seed, &broken.stored_credential};
  for (size_t at = 0; at < sizeof fields / sizeof *fields; at++) {
    broken = request;
    *fields[at] = NULL_BYTES;
    decision = allowing();
    EXPECT_STATUS(NULL_POINTER, tollgate_gate_verify(gate, &broken, &decision));
    EXPECT_DENIED(INTERNAL, decision);
  }
}

int main(void) {
  EXPECT_STATUS(OK,
                tollgate_hmac_sha256_key_init(&key, TOLLGATE_LITERAL("a secret of the merchant")));
  right_and_wrong();
  forms();
  refused();
  tollgate_policy *policy = fixture_load(TOLLGATE_LITERAL(POLICY), "trust.json");
  EXPECT_STATUS(OK, tollgate_gate_new(policy, &gate));
  in_front_of_a_gate();
  stored_pointers();
  EXPECT_STATUS(OK, tollgate_gate_free(gate));
  EXPECT_STATUS(OK, tollgate_policy_free(policy));
  EXPECT_STATUS(OK, tollgate_hmac_sha256_key_wipe(&key));
  return expectations_met("trust");
}
