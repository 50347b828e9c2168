/* use.c - includes relver.h in the ways programs do, and uses it. C99 and C++98.
   -DONLY declares only, and counts on another translation unit for the functions. */
#include "../../relver.h"
#include "../../relver.h" /* twice for the declarations */

#ifndef ONLY
#define RELVER_IMPLEMENTATION
#include "../../relver.h" /* then for the code, after the declarations were seen */
#include "../../relver.h" /* and once more, which must be harmless */
#endif

#include <stdio.h>
#include <string.h>

int main(void)
{
    char text[64];
    relver_buf out = {text, sizeof text, 0};
    relver_err err = relver_replace(&out, relver_s("[package]\nversion = \"0.1.0\"\n"), RELVER_TOML,
                                    relver_s("package.version"), relver_s("0.2.0-rc.1"), NULL);
    if (err != RELVER_OK || strcmp(text, "[package]\nversion = \"0.2.0-rc.1\"\n") != 0) {
        printf("got %d, '%s'\n", (int)err, text);
        return 1;
    }
    return 0;
}
