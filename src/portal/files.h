/* The details of a request's file. */
#ifndef TL_PORTAL_FILES_H
#define TL_PORTAL_FILES_H

#include "base/json.h"
#include "threatlocker/files.h"

/* Whether these details name a file: TL_NOT_FOUND where fileUrl is null, empty or absent [inferred],
 * TL_PROTOCOL where it is no text. Pure. */
tl_code tl_check_file_details(const cJSON *details, tl_error *err);

#endif
