/* Whether a request has a file. */
#include "details.h"
#include "json_case.h"
#include "portal/files.h"

static void details_name_a_file_or_none(void **state)
{
    (void)state;
    static const struct {
        const char *details;
        tl_code code;
    } cases[] = {
        {"{'filename':'a.exe','fileUrl':'https://files.example/a'}", TL_OK},
        {"{'filename':null,'fileUrl':'https://files.example/a','sourceTableId':2}", TL_OK},
        {"{'filename':'a.exe','fileUrl':null}", TL_NOT_FOUND},
        {"{'filename':'a.exe','fileUrl':''}", TL_NOT_FOUND},
        {"{'filename':'a.exe'}", TL_NOT_FOUND},
        {"{}", TL_NOT_FOUND},
        {"{'fileUrl':7}", TL_PROTOCOL},
        {"{'fileUrl':['https://files.example/a']}", TL_PROTOCOL},
        {"{'filename':{},'fileUrl':'https://files.example/a'}", TL_PROTOCOL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        cJSON *details = json_of(cases[i].details);
        tl_error err = TL_ERROR_INIT;
        tl_code code = tl_check_file_details(details, &err);
        if (code != cases[i].code) {
            fail_msg("%s: %s", cases[i].details, tl_code_name(code));
        }
        assert_null(strstr(err.message, "example")); /* the address is a secret */
        cJSON_Delete(details);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(details_name_a_file_or_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
