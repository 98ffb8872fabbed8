/* A cashout as a Directa24 merchant sends it, and the policies that it meets: fixture/one.json has
 * the merchant and fixture/two.json another one with the same user, so that a request passes under
 * one of them at most. Programs run in the folder of the repository. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "expect.h"

/* openssl dgst -sha256 -hmac signing-secret-of-merchant-one fixture/cashout.json
 * openssl dgst -sha256 -hmac signing-secret-of-merchant-two fixture/cashout.json */
#define SIGNED_ONE "2abd450b54333b16403ba0c0b536338c71e5bf2ee7431e5158ec2f0f4e8fc5db"
#define SIGNED_TWO "b75e93601e90f3dec152caf5e1523cf62e4abcdb037c7891e8cec725098a294b"

/* (printf '2026-01-31T12:00:00Zlogin-one'; cat fixture/cashout.json) |
 *     openssl dgst -sha256 -hmac signing-secret-of-merchant-one */
#define SIGNED_DEPOSIT "c2fcb4a8b1f5ea27c3a115b9ba1e3f60b0fbc198b77677f4496368cc557ceb30"

/* 2026-01-31T12:00:00Z */
#define NOON_MS UINT64_C(1769860800000)
#define SECOND_NS UINT64_C(1000000000)

#define PEER_ONE "\xcb\x00\x71\x07" /* 203.0.113.7 */
#define PEER_TWO "\xc6\x33\x64\x07" /* 198.51.100.7 */

/* The content of a file in fixture/, in a block of its own. */
static inline tollgate_bytes fixture_file(const char *name) {
  static const char folder[] = "tests/c/fixture/";
  char path[128], content[8192];
  snprintf(path, sizeof path, "%s%s", folder, name);
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    fprintf(stderr, "%s cannot be opened; run this in the folder of the repository\n", path);
    exit(2);
  }
  size_t len = fread(content, 1, sizeof content, file);
  fclose(file);
  return lend(content, len);
}

/* The policy of a document without errors. */
static inline tollgate_policy *fixture_load(tollgate_bytes document, const char *name) {
  uint8_t errors[4096];
  size_t length = 0;
  tollgate_policy *policy = NULL;
  tollgate_bytes file = tollgate_bytes_of(name, strlen(name)), none = {NULL, 0};
  tollgate_status status = tollgate_policy_load(document, file, TOLLGATE_SECRET_MODE_TEXT, none,
                                                errors, sizeof errors, &length, &policy);
  if (status != TOLLGATE_STATUS_OK) {
    fprintf(stderr, "status %d\n%.*s\n", (int)status, (int)length, (const char *)errors);
    exit(2);
  }
  return policy;
}

/* The policy in a file in fixture/. */
static inline tollgate_policy *fixture_policy(const char *name) {
  tollgate_bytes document = fixture_file(name);
  tollgate_policy *policy = fixture_load(document, name);
  take_back(document);
  return policy;
}

/* A gate with the policy in a file in fixture/. */
static inline tollgate_gate *fixture_gate(const char *name) {
  tollgate_policy *policy = fixture_policy(name);
  tollgate_gate *gate = NULL;
  EXPECT_STATUS(OK, tollgate_gate_new(policy, &gate));
  EXPECT_STATUS(OK, tollgate_policy_free(policy));
  return gate;
}

/* Memory for limits, ready to be attached; to be released with free(). */
static inline void *fixture_limits(size_t *size) {
  EXPECT_STATUS(OK, tollgate_limits_size(10, 100, size));
  void *memory = aligned_alloc(64, (*size + 63) / 64 * 64);
  if (memory == NULL) abort();
  tollgate_bytes seed = TOLLGATE_LITERAL("sixteen random b");
  EXPECT_STATUS(OK, tollgate_limits_init(memory, *size, 10, 100, seed));
  return memory;
}

/* Replay memory for so many messages that are remembered for ten minutes, ready to be attached; to
 * be released with free(). */
static inline void *fixture_replay(size_t messages, size_t *size) {
  EXPECT_STATUS(OK, tollgate_replay_size(messages, size));
  void *memory = aligned_alloc(64, (*size + 63) / 64 * 64);
  if (memory == NULL) abort();
  tollgate_bytes seed = TOLLGATE_LITERAL("sixteen random b");
  EXPECT_STATUS(OK, tollgate_replay_init(memory, *size, messages, 600000, seed));
  return memory;
}

enum { HOST, USER_AGENT, CONTENT_TYPE, CONTENT_LENGTH, AUTHORIZATION, SIGNATURE, LINES };

/* A request and what it refers to; every part of it lies in a block of its own. */
struct cashout {
  tollgate_request request;
  tollgate_header_line lines[LINES];
};

static inline void replace(tollgate_bytes *part, const char *text) {
  take_back(*part);
  *part = lend(text, strlen(text));
}

