/* Prompts, their seals and their answers: no seal holds but over the text that was sealed, and nothing is
 * sent but what was sealed, shown and answered.
 *
 * "== prompt N" takes a good prompt (see `asked` in prompt_case.c), each line "OFFSET DELETED TEXT" below it
 * edits its text; "== message" is a text of its own; "== payload" is sealed as it stands. `record`, `run`,
 * `summary`, `details`, `words` and `options` change what SOAR and ThreatLocker tell, and how it is read,
 * line by line. */
#include <stdlib.h>
#include <string.h>

#include "prompt_case.h"
#include "prompt_oracle.h"

/* ---- seals ---- */

static size_t word_length(const char **text)
{
    *text += strspn(*text, " \t\r\n");
    return strcspn(*text, " \t\r\n");
}

/* Equal but for white space. */
static bool same_words(const char *a, const char *b)
{
    for (;;) {
        size_t length = word_length(&a);
        if (word_length(&b) != length || strncmp(a, b, length) != 0)
            return false;
        if (length == 0)
            return true;
        a += length;
        b += length;
    }
}

/* Which of the good prompts says this; -1 for none. */
static int prompt_of(const char *message)
{
    int found = OURS - 1;
    while (found >= 0 && !same_words(message, prompt_world_of()->prompts[found]))
        found--;
    return found;
}

static void check_choices(const tl_seal *seal)
{
    const char *const *labels = tl_seal_labels(seal);
    int size = cJSON_GetArraySize(seal->choices);
    must(size >= 1 && size <= TL_MAX_LABELS && tl_is_real_guid(seal->request_id));
    for (int i = -3; i < TL_MAX_LABELS + 3; i++)
        must((tl_seal_choice(seal, i) != NULL) == (labels == NULL ? i == -1 : i >= 0 && i < size));
}

/* Fails when the seal holds over a text that nobody sealed. */
static bool check_seal(tl_seal *out, const char *message)
{
    const char *why = NULL;
    if (tl_seal_read(out, &why, prompt_world_of()->client->seal_key, message) != TL_SEAL_GOOD) {
        must(why != NULL && out->payload == NULL);
        return false;
    }
    check_choices(out);
    bool covers = tl_seal_covers(out, message) == TL_SEAL_GOOD;
    must_about(!covers || prompt_of(message) >= 0, message);
    return covers;
}

/* A payload under a good signature, though we would never write it. */
static void check_payload(const fuzz_section *section)
{
    tl_buffer text = {.limit = 1 << 20};
    unsigned char mac[TL_SHA256_SIZE];
    tl_seal seal;
    const char *why = NULL;
    char *encoded = tl_base64url_encode(section->body, section->length);
    must(tl_buffer_format(&text, TL_SEAL_MARK "1:%s", encoded));
    tl_hmac_sha256(prompt_world_of()->client->seal_key, TL_SHA256_SIZE, text.data, text.length, mac);
    char *signature = tl_base64url_encode(mac, sizeof mac);
    must(tl_buffer_format(&text, ":%s", signature));
    if (tl_seal_read(&seal, &why, prompt_world_of()->client->seal_key, text.data) == TL_SEAL_GOOD)
        check_choices(&seal);
    tl_seal_clear(&seal);
    free(signature);
    free(encoded);
    tl_buffer_free(&text);
}

/* ---- what was sent ---- */

static void check_facts(const trial *all)
{
    static const char *const facts[] = {"approvalRequest.approvalRequestId",
                                        "organizationId",
                                        "computerId",
                                        "computerGroupId",
                                        "osType",
                                        "approvalRequest.json",
                                        "approvalRequest.hash",
                                        "approvalRequest.path",
                                        "approvalRequest.threatLockerActionDto.hash",
                                        "approvalRequest.threatLockerActionDto.sha256",
                                        "fileDetails.hash",
                                        "fileDetails.sha256",
                                        "fileDetails.fullPath"};
    int64_t status = tl_json_integer_or(all->details, "approvalRequest.statusId", 0);
    must(status != 0 && status != 4 && status != 10 && status != 12 && status != 16);
    for (size_t i = 0; i < COUNT(facts); i++) {
        char *before = text_of(tl_json_path(prompt_world_of()->details, facts[i]));
        assert_text_and_free(text_of(tl_json_path(all->details, facts[i])), before);
        free(before);
    }
}

