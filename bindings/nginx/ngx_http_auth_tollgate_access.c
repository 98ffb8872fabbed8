
/*
 * The access phase: the head of a request, then its body, then the decision.
 */


#include "ngx_http_auth_tollgate.h"


#define NGX_HTTP_AUTH_TOLLGATE_PIECE  65536


static ngx_int_t ngx_http_auth_tollgate_handler(ngx_http_request_t *r);
static ngx_int_t ngx_http_auth_tollgate_let_in_handler(ngx_http_request_t *r);
static ngx_int_t ngx_http_auth_tollgate_unread(ngx_http_request_t *r);
static ngx_uint_t ngx_http_auth_tollgate_body_came_along(ngx_http_request_t *r,
    ngx_http_auth_tollgate_loc_conf_t *lcf);
static ngx_int_t ngx_http_auth_tollgate_read_body(ngx_http_request_t *r,
    ngx_http_auth_tollgate_ctx_t *ctx);
static void ngx_http_auth_tollgate_body_handler(ngx_http_request_t *r);
static ngx_int_t ngx_http_auth_tollgate_request_body_filter(
    ngx_http_request_t *r, ngx_chain_t *in);
static void ngx_http_auth_tollgate_finish(ngx_http_request_t *r,
    ngx_http_auth_tollgate_loc_conf_t *lcf, ngx_http_auth_tollgate_ctx_t *ctx);
static ngx_int_t ngx_http_auth_tollgate_update_rest(ngx_http_request_t *r,
    ngx_http_auth_tollgate_ctx_t *ctx, off_t size);
static ngx_int_t ngx_http_auth_tollgate_update(ngx_http_request_t *r,
    ngx_http_auth_tollgate_ctx_t *ctx, ngx_chain_t *cl);
static ngx_int_t ngx_http_auth_tollgate_update_from_file(ngx_http_request_t *r,
    ngx_http_auth_tollgate_ctx_t *ctx, ngx_buf_t *b);
static ngx_int_t ngx_http_auth_tollgate_update_piece(ngx_http_request_t *r,
    ngx_http_auth_tollgate_ctx_t *ctx, u_char *data, size_t len);
static ngx_int_t ngx_http_auth_tollgate_verify(ngx_http_request_t *r,
    ngx_http_auth_tollgate_loc_conf_t *lcf, ngx_http_auth_tollgate_ctx_t *ctx);
static void ngx_http_auth_tollgate_log(ngx_http_request_t *r,
    ngx_http_auth_tollgate_loc_conf_t *lcf, ngx_http_auth_tollgate_ctx_t *ctx);


static ngx_http_request_body_filter_pt  ngx_http_next_request_body_filter;


ngx_int_t
ngx_http_auth_tollgate_access_init(ngx_conf_t *cf)
{
    ngx_http_handler_pt        *h;
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_ACCESS_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_http_auth_tollgate_handler;

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_PRECONTENT_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_http_auth_tollgate_let_in_handler;

    /* here and not where the other filters are: those that are added later are
     * asked first, so that what is verified is what they leave of a body */

    ngx_http_next_request_body_filter = ngx_http_top_request_body_filter;
    ngx_http_top_request_body_filter =
                                    ngx_http_auth_tollgate_request_body_filter;

    return NGX_OK;
}