/* The cashout of merchant one on route "cashout", at noon. */
static inline void cashout_init(struct cashout *cashout) {
  static const char *const lines[LINES][2] = {
      {"Host", "api.example.com"},
      {"User-Agent", "merchant/1.0"},
      {"Content-Type", "application/json; charset=utf-8"},
      {"Content-Length", "512"},
      {"Authorization", "Basic Y2FzaG91dF9BUElfS2V5OmNhc2hvdXRfQVBJX1Bhc3NwaHJhc2U="},
      {"Payload-Signature", SIGNED_ONE},
  };
  *cashout = (struct cashout){.request = TOLLGATE_REQUEST_INIT};
  for (size_t at = 0; at < LINES; at++) {
    replace(&cashout->lines[at].name, lines[at][0]);
    replace(&cashout->lines[at].value, lines[at][1]);
  }
  tollgate_request *request = &cashout->request;
  replace(&request->route, "cashout");
  replace(&request->method, "POST");
  replace(&request->target, "/v3/cashout");
  replace(&request->host, "api.example.com");
  request->headers = cashout->lines;
  request->header_count = LINES;
  request->body = fixture_file("cashout.json");
  request->peer = lend(PEER_ONE, 4);
  request->tls = 1;
  request->unix_ms = NOON_MS;
  request->monotonic_ns = SECOND_NS;
}

static inline void cashout_free(struct cashout *cashout) {
  for (size_t at = 0; at < LINES; at++) {
    take_back(cashout->lines[at].name);
    take_back(cashout->lines[at].value);
  }
  tollgate_request *request = &cashout->request;
  tollgate_bytes parts[] = {request->route, request->method, request->target,
                            request->host,  request->body,   request->peer};
  for (size_t at = 0; at < sizeof parts / sizeof *parts; at++) take_back(parts[at]);
}

/* Makes the request the message of this number: its body, its length and its signature, with the
 * key that stands at "secrets" of merchant one. */
static inline void cashout_number(struct cashout *cashout, const tollgate_hmac_sha256_key *key,
                                  unsigned long message) {
  static const char digits[] = "0123456789abcdef";
  char body[64], length[24], hex[65] = "";
  uint8_t tag[32];
  snprintf(body, sizeof body, "{\"external_id\":%lu}", message);
  snprintf(length, sizeof length, "%zu", strlen(body));
  replace(&cashout->request.body, body);
  replace(&cashout->lines[CONTENT_LENGTH].value, length);
  EXPECT_STATUS(OK, tollgate_hmac_sha256_mac(key, cashout->request.body, tag));
  for (size_t at = 0; at < sizeof tag; at++) {
    hex[2 * at] = digits[tag[at] >> 4];
    hex[2 * at + 1] = digits[tag[at] & 15];
  }
  replace(&cashout->lines[SIGNATURE].value, hex);
}

/* The number of bytes of a decision that mean something: all but the last ones, which pad it. */
#define DECISION_BYTES \
  (offsetof(tollgate_decision, replay_pending) + sizeof(((tollgate_decision *)0)->replay_pending))

/* A decision that says that everything is allowed, which no call may leave as it is. */
static inline tollgate_decision allowing(void) {
  tollgate_decision decision = TOLLGATE_DECISION_INIT;
  decision.verdict = TOLLGATE_VERDICT_ALLOW;
  decision.reason = TOLLGATE_REASON_OK;
  decision.http_status = 200;
  decision.authenticated = 1;
  return decision;
}

/* Whether a context holds no request, so that it can be begun. */
static inline bool is_vacant(tollgate_context *context) {
  uint32_t wanted = 77;
  tollgate_status status = tollgate_context_update(context, TOLLGATE_LITERAL("x"), &wanted);
  return status == TOLLGATE_STATUS_BAD_STATE && wanted == 77 &&
         tollgate_context_abort(context) == TOLLGATE_STATUS_OK;
}

/* The decision on a request that is there as a whole. */
static inline tollgate_decision decide(const tollgate_gate *gate, const tollgate_request *request) {
  tollgate_decision decision = allowing();
  decision.verdict = 77;
  EXPECT_STATUS(OK, tollgate_gate_verify(gate, request, &decision));
  return decision;
}

static inline void expect_decision_at(uint32_t verdict, uint32_t reason, tollgate_decision decision,
                                      const char *what, const char *file, int line) {
  if (expect_failed(decision.verdict == verdict && decision.reason == reason))
    fprintf(stderr, "%s:%d: %s is %s for %s, not %s for %s\n", file, line, what,
            decision.verdict == TOLLGATE_VERDICT_DENY ? "denied" : "allowed",
            (const char *)tollgate_reason_name(decision.reason).data,
            verdict == TOLLGATE_VERDICT_DENY ? "denied" : "allowed",
            (const char *)tollgate_reason_name(reason).data);
}

#define EXPECT_ALLOWED(decision)                                                               \
  expect_decision_at(TOLLGATE_VERDICT_ALLOW, TOLLGATE_REASON_OK, (decision), #decision, __FILE__, \
                     __LINE__)

/* Denied, for TOLLGATE_REASON_<why>. */
#define EXPECT_DENIED(why, decision)                                                        \
  expect_decision_at(TOLLGATE_VERDICT_DENY, TOLLGATE_REASON_##why, (decision), #decision, \
                     __FILE__, __LINE__)

#endif
