/* The sandbox: ThreatLocker's Portal API and Splunk SOAR's REST API on loopback. See README.md. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "json.h"
#include "sandbox.h"
#include "server.h"
#include "tls.h"

struct options {
    uint16_t port;
    unsigned long requests;
    unsigned long organizations;
    unsigned latency_ms;
    bool tls;
    bool self_signed;
    bool die_with_parent;
    const char *seed;
};

static const char usage[] =
    "usage: sandbox [--port N] [--tls] [--self-signed] [--requests N] [--organizations N]\n"
    "               [--latency-ms N] [--seed FILE] [--die-with-parent]\n"
    "Plays ThreatLocker's Portal API and Splunk SOAR's REST API on 127.0.0.1.\n"
    "\n"
    "  --port N           listen there; 0, the default, takes any free port\n"
    "  --tls              HTTPS, with a certificate made for this run\n"
    "  --self-signed      HTTPS, with a certificate that is its own CA\n"
    "  --requests N       add N generated approval requests to the fixtures\n"
    "  --organizations N  add N child organizations, each with a computer for the generated requests\n"
    "  --latency-ms N     wait before each answer of the two services\n"
    "  --seed FILE        fixtures in place of the default ones\n"
    "  --die-with-parent  end when the process that started this one ends\n"
    "\n"
    "Prints one JSON line when ready; ends on SIGTERM and SIGINT.\n";

static bool read_number(const char *text, unsigned long max, unsigned long *out)
{
    char *end = NULL;
    errno = 0;
    *out = strtoul(text, &end, 10);
    return errno == 0 && end != text && !*end && *text != '-' && *out <= max;
}

static bool set_option(struct options *options, int option, const char *value)
{
    unsigned long number = 0;
    switch (option) {
    case 'p':
        if (!read_number(value, 65535, &number))
            return false;
        options->port = (uint16_t)number;
        return true;
    case 'r':
        return read_number(value, GENERATED_REQUESTS, &options->requests);
    case 'o':
        return read_number(value, GENERATED_ORGANIZATIONS, &options->organizations);
    case 'l':
        if (!read_number(value, 600000, &number))
            return false;
        options->latency_ms = (unsigned)number;
        return true;
    case 's':
        options->seed = value;
        return true;
    case 't':
        options->tls = true;
        return true;
    case 'S':
        options->tls = options->self_signed = true;
        return true;
    case 'd':
        options->die_with_parent = true;
        return true;
    default:
        return false;
    }
}

/* Returns -1 to go on, else the exit code. */
static int read_options(int argc, char **argv, struct options *options)
{
    static const struct option known[] = {{"port", required_argument, NULL, 'p'},
                                          {"tls", no_argument, NULL, 't'},
                                          {"self-signed", no_argument, NULL, 'S'},
                                          {"requests", required_argument, NULL, 'r'},
                                          {"latency-ms", required_argument, NULL, 'l'},
                                          {"seed", required_argument, NULL, 's'},
                                          {"die-with-parent", no_argument, NULL, 'd'},
                                          {"organizations", required_argument, NULL, 'o'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    int option;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (option == 'h') {
            fputs(usage, stdout);
            return 0;
        }
        if (!set_option(options, option, optarg)) {
            fputs(usage, stderr);
            return 2;
        }
    }
    if (optind == argc)
        return -1;
    fputs(usage, stderr);
    return 2;
}

static bool read_file(const char *path, struct text *out)
{
    FILE *in = fopen(path, "r");
    char portion[4096];
    size_t len;
    if (!in)
        return false;
    while ((len = fread(portion, 1, sizeof portion, in)) > 0)
        text_add(out, portion, len);
    bool fine = !ferror(in);
    fclose(in);
    return fine;
}

static cJSON *read_fixtures(const char *path)
{
    struct text file = {0};
    cJSON *fixtures = read_file(path, &file) ? json_read(file.data, file.len) : NULL;
    if (!fixtures)
        fprintf(stderr, "sandbox: %s cannot be read as JSON\n", path);
    text_free(&file);
    return fixtures;
}

static bool load_data(struct sandbox *sandbox, const struct options *options)
{
    struct text error = {0};
    sandbox->first_generated = options->requests;
    sandbox->first_organizations = options->organizations;
    sandbox->tls = options->tls;
    if (options->seed && !(sandbox->first_fixtures = read_fixtures(options->seed)))
        return false;
    bool fine = sandbox_first_data(sandbox, &error);
    if (!fine)
        fprintf(stderr, "sandbox: %s: %s\n", options->seed, text_str(&error));
    text_free(&error);
    return fine;
}

static void sandbox_open(struct sandbox *sandbox, const struct options *options)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&sandbox->lock, NULL);
    pthread_cond_init(&sandbox->stop_signal, &monotonic);
    pthread_condattr_destroy(&monotonic);
    sandbox->latency_ms = options->latency_ms;
    switches_reset(&sandbox->switches);
    world_open(&sandbox->world);
    soar_open(&sandbox->soar);
}

