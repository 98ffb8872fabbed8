
/*
 * The shared memory of a policy: rate limits, messages that pass only once,
 * and counters.
 */


#include "ngx_http_auth_tollgate.h"


#define NGX_HTTP_AUTH_TOLLGATE_MIN_ZONE    262144
#define NGX_HTTP_AUTH_TOLLGATE_MIN_ROUTES  64

/* A later policy may need messages to be remembered for longer than the
 * first one: for so long in any case. */
#define NGX_HTTP_AUTH_TOLLGATE_MIN_WINDOW  600000


/* The size of a memory for n entries, beside so many others. */

typedef tollgate_status (*ngx_http_auth_tollgate_size_pt)(size_t beside,
    size_t n, size_t *size);


static ngx_uint_t ngx_http_auth_tollgate_is_zone_name(ngx_str_t *name);
static ngx_int_t ngx_http_auth_tollgate_init_zone(ngx_shm_zone_t *shm_zone,
    void *data);
static ngx_int_t ngx_http_auth_tollgate_make_memory(ngx_shm_zone_t *shm_zone,
    ngx_http_auth_tollgate_zone_t *zone);
static ngx_int_t ngx_http_auth_tollgate_make_counters(ngx_slab_pool_t *shpool,
    ngx_http_auth_tollgate_zone_t *zone);
static ngx_int_t ngx_http_auth_tollgate_make_limits(ngx_slab_pool_t *shpool,
    ngx_http_auth_tollgate_zone_t *zone, size_t room);
static ngx_int_t ngx_http_auth_tollgate_make_replay(ngx_slab_pool_t *shpool,
    ngx_http_auth_tollgate_zone_t *zone, size_t room);
static ngx_int_t ngx_http_auth_tollgate_attach(ngx_shm_zone_t *shm_zone,
    ngx_http_auth_tollgate_zone_t *zone);
static size_t ngx_http_auth_tollgate_fit(ngx_http_auth_tollgate_size_pt size,
    size_t beside, size_t room);
static tollgate_status ngx_http_auth_tollgate_credentials_size(size_t beside,
    size_t n, size_t *size);
static tollgate_status ngx_http_auth_tollgate_messages_size(size_t beside,
    size_t n, size_t *size);
static ngx_int_t ngx_http_auth_tollgate_seed(u_char seed[16]);


/* The zone of "NAME:SIZE" or "NAME". */

ngx_http_auth_tollgate_zone_t *
ngx_http_auth_tollgate_add_zone(ngx_conf_t *cf,
    ngx_http_auth_tollgate_main_conf_t *mcf, ngx_str_t *value)
{
    u_char                          *p;
    ssize_t                          size;
    ngx_str_t                        name, s;
    ngx_shm_zone_t                  *shm_zone;
    ngx_http_auth_tollgate_zone_t   *zone, **place;

    name = *value;
    size = 0;

    p = ngx_strlchr(value->data, value->data + value->len, ':');

    if (p) {
        name.len = p - value->data;
        s.data = p + 1;
        s.len = value->data + value->len - s.data;

        size = ngx_parse_size(&s);

        if (size == NGX_ERROR) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid zone size \"%V\"", value);
            return NULL;
        }

        if (size < NGX_HTTP_AUTH_TOLLGATE_MIN_ZONE) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "zone \"%V\" is too small, it needs 256k",
                               value);
            return NULL;
        }
    }

    if (!ngx_http_auth_tollgate_is_zone_name(&name)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid zone name \"%V\", write letters, digits, "
                           "\"_\", \"-\" and \".\"", value);
        return NULL;
    }

    shm_zone = ngx_shared_memory_add(cf, &name, (size_t) size,
                                     &ngx_http_auth_tollgate_module);
    if (shm_zone == NULL) {
        return NULL;
    }

    if (shm_zone->data) {
        return shm_zone->data;
    }

    zone = ngx_pcalloc(cf->pool, sizeof(ngx_http_auth_tollgate_zone_t));
    place = ngx_array_push(&mcf->zones);

    if (zone == NULL || place == NULL) {
        return NULL;
    }

    zone->shm_zone = shm_zone;
    *place = zone;

    shm_zone->init = ngx_http_auth_tollgate_init_zone;
    shm_zone->data = zone;

    return zone;
}


