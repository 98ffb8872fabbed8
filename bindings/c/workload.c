/* What gateways ask, as often as it is told: the requests of examples/ through every entry that
 * decides, those that pass eight times as often as each that does not. library.sh takes a profile of
 * it, so that the compiler knows which code a request runs through and which loads policies.
 *
 *   workload TIMES    in the folder of the repository
 *
 * It fails if a request is not answered as its table says. */
#define _POSIX_C_SOURCE 200809L
#include "examples.h"
#include "host.h"

enum { DENIED_LESS_OFTEN = 8, BATCH = 4, ROUTES = 16, POLICIES = 16, NS_PER_S = 1000000000 };

static unsigned long times;
static unsigned long requests, failures;

/* What a row needs while it is asked. */
struct asked {
    const struct example_row *row;
    struct example_message message;
    tollgate_gate *gate;
    void *counters;
    size_t counters_size;
    bool streams;
};

/* What a host does with a decision: it counts it, makes the lines of its answer, and gives a message
 * back so that it may come again. */
static void take(struct asked *asked, const tollgate_decision *decision, tollgate_status status,
                 bool streamed) {
    uint8_t lines[1024];
    size_t length = 0;
    uint32_t held = 0;
    const struct example_row *row = asked->row;
    unsigned wanted = streamed ? row->streamed : row->status;
    if (status != TOLLGATE_STATUS_OK || decision->http_status != wanted) {
        failures++;
    }
    if (decision->verdict != TOLLGATE_VERDICT_ALLOW) {
        status = tollgate_decision_headers(decision, lines, sizeof lines, &length);
    } else if (decision->claimed == 1) {
        status = tollgate_gate_release(asked->gate, &decision->claim, &held);
    }
    tollgate_status counted = tollgate_counters_count(
        asked->counters, asked->counters_size, asked->message.request.route, decision, 0);
    failures += status != TOLLGATE_STATUS_OK || counted != TOLLGATE_STATUS_OK;
    /* So that limits are asked and never used up. */
    asked->message.request.monotonic_ns += NS_PER_S;
    requests++;
}

static void ask_whole(struct asked *asked) {
    tollgate_decision decision = TOLLGATE_DECISION_INIT;
    take(asked, &decision, tollgate_gate_verify(asked->gate, &asked->message.request, &decision),
         false);
}

static void ask_flat(struct asked *asked) {
    tollgate_decision decision = TOLLGATE_DECISION_INIT;
    const tollgate_request *r = &asked->message.request;
    tollgate_bytes head = asked->message.head;
    /* What a host stored of a payment goes into the struct only. */
    if (r->stored_credential.len > 0) {
        return;
    }
    tollgate_status status = tollgate_gate_verify_flat(
        asked->gate, r->route.data, r->route.len, r->method.data, r->method.len, r->target.data,
        r->target.len, r->host.data, r->host.len, head.data, head.len, r->body.data, r->body.len,
        r->peer.data, r->peer.len, r->tls, r->unix_ms, r->monotonic_ns, &decision);
    take(asked, &decision, status, false);
}

/* The head alone, then the body in two pieces. */
static tollgate_status stream(struct asked *asked, tollgate_decision *decision) {
    tollgate_context context = TOLLGATE_CONTEXT_INIT;
    const tollgate_request *request = &asked->message.request;
    size_t half = request->body.len / 2;
    uint32_t wanted = 0;
    tollgate_status status = tollgate_gate_begin(asked->gate, request, &context, decision);
    if (status != TOLLGATE_STATUS_OK || decision->reason != TOLLGATE_REASON_NONE) {
        return status;
    }
    for (size_t at = 0; status == TOLLGATE_STATUS_OK && at < request->body.len; at += half + 1) {
        size_t left = request->body.len - at;
        tollgate_bytes piece =
            tollgate_bytes_of(request->body.data + at, left < half + 1 ? left : half + 1);
        status = tollgate_context_update(&context, piece, &wanted);
    }
    tollgate_status finished =
        tollgate_context_finish(&context, request->unix_ms, request->monotonic_ns, decision);
    return status == TOLLGATE_STATUS_OK ? finished : status;
}

static void ask_streamed(struct asked *asked) {
    tollgate_decision decision = TOLLGATE_DECISION_INIT;
    take(asked, &decision, stream(asked, &decision), true);
    decision = (tollgate_decision)TOLLGATE_DECISION_INIT;
    take(asked, &decision,
         tollgate_gate_verify_streamed(asked->gate, &asked->message.request, &decision), true);
}