static void sandbox_close(struct sandbox *sandbox)
{
    world_close(&sandbox->world);
    cJSON_Delete(sandbox->first_fixtures);
    soar_close(&sandbox->soar);
    switches_free(&sandbox->switches);
    faults_clear(&sandbox->faults);
    calls_free(&sandbox->calls);
    pthread_cond_destroy(&sandbox->stop_signal);
    pthread_mutex_destroy(&sandbox->lock);
}

static void say_ready(uint16_t port, const struct tls *tls)
{
    char url[80];
    cJSON *line = cJSON_CreateObject();
    const char *scheme = tls->ca_file ? "https" : "http";
    snprintf(url, sizeof url, "%s://127.0.0.1:%u/portalapi", scheme, (unsigned)port);
    json_put_text(line, "portal", url);
    snprintf(url, sizeof url, "%s://127.0.0.1:%u", scheme, (unsigned)port);
    json_put_text(line, "soar", url);
    json_put_text(line, "token", PORTAL_TOKEN);
    json_put_text(line, "soar_token", SOAR_TOKEN);
    json_put_text(line, "soar_user", SOAR_USER);
    json_put_text(line, "soar_password", SOAR_PASSWORD);
    json_put_text(line, "organization_id", HOME_ORGANIZATION);
    json_put_text(line, "ca_file", tls->ca_file);
    snprintf(url, sizeof url, "%s://127.0.0.1:%u/_sandbox", scheme, (unsigned)port);
    json_put_text(line, "control", url);
    struct text text = {0};
    json_print(&text, line);
    puts(text_str(&text));
    fflush(stdout);
    text_free(&text);
    cJSON_Delete(line);
}

static bool serve_until(struct sandbox *sandbox, const struct options *options, const sigset_t *signals)
{
    struct tls tls = {0};
    struct server *server = NULL;
    int signal_number;
    if (options->tls && !tls_open(&tls, options->self_signed))
        fputs("sandbox: cannot make a certificate\n", stderr);
    else if (!(server = server_start(sandbox, options->port, tls.key, tls.certificate)))
        fprintf(stderr, "sandbox: cannot listen on port %u\n", (unsigned)options->port);
    if (server) {
        say_ready(server_port(server), &tls);
        sigwait(signals, &signal_number);
        server_stop(server);
    }
    tls_close(&tls);
    return server != NULL;
}

/* Blocked here, before there is any thread, so that only sigwait gets them. */
static void block_signals(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGTERM);
    sigaddset(signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, signals, NULL);
    signal(SIGPIPE, SIG_IGN);
}

int main(int argc, char **argv)
{
    pid_t parent = getppid();
    struct options options = {0};
    struct sandbox sandbox = {0};
    sigset_t signals;
    int code = read_options(argc, argv, &options);
    if (code >= 0)
        return code;
    block_signals(&signals);
    if (options.die_with_parent && (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent))
        return 1;
    sandbox_open(&sandbox, &options);
    bool fine = load_data(&sandbox, &options) && serve_until(&sandbox, &options, &signals);
    sandbox_close(&sandbox);
    return fine ? 0 : 1;
}
