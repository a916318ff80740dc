/* on poll: a container for each open request that has none yet.
 *
 * The list of open requests is a set, not a time line: what is known is remembered by id. A portion is handed
 * over with a state that holds only what was handed over so far, so that a poll which dies loses nothing; ids
 * leave the state once a whole walk no longer lists them. */
#include <string.h>

#include "action.h"
#include "container.h"
#include "known.h"
#include "prune.h"

enum { PORTION = 50 };

/* What SOAR passes where a schedule polls [code SDK]. */
static const int64_t no_limit = 4294967295;

typedef struct poll {
    tlp_call *call;
    bool remembers; /* the state counts: a schedule polls everything */
    cJSON *wanted;  /* ids of requests, where only some are asked for; NULL = all */
    cJSON *kinds;   /* as the asset names them; NULL = all */
    tlp_known known;
    const cJSON *template; /* of the containers' data */
    cJSON *containers;
    int64_t room;   /* containers that this portion may still have */
    bool more;      /* there is one beyond that */
    bool unsettled; /* a list kept changing while it was read */
} poll;

static bool lists(const cJSON *list, const char *text)
{
    const cJSON *entry;
    cJSON_ArrayForEach (entry, list)
        if (strcmp(entry->valuestring, text) == 0)
            return true;
    return list == NULL;
}

/* Whether the row is to become a container; its id is in `id` then. */
static bool is_wanted(poll *this, const cJSON *row, char id[TLP_ID_SIZE])
{
    if (!tlp_id_digits(id, tlp_text(row, "approvalRequestId")) || !lists(this->kinds, tl_request_kind(row)) ||
        !lists(this->wanted, id))
        return false;
    return !tlp_known_mark(&this->known, id);
}

static tl_code take(poll *this, const cJSON *row, tl_error *err)
{
    char id[TLP_ID_SIZE];
    if (!is_wanted(this, row, id))
        return TL_OK;
    if (this->room == 0) {
        this->more = true;
        return TL_OK;
    }
    this->room--;
    bool ok = tlp_append(this->containers, tlp_container(this->call->session, row, this->template)) &&
              tlp_known_add(&this->known, id);
    return ok ? TL_OK : tlp_fail_memory(err);
}

/* Walks one list until its end, or until more is there than may be handed over. */
static tl_code walk(poll *this, int status_id, tl_error *err)
{
    const tl_plugin *session = this->call->session;
    tl_request_query query = TL_REQUEST_QUERY_INIT;
    query.status_id = status_id;
    query.children = tlp_flag(session->config, "poll_children");
    query.search = tlp_text(session->config, "poll_search");
    tl_requests *requests = NULL;
    cJSON *row = NULL;
    tl_code code = tl_requests_open(&requests, session->client, &query, err);
    while (code == TL_OK && !this->more && (code = tl_requests_next(&row, requests, err)) == TL_OK &&
           row != NULL) {
        code = take(this, row, err);
        cJSON_Delete(row);
    }
    this->unsettled |= code == TL_OK && !this->more && !tl_requests_complete(requests);
    tl_requests_close(requests);
    return code;
}

static tl_code walk_all(poll *this, tl_error *err)
{
    static const int statuses[] = {TL_STATUS_PENDING, TL_STATUS_ESCALATED, TL_STATUS_ESCALATED_BY_CUSTOMER};
    tl_code code = TL_OK;
    for (size_t i = 0; code == TL_OK && !this->more && i < sizeof statuses / sizeof statuses[0]; i++)
        code = walk(this, statuses[i], err);
    return code;
}

/* ---- what is asked for ---- */

