#define _GNU_SOURCE
#include "answer.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "host.h"

enum {
    /* Enough for the header lines of every decision. */
    LINES_SIZE = 2048,
    BODY_SIZE = 128,
    NUMBER_SIZE = 24,
};

/* A response with a short JSON body; NULL if memory lacks. */
static struct MHD_Response *respond(uint64_t number, const char *type, const char *body) {
    char text[NUMBER_SIZE];
    snprintf(text, sizeof text, "%" PRIu64, number);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(body), (void *)body, MHD_RESPMEM_MUST_COPY);
    if (response != NULL) {
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
        MHD_add_response_header(response, "X-Request-Id", text);
    }
    return response;
}

/* A denial. It ends the connection, so that one that is decided before the body is read looks like
 * one that is decided after it. */
static struct MHD_Response *deny(uint64_t number, unsigned status, const char *name) {
    char body[BODY_SIZE];
    snprintf(body, sizeof body, "{\"status\":%u,\"title\":\"%s\"}\n", status, name);
    struct MHD_Response *response = respond(number, "application/problem+json", body);
    if (response != NULL) {
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    }
    return response;
}

/* Adds "Name: value" lines, each ended by CRLF. */
static void add_lines(struct MHD_Response *response, char *lines) {
    char *rest = NULL;
    for (char *line = strtok_r(lines, "\r\n", &rest); line != NULL;
         line = strtok_r(NULL, "\r\n", &rest)) {
        char *colon = strstr(line, ": ");
        if (colon != NULL) {
            *colon = '\0';
            MHD_add_response_header(response, line, colon + 2);
        }
    }
}

static void add_decision_lines(struct MHD_Response *response, const tollgate_decision *decision) {
    char lines[LINES_SIZE + 1];
    size_t length = 0;
    tollgate_status status =
        tollgate_decision_headers(decision, (uint8_t *)lines, LINES_SIZE, &length);
    if (worked(status, "header lines")) {
        lines[length] = '\0';
        add_lines(response, lines);
    }
}

/* The name of the reason as the caller may know it. */
static const char *public_name(const tollgate_decision *decision) {
    tollgate_bytes name = {NULL, 0};
    if (!worked(tollgate_decision_public_name(decision, &name), "public name")) {
        return "internal";
    }
    return (const char *)name.data;
}

static enum MHD_Result queue(struct MHD_Connection *connection, unsigned status,
                             struct MHD_Response *response) {
    if (response == NULL) {
        return MHD_NO;
    }
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

/* One line for each request. Nothing in it comes from the caller: numbers, and names that the
 * library or the policy has. It is written before the answer goes out. */
static void log_decision(uint64_t number, unsigned status, const tollgate_decision *decision) {
    const char *reason = (const char *)tollgate_reason_name(decision->reason).data;
    fprintf(stderr, "request %" PRIu64 ": %u %s credential=%s generation=%" PRIu32 " header=%s\n",
            number, status, reason, decision->credential, decision->generation, decision->header);
}

enum MHD_Result answer(struct MHD_Connection *connection, uint64_t number,
                       const tollgate_decision *decision) {
    bool allowed = decision->verdict == TOLLGATE_VERDICT_ALLOW;
    unsigned status = decision->http_status;
    if (status < 200 || (status < 300) != allowed) {
        allowed = false;
        status = MHD_HTTP_INTERNAL_SERVER_ERROR;
    }
    log_decision(number, status, decision);
    /* Here a gateway would pass the request on; the answer stands for the one of the service. */
    struct MHD_Response *response =
        allowed ? respond(number, "application/json", "{\"status\":\"accepted\"}\n")
                : deny(number, status, public_name(decision));
    if (response != NULL) {
        add_decision_lines(response, decision);
    }
    return queue(connection, status, response);
}

enum MHD_Result answer_for_token(struct MHD_Connection *connection, uint64_t number,
                                 const tollgate_decision *decision, char *answer,
                                 size_t head_length, size_t length) {
    log_decision(number, decision->http_status, decision);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        length - head_length, answer + head_length, MHD_RESPMEM_MUST_COPY);
    if (response != NULL && head_length > 0) {
        /* The last line end makes room for the NUL. */
        answer[head_length - 1] = '\0';
        add_lines(response, answer);
    }
    return queue(connection, decision->http_status, response);
}

enum MHD_Result answer_plainly(struct MHD_Connection *connection, uint64_t number, unsigned status,
                               const char *name) {
    fprintf(stderr, "request %" PRIu64 ": %u %s\n", number, status, name);
    return queue(connection, status, deny(number, status, name));
}
