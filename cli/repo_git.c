#define _POSIX_C_SOURCE 200809L
#include "names.h"
#include "repo_parts.h"
#include "str.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*-- starting git --------------------------------------------------------------------------------*/

enum { ARGS = 24 };

/* What surrounds relver when a hook of git starts it would lead git astray. A password can be asked
   for on a terminal only; messages stay as they are documented. What is replaced or grafted here
   alone is not what is published. core.fsync: what exit code 0 promised must survive a power cut,
   and git by itself leaves that to the file system. */
#define SURROUNDINGS \
    "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", \
    "GIT_PREFIX", "GIT_LITERAL_PATHSPECS=1", "GIT_NO_REPLACE_OBJECTS=1", \
    "GIT_GRAFT_FILE=/dev/null/-"

static const char *const surroundings[] = {SURROUNDINGS, NULL};

/* A command line that grows. */
struct args {
    const char *at[ARGS];
    size_t n;
};

static void add(struct args *a, const char *const *words)
{
    while (*words != NULL && a->n < ARGS - 1)
        a->at[a->n++] = *words++;
}

static struct args git(const struct repo *r, const char *const *words)
{
    struct args a = {{"git", "-C", r->root->top, "-c", "core.fsync=all"}, 5};
    add(&a, words);
    return a;
}

#define ADD(args, ...) add(args, (const char *const[]){__VA_ARGS__, NULL})
#define GIT(r, ...) git(r, (const char *const[]){__VA_ARGS__, NULL})

static const char *str_of(struct arena *a, relver_str s)
{
    return arena_dup(a, s.ptr, s.len);
}

/* Why git failed: the first line that says so, with the next where it ends in a colon; else the
   last one. What stands before and behind is advice. */
static const char *complaint(struct arena *a, const struct ran *ran)
{
    static const char *const marks[] = {"fatal: ", "error: "};
    relver_str said = relver_s(NULL);
    for (relver_str line, rest = ran->err; str_line(&rest, &line);) {
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
            if (str_starts(line, marks[i])) {
                relver_str more = relver_s("");
                if (str_ends(line, ":"))
                    str_line(&rest, &more);
                more = str_trim(more);
                return arena_printf(a, "%.*s%s%.*s", STR(str_from(line, 7)),
                                    more.len > 0 ? " " : "", STR(more));
            }
        said = line.len > 0 ? line : said;
    }
    return said.ptr == NULL ? arena_printf(a, "git ended with exit code %d", ran->status)
                            : arena_dup(a, said.ptr, said.len);
}

/* Whether it did what relver was about: what. */
static bool done(struct repo *r, struct arena *a, const struct ran *ran, const char *what,
                 struct fail *f)
{
    return ran->status == 0 || repo_fail(r, f, what, complaint(a, ran));
}

/* Runs it; false when it cannot be started or failed. */
static bool ask(struct repo *r, struct arena *a, const struct args *args, relver_str input,
                struct ran *ran, const char *what, struct fail *f)
{
    struct run job = {.argv = args->at, .env = surroundings, .input = input};
    return run(a, &job, ran, f) && done(r, a, ran, what, f);
}

/* args and then paths, as one command line. */
static const char **with_paths(struct arena *a, const struct args *args, const char *const *paths,
                               size_t n)
{
    const char **argv = arena_alloc(a, (args->n + n + 1) * sizeof *argv);
    memcpy(argv, args->at, args->n * sizeof *argv);
    if (n > 0)
        memcpy(argv + args->n, paths, n * sizeof *argv);
    return argv;
}

/* Runs it on paths. They stand on the command line: a list on standard input would end early, and
   pass for a shorter one, if relver were killed while it writes it. */
static bool run_on(struct arena *a, struct args *args, const char *const *paths, size_t n,
                   struct ran *ran, struct fail *f)
{
    ADD(args, "--");
    struct run job = {.argv = with_paths(a, args, paths, n), .env = surroundings};
    return run(a, &job, ran, f);
}

/* An answer's only line. */
static relver_str line_of(struct arena *a, const struct ran *ran)
{
    relver_str s = str_trim_end(ran->out);
    return relver_sn(arena_dup(a, s.ptr, s.len), s.len);
}

/*-- objects and history -------------------------------------------------------------------------*/

const char *repo_type(relver_str name)
{
    static const char *const types[] = {"commit", "tree", "blob", "tag"};
    int word = str_word("commit|tree|blob|tag", name);
    return word >= 0 ? types[word] : NULL;
}

