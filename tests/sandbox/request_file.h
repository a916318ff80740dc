/* The copy of a request's file. In the short form: "file": {"content": "text"} or {"size": N}, which makes N
 * bytes, always the same; with "own_sha256": true the request's sha256 becomes that of this content. */
#ifndef SANDBOX_REQUEST_FILE_H
#define SANDBOX_REQUEST_FILE_H

#include "world.h"

bool request_has_file(const struct request *request);
bool request_file(const struct request *request, struct text *out); /* its content; false: there is none */
void request_file_changed(struct request *request);                 /* sees to own_sha256 */
void text_sha256(const char *data, size_t len, char out[65]);       /* in hex */

#endif
