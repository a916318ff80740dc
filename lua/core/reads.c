/* The client's reads of one thing by its id. */
#include "core.h"

typedef tl_code read_fn(cJSON **out, tl_client *client, const char *organization_id, const char *id,
                        tl_error *err);

typedef enum subject {
    ROW,        /* of a request, which an id or a row names; the client's `fields` are taken of it */
    REQUEST,    /* anything else about a request */
    APPLICATION /* by its id alone */
} subject;

typedef struct read_call {
    const char *name; /* NULL ends the list */
    read_fn *read;
    subject subject;
    const tlua_option *options;
} read_call;

static const tlua_option no_options[] = {{NULL, TLUA_ANY}};

static tl_code research(cJSON **out, tl_client *client, const char *organization_id,
                        const char *application_id, tl_error *err)
{
    (void)organization_id; /* these data belong to none */
    return tl_application_research(out, client, application_id, err);
}

static const read_call calls[] = {
    {"request", tl_request_get, ROW, tlua_call_options},
    {"permit_details", tl_permit_details, REQUEST, tlua_call_options},
    {"storage_details", tl_storage_details, REQUEST, tlua_call_options},
    {"file_details", tl_file_details, REQUEST, tlua_call_options},
    {"application", tl_application_get, APPLICATION, tlua_call_options},
    {"research", research, APPLICATION, no_options},
    {.name = NULL},
};

/* (id or row [, options]), (application id [, options]) */
static int call_read(lua_State *L)
{
    const read_call *call = tlua_method_data(L);
    tl_error err = TL_ERROR_INIT;
    tlua_service *self = tlua_check_service(L, 1, TLUA_CLIENT);
    lua_settop(L, 3);
    tlua_check_options(L, 3, call->options);
    tl_request_ref target = {.organization_id = tlua_text(L, 3, "organization_id")};
    if (call->subject == APPLICATION) {
        target.request_id = tlua_check_text(L, 2);
    } else {
        target = tlua_check_target(L, 2, target.organization_id);
    }
    tlua_box *box = tlua_push_box(L);
    tl_code code = call->read(&box->tree, self->client, target.organization_id, target.request_id, &err);
    if (code != TL_OK || call->subject != ROW) {
        return tlua_finish_call(L, code, box, &err);
    }
    tlua_deliver_log(L, 1);
    tlua_push_row(L, box->tree, tlua_push_view(L, 1));
    return 1;
}

/* (id or row, path [, options]) */
static int call_download_file(lua_State *L)
{
    static const tlua_option known[] = {{"organization_id", TLUA_TEXT},
                                        {"max_bytes", TLUA_INTEGER},
                                        {"timeout", TLUA_NUMBER},
                                        {NULL, TLUA_ANY}};
    tl_download_options options = TL_DOWNLOAD_OPTIONS_INIT;
    tl_error err = TL_ERROR_INIT;
    tlua_service *self = tlua_check_service(L, 1, TLUA_CLIENT);
    lua_settop(L, 4);
    tlua_check_options(L, 4, known);
    options.max_bytes = tlua_integer(L, 4, "max_bytes", 1, INT64_MAX, 0);
    options.timeout_ms = tlua_milliseconds(L, 4, "timeout");
    tl_request_ref target = tlua_check_target(L, 2, tlua_text(L, 4, "organization_id"));
    const char *path = tlua_check_text(L, 3);
    tlua_box *box = tlua_push_box(L);
    tl_code code = tl_download_file(&box->tree, self->client, target.organization_id, target.request_id, path,
                                    &options, &err);
    return tlua_finish_call(L, code, box, &err);
}

void tlua_add_reads(lua_State *L)
{
    for (const read_call *call = calls; call->name; call++) {
        tlua_set_method(L, call->name, call_read, call);
    }
    tlua_set_method(L, "download_file", call_download_file, NULL);
}
