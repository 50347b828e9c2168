/* check_tag - does a git tag say what the manifest says? The first step of a release job.

   Build: cc -o check_tag examples/check_tag.c

   $ check_tag py-v0.3.0 'py-v{version}' examples/two-packages/edgequake-litellm/Cargo.toml
   0.3.0

   $ check_tag v0.4.1 'v{version}' examples/two-packages/Cargo.toml
   examples/two-packages/Cargo.toml:3:11: says 0.4.0, but the tag v0.4.1

   $ check_tag 0.4.0 'v{version}' examples/two-packages/Cargo.toml
   0.4.0:1:1: the tag does not have the template's form */
#define RELVER_IMPLEMENTATION
#include "../relver.h"

#include <stdio.h>

static bool slurp(const char *path, char *text, size_t size, relver_str *doc)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return false;
    *doc = relver_sn(text, fread(text, 1, size, f));
    bool whole = feof(f) && !ferror(f);
    fclose(f);
    return whole;
}

/* "NAME:LINE:COLUMN: what", as compilers write it, so that editors and CI find the place. */
static int complain(const char *name, relver_str text, const relver_diag *diag)
{
    char line[512];
    relver_buf out = {line, sizeof line, 0};
    relver_explain(&out, relver_s(name), text, diag);
    fprintf(stderr, "%s\n", line);
    return 1;
}

int main(int argc, char **argv)
{
    static char text[1 << 20];
    relver_str doc;
    relver_node found;
    relver_diag diag;
    relver_tag tag;
    if (argc != 4 || !slurp(argv[3], text, sizeof text, &doc)) {
        fprintf(stderr, "usage: check_tag TAG TEMPLATE MANIFEST\n");
        return 2;
    }
    if (relver_tag_read(relver_s(argv[2]), RELVER_SEMVER, relver_s(argv[1]), &tag, &diag))
        return complain(argv[1], relver_s(argv[1]), &diag);
    if (relver_find(doc, RELVER_TOML, relver_s("package.version"), &found, &diag))
        return complain(argv[3], doc, &diag);

    if (!relver_text_is(RELVER_TOML, &found, tag.version)) {
        size_t line, column;
        relver_locate(doc, (size_t)(found.value.ptr - doc.ptr), &line, &column);
        fprintf(stderr, "%s:%zu:%zu: says %.*s, but the tag %s\n", argv[3], line, column,
                (int)found.text.len, found.text.ptr, argv[1]);
        return 1;
    }
    printf("%.*s\n", (int)tag.version.len, tag.version.ptr);
    return 0;
}
