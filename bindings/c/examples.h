/* The requests in examples/, read for programs that run in the folder of the repository: what is
 * sent, octet for octet as on the wire, and what is known beside it. The columns of the tables are
 * told in examples/README.md. A file that cannot be read ends the program. */
#ifndef EXAMPLES_H
#define EXAMPLES_H

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tollgate.h"

enum { EXAMPLE_LINES_MAX = 64, EXAMPLE_OCTETS_MAX = 1 << 16 };

static const char *const example_systems[] = {"flexiown", "pledg", "onekeypayments", "directa24",
                                              "ixopay"};
enum { EXAMPLE_SYSTEMS = sizeof example_systems / sizeof *example_systems };

/* A line of expected.txt. */
struct example_row {
    char file[64], policy[64], route[64], peer[64], tls[8], reason[64], credential[65], payment[64];
    uint64_t time;
    /* `streamed` is the status if the body comes in pieces. */
    unsigned times, status, streamed;
};

/* A line of payments.txt: what a host keeps of a payment. */
struct example_payment {
    char name[64], credential[65], value[64], seed[256], signature[65];
};

/* A request and what it refers to, beside the octets that it was read from. */
struct example_message {
    tollgate_request request;
    tollgate_header_line lines[EXAMPLE_LINES_MAX];
    /* The header lines as one block, each with its end. */
    tollgate_bytes head;
    uint8_t peer[16];
    struct example_payment payment;
};

static inline _Noreturn void example_unreadable(const char *what) {
    fprintf(stderr, "%s cannot be read; run this in the folder of the repository\n", what);
    exit(2);
}

/* A file in examples/, in a block that is exactly as long and that the caller frees. */
static inline tollgate_bytes example_file(const char *folder, const char *name, const char *ending) {
    static char content[EXAMPLE_OCTETS_MAX];
    char path[256];
    snprintf(path, sizeof path, "examples/%s/%s%s", folder, name, ending);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        example_unreadable(path);
    }
    size_t length = fread(content, 1, sizeof content, file);
    fclose(file);
    uint8_t *block = malloc(length);
    if (length == 0 || length == sizeof content || block == NULL) {
        example_unreadable(path);
    }
    memcpy(block, content, length);
    return tollgate_bytes_of(block, length);
}

/* The octets of the request of a row; the caller frees them. */
static inline tollgate_bytes example_octets(const char *system, const struct example_row *row) {
    char folder[96];
    snprintf(folder, sizeof folder, "requests/%s", system);
    return example_file(folder, row->file, "");
}

/* Takes what is before `end` off the front of `rest`. */
static inline tollgate_bytes example_before(tollgate_bytes *rest, const char *end) {
    size_t length = strlen(end);
    for (size_t at = 0; at + length <= rest->len; at++) {
        if (memcmp(rest->data + at, end, length) == 0) {
            tollgate_bytes taken = tollgate_bytes_of(rest->data, at);
            *rest = tollgate_bytes_of(rest->data + at + length, rest->len - at - length);
            return taken;
        }
    }
    example_unreadable("a request");
}

/* Reads a request and judges nothing: that is what the library is for. */
static inline void example_parse(tollgate_bytes octets, struct example_message *message) {
    tollgate_request *request = &message->request;
    *message = (struct example_message){.request = TOLLGATE_REQUEST_INIT};
    request->method = example_before(&octets, " ");
    request->target = example_before(&octets, " ");
    if (example_before(&octets, "HTTP/1.1\r\n").len > 0) {
        example_unreadable("a request of another version");
    }
    message->head = octets;
    for (tollgate_bytes line; (line = example_before(&octets, "\r\n")).len > 0;) {
        if (request->header_count == EXAMPLE_LINES_MAX) {
            example_unreadable("a request of so many lines");
        }
        message->head.len = (size_t)(octets.data - message->head.data);
        tollgate_header_line *next = &message->lines[request->header_count++];
        next->name = example_before(&line, ": ");
        next->value = line;
        if (next->name.len == 4 && memcmp(next->name.data, "Host", 4) == 0) {
            request->host = line;
        }
    }
    request->headers = message->lines;
    request->body = octets;
}

static inline tollgate_bytes example_text(const char *text) {
    return tollgate_bytes_of(text, strlen(text));
}

/* Where the request came from, and when. */
static inline void example_place(const struct example_row *row, struct example_message *message) {
    tollgate_request *request = &message->request;
    bool six = strchr(row->peer, ':') != NULL;
    if (inet_pton(six ? AF_INET6 : AF_INET, row->peer, message->peer) != 1) {
        example_unreadable(row->peer);
    }
    request->peer = tollgate_bytes_of(message->peer, six ? 16 : 4);
    request->route = example_text(row->route);
    request->tls = strcmp(row->tls, "tls") == 0;
    request->unix_ms = row->time * 1000;
    request->monotonic_ns = row->time * 1000000000u;
}

/* What the host stored of the payment that the request is about. */
static inline void example_look_up(const char *system, const struct example_row *row,
                                   struct example_message *message) {
    char path[128], line[1024];
    struct example_payment *payment = &message->payment;
    if (strcmp(row->payment, "-") == 0) {
        return;
    }
    snprintf(path, sizeof path, "examples/requests/%s/payments.txt", system);
    FILE *table = fopen(path, "r");
    if (table == NULL) {
        example_unreadable(path);
    }
    do {
        if (fgets(line, sizeof line, table) == NULL ||
            sscanf(line, "%63s %64s %63s %255s %64s", payment->name, payment->credential,
                   payment->value, payment->seed, payment->signature) != 5) {
            example_unreadable(path);
        }
    } while (strcmp(payment->name, row->payment) != 0);
    fclose(table);
    message->request.stored_credential = example_text(payment->credential);
    message->request.stored_value = example_text(payment->value);
    message->request.stored_seed = example_text(payment->seed);
    message->request.stored_signature = example_text(payment->signature);
}

/* The request of a row, whose octets have to stay where they are. */
static inline void example_read(const char *system, const struct example_row *row,
                                tollgate_bytes octets, struct example_message *message) {
    example_parse(octets, message);
    example_place(row, message);
    example_look_up(system, row, message);
}

/* Gives every row of the table of a system to `take`, and says how many there are; what is behind #
 * is for people. */
static inline unsigned example_rows(const char *system,
                                    void (*take)(const char *, const struct example_row *)) {
    char path[128], line[512];
    unsigned rows = 0;
    snprintf(path, sizeof path, "examples/requests/%s/expected.txt", system);
    FILE *table = fopen(path, "r");
    if (table == NULL) {
        example_unreadable(path);
    }
    while (fgets(line, sizeof line, table) != NULL) {
        struct example_row row;
        if (line[0] == '#') {
            continue;
        }
        if (sscanf(line, "%63s %63s %63s %63s %7s %" SCNu64 " %u %63s %u %u %64s %63s", row.file,
                   row.policy, row.route, row.peer, row.tls, &row.time, &row.times, row.reason,
                   &row.status, &row.streamed, row.credential, row.payment) != 12) {
            example_unreadable(path);
        }
        take(system, &row);
        rows++;
    }
    fclose(table);
    return rows;
}

#endif
