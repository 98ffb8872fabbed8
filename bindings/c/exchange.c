#define _GNU_SOURCE
#include "exchange.h"

#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "host.h"

enum {
    /* One more than any policy allows: so many are too many, and the rest need not be seen. */
    HEADERS_MAX = 129,
    /* What the gateway holds of a body that cannot be verified piece by piece. */
    WHOLE_BODY_MAX = 65536,
    /* Enough for every answer of a token endpoint. */
    ANSWER_SIZE = 8192,
    /* What is still read of a body that is lost already, so that its sender gets the answer. */
    LOST_BODY_MAX = 1048576,
};

struct exchange {
    /* First: it is aligned as calloc() aligns. */
    tollgate_context context;
    const struct route *route;
    char *target;
    uint64_t number;
    bool begun;
    bool lost;
    size_t lost_bytes;
    uint8_t *body;
    size_t body_size;
};

static atomic_uint_fast64_t exchanges;

void *exchange_open(void *gateway, const char *target, struct MHD_Connection *connection) {
    (void)gateway;
    (void)connection;
    struct exchange *exchange = calloc(1, sizeof *exchange);
    if (exchange == NULL) {
        return NULL;
    }
    exchange->number = atomic_fetch_add(&exchanges, 1) + 1;
    exchange->target = strdup(target);
    if (exchange->target == NULL) {
        free(exchange);
        return NULL;
    }
    return exchange;
}

void exchange_close(void *gateway, struct MHD_Connection *connection, void **place,
                    enum MHD_RequestTerminationCode how) {
    (void)gateway;
    (void)connection;
    (void)how;
    struct exchange *exchange = *place;
    *place = NULL;
    if (exchange == NULL) {
        return;
    }
    /* Nothing to do unless the connection was lost before the body was in. */
    tollgate_context_abort(&exchange->context);
    free(exchange->body);
    free(exchange->target);
    free(exchange);
}

/* The header lines of a request. */
struct head {
    tollgate_header_line lines[HEADERS_MAX];
    size_t count;
};

static enum MHD_Result add_line(void *head, enum MHD_ValueKind kind, const char *name,
                                size_t name_size, const char *value, size_t value_size) {
    (void)kind;
    struct head *to = head;
    if (to->count == HEADERS_MAX) {
        return MHD_NO;
    }
    tollgate_header_line line = {tollgate_bytes_of(name, name_size),
                                 tollgate_bytes_of(value, value == NULL ? 0 : value_size)};
    to->lines[to->count++] = line;
    return MHD_YES;
}

/* The address at the other end, in network byte order. */
static tollgate_bytes peer_of(struct MHD_Connection *connection) {
    static const tollgate_bytes none = {NULL, 0};
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info == NULL ? NULL : info->client_addr;
    if (address != NULL && address->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const void *)address;
        return tollgate_bytes_of(&v4->sin_addr, 4);
    }
    if (address != NULL && address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const void *)address;
        return tollgate_bytes_of(&v6->sin6_addr, 16);
    }
    return none;
}

/* The request as it stands in the memory of the connection. */
static tollgate_request request_of(const struct gateway *gateway, const struct exchange *exchange,
                                   struct MHD_Connection *connection, const char *method,
                                   struct head *head) {
    tollgate_request request = TOLLGATE_REQUEST_INIT;
    head->count = 0;
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, add_line, head);
    request.route = text_bytes(exchange->route->name);
    request.method = text_bytes(method);
    request.target = text_bytes(exchange->target);
    request.host = text_bytes(MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host"));
    request.headers = head->lines;
    request.header_count = head->count;
    request.body = tollgate_bytes_of(exchange->body, exchange->body_size);
    request.peer = peer_of(connection);
    request.unix_ms = unix_ms();
    request.monotonic_ns = monotonic_ns();
    request.stored_credential = gateway->payment.credential;
    request.stored_value = gateway->payment.value;
    request.stored_seed = gateway->payment.seed;
    request.stored_signature = gateway->payment.signature;
    return request;
}

static const struct route *find_route(const struct gateway *gateway, const char *target) {
    size_t path_size = strcspn(target, "?");
    for (size_t i = 0; i < gateway->route_count; i++) {
        const char *path = gateway->routes[i].path;
        if (strlen(path) == path_size && memcmp(path, target, path_size) == 0) {
            return &gateway->routes[i];
        }
    }
    return NULL;
}

