
/*
 * A refusal that has become the answer: its status and its body in place of
 * the page of nginx.
 */


#include "ngx_http_auth_tollgate.h"


static ngx_int_t ngx_http_auth_tollgate_header_filter(ngx_http_request_t *r);
static ngx_int_t ngx_http_auth_tollgate_body_filter(ngx_http_request_t *r,
    ngx_chain_t *in);


static ngx_http_module_t  ngx_http_auth_tollgate_filter_module_ctx = {
    NULL,                                  /* preconfiguration */
    ngx_http_auth_tollgate_filter_init,    /* postconfiguration */

    NULL,                                  /* create main configuration */
    NULL,                                  /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    NULL,                                  /* create location configuration */
    NULL                                   /* merge location configuration */
};


ngx_module_t  ngx_http_auth_tollgate_filter_module = {
    NGX_MODULE_V1,
    &ngx_http_auth_tollgate_filter_module_ctx,  /* module context */
    NULL,                                  /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    NULL,                                  /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    NULL,                                  /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_http_output_header_filter_pt  ngx_http_next_header_filter;
static ngx_http_output_body_filter_pt    ngx_http_next_body_filter;


ngx_int_t
ngx_http_auth_tollgate_filter_init(ngx_conf_t *cf)
{
    ngx_http_next_header_filter = ngx_http_top_header_filter;
    ngx_http_top_header_filter = ngx_http_auth_tollgate_header_filter;

    ngx_http_next_body_filter = ngx_http_top_body_filter;
    ngx_http_top_body_filter = ngx_http_auth_tollgate_body_filter;

    return NGX_OK;
}


/* Not ngx_http_auth_tollgate_get_ctx(): after a redirect to the page of
 * error_page the answer is that page. */

static ngx_int_t
ngx_http_auth_tollgate_header_filter(ngx_http_request_t *r)
{
    ngx_http_auth_tollgate_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_auth_tollgate_module);

    if (r != r->main || ctx == NULL || ctx->returned == 0) {
        return ngx_http_next_header_filter(r);
    }

    if (r->headers_out.status != ctx->returned) {
        ngx_http_auth_tollgate_forget(ctx);
        return ngx_http_next_header_filter(r);
    }

    ctx->answering = 1;

    r->headers_out.status = ctx->status;
    r->headers_out.status_line.len = 0;

    if (r->err_status) {
        r->err_status = ctx->status;
    }

    if (ctx->status == 431) {
        /* nginx has no words for it */
        ngx_str_set(&r->headers_out.status_line,
                    "431 Request Header Fields Too Large");
    }

    ngx_str_set(&r->headers_out.content_type, "application/problem+json");
    r->headers_out.content_type_len = r->headers_out.content_type.len;
    r->headers_out.content_type_lowcase = NULL;

    ngx_http_clear_content_length(r);
    r->headers_out.content_length_n = ctx->body.len;

    return ngx_http_next_header_filter(r);
}


static ngx_int_t
ngx_http_auth_tollgate_body_filter(ngx_http_request_t *r, ngx_chain_t *in)
{
    ngx_buf_t                     *b;
    ngx_chain_t                   *cl, out;
    ngx_http_auth_tollgate_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_auth_tollgate_module);

    if (r != r->main || ctx == NULL || !ctx->answering || in == NULL) {
        return ngx_http_next_body_filter(r, in);
    }

    for (cl = in; cl; cl = cl->next) {
        cl->buf->pos = cl->buf->last;
    }

    if (ctx->answered) {
        return NGX_OK;
    }

    ctx->answered = 1;

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_ERROR;
    }

    b->pos = ctx->body.data;
    b->last = ctx->body.data + ctx->body.len;
    b->memory = 1;
    b->last_buf = 1;
    b->last_in_chain = 1;

    out.buf = b;
    out.next = NULL;

    return ngx_http_next_body_filter(r, &out);
}


/* Another module let the request in, or had the last word on it: the refusal
 * is not its answer, unless it is refused once more. */

void
ngx_http_auth_tollgate_forget(ngx_http_auth_tollgate_ctx_t *ctx)
{
    ngx_uint_t         i;
    ngx_table_elt_t  **h;

    h = ctx->lines->elts;

    for (i = 0; i < ctx->lines->nelts; i++) {
        h[i]->hash = 0;
    }

    ctx->returned = 0;
    ctx->lines = NULL;
    ctx->has_lines = 0;
}
