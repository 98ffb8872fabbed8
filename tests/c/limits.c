/* The memory for limits through the C ABI: what can be attached and what cannot, that it outlives
 * policies, and the header lines that go with 401 and 429. */
#include "fixture.h"

#include <stdint.h>

static void sizes(void) {
  size_t size = 77, larger = 0;
  EXPECT_STATUS(OK, tollgate_limits_size(0, 0, &size));
  EXPECT(size > 0 && size % 8 == 0);
  EXPECT_STATUS(OK, tollgate_limits_size(1000, 65536, &larger));
  EXPECT(larger > size && larger < 16 * 1024 * 1024);
  EXPECT_STATUS(NULL_POINTER, tollgate_limits_size(1, 1, NULL));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_limits_size(SIZE_MAX, 1, &size));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_limits_size(1, SIZE_MAX, &size));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_limits_size(SIZE_MAX, SIZE_MAX, &size));
}

/* What cannot be made ready stays as it was. */
static void memory_that_cannot_be_made_ready(void) {
  static const size_t seeds[] = {0, 1, 15, 17};
  size_t size = 0;
  uint8_t *memory = fixture_limits(&size);
  tollgate_bytes seed = TOLLGATE_LITERAL("sixteen random b"), null = {NULL, 16};
  memset(memory, 0xa5, size);
  EXPECT_STATUS(NULL_POINTER, tollgate_limits_init(NULL, size, 10, 100, seed));
  EXPECT_STATUS(NULL_POINTER, tollgate_limits_init(memory, size, 10, 100, null));
  EXPECT_STATUS(BAD_MEMORY, tollgate_limits_init(memory, 0, 10, 100, seed));
  EXPECT_STATUS(BAD_MEMORY, tollgate_limits_init(memory, 8, 10, 100, seed));
  EXPECT_STATUS(BAD_MEMORY, tollgate_limits_init(memory, size - 1, 10, 100, seed));
  EXPECT_STATUS(BAD_MEMORY, tollgate_limits_init(memory, size - 8, 10, 100, seed));
  EXPECT_STATUS(BAD_MEMORY, tollgate_limits_init(memory, size, SIZE_MAX, 100, seed));
  for (size_t shift = 1; shift < 64; shift++)
    EXPECT_STATUS(BAD_MEMORY, tollgate_limits_init(memory + shift, size - shift, 0, 0, seed));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_limits_init(memory, SIZE_MAX, 10, 100, seed));
  for (size_t at = 0; at < sizeof seeds / sizeof *seeds; at++) {
    tollgate_bytes wrong = tollgate_bytes_of("sixteen random by", seeds[at]);
    EXPECT_STATUS(INVALID_ARGUMENT, tollgate_limits_init(memory, size, 10, 100, wrong));
  }
  EXPECT(all_are(0xa5, memory, size));
  EXPECT_STATUS(OK, tollgate_limits_init(memory, size, 10, 100, seed));
  free(memory);
}

/* Memory that was not made ready, by this version, as a whole. */
static void memory_that_cannot_be_attached(const tollgate_gate *gate) {
  size_t size = 0;
  uint8_t *memory = fixture_limits(&size);
  EXPECT_STATUS(BAD_MEMORY, tollgate_gate_attach_limits(gate, memory, 0));
  EXPECT_STATUS(BAD_MEMORY, tollgate_gate_attach_limits(gate, memory, 8));
  EXPECT_STATUS(BAD_MEMORY, tollgate_gate_attach_limits(gate, memory, size - 8));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_gate_attach_limits(gate, memory, SIZE_MAX));
  for (size_t shift = 1; shift <= 64; shift++)
    EXPECT_STATUS(BAD_MEMORY, tollgate_gate_attach_limits(gate, memory + shift, size - shift));
  /* The header: each bit of the first six words counts. */
  for (size_t bit = 0; bit < 6 * 64; bit++) {
    memory[bit / 8] ^= (uint8_t)(1 << bit % 8);
    EXPECT_STATUS(BAD_MEMORY, tollgate_gate_attach_limits(gate, memory, size));
    memory[bit / 8] ^= (uint8_t)(1 << bit % 8);
  }
  for (int fill = 0; fill < 256; fill++) {
    memset(memory, fill, size);
    EXPECT_STATUS(BAD_MEMORY, tollgate_gate_attach_limits(gate, memory, size));
  }
  free(memory);
}

static size_t header_lines(const tollgate_decision *decision, char text[2048]) {
  size_t length = 0;
  EXPECT_STATUS(OK, tollgate_decision_headers(decision, (uint8_t *)text, 2047, &length));
  text[length] = '\0';
  return length;
}

/* The lines in buffers of every size: they are there as a whole or not at all, and no byte beyond
 * is written. */
