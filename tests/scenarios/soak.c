/* A chain and a Lua script work on one sandbox at full speed while faults strike at random: their memory and
 * their descriptors stay as they are, and in the end every answer was acted on once.
 *
 * TL_SOAK_SECONDS: how long (60; 5 to 7200). TL_SEED: the same faults again. */
#include <malloc.h>
#include <signal.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crash_driver.h"
#include "watched.h"

#define SCRIPTS_ORGANIZATION ORGANIZATION(44) /* its queue is the script's; the others are the chain's */

enum {
    REQUESTS_PER_SECOND = 40,
    MAX_REQUESTS = 16 * 1000,
    SAMPLE_MS = 200,
    MAX_SECONDS = 2 * 60 * 60, /* MAX_SAMPLES would last a little longer */
    MAX_WAITING = 60,          /* prompts that the chain has not settled yet */
    PATIENCE_MS = 120 * 1000,  /* without any progress */
    PATIENT_CALL_MS = 3000,    /* as many things go on at once */
    OWN_REQUESTS = 100,        /* at most so many are in the sandbox beside the generated ones */
};

/* ---- the world ---- */

typedef struct world {
    bench at;
    machine chain;
    char journal[640]; /* file: what the script did, one line each */
    char stop[640];    /* file: is there when the script is to end */
    asked *prompts;
    size_t requests;      /* places in `prompts`: all that there can be */
    size_t supply, given; /* requests for the chain; how many of them were asked about */
    asked *done;          /* requests that the script acted on */
    size_t done_count;
    tl_client *client;
    long events_read, settled, journal_read, acts, faults;
} world;

static int64_t soak_seconds(void)
{
    const char *given = getenv("TL_SOAK_SECONDS");
    long seconds = given == NULL ? 60 : strtol(given, NULL, 10);
    if (seconds < 5 || seconds > MAX_SECONDS)
        fail_msg("TL_SOAK_SECONDS must be 5 to %d", MAX_SECONDS);
    return seconds;
}

