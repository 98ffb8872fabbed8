
/*
 * What nginx received, as a tollgate_request.
 */


#include "ngx_http_auth_tollgate.h"


static tollgate_header_line *ngx_http_auth_tollgate_headers(
    ngx_http_request_t *r, tollgate_header_line *lines, size_t *count);
static tollgate_bytes ngx_http_auth_tollgate_host(ngx_http_request_t *r);
static tollgate_bytes ngx_http_auth_tollgate_peer(ngx_connection_t *c);
static ngx_int_t ngx_http_auth_tollgate_stored(ngx_http_request_t *r,
    ngx_http_complex_value_t *stored, tollgate_request *request);


/* lines has room for NGX_HTTP_AUTH_TOLLGATE_LINES; what request refers to
 * stays as long as these and the request of nginx. The body is left out. */

ngx_int_t
ngx_http_auth_tollgate_request(ngx_http_request_t *r,
    ngx_http_auth_tollgate_loc_conf_t *lcf, tollgate_header_line *lines,
    tollgate_request *request)
{
    static const tollgate_request  init = TOLLGATE_REQUEST_INIT;

    *request = init;

    request->headers = ngx_http_auth_tollgate_headers(r, lines,
                                                      &request->header_count);
    if (request->headers == NULL) {
        return NGX_ERROR;
    }

    request->route = ngx_http_auth_tollgate_bytes(&lcf->name);
    request->method = ngx_http_auth_tollgate_bytes(&r->method_name);
    request->target = ngx_http_auth_tollgate_bytes(&r->unparsed_uri);
    request->host = ngx_http_auth_tollgate_host(r);
    request->peer = ngx_http_auth_tollgate_peer(r->connection);

#if (NGX_HTTP_SSL)
    request->tls = (r->connection->ssl != NULL);
#endif

    request->unix_ms = ngx_http_auth_tollgate_unix_ms();
    request->monotonic_ns = ngx_http_auth_tollgate_monotonic_ns();

    if (lcf->stored) {
        return ngx_http_auth_tollgate_stored(r, lcf->stored, request);
    }

    return NGX_OK;
}


static tollgate_header_line *
ngx_http_auth_tollgate_headers(ngx_http_request_t *r,
    tollgate_header_line *lines, size_t *count)
{
    size_t            n;
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *header;

    n = 0;

    for (part = &r->headers_in.headers.part; part; part = part->next) {
        n += part->nelts;
    }

    if (n > NGX_HTTP_AUTH_TOLLGATE_LINES) {
        lines = ngx_palloc(r->pool, n * sizeof(tollgate_header_line));
        if (lines == NULL) {
            return NULL;
        }
    }

    n = 0;

    for (part = &r->headers_in.headers.part; part; part = part->next) {
        header = part->elts;

        for (i = 0; i < part->nelts; i++) {
            lines[n].name = ngx_http_auth_tollgate_bytes(&header[i].key);
            lines[n].value = ngx_http_auth_tollgate_bytes(&header[i].value);
            n++;
        }
    }

    *count = n;

    return lines;
}


static tollgate_bytes
ngx_http_auth_tollgate_host(ngx_http_request_t *r)
{
    u_char  *last;

    /* A target in absolute form overrides the Host line (RFC 9112, 3.2.2). */

    if (r->host_start && r->host_end && r->http_version < NGX_HTTP_VERSION_20) {
        last = r->port_end ? r->port_end : r->host_end;

        return tollgate_bytes_of(r->host_start, last - r->host_start);
    }

    if (r->headers_in.host) {
        return ngx_http_auth_tollgate_bytes(&r->headers_in.host->value);
    }

    return ngx_http_auth_tollgate_bytes(&r->headers_in.server);
}


static tollgate_bytes
ngx_http_auth_tollgate_peer(ngx_connection_t *c)
{
    struct sockaddr_in   *sin;
#if (NGX_HAVE_INET6)
    struct sockaddr_in6  *sin6;
#endif

    switch (c->sockaddr->sa_family) {

    case AF_INET:
        sin = (struct sockaddr_in *) c->sockaddr;
        return tollgate_bytes_of(&sin->sin_addr, 4);

#if (NGX_HAVE_INET6)
    case AF_INET6:
        sin6 = (struct sockaddr_in6 *) c->sockaddr;
        return tollgate_bytes_of(&sin6->sin6_addr, 16);
#endif

    default:
        return tollgate_bytes_of(NULL, 0);
    }
}