static ngx_uint_t
ngx_http_auth_tollgate_is_zone_name(ngx_str_t *name)
{
    size_t  i;
    u_char  c, ch;

    for (i = 0; i < name->len; i++) {
        ch = name->data[i];
        c = (u_char) (ch | 0x20);

        if ((c < 'a' || c > 'z') && (ch < '0' || ch > '9')
            && ch != '_' && ch != '-' && ch != '.')
        {
            return 0;
        }
    }

    return name->len != 0;
}


/* data is the zone of the configuration before, if it had this one. */

static ngx_int_t
ngx_http_auth_tollgate_init_zone(ngx_shm_zone_t *shm_zone, void *data)
{
    ngx_slab_pool_t                *shpool;
    ngx_http_auth_tollgate_zone_t  *zone, *old;

    zone = shm_zone->data;
    old = data;

    shpool = (ngx_slab_pool_t *) shm_zone->shm.addr;

    if (old) {
        zone->memory = old->memory;

    } else if (shm_zone->shm.exists) {
        zone->memory = shpool->data;

    } else if (ngx_http_auth_tollgate_make_memory(shm_zone, zone) != NGX_OK) {
        ngx_log_error(NGX_LOG_EMERG, shm_zone->shm.log, 0,
                      "the memory of zone \"%V\" cannot be made ready",
                      &shm_zone->shm.name);
        return NGX_ERROR;
    }

    return ngx_http_auth_tollgate_attach(shm_zone, zone);
}


/* How the zone is cut depends on its size alone, since it outlives policies:
 * but for the number of routes, a quarter is for the limits of credentials, a
 * quarter for those of addresses, and half for messages. */

static ngx_int_t
ngx_http_auth_tollgate_make_memory(ngx_shm_zone_t *shm_zone,
    ngx_http_auth_tollgate_zone_t *zone)
{
    size_t            room;
    ngx_slab_pool_t  *shpool;

    shpool = (ngx_slab_pool_t *) shm_zone->shm.addr;

    zone->memory = ngx_slab_calloc(shpool,
                                   sizeof(ngx_http_auth_tollgate_memory_t));
    if (zone->memory == NULL) {
        return NGX_ERROR;
    }

    shpool->data = zone->memory;

    if (ngx_http_auth_tollgate_make_counters(shpool, zone) != NGX_OK) {
        return NGX_ERROR;
    }

    room = shpool->pfree / 2 * ngx_pagesize;

    if (ngx_http_auth_tollgate_make_limits(shpool, zone, room) != NGX_OK) {
        return NGX_ERROR;
    }

    room = shpool->pfree * ngx_pagesize;

    return ngx_http_auth_tollgate_make_replay(shpool, zone, room);
}