/* Several at once, which on a route that takes each message only once is none of the usual. */
static void ask_batch(struct asked *asked) {
    tollgate_request batch[BATCH];
    tollgate_decision decisions[BATCH];
    for (size_t at = 0; at < BATCH; at++) {
        batch[at] = asked->message.request;
        batch[at].monotonic_ns += at * NS_PER_S;
        decisions[at] = (tollgate_decision)TOLLGATE_DECISION_INIT;
    }
    tollgate_status status = tollgate_gate_verify_batch(asked->gate, batch, BATCH, decisions);
    if (decisions[0].claimed == 1) {
        take(asked, &decisions[0], status, false);
        return;
    }
    for (size_t at = 0; at < BATCH; at++) {
        take(asked, &decisions[at], status, false);
    }
}

static void ask_token(struct asked *asked) {
    uint8_t answer[8192];
    size_t head = 0;
    size_t length = 0;
    tollgate_decision decision = TOLLGATE_DECISION_INIT;
    take(asked, &decision,
         tollgate_gate_token(asked->gate, &asked->message.request, answer, sizeof answer, &head,
                             &length, &decision),
         false);
}

static void ask(struct asked *asked) {
    bool passes = strcmp(asked->row->reason, "ok") == 0;
    bool token = strcmp(asked->row->route, "token") == 0;
    for (unsigned long time = passes ? times : times / DENIED_LESS_OFTEN; time > 0; time--) {
        ask_whole(asked);
        ask_flat(asked);
        if (asked->streams) {
            ask_streamed(asked);
        }
        if (time % (2 * BATCH) == 0) {
            ask_batch(asked);
        }
        if (token) {
            ask_token(asked);
        }
    }
}

/* Counters for the routes of the policy. */
static bool count(struct asked *asked) {
    return worked(tollgate_counters_size(ROUTES, &asked->counters_size), "size of the counters") &&
           posix_memalign(&asked->counters, 64, asked->counters_size) == 0 &&
           worked(tollgate_counters_init(asked->counters, asked->counters_size, ROUTES), "counters");
}

/* The policy of that name, loaded once: hosts load rarely. */
static const tollgate_policy *policy_of(const char *name) {
    static struct { char name[64]; tollgate_policy *policy; } loaded[POLICIES];
    char path[128];
    size_t at = 0;
    while (loaded[at].policy != NULL && strcmp(loaded[at].name, name) != 0) {
        at++;
        if (at == POLICIES) {
            example_unreadable("so many policies");
        }
    }
    if (loaded[at].policy == NULL) {
        snprintf(path, sizeof path, "examples/policies/%s.json", name);
        snprintf(loaded[at].name, sizeof loaded[at].name, "%s", name);
        loaded[at].policy = load_policy(path);
    }
    return loaded[at].policy;
}

static void run(const char *system, const struct example_row *row) {
    uint32_t streams = 0;
    struct memory memory = {NULL, NULL};
    struct asked asked = {.row = row};
    /* What the same message gets the second time is nothing to be repeated. */
    if (row->times > 1) {
        return;
    }
    tollgate_bytes octets = example_octets(system, row);
    example_read(system, row, octets, &asked.message);
    const tollgate_policy *policy = policy_of(row->policy);
    asked.gate = policy == NULL ? NULL : make_gate(policy, &memory);
    /* A route that the policy has not got is one of the things that are asked. */
    if (policy != NULL && tollgate_policy_route_streams(policy, asked.message.request.route,
                                                        &streams) == TOLLGATE_STATUS_OK) {
        asked.streams = streams == 1;
    }
    if (asked.gate == NULL || !count(&asked)) {
        exit(EXIT_FAILURE);
    }
    ask(&asked);
    free_gate(asked.gate, &memory);
    free(asked.counters);
    free((void *)(uintptr_t)octets.data);
}

int main(int argc, char **argv) {
    times = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
    if (times == 0) {
        fputs("usage: workload TIMES\n", stderr);
        return 2;
    }
    for (size_t at = 0; at < EXAMPLE_SYSTEMS; at++) {
        example_rows(example_systems[at], run);
    }
    printf("%lu requests, %lu not answered as expected\n", requests, failures);
    return requests > 0 && failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
