/* The requests in examples/requests/, octet for octet as on the wire, through the C ABI: whole, and
 * with the body in pieces where the route streams. It prints what each of them gets. With the
 * argument `wrong` it expects another status, and so must fail.
 *
 * Compiled with COUNT_ALLOCATIONS and linked with --wrap for the functions of the allocator, it holds
 * that deciding allocates nothing; with the argument `allocating` it allocates, and so must fail. */
#include "../../bindings/c/examples.h"
#include "fixture.h"

static bool wrong, allocating;
static unsigned allocations;

#ifdef COUNT_ALLOCATIONS
void *__real_malloc(size_t);
void *__real_calloc(size_t, size_t);
void *__real_realloc(void *, size_t);
int __real_posix_memalign(void **, size_t, size_t);
void *__wrap_malloc(size_t);
void *__wrap_calloc(size_t, size_t);
void *__wrap_realloc(void *, size_t);
int __wrap_posix_memalign(void **, size_t, size_t);

void *__wrap_malloc(size_t size) {
  allocations++;
  return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
  allocations++;
  return __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size) {
  allocations++;
  return __real_realloc(old, size);
}

int __wrap_posix_memalign(void **to, size_t alignment, size_t size) {
  allocations++;
  return __real_posix_memalign(to, alignment, size);
}
#endif

/* A call that works and, where that is counted, allocates nothing. */
#define EXPECT_OK_UNALLOCATED(call)                    \
  do {                                                 \
    unsigned before = allocations;                     \
    void *volatile plant = allocating ? malloc(1) : NULL; \
    free(plant);                                       \
    EXPECT_STATUS(OK, call);                           \
    EXPECT_NUMBER(before, allocations);                \
  } while (0)

static void expect_row(const char *system, const struct example_row *row,
                       tollgate_decision decision, unsigned status, const char *mode) {
  const char *reason = (const char *)tollgate_reason_name(decision.reason).data;
  const char *credential = decision.credential[0] == 0 ? "-" : decision.credential;
  bool passes = strcmp(row->reason, "ok") == 0;
  bool as_expected = decision.verdict == (passes ? TOLLGATE_VERDICT_ALLOW : TOLLGATE_VERDICT_DENY);
  as_expected = as_expected && strcmp(reason, row->reason) == 0;
  as_expected = as_expected && decision.http_status == status + wrong;
  as_expected = as_expected && strcmp(credential, row->credential) == 0;
  as_expected = as_expected && (row->status == 429) == (decision.retry_after_ms > 0);
  printf("%-15s %-30s %-8s %3u %-18s %s\n", system, row->file, mode, decision.http_status, reason,
         credential);
  if (expect_failed(as_expected))
    fprintf(stderr, "%s/%s, %s: %u %s %s, not %u %s %s\n", system, row->file, mode,
            decision.http_status, reason, credential, status, row->reason, row->credential);
}

static tollgate_decision whole(const tollgate_gate *gate, const tollgate_request *request) {
  tollgate_decision decision = allowing();
  EXPECT_OK_UNALLOCATED(tollgate_gate_verify(gate, request, &decision));
  return decision;
}

static tollgate_decision streamed(const tollgate_gate *gate, const tollgate_request *request,
                                  size_t piece) {
  tollgate_context context = TOLLGATE_CONTEXT_INIT;
  tollgate_decision decision = allowing();
  EXPECT_OK_UNALLOCATED(tollgate_gate_begin(gate, request, &context, &decision));
  if (decision.reason != TOLLGATE_REASON_NONE) return decision;
  uint32_t wanted = 1;
  for (size_t at = 0; at < request->body.len && wanted; at += piece) {
    size_t left = request->body.len - at;
    tollgate_bytes next = lend(request->body.data + at, left < piece ? left : piece);
    EXPECT_OK_UNALLOCATED(tollgate_context_update(&context, next, &wanted));
    take_back(next);
  }
  decision = allowing();
  EXPECT_OK_UNALLOCATED(tollgate_context_finish(&context, request->unix_ms, request->monotonic_ns,
                                                &decision));
  return decision;
}

