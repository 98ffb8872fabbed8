/* How full the memories for limits and for messages are, through the C ABI: after requests of which
 * the number is known, as time passes, and with every argument that may not be. */
#define _GNU_SOURCE
#include "fixture.h"

#include <stdint.h>
#include <sys/mman.h>

/* A request takes 20 seconds of the limit of its credential and 10 of that of its address, a failed
 * attempt one of what an address has. */
static const char DOCUMENT[] =
    "{\"tollgate\":1,\"environment\":\"production\","
    "\"failures\":{\"limit\":60,\"period_s\":60},"
    "\"routes\":{\"r\":{\"max_body\":1,\"credentials\":[{\"api_key\":\"X-Key\"}],\"rates\":["
    "{\"name\":\"a\",\"per\":\"credential\",\"limit\":3,\"period_s\":60},"
    "{\"name\":\"b\",\"per\":\"address\",\"limit\":6,\"period_s\":60}]}},"
    "\"credentials\":[{\"id\":\"one\",\"api_key\":{\"text\":\"the key of one\"}},"
    "{\"id\":\"two\",\"api_key\":{\"text\":\"the key of two\"}}]}";

#define ONE "the key of one"
#define TWO "the key of two"
#define NOBODY "the key of nobody"
#define PEER_THREE "\xc0\x00\x02\x07" /* 192.0.2.7 */

static const tollgate_fill UNTOUCHED = {77, 78};

static bool is_untouched(tollgate_fill fill) { return fill.used == 77 && fill.room == 78; }

static tollgate_decision ask(const tollgate_gate *gate, const char *key, const char *peer,
                             uint64_t monotonic_ns) {
  tollgate_header_line line = {TOLLGATE_LITERAL("X-Key"), tollgate_bytes_of(key, strlen(key))};
  tollgate_request request = TOLLGATE_REQUEST_INIT;
  request.route = TOLLGATE_LITERAL("r");
  request.method = TOLLGATE_LITERAL("GET");
  request.target = TOLLGATE_LITERAL("/");
  request.headers = &line;
  request.header_count = 1;
  request.peer = tollgate_bytes_of(peer, 4);
  request.tls = 1;
  request.unix_ms = NOON_MS;
  request.monotonic_ns = monotonic_ns;
  return decide(gate, &request);
}

/* So many entries of credentials and of addresses owe something at that time. */
static void expect_owing(uint64_t credentials, uint64_t addresses, const void *memory, size_t size,
                         uint64_t monotonic_ns) {
  tollgate_fill first = UNTOUCHED, second = UNTOUCHED;
  EXPECT_STATUS(OK, tollgate_limits_fill(memory, size, monotonic_ns, &first, &second));
  EXPECT_NUMBER(credentials, first.used);
  EXPECT_NUMBER(addresses, second.used);
  /* As many as fixture_limits() asks for, in whole buckets. */
  EXPECT(first.room >= 10 && first.room < 20);
  EXPECT(second.room >= 100 && second.room < 110);
}

/* Counts from a second to the nanosecond before another one, and not in that one. */
static void expect_owing_until(uint64_t credentials, uint64_t addresses, const void *memory,
                               size_t size, uint64_t from_s, uint64_t until_s) {
  expect_owing(credentials, addresses, memory, size, from_s * SECOND_NS);
  expect_owing(credentials, addresses, memory, size, until_s * SECOND_NS - 1);
}

