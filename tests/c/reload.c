/* Reloading through the C ABI: a document that is not whole leaves the old policy in force, and
 * one that is takes its place with the next request. */
#include "fixture.h"

#include <stdint.h>

/* What a host does on a signal: load, and swap if that worked. */
static tollgate_status reload(const tollgate_gate *gate, tollgate_bytes document) {
  tollgate_policy *policy = NULL;
  tollgate_bytes name = TOLLGATE_LITERAL("reloaded"), none = {NULL, 0};
  size_t length = 0;
  tollgate_status status = tollgate_policy_load(document, name, TOLLGATE_SECRET_MODE_TEXT, none,
                                                NULL, 0, &length, &policy);
  EXPECT((policy != NULL) == (status == TOLLGATE_STATUS_OK));
  if (status != TOLLGATE_STATUS_OK) return status;
  EXPECT_STATUS(OK, tollgate_gate_swap(gate, policy));
  return tollgate_policy_free(policy);
}

int main(void) {
  tollgate_gate *gate = fixture_gate("one.json");
  tollgate_bytes document = fixture_file("two.json");
  struct cashout cashout;
  cashout_init(&cashout);
  EXPECT_ALLOWED(decide(gate, &cashout.request));
  for (size_t len = 0; len + 2 < document.len; len += 31) {
    EXPECT_STATUS(POLICY_INVALID, reload(gate, tollgate_bytes_of(document.data, len)));
    EXPECT_ALLOWED(decide(gate, &cashout.request));
  }
  EXPECT_STATUS(OK, reload(gate, document));
  tollgate_decision decision = decide(gate, &cashout.request);
  EXPECT_DENIED(SIG_MISMATCH, decision);
  EXPECT(strcmp(decision.credential, "merchant-2") == 0 && strcmp(decision.realm, "two") == 0);
  EXPECT_STATUS(POLICY_INVALID, reload(gate, TOLLGATE_LITERAL("{}")));
  EXPECT_STATUS(NULL_POINTER, tollgate_gate_swap(gate, NULL));
  EXPECT_DENIED(SIG_MISMATCH, decide(gate, &cashout.request));

  replace(&cashout.lines[SIGNATURE].value, SIGNED_TWO);
  EXPECT_DENIED(IP_NOT_ALLOWED, decide(gate, &cashout.request));
  take_back(cashout.request.peer);
  cashout.request.peer = lend(PEER_TWO, 4);
  EXPECT_ALLOWED(decide(gate, &cashout.request));

  take_back(document);
  cashout_free(&cashout);
  EXPECT_STATUS(OK, tollgate_gate_free(gate));
  return expectations_met("reload");
}
