/* Messages that may pass once: the memory of them, and what a host does with one that it got. */
#include "fixture.h"

static void sizes(void) {
  size_t one = 0, many = 0, size = 77;
  EXPECT_STATUS(OK, tollgate_replay_size(0, &one));
  EXPECT(one > 0);
  EXPECT_STATUS(OK, tollgate_replay_size(1000000, &many));
  EXPECT(many > 140000000 && many < 150000000);
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_replay_size(SIZE_MAX, &size));
  EXPECT_STATUS(NULL_POINTER, tollgate_replay_size(1, NULL));
  EXPECT_NUMBER(77, size);
}

static void windows(void) {
  uint64_t window_ms = 77;
  tollgate_policy *one = fixture_policy("one.json"), *two = fixture_policy("two.json");
  EXPECT_STATUS(OK, tollgate_policy_replay_window(one, &window_ms));
  EXPECT_NUMBER(600000, window_ms);
  EXPECT_STATUS(OK, tollgate_policy_replay_window(two, &window_ms));
  EXPECT_NUMBER(0, window_ms);
  EXPECT_STATUS(NULL_POINTER, tollgate_policy_replay_window(one, NULL));
  EXPECT_STATUS(NULL_POINTER, tollgate_policy_replay_window(NULL, &window_ms));
  EXPECT_STATUS(OK, tollgate_policy_free(one));
  EXPECT_STATUS(OK, tollgate_policy_free(two));
}

static void memory_that_cannot_be_made_ready(void) {
  size_t size = 0;
  uint8_t *memory = fixture_replay(100, &size);
  tollgate_bytes seed = TOLLGATE_LITERAL("sixteen random b");
  EXPECT_STATUS(OK, tollgate_replay_init(memory, size, 100, 1, seed));
  EXPECT_STATUS(BAD_MEMORY, tollgate_replay_init(memory, size - 1, 100, 1, seed));
  EXPECT_STATUS(BAD_MEMORY, tollgate_replay_init(memory + 8, size - 8, 1, 1, seed));
  EXPECT_STATUS(BAD_MEMORY, tollgate_replay_init(memory, size, SIZE_MAX, 1, seed));
  EXPECT_STATUS(NULL_POINTER, tollgate_replay_init(NULL, size, 1, 1, seed));
  EXPECT_STATUS(INVALID_ARGUMENT,
                tollgate_replay_init(memory, size, 1, 1, TOLLGATE_LITERAL("fifteen bytes..")));
  free(memory);
}

static void memory_that_cannot_be_attached(const tollgate_gate *gate) {
  size_t size = 0, other_size = 0;
  uint8_t *memory = fixture_replay(100, &size);
  void *limits = fixture_limits(&other_size);
  EXPECT_STATUS(BAD_MEMORY, tollgate_gate_attach_replay(gate, limits, other_size));
  EXPECT_STATUS(BAD_MEMORY, tollgate_gate_attach_limits(gate, memory, size));
  EXPECT_STATUS(BAD_MEMORY, tollgate_gate_attach_replay(gate, memory, size - 8));
  EXPECT_STATUS(BAD_MEMORY, tollgate_gate_attach_replay(gate, memory + 8, size - 8));
  EXPECT_STATUS(NULL_POINTER, tollgate_gate_attach_replay(gate, NULL, size));
  EXPECT_STATUS(NULL_POINTER, tollgate_gate_attach_replay(NULL, memory, size));
  /* The policy in force needs ten minutes. */
  tollgate_bytes seed = TOLLGATE_LITERAL("sixteen random b");
  EXPECT_STATUS(OK, tollgate_replay_init(memory, size, 100, 599999, seed));
  EXPECT_STATUS(BAD_MEMORY, tollgate_gate_attach_replay(gate, memory, size));
  memset(memory, 0, size);
  EXPECT_STATUS(BAD_MEMORY, tollgate_gate_attach_replay(gate, memory, size));
  free(limits);
  free(memory);
}

static tollgate_decision on(const tollgate_gate *gate, struct cashout *cashout, const char *route) {
  replace(&cashout->request.route, route);
  return decide(gate, &cashout->request);
}

typedef tollgate_status (*settling)(const tollgate_gate *, const tollgate_claim *, uint32_t *);

static uint32_t settled(settling settle, const tollgate_gate *gate, const tollgate_claim *claim) {
  uint32_t held = 77;
  EXPECT_STATUS(OK, settle(gate, claim, &held));
  return held;
}

/* A message passes once, whichever gate on the memory it comes to. */
static void once(const tollgate_gate *gate, const tollgate_gate *other) {
  struct cashout cashout;
  cashout_init(&cashout);
  tollgate_decision first = on(gate, &cashout, "once");
  EXPECT_ALLOWED(first);
  EXPECT(first.claimed == 1 && first.replay_pending == 0);
  tollgate_decision again = on(other, &cashout, "once");
  EXPECT_DENIED(REPLAYED, again);
  EXPECT(again.http_status == 401 && again.authenticated == 0);
  EXPECT(again.claimed == 0 && again.replay_pending == 1);
  EXPECT(all_are(0, &again.claim, sizeof again.claim));
  /* It does not stand in the way where nobody asks. */
  EXPECT_ALLOWED(on(gate, &cashout, "cashout"));
  EXPECT_NUMBER(1, settled(tollgate_gate_confirm, other, &first.claim));
  EXPECT_NUMBER(0, settled(tollgate_gate_confirm, gate, &first.claim));
  EXPECT_NUMBER(0, settled(tollgate_gate_release, gate, &first.claim));
  again = on(gate, &cashout, "once");
  EXPECT_DENIED(REPLAYED, again);
  EXPECT_NUMBER(0, again.replay_pending);
  cashout.request.unix_ms += 1200000;
  tollgate_decision later = on(gate, &cashout, "once");
  EXPECT_ALLOWED(later);
  /* What was forgotten is nobody's. */
  EXPECT_NUMBER(0, settled(tollgate_gate_release, gate, &first.claim));
  EXPECT_NUMBER(1, settled(tollgate_gate_release, gate, &later.claim));
  EXPECT_ALLOWED(on(gate, &cashout, "once"));
  cashout_free(&cashout);
}

