#include "portal/notes.h"

#include <string.h>

#include "base/text.h"

static const char OPERATION_MARK[] = "[threatlocker operation ";

char *tl_operation_notes(const char *comments, const char *operation_id)
{
    tl_buffer notes = {.limit = 8192};
    bool has_comments = comments != NULL && comments[0] != '\0';
    tl_buffer_format(&notes, "%s%s]%s%s", OPERATION_MARK, operation_id, has_comments ? " " : "",
                     has_comments ? comments : "");
    if (notes.failed)
        tl_buffer_free(&notes);
    return notes.data;
}

tl_notes tl_read_notes(const char *notes, const char *operation_id)
{
    tl_notes found = TL_NOTES_NONE;
    for (const char *at = notes; at != NULL && (at = strstr(at, OPERATION_MARK)) != NULL;) {
        at += sizeof OPERATION_MARK - 1;
        char id[TL_GUID_SIZE] = "";
        if (strlen(at) >= TL_GUID_SIZE - 1)
            memcpy(id, at, TL_GUID_SIZE - 1);
        if (tl_equal_ignore_case(id, operation_id))
            return TL_NOTES_OURS;
        if (tl_is_guid(id))
            found = TL_NOTES_ANOTHERS;
    }
    return found;
}