static ngx_int_t
ngx_http_auth_tollgate_make_counters(ngx_slab_pool_t *shpool,
    ngx_http_auth_tollgate_zone_t *zone)
{
    size_t                            routes, size;
    ngx_http_auth_tollgate_memory_t  *memory;

    memory = zone->memory;
    routes = 0;

    if (zone->gate
        && tollgate_policy_route_count(zone->gate->policy->policy, &routes)
           != TOLLGATE_STATUS_OK)
    {
        return NGX_ERROR;
    }

    /* twice as many, for those of later policies */
    routes = ngx_max(2 * routes, NGX_HTTP_AUTH_TOLLGATE_MIN_ROUTES);

    if (tollgate_counters_size(routes, &size) != TOLLGATE_STATUS_OK) {
        return NGX_ERROR;
    }

    memory->counters_size = size;
    memory->counters = ngx_slab_alloc(shpool, size);

    if (memory->counters == NULL
        || tollgate_counters_init(memory->counters, size, routes)
           != TOLLGATE_STATUS_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_auth_tollgate_make_limits(ngx_slab_pool_t *shpool,
    ngx_http_auth_tollgate_zone_t *zone, size_t room)
{
    u_char                            seed[16];
    size_t                            credentials, addresses;
    ngx_http_auth_tollgate_memory_t  *memory;

    memory = zone->memory;
    memory->limits_size = room;
    memory->limits = ngx_slab_alloc(shpool, room);

    if (memory->limits == NULL || ngx_http_auth_tollgate_seed(seed) != NGX_OK) {
        return NGX_ERROR;
    }

    credentials = ngx_http_auth_tollgate_fit(
                      ngx_http_auth_tollgate_credentials_size, 0, room / 2);

    addresses = ngx_http_auth_tollgate_fit(tollgate_limits_size, credentials,
                                           room);

    if (tollgate_limits_init(memory->limits, room, credentials, addresses,
                             tollgate_bytes_of(seed, 16))
        != TOLLGATE_STATUS_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_auth_tollgate_make_replay(ngx_slab_pool_t *shpool,
    ngx_http_auth_tollgate_zone_t *zone, size_t room)
{
    u_char                            seed[16];
    size_t                            messages;
    uint64_t                          window;
    ngx_http_auth_tollgate_memory_t  *memory;

    memory = zone->memory;
    memory->replay_size = room;
    memory->replay = ngx_slab_alloc(shpool, room);

    if (memory->replay == NULL || ngx_http_auth_tollgate_seed(seed) != NGX_OK) {
        return NGX_ERROR;
    }

    window = 0;

    if (zone->gate
        && tollgate_policy_replay_window(zone->gate->policy->policy, &window)
           != TOLLGATE_STATUS_OK)
    {
        return NGX_ERROR;
    }

    window = ngx_max(window, NGX_HTTP_AUTH_TOLLGATE_MIN_WINDOW);

    messages = ngx_http_auth_tollgate_fit(ngx_http_auth_tollgate_messages_size,
                                          0, room);

    if (tollgate_replay_init(memory->replay, room, messages, window,
                             tollgate_bytes_of(seed, 16))
        != TOLLGATE_STATUS_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_auth_tollgate_attach(ngx_shm_zone_t *shm_zone,
    ngx_http_auth_tollgate_zone_t *zone)
{
    tollgate_gate                    *gate;
    tollgate_status                   status;
    ngx_http_auth_tollgate_memory_t  *memory;

    if (zone->gate == NULL) {
        return NGX_OK;
    }

    gate = zone->gate->gate;
    memory = zone->memory;

    status = tollgate_gate_attach_limits(gate, memory->limits,
                                         memory->limits_size);

    if (status == TOLLGATE_STATUS_OK) {
        status = tollgate_gate_attach_replay(gate, memory->replay,
                                             memory->replay_size);

        if (status == TOLLGATE_STATUS_BAD_MEMORY) {
            ngx_log_error(NGX_LOG_EMERG, shm_zone->shm.log, 0,
                          "zone \"%V\" does not remember messages for as long "
                          "as \"%V\" now needs; give the zone another name, "
                          "and it begins anew",
                          &shm_zone->shm.name, &zone->gate->policy->file);
            return NGX_ERROR;
        }
    }

    if (status != TOLLGATE_STATUS_OK) {
        ngx_log_error(NGX_LOG_EMERG, shm_zone->shm.log, 0,
                      "zone \"%V\" cannot be used: %s", &shm_zone->shm.name,
                      tollgate_status_text(status).data);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* The largest n for which there is room. */

static size_t
ngx_http_auth_tollgate_fit(ngx_http_auth_tollgate_size_pt size, size_t beside,
    size_t room)
{
    size_t  low, high, middle, needed;

    low = 0;
    high = room;

    while (low < high) {
        middle = high - (high - low) / 2;

        if (size(beside, middle, &needed) == TOLLGATE_STATUS_OK
            && needed <= room)
        {
            low = middle;

        } else {
            high = middle - 1;
        }
    }

    return low;
}


static tollgate_status
ngx_http_auth_tollgate_credentials_size(size_t beside, size_t n, size_t *size)
{
    return tollgate_limits_size(n, beside, size);
}


static tollgate_status
ngx_http_auth_tollgate_messages_size(size_t beside, size_t n, size_t *size)
{
    return tollgate_replay_size(n, size);
}


/* 16 bytes that nobody outside can guess. */

static ngx_int_t
ngx_http_auth_tollgate_seed(u_char seed[16])
{
    ssize_t   n;
    ngx_fd_t  fd;

    fd = ngx_open_file((u_char *) "/dev/urandom", NGX_FILE_RDONLY,
                       NGX_FILE_OPEN, 0);
    if (fd == NGX_INVALID_FILE) {
        return NGX_ERROR;
    }

    n = ngx_read_fd(fd, seed, 16);

    if (ngx_close_file(fd) == NGX_FILE_ERROR || n != 16) {
        return NGX_ERROR;
    }

    return NGX_OK;
}
