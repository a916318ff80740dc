/* What must be true after all kills, and the load under which they happen. */
#include "chain/ledger.h"
#include "crash_driver.h"

/* ---- events ---- */

static char *read_whole(const char *path)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    char *text = calloc(1, (size_t)size + 1);
    assert_non_null(text);
    rewind(file);
    assert_int_equal(fread(text, 1, (size_t)size, file), size);
    fclose(file);
    return text;
}

/* How often each line of history, by its number, was heard. */
static int *count_heard(const machine *self, const char *ledger_id, size_t newest)
{
    int *heard = calloc(newest + 1, sizeof *heard);
    char *text = read_whole(self->events);
    assert_non_null(heard);
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        cJSON *event = cJSON_Parse(line);
        const char *id = text_of(event, "event");
        if (event == NULL || strncmp(id, ledger_id, TL_GUID_SIZE - 1) != 0 || id[TL_GUID_SIZE - 1] != ':')
            fail_msg("no event of this ledger: %s", line);
        size_t number = strtoul(id + TL_GUID_SIZE, NULL, 10);
        if (number == 0 || number > newest)
            fail_msg("an event without its line of history: %s", line);
        heard[number]++;
        cJSON_Delete(event);
    }
    free(text);
    return heard;
}

static void check_heard(const machine *self, const char *ledger_id, const cJSON *history, tally *sum)
{
    const cJSON *line;
    size_t newest = 0;
    cJSON_ArrayForEach (line, history)
        newest = (size_t)integer_of(line, "id");
    int *heard = count_heard(self, ledger_id, newest);
    cJSON_ArrayForEach (line, history) {
        int times = heard[integer_of(line, "id")];
        if (strcmp(text_of(line, "state"), "foreign") == 0) {
            assert_int_equal(times, 0);
            continue;
        }
        if (times == 0)
            fail_msg("nobody heard line %lld: prompt %lld, %s", (long long)integer_of(line, "id"),
                     (long long)integer_of(line, "approval_id"), text_of(line, "state"));
        sum->rows++;
        sum->repeated += times - 1;
    }
    free(heard);
}

void check_ledger(const machine *self, const int64_t approvals[], size_t count, ending endings[], tally *sum)
{
    tl_ledger *ledger = NULL;
    tl_error err = TL_ERROR_INIT;
    cJSON *history = NULL;
    const cJSON *line;
    tl_ledger_overview overview;
    assert_ok(tl_ledger_open(&ledger, self->ledger, &err), &err);
    assert_ok(tl_ledger_summary(&overview, ledger, &err), &err);
    assert_ok(tl_ledger_history(&history, ledger, NULL, 0, 0, &err), &err);
    memset(endings, 0, count * sizeof *endings);
    cJSON_ArrayForEach (line, history) {
        int64_t approval = integer_of(line, "approval_id");
        for (size_t i = 0; i < count; i++) {
            if (approval != approvals[i])
                continue;
            snprintf(endings[i].state, sizeof endings[i].state, "%s", text_of(line, "state"));
            snprintf(endings[i].message, sizeof endings[i].message, "%s", text_of(line, "message"));
        }
    }
    check_heard(self, overview.id, history, sum);
    cJSON_Delete(history);
    tl_ledger_close(ledger);
}

/* ---- writes ---- */

static const struct {
    const char *word, *state, *write;
} words[] = {{"Permit", "permitted", "permit"},
             {"Reject", "rejected", "reject"},
             {"Ignore", "ignored", "ignore"},
             {"nonsense", "left", NULL}};

const char *state_of_word(const char *word)
{
    for (size_t i = 0; word != NULL && i < COUNT(words); i++)
        if (strcmp(word, words[i].word) == 0)
            return words[i].state;
    return "seen";
}

static const char *write_of_word(const char *word)
{
    for (size_t i = 0; word != NULL && i < COUNT(words); i++)
        if (strcmp(word, words[i].word) == 0 && words[i].write != NULL)
            return words[i].write;
    return "";
}

