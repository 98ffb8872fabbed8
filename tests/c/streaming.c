/* Requests whose body comes in piece by piece, through the C ABI: pieces of any size, contexts in
 * every state, and what outlives the gate. */
#include "fixture.h"

#include <stdint.h>

static tollgate_gate *gate;
static struct cashout cashout;

static void begin(tollgate_context *context) {
  tollgate_decision decision = allowing();
  EXPECT_STATUS(OK, tollgate_gate_begin(gate, &cashout.request, context, &decision));
  EXPECT_DENIED(NONE, decision);
}

/* Gives `len` bytes of the body in pieces, each in a block of its own. */
static void give(tollgate_context *context, size_t len, size_t piece) {
  for (size_t at = 0; at < len; at += piece) {
    size_t left = len - at;
    tollgate_bytes next = lend(cashout.request.body.data + at, left < piece ? left : piece);
    uint32_t wanted = 77;
    EXPECT_STATUS(OK, tollgate_context_update(context, next, &wanted));
    EXPECT_NUMBER(1, wanted);
    take_back(next);
  }
}

static tollgate_decision finish(tollgate_context *context) {
  tollgate_decision decision = allowing();
  EXPECT_STATUS(OK, tollgate_context_finish(context, NOON_MS, SECOND_NS, &decision));
  return decision;
}

/* The decision does not depend on how the body is cut, and the context can be used again. */
static void pieces_of_any_size(void) {
  static const size_t sizes[] = {1, 7, 63, 64, 65, 511, 512, 600};
  tollgate_decision whole = decide(gate, &cashout.request);
  tollgate_context context = TOLLGATE_CONTEXT_INIT;
  EXPECT_ALLOWED(whole);
  for (size_t at = 0; at < sizeof sizes / sizeof *sizes; at++) {
    begin(&context);
    give(&context, 512, sizes[at]);
    tollgate_decision decision = finish(&context);
    EXPECT(memcmp(&whole, &decision, DECISION_BYTES) == 0);
  }
  begin(&context);
  give(&context, 511, 64);
  EXPECT_DENIED(LENGTH_MISMATCH, finish(&context));
}

/* What a context decides in three calls is decided in one where the body is there. */
static tollgate_decision at_once(const tollgate_request *request) {
  tollgate_decision decision = allowing();
  EXPECT_STATUS(OK, tollgate_gate_verify_streamed(gate, request, &decision));
  return decision;
}

static void expect_at_once(const tollgate_request *request, uint32_t reason) {
  tollgate_context context = TOLLGATE_CONTEXT_INIT;
  tollgate_decision decision = allowing(), once = at_once(request);
  EXPECT_STATUS(OK, tollgate_gate_begin(gate, request, &context, &decision));
  if (decision.reason == TOLLGATE_REASON_NONE) {
    uint32_t wanted = 77;
    EXPECT_STATUS(OK, tollgate_context_update(&context, request->body, &wanted));
    decision = finish(&context);
  }
  EXPECT_NUMBER(reason, once.reason);
  EXPECT(memcmp(&once, &decision, DECISION_BYTES) == 0);
}

static void body_that_is_there(void) {
  static const uint8_t elsewhere[] = {9, 9, 9, 9};
  tollgate_request request = cashout.request;
  expect_at_once(&request, TOLLGATE_REASON_OK);
  request.body.len--;
  expect_at_once(&request, TOLLGATE_REASON_LENGTH_MISMATCH);
  request = cashout.request;
  request.tls = 0;
  expect_at_once(&request, TOLLGATE_REASON_TLS_REQUIRED);
  request = cashout.request;
  request.peer = BYTES(elsewhere);
  expect_at_once(&request, TOLLGATE_REASON_IP_NOT_ALLOWED);
  request = cashout.request;
  request.route = TOLLGATE_LITERAL("login");
  expect_at_once(&request, TOLLGATE_REASON_BODY_REQUIRED);
  EXPECT_ALLOWED(decide(gate, &request));
}

/* A request that is lost in the middle of its body says so, and finish() says why. */
static void lost_on_the_way(void) {
  tollgate_context context = TOLLGATE_CONTEXT_INIT;
  uint32_t wanted = 77;
  begin(&context);
  give(&context, 512, 64);
  EXPECT_STATUS(OK, tollgate_context_update(&context, TOLLGATE_LITERAL("more"), &wanted));
  EXPECT_NUMBER(0, wanted);
  wanted = 77;
  EXPECT_STATUS(OK, tollgate_context_update(&context, TOLLGATE_LITERAL("more"), &wanted));
  EXPECT_NUMBER(0, wanted);
  EXPECT_DENIED(LENGTH_MISMATCH, finish(&context));
}

