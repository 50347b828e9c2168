/* locate.c - every row of toml_locate.tsv and json_locate.tsv through relver_find. */
#define RELVER_IMPLEMENTATION
#include "../../relver.h"
#include "../block.h"
#include "../tsv.h"

/* Find path in doc, which is copied to a block without a spare byte. What is found must lie inside
   it; the answer is spelt like the vectors' column. */
static const char *locate(relver_format format, relver_str doc, relver_str path, relver_buf *value)
{
    relver_node n;
    relver_diag diag = {RELVER_OK, 0, 0, NULL};
    const char *status = "ok";
    relver_str copy = block(doc);
    relver_err err = relver_find(copy, format, path, &n, &diag);
    if (err == RELVER_MISSING)
        status = "missing";
    else if (err != RELVER_OK)
        status = "err";
    else if (n.kind != RELVER_STRING)
        status = "notstring";
    else
        relver_text(value, format, &n);
    if (err != RELVER_OK) {
        CHECK(diag.err == err && diag.what != NULL && diag.pos <= doc.len);
        CHECK(diag.pos + diag.len <= doc.len);
    } else {
        CHECK(inside(copy, n.value));
    }
    drop(copy);
    return status;
}

static void rows(const char *name, relver_format format, int dup_column, int at_least)
{
    static struct tsv t;
    char text[4096];
    int count = 0;
    tsv_open(&t, name);
    while (tsv_row(&t)) {
        relver_buf value = {text, sizeof text, 0};
        bool dup = dup_column > 0 && relver_eq(t.field[dup_column], relver_s("1"));
        const char *status = locate(format, t.field[1], t.field[2], &value);
        const char *want = dup ? "err" : t.field[3].ptr;
        size_t len = dup ? 3 : t.field[3].len;
        CHECK_F(relver_eq(relver_s(status), relver_sn(want, len)), "%s:%d: %.*s: got %s, want %.*s",
                name, t.line, (int)t.field[0].len, t.field[0].ptr, status, (int)len, want);
        if (strcmp(status, "ok") == 0)
            CHECK_F(relver_eq(relver_view(&value), t.field[4]), "%s:%d: got '%s'", name, t.line,
                    text);
        count++;
    }
    CHECK_F(count >= at_least, "%s has only %d rows", name, count);
}

int main(void)
{
    rows("toml_locate.tsv", RELVER_TOML, 0, 180);
    rows("json_locate.tsv", RELVER_JSON, 5, 150);
    return check_done();
}