/* git-cat-file(1), "BATCH OUTPUT": OID SP TYPE SP SIZE LF BYTES LF, or REQUEST SP missing LF. */
static bool parse_header(relver_str line, relver_str *oid, const char **type, size_t *size)
{
    *oid = str_cut(&line, ' ');
    *type = repo_type(str_cut(&line, ' '));
    return *type != NULL && str_number(line, size);
}

static bool git_object(struct repo *r, struct arena *a, const char *spec, struct repo_object *out,
                       struct fail *f)
{
    struct args args = GIT(r, "cat-file", "--batch");
    struct run job = {.argv = args.at, .env = surroundings};
    relver_str line, oid, bytes;
    size_t size;
    if (loose_object(r, a, spec, out))
        return true;
    if (r->objects.pid == 0 && !child_start(r->arena, &job, &r->objects, f))
        return false;
    if (!child_say(&r->objects, relver_s(arena_printf(a, "%s\n", spec))) ||
        !child_until(&r->objects, '\n', &line))
        return repo_fail(r, f, "git cat-file ended", "");
    const char *type = NULL;
    if (!parse_header(line, &oid, &type, &size))
        return str_ends(line, " missing") || str_ends(line, " ambiguous") ||
               repo_fail(r, f, "git cat-file says", arena_dup(a, line.ptr, line.len));
    out->oid = relver_sn(arena_dup(a, oid.ptr, oid.len), oid.len);
    if (!child_bytes(&r->objects, size + 1, &bytes))
        return repo_fail(r, f, "git cat-file ended", "");
    out->bytes = relver_sn(arena_dup(a, bytes.ptr, size), size);
    out->type = type;
    return true;
}

static bool git_walk(struct repo *r, relver_str from, relver_str without, repo_visit *visit,
                     void *data, struct fail *f)
{
    struct args args = GIT(r, "rev-list", "--parents", str_of(r->arena, from));
    struct child list;
    relver_str line;
    if (without.ptr != NULL)
        ADD(&args, arena_printf(r->arena, "^%.*s", STR(without)));
    ADD(&args, "--");
    struct run job = {.argv = args.at, .env = surroundings};
    if (!child_start(r->arena, &job, &list, f))
        return false;
    bool go = true;
    while (go && child_until(&list, '\n', &line)) {
        relver_str oid = str_cut(&line, ' ');
        go = visit(data, oid, line);
    }
    return child_stop(&list) == 0 || !go || repo_fail(r, f, "the history cannot be read", "");
}

/* "/OID LF MESSAGE NUL", then, where there are paths, LF and "PATH NUL" of each. */
static void read_log(relver_str text, repo_reader *reader, void *data)
{
    relver_str oid, message = relver_sn(text.ptr + 1, strlen(text.ptr + 1));
    relver_str paths = str_from(text, message.len + 2);
    str_line(&message, &oid);
    reader(data, oid, message, str_from(paths, str_starts(paths, "\n")));
}

/* git-log(1) with -z: NUL ends a message and each path, and no path begins with a slash. A merge's
   paths are those in which it differs from its first parent. What the user's configuration could
   turn into something else is said here. */
static bool git_log(struct repo *r, struct arena *a, relver_str from, relver_str without,
                    const char *below, repo_reader *reader, void *data, struct fail *f)
{
    struct args args = GIT(r, "log", "-z", "--format=/%H%n%B", "--date-order", "--encoding=UTF-8",
                           "--no-show-signature", "--no-color");
    struct child log;
    struct text said = {.arena = a};
    relver_str word;
    if (below != NULL)
        ADD(&args, "--name-only", "--no-renames", "--diff-merges=first-parent", "--root",
            arena_printf(a, "--relative=%s", below));
    ADD(&args, str_of(a, from), arena_printf(a, "^%.*s", STR(without)), "--");
    struct run job = {.argv = args.at, .env = surroundings};
    if (!child_start(r->arena, &job, &log, f))
        return false;
    for (bool more = true; more;) {
        more = child_until(&log, '\0', &word);
        if (said.len > 0 && (!more || str_starts(word, "/"))) {
            read_log(relver_sn(said.ptr, said.len), reader, data);
            said.len = 0;
        }
        if (more)
            text_add(&said, word.ptr, word.len + 1);
    }
    return child_stop(&log) == 0 || repo_fail(r, f, "the history cannot be read", "");
}