/* A context that is not begun takes nothing. */
static void not_begun(tollgate_context *context) {
  uint32_t wanted = 77;
  tollgate_decision decision = allowing();
  EXPECT_STATUS(BAD_STATE, tollgate_context_update(context, TOLLGATE_LITERAL("x"), &wanted));
  EXPECT_NUMBER(77, wanted);
  EXPECT_STATUS(BAD_STATE, tollgate_context_finish(context, NOON_MS, 1, &decision));
  EXPECT_DENIED(INTERNAL, decision);
}

static void order_of_calls(void) {
  tollgate_context context = TOLLGATE_CONTEXT_INIT;
  tollgate_decision decision = allowing();
  not_begun(&context);
  EXPECT_STATUS(OK, tollgate_context_abort(&context));
  begin(&context);
  EXPECT_STATUS(BAD_STATE, tollgate_gate_begin(gate, &cashout.request, &context, &decision));
  EXPECT_DENIED(INTERNAL, decision);
  /* The refused call changed nothing. */
  give(&context, 512, 100);
  EXPECT_ALLOWED(finish(&context));
  not_begun(&context);
  begin(&context);
  give(&context, 100, 100);
  EXPECT_STATUS(OK, tollgate_context_abort(&context));
  not_begun(&context);
  EXPECT_STATUS(OK, tollgate_context_abort(&context));
  begin(&context);
  give(&context, 512, 512);
  EXPECT_ALLOWED(finish(&context));
}

/* A copy of a context that was begun is not one, and does not disturb the original. */
static void copies(void) {
  tollgate_context context = TOLLGATE_CONTEXT_INIT, copy;
  tollgate_decision decision = allowing();
  begin(&context);
  memcpy(&copy, &context, sizeof copy);
  not_begun(&copy);
  EXPECT_STATUS(BAD_STATE, tollgate_context_abort(&copy));
  EXPECT_STATUS(BAD_STATE, tollgate_gate_begin(gate, &cashout.request, &copy, &decision));
  EXPECT_DENIED(INTERNAL, decision);
  give(&context, 512, 512);
  EXPECT_ALLOWED(finish(&context));
}

/* Memory that was not zeroed is not taken for a context, whatever is in it. */
static void garbage(void) {
  for (int fill = 1; fill < 256; fill++) {
    tollgate_context context;
    tollgate_decision decision = allowing();
    memset(&context, fill, sizeof context);
    not_begun(&context);
    EXPECT_STATUS(BAD_STATE, tollgate_context_abort(&context));
    EXPECT_STATUS(BAD_STATE, tollgate_gate_begin(gate, &cashout.request, &context, &decision));
    EXPECT_DENIED(INTERNAL, decision);
    EXPECT(all_are(fill, &context, sizeof context));
  }
}

/* What the head decides leaves the context as it was. */
static void decided_by_the_head(void) {
  tollgate_context context = TOLLGATE_CONTEXT_INIT;
  tollgate_decision decision = allowing();
  tollgate_request request = cashout.request;
  request.tls = 0;
  EXPECT_STATUS(OK, tollgate_gate_begin(gate, &request, &context, &decision));
  EXPECT_DENIED(TLS_REQUIRED, decision);
  request = cashout.request;
  request.route = TOLLGATE_LITERAL("login");
  EXPECT_STATUS(OK, tollgate_gate_begin(gate, &request, &context, &decision));
  EXPECT_DENIED(BODY_REQUIRED, decision);
  EXPECT(is_vacant(&context));
  EXPECT_ALLOWED(decide(gate, &request));
}

/* A piece that cannot be taken would leave a gap in the body: the request is given up. */
static void gap_in_the_body(tollgate_status wanted, tollgate_bytes piece, uint32_t *out) {
  tollgate_context context = TOLLGATE_CONTEXT_INIT;
  tollgate_decision decision = allowing();
  uint32_t untouched = 77;
  begin(&context);
  give(&context, 512, 512);
  EXPECT_NUMBER(wanted, tollgate_context_update(&context, piece, out == NULL ? NULL : &untouched));
  EXPECT_NUMBER(77, untouched);
  EXPECT_STATUS(BAD_STATE, tollgate_context_finish(&context, NOON_MS, 1, &decision));
  EXPECT_DENIED(INTERNAL, decision);
  EXPECT(is_vacant(&context));
}