static void limits_owe(void) {
  tollgate_policy *policy = fixture_load(tollgate_bytes_of(DOCUMENT, strlen(DOCUMENT)), "fill");
  tollgate_gate *gate = NULL;
  size_t size = 0;
  void *memory = fixture_limits(&size);
  EXPECT_STATUS(OK, tollgate_gate_new(policy, &gate));
  EXPECT_STATUS(OK, tollgate_policy_free(policy));
  EXPECT_STATUS(OK, tollgate_gate_attach_limits(gate, memory, size));
  expect_owing(0, 0, memory, size, 0);
  expect_owing(0, 0, memory, size, UINT64_MAX);
  /* One request: its credential and its address. */
  EXPECT_ALLOWED(ask(gate, ONE, PEER_ONE, 100 * SECOND_NS));
  expect_owing_until(1, 1, memory, size, 100, 110);
  expect_owing_until(1, 0, memory, size, 110, 120);
  expect_owing(0, 0, memory, size, 120 * SECOND_NS);
  /* Two of one address, and failed attempts of an address that has a limit too and of another. */
  EXPECT_ALLOWED(ask(gate, ONE, PEER_ONE, 200 * SECOND_NS));
  EXPECT_ALLOWED(ask(gate, TWO, PEER_ONE, 200 * SECOND_NS));
  for (int times = 0; times < 3; times++)
    EXPECT_DENIED(UNKNOWN_KEY, ask(gate, NOBODY, PEER_ONE, 200 * SECOND_NS));
  EXPECT_DENIED(UNKNOWN_KEY, ask(gate, NOBODY, PEER_TWO, 200 * SECOND_NS));
  expect_owing_until(2, 3, memory, size, 200, 201);
  expect_owing_until(2, 2, memory, size, 201, 203);
  expect_owing_until(2, 1, memory, size, 203, 220);
  expect_owing(0, 0, memory, size, 220 * SECOND_NS);
  /* What was denied by a limit takes nothing, also of the other one. */
  for (int times = 0; times < 3; times++)
    EXPECT_ALLOWED(ask(gate, ONE, PEER_ONE, 300 * SECOND_NS));
  EXPECT_DENIED(RATE_LIMITED, ask(gate, ONE, PEER_THREE, 300 * SECOND_NS));
  expect_owing_until(1, 1, memory, size, 300, 330);
  expect_owing_until(1, 0, memory, size, 330, 360);
  expect_owing(0, 0, memory, size, 360 * SECOND_NS);
  EXPECT_STATUS(OK, tollgate_gate_free(gate));
  free(memory);
}

static void expect_taken(uint64_t messages, const void *memory, size_t size, uint64_t unix_ms) {
  tollgate_fill fill = UNTOUCHED;
  EXPECT_STATUS(OK, tollgate_replay_fill(memory, size, unix_ms, &fill));
  EXPECT_NUMBER(messages, fill.used);
  EXPECT(fill.room >= 100 && fill.room < 120);
}

/* The window of fixture_replay(); one begins at noon. */
#define WINDOW_MS UINT64_C(600000)

static void messages_take_room(void) {
  tollgate_gate *gate = fixture_gate("one.json");
  size_t size = 0;
  void *memory = fixture_replay(100, &size);
  tollgate_hmac_sha256_key key;
  tollgate_bytes secret = TOLLGATE_LITERAL("signing-secret-of-merchant-one");
  EXPECT_STATUS(OK, tollgate_hmac_sha256_key_init(&key, secret));
  EXPECT_STATUS(OK, tollgate_gate_attach_replay(gate, memory, size));
  struct cashout cashout;
  cashout_init(&cashout);
  replace(&cashout.request.route, "once");
  expect_taken(0, memory, size, NOON_MS);
  for (unsigned long message = 0; message < 30; message++) {
    uint32_t held = 0;
    cashout_number(&cashout, &key, message);
    tollgate_decision decision = decide(gate, &cashout.request);
    EXPECT_ALLOWED(decision);
    expect_taken(message + 1, memory, size, NOON_MS);
    EXPECT_DENIED(REPLAYED, decide(gate, &cashout.request));
    /* Whatever becomes of it, it has its room. */
    if (message % 3 == 0) EXPECT_STATUS(OK, tollgate_gate_confirm(gate, &decision.claim, &held));
    if (message % 3 == 1) EXPECT_STATUS(OK, tollgate_gate_release(gate, &decision.claim, &held));
    EXPECT_NUMBER(message % 3 < 2, held);
    expect_taken(message + 1, memory, size, NOON_MS + WINDOW_MS - 1);
  }
  /* Of two windows the one counts that has more. */
  for (unsigned long message = 100; message < 140; message++) {
    cashout.request.unix_ms = NOON_MS + WINDOW_MS;
    cashout_number(&cashout, &key, message);
    EXPECT_ALLOWED(decide(gate, &cashout.request));
    expect_taken(message < 130 ? 30 : message - 99, memory, size, NOON_MS + WINDOW_MS);
  }
  expect_taken(40, memory, size, NOON_MS + 3 * WINDOW_MS - 1);
  expect_taken(0, memory, size, NOON_MS + 3 * WINDOW_MS);
  cashout_free(&cashout);
  EXPECT_STATUS(OK, tollgate_gate_free(gate));
  free(memory);
}

/* Asks of memory that is refused: nothing is written. */
static void limits_refused(tollgate_status wanted, const void *memory, size_t size) {
  tollgate_fill first = UNTOUCHED, second = UNTOUCHED;
  EXPECT_NUMBER(wanted, tollgate_limits_fill(memory, size, SECOND_NS, &first, &second));
  EXPECT(is_untouched(first) && is_untouched(second));
}

