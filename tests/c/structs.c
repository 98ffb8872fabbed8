/* Structs that begin with their size, in every version that a program can be compiled with:
 * shorter, longer, and not one of them. */
#include "fixture.h"

#include <stdint.h>
#include <stdlib.h>

static tollgate_gate *gate;
static struct cashout cashout;

/* A block that begins with `size`, and is as large as that says, or `least`. */
static void *sized(size_t size, size_t least, const void *content, size_t content_len) {
  size_t len = size > least ? size : least;
  uint8_t *block = calloc(1, len);
  if (block == NULL) abort();
  memcpy(block, content, content_len < len ? content_len : len);
  memcpy(block, &size, sizeof size);
  return block;
}

/* The status for a request that says that it has `size` bytes, with `tail` in its last one. */
static tollgate_status with_request(size_t size, uint8_t tail) {
  size_t least = sizeof(size_t);
  uint8_t *request = sized(size < 8192 ? size : 0, least, &cashout.request, sizeof cashout.request);
  memcpy(request, &size, sizeof size);
  if (size > sizeof cashout.request && size < 8192) request[size - 1] = tail;
  tollgate_decision decision = allowing();
  tollgate_status status =
      tollgate_gate_verify(gate, (tollgate_request *)(void *)request, &decision);
  if (status == TOLLGATE_STATUS_OK)
    EXPECT_ALLOWED(decision);
  else
    EXPECT_DENIED(INTERNAL, decision);
  free(request);
  return status;
}

static void sizes_of_a_request(void) {
  size_t own = sizeof(tollgate_request);
  static const size_t none[] = {0, 1, 7, 8, 9, 64};
  for (size_t at = 0; at < sizeof none / sizeof *none; at++)
    EXPECT_STATUS(BAD_SIZE, with_request(none[at], 0));
  EXPECT_STATUS(BAD_SIZE, with_request(own - 8, 0));
  EXPECT_STATUS(BAD_SIZE, with_request(own - 1, 0));
  EXPECT_STATUS(OK, with_request(own, 0));
  EXPECT_STATUS(OK, with_request(offsetof(tollgate_request, stored_signature), 0));
  EXPECT_STATUS(BAD_SIZE, with_request(offsetof(tollgate_request, stored_value), 0));
  EXPECT_STATUS(OK, with_request(own + 1, 0));
  EXPECT_STATUS(OK, with_request(own + 8, 0));
  EXPECT_STATUS(OK, with_request(4096, 0));
  EXPECT_STATUS(BAD_SIZE, with_request(own + 1, 1));
  EXPECT_STATUS(BAD_SIZE, with_request(own + 8, 1));
  EXPECT_STATUS(BAD_SIZE, with_request(4096, 0x80));
  EXPECT_STATUS(BAD_SIZE, with_request(4097, 0));
  EXPECT_STATUS(BAD_SIZE, with_request(SIZE_MAX, 0));
  EXPECT_STATUS(BAD_SIZE, with_request((size_t)PTRDIFF_MAX, 0));
}

/* A decision that says that it has `size` bytes: whatever is written, nothing beyond the part that
 * this version knows. */
static tollgate_status with_decision(size_t size) {
  tollgate_decision before = allowing();
  uint8_t *block = sized(size < 8192 ? size : 0, sizeof(size_t), &before, sizeof before);
  memcpy(block, &size, sizeof size);
  if (size > sizeof before && size < 8192)
    memset(block + sizeof before, 0xa5, size - sizeof before);
  tollgate_decision *decision = (tollgate_decision *)(void *)block;
  tollgate_status status = tollgate_gate_verify(gate, &cashout.request, decision);
  EXPECT_NUMBER(size, decision->size);
  if (status == TOLLGATE_STATUS_OK) {
    EXPECT_ALLOWED(*decision);
    EXPECT(all_are(0xa5, block + sizeof before, size - sizeof before));
  }
  free(block);
  return status;
}

static void sizes_of_a_decision(void) {
  size_t own = sizeof(tollgate_decision);
  EXPECT_STATUS(BAD_SIZE, with_decision(0));
  EXPECT_STATUS(BAD_SIZE, with_decision(1));
  EXPECT_STATUS(BAD_SIZE, with_decision(8));
  EXPECT_STATUS(BAD_SIZE, with_decision(own - 8));
  EXPECT_STATUS(BAD_SIZE, with_decision(own - 1));
  EXPECT_STATUS(OK, with_decision(own));
  EXPECT_STATUS(OK, with_decision(own + 1));
  EXPECT_STATUS(OK, with_decision(own + 8));
  EXPECT_STATUS(OK, with_decision(4096));
  EXPECT_STATUS(BAD_SIZE, with_decision(4097));
  EXPECT_STATUS(BAD_SIZE, with_decision(SIZE_MAX));
}

