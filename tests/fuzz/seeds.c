/* seeds.c - where the fuzzers begin: the rows of tests/vectors as their inputs, one file each.
   usage: seeds DIRECTORY; below it there must be versions, ranges and documents. */
#define RELVER_IMPLEMENTATION
#include "../../relver.h"
#include "../tsv.h"

/* A file of vectors; for each line of an input the column it comes from, or -1 for the text. */
static const struct {
    const char *file, *to;
    struct {
        int column;
        const char *text;
    } line[4];
} sources[] = {
    {"semver_valid.tsv", "versions", {{0, ""}, {-1, "minor rc"}, {-1, "v{version}"}, {-1, "a"}}},
    {"pep440_valid.tsv", "versions", {{0, ""}, {-1, "minor rc"}, {-1, "v{version}"}, {-1, "a"}}},
    {"semver_order.tsv", "versions", {{0, ""}, {1, ""}, {-1, "{name}@{version}"}, {-1, "a"}}},
    {"semver_inc.tsv", "versions", {{0, ""}, {1, ""}, {2, ""}, {3, ""}}},
    {"stamp.tsv", "versions", {{0, ""}, {1, ""}, {-1, "r/{major}.{minor}"}, {-1, ""}}},
    {"npm_ranges.tsv", "ranges", {{0, ""}, {3, ""}, {-1, "1.2.3"}, {-1, "1.3.0"}}},
    {"cargo_reqs.tsv", "ranges", {{0, ""}, {3, ""}, {-1, "1.2.3"}, {-1, "2.0.0-rc.1"}}},
    {"pep440_spec.tsv", "ranges", {{0, ""}, {2, ""}, {-1, "1.2"}, {-1, "1.3"}}},
    {"requirements.tsv", "ranges", {{1, ""}, {3, ""}, {2, ""}, {3, ""}}},
    {"pep508.tsv", "ranges", {{0, ""}, {-1, ""}, {-1, ""}, {-1, ""}}},
    {"toml_locate.tsv", "documents", {{-1, "t"}, {2, ""}, {-1, "9.8.7"}, {1, ""}}},
    {"json_locate.tsv", "documents", {{-1, "j"}, {2, ""}, {-1, "9.8.7"}, {1, ""}}},
    {"yaml_plain.tsv", "documents", {{-1, "y"}, {-1, "version"}, {0, ""}, {-1, "a:\nversion: 1"}}},
    {"toml_locate.tsv", "documents", {{-1, "x"}, {-1, "{version}"}, {-1, "1.0"}, {1, ""}}},
};

int main(int argc, char **argv)
{
    static struct tsv t;
    for (size_t i = 0; argc == 2 && i < COUNT(sources); i++) {
        tsv_open(&t, sources[i].file);
        while (tsv_row(&t)) {
            char path[512];
            snprintf(path, sizeof path, "%s/%s/%lu-%d", argv[1], sources[i].to, (unsigned long)i,
                     t.line);
            FILE *file = fopen(path, "wb");
            if (file == NULL)
                return 2;
            for (int line = 0; line < 4; line++) {
                int column = sources[i].line[line].column;
                relver_str s = column < 0 ? relver_s(sources[i].line[line].text)
                               : column < t.count ? t.field[column] : relver_s("");
                fprintf(file, "%s%.*s", line > 0 ? "\n" : "", (int)s.len, s.ptr);
            }
            fclose(file);
        }
    }
    return argc != 2;
}
