/* How many times a second one thread can verify a request, through the C ABI. What is counted is
 * the time for which it has the processor, so that a busy machine does not change the result much.
 *
 *   loop --policy FILE --route NAME --method METHOD --target TARGET --head FILE --body FILE
 *        [--seconds N]
 *
 * The head file holds the header lines as they are sent. The peer is 127.0.0.1. The clock that
 * rate limits are measured by is not the real one: it goes on by a second for each request, so
 * that the limits are asked every time and never used up. Every decision must allow.
 */
#define _GNU_SOURCE
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host.h"

enum {
    HEADERS_MAX = 64,
    /* Requests between two looks at the clock. */
    BATCH = 1000,
    BAR_WIDTH = 40,
    NS_PER_S = 1000000000,
};

struct options {
    const char *policy;
    const char *route;
    const char *method;
    const char *target;
    const char *head;
    const char *body;
    const char *seconds;
};

struct progress {
    uint64_t requests;
    uint64_t elapsed_ns;
    uint64_t planned_ns;
};

static _Noreturn void usage(void) {
    fputs("usage: loop --policy FILE --route NAME --method METHOD --target TARGET --head FILE "
          "--body FILE [--seconds N]\n", stderr);
    exit(2);
}

/* 0 if the text is no number from 1 to 3600. */
static uint64_t seconds_of(const char *text) {
    char *end = NULL;
    unsigned long seconds = strtoul(text, &end, 10);
    return *end == '\0' && seconds <= 3600 ? seconds : 0;
}

static struct options read_options(int argc, char **argv) {
    struct options options = {.seconds = "3"};
    const char **places[] = {&options.policy, &options.route, &options.method, &options.target,
                             &options.head,   &options.body,  &options.seconds};
    static const struct option known[] = {
        {"policy", required_argument, NULL, 0}, {"route", required_argument, NULL, 1},
        {"method", required_argument, NULL, 2}, {"target", required_argument, NULL, 3},
        {"head", required_argument, NULL, 4},   {"body", required_argument, NULL, 5},
        {"seconds", required_argument, NULL, 6}, {NULL, 0, NULL, 0},
    };
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (option < 0 || option > 6) {
            usage();
        }
        *places[option] = optarg;
    }
    bool complete = optind == argc && seconds_of(options.seconds) > 0;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        complete = complete && *places[i] != NULL;
    }
    if (!complete) {
        usage();
    }
    return options;
}

/* Cuts the lines of a head apart; gives how many there are. */
static size_t split_head(char *head, tollgate_header_line lines[HEADERS_MAX]) {
    size_t count = 0;
    char *rest = NULL;
    for (char *line = strtok_r(head, "\r\n", &rest); line != NULL && count < HEADERS_MAX;
         line = strtok_r(NULL, "\r\n", &rest)) {
        size_t name = strcspn(line, ":");
        const char *value = line[name] == '\0' ? "" : line + name + 1;
        lines[count].name = tollgate_bytes_of(line, name);
        lines[count].value = text_bytes(value + strspn(value, " "));
        count++;
    }
    return count;
}

static tollgate_bytes host_of(const tollgate_header_line *lines, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (lines[i].name.len == 4 && strncasecmp((const char *)lines[i].name.data, "host", 4) == 0) {
            return lines[i].value;
        }
    }
    return text_bytes(NULL);
}

static void print_bar(const struct progress *progress) {
    char bar[BAR_WIDTH + 1];
    uint64_t done = progress->elapsed_ns * BAR_WIDTH / progress->planned_ns;
    size_t filled = done < BAR_WIDTH ? (size_t)done : BAR_WIDTH;
    memset(bar, '.', BAR_WIDTH);
    memset(bar, '#', filled);
    bar[BAR_WIDTH] = '\0';
    printf("\r[%s] %" PRIu64 " requests", bar, progress->requests);
    fflush(stdout);
}

static void print_result(uint64_t requests, uint64_t spent_ns, bool terminal) {
    double each_ns = (double)spent_ns / (double)requests;
    printf("%s%.0f verifications per second of processor time in one thread, %.0f ns each; all %"
           PRIu64 " allowed%s\n",
           terminal ? "\r" : "", NS_PER_S / each_ns, each_ns, requests, terminal ? "\033[K" : "");
}

/* One batch; false, and the reason on stderr, at the first request that may not pass. */
static bool verify_batch(const tollgate_gate *gate, tollgate_request *request) {
    for (int i = 0; i < BATCH; i++) {
        tollgate_decision decision = TOLLGATE_DECISION_INIT;
        request->monotonic_ns += NS_PER_S;
        tollgate_status status = tollgate_gate_verify(gate, request, &decision);
        if (status != TOLLGATE_STATUS_OK || decision.verdict != TOLLGATE_VERDICT_ALLOW) {
            fprintf(stderr, "denied: %s\n",
                    (const char *)tollgate_reason_name(decision.reason).data);
            return false;
        }
    }
    return true;
}

static bool loop(const tollgate_gate *gate, tollgate_request *request, uint64_t seconds) {
    bool terminal = isatty(STDOUT_FILENO) == 1;
    struct progress progress = {0, 0, seconds * NS_PER_S};
    uint64_t started_ns = monotonic_ns();
    uint64_t before_ns = thread_ns();
    uint64_t shown_ns = 0;
    while (progress.elapsed_ns < progress.planned_ns) {
        if (!verify_batch(gate, request)) {
            return false;
        }
        progress.requests += BATCH;
        progress.elapsed_ns = monotonic_ns() - started_ns;
        if (terminal && progress.elapsed_ns - shown_ns > NS_PER_S / 10) {
            shown_ns = progress.elapsed_ns;
            print_bar(&progress);
        }
    }
    print_result(progress.requests, thread_ns() - before_ns, terminal);
    return true;
}

/* The request of the options; the head and the body stay where they are read to. */
static bool run(const struct options *options, char *head, const char *body, size_t body_size) {
    static const uint8_t loopback[4] = {127, 0, 0, 1};
    tollgate_header_line lines[HEADERS_MAX];
    tollgate_request request = TOLLGATE_REQUEST_INIT;
    struct memory memory = {NULL, NULL};
    tollgate_policy *policy = load_policy(options->policy);
    tollgate_gate *gate = policy == NULL ? NULL : make_gate(policy, &memory);
    request.header_count = split_head(head, lines);
    request.headers = lines;
    request.route = text_bytes(options->route);
    request.method = text_bytes(options->method);
    request.target = text_bytes(options->target);
    request.host = host_of(lines, request.header_count);
    request.body = tollgate_bytes_of(body, body_size);
    request.peer = tollgate_bytes_of(loopback, sizeof loopback);
    request.unix_ms = unix_ms();
    request.monotonic_ns = monotonic_ns();
    bool done = gate != NULL && loop(gate, &request, seconds_of(options->seconds));
    free_gate(gate, &memory);
    tollgate_policy_free(policy);
    return done;
}

int main(int argc, char **argv) {
    struct options options = read_options(argc, argv);
    if (!worked(tollgate_check_abi(TOLLGATE_ABI), "tollgate.h and the library differ")) {
        return EXIT_FAILURE;
    }
    size_t head_size = 0;
    size_t body_size = 0;
    char *head = read_file(options.head, &head_size);
    char *body = read_file(options.body, &body_size);
    bool done = head != NULL && body != NULL && run(&options, head, body, body_size);
    free(head);
    free(body);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
