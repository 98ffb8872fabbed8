
/*
 * What a decision makes of the answer: header lines, status and body.
 */


#include "ngx_http_auth_tollgate.h"


/* Enough for the header lines of every decision. */
#define NGX_HTTP_AUTH_TOLLGATE_LINES_SIZE  2048


typedef struct {
    ngx_uint_t  status;
    ngx_str_t   title;
} ngx_http_auth_tollgate_title_t;


static ngx_int_t ngx_http_auth_tollgate_decision_lines(ngx_http_request_t *r,
    ngx_http_auth_tollgate_ctx_t *ctx);
static ngx_int_t ngx_http_auth_tollgate_push_line(ngx_http_request_t *r,
    ngx_str_t *key, ngx_str_t *value, ngx_array_t *pushed);
static ngx_int_t ngx_http_auth_tollgate_push_challenge(ngx_http_request_t *r,
    ngx_str_t *value);
static ngx_int_t ngx_http_auth_tollgate_problem(ngx_http_request_t *r,
    ngx_http_auth_tollgate_ctx_t *ctx);
static ngx_str_t *ngx_http_auth_tollgate_find_title(ngx_uint_t status);


/* RFC 9110 section 15, RFC 6585 */

static ngx_http_auth_tollgate_title_t  ngx_http_auth_tollgate_titles[] = {
    { 400, ngx_string("Bad Request") },
    { 401, ngx_string("Unauthorized") },
    { 403, ngx_string("Forbidden") },
    { 405, ngx_string("Method Not Allowed") },
    { 409, ngx_string("Conflict") },
    { 413, ngx_string("Content Too Large") },
    { 414, ngx_string("URI Too Long") },
    { 415, ngx_string("Unsupported Media Type") },
    { 421, ngx_string("Misdirected Request") },
    { 429, ngx_string("Too Many Requests") },
    { 431, ngx_string("Request Header Fields Too Large") },
    { 500, ngx_string("Internal Server Error") },
    { 503, ngx_string("Service Unavailable") },
    { 0, ngx_string("Refused") }
};


/* NGX_OK, for satisfy; the caller is told how the rate limit stands. */