/* The body permits what was sealed: this file by its hash, here or for the group. */
static void check_permit(const trial *all, bool group)
{
    cJSON *body = NULL;
    must(tl_json_parse(&body, all->written, all->length, NULL) == TL_OK);
    const cJSON *level = tl_json_member(body, "policyLevel");
    const cJSON *rules = tl_json_path(body, "policyConditions.manualOptions");
    must(tl_json_true(level, "toComputer") == !group && tl_json_true(level, "toComputerGroup") == group);
    must(!tl_json_true(level, "toEntireOrganization"));
    must(cJSON_GetArraySize(rules) == 1 && strlen(tl_json_text_or_empty(rules->child, "hash")) == 64);
    must(tl_json_text(rules->child, "fullPath") == NULL);
    must(strcmp(tl_json_text_or_empty(body, "matchingApplications.newApplicationName"), "Field tool") == 0);
    cJSON_Delete(body);
}

static void check_sent(const trial *all, const tl_resolve_options *options, const tl_reading *reading,
                       int prompt)
{
    bool permit = strcmp(all->kind, "ApprovalRequestPermitApplication") == 0;
    bool reject = strcmp(all->kind, "ApprovalRequestUpdateForReject") == 0;
    bool group = prompt == LABELLED && reading->label == 1;
    must(prompt >= 0 && prompt < FOR_PLAYBOOK);
    must(reading->kind == (permit ? TL_READING_PERMIT : reject ? TL_READING_REJECT : TL_READING_IGNORE));
    must(options->request_id == NULL || tl_equal_ignore_case(options->request_id, REQUEST));
    must(!permit || !group || options->limits.max_scope >= TL_SCOPE_GROUP);
    if (options->answerer_not_requester)
        must(reading->answered_by != NULL && strcmp(reading->answered_by, "EXAMPLE\\ann") != 0);
    check_facts(all);
    if (permit)
        check_permit(all, group);
}

/* ---- the target ---- */

static tl_resolve_options options_of(const trial *all)
{
    tl_resolve_options options = TL_RESOLVE_OPTIONS_INIT;
    int64_t age = tl_json_integer_or(all->options, "max_age", 3600);
    options.max_answer_age_s = age > 0 && age < 86400 ? age : 3600;
    options.limits.max_scope = tl_json_true(all->options, "group") ? TL_SCOPE_GROUP : TL_SCOPE_COMPUTER;
    options.answerer_not_requester = tl_json_true(all->options, "not_requester");
    options.request_id = tl_json_text(all->options, "request");
    options.words = all->words.words;
    return options;
}

static tl_reading read_answer(const trial *all, const tl_resolve_options *options, const tl_seal *seal,
                              const cJSON *questions)
{
    tl_prompt_evidence evidence = {.record = all->record,
                                   .response_types = questions,
                                   .labels = seal == NULL ? NULL : tl_seal_labels(seal),
                                   .words = &options->words,
                                   .max_answer_age_us = options->max_answer_age_s * TL_SECOND_US};
    if (tl_json_integer_or(all->record, "action_run", 0) > 0)
        evidence.app_run = all->run;
    must(tl_time_parse(STUB_NOW, false, &evidence.now_us));
    tl_reading reading = tl_read_prompt(&evidence);
    prompt_oracle_check(&evidence, &reading);
    return reading;
}

static void resolve(trial *all, const tl_resolve_options *options, const tl_reading *reading, int prompt)
{
    tl_error err = TL_ERROR_INIT;
    cJSON *outcome = NULL;
    stub_start(trial_serve, all);
    tl_code code =
        tl_resolve_prompt(&outcome, prompt_world_of()->client, prompt_world_of()->soar, 41, options, &err);
    must(code == err.code && (code == TL_OK) == (outcome != NULL));
    must(stub_writes() <= 1 && (stub_writes() == 0 || code == TL_OK));
    if (stub_writes() == 1)
        check_sent(all, options, reading, prompt);
    else
        must(strcmp(tl_json_text_or_empty(outcome, "applied"), "unknown") != 0);
    cJSON_Delete(outcome);
}

static void run(trial *all)
{
    tl_resolve_options options = options_of(all);
    tl_seal seal = {0};
    const char *message = NULL, *why = NULL;
    const cJSON *questions = NULL;
    bool bound = tl_bind_prompt(&message, &questions, &why, all->summary, all->record);
    must(bound == (why == NULL));
    bool covers = bound && check_seal(&seal, message);
    tl_reading reading = read_answer(all, &options, covers ? &seal : NULL, questions);
    if (tl_utf8_valid(all->message, strlen(all->message)))
        resolve(all, &options, &reading, covers ? prompt_of(message) : -1);
    tl_seal_clear(&seal);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_sections input;
    trial all;
    tl_seal seal;
    fuzz_sections_read(&input, data, size);
    const fuzz_section *payload = fuzz_next_section(&input, NULL, "payload");
    if (payload != NULL)
        check_payload(payload);
    trial_begin(&all, &input);
    (void)check_seal(&seal, all.message);
    tl_seal_clear(&seal);
    run(&all);
    trial_end(&all);
    fuzz_sections_free(&input);
    return 0;
}
