/* Reading a ledger that is somebody else's to write. */
#include <stdlib.h>

#include "chain/ledger_file.h"
#include "chain/ledger_store.h"

enum { PATIENCE_MS = 500 };

static bool is_held(const tl_ledger *ledger)
{
    int code = sqlite3_errcode(ledger->db) & 0xff;
    return code == SQLITE_BUSY || code == SQLITE_LOCKED;
}

static tl_code check_version(int64_t version, const char *path, tl_error *err)
{
    if (version == 0)
        return tl_fail(err, TL_CONFIG, "ledger %s is no ledger: name another file", path);
    if (version != TL_LEDGER_VERSION)
        return tl_fail(err, TL_CONFIG, "ledger %s is of an older version: open it with its chain once", path);
    return TL_OK;
}

/* A chain locks its ledger as long as it is open. */
static tl_code open_file(tl_ledger *ledger, const char *path, tl_error *err)
{
    int flags = SQLITE_OPEN_READONLY;
    int64_t version = 0;
    tl_error here = TL_ERROR_INIT;
#ifdef SQLITE_OPEN_NOFOLLOW
    flags |= SQLITE_OPEN_NOFOLLOW;
#endif
    if (sqlite3_open_v2(path, &ledger->db, flags, NULL) != SQLITE_OK)
        return ledger->db == NULL ? tl_fail_memory(err) : tl_ledger_fail(ledger, "opening", err);
    sqlite3_busy_timeout(ledger->db, PATIENCE_MS);
    tl_code code = tl_ledger_run(ledger, "PRAGMA trusted_schema=OFF", "opening", &here);
    if (code == TL_OK)
        code = tl_ledger_identify(&version, ledger, &here);
    if (code != TL_OK && is_held(ledger))
        return tl_fail(err, TL_CONFIG, "a chain is running with ledger %s: read it when that has ended",
                       path);
    return code == TL_OK ? check_version(version, path, err) : tl_fail_with(err, &here);
}

tl_code tl_ledger_open_to_read(tl_ledger **out, const char *path, tl_error *err)
{
    *out = NULL;
    tl_code code = tl_ledger_file_check_to_read(path, err);
    if (code != TL_OK)
        return code;
    tl_ledger *ledger = calloc(1, sizeof *ledger);
    if (ledger == NULL)
        return tl_fail_memory(err);
    code = open_file(ledger, path, err);
    if (code == TL_OK)
        *out = ledger;
    else
        tl_ledger_close(ledger);
    return code;
}
