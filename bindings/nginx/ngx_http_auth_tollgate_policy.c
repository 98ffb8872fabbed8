
/*
 * Policy documents and gates, made while the configuration is read.
 */


#include "ngx_http_auth_tollgate.h"


#define NGX_HTTP_AUTH_TOLLGATE_ERRORS_SIZE  65536


static ngx_int_t ngx_http_auth_tollgate_read_file(ngx_conf_t *cf,
    ngx_str_t *file, ngx_str_t *text);
static tollgate_policy *ngx_http_auth_tollgate_parse_policy(ngx_conf_t *cf,
    ngx_str_t *file, ngx_str_t *text);
static ngx_int_t ngx_http_auth_tollgate_check_names(ngx_conf_t *cf,
    ngx_http_auth_tollgate_policy_t *policy);
static void ngx_http_auth_tollgate_log_errors(ngx_conf_t *cf, u_char *p,
    u_char *last);
static void ngx_http_auth_tollgate_free_policy(void *data);
static void ngx_http_auth_tollgate_free_gate(void *data);


/* The document in the file, from the file or as it was read before. */

ngx_http_auth_tollgate_policy_t *
ngx_http_auth_tollgate_load_policy(ngx_conf_t *cf,
    ngx_http_auth_tollgate_main_conf_t *mcf, ngx_str_t *file)
{
    ngx_str_t                          text;
    ngx_uint_t                         i;
    ngx_pool_cleanup_t                *cln;
    ngx_http_auth_tollgate_policy_t   *policy, **p;

    p = mcf->policies.elts;

    for (i = 0; i < mcf->policies.nelts; i++) {
        if (p[i]->file.len == file->len
            && ngx_memcmp(p[i]->file.data, file->data, file->len) == 0)
        {
            return p[i];
        }
    }

    cln = ngx_pool_cleanup_add(cf->pool, 0);
    policy = ngx_pcalloc(cf->pool, sizeof(ngx_http_auth_tollgate_policy_t));
    p = ngx_array_push(&mcf->policies);

    if (cln == NULL || policy == NULL || p == NULL) {
        return NULL;
    }

    *p = policy;
    policy->file = *file;

    if (ngx_http_auth_tollgate_read_file(cf, file, &text) != NGX_OK) {
        return NULL;
    }

    policy->policy = ngx_http_auth_tollgate_parse_policy(cf, file, &text);

    /* secrets may stand in it */
    ngx_explicit_memzero(text.data, text.len);
    ngx_free(text.data);

    if (policy->policy == NULL) {
        return NULL;
    }

    cln->handler = ngx_http_auth_tollgate_free_policy;
    cln->data = policy->policy;

    return ngx_http_auth_tollgate_check_names(cf, policy) == NGX_OK ? policy
                                                                    : NULL;
}


/* Who means a route that is called "off" must not switch everything off. */

static ngx_int_t
ngx_http_auth_tollgate_check_names(ngx_conf_t *cf,
    ngx_http_auth_tollgate_policy_t *policy)
{
    uint32_t          streams;
    ngx_str_t        *word;
    static ngx_str_t  words[] = {
        ngx_string("on"), ngx_string("off"), ngx_null_string
    };

    for (word = words; word->len; word++) {

        if (tollgate_policy_route_streams(policy->policy,
                                          ngx_http_auth_tollgate_bytes(word),
                                          &streams)
            == TOLLGATE_STATUS_OK)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\": routes.%V: \"auth_tollgate %V\" has "
                               "another meaning; write another name",
                               &policy->file, word, word);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_auth_tollgate_read_file(ngx_conf_t *cf, ngx_str_t *file,
    ngx_str_t *text)
{
    size_t           size;
    ssize_t          n;
    ngx_fd_t         fd;
    ngx_int_t        rc;
    ngx_file_info_t  fi;

    rc = NGX_ERROR;

    fd = ngx_open_file(file->data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);
    if (fd == NGX_INVALID_FILE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           ngx_open_file_n " \"%V\" failed", file);
        return NGX_ERROR;
    }

    if (ngx_fd_info(fd, &fi) == NGX_FILE_ERROR) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           ngx_fd_info_n " \"%V\" failed", file);
        goto done;
    }

    if (!ngx_is_file(&fi)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" is not a file", file);
        goto done;
    }

    size = (size_t) ngx_file_size(&fi);

    text->len = size;
    text->data = ngx_alloc(size + 1, cf->log);
    if (text->data == NULL) {
        goto done;
    }

    n = ngx_read_fd(fd, text->data, size);

    if (n != (ssize_t) size) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, n == -1 ? ngx_errno : 0,
                           ngx_read_fd_n " \"%V\" gave not its %uz bytes",
                           file, size);
        ngx_free(text->data);
        goto done;
    }

    rc = NGX_OK;

done:

    if (ngx_close_file(fd) == NGX_FILE_ERROR) {
        ngx_log_error(NGX_LOG_ALERT, cf->log, ngx_errno,
                      ngx_close_file_n " \"%V\" failed", file);
    }

    return rc;
}


