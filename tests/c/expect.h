/* Expectations for the C tests: what fails is printed with its place, and counted. Any thread may
 * have them. */
#ifndef EXPECT_H
#define EXPECT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tollgate.h>

static atomic_int expectations, failures;

/* Nobody reads more lines. */
enum { MOST_REPORTS = 50 };

/* Counts, and says whether there is something to report. */
static inline bool expect_failed(bool holds) {
  atomic_fetch_add(&expectations, 1);
  return !holds && atomic_fetch_add(&failures, 1) < MOST_REPORTS;
}

static inline void expect_at(bool holds, const char *what, const char *file, int line) {
  if (expect_failed(holds)) fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
}

static inline void expect_number_at(unsigned long long wanted, unsigned long long given,
                                    const char *what, const char *file, int line) {
  if (expect_failed(given == wanted))
    fprintf(stderr, "%s:%d: %s is %llu, not %llu\n", file, line, what, given, wanted);
}

static inline void expect_status_at(tollgate_status wanted, tollgate_status given,
                                    const char *what, const char *file, int line) {
  if (expect_failed(given == wanted))
    fprintf(stderr, "%s:%d: %s gives %d, not %d\n", file, line, what, (int)given, (int)wanted);
}

static inline void expect_text_at(const char *wanted, tollgate_bytes given, const char *what,
                                  const char *file, int line) {
  size_t len = strlen(wanted);
  if (expect_failed(given.len == len && (len == 0 || memcmp(given.data, wanted, len) == 0)))
    fprintf(stderr, "%s:%d: %s is \"%.*s\", not \"%s\"\n", file, line, what, (int)given.len,
            (const char *)given.data, wanted);
}

#define EXPECT(condition) expect_at((condition) ? 1 : 0, #condition, __FILE__, __LINE__)

#define EXPECT_NUMBER(wanted, given) expect_number_at((wanted), (given), #given, __FILE__, __LINE__)

/* A status by its name: what TOLLGATE_STATUS_ is put before. */
#define EXPECT_STATUS(name, call) \
  expect_status_at(TOLLGATE_STATUS_##name, (call), #call, __FILE__, __LINE__)

/* The bytes are those of a C string. */
#define EXPECT_TEXT(wanted, given) expect_text_at((wanted), (given), #given, __FILE__, __LINE__)

#define BYTES(array) tollgate_bytes_of(array, sizeof(array))

/* Whether all `len` bytes at `data` are `byte`. */
static inline bool all_are(int byte, const void *data, size_t len) {
  const unsigned char *bytes = data;
  for (size_t at = 0; at < len; at++)
    if (bytes[at] != byte) return false;
  return true;
}

/* A copy in a block of its own, so that checkers of memory see it if one byte more is read. */
static inline tollgate_bytes lend(const void *data, size_t len) {
  uint8_t *copy = malloc(len);
  if (copy == NULL && len > 0) abort();
  if (len > 0) memcpy(copy, data, len);
  return tollgate_bytes_of(copy, len);
}

static inline void take_back(tollgate_bytes lent) { free((void *)(uintptr_t)lent.data); }

/* What main() gives back. Nothing asked is a failure too. */
static inline int expectations_met(const char *name) {
  int asked = atomic_load(&expectations), failed = atomic_load(&failures);
  printf("%s: %d expectations, %d failed\n", name, asked, failed);
  return failed > 0 || asked == 0;
}

#endif /* EXPECT_H */
