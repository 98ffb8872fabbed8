/* Policies that are swapped while other threads verify: each decision is wholly that of one of
 * them, none is wrong, and each policy is released when nobody has it any more.
 *
 *   threads SWAPS         how often they are swapped
 *   threads SWAPS mixed   a control: one policy has the name of the other's credential */
#define _GNU_SOURCE
#include "fixture.h"

#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <time.h>

/* The two policies have different secrets, networks, realms and credentials. `THEIRS` is signed by
 * merchant one and comes from the network of merchant two, so it passes under neither. */
enum kind { ONE, TWO, THEIRS, KINDS };

static tollgate_gate *gate;
static atomic_bool done;
static bool mixed;
/* Decisions so far, by the policy that made them. */
static atomic_ulong under_one, under_two;

static uint64_t monotonic_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

static void cashout_of_kind(struct cashout *cashout, enum kind kind) {
  cashout_init(cashout);
  replace(&cashout->request.route, "many");
  if (kind == TWO) replace(&cashout->lines[SIGNATURE].value, SIGNED_TWO);
  if (kind == ONE) return;
  take_back(cashout->request.peer);
  cashout->request.peer = lend(PEER_TWO, 4);
}

/* Whether a decision is exactly what policy `by` says of a request of this kind. Of one that is
 * streamed the network is looked at first, while nothing is proved yet. */
static bool is_of(const tollgate_decision *decision, enum kind by, enum kind kind, bool streamed) {
  bool own_signature = (by == ONE) == (kind != TWO), own_network = (by == ONE) == (kind == ONE);
  bool passes = own_signature && own_network;
  bool proved = own_signature && (own_network || !streamed);
  bool lost_by_signature = !own_signature && (own_network || !streamed);
  uint32_t reason = passes              ? TOLLGATE_REASON_OK
                    : lost_by_signature ? TOLLGATE_REASON_SIG_MISMATCH
                                        : TOLLGATE_REASON_IP_NOT_ALLOWED;
  uint32_t generation = !proved ? 0 : by == ONE ? 1 : 2;
  return decision->verdict == passes && decision->reason == reason &&
         decision->authenticated == proved && decision->generation == generation &&
         strcmp(decision->credential, by == ONE ? "merchant-1" : "merchant-2") == 0 &&
         (passes || strcmp(decision->realm, by == ONE ? "one" : "two") == 0) &&
         decision->has_rate == passes;
}

/* Which policy made the decision; a decision that is neither's is a failure. */
static void examine(const tollgate_decision *decision, enum kind kind, bool streamed) {
  bool one = is_of(decision, ONE, kind, streamed), two = is_of(decision, TWO, kind, streamed);
  if (expect_failed(one != two))
    fprintf(stderr, "kind %d, streamed %d: verdict %u, reason %u, generation %u, credential %s\n",
            (int)kind, streamed, decision->verdict, decision->reason, decision->generation,
            decision->credential);
  atomic_fetch_add(one ? &under_one : &under_two, 1);
}

static void verify_whole(struct cashout *cashout, enum kind kind) {
  tollgate_decision decision = allowing();
  cashout->request.monotonic_ns = monotonic_ns();
  EXPECT_STATUS(OK, tollgate_gate_verify(gate, &cashout->request, &decision));
  examine(&decision, kind, false);
}

static void verify_streamed(struct cashout *cashout, enum kind kind) {
  tollgate_context context = TOLLGATE_CONTEXT_INIT;
  tollgate_decision decision = allowing();
  tollgate_bytes body = cashout->request.body;
  cashout->request.monotonic_ns = monotonic_ns();
  EXPECT_STATUS(OK, tollgate_gate_begin(gate, &cashout->request, &context, &decision));
  if (decision.reason == TOLLGATE_REASON_NONE) {
    uint32_t wanted = 0;
    for (size_t at = 0; at < body.len; at += 128) {
      tollgate_bytes piece = tollgate_bytes_of(body.data + at, 128);
      EXPECT_STATUS(OK, tollgate_context_update(&context, piece, &wanted));
      sched_yield();
    }
    decision = allowing();
    EXPECT_STATUS(OK, tollgate_context_finish(&context, NOON_MS, monotonic_ns(), &decision));
  }
  examine(&decision, kind, true);
}

/* Verifies requests of every kind until the swaps are done. */
static void *verifier(void *how) {
  void (*verify)(struct cashout *, enum kind) = how == NULL ? verify_whole : verify_streamed;
  struct cashout cashouts[KINDS];
  for (int kind = ONE; kind < KINDS; kind++) cashout_of_kind(&cashouts[kind], (enum kind)kind);
  while (!atomic_load(&done))
    for (int kind = ONE; kind < KINDS; kind++) verify(&cashouts[kind], (enum kind)kind);
  for (int kind = ONE; kind < KINDS; kind++) cashout_free(&cashouts[kind]);
  return NULL;
}

/* The policy, made anew. */
static tollgate_policy *load(enum kind kind) {
  tollgate_bytes document = fixture_file(kind == ONE ? "one.json" : "two.json");
  uint8_t *id = memmem(document.data, document.len, "merchant-2", 10);
  if (mixed && id != NULL) id[9] = '1';
  tollgate_policy *policy = fixture_load(document, "policy");
  take_back(document);
  return policy;
}

/* Puts a new policy in force; the next request has it already. */
static void swap(enum kind to, struct cashout *cashout) {
  tollgate_policy *policy = load(to);
  EXPECT_STATUS(OK, tollgate_gate_swap(gate, policy));
  EXPECT_STATUS(OK, tollgate_policy_free(policy));
  tollgate_decision decision = allowing();
  cashout->request.monotonic_ns = monotonic_ns();
  EXPECT_STATUS(OK, tollgate_gate_verify(gate, &cashout->request, &decision));
  EXPECT(is_of(&decision, to, ONE, false));
}

int main(int count, char **words) {
  if (count < 2) return 2;
  long swaps = strtol(words[1], NULL, 10);
  mixed = count > 2 && strcmp(words[2], "mixed") == 0;
  size_t size = 0;
  void *memory = fixture_limits(&size);
  struct cashout cashout;
  cashout_of_kind(&cashout, ONE);
  gate = fixture_gate("two.json");
  EXPECT_STATUS(OK, tollgate_gate_attach_limits(gate, memory, size));
  pthread_t whole, streamed;
  pthread_create(&whole, NULL, verifier, NULL);
  pthread_create(&streamed, NULL, verifier, &gate);
  /* At least so many, and until both policies have decided often. */
  long swapped = 0;
  while (swapped < swaps || atomic_load(&under_one) < 100 || atomic_load(&under_two) < 100)
    swap(swapped++ % 2 == 0 ? ONE : TWO, &cashout);
  atomic_store(&done, true);
  pthread_join(whole, NULL);
  pthread_join(streamed, NULL);
  printf("threads: %ld swaps, %lu decisions under one policy, %lu under the other\n", swapped,
         atomic_load(&under_one), atomic_load(&under_two));
  cashout_free(&cashout);
  EXPECT_STATUS(OK, tollgate_gate_free(gate));
  free(memory);
  return expectations_met("threads");
}