/* A worker that says nothing loses its message when the lease is over. */
static void lease(const tollgate_gate *gate) {
  struct cashout cashout;
  cashout_init(&cashout);
  cashout.request.unix_ms += 10 * 1200000;
  tollgate_decision slow = on(gate, &cashout, "lease");
  EXPECT_ALLOWED(slow);
  cashout.request.unix_ms += 29000;
  EXPECT_DENIED(REPLAYED, on(gate, &cashout, "lease"));
  cashout.request.unix_ms += 2000;
  tollgate_decision next = on(gate, &cashout, "lease");
  EXPECT_ALLOWED(next);
  EXPECT_NUMBER(0, settled(tollgate_gate_confirm, gate, &slow.claim));
  EXPECT_NUMBER(1, settled(tollgate_gate_confirm, gate, &next.claim));
  cashout_free(&cashout);
}

/* What was never a claim, or is no claim of this memory, does not stand. */
static void no_claims(const tollgate_gate *gate, const tollgate_gate *without) {
  tollgate_claim claim = {{0}};
  EXPECT_NUMBER(0, settled(tollgate_gate_confirm, gate, &claim));
  EXPECT_NUMBER(0, settled(tollgate_gate_release, gate, &claim));
  for (unsigned byte = 1; byte < 256; byte++) {
    memset(&claim, (int)byte, sizeof claim);
    EXPECT_NUMBER(0, settled(tollgate_gate_confirm, gate, &claim));
    EXPECT_NUMBER(0, settled(tollgate_gate_release, gate, &claim));
    EXPECT_NUMBER(0, settled(tollgate_gate_release, without, &claim));
  }
  uint32_t held = 77;
  EXPECT_STATUS(NULL_POINTER, tollgate_gate_confirm(NULL, &claim, &held));
  EXPECT_STATUS(NULL_POINTER, tollgate_gate_confirm(gate, NULL, &held));
  EXPECT_STATUS(NULL_POINTER, tollgate_gate_confirm(gate, &claim, NULL));
  EXPECT_STATUS(NULL_POINTER, tollgate_gate_release(NULL, &claim, &held));
  EXPECT_STATUS(NULL_POINTER, tollgate_gate_release(gate, NULL, &held));
  EXPECT_STATUS(NULL_POINTER, tollgate_gate_release(gate, &claim, NULL));
  EXPECT_NUMBER(77, held);
}

/* A streamed message is claimed when its body is there, and not before. */
static void streamed(const tollgate_gate *gate) {
  struct cashout cashout;
  cashout_init(&cashout);
  replace(&cashout.request.route, "once");
  cashout.request.unix_ms += 20 * 1200000;
  tollgate_bytes body = cashout.request.body;
  tollgate_context first = TOLLGATE_CONTEXT_INIT, second = TOLLGATE_CONTEXT_INIT;
  tollgate_decision decision = allowing();
  uint32_t wanted = 0;
  cashout.request.body = TOLLGATE_LITERAL("");
  EXPECT_STATUS(OK, tollgate_gate_begin(gate, &cashout.request, &first, &decision));
  EXPECT_STATUS(OK, tollgate_gate_begin(gate, &cashout.request, &second, &decision));
  EXPECT_STATUS(OK, tollgate_context_update(&first, body, &wanted));
  EXPECT_STATUS(OK, tollgate_context_update(&second, body, &wanted));
  uint64_t unix_ms = cashout.request.unix_ms;
  EXPECT_STATUS(OK, tollgate_context_finish(&second, unix_ms, SECOND_NS, &decision));
  EXPECT_ALLOWED(decision);
  EXPECT_NUMBER(1, decision.claimed);
  EXPECT_STATUS(OK, tollgate_context_finish(&first, unix_ms, SECOND_NS, &decision));
  EXPECT_DENIED(REPLAYED, decision);
  cashout.request.body = body;
  cashout_free(&cashout);
}

int main(void) {
  tollgate_gate *gate = fixture_gate("one.json"), *other = fixture_gate("one.json");
  tollgate_gate *without = fixture_gate("one.json");
  size_t size = 0;
  void *memory = fixture_replay(100, &size);
  sizes();
  windows();
  memory_that_cannot_be_made_ready();
  memory_that_cannot_be_attached(gate);
  struct cashout cashout;
  cashout_init(&cashout);
  EXPECT_DENIED(REPLAY_UNAVAILABLE, on(without, &cashout, "once"));
  cashout_free(&cashout);
  EXPECT_STATUS(OK, tollgate_gate_attach_replay(gate, memory, size));
  EXPECT_STATUS(ALREADY_ATTACHED, tollgate_gate_attach_replay(gate, memory, size));
  EXPECT_STATUS(OK, tollgate_gate_attach_replay(other, memory, size));
  once(gate, other);
  lease(gate);
  no_claims(gate, without);
  streamed(other);
  EXPECT_STATUS(OK, tollgate_gate_free(gate));
  EXPECT_STATUS(OK, tollgate_gate_free(other));
  EXPECT_STATUS(OK, tollgate_gate_free(without));
  free(memory);
  return expectations_met("replay");
}
