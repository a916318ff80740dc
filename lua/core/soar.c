/* A client of Splunk SOAR: its options and how it is made. */
#include "core.h"

static const tlua_option soar_options[] = {TLUA_CONNECTION_OPTIONS, {"url", TLUA_TEXT},
                                           {"token", TLUA_TEXT},    {"user", TLUA_TEXT},
                                           {"password", TLUA_TEXT}, {NULL, TLUA_ANY}};

static const char token_variable[] = "SOAR_TOKEN";

/* Credentials of one kind given as options keep those of the environment out altogether. */
static bool find_credentials(lua_State *L, tl_soar_options *out)
{
    out->token = tlua_text(L, 1, "token");
    out->user = tlua_text(L, 1, "user");
    out->password = tlua_text(L, 1, "password");
    if (out->token) {
        return false;
    }
    if (out->user || out->password) {
        out->user = out->user ? out->user : tlua_environment("SOAR_USER");
        out->password = out->password ? out->password : tlua_environment("SOAR_PASSWORD");
        return false;
    }
    return true;
}

static const char *what_is_missing(const tl_soar_options *options)
{
    if (!options->url) {
        return "No SOAR address: give the option url, or set SOAR_URL.";
    }
    if (!options->token && !(options->user && options->password)) {
        return "No SOAR credentials: give the option token, or user and password, or set SOAR_TOKEN, "
               "SOAR_TOKEN_FILE, "
               "or SOAR_USER and SOAR_PASSWORD.";
    }
    return NULL;
}

/* No Lua call in here: the secret on the stack is wiped in every case. */
static tl_code make_soar(tl_soar **out, tl_soar_options *options, tlua_secret *secret, bool environment,
                         const char **out_missing, tl_error *err)
{
    tl_code code = TL_CONFIG;
    *out_missing = NULL;
    if (!environment || tlua_find_secret(secret, NULL, token_variable, err)) {
        options->token = environment ? secret->text : options->token;
        if (environment && !options->token) {
            options->user = tlua_environment("SOAR_USER");
            options->password = tlua_environment("SOAR_PASSWORD");
        }
        *out_missing = what_is_missing(options);
        if (!*out_missing) {
            code = tl_soar_new(out, options, err);
        }
    }
    tlua_wipe_secret(secret);
    return code;
}

int tlua_soar(lua_State *L)
{
    tl_soar_options options = TL_SOAR_OPTIONS_INIT;
    tl_error err = TL_ERROR_INIT;
    tlua_secret secret = {.text = NULL};
    const char *missing = NULL;

    lua_settop(L, 1);
    tlua_check_options(L, 1, soar_options);
    options.url = tlua_text(L, 1, "url");
    options.url = options.url ? options.url : tlua_environment("SOAR_URL");
    bool environment = find_credentials(L, &options);
    tlua_service *self = tlua_push_service(L, TLUA_SOAR, 1);
    tlua_read_connection(L, 1, self, &options.connection);

    tl_code code = make_soar(&self->soar, &options, &secret, environment, &missing, &err);
    tlua_warn_if_exposed(L, &secret, token_variable);
    if (missing) {
        return tlua_fail_with(L, TL_CONFIG, "%s", missing);
    }
    return code == TL_OK ? 1 : tlua_fail(L, &err);
}

void tlua_open_soar(lua_State *L)
{
    static const luaL_Reg none[] = {{NULL, NULL}};
    tlua_open_service(L, TLUA_SOAR, none);
    tlua_add_soar_lists(L);
    tlua_add_soar_reads(L);
    tlua_add_soar_posts(L);
    tlua_add_probe(L, TLUA_SOAR);
}
