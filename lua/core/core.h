/* The C half of the Lua module `threatlocker`: what its files share.
 *
 * Two rules hold everywhere. Nearly every Lua call may throw, so a C resource that lives across one is held
 * by a userdata with __gc: a box, or the object itself. And no Lua code runs inside a transfer: log and event
 * lines are kept and handed over afterwards; only a chain's `decide` runs within tl_chain_step, between
 * transfers. */
#ifndef TL_LUA_CORE_H
#define TL_LUA_CORE_H

#include <lauxlib.h>
#include <lua.h>
#include <stdatomic.h>
#include <time.h>

#include "threatlocker/threatlocker.h"

#define TLUA_CLIENT "threatlocker.client"
#define TLUA_SOAR "threatlocker.soar"
#define TLUA_CHAIN "threatlocker.chain"
#define TLUA_REQUESTS "threatlocker.requests"
#define TLUA_ARRAY "threatlocker.array"
#define TLUA_ERROR "threatlocker.error"

/* ---- box.c: C memory that a throwing Lua call must not leak ---- */

typedef struct tlua_box {
    cJSON *tree; /* freed by cJSON_Delete */
    char *text;  /* freed by free() */
} tlua_box;

/* Pushes an empty box as a to-be-closed slot: what is put in goes when the calling C function returns or
 * throws. */
tlua_box *tlua_push_box(lua_State *L);
void tlua_open_box(lua_State *L);

/* ---- fail.c: a tl_error for Lua ---- */