/* As above. The newest comes first, and git is not heard to its end. */
static bool git_added(struct repo *r, struct arena *a, relver_str head, const char *const *paths,
                      size_t n, relver_str *oids, struct fail *f)
{
    struct args args = GIT(r, "log", "--format=/%H", "--name-only", "--no-renames",
                           "--diff-filter=A", "-z", "--no-show-signature", "--no-color",
                           "--no-follow", str_of(a, head), "--");
    struct run job = {.argv = with_paths(a, &args, paths, n), .env = surroundings};
    struct child log;
    relver_str line, oid = {NULL, 0};
    struct names wanted = {NULL, 0, 0};
    size_t left = n;
    if (!child_start(a, &job, &log, f))
        return false;
    for (size_t i = 0; i < n; i++)
        names_put(a, &wanted, 0, relver_s(paths[i]), &oids[i]);
    while (left > 0 && child_until(&log, '\0', &line)) {
        if (str_starts(line, "/"))
            oid = relver_sn(arena_dup(a, line.ptr + 1, line.len - 1), line.len - 1);
        relver_str *found = names_get(&wanted, 0, str_from(line, str_starts(line, "\n")));
        if (found != NULL && found->ptr == NULL) {
            *found = oid;
            left--;
        }
    }
    return child_stop(&log) == 0 || left == 0 ||
           repo_fail(r, f, "the history cannot be read", "");
}

static bool git_differs(struct repo *r, struct arena *a, relver_str base, const char ***paths,
                        size_t *n, struct fail *f)
{
    struct args args = GIT(r, "diff", "--name-only", "-z", "--no-renames", "--merge-base",
                           str_of(a, base), "--");
    struct ran ran;
    *paths = NULL;
    *n = 0;
    if (!ask(r, a, &args, relver_s(""), &ran, "what this branch changes cannot be told", f))
        return false;
    for (relver_str s = ran.out; s.len > 0; s = str_from(s, strlen(s.ptr) + 1))
        *ARENA_NEW(a, *paths, *n) = s.ptr;
    return true;
}

/* git-status(1), "Porcelain Format Version 1" with -z: XY SP PATH NUL. */
static bool git_changes(struct repo *r, struct arena *a, const char *const *paths, size_t n,
                        struct repo_change **out, size_t *count, struct fail *f)
{
    struct args args = GIT(r, "status", "--porcelain", "-z", "--no-renames",
                           "--ignore-submodules=dirty",
                           n > 0 ? "--untracked-files=all" : "--untracked-files=no");
    struct ran ran;
    relver_str head;
    *out = NULL;
    *count = 0;
    if (n == 0 && (!repo_head(r, a, &head, f) || loose_clean(r, a, head)))
        return f->status == 0;
    if (!run_on(a, &args, paths, n, &ran, f) ||
        !done(r, a, &ran, "the work tree cannot be read", f))
        return false;
    for (relver_str s = ran.out; s.len > 3;) {
        *ARENA_NEW(a, *out, *count) = (struct repo_change){s.ptr + 3, s.ptr[0] == '?'};
        s = str_from(s, strlen(s.ptr) + 1);
    }
    return true;
}

static bool git_tables(struct repo *r, struct fail *f)
{
    static const char *const asked[][5] = {
        {"symbolic-ref", "--quiet", "HEAD", NULL},
        {"rev-parse", "--verify", "--quiet", "HEAD", NULL}, /* for one that is on no branch */
        {"for-each-ref", "--format=%(objectname) %(refname)", NULL},
    };
    struct ran ran[3];
    for (size_t i = 0; i < 3; i++) {
        struct args args = git(r, asked[i]);
        struct run job = {.argv = args.at, .env = surroundings};
        if (!run(r->arena, &job, &ran[i], f))
            return false;
        if (ran[i].status > (i < 2))
            return repo_fail(r, f, "the refs cannot be read", complaint(r->arena, &ran[i]));
    }
    r->head = ran[0].status == 0 ? relver_s(arena_printf(r->arena, "ref: %s", ran[0].out.ptr))
                                 : ran[1].out;
    r->packed = ran[2].out;
    return true;
}

/*-- commits and tags ----------------------------------------------------------------------------*/

