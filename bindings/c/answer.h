/* Answers: what the caller is told, and what the operator reads in the log. */
#ifndef ANSWER_H
#define ANSWER_H

#include <stdint.h>

#include <sys/socket.h>
#include <sys/types.h>

#include <microhttpd.h>

#include "tollgate.h"

/* Logs a decision and answers with it. */
enum MHD_Result answer(struct MHD_Connection *connection, uint64_t number,
                       const tollgate_decision *decision);

/* Logs a decision about a request for a token and answers with the `length` bytes at `answer`, of
 * which the first `head_length` are header lines. They are changed. The body is a secret if a token
 * was issued. */
enum MHD_Result answer_for_token(struct MHD_Connection *connection, uint64_t number,
                                 const tollgate_decision *decision, char *answer,
                                 size_t head_length, size_t length);

/* Logs and answers what is no matter of the policy: a status and a name for it. */
enum MHD_Result answer_plainly(struct MHD_Connection *connection, uint64_t number, unsigned status,
                               const char *name);

#endif
