#include "render.h"

#include <stdlib.h>
#include <string.h>

#include "embedded.h"
#include "json.h"
#include "portal.h"

enum shape { SHAPE_ROW, SHAPE_REQUEST, SHAPE_DETAILS };

struct view {
    const struct world *world;
    const struct switches *switches;
    struct request *request;
    enum shape shape;
    long count;
};

typedef void append_fn(struct text *out, const struct view *view);

struct part {
    char *literal;
    char *field;       /* NULL after the last literal */
    append_fn *append; /* NULL: the field's own value */
};

struct form {
    struct part *parts;
    size_t count;
};

struct templates {
    struct form row, details, timer, action;
};

static void fill(struct text *out, const struct form *form, const struct view *view);

static const char *text_of(const struct view *view, const char *field)
{
    return request_text(view->world, view->request, field);
}

static void append_bool(struct text *out, bool value)
{
    text_puts(out, value ? "true" : "false");
}

static void append_field(struct text *out, const struct view *view, const char *name)
{
    const cJSON *value = request_field(view->world, view->request, name);
    if (!value)
        text_puts(out, "null");
    else if (cJSON_IsString(value))
        text_quote(out, value->valuestring);
    else
        json_print(out, value);
}

/* Digits in a string leave as a bare number: fixtures can hold integers that a double cannot. */
static void append_size(struct text *out, const struct view *view)
{
    const char *digits = text_of(view, "size");
    if (digits)
        text_puts(out, digits);
    else
        append_field(out, view, "size");
}

static void append_organization_name(struct text *out, const struct view *view)
{
    text_quote(out, organization_name(view->world, request_organization(view->request)));
}

/* Rows show the master organization, the details do not: literal null there [official]. */
static void append_master(struct text *out, const struct view *view)
{
    (void)view;
    text_quote(out, MASTER_ORGANIZATION);
}

/* base64 in B1 and B3, plain in B4's fileDetails [observed Space-C0wboy]. */
static void append_reason_base64(struct text *out, const struct view *view)
{
    const char *reason = text_of(view, "reason");
    text_puts(out, "\"");
    base64_encode(out, reason ? reason : "");
    text_puts(out, "\"");
}

/* null in a row, set by id [official]. */
static void append_dto_hash(struct text *out, const struct view *view)
{
    text_quote(out, view->shape == SHAPE_ROW ? NULL : text_of(view, "hash"));
}

static void append_json(struct text *out, const struct view *view)
{
    struct text json = {0};
    bool shown =
        view->shape != SHAPE_ROW && render_json_member(view->world, view->switches, view->request, &json);
    text_quote(out, shown ? text_str(&json) : NULL);
    text_free(&json);
}

static void append_timer(struct text *out, const struct view *view)
{
    if (view->shape == SHAPE_ROW)
        text_puts(out, "null");
    else
        fill(out, &view->world->templates->timer, view);
}

static void append_portal_url(struct text *out, const struct view *view)
{
    struct text url = {0};
    text_printf(&url, "https://portalapi.%s.threatlocker.com/", view->switches->instance);
    text_quote(out, text_str(&url));
    text_free(&url);
}

static void append_instance(struct text *out, const struct view *view)
{
    text_quote(out, view->switches->instance);
}

static void append_count(struct text *out, const struct view *view)
{
    text_printf(out, "%ld", view->count);
}

static void append_denied_at(struct text *out, const struct view *view)
{
    append_field(out, view, text_of(view, "deniedAt") ? "deniedAt" : "dateTime");
}

static void append_status_id(struct text *out, const struct view *view)
{
    text_printf(out, "%ld", view->request->status);
}

static void append_by_cyber_hero(struct text *out, const struct view *view)
{
    append_bool(out, view->request->status == STATUS_ESCALATED);
}

static void append_by_customer(struct text *out, const struct view *view)
{
    append_bool(out, view->request->status == STATUS_ESCALATED_BY_CUSTOMER);
}

static void append_organization_ids(struct text *out, const struct view *view)
{
    cJSON *above = organizations_above(view->world, request_organization(view->request));
    json_print(out, above);
    cJSON_Delete(above);
}

static void append_is_elevation(struct text *out, const struct view *view)
{
    append_bool(out, same_word(request_kind(view->world, view->request), "elevate"));
}

static void append_is_execution(struct text *out, const struct view *view)
{
    append_bool(out, same_word(request_kind(view->world, view->request), "execute"));
}

static void append_virus_total(struct text *out, const struct view *view)
{
    const char *sha256 = text_of(view, "sha256");
    struct text url = {0};
    text_printf(&url, "https://virustotal.example.com/gui/file/%s", sha256 ? sha256 : "");
    text_quote(out, text_str(&url));
    text_free(&url);
}

static void append_policy_location(struct text *out, const struct view *view)
{
    const char *name = organization_name(view->world, request_organization(view->request));
    struct text location = {0};
    text_printf(&location, "%s\\Workstations", name ? name : "");
    text_quote(out, text_str(&location));
    text_free(&location);
}

/* An unsigned file still has one empty certificate in the sample [official]. */
static void append_certificates(struct text *out, const struct view *view)
{
    if (cJSON_GetArraySize(request_field(view->world, view->request, "certs")) > 0)
        append_field(out, view, "certs");
    else
        text_puts(out, "[{\"sha\":\"\",\"subject\":\"\",\"validCert\":true}]");
}

static void append_filename(struct text *out, const struct view *view)
{
    text_quote(out, file_name(text_of(view, "path")));
}