/* A decision that is read back: its tail counts too. */
static void decisions_that_are_read(void) {
  tollgate_decision decision = decide(gate, &cashout.request);
  size_t own = sizeof decision, length = 77;
  uint8_t buffer[2048];
  tollgate_bytes name = {NULL, 0};
  for (size_t extra = 0; extra <= 8; extra += 8) {
    uint8_t *longer = sized(own + extra, own, &decision, own);
    tollgate_decision *read = (tollgate_decision *)(void *)longer;
    EXPECT_STATUS(OK, tollgate_decision_headers(read, buffer, sizeof buffer, &length));
    EXPECT_STATUS(OK, tollgate_decision_public_name(read, &name));
    EXPECT_TEXT("ok", name);
    longer[own + extra - 1] = 1;
    if (extra > 0) {
      EXPECT_STATUS(BAD_SIZE, tollgate_decision_headers(read, buffer, sizeof buffer, &length));
      EXPECT_STATUS(BAD_SIZE, tollgate_decision_public_name(read, &name));
    }
    free(longer);
  }
  decision.size = own - 8;
  EXPECT_STATUS(BAD_SIZE, tollgate_decision_headers(&decision, buffer, sizeof buffer, &length));
  decision.size = own;
  decision.reason = 99999;
  EXPECT_STATUS(INVALID_ARGUMENT,
                tollgate_decision_headers(&decision, buffer, sizeof buffer, &length));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_decision_public_name(&decision, &name));
  decision.reason = TOLLGATE_REASON_OK;
  decision.http_status = 70000;
  EXPECT_STATUS(INVALID_ARGUMENT,
                tollgate_decision_headers(&decision, buffer, sizeof buffer, &length));
  EXPECT_NUMBER(0, length);
  EXPECT_TEXT("ok", name);
}

/* A decision in which every byte was scribbled over gives header lines or a status, in no more
 * room than the header promises. */
static void scribbled_decisions(void) {
  for (int fill = 0; fill < 256; fill++) {
    tollgate_decision decision;
    memset(&decision, fill, sizeof decision);
    decision.size = sizeof decision;
    decision.reason = TOLLGATE_REASON_RATE_LIMITED;
    decision.would_deny_reason = TOLLGATE_REASON_NONE;
    decision.http_status = fill % 2 == 0 ? 401 : 429;
    uint8_t buffer[2048];
    size_t length = 0;
    EXPECT_STATUS(OK, tollgate_decision_headers(&decision, buffer, sizeof buffer, &length));
    EXPECT(length <= sizeof buffer);
  }
}

/* Pointers that are not aligned for a struct. */
static void misaligned(void) {
  uint64_t room[80] = {0}, handles[8] = {0};
  uint8_t buffer[8];
  size_t length = 77;
  void *odd = (uint8_t *)room + 4, *odd_out = (uint8_t *)handles + 4;
  tollgate_decision decision = allowing();
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_gate_verify(gate, odd, &decision));
  EXPECT_DENIED(INTERNAL, decision);
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_gate_verify(gate, &cashout.request, odd));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_gate_verify(odd, &cashout.request, &decision));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_gate_begin(gate, &cashout.request, odd, &decision));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_context_abort(odd));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_decision_headers(odd, buffer, 8, &length));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_decision_headers(&decision, buffer, 8, odd_out));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_policy_credential_count(odd, &length));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_policy_free(odd));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_gate_free(odd));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_limits_size(1, 1, odd_out));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_decision_public_name(&decision, odd_out));
  tollgate_bytes none = {NULL, 0};
  EXPECT_STATUS(INVALID_ARGUMENT,
                tollgate_policy_load(none, none, 0, none, NULL, 0, &length, odd_out));
  EXPECT_STATUS(INVALID_ARGUMENT,
                tollgate_policy_load(none, none, 0, none, NULL, 0, odd_out, (void *)room));
  EXPECT(length == 77 && all_are(0, room, sizeof room) && all_are(0, handles, sizeof handles));
  struct cashout other = cashout;
  other.request.headers = odd;
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_gate_verify(gate, &other.request, &decision));
  EXPECT_DENIED(INTERNAL, decision);
}

int main(void) {
  gate = fixture_gate("one.json");
  cashout_init(&cashout);
  sizes_of_a_request();
  sizes_of_a_decision();
  decisions_that_are_read();
  scribbled_decisions();
  misaligned();
  cashout_free(&cashout);
  EXPECT_STATUS(OK, tollgate_gate_free(gate));
  return expectations_met("structs");
}
