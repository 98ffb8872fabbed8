
/*
 * A location that is a token endpoint (RFC 6749 section 4.4).
 */


#include "ngx_http_auth_tollgate.h"


/* Enough for every answer. */
#define NGX_HTTP_AUTH_TOLLGATE_TOKEN_SIZE  8192


static ngx_int_t ngx_http_auth_tollgate_refuse_token(ngx_http_request_t *r,
    ngx_http_auth_tollgate_loc_conf_t *lcf, ngx_http_auth_tollgate_ctx_t *ctx);
static void ngx_http_auth_tollgate_token_body_handler(ngx_http_request_t *r);
static ngx_int_t ngx_http_auth_tollgate_send_too_large(ngx_http_request_t *r,
    ngx_http_auth_tollgate_loc_conf_t *lcf, ngx_http_auth_tollgate_ctx_t *ctx);
static ngx_int_t ngx_http_auth_tollgate_issue(ngx_http_request_t *r,
    ngx_http_auth_tollgate_loc_conf_t *lcf, ngx_http_auth_tollgate_ctx_t *ctx);
static ngx_int_t ngx_http_auth_tollgate_send_token(ngx_http_request_t *r,
    ngx_http_auth_tollgate_ctx_t *ctx, u_char *p, size_t head, size_t length);


ngx_int_t
ngx_http_auth_tollgate_token_handler(ngx_http_request_t *r)
{
    ngx_int_t                           rc;
    ngx_http_auth_tollgate_ctx_t       *ctx;
    ngx_http_auth_tollgate_loc_conf_t  *lcf;

    lcf = ngx_http_get_module_loc_conf(r, ngx_http_auth_tollgate_module);

    if (r != r->main) {
        return NGX_HTTP_FORBIDDEN;
    }

    ctx = ngx_http_auth_tollgate_add_ctx(r, lcf);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ctx->state != ngx_http_auth_tollgate_head) {
        /* redirected to where it was: there is one token for a request */
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->dry_run = 0;

    /* whether a type is missed depends on whether the body is empty */

    if (ngx_http_auth_tollgate_has_body(r)
        && !ngx_http_auth_tollgate_begin(r, lcf, ctx)
        && ctx->decision.reason != TOLLGATE_REASON_BAD_CONTENT_TYPE)
    {
        return ngx_http_auth_tollgate_refuse_token(r, lcf, ctx);
    }

    ctx->state = ngx_http_auth_tollgate_reading;

    rc = ngx_http_read_client_request_body(r,
                                  ngx_http_auth_tollgate_token_body_handler);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return rc;
    }

    return NGX_DONE;
}


/* What is lost by its head gets its answer without the body. */

static ngx_int_t
ngx_http_auth_tollgate_refuse_token(ngx_http_request_t *r,
    ngx_http_auth_tollgate_loc_conf_t *lcf, ngx_http_auth_tollgate_ctx_t *ctx)
{
    ngx_int_t  rc;

    r->expect_tested = 1;

    if (r->headers_in.expect) {
        /* whether the body follows is not known, so nothing else can */
        r->keepalive = 0;
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    if (ctx->decision.reason == TOLLGATE_REASON_BODY_TOO_LARGE) {
        return ngx_http_auth_tollgate_send_too_large(r, lcf, ctx);
    }

    return ngx_http_auth_tollgate_issue(r, lcf, ctx);
}


static void
ngx_http_auth_tollgate_token_body_handler(ngx_http_request_t *r)
{
    ngx_http_auth_tollgate_ctx_t       *ctx;
    ngx_http_auth_tollgate_loc_conf_t  *lcf;

    lcf = ngx_http_get_module_loc_conf(r, ngx_http_auth_tollgate_module);
    ctx = ngx_http_get_module_ctx(r, ngx_http_auth_tollgate_module);

    if (lcf->max_body
        && ngx_http_auth_tollgate_body_size(r) > lcf->max_body)
    {
        ngx_http_auth_tollgate_too_large(ctx);
        ngx_http_finalize_request(r,
                         ngx_http_auth_tollgate_send_too_large(r, lcf, ctx));
        return;
    }

    ngx_http_finalize_request(r, ngx_http_auth_tollgate_issue(r, lcf, ctx));
}


/* It is longer than auth_tollgate_max_body, of which the library does not
 * know: the answer is the one to what is over the limit of the route. */

static ngx_int_t
ngx_http_auth_tollgate_send_too_large(ngx_http_request_t *r,
    ngx_http_auth_tollgate_loc_conf_t *lcf, ngx_http_auth_tollgate_ctx_t *ctx)
{
    size_t         head, length;
    u_char        *p;
    static u_char  lines[] = "Content-Type: application/json" CRLF
                             "Pragma: no-cache" CRLF
                             "Cache-Control: no-store" CRLF;
    static u_char  body[] = "{\"error\":\"invalid_request\"}";

    ngx_http_auth_tollgate_decided_on(r, lcf, ctx);

    head = sizeof(lines) - 1;
    length = head + sizeof(body) - 1;

    p = ngx_pnalloc(r->pool, length);
    if (p == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_memcpy(ngx_cpymem(p, lines, head), body, length - head);

    return ngx_http_auth_tollgate_send_token(r, ctx, p, head, length);
}


static ngx_int_t
ngx_http_auth_tollgate_issue(ngx_http_request_t *r,
    ngx_http_auth_tollgate_loc_conf_t *lcf, ngx_http_auth_tollgate_ctx_t *ctx)
{
    size_t                head, length;
    u_char               *p;
    tollgate_status       status;
    tollgate_request      request;
    tollgate_header_line  lines[NGX_HTTP_AUTH_TOLLGATE_LINES];

    p = ngx_palloc(r->pool, NGX_HTTP_AUTH_TOLLGATE_TOKEN_SIZE);

    if (p == NULL
        || ngx_http_auth_tollgate_request(r, lcf, lines, &request) != NGX_OK
        || ngx_http_auth_tollgate_whole_body(r, &request.body) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    status = tollgate_gate_token(ctx->gate->gate, &request, p,
                                 NGX_HTTP_AUTH_TOLLGATE_TOKEN_SIZE, &head,
                                 &length, &ctx->decision);

    ngx_http_auth_tollgate_decided_on(r, lcf, ctx);

    if (!ngx_http_auth_tollgate_worked(r, status, "token")) {
        return ngx_http_auth_tollgate_refuse(r, ctx);
    }

    return ngx_http_auth_tollgate_send_token(r, ctx, p, head, length);
}


static ngx_int_t
ngx_http_auth_tollgate_send_token(ngx_http_request_t *r,
    ngx_http_auth_tollgate_ctx_t *ctx, u_char *p, size_t head, size_t length)
{
    ngx_int_t     rc;
    ngx_buf_t    *b;
    ngx_chain_t   out;

    if (ngx_http_auth_tollgate_push_lines(r, p, p + head, NULL) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    r->headers_out.status = ctx->decision.http_status;
    r->headers_out.content_length_n = length - head;

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    b->pos = p + head;
    b->last = p + length;
    b->memory = 1;
    b->last_buf = 1;
    b->last_in_chain = 1;

    out.buf = b;
    out.next = NULL;

    return ngx_http_output_filter(r, &out);
}
