/* convert - a version in SemVer and as PyPI spells it, there and back, and what was lost.

   Build: cc -o convert examples/convert.c

   $ convert 0.2.0-rc.1 1.0.0-rc1 1.0.0+ABC 1.0.0-1 v1.0.0
   0.2.0-rc.1   0.2.0rc1     exact          0.2.0-rc.1
   1.0.0-rc1    1.0.0rc1     glued-number   1.0.0-rc.1
   1.0.0+ABC    1.0.0+abc    local-case     1.0.0+abc
   1.0.0-1      !numeric-first: PEP 440 has no unnamed prerelease; write -rc.N
   v1.0.0       !not-semver: not a SemVer 2.0.0 version */
#define RELVER_IMPLEMENTATION
#include "../relver.h"

#include <stdio.h>

/* One row; false when there is no such version in PEP 440. */
static bool convert(const char *version)
{
    char python[256], back[256];
    relver_buf there = {python, sizeof python, 0}, again = {back, sizeof back, 0};
    relver_class how;
    printf("%-12s ", version);
    relver_err err = relver_convert(&there, RELVER_SEMVER, relver_s(version), RELVER_PEP440, &how,
                                    NULL);
    if (err == RELVER_OK)
        err = relver_convert(&again, RELVER_PEP440, relver_view(&there), RELVER_SEMVER, NULL, NULL);
    if (err != RELVER_OK) {
        printf("!%s: %s\n", relver_code(err), relver_strerror(err));
        return false;
    }
    printf("%-12s %-14s %s\n", python, relver_class_code(how), back);
    return true;
}

int main(int argc, char **argv)
{
    bool all = argc > 1;
    for (int i = 1; i < argc; i++)
        all = convert(argv[i]) && all;
    return all ? 0 : 1;
}