static ngx_int_t
ngx_http_auth_tollgate_stored(ngx_http_request_t *r,
    ngx_http_complex_value_t *stored, tollgate_request *request)
{
    ngx_str_t        value;
    ngx_uint_t       i;
    tollgate_bytes  *to[NGX_HTTP_AUTH_TOLLGATE_STORED_N];

    to[NGX_HTTP_AUTH_TOLLGATE_STORED_CREDENTIAL] = &request->stored_credential;
    to[NGX_HTTP_AUTH_TOLLGATE_STORED_VALUE] = &request->stored_value;
    to[NGX_HTTP_AUTH_TOLLGATE_STORED_SEED] = &request->stored_seed;
    to[NGX_HTTP_AUTH_TOLLGATE_STORED_SIGNATURE] = &request->stored_signature;

    for (i = 0; i < NGX_HTTP_AUTH_TOLLGATE_STORED_N; i++) {

        if (ngx_http_complex_value(r, &stored[i], &value) != NGX_OK) {
            return NGX_ERROR;
        }

        *to[i] = ngx_http_auth_tollgate_bytes(&value);
    }

    return NGX_OK;
}


/* How much of the body nginx has, in memory and in its temporary file. */

off_t
ngx_http_auth_tollgate_body_size(ngx_http_request_t *r)
{
    off_t         size;
    ngx_chain_t  *cl;

    size = 0;

    if (r->request_body) {
        for (cl = r->request_body->bufs; cl; cl = cl->next) {
            size += ngx_buf_size(cl->buf);
        }
    }

    return size;
}


/* The body in one piece: where it is, if it is in one, else copied. */

ngx_int_t
ngx_http_auth_tollgate_whole_body(ngx_http_request_t *r, tollgate_bytes *body)
{
    off_t         size;
    u_char       *p, *data;
    ssize_t       n;
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    *body = tollgate_bytes_of(NULL, 0);

    size = ngx_http_auth_tollgate_body_size(r);

    if (size == 0) {
        return NGX_OK;
    }

    cl = r->request_body->bufs;

    if (cl->next == NULL && ngx_buf_in_memory(cl->buf)) {
        *body = tollgate_bytes_of(cl->buf->pos, (size_t) size);
        return NGX_OK;
    }

    data = ngx_pnalloc(r->pool, (size_t) size);
    if (data == NULL) {
        return NGX_ERROR;
    }

    p = data;

    for ( /* void */ ; cl; cl = cl->next) {
        b = cl->buf;

        if (ngx_buf_in_memory(b)) {
            p = ngx_cpymem(p, b->pos, b->last - b->pos);
            continue;
        }

        size = b->file_last - b->file_pos;

        if (size == 0) {
            continue;
        }

        n = ngx_read_file(b->file, p, (size_t) size, b->file_pos);

        if (n != (ssize_t) size) {
            ngx_log_error(NGX_LOG_CRIT, r->connection->log, 0,
                          "tollgate: \"%V\" has no %O bytes at %O",
                          &b->file->name, size, b->file_pos);
            return NGX_ERROR;
        }

        p += n;
    }

    *body = tollgate_bytes_of(data, p - data);

    return NGX_OK;
}


uint64_t
ngx_http_auth_tollgate_unix_ms(void)
{
    ngx_time_t  *tp;

    tp = ngx_timeofday();

    return (uint64_t) tp->sec * 1000 + tp->msec;
}


/* Not the milliseconds that nginx keeps: rate limits know nanoseconds. */

uint64_t
ngx_http_auth_tollgate_monotonic_ns(void)
{
    struct timespec  ts;

    if (clock_gettime(CLOCK_MONOTONIC, &ts) != 0) {
        return (uint64_t) ngx_current_msec * 1000000;
    }

    return (uint64_t) ts.tv_sec * 1000000000 + ts.tv_nsec;
}
