/* One request over HTTP, from its head to its answer. */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* microhttpd.h needs them on some systems. */
#include <sys/socket.h>
#include <sys/types.h>

#include <microhttpd.h>

#include "tollgate.h"

enum { ROUTES_MAX = 8 };

/* A path of the gateway and the route of the policy that its requests are on. */
struct route {
    char *path;
    char *name;
    /* Whether it is a token endpoint, which the gateway answers itself. */
    bool issues_tokens;
    /* Whether the policy lets the body be verified as it comes in. */
    bool streams;
};

/* What a host keeps of a payment. This one knows a single payment, which all requests are about;
 * others look it up by the order id in the request. */
struct payment {
    tollgate_bytes credential;
    tollgate_bytes value;
    tollgate_bytes seed;
    tollgate_bytes signature;
};

/* What all exchanges share. Nothing of it changes while they run, but the policy in the gate. */
struct gateway {
    tollgate_gate *gate;
    struct route routes[ROUTES_MAX];
    size_t route_count;
    struct payment payment;
};

/* The callbacks of a daemon; `gateway` is a struct gateway. */
void *exchange_open(void *gateway, const char *target, struct MHD_Connection *connection);
enum MHD_Result exchange_step(void *gateway, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *piece,
                              size_t *piece_size, void **exchange);
void exchange_close(void *gateway, struct MHD_Connection *connection, void **exchange,
                    enum MHD_RequestTerminationCode how);

#endif
