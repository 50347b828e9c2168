/* stamp - the version of a build that is no release: the base, marked with the commit it is from,
   in the one way each ecosystem allows. The mark is cut at a fixed length, so that every clone
   agrees.

   Build: cc -o stamp examples/stamp.c

   $ stamp 0.2.0-rc.1 5f3c9e1ab4d26087c1e5f90a7b3d48e6120fca95
   npm      0.2.0-rc.1.5f3c9e1a
   Cargo    0.2.0-rc.1+5f3c9e1a
   Python   0.2.0rc1+5f3c9e1a

   An id of digits alone would be a number, and 0123 no number at all; a 'g' makes it a word.

   $ stamp 1.0.0 01234567890123456789abcdef0123456789abcd
   npm      1.0.0-g01234567
   Cargo    1.0.0+g01234567
   Python   1.0.0+g01234567

   $ stamp 1.0.0 5f3c9e1
   npm      !oid-not-full: a full object id is needed: 40 or 64 hex digits
   Cargo    !oid-not-full: a full object id is needed: 40 or 64 hex digits
   Python   !oid-not-full: a full object id is needed: 40 or 64 hex digits */
#define RELVER_IMPLEMENTATION
#include "../relver.h"

#include <stdio.h>

static const struct {
    const char *name;
    relver_eco eco;
} ecosystems[] = {{"npm", RELVER_NPM}, {"Cargo", RELVER_CARGO}, {"Python", RELVER_PEP440}};

int main(int argc, char **argv)
{
    relver_err worst = RELVER_OK;
    if (argc != 3) {
        fprintf(stderr, "usage: stamp VERSION OID; OID is `git rev-parse HEAD`\n");
        return 2;
    }
    for (size_t i = 0; i < sizeof ecosystems / sizeof *ecosystems; i++) {
        char text[256];
        relver_buf out = {text, sizeof text, 0};
        relver_err err = relver_stamp(&out, ecosystems[i].eco, relver_s(argv[1]), relver_s(argv[2]),
                                      RELVER_STAMP_LEN, NULL);
        if (err == RELVER_OK)
            printf("%-8s %s\n", ecosystems[i].name, text);
        else
            printf("%-8s !%s: %s\n", ecosystems[i].name, relver_code(err), relver_strerror(err));
        worst = err != RELVER_OK ? err : worst;
    }
    return worst != RELVER_OK;
}