static bool git_reset_paths(struct repo *r, struct arena *a, const char *const *paths, size_t n,
                            struct fail *f)
{
    struct args diff = GIT(r, "diff", "--cached", "--quiet", "HEAD");
    struct args reset = GIT(r, "reset", "--quiet");
    struct ran ran;
    return run_on(a, &diff, paths, n, &ran, f) &&
           (ran.status == 0 || (run_on(a, &reset, paths, n, &ran, f) &&
                                done(r, a, &ran, "the index cannot be written", f)));
}

/* git does not sync its index, so a power cut may leave one of no bytes, or of zeros, with which it
   does nothing more; what was staged is lost with it. */
static bool git_ready(struct repo *r, struct arena *a, struct fail *f)
{
    struct args args = GIT(r, "read-tree", "HEAD");
    struct fail ignored;
    relver_str index;
    struct ran ran;
    if (!fs_read_if(&r->own, a, "index", &index, &ignored) || index.ptr == NULL ||
        str_starts(index, "DIRC")) /* gitformat-index(5) */
        return true;
    note(a, "git's index was lost, and is made anew: nothing is staged any more");
    return ask(r, a, &args, relver_s(""), &ran, "the index cannot be written", f);
}

static bool commit_paths(struct repo *r, struct arena *a, const char *const *paths, size_t n,
                         relver_str message, bool signoff, struct ran *ran, struct fail *f)
{
    struct args args = GIT(r, "-c", "maintenance.auto=false", "commit", "--quiet", "--only",
                           "--cleanup=whitespace", "-m", str_of(a, message));
    if (signoff)
        ADD(&args, "--signoff");
    return run_on(a, &args, paths, n, ran, f);
}

/* git asked what has changed costs as much as the commit: that is done only when it did not take
   the paths as they are, because one is new to it, or ignored. */
static bool commit_changed(struct repo *r, struct arena *a, const char *const *paths, size_t n,
                           relver_str message, bool signoff, struct ran *ran, struct fail *f)
{
    struct args intend = GIT(r, "add", "--intent-to-add"); /* or commit would not know them */
    struct repo_change *changed;
    size_t count, new = 0;
    if (!git_changes(r, a, paths, n, &changed, &count, f))
        return false;
    const char **some = arena_alloc(a, count * sizeof *some);
    for (size_t i = 0; i < count; i++)
        if (changed[i].untracked)
            some[new++] = changed[i].path;
    bool other = new > 0 || count < n;
    if (new > 0 && (!run_on(a, &intend, some, new, ran, f) || ran->status != 0))
        return f->status == 0;
    for (size_t i = 0; i < count; i++)
        some[i] = changed[i].path;
    ran->status = count == 0 ? 0 : ran->status;
    return count == 0 || !other || commit_paths(r, a, some, count, message, signoff, ran, f);
}

static bool git_commit_files(struct repo *r, struct arena *a, const char *const *paths, size_t n,
                             relver_str message, bool signoff, struct fail *f)
{
    struct ran ran;
    if (!commit_paths(r, a, paths, n, message, signoff, &ran, f) ||
        (ran.status != 0 && !commit_changed(r, a, paths, n, message, signoff, &ran, f)))
        return false;
    for (relver_str line, rest = ran.err; ran.status != 0 && str_line(&rest, &line);)
        if (rest.len > 0) /* a hook's words; the last of them is in the failure */
            note(a, "%.*s", STR(line));
    return ran.status == 0 ||
           fail_set(f, a, 1, "git.commit", NULL, "all changed, but not committed",
                    arena_printf(a, "mend it, then run `%s` again", r->root->command),
                    "git does not commit: %s", complaint(a, &ran));
}

/* One object of bytes as they are: no filter applies to what never lay in the work tree. */
static bool write_blob(struct repo *r, struct arena *a, relver_str bytes, relver_str *oid,
                       struct fail *f)
{
    struct args args = GIT(r, "hash-object", "-w", "--stdin");
    struct ran ran;
    if (!ask(r, a, &args, bytes, &ran, "an object cannot be written", f))
        return false;
    *oid = line_of(a, &ran);
    return true;
}

/* git-update-index(1), "USING --INDEX-INFO": MODE SP OID TAB PATH; mode 0 removes. What is there
   keeps its mode. */