/* Returns nil, message, code name and a table with everything. */
int tlua_fail(lua_State *L, const tl_error *err);
/* The same for a failure found on this side of the core. */
int tlua_fail_with(lua_State *L, tl_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Fills err with such a failure; returns its code. */
tl_code tlua_set_error(tl_error *err, tl_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Pushes the table alone. */
void tlua_push_error(lua_State *L, const tl_error *err);
/* Raises it: for iterators, where a nil would look like the end. */
int tlua_raise(lua_State *L, const tl_error *err);
void tlua_open_error(lua_State *L);

/* ---- options.c: tables of named options ---- */

typedef enum tlua_kind {
    TLUA_TEXT, /* without NUL bytes */
    TLUA_BYTES,
    TLUA_NUMBER,
    TLUA_INTEGER,
    TLUA_FLAG,
    TLUA_FUNCTION,
    TLUA_TABLE,
    TLUA_ANY
} tlua_kind;

typedef struct tlua_option {
    const char *name; /* NULL ends the list */
    tlua_kind kind;
} tlua_option;

/* Raises unless the argument is a table that holds only known options of the right kind. An absent argument
 * becomes an empty table. The getters below expect a table that passed. */
void tlua_check_options(lua_State *L, int arg, const tlua_option *known);
/* Pushes the value, nil when absent; returns its type. */
int tlua_push_option(lua_State *L, int arg, const char *name);
/* Texts are borrowed from the table; NULL = absent. */
const char *tlua_text(lua_State *L, int arg, const char *name);
const char *tlua_bytes(lua_State *L, int arg, const char *name, size_t *out_length);
bool tlua_flag(lua_State *L, int arg, const char *name, bool absent);
/* Raises outside of min..max; `absent` where there is none. */
int64_t tlua_integer(lua_State *L, int arg, const char *name, int64_t min, int64_t max, int64_t absent);
/* Seconds as milliseconds, at least 1; 0 = absent. */
int64_t tlua_milliseconds(lua_State *L, int arg, const char *name);
typedef struct tlua_word {
    const char *name; /* NULL ends the list */
    int value;
} tlua_word;
/* The number that belongs to the word `text`; raises, naming the option, where the list lacks it. */
int tlua_choose(lua_State *L, const char *name, const char *text, const tlua_word *words);
/* The option's number: that of a word, or one from min to max; `absent` where there is none. */
int tlua_word_or_integer(lua_State *L, int arg, const char *name, const tlua_word *words, int min, int max,
                         int absent);
/* The texts of an option that is a list of at least one, or a single text, with a NULL at the end; NULL where
 * it is absent. Pushes one value, which owns the array; the texts are borrowed from the table. */
const char *const *tlua_push_texts(lua_State *L, int arg, const char *name);

bool tlua_has_nul(lua_State *L, int index);
/* The length of the table at `index` (positive); -1 unless its keys are 1, 2, 3 and so on. */
lua_Integer tlua_list_length(lua_State *L, int index);
/* Text of an argument: a string (no number) without NUL bytes. */
const char *tlua_check_text(lua_State *L, int arg);
int64_t tlua_check_integer(lua_State *L, int arg);

/* ---- environment.c: what options fall back to ---- */

/* The variable's value; NULL when unset or empty. */
const char *tlua_environment(const char *name);

enum { TLUA_SECRET_MAX = 4096 };
typedef struct tlua_secret {
    const char *text; /* NULL = none was given */
    bool exposed;     /* it came from a file that others can read */
    char file[TLUA_SECRET_MAX + 2];
} tlua_secret;
/* Finds the token: the option, else `variable`, else the file that `variable`_FILE names. False fills err. */
bool tlua_find_secret(tlua_secret *out, const char *option, const char *variable, tl_error *err);
/* Forgets the text and clears the file's content; `exposed` stays for the warning. */
void tlua_wipe_secret(tlua_secret *secret);
/* As a warning of Lua's, which are off unless a program turns them on: the command does. */
void tlua_warn_if_exposed(lua_State *L, const tlua_secret *secret, const char *variable);
int tlua_look_at_secret(lua_State *L);

/* ---- lines.c: log and event lines wait for the end of the transfer ---- */

typedef struct tlua_lines {
    char *data; /* NUL-terminated lines, one after the other */
    size_t length;
    size_t capacity;
    unsigned dropped;
    bool delivering;
} tlua_lines;
/* A tl_log_fn and tl_event_fn; data is the tlua_lines. */
void tlua_keep_line(void *data, const char *line);
/* Calls the function in user value `slot` of the object at `index` (positive) with each line. Never raises:
 * what goes wrong must not hide the outcome of the call that is being logged. The function's own errors
 * become warnings. False when memory ran out: lines were not delivered then. */
bool tlua_deliver_lines(lua_State *L, tlua_lines *lines, int index, int slot);
void tlua_free_lines(tlua_lines *lines);

/* ---- service.c: what the clients of the two services share ---- */

/* Something that must end before the service it uses is freed: an iterator, a chain. */
typedef struct tlua_link {
    struct tlua_link *next;
    struct tlua_link **place; /* what points at this link; NULL = not linked */
    void (*end)(struct tlua_link *link);
} tlua_link;

typedef struct tlua_service {
    tl_client *client; /* one of the two; both NULL = closed */
    tl_soar *soar;
    int busy;          /* steps of chains that run with it at this moment */
    int64_t page_size; /* of listings, where they name none; 0 = the core's */
    int concurrency;
    tlua_link *users;
    tlua_lines log;
} tlua_service;

enum { TLUA_SLOT_LOG = 1, TLUA_SLOT_NULL, TLUA_SLOT_FIELDS, TLUA_SERVICE_SLOTS = TLUA_SLOT_FIELDS };

#define TLUA_CONNECTION_OPTIONS                                                                              \
    {"ca_file", TLUA_TEXT}, {"client_cert", TLUA_TEXT}, {"client_key", TLUA_TEXT}, {"proxy", TLUA_TEXT},     \
        {"timeout", TLUA_NUMBER}, {"connect_timeout", TLUA_NUMBER}, {"retries", TLUA_INTEGER},               \
        {"log", TLUA_FUNCTION},                                                                              \
    {                                                                                                        \
        "null", TLUA_ANY                                                                                     \
    }

/* Pushes a closed service of that type with log and null taken from the options. */
tlua_service *tlua_push_service(lua_State *L, const char *type, int options);
void tlua_read_connection(lua_State *L, int options, tlua_service *self, tl_connection *out);
/* Raises when it is of another type or closed. */
tlua_service *tlua_check_service(lua_State *L, int arg, const char *type);
void tlua_link_service(tlua_service *service, tlua_link *link, void (*end)(tlua_link *link));
void tlua_unlink(tlua_link *link);
/* After every call: hands over the log lines of the service at `index`. */
void tlua_deliver_log(lua_State *L, int index);
/* Makes a type: `methods` plus close, cancel, __gc, __close, __tostring. Pushes the table of its methods. */
void tlua_open_service(lua_State *L, const char *type, const luaL_Reg *methods);
/* Sets a method in the table on top of the stack; what the C function is to know about it, static data, it
 * gets from tlua_method_data. */
void tlua_set_method(lua_State *L, const char *name, lua_CFunction function, const void *data);
const void *tlua_method_data(lua_State *L);
/* A metatable that scripts cannot reach, with these metamethods and methods. Pushes the table of methods. */
void tlua_open_type(lua_State *L, const char *type, const luaL_Reg *metamethods, const luaL_Reg *methods);
/* __tostring of every type: its name, and an address or "closed". */
int tlua_describe(lua_State *L, const char *type, const void *handle);

/* ---- to_lua.c, to_json.c: JSON trees and Lua values ---- */

/* How a tree becomes Lua values: stack indices, 0 = none. */
typedef struct tlua_view {
    int null;   /* what stands for null; none: members that are null are left out */
    int fields; /* the list of a row's members to convert; none: all of them */
    int keys;   /* a cache of member names, see tlua_push_keys */
} tlua_view;

#define TLUA_PLAIN ((tlua_view){0, 0, 0})

/* Pushes the two user values of the service at `index`. */
tlua_view tlua_push_view(lua_State *L, int index);
/* Pushes an empty cache of member names, for rows that are much alike: the name that stood in the same place
 * of the row before is taken from there, which is quicker than to make a Lua string of it again. */
void tlua_push_keys(lua_State *L);

/* What a method that asked a service ends with, the service at 1: the log, then the tree or the failure. */
int tlua_finish_call(lua_State *L, tl_code code, const tlua_box *box, const tl_error *err);
void tlua_push_tree(lua_State *L, const cJSON *tree, tlua_view view);
void tlua_push_row(lua_State *L, const cJSON *row, tlua_view view);
void tlua_push_rows(lua_State *L, const cJSON *rows, tlua_view view);
/* Builds the tree of the value at `index` in a box that it pushes. Raises, naming the key path that starts
 * with `name`, for what JSON cannot hold; as an argument error where `arg` is not 0. */
cJSON *tlua_build_tree(lua_State *L, int index, int arg, const char *name, tlua_box **out_box);

/* ---- target.c: which requests a call is about ---- */

/* organization_id, which every call about a request takes. */
extern const tlua_option tlua_call_options[];

/* `arg` is an id, or a row, which brings its own organization; `organization_id` wins where it is not NULL.
 * Texts are borrowed. */
tl_request_ref tlua_check_target(lua_State *L, int arg, const char *organization_id);
/* Whether `arg` is a list and no row. */
bool tlua_is_list(lua_State *L, int arg);
/* The targets of a list, with `organization_id` for each where it is not NULL. Pushes one value, which owns
 * the array. */
const tl_request_ref *tlua_check_targets(lua_State *L, int arg, const char *organization_id,
                                         size_t *out_count);
bool tlua_has_member(lua_State *L, int arg, const char *name);
/* A member of somebody's table that must be text where it is there; borrowed from that table. */
const char *tlua_member_text(lua_State *L, int arg, const char *name);

/* ---- the client's methods, added to the table on top of the stack ---- */

void tlua_add_reads(lua_State *L);         /* reads.c */
void tlua_add_details_calls(lua_State *L); /* from_details.c */
void tlua_add_lookups(lua_State *L);       /* lookups.c */
void tlua_add_writes(lua_State *L);        /* writes.c */

void tlua_add_probe(lua_State *L, const char *type); /* probe.c: of either service */

/* ---- those of a SOAR client ---- */

void tlua_add_soar_lists(lua_State *L); /* soar_lists.c */
void tlua_add_soar_reads(lua_State *L); /* soar_reads.c */
void tlua_add_soar_posts(lua_State *L); /* soar_posts.c */

/* ---- policy.c: what a chain and the resolving of one prompt share ---- */

/* Of the options at `arg`. */
tl_limits tlua_check_limits(lua_State *L, int arg);
/* Pushes the values that own the lists. */
tl_words tlua_push_words(lua_State *L, int arg);
/* Seconds above 0, rounded up; 0 = absent. */
int64_t tlua_seconds(lua_State *L, int arg, const char *name);

void tlua_add_resolve(lua_State *L); /* resolve.c: a client's method */

/* ---- query.c, requests.c: listing ---- */

enum { TLUA_PAGE_SIZE_MAX = 1000, TLUA_CONCURRENCY_MAX = 16 };

/* Reads the options of a listing at `arg`; its texts are borrowed from that table. Pushes one value, which
 * must stay as long as the query. */
tl_request_query tlua_push_query(lua_State *L, int arg, const tlua_service *client, bool paged);
void tlua_push_page(lua_State *L, const tl_page *page);
int tlua_request_page(lua_State *L);
int tlua_requests(lua_State *L);
void tlua_open_requests(lua_State *L);

/* ---- chain.c, chain_options.c, decide.c ---- */

typedef struct tlua_chain {
    tl_chain *chain; /* NULL = closed */
    tlua_service *client;
    tlua_service *soar;
    tlua_link client_link;
    tlua_link soar_link;
    const char *ended; /* why it is closed */
    lua_State *L;      /* of the step that is running; NULL between steps */
    atomic_bool stopping;
    tlua_lines events;
} tlua_chain;

enum {
    TLUA_SLOT_EVENT = 1,
    TLUA_SLOT_EVENTS, /* the path of their file */
    TLUA_SLOT_DECIDE,
    TLUA_SLOT_CLIENT,
    TLUA_SLOT_SOAR,
    TLUA_CHAIN_SLOTS = TLUA_SLOT_SOAR
};

/* Reads and checks the table at 1, but not its client and soar, nor its functions. Pushes the values that own
 * the words. */
tl_chain_options tlua_push_chain_options(lua_State *L);

/* The open chain at 1, not in its step; raises otherwise. */
tlua_chain *tlua_check_chain(lua_State *L);
/* Signal handlers may call it. */
void tlua_stop_chain(tlua_chain *chain);

/* A tl_decide_fn; data is the tlua_chain, which stands at index 1 of its L's running function. */
bool tlua_decide(void *data, const cJSON *prompt, const cJSON *request, const cJSON *details,
                 const cJSON *matches, cJSON **out_choice, char *reason, size_t reason_size);

/* ---- event_file.c: `path` may be "-" for standard output ---- */

/* Makes the file when it is absent. */
tl_code tlua_check_event_file(const char *path, tl_error *err);
/* All lines are on disk when it succeeds. */
tl_code tlua_write_events(const char *path, tlua_lines *lines, tl_error *err);

/* ---- signals.c ---- */

/* watch_signals(chain): until what it returns is closed, SIGTERM and SIGINT stop the chain. */
int tlua_watch_signals(lua_State *L);
void tlua_open_watch(lua_State *L);
/* Before a chain is freed. */
void tlua_forget_chain(tlua_chain *chain);

/* ---- history.c ---- */

int tlua_chain_history(lua_State *L); /* chain:history([request]) */
int tlua_history(lua_State *L);       /* history(path [, request]) */

/* ---- file.c ---- */

/* One write, unless it is cut short. False, with errno, when it fails. */
bool tlua_write_all(int fd, const char *data, size_t length);
int tlua_create_file(lua_State *L); /* for the command */

/* ---- terminal.c: functions for the command ---- */

int tlua_terminal_width(lua_State *L);
int tlua_is_terminal(lua_State *L);
int tlua_clock(lua_State *L);

/* ---- module.c ---- */

/* Seconds of an argument, from 0 on. */
struct timespec tlua_check_pause(lua_State *L, int arg);

/* ---- functions of the module, and the types' openers: each pushes the table of methods ---- */

int tlua_client(lua_State *L);
int tlua_soar(lua_State *L);
int tlua_chain_new(lua_State *L);
/* is_stopping(chain): whether it was stopped, in whatever way. */
int tlua_chain_is_stopping(lua_State *L);
int tlua_json_encode(lua_State *L);
int tlua_json_decode(lua_State *L);
int tlua_array(lua_State *L);
void tlua_open_client(lua_State *L);
void tlua_open_soar(lua_State *L);
void tlua_open_chain(lua_State *L);
void tlua_open_array(lua_State *L);

#endif