/* The head is there: what it decides is answered before the body is read. */
static enum MHD_Result on_head(const struct gateway *gateway, struct exchange *exchange,
                               struct MHD_Connection *connection, const char *method) {
    struct head head;
    tollgate_decision decision = TOLLGATE_DECISION_INIT;
    exchange->begun = true;
    exchange->route = find_route(gateway, exchange->target);
    if (exchange->route == NULL) {
        return answer_plainly(connection, exchange->number, MHD_HTTP_NOT_FOUND, "not_found");
    }
    if (!exchange->route->streams) {
        return MHD_YES;
    }
    tollgate_request request = request_of(gateway, exchange, connection, method, &head);
    bool pending = worked(
        tollgate_gate_begin(gateway->gate, &request, &exchange->context, &decision), "begin");
    if (pending && decision.reason == TOLLGATE_REASON_NONE) {
        return MHD_YES;
    }
    return answer(connection, exchange->number, &decision);
}

/* Adds a piece to a body that is verified as a whole; false if it is too long or memory lacks. */
static bool keep_piece(struct exchange *exchange, const char *piece, size_t size) {
    if (size > WHOLE_BODY_MAX - exchange->body_size) {
        return false;
    }
    uint8_t *grown = realloc(exchange->body, exchange->body_size + size);
    if (grown == NULL) {
        return false;
    }
    memcpy(grown + exchange->body_size, piece, size);
    exchange->body = grown;
    exchange->body_size += size;
    return true;
}

/* Whether the rest of the body is still of interest. */
static bool take_piece(struct exchange *exchange, const char *piece, size_t size) {
    if (!exchange->route->streams) {
        return keep_piece(exchange, piece, size);
    }
    uint32_t wanted = 0;
    tollgate_status status = tollgate_context_update(
        &exchange->context, tollgate_bytes_of(piece, size), &wanted);
    return worked(status, "update") && wanted != 0;
}

/* libmicrohttpd takes no answer in the middle of a body: the rest of a lost one is read and thrown
 * away, up to a limit, beyond which the connection is closed without an answer. */
static enum MHD_Result on_piece(struct exchange *exchange, const char *piece, size_t size) {
    if (!exchange->lost) {
        exchange->lost = !take_piece(exchange, piece, size);
        return MHD_YES;
    }
    exchange->lost_bytes += size;
    return exchange->lost_bytes <= LOST_BODY_MAX ? MHD_YES : MHD_NO;
}

/* Where each message passes only once: it was processed, which here means answered. */
static void confirm(const struct gateway *gateway, const tollgate_decision *decision) {
    uint32_t held = 0;
    if (decision->claimed != 0) {
        (void)worked(tollgate_gate_confirm(gateway->gate, &decision->claim, &held), "confirm");
    }
}

static enum MHD_Result issue_token(const struct gateway *gateway, const struct exchange *exchange,
                                   struct MHD_Connection *connection,
                                   const tollgate_request *request) {
    tollgate_decision decision = TOLLGATE_DECISION_INIT;
    uint8_t text[ANSWER_SIZE];
    size_t head_length = 0;
    size_t length = 0;
    tollgate_status status = tollgate_gate_token(gateway->gate, request, text, sizeof text,
                                                 &head_length, &length, &decision);
    if (!worked(status, "token")) {
        return answer(connection, exchange->number, &decision);
    }
    return answer_for_token(connection, exchange->number, &decision, (char *)text, head_length,
                            length);
}

static enum MHD_Result on_end(const struct gateway *gateway, struct exchange *exchange,
                              struct MHD_Connection *connection, const char *method) {
    struct head head;
    tollgate_decision decision = TOLLGATE_DECISION_INIT;
    tollgate_status status;
    if (exchange->route->streams) {
        status = tollgate_context_finish(&exchange->context, unix_ms(), monotonic_ns(), &decision);
    } else if (exchange->lost) {
        return answer_plainly(connection, exchange->number, MHD_HTTP_CONTENT_TOO_LARGE,
                              "body_too_large");
    } else {
        tollgate_request request = request_of(gateway, exchange, connection, method, &head);
        if (exchange->route->issues_tokens) {
            return issue_token(gateway, exchange, connection, &request);
        }
        status = tollgate_gate_verify(gateway->gate, &request, &decision);
    }
    (void)worked(status, "verify");
    confirm(gateway, &decision);
    return answer(connection, exchange->number, &decision);
}

enum MHD_Result exchange_step(void *gateway, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *piece,
                              size_t *piece_size, void **place) {
    (void)path;
    (void)version;
    struct exchange *exchange = *place;
    if (exchange == NULL) {
        return MHD_NO;
    }
    if (!exchange->begun) {
        return on_head(gateway, exchange, connection, method);
    }
    if (*piece_size == 0) {
        return on_end(gateway, exchange, connection, method);
    }
    enum MHD_Result result = on_piece(exchange, piece, *piece_size);
    *piece_size = 0;
    return result;
}