static bool index_line(struct repo *r, struct arena *a, relver_str parent,
                       const struct fs_change *c, struct text *lines, struct fail *f)
{
    struct args args = GIT(r, "ls-tree", "-z", str_of(a, parent), "--", c->path);
    struct ran ran;
    relver_str oid = relver_s(arena_printf(a, "%0*d", (int)parent.len, 0));
    const char *mode = "0";
    if (c->after.ptr != NULL) {
        if (!ask(r, a, &args, relver_s(""), &ran, "a commit cannot be read", f) ||
            !write_blob(r, a, c->after, &oid, f))
            return false;
        mode = ran.out.len > 6 ? arena_dup(a, ran.out.ptr, 6) : "100644";
    }
    text_addf(lines, "%s %.*s\t%s", mode, STR(oid), c->path);
    text_addc(lines, '\0');
    return true;
}

/* The tree of the parent with the changes in it, by an index of its own. */
static bool changed_tree(struct repo *r, struct arena *a, relver_str parent,
                         const struct fs_change *changes, size_t n, relver_str *tree,
                         struct fail *f)
{
    struct text lines = {.arena = a};
    struct ran ran;
    const char *index = arena_printf(a, "GIT_INDEX_FILE=%s/index", r->root->state);
    const char *const env[] = {SURROUNDINGS, index, NULL};
    if (!fs_scrap(r->root, a, "index.lock", f)) /* of a git that was killed */
        return false;
    for (size_t i = 0; i < n; i++)
        if (!index_line(r, a, parent, &changes[i], &lines, f))
            return false;
    const char *const steps[][4] = {{"read-tree", str_of(a, parent), NULL},
                                    {"update-index", "-z", "--index-info", NULL},
                                    {"write-tree", NULL}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct args args = git(r, steps[i]);
        struct run job = {.argv = args.at, .env = env,
                          .input = relver_sn(lines.ptr, i == 1 ? lines.len : 0)};
        if (!run(a, &job, &ran, f) || !done(r, a, &ran, "a tree cannot be written", f))
            return false;
    }
    *tree = line_of(a, &ran);
    return true;
}

/* A configured yes or no. */
static bool configured(struct repo *r, struct arena *a, const char *key)
{
    struct args args = GIT(r, "config", "--type=bool", "--get", key);
    struct ran ran;
    struct fail ignored;
    struct run job = {.argv = args.at, .env = surroundings};
    return run(a, &job, &ran, &ignored) && ran.status == 0 && str_starts(ran.out, "true");
}

static bool git_commit_on(struct repo *r, struct arena *a, relver_str parent,
                          const struct fs_change *changes, size_t n, relver_str message,
                          bool signoff, relver_str *oid, struct fail *f)
{
    relver_str tree = {NULL, 0};
    struct ran ran, who;
    struct args args = GIT(r, "commit-tree", "-p", str_of(a, parent), "-F", "-");
    struct args ident = GIT(r, "var", "GIT_COMMITTER_IDENT");
    bool ok = changed_tree(r, a, parent, changes, n, &tree, f);
    if (!fs_scrap(r->root, a, "index", f) || !ok)
        return false;
    if (signoff) {
        if (!ask(r, a, &ident, relver_s(""), &who, "git does not know who you are", f))
            return false;
        const char *end = strrchr(who.out.ptr, '>');
        int who_len = end != NULL ? (int)(end + 1 - who.out.ptr) : 0;
        message = relver_s(arena_printf(a, "%.*s\n\nSigned-off-by: %.*s", STR(message),
                                        who_len, who.out.ptr));
    }
    message = relver_s(arena_printf(a, "%.*s\n", STR(message)));
    if (configured(r, a, "commit.gpgSign"))
        ADD(&args, "-S");
    ADD(&args, str_of(a, tree));
    if (!ask(r, a, &args, message, &ran, "a commit cannot be made", f))
        return false;
    *oid = line_of(a, &ran);
    return true;
}

static bool git_make_tag(struct repo *r, struct arena *a, relver_str name, relver_str commit,
                         relver_str message, bool sign, struct fail *f)
{
    struct args args = GIT(r, "tag");
    struct ran ran;
    if (message.ptr == NULL && !sign)
        ADD(&args, "--no-sign");
    else /* not on standard input, whose end a kill of relver would bring early */
        ADD(&args, sign ? "--sign" : "--annotate", "--cleanup=whitespace", "-m",
            str_of(a, message.ptr != NULL ? message : name));
    ADD(&args, "--", str_of(a, name), str_of(a, commit));
    return ask(r, a, &args, relver_s(""), &ran, "the tag cannot be made", f);
}

