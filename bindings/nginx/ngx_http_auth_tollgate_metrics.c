
/*
 * A location that tells what was decided and how full the zones are, in the
 * text format of Prometheus.
 */


#include "ngx_http_auth_tollgate.h"


enum {
    NGX_HTTP_AUTH_TOLLGATE_CREDENTIALS = 0,
    NGX_HTTP_AUTH_TOLLGATE_ADDRESSES,
    NGX_HTTP_AUTH_TOLLGATE_MESSAGES,
    NGX_HTTP_AUTH_TOLLGATE_MEMORIES_N
};


static ngx_chain_t **ngx_http_auth_tollgate_add_text(ngx_http_request_t *r,
    ngx_chain_t **ll, u_char *data, size_t len);
static ngx_chain_t **ngx_http_auth_tollgate_add_checks(ngx_http_request_t *r,
    ngx_chain_t **ll, ngx_http_auth_tollgate_zone_t *zone);
static ngx_chain_t **ngx_http_auth_tollgate_add_fills(ngx_http_request_t *r,
    ngx_chain_t **ll, ngx_http_auth_tollgate_main_conf_t *mcf);
static ngx_int_t ngx_http_auth_tollgate_read_fill(
    ngx_http_auth_tollgate_zone_t *zone, tollgate_fill *fill);


static u_char  ngx_http_auth_tollgate_checks_head[] =
    "# HELP tollgate_checks_total Decisions, by route, outcome and reason.\n"
    "# TYPE tollgate_checks_total counter\n";

static u_char  ngx_http_auth_tollgate_used_head[] =
    "# HELP tollgate_zone_entries Entries in use.\n"
    "# TYPE tollgate_zone_entries gauge\n";

static u_char  ngx_http_auth_tollgate_room_head[] =
    "# HELP tollgate_zone_entries_max Entries that there is room for.\n"
    "# TYPE tollgate_zone_entries_max gauge\n";

static const char  *ngx_http_auth_tollgate_memories[] = {
    "credentials",
    "addresses",
    "messages"
};


