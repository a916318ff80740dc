/* probe() of both services: how far the way to them is open. */
#include "core.h"

static void set_text(lua_State *L, const char *name, const char *text)
{
    if (text[0] != '\0') {
        lua_pushstring(L, text);
        lua_setfield(L, -2, name);
    }
}

/* 0 stands for unknown. */
static void set_number(lua_State *L, const char *name, int64_t number)
{
    if (number != 0) {
        lua_pushinteger(L, number);
        lua_setfield(L, -2, name);
    }
}

static void set_flag(lua_State *L, const char *name, bool flag)
{
    lua_pushboolean(L, flag);
    lua_setfield(L, -2, name);
}

static void push_certificate(lua_State *L, const tl_certificate *certificate)
{
    lua_createtable(L, 0, 6);
    set_text(L, "subject", certificate->subject);
    set_text(L, "issuer", certificate->issuer);
    set_text(L, "sha256", certificate->sha256);
    set_number(L, "not_before", certificate->not_before);
    set_number(L, "not_after", certificate->not_after);
    set_flag(L, "self_signed", certificate->self_signed);
}

static void set_addresses(lua_State *L, const tl_probe *probe)
{
    lua_createtable(L, (int)probe->address_count, 0);
    for (size_t i = 0; i < probe->address_count; i++) {
        lua_pushstring(L, probe->addresses[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    luaL_setmetatable(L, TLUA_ARRAY);
    lua_setfield(L, -2, "addresses");
    set_text(L, "address", probe->address);
}

static void set_certificates(lua_State *L, const tl_probe *probe)
{
    lua_createtable(L, (int)probe->certificate_count, 0);
    for (size_t i = 0; i < probe->certificate_count; i++) {
        push_certificate(L, &probe->certificates[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    luaL_setmetatable(L, TLUA_ARRAY);
    lua_setfield(L, -2, "certificates");
    set_text(L, "certificate_pem", probe->certificate_pem);
    set_text(L, "ca", probe->ca);
    set_flag(L, "trusted", probe->https && probe->stage >= TL_PROBE_SECURED);
}

static void push_probe(lua_State *L, const tl_probe *probe)
{
    static const char *const stages[] = {
        [TL_PROBE_NONE] = "none",       [TL_PROBE_RESOLVED] = "resolved", [TL_PROBE_CONNECTED] = "connected",
        [TL_PROBE_PROXIED] = "proxied", [TL_PROBE_SECURED] = "secured",   [TL_PROBE_REPLIED] = "replied"};
    lua_createtable(L, 0, 18);
    set_text(L, "stage", stages[probe->stage]);
    set_text(L, "host", probe->host);
    set_number(L, "port", probe->port);
    set_flag(L, "https", probe->https);
    set_text(L, "proxy", probe->proxy);
    set_number(L, "proxy_status", probe->proxy_status);
    set_addresses(L, probe);
    set_certificates(L, probe);
    set_number(L, "http_status", probe->http_status);
    if (probe->server_time != 0) {
        lua_pushinteger(L, probe->server_time);
        lua_setfield(L, -2, "server_time");
        lua_pushinteger(L, probe->clock_skew);
        lua_setfield(L, -2, "clock_skew");
    }
    set_text(L, "libcurl", probe->libcurl);
    set_text(L, "tls", probe->tls);
    if (probe->failure.code != TL_OK) {
        tlua_push_error(L, &probe->failure);
        lua_setfield(L, -2, "failure");
    }
}

static int call_probe(lua_State *L)
{
    tl_error err = TL_ERROR_INIT;
    const tlua_service *self = tlua_check_service(L, 1, tlua_method_data(L));
    lua_settop(L, 1);
    tl_probe *probe = lua_newuserdatauv(L, sizeof *probe, 0);
    *probe = (tl_probe)TL_PROBE_INIT;
    tl_code code =
        self->client ? tl_client_probe(probe, self->client, &err) : tl_soar_probe(probe, self->soar, &err);
    tlua_deliver_log(L, 1);
    if (code != TL_OK) {
        return tlua_fail(L, &err);
    }
    push_probe(L, probe);
    return 1;
}

void tlua_add_probe(lua_State *L, const char *type)
{
    tlua_set_method(L, "probe", call_probe, type);
}
