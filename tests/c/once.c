/* Messages that pass once, with a limit beside them, in memory that processes and threads share:
 * together they let each message pass once, and as many as the limit gives. What the limit refused
 * is not lost, and a process that is killed holds up nobody.
 *
 *   once MESSAGES         how many messages there are; each worker tries all of them
 *   once MESSAGES apart   a control: with memory of their own they let messages pass again */
#define _GNU_SOURCE
#include "fixture.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* The limit of the route "once-daily" in fixture/one.json. */
enum { WORKERS = 4, KILLED = 20, BURST = 99991 };

/* What the workers share. */
struct shared {
  atomic_ulong attempts, strange;
  size_t limits_size, replay_size;
  uint8_t *limits, *replay;
  /* How often each message passed. */
  atomic_uchar passed[];
};

static unsigned long messages;
static bool apart;

static void *map(size_t size) {
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) abort();
  return memory;
}

static struct shared *share(void) {
  struct shared *shared = map(sizeof *shared + messages);
  tollgate_bytes seed = TOLLGATE_LITERAL("sixteen random b");
  EXPECT_STATUS(OK, tollgate_limits_size(10, 100, &shared->limits_size));
  shared->limits = map(shared->limits_size);
  EXPECT_STATUS(OK, tollgate_limits_init(shared->limits, shared->limits_size, 10, 100, seed));
  EXPECT_STATUS(OK, tollgate_replay_size(messages, &shared->replay_size));
  shared->replay = map(shared->replay_size);
  EXPECT_STATUS(OK, tollgate_replay_init(shared->replay, shared->replay_size, messages, 600000,
                                         seed));
  return shared;
}

static void put_away(struct shared *shared) {
  EXPECT_NUMBER(0, atomic_load(&shared->strange));
  munmap(shared->limits, shared->limits_size);
  munmap(shared->replay, shared->replay_size);
  munmap(shared, sizeof *shared + messages);
}

static tollgate_gate *gate_on(const struct shared *shared) {
  tollgate_gate *gate = fixture_gate("one.json");
  EXPECT_STATUS(OK, tollgate_gate_attach_limits(gate, shared->limits, shared->limits_size));
  EXPECT_STATUS(OK, tollgate_gate_attach_replay(gate, shared->replay, shared->replay_size));
  return gate;
}

/* A worker: every message on the route, at this time by the monotonic clock. */
struct work {
  struct shared *shared;
  const tollgate_gate *gate;
  const char *route;
  uint64_t monotonic_ns;
};

static void work(const struct work *work) {
  struct shared *shared = work->shared;
  tollgate_hmac_sha256_key key;
  EXPECT_STATUS(OK, tollgate_hmac_sha256_key_init(
                        &key, TOLLGATE_LITERAL("signing-secret-of-merchant-one")));
  struct cashout cashout;
  cashout_init(&cashout);
  replace(&cashout.request.route, work->route);
  cashout.request.monotonic_ns = work->monotonic_ns;
  for (unsigned long message = 0; message < messages; message++) {
    cashout_number(&cashout, &key, message);
    tollgate_decision decision = decide(work->gate, &cashout.request);
    atomic_fetch_add(&shared->attempts, 1);
    if (decision.verdict == TOLLGATE_VERDICT_ALLOW)
      atomic_fetch_add(&shared->passed[message], 1);
    else if (decision.reason != TOLLGATE_REASON_REPLAYED &&
             decision.reason != TOLLGATE_REASON_RATE_LIMITED)
      atomic_fetch_add(&shared->strange, 1);
  }
  cashout_free(&cashout);
}

/* A process that works with the memory that it inherits, or with memory of its own. */
static pid_t start(struct shared *shared, const char *route, uint64_t monotonic_ns) {
  fflush(NULL);
  pid_t child = fork();
  if (child < 0) abort();
  if (child > 0) return child;
  if (apart) {
    struct shared *own = share();
    shared->limits = own->limits;
    shared->replay = own->replay;
  }
  work(&(struct work){shared, gate_on(shared), route, monotonic_ns});
  _exit(atomic_load(&failures) == 0 ? 0 : 1);
}

static void *thread(void *argument) {
  work(argument);
  return NULL;
}

/* All workers at once: four processes, or two threads of this one. */
static void all(struct shared *shared, bool threads, const char *route, uint64_t monotonic_ns) {
  if (threads) {
    tollgate_gate *gate = gate_on(shared);
    struct work own = {shared, gate, route, monotonic_ns};
    pthread_t other;
    if (pthread_create(&other, NULL, thread, &own) != 0) abort();
    work(&own);
    pthread_join(other, NULL);
    EXPECT_STATUS(OK, tollgate_gate_free(gate));
    return;
  }
  pid_t children[WORKERS];
  for (size_t at = 0; at < WORKERS; at++) children[at] = start(shared, route, monotonic_ns);
  for (size_t at = 0; at < WORKERS; at++) {
    int status = -1;
    waitpid(children[at], &status, 0);
    EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
}

/* How many messages passed; none of them twice. */
static unsigned long passed(const struct shared *shared) {
  unsigned long sum = 0, again = 0;
  for (unsigned long message = 0; message < messages; message++) {
    unsigned char times = atomic_load(&shared->passed[message]);
    sum += times;
    again += times > 1;
  }
  EXPECT_NUMBER(0, again);
  return sum;
}

static unsigned long least(unsigned long one, unsigned long other) {
  return one < other ? one : other;
}

/* The limit lets so many pass a day, and a second more makes up for what it rounds; by the wall clock
 * no time passes, so the messages stay fresh. */
static void together(bool threads) {
  struct shared *shared = share();
  for (unsigned long day = 1; day <= 3; day++) {
    all(shared, threads, "once-daily", day * 86401 * SECOND_NS);
    EXPECT_NUMBER(least(messages, day * BURST), passed(shared));
  }
  printf("once, %s: %lu of %lu attempts passed, no message twice\n",
         threads ? "2 threads" : "4 processes", passed(shared), atomic_load(&shared->attempts));
  put_away(shared);
}

/* Workers are killed wherever they are; the one that is left gets every message that none of them
 * had. Of each one that was killed, one message may have passed that it could not note. */
static void killed(void) {
  struct shared *shared = share();
  for (unsigned long round = 0; round < KILLED; round++) {
    unsigned long before = atomic_load(&shared->attempts);
    pid_t child = start(shared, "once", SECOND_NS);
    /* Each one gets a little further than the last one, into what nobody has tried. */
    unsigned long until = before + messages * (round + 1) / (KILLED + 2);
    while (atomic_load(&shared->attempts) < until) usleep(20);
    int status = 0;
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  }
  EXPECT(passed(shared) < messages);
  all(shared, false, "once", SECOND_NS);
  unsigned long sum = passed(shared);
  EXPECT(sum <= messages && sum >= messages - KILLED);
  printf("once, %d processes killed: %lu of %lu messages passed, none twice\n", KILLED, sum,
         messages);
  put_away(shared);
}

int main(int count, char **words) {
  if (count < 2) return 2;
  messages = strtoul(words[1], NULL, 10);
  apart = count > 2 && strcmp(words[2], "apart") == 0;
  together(true);
  together(false);
  killed();
  return expectations_met("once");
}