static void append_approval_status(struct text *out, const struct view *view)
{
    long status = view->request->status;
    const char *word = "Pending";
    if (status == STATUS_APPROVED || status == STATUS_ADDED || status == STATUS_SELF_APPROVED)
        word = "Approved";
    else if (status == STATUS_REJECTED)
        word = "Rejected";
    text_quote(out, word);
}

/* False for a file with three matches [observed Space-C0wboy], hence the default. */
static void append_has_matching(struct text *out, const struct view *view)
{
    append_bool(out, switch_is(view->switches, SW_HAS_MATCHING, "actual") &&
                         request_has_match(view->world, view->request));
}

static const struct {
    const char *name;
    append_fn *append;
} sources[] = {{"size", append_size},
               {"organizationName", append_organization_name},
               {"masterOrganizationId", append_master},
               {"reasonBase64", append_reason_base64},
               {"dtoHash", append_dto_hash},
               {"json", append_json},
               {"timer", append_timer},
               {"portalApiUrl", append_portal_url},
               {"userInstance", append_instance},
               {"count", append_count},
               {"deniedAt", append_denied_at},
               {"statusId", append_status_id},
               {"isEscalatedByCyberHero", append_by_cyber_hero},
               {"isEscalatedByCustomer", append_by_customer},
               {"organizationIds", append_organization_ids},
               {"isElevationRequest", append_is_elevation},
               {"isExecutionRequest", append_is_execution},
               {"virusTotalUrl", append_virus_total},
               {"policyLocation", append_policy_location},
               {"certificates", append_certificates},
               {"filename", append_filename},
               {"approvalStatus", append_approval_status},
               {"hasMatchingApplication", append_has_matching}};

static append_fn *source_of(const char *name)
{
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        if (strcmp(sources[i].name, name) == 0)
            return sources[i].append;
    return NULL;
}

static void add_part(struct form *form, const char *literal, size_t len, char *field)
{
    form->parts = need_more(form->parts, (form->count + 1) * sizeof *form->parts);
    form->parts[form->count++] =
        (struct part){copy_bytes(literal, len), field, field ? source_of(field) : NULL};
}

static void form_compile(struct form *form, const char *source)
{
    char *text = copy_text(source);
    cJSON_Minify(text);
    const char *s = text;
    for (const char *open; (open = strstr(s, "\"{{")); s = strstr(open, "}}\"") + 3)
        add_part(form, s, (size_t)(open - s), copy_bytes(open + 3, strcspn(open + 3, "}")));
    add_part(form, s, strlen(s), NULL);
    free(text);
}

static void form_free(struct form *form)
{
    for (size_t i = 0; i < form->count; i++) {
        free(form->parts[i].literal);
        free(form->parts[i].field);
    }
    free(form->parts);
}

struct templates *templates_open(void)
{
    struct templates *templates = need(sizeof *templates);
    form_compile(&templates->row, embedded_row);
    form_compile(&templates->details, embedded_details);
    form_compile(&templates->timer, embedded_timer);
    form_compile(&templates->action, embedded_action);
    return templates;
}

void templates_close(struct templates *templates)
{
    if (!templates)
        return;
    form_free(&templates->row);
    form_free(&templates->details);
    form_free(&templates->timer);
    form_free(&templates->action);
    free(templates);
}

static void fill(struct text *out, const struct form *form, const struct view *view)
{
    for (size_t i = 0; i < form->count; i++) {
        const struct part *part = &form->parts[i];
        text_puts(out, part->literal);
        if (part->append)
            part->append(out, view);
        else if (part->field)
            append_field(out, view, part->field);
    }
}

/* A fixture may change any member of what is shown: {"row":{…}}, {"request":{…}}, {"details":{…}}. */
static void patch(struct text *out, const struct view *view, const char *name)
{
    const cJSON *changes = cJSON_GetObjectItemCaseSensitive(view->request->fields, name);
    if (!cJSON_IsObject(changes))
        return;
    cJSON *tree = cJSON_Parse(out->data);
    json_merge(tree, changes);
    text_free(out);
    json_print(out, tree);
    cJSON_Delete(tree);
}

static void render(const struct view *view, const struct form *form, const char *patch_name, struct text *out)
{
    struct text shown = {0};
    fill(&shown, form, view);
    patch(&shown, view, patch_name);
    text_add(out, shown.data, shown.len);
    text_free(&shown);
}

void render_row(const struct world *world, const struct switches *switches, struct request *request,
                long count, struct text *out)
{
    struct view view = {world, switches, request, SHAPE_ROW, count};
    if (count != 0) {
        render(&view, &world->templates->row, "row", out);
        return;
    }
    if (!request->row) { /* kept: a walk over 10,000 requests asks for each row again and again */
        struct text row = {0};
        render(&view, &world->templates->row, "row", &row);
        request->row = row.data;
    }
    text_puts(out, request->row);
}

void render_request(const struct world *world, const struct switches *switches, struct request *request,
                    struct text *out)
{
    struct view view = {world, switches, request, SHAPE_REQUEST, 0};
    render(&view, &world->templates->row, "request", out);
}

void render_details(const struct world *world, const struct switches *switches, struct request *request,
                    struct text *out)
{
    struct view view = {world, switches, request, SHAPE_DETAILS, 0};
    render(&view, &world->templates->details, "details", out);
}

bool render_json_member(const struct world *world, const struct switches *switches, struct request *request,
                        struct text *out)
{
    struct view view = {world, switches, request, SHAPE_DETAILS, 0};
    const cJSON *given = cJSON_GetObjectItemCaseSensitive(request->fields, "json");
    if (cJSON_IsNull(given))
        return false;
    if (cJSON_IsString(given))
        text_puts(out, given->valuestring);
    else
        fill(out, &world->templates->action, &view);
    return true;
}
