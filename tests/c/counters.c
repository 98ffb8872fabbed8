/* Counters of decisions through the C ABI: what cannot be made ready or counted in, every argument
 * that may not be, and the text, byte by byte. */
#define _GNU_SOURCE
#include "fixture.h"

#include <stdint.h>
#include <sys/mman.h>

enum { ROUTES = 4 };

/* Counters for four routes, in a block of their own. */
static void *counters(size_t *size) {
  EXPECT_STATUS(OK, tollgate_counters_size(ROUTES, size));
  void *memory = aligned_alloc(64, (*size + 63) / 64 * 64);
  if (memory == NULL) abort();
  memset(memory, 0xa5, *size);
  EXPECT_STATUS(OK, tollgate_counters_init(memory, *size, ROUTES));
  return memory;
}

static tollgate_decision decided(uint32_t verdict, uint32_t reason) {
  tollgate_decision decision = TOLLGATE_DECISION_INIT;
  decision.verdict = verdict;
  decision.reason = reason;
  return decision;
}

#define DENIED(why) decided(TOLLGATE_VERDICT_DENY, TOLLGATE_REASON_##why)
#define ALLOWED(how) decided(TOLLGATE_VERDICT_ALLOW, TOLLGATE_REASON_##how)

static void count(void *memory, size_t size, const char *route, tollgate_decision decision,
                  uint32_t dry_run) {
  tollgate_bytes name = lend(route, strlen(route));
  EXPECT_STATUS(OK, tollgate_counters_count(memory, size, name, &decision, dry_run));
  take_back(name);
}

static void expect_text(const char *wanted, const void *memory, size_t size, const char *labels) {
  static uint8_t text[65536];
  size_t needed = 77;
  tollgate_bytes given = lend(labels, strlen(labels));
  EXPECT_STATUS(OK, tollgate_counters_text(memory, size, given, text, sizeof text, &needed));
  EXPECT_TEXT(wanted, tollgate_bytes_of(text, needed));
  take_back(given);
}

static void sizes(void) {
  size_t none = 77, one = 0, more = 0, size = 77;
  EXPECT_STATUS(OK, tollgate_counters_size(0, &none));
  EXPECT_STATUS(OK, tollgate_counters_size(1, &one));
  EXPECT_STATUS(OK, tollgate_counters_size(1001, &more));
  EXPECT(none > 0 && one > none && one % 64 == 0);
  EXPECT_NUMBER(1000 * (one - none), more - one);
  EXPECT(one - none < 1500);
  EXPECT_STATUS(NULL_POINTER, tollgate_counters_size(1, NULL));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_counters_size(SIZE_MAX, &size));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_counters_size(SIZE_MAX - 1, &size));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_counters_size(SIZE_MAX / 1280, &size));
  EXPECT_NUMBER(77, size);
}

/* What cannot be made ready stays as it was. */
static void memory_that_cannot_be_made_ready(void) {
  size_t size = 0;
  uint8_t *memory = counters(&size);
  memset(memory, 0xa5, size);
  EXPECT_STATUS(NULL_POINTER, tollgate_counters_init(NULL, size, ROUTES));
  EXPECT_STATUS(BAD_MEMORY, tollgate_counters_init(memory, 0, ROUTES));
  EXPECT_STATUS(BAD_MEMORY, tollgate_counters_init(memory, size - 1, ROUTES));
  EXPECT_STATUS(BAD_MEMORY, tollgate_counters_init(memory, size, ROUTES + 1));
  EXPECT_STATUS(BAD_MEMORY, tollgate_counters_init(memory, size, SIZE_MAX));
  for (size_t shift = 1; shift < 64; shift++)
    EXPECT_STATUS(BAD_MEMORY, tollgate_counters_init(memory + shift, size - shift, 0));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_counters_init(memory, SIZE_MAX, ROUTES));
  EXPECT(all_are(0xa5, memory, size));
  free(memory);
}

/* Counting and reading both refuse it. */
static void expect_refused(tollgate_status wanted, uint8_t *memory, size_t size) {
  tollgate_decision decision = ALLOWED(OK);
  tollgate_bytes route = TOLLGATE_LITERAL("route"), none = {NULL, 0};
  uint8_t text[64];
  size_t needed = 77;
  memset(text, 0xa5, sizeof text);
  EXPECT_NUMBER(wanted, tollgate_counters_count(memory, size, route, &decision, 0));
  EXPECT_NUMBER(wanted, tollgate_counters_text(memory, size, none, text, sizeof text, &needed));
  EXPECT(needed == 77 && all_are(0xa5, text, sizeof text));
}