static void wrong_arguments(void) {
  tollgate_context context = TOLLGATE_CONTEXT_INIT;
  tollgate_bytes null = {NULL, 1}, none = {NULL, 0}, text = TOLLGATE_LITERAL("text");
  uint32_t wanted = 77;
  gap_in_the_body(TOLLGATE_STATUS_NULL_POINTER, null, &wanted);
  gap_in_the_body(TOLLGATE_STATUS_NULL_POINTER, none, NULL);
  gap_in_the_body(TOLLGATE_STATUS_INVALID_ARGUMENT, tollgate_bytes_of("t", SIZE_MAX), &wanted);
  EXPECT_STATUS(NULL_POINTER, tollgate_context_update(NULL, text, &wanted));
  EXPECT_NUMBER(77, wanted);
  EXPECT_STATUS(NULL_POINTER, tollgate_context_abort(NULL));
  begin(&context);
  EXPECT_STATUS(OK, tollgate_context_update(&context, none, &wanted));
  EXPECT_NUMBER(1, wanted);
  tollgate_decision decision = allowing();
  EXPECT_STATUS(NULL_POINTER, tollgate_context_finish(NULL, NOON_MS, 1, &decision));
  EXPECT_DENIED(INTERNAL, decision);
  /* It can be begun again, whatever the status. */
  EXPECT_STATUS(NULL_POINTER, tollgate_context_finish(&context, NOON_MS, 1, NULL));
  EXPECT(is_vacant(&context));
  begin(&context);
  decision.size = 1;
  EXPECT_STATUS(BAD_SIZE, tollgate_context_finish(&context, NOON_MS, 1, &decision));
  EXPECT(is_vacant(&context));
}

/* A body that dribbles in past the window of its timestamp is stale at the end, not at the
 * beginning. */
static void past_the_window(void) {
  static const struct {
    uint64_t after_ms;
    uint32_t reason;
  } cases[] = {{0, TOLLGATE_REASON_OK},
               {300000, TOLLGATE_REASON_OK},
               {300001, TOLLGATE_REASON_STALE},
               {UINT64_MAX - NOON_MS, TOLLGATE_REASON_STALE}};
  tollgate_header_line lines[] = {
      {TOLLGATE_LITERAL("X-Login"), TOLLGATE_LITERAL("login-one")},
      {TOLLGATE_LITERAL("X-Date"), TOLLGATE_LITERAL("2026-01-31T12:00:00Z")},
      {TOLLGATE_LITERAL("Authorization"), TOLLGATE_LITERAL("D24 " SIGNED_DEPOSIT)}};
  tollgate_request request = cashout.request;
  request.route = TOLLGATE_LITERAL("deposit");
  request.headers = lines;
  request.header_count = 3;
  for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
    tollgate_context context = TOLLGATE_CONTEXT_INIT;
    tollgate_decision decision = allowing();
    EXPECT_STATUS(OK, tollgate_gate_begin(gate, &request, &context, &decision));
    EXPECT_DENIED(NONE, decision);
    give(&context, 512, 512);
    uint64_t end = NOON_MS + cases[at].after_ms;
    EXPECT_STATUS(OK, tollgate_context_finish(&context, end, SECOND_NS, &decision));
    EXPECT_NUMBER(cases[at].reason, decision.reason);
    EXPECT_NUMBER(cases[at].reason == TOLLGATE_REASON_OK, decision.verdict);
  }
}

/* A context keeps its policy, whatever becomes of the gate. */
static void outlives_the_gate(void) {
  tollgate_context first = TOLLGATE_CONTEXT_INIT, second = TOLLGATE_CONTEXT_INIT;
  begin(&first);
  begin(&second);
  give(&first, 256, 256);
  tollgate_policy *other = fixture_policy("two.json");
  EXPECT_STATUS(OK, tollgate_gate_swap(gate, other));
  EXPECT_STATUS(OK, tollgate_policy_free(other));
  EXPECT_DENIED(SIG_MISMATCH, decide(gate, &cashout.request));
  EXPECT_STATUS(OK, tollgate_gate_free(gate));
  uint32_t wanted = 0;
  tollgate_bytes rest = tollgate_bytes_of(cashout.request.body.data + 256, 256);
  EXPECT_STATUS(OK, tollgate_context_update(&first, rest, &wanted));
  tollgate_decision decision = finish(&first);
  EXPECT_ALLOWED(decision);
  EXPECT(strcmp(decision.credential, "merchant-1") == 0);
  EXPECT_STATUS(OK, tollgate_context_abort(&second));
}

int main(void) {
  gate = fixture_gate("one.json");
  cashout_init(&cashout);
  pieces_of_any_size();
  body_that_is_there();
  lost_on_the_way();
  order_of_calls();
  copies();
  garbage();
  decided_by_the_head();
  wrong_arguments();
  past_the_window();
  outlives_the_gate();
  cashout_free(&cashout);
  return expectations_met("streaming");
}
