/* What the instruction counts are taken of, on fixed inputs:
 *
 *   instructions page     prints a page of 100 rows as JSON
 *   instructions reader   reads that page with tl_json_parse
 *   instructions plan     plans one permit with tl_permit_plan */
#include "plan_case.h"
#include "rows.h"

enum { PAGE = 100 };

static void read_page(const char *page, size_t length)
{
    cJSON *tree = NULL;
    assert_int_equal(tl_json_parse(&tree, page, length, NULL), TL_OK);
    cJSON_Delete(tree);
}

static void plan(void)
{
    planned plan =
        plan_of("", "'application':'new','name':'Field tool','scope':'computer','rules':[{'hash':'" HASH
                    "'}],'ticket':'INC-1042'");
    assert_int_equal(plan.code, TL_OK);
    plan_free(&plan);
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    size_t length = 0;
    if (strcmp(what, "plan") == 0) {
        plan();
        return 0;
    }
    rows_make();
    char *page = rows_page(0, PAGE, &length);
    if (strcmp(what, "reader") == 0)
        read_page(page, length);
    else
        (void)!fwrite(page, 1, length, stdout);
    free(page);
    return 0;
}