static void memory_that_is_no_counters(void) {
  size_t size = 0, other_size = 0;
  uint8_t *memory = counters(&size), *limits = fixture_limits(&other_size);
  expect_refused(TOLLGATE_STATUS_NULL_POINTER, NULL, size);
  expect_refused(TOLLGATE_STATUS_INVALID_ARGUMENT, memory, SIZE_MAX);
  expect_refused(TOLLGATE_STATUS_BAD_MEMORY, memory, 0);
  expect_refused(TOLLGATE_STATUS_BAD_MEMORY, memory, 8);
  expect_refused(TOLLGATE_STATUS_BAD_MEMORY, memory, size - 1);
  expect_refused(TOLLGATE_STATUS_BAD_MEMORY, limits, other_size);
  for (size_t shift = 1; shift <= 64; shift++)
    expect_refused(TOLLGATE_STATUS_BAD_MEMORY, memory + shift, size - shift);
  /* The header: each bit of the first six words counts. */
  for (size_t bit = 0; bit < 6 * 64; bit++) {
    memory[bit / 8] ^= (uint8_t)(1 << bit % 8);
    expect_refused(TOLLGATE_STATUS_BAD_MEMORY, memory, size);
    memory[bit / 8] ^= (uint8_t)(1 << bit % 8);
  }
  expect_text("", memory, size, "");
  memset(memory, 0, size);
  expect_refused(TOLLGATE_STATUS_BAD_MEMORY, memory, size);
  free(memory);
  free(limits);
}

/* What is no argument is not counted. */
static void decisions_that_are_not_counted(void) {
  static const struct {
    tollgate_status status;
    uint32_t verdict, reason, dry_run;
  } cases[] = {
      {TOLLGATE_STATUS_INVALID_ARGUMENT, TOLLGATE_VERDICT_DENY, TOLLGATE_REASON_NONE, 0},
      {TOLLGATE_STATUS_INVALID_ARGUMENT, TOLLGATE_VERDICT_ALLOW, TOLLGATE_REASON_NONE, 0},
      {TOLLGATE_STATUS_INVALID_ARGUMENT, TOLLGATE_VERDICT_DENY, TOLLGATE_REASON_OK, 0},
      {TOLLGATE_STATUS_INVALID_ARGUMENT, TOLLGATE_VERDICT_DENY, TOLLGATE_REASON_OK_WOULD_DENY, 0},
      {TOLLGATE_STATUS_INVALID_ARGUMENT, 2, TOLLGATE_REASON_OK, 0},
      {TOLLGATE_STATUS_INVALID_ARGUMENT, TOLLGATE_VERDICT_ALLOW, TOLLGATE_REASON_STALE, 0},
      {TOLLGATE_STATUS_INVALID_ARGUMENT, TOLLGATE_VERDICT_DENY, 4, 0},
      {TOLLGATE_STATUS_INVALID_ARGUMENT, TOLLGATE_VERDICT_DENY, 99, 0},
      {TOLLGATE_STATUS_INVALID_ARGUMENT, TOLLGATE_VERDICT_DENY, 1101, 0},
      {TOLLGATE_STATUS_INVALID_ARGUMENT, TOLLGATE_VERDICT_DENY, UINT32_MAX, 0},
      {TOLLGATE_STATUS_INVALID_ARGUMENT, TOLLGATE_VERDICT_DENY, TOLLGATE_REASON_STALE, 2},
      {TOLLGATE_STATUS_INVALID_ARGUMENT, TOLLGATE_VERDICT_ALLOW, TOLLGATE_REASON_OK, UINT32_MAX},
  };
  size_t size = 0;
  void *memory = counters(&size);
  tollgate_bytes route = TOLLGATE_LITERAL("route");
  for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
    tollgate_decision decision = decided(cases[at].verdict, cases[at].reason);
    EXPECT_NUMBER(cases[at].status,
                  tollgate_counters_count(memory, size, route, &decision, cases[at].dry_run));
  }
  tollgate_decision decision = DENIED(STALE);
  tollgate_bytes null = {NULL, 1}, endless = {(const uint8_t *)"route", SIZE_MAX};
  EXPECT_STATUS(NULL_POINTER, tollgate_counters_count(memory, size, route, NULL, 0));
  EXPECT_STATUS(NULL_POINTER, tollgate_counters_count(memory, size, null, &decision, 0));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_counters_count(memory, size, endless, &decision, 0));
  static const char *const odd[] = {"\xff", "route\xc3", "\xed\xa0\x80", "\xff\xff\xff\xff\xff\xff\xff\xff"};
  for (size_t at = 0; at < sizeof odd / sizeof *odd; at++) {
    tollgate_bytes name = tollgate_bytes_of(odd[at], strlen(odd[at]));
    EXPECT_STATUS(INVALID_ARGUMENT, tollgate_counters_count(memory, size, name, &decision, 0));
  }
  static const size_t wrong[] = {0, 8, sizeof decision - 1, sizeof decision - 8, 4097, SIZE_MAX};
  for (size_t at = 0; at < sizeof wrong / sizeof *wrong; at++) {
    decision.size = wrong[at];
    EXPECT_STATUS(BAD_SIZE, tollgate_counters_count(memory, size, route, &decision, 0));
  }
  expect_text("", memory, size, "");
  free(memory);
}

