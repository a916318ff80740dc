/* The operation mark in a permit's notes: the one way to find our own act again. Pure. */
#ifndef TL_PORTAL_NOTES_H
#define TL_PORTAL_NOTES_H

/* The notes as they stand in the body: the operation id, which must survive if they are cut, then the
 * caller's text. malloc'd. */
char *tl_operation_notes(const char *comments, const char *operation_id);

/* Whose operation notes name: ours wherever the mark with our id stands (no other can know it), another's
 * where only other marks stand. */
typedef enum tl_notes { TL_NOTES_NONE, TL_NOTES_OURS, TL_NOTES_ANOTHERS } tl_notes;
tl_notes tl_read_notes(const char *notes, const char *operation_id);

#endif
