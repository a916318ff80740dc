#include "burst.h"

void find_subjects(subject subjects[], size_t count)
{
    control("seed", "{'default':true,'generate':%zu}", 4 * count);
    cJSON *world = control_get("state");
    const cJSON *row;
    size_t found = 0;
    cJSON_ArrayForEach (row, cJSON_GetObjectItemCaseSensitive(world, "requests")) {
        const char *id = text_of(row, "approvalRequestId");
        bool generated = strncmp(id, "0e000000-0000-4000-9000-", 24) == 0;
        if (found == count || !generated || strcmp(text_of(row, "kind"), "execute") != 0)
            continue;
        snprintf(subjects[found].request, sizeof subjects[found].request, "%s", id);
        snprintf(subjects[found].organization, sizeof subjects[found].organization, "%s",
                 text_of(row, "organizationId"));
        found++;
    }
    cJSON_Delete(world);
    assert_int_equal(found, count);
}

void ask_all(bench *at, subject subjects[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        subjects[i].approval = ask_for(at, subjects[i].organization, subjects[i].request, NEW_FOR_COMPUTER);
}

void answer_all(const subject subjects[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        answer(subjects[i].approval, "Permit");
}
