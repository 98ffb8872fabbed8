/* What wrong arguments of the gate's functions get: a status for each pointer, length, handle and
 * number in turn, with every decision denying and every other output as it was. */
#include "fixture.h"

#include <stdint.h>

static const tollgate_bytes NULL_BYTES = {NULL, 3};

static tollgate_policy *policy;
static tollgate_gate *gate;
static tollgate_networks *networks;
static struct cashout cashout;

/* The call gives the status, and its decision denies. */
#define EXPECT_REFUSED(name, call)              \
  do {                                          \
    tollgate_decision decision = allowing();    \
    EXPECT_STATUS(name, call);                  \
    EXPECT_DENIED(INTERNAL, decision);          \
    EXPECT_NUMBER(500, decision.http_status);   \
    EXPECT_NUMBER(0, decision.authenticated);   \
  } while (0)

/* Handles of the other kinds, and memory that is no handle. */
static void wrong_handles(void) {
  static const uint64_t zeros[64];
  const void *others_than_gates[] = {policy, networks, zeros, &cashout};
  const void *others_than_policies[] = {gate, networks, zeros, &cashout};
  tollgate_gate *made = NULL;
  size_t count = 77, size = 77;
  uint32_t flag = 77;
  tollgate_bytes name = TOLLGATE_LITERAL("untouched");
  void *memory = fixture_limits(&size);
  for (size_t at = 0; at < 4; at++) {
    void *other = (void *)(uintptr_t)others_than_gates[at];
    EXPECT_REFUSED(BAD_HANDLE, tollgate_gate_verify(other, &cashout.request, &decision));
    EXPECT_REFUSED(BAD_HANDLE, tollgate_gate_verify_streamed(other, &cashout.request, &decision));
    tollgate_context context = TOLLGATE_CONTEXT_INIT;
    EXPECT_REFUSED(BAD_HANDLE, tollgate_gate_begin(other, &cashout.request, &context, &decision));
    EXPECT(is_vacant(&context));
    EXPECT_STATUS(BAD_HANDLE, tollgate_gate_swap(other, policy));
    EXPECT_STATUS(BAD_HANDLE, tollgate_gate_attach_limits(other, memory, size));
    EXPECT_STATUS(BAD_HANDLE, tollgate_gate_free(other));
    other = (void *)(uintptr_t)others_than_policies[at];
    EXPECT_STATUS(BAD_HANDLE, tollgate_gate_swap(gate, other));
    EXPECT_STATUS(BAD_HANDLE, tollgate_gate_new(other, &made));
    EXPECT_STATUS(BAD_HANDLE, tollgate_policy_credential_count(other, &count));
    EXPECT_STATUS(BAD_HANDLE,
                  tollgate_policy_route_streams(other, TOLLGATE_LITERAL("cashout"), &flag));
    EXPECT_STATUS(BAD_HANDLE,
                  tollgate_policy_route_issues_tokens(other, TOLLGATE_LITERAL("cashout"), &flag));
    EXPECT_STATUS(BAD_HANDLE, tollgate_policy_needs_limits(other, &flag));
    EXPECT_STATUS(BAD_HANDLE, tollgate_policy_route_count(other, &count));
    EXPECT_STATUS(BAD_HANDLE, tollgate_policy_route_name(other, 0, &name));
    EXPECT_STATUS(BAD_HANDLE, tollgate_policy_free(other));
  }
  EXPECT(made == NULL && count == 77 && flag == 77);
  EXPECT_TEXT("untouched", name);
  free(memory);
}

