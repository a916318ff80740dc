/* What soar_rest.c routes to. Each gets the id after the type (0: none) and what follows. */
#ifndef SANDBOX_SOAR_SERVE_H
#define SANDBOX_SOAR_SERVE_H

#include "sandbox.h"

typedef void soar_serve_fn(struct sandbox *sandbox, const struct call *call, long id, const char *rest,
                           struct reply *reply);

soar_serve_fn get_container, post_container, get_playbook_run, post_playbook_run, get_note, post_note,
    get_external_prompt;

void soar_not_found(struct reply *reply, const char *what);
void soar_list_approvals(struct sandbox *sandbox, long container_id, const struct call *call,
                         struct reply *reply); /* container 0: of all */
/* A POST that makes a new thing of its type, from a body that must be an object. */
void soar_create(struct sandbox *sandbox, const struct call *call, long id, const char *rest,
                 struct reply *reply,
                 void (*create)(struct sandbox *sandbox, const cJSON *body, struct reply *reply));
void soar_created(struct reply *reply, cJSON *tree, const char *id_member, long id); /* takes `tree` */

#endif
