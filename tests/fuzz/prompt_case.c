#include "prompt_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANSWERED "2026-11-02T09:09:00Z"
#define RECORD                                                                                               \
    "{'id':41,'type':'manual','status':'approved','name':'ask_approver','due_time':'" TRUTH_DUE              \
    "','responses':['Permit'],'close_time':'" ANSWERED "','action_run':7}"
#define RUN                                                                                                  \
    "{'id':77,'status':'success','result_data':[{'status':'success','summary':{'user':'analyst',"            \
    "'answered_at':'" ANSWERED "','responses':['Permit']}}]}"
#define RUNS "{\"count\":1,\"num_pages\":1,\"data\":[{\"id\":77}]}"

static const char *const asked[PROMPTS] = {
    "{'executor':'playbook'}",
    "{'executor':'playbook','choices':{'Just here':{},'Its group':{'scope':'group'}}}",
    "{'executor':'chain:night-shift'}",
    "{'executor':'playbook','choice':{'ticket':'sealed with another key'}}",
};

static void make_world(prompt_world *world)
{
    cJSON *row = json_of("{}");
    world->client = stub_client("fuzz-token");
    world->soar = stub_soar("fuzz-token");
    world->details = truth_details(row);
    world->record = json_of(RECORD);
    world->run = json_of(RUN);
    world->summary = truth_summary(row, "");
    world->applications = json_of("{'hasMatching':true,'matchingApplications':" APPLICATIONS "}");
    world->groups = json_of(GROUPS);
    for (size_t i = 0; i < PROMPTS; i++) {
        cJSON *wanted = json_of(asked[i]), *options = truth_options(wanted);
        world->prompts[i] = truth_sealed(options, world->details,
                                         i == PROMPTS - 1 ? truth_other_key : world->client->seal_key);
        cJSON_Delete(options);
        cJSON_Delete(wanted);
    }
    cJSON_Delete(row);
}

const prompt_world *prompt_world_of(void)
{
    static prompt_world world;
    static bool made;
    if (!made)
        make_world(&world);
    made = true;
    return &world;
}

/* ---- one input ---- */

static cJSON *changed(const trial *all, const cJSON *base, const char *name)
{
    cJSON *tree = cJSON_Duplicate(base, true);
    const fuzz_section *section = NULL;
    while ((section = fuzz_next_section(all->input, section, name)) != NULL)
        fuzz_patch(&tree, section->body);
    return tree;
}

/* "OFFSET DELETED TEXT", \n standing for a line end. */
static void edit(tl_buffer *text, const char *line, size_t length)
{
    char *after = NULL;
    unsigned long long offset = strtoull(line, &after, 10), deleted = strtoull(after, &after, 10);
    tl_buffer out = {.limit = 1 << 20};
    size_t at = (size_t)(offset % (text->length + 1)), left = text->length - at;
    size_t gone = deleted < left ? (size_t)deleted : left;
    must(tl_buffer_append(&out, text->data, at));
    for (const char *c = after + (*after == ' '); c < line + length; c++) {
        bool line_end = c[0] == '\\' && c + 1 < line + length && c[1] == 'n';
        must(tl_buffer_append(&out, line_end ? "\n" : c, 1));
        c += line_end;
    }
    must(tl_buffer_append(&out, text->data + at + gone, left - gone));
    tl_buffer_free(text);
    *text = out;
}

static char *message_of(const prompt_world *world, const fuzz_sections *input)
{
    const fuzz_section *raw = fuzz_next_section(input, NULL, "message");
    const fuzz_section *section = fuzz_next_section(input, NULL, "prompt");
    tl_buffer text = {.limit = 1 << 20};
    size_t which = section == NULL ? 0 : strtoul(section->rest, NULL, 10) % PROMPTS;
    must(tl_buffer_text(&text, raw != NULL ? raw->body : world->prompts[which]));
    const char *line = section == NULL ? "" : section->body;
    while (*line != '\0') {
        size_t length = strcspn(line, "\n");
        edit(&text, line, length);
        line += length + (line[length] == '\n' ? 1 : 0);
    }
    return text.data;
}