/* git-update-ref(1): an empty old value says that the ref must not be there. What has become of a
   git that was killed, or not heard, only the ref tells. */
static bool git_move(struct repo *r, struct arena *a, const char *ref, relver_str from,
                     relver_str to, struct fail *f)
{
    struct args args = GIT(r, "update-ref", "--create-reflog", "-m", r->root->command);
    struct ran ran;
    struct fail look = {0};
    relver_str now;
    if (to.ptr == NULL)
        ADD(&args, "-d", ref, str_of(a, from));
    else
        ADD(&args, ref, str_of(a, to), from.ptr != NULL ? str_of(a, from) : "");
    struct run job = {.argv = args.at, .env = surroundings};
    bool heard = run(a, &job, &ran, f);
    if (heard && ran.status == 0)
        return true;
    repo_forget(r);
    if (!repo_ref(r, a, ref, &now, heard ? f : &look)) {
        f->state = arena_printf(a, "half way, perhaps '%s' has moved", ref);
        return false;
    }
    if ((!heard || ran.status > 128) && relver_eq(now, to)) /* above: a signal */
        *f = (struct fail){0};
    else if (!relver_eq(now, from))
        return moved_fail(r, f, ref);
    else if (heard)
        return done(r, a, &ran, arena_printf(a, "'%s' cannot be moved", ref), f);
    return f->status == 0;
}

/*-- remotes -------------------------------------------------------------------------------------*/

/* Runs what asks a remote; *ran only when it ended in time. */
static bool ask_remote(struct repo *r, struct arena *a, const struct args *args, const char *remote,
                       struct ran *ran, struct fail *f)
{
    const char *prompt = isatty(0) ? "GIT_PREFIX" : "GIT_TERMINAL_PROMPT=0";
    const char *const env[] = {SURROUNDINGS, prompt, NULL};
    struct run job = {.argv = args->at, .env = env, .seconds = run_seconds(60)};
    if (!run(a, &job, ran, f))
        return false;
    return !ran->late || remote_fail(r, f, remote, arena_printf(a, "no answer within %u seconds",
                                                                run_seconds(60)));
}

static bool git_fetch(struct repo *r, struct arena *a, const char *remote, const char *ref,
                      relver_str *lines, struct fail *f)
{
    struct args args =
        ref == NULL ? GIT(r, "ls-remote", "--quiet", "--heads", "--tags", "--", remote)
                    : GIT(r, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head",
                          "--refmap=", "--recurse-submodules=no", "--", remote, ref);
    struct ran ran;
    if (!ask_remote(r, a, &args, remote, &ran, f))
        return false;
    *lines = ran.out;
    return ran.status == 0 || remote_fail(r, f, remote, complaint(a, &ran));
}

/* git-push(1), "OUTPUT": FLAG TAB FROM:TO TAB SUMMARY, flag '!' for what was refused, the summary
   "[remote rejected] (why)" where the server did it. */
static bool git_push(struct repo *r, struct arena *a, const char *remote, relver_str oid,
                     const char *ref, relver_str seen, struct refusal *refusal, struct fail *f)
{
    struct args args = GIT(r, "push", "--porcelain", "--no-follow-tags", "--recurse-submodules=no",
                           "--", remote, arena_printf(a, "%.*s:%s", STR(oid), ref));
    struct ran ran;
    (void)seen; /* git moves no tag, and a branch only forward */
    if (!ask_remote(r, a, &args, remote, &ran, f))
        return false;
    *refusal = (struct refusal){ran.status != 0 ? complaint(a, &ran) : NULL, false};
    for (relver_str line, rest = ran.out; str_line(&rest, &line);) {
        relver_str summary = line;
        for (int tabs = 0; tabs < 2 && summary.len > 0; summary = str_from(summary, 1))
            tabs += summary.ptr[0] == '\t';
        if (!str_starts(line, "!\t"))
            continue;
        refusal->why = arena_dup(a, summary.ptr, summary.len);
        refusal->by_server = str_starts(summary, "[remote rejected]");
    }
    return true;
}

static void git_close(struct repo *r)
{
    child_stop(&r->objects);
}

const struct repo_ops git_ops = {
    git_object,    git_walk,    git_log,   git_added,        git_differs,
    git_changes,   git_ready,   git_commit_files,            git_reset_paths,
    git_commit_on, git_make_tag, git_move, git_fetch,        git_push,
    git_tables,    git_close,
};
