
/*
 * Directives, and what the configuration makes of them.
 */


#include "ngx_http_auth_tollgate.h"


#define NGX_HTTP_AUTH_TOLLGATE_MAX_BODY  1048576


static ngx_int_t ngx_http_auth_tollgate_preconfiguration(ngx_conf_t *cf);
static void *ngx_http_auth_tollgate_create_main_conf(ngx_conf_t *cf);
static void *ngx_http_auth_tollgate_create_loc_conf(ngx_conf_t *cf);
static char *ngx_http_auth_tollgate_merge_loc_conf(ngx_conf_t *cf,
    void *parent, void *child);
static char *ngx_http_auth_tollgate_resolve(ngx_conf_t *cf,
    ngx_http_auth_tollgate_loc_conf_t *conf);
static ngx_int_t ngx_http_auth_tollgate_resolve_route(
    ngx_http_auth_tollgate_loc_conf_t *conf, const char **error);
static ngx_int_t ngx_http_auth_tollgate_needs_zone(
    ngx_http_auth_tollgate_policy_t *policy);
static char *ngx_http_auth_tollgate_route(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_http_auth_tollgate_policy(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_http_auth_tollgate_zone(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_http_auth_tollgate_stored_slot(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
static char *ngx_http_auth_tollgate_token(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_http_auth_tollgate_metrics(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);


static ngx_conf_enum_t  ngx_http_auth_tollgate_log_levels[] = {
    { ngx_string("info"), NGX_LOG_INFO },
    { ngx_string("notice"), NGX_LOG_NOTICE },
    { ngx_string("warn"), NGX_LOG_WARN },
    { ngx_string("error"), NGX_LOG_ERR },
    { ngx_null_string, 0 }
};


static ngx_command_t  ngx_http_auth_tollgate_commands[] = {

    { ngx_string("auth_tollgate"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_HTTP_LMT_CONF
                        |NGX_CONF_TAKE1,
      ngx_http_auth_tollgate_route,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("auth_tollgate_policy"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_auth_tollgate_policy,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("auth_tollgate_zone"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_auth_tollgate_zone,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("auth_tollgate_max_body"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_off_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_auth_tollgate_loc_conf_t, max_body),
      NULL },

    { ngx_string("auth_tollgate_stored"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE4,
      ngx_http_auth_tollgate_stored_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("auth_tollgate_dry_run"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_auth_tollgate_loc_conf_t, dry_run),
      NULL },

    { ngx_string("auth_tollgate_log_level"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_enum_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_auth_tollgate_loc_conf_t, log_level),
      &ngx_http_auth_tollgate_log_levels },

    { ngx_string("auth_tollgate_token"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS|NGX_CONF_TAKE1,
      ngx_http_auth_tollgate_token,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("auth_tollgate_metrics"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_auth_tollgate_metrics,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_auth_tollgate_module_ctx = {
    ngx_http_auth_tollgate_preconfiguration,   /* preconfiguration */
    ngx_http_auth_tollgate_access_init,        /* postconfiguration */

    ngx_http_auth_tollgate_create_main_conf,   /* create main configuration */
    NULL,                                      /* init main configuration */

    NULL,                                      /* create server configuration */
    NULL,                                      /* merge server configuration */

    ngx_http_auth_tollgate_create_loc_conf,    /* create location configuration */
    ngx_http_auth_tollgate_merge_loc_conf      /* merge location configuration */
};


ngx_module_t  ngx_http_auth_tollgate_module = {
    NGX_MODULE_V1,
    &ngx_http_auth_tollgate_module_ctx,    /* module context */
    ngx_http_auth_tollgate_commands,       /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    NULL,                                  /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    ngx_http_auth_tollgate_free_contexts,  /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_int_t
ngx_http_auth_tollgate_preconfiguration(ngx_conf_t *cf)
{
    if (tollgate_check_abi(TOLLGATE_ABI) != TOLLGATE_STATUS_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "tollgate.h and the library in the module differ");
        return NGX_ERROR;
    }

    return ngx_http_auth_tollgate_add_variables(cf);
}


static void *
ngx_http_auth_tollgate_create_main_conf(ngx_conf_t *cf)
{
    ngx_http_auth_tollgate_main_conf_t  *mcf;

    mcf = ngx_pcalloc(cf->pool, sizeof(ngx_http_auth_tollgate_main_conf_t));
    if (mcf == NULL) {
        return NULL;
    }

    if (ngx_array_init(&mcf->policies, cf->pool, 4,
                       sizeof(ngx_http_auth_tollgate_policy_t *))
        != NGX_OK
        || ngx_array_init(&mcf->zones, cf->pool, 4,
                          sizeof(ngx_http_auth_tollgate_zone_t *))
           != NGX_OK)
    {
        return NULL;
    }

    return mcf;
}


static void *
ngx_http_auth_tollgate_create_loc_conf(ngx_conf_t *cf)
{
    ngx_http_auth_tollgate_loc_conf_t  *conf;

    conf = ngx_pcalloc(cf->pool, sizeof(ngx_http_auth_tollgate_loc_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    /*
     * set by ngx_pcalloc():
     *
     *     conf->route = { 0, NULL };
     *     conf->conf_file = { 0, NULL };
     *     conf->conf_line = 0;
     *     conf->token = 0;
     *     conf->gate = NULL;
     *     conf->name = { 0, NULL };
     *     conf->streams = 0;
     */

    conf->policy = NGX_CONF_UNSET_PTR;
    conf->zone = NGX_CONF_UNSET_PTR;
    conf->stored = NGX_CONF_UNSET_PTR;
    conf->max_body = NGX_CONF_UNSET;
    conf->dry_run = NGX_CONF_UNSET;
    conf->log_level = NGX_CONF_UNSET_UINT;

    return conf;
}


static char *
ngx_http_auth_tollgate_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child)
{
    ngx_http_auth_tollgate_loc_conf_t  *prev = parent;
    ngx_http_auth_tollgate_loc_conf_t  *conf = child;

    ngx_conf_merge_ptr_value(conf->policy, prev->policy, NULL);
    ngx_conf_merge_ptr_value(conf->zone, prev->zone, NULL);
    ngx_conf_merge_ptr_value(conf->stored, prev->stored, NULL);
    ngx_conf_merge_off_value(conf->max_body, prev->max_body,
                             NGX_HTTP_AUTH_TOLLGATE_MAX_BODY);
    ngx_conf_merge_value(conf->dry_run, prev->dry_run, 0);
    ngx_conf_merge_uint_value(conf->log_level, prev->log_level, NGX_LOG_ERR);

    if (conf->token) {
        return ngx_http_auth_tollgate_resolve(cf, conf);
    }

    if (conf->route.data == NULL) {
        conf->route = prev->route;
        conf->conf_file = prev->conf_file;
        conf->conf_line = prev->conf_line;
    }

    if (conf->route.data == NULL || ngx_strcmp(conf->route.data, "off") == 0) {
        return NGX_CONF_OK;
    }

    return ngx_http_auth_tollgate_resolve(cf, conf);
}


/* Finds the gate and the route of a location that has all its directives. */

static char *
ngx_http_auth_tollgate_resolve(ngx_conf_t *cf,
    ngx_http_auth_tollgate_loc_conf_t *conf)
{
    ngx_str_t                  reason;
    const char                *error;
    ngx_http_core_loc_conf_t  *clcf;

    ngx_str_null(&reason);

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (conf->token && clcf->handler != ngx_http_auth_tollgate_token_handler) {
        error = "is not the only directive that answers in its location,";
        goto failed;
    }

    if (conf->policy == NULL) {
        error = "needs \"auth_tollgate_policy\"";
        goto failed;
    }

    if (ngx_http_auth_tollgate_resolve_route(conf, &error) != NGX_OK) {
        reason = conf->policy->file;
        goto failed;
    }

    if (conf->zone == NULL
        && ngx_http_auth_tollgate_needs_zone(conf->policy))
    {
        error = "needs \"auth_tollgate_zone\": there are rate limits, or "
                "messages that pass once, in";
        reason = conf->policy->file;
        goto failed;
    }

    conf->gate = ngx_http_auth_tollgate_find_gate(cf, conf->policy,
                                                  conf->zone, &reason);
    if (conf->gate == NULL) {
        error = "cannot be used:";
        goto failed;
    }

    return NGX_CONF_OK;

failed:

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "\"%s%s%V\" %s %V in %V:%ui",
                  conf->token ? "auth_tollgate_token" : "auth_tollgate",
                  conf->route.len ? " " : "", &conf->route, error, &reason,
                  &conf->conf_file, conf->conf_line);

    return NGX_CONF_ERROR;
}


static ngx_int_t
ngx_http_auth_tollgate_resolve_route(ngx_http_auth_tollgate_loc_conf_t *conf,
    const char **error)
{
    uint32_t          streams, issues;
    tollgate_bytes    name;
    tollgate_policy  *policy;

    policy = conf->policy->policy;

    if (conf->route.len == 0 || ngx_strcmp(conf->route.data, "on") == 0) {

        if (ngx_http_auth_tollgate_only_route(conf->policy, conf->token,
                                              &conf->name)
            != NGX_OK)
        {
            *error = "must name the route: there is not just one in";
            return NGX_ERROR;
        }

    } else {
        conf->name = conf->route;
    }

    name = ngx_http_auth_tollgate_bytes(&conf->name);

    if (tollgate_policy_route_streams(policy, name, &streams)
        != TOLLGATE_STATUS_OK
        || tollgate_policy_route_issues_tokens(policy, name, &issues)
           != TOLLGATE_STATUS_OK)
    {
        *error = "is no route of";
        return NGX_ERROR;
    }

    if (issues != conf->token) {
        *error = conf->token ? "is no token endpoint of"
                             : "is a token endpoint, which is for "
                               "\"auth_tollgate_token\", of";
        return NGX_ERROR;
    }

    conf->streams = streams;

    return NGX_OK;
}


static ngx_int_t
ngx_http_auth_tollgate_needs_zone(ngx_http_auth_tollgate_policy_t *policy)
{
    uint32_t  limits;
    uint64_t  window;

    return tollgate_policy_needs_limits(policy->policy, &limits)
           != TOLLGATE_STATUS_OK
           || tollgate_policy_replay_window(policy->policy, &window)
              != TOLLGATE_STATUS_OK
           || limits != 0
           || window != 0;
}


static char *
ngx_http_auth_tollgate_route(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_auth_tollgate_loc_conf_t *lcf = conf;

    ngx_str_t  *value;

    if (lcf->route.data || lcf->token) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (value[1].len == 0) {
        return "has an empty name";
    }

    lcf->route = value[1];
    lcf->conf_file = cf->conf_file->file.name;
    lcf->conf_line = cf->conf_file->line;

    return NGX_CONF_OK;
}


static char *
ngx_http_auth_tollgate_policy(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_auth_tollgate_loc_conf_t *lcf = conf;

    ngx_str_t                           *value;
    ngx_http_auth_tollgate_main_conf_t  *mcf;

    if (lcf->policy != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_conf_full_name(cf->cycle, &value[1], 1) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    mcf = ngx_http_conf_get_module_main_conf(cf,
                                             ngx_http_auth_tollgate_module);

    lcf->policy = ngx_http_auth_tollgate_load_policy(cf, mcf, &value[1]);

    return lcf->policy ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static char *
ngx_http_auth_tollgate_zone(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_auth_tollgate_loc_conf_t *lcf = conf;

    ngx_str_t                           *value;
    ngx_http_auth_tollgate_main_conf_t  *mcf;

    if (lcf->zone != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    value = cf->args->elts;

    mcf = ngx_http_conf_get_module_main_conf(cf,
                                             ngx_http_auth_tollgate_module);

    lcf->zone = ngx_http_auth_tollgate_add_zone(cf, mcf, &value[1]);

    return lcf->zone ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static char *
ngx_http_auth_tollgate_stored_slot(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_auth_tollgate_loc_conf_t *lcf = conf;

    ngx_str_t                         *value;
    ngx_uint_t                         i;
    ngx_http_compile_complex_value_t   ccv;

    if (lcf->stored != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    lcf->stored = ngx_pcalloc(cf->pool, NGX_HTTP_AUTH_TOLLGATE_STORED_N
                                        * sizeof(ngx_http_complex_value_t));
    if (lcf->stored == NULL) {
        return NGX_CONF_ERROR;
    }

    value = cf->args->elts;

    for (i = 0; i < NGX_HTTP_AUTH_TOLLGATE_STORED_N; i++) {
        ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

        ccv.cf = cf;
        ccv.value = &value[i + 1];
        ccv.complex_value = &lcf->stored[i];

        if (ngx_http_compile_complex_value(&ccv) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_auth_tollgate_token(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_auth_tollgate_loc_conf_t *lcf = conf;

    ngx_str_t                 *value;
    ngx_http_core_loc_conf_t  *clcf;

    if (lcf->route.data || lcf->token) {
        return "is duplicate";
    }

    lcf->token = 1;
    lcf->conf_file = cf->conf_file->file.name;
    lcf->conf_line = cf->conf_file->line;

    if (cf->args->nelts == 2) {
        value = cf->args->elts;
        lcf->route = value[1];
    }

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    clcf->handler = ngx_http_auth_tollgate_token_handler;

    return NGX_CONF_OK;
}


static char *
ngx_http_auth_tollgate_metrics(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    clcf->handler = ngx_http_auth_tollgate_metrics_handler;

    return NGX_CONF_OK;
}
