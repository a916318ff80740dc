/* A chain and a Lua script work on one sandbox at full speed while faults strike at random: their memory and
 * their descriptors stay as they are, and in the end every answer was acted on once.
 *
 * TL_SOAK_SECONDS: how long (60). TL_SEED: the same faults again. */
#include <dirent.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crash_driver.h"

#define SCRIPTS_ORGANIZATION ORGANIZATION(44) /* its queue is the script's; the others are the chain's */

enum {
    REQUESTS_PER_SECOND = 40,
    MAX_REQUESTS = 16 * 1000,
    SAMPLE_MS = 200,
    MAX_SAMPLES = 40 * 1000,
    MAX_WAITING = 60, /* prompts that the chain has not settled yet */
    PATIENCE_MS = 120 * 1000,
    MAY_GROW_KIB = 2048, /* between the first and the last quarter, beside a twentieth */
    MAY_OPEN = 4,        /* descriptors, the same */
};

/* ---- a process under watch ---- */

typedef struct watched {
    const char *name;
    pid_t pid;
    size_t count;
    long kib[MAX_SAMPLES], descriptors[MAX_SAMPLES];
} watched;

static long resident_kib(pid_t pid)
{
    char path[64];
    long size = 0, resident = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%ld %ld", &size, &resident), 2);
    fclose(file);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static long open_descriptors(pid_t pid)
{
    char path[64];
    long count = 0;
    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *directory = opendir(path);
    assert_non_null(directory);
    while (readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count - 2; /* . and .. */
}

static void sample(watched *one)
{
    assert_true(one->count < MAX_SAMPLES);
    one->kib[one->count] = resident_kib(one->pid);
    one->descriptors[one->count++] = open_descriptors(one->pid);
}

static int compare(const void *a, const void *b)
{
    long left = *(const long *)a, right = *(const long *)b;
    return left < right ? -1 : left > right;
}

static long median(const long values[], size_t count)
{
    static long sorted[MAX_SAMPLES];
    assert_true(count > 0);
    memcpy(sorted, values, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare);
    return sorted[count / 2];
}

/* Medians of the four quarters that follow a warm-up of a fifth. */
static void read_quarters(long out[4], const long values[], size_t count)
{
    size_t warm = count / 5, quarter = (count - warm) / 4;
    for (size_t i = 0; i < 4; i++)
        out[i] = median(values + warm + i * quarter, quarter);
}

static void check_flat(const watched *one)
{
    long kib[4], open[4];
    read_quarters(kib, one->kib, one->count);
    read_quarters(open, one->descriptors, one->count);
    print_message("soak: %s: resident %ld, %ld, %ld, %ld KiB; descriptors %ld, %ld, %ld, %ld; %zu samples\n",
                  one->name, kib[0], kib[1], kib[2], kib[3], open[0], open[1], open[2], open[3], one->count);
    assert_true(kib[3] - kib[0] <= MAY_GROW_KIB + kib[0] / 20);
    assert_true(open[3] - open[0] <= MAY_OPEN);
}

/* ---- the world ---- */

typedef struct world {
    bench at;
    machine chain;
    char journal[640], stop[640]; /* what the script did, one line each; that it is to end */
    asked *prompts;
    organization_id *organizations;
    size_t supply, given, acted; /* requests for the chain, those asked about; what the script adds to them */
    tl_client *client;
    long events_read, settled, faults;
} world;

static int64_t soak_seconds(void)
{
    const char *given = getenv("TL_SOAK_SECONDS");
    long seconds = given == NULL ? 60 : strtol(given, NULL, 10);
    return seconds < 5 ? 5 : seconds;
}

static void supply_requests(world *self, size_t count)
{
    control("seed", "{'default':true,'generate':%zu}", count);
    cJSON *state = control_get("state");
    const cJSON *request;
    self->prompts = calloc(count + 100, sizeof *self->prompts);
    self->organizations = calloc(count + 100, sizeof *self->organizations);
    assert_true(self->prompts != NULL && self->organizations != NULL);
    cJSON_ArrayForEach (request, cJSON_GetObjectItemCaseSensitive(state, "requests")) {
        const char *id = text_of(request, "approvalRequestId");
        const char *organization = text_of(request, "organizationId");
        if (strncmp(id, "0e000000-0000-4000-9000-", 24) != 0 ||
            strcmp(text_of(request, "kind"), "execute") != 0 ||
            strcmp(organization, SCRIPTS_ORGANIZATION) == 0)
            continue;
        snprintf(self->prompts[self->supply].request, sizeof self->prompts[0].request, "%s", id);
        snprintf(self->organizations[self->supply++], sizeof self->organizations[0], "%s", organization);
    }
    cJSON_Delete(state);
}

static pid_t start_script(const world *self)
{
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setenv("THREATLOCKER_BASE_URL", served.portal, 1);
    setenv("THREATLOCKER_API_KEY", served.token, 1);
    execl(LUA_PROGRAM, LUA_PROGRAM, SOAK_SCRIPT, SCRIPTS_ORGANIZATION, self->journal, self->stop,
          (char *)NULL);
    _exit(127);
}

static world *world_new(int64_t seconds)
{
    static world self;
    size_t count = (size_t)seconds * REQUESTS_PER_SECOND;
    self.at = bench_new();
    self.chain = machine_new(CHAIN, self.at.directory, "approvals");
    self.chain.claims = true;
    snprintf(self.journal, sizeof self.journal, "%s/journal", self.at.directory);
    snprintf(self.stop, sizeof self.stop, "%s/stop", self.at.directory);
    supply_requests(&self, count < MAX_REQUESTS ? count : MAX_REQUESTS);
    allow_second_writes();
    self.client = make_client(NULL);
    atomic_store(&self.chain.signs->leave_open, -1);
    return &self;
}

static void world_free(world *self)
{
    tl_client_free(self->client);
    machine_free(&self->chain);
    bench_free(&self->at);
    free(self->prompts);
    free(self->organizations);
}

/* ---- load ---- */

/* The faults strike here, too: whoever prepares tries again. */
static cJSON *prepare_somehow(world *self, const asked *prompt, const char *organization)
{
    cJSON *options = json("{'executor':'chain:" CHAIN "','choice':" NEW_FOR_COMPUTER "}"), *prepared = NULL;
    tl_error err = TL_ERROR_INIT;
    for (int tries = 0; tries < 50; tries++) {
        err = (tl_error)TL_ERROR_INIT;
        if (tl_prepare_prompt(&prepared, self->client, organization, prompt->request, options, &err) == TL_OK)
            break;
    }
    assert_ok(err.code, &err);
    cJSON_Delete(options);
    return prepared;
}

static void ask_one(world *self)
{
    static const char *const words[] = {"Permit", "Permit", "Permit",   "Permit",
                                        "Reject", "Ignore", "nonsense", "Permit"};
    asked *prompt = &self->prompts[self->given];
    cJSON *prepared = prepare_somehow(self, prompt, self->organizations[self->given]);
    prompt->word = words[random_below((int)COUNT(words))];
    prompt->approval[0] = ask(prompt->request, text_of(prepared, "message"), NULL);
    answer(prompt->approval[0], prompt->word);
    self->given++;
    cJSON_Delete(prepared);
}

/* Prompts that came to their end, as far as the chain's listener heard. */
static void read_events(world *self)
{
    char line[4096];
    FILE *file = fopen(self->chain.events, "r");
    if (file == NULL)
        return;
    fseek(file, self->events_read, SEEK_SET);
    while (fgets(line, sizeof line, file) != NULL && strchr(line, '\n') != NULL) {
        self->events_read = ftell(file);
        cJSON *event = cJSON_Parse(line);
        const char *state = text_of(event, "state");
        self->settled +=
            strcmp(state, "seen") != 0 && strcmp(state, "answered") != 0 && strcmp(state, "sending") != 0;
        cJSON_Delete(event);
    }
    fclose(file);
}

static void keep_faults_armed(world *self, int64_t now)
{
    static int64_t clear_at, arm_at;
    if (now >= clear_at) { /* those that nothing came by */
        control_delete("fault");
        clear_at = now + 5000;
    }
    if (now < arm_at)
        return;
    arm_some_fault();
    self->faults++;
    arm_at = now + random_below(100);
}

static void run_load(world *self, watched *chain, watched *script, int64_t seconds)
{
    int64_t begin_ms = now_ms(), now = begin_ms, end_ms = begin_ms + seconds * 1000, sample_at = begin_ms;
    for (; now < end_ms; now = now_ms()) {
        size_t due = (size_t)((double)self->supply * (double)(now - begin_ms) / (double)(end_ms - begin_ms));
        keep_faults_armed(self, now);
        read_events(self);
        if (self->given < due && (long)self->given - self->settled < MAX_WAITING)
            ask_one(self);
        else
            sleep_ms(5);
        if (now >= sample_at) {
            sample(chain);
            sample(script);
            sample_at = now + SAMPLE_MS;
        }
        assert_int_equal(waitpid(script->pid, NULL, WNOHANG), 0);
        assert_int_equal(waitpid(chain->pid, NULL, WNOHANG), 0);
    }
}

/* ---- the end ---- */

static void end_script(const world *self, pid_t pid)
{
    int status = 0;
    int64_t until_ms = now_ms() + PATIENCE_MS;
    FILE *stop = fopen(self->stop, "w");
    assert_non_null(stop);
    fclose(stop);
    while (waitpid(pid, &status, WNOHANG) == 0 && now_ms() < until_ms)
        sleep_ms(10);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0 && now_ms() < until_ms);
}

/* What the script says it did counts like an answered prompt: applied once. */
static void read_journal(world *self)
{
    static const char *const words[] = {"Permit", "Reject", "Ignore"};
    char id[40], word[16];
    FILE *file = fopen(self->journal, "r");
    assert_non_null(file);
    size_t count = self->given, room = 16;
    self->prompts = realloc(self->prompts, (count + room) * sizeof *self->prompts);
    while (fscanf(file, "%39s %15s", id, word) == 2) {
        if (count + self->acted + 1 > count + room) {
            room *= 2;
            self->prompts = realloc(self->prompts, (count + room) * sizeof *self->prompts);
            assert_non_null(self->prompts);
        }
        asked *done = &self->prompts[count + self->acted++];
        *done = (asked){0};
        snprintf(done->request, sizeof done->request, "%s", id);
        for (size_t i = 0; i < COUNT(words); i++)
            if (strcasecmp(word, words[i]) == 0)
                done->word = words[i];
        assert_non_null(done->word);
    }
    fclose(file);
}

/* Nothing lost, nothing twice: each prompt ended as it was answered, or was left to a person after several
 * doubtful sendings of which none was applied. */
static void check_all(world *self, tally *sum)
{
    size_t count = self->given;
    int64_t *approvals = calloc(count, sizeof *approvals);
    ending *endings = calloc(count, sizeof *endings);
    bool *unknown = calloc(count + self->acted, sizeof *unknown);
    assert_true(approvals != NULL && endings != NULL && unknown != NULL);
    for (size_t i = 0; i < count; i++)
        approvals[i] = self->prompts[i].approval[0];
    check_ledger(&self->chain, approvals, count, endings, sum);
    for (size_t i = 0; i < count; i++) {
        unknown[i] = strcmp(endings[i].message, "sent several times, never applied") == 0;
        if (!unknown[i] && strcmp(endings[i].state, state_of_word(self->prompts[i].word)) != 0)
            fail_msg("prompt %lld, answered %s, is %s: %s", (long long)approvals[i], self->prompts[i].word,
                     endings[i].state, endings[i].message);
        sum->settled++;
        sum->unknown += unknown[i];
    }
    check_writes(self->prompts, unknown, count + self->acted, sum);
    free(approvals);
    free(endings);
    free(unknown);
}

static void memory_and_descriptors_stay_flat(void **state)
{
    static watched chain = {.name = "chain"}, script = {.name = "script"};
    (void)state;
    int64_t seconds = soak_seconds();
    tally sum = {0};
    seed_random("soak");
    world *self = world_new(seconds);
    machine_start(&self->chain);
    chain.pid = self->chain.pid;
    script.pid = start_script(self);
    run_load(self, &chain, &script, seconds);
    control_delete("fault");
    end_script(self, script.pid);
    atomic_store(&self->chain.signs->leave_open, 0);
    assert_false(machine_died(&self->chain));
    read_journal(self);
    check_all(self, &sum);
    print_message("soak: %lld s, %ld faults, %d portal calls of the chain, %zu prompts, %zu acts of the "
                  "script; double 0, lost 0\n",
                  (long long)seconds, self->faults, atomic_load(&self->chain.signs->portal_calls),
                  self->given, self->acted);
    print_tally("soak", &sum);
    assert_true(self->given >= 10 && self->acted >= 10);
    assert_true(sum.unknown * 50 <= (int)self->given);
    check_flat(&chain);
    check_flat(&script);
    world_free(self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(memory_and_descriptors_stay_flat)};
    return cmocka_run_group_tests_name("soak", tests, start_sandbox, stop_sandbox);
}
