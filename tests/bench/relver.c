/* relver.c - the works that `make bench` times, done with relver.h, and the data they are done on

   usage: bench gen DIR [ROWS]  writes the data, the same everywhere; a million rows if not said
          bench WORK DIR [N]    does the work N times (default 1); prints "OPS NANOSECONDS SUM"
                                of the last

   A peer prints the same three numbers: OPS is how many things were done, SUM tells whether both
   got the same answer. Reading the files is not timed, allocating the answers is. */
#define _POSIX_C_SOURCE 200809L
#define RELVER_IMPLEMENTATION
#define RELVER_STATIC
#include "../../relver.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROWS = 1000000, PACKAGES = 12000 }; /* at most, if not said */

static void die(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(2);
}

/*-- data ----------------------------------------------------------------------------------------*/

static unsigned seed = 20261121;

/* Marsaglia, "Xorshift RNGs" */
static unsigned next(unsigned below)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % below;
}

static FILE *create(const char *dir, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "w");
    if (f == NULL)
        die(path);
    return f;
}

/* 60 % plain, 30 % prereleases, 15 % of all with build metadata. */
static void put_semver(FILE *f)
{
    static const char *const label[] = {"alpha", "beta", "rc", "next", "canary-build"};
    unsigned kind = next(100);
    fprintf(f, "%u.%u.%u", next(30), next(100), next(1000));
    if (kind >= 60 && kind < 90)
        fprintf(f, "-%s.%u", label[next(5)], next(40));
    if (next(100) < 15)
        fprintf(f, "+%07x", next(0x10000000));
}

static void put_pep440(FILE *f)
{
    static const char *const label[] = {"a", "b", "rc"};
    unsigned kind = next(100);
    fprintf(f, "%u.%u.%u", next(30), next(100), next(1000));
    if (kind >= 60 && kind < 80)
        fprintf(f, "%s%u", label[next(3)], next(20));
    else if (kind >= 80 && kind < 90)
        fprintf(f, ".dev%u", next(100));
    else if (kind >= 90 && kind < 95)
        fprintf(f, ".post%u", next(10));
    else if (kind >= 95)
        fprintf(f, "+g%07x", next(0x10000000));
}

/* Requirements that Cargo and npm read alike, every one of them another. */
static void put_range(FILE *f)
{
    static const char *const sign[] = {"^", "~", ">=", "<", "="};
    fprintf(f, "%s%u.%u.%u\t", sign[next(5)], next(30), next(100), next(1000));
}

static void put_toml(FILE *f)
{
    fputs("# the manifest of a workspace\n[workspace]\nmembers = [\"crates/*\"]\n\n[package]\n"
          "name = \"demo\"\nversion = \"0.4.0\" # keep in sync\nedition = \"2021\"\n"
          "description = \"\"\"\nseveral \\\n  lines\"\"\"\n\n[dependencies]\n", f);
    for (unsigned i = 0; i < 24; i++)
        fprintf(f, "library-%u = { version = \"%u.%u\", features = [\"std\", \"derive\"] }\n", i,
                next(9), next(40));
    fputs("\n[profile.release]\nlto = true\nopt-level = 3\n", f);
}

static void put_json(FILE *f)
{
    fputs("{\n  \"name\": \"demo\",\n  \"version\": \"1.2.3\",\n  \"lockfileVersion\": 3,\n"
          "  \"packages\": {\n", f);
    for (unsigned i = 0; i < PACKAGES; i++)
        fprintf(f, "    \"node_modules/package-%u\": {\n      \"version\": \"%u.%u.%u\",\n"
                "      \"resolved\": \"https://registry.example/package-%u/-/package-%u.tgz\",\n"
                "      \"integrity\": \"sha512-%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x==\",\n"
                "      \"dependencies\": {\n        \"other-%u\": \"^%u.%u.0\",\n"
                "        \"another-%u\": \"~%u.%u.0\"\n      },\n"
                "      \"engines\": {\n        \"node\": \">=%u\"\n      }\n    },\n", i, next(30),
                next(100), next(1000), i, i, next(~0u), next(~0u), next(~0u), next(~0u), next(~0u),
                next(~0u), next(~0u), next(~0u), next(~0u), next(~0u), next(9999), next(9),
                next(40), next(9999), next(9), next(40), next(24));
    fputs("    \"packages/last\": {\n      \"version\": \"1.2.3\"\n    }\n  }\n}\n", f);
}

