/* What an answer must look like before anybody may act on it: splunk-soar.md 13.2, written down a second
 * time. */
#ifndef TL_TESTS_FUZZ_PROMPT_ORACLE_H
#define TL_TESTS_FUZZ_PROMPT_ORACLE_H

#include "chain/prompt_reading.h"

/* Fails unless the reading is one that the evidence allows. */
void prompt_oracle_check(const tl_prompt_evidence *evidence, const tl_reading *reading);

#endif