static ngx_int_t
ngx_http_auth_tollgate_handler(ngx_http_request_t *r)
{
    ngx_int_t                           rc;
    ngx_http_auth_tollgate_ctx_t       *ctx;
    ngx_http_auth_tollgate_loc_conf_t  *lcf;

    lcf = ngx_http_get_module_loc_conf(r, ngx_http_auth_tollgate_module);

    if (lcf->gate == NULL || lcf->token) {
        return NGX_DECLINED;
    }

    ctx = ngx_http_auth_tollgate_add_ctx(r, lcf);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_log_debug2(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "auth tollgate handler: \"%V\" %d", &ctx->route,
                   (int) ctx->state);

    switch (ctx->state) {

    case ngx_http_auth_tollgate_head:

        if (!ngx_http_auth_tollgate_has_body(r)) {
            ngx_http_auth_tollgate_finish(r, lcf, ctx);
            break;
        }

        if (!ngx_http_auth_tollgate_body_came_along(r, lcf)
            && !ngx_http_auth_tollgate_begin(r, lcf, ctx))
        {
            ngx_http_auth_tollgate_decided_on(r, lcf, ctx);
            break;
        }

        rc = ngx_http_auth_tollgate_read_body(r, ctx);

        if (rc != NGX_OK) {
            return rc;
        }

        ngx_http_auth_tollgate_finish(r, lcf, ctx);
        break;

    case ngx_http_auth_tollgate_reading:
        return ngx_http_auth_tollgate_unread(r);

    case ngx_http_auth_tollgate_body:
        ngx_http_auth_tollgate_finish(r, lcf, ctx);
        break;

    default: /* ngx_http_auth_tollgate_decided */
        break;
    }

    if (ctx->dry_run) {
        return NGX_DECLINED;
    }

    if (ctx->decision.verdict == TOLLGATE_VERDICT_ALLOW) {
        return ngx_http_auth_tollgate_allow(r, ctx);
    }

    return ngx_http_auth_tollgate_refuse(r, ctx);
}


/* The body could not be read, and the page for that is protected itself: the
 * answer is that of nginx, without the page. */

static ngx_int_t
ngx_http_auth_tollgate_unread(ngx_http_request_t *r)
{
    if (!r->internal) {
        /* it is still being read */
        return NGX_DONE;
    }

    if (r->err_status >= NGX_HTTP_BAD_REQUEST) {
        return r->err_status;
    }

    return NGX_HTTP_INTERNAL_SERVER_ERROR;
}


/* Behind the access phase: a request that was refused was let in by another
 * module, and what comes now is its answer, whatever the status. */

static ngx_int_t
ngx_http_auth_tollgate_let_in_handler(ngx_http_request_t *r)
{
    ngx_http_auth_tollgate_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_auth_tollgate_module);

    if (ctx && ctx->returned) {
        ngx_http_auth_tollgate_forget(ctx);
    }

    return NGX_DECLINED;
}


/* Whether there is or may be one: nginx marks a request of HTTP/2 whose body
 * has no length as chunked. */

ngx_uint_t
ngx_http_auth_tollgate_has_body(ngx_http_request_t *r)
{
    return r->headers_in.content_length_n > 0 || r->headers_in.chunked;
}


/* Whether all of a body is behind the head already, so that one call decides
 * what else a context would, and in the same order: the answer must not depend
 * on how the octets arrived. Who asks to go on is not told to before the head
 * was looked at. */

static ngx_uint_t
ngx_http_auth_tollgate_body_came_along(ngx_http_request_t *r,
    ngx_http_auth_tollgate_loc_conf_t *lcf)
{
    off_t  size;

    size = r->headers_in.content_length_n;

#if (NGX_HTTP_V2)
    if (r->stream) {
        return 0;
    }
#endif

    return lcf->streams
           && r == r->main
           && r->request_body == NULL
           && !r->headers_in.chunked
           && r->headers_in.expect == NULL
           && (lcf->max_body == 0 || size <= lcf->max_body)
           && r->header_in->last - r->header_in->pos >= size;
}


/* Whether the request is open after its head, so that the body is needed: ctx
 * has a context if it can be verified as it comes, else it is needed whole. */

ngx_uint_t
ngx_http_auth_tollgate_begin(ngx_http_request_t *r,
    ngx_http_auth_tollgate_loc_conf_t *lcf, ngx_http_auth_tollgate_ctx_t *ctx)
{
    ngx_uint_t            open;
    tollgate_status       status;
    tollgate_request      request;
    tollgate_context     *context;
    tollgate_header_line  lines[NGX_HTTP_AUTH_TOLLGATE_LINES];

    open = 0;

    context = ngx_http_auth_tollgate_take_context(r->connection->log);

    if (context
        && ngx_http_auth_tollgate_request(r, lcf, lines, &request) == NGX_OK)
    {
        ctx->monotonic_ns = request.monotonic_ns;

        status = tollgate_gate_begin(ctx->gate->gate, &request, context,
                                     &ctx->decision);

        if (ngx_http_auth_tollgate_worked(r, status, "begin")) {
            open = (ctx->decision.reason == TOLLGATE_REASON_NONE)
                   || (!lcf->streams && ctx->decision.reason
                                        == TOLLGATE_REASON_BODY_REQUIRED);
        }
    }

    if (open && lcf->streams) {
        ctx->context = context;

    } else if (context) {
        ngx_http_auth_tollgate_give_context(context);
    }

    if (open && lcf->max_body
        && r->headers_in.content_length_n > lcf->max_body)
    {
        ngx_http_auth_tollgate_too_large(ctx);
        return 0;
    }

    return open;
}