void trial_begin(trial *all, const fuzz_sections *input)
{
    const prompt_world *world = prompt_world_of();
    cJSON *nothing = cJSON_CreateObject();
    *all = (trial){.world = world, .input = input, .message = message_of(world, input)};
    all->record = changed(all, world->record, "record");
    all->run = changed(all, world->run, "run");
    cJSON *summary = cJSON_Duplicate(world->summary, true);
    must(tl_json_set_text(node_at(summary, "notification_targets.0.parameters.0"), "message", all->message));
    all->summary = changed(all, summary, "summary");
    all->details = changed(all, world->details, "details");
    all->words_json = changed(all, nothing, "words");
    all->options = changed(all, nothing, "options");
    all->printed = cJSON_CreateArray();
    if (tl_words_read(&all->words, all->words_json, NULL) != TL_OK)
        all->words = (tl_word_lists){0};
    cJSON_Delete(summary);
    cJSON_Delete(nothing);
}

void trial_end(trial *all)
{
    cJSON *trees[] = {all->record,     all->run,     all->summary, all->details,
                      all->words_json, all->options, all->printed};
    for (size_t i = 0; i < COUNT(trees); i++)
        cJSON_Delete(trees[i]);
    free(all->message);
    free(all->written);
}

/* ---- the services ---- */

/* Printed, and kept until the input ends. */
static stub_reply json_reply(trial *all, const cJSON *tree)
{
    char *text = text_of(tree);
    cJSON *kept = cJSON_CreateString(text);
    must(tl_json_append(all->printed, kept));
    free(text);
    return (stub_reply){200, kept->valuestring, strlen(kept->valuestring), NULL};
}

static stub_reply take_write(trial *all, const tl_http_request *request)
{
    static const int ends[] = {200, STUB_LOST, 500, 417, STUB_REFUSED};
    int64_t end = tl_json_integer_or(all->options, "end", 0);
    must(all->written == NULL);
    all->written = exact_copy(request->body, request->body_length);
    all->length = request->body_length;
    snprintf(all->kind, sizeof all->kind, "%s", request->label);
    return (stub_reply){ends[end >= 0 && end < (int64_t)COUNT(ends) ? end : 0], NULL, 0, NULL};
}

/* The row; after the write as `options` say, or as it would be then. */
static stub_reply row_reply(trial *all)
{
    cJSON *row = cJSON_Duplicate(tl_json_member(all->details, "approvalRequest"), true);
    bool permit = strcmp(all->kind, "ApprovalRequestPermitApplication") == 0;
    if (all->written != NULL)
        must(
            tl_json_set_integer(row, "statusId", tl_json_integer_or(all->options, "after", permit ? 4 : 10)));
    stub_reply reply = json_reply(all, row);
    cJSON_Delete(row);
    return reply;
}

stub_reply trial_serve(void *data, const tl_http_request *request)
{
    trial *all = data;
    if (request->write)
        return take_write(all, request);
    if (strcmp(request->target, "/rest/approval/41") == 0)
        return json_reply(all, all->record);
    if (strstr(request->target, "/detail_summary_view") != NULL)
        return json_reply(all, all->summary);
    if (strstr(request->target, "/app_runs") != NULL)
        return (stub_reply){200, RUNS, sizeof RUNS - 1, NULL};
    if (strstr(request->target, "/rest/app_run/") != NULL)
        return json_reply(all, all->run);
    if (strcmp(request->label, "ApprovalRequestGetPermitApplicationById") == 0)
        return json_reply(all, all->details);
    if (strcmp(request->label, "ApprovalRequestGetById") == 0)
        return row_reply(all);
    if (strcmp(request->label, "ApplicationGetMatchingList") == 0)
        return json_reply(all, all->world->applications);
    return json_reply(all, all->world->groups);
}
