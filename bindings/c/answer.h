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

/* Logs and answers what is no matter of the policy: a status and a name for it. */
enum MHD_Result answer_plainly(struct MHD_Connection *connection, uint64_t number, unsigned status,
                               const char *name);

#endif
