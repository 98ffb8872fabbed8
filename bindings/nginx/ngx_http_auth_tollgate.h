
/*
 * What the files of the module have in common.
 */


#ifndef _NGX_HTTP_AUTH_TOLLGATE_H_INCLUDED_
#define _NGX_HTTP_AUTH_TOLLGATE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include "tollgate.h"


typedef struct ngx_http_auth_tollgate_gate_s  ngx_http_auth_tollgate_gate_t;
typedef struct ngx_http_auth_tollgate_ctx_s   ngx_http_auth_tollgate_ctx_t;


/* A policy document, loaded once for a configuration. */

typedef struct {
    ngx_str_t                        file;
    tollgate_policy                 *policy;

    /* The gate of locations that have no zone. */
    ngx_http_auth_tollgate_gate_t   *gate;
} ngx_http_auth_tollgate_policy_t;


/* What lies in the shared memory. It is mapped at the same place in every
 * process, since all of them come from the one that made it. */

typedef struct {
    void                            *limits;
    size_t                           limits_size;
    void                            *replay;
    size_t                           replay_size;
    void                            *counters;
    size_t                           counters_size;
} ngx_http_auth_tollgate_memory_t;


typedef struct {
    ngx_shm_zone_t                  *shm_zone;
    ngx_http_auth_tollgate_memory_t *memory;

    /* NULL while no location has both the zone and a policy. */
    ngx_http_auth_tollgate_gate_t   *gate;
} ngx_http_auth_tollgate_zone_t;


/* A policy with its memory: what requests are given to. */

struct ngx_http_auth_tollgate_gate_s {
    tollgate_gate                   *gate;
    ngx_http_auth_tollgate_policy_t *policy;
    ngx_http_auth_tollgate_zone_t   *zone;
};


typedef struct {
    /* of ngx_http_auth_tollgate_policy_t * */
    ngx_array_t                      policies;

    /* of ngx_http_auth_tollgate_zone_t * */
    ngx_array_t                      zones;
} ngx_http_auth_tollgate_main_conf_t;


/* What auth_tollgate_stored has, in the order of its arguments. */

enum {
    NGX_HTTP_AUTH_TOLLGATE_STORED_CREDENTIAL = 0,
    NGX_HTTP_AUTH_TOLLGATE_STORED_VALUE,
    NGX_HTTP_AUTH_TOLLGATE_STORED_SEED,
    NGX_HTTP_AUTH_TOLLGATE_STORED_SIGNATURE,
    NGX_HTTP_AUTH_TOLLGATE_STORED_N
};


typedef struct {
    /* As written: "off", "on" or a name; data is NULL if it is not there. */
    ngx_str_t                        route;
    ngx_str_t                        conf_file;
    ngx_uint_t                       conf_line;

    ngx_http_auth_tollgate_policy_t *policy;
    ngx_http_auth_tollgate_zone_t   *zone;
    off_t                            max_body;
    ngx_http_complex_value_t        *stored;
    ngx_flag_t                       dry_run;
    ngx_uint_t                       log_level;
    ngx_uint_t                       token;

    /* What the merge makes of these: NULL and empty where nothing is asked. */
    ngx_http_auth_tollgate_gate_t   *gate;
    ngx_str_t                        name;
    ngx_uint_t                       streams;
} ngx_http_auth_tollgate_loc_conf_t;


typedef enum {
    ngx_http_auth_tollgate_head = 0,
    ngx_http_auth_tollgate_reading,
    ngx_http_auth_tollgate_body,
    ngx_http_auth_tollgate_decided
} ngx_http_auth_tollgate_state_e;


/* One check of one request. A request that is redirected inside of nginx to a
 * location with another route has several. */

struct ngx_http_auth_tollgate_ctx_s {
    ngx_http_request_t              *request;
    ngx_http_auth_tollgate_gate_t   *gate;
    ngx_str_t                        route;
    ngx_http_auth_tollgate_state_e   state;

    /* NULL unless a body is coming in. */
    tollgate_context                *context;
    tollgate_decision                decision;

    /* How much of the body the context was given, and when it was begun. */
    off_t                            given;
    uint64_t                         monotonic_ns;

    /* Of a refusal: the status of the answer, the one that the access phase
     * was given, the header lines, and the body. */
    ngx_uint_t                       status;
    ngx_uint_t                       returned;
    ngx_array_t                     *lines;
    ngx_str_t                        body;

    unsigned                         waiting:1;
    unsigned                         lost:1;
    unsigned                         failed:1;
    unsigned                         dry_run:1;
    unsigned                         has_lines:1;
    unsigned                         answering:1;
    unsigned                         answered:1;