static tollgate_policy *
ngx_http_auth_tollgate_parse_policy(ngx_conf_t *cf, ngx_str_t *file,
    ngx_str_t *text)
{
    size_t            length;
    u_char           *errors, *p;
    tollgate_bytes    base;
    tollgate_policy  *policy;
    tollgate_status   status;

    errors = ngx_alloc(NGX_HTTP_AUTH_TOLLGATE_ERRORS_SIZE, cf->log);
    if (errors == NULL) {
        return NULL;
    }

    for (p = file->data + file->len; p > file->data && p[-1] != '/'; p--) {
        /* void */
    }

    base = tollgate_bytes_of(file->data, p - file->data);
    policy = NULL;
    length = 0;

    status = tollgate_policy_load(ngx_http_auth_tollgate_bytes(text),
                                  ngx_http_auth_tollgate_bytes(file),
                                  TOLLGATE_SECRET_MODE_HOST, base, errors,
                                  NGX_HTTP_AUTH_TOLLGATE_ERRORS_SIZE, &length,
                                  &policy);

    if (status == TOLLGATE_STATUS_POLICY_INVALID) {
        p = errors + ngx_min(length, NGX_HTTP_AUTH_TOLLGATE_ERRORS_SIZE);
        ngx_http_auth_tollgate_log_errors(cf, errors, p);

    } else if (status != TOLLGATE_STATUS_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\": %s", file,
                           tollgate_status_text(status).data);
        policy = NULL;
    }

    ngx_free(errors);

    return policy;
}


/* An entry in the log for each line: nginx cuts long ones. */

static void
ngx_http_auth_tollgate_log_errors(ngx_conf_t *cf, u_char *p, u_char *last)
{
    u_char  *end;

    while (p < last) {
        end = ngx_strlchr(p, last, LF);

        if (end == NULL) {
            end = last;
        }

        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "%*s", (size_t) (end - p), p);

        p = end + 1;
    }
}


/* The name of the one route that issues tokens, or of the one that does not:
 * NGX_DECLINED if there is none or more than one. */

ngx_int_t
ngx_http_auth_tollgate_only_route(ngx_http_auth_tollgate_policy_t *policy,
    ngx_uint_t token, ngx_str_t *name)
{
    size_t          i, count;
    uint32_t        issues;
    tollgate_bytes  route;

    name->len = 0;
    count = 0;

    if (tollgate_policy_route_count(policy->policy, &count)
        != TOLLGATE_STATUS_OK)
    {
        return NGX_ERROR;
    }

    for (i = 0; i < count; i++) {

        if (tollgate_policy_route_name(policy->policy, i, &route)
            != TOLLGATE_STATUS_OK
            || tollgate_policy_route_issues_tokens(policy->policy, route,
                                                   &issues)
               != TOLLGATE_STATUS_OK)
        {
            return NGX_ERROR;
        }

        if (issues != token) {
            continue;
        }

        if (name->len) {
            return NGX_DECLINED;
        }

        name->data = (u_char *) route.data;
        name->len = route.len;
    }

    return name->len ? NGX_OK : NGX_DECLINED;
}


/* The gate for a policy and a zone, which may be NULL. If there can be none,
 * error gets the reason. */

ngx_http_auth_tollgate_gate_t *
ngx_http_auth_tollgate_find_gate(ngx_conf_t *cf,
    ngx_http_auth_tollgate_policy_t *policy,
    ngx_http_auth_tollgate_zone_t *zone, ngx_str_t *error)
{
    tollgate_status                   status;
    ngx_pool_cleanup_t               *cln;
    ngx_http_auth_tollgate_gate_t    *gate, **place;

    ngx_str_set(error, "no memory");

    place = zone ? &zone->gate : &policy->gate;
    gate = *place;

    if (gate) {
        if (gate->policy == policy) {
            return gate;
        }

        ngx_str_set(error, "the zone is that of another policy");
        return NULL;
    }

    cln = ngx_pool_cleanup_add(cf->pool, 0);
    gate = ngx_pcalloc(cf->pool, sizeof(ngx_http_auth_tollgate_gate_t));

    if (cln == NULL || gate == NULL) {
        return NULL;
    }

    gate->policy = policy;
    gate->zone = zone;

    status = tollgate_gate_new(policy->policy, &gate->gate);

    if (status != TOLLGATE_STATUS_OK) {
        error->data = (u_char *) tollgate_status_text(status).data;
        error->len = tollgate_status_text(status).len;
        return NULL;
    }

    cln->handler = ngx_http_auth_tollgate_free_gate;
    cln->data = gate->gate;

    *place = gate;

    return gate;
}


static void
ngx_http_auth_tollgate_free_policy(void *data)
{
    (void) tollgate_policy_free(data);
}


static void
ngx_http_auth_tollgate_free_gate(void *data)
{
    (void) tollgate_gate_free(data);
}
