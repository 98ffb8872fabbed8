/* Counters in memory that several processes share: every sum is exact, and a process that is
 * killed wherever it is takes at most the note of its last count along.
 *
 *   counting COUNTS         how often each process counts
 *   counting COUNTS apart   a control: with memory of their own, counts are missing */
#define _GNU_SOURCE
#include "fixture.h"

#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROCESSES = 4, ROUTES = 8, KILLED = 40 };

/* What the processes share. */
struct shared {
  atomic_ulong noted;
  _Alignas(64) uint8_t counters[];
};

static size_t size;
static bool apart;

static struct shared *share(void) {
  EXPECT_STATUS(OK, tollgate_counters_size(ROUTES, &size));
  struct shared *shared = mmap(NULL, sizeof *shared + size, PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) abort();
  EXPECT_STATUS(OK, tollgate_counters_init(shared->counters, size, ROUTES));
  return shared;
}

static pid_t start(struct shared *shared, unsigned long counts) {
  fflush(NULL);
  pid_t child = fork();
  if (child < 0) abort();
  if (child > 0) return child;
  uint8_t *counters = apart ? share()->counters : shared->counters;
  tollgate_decision decision = TOLLGATE_DECISION_INIT;
  decision.reason = TOLLGATE_REASON_STALE;
  for (unsigned long at = 0; at < counts; at++) {
    char route[] = "a-route-with-the-number-?";
    route[sizeof route - 2] = (char)('0' + at % (ROUTES + 2));
    EXPECT_STATUS(OK, tollgate_counters_count(counters, size,
                                              tollgate_bytes_of(route, sizeof route - 1),
                                              &decision, at % 3 == 0));
    atomic_fetch_add(&shared->noted, 1);
  }
  _exit(atomic_load(&failures) == 0 ? 0 : 1);
}

/* All that was counted, and in how many lines. */
static unsigned long counted(const struct shared *shared, unsigned long *lines) {
  static char text[65536];
  size_t needed = 0;
  unsigned long sum = 0;
  tollgate_bytes none = {NULL, 0};
  EXPECT_STATUS(OK, tollgate_counters_text(shared->counters, size, none, (uint8_t *)text,
                                           sizeof text - 1, &needed));
  text[needed] = '\0';
  *lines = 0;
  for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
    sum += strtoul(strrchr(line, ' '), NULL, 10);
    ++*lines;
  }
  return sum;
}

static void together(unsigned long counts) {
  struct shared *shared = share();
  pid_t children[PROCESSES];
  unsigned long lines = 0;
  for (size_t at = 0; at < PROCESSES; at++) children[at] = start(shared, counts);
  for (size_t at = 0; at < PROCESSES; at++) {
    int status = -1;
    waitpid(children[at], &status, 0);
    EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  EXPECT_NUMBER(PROCESSES * counts, counted(shared, &lines));
  EXPECT_NUMBER(2 * (ROUTES + 1), lines);
  munmap(shared, sizeof *shared + size);
}

/* Workers are killed wherever they are, the first ones while they take the rows. */
static void killed(void) {
  struct shared *shared = share();
  unsigned long lines = 0;
  for (unsigned long at = 0; at < KILLED; at++) {
    unsigned long before = atomic_load(&shared->noted);
    pid_t child = start(shared, 100000000);
    while (atomic_load(&shared->noted) < before + at * 10) usleep(10);
    int status = 0;
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  }
  unsigned long noted = atomic_load(&shared->noted), sum = counted(shared, &lines);
  EXPECT(sum >= noted && sum <= noted + KILLED);
  EXPECT_NUMBER(2 * (ROUTES + 1), lines);
  munmap(shared, sizeof *shared + size);
}

int main(int count, char **words) {
  if (count < 2) return 2;
  apart = count > 2 && strcmp(words[2], "apart") == 0;
  together(strtoul(words[1], NULL, 10));
  if (!apart) killed();
  return expectations_met("counting");
}
