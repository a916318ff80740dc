/* Who may act on a sealed prompt. Pure. */
#ifndef TL_CHAIN_PROMPT_H
#define TL_CHAIN_PROMPT_H

#include <stdbool.h>

/* "playbook" or "chain:<name>". NULL is none. */
bool tl_is_executor(const char *text);
/* 1 to 64 of [A-Za-z0-9._-]. */
bool tl_is_chain_name(const char *name);

#endif
