/* How each fault spoils an exchange. As the members of struct fault (fault.h). */
#ifndef TL_TESTS_FAULTS_STRIKES_H
#define TL_TESTS_FAULTS_STRIKES_H

#include "fault.h"

/* Before the handshake: */
bool meet_with_reset(relay *at, peer *from, const fault *how);
bool meet_with_silence(relay *at, peer *from, const fault *how);
bool meet_with_jump(relay *at, peer *from, const fault *how); /* of the client's clock, by `number` seconds */

/* Without a reply: */
void strike_reset(relay *at, peer *from, message *reply, const fault *how);
void strike_death(relay *at, peer *from, message *reply, const fault *how); /* and nobody listens any more */
void strike_close(relay *at, peer *from, message *reply, const fault *how);
void strike_silence(relay *at, peer *from, message *reply, const fault *how);
void strike_jump_silence(relay *at, peer *from, message *reply, const fault *how);

/* The true reply, spoilt: */
void strike_reset_midway(relay *at, peer *from, message *reply, const fault *how);
void strike_close_midway(relay *at, peer *from, message *reply, const fault *how);
void strike_half_told(relay *at, peer *from, message *reply, const fault *how);
void strike_drip(relay *at, peer *from, message *reply, const fault *how);
void strike_half_head(relay *at, peer *from, message *reply, const fault *how);
void strike_half_head_close(relay *at, peer *from, message *reply, const fault *how);
void strike_head_flood(relay *at, peer *from, message *reply, const fault *how);
void strike_huge(relay *at, peer *from, message *reply, const fault *how);
void strike_huge_chunked(relay *at, peer *from, message *reply, const fault *how);
void strike_chunks_without_end(relay *at, peer *from, message *reply, const fault *how);
void strike_chunks_cut(relay *at, peer *from, message *reply, const fault *how);
void strike_gzip_bomb(relay *at, peer *from, message *reply, const fault *how);
void strike_prefix(relay *at, peer *from, message *reply, const fault *how); /* `text` before the body */
void strike_member(relay *at, peer *from, message *reply, const fault *how); /* `text` in its first object */
void strike_nesting(relay *at, peer *from, message *reply, const fault *how);
void strike_type(relay *at, peer *from, message *reply, const fault *how); /* `text` as Content-Type */
void strike_jump(relay *at, peer *from, message *reply, const fault *how);

/* Another reply: */
void strike_reset_then_status(relay *at, peer *from, message *reply, const fault *how);
void strike_status(relay *at, peer *from, message *reply, const fault *how);
void strike_retry_date(relay *at, peer *from, message *reply, const fault *how); /* in `number` seconds */
void strike_redirect_to_host(relay *at, peer *from, message *reply, const fault *how);
void strike_redirect_to_http(relay *at, peer *from, message *reply, const fault *how);

#endif