/* NGX_OK if all of it was there; NGX_DONE if the request goes on when it is. */

static ngx_int_t
ngx_http_auth_tollgate_read_body(ngx_http_request_t *r,
    ngx_http_auth_tollgate_ctx_t *ctx)
{
    ngx_int_t  rc;

    ctx->state = ngx_http_auth_tollgate_reading;

    rc = ngx_http_read_client_request_body(r,
                                       ngx_http_auth_tollgate_body_handler);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return rc;
    }

    if (ctx->state == ngx_http_auth_tollgate_body) {
        r->main->count--;
        return NGX_OK;
    }

    ctx->waiting = 1;

    ngx_http_finalize_request(r, NGX_DONE);

    return NGX_DONE;
}


static void
ngx_http_auth_tollgate_body_handler(ngx_http_request_t *r)
{
    ngx_http_auth_tollgate_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_auth_tollgate_module);

    ctx->state = ngx_http_auth_tollgate_body;

    r->preserve_body = 1;
    r->write_event_handler = ngx_http_core_run_phases;

    if (ctx->waiting) {
        ngx_http_core_run_phases(r);
    }
}


/* Gives the body to the context while it comes in, before nginx writes it to
 * its temporary file: what is behind its buffer need not be read from there,
 * and the time goes by while the network is waited for. */

static ngx_int_t
ngx_http_auth_tollgate_request_body_filter(ngx_http_request_t *r,
    ngx_chain_t *in)
{
    ngx_http_auth_tollgate_ctx_t       *ctx;
    ngx_http_auth_tollgate_loc_conf_t  *lcf;

    ctx = ngx_http_get_module_ctx(r, ngx_http_auth_tollgate_module);

    if (ctx && ctx->context && ctx->state == ngx_http_auth_tollgate_reading) {

        lcf = ngx_http_get_module_loc_conf(r, ngx_http_auth_tollgate_module);

        /* nothing is verified of what is too large already */

        if ((lcf->max_body == 0 || ctx->given <= lcf->max_body)
            && ngx_http_auth_tollgate_update(r, ctx, in) != NGX_OK)
        {
            ctx->failed = 1;
        }
    }

    return ngx_http_next_request_body_filter(r, in);
}


static void
ngx_http_auth_tollgate_finish(ngx_http_request_t *r,
    ngx_http_auth_tollgate_loc_conf_t *lcf, ngx_http_auth_tollgate_ctx_t *ctx)
{
    off_t            size;
    tollgate_status  status;

    size = ngx_http_auth_tollgate_body_size(r);

    if (lcf->max_body && size > lcf->max_body) {
        ngx_http_auth_tollgate_too_large(ctx);

    } else if (ctx->context == NULL) {
        (void) ngx_http_auth_tollgate_verify(r, lcf, ctx);

    } else if (ngx_http_auth_tollgate_update_rest(r, ctx, size) == NGX_OK) {

        if (ctx->waiting) {
            ctx->monotonic_ns = ngx_http_auth_tollgate_monotonic_ns();
        }

        status = tollgate_context_finish(ctx->context,
                                         ngx_http_auth_tollgate_unix_ms(),
                                         ctx->monotonic_ns, &ctx->decision);

        (void) ngx_http_auth_tollgate_worked(r, status, "finish");
    }

    if (ctx->context) {
        ngx_http_auth_tollgate_give_context(ctx->context);
        ctx->context = NULL;
    }

    ngx_http_auth_tollgate_decided_on(r, lcf, ctx);
}