ngx_int_t
ngx_http_auth_tollgate_metrics_handler(ngx_http_request_t *r)
{
    off_t                                 len;
    ngx_int_t                             rc;
    ngx_uint_t                            i;
    ngx_chain_t                          *out, *cl, **ll;
    ngx_http_auth_tollgate_zone_t       **zone;
    ngx_http_auth_tollgate_main_conf_t   *mcf;

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return NGX_HTTP_NOT_ALLOWED;
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    mcf = ngx_http_get_module_main_conf(r, ngx_http_auth_tollgate_module);
    zone = mcf->zones.elts;

    out = NULL;

    ll = ngx_http_auth_tollgate_add_text(r, &out,
                            ngx_http_auth_tollgate_checks_head,
                            sizeof(ngx_http_auth_tollgate_checks_head) - 1);

    for (i = 0; ll && i < mcf->zones.nelts; i++) {
        ll = ngx_http_auth_tollgate_add_checks(r, ll, zone[i]);
    }

    if (ll) {
        ll = ngx_http_auth_tollgate_add_fills(r, ll, mcf);
    }

    if (ll == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    len = 0;

    for (cl = out; cl; cl = cl->next) {
        len += ngx_buf_size(cl->buf);

        if (cl->next == NULL) {
            cl->buf->last_buf = (r == r->main) ? 1 : 0;
            cl->buf->last_in_chain = 1;
        }
    }

    ngx_str_set(&r->headers_out.content_type, "text/plain; version=0.0.4");
    r->headers_out.content_type_len = sizeof("text/plain") - 1;
    r->headers_out.content_type_lowcase = NULL;

    r->headers_out.status = NGX_HTTP_OK;
    r->headers_out.content_length_n = len;

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    return ngx_http_output_filter(r, out);
}


static ngx_chain_t **
ngx_http_auth_tollgate_add_text(ngx_http_request_t *r, ngx_chain_t **ll,
    u_char *data, size_t len)
{
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    if (len == 0) {
        return ll;
    }

    b = ngx_calloc_buf(r->pool);
    cl = ngx_alloc_chain_link(r->pool);

    if (b == NULL || cl == NULL) {
        return NULL;
    }

    b->pos = data;
    b->last = data + len;
    b->memory = 1;

    cl->buf = b;
    cl->next = NULL;
    *ll = cl;

    return &cl->next;
}


static ngx_chain_t **
ngx_http_auth_tollgate_add_checks(ngx_http_request_t *r, ngx_chain_t **ll,
    ngx_http_auth_tollgate_zone_t *zone)
{
    size_t                            len, size;
    u_char                           *p, *label;
    ngx_str_t                        *name;
    tollgate_bytes                    labels;
    tollgate_status                   status;
    ngx_http_auth_tollgate_memory_t  *memory;

    memory = zone->memory;
    name = &zone->shm_zone->shm.name;

    label = ngx_pnalloc(r->pool, sizeof("zone=\"\"") + name->len);
    if (label == NULL) {
        return NULL;
    }

    /* a name needs no escapes: it is checked with its directive */
    p = ngx_sprintf(label, "zone=\"%V\"", name);
    labels = tollgate_bytes_of(label, p - label);

    size = 0;
    p = NULL;

    for ( ;; ) {
        status = tollgate_counters_text(memory->counters,
                                        memory->counters_size, labels, p, size,
                                        &len);

        if (status == TOLLGATE_STATUS_OK) {
            return ngx_http_auth_tollgate_add_text(r, ll, p, len);
        }

        if (status != TOLLGATE_STATUS_BUFFER_TOO_SMALL) {
            return NULL;
        }

        /* the counts grow meanwhile */
        size = len + ngx_pagesize;

        p = ngx_palloc(r->pool, size);
        if (p == NULL) {
            return NULL;
        }
    }
}


static ngx_chain_t **
ngx_http_auth_tollgate_add_fills(ngx_http_request_t *r, ngx_chain_t **ll,
    ngx_http_auth_tollgate_main_conf_t *mcf)
{
    size_t                            len;
    u_char                           *used, *room, *u, *m;
    ngx_str_t                        *name;
    ngx_uint_t                        i, j, n;
    ngx_http_auth_tollgate_zone_t   **zone;
    tollgate_fill                     fill[NGX_HTTP_AUTH_TOLLGATE_MEMORIES_N];

    zone = mcf->zones.elts;
    n = mcf->zones.nelts;
    len = 0;

    for (i = 0; i < n; i++) {
        name = &zone[i]->shm_zone->shm.name;
        len += NGX_HTTP_AUTH_TOLLGATE_MEMORIES_N
               * (sizeof("tollgate_zone_entries_max{zone=\"\",memory="
                         "\"credentials\"} \n")
                  + name->len + NGX_INT64_LEN);
    }

    used = ngx_pnalloc(r->pool, len);
    room = ngx_pnalloc(r->pool, len);

    if (used == NULL || room == NULL) {
        return NULL;
    }

    u = used;
    m = room;

    for (i = 0; i < n; i++) {

        if (ngx_http_auth_tollgate_read_fill(zone[i], fill) != NGX_OK) {
            return NULL;
        }

        name = &zone[i]->shm_zone->shm.name;

        for (j = 0; j < NGX_HTTP_AUTH_TOLLGATE_MEMORIES_N; j++) {
            u = ngx_sprintf(u, "tollgate_zone_entries{zone=\"%V\","
                               "memory=\"%s\"} %uL\n",
                            name, ngx_http_auth_tollgate_memories[j],
                            fill[j].used);
            m = ngx_sprintf(m, "tollgate_zone_entries_max{zone=\"%V\","
                               "memory=\"%s\"} %uL\n",
                            name, ngx_http_auth_tollgate_memories[j],
                            fill[j].room);
        }
    }

    ll = ngx_http_auth_tollgate_add_text(r, ll,
                              ngx_http_auth_tollgate_used_head,
                              sizeof(ngx_http_auth_tollgate_used_head) - 1);
    ll = ll ? ngx_http_auth_tollgate_add_text(r, ll, used, u - used) : NULL;
    ll = ll ? ngx_http_auth_tollgate_add_text(r, ll,
                              ngx_http_auth_tollgate_room_head,
                              sizeof(ngx_http_auth_tollgate_room_head) - 1)
            : NULL;

    return ll ? ngx_http_auth_tollgate_add_text(r, ll, room, m - room) : NULL;
}


static ngx_int_t
ngx_http_auth_tollgate_read_fill(ngx_http_auth_tollgate_zone_t *zone,
    tollgate_fill *fill)
{
    ngx_http_auth_tollgate_memory_t  *memory;

    memory = zone->memory;

    if (tollgate_limits_fill(memory->limits, memory->limits_size,
                             ngx_http_auth_tollgate_monotonic_ns(),
                             &fill[NGX_HTTP_AUTH_TOLLGATE_CREDENTIALS],
                             &fill[NGX_HTTP_AUTH_TOLLGATE_ADDRESSES])
        != TOLLGATE_STATUS_OK)
    {
        return NGX_ERROR;
    }

    if (tollgate_replay_fill(memory->replay, memory->replay_size,
                             ngx_http_auth_tollgate_unix_ms(),
                             &fill[NGX_HTTP_AUTH_TOLLGATE_MESSAGES])
        != TOLLGATE_STATUS_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}
