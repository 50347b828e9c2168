/* line.c - pure: no file is read or written here */
#include "line.h"

#include "str.h"

relver_str line_template(const struct unit *u)
{
    relver_str tmpl = settings_text(u->settings, KEY_BRANCH);
    return tmpl.ptr != NULL ? tmpl : relver_s("release/{major}.{minor}");
}

/* A version's numbers through a template; absent when it is no version. */
static relver_str write(struct arena *a, relver_str tmpl, relver_str name, relver_str version)
{
    relver_buf out = str_room(a, tmpl.len + name.len + version.len + 16);
    relver_err err = relver_tag_write(&out, tmpl, name, version, NULL);
    return err == RELVER_OK ? relver_view(&out) : relver_s(NULL);
}

relver_str line_of(struct arena *a, const struct unit *u, relver_str version)
{
    return write(a, relver_s("{major}.{minor}"), u->name, version);
}

relver_str line_branch(struct arena *a, const struct unit *u, relver_str line)
{
    return write(a, line_template(u), u->name, line);
}

relver_str line_read(struct arena *a, const struct unit *u, relver_str branch)
{
    relver_tag t;
    if (relver_tag_read(line_template(u), u->scheme, branch, &t, NULL) != RELVER_OK ||
        (t.name.ptr != NULL && !relver_eq(t.name, u->name)))
        return relver_s(NULL);
    return relver_s(arena_printf(a, "%.*s.%.*s", STR(t.major), STR(t.minor)));
}

static relver_err refuse(relver_str text, const relver_node *n, relver_err err, const char *what,
                         relver_diag *diag)
{
    size_t pos = n->value.ptr != NULL ? (size_t)(n->value.ptr - text.ptr) : 0;
    *diag = (relver_diag){err, pos, n->value.len, what};
    return err;
}

relver_err line_list(struct arena *a, relver_str text, struct branch_list *out, relver_diag *diag)
{
    relver_reader r;
    relver_node n;
    *out = (struct branch_list){NULL, NULL, 0};
    relver_read(&r, RELVER_YAML, text);
    for (bool inside = false;;) {
        relver_err err = relver_next(&r, &n, diag);
        if (err != RELVER_OK)
            return err;
        if (n.kind == RELVER_END && out->key == NULL)
            return refuse(text, &n, RELVER_MISSING, "no list on the top level", diag);
        if (n.kind == RELVER_END)
            return RELVER_OK;
        bool list = n.depth == 1 && n.kind == RELVER_ARRAY;
        if (list && out->key != NULL)
            return refuse(text, &n, RELVER_DUPLICATE, "a second list on the top level", diag);
        if (list)
            out->key = arena_printf(a, "\"%.*s\"", STR(str_decode_key(a, RELVER_YAML, &n)));
        inside = n.depth < 2 ? list : inside;
        if (n.depth != 2 || !inside || n.kind == RELVER_CLOSE)
            continue;
        if (n.quote == RELVER_OPAQUE || n.kind == RELVER_TABLE || n.kind == RELVER_ARRAY)
            return refuse(text, &n, RELVER_NOT_STRING, "not the name of a branch", diag);
        *ARENA_NEW(a, out->names, out->count) = str_decode(a, RELVER_YAML, &n);
    }
}