/* A body that was read before the request came here did not go through the
 * filter. Of any other one the filter has seen all. */

static ngx_int_t
ngx_http_auth_tollgate_update_rest(ngx_http_request_t *r,
    ngx_http_auth_tollgate_ctx_t *ctx, off_t size)
{
    if (ctx->failed) {
        return NGX_ERROR;
    }

    if (ctx->given == 0 && size
        && ngx_http_auth_tollgate_update(r, ctx, r->request_body->bufs)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ctx->given != size && !ctx->lost) {
        ngx_log_error(NGX_LOG_ALERT, r->connection->log, 0,
                      "tollgate: the body has %O bytes, and %O were seen",
                      size, ctx->given);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* Gives buffers to the context, from memory or from a file. */

static ngx_int_t
ngx_http_auth_tollgate_update(ngx_http_request_t *r,
    ngx_http_auth_tollgate_ctx_t *ctx, ngx_chain_t *cl)
{
    ngx_int_t   rc;
    ngx_buf_t  *b;

    for ( /* void */ ; cl && !ctx->lost && !ctx->failed; cl = cl->next) {
        b = cl->buf;

        if (ngx_buf_size(b) == 0) {
            continue;
        }

        if (ngx_buf_in_memory(b)) {
            rc = ngx_http_auth_tollgate_update_piece(r, ctx, b->pos,
                                                     b->last - b->pos);
        } else {
            rc = ngx_http_auth_tollgate_update_from_file(r, ctx, b);
        }

        if (rc != NGX_OK) {
            return rc;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_auth_tollgate_update_from_file(ngx_http_request_t *r,
    ngx_http_auth_tollgate_ctx_t *ctx, ngx_buf_t *b)
{
    off_t      offset;
    u_char    *piece;
    ssize_t    n;
    ngx_int_t  rc;

    piece = ngx_alloc(NGX_HTTP_AUTH_TOLLGATE_PIECE, r->connection->log);
    if (piece == NULL) {
        return NGX_ERROR;
    }

    rc = NGX_OK;

    for (offset = b->file_pos;
         offset < b->file_last && !ctx->lost && rc == NGX_OK;
         offset += n)
    {
        n = (ssize_t) ngx_min(b->file_last - offset,
                              NGX_HTTP_AUTH_TOLLGATE_PIECE);

        n = ngx_read_file(b->file, piece, n, offset);

        if (n <= 0) {
            ngx_log_error(NGX_LOG_CRIT, r->connection->log, 0,
                          "tollgate: \"%V\" ends at %O and not at %O",
                          &b->file->name, offset, b->file_last);
            rc = NGX_ERROR;
            break;
        }

        rc = ngx_http_auth_tollgate_update_piece(r, ctx, piece, n);
    }

    ngx_free(piece);

    return rc;
}


static ngx_int_t
ngx_http_auth_tollgate_update_piece(ngx_http_request_t *r,
    ngx_http_auth_tollgate_ctx_t *ctx, u_char *data, size_t len)
{
    uint32_t         wanted;
    tollgate_status  status;

    status = tollgate_context_update(ctx->context, tollgate_bytes_of(data, len),
                                     &wanted);

    if (!ngx_http_auth_tollgate_worked(r, status, "update")) {
        return NGX_ERROR;
    }

    ctx->given += len;
    ctx->lost = !wanted;

    return NGX_OK;
}


/* The request with all of its body, which is empty, came along with the head, or
 * is on a route that takes something from it. */

static ngx_int_t
ngx_http_auth_tollgate_verify(ngx_http_request_t *r,
    ngx_http_auth_tollgate_loc_conf_t *lcf, ngx_http_auth_tollgate_ctx_t *ctx)
{
    tollgate_status       status;
    tollgate_request      request;
    tollgate_header_line  lines[NGX_HTTP_AUTH_TOLLGATE_LINES];

    if (ctx->decision.reason != TOLLGATE_REASON_NONE) {
        /* it was that the body is needed */
        ngx_memzero(&ctx->decision, sizeof(tollgate_decision));
        ctx->decision.size = sizeof(tollgate_decision);
    }

    if (ngx_http_auth_tollgate_request(r, lcf, lines, &request) != NGX_OK
        || ngx_http_auth_tollgate_whole_body(r, &request.body) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (lcf->streams && request.body.len) {
        status = tollgate_gate_verify_streamed(ctx->gate->gate, &request,
                                               &ctx->decision);
    } else {
        status = tollgate_gate_verify(ctx->gate->gate, &request,
                                      &ctx->decision);
    }

    return ngx_http_auth_tollgate_worked(r, status, "verify") ? NGX_OK
                                                              : NGX_ERROR;
}


/* The body is longer than auth_tollgate_max_body. */

void
ngx_http_auth_tollgate_too_large(ngx_http_auth_tollgate_ctx_t *ctx)
{
    ngx_memzero(&ctx->decision, sizeof(tollgate_decision));

    ctx->decision.size = sizeof(tollgate_decision);
    ctx->decision.verdict = TOLLGATE_VERDICT_DENY;
    ctx->decision.reason = TOLLGATE_REASON_BODY_TOO_LARGE;
    ctx->decision.http_status = NGX_HTTP_REQUEST_ENTITY_TOO_LARGE;
}


/* Counts and logs a decision, once. Where something failed before there was
 * one, it is that the library failed. */

void
ngx_http_auth_tollgate_decided_on(ngx_http_request_t *r,
    ngx_http_auth_tollgate_loc_conf_t *lcf, ngx_http_auth_tollgate_ctx_t *ctx)
{
    tollgate_status                   status;
    tollgate_decision                *decision;
    ngx_http_auth_tollgate_memory_t  *memory;

    decision = &ctx->decision;

    if (decision->reason == TOLLGATE_REASON_NONE) {
        decision->verdict = TOLLGATE_VERDICT_DENY;
        decision->reason = TOLLGATE_REASON_INTERNAL;
    }

    ctx->state = ngx_http_auth_tollgate_decided;

    if (ctx->gate->zone) {
        memory = ctx->gate->zone->memory;

        status = tollgate_counters_count(memory->counters,
                                    memory->counters_size,
                                    ngx_http_auth_tollgate_bytes(&ctx->route),
                                    decision, ctx->dry_run);

        (void) ngx_http_auth_tollgate_worked(r, status, "count");
    }

    if (decision->verdict != TOLLGATE_VERDICT_ALLOW || decision->would_deny) {
        ngx_http_auth_tollgate_log(r, lcf, ctx);
    }
}


/* Nothing in the line comes from the caller: names of the library, of the
 * policy and of the configuration. */

static void
ngx_http_auth_tollgate_log(ngx_http_request_t *r,
    ngx_http_auth_tollgate_loc_conf_t *lcf, ngx_http_auth_tollgate_ctx_t *ctx)
{
    uint32_t            reason;
    const char         *outcome;
    tollgate_decision  *decision;

    decision = &ctx->decision;
    reason = decision->reason;
    outcome = ctx->dry_run ? "would be rejected" : "rejected";

    if (decision->verdict == TOLLGATE_VERDICT_ALLOW) {
        reason = decision->would_deny_reason;
        outcome = "passed by a dry run of the policy";
    }

    ngx_log_error(lcf->log_level, r->connection->log, 0,
                  "tollgate: %s, reason: %s, route: \"%V\", "
                  "credential: \"%s\", generation: %uD, header: \"%s\"",
                  outcome, tollgate_reason_name(reason).data, &ctx->route,
                  decision->credential, decision->generation,
                  decision->header);
}


/* What failed goes to the log. */

ngx_uint_t
ngx_http_auth_tollgate_worked(ngx_http_request_t *r, tollgate_status status,
    const char *call)
{
    if (status == TOLLGATE_STATUS_OK) {
        return 1;
    }

    ngx_log_error(NGX_LOG_ALERT, r->connection->log, 0, "tollgate: %s: %s",
                  call, tollgate_status_text(status).data);

    return 0;
}
