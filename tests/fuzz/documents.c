/* documents.c - FORMAT (t, j, y, or x for lines), PATH, VALUE, DOCUMENT: the readers, queries and
   the edits. What an edit made must read back, and one undone must leave no trace. */
#include "fuzz.h"

static relver_format form;

/* RELVER_OK when all of it is well-formed. */
static relver_err reads(relver_str doc)
{
    static relver_reader r;
    relver_node n;
    relver_err got;
    relver_read(&r, form, doc);
    for (size_t nodes = 0;; nodes++) {
        memset(&n, 0, sizeof n);
        got = relver_next(&r, &n, &diag);
        if (got != RELVER_OK || n.kind == RELVER_END)
            break;
        MUST(nodes <= 2 * doc.len + 2 && n.depth <= RELVER_DEPTH_MAX + 1);
        MUST(inside(doc, n.key) && inside(doc, n.value) && inside(doc, n.text));
        if (n.kind == RELVER_STRING && n.quote != RELVER_OPAQUE) {
            relver_buf room = {NULL, 0, 0};
            relver_text(&room, form, &n);
            MUST(room.len <= 3 * n.text.len);
            relver_key_is(form, &n, relver_s("version"));
        }
    }
    if (got != RELVER_OK)
        MUST(diag.pos <= doc.len && diag.len <= doc.len - diag.pos && diag.what != NULL);
    return got;
}

/* The same answer from find and find_all, beside any other question. */
static relver_err finds(relver_str doc, relver_str path, relver_str other, relver_node *n)
{
    static relver_query q[2];
    relver_err found = relver_find(doc, form, path, n, &diag);
    q[0].path = other;
    q[1].path = path;
    if (relver_find_all(doc, form, q, 2, &diag) == RELVER_OK) {
        MUST(q[1].err == found || found == RELVER_BAD_PATH || q[1].err == RELVER_BAD_PATH);
        if (found == RELVER_OK)
            MUST(q[1].node.value.ptr == n->value.ptr && q[1].node.value.len == n->value.len);
    } else {
        MUST(found != RELVER_OK);
    }
    if (found == RELVER_OK)
        MUST(inside(doc, n->value) && inside(doc, n->text) && inside(doc, n->key));
    return found;
}

/* The document that one edit makes. */
static relver_str edited(relver_str doc, relver_edit *edit)
{
    RUN(relver_apply(&out, doc, edit, 1, &diag));
    MUST(err == RELVER_OK);
    return kept();
}

static void reads_back(relver_str doc, relver_str path, relver_str value)
{
    relver_node n;
    MUST(reads(doc) == RELVER_OK);
    MUST(relver_find(doc, form, path, &n, &diag) == RELVER_OK);
    MUST(relver_text_is(form, &n, value));
}

static void sets(relver_str doc, relver_str path, relver_str value)
{
    relver_edit e;
    if (relver_set(doc, form, path, value, &e, &diag) != RELVER_OK)
        return;
    MUST(inside(doc, e.at));
    relver_str made = edited(doc, &e);
    reads_back(made, path, value);
    RUN(relver_replace(&out, doc, form, path, value, &diag));
    MUST(err == RELVER_OK && relver_eq(relver_view(&out), made));
    drop(made);
}

/* Where a comment parts a comma from what followed it, that comma stays; where a comma begins a
   line, the blanks before it go. */
static bool odd_commas(relver_str doc)
{
    bool first = false;
    for (size_t i = 0; i < doc.len; i++) {
        if (doc.ptr[i] == '#' || (first && doc.ptr[i] == ','))
            return true;
        first = doc.ptr[i] == '\n' || (first && memchr(" \t\r", doc.ptr[i], 3) != NULL);
    }
    return false;
}

static void adds(relver_str doc, relver_str path, relver_str value)
{
    char space[512];
    relver_buf scratch = {space, sizeof space, 0};
    relver_edit e;
    if (relver_add(doc, form, path, value, &scratch, &e, &diag) != RELVER_OK)
        return;
    MUST(inside(doc, e.at));
    relver_str made = edited(doc, &e);
    if (path.len < 2 || memcmp(path.ptr + path.len - 2, "[]", 2) != 0) {
        reads_back(made, path, value);
        if (relver_cut(made, form, path, &e, &diag) == RELVER_OK) {
            relver_str back = edited(made, &e);
            MUST(relver_eq(back, doc) || odd_commas(doc));
            drop(back);
        }
    } else {
        MUST(reads(made) == RELVER_OK);
    }
    drop(made);
}

static void cuts(relver_str doc, relver_str path)
{
    relver_edit e;
    if (relver_cut(doc, form, path, &e, &diag) != RELVER_OK)
        return;
    MUST(inside(doc, e.at) && e.text.len == 0);
    relver_str made = edited(doc, &e);
    MUST(reads(made) == RELVER_OK);
    drop(made);
}

static void finds_text(relver_str doc, relver_str path)
{
    relver_node n;
    size_t from = 0;
    for (size_t before = 0;
         relver_find_text(doc, path, &n, &from, &diag) == RELVER_OK; before = from)
        MUST(from > before && from <= doc.len && inside(doc, n.text) && n.text.len > 0);
}

static void target(const relver_str *field)
{
    static const char letters[] = "tjyx";
    relver_str path = field[1], value = field[2], doc = field[3];
    relver_node n;
    const char *at = field[0].len > 0 && field[0].ptr[0] != '\0' ? strchr(letters, field[0].ptr[0])
                                                                 : NULL;
    form = at != NULL ? (relver_format)(at - letters) : RELVER_TOML;
    bool good = reads(doc) == RELVER_OK;
    if (finds(doc, path, value, &n) == RELVER_OK)
        MUST(good);
    sets(doc, path, value);
    adds(doc, path, value);
    cuts(doc, path);
    finds_text(doc, path);
}
