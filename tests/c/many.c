/* Many requests in one call: the decisions of one call after the other, byte for byte, with limits
 * that are used up and messages that come twice inside of a batch; and a status, and nothing but
 * denials, for what C can get wrong. */
#include "fixture.h"

#include <stdint.h>

enum { MOST = 70, MESSAGES = 9 };

static struct cashout cashouts[MESSAGES];

/* A gate that begins from the beginning. */
struct fresh {
  tollgate_gate *gate;
  void *limits, *replay;
};

static struct fresh fresh_gate(void) {
  struct fresh fresh = {.gate = fixture_gate("one.json")};
  size_t size = 0;
  fresh.limits = fixture_limits(&size);
  EXPECT_STATUS(OK, tollgate_gate_attach_limits(fresh.gate, fresh.limits, size));
  fresh.replay = fixture_replay(100, &size);
  EXPECT_STATUS(OK, tollgate_gate_attach_replay(fresh.gate, fresh.replay, size));
  return fresh;
}

static void release(struct fresh fresh) {
  EXPECT_STATUS(OK, tollgate_gate_free(fresh.gate));
  free(fresh.limits);
  free(fresh.replay);
}

static void make_cashouts(void) {
  static const char *const routes[] = {"cashout", "few", "once", "unsigned", "nowhere"};
  tollgate_hmac_sha256_key key;
  tollgate_bytes secret = TOLLGATE_LITERAL("signing-secret-of-merchant-one");
  EXPECT_STATUS(OK, tollgate_hmac_sha256_key_init(&key, secret));
  for (size_t at = 0; at < MESSAGES; at++) {
    cashout_init(&cashouts[at]);
    cashout_number(&cashouts[at], &key, at);
    replace(&cashouts[at].request.route, routes[at % 5]);
  }
  replace(&cashouts[5].lines[SIGNATURE].value, SIGNED_TWO);
  replace(&cashouts[6].lines[AUTHORIZATION].value, "Basic bm9ib2R5Ondyb25n"); /* nobody:wrong */
}

static uint32_t next_number(uint32_t *state) {
  *state = *state * 1664525 + 1013904223;
  return *state >> 16;
}

/* Random ones of the first `different`, in batches of every size. */
static void as_one_after_the_other(size_t different) {
  uint32_t state = (uint32_t)different;
  size_t passed = 0, denied = 0;
  for (size_t count = 0; count <= MOST; count++) {
    tollgate_request requests[MOST];
    tollgate_decision decisions[MOST + 1];
    struct fresh one = fresh_gate(), other = fresh_gate();
    for (size_t at = 0; at < MOST; at++)
      requests[at] = cashouts[next_number(&state) % different].request;
    for (size_t at = 0; at <= MOST; at++) decisions[at] = allowing();
    EXPECT_STATUS(OK, tollgate_gate_verify_batch(one.gate, requests, count, decisions));
    for (size_t at = 0; at < count; at++) {
      tollgate_decision single = decide(other.gate, &requests[at]);
      EXPECT(memcmp(&single, &decisions[at], DECISION_BYTES) == 0);
      passed += decisions[at].verdict == TOLLGATE_VERDICT_ALLOW;
      denied += decisions[at].verdict == TOLLGATE_VERDICT_DENY;
    }
    /* What lies behind is left alone. */
    tollgate_decision untouched = allowing();
    EXPECT(memcmp(&untouched, &decisions[count], DECISION_BYTES) == 0);
    release(one);
    release(other);
  }
  EXPECT(passed > 100 && denied > 100);
}

/* So many header lines that few requests go together. */
static void very_many_headers(const tollgate_gate *gate) {
  enum { LINES_EACH = 60, FEW = 20 };
  static tollgate_header_line lines[FEW][5000];
  tollgate_request requests[FEW];
  tollgate_decision decisions[FEW];
  for (size_t at = 0; at < FEW; at++) {
    static const size_t counts[] = {LINES_EACH, 6, 24, 25, 129, 130, 5000};
    requests[at] = cashouts[0].request;
    requests[at].headers = lines[at];
    requests[at].header_count = counts[at % 7];
    for (size_t line = 0; line < requests[at].header_count; line++)
      lines[at][line] = line < LINES
                            ? cashouts[0].lines[line]
                            : (tollgate_header_line){TOLLGATE_LITERAL("X"), TOLLGATE_LITERAL("v")};
    decisions[at] = allowing();
  }
  EXPECT_STATUS(OK, tollgate_gate_verify_batch(gate, requests, FEW, decisions));
  for (size_t at = 0; at < FEW; at++) {
    tollgate_decision single = decide(gate, &requests[at]);
    EXPECT(memcmp(&single, &decisions[at], DECISION_BYTES) == 0);
    EXPECT_NUMBER(at % 7 < 4, decisions[at].verdict);
  }
}

/* All deny, and nothing was decided: the message passes afterwards. */
#define EXPECT_NOTHING_DECIDED(status, count)                                              \
  do {                                                                                     \
    struct fresh fresh = fresh_gate();                                                     \
    for (size_t it = 0; it < MOST; it++) decisions[it] = allowing();                       \
    EXPECT_STATUS(status, tollgate_gate_verify_batch(fresh.gate, requests, count, decisions)); \
    for (size_t it = 0; it < MOST; it++) EXPECT_DENIED(INTERNAL, decisions[it]);           \
    EXPECT_ALLOWED(decide(fresh.gate, &cashouts[2].request));                              \
    release(fresh);                                                                        \
  } while (0)

