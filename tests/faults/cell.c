#include "cell.h"

#include "interpose.h"

world around;

void cell_blame(cell *at, const char *format, ...)
{
    va_list arguments;
    if (at->wrong[0] != '\0')
        return;
    va_start(arguments, format);
    vsnprintf(at->wrong, sizeof at->wrong, format, arguments);
    va_end(arguments);
}

int64_t cell_deadline_ms(const cell *at)
{
    return at->fault->waits ? SHORT_DEADLINE_MS : DEADLINE_MS;
}

/* The log tells when an attempt is over. */
static void on_line(void *data, const char *line)
{
    cell *at = data;
    if (strstr(line, served.token) != NULL || strstr(line, served.soar_token) != NULL)
        cell_blame(at, "a token is in the log");
    if (strstr(line, " network ") != NULL)
        relay_note_failure(&at->relay);
}

typedef struct place {
    char portal[200];
    char soar[200];
    char proxy[200];
} place;

static place place_of(const cell *at)
{
    place where = {.proxy = ""};
    const char *scheme = at->fault->way == BY_HTTP ? "http" : "https";
    const char *host = at->fault->way == BY_NAME ? at->fault->host : "127.0.0.1";
    int port = at->relay.port;
    snprintf(where.portal, sizeof where.portal, "%s://%s:%d/portalapi", scheme, host, port);
    snprintf(where.soar, sizeof where.soar, "%s://%s:%d", scheme, host, port);
    if (at->fault->way == BY_PROXY) {
        snprintf(where.portal, sizeof where.portal, "https://portalapi.t.threatlocker.com/portalapi");
        snprintf(where.soar, sizeof where.soar, "https://soar.example.com");
        snprintf(where.proxy, sizeof where.proxy, "http://127.0.0.1:%d", port);
    }
    return where;
}

static tl_connection connection_of(cell *at, const place *where)
{
    return (tl_connection){.ca_file = around.ca_file,
                           .proxy = where->proxy,
                           .timeout_ms = cell_deadline_ms(at),
                           .retries = 1,
                           .log = on_line,
                           .log_data = at};
}

static bool open_clients(cell *at)
{
    place where = place_of(at);
    tl_error err = TL_ERROR_INIT;
    tl_client_options portal = TL_CLIENT_OPTIONS_INIT;
    tl_soar_options rest = TL_SOAR_OPTIONS_INIT;
    portal.base_url = where.portal;
    portal.token = served.token;
    portal.settle_time_ms = SETTLE_MS;
    portal.connection = connection_of(at, &where);
    rest.url = where.soar;
    rest.token = served.soar_token;
    rest.connection = connection_of(at, &where);
    if (tl_client_new(&at->client, &portal, &err) == TL_OK && tl_soar_new(&at->soar, &rest, &err) == TL_OK)
        return true;
    cell_blame(at, "no client: %s", err.message);
    return false;
}

/* Leaves a connection behind that can be used again. */
static void warm_up(const cell *at)
{
    tl_error err = TL_ERROR_INIT;
    int64_t count;
    cJSON *version = NULL;
    (void)!tl_request_count(&count, at->client, NULL, true, &err);
    (void)!tl_soar_version(&version, at->soar, &err);
    cJSON_Delete(version);
}

static void check_time(cell *at)
{
    int64_t most_ms = cell_deadline_ms(at) + SETTLE_MS + MARGIN_MS;
    if (at->elapsed_ms > most_ms)
        cell_blame(at, "took %lld ms, with a deadline of %lld", (long long)at->elapsed_ms,
                   (long long)cell_deadline_ms(at));
}

void cell_run(cell *at)
{
    at->got = (result){"-", "-", "-", 0, -1};
    at->relay = (relay){.fault = at->fault,
                        .aim = &at->class->aim,
                        .sandbox_port = around.sandbox_port,
                        .stranger_port = around.stranger_port,
                        .clock_s = &at->clock_s};
    relay_start(&at->relay);
    if (at->fault->from_start)
        atomic_store(&at->clock_s, at->fault->number);
    follow_clock(&at->clock_s);
    if (open_clients(at)) {
        if (at->fault->keeps_alive)
            warm_up(at);
        int64_t started_ms = now_ms();
        at->class->run(at);
        at->elapsed_ms = now_ms() - started_ms;
        check_time(at);
    }
    tl_soar_free(at->soar);
    tl_client_free(at->client);
    at->soar = NULL;
    at->client = NULL;
    follow_clock(NULL);
    relay_stop(&at->relay);
    at->got.seen = at->class->counted == NULL ? at->relay.hits : at->relay.writes;
    if (at->relay.told_secret)
        cell_blame(at, "credentials were told to the proxy");
}