void check_writes(const asked prompts[], const bool may_lack[], size_t count, tally *sum)
{
    cJSON *state = control_get("state");
    const cJSON *request, *write;
    cJSON_ArrayForEach (request, cJSON_GetObjectItemCaseSensitive(state, "requests")) {
        const char *id = text_of(request, "approvalRequestId"), *wanted = "";
        bool lacks = false;
        int each = 1;
        for (size_t i = 0; i < count; i++)
            if (strcmp(id, prompts[i].request) == 0) {
                wanted = write_of_word(prompts[i].word);
                lacks = may_lack != NULL && may_lack[i];
                each = 1 + prompts[i].again;
            }
        cJSON_ArrayForEach (write, cJSON_GetObjectItemCaseSensitive(request, "writes")) {
            int times = (int)write->valuedouble, must = strcmp(write->string, wanted) == 0 ? each : 0;
            if (times != must && !(lacks && times == 0))
                fail_msg("request %s: %s applied %d times, not %d", id, write->string, times, must);
            sum->writes += times;
        }
    }
    cJSON_Delete(state);
}

void print_tally(const char *about, const tally *sum)
{
    print_message(
        "%s: %d kills, %d stops, %d prompts settled, %d writes applied, %d events heard, %d more than "
        "once, %d handed to a person\n",
        about, sum->kills, sum->stops, sum->settled, sum->writes, sum->rows, sum->repeated, sum->unknown);
}

/* ---- load ---- */

void allow_second_writes(void)
{
    cJSON *state = control_get("state"), *switches = cJSON_CreateObject();
    cJSON *permissions = cJSON_DetachItemFromObject(cJSON_GetObjectItem(state, "switches"), "permissions");
    assert_true(cJSON_IsArray(permissions));
    cJSON_AddItemToArray(permissions, cJSON_CreateString("Edit Actioned Requests"));
    cJSON_AddItemToObject(switches, "permissions", permissions);
    cJSON_Delete(control_send("switch", switches));
    cJSON_Delete(switches);
    cJSON_Delete(state);
}

void make_requests(asked prompts[], size_t count)
{
    size_t made = 0;
    control("seed", "{'default':true,'generate':%zu}", 2 * count + 10);
    cJSON *state = control_get("state");
    const cJSON *request;
    cJSON_ArrayForEach (request, cJSON_GetObjectItemCaseSensitive(state, "requests")) {
        if (made == count || !is_made_up_execution(request))
            continue;
        asked *prompt = &prompts[made++];
        *prompt = (asked){0};
        snprintf(prompt->request, sizeof prompt->request, "%s", text_of(request, "approvalRequestId"));
        snprintf(prompt->organization, sizeof prompt->organization, "%s", text_of(request, "organizationId"));
    }
    cJSON_Delete(state);
    assert_int_equal(made, count);
}

char *seal_for(const char *chain, const char *organization, const char *request)
{
    static tl_client *client;
    char executor[80];
    if (client == NULL)
        client = make_client(NULL);
    snprintf(executor, sizeof executor, "chain:%s", chain);
    cJSON *prepared = prepare(client, executor, organization, request, NEW_FOR_COMPUTER);
    char *message = strdup(text_of(prepared, "message"));
    cJSON_Delete(prepared);
    assert_non_null(message);
    return message;
}

static const char *const faults[] = {
    "'kind':'drop_before_apply'",
    "'kind':'drop_after_apply'",
    "'kind':'close_without_reply'",
    "'kind':'delay','ms':150",
    "'kind':'delay','ms':700",
    "'kind':'delay','ms':60,'apply':'late'",
    "'kind':'status','status':500",
    "'kind':'status','status':500,'apply':true",
    "'kind':'status','status':502",
    "'kind':'status','status':502,'apply':true",
    "'kind':'status','status':429",
    "'kind':'truncate'",
    "'kind':'garbage'",
};

static const char *const places[] = {
    "ApprovalRequestPermitApplication",
    "ApprovalRequestPermitApplication",
    "ApprovalRequestUpdateFor",
    "ApprovalRequestGetById",
    "GetPermitApplicationById",
    "/portalapi/",
    "/rest/approval",
    "/rest/container",
    "/rest/",
};

void arm_some_fault(void)
{
    const char *fault = faults[random_below((int)COUNT(faults))];
    const char *place = places[random_below((int)COUNT(places))];
    control("fault", "{%s,'match':'%s','after':%d}", fault, place, random_below(6));
}

/* ---- chance ---- */

static uint64_t chance;

void seed_random(const char *about)
{
    const char *given = getenv("TL_SEED");
    chance = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)now_ms() * 2654435761u % 1000000;
    print_message("%s: TL_SEED=%llu\n", about, (unsigned long long)chance);
}

/* splitmix64 */
int random_below(int limit)
{
    uint64_t x = chance += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return (int)((x ^ x >> 31) % (uint64_t)limit);
}

bool is_long_run(void)
{
    const char *value = getenv("TL_LONG");
    return value != NULL && strcmp(value, "1") == 0;
}