static void generate(const char *dir, unsigned long rows)
{
    FILE *semver = create(dir, "semver"), *pep440 = create(dir, "pep440");
    FILE *ranges = create(dir, "ranges"), *toml = create(dir, "toml"), *json = create(dir, "json");
    for (unsigned long i = 0; i < rows; i++) {
        put_semver(semver);
        put_pep440(pep440);
        put_range(ranges);
        put_semver(ranges);
        fputc('\n', semver);
        fputc('\n', pep440);
        fputc('\n', ranges);
    }
    put_toml(toml);
    put_json(json);
    if (fclose(semver) | fclose(pep440) | fclose(ranges) | fclose(toml) | fclose(json))
        die("cannot write the data");
}

/*-- works ---------------------------------------------------------------------------------------*/

struct data {
    relver_str text;
    relver_str *lines;
    size_t count;
};

static struct data load(const char *dir, const char *name)
{
    char path[4096];
    struct data d = {{NULL, 0}, malloc(ROWS * sizeof *d.lines), 0};
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "r");
    size_t cap = 64u << 20;
    char *text = malloc(cap);
    if (f == NULL || text == NULL || d.lines == NULL)
        die(path);
    d.text = relver_sn(text, fread(text, 1, cap, f));
    fclose(f);
    for (const char *p = text, *end = text + d.text.len; p < end && d.count < ROWS;) {
        const char *line = p;
        p = memchr(p, '\n', (size_t)(end - p));
        d.lines[d.count++] = relver_sn(line, (size_t)(p - line));
        p++;
    }
    return d;
}

struct result {
    size_t ops, sum;
};

static struct result semver_parse(const struct data *d)
{
    struct result r = {d->count, 0};
    relver_semver v;
    for (size_t i = 0; i < d->count; i++)
        r.sum += relver_semver_parse(d->lines[i], &v, NULL) == RELVER_OK ? v.major.len : 0;
    return r;
}

static struct result pep440_parse(const struct data *d)
{
    struct result r = {d->count, 0};
    relver_pep440 v;
    for (size_t i = 0; i < d->count; i++)
        r.sum += relver_pep440_parse(d->lines[i], &v, NULL) == RELVER_OK;
    return r;
}

struct sorted {
    size_t key;
    const relver_semver *v;
};

static int by_semver(const void *a, const void *b)
{
    const struct sorted *x = a, *y = b;
    return relver_semver_compare(x->v, y->v);
}

/* By key, 11 bits at a time from the lowest, where they differ at all; then those of one key. */
static struct sorted *sort(struct sorted *from, struct sorted *to, size_t n)
{
    enum { BITS = 11, BUCKETS = 1 << BITS };
    for (unsigned shift = 0; shift < sizeof from->key * 8; shift += BITS) {
        size_t start[BUCKETS + 1] = {0};
        for (size_t i = 0; i < n; i++)
            start[(from[i].key >> shift & (BUCKETS - 1)) + 1]++;
        if (start[(from[0].key >> shift & (BUCKETS - 1)) + 1] == n)
            continue;
        for (size_t b = 0; b < BUCKETS; b++)
            start[b + 1] += start[b];
        for (size_t i = 0; i < n; i++)
            to[start[from[i].key >> shift & (BUCKETS - 1)]++] = from[i];
        struct sorted *swap = from;
        from = to;
        to = swap;
    }
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && from[end].key == from[i].key;)
            end++;
        if (end - i > 1)
            qsort(from + i, end - i, sizeof *from, by_semver);
    }
    return from;
}

