/* The plugin's C interface: what a shim in any language loads. Integers, sizes and pointers only; all that
 * has a shape is JSON in UTF-8, which the manifest (manifests/threatlocker.json, embedded here) describes.
 *
 * A shim: checks tl_plugin_abi, opens a session with the asset's configuration, runs actions in a worker
 * thread, and meanwhile hands progress on and asks for cancelling. It needs no knowledge of ThreatLocker.
 *
 * Threads: one tl_plugin_run at a time per session; tl_plugin_progress and tl_plugin_cancel from any thread
 * while it runs; sessions are independent of each other. Nothing is written to standard output or standard
 * error, nothing happens when the library is loaded, and nothing here ends the process. A session does not
 * survive fork(). */
#ifndef THREATLOCKER_SOAR_PLUGIN_H
#define THREATLOCKER_SOAR_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TL_PLUGIN_API __attribute__((visibility("default")))

/* To be compared with TL_PLUGIN_ABI before any other call: another number is another interface. */
enum { TL_PLUGIN_ABI = 1 };
TL_PLUGIN_API int32_t tl_plugin_abi(void);

/* The app's version, "MAJOR.MINOR.PATCH"; static. */
TL_PLUGIN_API const char *tl_plugin_version(void);

typedef struct tl_plugin tl_plugin;

/* What the functions below return beside TL_PLUGIN_OK. */
enum {
    TL_PLUGIN_OK = 0,
    TL_PLUGIN_FAILED = 1, /* there is a text that says why */
    TL_PLUGIN_MEMORY = 2, /* out of memory: nothing is handed out */
    TL_PLUGIN_USAGE = 3,  /* NULL where none is allowed, or a session that is running already */
};

/* Opens a session for one asset. `asset` is an object, `length` bytes of JSON:
 *
 *   config      the asset's fields, as the manifest's `configuration` names them; others are ignored
 *   asset_id    text; makes stable identifiers of containers
 *   label       of containers that a poll makes; absent = "events"
 *   soar_url    base URL of the SOAR that runs the app, used where the asset names none; may be absent
 *
 * Nothing is sent. TL_PLUGIN_OK: *out is the caller's (tl_plugin_close). Otherwise *out is NULL, and with
 * TL_PLUGIN_FAILED *out_message says which field is wrong; the caller's (tl_plugin_free), without secrets. */
TL_PLUGIN_API int32_t tl_plugin_open(tl_plugin **out, const char *asset, size_t length, char **out_message);

/* Runs one action and waits for its end. `request` is an object:
 *
 *   identifier    the action's, from the manifest
 *   parameters    the action's, checked against the manifest: numbers may come as text and as floats, empty
 *                 optional texts count as absent, a member `context` is ignored
 *   container_id  number, where the action runs in a container
 *   state         what the last poll of this asset handed over; absent or unusable = nothing is known
 *   poll_now      true: a person polls; false: a schedule
 *   folder        where a downloaded file may be put; an existing folder of the caller's
 *
 * TL_PLUGIN_OK: *out_reply, *out_length bytes with a NUL behind them, is the caller's (tl_plugin_free), an
 * object:
 *
 *   status      "success" or "failed"
 *   message     text, one line without braces: SOAR formats such texts
 *   data        array of objects: only members that the manifest's outputs name
 *   summary     object: the same
 *   progress    text for a line that stays, as message, or absent
 *   file        {path, name, container_id}: to be put into the vault, then removed; data[0] wants its
 *               `vault_id`
 *   containers  array of containers, each with `artifacts`, to be saved in this order whatever the status is:
 *               a poll may fail after it has found some
 *   state       object, to be kept once all containers are saved
 *   more        true: run the same action again with that state for the next portion
 *
 * A poll hands over portions, each with a state that knows only what was handed over so far: one that dies
 * loses nothing. Containers may come twice, with the same source_data_identifier. `more` is asked for in the
 * same session.
 *
 * A failed action is TL_PLUGIN_OK with the status "failed". Secrets of the asset stand in none of it. */
TL_PLUGIN_API int32_t tl_plugin_run(tl_plugin *plugin, const char *request, size_t length, char **out_reply,
                                    size_t *out_length);

/* Takes the newest line about what a running action is at: *out is the caller's (tl_plugin_free), NULL when
 * there is no new one. */
TL_PLUGIN_API int32_t tl_plugin_progress(tl_plugin *plugin, char **out);

/* Makes the running action, and all later ones, end within a second: what was not sent is not sent any more,
 * and a write in flight ends with what became of it. NULL is allowed. */
TL_PLUGIN_API void tl_plugin_cancel(tl_plugin *plugin);

/* Wipes the credentials and frees; no call may be running. NULL is allowed. */
TL_PLUGIN_API void tl_plugin_close(tl_plugin *plugin);

/* Frees what this interface handed out. NULL is allowed. */
TL_PLUGIN_API void tl_plugin_free(char *text);

#ifdef __cplusplus
}
#endif
#endif