static void arguments_of_the_text(void) {
  size_t size = 0, needed = 77;
  uint8_t *memory = counters(&size), text[64];
  tollgate_bytes none = {NULL, 0}, null = {NULL, 1}, odd = TOLLGATE_LITERAL("zone=\"\xff\"");
  count(memory, size, "route", ALLOWED(OK), 0);
  memset(text, 0xa5, sizeof text);
  EXPECT_STATUS(NULL_POINTER, tollgate_counters_text(memory, size, null, text, 64, &needed));
  EXPECT_STATUS(NULL_POINTER, tollgate_counters_text(memory, size, none, NULL, 64, &needed));
  EXPECT_STATUS(NULL_POINTER, tollgate_counters_text(memory, size, none, text, 64, NULL));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_counters_text(memory, size, odd, text, 64, &needed));
  EXPECT_STATUS(INVALID_ARGUMENT,
                tollgate_counters_text(memory, size, none, text, SIZE_MAX, &needed));
  /* What is written may not lie in what is read. */
  tollgate_bytes inside = tollgate_bytes_of(text + 8, 8);
  memset(text, 'a', sizeof text);
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_counters_text(memory, size, inside, text, 64, &needed));
  EXPECT_STATUS(INVALID_ARGUMENT,
                tollgate_counters_text(memory, size, none, memory + size - 1, 1, &needed));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_counters_text(memory, size, none, memory, 64, &needed));
  EXPECT(needed == 77 && all_are('a', text, sizeof text));
  free(memory);
}

#define LINE(labels, route, outcome, reason, count)                                     \
  "tollgate_checks_total{" labels "route=\"" route "\",outcome=\"" outcome "\",reason=\"" \
  reason "\"} " count "\n"

/* The text in buffers of every size: it is there as a whole or not at all, and no byte beyond is
 * written. */
static void text_in_buffers(const char *wanted, const void *memory, size_t size) {
  tollgate_bytes none = {NULL, 0};
  size_t all = strlen(wanted), needed = 77;
  EXPECT_STATUS(BUFFER_TOO_SMALL, tollgate_counters_text(memory, size, none, NULL, 0, &needed));
  EXPECT_NUMBER(all, needed);
  for (size_t capacity = 1; capacity <= all + 1; capacity++) {
    uint8_t *buffer = malloc(capacity);
    if (buffer == NULL) abort();
    needed = 77;
    tollgate_status status =
        tollgate_counters_text(memory, size, none, buffer, capacity, &needed);
    EXPECT_NUMBER(capacity < all ? TOLLGATE_STATUS_BUFFER_TOO_SMALL : TOLLGATE_STATUS_OK, status);
    EXPECT_NUMBER(all, needed);
    if (capacity >= all) EXPECT(memcmp(buffer, wanted, all) == 0);
    free(buffer);
  }
}

/* One outcome and reason after the other; names of every kind; what has no room. */
static void texts(void) {
  size_t size = 0;
  void *memory = counters(&size);
  expect_text("", memory, size, "zone=\"main\"");
  count(memory, size, "one", DENIED(STALE), 0);
  count(memory, size, "one", DENIED(STALE), 1);
  count(memory, size, "one", DENIED(STALE), 1);
  count(memory, size, "one", ALLOWED(OK), 0);
  count(memory, size, "one", ALLOWED(OK), 1);
  count(memory, size, "one", ALLOWED(OK_QUIRK), 0);
  count(memory, size, "one", DENIED(INTERNAL), 0);
  static const char one[] = LINE("", "one", "allowed", "ok", "2")
      LINE("", "one", "allowed", "ok_quirk", "1") LINE("", "one", "denied", "stale", "1")
      LINE("", "one", "dry_run", "stale", "2") LINE("", "one", "denied", "internal", "1");
  expect_text(one, memory, size, "");
  text_in_buffers(one, memory, size);
  expect_text(LINE("zone=\"main\",host=\"a\",", "one", "allowed", "ok", "2")
              LINE("zone=\"main\",host=\"a\",", "one", "allowed", "ok_quirk", "1")
              LINE("zone=\"main\",host=\"a\",", "one", "denied", "stale", "1")
              LINE("zone=\"main\",host=\"a\",", "one", "dry_run", "stale", "2")
              LINE("zone=\"main\",host=\"a\",", "one", "denied", "internal", "1"),
              memory, size, "zone=\"main\",host=\"a\"");
  EXPECT_STATUS(OK, tollgate_counters_init(memory, size, ROUTES));
  expect_text("", memory, size, "");
  free(memory);
}