static void replay_refused(tollgate_status wanted, const void *memory, size_t size) {
  tollgate_fill fill = UNTOUCHED;
  EXPECT_NUMBER(wanted, tollgate_replay_fill(memory, size, NOON_MS, &fill));
  EXPECT(is_untouched(fill));
}

/* Every memory that is not what `refused` asks about: `memory` is, `other` is ready for something
 * else. */
static void memory_that_is_refused(void (*refused)(tollgate_status, const void *, size_t),
                                   uint8_t *memory, size_t size, const void *other,
                                   size_t other_size) {
  refused(TOLLGATE_STATUS_NULL_POINTER, NULL, size);
  refused(TOLLGATE_STATUS_INVALID_ARGUMENT, memory, SIZE_MAX);
  refused(TOLLGATE_STATUS_BAD_MEMORY, other, other_size);
  refused(TOLLGATE_STATUS_BAD_MEMORY, memory, 0);
  refused(TOLLGATE_STATUS_BAD_MEMORY, memory, 8);
  refused(TOLLGATE_STATUS_BAD_MEMORY, memory, size - 1);
  refused(TOLLGATE_STATUS_BAD_MEMORY, memory, size - 8);
  for (size_t shift = 1; shift <= 64; shift++)
    refused(TOLLGATE_STATUS_BAD_MEMORY, memory + shift, size - shift);
  /* The header: each bit of the first six words counts. */
  for (size_t bit = 0; bit < 6 * 64; bit++) {
    memory[bit / 8] ^= (uint8_t)(1 << bit % 8);
    refused(TOLLGATE_STATUS_BAD_MEMORY, memory, size);
    memory[bit / 8] ^= (uint8_t)(1 << bit % 8);
  }
}

static void wrong_arguments(void) {
  size_t limits_size = 0, replay_size = 0;
  uint8_t *limits = fixture_limits(&limits_size), *replay = fixture_replay(100, &replay_size);
  tollgate_fill fill = UNTOUCHED;
  void *odd = (char *)&fill + 1;
  memory_that_is_refused(limits_refused, limits, limits_size, replay, replay_size);
  memory_that_is_refused(replay_refused, replay, replay_size, limits, limits_size);
  EXPECT_STATUS(NULL_POINTER, tollgate_limits_fill(limits, limits_size, 0, NULL, &fill));
  EXPECT_STATUS(NULL_POINTER, tollgate_limits_fill(limits, limits_size, 0, &fill, NULL));
  EXPECT_STATUS(NULL_POINTER, tollgate_replay_fill(replay, replay_size, 0, NULL));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_limits_fill(limits, limits_size, 0, odd, &fill));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_limits_fill(limits, limits_size, 0, &fill, odd));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_replay_fill(replay, replay_size, 0, odd));
  EXPECT(is_untouched(fill));
  /* They are as good as before. */
  expect_owing(0, 0, limits, limits_size, 0);
  expect_taken(0, replay, replay_size, 0);
  memset(limits, 0, limits_size);
  memset(replay, 0, replay_size);
  limits_refused(TOLLGATE_STATUS_BAD_MEMORY, limits, limits_size);
  replay_refused(TOLLGATE_STATUS_BAD_MEMORY, replay, replay_size);
  free(limits);
  free(replay);
}

/* A copy that cannot be written to. */
static void *read_only(const void *memory, size_t size) {
  void *copy = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (copy == MAP_FAILED) abort();
  memcpy(copy, memory, size);
  EXPECT_NUMBER(0, (unsigned)mprotect(copy, size, PROT_READ));
  return copy;
}

/* Whoever only asks needs no right to write. */
static void memory_that_is_mapped_for_reading(void) {
  size_t limits_size = 0, replay_size = 0;
  void *limits = fixture_limits(&limits_size), *replay = fixture_replay(100, &replay_size);
  void *first = read_only(limits, limits_size), *second = read_only(replay, replay_size);
  expect_owing(0, 0, first, limits_size, SECOND_NS);
  expect_taken(0, second, replay_size, NOON_MS);
  munmap(first, limits_size);
  munmap(second, replay_size);
  free(limits);
  free(replay);
}

int main(void) {
  limits_owe();
  messages_take_room();
  wrong_arguments();
  memory_that_is_mapped_for_reading();
  return expectations_met("fill");
}