/* The sum weighs the place of each major number, so that another order gives another sum. */
static struct result semver_sort(const struct data *d)
{
    struct result r = {d->count, 0};
    relver_semver *v = malloc(d->count * sizeof *v);
    struct sorted *space = malloc(d->count * 2 * sizeof *space), *sorted = space;
    if (v == NULL || space == NULL)
        die("out of memory");
    for (size_t i = 0; i < d->count; i++) {
        if (relver_semver_parse(d->lines[i], &v[i], NULL) != RELVER_OK)
            die("not a version");
        sorted[i].key = relver_semver_key(&v[i]);
        sorted[i].v = &v[i];
    }
    sorted = sort(space, space + d->count, d->count);
    for (size_t i = 0; i < d->count; i += 1000)
        r.sum = (r.sum * 31 + sorted[i].v->patch.len * 7 + sorted[i].v->pre.len) & 0xFFFFFF;
    free(space);
    free(v);
    return r;
}

static struct result range_match(const struct data *d)
{
    struct result r = {d->count, 0};
    for (size_t i = 0; i < d->count; i++) {
        relver_str line = d->lines[i];
        size_t tab = (size_t)((const char *)memchr(line.ptr, '\t', line.len) - line.ptr);
        bool yes = false;
        relver_range_match(RELVER_CARGO, relver_sn(line.ptr, tab),
                           relver_sn(line.ptr + tab + 1, line.len - tab - 1), false, &yes, NULL);
        r.sum += yes;
    }
    return r;
}

static struct result toml_edit(const struct data *d)
{
    struct result r = {1000, 0};
    char space[8192];
    for (size_t i = 0; i < r.ops; i++) {
        relver_buf out = {space, sizeof space, 0};
        if (relver_replace(&out, d->text, RELVER_TOML, relver_s("package.version"),
                           relver_s("0.5.0"), NULL) != RELVER_OK)
            die("toml");
        r.sum = out.len;
    }
    return r;
}

static struct result json_find(const struct data *d)
{
    struct result r = {1, 0};
    relver_node node;
    if (relver_find(d->text, RELVER_JSON, relver_s("packages.\"packages/last\".version"), &node,
                    NULL) == RELVER_OK)
        r.sum = node.text.len;
    return r;
}

/* What any program pays that looks at every byte, and finds the lines. */
static struct result bytes_floor(const struct data *d)
{
    struct result r = {d->count, 0};
    const char *p = d->text.ptr, *end = p + d->text.len;
    while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL)
        p += r.sum++ < r.ops;
    return r;
}

static const struct work {
    const char *name, *data;
    struct result (*run)(const struct data *d);
} works[] = {
    {"semver-parse", "semver", semver_parse}, {"pep440-parse", "pep440", pep440_parse},
    {"semver-sort", "semver", semver_sort},   {"range-match", "ranges", range_match},
    {"toml-edit", "toml", toml_edit},         {"json-find", "json", json_find},
    {"semver-floor", "semver", bytes_floor},  {"pep440-floor", "pep440", bytes_floor},
    {"ranges-floor", "ranges", bytes_floor},
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
    if (argc >= 3 && strcmp(argv[1], "gen") == 0) {
        generate(argv[2], argc > 3 ? strtoul(argv[3], NULL, 10) : ROWS);
        return 0;
    }
    for (size_t i = 0; argc >= 3 && i < sizeof works / sizeof *works; i++) {
        if (strcmp(works[i].name, argv[1]) != 0)
            continue;
        struct data d = load(argv[2], works[i].data);
        struct result r = {0, 0};
        double start = 0;
        for (unsigned long n = argc > 3 ? strtoul(argv[3], NULL, 10) : 1; n > 0; n--) {
            start = now();
            r = works[i].run(&d);
        }
        printf("%zu %.0f %zu\n", r.ops, now() - start, r.sum);
        return 0;
    }
    die("usage: bench gen DIR [ROWS] | bench WORK DIR [N]");
}
