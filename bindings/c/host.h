/* What every host of Tollgate brings along: policy files, memory that outlives them, clocks. */
#ifndef HOST_H
#define HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "tollgate.h"

/* Reads a whole file into memory that the caller frees, with a NUL behind that `length` does not
 * count; NULL, and a line on stderr, if it cannot be read. */
char *read_file(const char *path, size_t *length);

/* Loads the policy in a file; secrets in files are looked for from its folder on. NULL, and the
 * errors on stderr, if it has any. */
tollgate_policy *load_policy(const char *path);

/* What outlives a policy: the memory for rate limits, and that of messages. */
struct memory {
    void *limits;
    void *replay;
};

/* A gate with `policy` in force, and with memory. The policy stays the caller's. NULL, and a line
 * on stderr, if that fails. */
tollgate_gate *make_gate(const tollgate_policy *policy, struct memory *memory);

/* Releases the gate, which may be NULL, and then its memory. */
void free_gate(tollgate_gate *gate, struct memory *memory);

/* Whether a call worked; if not, `what` and the status go to stderr. */
bool worked(tollgate_status status, const char *what);

/* Milliseconds since 1970-01-01T00:00:00Z. */
uint64_t unix_ms(void);

/* Nanoseconds of CLOCK_MONOTONIC. */
uint64_t monotonic_ns(void);

/* Has both clocks stand still at `unix_s` seconds since 1970-01-01T00:00:00Z, for requests that
 * were recorded. Before any thread asks for the time. */
void stop_clocks(uint64_t unix_s);

/* Nanoseconds for which this thread had the processor. */
uint64_t thread_ns(void);

/* The bytes of a text; a NULL is empty. */
tollgate_bytes text_bytes(const char *text);

#endif