static void null_pointers(void) {
  tollgate_context context = TOLLGATE_CONTEXT_INIT;
  tollgate_gate *made = NULL;
  size_t length = 77;
  tollgate_bytes name = TOLLGATE_LITERAL("untouched");
  const tollgate_request *request = &cashout.request;
  EXPECT_REFUSED(NULL_POINTER, tollgate_gate_verify(NULL, request, &decision));
  EXPECT_REFUSED(NULL_POINTER, tollgate_gate_verify(gate, NULL, &decision));
  EXPECT_STATUS(NULL_POINTER, tollgate_gate_verify(gate, request, NULL));
  EXPECT_REFUSED(NULL_POINTER, tollgate_gate_verify_streamed(NULL, request, &decision));
  EXPECT_REFUSED(NULL_POINTER, tollgate_gate_verify_streamed(gate, NULL, &decision));
  EXPECT_STATUS(NULL_POINTER, tollgate_gate_verify_streamed(gate, request, NULL));
  EXPECT_REFUSED(NULL_POINTER, tollgate_gate_begin(NULL, request, &context, &decision));
  EXPECT_REFUSED(NULL_POINTER, tollgate_gate_begin(gate, NULL, &context, &decision));
  EXPECT_REFUSED(NULL_POINTER, tollgate_gate_begin(gate, request, NULL, &decision));
  EXPECT_STATUS(NULL_POINTER, tollgate_gate_begin(gate, request, &context, NULL));
  EXPECT(is_vacant(&context));
  EXPECT_STATUS(NULL_POINTER, tollgate_gate_new(NULL, &made));
  EXPECT_STATUS(NULL_POINTER, tollgate_gate_new(policy, NULL));
  EXPECT_STATUS(NULL_POINTER, tollgate_gate_swap(NULL, policy));
  EXPECT_STATUS(NULL_POINTER, tollgate_gate_swap(gate, NULL));
  EXPECT_STATUS(NULL_POINTER, tollgate_gate_attach_limits(NULL, &context, sizeof context));
  EXPECT_STATUS(NULL_POINTER, tollgate_gate_attach_limits(gate, NULL, 4096));
  EXPECT_STATUS(OK, tollgate_gate_free(NULL));
  tollgate_decision decision = allowing();
  EXPECT_STATUS(NULL_POINTER, tollgate_decision_headers(NULL, NULL, 0, &length));
  EXPECT_STATUS(NULL_POINTER, tollgate_decision_headers(&decision, NULL, 8, &length));
  EXPECT_STATUS(NULL_POINTER, tollgate_decision_headers(&decision, NULL, 0, NULL));
  EXPECT_STATUS(NULL_POINTER, tollgate_decision_public_name(NULL, &name));
  EXPECT_STATUS(NULL_POINTER, tollgate_decision_public_name(&decision, NULL));
  EXPECT(made == NULL && length == 77);
  EXPECT_TEXT("untouched", name);
}

/* Each text of a request in turn: no pointer, and more than an object can hold. */
static void texts_of_a_request(void) {
  tollgate_request *request = &cashout.request;
  tollgate_bytes *parts[] = {&request->route, &request->method, &request->target,
                             &request->host,  &request->body,   &request->peer,
                             &cashout.lines[0].name, &cashout.lines[0].value,
                             &cashout.lines[LINES - 1].value};
  for (size_t at = 0; at < sizeof parts / sizeof *parts; at++) {
    tollgate_bytes kept = *parts[at];
    *parts[at] = NULL_BYTES;
    EXPECT_REFUSED(NULL_POINTER, tollgate_gate_verify(gate, request, &decision));
    EXPECT_REFUSED(NULL_POINTER, tollgate_gate_verify_streamed(gate, request, &decision));
    *parts[at] = tollgate_bytes_of(kept.data, SIZE_MAX);
    EXPECT_REFUSED(INVALID_ARGUMENT, tollgate_gate_verify(gate, request, &decision));
    EXPECT_REFUSED(INVALID_ARGUMENT, tollgate_gate_verify_streamed(gate, request, &decision));
    *parts[at] = tollgate_bytes_of(kept.data, (size_t)PTRDIFF_MAX + 1);
    EXPECT_REFUSED(INVALID_ARGUMENT, tollgate_gate_verify(gate, request, &decision));
    *parts[at] = kept;
  }
}

static void numbers_of_a_request(void) {
  static const size_t lengths[] = {1, 3, 5, 15, 17, 32};
  static const uint8_t octets[32];
  static const uint32_t flags[] = {2, 255, 256, UINT32_MAX};
  static const size_t counts[] = {SIZE_MAX, SIZE_MAX / sizeof(tollgate_header_line),
                                  (size_t)PTRDIFF_MAX / sizeof(tollgate_header_line) + 1};
  for (size_t at = 0; at < sizeof lengths / sizeof *lengths; at++) {
    tollgate_request request = cashout.request;
    request.peer = tollgate_bytes_of(octets, lengths[at]);
    EXPECT_REFUSED(INVALID_ARGUMENT, tollgate_gate_verify(gate, &request, &decision));
  }
  for (size_t at = 0; at < sizeof flags / sizeof *flags; at++) {
    tollgate_request request = cashout.request;
    request.tls = flags[at];
    EXPECT_REFUSED(INVALID_ARGUMENT, tollgate_gate_verify(gate, &request, &decision));
    request = cashout.request;
    request.reserved = flags[at];
    EXPECT_REFUSED(INVALID_ARGUMENT, tollgate_gate_verify(gate, &request, &decision));
  }
  for (size_t at = 0; at < sizeof counts / sizeof *counts; at++) {
    tollgate_request request = cashout.request;
    request.header_count = counts[at];
    EXPECT_REFUSED(INVALID_ARGUMENT, tollgate_gate_verify(gate, &request, &decision));
  }
  tollgate_request request = cashout.request;
  request.headers = NULL;
  EXPECT_REFUSED(NULL_POINTER, tollgate_gate_verify(gate, &request, &decision));
  request.header_count = 0;
  EXPECT_DENIED(MISSING_HEADER, decide(gate, &request));
}

