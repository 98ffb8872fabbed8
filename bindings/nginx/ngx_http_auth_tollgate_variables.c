
/*
 * Variables for log formats and for headers to the backend.
 */


#include "ngx_http_auth_tollgate.h"


static ngx_int_t ngx_http_auth_tollgate_status_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_auth_tollgate_reason_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_auth_tollgate_credential_variable(
    ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_auth_tollgate_generation_variable(
    ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data);
static ngx_http_auth_tollgate_ctx_t *ngx_http_auth_tollgate_decided_ctx(
    ngx_http_request_t *r);
static void ngx_http_auth_tollgate_set_value(ngx_http_variable_value_t *v,
    const void *data, size_t len);


/* Not cacheable: they are empty before the access phase. */

static ngx_http_variable_t  ngx_http_auth_tollgate_vars[] = {

    { ngx_string("auth_tollgate_status"), NULL,
      ngx_http_auth_tollgate_status_variable, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("auth_tollgate_reason"), NULL,
      ngx_http_auth_tollgate_reason_variable, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("auth_tollgate_credential"), NULL,
      ngx_http_auth_tollgate_credential_variable, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("auth_tollgate_generation"), NULL,
      ngx_http_auth_tollgate_generation_variable, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

      ngx_http_null_variable
};


ngx_int_t
ngx_http_auth_tollgate_add_variables(ngx_conf_t *cf)
{
    ngx_http_variable_t  *var, *v;

    for (v = ngx_http_auth_tollgate_vars; v->name.len; v++) {
        var = ngx_http_add_variable(cf, &v->name, v->flags);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = v->get_handler;
        var->data = v->data;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_auth_tollgate_status_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_http_auth_tollgate_ctx_t  *ctx;

    ctx = ngx_http_auth_tollgate_decided_ctx(r);

    if (ctx == NULL) {
        v->not_found = 1;

    } else if (ctx->decision.verdict == TOLLGATE_VERDICT_ALLOW) {
        ngx_http_auth_tollgate_set_value(v, "PASSED", sizeof("PASSED") - 1);

    } else if (ctx->dry_run) {
        ngx_http_auth_tollgate_set_value(v, "REJECTED_DRY_RUN",
                                         sizeof("REJECTED_DRY_RUN") - 1);

    } else {
        ngx_http_auth_tollgate_set_value(v, "REJECTED",
                                         sizeof("REJECTED") - 1);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_auth_tollgate_reason_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    tollgate_bytes                 name;
    ngx_http_auth_tollgate_ctx_t  *ctx;

    ctx = ngx_http_auth_tollgate_decided_ctx(r);

    if (ctx == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    name = tollgate_reason_name(ctx->decision.reason);
    ngx_http_auth_tollgate_set_value(v, name.data, name.len);

    return NGX_OK;
}


/* Only of a request that passed: a backend may rely on the name. */

static ngx_int_t
ngx_http_auth_tollgate_credential_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_http_auth_tollgate_ctx_t  *ctx;

    ctx = ngx_http_auth_tollgate_decided_ctx(r);

    if (ctx == NULL || ctx->decision.verdict != TOLLGATE_VERDICT_ALLOW
        || !ctx->decision.authenticated)
    {
        v->not_found = 1;
        return NGX_OK;
    }

    ngx_http_auth_tollgate_set_value(v, ctx->decision.credential,
                                     ngx_strlen(ctx->decision.credential));

    return NGX_OK;
}


static ngx_int_t
ngx_http_auth_tollgate_generation_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    u_char                        *p;
    ngx_http_auth_tollgate_ctx_t  *ctx;

    ctx = ngx_http_auth_tollgate_decided_ctx(r);

    if (ctx == NULL || ctx->decision.verdict != TOLLGATE_VERDICT_ALLOW
        || !ctx->decision.authenticated || ctx->decision.generation == 0)
    {
        v->not_found = 1;
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, NGX_INT32_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ngx_http_auth_tollgate_set_value(v, p,
                   ngx_sprintf(p, "%uD", ctx->decision.generation) - p);

    return NGX_OK;
}


static ngx_http_auth_tollgate_ctx_t *
ngx_http_auth_tollgate_decided_ctx(ngx_http_request_t *r)
{
    ngx_http_auth_tollgate_ctx_t  *ctx;

    ctx = ngx_http_auth_tollgate_get_ctx(r);

    if (ctx && ctx->state == ngx_http_auth_tollgate_decided) {
        return ctx;
    }

    return NULL;
}


static void
ngx_http_auth_tollgate_set_value(ngx_http_variable_value_t *v,
    const void *data, size_t len)
{
    v->data = (u_char *) data;
    v->len = len;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;
}
