/* Requests as the portal shows them. The shapes are JSON texts in templates/, made from the article's
 * samples: same members, order, literal values and nulls [official]; "{{name}}" stands for a value. */
#ifndef SANDBOX_RENDER_H
#define SANDBOX_RENDER_H

#include "switches.h"
#include "text.h"
#include "world.h"

struct templates;

struct templates *templates_open(void);
void templates_close(struct templates *templates);

/* A row of the list (B1); `count` goes into the member of that name. */
void render_row(const struct world *world, const struct switches *switches, struct request *request,
                long count, struct text *out);
/* One request by its id (B3). */
void render_request(const struct world *world, const struct switches *switches, struct request *request,
                    struct text *out);
/* All that a permit needs (B4). */
void render_details(const struct world *world, const struct switches *switches, struct request *request,
                    struct text *out);
/* The request's `json` member; false if the fixture says null. */
bool render_json_member(const struct world *world, const struct switches *switches, struct request *request,
                        struct text *out);

#endif