static void names(void) {
  static const struct {
    const char *name, *line;
  } cases[] = {
      {"a\"b", LINE("", "a\\\"b", "allowed", "ok", "1")},
      {"a\\b", LINE("", "a\\\\b", "allowed", "ok", "1")},
      {"a\nb", LINE("", "a\\nb", "allowed", "ok", "1")},
      {"a\\n\"\n", LINE("", "a\\\\n\\\"\\n", "allowed", "ok", "1")},
      {"\xc3\xbc", LINE("", "\xc3\xbc", "allowed", "ok", "1")},
      {"12345678", LINE("", "12345678", "allowed", "ok", "1")},
      {"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
       LINE("", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "allowed",
            "ok", "1")},
      {"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef+",
       LINE("", "", "allowed", "ok", "1")},
      {"", LINE("", "", "allowed", "ok", "1")},
  };
  size_t size = 0;
  void *memory = counters(&size);
  for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
    EXPECT_STATUS(OK, tollgate_counters_init(memory, size, ROUTES));
    count(memory, size, cases[at].name, ALLOWED(OK), 0);
    expect_text(cases[at].line, memory, size, "");
  }
  /* More routes than there is room for. */
  tollgate_bytes none = {NULL, 0};
  char text[1024] = "";
  size_t needed = 0;
  EXPECT_STATUS(OK, tollgate_counters_init(memory, size, ROUTES));
  static const char *const many[] = {"r1", "r2", "r3", "r4", "r5", "r6", "r1", "r5"};
  for (size_t at = 0; at < sizeof many / sizeof *many; at++)
    count(memory, size, many[at], DENIED(RATE_LIMITED), 0);
  EXPECT_STATUS(OK, tollgate_counters_text(memory, size, none, (uint8_t *)text, 1023, &needed));
  text[needed] = '\0';
  EXPECT(strstr(text, LINE("", "r1", "denied", "rate_limited", "2")) != NULL);
  for (char last = '2'; last <= '4'; last++) {
    char line[] = LINE("", "r?", "denied", "rate_limited", "1");
    *strchr(line, '?') = last;
    EXPECT(strstr(text, line) != NULL);
  }
  static const char rest[] = LINE("", "", "denied", "rate_limited", "3");
  EXPECT(needed > strlen(rest) && strcmp(text + needed - strlen(rest), rest) == 0);
  free(memory);
}

/* Decisions as a gate makes them, on a route of the policy. */
static void decisions_of_a_gate(void) {
  tollgate_gate *gate = fixture_gate("one.json");
  size_t size = 0;
  void *memory = counters(&size);
  struct cashout cashout;
  cashout_init(&cashout);
  for (int at = 0; at < 3; at++) {
    tollgate_decision decision = decide(gate, &cashout.request);
    EXPECT_STATUS(OK, tollgate_counters_count(memory, size, cashout.request.route, &decision, 0));
    replace(&cashout.lines[SIGNATURE].value, SIGNED_TWO);
  }
  tollgate_context context = TOLLGATE_CONTEXT_INIT;
  tollgate_decision pending = allowing();
  EXPECT_STATUS(OK, tollgate_gate_begin(gate, &cashout.request, &context, &pending));
  EXPECT_STATUS(INVALID_ARGUMENT,
                tollgate_counters_count(memory, size, cashout.request.route, &pending, 0));
  EXPECT_STATUS(OK, tollgate_context_abort(&context));
  expect_text(LINE("", "cashout", "allowed", "ok", "1")
              LINE("", "cashout", "denied", "sig_mismatch", "2"), memory, size, "");
  cashout_free(&cashout);
  EXPECT_STATUS(OK, tollgate_gate_free(gate));
  free(memory);
}

/* Whoever only reads needs no right to write. */
static void memory_that_is_mapped_for_reading(void) {
  size_t size = 0;
  void *own = counters(&size);
  count(own, size, "route", ALLOWED(OK), 0);
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) abort();
  memcpy(memory, own, size);
  EXPECT_NUMBER(0, (unsigned)mprotect(memory, size, PROT_READ));
  expect_text(LINE("", "route", "allowed", "ok", "1"), memory, size, "");
  munmap(memory, size);
  free(own);
}

int main(void) {
  sizes();
  memory_that_cannot_be_made_ready();
  memory_that_is_no_counters();
  decisions_that_are_not_counted();
  arguments_of_the_text();
  texts();
  names();
  decisions_of_a_gate();
  memory_that_is_mapped_for_reading();
  return expectations_met("counters");
}