/* Ids as requests have them, or as the identifiers of our containers end in. */
static tl_code read_wanted(poll *this, tl_error *err)
{
    const char *text = tlp_text(this->call->parameters, "container_id");
    cJSON *entry;
    if (text == NULL)
        return TL_OK;
    if ((this->wanted = tlp_split(text)) == NULL)
        return tlp_fail_memory(err);
    cJSON_ArrayForEach (entry, this->wanted) {
        char id[TLP_ID_SIZE];
        const char *colon = strrchr(entry->valuestring, ':');
        if (!tlp_id_digits(id, colon == NULL ? entry->valuestring : colon + 1))
            return tlp_fail(err, TL_INVALID, "container_id must hold ids of requests");
        if (cJSON_SetValuestring(entry, id) == NULL)
            return tlp_fail_memory(err);
    }
    return TL_OK;
}

/* How many containers this call may hand over. */
static int64_t room_of(const poll *this)
{
    const tl_plugin *session = this->call->session;
    int64_t limit = tlp_integer(session->config, "poll_limit", 0);
    int64_t count = tlp_integer(this->call->parameters, "container_count", no_limit);
    if (!this->remembers)
        return count > 0 && count < no_limit ? count : limit > 0 ? limit : PORTION;
    int64_t left = limit > 0 ? limit - session->polled : PORTION;
    return left < PORTION ? (left > 0 ? left : 0) : PORTION;
}

static tl_code start(poll *this, tl_error *err)
{
    const tl_plugin *session = this->call->session;
    const char *kinds = tlp_text(session->config, "poll_kinds");
    tl_code code = read_wanted(this, err);
    if (code != TL_OK)
        return code;
    this->remembers = !tlp_flag(this->call->request, "poll_now") && this->wanted == NULL;
    this->room = room_of(this);
    this->template = session->row_template;
    this->containers = cJSON_CreateArray();
    this->kinds = kinds == NULL ? NULL : tlp_split(kinds);
    bool ok = this->containers != NULL && (kinds == NULL || this->kinds != NULL) &&
              tlp_known_read(&this->known, this->remembers ? tlp_member(this->call->request, "state") : NULL);
    return ok ? TL_OK : tlp_fail_memory(err);
}

/* ---- what is handed over ---- */

/* Whether this poll may go on after this portion. */
static bool goes_on(const poll *this)
{
    int64_t limit = tlp_integer(this->call->session->config, "poll_limit", 0);
    return this->remembers && this->more && (limit == 0 || this->call->session->polled < limit);
}

static void give(poll *this, bool whole, const tl_error *broke)
{
    tl_plugin *session = this->call->session;
    tlp_reply *reply = this->call->reply;
    int count = cJSON_GetArraySize(this->containers);
    session->polled += count;
    bool more = whole && goes_on(this);
    if (!more)
        session->polled = 0;
    if (this->remembers)
        tlp_reply_other(reply, "state",
                        tlp_known_state(&this->known, whole && !this->more && !this->unsettled));
    tlp_reply_other(reply, "containers", this->containers);
    tlp_reply_other(reply, "more", cJSON_CreateBool(more));
    this->containers = NULL;
    if (whole)
        tlp_reply_say(reply, "New requests: %d%s", count, more ? ", and more to come" : "");
    else
        tlp_reply_fail(reply, "New requests: %d, then the list broke off: %s", count, broke->message);
}

static void finish(poll *this)
{
    cJSON_Delete(this->containers);
    cJSON_Delete(this->wanted);
    cJSON_Delete(this->kinds);
    tlp_known_free(&this->known);
}

tl_code tlp_on_poll(tlp_call *call, tl_error *err)
{
    poll this = {.call = call};
    tl_error why = TL_ERROR_INIT;
    tl_code code = start(&this, err);
    if (code == TL_OK) {
        tlp_progress(call->session, "Reading the open requests");
        code = walk_all(&this, &why);
        /* What was seen is not lost: it is handed over, and stays known. */
        if (code == TL_OK || (code != TL_MEMORY && code != TL_CANCELLED && this.containers->child != NULL)) {
            give(&this, code == TL_OK, &why);
            code = TL_OK;
        } else {
            *err = why;
        }
    }
    finish(&this);
    return code;
}