ngx_int_t
ngx_http_auth_tollgate_allow(ngx_http_request_t *r,
    ngx_http_auth_tollgate_ctx_t *ctx)
{
    if (ctx->decision.has_rate
        && ngx_http_auth_tollgate_decision_lines(r, ctx) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return NGX_OK;
}


/* The status for the access phase; the rest of the answer waits in ctx for
 * the filter, since with "satisfy any" another module may let the request in. */

ngx_int_t
ngx_http_auth_tollgate_refuse(ngx_http_request_t *r,
    ngx_http_auth_tollgate_ctx_t *ctx)
{
    ngx_http_core_loc_conf_t  *clcf;

    if (ctx->lines == NULL) {

        ctx->lines = ngx_array_create(r->pool, 8, sizeof(ngx_table_elt_t *));
        if (ctx->lines == NULL) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        ctx->status = ctx->decision.http_status;

        if (ctx->status < NGX_HTTP_BAD_REQUEST) {
            ctx->status = NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        if (ngx_http_auth_tollgate_decision_lines(r, ctx) != NGX_OK
            || ngx_http_auth_tollgate_problem(r, ctx) != NGX_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    if (r->headers_in.expect && r->request_body == NULL) {
        /* whether the body follows is not known, so nothing else can */
        r->keepalive = 0;
    }

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    ctx->returned = ctx->status;

    if (clcf->satisfy == NGX_HTTP_SATISFY_ANY
        && ctx->status != NGX_HTTP_UNAUTHORIZED)
    {
        /* any other status would end the phase before all were asked */
        ctx->returned = NGX_HTTP_FORBIDDEN;
    }

    return ctx->returned;
}


static ngx_int_t
ngx_http_auth_tollgate_decision_lines(ngx_http_request_t *r,
    ngx_http_auth_tollgate_ctx_t *ctx)
{
    size_t           length;
    u_char          *p;
    tollgate_status  status;

    if (ctx->has_lines) {
        return NGX_OK;
    }

    ctx->has_lines = 1;

    p = ngx_pnalloc(r->pool, NGX_HTTP_AUTH_TOLLGATE_LINES_SIZE);
    if (p == NULL) {
        return NGX_ERROR;
    }

    status = tollgate_decision_headers(&ctx->decision, p,
                                       NGX_HTTP_AUTH_TOLLGATE_LINES_SIZE,
                                       &length);

    if (!ngx_http_auth_tollgate_worked(r, status, "header lines")) {
        return NGX_ERROR;
    }

    return ngx_http_auth_tollgate_push_lines(r, p, p + length, ctx->lines);
}


/* Adds "Name: value" lines, each ended by CRLF, to the answer. They are not
 * copied. pushed gets those that nginx does not know by itself, and may be
 * NULL. */

ngx_int_t
ngx_http_auth_tollgate_push_lines(ngx_http_request_t *r, u_char *p,
    u_char *last, ngx_array_t *pushed)
{
    u_char     *end, *colon;
    ngx_str_t   key, value;

    for ( /* void */ ; p < last; p = end + 2) {

        end = ngx_strlchr(p, last, CR);
        colon = ngx_strlchr(p, last, ':');

        if (end == NULL || colon == NULL || colon + 2 > end) {
            return NGX_ERROR;
        }

        key.data = p;
        key.len = colon - p;
        value.data = colon + 2;
        value.len = end - value.data;

        if (ngx_http_auth_tollgate_push_line(r, &key, &value, pushed)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_auth_tollgate_push_line(ngx_http_request_t *r, ngx_str_t *key,
    ngx_str_t *value, ngx_array_t *pushed)
{
    ngx_table_elt_t  *h, **place;

    if (key->len == sizeof("WWW-Authenticate") - 1
        && ngx_strncasecmp(key->data, (u_char *) "WWW-Authenticate", key->len)
           == 0)
    {
        return ngx_http_auth_tollgate_push_challenge(r, value);
    }

    if (key->len == sizeof("Content-Type") - 1
        && ngx_strncasecmp(key->data, (u_char *) "Content-Type", key->len)
           == 0)
    {
        r->headers_out.content_type = *value;
        r->headers_out.content_type_len = value->len;
        r->headers_out.content_type_lowcase = NULL;
        return NGX_OK;
    }

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    h->hash = 1;
    h->key = *key;
    h->value = *value;

    if (pushed) {
        place = ngx_array_push(pushed);
        if (place == NULL) {
            h->hash = 0;
            return NGX_ERROR;
        }

        *place = h;
    }

    return NGX_OK;
}


/* nginx knows one line of challenges: it takes it away if another module lets
 * the request in. So several stand in one (RFC 9110 section 11.6.1). */

static ngx_int_t
ngx_http_auth_tollgate_push_challenge(ngx_http_request_t *r, ngx_str_t *value)
{
    u_char           *p;
    size_t            len;
    ngx_table_elt_t  *h;

    h = r->headers_out.www_authenticate;

    if (h == NULL || h->hash == 0) {
        h = ngx_list_push(&r->headers_out.headers);
        if (h == NULL) {
            return NGX_ERROR;
        }

        h->hash = 1;
        ngx_str_set(&h->key, "WWW-Authenticate");
        h->value = *value;

        r->headers_out.www_authenticate = h;

        return NGX_OK;
    }

    len = h->value.len + sizeof(", ") - 1 + value->len;

    p = ngx_pnalloc(r->pool, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ngx_sprintf(p, "%V, %V", &h->value, value);

    h->value.data = p;
    h->value.len = len;

    return NGX_OK;
}


/* The body of a refusal (RFC 9457). It tells what the caller may know, so
 * there is one for each status and public reason. */

static ngx_int_t
ngx_http_auth_tollgate_problem(ngx_http_request_t *r,
    ngx_http_auth_tollgate_ctx_t *ctx)
{
    size_t           len;
    ngx_str_t       *title;
    tollgate_bytes   name;

    if (tollgate_decision_public_name(&ctx->decision, &name)
        != TOLLGATE_STATUS_OK)
    {
        return NGX_ERROR;
    }

    title = ngx_http_auth_tollgate_find_title(ctx->status);

    len = sizeof("{\"status\":,\"title\":\"\",\"reason\":\"\"}" CRLF)
          + NGX_INT_T_LEN + title->len + name.len;

    ctx->body.data = ngx_pnalloc(r->pool, len);
    if (ctx->body.data == NULL) {
        return NGX_ERROR;
    }

    ctx->body.len = ngx_sprintf(ctx->body.data,
                                "{\"status\":%ui,\"title\":\"%V\","
                                "\"reason\":\"%*s\"}" CRLF,
                                ctx->status, title, name.len, name.data)
                    - ctx->body.data;

    return NGX_OK;
}


static ngx_str_t *
ngx_http_auth_tollgate_find_title(ngx_uint_t status)
{
    ngx_http_auth_tollgate_title_t  *t;

    for (t = ngx_http_auth_tollgate_titles; t->status; t++) {
        if (t->status == status) {
            break;
        }
    }

    return &t->title;
}