/* One request in each place that cannot be read. */
static void one_is_wrong(void) {
  tollgate_request requests[MOST];
  tollgate_decision decisions[MOST];
  for (size_t at = 0; at < MOST; at++) requests[at] = cashouts[2].request;
  for (size_t wrong = 0; wrong < MOST; wrong += wrong < 20 ? 1 : 7) {
    tollgate_request right = requests[wrong];
    requests[wrong].body = tollgate_bytes_of(NULL, 1);
    EXPECT_NOTHING_DECIDED(NULL_POINTER, MOST);
    requests[wrong] = right;
    requests[wrong].headers = NULL;
    EXPECT_NOTHING_DECIDED(NULL_POINTER, MOST);
    requests[wrong] = right;
    requests[wrong].tls = 2;
    EXPECT_NOTHING_DECIDED(INVALID_ARGUMENT, MOST);
    requests[wrong] = right;
    requests[wrong].size = wrong == 0 ? 0 : sizeof *requests + 8;
    EXPECT_NOTHING_DECIDED(BAD_SIZE, MOST);
    requests[wrong] = right;
  }
}

static void pointers(void) {
  tollgate_request requests[MOST];
  tollgate_decision decisions[MOST];
  struct fresh fresh = fresh_gate();
  for (size_t at = 0; at < MOST; at++) requests[at] = cashouts[2].request;
  for (size_t at = 0; at < MOST; at++) decisions[at] = allowing();
  EXPECT_STATUS(OK, tollgate_gate_verify_batch(fresh.gate, NULL, 0, NULL));
  EXPECT_STATUS(NULL_POINTER, tollgate_gate_verify_batch(fresh.gate, requests, 1, NULL));
  EXPECT_STATUS(NULL_POINTER, tollgate_gate_verify_batch(fresh.gate, NULL, 2, decisions));
  EXPECT_DENIED(INTERNAL, decisions[0]);
  EXPECT_DENIED(INTERNAL, decisions[1]);
  EXPECT_ALLOWED(decisions[2]);
  decisions[1] = allowing();
  EXPECT_STATUS(NULL_POINTER, tollgate_gate_verify_batch(NULL, requests, 2, decisions));
  EXPECT_DENIED(INTERNAL, decisions[1]);
  static const size_t endless[] = {SIZE_MAX, SIZE_MAX / sizeof *requests, SIZE_MAX / 16};
  for (size_t at = 0; at < 3; at++)
    EXPECT_STATUS(INVALID_ARGUMENT,
                  tollgate_gate_verify_batch(fresh.gate, requests, endless[at], decisions));
  /* A decision of another size: nothing is written. */
  for (size_t wrong = 0; wrong < 3; wrong++) {
    for (size_t at = 0; at < 3; at++) decisions[at] = allowing();
    decisions[wrong].size = wrong == 0 ? 16 : sizeof *decisions + 8;
    EXPECT_STATUS(BAD_SIZE, tollgate_gate_verify_batch(fresh.gate, requests, 3, decisions));
    for (size_t at = 0; at < 3; at++) EXPECT_ALLOWED(decisions[at]);
  }
  EXPECT_ALLOWED(decide(fresh.gate, &cashouts[2].request));
  release(fresh);
}

/* Structs of another version, one after the other: an earlier one is shorter, a later longer. */
static void sizes(void) {
  enum { COUNT = 20, LARGE = 1024 };
  static const size_t request_sizes[] = {offsetof(tollgate_request, stored_signature),
                                         sizeof(tollgate_request), sizeof(tollgate_request) + 16};
  for (size_t at = 0; at < 3; at++) {
    size_t own = request_sizes[at], out = sizeof(tollgate_decision) + 8 * at;
    uint8_t *requests = calloc(COUNT, own), *decisions = calloc(COUNT, out);
    struct fresh fresh = fresh_gate();
    if (requests == NULL || decisions == NULL) abort();
    for (size_t it = 0; it < COUNT; it++) {
      tollgate_request request = cashouts[0].request;
      request.size = own;
      memcpy(requests + it * own, &request, own < sizeof request ? own : sizeof request);
      memcpy(decisions + it * out, &out, sizeof out);
    }
    EXPECT_STATUS(OK, tollgate_gate_verify_batch(
                          fresh.gate, (const tollgate_request *)(const void *)requests, COUNT,
                          (tollgate_decision *)(void *)decisions));
    for (size_t it = 0; it < COUNT; it++) {
      tollgate_decision decision;
      memcpy(&decision, decisions + it * out, sizeof decision);
      EXPECT_ALLOWED(decision);
      EXPECT_NUMBER(out, decision.size);
    }
    if (at == 2) {
      /* Something of the later version that matters. */
      requests[3 * own - 1] = 1;
      EXPECT_STATUS(BAD_SIZE, tollgate_gate_verify_batch(
                                  fresh.gate, (const tollgate_request *)(const void *)requests,
                                  COUNT, (tollgate_decision *)(void *)decisions));
    }
    free(requests);
    free(decisions);
    release(fresh);
  }
}

int main(void) {
  make_cashouts();
  as_one_after_the_other(MESSAGES);
  as_one_after_the_other(3);
  struct fresh fresh = fresh_gate();
  very_many_headers(fresh.gate);
  release(fresh);
  one_is_wrong();
  pointers();
  sizes();
  for (size_t at = 0; at < MESSAGES; at++) cashout_free(&cashouts[at]);
  return expectations_met("many");
}
