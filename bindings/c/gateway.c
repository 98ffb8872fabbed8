/* A small HTTP gateway that asks Tollgate about every request.
 *
 *   gateway --listen PORT --policy FILE --route PATH=NAME [--route PATH=NAME ...] [--clock TIME]
 *           [--token PATH=NAME ...] [--payment "CREDENTIAL VALUE SEED SIGNATURE"]
 *
 * It listens on 127.0.0.1, behind a proxy that terminates TLS; port 0 takes a free one. Requests
 * for PATH are on the route NAME of the policy. SIGHUP loads the policy file anew; one with errors
 * leaves the old policy in force. SIGTERM and SIGINT end it. With --clock the time stands still at
 * so many seconds since 1970: for requests that were recorded. A route of --token is a token
 * endpoint of the policy, and the gateway answers its requests itself. With --payment all requests are
 * about that payment, of which this is stored.
 */
#define _GNU_SOURCE
#include <getopt.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange.h"
#include "host.h"

enum {
    PORT_MAX = 65535,
    /* The last second that --clock takes, in 2038. */
    CLOCK_MAX = 2147483647,
    THREADS = 2,
    /* Seconds without a byte after which a connection is given up. */
    IDLE_S = 10,
    CONNECTIONS_MAX = 256,
    EXIT_USAGE = 2,
};

struct options {
    unsigned long port;
    const char *policy;
};

static _Noreturn void usage(void) {
    fputs("usage: gateway --listen PORT --policy FILE --route PATH=NAME ... [--clock TIME]\n"
          "       [--token PATH=NAME ...] [--payment \"CREDENTIAL VALUE SEED SIGNATURE\"]\n",
          stderr);
    exit(EXIT_USAGE);
}

static void add_route(struct gateway *gateway, char *path, bool issues_tokens) {
    char *equals = strchr(path, '=');
    if (equals == NULL || path[0] != '/' || gateway->route_count == ROUTES_MAX) {
        usage();
    }
    *equals = '\0';
    struct route route = {path, equals + 1, issues_tokens, false};
    gateway->routes[gateway->route_count++] = route;
}

/* The four words of a payment, which stay where they are. */
static struct payment payment_of(char *words) {
    tollgate_bytes parts[4];
    char *rest = words;
    for (size_t i = 0; i < 4; i++) {
        char *word = strtok_r(NULL, " ", &rest);
        if (word == NULL) {
            usage();
        }
        parts[i] = text_bytes(word);
    }
    struct payment payment = {parts[0], parts[1], parts[2], parts[3]};
    return payment;
}

static unsigned long number_of(const char *text, unsigned long most) {
    char *end = NULL;
    unsigned long number = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || number > most) {
        usage();
    }
    return number;
}

static struct options read_options(int argc, char **argv, struct gateway *gateway) {
    static const struct option known[] = {
        {"listen", required_argument, NULL, 'l'},
        {"policy", required_argument, NULL, 'p'},
        {"route", required_argument, NULL, 'r'},
        {"token", required_argument, NULL, 't'},
        {"clock", required_argument, NULL, 'c'},
        {"payment", required_argument, NULL, 's'},
        {NULL, 0, NULL, 0},
    };
    struct options options = {0, NULL};
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        switch (option) {
        case 'l': options.port = number_of(optarg, PORT_MAX); break;
        case 'p': options.policy = optarg; break;
        case 'r': add_route(gateway, optarg, false); break;
        case 't': add_route(gateway, optarg, true); break;
        case 'c': stop_clocks(number_of(optarg, CLOCK_MAX)); break;
        case 's': gateway->payment = payment_of(optarg); break;
        default: usage();
        }
    }
    if (optind != argc || options.policy == NULL || gateway->route_count == 0) {
        usage();
    }
    return options;
}

/* Whether the policy has the routes of the gateway, and takes their bodies as it did at the start,
 * which goes to `routes` the first time. */
static bool fits(const tollgate_policy *policy, struct gateway *gateway, bool first) {
    for (size_t i = 0; i < gateway->route_count; i++) {
        struct route *route = &gateway->routes[i];
        uint32_t streams = 0;
        if (!worked(tollgate_policy_route_streams(policy, text_bytes(route->name), &streams),
                    route->name)) {
            return false;
        }
        if (first) {
            route->streams = streams != 0;
        } else if (route->streams != (streams != 0)) {
            fprintf(stderr, "%s: whether its body can be streamed changed; restart\n", route->name);
            return false;
        }
    }
    return true;
}

/* Puts the policy file in force, or leaves things as they are and says why. */
static void reload(struct gateway *gateway, const char *path) {
    tollgate_policy *policy = load_policy(path);
    bool swapped = policy != NULL && fits(policy, gateway, false) &&
                   worked(tollgate_gate_swap(gateway->gate, policy), "swap");
    tollgate_policy_free(policy);
    fprintf(stderr, "reload: %s\n", swapped ? "done" : "refused, the old policy stays in force");
}

static struct MHD_Daemon *listen_on(unsigned long port, struct gateway *gateway) {
    struct sockaddr_in address = {0};
    address.sin_family = AF_INET;
    address.sin_port = htons((uint16_t)port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return MHD_start_daemon(
        MHD_USE_AUTO_INTERNAL_THREAD, (uint16_t)port, NULL, NULL, exchange_step, gateway,
        MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
        MHD_OPTION_URI_LOG_CALLBACK, exchange_open, gateway,
        MHD_OPTION_NOTIFY_COMPLETED, exchange_close, gateway,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)THREADS,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

/* Serves until SIGTERM or SIGINT. The signals are blocked in every thread and taken here, so that
 * a reload is ordinary code and not a signal handler. */
static int serve(const struct options *options, struct gateway *gateway, const sigset_t *signals) {
    struct MHD_Daemon *daemon = listen_on(options->port, gateway);
    if (daemon == NULL) {
        fprintf(stderr, "cannot listen on 127.0.0.1:%lu\n", options->port);
        return EXIT_FAILURE;
    }
    const union MHD_DaemonInfo *bound = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    fprintf(stderr, "listening on 127.0.0.1:%u\n", bound == NULL ? 0u : (unsigned)bound->port);
    int signal = 0;
    while (sigwait(signals, &signal) == 0 && signal == SIGHUP) {
        reload(gateway, options->policy);
    }
    MHD_stop_daemon(daemon);
    fputs("stopped\n", stderr);
    return EXIT_SUCCESS;
}

static int run(const struct options *options, struct gateway *gateway, const sigset_t *signals) {
    struct memory memory;
    tollgate_policy *policy = load_policy(options->policy);
    if (policy == NULL) {
        return EXIT_USAGE;
    }
    if (fits(policy, gateway, true)) {
        gateway->gate = make_gate(policy, &memory);
    }
    /* From here on the gate holds the policy. */
    tollgate_policy_free(policy);
    if (gateway->gate == NULL) {
        return EXIT_USAGE;
    }
    int result = serve(options, gateway, signals);
    free_gate(gateway->gate, &memory);
    return result;
}

int main(int argc, char **argv) {
    static struct gateway gateway;
    sigset_t signals;
    struct options options = read_options(argc, argv, &gateway);
    if (!worked(tollgate_check_abi(TOLLGATE_ABI), "tollgate.h and the library differ")) {
        return EXIT_USAGE;
    }
    sigemptyset(&signals);
    sigaddset(&signals, SIGHUP);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    return run(&options, &gateway, &signals);
}
