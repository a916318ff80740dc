/* The file that a ledger may live in. */
#ifndef TL_CHAIN_LEDGER_FILE_H
#define TL_CHAIN_LEDGER_FILE_H

#include "base/error.h"

/* Makes the file with mode 0600 when it is absent, and checks it: a regular file of ours, no link, writable
 * by nobody else. TL_CONFIG otherwise. */
tl_code tl_ledger_file_check(const char *path, tl_error *err);

/* Checks that there is a regular file to be read, whoever owns it. TL_CONFIG otherwise. */
tl_code tl_ledger_file_check_to_read(const char *path, tl_error *err);

#endif
