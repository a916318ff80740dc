#include "crash_driver.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LIFE_ENDED_BADLY = 3, PATIENCE_MS = 60 * 1000 };

machine machine_new(const char *chain, const char *directory, const char *file_name)
{
    machine self = {.chain = chain, .settle_ms = SETTLE_MS, .call_ms = CALL_MS};
    snprintf(self.ledger, sizeof self.ledger, "%s/%s.db", directory, file_name);
    snprintf(self.events, sizeof self.events, "%s/%s.events", directory, file_name);
    snprintf(self.points, sizeof self.points, "%s/%s.points", directory, file_name);
    self.signs = mmap(NULL, sizeof *self.signs, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(self.signs != MAP_FAILED);
    atomic_store(&self.signs->leave_open, -1);
    return self;
}

void machine_free(machine *self)
{
    if (self->pid != 0)
        machine_kill(self);
    munmap(self->signs, sizeof *self->signs);
    self->signs = NULL;
}

/* ---- inside a life: no assertion, which would go on with the parent's tests ---- */

static void end_badly(const char *what, const tl_error *err)
{
    fprintf(stderr, "life: %s: %s: %s\n", what, tl_code_name(err->code), err->message);
    _exit(LIFE_ENDED_BADLY);
}

static void count_call(void *data, const char *line)
{
    signs *shared = data;
    (void)line;
    atomic_fetch_add(&shared->portal_calls, 1);
}

/* In one write, which is whole or not there at all. */
static void write_down(void *data, const char *line)
{
    const int *file = data;
    char text[4096];
    int length = snprintf(text, sizeof text, "%s\n", line);
    if (length < 0 || (size_t)length >= sizeof text || write(*file, text, (size_t)length) != length)
        _exit(LIFE_ENDED_BADLY);
}

static tl_chain *open_chain(machine *self, int *events)
{
    bench at = {0};
    tl_client_options client = client_options();
    tl_soar_options soar = soar_options();
    tl_error err = TL_ERROR_INIT;
    client.settle_time_ms = self->settle_ms;
    client.connection.timeout_ms = soar.connection.timeout_ms = self->call_ms;
    client.connection.log = count_call;
    client.connection.log_data = self->signs;
    if (tl_client_new(&at.client, &client, &err) != TL_OK || tl_soar_new(&at.soar, &soar, &err) != TL_OK)
        end_badly("clients", &err);
    tl_chain_options options = chain_options(&at);
    options.name = self->chain;
    options.ledger = self->ledger;
    options.since = "2020-01-01T00:00:00Z"; /* prompts are asked before the ledger is born */
    options.claims = self->claims;
    options.claim_lease_s = LEASE_S * self->call_ms / CALL_MS;
    options.event = write_down;
    options.event_data = events;
    tl_chain *chain = NULL;
    if (tl_chain_new(&chain, &options, &err) != TL_OK)
        end_badly("chain", &err);
    return chain;
}

static void set_or_clear(const char *name, const char *value)
{
    if (value != NULL)
        setenv(name, value, 1);
    else
        unsetenv(name);
}

static void live(machine *self)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setenv("TL_POINTS", self->points, 1);
    set_or_clear("TL_DIE_AT", self->die_at);
    set_or_clear("TL_STOP_AT", self->stop_at);
    int events = open(self->events, O_WRONLY | O_APPEND | O_CREAT, 0600);
    tl_chain *chain = open_chain(self, &events);
    for (;;) {
        tl_step done;
        tl_error err = TL_ERROR_INIT;
        tl_code code = tl_chain_step(&done, chain, &err);
        int leave_open = atomic_load(&self->signs->leave_open);
        if (code == TL_OK && done.sending == 0 && done.watched == leave_open)
            break;
        sleep_ms(5);
    }
    tl_chain_free(chain);
    _exit(0);
}

/* ---- outside ---- */

void machine_start(machine *self)
{
    assert_int_equal(self->pid, 0);
    atomic_store(&self->signs->portal_calls, 0);
    fflush(NULL);
    self->pid = fork();
    assert_true(self->pid >= 0);
    if (self->pid == 0)
        live(self);
}

/* One that came to its end by itself just before is as dead. */
void machine_kill(machine *self)
{
    int status = 0;
    kill(self->pid, SIGKILL);
    assert_int_equal(waitpid(self->pid, &status, 0), self->pid);
    self->pid = 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
        fail_msg("a life ended badly");
}

static bool await(machine *self, int *status, int options)
{
    for (int64_t until_ms = now_ms() + PATIENCE_MS; now_ms() < until_ms; sleep_ms(2))
        if (waitpid(self->pid, status, WNOHANG | options) == self->pid)
            return true;
    return false;
}

bool machine_died(machine *self)
{
    int status = 0;
    if (!await(self, &status, 0)) {
        machine_kill(self);
        fail_msg("the life neither died nor settled everything");
    }
    self->pid = 0;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
        return true;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("a life ended badly: status %d", status);
    return false;
}

void machine_await_stop(machine *self)
{
    int status = 0;
    if (!await(self, &status, WUNTRACED))
        fail_msg("the life did not stop itself");
    if (WIFSTOPPED(status))
        return;
    self->pid = 0;
    fail_msg("the life ended before it stopped: status %d", status);
}

void machine_finish(machine *self, int leave_open)
{
    self->die_at = self->stop_at = NULL;
    atomic_store(&self->signs->leave_open, leave_open);
    machine_start(self);
    assert_false(machine_died(self));
    atomic_store(&self->signs->leave_open, -1);
}

size_t machine_points(const machine *self, point_name points[], size_t limit)
{
    FILE *file = fopen(self->points, "r");
    size_t count = 0;
    assert_non_null(file);
    for (point_name line; fgets(line, sizeof line, file) != NULL;) {
        size_t i = 0;
        line[strcspn(line, "\n")] = '\0';
        while (i < count && strcmp(points[i], line) != 0)
            i++;
        assert_true(i < limit);
        if (i == count)
            memcpy(points[count++], line, sizeof line);
    }
    fclose(file);
    return count;
}

int machine_times_passed(const machine *self, const char *point)
{
    FILE *file = fopen(self->points, "r");
    char line[64];
    int times = 0;
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        times += strcmp(line, point) == 0;
    }
    if (file != NULL)
        fclose(file);
    return times;
}