    ngx_http_auth_tollgate_ctx_t    *previous;
};


/* policy */

ngx_http_auth_tollgate_policy_t *ngx_http_auth_tollgate_load_policy(
    ngx_conf_t *cf, ngx_http_auth_tollgate_main_conf_t *mcf, ngx_str_t *file);
ngx_int_t ngx_http_auth_tollgate_only_route(
    ngx_http_auth_tollgate_policy_t *policy, ngx_uint_t token,
    ngx_str_t *name);
ngx_http_auth_tollgate_gate_t *ngx_http_auth_tollgate_find_gate(
    ngx_conf_t *cf, ngx_http_auth_tollgate_policy_t *policy,
    ngx_http_auth_tollgate_zone_t *zone, ngx_str_t *error);

/* zone */

ngx_http_auth_tollgate_zone_t *ngx_http_auth_tollgate_add_zone(ngx_conf_t *cf,
    ngx_http_auth_tollgate_main_conf_t *mcf, ngx_str_t *value);

/* request */

#define NGX_HTTP_AUTH_TOLLGATE_LINES  64

ngx_int_t ngx_http_auth_tollgate_request(ngx_http_request_t *r,
    ngx_http_auth_tollgate_loc_conf_t *lcf, tollgate_header_line *lines,
    tollgate_request *request);
ngx_int_t ngx_http_auth_tollgate_whole_body(ngx_http_request_t *r,
    tollgate_bytes *body);
off_t ngx_http_auth_tollgate_body_size(ngx_http_request_t *r);
uint64_t ngx_http_auth_tollgate_unix_ms(void);
uint64_t ngx_http_auth_tollgate_monotonic_ns(void);

/* context */

ngx_http_auth_tollgate_ctx_t *ngx_http_auth_tollgate_get_ctx(
    ngx_http_request_t *r);
ngx_http_auth_tollgate_ctx_t *ngx_http_auth_tollgate_add_ctx(
    ngx_http_request_t *r, ngx_http_auth_tollgate_loc_conf_t *lcf);
tollgate_context *ngx_http_auth_tollgate_take_context(ngx_log_t *log);
void ngx_http_auth_tollgate_give_context(tollgate_context *context);
void ngx_http_auth_tollgate_free_contexts(ngx_cycle_t *cycle);

/* access */

ngx_int_t ngx_http_auth_tollgate_access_init(ngx_conf_t *cf);
ngx_uint_t ngx_http_auth_tollgate_has_body(ngx_http_request_t *r);
ngx_uint_t ngx_http_auth_tollgate_begin(ngx_http_request_t *r,
    ngx_http_auth_tollgate_loc_conf_t *lcf, ngx_http_auth_tollgate_ctx_t *ctx);
void ngx_http_auth_tollgate_decided_on(ngx_http_request_t *r,
    ngx_http_auth_tollgate_loc_conf_t *lcf, ngx_http_auth_tollgate_ctx_t *ctx);
void ngx_http_auth_tollgate_too_large(ngx_http_auth_tollgate_ctx_t *ctx);
ngx_uint_t ngx_http_auth_tollgate_worked(ngx_http_request_t *r,
    tollgate_status status, const char *call);

/* answer */

ngx_int_t ngx_http_auth_tollgate_push_lines(ngx_http_request_t *r,
    u_char *p, u_char *last, ngx_array_t *pushed);
ngx_int_t ngx_http_auth_tollgate_allow(ngx_http_request_t *r,
    ngx_http_auth_tollgate_ctx_t *ctx);
ngx_int_t ngx_http_auth_tollgate_refuse(ngx_http_request_t *r,
    ngx_http_auth_tollgate_ctx_t *ctx);

/* filter */

ngx_int_t ngx_http_auth_tollgate_filter_init(ngx_conf_t *cf);
void ngx_http_auth_tollgate_forget(ngx_http_auth_tollgate_ctx_t *ctx);

/* variables */

ngx_int_t ngx_http_auth_tollgate_add_variables(ngx_conf_t *cf);

/* token and metrics */

ngx_int_t ngx_http_auth_tollgate_token_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_auth_tollgate_metrics_handler(ngx_http_request_t *r);


static ngx_inline tollgate_bytes
ngx_http_auth_tollgate_bytes(ngx_str_t *s)
{
    return tollgate_bytes_of(s->data, s->len);
}


extern ngx_module_t  ngx_http_auth_tollgate_module;
extern ngx_module_t  ngx_http_auth_tollgate_filter_module;


#endif /* _NGX_HTTP_AUTH_TOLLGATE_H_INCLUDED_ */
