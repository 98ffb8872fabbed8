/* One limit in memory that several processes share: together they get what one would get, and a
 * process that is killed in the middle of it takes nothing along.
 *
 *   processes ATTEMPTS         how many requests each process makes
 *   processes ATTEMPTS apart   a control: with memory of their own they get more */
#define _GNU_SOURCE
#include "fixture.h"

#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* The limit of the route "daily" in fixture/one.json. */
enum { PROCESSES = 4, BURST = 99991 };

/* What the processes share. */
struct shared {
  atomic_ulong admitted[PROCESSES];
  atomic_ulong strange;
  _Alignas(64) uint8_t limits[];
};

static size_t limits_size;
static bool apart;

static struct shared *share(void) {
  EXPECT_STATUS(OK, tollgate_limits_size(10, 100, &limits_size));
  size_t size = sizeof(struct shared) + limits_size;
  struct shared *shared =
      mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) abort();
  tollgate_bytes seed = TOLLGATE_LITERAL("sixteen random b");
  EXPECT_STATUS(OK, tollgate_limits_init(shared->limits, limits_size, 10, 100, seed));
  return shared;
}

static tollgate_gate *gate_on(void *limits) {
  tollgate_gate *gate = fixture_gate("one.json");
  EXPECT_STATUS(OK, tollgate_gate_attach_limits(gate, limits, limits_size));
  return gate;
}

/* A worker, with a clock that stands still. */
static void work(struct shared *shared, const tollgate_gate *gate, size_t own,
                 unsigned long attempts) {
  struct cashout cashout;
  cashout_init(&cashout);
  replace(&cashout.request.route, "daily");
  for (unsigned long attempt = 0; attempt < attempts; attempt++) {
    tollgate_decision decision = decide(gate, &cashout.request);
    if (decision.verdict == TOLLGATE_VERDICT_ALLOW)
      atomic_fetch_add(&shared->admitted[own], 1);
    else if (decision.reason != TOLLGATE_REASON_RATE_LIMITED)
      atomic_fetch_add(&shared->strange, 1);
  }
  cashout_free(&cashout);
}

/* A process that works with the gate that it inherits, or makes one if there is none. */
static pid_t start(struct shared *shared, const tollgate_gate *inherited, size_t own,
                   unsigned long attempts) {
  fflush(NULL);
  pid_t child = fork();
  if (child < 0) abort();
  if (child > 0) return child;
  size_t size = 0;
  void *limits = apart ? fixture_limits(&size) : shared->limits;
  const tollgate_gate *gate = inherited == NULL || apart ? gate_on(limits) : inherited;
  work(shared, gate, own, attempts);
  _exit(atomic_load(&failures) == 0 ? 0 : 1);
}

static unsigned long admitted(struct shared *shared) {
  unsigned long sum = 0;
  for (size_t at = 0; at < PROCESSES; at++) sum += atomic_load(&shared->admitted[at]);
  return sum;
}

static void release(struct shared *shared) {
  EXPECT_NUMBER(0, atomic_load(&shared->strange));
  munmap(shared, sizeof *shared + limits_size);
}

/* All processes at once: exactly the burst is admitted, or everything if it is less. */
static void together(unsigned long attempts) {
  struct shared *shared = share();
  pid_t children[PROCESSES];
  tollgate_gate *gate = gate_on(shared->limits);
  for (size_t at = 0; at < PROCESSES; at++)
    children[at] = start(shared, at % 2 == 0 ? gate : NULL, at, attempts);
  for (size_t at = 0; at < PROCESSES; at++) {
    int status = -1;
    waitpid(children[at], &status, 0);
    EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  unsigned long all = PROCESSES * attempts, wanted = all < BURST ? all : BURST;
  EXPECT_NUMBER(wanted, admitted(shared));
  printf("processes: %lu of %lu requests admitted\n", admitted(shared), all);
  EXPECT_STATUS(OK, tollgate_gate_free(gate));
  release(shared);
}

/* Workers are killed wherever they are; the one that is left gets the rest of the burst. A worker
 * may die between its admission and the note that it makes of it. */
static void killed(void) {
  struct shared *shared = share();
  for (size_t at = 1; at < PROCESSES; at++) {
    pid_t child = start(shared, NULL, at, 1000000);
    while (atomic_load(&shared->admitted[at]) < 100) usleep(100);
    int status = 0;
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  }
  EXPECT(admitted(shared) < BURST);
  tollgate_gate *gate = gate_on(shared->limits);
  work(shared, gate, 0, BURST + 10);
  EXPECT_STATUS(OK, tollgate_gate_free(gate));
  unsigned long sum = admitted(shared);
  EXPECT(sum <= BURST && sum >= BURST - (PROCESSES - 1));
  release(shared);
}

int main(int count, char **words) {
  if (count < 2) return 2;
  apart = count > 2 && strcmp(words[2], "apart") == 0;
  together(strtoul(words[1], NULL, 10));
  killed();
  return expectations_met("processes");
}
