/* The files below templates/ and fixtures/, put into the program at build time: it reads none of them. */
#ifndef SANDBOX_EMBEDDED_H
#define SANDBOX_EMBEDDED_H

extern const char embedded_row[], embedded_details[], embedded_timer[], embedded_action[];
extern const char embedded_research[], embedded_request_defaults[], embedded_default_fixtures[],
    embedded_soar_fixtures[];

#endif
