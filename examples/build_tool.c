/* build_tool - the version of a C library for its Makefile, from the one #define that holds it; the
   name of the shared library and Python's spelling follow from that one place.

   Build: cc -o build_tool examples/build_tool.c

   $ printf '#pragma once\n#define DEMO_VERSION "1.4.0-rc.2" // here\n' | build_tool DEMO_VERSION
   VERSION = 1.4.0-rc.2
   SONAME = libdemo.so.1
   PYTHON_VERSION = 1.4.0rc2

   $ printf '#define DEMO_VERSION "1.4"\n' | build_tool DEMO_VERSION
   stdin:1:26: expected '.' and the patch version

   $ printf '#define OTHER_VERSION "1.4.0"\n' | build_tool DEMO_VERSION
   stdin:1:1: the text is not there */
#define RELVER_IMPLEMENTATION
#include "../relver.h"

#include <stdio.h>

static int complain(relver_str header, const relver_diag *diag)
{
    char line[512];
    relver_buf out = {line, sizeof line, 0};
    relver_explain(&out, relver_s("stdin"), header, diag);
    fprintf(stderr, "%s\n", line);
    return 1;
}

int main(int argc, char **argv)
{
    static char text[1 << 16];
    char path[256], python[256];
    relver_buf key = {path, sizeof path, 0}, spelt = {python, sizeof python, 0};
    relver_node found;
    relver_semver v;
    relver_diag diag;
    if (argc != 2) {
        fprintf(stderr, "usage: build_tool MACRO < HEADER\n");
        return 2;
    }
    relver_str header = relver_sn(text, fread(text, 1, sizeof text, stdin));
    relver_put(&key, relver_s("#define "));
    relver_put(&key, relver_s(argv[1]));
    relver_put(&key, relver_s(" \"{version}\""));
    if (!feof(stdin) || !relver_whole(&key)) {
        fprintf(stderr, "build_tool: too long\n");
        return 2;
    }

    if (relver_find(header, RELVER_TEXT, relver_view(&key), &found, &diag) != RELVER_OK)
        return complain(header, &diag);
    if (relver_semver_parse(found.text, &v, &diag) != RELVER_OK) {
        diag.pos += (size_t)(found.text.ptr - header.ptr); /* from the version to the file */
        return complain(header, &diag);
    }
    if (relver_convert(&spelt, RELVER_SEMVER, found.text, RELVER_PEP440, NULL, &diag) != RELVER_OK)
        python[0] = '\0'; /* no such spelling: for a C library that is no failure */
    printf("VERSION = %.*s\n", (int)found.text.len, found.text.ptr);
    printf("SONAME = libdemo.so.%.*s\n", (int)v.major.len, v.major.ptr);
    printf("PYTHON_VERSION = %s\n", python);
    return 0;
}
