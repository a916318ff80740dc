#include "burst.h"

void find_subjects(subject subjects[], size_t count)
{
    control("seed", "{'default':true,'generate':%zu}", 4 * count);
    cJSON *world = control_get("state");
    const cJSON *row;
    size_t found = 0;
    cJSON_ArrayForEach (row, cJSON_GetObjectItemCaseSensitive(world, "requests")) {
        if (found == count || !is_made_up_execution(row))
            continue;
        subject *made = &subjects[found++];
        snprintf(made->request, sizeof made->request, "%s", text_of(row, "approvalRequestId"));
        snprintf(made->organization, sizeof made->organization, "%s", text_of(row, "organizationId"));
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
