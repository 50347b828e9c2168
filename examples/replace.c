/* replace - a new version in five kinds of file. Only its own bytes change: comments, quotes,
   blanks, escapes and line ends stay. (CR and tab are shown as \r and \t.)

   Build: cc -o replace examples/replace.c

   $ replace 1.3.0
   == Cargo.toml
   name = "demo" # not 1.2.0
   version   = '1.3.0'
   == package.json
   {\r
   \t"dependencies": {"other": "1.2.0"},\r
   \t"ver\u0073ion": "1.3.0"\r
   }\r
   == pyproject.toml
   project = { name = "demo", version = "1.3.0" }
   == Chart.yaml
   version: 1.2.0
   appVersion: 1.3.0 # of the program, not of the chart
   == demo.h
   #define DEMO_VERSION "1.3.0" // 1.2.0 was the last one */
#define RELVER_IMPLEMENTATION
#include "../relver.h"

#include <stdio.h>

static const struct {
    const char *name;
    relver_format format;
    const char *path, *text;
} files[] = {
    {"Cargo.toml", RELVER_TOML, "version", "name = \"demo\" # not 1.2.0\nversion   = '1.2.0'\n"},
    {"package.json", RELVER_JSON, "version",
     "{\r\n\t\"dependencies\": {\"other\": \"1.2.0\"},\r\n\t\"ver\\u0073ion\": \"1.2.0\"\r\n}\r\n"},
    {"pyproject.toml", RELVER_TOML, "project.version",
     "project = { name = \"demo\", version = \"1.2.0\" }\n"},
    {"Chart.yaml", RELVER_YAML, "appVersion",
     "version: 1.2.0\nappVersion: 1.2.0 # of the program, not of the chart\n"},
    {"demo.h", RELVER_TEXT, "#define DEMO_VERSION \"{version}\"",
     "#define DEMO_VERSION \"1.2.0\" // 1.2.0 was the last one\n"},
};

static void show(relver_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '\r' || c == '\t')
            fputs(c == '\r' ? "\\r" : "\\t", stdout);
        else
            putchar(c);
    }
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: replace VERSION\n");
        return 2;
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char text[1024];
        relver_buf out = {text, sizeof text, 0};
        relver_diag diag;
        if (relver_replace(&out, relver_s(files[i].text), files[i].format,
                           relver_s(files[i].path), relver_s(argv[1]), &diag) != RELVER_OK) {
            fprintf(stderr, "%s: %s\n", files[i].name, diag.what);
            return 1;
        }
        printf("== %s\n", files[i].name);
        show(relver_view(&out));
    }
    return 0;
}