static void supply_requests(world *self, size_t count)
{
    control("seed", "{'default':true,'generate':%zu}", count);
    cJSON *state = control_get("state");
    const cJSON *request;
    self->requests = count + OWN_REQUESTS;
    self->prompts = calloc(self->requests, sizeof *self->prompts);
    self->done = calloc(self->requests, sizeof *self->done);
    assert_true(self->prompts != NULL && self->done != NULL);
    cJSON_ArrayForEach (request, cJSON_GetObjectItemCaseSensitive(state, "requests")) {
        const char *organization = text_of(request, "organizationId");
        if (!is_made_up_execution(request) || strcmp(organization, SCRIPTS_ORGANIZATION) == 0)
            continue;
        asked *prompt = &self->prompts[self->supply++];
        snprintf(prompt->request, sizeof prompt->request, "%s", text_of(request, "approvalRequestId"));
        snprintf(prompt->organization, sizeof prompt->organization, "%s", organization);
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
    self.chain.call_ms = PATIENT_CALL_MS;
    snprintf(self.journal, sizeof self.journal, "%s/journal", self.at.directory);
    snprintf(self.stop, sizeof self.stop, "%s/stop", self.at.directory);
    supply_requests(&self, count < MAX_REQUESTS ? count : MAX_REQUESTS);
    allow_second_writes();
    self.client = make_client(NULL);
    return &self;
}

static void world_free(world *self)
{
    tl_client_free(self->client);
    machine_free(&self->chain);
    bench_free(&self->at);
    free(self->prompts);
    free(self->done);
}

/* ---- load ---- */

/* The faults strike here, too: whoever prepares tries again. */
static cJSON *prepare_somehow(world *self, const asked *prompt)
{
    cJSON *options = json("{'executor':'chain:" CHAIN "','choice':" NEW_FOR_COMPUTER "}"), *prepared = NULL;
    tl_error err = TL_ERROR_INIT;
    for (int tries = 0; tries < 50; tries++) {
        err = (tl_error)TL_ERROR_INIT;
        if (tl_prepare_prompt(&prepared, self->client, prompt->organization, prompt->request, options,
                              &err) == TL_OK)
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
    cJSON *prepared = prepare_somehow(self, prompt);
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

static void note_act(world *self, const char *id, const char *act)
{
    static const char *const words[] = {"Permit", "Reject", "Ignore"};
    size_t at = 0;
    while (at < self->done_count && strcmp(self->done[at].request, id) != 0)
        at++;
    assert_true(at < self->requests);
    asked *done = &self->done[at];
    done->again += at < self->done_count;
    self->done_count += at == self->done_count;
    snprintf(done->request, sizeof done->request, "%s", id);
    for (size_t i = 0; i < COUNT(words); i++)
        if (strcasecmp(act, words[i]) == 0)
            done->word = words[i];
    assert_non_null(done->word);
    self->acts++;
}

/* What the script says it did counts like an answered prompt: applied once. The request is opened again, so
 * that the queue never ends. */
static void read_journal(world *self, bool opens_again)
{
    char line[100], id[40], act[16];
    FILE *file = fopen(self->journal, "r");
    if (file == NULL)
        return;
    fseek(file, self->journal_read, SEEK_SET);
    while (fgets(line, sizeof line, file) != NULL && strchr(line, '\n') != NULL) {
        self->journal_read = ftell(file);
        assert_int_equal(sscanf(line, "%39s %15s", id, act), 2);
        note_act(self, id, act);
        if (opens_again)
            control("request",
                    "{'approvalRequestId':'%s','set':{'statusId':1,'comments':'','approvedBy':'','actionDate'"
                    ":null}}",
                    id);
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
    if (random_below(40) == 0) /* longer than anybody waits */
        control("fault", "{'kind':'delay','ms':%d,'apply':true,'match':'ApprovalRequestPermitApplication'}",
                PATIENT_CALL_MS + 1000);
    else
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
        read_journal(self, true);
        if (self->given < due && (long)self->given - self->settled < MAX_WAITING)
            ask_one(self);
        else
            sleep_ms(5);
        if (now >= sample_at) {
            watch(chain);
            watch(script);
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

/* What each side knows of the prompts that the chain did not bring to an end. */
static void print_unsettled(world *self)
{
    cJSON *history = NULL, *server = control_get("state");
    const cJSON *line, *record;
    tl_error err = TL_ERROR_INIT;
    machine_kill(&self->chain);
    assert_ok(tl_chain_history_of(&history, self->chain.ledger, NULL, &err), &err);
    for (size_t i = 0; i < self->given; i++) {
        int64_t id = self->prompts[i].approval[0];
        const char *state = "never met", *message = "";
        cJSON_ArrayForEach (line, history)
            if (integer_of(line, "approval_id") == id) {
                state = text_of(line, "state");
                message = text_of(line, "message");
            }
        if (strcmp(state, "never met") != 0 && strcmp(state, "seen") != 0 && strcmp(state, "answered") != 0 &&
            strcmp(state, "sending") != 0)
            continue;
        print_error("prompt %lld, answered %s, on %s: %s: %s\n", (long long)id, self->prompts[i].word,
                    self->prompts[i].request, state, message);
        cJSON_ArrayForEach (record, cJSON_GetObjectItemCaseSensitive(server, "approvals"))
            if (integer_of(record, "id") == id) {
                char *text = cJSON_PrintUnformatted(record);
                print_error("  in SOAR: %.600s\n", text);
                free(text);
            }
    }
    cJSON_Delete(history);
    cJSON_Delete(server);
}

/* As long as it comes nearer to its end it is waited for. */
static void end_chain(world *self)
{
    long settled = -1;
    for (int64_t until_ms = 0; self->settled < (long)self->given; sleep_ms(50)) {
        read_events(self);
        if (self->settled > settled)
            until_ms = now_ms() + PATIENCE_MS;
        settled = self->settled;
        if (now_ms() <= until_ms)
            continue;
        print_unsettled(self);
        fail_msg("the chain settled %ld of %zu prompts, and no more", settled, self->given);
    }
    atomic_store(&self->chain.signs->leave_open, 0);
    assert_false(machine_died(&self->chain));
}

/* Nothing lost, nothing twice: each prompt ended as it was answered, or was left to a person after several
 * doubtful sendings of which none was applied. */
static void check_all(world *self, tally *sum)
{
    size_t count = self->given;
    memcpy(&self->prompts[count], self->done, self->done_count * sizeof *self->done);
    int64_t *approvals = calloc(count, sizeof *approvals);
    ending *endings = calloc(count, sizeof *endings);
    bool *unknown = calloc(count + self->done_count, sizeof *unknown);
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
    check_writes(self->prompts, unknown, count + self->done_count, sum);
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
    malloc_trim(0); /* the chain must not begin with room to grow in unseen */
    machine_start(&self->chain);
    chain.pid = self->chain.pid;
    script.pid = start_script(self);
    run_load(self, &chain, &script, seconds);
    control_delete("fault");
    end_script(self, script.pid);
    end_chain(self);
    read_journal(self, false);
    check_all(self, &sum);
    print_message("soak: %lld s, %ld faults, %d portal calls of the chain, %zu prompts, %ld acts of the "
                  "script; double 0, lost 0\n",
                  (long long)seconds, self->faults, atomic_load(&self->chain.signs->portal_calls),
                  self->given, self->acts);
    print_tally("soak", &sum);
    assert_true(self->given >= 10 && self->acts >= 10);
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