/* Clocks at their ends are times like others; the last one of all is after every secret. */
static void clocks(void) {
  static const uint64_t times[] = {0, 1, UINT64_MAX / 2, UINT64_MAX - 1, UINT64_MAX};
  for (size_t at = 0; at < sizeof times / sizeof *times; at++) {
    tollgate_request request = cashout.request;
    request.unix_ms = times[at];
    request.monotonic_ns = times[sizeof times / sizeof *times - 1 - at];
    if (times[at] < UINT64_MAX)
      EXPECT_ALLOWED(decide(gate, &request));
    else
      EXPECT_DENIED(EXPIRED_KEY, decide(gate, &request));
  }
}

struct piece {
  const uint8_t *data;
  size_t len;
};

/* The flat form with its texts in the order of its arguments. */
static tollgate_status flat(const tollgate_gate *on, const struct piece p[7], uint32_t tls,
                            tollgate_decision *decision) {
  return tollgate_gate_verify_flat(on, p[0].data, p[0].len, p[1].data, p[1].len, p[2].data,
                                   p[2].len, p[3].data, p[3].len, p[4].data, p[4].len, p[5].data,
                                   p[5].len, p[6].data, p[6].len, tls, NOON_MS, 1, decision);
}

static void flat_form(void) {
  const tollgate_request *r = &cashout.request;
  static const char head[] = "User-Agent: a\r\n";
  struct piece good[7] = {{r->route.data, r->route.len},   {r->method.data, r->method.len},
                          {r->target.data, r->target.len}, {r->host.data, r->host.len},
                          {(const uint8_t *)head, sizeof head - 1},
                          {r->body.data, r->body.len},     {r->peer.data, r->peer.len}};
  for (size_t at = 0; at < 7; at++) {
    struct piece pieces[7];
    memcpy(pieces, good, sizeof pieces);
    pieces[at].data = NULL;
    EXPECT_REFUSED(NULL_POINTER, flat(gate, pieces, 1, &decision));
    pieces[at] = (struct piece){good[at].data, SIZE_MAX};
    EXPECT_REFUSED(INVALID_ARGUMENT, flat(gate, pieces, 1, &decision));
    pieces[at] = (struct piece){NULL, 0};
    tollgate_decision decision = allowing();
    EXPECT_STATUS(OK, flat(gate, pieces, 1, &decision));
    EXPECT_NUMBER(TOLLGATE_VERDICT_DENY, decision.verdict);
  }
  EXPECT_REFUSED(NULL_POINTER, flat(NULL, good, 1, &decision));
  EXPECT_REFUSED(BAD_HANDLE, flat((tollgate_gate *)(void *)policy, good, 1, &decision));
  EXPECT_REFUSED(INVALID_ARGUMENT, flat(gate, good, 2, &decision));
  EXPECT_STATUS(NULL_POINTER, flat(gate, good, 1, NULL));
}

int main(void) {
  uint8_t error[64];
  size_t length = 0;
  policy = fixture_policy("one.json");
  EXPECT_STATUS(OK, tollgate_gate_new(policy, &gate));
  EXPECT_STATUS(OK, tollgate_networks_load(TOLLGATE_LITERAL("10.0.0.0/8"), &networks, error,
                                           sizeof error, &length));
  cashout_init(&cashout);
  wrong_handles();
  null_pointers();
  texts_of_a_request();
  numbers_of_a_request();
  clocks();
  flat_form();
  EXPECT_ALLOWED(decide(gate, &cashout.request));
  cashout_free(&cashout);
  EXPECT_STATUS(OK, tollgate_networks_free(networks));
  EXPECT_STATUS(OK, tollgate_policy_free(policy));
  EXPECT_STATUS(OK, tollgate_gate_free(gate));
  return expectations_met("arguments");
}
