/* ThreatLocker's side of the data: organizations, computers, groups, applications, requests. */
#ifndef SANDBOX_WORLD_H
#define SANDBOX_WORLD_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "index.h"
#include "text.h"

/* The most that is generated. */
enum { GENERATED_REQUESTS = 1000000, GENERATED_ORGANIZATIONS = 100000 };

#define MASTER_ORGANIZATION "0a000000-0000-4000-8000-000000000001" /* owns the built-ins, sees nobody */
#define HOME_ORGANIZATION "0a000000-0000-4000-8000-000000000010"   /* the parent; the token belongs to it */

enum write_kind {
    WRITE_PERMIT,
    WRITE_REJECT,
    WRITE_IGNORE,
    WRITE_OWNERSHIP,
    WRITE_AUTHORIZE,
    WRITE_STORAGE,
    WRITE_KINDS
};

/* statusId, threatlocker-api C */
enum {
    STATUS_PENDING = 1,
    STATUS_APPROVED = 4,
    STATUS_NOT_LEARNED = 6,
    STATUS_REJECTED = 10,
    STATUS_ADDED = 12,
    STATUS_ESCALATED = 13,
    STATUS_SELF_APPROVED = 16,
    STATUS_ESCALATED_BY_CUSTOMER = 17
};

struct request {
    unsigned char key[16];          /* the id in binary */
    unsigned char organization[16]; /* its organization's, likewise */
    cJSON *fields;  /* the short form, README.md; what is absent there comes from the defaults */
    cJSON *effects; /* what each write did, in order */
    unsigned writes[WRITE_KINDS];
    long status;
    int64_t time;
    char *row; /* the list row as text, NULL until asked for */
};

struct world {
    cJSON *organizations;
    cJSON *computers;
    cJSON *groups;
    cJSON *applications;
    cJSON *audit; /* the audit trail, oldest first */
    unsigned long audit_rows;
    cJSON *defaults; /* of requests */
    struct index organization_index, computer_index;
    struct request *requests;
    size_t request_count;
    struct templates *templates;
    unsigned long fresh; /* ids handed out */
};

void world_open(struct world *world); /* without data */
void world_close(struct world *world);
/* Replaces all data; on failure says why and changes nothing. */
bool world_seed(struct world *world, const cJSON *fixtures, struct text *error);
bool world_seed_default(struct world *world);
void world_generate(struct world *world, unsigned long count);
/* Adds child organizations of the home one, each with a group and a computer, which world_generate uses. */
void world_generate_organizations(struct world *world, unsigned long count);
void world_indexed(struct world *world); /* call it after touching organizations or computers */

/* Fills a slot; takes `fields`. The organization is the computer's when not given. */
void request_set(const struct world *world, struct request *slot, cJSON *fields);

/* NULL when there is none. */
struct request *world_request(const struct world *world, const char *id);
const cJSON *world_organization(const struct world *world, const char *id);
const cJSON *world_application(const struct world *world, const char *id);

/* Is `id` the organization `top` or somewhere below it? */
bool organization_within(const struct world *world, const char *id, const char *top);
/* `top` and, if asked for, all below it. index_free() it. */
struct index organizations_below(const struct world *world, const char *top, bool children);
cJSON *organizations_above(const struct world *world, const char *id); /* a list of ids, nearest first */
const char *organization_name(const struct world *world, const char *id);
bool is_builtin(const cJSON *application);

/* The value of one field: from the request, its computer or the defaults. */
const cJSON *request_field(const struct world *world, const struct request *request, const char *name);
const char *request_text(const struct world *world, const struct request *request, const char *name);
const char *request_id(const struct request *request);
const char *request_organization(const struct request *request);
const char *request_kind(const struct world *world, const struct request *request);
bool request_open(const struct request *request); /* not actioned: pending, escalated */
void request_changed(struct request *request);    /* call it after touching `fields` */

void world_fresh_id(struct world *world, const char *prefix, char out[GUID_TEXT]);

/* Counts the write and keeps `effect` (taken) with it. */
void request_applied(struct request *request, enum write_kind kind, cJSON *effect);

cJSON *world_state_requests(const struct world *world);

#endif
