/* Prints the endpoint table of the library, one JSON object a line. */
#include <stdio.h>

#include <threatlocker/endpoints.h>

int main(void)
{
    size_t count;
    const tl_endpoint *table = tl_endpoints(&count);
    for (size_t i = 0; i < count; i++)
        printf("{\"name\":\"%s\",\"method\":\"%s\",\"path\":\"%s\",\"write\":%s,\"organization\":%s}\n",
               table[i].name, table[i].method, table[i].path, table[i].write ? "true" : "false",
               table[i].organization ? "true" : "false");
    return 0;
}
