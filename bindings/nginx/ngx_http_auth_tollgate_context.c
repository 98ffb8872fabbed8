
/*
 * What is kept of a request while nginx works on it.
 */


#include "ngx_http_auth_tollgate.h"


/* So many are kept by a worker for the next requests. */
#define NGX_HTTP_AUTH_TOLLGATE_KEPT  64


typedef struct ngx_http_auth_tollgate_spare_s  ngx_http_auth_tollgate_spare_t;

struct ngx_http_auth_tollgate_spare_s {
    ngx_http_auth_tollgate_spare_t  *next;
    tollgate_context                 context;
};


static ngx_http_auth_tollgate_ctx_t *ngx_http_auth_tollgate_kept_ctx(
    ngx_http_request_t *r);
static void ngx_http_auth_tollgate_cleanup(void *data);
static void ngx_http_auth_tollgate_settle(ngx_http_auth_tollgate_ctx_t *ctx);


static ngx_http_auth_tollgate_spare_t  *ngx_http_auth_tollgate_spares;
static ngx_uint_t                       ngx_http_auth_tollgate_spares_n;


/* The latest check of a request, NULL if there was none. */

ngx_http_auth_tollgate_ctx_t *
ngx_http_auth_tollgate_get_ctx(ngx_http_request_t *r)
{
    ngx_http_auth_tollgate_ctx_t  *ctx;

    r = r->main;

    ctx = ngx_http_get_module_ctx(r, ngx_http_auth_tollgate_module);

    if (ctx == NULL && (r->internal || r->filter_finalize)) {
        /* a redirect inside of nginx takes the contexts of modules away */
        ctx = ngx_http_auth_tollgate_kept_ctx(r);
    }

    return ctx;
}


static ngx_http_auth_tollgate_ctx_t *
ngx_http_auth_tollgate_kept_ctx(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t  *cln;

    for (cln = r->pool->cleanup; cln; cln = cln->next) {
        if (cln->handler == ngx_http_auth_tollgate_cleanup) {
            return cln->data;
        }
    }

    return NULL;
}


/* The check of the request on the route of its location: the one that there
 * was already, so that nothing is charged twice, or a new one. */

ngx_http_auth_tollgate_ctx_t *
ngx_http_auth_tollgate_add_ctx(ngx_http_request_t *r,
    ngx_http_auth_tollgate_loc_conf_t *lcf)
{
    ngx_pool_cleanup_t            *cln;
    ngx_http_auth_tollgate_ctx_t  *ctx, *latest;

    latest = ngx_http_auth_tollgate_get_ctx(r);

    for (ctx = latest; ctx; ctx = ctx->previous) {
        if (ctx->gate == lcf->gate
            && ctx->dry_run == (unsigned) lcf->dry_run
            && ctx->route.len == lcf->name.len
            && ngx_memcmp(ctx->route.data, lcf->name.data, lcf->name.len) == 0)
        {
            ngx_http_set_ctx(r, ctx, ngx_http_auth_tollgate_module);
            return ctx;
        }
    }

    /* A cleanup for each check; the last one that was added is found first. */

    cln = ngx_pool_cleanup_add(r->pool, sizeof(ngx_http_auth_tollgate_ctx_t));
    if (cln == NULL) {
        return NULL;
    }

    cln->handler = ngx_http_auth_tollgate_cleanup;

    ctx = cln->data;
    ngx_memzero(ctx, sizeof(ngx_http_auth_tollgate_ctx_t));

    ctx->request = r;
    ctx->gate = lcf->gate;
    ctx->route = lcf->name;
    ctx->dry_run = lcf->dry_run;
    ctx->previous = latest;
    ctx->decision.size = sizeof(tollgate_decision);

    ngx_http_set_ctx(r, ctx, ngx_http_auth_tollgate_module);

    return ctx;
}


/* The request is over, or its connection is lost. */

static void
ngx_http_auth_tollgate_cleanup(void *data)
{
    ngx_http_auth_tollgate_ctx_t *ctx = data;

    if (ctx->context) {
        ngx_http_auth_tollgate_give_context(ctx->context);
        ctx->context = NULL;
    }

    if (ctx->decision.claimed) {
        ngx_http_auth_tollgate_settle(ctx);
    }
}


/* A message that passes only once counts as processed if there was an answer
 * that is no failure of the server. With one it is given back, for the sender
 * to try again. Without any answer nobody knows. */

static void
ngx_http_auth_tollgate_settle(ngx_http_auth_tollgate_ctx_t *ctx)
{
    uint32_t             held;
    ngx_uint_t           status;
    tollgate_status      rc;
    ngx_http_request_t  *r;

    r = ctx->request;

    if (!r->header_sent) {
        return;
    }

    status = r->err_status ? r->err_status : r->headers_out.status;

    if (status < NGX_HTTP_INTERNAL_SERVER_ERROR) {
        rc = tollgate_gate_confirm(ctx->gate->gate, &ctx->decision.claim,
                                   &held);
    } else {
        rc = tollgate_gate_release(ctx->gate->gate, &ctx->decision.claim,
                                   &held);
    }

    (void) ngx_http_auth_tollgate_worked(r, rc,
                             "a message is neither confirmed nor released");
}


/* Memory for a request whose body comes in: ready for begin. It is large, so
 * a worker uses it again and again. */

tollgate_context *
ngx_http_auth_tollgate_take_context(ngx_log_t *log)
{
    ngx_http_auth_tollgate_spare_t  *spare;

    spare = ngx_http_auth_tollgate_spares;

    if (spare) {
        ngx_http_auth_tollgate_spares = spare->next;
        ngx_http_auth_tollgate_spares_n--;
        return &spare->context;
    }

    spare = ngx_calloc(sizeof(ngx_http_auth_tollgate_spare_t), log);

    return spare ? &spare->context : NULL;
}


/* Takes it back; a request that is still in it is given up. */

void
ngx_http_auth_tollgate_give_context(tollgate_context *context)
{
    ngx_http_auth_tollgate_spare_t  *spare;

    spare = (ngx_http_auth_tollgate_spare_t *)
                ((u_char *) context
                 - offsetof(ngx_http_auth_tollgate_spare_t, context));

    if (tollgate_context_abort(context) != TOLLGATE_STATUS_OK
        || ngx_http_auth_tollgate_spares_n == NGX_HTTP_AUTH_TOLLGATE_KEPT)
    {
        ngx_free(spare);
        return;
    }

    spare->next = ngx_http_auth_tollgate_spares;
    ngx_http_auth_tollgate_spares = spare;
    ngx_http_auth_tollgate_spares_n++;
}


void
ngx_http_auth_tollgate_free_contexts(ngx_cycle_t *cycle)
{
    ngx_http_auth_tollgate_spare_t  *spare;

    while (ngx_http_auth_tollgate_spares) {
        spare = ngx_http_auth_tollgate_spares;
        ngx_http_auth_tollgate_spares = spare->next;
        ngx_free(spare);
    }
}