/* A new gate for every row, with room for the limits. All but the last time, it passes. */
static void ask(const char *system, const struct example_row *row, const tollgate_policy *policy,
                const tollgate_request *request, size_t piece) {
  tollgate_gate *gate = NULL;
  size_t size;
  void *memory = fixture_limits(&size);
  EXPECT_STATUS(OK, tollgate_gate_new(policy, &gate));
  EXPECT_STATUS(OK, tollgate_gate_attach_limits(gate, memory, size));
  for (unsigned time = 1; time <= row->times; time++) {
    tollgate_decision decision =
        piece == 0 ? whole(gate, request) : streamed(gate, request, piece);
    if (time < row->times)
      EXPECT_ALLOWED(decision);
    else
      expect_row(system, row, decision, piece == 0 ? row->status : row->streamed,
                 piece == 0 ? "whole" : piece == 1 ? "octets" : "pieces");
  }
  EXPECT_STATUS(OK, tollgate_gate_free(gate));
  free(memory);
}

/* The whole answer of a token endpoint is in a file beside the request. */
static void compare_answer(const char *system, const struct example_row *row,
                           const tollgate_policy *policy, const tollgate_request *request) {
  static uint8_t buffer[8192];
  char folder[64], file[64], status[32];
  tollgate_gate *gate = NULL;
  tollgate_decision decision = allowing();
  size_t head = 0, length = 0, name = strlen(row->file) - strlen(".http");
  snprintf(folder, sizeof folder, "requests/%s", system);
  snprintf(file, sizeof file, "%.*s", (int)name, row->file);
  tollgate_bytes wanted = example_file(folder, file, ".answer");
  EXPECT_STATUS(OK, tollgate_gate_new(policy, &gate));
  EXPECT_OK_UNALLOCATED(tollgate_gate_token(gate, request, buffer, sizeof buffer, &head, &length,
                                            &decision));
  EXPECT_STATUS(OK, tollgate_gate_free(gate));
  expect_row(system, row, decision, row->status, "answer");
  snprintf(status, sizeof status, "HTTP/1.1 %u\r\n", decision.http_status + wrong);
  size_t first = strlen(status), last = length - head;
  bool same = wanted.len == first + length + 2 && memcmp(wanted.data, status, first) == 0 &&
              memcmp(wanted.data + first, buffer, head) == 0 &&
              memcmp(wanted.data + first + head, "\r\n", 2) == 0 &&
              memcmp(wanted.data + first + head + 2, buffer + head, last) == 0;
  if (expect_failed(same))
    fprintf(stderr, "%s/%s gets\n%s%.*s\n%.*s\nnot\n%.*s\n", system, row->file, status, (int)head,
            (const char *)buffer, (int)last, (const char *)buffer + head, (int)wanted.len,
            (const char *)wanted.data);
  take_back(wanted);
}

static void run(const char *system, const struct example_row *row) {
  struct example_message message;
  uint32_t streams = 0;
  tollgate_bytes document = example_file("policies", row->policy, ".json");
  tollgate_bytes octets = example_octets(system, row);
  tollgate_policy *policy = fixture_load(document, row->policy);
  example_read(system, row, octets, &message);
  ask(system, row, policy, &message.request, 0);
  EXPECT_STATUS(OK, tollgate_policy_route_streams(policy, message.request.route, &streams));
  for (size_t piece = 1; streams && piece <= 7; piece += 6)
    ask(system, row, policy, &message.request, piece);
  if (strcmp(row->route, "token") == 0) compare_answer(system, row, policy, &message.request);
  EXPECT_STATUS(OK, tollgate_policy_free(policy));
  take_back(octets);
  take_back(document);
}

int main(int count, char **arguments) {
  wrong = count > 1 && strcmp(arguments[1], "wrong") == 0;
  allocating = count > 1 && strcmp(arguments[1], "allocating") == 0;
  for (size_t at = 0; at < EXAMPLE_SYSTEMS; at++)
    EXPECT(example_rows(example_systems[at], run) >= 12);
  return expectations_met("systems");
}