static void header_lines_in_buffers(const tollgate_decision *decision) {
  char whole[2048];
  size_t needed = header_lines(decision, whole), length = 0;
  EXPECT_STATUS(BUFFER_TOO_SMALL, tollgate_decision_headers(decision, NULL, 0, &length));
  EXPECT_NUMBER(needed, length);
  for (size_t capacity = 1; capacity <= needed + 1; capacity++) {
    uint8_t *buffer = malloc(capacity);
    if (buffer == NULL) abort();
    length = 0;
    tollgate_status status = tollgate_decision_headers(decision, buffer, capacity, &length);
    EXPECT_NUMBER(capacity < needed ? TOLLGATE_STATUS_BUFFER_TOO_SMALL : TOLLGATE_STATUS_OK,
                  status);
    EXPECT_NUMBER(needed, length);
    if (capacity >= needed) EXPECT(memcmp(buffer, whole, needed) == 0);
    free(buffer);
  }
}

#define EXPECT_LINES(wanted, decision)                          \
  do {                                                          \
    char lines[2048];                                           \
    size_t len = header_lines(&(decision), lines);              \
    EXPECT_TEXT(wanted, tollgate_bytes_of(lines, len));         \
    if (len > 0) header_lines_in_buffers(&(decision));          \
  } while (0)

/* Three requests a minute: the fourth is told how long to wait, and to whom that counts is the
 * matter of the memory, not of the policy or the gate. */
static void three_a_minute(tollgate_gate *gate, tollgate_gate *other_gate) {
  struct cashout cashout;
  cashout_init(&cashout);
  replace(&cashout.request.route, "few");
  EXPECT_ALLOWED(decide(gate, &cashout.request));
  tollgate_policy *again = fixture_policy("one.json");
  EXPECT_STATUS(OK, tollgate_gate_swap(gate, again));
  EXPECT_STATUS(OK, tollgate_policy_free(again));
  EXPECT_ALLOWED(decide(other_gate, &cashout.request));
  tollgate_decision third = decide(gate, &cashout.request);
  EXPECT_ALLOWED(third);
  EXPECT(third.has_rate == 1 && third.rate_quota == 3 && third.rate_remaining == 0);
  EXPECT(strcmp(third.rate_name, "few") == 0);
  EXPECT_LINES("RateLimit-Policy: \"few\";q=3;w=60\r\nRateLimit: \"few\";r=0;t=60\r\n", third);
  tollgate_decision fourth = decide(gate, &cashout.request);
  EXPECT_DENIED(RATE_LIMITED, fourth);
  EXPECT(fourth.http_status == 429 && fourth.retry_after_ms == 20000);
  EXPECT_LINES(
      "Retry-After: 20\r\nRateLimit-Policy: \"few\";q=3;w=60\r\nRateLimit: \"few\";r=0;t=20\r\n"
      "Cache-Control: no-store\r\n",
      fourth);
  cashout.request.monotonic_ns += 20 * SECOND_NS - 1;
  EXPECT_DENIED(RATE_LIMITED, decide(other_gate, &cashout.request));
  cashout.request.monotonic_ns += 1;
  EXPECT_ALLOWED(decide(other_gate, &cashout.request));
  EXPECT_DENIED(RATE_LIMITED, decide(gate, &cashout.request));
  cashout_free(&cashout);
}

/* The lines that go with a denial of which nobody may learn why. */
static void unauthorized(const tollgate_gate *gate) {
  struct cashout cashout;
  cashout_init(&cashout);
  replace(&cashout.lines[SIGNATURE].value, SIGNED_TWO);
  tollgate_decision decision = decide(gate, &cashout.request);
  EXPECT_DENIED(SIG_MISMATCH, decision);
  EXPECT_LINES(
      "WWW-Authenticate: Basic realm=\"one\", charset=\"UTF-8\"\r\n"
      "WWW-Authenticate: Signature realm=\"one\"\r\n"
      "Cache-Control: no-store\r\n",
      decision);
  replace(&cashout.request.method, "GET");
  decision = decide(gate, &cashout.request);
  EXPECT_DENIED(METHOD_NOT_ALLOWED, decision);
  EXPECT_LINES("Allow: POST\r\n", decision);
  replace(&cashout.request.method, "POST");
  replace(&cashout.lines[SIGNATURE].value, SIGNED_ONE);
  decision = decide(gate, &cashout.request);
  EXPECT_ALLOWED(decision);
  EXPECT_LINES("", decision);
  cashout_free(&cashout);
}

int main(void) {
  tollgate_gate *gate = fixture_gate("one.json"), *other_gate = fixture_gate("one.json");
  size_t size = 0;
  void *memory = fixture_limits(&size), *second = fixture_limits(&size);
  sizes();
  memory_that_cannot_be_made_ready();
  memory_that_cannot_be_attached(gate);
  EXPECT_STATUS(OK, tollgate_gate_attach_limits(gate, memory, size));
  EXPECT_STATUS(ALREADY_ATTACHED, tollgate_gate_attach_limits(gate, memory, size));
  EXPECT_STATUS(ALREADY_ATTACHED, tollgate_gate_attach_limits(gate, second, size));
  EXPECT_STATUS(OK, tollgate_gate_attach_limits(other_gate, memory, size));
  three_a_minute(gate, other_gate);
  unauthorized(gate);
  EXPECT_STATUS(OK, tollgate_gate_free(gate));
  EXPECT_STATUS(OK, tollgate_gate_free(other_gate));
  free(memory);
  free(second);
  return expectations_met("limits");
}
