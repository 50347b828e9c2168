/* probe.c - what `relver version` has no operation for, in its manner: each line of standard input
   is a row of fields, escaped and apart by tabs, and gives one line.
       probe pep508         REQUIREMENT -> name [extras] url
       probe read FORMAT    DOCUMENT -> how many strings it holds, and how many nodes unread
       probe find FORMAT    DOCUMENT PATH -> the node's kind and text
   A refusal gives !code. */
#define RELVER_IMPLEMENTATION
#include "../../relver.h"
#include "../tsv.h"

static char space[TSV_LINE];

static void print_escaped(relver_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c < ' ' || c == '\\')
            printf("\\x%02X", (unsigned)c);
        else
            putchar(c);
    }
}

static relver_err pep508(const struct tsv *t, relver_format format)
{
    relver_pep508 p;
    relver_err err = relver_pep508_parse(t->field[0], &p, NULL);
    (void)format;
    if (err != RELVER_OK)
        return err;
    print_escaped(p.name);
    printf(" [");
    print_escaped(p.extras);
    printf("] ");
    print_escaped(p.url);
    return RELVER_OK;
}

static relver_err read_all(const struct tsv *t, relver_format format)
{
    static relver_reader r;
    relver_node n;
    relver_err err;
    size_t strings = 0, unread = 0;
    relver_read(&r, format, t->field[0]);
    while ((err = relver_next(&r, &n, NULL)) == RELVER_OK && n.kind != RELVER_END) {
        if (n.quote == RELVER_OPAQUE)
            unread++;
        else if (n.kind == RELVER_STRING)
            strings++;
    }
    if (err == RELVER_OK)
        printf("%lu %lu", (unsigned long)strings, (unsigned long)unread);
    return err;
}

static relver_err find(const struct tsv *t, relver_format format)
{
    relver_node n;
    relver_buf out = {space, sizeof space, 0};
    relver_err err = relver_find(t->field[0], format, t->field[1], &n, NULL);
    if (err != RELVER_OK)
        return err;
    if (n.quote == RELVER_OPAQUE)
        return RELVER_UNSUPPORTED;
    printf("%c", "SNBZTACLE"[n.kind]);
    if (n.kind > RELVER_NULL)
        return RELVER_OK;
    relver_text(&out, format, &n);
    printf(" ");
    print_escaped(relver_view(&out));
    return RELVER_OK;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int fields;
        relver_err (*run)(const struct tsv *t, relver_format format);
    } ops[] = {{"pep508", 1, pep508}, {"read", 1, read_all}, {"find", 2, find}};
    static const char *const formats[] = {"toml", "json", "yaml", "text"};
    static struct tsv t;
    size_t op = 0, format = 0;
    while (op < 3 && (argc < 2 || strcmp(argv[1], ops[op].name) != 0))
        op++;
    while (argc > 2 && format < 4 && strcmp(argv[2], formats[format]) != 0)
        format++;
    if (op == 3 || format == 4 || argc < (ops[op].run == pep508 ? 2 : 3))
        return 2;
    while (fgets(t.text, sizeof t.text, stdin) != NULL) {
        t.text[strcspn(t.text, "\n")] = '\0';
        tsv_split(&t);
        relver_err err = t.count == ops[op].fields ? ops[op].run(&t, (relver_format)format)
                                                   : RELVER_SYNTAX;
        if (err != RELVER_OK)
            printf("!%s", relver_code(err));
        putchar('\n');
    }
    return 0;
}
