/* dist_tag - under which npm dist-tag to publish, so that neither latest nor next ever moves back.

   Build: cc -o dist_tag examples/dist_tag.c

   A version, and what the registry calls latest and next now:

   $ dist_tag 0.1.0
   latest (first-stable)

   $ dist_tag 0.4.6 0.4.5
   latest (newer-than-latest)

   A fix of an older line must not become what `npm install` gives to everybody.

   $ dist_tag 0.3.10 0.4.5
   release-0.3 (older-than-latest)

   $ dist_tag 0.5.0-rc.1 0.4.5 0.5.0-beta.3
   next (prerelease) */
#define RELVER_IMPLEMENTATION
#include "../relver.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    char text[256];
    relver_buf out = {text, sizeof text, 0};
    relver_dist_tags now;
    relver_diag diag;
    const char *why;
    if (argc < 2 || argc > 4) {
        fprintf(stderr, "usage: dist_tag VERSION [LATEST [NEXT]]\n");
        return 2;
    }
    now.latest = relver_s(argc > 2 ? argv[2] : NULL);
    now.next = relver_s(argc > 3 ? argv[3] : NULL);
    if (relver_dist_tag(&out, relver_s(argv[1]), &now, &why, &diag) != RELVER_OK) {
        fprintf(stderr, "dist_tag: %s\n", diag.what);
        return 1;
    }
    printf("%s (%s)\n", text, why);
    return 0;
}
