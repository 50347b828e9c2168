/* relver.h - v0.1.0 - release versions: parse, order, convert, stamp, edit - public domain

   USE
       #define RELVER_IMPLEMENTATION      in exactly one .c or .cpp file, before the include
       #include "relver.h"

   EXAMPLE (examples/replace.c is a whole program)
       char text[4096];
       relver_buf out = {text, sizeof text, 0};
       relver_diag diag;
       relver_err err = relver_replace(&out, manifest, RELVER_TOML, relver_s("package.version"),
                                       relver_s("1.2.3"), &diag);

   CONTENTS (the same numbers head the declarations and the implementation; search for "== 4.")
        1. Strings and buffers        views into the caller's bytes; append-only output
        2. Errors and diagnostics     one table of errors; where and why
        3. SemVer                     SemVer 2.0.0: parse, compare, node's inc
        4. PEP 440                    every permitted spelling in, the normal form out
        5. Ecosystems                 check, compare, convert, fits and bump, by ecosystem
        6. Ranges                     npm ranges, Cargo requirements, PEP 440 specifiers
        7. Stamps                     versions that carry a commit id
        8. Tags and dist-tags         tag templates and their exact inverse; which npm dist-tag
        9. Reading documents          one pull reader for TOML, JSON, YAML and text lines
       10. Editing documents          spans to replace, applied in one pass, other bytes untouched
       11. Requirements               rewrite the version inside ^1.2, ==1.2, workspace:~1.2

   OPTIONS (define before the include)
       RELVER_IMPLEMENTATION   compile the functions here, not only their declarations
       RELVER_STATIC           make every function static (unused ones do not warn)
       RELVER_API              the linkage of every function; default: extern, or nothing
       RELVER_ASSERT(x)        checks of the caller's promises; default: nothing

   CONVENTIONS
       Strings   relver_str is a view {ptr, len}: not terminated, not owned. Results are views into
                 the input, so they also say where they were found. ptr == NULL means absent.
       Output    relver_buf only grows; len counts the bytes wanted, also past cap. So {0,0,0}
                 measures, and a second call with len + 1 bytes fills. Text is NUL-terminated
                 whenever cap > 0. Input and output must not overlap.
       Errors    a function that can fail returns relver_err; RELVER_OK is 0. The last parameter, a
                 relver_diag *, may be NULL. On an error out-parameters are untouched and a buffer's
                 len is put back, except after RELVER_NO_SPACE, where it says what is needed.
       Numbers   are digit strings, compared by length and then bytes: exact at any size. What a
                 registry refuses is a question of its own: relver_fits.
       Memory    none is allocated and nothing is global, so every function is thread-safe.
                 No function recurses or takes 2 KiB of stack; no chain of calls takes 4 KiB.
       Bytes     text is UTF-8; versions are ASCII. No locale, no errno, no stdio.
       Examples  lines that begin with '>' below are compiled and run by the tests, each block with
                 an empty `out` of 512 bytes, a `diag`, and text(&out) as a C string.

   LIMITS
       Documents nest at most 1,000 levels (RELVER_TOO_DEEP), YAML's blocks 64. YAML is blocks and
       flow collections; anchors, tags, merge keys, [a: b] and scalars over several lines are
       refused where they matter and skipped where they do not. TOML is 1.1, of which 1.0 is a part.
       PEP 440 input is at most 255 bytes. Duplicate keys are refused on the path asked for, not
       everywhere. */

#ifndef RELVER_H
#define RELVER_H

#include <stdbool.h>
#include <stddef.h>

#define RELVER_VERSION "0.1.0"

#ifndef RELVER_API
#if defined(RELVER_STATIC) && defined(__GNUC__)
#define RELVER_API static __attribute__((unused))
#elif defined(RELVER_STATIC)
#define RELVER_API static
#else
#define RELVER_API extern
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

/*== 1. Strings and buffers ==================================================================*/

typedef struct relver_str {
    const char *ptr;
    size_t len;
} relver_str;

typedef struct relver_buf {
    char *ptr;
    size_t cap, len; /* bytes there are, bytes wanted so far */
} relver_buf;

/* A view of a C string; the only function that takes one. NULL gives the absent view.
   > assert(relver_s("1.2.3").len == 5); */
RELVER_API relver_str relver_s(const char *text);

/* A view of len bytes at ptr.
   > assert(relver_eq(relver_sn("1.2.3-rc", 5), relver_s("1.2.3"))); */
RELVER_API relver_str relver_sn(const char *ptr, size_t len);

/* Whether two views hold the same bytes; an absent view equals an empty one.
   > assert(!relver_eq(relver_s("rc"), relver_s("RC"))); */
RELVER_API bool relver_eq(relver_str a, relver_str b);

/* Append s to out.
   > relver_put(&out, relver_s("v"));
   > relver_put(&out, relver_s("1.2.3"));
   > assert(strcmp(text(&out), "v1.2.3") == 0); */
RELVER_API void relver_put(relver_buf *out, relver_str s);

/* Whether everything wanted is there (and its NUL, when cap > 0).
   > relver_buf measure = {NULL, 0, 0};
   > relver_put(&measure, relver_s("1.2.3"));
   > assert(measure.len == 5 && !relver_whole(&measure)); */
RELVER_API bool relver_whole(const relver_buf *out);

/* What out holds, as a view; only sensible when relver_whole(out).
   > relver_put(&out, relver_s("0.2.0"));
   > assert(relver_eq(relver_view(&out), relver_s("0.2.0"))); */
RELVER_API relver_str relver_view(const relver_buf *out);

/*== 2. Errors and diagnostics ===============================================================*/

/* Every error: X(constant, short code, what is wrong and, where there is one, the cure). The short
   code is what scripts see (`relver version` prints it after '!'). A test produces each of them. */
#define RELVER_ERRORS(X)                                                                           \
    X(OK, "ok", "no error")                                                                        \
    X(NO_SPACE, "no-space", "the output buffer is too small")                                      \
    X(NOT_SEMVER, "not-semver", "not a SemVer 2.0.0 version")                                      \
    X(NOT_PEP440, "not-pep440", "not a PEP 440 version")                                           \
    X(NOT_RANGE, "not-a-range", "not a version range of this ecosystem")                           \
    X(NUMERIC_FIRST, "numeric-first", "PEP 440 has no unnamed prerelease; write -rc.N")            \
    X(UNKNOWN_LABEL, "unknown-label", "PEP 440 knows only alpha, beta, rc and dev")                \
    X(UPPERCASE_LABEL, "uppercase-label", "the prerelease label must be in lower case")            \
    X(MULTI_PART, "multi-part", "PEP 440 has room for one label and one number")                   \
    X(GLUED_GARBAGE, "glued-garbage", "the label and its number must be apart: -rc.N")             \
    X(LOCAL_LEADING_ZERO, "local-leading-zero", "PEP 440 drops a leading zero; add a letter")      \
    X(LOCAL_CHARSET, "local-charset", "a PEP 440 local segment is letters and digits only")        \
    X(EPOCH, "epoch", "SemVer has no epoch")                                                       \
    X(POST_RELEASE, "post-release", "SemVer has no post-release; release the next patch")          \
    X(PRE_AND_DEV, "pre-and-dev", "SemVer cannot order a dev release of a prerelease")             \
    X(RELEASE_TOO_LONG, "release-too-long", "SemVer has exactly three numbers")                    \
    X(TOO_LONG, "too-long", "longer than the registry accepts")                                    \
    X(TOO_BIG, "too-big", "a number is bigger than the registry accepts")                          \
    X(HAS_BUILD, "has-build", "the registry ignores or refuses what follows '+'")                  \
    X(LOCK_SUFFIX, "lock-suffix", "git refuses a ref that ends in '.lock'")                        \
    X(NOT_LEVEL, "not-a-level", "not a level: major minor patch alpha beta rc release dev")        \
    X(BACKWARD, "backward", "prereleases move alpha, beta, rc, never back")                        \
    X(NO_PRERELEASE, "no-prerelease", "a stable version has no label to count; say `minor rc`")    \
    X(OID_NOT_FULL, "oid-not-full", "a full object id is needed: 40 or 64 hex digits")             \
    X(BASE_HAS_BUILD, "base-has-build", "the base already carries build metadata")                 \
    X(ALREADY_STAMPED, "already-stamped", "the base already carries another stamp")                \
    X(BAD_TEMPLATE, "bad-template", "the tag template cannot be read back")                        \
    X(NO_MATCH, "no-match", "the tag does not have the template's form")                           \
    X(NOT_DIST_TAG, "not-a-dist-tag", "not a usable dist-tag name")                                \
    X(SYNTAX, "syntax", "the document is malformed")                                               \
    X(BAD_UTF8, "bad-utf8", "the document is not UTF-8")                                           \
    X(TOO_DEEP, "too-deep", "the document nests too deeply")                                       \
    X(UNSUPPORTED, "unsupported", "valid, but outside the subset that is edited safely")           \
    X(BAD_PATH, "bad-path", "the key path is malformed")                                           \
    X(MISSING, "missing", "the key is not in the document")                                        \
    X(DUPLICATE, "duplicate", "a key on the path stands twice, and readers disagree which wins")   \
    X(NOT_STRING, "not-a-string", "the value is not a string")                                     \
    X(NEEDS_ESCAPE, "needs-escape", "the new text cannot be written inside these quotes")          \
    X(OVERLAP, "overlap", "two edits touch the same bytes")                                        \
    X(NOT_REQUIREMENT, "not-a-requirement", "not a requirement of this ecosystem")                 \
    X(COMPLEX, "complex", "the requirement is too complex to rewrite and refuses the new version")

typedef enum relver_err {
#define RELVER_X(name, code, what) RELVER_##name,
    RELVER_ERRORS(RELVER_X)
#undef RELVER_X
    RELVER_ERR_COUNT
} relver_err;

/* Where and why: the byte range in the input that is at fault, and a phrase such as "leading zero
   in minor version", finer than the error itself. */
typedef struct relver_diag {
    relver_err err;
    size_t pos, len;
    const char *what; /* constant text, never NULL after an error */
} relver_diag;

/* The short code of an error, as in the table.
   > assert(strcmp(relver_code(RELVER_NUMERIC_FIRST), "numeric-first") == 0); */
RELVER_API const char *relver_code(relver_err err);

/* What the error means, and the cure where there is one.
   > assert(strcmp(relver_strerror(RELVER_OK), "no error") == 0); */
RELVER_API const char *relver_strerror(relver_err err);

/* Line and column of a byte offset, both from 1; columns count bytes. LF and CRLF end a line.
   > size_t line, column;
   > relver_locate(relver_s("a = 1\nb = 2\n"), 10, &line, &column);
   > assert(line == 2 && column == 5); */
RELVER_API void relver_locate(relver_str text, size_t pos, size_t *line, size_t *column);

/* Append "NAME:LINE:COLUMN: what" for a diagnostic about text.
   > relver_semver v;
   > relver_str s = relver_s("1.02.3");
   > relver_semver_parse(s, &v, &diag);
   > relver_explain(&out, relver_s("VERSION"), s, &diag);
   > assert(strcmp(text(&out), "VERSION:1:3: leading zero in minor version") == 0); */
RELVER_API void relver_explain(relver_buf *out, relver_str name, relver_str text,
                               const relver_diag *diag);

/*== 3. SemVer ===============================================================================*/

/* SemVer 2.0.0, strictly its grammar: no leading v, no spaces, three numbers. A parsed version is
   five views into the text; pre and build are absent when there is none. */
typedef struct relver_semver {
    relver_str major, minor, patch, pre, build;
} relver_semver;

/* Parse all of s. Errors: NOT_SEMVER.
   > relver_semver v;
   > assert(relver_semver_parse(relver_s("1.3.0-rc.1+build5"), &v, &diag) == RELVER_OK);
   > assert(relver_eq(v.pre, relver_s("rc.1")) && relver_eq(v.build, relver_s("build5")));
   > assert(relver_semver_parse(relver_s("v1.3.0"), &v, &diag) == RELVER_NOT_SEMVER);
   > assert(diag.pos == 0); */
RELVER_API relver_err relver_semver_parse(relver_str s, relver_semver *v, relver_diag *diag);

/* Precedence (SemVer 2.0.0, item 11): negative, 0 or positive; build metadata is ignored.
   > relver_semver a, b;
   > relver_semver_parse(relver_s("1.0.0-rc.9"), &a, NULL);
   > relver_semver_parse(relver_s("1.0.0-rc.10"), &b, NULL);
   > assert(relver_semver_compare(&a, &b) < 0); */
RELVER_API int relver_semver_compare(const relver_semver *a, const relver_semver *b);

/* A number for sorting many: where two keys differ, they order as the versions do; where they are
   equal, relver_semver_compare decides.
   > relver_semver a, b;
   > relver_semver_parse(relver_s("1.9.0"), &a, NULL);
   > relver_semver_parse(relver_s("1.10.0"), &b, NULL);
   > assert(relver_semver_key(&a) < relver_semver_key(&b)); */
RELVER_API size_t relver_semver_key(const relver_semver *v);

/* Append the version's text.
   > relver_semver v;
   > relver_semver_parse(relver_s("1.0.0-rc.9+x"), &v, NULL);
   > relver_semver_write(&out, &v);
   > assert(strcmp(text(&out), "1.0.0-rc.9+x") == 0); */
RELVER_API void relver_semver_write(relver_buf *out, const relver_semver *v);

/* node-semver's inc(), at any size: type is major, minor, patch, premajor, preminor, prepatch,
   prerelease, pre or release; preid a label or empty; base the first counter, "0" or "1", or ""
   for none. Errors: NOT_SEMVER, NO_PRERELEASE, NOT_LEVEL (also when the version would stay).
   > relver_semver_inc(&out, relver_s("1.2.3"), relver_s("preminor"), relver_s("rc"),
   >                   relver_s("0"), &diag);
   > assert(strcmp(text(&out), "1.3.0-rc.0") == 0); */
RELVER_API relver_err relver_semver_inc(relver_buf *out, relver_str version, relver_str type,
                                        relver_str preid, relver_str base, relver_diag *diag);

/*== 4. PEP 440 ==============================================================================*/

typedef enum relver_phase { RELVER_FINAL, RELVER_ALPHA, RELVER_BETA, RELVER_RC } relver_phase;

/* A parsed PEP 440 version. release stays text ("1.2.3": any number of segments); numbers are
   digit strings as spelt, leading zeros included; a missing number is "0" for a part that is
   there. local is as spelt, without its '+'. */
typedef struct relver_pep440 {
    relver_str epoch, release;
    relver_phase phase;
    relver_str pre, post, dev, local; /* absent when the version has no such part */
} relver_pep440;

/* Parse all of s, in any spelling that PEP 440, appendix B permits: v1.0-RC.1, 1.0c1, 1.0-1.
   Surrounding ASCII white space is ignored. Errors: NOT_PEP440.
   > relver_pep440 v;
   > assert(relver_pep440_parse(relver_s("v0.4.0-RC1"), &v, &diag) == RELVER_OK);
   > assert(v.phase == RELVER_RC && relver_eq(v.pre, relver_s("1"))); */
RELVER_API relver_err relver_pep440_parse(relver_str s, relver_pep440 *v, relver_diag *diag);

/* Order (PEP 440, "Summary of permitted suffixes and relative ordering"), local versions included.
   > relver_pep440 a, b;
   > relver_pep440_parse(relver_s("1.0.dev5"), &a, NULL);
   > relver_pep440_parse(relver_s("1.0a1"), &b, NULL);
   > assert(relver_pep440_compare(&a, &b) < 0); */
RELVER_API int relver_pep440_compare(const relver_pep440 *a, const relver_pep440 *b);

/* Append the normal form (PEP 440, "Normalization").
   > relver_pep440 v;
   > relver_pep440_parse(relver_s("v01.0-ALPHA_2+Ubuntu-1"), &v, NULL);
   > relver_pep440_write(&out, &v);
   > assert(strcmp(text(&out), "1.0a2+ubuntu.1") == 0); */
RELVER_API void relver_pep440_write(relver_buf *out, const relver_pep440 *v);

/*== 5. Ecosystems ===========================================================================*/

/* How versions are spelt. NPM and CARGO are SemVer with their own ranges, limits and stamps. */
typedef enum relver_eco { RELVER_SEMVER, RELVER_NPM, RELVER_CARGO, RELVER_PEP440 } relver_eco;

/* Where versions go, for relver_fits. */
typedef enum relver_target {
    RELVER_ON_NPM,
    RELVER_ON_CRATES,
    RELVER_ON_PYPI,
    RELVER_ON_GIT,
    RELVER_ON_DOCKER
} relver_target;

/* Check a version and append its normal form (PEP 440 normalises; SemVer is its own normal form).
   Errors: NOT_SEMVER, NOT_PEP440.
   > assert(relver_check(&out, RELVER_PEP440, relver_s("1.0.0-RC1"), &diag) == RELVER_OK);
   > assert(strcmp(text(&out), "1.0.0rc1") == 0); */
RELVER_API relver_err relver_check(relver_buf *out, relver_eco eco, relver_str version,
                                   relver_diag *diag);

/* Order two versions of one ecosystem: *order is -1, 0 or 1. Errors: NOT_SEMVER, NOT_PEP440.
   > int order;
   > relver_compare(RELVER_NPM, relver_s("0.2.0-rc.1"), relver_s("0.2.0"), &order, &diag);
   > assert(order == -1); */
RELVER_API relver_err relver_compare(relver_eco eco, relver_str a, relver_str b, int *order,
                                     relver_diag *diag);

/* The class of a conversion: an exact one keeps order and converts back to the same text; a lenient
   one lost something, which is named. A refusal is an error. */
typedef enum relver_class {
    RELVER_EXACT,
    RELVER_IMPLICIT_ZERO, /* -dev gives .dev0, as -dev.0 would */
    RELVER_GLUED_NUMBER,  /* -rc1 gives rc1, but SemVer orders rc10 before rc2 */
    RELVER_LOCAL_CASE,    /* +ABC gives +abc */
    RELVER_LOCAL_HYPHEN,  /* +a-b gives +a.b */
    RELVER_PADDED         /* 1.0 gives 1.0.0 */
} relver_class;

/* The short code of a class: "exact", "implicit-zero", "padded" ..
   > assert(strcmp(relver_class_code(RELVER_PADDED), "padded") == 0); */
RELVER_API const char *relver_class_code(relver_class how);

/* Append the version as the other ecosystem spells it; *how (may be NULL) gets the class.
   alpha.N, beta.N, rc.N, dev.N and aN, bN, rcN, .devN are each other's only forms.
   Errors: NOT_SEMVER, NOT_PEP440, NUMERIC_FIRST .. RELEASE_TOO_LONG; TOO_LONG for PEP 440.
   > relver_class how;
   > relver_convert(&out, RELVER_SEMVER, relver_s("0.2.0-rc.1"), RELVER_PEP440, &how, &diag);
   > assert(strcmp(text(&out), "0.2.0rc1") == 0 && how == RELVER_EXACT); */
RELVER_API relver_err relver_convert(relver_buf *out, relver_eco from, relver_str version,
                                     relver_eco to, relver_class *how, relver_diag *diag);

/* Whether a registry, git or Docker takes a version that is otherwise valid (of SemVer, for PyPI
   of PEP 440). Errors: the parse errors, TOO_LONG, TOO_BIG, HAS_BUILD, LOCK_SUFFIX.
   > assert(relver_fits(RELVER_ON_CRATES, relver_s("18446744073709551616.0.0"), &diag)
   >        == RELVER_TOO_BIG); */
RELVER_API relver_err relver_fits(relver_target target, relver_str version, relver_diag *diag);

/* Append the next version, always above the one given. level is one of
       major minor patch    as SemVer: on 1.3.0-rc.1, minor gives 1.3.0
       .. alpha|beta|rc|dev a first prerelease past that: on 1.2.3, "minor rc" gives 1.3.0-rc.1, on
                            1.3.0-rc.1 it gives 1.4.0-rc.1
       alpha beta rc        counts on, or moves alpha, beta, rc; never back
       dev                  counts on, or the next patch's dev version: 1.2.4-dev.0
       release              drops the label
   Counters start at 1, dev's at 0. In full, for SemVer ("-" for a refusal):
       on              1.2.3         1.3.0-dev.0    1.3.0-alpha.3  1.3.0-rc.1     1.3.0-nightly
       major           2.0.0         2.0.0          2.0.0          2.0.0          2.0.0
       minor, patch    1.3.0, 1.2.4  1.3.0          1.3.0          1.3.0          1.3.0
       minor rc        1.3.0-rc.1    1.4.0-rc.1     1.4.0-rc.1     1.4.0-rc.1     1.4.0-rc.1
       alpha           -             -              1.3.0-alpha.4  -              -
       rc              -             1.3.0-rc.1     1.3.0-rc.1     1.3.0-rc.2     1.3.0-rc.1
       dev             1.2.4-dev.0   1.3.0-dev.1    -              -              -
       release         -             1.3.0          1.3.0          1.3.0          1.3.0
   PEP 440 has dev below alpha and so goes on from 1.3.0.dev0 to 1.3.0a1, and from 1.3.0a1.dev2 to
   the 1.3.0a1 that one leads to. The epoch and the count of numbers stay; post and local go.
   Errors: the parse errors, NOT_LEVEL (diag points into level), BACKWARD, NO_PRERELEASE, TOO_LONG.
   > relver_bump(&out, RELVER_PEP440, relver_s("1.2.3"), relver_s("minor rc"), &diag);
   > assert(strcmp(text(&out), "1.3.0rc1") == 0); */
RELVER_API relver_err relver_bump(relver_buf *out, relver_eco eco, relver_str version,
                                  relver_str level, relver_diag *diag);

/*== 6. Ranges ===============================================================================*/

/* Check an npm range, a Cargo requirement or a set of PEP 440 specifiers (SEMVER reads as NPM).
   Errors: NOT_RANGE.
   > assert(relver_range_check(RELVER_CARGO, relver_s(">=1.2, <2"), &diag) == RELVER_OK);
   > assert(relver_range_check(RELVER_CARGO, relver_s("1 || 2"), &diag) == RELVER_NOT_RANGE); */
RELVER_API relver_err relver_range_check(relver_eco eco, relver_str range, relver_diag *diag);

/* Whether a version lies in a range. pre lets prereleases in that the range does not name (node's
   includePrerelease, packaging's prereleases=True); without it PEP440 refuses them all, and Cargo
   has no such mode. PEP440's bounds are those of packaging 26: >1.0 refuses 1.0.post1.
   Errors: NOT_RANGE, NOT_SEMVER, NOT_PEP440.
   > bool yes;
   > relver_range_match(RELVER_NPM, relver_s("^0.2.0"), relver_s("0.2.7"), false, &yes, &diag);
   > assert(yes);
   > relver_range_match(RELVER_CARGO, relver_s("0.2"), relver_s("0.2.1-rc.1"), false, &yes, &diag);
   > assert(!yes); */
RELVER_API relver_err relver_range_match(relver_eco eco, relver_str range, relver_str version,
                                         bool pre, bool *yes, relver_diag *diag);

/*== 7. Stamps ===============================================================================*/

#define RELVER_STAMP_LEN 8 /* hex digits of the object id; fixed, so clones agree */

/* Append base, marked with a commit: the first len (7..40; 0: RELVER_STAMP_LEN) hex digits of the
   full object id, a 'g' before them when all are digits (a number would lose its leading zero or
   change the order). SEMVER and NPM: -ID, after a prerelease .ID; CARGO: +ID; PEP440: +ID on base,
   a SemVer version or the normal form of one that converts exactly. The same stamp again changes
   nothing. Errors: the parse and convert errors, OID_NOT_FULL, TOO_LONG (a len out of range),
   BASE_HAS_BUILD, ALREADY_STAMPED.
   > relver_str oid = relver_s("0123456789abcdef0123456789abcdef01234567");
   > relver_stamp(&out, RELVER_NPM, relver_s("0.2.0-rc.1"), oid, 8, &diag);
   > assert(strcmp(text(&out), "0.2.0-rc.1.g01234567") == 0); */
RELVER_API relver_err relver_stamp(relver_buf *out, relver_eco eco, relver_str base, relver_str oid,
                                   size_t len, relver_diag *diag);

/*== 8. Tags and dist-tags ===================================================================*/

/* Append the tag of a version: a template such as "py-v{version}", "{name}@{version}" or
   "release/{major}.{minor}" with its placeholders {version} {name} {major} {minor} {patch} filled.
   version is spelt as it shall appear. A template names {version} or {major}, nothing twice, and
   keeps its parts apart by literals that can be told from them: "{version}-{name}" is refused.
   Errors: BAD_TEMPLATE, also when {name} has none; for {major} .. NOT_SEMVER.
   > relver_tag_write(&out, relver_s("py-v{version}"), relver_s("x"), relver_s("0.4.0"), &diag);
   > assert(strcmp(text(&out), "py-v0.4.0") == 0); */
RELVER_API relver_err relver_tag_write(relver_buf *out, relver_str tmpl, relver_str name,
                                       relver_str version, relver_diag *diag);

typedef struct relver_tag {
    relver_str name, version, major, minor, patch; /* absent when the template has no such part */
} relver_tag;

/* The exact inverse: the parts of a tag that the template could have written. The version's text
   must be one of eco's; a name ends at the first literal after which the rest reads. A tag is at
   most 1,024 bytes. Errors: BAD_TEMPLATE, NO_MATCH, the parse errors.
   > relver_tag t;
   > relver_str tag = relver_s("@scope/a@1.2.3");
   > relver_tag_read(relver_s("{name}@{version}"), RELVER_NPM, tag, &t, &diag);
   > assert(relver_eq(t.name, relver_s("@scope/a")) && relver_eq(t.version, relver_s("1.2.3")));
   > assert(relver_tag_read(relver_s("{version}"), RELVER_SEMVER, relver_s("v1.2.3"), &t, &diag)
   >        == RELVER_NOT_SEMVER); */
RELVER_API relver_err relver_tag_read(relver_str tmpl, relver_eco eco, relver_str tag,
                                      relver_tag *out, relver_diag *diag);

/* Whether npm can use a name as a dist-tag and install from it: letters first, then letters,
   digits, '.', '_' and '-', at most 128 bytes, not a range even in npm's loose reading.
   Errors: NOT_DIST_TAG.
   > assert(relver_dist_tag_check(relver_s("v1.x"), &diag) == RELVER_NOT_DIST_TAG); */
RELVER_API relver_err relver_dist_tag_check(relver_str tag, relver_diag *diag);

/* What the registry says now: the version "latest" and "next" point to (absent: none). */
typedef struct relver_dist_tags {
    relver_str latest, next;
} relver_dist_tags;

/* Append the dist-tag to publish a version under, so that neither latest nor next ever moves
   backward; an older line's release goes to release-X.Y. *why (may be NULL) gets the reason:
   "first-stable", "newer-than-latest", "older-than-latest", .. Errors: NOT_SEMVER.
   > relver_dist_tags now;
   > now.latest = relver_s("0.4.5");
   > now.next = relver_s(NULL);
   > const char *why;
   > relver_dist_tag(&out, relver_s("0.3.10"), &now, &why, &diag);
   > assert(strcmp(text(&out), "release-0.3") == 0); */
RELVER_API relver_err relver_dist_tag(relver_buf *out, relver_str version,
                                      const relver_dist_tags *now, const char **why,
                                      relver_diag *diag);

/*== 9. Reading documents ====================================================================*/

/* TEXT is any file, read line by line. */
typedef enum relver_format { RELVER_TOML, RELVER_JSON, RELVER_YAML, RELVER_TEXT } relver_format;

typedef enum relver_kind {
    RELVER_STRING,
    RELVER_NUMBER, /* also TOML's dates and times */
    RELVER_BOOL,
    RELVER_NULL,
    RELVER_TABLE,  /* object, mapping, inline table, a part of a dotted key or of a [header] */
    RELVER_ARRAY,
    RELVER_CLOSE,  /* the ']' or '}' that ends an array or table, at its depth */
    RELVER_LINE,   /* TEXT: a line, without its line end */
    RELVER_END     /* of the document; every further call gives it again */
} relver_kind;

/* One thing the reader met. All views point into the document.
   depth is 1 for the root's keys or elements and one more inside every table and array; the root of
   JSON and YAML is a node too, at depth 0. Elements of arrays have an absent key. What has no
   closing bracket ends at the next node that is not deeper.
   TOML: each part of [a.b] is a table, at depths 1 and 2, so its keys have depth 3. [[a]] gives the
   array a, at depth 1, and its element, at 2. A later [a.b] cannot tell that a is an array, and has
   b at depth 2. The parts of a dotted key before its last are tables in the same way. */
typedef struct relver_node {
    relver_kind kind;
    size_t depth;
    relver_str key;   /* as spelt, inside its quotes */
    relver_str value; /* as spelt, with its quotes; of a container its bracket or [header] */
    relver_str text;  /* a string inside its quotes, not yet decoded; else the same as value */
    char key_quote;   /* '"', '\'' or 0 for a bare key */
    char quote;       /* '"', '\'', 0 for plain, or RELVER_TRIPLE_BASIC, _LITERAL, RELVER_OPAQUE */
    bool header;      /* TOML: from a [header] or [[header]] */
    bool dotted;      /* TOML: a part before the last one of a dotted key or header */
} relver_node;

#define RELVER_TRIPLE_BASIC 'B'   /* TOML: three double quotes */
#define RELVER_TRIPLE_LITERAL 'L' /* TOML: three single quotes */
#define RELVER_OPAQUE '|'         /* YAML: outside the subset, passed over unread */
#define RELVER_DEPTH_MAX 1000     /* levels of nesting */
#define RELVER_PATH_MAX 16        /* keys and selectors in a path */

/* A reader's state: no pointers but into the document; may be copied to mark a place. */
typedef struct relver_reader {
    relver_str doc;
    relver_format format;
    size_t pos; /* bytes read */
    /* the rest is private */
    size_t depth; /* of the next item */
    int state;
    bool checked;
    size_t base; /* where the line (YAML) or the header (TOML) began */
    unsigned char nest[RELVER_DEPTH_MAX / 4 + 1];
    unsigned short indent[64];
} relver_reader;

/* Start reading; a UTF-8 byte order mark is skipped.
   > relver_reader r;
   > relver_node n;
   > relver_read(&r, RELVER_TOML, relver_s("version = \"1.2.3\"\n"));
   > relver_next(&r, &n, &diag);
   > assert(n.kind == RELVER_STRING && n.depth == 1 && relver_eq(n.key, relver_s("version"))); */
RELVER_API void relver_read(relver_reader *r, relver_format format, relver_str doc);

/* The next node, or kind RELVER_END. The whole syntax of what is passed over is checked.
   Errors: SYNTAX, BAD_UTF8, TOO_DEEP, UNSUPPORTED. The reader then stays where it is.
   A caller who wants to know where a node stands keeps the last node of each depth:
   > relver_reader r;
   > relver_node n, path[4];
   > relver_read(&r, RELVER_TOML, relver_s("[dependencies]\ndemo = { version = \"1\" }\n"));
   > while (relver_next(&r, &n, &diag) == RELVER_OK && n.kind != RELVER_END) {
   >     if (n.kind == RELVER_CLOSE || n.depth > 3)
   >         continue;
   >     path[n.depth] = n;
   >     if (n.depth == 3 && relver_key_is(RELVER_TOML, &path[1], relver_s("dependencies"))
   >         && relver_key_is(RELVER_TOML, &n, relver_s("version")))
   >         relver_text(&out, RELVER_TOML, &n);
   > }
   > assert(strcmp(text(&out), "1") == 0 && relver_eq(path[2].key, relver_s("demo"))); */
RELVER_API relver_err relver_next(relver_reader *r, relver_node *node, relver_diag *diag);

/* Append a string node's text with its escapes decoded (of any other node: as spelt). A lone
   surrogate, which JSON allows, gives its three bytes.
   > relver_node n;
   > relver_find(relver_s("v = \"1\\u002E0\""), RELVER_TOML, relver_s("v"), &n, NULL);
   > relver_text(&out, RELVER_TOML, &n);
   > assert(strcmp(text(&out), "1.0") == 0); */
RELVER_API void relver_text(relver_buf *out, relver_format format, const relver_node *node);

/* Whether a node's key, or its text, equals s after decoding; no buffer is needed.
   > relver_node n;
   > relver_str doc = relver_s("{\"ver\\u0073ion\": \"1.0\"}");
   > relver_find(doc, RELVER_JSON, relver_s("version"), &n, &diag);
   > assert(relver_key_is(RELVER_JSON, &n, relver_s("version")));
   > assert(relver_text_is(RELVER_JSON, &n, relver_s("1.0"))); */
RELVER_API bool relver_key_is(relver_format format, const relver_node *node, relver_str s);
RELVER_API bool relver_text_is(relver_format format, const relver_node *node, relver_str s);

/* A question for relver_find_all: fill path; node and err are the answer. */
typedef struct relver_query {
    relver_str path;
    relver_node node; /* the answer; after DUPLICATE the second of the two */
    relver_err err;   /* RELVER_OK, MISSING, DUPLICATE, UNSUPPORTED or BAD_PATH */
    /* the rest is private */
    relver_str want;     /* the key sought next, as spelt in the path */
    relver_node pending; /* what an element not yet chosen holds */
    relver_err held;     /* its err */
    unsigned segments, select, matched, skew;
    unsigned count[RELVER_PATH_MAX];
    unsigned short at[RELVER_PATH_MAX];
    unsigned char state[RELVER_PATH_MAX];
    char quote;
    bool named, chosen;
} relver_query;

/* Find the node at a key path. A path is a TOML dotted key in every format, with two selectors:
       workspace.package.version    packages."crates/node".version    packages."".version
       a.b[0]    package[name=demo].version (the element whose name is "demo", wherever it says so)
   at most one of them with '='. The empty path is JSON's root.
   In TEXT the path is a line's text around {version}:  nemo-flow = "{version}"
   More than one match is a DUPLICATE; a caller who expects several asks line by line.
   The document is read to its end, so a malformed one is refused wherever the fault is.
   Errors: the reader's, MISSING, DUPLICATE, BAD_PATH (the place is in the path).
   > relver_node n;
   > relver_str lock = relver_s("[[package]]\nversion = \"0.1.0\"\nname = \"demo\"\n");
   > assert(relver_find(lock, RELVER_TOML, relver_s("package[name=demo].version"), &n, &diag)
   >        == RELVER_OK);
   > assert(relver_eq(n.text, relver_s("0.1.0"))); */
RELVER_API relver_err relver_find(relver_str doc, relver_format format, relver_str path,
                                  relver_node *node, relver_diag *diag);

/* In any file, read as TEXT: find the next place at or after *from where a line holds path's text
   around {version}, and move *from past it. The node's text is the version.
   Errors: BAD_PATH, MISSING.
   > relver_node n;
   > size_t from = 0, count = 0;
   > relver_str doc = relver_s("a-1.2.0.tar, a-1.3.0.tar\n");
   > while (relver_find_text(doc, relver_s("a-{version}.tar"), &n, &from, NULL) == RELVER_OK) {
   >     relver_put(&out, n.text);
   >     count++;
   > }
   > assert(count == 2 && strcmp(text(&out), "1.2.01.3.0") == 0); */
RELVER_API relver_err relver_find_text(relver_str doc, relver_str path, relver_node *node,
                                       size_t *from, relver_diag *diag);

/* Answer n queries in one pass over the document. The result is RELVER_OK when the document is
   well-formed, whatever the answers; each query has its own err. Errors: the reader's.
   > relver_query q[2];
   > q[0].path = relver_s("name");
   > q[1].path = relver_s("version");
   > relver_find_all(relver_s("{\"name\": \"a\"}"), RELVER_JSON, q, 2, &diag);
   > assert(q[0].err == RELVER_OK && q[1].err == RELVER_MISSING); */
RELVER_API relver_err relver_find_all(relver_str doc, relver_format format, relver_query *queries,
                                      size_t n, relver_diag *diag);

/*== 10. Editing documents ===================================================================*/

/* Replace the bytes of `at` (a view into the document; len 0 inserts) by text, with the quote
   character around it when quote is not 0. */
typedef struct relver_edit {
    relver_str at, text;
    char quote;
} relver_edit;

/* The edit that gives a string a new value; the quotes found stay, and text spelt with escapes is
   replaced whole. A plain YAML scalar may also be a number, as in "version: 1.10"; it gains quotes
   when some reader would take the new text for something else than a string. In TEXT the value must
   be one that the same path finds again.
   Errors: relver_find's, NOT_STRING, NEEDS_ESCAPE, UNSUPPORTED.
   > relver_edit e;
   > relver_str doc = relver_s("version: 1.2.3\n");
   > relver_set(doc, RELVER_YAML, relver_s("version"), relver_s("1.10"), &e, &diag);
   > relver_apply(&out, doc, &e, 1, &diag);
   > assert(strcmp(text(&out), "version: \"1.10\"\n") == 0); */
RELVER_API relver_err relver_set(relver_str doc, relver_format format, relver_str path,
                                 relver_str value, relver_edit *edit, relver_diag *diag);

/* The edit that gives an already found node a new value, for callers of relver_next.
   Errors: NOT_STRING, NEEDS_ESCAPE, UNSUPPORTED.
   > relver_node n;
   > relver_edit e;
   > relver_str doc = relver_s("{\"version\": \"0.1.0\"}");
   > relver_find(doc, RELVER_JSON, relver_s("version"), &n, &diag);
   > relver_set_node(doc, RELVER_JSON, &n, relver_s("0.2.0"), &e, &diag);
   > relver_apply(&out, doc, &e, 1, &diag);
   > assert(strcmp(text(&out), "{\"version\": \"0.2.0\"}") == 0); */
RELVER_API relver_err relver_set_node(relver_str doc, relver_format format, const relver_node *node,
                                      relver_str value, relver_edit *edit, relver_diag *diag);

/* The edit that adds a key, or an array element, in the place and style of its neighbours: path
   names the new key ("project.version") or an array ("branches[]"). It goes behind the last
   neighbour and takes over its indentation, quotes, comma and line end; in TOML before sub-tables.
   The new text is written to scratch, which must live as long as the edit.
   Errors: relver_find's for what is around it, DUPLICATE when it is there, NEEDS_ESCAPE, NO_SPACE;
   UNSUPPORTED when that is no table or array, or a TOML table without a [header] of its own.
   > relver_edit e;
   > char space[64];
   > relver_buf scratch = {space, sizeof space, 0};
   > relver_str doc = relver_s("[project]\nname = \"a\"\n");
   > relver_str key = relver_s("project.version");
   > relver_add(doc, RELVER_TOML, key, relver_s("1.0"), &scratch, &e, &diag);
   > relver_apply(&out, doc, &e, 1, &diag);
   > assert(strcmp(text(&out), "[project]\nname = \"a\"\nversion = \"1.0\"\n") == 0); */
RELVER_API relver_err relver_add(relver_str doc, relver_format format, relver_str path,
                                 relver_str value, relver_buf *scratch, relver_edit *edit,
                                 relver_diag *diag);

/* The edit that removes a key with its value, or an array element with its comma; also its line and
   the comment on that, when nothing else is there. It undoes relver_add.
   Errors: relver_find's; UNSUPPORTED for TOML tables with a [header] or of dotted keys, which may
   go on elsewhere, and for the only entry of a YAML collection without brackets.
   > relver_edit e;
   > relver_str doc = relver_s("dynamic = [\"version\", \"readme\"]\n");
   > relver_cut(doc, RELVER_TOML, relver_s("dynamic[0]"), &e, &diag);
   > relver_apply(&out, doc, &e, 1, &diag);
   > assert(strcmp(text(&out), "dynamic = [\"readme\"]\n") == 0); */
RELVER_API relver_err relver_cut(relver_str doc, relver_format format, relver_str path,
                                 relver_edit *edit, relver_diag *diag);

/* Append the document with n edits made; sorts the edits by place. Edits at one empty place stay in
   the order given. Errors: OVERLAP, NO_SPACE.
   > relver_str doc = relver_s("abc");
   > relver_edit e[1];
   > e[0].at = relver_sn(doc.ptr + 1, 1);
   > e[0].text = relver_s("XY");
   > e[0].quote = 0;
   > relver_apply(&out, doc, e, 1, &diag);
   > assert(strcmp(text(&out), "aXYc") == 0); */
RELVER_API relver_err relver_apply(relver_buf *out, relver_str doc, relver_edit *edits, size_t n,
                                   relver_diag *diag);

/* The one call a build tool wants: append the document with one string replaced.
   Errors: relver_set's, NO_SPACE.
   > relver_replace(&out, relver_s("version = '0.1.0' # here\n"), RELVER_TOML, relver_s("version"),
   >                relver_s("0.2.0"), &diag);
   > assert(strcmp(text(&out), "version = '0.2.0' # here\n") == 0); */
RELVER_API relver_err relver_replace(relver_buf *out, relver_str doc, relver_format format,
                                     relver_str path, relver_str value, relver_diag *diag);

/*== 11. Requirements ========================================================================*/

/* How a requirement on a package follows that package's version. */
typedef enum relver_pin {
    RELVER_PIN_AUTO,     /* when its text names the old version or refuses the new one */
    RELVER_PIN_KEEP,     /* never */
    RELVER_PIN_ALWAYS,   /* always, operator and precision kept */
    RELVER_PIN_EXACT,    /* always, as == (Cargo: =, npm: the bare version) */
    RELVER_PIN_AT_LEAST, /* always, as >= */
    RELVER_PIN_COMPATIBLE /* always, as ~= (Cargo, npm: ^) */
} relver_pin;

/* Append a requirement's text after its package went from version old to version now.
       kept       operator, blanks, v, precision and wildcard: 0.25 becomes 0.26, "== 1.2.0" becomes
                  "== 1.3.0", 1.x becomes 2.x, workspace:^1.2.0 keeps its protocol
       in full    where the precision would refuse now: Cargo's 0.1 becomes 0.2.0-rc.1; npm's 1.2.x
                  becomes ~1.3.0-rc.1, its own meaning. A pin that changes the operator does so too
       unchanged  a text without a version (*, workspace:^, a path, a URL, npm:, a dist-tag); an
                  operator that would refuse now (>0.1.0, !=0.1.0, <0.3), as long as the text takes
                  it; several comparators that take it. Of several, joined by "and", the single
                  one with the pin's operator (AUTO, ALWAYS: the equality) is rewritten
   Build and local parts are written only where the text had one. old may be absent. AUTO asks
   PEP440 for bounds: >=0.1 takes 0.2.0rc1. For PEP440 req is the specifier part alone
   (relver_pep508's specifier).
   Errors: NOT_REQUIREMENT, the parse errors of old and now, COMPLEX (no such text takes now).
   > relver_requirement(&out, RELVER_CARGO, relver_s("0.25"), relver_s("0.25.3"),
   >                    relver_s("0.26.0"), RELVER_PIN_AUTO, &diag);
   > assert(strcmp(text(&out), "0.26") == 0); */
RELVER_API relver_err relver_requirement(relver_buf *out, relver_eco eco, relver_str req,
                                         relver_str old, relver_str now, relver_pin pin,
                                         relver_diag *diag);

/* The parts of a PEP 508 dependency, as views. */
typedef struct relver_pep508 {
    relver_str name, extras, specifier, url, marker; /* specifier without its parentheses */
} relver_pep508;

/* Split a PEP 508 dependency specification, all of which is checked. Errors: NOT_REQUIREMENT.
   > relver_pep508 p;
   > relver_pep508_parse(relver_s("Foo_Bar[x] (==0.4.6) ; python_version < '3.13'"), &p, &diag);
   > assert(relver_eq(p.specifier, relver_s("==0.4.6")) && relver_eq(p.extras, relver_s("x"))); */
RELVER_API relver_err relver_pep508_parse(relver_str req, relver_pep508 *out, relver_diag *diag);

/* Whether two package names are the same to an ecosystem: PEP 503's normal form for Python, exact
   for the others (cargo does not find foo-bar as foo_bar).
   > assert(relver_name_eq(RELVER_PEP440, relver_s("Foo_Bar"), relver_s("foo-bar")));
   > assert(!relver_name_eq(RELVER_NPM, relver_s("a_b"), relver_s("a-b"))); */
RELVER_API bool relver_name_eq(relver_eco eco, relver_str a, relver_str b);

#ifdef __cplusplus
}
#endif
#endif /* RELVER_H */

#if defined(RELVER_IMPLEMENTATION) && !defined(RELVER_IMPLEMENTED)
#define RELVER_IMPLEMENTED

#include <string.h>

#ifndef RELVER_ASSERT
#define RELVER_ASSERT(x) ((void)0)
#endif

#ifdef __cplusplus
extern "C" {
#endif

/*== 1. Strings and buffers == (implementation) ==============================================*/

RELVER_API relver_str relver_sn(const char *ptr, size_t len)
{
    relver_str s;
    s.ptr = ptr;
    s.len = len;
    return s;
}

RELVER_API relver_str relver_s(const char *text)
{
    return relver_sn(text, text ? strlen(text) : 0);
}

RELVER_API bool relver_eq(relver_str a, relver_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

RELVER_API void relver_put(relver_buf *out, relver_str s)
{
    if (out->len < out->cap) {
        size_t room = out->cap - out->len - 1; /* one byte is the NUL's */
        size_t n = s.len < room ? s.len : room;
        if (n > 0)
            memcpy(out->ptr + out->len, s.ptr, n);
        out->ptr[out->len + n] = '\0';
    }
    out->len += s.len;
}

RELVER_API bool relver_whole(const relver_buf *out)
{
    return out->len < out->cap;
}

RELVER_API relver_str relver_view(const relver_buf *out)
{
    RELVER_ASSERT(relver_whole(out));
    return relver_sn(out->ptr, out->len);
}

static void relver__puts(relver_buf *out, const char *text)
{
    relver_put(out, relver_s(text));
}

static void relver__putc(relver_buf *out, char c)
{
    relver_put(out, relver_sn(&c, 1));
}

/* Decimal, for line numbers and indexes. */
static void relver__putn(relver_buf *out, size_t n)
{
    char digits[24];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    relver_put(out, relver_sn(digits + at, sizeof digits - at));
}

static bool relver__digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool relver__alpha(char c)
{
    return (unsigned char)((c | 32) - 'a') < 26;
}

static bool relver__alnum(char c)
{
    return relver__digit(c) || relver__alpha(c);
}

static char relver__lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool relver__all_digits(relver_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!relver__digit(s.ptr[i]))
            return false;
    return s.len > 0;
}

static relver_str relver__from(relver_str s, size_t pos)
{
    return relver_sn(pos > 0 ? s.ptr + pos : s.ptr, s.len - pos);
}

static bool relver__starts(relver_str s, const char *prefix)
{
    size_t n = strlen(prefix);
    return s.len >= n && memcmp(s.ptr, prefix, n) == 0;
}

static relver_str relver__trim(relver_str s)
{
    while (s.len > 0 && (s.ptr[0] == ' ' || s.ptr[0] == '\t'))
        s = relver__from(s, 1);
    while (s.len > 0 && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t'))
        s.len--;
    return s;
}

/* Cut the text before the first c off *rest and return it; all of it when there is no c. */
static relver_str relver__cut(relver_str *rest, char c)
{
    relver_str head = relver_sn(rest->ptr, 0); /* it is short: memchr would cost more */
    while (head.len < rest->len && head.ptr[head.len] != c)
        head.len++;
    *rest = relver__from(*rest, head.len < rest->len ? head.len + 1 : head.len);
    return head;
}

static int relver__sign(int order)
{
    return (order > 0) - (order < 0);
}

/* Byte order, a proper prefix first. */
static int relver__order(relver_str a, relver_str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n > 0 ? memcmp(a.ptr, b.ptr, n) : 0;
    if (order == 0)
        order = (a.len > b.len) - (a.len < b.len);
    return relver__sign(order);
}

static relver_str relver__strip_zeros(relver_str digits)
{
    while (digits.len > 1 && digits.ptr[0] == '0')
        digits = relver__from(digits, 1);
    return digits;
}

/* Numeric order of two digit strings of any length; an absent one counts as 0. */
static int relver__number_order(relver_str a, relver_str b)
{
    a = relver__strip_zeros(a.len > 0 ? a : relver_s("0"));
    b = relver__strip_zeros(b.len > 0 ? b : relver_s("0"));
    if (a.len != b.len)
        return a.len < b.len ? -1 : 1;
    for (size_t i = 0; i < a.len; i++) /* one to three digits: memcmp would cost more */
        if (a.ptr[i] != b.ptr[i])
            return a.ptr[i] < b.ptr[i] ? -1 : 1;
    return 0;
}

/* Append the number that follows a digit string. */
static void relver__put_next(relver_buf *out, relver_str digits)
{
    digits = relver__strip_zeros(digits);
    size_t nines = 0; /* 1299 becomes 1300: only the trailing nines and the digit before change */
    while (nines < digits.len && digits.ptr[digits.len - 1 - nines] == '9')
        nines++;
    if (nines == digits.len) {
        relver__putc(out, '1');
    } else {
        size_t at = digits.len - 1 - nines;
        relver_put(out, relver_sn(digits.ptr, at));
        relver__putc(out, (char)(digits.ptr[at] + 1));
    }
    for (; nines > 0; nines--)
        relver__putc(out, '0');
}

/*== 2. Errors and diagnostics == (implementation) ===========================================*/

RELVER_API const char *relver_code(relver_err err)
{
    static const char *const codes[] = {
#define RELVER_X(name, code, what) code,
        RELVER_ERRORS(RELVER_X)
#undef RELVER_X
    };
    return (unsigned)err < RELVER_ERR_COUNT ? codes[err] : "unknown";
}

RELVER_API const char *relver_strerror(relver_err err)
{
    static const char *const texts[] = {
#define RELVER_X(name, code, what) what,
        RELVER_ERRORS(RELVER_X)
#undef RELVER_X
    };
    return (unsigned)err < RELVER_ERR_COUNT ? texts[err] : "unknown error";
}

/* Fill diag: the fault is `at`, a view into `text`. what may be NULL: the error's own text.
   Returns err, so that `return relver__fail(..)` reads well. */
static relver_err relver__fail(relver_diag *diag, relver_err err, relver_str text, relver_str at,
                               const char *what)
{
    if (diag != NULL) {
        diag->err = err;
        diag->pos = at.ptr != NULL && text.ptr != NULL ? (size_t)(at.ptr - text.ptr) : 0;
        diag->len = at.len;
        diag->what = what != NULL ? what : relver_strerror(err);
    }
    return err;
}

/* The end of every function that writes: NO_SPACE when out did not hold it all, where the
   measuring call with cap 0 also lands. */
static relver_err relver__done(const relver_buf *out, relver_diag *diag)
{
    if (relver_whole(out))
        return RELVER_OK;
    return relver__fail(diag, RELVER_NO_SPACE, relver_s(NULL), relver_s(NULL), NULL);
}

RELVER_API void relver_locate(relver_str text, size_t pos, size_t *line, size_t *column)
{
    size_t start = 0, lines = 1;
    if (pos > text.len)
        pos = text.len;
    for (size_t i = 0; i < pos; i++)
        if (text.ptr[i] == '\n') {
            start = i + 1;
            lines++;
        }
    *line = lines;
    *column = pos - start + 1;
}

RELVER_API void relver_explain(relver_buf *out, relver_str name, relver_str text,
                               const relver_diag *diag)
{
    size_t line, column;
    relver_locate(text, diag->pos, &line, &column);
    relver_put(out, name);
    relver__putc(out, ':');
    relver__putn(out, line);
    relver__putc(out, ':');
    relver__putn(out, column);
    relver__puts(out, ": ");
    relver__puts(out, diag->what);
}

/*== 3. SemVer == (implementation) ===========================================================*/

/* The view itself, or an empty one that may be offset. */
static relver_str relver__real(relver_str s)
{
    return s.ptr != NULL ? s : relver_s("");
}

/* The byte at pos is at fault; at the end of the text, nothing is there. */
static relver_err relver__fail_at(relver_diag *diag, relver_err err, relver_str text, size_t pos,
                                  const char *what)
{
    relver__fail(diag, err, text, text, what);
    if (diag != NULL) {
        diag->pos = pos;
        diag->len = pos < text.len;
    }
    return err;
}

static size_t relver__skip_digits(relver_str s, size_t at)
{
    while (at < s.len && relver__digit(s.ptr[at]))
        at++;
    return at;
}

/* Dot-separated identifiers from *at on, those of a prerelease or of build metadata (SemVer 2.0.0,
   items 9 and 10). *at moves to their end, or to the fault that the result names. */
static const char *relver__read_ids(relver_str s, size_t *at, bool pre, relver_str *ids)
{
    size_t start = *at, i = start;
    for (;; i++) {
        size_t id = i;
        while (i < s.len && (relver__alnum(s.ptr[i]) || s.ptr[i] == '-'))
            i++;
        *at = id;
        if (i == id)
            return pre ? "expected a prerelease identifier" : "expected a build identifier";
        if (pre && s.ptr[id] == '0' && i - id > 1 && relver__skip_digits(s, id) == i)
            return "leading zero in prerelease number";
        if (i == s.len || s.ptr[i] != '.')
            break;
    }
    *ids = relver_sn(s.ptr + start, i - start);
    *at = i;
    return NULL;
}

/* The three numbers of the core, from *at on; as relver__read_ids. */
static const char *relver__read_core(relver_str s, size_t *at, relver_semver *v)
{
    static const char *const missing[] = {"expected the major version, a number",
                                          "expected '.' and the minor version",
                                          "expected '.' and the patch version"};
    static const char *const zero[] = {"leading zero in major version",
                                       "leading zero in minor version",
                                       "leading zero in patch version"};
    relver_str *const numbers[] = {&v->major, &v->minor, &v->patch};
    for (int part = 0; part < 3; part++) {
        size_t start = *at, end;
        if (part > 0 && (start == s.len || s.ptr[start++] != '.'))
            return missing[part];
        *at = start;
        end = relver__skip_digits(s, start);
        if (end == start)
            return missing[part];
        if (end - start > 1 && s.ptr[start] == '0')
            return zero[part];
        *numbers[part] = relver_sn(s.ptr + start, end - start);
        *at = end;
    }
    return NULL;
}

/* A version from *at on; gives what is wrong where it ends in the middle, else NULL. */
static const char *relver__read_semver(relver_str s, size_t *at, relver_semver *v)
{
    const char *what = relver__read_core(s, at, v);
    v->pre = v->build = relver_s(NULL);
    if (what == NULL && *at < s.len && s.ptr[*at] == '-') {
        ++*at;
        what = relver__read_ids(s, at, true, &v->pre);
    }
    if (what == NULL && *at < s.len && s.ptr[*at] == '+') {
        ++*at;
        what = relver__read_ids(s, at, false, &v->build);
    }
    return what;
}

RELVER_API relver_err relver_semver_parse(relver_str s, relver_semver *v, relver_diag *diag)
{
    relver_semver r;
    size_t at = 0;
    const char *what = relver__read_semver(s, &at, &r);
    if (what == NULL && at < s.len)
        what = "unexpected byte in the version";
    if (what != NULL)
        return relver__fail_at(diag, RELVER_NOT_SEMVER, s, at, what);
    *v = r;
    return RELVER_OK;
}

/* SemVer 2.0.0, item 11.4: numbers by value and below words, words by ASCII. */
static int relver__id_order(relver_str a, relver_str b)
{
    bool x = relver__all_digits(a), y = relver__all_digits(b);
    if (x != y)
        return x ? -1 : 1;
    return x ? relver__number_order(a, b) : relver__order(a, b);
}

RELVER_API int relver_semver_compare(const relver_semver *a, const relver_semver *b)
{
    int order = relver__number_order(a->major, b->major);
    if (order == 0)
        order = relver__number_order(a->minor, b->minor);
    if (order == 0)
        order = relver__number_order(a->patch, b->patch);
    if (order != 0)
        return order;
    relver_str x = a->pre, y = b->pre;
    if (x.len == 0 || y.len == 0)
        return (x.len == 0) - (y.len == 0);
    while (order == 0 && x.len > 0 && y.len > 0) {
        relver_str id = relver__cut(&x, '.');
        order = relver__id_order(id, relver__cut(&y, '.'));
    }
    return order != 0 ? order : (x.len > 0) - (y.len > 0);
}

/* A third of the bits for each number, one for a release. A number that does not fit leaves what
   follows to the comparison. */
RELVER_API size_t relver_semver_key(const relver_semver *v)
{
    enum { BITS = sizeof(size_t) * 8 / 3, SAFE = BITS * 3 / 10 }; /* 10^3 < 2^10 */
    const relver_str *const numbers[] = {&v->major, &v->minor, &v->patch};
    size_t key = 0;
    for (int part = 0; part < 3; part++) {
        size_t n = 0;
        for (size_t i = 0; i < numbers[part]->len && i < SAFE; i++)
            n = n * 10 + (size_t)(numbers[part]->ptr[i] - '0');
        if (numbers[part]->len > SAFE)
            return ((key + 1) << BITS * (3 - part) << 1) - 1;
        key = key << BITS | n;
    }
    return key << 1 | (v->pre.len == 0);
}

/* before, then s; nothing when s is absent. */
static void relver__put_after(relver_buf *out, const char *before, relver_str s)
{
    if (s.len > 0) {
        relver__puts(out, before);
        relver_put(out, s);
    }
}

RELVER_API void relver_semver_write(relver_buf *out, const relver_semver *v)
{
    relver_put(out, v->major);
    relver__put_after(out, ".", v->minor);
    relver__put_after(out, ".", v->patch);
    relver__put_after(out, "-", v->pre);
    relver__put_after(out, "+", v->build);
}

/* The core as it stands in the text, 1.2.3, of a parsed version. */
static relver_str relver__core(const relver_semver *v)
{
    return relver_sn(v->major.ptr, (size_t)(v->patch.ptr - v->major.ptr) + v->patch.len);
}

/* Whether a prerelease of this core leads to the next `part` itself, not past it: 1.3.0-rc.1 is
   before the minor version 1.3.0, 1.3.1-rc.1 is after it. */
static bool relver__leads_to(relver_str core, int part)
{
    for (int i = 0; core.len > 0; i++) {
        relver_str number = relver__cut(&core, '.');
        if (i > part && relver__number_order(number, relver_s(NULL)) != 0)
            return false;
    }
    return true;
}

/* Append a core with its number `part` (0: major) one up and those after it 0. A shorter core
   grows to that number; a longer one keeps its length. */
static void relver__put_next_core(relver_buf *out, relver_str core, int part)
{
    for (int i = 0; i <= part || core.len > 0; i++) {
        relver_str number = core.len > 0 ? relver__cut(&core, '.') : relver_s("0");
        if (i > 0)
            relver__putc(out, '.');
        if (i == part)
            relver__put_next(out, number);
        else
            relver_put(out, i < part ? relver__strip_zeros(number) : relver_s("0"));
    }
}

/* The last number among dot-separated identifiers; absent when there is none. */
static relver_str relver__last_number(relver_str ids)
{
    relver_str last = relver_s(NULL);
    while (ids.len > 0) {
        relver_str id = relver__cut(&ids, '.');
        if (relver__all_digits(id))
            last = id;
    }
    return last;
}

/* Whether pre is preid followed by a number, so that counting on keeps the label. */
static bool relver__has_label(relver_str pre, relver_str preid)
{
    if (pre.len <= preid.len || memcmp(pre.ptr, preid.ptr, preid.len) != 0 ||
        pre.ptr[preid.len] != '.')
        return false;
    pre = relver__from(pre, preid.len + 1);
    return relver__all_digits(relver__cut(&pre, '.'));
}

/* The prerelease that follows pre, which may be absent: its last number one up; or preid and base
   when the label is another or has no number. */
static void relver__put_next_pre(relver_buf *out, relver_str pre, relver_str preid, relver_str base)
{
    relver__putc(out, '-');
    relver_str number = relver__last_number(pre);
    if (preid.len > 0 && !relver__has_label(pre, preid)) {
        relver_put(out, preid);
        relver__put_after(out, ".", base);
    } else if (number.ptr == NULL) {
        relver_put(out, pre);
        relver__put_after(out, pre.len > 0 ? "." : "", base);
    } else {
        size_t before = (size_t)(number.ptr - pre.ptr);
        relver_put(out, relver_sn(pre.ptr, before));
        relver__put_next(out, number);
        relver_put(out, relver__from(pre, before + number.len));
    }
}

/* What inc() must be told to make or count a prerelease. */
static relver_err relver__check_preid(relver_str pre, relver_str preid, relver_str base,
                                      relver_diag *diag)
{
    relver_str ids;
    size_t at = 0;
    const char *what = NULL;
    if (base.len > 0 && !relver_eq(base, relver_s("0")) && !relver_eq(base, relver_s("1")))
        return relver__fail(diag, RELVER_NOT_LEVEL, base, base,
                            "the first counter is 0, 1 or none");
    if (preid.len > 0)
        what = relver__read_ids(preid, &at, true, &ids);
    if (what == NULL && at < preid.len)
        what = "unexpected byte in the prerelease label";
    if (what == NULL && base.len == 0 && (preid.len == 0 || relver_eq(pre, preid))) {
        at = 0;
        what = "without a counter the label must be a new one";
    }
    return what == NULL ? RELVER_OK : relver__fail_at(diag, RELVER_NOT_LEVEL, preid, at, what);
}

RELVER_API relver_err relver_semver_inc(relver_buf *out, relver_str version, relver_str type,
                                        relver_str preid, relver_str base, relver_diag *diag)
{
    /* Which number goes up, always or unless the prerelease leads to it; then the prerelease. */
    enum { DROP, START, COUNT };
    static const struct {
        const char *name;
        int part;
        bool always;
        int pre;
    } types[] = {
        {"major", 0, false, DROP},     {"premajor", 0, true, START},
        {"minor", 1, false, DROP},     {"preminor", 1, true, START},
        {"patch", 2, false, DROP},     {"prepatch", 2, true, START},
        {"release", 2, false, DROP},   {"prerelease", 2, false, COUNT},
        {"pre", -1, false, COUNT},
    };
    relver_semver v;
    relver_err err = relver_semver_parse(version, &v, diag);
    if (err != RELVER_OK)
        return err;
    size_t i = 0, count = sizeof types / sizeof types[0];
    while (i < count && !relver_eq(type, relver_s(types[i].name)))
        i++;
    if (i == count)
        return relver__fail(diag, RELVER_NOT_LEVEL, type, type, "not a type of node's inc");
    if (relver_eq(type, relver_s("release")) && v.pre.len == 0)
        return relver__fail(diag, RELVER_NO_PRERELEASE, version, version, "not a prerelease");
    relver_str pre = types[i].pre == COUNT ? v.pre : relver_s(NULL);
    if (types[i].pre != DROP)
        err = relver__check_preid(pre, preid, base, diag);
    if (err != RELVER_OK)
        return err;
    relver_str core = relver__core(&v);
    bool there = v.pre.len > 0 && !types[i].always && relver__leads_to(core, types[i].part);
    if (types[i].part < 0 || there)
        relver_put(out, core);
    else
        relver__put_next_core(out, core, types[i].part);
    if (types[i].pre != DROP)
        relver__put_next_pre(out, pre, preid, base);
    return relver__done(out, diag);
}

/*== 4. PEP 440 == (implementation) ==========================================================*/

enum { RELVER__PEP440_MAX = 255 }; /* bytes; packaging fails on numbers of thousands of digits */

static bool relver__separator(char c)
{
    return c == '.' || c == '-' || c == '_';
}

static bool relver__pep440_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Whether s begins with word, which is in lower case, in any case. */
static bool relver__starts_nocase(relver_str s, const char *word)
{
    size_t i = 0;
    while (word[i] != '\0' && i < s.len && relver__lower(s.ptr[i]) == word[i])
        i++;
    return word[i] == '\0';
}

/* v, epoch and release; the first number may turn out to be the epoch. *at moves to the end, or to
   the fault that the result names. */
static const char *relver__read_release(relver_str s, size_t *at, relver_pep440 *v)
{
    if (*at < s.len && relver__lower(s.ptr[*at]) == 'v')
        ++*at;
    size_t start = *at, end = relver__skip_digits(s, start);
    if (end > start && end < s.len && s.ptr[end] == '!') {
        v->epoch = relver_sn(s.ptr + start, end - start);
        *at = start = end + 1;
        end = relver__skip_digits(s, start);
    }
    if (end == start)
        return "expected the release, a number";
    while (end + 1 < s.len && s.ptr[end] == '.' && relver__digit(s.ptr[end + 1]))
        end = relver__skip_digits(s, end + 1);
    v->release = relver_sn(s.ptr + start, end - start);
    *at = end;
    return NULL;
}

/* One part after the release: a separator, a label, a separator, a number, all but the label
   optional (PEP 440, appendix B); or -N, a post-release. The parts come in the order of the enum;
   gives the one read, 0 when none beyond `after` stands at *at. */
static int relver__read_suffix(relver_str s, size_t *at, int after, relver_pep440 *v)
{
    enum { PRE = 1, POST, DEV };
    static const struct {
        const char *word; /* longer before shorter */
        int part;
        relver_phase phase;
    } labels[] = {
        {"alpha", PRE, RELVER_ALPHA}, {"a", PRE, RELVER_ALPHA}, {"beta", PRE, RELVER_BETA},
        {"b", PRE, RELVER_BETA},      {"preview", PRE, RELVER_RC}, {"pre", PRE, RELVER_RC},
        {"rc", PRE, RELVER_RC},       {"c", PRE, RELVER_RC},    {"post", POST, RELVER_FINAL},
        {"rev", POST, RELVER_FINAL},  {"r", POST, RELVER_FINAL}, {"dev", DEV, RELVER_FINAL},
    };
    size_t i = *at, k = 0, count = sizeof labels / sizeof labels[0];
    if (i < s.len && relver__separator(s.ptr[i]))
        i++;
    bool bare = i > *at && s.ptr[*at] == '-' && i < s.len && relver__digit(s.ptr[i]);
    while (!bare && k < count && !relver__starts_nocase(relver__from(s, i), labels[k].word))
        k++;
    int part = bare ? POST : k < count ? labels[k].part : 0;
    if (part <= after)
        return 0;
    if (!bare) {
        i += strlen(labels[k].word);
        if (i < s.len && relver__separator(s.ptr[i]))
            i++;
    }
    *at = relver__skip_digits(s, i);
    relver_str number = *at > i ? relver_sn(s.ptr + i, *at - i) : relver_s("0");
    relver_str *const parts[] = {&v->pre, &v->post, &v->dev};
    *parts[part - 1] = number;
    if (part == PRE)
        v->phase = labels[k].phase;
    return part;
}

/* The local version's segments, from *at on; as relver__read_release. */
static const char *relver__read_local(relver_str s, size_t *at, relver_pep440 *v)
{
    size_t start = *at, segment = start;
    for (;;) {
        while (*at < s.len && relver__alnum(s.ptr[*at]))
            ++*at;
        if (*at == segment)
            return "expected letters or digits in the local version";
        if (*at == s.len || !relver__separator(s.ptr[*at]))
            break;
        segment = ++*at;
    }
    v->local = relver_sn(s.ptr + start, *at - start);
    return NULL;
}

RELVER_API relver_err relver_pep440_parse(relver_str s, relver_pep440 *v, relver_diag *diag)
{
    relver_pep440 r;
    relver_str text = s;
    size_t at = 0;
    const char *what = "longer than 255 bytes";
    r.epoch = r.pre = r.post = r.dev = r.local = relver_s(NULL);
    r.phase = RELVER_FINAL;
    if (s.len > RELVER__PEP440_MAX)
        return relver__fail_at(diag, RELVER_NOT_PEP440, s, RELVER__PEP440_MAX, what);
    while (s.len > 0 && relver__pep440_space(s.ptr[s.len - 1]))
        s.len--;
    while (at < s.len && relver__pep440_space(s.ptr[at]))
        at++;
    what = relver__read_release(s, &at, &r);
    if (what == NULL)
        for (int part = relver__read_suffix(s, &at, 0, &r); part > 0;)
            part = relver__read_suffix(s, &at, part, &r);
    if (what == NULL && at < s.len && s.ptr[at] == '+') {
        at++;
        what = relver__read_local(s, &at, &r);
    }
    if (what == NULL && at < s.len)
        what = "unexpected text in the version";
    if (what != NULL)
        return relver__fail_at(diag, RELVER_NOT_PEP440, text, at, what);
    *v = r;
    return RELVER_OK;
}

/* The next segment of a local version, without its separator. */
static relver_str relver__cut_local(relver_str *rest)
{
    size_t n = 0;
    while (n < rest->len && !relver__separator(rest->ptr[n]))
        n++;
    relver_str head = relver_sn(rest->ptr, n);
    *rest = relver__from(*rest, n < rest->len ? n + 1 : n);
    return head;
}

/* Numbers above words, words by the bytes of their lower case, a longer one above its beginning
   (PEP 440, "Local version identifiers"). */
static int relver__local_segment_order(relver_str a, relver_str b)
{
    bool x = relver__all_digits(a), y = relver__all_digits(b);
    if (x || y)
        return x && y ? relver__number_order(a, b) : x - y;
    for (size_t i = 0; i < a.len && i < b.len; i++) {
        int order = relver__lower(a.ptr[i]) - relver__lower(b.ptr[i]);
        if (order != 0)
            return relver__sign(order);
    }
    return (a.len > b.len) - (a.len < b.len);
}

static int relver__local_order(relver_str a, relver_str b)
{
    int order = 0;
    while (order == 0 && a.len > 0 && b.len > 0) {
        relver_str segment = relver__cut_local(&a);
        order = relver__local_segment_order(segment, relver__cut_local(&b));
    }
    return order != 0 ? order : (a.len > 0) - (b.len > 0);
}

/* Releases as if both had as many numbers: 1.0 equals 1. */
static int relver__release_order(relver_str a, relver_str b)
{
    int order = 0;
    while (order == 0 && (a.len > 0 || b.len > 0)) {
        relver_str number = relver__cut(&a, '.');
        order = relver__number_order(number, relver__cut(&b, '.'));
    }
    return order;
}

/* Where a version stands among those of its release: 1.dev0 1a0 1b0 1rc0 1. */
static int relver__pep440_rank(const relver_pep440 *v)
{
    bool dev = v->dev.ptr != NULL && v->post.ptr == NULL;
    return v->phase == RELVER_FINAL && !dev ? RELVER_RC + 1 : (int)v->phase;
}

RELVER_API int relver_pep440_compare(const relver_pep440 *a, const relver_pep440 *b)
{
    int order = relver__number_order(a->epoch, b->epoch);
    if (order == 0)
        order = relver__release_order(a->release, b->release);
    if (order == 0)
        order = relver__sign(relver__pep440_rank(a) - relver__pep440_rank(b));
    if (order == 0)
        order = relver__number_order(a->pre, b->pre);
    if (order == 0)
        order = (a->post.ptr != NULL) - (b->post.ptr != NULL);
    if (order == 0)
        order = relver__number_order(a->post, b->post);
    if (order == 0)
        order = (a->dev.ptr == NULL) - (b->dev.ptr == NULL);
    if (order == 0)
        order = relver__number_order(a->dev, b->dev);
    return order != 0 ? order : relver__local_order(a->local, b->local);
}

/* before and the number, without leading zeros; nothing when it is absent. */
static void relver__put_number(relver_buf *out, const char *before, relver_str number)
{
    if (number.ptr != NULL) {
        relver__puts(out, before);
        relver_put(out, relver__strip_zeros(number));
    }
}

static void relver__put_local(relver_buf *out, relver_str local)
{
    const char *before = "+";
    for (; local.len > 0; before = ".") {
        relver_str segment = relver__cut_local(&local);
        if (relver__all_digits(segment)) {
            relver__put_number(out, before, segment);
            continue;
        }
        relver__puts(out, before);
        for (size_t i = 0; i < segment.len; i++)
            relver__putc(out, relver__lower(segment.ptr[i]));
    }
}

RELVER_API void relver_pep440_write(relver_buf *out, const relver_pep440 *v)
{
    static const char *const phases[] = {"", "a", "b", "rc"};
    relver_str release = v->release;
    if (relver__number_order(v->epoch, relver_s(NULL)) != 0) {
        relver__put_number(out, "", v->epoch);
        relver__putc(out, '!');
    }
    for (const char *before = ""; release.len > 0; before = ".")
        relver__put_number(out, before, relver__cut(&release, '.'));
    relver__put_number(out, phases[v->phase], v->pre);
    relver__put_number(out, ".post", v->post);
    relver__put_number(out, ".dev", v->dev);
    relver__put_local(out, v->local);
}

/*== 5. Ecosystems == (implementation) =======================================================*/

/* The labels both sides know, in PEP 440's order; an index is also the relver_phase, with dev in
   the place of RELVER_FINAL. */
enum { RELVER__DEV, RELVER__LABELS = 4 };

static const char *const relver__labels[RELVER__LABELS] = {"dev", "alpha", "beta", "rc"};

static int relver__find_label(relver_str word)
{
    for (int i = 0; i < RELVER__LABELS; i++)
        if (relver_eq(word, relver_s(relver__labels[i])))
            return i;
    return -1;
}

static void relver__put_label(relver_buf *out, relver_eco eco, int label)
{
    static const char *const pep440[RELVER__LABELS] = {".dev", "a", "b", "rc"};
    if (eco == RELVER_PEP440) {
        relver__puts(out, pep440[label]);
        return;
    }
    relver__putc(out, '-');
    relver__puts(out, relver__labels[label]);
    relver__putc(out, '.');
}

/* The end of a function that appended a version of eco from start on: a PEP 440 version must be
   short enough to be read again. */
static relver_err relver__finish(relver_buf *out, size_t start, relver_eco eco, relver_str version,
                                 relver_diag *diag)
{
    if (eco != RELVER_PEP440 || out->len - start <= RELVER__PEP440_MAX)
        return relver__done(out, diag);
    out->len = start;
    return relver__fail(diag, RELVER_TOO_LONG, version, version, "PEP 440 text over 255 bytes");
}

RELVER_API relver_err relver_check(relver_buf *out, relver_eco eco, relver_str version,
                                   relver_diag *diag)
{
    return relver_convert(out, eco, version, eco, NULL, diag);
}

RELVER_API relver_err relver_compare(relver_eco eco, relver_str a, relver_str b, int *order,
                                     relver_diag *diag)
{
    relver_err err;
    if (eco == RELVER_PEP440) {
        relver_pep440 x, y;
        err = relver_pep440_parse(a, &x, diag);
        if (err == RELVER_OK)
            err = relver_pep440_parse(b, &y, diag);
        if (err == RELVER_OK)
            *order = relver_pep440_compare(&x, &y);
    } else {
        relver_semver x, y;
        err = relver_semver_parse(a, &x, diag);
        if (err == RELVER_OK)
            err = relver_semver_parse(b, &y, diag);
        if (err == RELVER_OK)
            *order = relver_semver_compare(&x, &y);
    }
    return err;
}

RELVER_API const char *relver_class_code(relver_class how)
{
    static const char *const codes[] = {"exact",      "implicit-zero", "glued-number",
                                        "local-case", "local-hyphen",  "padded"};
    return (unsigned)how < sizeof codes / sizeof codes[0] ? codes[how] : "unknown";
}

/* A label that is not one of relver__labels: is it one but for its case? */
static relver_err relver__label_fault(relver_str word)
{
    for (int i = 0; i < RELVER__LABELS; i++)
        if (word.len == strlen(relver__labels[i]) &&
            relver__starts_nocase(word, relver__labels[i]))
            return RELVER_UPPERCASE_LABEL;
    return RELVER_UNKNOWN_LABEL;
}

/* The prerelease of a SemVer version as PEP 440's: a label and a number, no more. */
static relver_err relver__map_pre(relver_str text, relver_str pre, relver_pep440 *to,
                                  relver_class *how, relver_diag *diag)
{
    relver_str rest = pre, first = relver__cut(&rest, '.');
    size_t n = 0;
    while (n < first.len && relver__alpha(first.ptr[n]))
        n++;
    relver_str word = relver_sn(first.ptr, n), number = relver__from(first, n);
    int label = relver__find_label(word);
    if (n == 0 && relver__all_digits(first))
        return relver__fail(diag, RELVER_NUMERIC_FIRST, text, first, NULL);
    if (label < 0)
        return relver__fail(diag, relver__label_fault(word), text, first, NULL);
    if (number.len > 0) { /* rc1, rc-1 */
        *how = RELVER_GLUED_NUMBER;
        if (number.ptr[0] == '-')
            number = relver__from(number, 1);
        if (!relver__all_digits(number) || (number.len > 1 && number.ptr[0] == '0'))
            return relver__fail(diag, RELVER_GLUED_GARBAGE, text, first, NULL);
    } else if (rest.len == 0) {
        *how = RELVER_IMPLICIT_ZERO;
        number = relver_s("0");
    } else {
        number = relver__cut(&rest, '.');
    }
    if (rest.len > 0 || !relver__all_digits(number))
        return relver__fail(diag, RELVER_MULTI_PART, text, pre, NULL);
    to->phase = (relver_phase)label;
    *(label == RELVER__DEV ? &to->dev : &to->pre) = number;
    return RELVER_OK;
}

/* Build metadata as a local version: the same text, but for case and hyphens. */
static relver_err relver__map_build(relver_str text, relver_str build, relver_class *how,
                                    relver_diag *diag)
{
    bool upper = false, hyphen = false;
    for (size_t i = 0, start = 0; i <= build.len && build.len > 0; i++) {
        char c = i < build.len ? build.ptr[i] : '.';
        upper = upper || c != relver__lower(c);
        hyphen = hyphen || c == '-';
        if (!relver__separator(c))
            continue;
        relver_str segment = relver_sn(build.ptr + start, i - start);
        if (segment.len == 0)
            return relver__fail(diag, RELVER_LOCAL_CHARSET, text, build, NULL);
        if (segment.len > 1 && segment.ptr[0] == '0' && relver__all_digits(segment))
            return relver__fail(diag, RELVER_LOCAL_LEADING_ZERO, text, segment, NULL);
        start = i + 1;
    }
    if (*how == RELVER_EXACT && (upper || hyphen))
        *how = upper ? RELVER_LOCAL_CASE : RELVER_LOCAL_HYPHEN;
    return RELVER_OK;
}

/* text, parsed as v, as PEP 440; the views of *to lie in text. */
static relver_err relver__to_pep440(relver_str text, const relver_semver *v, relver_pep440 *to,
                                    relver_class *how, relver_diag *diag)
{
    relver_err err = RELVER_OK;
    to->epoch = to->pre = to->post = to->dev = relver_s(NULL);
    to->release = relver__core(v);
    to->phase = RELVER_FINAL;
    to->local = v->build;
    if (v->pre.len > 0)
        err = relver__map_pre(text, v->pre, to, how, diag);
    return err == RELVER_OK ? relver__map_build(text, v->build, how, diag) : err;
}

/* What SemVer cannot say of a PEP 440 version. */
static relver_err relver__no_semver(relver_str text, const relver_pep440 *v, relver_diag *diag)
{
    relver_str release = v->release;
    for (int i = 0; i < 3 && release.len > 0; i++)
        relver__cut(&release, '.');
    if (relver__number_order(v->epoch, relver_s(NULL)) != 0)
        return relver__fail(diag, RELVER_EPOCH, text, v->epoch, NULL);
    if (release.len > 0)
        return relver__fail(diag, RELVER_RELEASE_TOO_LONG, text, release, NULL);
    size_t end = (size_t)(v->release.ptr - text.ptr) + v->release.len;
    if (v->post.ptr != NULL)
        return relver__fail(diag, RELVER_POST_RELEASE, text, relver__from(text, end), NULL);
    if (v->phase != RELVER_FINAL && v->dev.ptr != NULL)
        return relver__fail(diag, RELVER_PRE_AND_DEV, text, relver__from(text, end), NULL);
    return RELVER_OK;
}

/* Append what relver__no_semver let pass. */
static void relver__put_as_semver(relver_buf *out, const relver_pep440 *v, relver_class *how)
{
    relver_str release = v->release;
    for (int i = 0; i < 3; i++) {
        if (release.len == 0)
            *how = RELVER_PADDED;
        relver__put_number(out, i > 0 ? "." : "", release.len > 0 ? relver__cut(&release, '.')
                                                                  : relver_s("0"));
    }
    relver_str number = v->phase != RELVER_FINAL ? v->pre : v->dev;
    if (number.ptr != NULL) {
        relver__put_label(out, RELVER_SEMVER, (int)v->phase);
        relver__put_number(out, "", number);
    }
    relver__put_local(out, v->local);
}

RELVER_API relver_err relver_convert(relver_buf *out, relver_eco from, relver_str version,
                                     relver_eco to, relver_class *how, relver_diag *diag)
{
    relver_class found = RELVER_EXACT;
    relver_err err;
    size_t start = out->len;
    if (from == RELVER_PEP440) {
        relver_pep440 v;
        err = relver_pep440_parse(version, &v, diag);
        if (err == RELVER_OK && to != RELVER_PEP440)
            err = relver__no_semver(version, &v, diag);
        if (err == RELVER_OK && to != RELVER_PEP440)
            relver__put_as_semver(out, &v, &found);
        else if (err == RELVER_OK)
            relver_pep440_write(out, &v);
    } else {
        relver_semver v;
        relver_pep440 p;
        err = relver_semver_parse(version, &v, diag);
        if (err == RELVER_OK && to == RELVER_PEP440)
            err = relver__to_pep440(version, &v, &p, &found, diag);
        if (err == RELVER_OK && to == RELVER_PEP440)
            relver_pep440_write(out, &p);
        else if (err == RELVER_OK)
            relver_put(out, version);
    }
    if (err == RELVER_OK)
        err = relver__finish(out, start, to, version, diag);
    if (err == RELVER_OK && how != NULL)
        *how = found;
    return err;
}

/* The first number of a SemVer version above max, or absent. ids: look at the prerelease too. */
static relver_str relver__too_big(const relver_semver *v, const char *max, const char *max_id)
{
    relver_str limit = relver_s(max), core = relver__core(v), pre = v->pre;
    while (core.len > 0) {
        relver_str number = relver__cut(&core, '.');
        if (max != NULL && relver__number_order(number, limit) > 0)
            return number;
    }
    limit = relver_s(max_id);
    while (max_id != NULL && pre.len > 0) {
        relver_str id = relver__cut(&pre, '.');
        if (relver__all_digits(id) && relver__number_order(id, limit) > 0)
            return id;
    }
    return relver_s(NULL);
}

RELVER_API relver_err relver_fits(relver_target target, relver_str version, relver_diag *diag)
{
    /* npm: node-semver's MAX_LENGTH and MAX_SAFE_INTEGER, beyond which it also compares prerelease
       numbers inexactly. crates.io: MAX_VERSION_LENGTH, and u64 in Cargo. Docker: any tag. */
    static const struct {
        size_t length;
        const char *number, *id;
        bool build;
    } limits[] = {
        {256, "9007199254740991", "9007199254740990", false}, /* npm */
        {150, "18446744073709551615", NULL, true},            /* crates.io */
        {RELVER__PEP440_MAX, NULL, NULL, false},              /* PyPI */
        {(size_t)-1, NULL, NULL, true},                       /* git */
        {128, NULL, NULL, false},                             /* Docker */
    };
    relver_semver v;
    relver_pep440 p;
    relver_str build, big = relver_s(NULL), lock = relver_s(".lock");
    relver_err err = target == RELVER_ON_PYPI ? relver_pep440_parse(version, &p, diag)
                                              : relver_semver_parse(version, &v, diag);
    if (err != RELVER_OK)
        return err;
    if (version.len > limits[target].length)
        return relver__fail(diag, RELVER_TOO_LONG, version,
                            relver__from(version, limits[target].length), NULL);
    if (target != RELVER_ON_PYPI)
        big = relver__too_big(&v, limits[target].number, limits[target].id);
    if (big.len > 0)
        return relver__fail(diag, RELVER_TOO_BIG, version, big, NULL);
    build = target == RELVER_ON_PYPI ? p.local : v.build;
    if (build.len > 0 && !limits[target].build)
        return relver__fail(diag, RELVER_HAS_BUILD, version, build, NULL);
    if (target == RELVER_ON_GIT && version.len > lock.len &&
        relver_eq(relver__from(version, version.len - lock.len), lock))
        return relver__fail(diag, RELVER_LOCK_SUFFIX, version,
                            relver__from(version, version.len - lock.len), NULL);
    return RELVER_OK;
}

/* A level in words: the number that goes up (-1: none) and the label that comes (-1: none). */
static relver_err relver__read_level(relver_str level, int *part, int *label, relver_diag *diag)
{
    static const char *const parts[] = {"major", "minor", "patch"};
    relver_str rest = relver__real(level), word = relver__cut(&rest, ' ');
    *part = *label = -1;
    for (int i = 0; i < 3; i++)
        if (relver_eq(word, relver_s(parts[i])))
            *part = i;
    if (*part >= 0) {
        rest = relver__trim(rest);
        if (rest.len == 0)
            return RELVER_OK;
        word = rest;
    } else if (relver_eq(level, relver_s("release"))) {
        return RELVER_OK;
    } else {
        word = level;
    }
    *label = relver__find_label(word);
    return *label >= 0 ? RELVER_OK : relver__fail(diag, RELVER_NOT_LEVEL, level, word, NULL);
}

/* How a label alone moves a prerelease on: refused, its counter one up, its counter as it is (the
   prerelease that a dev version of it leads to), or the label's first. */
enum { RELVER__BACK, RELVER__NEXT, RELVER__KEEP, RELVER__FIRST };

/* SemVer orders labels by their text, dev above alpha and beta, PEP 440 the other way: so a dev
   version follows dev versions only. */
static int relver__move_semver(const relver_semver *v, int label, relver_str *count)
{
    relver_str rest = v->pre, first = relver__cut(&rest, '.');
    int order = relver__id_order(relver_s(relver__labels[label]), first);
    if (order != 0)
        return order > 0 && label != RELVER__DEV ? RELVER__FIRST : RELVER__BACK;
    *count = rest.len > 0 ? relver__cut(&rest, '.') : relver_s("0");
    return relver__all_digits(*count) ? RELVER__NEXT : RELVER__BACK;
}

static int relver__move_pep440(const relver_pep440 *v, int label, relver_str *count)
{
    *count = label == RELVER__DEV ? v->dev : v->pre;
    if (label == RELVER__DEV)
        return v->dev.ptr != NULL ? RELVER__NEXT : RELVER__BACK;
    if (label != (int)v->phase)
        return label > (int)v->phase ? RELVER__FIRST : RELVER__BACK;
    return v->dev.ptr != NULL && v->post.ptr == NULL ? RELVER__KEEP : RELVER__NEXT;
}

static void relver__put_count(relver_buf *out, int move, int label, relver_str count)
{
    if (move == RELVER__NEXT)
        relver__put_next(out, count);
    else if (move == RELVER__KEEP)
        relver__put_number(out, "", count);
    else
        relver__putc(out, label == RELVER__DEV ? '0' : '1');
}

RELVER_API relver_err relver_bump(relver_buf *out, relver_eco eco, relver_str version,
                                  relver_str level, relver_diag *diag)
{
    relver_semver v;
    relver_pep440 p;
    relver_str core, count = relver_s(NULL);
    bool pep440 = eco == RELVER_PEP440, pre;
    int part, label, move = RELVER__FIRST;
    size_t start = out->len;
    relver_err err = relver__read_level(level, &part, &label, diag);
    if (err == RELVER_OK)
        err = pep440 ? relver_pep440_parse(version, &p, diag)
                     : relver_semver_parse(version, &v, diag);
    if (err != RELVER_OK)
        return err;
    core = pep440 ? p.release : relver__core(&v);
    pre = pep440 ? relver__pep440_rank(&p) <= RELVER_RC : v.pre.len > 0;
    if (part < 0 && label == RELVER__DEV && !pre)
        part = 2;
    if (part < 0 && !pre)
        return relver__fail(diag, RELVER_NO_PRERELEASE, version, version,
                            label < 0 ? "a release has no label to drop; say patch, minor or major"
                                      : NULL);
    if (part < 0 && label >= 0)
        move = pep440 ? relver__move_pep440(&p, label, &count)
                      : relver__move_semver(&v, label, &count);
    if (move == RELVER__BACK)
        return relver__fail(diag, RELVER_BACKWARD, version, version, NULL);

    bool up = part >= 0 && (label >= 0 || !pre || !relver__leads_to(core, part));
    if (pep440) { /* the epoch, and before the next dev version of 1.0a1 that a1 */
        p.dev = p.local = relver_s(NULL);
        if (label != RELVER__DEV || move != RELVER__NEXT) {
            p.phase = RELVER_FINAL;
            p.pre = p.post = relver_s(NULL);
        }
        if (up)
            p.release.len = 0;
        relver_pep440_write(out, &p);
    } else if (!up) {
        relver_put(out, core);
    }
    if (up)
        relver__put_next_core(out, core, part);
    if (label >= 0) {
        relver__put_label(out, eco, label);
        relver__put_count(out, move, label, count);
    }
    return relver__finish(out, start, eco, version, diag);
}

/*== 6. Ranges == (implementation) ===========================================================*/

/* A range is alternatives (npm's "||") of clauses that must all hold; a clause is an operator and
   a version. It is read clause by clause, and nothing of it is kept: where npm desugars ^1.2 into
   two bounds, fewer numbers are compared, so a bound such as 2.0.0-0 is never built. */

typedef enum relver__op {
    RELVER__EQ,
    RELVER__NE,
    RELVER__LT,
    RELVER__LE,
    RELVER__GT,
    RELVER__GE,
    RELVER__TILDE,
    RELVER__CARET,
    RELVER__COMPATIBLE, /* ~= of PEP 440 */
    RELVER__ARBITRARY   /* === of PEP 440 */
} relver__op;

/* A version of any ecosystem. In a clause, numbers may be open (1.2, 1.x): those are not in
   `numbers`. */
typedef struct relver__version {
    relver_str text;
    relver_str numbers; /* "1.2.3"; the release of PEP 440 */
    size_t count;       /* how many those are */
    relver_str pre;     /* of SemVer */
    relver_semver semver; /* the same, open numbers 0 */
    relver_pep440 pep440;
} relver__version;

typedef struct relver__clause {
    relver__op op;
    bool hyphen;     /* a side of npm's "1.2 - 1.4" */
    relver_str sign; /* the operator as spelt */
    relver_str wild; /* ".x", ".*", "*": what stands for the open numbers, if anything */
    relver__version v;
} relver__clause;

typedef struct relver__range {
    relver_eco eco;
    relver_str text, later, rest; /* all; the alternatives to come; the rest of this one */
    bool more;                    /* there are alternatives to come */
    bool upper;                   /* the upper side of a hyphen range comes next */
    size_t clauses;               /* read so far in this alternative */
    relver_err err;
    relver_diag *diag;
} relver__range;

static relver_str relver__strip(relver_str s)
{
    while (s.len > 0 && relver__pep440_space(s.ptr[0]))
        s = relver__from(s, 1);
    while (s.len > 0 && relver__pep440_space(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

static size_t relver__count_numbers(relver_str numbers)
{
    size_t count = 0;
    for (; numbers.len > 0; count++)
        relver__cut(&numbers, '.');
    return count;
}

/* Order of the epoch and the first n numbers; missing numbers count as 0. */
static int relver__prefix_order(const relver__version *a, const relver__version *b, size_t n)
{
    relver_str left = a->numbers, right = b->numbers;
    int order = 0;
    if (a->semver.major.len > 0 && b->semver.major.len > 0) {
        order = n > 0 ? relver__number_order(a->semver.major, b->semver.major) : 0;
        if (order == 0 && n > 1)
            order = relver__number_order(a->semver.minor, b->semver.minor);
        return order == 0 && n > 2 ? relver__number_order(a->semver.patch, b->semver.patch) : order;
    }
    order = relver__number_order(a->pep440.epoch, b->pep440.epoch);
    for (; order == 0 && n > 0 && left.len + right.len > 0; n--)
        order = relver__number_order(relver__cut(&left, '.'), relver__cut(&right, '.'));
    return order;
}

static bool relver__is_prerelease(const relver__version *v)
{
    return v->pre.len > 0 || v->pep440.phase != RELVER_FINAL || v->pep440.dev.len > 0;
}

static void relver__version_take(relver__version *v, relver_str text, const relver_semver *semver)
{
    v->text = text;
    v->semver = *semver;
    v->numbers = relver__core(semver);
    v->count = 3;
    v->pre = semver->pre;
}

static relver_err relver__version_parse(relver_eco eco, relver_str text, relver__version *v,
                                        relver_diag *diag)
{
    relver_semver semver;
    relver_err err;
    memset(v, 0, sizeof *v);
    v->text = text;
    if (eco == RELVER_PEP440) {
        err = relver_pep440_parse(text, &v->pep440, diag);
        v->text = relver__strip(text);
        v->numbers = v->pep440.release;
        v->count = relver__count_numbers(v->numbers);
    } else {
        err = relver_semver_parse(text, &semver, diag);
        if (err == RELVER_OK)
            relver__version_take(v, text, &semver);
    }
    return err;
}

/* The version as SemVer, open numbers 0. */
static relver_semver relver__as_semver(const relver__version *v)
{
    const relver_str zero = relver_s("0");
    relver_str rest = v->numbers;
    relver_semver s;
    s.major = rest.len > 0 ? relver__cut(&rest, '.') : zero;
    s.minor = rest.len > 0 ? relver__cut(&rest, '.') : zero;
    s.patch = rest.len > 0 ? rest : zero;
    s.pre = v->pre;
    s.build = relver_s(NULL);
    return s;
}

static int relver__semver_order(const relver__version *a, const relver__version *b)
{
    return relver_semver_compare(&a->semver, &b->semver);
}

/* Reading: each of these returns false at the end and on an error, which r->err tells apart. */

static bool relver__range_fail(relver__range *r, relver_str at, const char *what)
{
    r->err = relver__fail(r->diag, RELVER_NOT_RANGE, r->text, at, what);
    return false;
}

/* A clause's whole version; the fault of its parser is the range's. */
static bool relver__range_version(relver__range *r, relver_str text, relver__version *v)
{
    relver_diag diag;
    if (relver__version_parse(r->eco, text, v, &diag) == RELVER_OK)
        return true;
    return relver__range_fail(r, relver_sn(text.ptr + diag.pos, diag.len), diag.what);
}

/* White space; for Cargo blanks alone. */
static void relver__range_skip(relver__range *r)
{
    while (r->rest.len > 0 && relver__pep440_space(r->rest.ptr[0]) &&
           (r->eco != RELVER_CARGO || r->rest.ptr[0] == ' '))
        r->rest = relver__from(r->rest, 1);
}

/* Cut the operator off *text: the longest that fits. */
static bool relver__range_sign(relver__range *r, relver_str *text, relver__clause *c)
{
    enum { NPM = 1, CARGO = 2, PEP440 = 4 };
    static const struct {
        char text[4];
        relver__op op;
        int ecos;
    } signs[] = {
        {">=", RELVER__GE, NPM | CARGO | PEP440},
        {"<=", RELVER__LE, NPM | CARGO | PEP440},
        {"~>", RELVER__TILDE, NPM},
        {"^", RELVER__CARET, NPM | CARGO},
        {"~", RELVER__TILDE, NPM | CARGO},
        {">", RELVER__GT, NPM | CARGO | PEP440},
        {"<", RELVER__LT, NPM | CARGO | PEP440},
        {"=", RELVER__EQ, NPM | CARGO},
        {"", RELVER__EQ, NPM},
        {"", RELVER__CARET, CARGO},
        {"===", RELVER__ARBITRARY, PEP440},
        {"==", RELVER__EQ, PEP440},
        {"!=", RELVER__NE, PEP440},
        {"~=", RELVER__COMPATIBLE, PEP440},
    };
    int eco = r->eco == RELVER_PEP440 ? PEP440 : r->eco == RELVER_CARGO ? CARGO : NPM;
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        size_t n = 0;
        while (signs[i].text[n] != '\0' && n < text->len && text->ptr[n] == signs[i].text[n])
            n++;
        if ((signs[i].ecos & eco) != 0 && signs[i].text[n] == '\0') {
            c->op = signs[i].op;
            c->sign = relver_sn(text->ptr, n);
            *text = relver__from(*text, n);
            return true;
        }
    }
    return relver__range_fail(r, *text, "expected one of == != ~= === >= <= > <");
}

static bool relver__is_wildcard(relver_str s)
{
    return s.len == 1 && (s.ptr[0] == 'x' || s.ptr[0] == 'X' || s.ptr[0] == '*');
}

/* One number or wildcard, the index-th (from 0); a wildcard opens all that follow. */
static bool relver__range_number(relver__range *r, relver__clause *c, size_t index, relver_str part)
{
    static const char *const missing[] = {"expected the major version",
                                          "expected the minor version or a wildcard",
                                          "expected the patch version or a wildcard"};
    if (relver__is_wildcard(part) && (index > 0 || r->eco != RELVER_CARGO)) {
        if (c->wild.ptr == NULL)
            c->wild = part;
        return true;
    }
    if (!relver__all_digits(part))
        return relver__range_fail(r, part, missing[index]);
    if (part.len > 1 && part.ptr[0] == '0')
        return relver__range_fail(r, part, "leading zero in a number");
    if (c->wild.ptr == NULL) {
        c->v.numbers.len = (size_t)(part.ptr - c->v.numbers.ptr) + part.len;
        c->v.count = index + 1;
        return true;
    }
    /* node-semver 7.8 refuses 1.x.3, but ^1.x.3 and 1.x.3 - 2 pass as 1.x */
    if (r->eco != RELVER_CARGO && (c->op >= RELVER__TILDE || c->hyphen))
        return true;
    return relver__range_fail(r, part, "number after a wildcard");
}

/* What follows open numbers: npm ignores a build, and a prerelease of 1.2.x, once well-formed. */
static bool relver__range_ignored(relver__range *r, relver_str suffix, bool patch)
{
    relver_str ids;
    size_t at = 0;
    const char *what = NULL;
    if (r->eco != RELVER_CARGO && patch && relver__starts(suffix, "-")) {
        at = 1;
        what = relver__read_ids(suffix, &at, true, &ids);
    }
    if (r->eco != RELVER_CARGO && what == NULL && relver__starts(relver__from(suffix, at), "+")) {
        at++;
        what = relver__read_ids(suffix, &at, false, &ids);
    }
    if (what == NULL && at < suffix.len)
        what = "a prerelease or build needs all three numbers";
    return what == NULL || relver__range_fail(r, relver__from(suffix, at), what);
}

/* The version of an npm or Cargo clause: up to three numbers, prerelease and build. */
static bool relver__range_partial(relver__range *r, relver__clause *c, relver_str token)
{
    relver_str core = relver_sn(token.ptr, 0), rest;
    size_t index = 0;
    if (c->v.count == 3)
        return true; /* as most are; what is open, or wrong, shows below */
    while (core.len < token.len && token.ptr[core.len] != '-' && token.ptr[core.len] != '+')
        core.len++;
    c->v.numbers = relver_sn(core.ptr, 0);
    for (rest = core;; index++) {
        relver_str part = relver__cut(&rest, '.');
        if (index == 3)
            return relver__range_fail(r, part, "more than three numbers");
        if (!relver__range_number(r, c, index, part))
            return false;
        if (part.ptr + part.len == core.ptr + core.len)
            break;
    }
    if (c->wild.ptr != NULL) {
        size_t at = (size_t)(c->wild.ptr - core.ptr);
        c->wild = relver__from(core, at > 0 ? at - 1 : 0); /* with its dot */
    }
    if (c->v.count == 3)
        return relver__range_version(r, token, &c->v);
    c->v.text = token;
    c->v.semver = relver__as_semver(&c->v);
    return relver__range_ignored(r, relver__from(token, core.len), index == 2);
}

/* The token at r->rest: what may be a version of npm or Cargo. A whole one is read at once. */
static relver_str relver__range_token(relver__range *r, relver__clause *c)
{
    relver_str token = relver_sn(r->rest.ptr, 0);
    relver_semver v;
    bool whole = relver__read_semver(r->rest, &token.len, &v) == NULL;
    for (; token.len < r->rest.len; token.len++) {
        char b = token.ptr[token.len];
        if (!relver__alnum(b) && b != '.' && b != '*' && b != '+' && b != '-')
            break;
        whole = false;
    }
    if (whole)
        relver__version_take(&c->v, token, &v);
    r->rest = relver__from(r->rest, token.len);
    return token;
}

/* Whether the '-' of a hyphen range comes, blanks on both sides; it is then cut off. */
static bool relver__range_hyphen(relver__range *r)
{
    relver_str before = r->rest;
    relver__range_skip(r);
    if (r->rest.ptr > before.ptr && r->rest.len > 1 && r->rest.ptr[0] == '-' &&
        relver__pep440_space(r->rest.ptr[1])) {
        r->rest = relver__from(r->rest, 1);
        return true;
    }
    r->rest = before;
    return false;
}

static bool relver__npm_next(relver__range *r, relver__clause *c)
{
    bool upper = r->upper;
    relver__range_skip(r);
    if (r->rest.len == 0 && !upper)
        return false;
    relver__range_sign(r, &r->rest, c);
    bool equals = relver__starts(r->rest, "=");
    if (!equals)
        relver__range_skip(r);
    if (equals || relver__starts(r->rest, "v"))
        r->rest = relver__from(r->rest, 1);
    relver_str token = relver__range_token(r, c);
    if (r->rest.len > 0 && !relver__pep440_space(r->rest.ptr[0]))
        return relver__range_fail(r, relver_sn(r->rest.ptr, 1), "unexpected character");
    if (upper || (r->clauses == 0 && c->sign.len == 0 && relver__range_hyphen(r))) {
        c->op = upper ? RELVER__LE : RELVER__GE;
        c->hyphen = true;
        r->upper = !upper;
    }
    if (!relver__range_partial(r, c, token))
        return false;
    if (equals && c->v.count == 3 && c->op < RELVER__TILDE) /* node takes ==1, but not ==1.2.3 */
        return relver__range_fail(r, token, "a second operator");
    relver__range_skip(r);
    if (upper && (c->sign.len > 0 || r->rest.len > 0))
        return relver__range_fail(r, token, "a hyphen range stands alone");
    return true;
}

static bool relver__cargo_next(relver__range *r, relver__clause *c)
{
    if (r->clauses > 0) {
        if (r->rest.len == 0)
            return false;
        if (r->rest.ptr[0] != ',')
            return relver__range_fail(r, relver_sn(r->rest.ptr, 1), "expected a comma");
        if (r->clauses == 32)
            return relver__range_fail(r, r->rest, "more than 32 comparators");
        r->rest = relver__from(r->rest, 1);
    }
    relver__range_skip(r);
    relver__range_sign(r, &r->rest, c);
    relver__range_skip(r);
    relver_str token = relver__range_token(r, c);
    relver__range_skip(r);
    if (relver__is_wildcard(token) && c->sign.len == 0 && r->clauses == 0 && r->rest.len == 0) {
        c->wild = token;
        c->v.text = token;
        c->v.numbers = relver_sn(token.ptr, 0);
        c->v.semver = relver__as_semver(&c->v);
    } else if (!relver__range_partial(r, c, token)) {
        return false;
    }
    if (c->wild.ptr != NULL && c->sign.len == 0)
        c->op = RELVER__EQ;
    return true;
}

/* The version of a clause without operator and blanks. */
static bool relver__pep440_clause(relver__range *r, relver__clause *c, relver_str text)
{
    bool equality = c->op == RELVER__EQ || c->op == RELVER__NE;
    const relver_pep440 *v = &c->v.pep440;
    c->v.text = text;
    if (c->op == RELVER__ARBITRARY) {
        for (size_t i = 0; i < text.len; i++)
            if (relver__pep440_space(text.ptr[i]) || memchr(";)", text.ptr[i], 2) != NULL)
                return relver__range_fail(r, relver_sn(text.ptr + i, 1), "unexpected character");
        return true;
    }
    if (text.len > 2 && memcmp(text.ptr + text.len - 2, ".*", 2) == 0)
        c->wild = relver__from(text, text.len - 2);
    relver_str release = relver_sn(text.ptr, text.len - c->wild.len);
    if (release.len > 0 && relver__pep440_space(release.ptr[release.len - 1]))
        return relver__range_fail(r, c->wild, "a blank before the wildcard");
    if (!relver__range_version(r, release, &c->v))
        return false;
    c->v.text = text;
    if (c->wild.ptr != NULL && (!equality || relver__is_prerelease(&c->v) || v->post.len > 0 ||
                                v->local.len > 0))
        return relver__range_fail(r, c->wild, "a wildcard needs == or != and a plain release");
    if (v->local.len > 0 && !equality)
        return relver__range_fail(r, v->local, "a local version needs == or !=");
    if (c->op == RELVER__COMPATIBLE && c->v.count < 2)
        return relver__range_fail(r, text, "~= needs two numbers");
    return true;
}

static bool relver__pep440_next(relver__range *r, relver__clause *c)
{
    while (r->rest.len > 0) {
        relver_str text = relver__strip(relver__cut(&r->rest, ','));
        if (text.len > 0)
            return relver__range_sign(r, &text, c) &&
                   relver__pep440_clause(r, c, relver__strip(text));
    }
    return false;
}

static void relver__range_open(relver__range *r, relver_eco eco, relver_str text, relver_diag *diag)
{
    memset(r, 0, sizeof *r);
    r->eco = eco;
    r->text = r->later = text.ptr != NULL ? text : relver_s("");
    r->more = true;
    r->diag = diag;
}

/* Go to the next alternative. */
static bool relver__range_alternative(relver__range *r)
{
    size_t at = 0;
    if (r->err != RELVER_OK || !r->more)
        return false;
    r->clauses = 0;
    r->rest = r->later;
    r->more = false;
    if (r->eco == RELVER_PEP440 || r->eco == RELVER_CARGO)
        return true;
    while (at + 1 < r->later.len && memcmp(r->later.ptr + at, "||", 2) != 0)
        at++;
    if (at + 1 < r->later.len) {
        r->rest.len = at;
        r->later = relver__from(r->later, at + 2);
        r->more = true;
    }
    return true;
}

/* Read the next clause of this alternative. */
static bool relver__range_next(relver__range *r, relver__clause *c)
{
    memset(c, 0, sizeof *c);
    bool got = r->eco == RELVER_PEP440  ? relver__pep440_next(r, c)
               : r->eco == RELVER_CARGO ? relver__cargo_next(r, c)
                                        : relver__npm_next(r, c);
    r->clauses++;
    return got;
}

/* Matching: one clause against one version. */

static size_t relver__leading_zeros(const relver__version *v)
{
    const relver_str *const numbers[] = {&v->semver.major, &v->semver.minor, &v->semver.patch};
    size_t zeros = 0;
    while (zeros < v->count && numbers[zeros]->ptr[0] == '0')
        zeros++;
    return zeros;
}

/* How many numbers a version must share with the clause's: ~1.2.3 fixes two, ^0.2.3 those up to
   the first that is not 0. */
static size_t relver__range_span(const relver__clause *c)
{
    size_t count = c->v.count, zeros = relver__leading_zeros(&c->v);
    if (c->op == RELVER__TILDE)
        return count < 2 ? count : 2;
    return zeros < count ? zeros + 1 : count;
}

/* Whether digits a are digits b plus one; neither has leading zeros. */
static bool relver__is_next(relver_str a, relver_str b)
{
    while (a.len > 1 && b.len > 0 && a.ptr[a.len - 1] == '0' && b.ptr[b.len - 1] == '9') {
        a.len--;
        b.len--;
    }
    if (b.len == 0)
        return a.len == 1 && a.ptr[0] == '1';
    return a.len == b.len && a.ptr[a.len - 1] == b.ptr[b.len - 1] + 1 &&
           memcmp(a.ptr, b.ptr, a.len - 1) == 0;
}

/* Whether the clause starts at 0.0.0, which node-semver takes for no bound at all. */
static bool relver__npm_from_zero(const relver__clause *c)
{
    return c->v.pre.len == 0 && relver__leading_zeros(&c->v) == c->v.count;
}

static bool relver__npm_is_any(const relver__clause *c)
{
    bool open_below = c->v.count == 0 && c->op != RELVER__LT && c->op != RELVER__GT;
    return relver__npm_from_zero(c) && (open_below || c->op == RELVER__GE);
}

/* Whether v is a prerelease of the version where an open `>` starts: 1.3.0-rc.1 for npm's >1.2. */
static bool relver__npm_edge(const relver__clause *c, const relver__version *v)
{
    relver_str left = v->numbers, right = c->v.numbers;
    if (v->pre.len == 0)
        return false;
    for (size_t i = 1; i <= 3; i++) {
        relver_str a = relver__cut(&left, '.'), b = relver__cut(&right, '.');
        if (i == c->v.count ? !relver__is_next(a, b) : relver__number_order(a, b) != 0)
            return false;
    }
    return true;
}

/* node-semver: classes/range.js, without its text. pre is includePrerelease. */
static bool relver__npm_accepts(const relver__clause *c, const relver__version *v, bool pre)
{
    bool full = c->v.count == 3, bare = c->v.pre.len == 0;
    int exact = relver__semver_order(v, &c->v);
    int block = relver__prefix_order(v, &c->v, c->v.count);
    int order = full ? exact : block;
    bool low = exact >= 0 || (pre ? block == 0 && bare && (!full || c->hyphen)
                                  : relver__npm_from_zero(c));
    switch (c->op) {
    case RELVER__EQ: return order == 0 && low;
    case RELVER__LT: return order < 0;
    case RELVER__LE: return order <= 0;
    case RELVER__GT: return order > 0 && (full || pre || !relver__npm_edge(c, v));
    case RELVER__GE: return low;
    default: return low && relver__prefix_order(v, &c->v, relver__range_span(c)) == 0;
    }
}

/* The semver crate: src/eval.rs. */
static bool relver__cargo_accepts(const relver__clause *c, const relver__version *v)
{
    bool full = c->v.count == 3;
    int order = full ? relver__semver_order(v, &c->v)
                     : relver__prefix_order(v, &c->v, c->v.count);
    bool same = order == 0 && (full || v->pre.len == 0);
    switch (c->op) {
    case RELVER__EQ: return same;
    case RELVER__LT: return order < 0;
    case RELVER__LE: return order < 0 || same;
    case RELVER__GT: return order > 0;
    case RELVER__GE: return order > 0 || same;
    default:
        return relver__prefix_order(v, &c->v, relver__range_span(c)) == 0 &&
               (order > 0 || (c->op == RELVER__CARET ? order == 0 : same));
    }
}

static bool relver__same_text(relver_str a, relver_str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (relver__lower(a.ptr[i]) != relver__lower(b.ptr[i]))
            return false;
    return true;
}

/* v as a clause's version sees it: a local part counts only where the clause names one. */
static relver_pep440 relver__pep440_public(const relver__version *v, const relver_pep440 *bound)
{
    relver_pep440 seen = v->pep440;
    if (bound->local.len == 0)
        seen.local = relver_s(NULL);
    return seen;
}

/* Leave of a version its epoch, release and local part. */
static void relver__pep440_final(relver_pep440 *v)
{
    v->phase = RELVER_FINAL;
    v->pre = v->post = v->dev = relver_s(NULL);
}

/* PEP 440, "Version specifiers", with the bounds of packaging 26. */
static bool relver__pep440_accepts(const relver__clause *c, const relver__version *v)
{
    const relver_pep440 *bound = &c->v.pep440;
    relver_pep440 seen = relver__pep440_public(v, bound);
    if (c->op == RELVER__ARBITRARY)
        return relver__same_text(c->v.text, v->text);
    int order = relver_pep440_compare(&seen, bound);
    switch (c->op) {
    case RELVER__EQ:
    case RELVER__NE:
        if (c->wild.ptr != NULL)
            order = relver__prefix_order(v, &c->v, c->v.count);
        return (order == 0) == (c->op == RELVER__EQ);
    case RELVER__LE: return order <= 0;
    case RELVER__GE: return order >= 0;
    case RELVER__LT: /* <1.0 refuses the prereleases of 1.0 */
        if (!relver__is_prerelease(&c->v)) {
            seen.dev = relver_s(NULL);
            if (bound->post.len == 0)
                relver__pep440_final(&seen);
        }
        return order < 0 && relver_pep440_compare(&seen, bound) != 0;
    case RELVER__GT: /* >1.0 refuses the post-releases of 1.0 */
        if (bound->post.len == 0 && bound->dev.len == 0)
            seen.post = seen.dev = relver_s(NULL);
        return order > 0 && relver_pep440_compare(&seen, bound) != 0;
    default: return order >= 0 && relver__prefix_order(v, &c->v, c->v.count - 1) == 0;
    }
}

/* npm and Cargo let a prerelease in where a clause names one of the same three numbers. */
static bool relver__clause_names(const relver__clause *c, const relver__version *v)
{
    return c->v.pre.len > 0 && relver__prefix_order(v, &c->v, 3) == 0;
}

/* Whether v lies in the range. `instead`, if not NULL, replaces the clause whose operator has the
   same place in the text. */
static relver_err relver__range_eval(relver__range *r, const relver__version *v, bool pre,
                                     const relver__clause *instead, bool *yes)
{
    bool npm = r->eco != RELVER_PEP440 && r->eco != RELVER_CARGO;
    bool stable = !relver__is_prerelease(v), found = false, star = false;
    while (relver__range_alternative(r)) {
        bool all = true, any = npm, named = stable || (pre && r->eco != RELVER_CARGO);
        relver__clause clause;
        while (relver__range_next(r, &clause)) {
            const relver__clause *c = instead != NULL && instead->sign.ptr == clause.sign.ptr
                                          ? instead : &clause;
            all = all && (npm                      ? relver__npm_accepts(c, v, pre)
                          : r->eco == RELVER_CARGO ? relver__cargo_accepts(c, v)
                                                   : relver__pep440_accepts(c, v));
            named = named || relver__clause_names(c, v);
            any = any && relver__npm_is_any(c);
        }
        found = found || (all && named);
        star = star || any;
    }
    /* node-semver keeps of `* || 1.0.0-rc.1` the star alone, and a star takes no prerelease */
    if (r->err == RELVER_OK)
        *yes = found && (stable || pre || !star);
    return r->err;
}

RELVER_API relver_err relver_range_check(relver_eco eco, relver_str range, relver_diag *diag)
{
    relver__range r;
    relver__clause c;
    relver__range_open(&r, eco, range, diag);
    while (relver__range_alternative(&r))
        while (relver__range_next(&r, &c))
            ;
    return r.err;
}

RELVER_API relver_err relver_range_match(relver_eco eco, relver_str range, relver_str version,
                                         bool pre, bool *yes, relver_diag *diag)
{
    relver__range r;
    relver__version v;
    relver_err err = relver__version_parse(eco, version, &v, diag);
    if (err != RELVER_OK)
        return err;
    relver__range_open(&r, eco, range, diag);
    return relver__range_eval(&r, &v, pre, NULL, yes);
}

/*== 7. Stamps == (implementation) ===========================================================*/

enum { RELVER__STAMP_MIN = 7, RELVER__STAMP_MAX = 40 };

static bool relver__is_hex(char c)
{
    c = relver__lower(c);
    return relver__digit(c) || (c >= 'a' && c <= 'f');
}

static bool relver__all_hex(relver_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!relver__is_hex(s.ptr[i]))
            return false;
    return s.len > 0;
}

/* Whether an identifier is what relver_stamp writes: hex digits with a letter among them, or 'g'
   and digits. */
static bool relver__is_stamp(relver_str id)
{
    bool marked = id.len > 0 && id.ptr[0] == 'g';
    if (marked)
        id = relver__from(id, 1);
    return id.len >= RELVER__STAMP_MIN && id.len <= RELVER__STAMP_MAX && relver__all_hex(id) &&
           relver__all_digits(id) == marked;
}

static relver_str relver__last_id(relver_str ids)
{
    size_t at = ids.len;
    while (at > 0 && ids.ptr[at - 1] != '.')
        at--;
    return at > 0 ? relver__from(ids, at) : ids;
}

/* The identifier that marks a commit, into text; the object id must be whole, so that no clone
   abbreviates it in its own way. */
static relver_err relver__stamp_id(relver_buf *id, relver_str oid, size_t len, relver_diag *diag)
{
    if ((oid.len != 40 && oid.len != 64) || !relver__all_hex(oid))
        return relver__fail(diag, RELVER_OID_NOT_FULL, oid, oid, NULL);
    if (len == 0)
        len = RELVER_STAMP_LEN;
    if (len < RELVER__STAMP_MIN || len > RELVER__STAMP_MAX)
        return relver__fail(diag, RELVER_TOO_LONG, oid, oid, "a stamp has 7 to 40 digits");
    if (relver__all_digits(relver_sn(oid.ptr, len)))
        relver__putc(id, 'g');
    for (size_t i = 0; i < len; i++)
        relver__putc(id, relver__lower(oid.ptr[i]));
    return RELVER_OK;
}

/* Whether id may follow the identifiers of base: not after another stamp. */
static relver_err relver__stamp_after(relver_str base, relver_str ids, relver_str id,
                                      relver_diag *diag)
{
    relver_str last = relver__last_id(ids);
    if (!relver_eq(last, id) && relver__is_stamp(last))
        return relver__fail(diag, RELVER_ALREADY_STAMPED, base, last, NULL);
    return RELVER_OK;
}

/* The same for a stamp that would be all of the build metadata. */
static relver_err relver__stamp_as_build(relver_str base, relver_str build, relver_str id,
                                         relver_diag *diag)
{
    relver_err err = relver__stamp_after(base, build, id, diag);
    if (err != RELVER_OK || build.len == 0 || relver_eq(build, id))
        return err;
    return relver__fail(diag, RELVER_BASE_HAS_BUILD, base, build, NULL);
}

/* A base for Python: a SemVer version, or the normal PEP 440 form of one, which a stamped version
   has itself. */
static relver_err relver__stamp_pep440(relver_str base, relver_pep440 *p, relver_diag *diag)
{
    char text[2 * RELVER__PEP440_MAX];
    relver_buf normal;
    relver_semver v;
    relver_class how = RELVER_EXACT;
    relver_err err = relver_semver_parse(base, &v, diag);
    if (err == RELVER_OK)
        return relver__to_pep440(base, &v, p, &how, diag);
    normal.ptr = text;
    normal.cap = sizeof text;
    normal.len = 0;
    if (relver_convert(&normal, RELVER_PEP440, base, RELVER_SEMVER, &how, NULL) != RELVER_OK ||
        how != RELVER_EXACT)
        return err;
    normal.len = 0;
    if (relver_check(&normal, RELVER_PEP440, base, NULL) != RELVER_OK ||
        !relver_eq(relver_view(&normal), base))
        return err;
    return relver_pep440_parse(base, p, diag);
}

RELVER_API relver_err relver_stamp(relver_buf *out, relver_eco eco, relver_str base, relver_str oid,
                                   size_t len, relver_diag *diag)
{
    char text[RELVER__STAMP_MAX + 2];
    relver_buf stamp = {text, sizeof text, 0};
    relver_semver v;
    relver_pep440 p;
    size_t start = out->len;
    relver_err err = relver__stamp_id(&stamp, oid, len, diag);
    if (err != RELVER_OK)
        return err;
    relver_str id = relver_view(&stamp);
    err = eco == RELVER_PEP440 ? relver__stamp_pep440(base, &p, diag)
                               : relver_semver_parse(base, &v, diag);
    if (err != RELVER_OK)
        return err;
    if (eco == RELVER_PEP440) {
        err = relver__stamp_as_build(base, p.local, id, diag);
        p.local = id;
        if (err == RELVER_OK)
            relver_pep440_write(out, &p);
    } else if (eco == RELVER_CARGO) {
        err = relver__stamp_as_build(base, v.build, id, diag);
        v.build = id;
        if (err == RELVER_OK)
            relver_semver_write(out, &v);
    } else if (v.build.len > 0) {
        err = relver__fail(diag, RELVER_BASE_HAS_BUILD, base, v.build, NULL);
    } else {
        err = relver__stamp_after(base, v.pre, id, diag);
        if (err == RELVER_OK)
            relver_put(out, base);
        if (err == RELVER_OK && !relver_eq(relver__last_id(v.pre), id))
            relver__put_after(out, v.pre.len > 0 ? "." : "-", id);
    }
    return err == RELVER_OK ? relver__finish(out, start, eco, base, diag) : err;
}

/*== 8. Tags and dist-tags == (implementation) ===============================================*/

enum { RELVER__NAME, RELVER__VERSION, RELVER__MAJOR, RELVER__MINOR, RELVER__PATCH, RELVER__HOLES };

enum { RELVER__TAG_MAX = 1024 }; /* bytes, more than git allows: reading a tag may be quadratic */

/* A parsed template: a literal, then placeholders, each with the literal after it. */
typedef struct relver__template {
    relver_str before;
    int count;
    int kind[RELVER__HOLES];
    relver_str after[RELVER__HOLES];
} relver__template;

static bool relver__holds(const relver__template *t, int kind)
{
    for (int i = 0; i < t->count; i++)
        if (t->kind[i] == kind)
            return true;
    return false;
}

/* The placeholder at the front of *rest, cut off; -1 when it is none. */
static int relver__cut_hole(relver_str *rest)
{
    static const char *const words[] = {"{name}", "{version}", "{major}", "{minor}", "{patch}"};
    for (int i = 0; i < RELVER__HOLES; i++)
        if (relver__starts(*rest, words[i])) {
            *rest = relver__from(*rest, strlen(words[i]));
            return i;
        }
    return -1;
}

static relver_str relver__cut_literal(relver_str *rest)
{
    size_t n = 0;
    while (n < rest->len && rest->ptr[n] != '{' && rest->ptr[n] != '}')
        n++;
    relver_str literal = relver_sn(rest->ptr, n);
    *rest = relver__from(*rest, n);
    return literal;
}

/* Whether the literal after a placeholder tells where that one's text ends: a number ends before
   any other byte, a version before a byte that no version holds; a name is tried at every place. */
static bool relver__ends(int kind, relver_str literal)
{
    if (kind == RELVER__NAME || literal.len == 0)
        return literal.len > 0;
    if (kind != RELVER__VERSION)
        return !relver__digit(literal.ptr[0]);
    for (size_t i = 0; i < literal.len; i++) {
        char c = literal.ptr[i];
        if (!relver__alnum(c) && !relver__separator(c) && c != '+' && c != '!')
            return true;
    }
    return false;
}

/* What makes a parsed template unreadable; NULL when nothing does. */
static const char *relver__template_fault(const relver__template *t)
{
    bool version = relver__holds(t, RELVER__VERSION);
    for (int i = 0; i < t->count; i++) {
        for (int j = 0; j < i; j++)
            if (t->kind[i] == t->kind[j])
                return "a placeholder stands twice";
        if (version && t->kind[i] >= RELVER__MAJOR)
            return "{version} holds the number already";
        if (i + 1 < t->count && !relver__ends(t->kind[i], t->after[i]))
            return "nothing tells where a placeholder ends";
        if (t->kind[i] == RELVER__NAME && i > 0 && i + 1 < t->count)
            return "{name} stands first or last";
    }
    return version || relver__holds(t, RELVER__MAJOR) ? NULL : "neither {version} nor {major}";
}

static relver_err relver__read_template(relver_str tmpl, relver__template *t, relver_diag *diag)
{
    relver_str rest = relver__real(tmpl);
    t->before = relver__cut_literal(&rest);
    t->count = 0;
    while (rest.len > 0) {
        relver_str at = relver_sn(rest.ptr, 1);
        int kind = relver__cut_hole(&rest);
        if (kind < 0)
            return relver__fail(diag, RELVER_BAD_TEMPLATE, tmpl, at, "not a placeholder");
        if (t->count == RELVER__HOLES)
            return relver__fail(diag, RELVER_BAD_TEMPLATE, tmpl, at, "a placeholder stands twice");
        t->kind[t->count] = kind;
        t->after[t->count++] = relver__cut_literal(&rest);
    }
    const char *what = relver__template_fault(t);
    if (what != NULL)
        return relver__fail(diag, RELVER_BAD_TEMPLATE, tmpl, tmpl, what);
    return RELVER_OK;
}

/* The release of a version of either kind: its numbers as text. */
static relver_err relver__any_release(relver_str version, relver_str *release, relver_diag *diag)
{
    relver_semver v;
    relver_pep440 p;
    if (relver_pep440_parse(version, &p, NULL) == RELVER_OK) {
        *release = p.release;
        return RELVER_OK;
    }
    relver_err err = relver_semver_parse(version, &v, diag);
    if (err == RELVER_OK)
        *release = relver__core(&v);
    return err;
}

static relver_str relver__release_number(relver_str release, int part)
{
    relver_str number = relver__cut(&release, '.');
    while (part-- > 0)
        number = release.len > 0 ? relver__cut(&release, '.') : relver_s("0");
    return relver__strip_zeros(number);
}

RELVER_API relver_err relver_tag_write(relver_buf *out, relver_str tmpl, relver_str name,
                                       relver_str version, relver_diag *diag)
{
    relver__template t;
    relver_str release = relver_s(NULL);
    relver_err err = relver__read_template(tmpl, &t, diag);
    if (err == RELVER_OK && relver__holds(&t, RELVER__NAME) && name.len == 0)
        err = relver__fail(diag, RELVER_BAD_TEMPLATE, tmpl, tmpl, "no name for {name}");
    if (err == RELVER_OK && relver__holds(&t, RELVER__MAJOR))
        err = relver__any_release(version, &release, diag);
    if (err != RELVER_OK)
        return err;
    relver_put(out, t.before);
    for (int i = 0; i < t.count; i++) {
        if (t.kind[i] == RELVER__NAME)
            relver_put(out, name);
        else if (t.kind[i] == RELVER__VERSION)
            relver_put(out, version);
        else
            relver_put(out, relver__release_number(release, t.kind[i] - RELVER__MAJOR));
        relver_put(out, t.after[i]);
    }
    return relver__done(out, diag);
}

/* One part of a tag, if its placeholder could have written it. */
static relver_err relver__tag_part(int kind, relver_eco eco, relver_str tag, relver_str part,
                               relver_tag *to, relver_diag *diag)
{
    relver_str *const slots[] = {&to->name, &to->version, &to->major, &to->minor, &to->patch};
    relver_semver v;
    relver_pep440 p;
    relver_err err = RELVER_OK;
    if (kind == RELVER__VERSION && eco == RELVER_PEP440 && part.len > 0
        && relver__lower(part.ptr[0]) == 'v') /* which PEP 440 alone would take */
        return relver__fail(diag, RELVER_NO_MATCH, tag, part, NULL);
    if (kind == RELVER__VERSION)
        err = eco == RELVER_PEP440 ? relver_pep440_parse(part, &p, diag)
                                   : relver_semver_parse(part, &v, diag);
    else if (part.len == 0 ||
             (kind >= RELVER__MAJOR && (!relver__all_digits(part) ||
                                        relver__strip_zeros(part).len != part.len)))
        return relver__fail(diag, RELVER_NO_MATCH, tag, part, NULL);
    if (err != RELVER_OK && diag != NULL)
        diag->pos += (size_t)(part.ptr - tag.ptr);
    *slots[kind] = part;
    return err;
}

/* Where literal stands in s, from `from` on; s.len when nowhere. A literal is not empty. */
static size_t relver__tag_find(relver_str s, relver_str literal, size_t from)
{
    for (; from + literal.len <= s.len; from++)
        if (memcmp(s.ptr + from, literal.ptr, literal.len) == 0)
            return from;
    return s.len;
}

/* Read body, the tag between its outer literals, when the first part is `first` bytes long. */
static relver_err relver__read_parts(const relver__template *t, relver_eco eco, relver_str tag,
                                     relver_str body, size_t first, relver_tag *to,
                                     relver_diag *diag)
{
    relver_err err = RELVER_OK;
    size_t n = first;
    for (int i = 0; err == RELVER_OK && i < t->count; i++) {
        bool last = i + 1 == t->count;
        if (i > 0)
            n = last ? body.len : relver__tag_find(body, t->after[i], 0);
        if (!last && n == body.len)
            return relver__fail(diag, RELVER_NO_MATCH, tag, body, NULL);
        err = relver__tag_part(t->kind[i], eco, tag, relver_sn(body.ptr, n), to, diag);
        if (!last)
            body = relver__from(body, n + t->after[i].len);
    }
    return err;
}

RELVER_API relver_err relver_tag_read(relver_str tmpl, relver_eco eco, relver_str tag,
                                      relver_tag *out, relver_diag *diag)
{
    relver__template t;
    relver_tag r;
    relver_err err = relver__read_template(tmpl, &t, diag);
    if (err != RELVER_OK)
        return err;
    tag = relver__real(tag);
    r.name = r.version = r.major = r.minor = r.patch = relver_s(NULL);
    relver_str end = t.after[t.count - 1], body = tag;
    size_t outer = t.before.len + end.len;
    if (tag.len > RELVER__TAG_MAX || tag.len < outer ||
        !relver_eq(relver_sn(tag.ptr, t.before.len), t.before) ||
        !relver_eq(relver_sn(tag.ptr + (tag.len - end.len), end.len), end))
        return relver__fail(diag, RELVER_NO_MATCH, tag, tag, NULL);
    body = relver_sn(tag.ptr + t.before.len, tag.len - outer);
    if (t.count == 1) {
        err = relver__read_parts(&t, eco, tag, body, body.len, &r, diag);
    } else {
        size_t n = relver__tag_find(body, t.after[0], 0);
        do { /* the first place where all the rest reads; a name may hold the literal itself */
            err = relver__read_parts(&t, eco, tag, body, n, &r, diag);
            n = n < body.len ? relver__tag_find(body, t.after[0], n + 1) : n;
        } while (err != RELVER_OK && n < body.len);
    }
    if (err == RELVER_OK)
        *out = r;
    return err;
}

/* Whether npm in loose mode reads name, of letters, digits and "._-", as a range: v1, x, v0.3.x-lts
   and also 1.2.3beta are ranges, v0.3-lts and x1 are not. */
static bool relver__loose_range(relver_str name)
{
    relver_str ids;
    size_t at = 0;
    bool open = false; /* an x came: no number may follow */
    while (name.len > 0 && name.ptr[0] == 'v')
        name = relver__from(name, 1);
    for (int part = 0; part < 3 && (part == 0 || name.len > 0); part++) {
        if (part > 0 && name.ptr[0] != '.')
            return false;
        name = relver__from(name, part > 0);
        size_t n = relver__skip_digits(name, 0);
        if (n == 0 && name.len > 0 && relver__lower(name.ptr[0]) == 'x') {
            open = true;
            n = 1;
        } else if (n == 0 || open) {
            return false;
        }
        name = relver__from(name, n);
    }
    return name.len == 0 ||
           (relver__read_ids(name, &at, false, &ids) == NULL && at == name.len);
}

RELVER_API relver_err relver_dist_tag_check(relver_str tag, relver_diag *diag)
{
    const size_t max = 128;
    const char *what = NULL;
    size_t at = 0;
    while (at < tag.len && (relver__alpha(tag.ptr[at]) ||
                            (at > 0 && (relver__alnum(tag.ptr[at]) ||
                                        relver__separator(tag.ptr[at])))))
        at++;
    if (at == 0)
        what = "a dist-tag begins with a letter";
    else if (at < tag.len)
        what = "only letters, digits, '.', '_' and '-' are safe in a dist-tag";
    else if (tag.len > max)
        what = "longer than 128 bytes";
    else if (relver__loose_range(tag))
        return relver__fail(diag, RELVER_NOT_DIST_TAG, tag, tag, "npm reads this name as a range");
    if (what == NULL)
        return RELVER_OK;
    return relver__fail_at(diag, RELVER_NOT_DIST_TAG, tag, at < max ? at : max, what);
}

RELVER_API relver_err relver_dist_tag(relver_buf *out, relver_str version,
                                      const relver_dist_tags *now, const char **why,
                                      relver_diag *diag)
{
    relver_semver v, latest, next;
    bool first = now->latest.ptr == NULL;
    const char *reason;
    relver_err err = relver_semver_parse(version, &v, diag);
    if (err == RELVER_OK && !first)
        err = relver_semver_parse(now->latest, &latest, diag);
    if (err == RELVER_OK && now->next.ptr != NULL)
        err = relver_semver_parse(now->next, &next, diag);
    if (err != RELVER_OK)
        return err;
    bool pre = v.pre.len > 0;
    bool free = first || latest.pre.len > 0; /* no stable latest to stay behind */
    bool behind = pre && now->next.ptr != NULL && relver_semver_compare(&v, &next) < 0;
    int order = free ? 1 : relver_semver_compare(&v, &latest);
    if (pre)
        reason = behind      ? "pre-older-than-next"
                 : order < 0 ? "pre-older-than-latest"
                             : "prerelease";
    else if (free)
        reason = first ? "first-stable" : "latest-was-prerelease";
    else
        reason = order > 0 ? "newer-than-latest" : order == 0 ? "same" : "older-than-latest";
    if (why != NULL)
        *why = reason;
    if (order < 0 || behind) {
        relver__puts(out, "release-");
        relver_put(out, v.major);
        relver__put_after(out, ".", v.minor);
        relver__puts(out, pre ? "-next" : "");
    } else {
        relver__puts(out, pre ? "next" : "latest");
    }
    return relver__done(out, diag);
}

/*== 9. Reading documents == (implementation) ================================================*/

/* The length of the UTF-8 character at p, with n bytes to go; 0 when it is malformed. */
static size_t relver__utf8_len(const char *p, size_t n)
{
    unsigned c = (unsigned char)p[0];
    size_t len = c < 0x80 ? 1 : c < 0xC2 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF5 ? 4 : 0;
    if (len > n)
        return 0;
    for (size_t i = 1; i < len; i++)
        if (((unsigned char)p[i] & 0xC0) != 0x80)
            return 0;
    unsigned next = len > 2 ? (unsigned char)p[1] : 0x80;
    if ((c == 0xE0 && next < 0xA0) || (c == 0xED && next > 0x9F) /* overlong; surrogates */
        || (c == 0xF0 && next < 0x90) || (c == 0xF4 && next > 0x8F)) /* overlong; > U+10FFFF */
        return 0;
    return len;
}

/* How many bytes at the front of s are UTF-8. */
static size_t relver__utf8_span(relver_str s)
{
    const unsigned long high = ~0ul / 255 * 128; /* the top bit of every byte */
    size_t i = 0;
    while (i < s.len) {
        unsigned long word = high;
        if (s.len - i >= sizeof word)
            memcpy(&word, s.ptr + i, sizeof word);
        size_t n = (word & high) == 0 ? sizeof word : relver__utf8_len(s.ptr + i, s.len - i);
        if (n == 0)
            break;
        i += n;
    }
    return i;
}

/* Encode a code point; gives the number of bytes. */
static size_t relver__utf8_put(unsigned long code, char out[4])
{
    size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = len - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    out[0] = (char)(lead[len] | code);
    return len;
}

static bool relver__among(char c, const char *set)
{
    return c != '\0' && memchr(set, c, strlen(set)) != NULL;
}

/* Read n hex digits at pos. */
static bool relver__hex(relver_str s, size_t pos, size_t n, unsigned long *code)
{
    *code = 0;
    if (s.len < pos + n)
        return false;
    for (size_t i = pos; i < pos + n; i++) {
        char c = relver__lower(s.ptr[i]);
        if (!relver__digit(c) && !(c >= 'a' && c <= 'f'))
            return false;
        *code = *code * 16 + (unsigned long)(relver__digit(c) ? c - '0' : c - 'a' + 10);
    }
    return true;
}

/* The escape whose backslash stands before s: gives its length without the backslash, 0 when the
   format has no such escape, and the character. JSON allows half a surrogate pair; it is passed on
   as it is. Rules: RFC 8259, 7; TOML 1.1, "String"; YAML 1.2, 5.7. */
static size_t relver__escape(relver_format format, relver_str s, unsigned long *code)
{
    static const char *const known[] = {"btnfr\"\\exuU", "btnfr\"\\/u",
                                        "btnfr\"\\exuU/av0 \tN_LP", ""};
    static const char letters[] = "btnfr\"\\e/av0 \tN_LP";
    static const unsigned short codes[] = {'\b', '\t', '\n', '\f', '\r', '"', '\\', 27, '/', '\a',
                                           '\v', 0, ' ', '\t', 0x85, 0xA0, 0x2028, 0x2029};
    if (s.len == 0 || !relver__among(s.ptr[0], known[format]))
        return 0;
    const char *letter = (const char *)memchr(letters, s.ptr[0], sizeof letters - 1);
    if (letter != NULL) {
        *code = codes[letter - letters];
        return 1;
    }
    size_t digits = s.ptr[0] == 'x' ? 2 : s.ptr[0] == 'u' ? 4 : 8;
    if (!relver__hex(s, 1, digits, code) || *code > 0x10FFFF)
        return 0;
    if (*code < 0xD800 || *code > 0xDFFF)
        return digits + 1;
    unsigned long low;
    if (format == RELVER_JSON && *code < 0xDC00 && relver__starts(relver__from(s, 5), "\\u")
        && relver__hex(s, 7, 4, &low) && low >= 0xDC00 && low <= 0xDFFF) {
        *code = 0x10000 + ((*code - 0xD800) << 10) + (low - 0xDC00);
        return 11;
    }
    return format == RELVER_JSON ? digits + 1 : 0;
}

static bool relver__space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Take a byte, or an escape decoded, off the front of a string; gives its bytes, 0 at the end. */
static size_t relver__decode(relver_format format, char quote, relver_str *rest, char out[4])
{
    bool escapes = quote == '"' || quote == RELVER_TRIPLE_BASIC;
    while (quote == RELVER_TRIPLE_BASIC && rest->len > 1 && rest->ptr[0] == '\\'
           && relver__space(rest->ptr[1])) {
        *rest = relver__from(*rest, 1); /* a backslash ends the line: white space goes */
        while (rest->len > 0 && relver__space(rest->ptr[0]))
            *rest = relver__from(*rest, 1);
    }
    if (rest->len == 0)
        return 0;
    out[0] = rest->ptr[0];
    *rest = relver__from(*rest, 1);
    if (format == RELVER_YAML && quote == '\'' && out[0] == '\'' && relver__starts(*rest, "'"))
        *rest = relver__from(*rest, 1); /* two stand for one */
    unsigned long code;
    size_t n = escapes && out[0] == '\\' ? relver__escape(format, *rest, &code) : 0;
    *rest = relver__from(*rest, n);
    return n > 0 ? relver__utf8_put(code, out) : 1;
}

/* Whether the spelling is the text itself. */
static bool relver__literal(relver_format format, char quote, relver_str s)
{
    char mark = format == RELVER_YAML && quote == '\'' ? '\'' : '\\';
    bool raw = quote == 0 || quote == RELVER_TRIPLE_LITERAL
               || (quote == '\'' && format != RELVER_YAML);
    return raw || s.len == 0 || memchr(s.ptr, mark, s.len) == NULL;
}

/* Whether two spellings, b's in TOML's manner, mean the same text. */
static bool relver__same(relver_format format, char quote, relver_str a, char b_quote, relver_str b)
{
    if (relver__literal(format, quote, a) && relver__literal(RELVER_TOML, b_quote, b))
        return relver_eq(a, b);
    char x[4], y[4];
    size_t i = 0, j = 0, n = 0, m = 0;
    do {
        if (i == n) {
            n = relver__decode(format, quote, &a, x);
            i = 0;
        }
        if (j == m) {
            m = relver__decode(RELVER_TOML, b_quote, &b, y);
            j = 0;
        }
    } while (n > 0 && m > 0 && x[i++] == y[j++]);
    return n == 0 && m == 0;
}

/* The levels around the next node, two bits each. LINE is the document itself and TOML's headers:
   what a line end, not a bracket, ends. */
enum { RELVER__LINE, RELVER__DOTTED, RELVER__TABLE, RELVER__ARRAY };

/* What the reader of JSON and TOML expects next. */
enum {
    RELVER__START,   /* a value (JSON), an expression (TOML), or a container's first item */
    RELVER__AFTER,   /* what may follow a value: a comma, a bracket, the end of a line */
    RELVER__KEY,     /* TOML: the next part of a dotted key */
    RELVER__HEADER,  /* TOML: the next part of a [header] */
    RELVER__HEADERS, /* TOML: the next part of a [[header]] */
    RELVER__ELEMENT  /* TOML: the element that a [[header]] begins */
};

static int relver__top(const relver_reader *r)
{
    size_t level = r->depth - 1;
    return r->depth == 0 ? RELVER__LINE : r->nest[level / 4] >> level % 4 * 2 & 3;
}

/* The byte at the reader's place or some bytes on; -1 past the end. */
static int relver__peek(const relver_reader *r, size_t ahead)
{
    return r->doc.len - r->pos > ahead ? (unsigned char)r->doc.ptr[r->pos + ahead] : -1;
}

static relver_str relver__since(const relver_reader *r, size_t start)
{
    return relver_sn(r->doc.ptr + start, r->pos - start);
}

static relver_err relver__syntax(const relver_reader *r, size_t pos, size_t len, relver_diag *diag,
                                 const char *what)
{
    return relver__fail(diag, RELVER_SYNTAX, r->doc, relver_sn(r->doc.ptr + pos, len), what);
}

/* Something else was expected here. */
static relver_err relver__expected(const relver_reader *r, relver_diag *diag, const char *what)
{
    if (relver__peek(r, 0) == '\r' && relver__peek(r, 1) != '\n')
        what = "carriage return without a line feed";
    return relver__syntax(r, r->pos, r->pos < r->doc.len, diag, what);
}

static relver_err relver__push(relver_reader *r, int level, relver_diag *diag)
{
    if (r->depth == RELVER_DEPTH_MAX)
        return relver__fail(diag, RELVER_TOO_DEEP, r->doc, relver_sn(r->doc.ptr + r->pos, 0), NULL);
    unsigned char *bits = &r->nest[r->depth / 4];
    size_t shift = r->depth % 4 * 2;
    *bits = (unsigned char)((*bits & ~(3 << shift)) | level << shift);
    r->depth++;
    return RELVER_OK;
}

static relver_err relver__end(const relver_reader *r, relver_node *n)
{
    n->kind = RELVER_END;
    n->depth = 0;
    n->value = relver_sn(r->doc.ptr + r->doc.len, 0);
    return RELVER_OK;
}

static size_t relver__newline(const relver_reader *r)
{
    int c = relver__peek(r, 0);
    return c == '\n' ? 1 : c == '\r' && relver__peek(r, 1) == '\n' ? 2 : 0;
}

static void relver__blanks(relver_reader *r)
{
    const char *p = r->doc.ptr + r->pos, *end = r->doc.ptr + r->doc.len;
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    r->pos = (size_t)(p - r->doc.ptr);
}

/* TOML: a comment, up to its line end. */
static relver_err relver__comment(relver_reader *r, relver_diag *diag)
{
    int c = relver__peek(r, 0);
    if (c != '#')
        return RELVER_OK;
    const char *p = r->doc.ptr + r->pos, *end = r->doc.ptr + r->doc.len;
    while (p < end && (*p == '\t' || ((unsigned char)*p >= ' ' && *p != 0x7F)))
        p++;
    r->pos = (size_t)(p - r->doc.ptr);
    c = relver__peek(r, 0);
    if (c < 0 || relver__newline(r) > 0)
        return RELVER_OK;
    return relver__expected(r, diag, "control character in a comment");
}

/* What may stand between the items of a container: white space; in TOML also comments. */
static relver_err relver__between(relver_reader *r, relver_diag *diag)
{
    bool toml = r->format == RELVER_TOML;
    for (;;) {
        relver__blanks(r);
        int c = relver__peek(r, 0);
        if (toml && c == '#') {
            relver_err err = relver__comment(r, diag);
            if (err != RELVER_OK)
                return err;
        } else if (c == '\n' || (c == '\r' && (!toml || relver__newline(r) > 0))) {
            r->pos++;
        } else {
            return RELVER_OK;
        }
    }
}

/* The length of the escape, or of the backslash and line end, at the reader's place; 0: neither. */
static size_t relver__escape_len(const relver_reader *r, bool triple)
{
    unsigned long code;
    size_t n = relver__escape(r->format, relver__from(r->doc, r->pos + 1), &code);
    if (n > 0 || !triple)
        return n > 0 ? n + 1 : 0;
    size_t ahead = 1;
    while (relver__peek(r, ahead) == ' ' || relver__peek(r, ahead) == '\t')
        ahead++;
    ahead += relver__peek(r, ahead) == '\r';
    return relver__peek(r, ahead) == '\n' ? ahead + 1 : 0;
}

/* How many bytes at the front of s need no look inside a string: no control characters (0x7F is
   one), quotes or backslashes. Whole words first: a byte b of x is 0 where (x - 1s) & ~x has its
   top bit set, and below 0x20 where (x - 0x20s) & ~x has. */
static size_t relver__ordinary(relver_str s)
{
    const unsigned long ones = ~0ul / 255, high = ones * 128;
    size_t i = 0;
    for (unsigned long x; s.len - i >= sizeof x; i += sizeof x) {
        memcpy(&x, s.ptr + i, sizeof x);
        unsigned long a = x ^ ones * '"', b = x ^ ones * '\'', c = x ^ ones * '\\';
        unsigned long d = x ^ ones * 0x7F;
        if ((((x - ones * ' ') & ~x) | ((a - ones) & ~a) | ((b - ones) & ~b) | ((c - ones) & ~c)
             | ((d - ones) & ~d)) & high)
            break;
    }
    for (; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c < ' ' || c == '"' || c == '\'' || c == '\\' || c == 0x7F)
            break;
    }
    return i;
}

/* One character inside a string that is not ordinary. */
static relver_err relver__string_step(relver_reader *r, char quote, relver_diag *diag)
{
    bool toml = r->format == RELVER_TOML;
    bool triple = quote == RELVER_TRIPLE_BASIC || quote == RELVER_TRIPLE_LITERAL;
    int c = relver__peek(r, 0);
    if (c == '\\' && (quote == '"' || quote == RELVER_TRIPLE_BASIC)) {
        size_t n = relver__escape_len(r, triple);
        if (n == 0)
            return relver__syntax(r, r->pos, 1, diag, "invalid escape");
        r->pos += n;
    } else if (triple && relver__newline(r) > 0) {
        r->pos += relver__newline(r);
    } else if (c == '\n' || c == '\r') {
        return relver__expected(r, diag, "line end inside a string");
    } else if ((c < ' ' && !(toml && c == '\t')) || (toml && c == 0x7F)) {
        return relver__expected(r, diag, "control character in a string");
    } else {
        r->pos++; /* a quote of the other kind */
    }
    return RELVER_OK;
}

/* A string of JSON or TOML; a key has no long form. */
static relver_err relver__string(relver_reader *r, bool key, relver_str *text, char *quote,
                                 relver_diag *diag)
{
    size_t start = r->pos;
    char c = r->doc.ptr[start];
    bool triple = !key && r->format == RELVER_TOML && relver__peek(r, 1) == c
                  && relver__peek(r, 2) == c;
    size_t quotes = triple ? 3 : 1;
    *quote = !triple ? c : c == '"' ? RELVER_TRIPLE_BASIC : RELVER_TRIPLE_LITERAL;
    r->pos += quotes;
    for (;;) {
        r->pos += relver__ordinary(relver__from(r->doc, r->pos));
        if (relver__peek(r, 0) == c
            && (!triple || (relver__peek(r, 1) == c && relver__peek(r, 2) == c)))
            break;
        if (r->pos == r->doc.len)
            return relver__syntax(r, start, 1, diag, "string without an end");
        relver_err err = relver__string_step(r, *quote, diag);
        if (err != RELVER_OK)
            return err;
    }
    for (int extra = 0; triple && extra < 2 && relver__peek(r, 3) == c; extra++)
        r->pos++; /* up to two quotes may touch the closing ones */
    *text = relver__from(relver__since(r, start), quotes);
    r->pos += quotes;
    return RELVER_OK;
}

/* A run of digits from *pos; where TOML allows it, with single underscores between them. */
static bool relver__digits(relver_str s, size_t *pos, const char *digits, bool toml)
{
    bool last = false; /* was it a digit? */
    for (; *pos < s.len; ++*pos) {
        bool digit = relver__among(relver__lower(s.ptr[*pos]), digits);
        if (!digit && !(toml && last && s.ptr[*pos] == '_'))
            break;
        last = digit;
    }
    return last;
}

static bool relver__take(relver_str s, size_t *pos, const char *set)
{
    if (*pos == s.len || !relver__among(s.ptr[*pos], set))
        return false;
    ++*pos;
    return true;
}

/* A decimal integer or float: RFC 8259, 6; TOML adds '+', underscores, inf and nan. */
static bool relver__decimal(relver_str s, bool toml)
{
    static const char decimal[] = "0123456789";
    size_t pos = 0;
    relver__take(s, &pos, toml ? "+-" : "-");
    if (toml && (relver_eq(relver__from(s, pos), relver_s("inf"))
                 || relver_eq(relver__from(s, pos), relver_s("nan"))))
        return true;
    if (!relver__take(s, &pos, "0") && !relver__digits(s, &pos, decimal, toml))
        return false;
    if (relver__take(s, &pos, ".") && !relver__digits(s, &pos, decimal, toml))
        return false;
    if (relver__take(s, &pos, "eE")) {
        relver__take(s, &pos, "+-");
        if (!relver__digits(s, &pos, decimal, toml))
            return false;
    }
    return pos == s.len;
}

/* TOML: 0xdead_beef, 0o755, 0b1101. */
static bool relver__radix(relver_str s)
{
    size_t pos = 2;
    const char *digits = relver__starts(s, "0x")   ? "0123456789abcdef"
                         : relver__starts(s, "0o") ? "01234567"
                         : relver__starts(s, "0b") ? "01" : NULL;
    return digits != NULL && relver__digits(s, &pos, digits, true) && pos == s.len;
}

/* Whether s is at least as long as shape and has a digit wherever that has one, else its bytes. */
static bool relver__shape(relver_str s, const char *shape)
{
    size_t n = strlen(shape);
    for (size_t i = 0; i < n && i < s.len; i++)
        if (shape[i] == '0' ? !relver__digit(s.ptr[i]) : s.ptr[i] != shape[i])
            return false;
    return s.len >= n;
}

/* The two-digit number at pos. */
static int relver__pair(relver_str s, size_t pos)
{
    return (s.ptr[pos] - '0') * 10 + s.ptr[pos + 1] - '0';
}

static bool relver__date(relver_str s)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (!relver__shape(s, "0000-00-00"))
        return false;
    int century = relver__pair(s, 0), year = relver__pair(s, 2);
    int month = relver__pair(s, 5), day = relver__pair(s, 8);
    bool leap = year != 0 ? year % 4 == 0 : century % 4 == 0;
    return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] + (month == 2 && leap);
}

/* TOML: a time, from seconds on optional (1.1), with an offset where a date precedes it. */
static bool relver__time(relver_str s, bool dated)
{
    if (!relver__shape(s, "00:00") || relver__pair(s, 0) > 23 || relver__pair(s, 3) > 59)
        return false;
    size_t pos = 5;
    if (relver__shape(relver__from(s, pos), ":00")) {
        if (relver__pair(s, pos + 1) > 60) /* 60 is a leap second */
            return false;
        pos += 3;
        if (relver__take(s, &pos, ".") && !relver__digits(s, &pos, "0123456789", false))
            return false;
    }
    s = relver__from(s, pos);
    if (s.len == 0 || (dated && s.len == 1 && relver__among(s.ptr[0], "zZ")))
        return true;
    return dated && s.len == 6 && relver__among(s.ptr[0], "+-")
           && relver__shape(relver__from(s, 1), "00:00") && relver__pair(s, 1) <= 23
           && relver__pair(s, 4) <= 59;
}

static bool relver__datetime(relver_str s)
{
    if (!relver__date(s))
        return relver__time(s, false);
    size_t pos = 10;
    return s.len == pos
           || (relver__take(s, &pos, "Tt ") && relver__time(relver__from(s, pos), true));
}

/* A value that is not a string and has no brackets: one word, but for the blank in a date-time. */
static relver_err relver__scalar(relver_reader *r, relver_node *n, relver_diag *diag)
{
    bool toml = r->format == RELVER_TOML;
    size_t start = r->pos;
    for (; r->pos < r->doc.len; r->pos++) {
        char c = r->doc.ptr[r->pos];
        bool joins = toml && c == ' ' && r->pos - start == 10
                     && relver__shape(relver__from(r->doc, start), "0000-00-00 00:00");
        bool sign = c == '+' || c == '-' || c == '.' || c == '_' || c == ':';
        if (!relver__alnum(c) && !sign && !joins)
            break;
    }
    relver_str s = relver__since(r, start);
    n->value = n->text = s;
    n->kind = RELVER_NUMBER;
    if (relver_eq(s, relver_s("true")) || relver_eq(s, relver_s("false")))
        n->kind = RELVER_BOOL;
    else if (!toml && relver_eq(s, relver_s("null")))
        n->kind = RELVER_NULL;
    else if (!relver__decimal(s, toml) && !(toml && (relver__radix(s) || relver__datetime(s)))) {
        r->pos = start;
        if (s.len == 0 || !relver__among(s.ptr[0], "0123456789+-."))
            return relver__expected(r, diag, "expected a value");
        return relver__syntax(r, start, s.len, diag, "malformed number");
    }
    r->state = RELVER__AFTER;
    return RELVER_OK;
}

static relver_err relver__value(relver_reader *r, relver_node *n, relver_diag *diag)
{
    size_t start = r->pos;
    int c = relver__peek(r, 0);
    relver_err err;
    if (c == '"' || (c == '\'' && r->format == RELVER_TOML)) {
        err = relver__string(r, false, &n->text, &n->quote, diag);
        n->kind = RELVER_STRING;
        r->state = RELVER__AFTER;
    } else if (c == '[' || c == '{') {
        err = relver__push(r, c == '[' ? RELVER__ARRAY : RELVER__TABLE, diag);
        n->kind = c == '[' ? RELVER_ARRAY : RELVER_TABLE;
        r->state = RELVER__START;
        r->pos++;
        n->text = relver__since(r, start);
    } else {
        return relver__scalar(r, n, diag);
    }
    n->value = relver__since(r, start);
    return err;
}

static relver_err relver__key(relver_reader *r, relver_str *key, char *quote, relver_diag *diag)
{
    bool toml = r->format == RELVER_TOML;
    size_t start = r->pos;
    int c = relver__peek(r, 0);
    if (c == '"' || (c == '\'' && toml))
        return relver__string(r, true, key, quote, diag);
    const char *p = r->doc.ptr + start, *end = r->doc.ptr + r->doc.len;
    while (toml && p < end && (relver__alnum(*p) || *p == '-' || *p == '_'))
        p++;
    r->pos = (size_t)(p - r->doc.ptr);
    *key = relver__since(r, start);
    *quote = 0;
    if (key->len > 0)
        return RELVER_OK;
    return relver__expected(r, diag, toml ? "expected a key" : "expected a key in double quotes");
}

/* A key and its value, or one part of TOML's dotted key. */
static relver_err relver__member(relver_reader *r, relver_node *n, relver_diag *diag)
{
    bool toml = r->format == RELVER_TOML;
    relver_err err = relver__key(r, &n->key, &n->key_quote, diag);
    if (err == RELVER_OK && toml)
        relver__blanks(r);
    else if (err == RELVER_OK)
        err = relver__between(r, diag);
    if (err != RELVER_OK)
        return err;
    if (toml && relver__peek(r, 0) == '.') {
        n->kind = RELVER_TABLE;
        n->dotted = true;
        r->state = RELVER__KEY;
        r->pos++;
        relver__blanks(r);
        return relver__push(r, RELVER__DOTTED, diag);
    }
    if (relver__peek(r, 0) != (toml ? '=' : ':'))
        return relver__expected(r, diag, toml ? "expected '=' after the key"
                                              : "expected ':' after the key");
    r->pos++;
    if (toml)
        relver__blanks(r);
    else
        err = relver__between(r, diag);
    return err == RELVER_OK ? relver__value(r, n, diag) : err;
}

static relver_err relver__close(relver_reader *r, relver_node *n)
{
    n->kind = RELVER_CLOSE;
    n->depth = --r->depth;
    n->value = n->text = relver_sn(r->doc.ptr + r->pos++, 1);
    r->state = RELVER__AFTER;
    return RELVER_OK;
}

/* Inside brackets: the next item, or the closing bracket. Only TOML allows a comma before that. */
static relver_err relver__item(relver_reader *r, relver_node *n, bool table, relver_diag *diag)
{
    char closing = table ? '}' : ']';
    relver_err err = relver__between(r, diag);
    if (err == RELVER_OK && relver__peek(r, 0) == closing)
        return relver__close(r, n);
    if (err == RELVER_OK && r->state == RELVER__AFTER) {
        size_t comma = r->pos;
        if (relver__peek(r, 0) != ',')
            return relver__expected(r, diag, table ? "expected ',' or '}'" : "expected ',' or ']'");
        r->pos++;
        err = relver__between(r, diag);
        if (err == RELVER_OK && relver__peek(r, 0) == closing)
            return r->format == RELVER_TOML
                       ? relver__close(r, n) : relver__syntax(r, comma, 1, diag, "trailing comma");
    }
    if (err != RELVER_OK)
        return err;
    return table ? relver__member(r, n, diag) : relver__value(r, n, diag);
}

static relver_err relver__json_next(relver_reader *r, relver_node *n, relver_diag *diag)
{
    int top = relver__top(r);
    if (top != RELVER__LINE)
        return relver__item(r, n, top == RELVER__TABLE, diag);
    relver_err err = relver__between(r, diag);
    if (err != RELVER_OK || r->state != RELVER__AFTER)
        return err == RELVER_OK ? relver__value(r, n, diag) : err;
    if (r->pos < r->doc.len)
        return relver__expected(r, diag, "expected the end of the document");
    return relver__end(r, n);
}

/* One part of a header: each is a table around the next; the last of [[a.b]] is an array. */
static relver_err relver__header(relver_reader *r, relver_node *n, relver_diag *diag)
{
    bool array = r->state == RELVER__HEADERS;
    n->kind = RELVER_TABLE;
    n->header = true;
    relver__blanks(r);
    relver_err err = relver__key(r, &n->key, &n->key_quote, diag);
    if (err != RELVER_OK)
        return err;
    relver__blanks(r);
    if (relver__peek(r, 0) == '.') {
        n->dotted = true;
        r->pos++;
        return relver__push(r, RELVER__LINE, diag);
    }
    if (relver__peek(r, 0) != ']' || (array && relver__peek(r, 1) != ']'))
        return relver__expected(r, diag, array ? "expected '.' or ']]'" : "expected '.' or ']'");
    r->pos += array ? 2 : 1;
    r->state = array ? RELVER__ELEMENT : RELVER__AFTER;
    n->kind = array ? RELVER_ARRAY : RELVER_TABLE;
    n->value = n->text = relver__since(r, r->base);
    return relver__push(r, RELVER__LINE, diag);
}

static relver_err relver__element(relver_reader *r, relver_node *n, relver_diag *diag)
{
    n->kind = RELVER_TABLE;
    n->header = true;
    n->value = n->text = relver__since(r, r->base);
    r->state = RELVER__AFTER;
    return relver__push(r, RELVER__LINE, diag);
}

/* At the start of a line, or the rest of one after a value. */
static relver_err relver__expression(relver_reader *r, relver_node *n, relver_diag *diag)
{
    relver_err err = RELVER_OK;
    if (r->state == RELVER__AFTER) {
        relver__blanks(r);
        err = relver__comment(r, diag);
        if (err == RELVER_OK && r->pos < r->doc.len && relver__newline(r) == 0)
            return relver__expected(r, diag, "expected the end of the line");
    }
    if (err == RELVER_OK)
        err = relver__between(r, diag);
    if (err != RELVER_OK)
        return err;
    if (r->pos == r->doc.len)
        return relver__end(r, n);
    if (relver__peek(r, 0) != '[')
        return relver__member(r, n, diag);
    bool array = relver__peek(r, 1) == '[';
    r->base = r->pos;
    r->pos += array ? 2 : 1;
    r->state = array ? RELVER__HEADERS : RELVER__HEADER;
    r->depth = n->depth = 1;
    return relver__header(r, n, diag);
}

static relver_err relver__toml_next(relver_reader *r, relver_node *n, relver_diag *diag)
{
    if (r->state == RELVER__HEADER || r->state == RELVER__HEADERS)
        return relver__header(r, n, diag);
    if (r->state == RELVER__ELEMENT)
        return relver__element(r, n, diag);
    if (r->state == RELVER__KEY)
        return relver__member(r, n, diag);
    while (relver__top(r) == RELVER__DOTTED)
        r->depth--; /* the value is over, and with it its key */
    n->depth = r->depth;
    int top = relver__top(r);
    return top == RELVER__LINE ? relver__expression(r, n, diag)
                               : relver__item(r, n, top == RELVER__TABLE, diag);
}

/* YAML's block subset. The reader keeps one level for each open collection: for a block map or
   sequence its column, in indent[], for a flow one its bracket. base is the start of the line. */
enum { RELVER__MAP = RELVER__LINE, RELVER__SEQ = RELVER__DOTTED };

/* What the reader of YAML expects next. */
enum {
    RELVER__DOCUMENT, /* its first line */
    RELVER__ENTRY,    /* of a block collection */
    RELVER__ITEM,     /* of a flow collection, or its end */
    RELVER__COMMA,    /* or the end of a flow collection */
    RELVER__OVER      /* the first document has ended */
};

static relver_err relver__unsupported(const relver_reader *r, relver_diag *diag, const char *what)
{
    return relver__fail(diag, RELVER_UNSUPPORTED, r->doc,
                        relver_sn(r->doc.ptr + r->pos, r->pos < r->doc.len), what);
}

/* Whether s begins with U+0085, U+2028 or U+2029, of which readers disagree whether they end a line
   (YAML 1.2, 5.4, against 1.1), or with a byte order mark, which some drop anywhere. */
static bool relver__odd(relver_str s)
{
    static const char *const odd[] = {"\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xEF\xBB\xBF"};
    if (s.len == 0 || (unsigned char)s.ptr[0] < 0xC2)
        return false;
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        if (relver__starts(s, odd[i]))
            return true;
    return false;
}

/* Control characters are no YAML; what a bare CR is, readers disagree, too. */
static relver_err relver__yaml_bytes(const relver_reader *r, relver_diag *diag)
{
    for (size_t i = r->pos; i < r->doc.len; i++) {
        unsigned char c = (unsigned char)r->doc.ptr[i];
        relver_str rest = relver__from(r->doc, i);
        if ((c < ' ' && !relver__space((char)c)) || c == 0x7F)
            return relver__syntax(r, i, 1, diag, "control character");
        if ((c == '\r' && !relver__starts(rest, "\r\n")) || relver__odd(rest))
            return relver__fail(diag, RELVER_UNSUPPORTED, r->doc, relver_sn(rest.ptr, 1),
                                "a character that readers take for different things");
    }
    return RELVER_OK;
}

static bool relver__blank(int c)
{
    return c == ' ' || c == '\t';
}

/* Whether nothing, white space or a line end is at the reader's place or some bytes on. */
static bool relver__apart(const relver_reader *r, size_t ahead)
{
    int c = relver__peek(r, ahead);
    return c < 0 || relver__space((char)c);
}

/* Whether the character is an indicator: "- ", "? " or ": ". */
static bool relver__indicator(const relver_reader *r, char c)
{
    return relver__peek(r, 0) == c && relver__apart(r, 1);
}

/* Whether a document marker stands here. */
static bool relver__marker(const relver_reader *r)
{
    relver_str rest = relver__from(r->doc, r->pos);
    return r->pos == r->base && relver__apart(r, 3)
           && (relver__starts(rest, "---") || relver__starts(rest, "..."));
}

/* A comment needs white space before it. */
static bool relver__yaml_comment(const relver_reader *r)
{
    return relver__peek(r, 0) == '#'
           && (r->pos == r->base || relver__blank(r->doc.ptr[r->pos - 1]));
}

static void relver__to_line_end(relver_reader *r)
{
    while (r->pos < r->doc.len && relver__newline(r) == 0)
        r->pos++;
}

/* Move to the next token over white space, comments and line ends. */
static relver_err relver__yaml_skip(relver_reader *r, relver_diag *diag)
{
    for (;;) {
        size_t start = r->pos;
        relver__blanks(r);
        if (relver__yaml_comment(r))
            relver__to_line_end(r);
        size_t n = relver__newline(r);
        if (n == 0) {
            relver_str blanks = relver__since(r, start);
            if (r->pos == r->doc.len || blanks.len == 0 || !memchr(blanks.ptr, '\t', blanks.len))
                return RELVER_OK;
            return relver__unsupported(r, diag, "a tab, white space to some readers only");
        }
        r->pos += n;
        r->base = r->pos;
    }
}

/* Behind a value nothing may follow on its line but a comment. */
static relver_err relver__yaml_rest(relver_reader *r, relver_diag *diag)
{
    size_t end = r->pos;
    relver__blanks(r);
    bool fine = r->pos == r->doc.len || relver__newline(r) > 0 || relver__yaml_comment(r);
    if (!fine)
        return relver__expected(r, diag, "expected the end of the line");
    r->pos = end;
    return RELVER_OK;
}

/* The first line behind this one that is not blank: its start and indentation. */
static bool relver__yaml_line(const relver_reader *r, size_t *start, size_t *column)
{
    relver_str rest = relver__from(r->doc, r->pos);
    relver__cut(&rest, '\n');
    while (rest.len > 0) {
        relver_str line = relver__cut(&rest, '\n'), text = relver__trim(line);
        if (text.len == 0 || relver_eq(text, relver_s("\r")))
            continue;
        *start = (size_t)(line.ptr - r->doc.ptr);
        for (*column = 0; line.ptr[*column] == ' ';)
            ++*column;
        return true;
    }
    return false;
}

/* The column of the block collection around the next node; -1 when there is none. */
static long relver__yaml_column(const relver_reader *r)
{
    bool lines = r->depth > 0 && relver__top(r) < RELVER__TABLE;
    return lines ? (long)r->indent[r->depth - 1] : -1;
}

static relver_err relver__yaml_push(relver_reader *r, relver_node *n, int level, relver_diag *diag)
{
    size_t column = r->pos - r->base;
    bool flow = level == RELVER__TABLE || level == RELVER__ARRAY;
    n->kind = level == RELVER__SEQ || level == RELVER__ARRAY ? RELVER_ARRAY : RELVER_TABLE;
    n->value = n->text = relver_sn(r->doc.ptr + r->pos, flow);
    n->quote = 0;
    r->state = flow ? RELVER__ITEM : RELVER__ENTRY;
    if (!flow) {
        if (r->depth == sizeof r->indent / sizeof *r->indent || column > 0xFFFF)
            return relver__fail(diag, RELVER_TOO_DEEP, r->doc, n->value, NULL);
        r->indent[r->depth] = (unsigned short)column;
    }
    relver_err err = relver__push(r, level, diag);
    r->pos += flow;
    return err;
}

/* A run of the characters in set, from pos; gives its end. */
static size_t relver__run(relver_str s, size_t pos, const char *set)
{
    while (pos < s.len && relver__among(s.ptr[pos], set))
        pos++;
    return pos;
}

/* A number, to YAML 1.1 or 1.2: 1, 0x1f, 0o17, 0b11, 1_000, 1:30, 1.5e3, -.inf, .nan. */
static bool relver__yaml_number(relver_str s)
{
    size_t pos = 0;
    relver__take(s, &pos, "+-");
    s = relver__from(s, pos);
    if (s.len == 4 && s.ptr[0] == '.') {
        char word[3];
        for (int i = 0; i < 3; i++)
            word[i] = relver__lower(s.ptr[i + 1]);
        if (memcmp(word, "inf", 3) == 0 || memcmp(word, "nan", 3) == 0)
            return true;
    }
    const char *radix = relver__starts(s, "0x")   ? "0123456789abcdefABCDEF_"
                        : relver__starts(s, "0o") ? "01234567_"
                        : relver__starts(s, "0b") ? "01_" : NULL;
    if (radix != NULL)
        return s.len > 2 && relver__run(s, 2, radix) == s.len;
    size_t point = relver__run(s, 0, "0123456789_:");
    pos = point;
    if (pos > 0 && !relver__digit(s.ptr[0]))
        return false;
    if (relver__take(s, &pos, "."))
        pos = relver__run(s, pos, "0123456789_");
    if (pos == 0 || (point == 0 && pos == 1))
        return false; /* a lone point */
    if (relver__take(s, &pos, "eE")) {
        relver__take(s, &pos, "+-");
        size_t digits = pos;
        pos = relver__run(s, pos, "0123456789");
        if (pos == digits)
            return false;
    }
    return pos == s.len;
}

/* YAML 1.1: 2026-11-21, alone or before a time. */
static bool relver__yaml_date(relver_str s)
{
    size_t pos = relver__run(s, 0, "0123456789");
    if (pos != 4)
        return false;
    for (int part = 0; part < 2; part++) {
        size_t start = pos + 1;
        if (!relver__take(s, &pos, "-"))
            return false;
        pos = relver__run(s, pos, "0123456789");
        if (pos == start || pos > start + 2)
            return false;
    }
    return pos == s.len || relver__among(s.ptr[pos], "Tt \t");
}

/* What common readers take a plain scalar for: STRING only if all of them do. */
static relver_kind relver__yaml_kind(relver_str s)
{
    static const struct {
        const char *word;
        relver_kind kind;
    } words[] = {{"~", RELVER_NULL},     {"null", RELVER_NULL}, {"true", RELVER_BOOL},
                 {"false", RELVER_BOOL}, {"yes", RELVER_BOOL},  {"no", RELVER_BOOL},
                 {"on", RELVER_BOOL},    {"off", RELVER_BOOL},  {"=", RELVER_NULL},
                 {"<<", RELVER_NULL}};
    char lower[8];
    size_t n = s.len < sizeof lower ? s.len : 0;
    for (size_t i = 0; i < n; i++)
        lower[i] = relver__lower(s.ptr[i]);
    for (size_t i = 0; n > 0 && i < sizeof words / sizeof *words; i++)
        if (relver_eq(relver_sn(lower, n), relver_s(words[i].word)))
            return words[i].kind;
    if (s.len == 0)
        return RELVER_NULL;
    return relver__yaml_number(s) || relver__yaml_date(s) ? RELVER_NUMBER : RELVER_STRING;
}

/* Whether a text must stand in quotes to be read back as the same string. */
static bool relver__yaml_must_quote(relver_str s)
{
    if (relver__yaml_kind(s) != RELVER_STRING
        || relver__among(s.ptr[0], " \t?:,[]{}#&*!|>'\"%@`")
        || relver__among(s.ptr[s.len - 1], " \t:") || (s.ptr[0] == '-' && s.len == 1))
        return true;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i], next = i + 1 < s.len ? s.ptr[i + 1] : 'x';
        if ((unsigned char)c < ' ' || c == 0x7F || (c == ' ' && next == '#')
            || (next == ' ' && (c == ':' || (c == '-' && i == 0))))
            return true;
    }
    return false;
}

/* Move over a plain scalar as far as it goes on this line; gives its end, before any blanks. */
static size_t relver__yaml_plain(relver_reader *r, bool flow)
{
    size_t end = r->pos;
    for (; r->pos < r->doc.len && relver__newline(r) == 0; r->pos++) {
        char c = r->doc.ptr[r->pos];
        if ((flow && relver__among(c, ",[]{}")) || (c == '#' && r->pos > end)
            || (c == ':' && (relver__apart(r, 1)
                             || (flow && relver__among((char)relver__peek(r, 1), ",[]{}")))))
            break;
        if (!relver__blank(c))
            end = r->pos + 1;
    }
    return end;
}

/* A scalar in quotes; *lines says whether it has several. */
static relver_err relver__yaml_quoted(relver_reader *r, relver_str *text, char *quote, bool *lines,
                                      relver_diag *diag)
{
    size_t start = r->pos++;
    *quote = r->doc.ptr[start];
    for (;;) {
        int c = relver__peek(r, 0);
        size_t n = 1;
        unsigned long code;
        if (c < 0 || relver__marker(r))
            return relver__syntax(r, start, 1, diag, "string without an end");
        int next = relver__peek(r, 1);
        if (c == '\\' && *quote == '"' && next != '\r' && next != '\n') {
            n = relver__escape(RELVER_YAML, relver__from(r->doc, r->pos + 1), &code) + 1;
            if (n == 1)
                return relver__syntax(r, r->pos, 1, diag, "invalid escape");
        } else if (c == *quote) {
            if (c == '"' || next != c)
                break;
            n = 2;
        }
        r->pos += n;
        if (c == '\n') {
            *lines = true;
            r->base = r->pos;
        }
    }
    *text = relver__from(relver__since(r, start), 1);
    r->pos++;
    return RELVER_OK;
}

/* Refuse what cannot begin a plain scalar: YAML 1.2, 7.3.3. */
static relver_err relver__yaml_begin(const relver_reader *r, bool flow, relver_diag *diag)
{
    int c = relver__peek(r, 0);
    bool apart = relver__apart(r, 1) || (flow && relver__among((char)relver__peek(r, 1), ",[]{}"));
    if ((c == '?' || c == ':') && (apart || flow))
        return relver__unsupported(r, diag, c == '?' ? "a complex key" : "an empty key");
    if (c == '&' || c == '!' || c == '*' || c == '[' || c == '{')
        return relver__unsupported(r, diag, "a key that is not a plain or quoted string");
    if (c < 0 || (c == '-' && apart) || relver__among((char)c, ",]}#|>%@`"))
        return relver__expected(r, diag, "expected a key or a value");
    return RELVER_OK;
}

/* The lines on which a plain scalar of a block collection goes on; true if there are any. */
static relver_err relver__yaml_more(relver_reader *r, bool *lines, relver_diag *diag)
{
    size_t start, column, end = r->pos;
    long outer = relver__yaml_column(r);
    while (relver__apart(r, 0) && relver__yaml_line(r, &start, &column)) {
        size_t base = r->base;
        r->base = start;
        r->pos = start;
        relver__blanks(r);
        if ((long)column <= outer || relver__peek(r, 0) == '#' || relver__marker(r)) {
            r->base = base;
            break;
        }
        *lines = true;
        end = relver__yaml_plain(r, false);
        if (relver__peek(r, 0) == ':')
            return relver__expected(r, diag, "a key cannot have several lines");
    }
    r->pos = end;
    return RELVER_OK;
}

/* A scalar on one line, or on several: one that no caller can use. */
static relver_err relver__yaml_scalar(relver_reader *r, relver_node *n, bool *lines,
                                      relver_diag *diag)
{
    bool flow = relver__top(r) >= RELVER__TABLE;
    size_t start = r->pos;
    int c = relver__peek(r, 0);
    relver_err err;
    if (c == '"' || c == '\'') {
        n->kind = RELVER_STRING;
        err = relver__yaml_quoted(r, &n->text, &n->quote, lines, diag);
    } else if (c == '*') {
        *lines = true;
        n->kind = RELVER_STRING;
        while (!relver__apart(r, 0) && !(flow && relver__among((char)relver__peek(r, 0), ",[]{}")))
            r->pos++;
        n->text = relver__since(r, start);
        err = RELVER_OK;
    } else {
        err = relver__yaml_begin(r, flow, diag);
        if (err != RELVER_OK)
            return err;
        size_t end = relver__yaml_plain(r, flow);
        n->text = relver_sn(r->doc.ptr + start, end - start);
        n->kind = relver__yaml_kind(n->text);
        if (!flow && relver__peek(r, 0) != ':')
            err = relver__yaml_more(r, lines, diag);
        r->pos = r->pos > end && !*lines ? end : r->pos;
    }
    n->value = relver__since(r, start);
    if (*lines)
        n->text = n->value;
    return err;
}

/* A block scalar: its header, and every line indented as deeply as its first. */
static relver_err relver__yaml_block(relver_reader *r, relver_node *n, relver_diag *diag)
{
    size_t start = r->pos, line = r->base, column, least = 0;
    bool keep = false;
    if (r->depth == 0)
        return relver__unsupported(r, diag, "a block scalar as the whole document");
    for (r->pos++; !relver__apart(r, 0); r->pos++) {
        int c = relver__peek(r, 0);
        keep = keep || c == '+';
        if (c >= '1' && c <= '9' && least == 0)
            least = (size_t)(relver__yaml_column(r) + c - '0');
        else if (c != '+' && c != '-')
            return relver__expected(r, diag, "expected a block scalar's indicator");
    }
    relver_err err = relver__yaml_rest(r, diag);
    bool more = relver__yaml_line(r, &line, &column);
    while (more && (least > 0 ? column >= least : (long)column > relver__yaml_column(r))) {
        least = least > 0 ? least : column;
        r->base = line;
        r->pos = line + column;
        relver__to_line_end(r);
        more = relver__yaml_line(r, &line, &column);
    }
    if (keep) { /* the blank lines at the end are a part of it */
        r->pos = more ? line : r->doc.len;
        r->pos -= r->doc.ptr[r->pos - 1] == '\n';
        r->pos -= r->doc.ptr[r->pos - 1] == '\r';
    }
    n->kind = RELVER_STRING;
    n->quote = RELVER_OPAQUE;
    n->value = n->text = relver__since(r, start);
    return err;
}

/* Whether there is no value at the token behind a key or dash. */
static bool relver__yaml_absent(const relver_reader *r, bool below)
{
    int c = relver__peek(r, 0), top = relver__top(r);
    long column = (long)(r->pos - r->base), outer = relver__yaml_column(r);
    if (c < 0 || top >= RELVER__TABLE)
        return c < 0 || c == ',' || c == ']' || c == '}';
    bool level = column == outer && top == RELVER__MAP && relver__indicator(r, '-');
    return below && ((column <= outer && !level) || relver__marker(r));
}

/* A scalar in a flow collection, or the one pair of a map without brackets, [key: value], which no
   caller can use. */
static relver_err relver__yaml_pair(relver_reader *r, relver_node *n, size_t start,
                                    relver_diag *diag)
{
    size_t end = r->pos;
    bool lines = false;
    relver__blanks(r);
    bool apart = relver__apart(r, 1) || relver__among((char)relver__peek(r, 1), ",[]{}");
    if (relver__top(r) != RELVER__ARRAY || relver__peek(r, 0) != ':' ||
        (!apart && n->quote == 0)) {
        r->pos = end;
        return RELVER_OK;
    }
    r->pos++;
    relver__blanks(r);
    int c = relver__peek(r, 0);
    if (c == '[' || c == '{')
        return relver__unsupported(r, diag, "a collection in a pair without brackets");
    relver_err err = c == ',' || c == ']' ? RELVER_OK : relver__yaml_scalar(r, n, &lines, diag);
    n->kind = RELVER_STRING;
    n->quote = RELVER_OPAQUE;
    n->value = n->text = relver__since(r, start);
    return err;
}

/* A scalar, or the block map whose first key it turns out to be. */
static relver_err relver__yaml_leaf(relver_reader *r, relver_node *n, bool open, relver_diag *diag)
{
    size_t start = r->pos, end;
    bool lines = false, flow = relver__top(r) >= RELVER__TABLE;
    relver_err err = relver__yaml_scalar(r, n, &lines, diag);
    if (err != RELVER_OK)
        return err;
    n->quote = lines ? RELVER_OPAQUE : n->quote;
    if (flow)
        return relver__yaml_pair(r, n, start, diag);
    end = r->pos;
    relver__blanks(r);
    if (!relver__indicator(r, ':')) {
        r->pos = end;
        return relver__yaml_rest(r, diag);
    }
    if (lines)
        return relver__unsupported(r, diag, "a key that is not a plain or quoted string");
    if (!open)
        return relver__expected(r, diag, "a map cannot begin on this line");
    r->pos = start;
    return relver__yaml_push(r, n, RELVER__MAP, diag);
}

/* The value behind a key, a dash or the start of the document. open: a block collection may begin
   on this line. */
static relver_err relver__yaml_value(relver_reader *r, relver_node *n, bool open, relver_diag *diag)
{
    size_t end = r->pos, line = r->base;
    bool marked = false, flow = relver__top(r) >= RELVER__TABLE;
    int c;
    relver_err err;
    n->depth = r->depth;
    r->state = flow ? RELVER__COMMA : RELVER__ENTRY;
    for (;;) {
        err = relver__yaml_skip(r, diag);
        if (err != RELVER_OK)
            return err;
        if (relver__yaml_absent(r, r->base != line)) {
            if (marked && flow)
                return relver__unsupported(r, diag, "a tag or anchor without a value");
            r->pos = end;
            r->base = line;
            n->kind = RELVER_NULL;
            n->value = n->text = relver_sn(r->doc.ptr + end, 0);
            n->quote = (char)(marked ? RELVER_OPAQUE : 0);
            return RELVER_OK;
        }
        open = !flow && (open || r->base != line);
        c = relver__peek(r, 0);
        if (c != '&' && c != '!')
            break;
        marked = true; /* an anchor or a tag */
        open = false;
        line = r->base;
        for (; !relver__apart(r, 0); r->pos++)
            if (flow && relver__among(r->doc.ptr[r->pos], ",[]{}"))
                return relver__unsupported(r, diag, "a bracket or comma in a tag or anchor");
        end = r->pos;
    }
    if (relver__indicator(r, '-'))
        err = open ? relver__yaml_push(r, n, RELVER__SEQ, diag)
                   : relver__expected(r, diag, "a sequence cannot begin on this line");
    else if (c == '[' || c == '{')
        err = relver__yaml_push(r, n, c == '[' ? RELVER__ARRAY : RELVER__TABLE, diag);
    else if ((c == '|' || c == '>') && !flow)
        err = relver__yaml_block(r, n, diag);
    else
        err = relver__yaml_leaf(r, n, open, diag);
    n->quote = marked ? RELVER_OPAQUE : n->quote;
    return err;
}

/* A key, its colon and its value. */
static relver_err relver__yaml_member(relver_reader *r, relver_node *n, relver_diag *diag)
{
    bool flow = relver__top(r) >= RELVER__TABLE, lines = false;
    size_t start = r->pos;
    int c = relver__peek(r, 0);
    relver_err err;
    if (c == '"' || c == '\'') {
        err = relver__yaml_quoted(r, &n->key, &n->key_quote, &lines, diag);
        relver__blanks(r);
    } else {
        err = relver__yaml_begin(r, flow, diag);
        if (err == RELVER_OK)
            n->key = relver_sn(r->doc.ptr + start, relver__yaml_plain(r, flow) - start);
    }
    if (err != RELVER_OK)
        return err;
    bool colon = relver__peek(r, 0) == ':' && (flow || relver__apart(r, 1));
    if (lines || (!colon && !flow))
        return relver__expected(r, diag, "expected ': ' after a key");
    r->pos += colon;
    if (!colon) { /* {a} */
        n->kind = RELVER_NULL;
        n->depth = r->depth;
        n->value = n->text = relver_sn(r->doc.ptr + r->pos, 0);
        r->state = RELVER__COMMA;
        return RELVER_OK;
    }
    err = relver__yaml_value(r, n, false, diag);
    if (n->key_quote == 0 && relver_eq(n->key, relver_s("<<")))
        n->quote = RELVER_OPAQUE; /* YAML 1.1's merge key */
    return err;
}

/* Inside a flow collection. */
static relver_err relver__yaml_flow(relver_reader *r, relver_node *n, relver_diag *diag)
{
    int top = relver__top(r);
    relver_err err = RELVER_OK;
    if (r->state == RELVER__COMMA && relver__peek(r, 0) == ',') {
        r->pos++;
        r->state = RELVER__ITEM;
        err = relver__yaml_skip(r, diag);
        if (err != RELVER_OK)
            return err;
    }
    if (relver__peek(r, 0) == (top == RELVER__TABLE ? '}' : ']')) {
        n->kind = RELVER_CLOSE;
        n->value = n->text = relver_sn(r->doc.ptr + r->pos++, 1);
        n->depth = --r->depth;
        r->state = relver__top(r) >= RELVER__TABLE ? RELVER__COMMA : RELVER__ENTRY;
        return r->state == RELVER__COMMA ? RELVER_OK : relver__yaml_rest(r, diag);
    }
    if (relver__peek(r, 0) < 0 || relver__marker(r))
        return relver__expected(r, diag, "a flow collection without an end");
    if (r->state == RELVER__ITEM && relver__peek(r, 0) == ',')
        return relver__expected(r, diag, "expected an item before ','");
    if (r->state == RELVER__COMMA)
        return relver__unsupported(r, diag, "expected ',' or a closing bracket");
    return top == RELVER__TABLE ? relver__yaml_member(r, n, diag)
                                : relver__yaml_value(r, n, false, diag);
}

/* The first line of the document, or the one that ends it. */
static relver_err relver__yaml_document(relver_reader *r, relver_node *n, bool first,
                                        relver_diag *diag)
{
    bool begin = first && relver__marker(r) && relver__peek(r, 0) == '-';
    if (first && relver__peek(r, 0) == '%')
        return relver__unsupported(r, diag, "a directive");
    r->pos += begin ? 3 : 0;
    if (first && (begin || (r->pos < r->doc.len && !relver__marker(r)))) {
        relver_err err = relver__yaml_value(r, n, !begin, diag);
        if (err == RELVER_OK && n->quote == RELVER_OPAQUE)
            return relver__unsupported(r, diag, "an anchored, tagged or long text as the document");
        return err;
    }
    if (relver__peek(r, 0) == '.') {
        r->pos += 3;
        relver_err err = relver__yaml_rest(r, diag);
        if (err != RELVER_OK)
            return err;
    }
    r->state = RELVER__OVER;
    return relver__end(r, n);
}

static relver_err relver__yaml_next(relver_reader *r, relver_node *n, relver_diag *diag)
{
    bool first = r->state == RELVER__DOCUMENT;
    relver_err err = RELVER_OK;
    if (r->state == RELVER__OVER)
        return relver__end(r, n);
    if (first) {
        r->base = r->pos;
        r->depth = 0;
        err = relver__yaml_bytes(r, diag);
    }
    if (err == RELVER_OK)
        err = relver__yaml_skip(r, diag);
    if (err != RELVER_OK)
        return err;
    if (r->state == RELVER__ITEM || r->state == RELVER__COMMA)
        return relver__yaml_flow(r, n, diag);
    if (first || r->pos == r->doc.len || relver__marker(r))
        return relver__yaml_document(r, n, first, diag);
    bool dash = relver__indicator(r, '-');
    long column = (long)(r->pos - r->base);
    while (column < relver__yaml_column(r)
           || (column == relver__yaml_column(r) && !dash && relver__top(r) == RELVER__SEQ))
        r->depth--; /* a smaller indentation ends collections */
    if (column != relver__yaml_column(r))
        return relver__expected(r, diag, "the indentation belongs to no collection above");
    if (relver__top(r) == RELVER__MAP)
        return relver__yaml_member(r, n, diag);
    r->pos++;
    return relver__yaml_value(r, n, true, diag);
}

/* TEXT. */
static relver_err relver__line_next(relver_reader *r, relver_node *n, relver_diag *diag)
{
    (void)diag;
    size_t start = r->pos;
    if (start == r->doc.len)
        return relver__end(r, n);
    relver__to_line_end(r);
    n->kind = RELVER_LINE;
    n->value = n->text = relver__since(r, start);
    r->pos += relver__newline(r);
    return RELVER_OK;
}

/* A version's bytes in a text; at most this many. */
enum { RELVER__TEXT_MAX = 255 };

static bool relver__version_byte(char c)
{
    return relver__alnum(c) || relver__among(c, ".+_!-");
}

/* The version at pos, before the text `after`: it begins with a digit, perhaps behind a 'v', ends
   with a letter or digit and is as long as can be; whole: with no byte of it before pos. */
static relver_str relver__version_at(relver_str doc, size_t pos, bool whole, relver_str after)
{
    relver_str none = relver_s(NULL);
    if (whole && pos > 0 && relver__version_byte(doc.ptr[pos - 1]))
        return none;
    if (pos + 1 < doc.len && relver__lower(doc.ptr[pos]) == 'v')
        pos++;
    if (pos == doc.len || !relver__digit(doc.ptr[pos]))
        return none;
    size_t end = pos;
    while (end < doc.len && relver__version_byte(doc.ptr[end]) && end - pos <= RELVER__TEXT_MAX)
        end++;
    if (end - pos > RELVER__TEXT_MAX)
        return none;
    for (; end > pos; end--) {
        if (!relver__alnum(doc.ptr[end - 1]))
            continue;
        if (doc.len - end >= after.len && relver_eq(relver_sn(doc.ptr + end, after.len), after))
            return relver_sn(doc.ptr + pos, end - pos);
        if (after.len == 0)
            break;
    }
    return none;
}

/* Where `what` begins in s, from pos on; s.len + 1 when nowhere. */
static size_t relver__search(relver_str s, size_t pos, relver_str what)
{
    while (pos + what.len <= s.len) {
        const char *at = s.ptr + pos;
        if (what.len > 0)
            at = (const char *)memchr(at, what.ptr[0], s.len - what.len - pos + 1);
        if (at == NULL)
            break;
        pos = (size_t)(at - s.ptr);
        if (what.len == 0 || memcmp(at, what.ptr, what.len) == 0)
            return pos;
        pos++;
    }
    return s.len + 1;
}

/* TEXT: the first place from *from on where a line has the path's text, with a version in it where
   the path says {version}; *from moves behind that. */
RELVER_API relver_err relver_find_text(relver_str doc, relver_str path, relver_node *node,
                                       size_t *from, relver_diag *diag)
{
    static const char mark[] = "{version}";
    size_t at = relver__search(path, 0, relver_s(mark));
    if (at > path.len || memchr(path.ptr, '\n', path.len) != NULL
        || relver__search(path, at + 1, relver_s(mark)) <= path.len)
        return relver__fail(diag, RELVER_BAD_PATH, path, path, "expected a line with {version}");
    relver_str before = relver_sn(path.ptr, at), after = relver__from(path, at + sizeof mark - 1);
    for (size_t pos = *from; (pos = relver__search(doc, pos, before)) <= doc.len; pos++) {
        relver_str found = relver__version_at(doc, pos + at, at == 0, after);
        if (found.ptr == NULL)
            continue;
        *from = (size_t)(found.ptr - doc.ptr) + found.len;
        memset(node, 0, sizeof *node);
        node->kind = RELVER_STRING;
        node->depth = 1;
        node->value = node->text = found;
        return RELVER_OK;
    }
    return relver__fail(diag, RELVER_MISSING, doc, relver_s(NULL), "the text is not there");
}

RELVER_API void relver_read(relver_reader *r, relver_format format, relver_str doc)
{
    memset(r, 0, sizeof *r);
    r->doc = doc.ptr != NULL ? doc : relver_s("");
    r->format = format;
    r->pos = relver__starts(doc, "\xEF\xBB\xBF") ? 3 : 0;
    r->depth = format == RELVER_TOML || format == RELVER_TEXT; /* there the root is no node */
}

/* The next node into *n, which an error leaves undefined. */
static relver_err relver__advance(relver_reader *r, relver_node *n, relver_diag *diag)
{
    size_t pos = r->pos, depth = r->depth, base = r->base;
    int state = r->state;
    relver_err err = RELVER_OK;
    memset(n, 0, sizeof *n);
    n->depth = r->depth;
    if (!r->checked && r->format != RELVER_TEXT) {
        size_t good = relver__utf8_span(r->doc);
        if (good < r->doc.len)
            return relver__fail(diag, RELVER_BAD_UTF8, r->doc, relver_sn(r->doc.ptr + good, 1),
                                NULL);
        r->checked = true;
    }
    switch (r->format) {
    case RELVER_TOML: err = relver__toml_next(r, n, diag); break;
    case RELVER_JSON: err = relver__json_next(r, n, diag); break;
    case RELVER_YAML: err = relver__yaml_next(r, n, diag); break;
    case RELVER_TEXT: err = relver__line_next(r, n, diag); break;
    }
    if (err != RELVER_OK) { /* no level below depth has changed */
        r->pos = pos;
        r->depth = depth;
        r->base = base;
        r->state = state;
    }
    return err;
}

RELVER_API relver_err relver_next(relver_reader *r, relver_node *node, relver_diag *diag)
{
    relver_node n;
    relver_err err = relver__advance(r, &n, diag);
    if (err == RELVER_OK)
        *node = n;
    return err;
}

/* The inside of a string without the line end that a long string may begin with. */
static relver_str relver__body(const relver_node *n)
{
    bool triple = n->quote == RELVER_TRIPLE_BASIC || n->quote == RELVER_TRIPLE_LITERAL;
    size_t skip = relver__starts(n->text, "\r\n") ? 2 : relver__starts(n->text, "\n") ? 1 : 0;
    return triple && skip > 0 ? relver__from(n->text, skip) : n->text;
}

RELVER_API void relver_text(relver_buf *out, relver_format format, const relver_node *node)
{
    relver_str rest = relver__body(node);
    char bytes[4];
    size_t n;
    if (relver__literal(format, node->quote, rest)) {
        relver_put(out, rest);
        return;
    }
    while ((n = relver__decode(format, node->quote, &rest, bytes)) > 0)
        relver_put(out, relver_sn(bytes, n));
}

RELVER_API bool relver_key_is(relver_format format, const relver_node *node, relver_str s)
{
    return node->key.ptr != NULL && relver__same(format, node->key_quote, node->key, 0, s);
}

RELVER_API bool relver_text_is(relver_format format, const relver_node *node, relver_str s)
{
    return relver__same(format, node->quote, relver__body(node), 0, s);
}

/* A part of a path: a key; [index]; or [key=text]. */
typedef struct relver__part {
    relver_str key, text;
    size_t index, end;
    char key_quote, quote;
    bool selector, select;
} relver__part;

/* What stands between the brackets of a selector; path.pos is behind the '['. */
static relver_err relver__selector(relver_reader *path, relver__part *part, relver_diag *diag)
{
    size_t start = path->pos;
    relver__digits(path->doc, &path->pos, "0123456789", false);
    size_t digits = path->pos - start;
    if (digits > 0 && relver__peek(path, 0) == ']') {
        if (digits > 9)
            return relver__syntax(path, start, digits, diag, "index out of range");
        for (size_t i = start; i < path->pos; i++)
            part->index = part->index * 10 + (size_t)(path->doc.ptr[i] - '0');
        return RELVER_OK;
    }
    path->pos = start;
    part->select = true;
    relver_err err = relver__key(path, &part->key, &part->key_quote, diag);
    if (err != RELVER_OK || relver__peek(path, 0) != '=')
        return err != RELVER_OK ? err : relver__expected(path, diag, "expected '='");
    path->pos++;
    int quote = relver__peek(path, 0);
    if (quote == '"' || quote == '\'')
        return relver__string(path, true, &part->text, &part->quote, diag);
    start = path->pos;
    while (path->pos < path->doc.len && path->doc.ptr[path->pos] != ']')
        path->pos++;
    part->text = relver__since(path, start);
    return RELVER_OK;
}

/* The part of a path that begins at pos. Keys are TOML's, so TOML's reader reads them. */
static relver_err relver__part_at(relver_str path, size_t pos, relver__part *part,
                                  relver_diag *diag)
{
    relver_err err;
    relver_reader r;
    memset(&r, 0, sizeof r);
    memset(part, 0, sizeof *part);
    r.doc = path;
    r.pos = pos;
    part->selector = relver__peek(&r, 0) == '[';
    if (!part->selector) {
        err = relver__key(&r, &part->key, &part->key_quote, diag);
    } else {
        r.pos++;
        err = relver__selector(&r, part, diag);
        if (err == RELVER_OK && relver__peek(&r, 0) != ']')
            err = relver__expected(&r, diag, "expected ']'");
        r.pos += err == RELVER_OK;
    }
    if (err == RELVER_OK && relver__peek(&r, 0) == '.') {
        r.pos++;
        if (r.pos == path.len || relver__peek(&r, 0) == '[')
            err = relver__expected(&r, diag, "expected a key");
    } else if (err == RELVER_OK && r.pos < path.len && relver__peek(&r, 0) != '[') {
        err = relver__expected(&r, diag, "expected '.', '[' or the end of the path");
    }
    part->end = r.pos;
    if (err != RELVER_OK && diag != NULL)
        diag->err = RELVER_BAD_PATH;
    return err != RELVER_OK ? RELVER_BAD_PATH : RELVER_OK;
}

/* Find the parts of a query's path. Errors: BAD_PATH, its place in the path. */
static relver_err relver__parts(relver_query *q, relver_diag *diag)
{
    relver__part part;
    q->segments = 0;
    q->select = RELVER_PATH_MAX + 1; /* none: no part comes there */
    for (size_t pos = 0; pos < q->path.len; pos = part.end) {
        relver_str rest = relver__from(q->path, pos);
        relver_err err = relver__part_at(q->path, pos, &part, diag);
        if (err != RELVER_OK)
            return err;
        if (q->segments == RELVER_PATH_MAX || pos > 0xFFFF)
            return relver__fail(diag, RELVER_BAD_PATH, q->path, rest, "the path is too long");
        if (part.select && q->select < q->segments)
            return relver__fail(diag, RELVER_BAD_PATH, q->path, rest, "a second '=' in the path");
        if (part.select)
            q->select = q->segments;
        q->at[q->segments++] = (unsigned short)pos;
    }
    return RELVER_OK;
}

/* Say how many parts of the path the nodes above match, and note the key sought next. */
static void relver__match(relver_query *q, unsigned parts)
{
    relver__part part;
    q->matched = parts;
    q->want = relver_s(NULL);
    if (parts < q->segments && q->path.ptr[q->at[parts]] != '[') {
        relver__part_at(q->path, q->at[parts], &part, NULL);
        q->want = part.key;
        q->quote = part.key_quote;
    }
}

/* Record an answer for part i. Behind [key=text] it waits until the element is decided upon. */
static void relver__hold(relver_query *q, unsigned i, const relver_node *n, relver_err err)
{
    if (i < q->select) {
        q->err = err;
        q->node = *n;
    } else if (q->held == RELVER_OK || q->held == RELVER_MISSING) {
        q->held = err;
        q->pending = *n;
    }
}

/* The end of an element that [key=text] looked at. */
static void relver__decide(relver_query *q)
{
    bool open = q->err == RELVER_OK || q->err == RELVER_MISSING;
    if (open && q->chosen && q->held != RELVER_MISSING) {
        q->err = q->err == RELVER_OK ? RELVER_DUPLICATE : q->held;
        q->node = q->pending;
    }
    q->held = RELVER_MISSING;
    q->named = q->chosen = false;
}

/* A node inside an element that [key=text] looks at: is it the key, and is it the text? */
static void relver__choose(relver_query *q, relver_format format, const relver_node *n)
{
    relver__part part;
    relver__part_at(q->path, q->at[q->select], &part, NULL);
    if (n->key.ptr == NULL
        || !relver__same(format, n->key_quote, n->key, part.key_quote, part.key))
        return;
    if (n->quote == RELVER_OPAQUE) {
        q->err = RELVER_UNSUPPORTED; /* whoever it may mean */
        q->node = *n;
    }
    if (q->named)
        relver__hold(q, q->select, n, RELVER_DUPLICATE);
    q->named = true;
    if (n->kind <= RELVER_NULL
        && relver__same(format, n->quote, relver__body(n), part.quote, part.text))
        q->chosen = true;
}

/* Whether the element counted last is the one that selector i asks for. */
static bool relver__picked(const relver_query *q, unsigned i)
{
    relver__part part;
    relver__part_at(q->path, q->at[i], &part, NULL);
    return part.select || (part.selector && q->count[i] == part.index + 1);
}

static void relver__on_element(relver_query *q, unsigned i, const relver_node *n)
{
    q->count[i]++;
    if (!relver__picked(q, i))
        return;
    if (i == q->select)
        relver__decide(q);
    if (n->quote == RELVER_OPAQUE) {
        relver__hold(q, i, n, RELVER_UNSUPPORTED);
        return;
    }
    for (unsigned j = i + 1; j < q->segments; j++)
        q->count[j] = q->state[j] = 0;
    relver__match(q, i + 1);
    if (i + 1 == q->segments)
        relver__hold(q, i, n, RELVER_OK);
}

/* The key of part i. TOML opens a table in several ways and places, but not in any two of them:
   TOML 1.1, "Table", "Dotted keys". Elsewhere each node is a VALUE, and a second one a CLASH. */
static void relver__on_key(relver_query *q, unsigned i, const relver_node *n)
{
    enum { NONE, IMPLICIT, TABLE, DOTTED, ARRAY, VALUE, CLASH };
    static const unsigned char next[][5] = {
        /*             [a.b]     [a]    [[a]]  a.b =   a =  */
        /* NONE     */ {IMPLICIT, TABLE, ARRAY, DOTTED, VALUE},
        /* IMPLICIT */ {IMPLICIT, TABLE, CLASH, DOTTED, CLASH},
        /* TABLE    */ {TABLE,    CLASH, CLASH, CLASH,  CLASH},
        /* DOTTED   */ {DOTTED,   CLASH, CLASH, DOTTED, CLASH},
        /* ARRAY    */ {ARRAY,    CLASH, ARRAY, CLASH,  CLASH},
        /* VALUE    */ {CLASH,    CLASH, CLASH, CLASH,  CLASH},
    };
    int how = !n->header ? (n->dotted ? 3 : 4) : n->kind == RELVER_ARRAY ? 2 : n->dotted ? 0 : 1;
    int was = q->state[i], now = next[was][how];
    if (now == CLASH || n->quote == RELVER_OPAQUE) {
        relver__hold(q, i, n, now == CLASH ? RELVER_DUPLICATE : RELVER_UNSUPPORTED);
        return;
    }
    q->state[i] = (unsigned char)now;
    relver__match(q, i + 1);
    if (i + 1 == q->segments && (was == NONE || (was == IMPLICIT && now != IMPLICIT)))
        relver__hold(q, i, n, RELVER_OK);
    if (how == 0 && now == ARRAY) { /* [a.b] goes on in the last element of [[a]] */
        q->skew++;
        if (i + 1 < q->segments && relver__picked(q, i + 1))
            relver__match(q, i + 2);
    }
}

/* YAML: whether a node brings keys in from elsewhere. */
static bool relver__merge(relver_format format, const relver_node *n)
{
    return format == RELVER_YAML && n->key_quote == 0 && relver_eq(n->key, relver_s("<<"));
}

/* Show a query the next node. Part i of the path belongs to the nodes of depth i + 1, less the
   elements that TOML's headers leave out. */
static void relver__step(relver_query *q, relver_format format, const relver_node *n)
{
    if (q->err != RELVER_OK && q->err != RELVER_MISSING)
        return;
    if (n->depth <= 1)
        q->skew = 0;
    if (n->depth == 0) {
        if (q->segments == 0)
            relver__hold(q, 0, n, RELVER_OK);
        return;
    }
    unsigned i = (unsigned)n->depth - 1 + q->skew;
    if (i < q->matched)
        relver__match(q, i);
    if (i > q->matched)
        return;
    if (i == q->select + 1)
        relver__choose(q, format, n);
    if (i == q->segments)
        return;
    if (relver__merge(format, n)) {
        relver__hold(q, i, n, RELVER_UNSUPPORTED);
        return;
    }
    if (q->want.ptr == NULL && n->key.ptr == NULL)
        relver__on_element(q, i, n);
    else if (q->want.ptr != NULL && n->key.ptr != NULL
             && relver__same(format, n->key_quote, n->key, q->quote, q->want))
        relver__on_key(q, i, n);
}

static void relver__ask(relver_query *q)
{
    relver_str path = q->path;
    memset(q, 0, sizeof *q);
    q->path = path;
    q->err = q->held = RELVER_MISSING;
    if (relver__parts(q, NULL) != RELVER_OK)
        q->err = RELVER_BAD_PATH;
    else
        relver__match(q, 0);
}

/* The only match in a text. */
static relver_err relver__text_once(relver_str doc, relver_str path, relver_node *node,
                                    relver_diag *diag)
{
    size_t from = 0;
    relver_node first, second;
    relver_err err = relver_find_text(doc, path, &first, &from, diag);
    if (err != RELVER_OK)
        return err;
    if (relver_find_text(doc, path, &second, &from, NULL) == RELVER_OK)
        return relver__fail(diag, RELVER_DUPLICATE, doc, second.value, NULL);
    *node = first;
    return RELVER_OK;
}

RELVER_API relver_err relver_find_all(relver_str doc, relver_format format, relver_query *queries,
                                      size_t n, relver_diag *diag)
{
    relver_reader r;
    relver_node node;
    size_t deepest = 1; /* no query asks for anything further down */
    for (size_t i = 0; i < n; i++) {
        if (format == RELVER_TEXT)
            queries[i].err = relver__text_once(doc, queries[i].path, &queries[i].node, NULL);
        else
            relver__ask(&queries[i]);
    }
    if (format == RELVER_TEXT)
        return RELVER_OK;
    relver_read(&r, format, doc);
    for (;;) {
        relver_err err = relver__advance(&r, &node, diag);
        if (err != RELVER_OK)
            return err;
        if (node.kind == RELVER_END)
            break;
        if (node.kind == RELVER_CLOSE || node.depth > deepest)
            continue;
        deepest = 1;
        for (size_t i = 0; i < n; i++) {
            relver__step(&queries[i], format, &node);
            size_t depth = queries[i].matched - queries[i].skew + 1;
            deepest = depth > deepest ? depth : deepest;
        }
    }
    for (size_t i = 0; i < n; i++)
        relver__decide(&queries[i]);
    return RELVER_OK;
}

RELVER_API relver_err relver_find(relver_str doc, relver_format format, relver_str path,
                                  relver_node *node, relver_diag *diag)
{
    relver_query q;
    q.path = path;
    if (format == RELVER_TEXT)
        return relver__text_once(doc, path, node, diag);
    relver_err err = relver_find_all(doc, format, &q, 1, diag);
    if (err != RELVER_OK)
        return err;
    if (q.err == RELVER_BAD_PATH) {
        relver__parts(&q, diag); /* for what it says of the path */
        return RELVER_BAD_PATH;
    }
    if (q.err != RELVER_OK)
        return relver__fail(diag, q.err, doc, q.node.key.ptr ? q.node.key : q.node.value, NULL);
    *node = q.node;
    return RELVER_OK;
}

/*== 10. Editing documents == (implementation) ===============================================*/

/* Sorting must keep edits at one empty place in the order given, in place and in n log n. An
   insertion's length is 0, so while sorting its number stands there, from HALF on: then all keys
   differ, the order of equal ones does not matter, and a heap sort will do. */
enum { RELVER__HALF_SHIFT = sizeof(size_t) * 8 - 1 };

static bool relver__earlier(const relver_edit *a, const relver_edit *b)
{
    size_t half = (size_t)1 << RELVER__HALF_SHIFT;
    if (a->at.ptr != b->at.ptr)
        return a->at.ptr < b->at.ptr;
    return a->at.len + half < b->at.len + half; /* insertions wrap round, and come first */
}

static void relver__sift(relver_edit *edits, size_t root, size_t n)
{
    relver_edit moved = edits[root];
    for (size_t child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && relver__earlier(&edits[child], &edits[child + 1]))
            child++;
        if (!relver__earlier(&moved, &edits[child]))
            break;
        edits[root] = edits[child];
    }
    edits[root] = moved;
}

static void relver__sort(relver_edit *edits, size_t n)
{
    size_t half = (size_t)1 << RELVER__HALF_SHIFT;
    for (size_t i = 0; i < n; i++)
        if (edits[i].at.len == 0)
            edits[i].at.len = half + i;
    for (size_t i = n / 2; i > 0; i--)
        relver__sift(edits, i - 1, n);
    for (size_t i = n; i > 1; i--) {
        relver_edit last = edits[i - 1];
        edits[i - 1] = edits[0];
        edits[0] = last;
        relver__sift(edits, 0, i - 1);
    }
    for (size_t i = 0; i < n; i++)
        if (edits[i].at.len >= half)
            edits[i].at.len = 0;
}

RELVER_API relver_err relver_apply(relver_buf *out, relver_str doc, relver_edit *edits, size_t n,
                                   relver_diag *diag)
{
    size_t len = out->len;
    relver_str rest = doc;
    relver__sort(edits, n);
    for (size_t i = 0; i < n; i++) {
        const relver_edit *e = &edits[i];
        RELVER_ASSERT(doc.len == 0 || (e->at.ptr >= doc.ptr
                                       && e->at.ptr + e->at.len <= doc.ptr + doc.len));
        if (e->at.ptr < rest.ptr) {
            out->len = len;
            return relver__fail(diag, RELVER_OVERLAP, doc, e->at, NULL);
        }
        size_t before = doc.len > 0 ? (size_t)(e->at.ptr - rest.ptr) : 0;
        relver_put(out, relver_sn(rest.ptr, before));
        relver_put(out, relver_sn(&e->quote, e->quote != 0));
        relver_put(out, e->text);
        relver_put(out, relver_sn(&e->quote, e->quote != 0));
        if (rest.len > 0)
            rest = relver__from(rest, before + e->at.len);
    }
    relver_put(out, rest);
    return relver__done(out, diag);
}

/* Whether a text can stand between quotes as it is. Besides control characters, those are kept out
   that some readers take for something else. */
static bool relver__fits_quotes(relver_str s, char quote)
{
    if (relver__utf8_span(s) < s.len)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c < ' ' || c == 0x7F || c == (unsigned char)quote || (c == '\\' && quote == '"')
            || relver__odd(relver__from(s, i)))
            return false;
    }
    return true;
}

/* The quotes that a text needs in YAML where there were none, also inside a flow collection; at the
   left margin it must not look like the line between two documents. */
static char relver__yaml_quotes(relver_str s, bool margin)
{
    bool flow = margin && (relver__starts(s, "---") || relver__starts(s, "..."));
    for (size_t i = 0; i < s.len; i++)
        flow = flow || relver__among(s.ptr[i], ",[]{}");
    if (!flow && !relver__yaml_must_quote(s))
        return 0;
    return relver__fits_quotes(s, '"') ? '"' : '\'';
}

/* TEXT: a new version must be found again where the old one was. */
static bool relver__fits_text(relver_str s)
{
    relver_str found = relver__version_at(s, 0, true, relver_s(NULL));
    return found.ptr == s.ptr && found.len == s.len;
}

RELVER_API relver_err relver_set_node(relver_str doc, relver_format format, const relver_node *node,
                                      relver_str value, relver_edit *edit, relver_diag *diag)
{
    bool plain = format == RELVER_YAML && node->quote == 0
                 && (node->kind == RELVER_STRING || node->kind == RELVER_NUMBER);
    relver_edit e;
    e.at = node->text;
    e.text = value;
    e.quote = 0;
    if (node->quote == RELVER_OPAQUE)
        return relver__fail(diag, RELVER_UNSUPPORTED, doc, node->value, NULL);
    if (node->kind != RELVER_STRING && !plain)
        return relver__fail(diag, RELVER_NOT_STRING, doc, node->value, NULL);
    char inside = node->quote;
    if (inside == RELVER_TRIPLE_BASIC || inside == RELVER_TRIPLE_LITERAL)
        inside = inside == RELVER_TRIPLE_BASIC ? '"' : '\'';
    if (plain)
        inside = e.quote = relver__yaml_quotes(value, node->depth == 0);
    if (!relver__fits_quotes(value, inside)
        || (format == RELVER_TEXT && !relver__fits_text(value)))
        return relver__fail(diag, RELVER_NEEDS_ESCAPE, doc, node->text, NULL);
    *edit = e;
    return RELVER_OK;
}

RELVER_API relver_err relver_set(relver_str doc, relver_format format, relver_str path,
                                 relver_str value, relver_edit *edit, relver_diag *diag)
{
    relver_node node;
    relver_err err = relver_find(doc, format, path, &node, diag);
    return err != RELVER_OK ? err : relver_set_node(doc, format, &node, value, edit, diag);
}

RELVER_API relver_err relver_replace(relver_buf *out, relver_str doc, relver_format format,
                                     relver_str path, relver_str value, relver_diag *diag)
{
    relver_edit edit;
    relver_err err = relver_set(doc, format, path, value, &edit, diag);
    return err != RELVER_OK ? err : relver_apply(out, doc, &edit, 1, diag);
}

/* Where an item of a table or array stands: offsets into the document. */
typedef struct relver__place {
    relver_node item;
    bool found;
    size_t before;     /* where the items begin, or the end of the item before */
    size_t start, end; /* the item with its key or dash, without comma and comment */
    size_t comma;      /* behind the comma that follows; 0 when there is none */
    size_t after;      /* where the next item begins, or the parent ends */
    size_t line, tail; /* its first line's begin, its last one's end */
    bool first, last;
    bool leads, alone; /* nothing before it on its first line; nor behind it, but for a comment */
    bool behind, ends; /* the node before it, or its last node, is a YAML block scalar */
    bool inside;       /* somewhere inside brackets */
    bool lines;        /* the items stand in lines; else in brackets, apart by commas */
} relver__place;

/* Over white space, line ends and comments to what comes next. */
static size_t relver__gap(relver_str doc, size_t pos)
{
    bool comment = false;
    for (; pos < doc.len; pos++) {
        char c = doc.ptr[pos];
        comment = c == '#' || (comment && c != '\n');
        if (!comment && !relver__space(c))
            break;
    }
    return pos;
}

static bool relver__has(relver_str doc, size_t from, size_t to, char c)
{
    return to > from && memchr(doc.ptr + from, c, to - from) != NULL;
}

/* Whether there are blank lines or comments behind the line end at from. */
static bool relver__gap_lines(relver_str doc, size_t from, size_t to)
{
    relver_str rest = relver_sn(doc.ptr + from, to > from ? to - from : 0);
    relver__cut(&rest, '\n');
    return relver__trim(rest).len > 0;
}

/* Whether a container's items stand in brackets, apart by commas; else in lines. */
static bool relver__brackets(const relver_node *n)
{
    return n->value.len > 0 && !n->header;
}

static size_t relver__node_end(relver_str doc, const relver_node *n)
{
    if (n->value.ptr == NULL) /* a part of a dotted key */
        return (size_t)(n->key.ptr - doc.ptr) + n->key.len + (n->key_quote != 0);
    return (size_t)(n->value.ptr - doc.ptr) + n->value.len;
}

static bool relver__same_node(const relver_node *a, const relver_node *b)
{
    return a->depth == b->depth && a->kind == b->kind && a->key.ptr == b->key.ptr
           && a->value.ptr == b->value.ptr;
}

/* The line ends around an item, once its start and end are known. */
static void relver__lines(relver_str doc, relver__place *p)
{
    size_t from = relver__gap(doc, p->end), bom = relver__starts(doc, "\xEF\xBB\xBF") ? 3 : 0;
    p->comma = p->inside && from < doc.len && doc.ptr[from] == ',' ? from + 1 : 0;
    p->line = p->start;
    while (p->line > bom && doc.ptr[p->line - 1] != '\n')
        p->line--;
    p->leads = relver__trim(relver_sn(doc.ptr + p->line, p->start - p->line)).len == 0;
    from = p->comma > 0 ? p->comma : p->end;
    relver_str rest = relver__from(doc, from), line = relver__cut(&rest, '\n');
    line.len -= line.len > 0 && line.ptr[line.len - 1] == '\r';
    p->tail = from + line.len;
    line = relver__trim(line);
    p->alone = line.len == 0 || line.ptr[0] == '#';
}

/* Read the document again to see what is around a node that relver_find gave, or around its last
   child, if it has any. */
static relver_err relver__place_of(relver_str doc, relver_format format, const relver_node *node,
                                   bool child, relver__place *p, relver_diag *diag)
{
    relver_reader r;
    relver_node n;
    size_t depth = node->depth + child, brackets = 0, siblings = 0;
    bool lines = true, block = false, within = child && format == RELVER_TOML && node->depth == 0;
    memset(p, 0, sizeof *p);
    relver_read(&r, format, doc);
    for (p->end = r.pos;; p->end = relver__node_end(doc, &n)) {
        size_t start = relver__gap(doc, r.pos);
        if (start < doc.len && doc.ptr[start] == ',')
            start = relver__gap(doc, start + 1);
        relver_err err = relver_next(&r, &n, diag);
        if (err != RELVER_OK)
            return err;
        bool level = n.depth == depth && n.kind < RELVER_CLOSE && !n.header;
        bool item = level && (child ? within : relver__same_node(&n, node));
        if (n.kind == RELVER_END || ((within || p->found) && (n.depth < depth || n.header))
            || (p->found && level && !item)) {
            p->after = start;
            p->last = !level;
            p->ends = block;
            break;
        }
        if (item) {
            p->item = n;
            p->found = true;
            p->before = p->end;
            p->start = start;
            p->first = siblings == 0;
            p->inside = brackets > 0;
            p->lines = lines;
            p->behind = block;
        }
        siblings = n.depth < depth ? 0 : siblings + level;
        lines = n.depth < depth ? !relver__brackets(&n) : lines;
        block = n.quote == RELVER_OPAQUE && n.value.len > 0 && relver__among(*n.value.ptr, "|>");
        within = within || (child && relver__same_node(&n, node));
        brackets += n.kind != RELVER_CLOSE && n.kind >= RELVER_TABLE && relver__brackets(&n);
        brackets -= n.kind == RELVER_CLOSE;
    }
    if (p->found)
        relver__lines(doc, p);
    return RELVER_OK;
}

/* Remove whole lines; with the last line of a document that lacks its line end, the one before,
   unless that is a part of a block scalar's text. */
static void relver__cut_lines(relver_str doc, const relver__place *p, size_t *from, size_t *to)
{
    relver_str rest = relver__from(doc, p->tail);
    *from = p->line;
    *to = doc.len;
    if (rest.len > 0) {
        relver__cut(&rest, '\n');
        *to = (size_t)(rest.ptr - doc.ptr);
    } else if (*from > 0 && doc.ptr[*from - 1] == '\n' && !p->behind) {
        *from -= 1;
        *from -= *from > 0 && doc.ptr[*from - 1] == '\r';
    }
}

/* Remove an item between brackets, with one comma and no more of the space around it than that. */
static void relver__cut_item(relver_str doc, const relver__place *p, size_t *from, size_t *to)
{
    bool whole = p->leads && p->alone;
    bool comment = !p->first && relver__has(doc, p->before, p->start, '#');
    *from = p->start;
    if (whole && (p->comma > 0 || p->first || comment)) {
        relver__cut_lines(doc, p, from, to);
    } else if (!p->last && (p->first || p->leads || comment)) {
        *to = p->after;
    } else if (!p->first && !comment) {
        *from = p->before;
        *to = whole && relver__has(doc, p->end, p->tail, '#') ? p->tail : p->end;
    } else {
        *to = p->comma > 0 ? p->comma : p->end;
    }
}

RELVER_API relver_err relver_cut(relver_str doc, relver_format format, relver_str path,
                                 relver_edit *edit, relver_diag *diag)
{
    relver_node node;
    relver__place p;
    size_t from, to;
    relver_err err = relver_find(doc, format, path, &node, diag);
    if (err == RELVER_OK)
        err = relver__place_of(doc, format, &node, false, &p, diag);
    if (err != RELVER_OK)
        return err;
    const char *what = format == RELVER_TEXT || node.depth == 0 ? "there is no key here"
                       : node.header || node.dotted ? "a table that may go on elsewhere"
                       : p.lines && p.inside ? "a dotted key inside brackets"
                       : p.lines && format == RELVER_YAML && p.first && p.last
                           ? "the only entry of its collection"
                       : p.lines && !p.leads && relver__has(doc, p.tail, p.after, '#')
                           ? "a comment before the next entry"
                       : p.behind && relver__gap_lines(doc, p.tail, p.after)
                           ? "a block scalar that would gain the lines behind" : NULL;
    if (what != NULL)
        return relver__fail(diag, RELVER_UNSUPPORTED, doc,
                            node.key.ptr != NULL ? node.key : node.value, what);
    if (!p.lines) {
        relver__cut_item(doc, &p, &from, &to);
    } else if (p.leads || format == RELVER_TOML) {
        relver__cut_lines(doc, &p, &from, &to);
    } else {
        from = p.start; /* the first key of "- a: 1" */
        to = p.after;
    }
    edit->at = relver_sn(doc.ptr + from, to - from);
    edit->text = relver_sn(doc.ptr + from, 0);
    edit->quote = 0;
    return RELVER_OK;
}

/* What relver_add writes: a key with its value, or an element. */
typedef struct relver__new {
    relver_format format;
    relver_str key;   /* as spelt in the path; absent for an element */
    relver_str colon; /* between key and value */
    relver_str value;
    char key_quote, quote;
} relver__new;

static void relver__put_new(relver_buf *out, const relver__new *item)
{
    if (item->key.ptr != NULL) {
        relver_put(out, relver_sn(&item->key_quote, item->key_quote != 0));
        relver_put(out, item->key);
        relver_put(out, relver_sn(&item->key_quote, item->key_quote != 0));
        relver_put(out, item->colon);
    }
    relver_put(out, relver_sn(&item->quote, item->quote != 0));
    relver_put(out, item->value);
    relver_put(out, relver_sn(&item->quote, item->quote != 0));
}

/* Choose quotes and colon after a neighbour, which may be NULL. */
static bool relver__style(relver_str doc, relver__new *item, const relver_node *near)
{
    bool toml = item->format == RELVER_TOML, yaml = item->format == RELVER_YAML;
    char other = '"';
    item->colon = relver_s(toml ? " = " : ": ");
    if (near != NULL && near->key.ptr != NULL && near->value.ptr != NULL && !near->header) {
        size_t from = (size_t)(near->key.ptr - doc.ptr) + near->key.len + (near->key_quote != 0);
        size_t to = (size_t)(near->value.ptr - doc.ptr);
        if (toml && !relver__has(doc, from, to, ' '))
            item->colon = relver_s("=");
        if (item->format == RELVER_JSON && !relver__has(doc, from, to, '\n'))
            item->colon = relver_sn(doc.ptr + from, to - from);
    }
    item->quote = yaml ? relver__yaml_quotes(item->value, false) : '"';
    if (near != NULL && (near->quote == '"' || near->quote == '\'')) {
        other = item->quote;
        item->quote = near->quote;
    }
    if (!relver__fits_quotes(item->value, item->quote) && item->format != RELVER_JSON)
        item->quote = item->quote == '\'' || other == '\'' ? '"' : '\'';
    bool fits = relver__fits_quotes(item->value, item->quote);
    if (item->key.ptr == NULL || toml)
        return fits && relver__utf8_span(item->key) == item->key.len;
    if (!relver__literal(RELVER_TOML, item->key_quote, item->key))
        return false; /* an escape that is not this format's own */
    item->key_quote = yaml ? relver__yaml_quotes(item->key, true) : '"';
    return fits && relver__fits_quotes(item->key, item->key_quote);
}

/* The line end in use around pos. */
static relver_str relver__line_end(relver_str doc, size_t pos)
{
    relver_str rest = relver__from(doc, pos), line = relver__cut(&rest, '\n');
    if (line.len == doc.len - pos) {
        rest = doc;
        line = relver__cut(&rest, '\n');
    }
    return relver_s(line.len > 0 && line.ptr[line.len - 1] == '\r' ? "\r\n" : "\n");
}

/* Write a new item into a container that has none; gives the place. */
static relver_str relver__add_first(relver_str doc, const relver_node *parent,
                                    const relver__new *item, relver_buf *out)
{
    relver__place p;
    memset(&p, 0, sizeof p);
    if (parent->value.ptr == NULL) { /* TOML's root */
        relver__put_new(out, item);
        relver_put(out, relver__line_end(doc, 0));
        return relver_sn(doc.ptr + (relver__starts(doc, "\xEF\xBB\xBF") ? 3 : 0), 0);
    }
    p.start = p.end = relver__node_end(doc, parent);
    relver__lines(doc, &p);
    if (parent->header)
        relver_put(out, relver__line_end(doc, p.tail));
    relver__put_new(out, item);
    return relver_sn(doc.ptr + (parent->header ? p.tail : p.end), 0);
}

/* Write a new item behind the last one; gives the span to replace, which is empty but for a comment
   that a comma must go before. */
static relver_str relver__add_last(relver_str doc, const relver__place *p, const relver__new *item,
                                   relver_buf *out)
{
    bool lines = p->lines, whole = p->leads && p->alone;
    bool over = whole && p->comma == 0 && relver__has(doc, p->end, p->tail, '#');
    size_t from = lines || (whole && p->comma > 0) ? p->tail : p->comma > 0 ? p->comma : p->end;
    size_t to = over ? p->tail : from;
    if (!lines && p->comma == 0)
        relver__putc(out, ',');
    relver_put(out, relver_sn(doc.ptr + from, to - from));
    if (lines || p->leads) {
        relver_put(out, relver__line_end(doc, to));
        for (size_t i = p->line; i < p->start; i++)
            relver__putc(out, doc.ptr[i] == '\t' ? '\t' : ' ');
        if (lines && item->key.ptr == NULL)
            relver__puts(out, "- ");
    } else if (p->first ? !relver_eq(item->colon, relver_s(":")) : doc.ptr[p->start - 1] == ' ') {
        relver__putc(out, ' ');
    }
    relver__put_new(out, item);
    if (!lines && p->comma > 0)
        relver__putc(out, ',');
    return relver_sn(doc.ptr + from, to - from);
}

/* Split a path before its last key. Errors: BAD_PATH when it ends with a selector. */
static relver_err relver__split(relver_str path, relver_str *parent, relver__new *item,
                                relver_diag *diag)
{
    relver__part part;
    size_t last = 0, next = 0;
    memset(&part, 0, sizeof part);
    while (next < path.len) {
        last = next;
        relver_err err = relver__part_at(path, last, &part, diag);
        if (err != RELVER_OK)
            return err;
        next = part.end;
    }
    if (part.key.ptr == NULL || part.selector)
        return relver__fail(diag, RELVER_BAD_PATH, path, relver__from(path, last),
                            "expected a key or []");
    item->key = part.key;
    item->key_quote = part.key_quote;
    *parent = relver_sn(path.ptr, last - (last > 0));
    return RELVER_OK;
}

/* Find the table or array that a new item goes to. */
static relver_err relver__add_where(relver_str doc, relver_str path, relver__new *item,
                                    relver_node *parent, relver_diag *diag)
{
    bool element = path.len > 2 && relver_eq(relver__from(path, path.len - 2), relver_s("[]"));
    if (element) {
        path.len -= 2;
    } else {
        relver_err err = relver_find(doc, item->format, path, parent, diag);
        if (err == RELVER_OK)
            return relver__fail(diag, RELVER_DUPLICATE, doc, parent->key, "the key is there");
        if (err == RELVER_MISSING)
            err = relver__split(path, &path, item, diag);
        if (err != RELVER_OK)
            return err;
    }
    memset(parent, 0, sizeof *parent);
    parent->kind = RELVER_TABLE;
    if (path.len > 0 || item->format != RELVER_TOML) {
        relver_err err = relver_find(doc, item->format, path, parent, diag);
        if (err != RELVER_OK)
            return err;
    }
    if (parent->kind != (element ? RELVER_ARRAY : RELVER_TABLE) || parent->dotted
        || (element && parent->header))
        return relver__fail(diag, RELVER_UNSUPPORTED, doc, parent->value,
                            element ? "not an array that can be added to"
                                    : "not a table that can be added to");
    return RELVER_OK;
}

RELVER_API relver_err relver_add(relver_str doc, relver_format format, relver_str path,
                                 relver_str value, relver_buf *scratch, relver_edit *edit,
                                 relver_diag *diag)
{
    relver_node parent;
    relver__place p;
    relver__new item;
    size_t len = scratch->len;
    memset(&item, 0, sizeof item);
    item.format = format;
    item.value = value;
    doc = doc.ptr != NULL ? doc : relver_s("");
    if (format == RELVER_TEXT)
        return relver__fail(diag, RELVER_UNSUPPORTED, doc, doc, "a text has no keys");
    relver_err err = relver__add_where(doc, path, &item, &parent, diag);
    if (err == RELVER_OK)
        err = relver__place_of(doc, format, &parent, true, &p, diag);
    if (err != RELVER_OK)
        return err;
    if (p.found && p.ends && p.tail == doc.len)
        return relver__fail(diag, RELVER_UNSUPPORTED, doc, relver__from(doc, p.tail),
                            "a block scalar without a line end");
    if (!relver__style(doc, &item, p.found ? &p.item : NULL))
        return relver__fail(diag, RELVER_NEEDS_ESCAPE, doc, parent.value, NULL);
    relver_str at = p.found ? relver__add_last(doc, &p, &item, scratch)
                            : relver__add_first(doc, &parent, &item, scratch);
    err = relver__done(scratch, diag);
    if (err != RELVER_OK)
        return err;
    edit->at = at;
    edit->text = relver_sn(scratch->ptr + len, scratch->len - len);
    edit->quote = 0;
    return RELVER_OK;
}

/*== 11. Requirements == (implementation) ====================================================*/

/* One clause of a requirement is rewritten: first to its own precision, then to the whole version;
   the first of the two that accepts the new version wins. */
typedef struct relver__rewrite {
    relver_eco eco;
    relver_str range;             /* the requirement without workspace: */
    size_t clauses;               /* how many it has */
    relver__clause clause, fresh; /* as it stands, as it shall stand */
    relver__version now;          /* the new version */
    relver_str spelt;             /* its text in fresh */
    relver_str sign, suffix;      /* of fresh: its operator, what follows its numbers */
} relver__rewrite;

/* Find the clause to rewrite: the only one, or the only one with operator `op` of several that must
   all hold. w->clause stays absent when there is none. */
static relver_err relver__rewrite_find(relver__rewrite *w, relver__op op, relver_diag *diag)
{
    relver__range r;
    size_t alternatives = 0, hits = 0;
    relver__range_open(&r, w->eco, w->range, diag);
    for (; relver__range_alternative(&r); alternatives++)
        while (relver__range_next(&r, &w->fresh)) {
            bool hit = w->fresh.op == op && !w->fresh.hyphen;
            if (w->clauses++ == 0 || hit)
                w->clause = w->fresh;
            hits += hit;
        }
    if (alternatives > 1 || (w->clauses > 1 && hits != 1))
        memset(&w->clause, 0, sizeof w->clause);
    return r.err;
}

/* Whether the range takes the new version, with w->fresh in place when asked. PEP 440 is asked for
   its bounds: that installers prefer final versions is no reason to rewrite. */
static bool relver__rewrite_accepts(const relver__rewrite *w, bool fresh)
{
    relver__range r;
    bool yes = false;
    relver__range_open(&r, w->eco, w->range, NULL);
    relver__range_eval(&r, &w->now, w->eco == RELVER_PEP440, fresh ? &w->fresh : NULL, &yes);
    return yes;
}

/* Whether the clause spells v, at the precision of its own text when that is less. */
static bool relver__rewrite_spells(const relver__rewrite *w, const relver__version *v)
{
    const relver__clause *c = &w->clause;
    bool open = c->wild.ptr != NULL || c->v.count < v->count;
    if (c->op == RELVER__ARBITRARY)
        return relver__same_text(c->v.text, v->text);
    if (open && !relver__is_prerelease(&c->v) && c->v.pep440.post.len == 0)
        return relver__prefix_order(v, &c->v, c->v.count) == 0;
    if (w->eco == RELVER_PEP440) {
        relver_pep440 seen = relver__pep440_public(v, &c->v.pep440);
        return relver_pep440_compare(&seen, &c->v.pep440) == 0;
    }
    return relver__semver_order(&c->v, v) == 0;
}

/* Make w->fresh the clause with `count` numbers of the new version. Its suffix comes along when no
   number is left out; for ~= also when only zeros are: there the count is the meaning, and ~=0.1
   becomes ~=0.2rc1. Returns whether the range then accepts the new version. */
static bool relver__rewrite_to(relver__rewrite *w, relver__op op, relver_str sign, size_t count,
                               bool wild)
{
    relver__version *v = &w->fresh.v;
    w->fresh = w->clause;
    w->fresh.op = op;
    w->fresh.wild = wild ? w->clause.wild : relver_s(NULL);
    w->sign = sign;
    relver__version_parse(w->eco, w->spelt, v, NULL);
    size_t all = v->count;
    relver_str rest = v->numbers, number = rest;
    w->suffix = relver__from(v->text, (size_t)(rest.ptr - v->text.ptr) + rest.len);
    for (size_t i = 0; i < count && rest.len > 0; i++)
        number = relver__cut(&rest, '.');
    v->numbers.len = (size_t)(number.ptr - v->numbers.ptr) + number.len;
    v->pep440.release = v->numbers;
    v->count = count;
    bool zeros = op == RELVER__COMPATIBLE && relver__prefix_order(v, &w->now, all) == 0;
    if (wild || (count < all && !zeros)) {
        w->suffix.len = 0;
        v->pre = v->pep440.local = relver_s(NULL);
        relver__pep440_final(&v->pep440);
    }
    if (w->eco != RELVER_PEP440)
        v->semver = relver__as_semver(v);
    return relver__rewrite_accepts(w, true);
}

static void relver__rewrite_put_version(relver_buf *out, const relver__rewrite *w)
{
    const relver__version *v = &w->fresh.v;
    if (w->fresh.op == RELVER__ARBITRARY) {
        relver_put(out, v->text);
        return;
    }
    if (v->pep440.epoch.len > 0) {
        relver_put(out, v->pep440.epoch);
        relver__putc(out, '!');
    }
    relver_put(out, v->numbers);
    for (size_t i = relver__count_numbers(v->numbers); i < v->count; i++)
        relver__puts(out, ".0");
    relver_put(out, w->suffix);
    relver_put(out, w->fresh.wild);
}

/* The requirement, w->fresh in place of w->clause: blanks stay, a v when the operator does. */
static void relver__rewrite_put(relver_buf *out, const relver__rewrite *w, relver_str req)
{
    const relver__clause *c = &w->clause;
    const char *start = c->v.text.ptr, *end = start + c->v.text.len;
    const char *after_sign = c->sign.ptr + c->sign.len;
    bool same = relver_eq(c->sign, w->sign);
    if (w->eco == RELVER_PEP440 && c->op != RELVER__ARBITRARY && relver__alpha(*start))
        start++; /* ==v1.0 keeps its v */
    relver_put(out, relver_sn(req.ptr, (size_t)(c->sign.ptr - req.ptr)));
    relver_put(out, w->sign);
    for (; after_sign < start && (same || w->sign.len > 0); after_sign++)
        if (relver__pep440_space(*after_sign) || (same && relver__lower(*after_sign) == 'v'))
            relver__putc(out, *after_sign);
    relver__rewrite_put_version(out, w);
    relver_put(out, relver_sn(end, (size_t)(req.ptr + req.len - end)));
}

/* The operators of the pins, and how each ecosystem writes them; those that keep the operator look
   for `==` among several clauses. */
static relver__op relver__pin_op(relver_eco eco, relver_pin pin, relver_str *sign)
{
    bool pep440 = eco == RELVER_PEP440;
    switch (pin) {
    case RELVER_PIN_AT_LEAST: *sign = relver_s(">="); return RELVER__GE;
    case RELVER_PIN_COMPATIBLE:
        *sign = relver_s(pep440 ? "~=" : "^");
        return pep440 ? RELVER__COMPATIBLE : RELVER__CARET;
    default:
        *sign = relver_s(pep440 ? "==" : eco == RELVER_CARGO ? "=" : "");
        return RELVER__EQ;
    }
}

/* Whether the requirement stays as it is; old: its clause spells the old version. */
static bool relver__rewrite_stays(const relver__rewrite *w, relver__op op, relver_pin pin, bool old)
{
    const relver__clause *c = &w->clause;
    bool exact = c->wild.ptr == NULL && (w->eco == RELVER_PEP440 || c->v.count == 3);
    if (w->clauses == 0 || (c->sign.ptr != NULL && c->v.count == 0 && c->op != RELVER__ARBITRARY))
        return true; /* it has no version */
    if (!relver__rewrite_accepts(w, false))
        return false;
    if (c->sign.ptr == NULL)
        return pin == RELVER_PIN_AUTO || pin == RELVER_PIN_ALWAYS;
    if (pin == RELVER_PIN_AUTO && !old)
        return true;
    return op == c->op && (exact || pin != RELVER_PIN_EXACT) && relver__rewrite_spells(w, &w->now);
}

/* Rewrite the clause. False: there is none, or no spelling of it accepts the new version. */
static bool relver__rewrite_try(relver__rewrite *w, relver__op op, relver_str sign, bool exact)
{
    const relver__clause *c = &w->clause;
    bool pep440 = w->eco == RELVER_PEP440, same = op == c->op && !exact;
    bool wild = c->wild.ptr != NULL && same;
    if (c->sign.ptr == NULL)
        return false;
    if (op == c->op && (same || c->wild.ptr == NULL))
        sign = c->sign;
    /* build and local only where the clause has one; PEP 440 takes local behind == and != alone */
    bool plus = op == RELVER__ARBITRARY || (memchr(c->v.text.ptr, '+', c->v.text.len) != NULL &&
                                            (op <= RELVER__NE || !pep440));
    relver_str rest = w->now.text;
    w->spelt = plus ? rest : relver__cut(&rest, '+');
    size_t count = c->v.count, all = w->now.count;
    if (op == RELVER__COMPATIBLE && all < 2)
        all = 2; /* ~=2 is not valid */
    bool whole = pep440 && !wild && op != RELVER__COMPATIBLE && relver__is_prerelease(&w->now);
    if (count < all && (!same || whole || op == RELVER__ARBITRARY))
        count = all;
    if (relver__rewrite_to(w, op, sign, count, wild))
        return true;
    if (same && op == RELVER__EQ && sign.len == 0 && !pep440) {
        /* 1.2.x takes no prerelease; ~1.3.0-rc.1 does, and means the same afterwards */
        op = count == 1 ? RELVER__CARET : RELVER__TILDE;
        sign = relver_s(count == 1 ? "^" : "~");
    }
    return relver__rewrite_to(w, op, sign, all, false);
}

/* What npm reads as something other than a range: a path, a URL, a protocol, a dist-tag. */
static bool relver__npm_elsewhere(relver_str req)
{
    for (size_t i = 0; i < req.len; i++)
        if (req.ptr[i] == ':' || req.ptr[i] == '/')
            return true;
    return relver_dist_tag_check(req, NULL) == RELVER_OK;
}

/* Parse the versions and find the clause; *spelt: whether it spells the old version. */
static relver_err relver__rewrite_open(relver__rewrite *w, relver_str old, relver_str now,
                                       relver__op op, bool *spelt, relver_diag *diag)
{
    relver__version before;
    relver_err err = relver__version_parse(w->eco, now, &w->now, diag);
    if (err == RELVER_OK && old.ptr != NULL)
        err = relver__version_parse(w->eco, old, &before, diag);
    if (err == RELVER_OK)
        err = relver__rewrite_find(w, op, diag);
    *spelt = err == RELVER_OK && old.ptr != NULL && relver__rewrite_spells(w, &before);
    return err;
}

RELVER_API relver_err relver_requirement(relver_buf *out, relver_eco eco, relver_str req,
                                         relver_str old, relver_str now, relver_pin pin,
                                         relver_diag *diag)
{
    bool npm = eco != RELVER_CARGO && eco != RELVER_PEP440, spelt;
    bool keeps = pin == RELVER_PIN_AUTO || pin == RELVER_PIN_ALWAYS;
    relver__rewrite w;
    relver_str sign;
    relver__op op = relver__pin_op(eco, pin, &sign);
    relver_diag fault;
    memset(&w, 0, sizeof w);
    if (req.ptr == NULL)
        req = relver_s("");
    w.eco = eco;
    w.range = npm && relver__starts(req, "workspace:") ? relver__from(req, 10) : req;
    relver_err err = relver__rewrite_open(&w, old, now, op, &spelt, &fault);
    if (err == RELVER_NOT_RANGE && pin != RELVER_PIN_KEEP && !(npm && relver__npm_elsewhere(req)))
        return relver__fail(diag, RELVER_NOT_REQUIREMENT, req,
                            relver_sn(w.range.ptr + fault.pos, fault.len), fault.what);
    if (err != RELVER_OK && err != RELVER_NOT_RANGE) {
        if (diag != NULL)
            *diag = fault;
        return err;
    }
    if (keeps)
        op = w.clause.op;
    if (err != RELVER_OK || pin == RELVER_PIN_KEEP || relver__rewrite_stays(&w, op, pin, spelt))
        relver_put(out, req);
    else if (relver__rewrite_try(&w, op, sign, pin == RELVER_PIN_EXACT))
        relver__rewrite_put(out, &w, req);
    else if (keeps && relver__rewrite_accepts(&w, false))
        relver_put(out, req);
    else
        return relver__fail(diag, RELVER_COMPLEX, req, w.range,
                            w.clauses > 1 ? "several comparators, none of which can be rewritten"
                                          : "no version fits behind this operator");
    return relver__done(out, diag);
}

/* PEP 508. What is left of the text is *rest; blanks are ' ' and '\t'. */

/* A name begins and ends with a letter or digit. */
static relver_str relver__pep508_name(relver_str *rest)
{
    relver_str name = relver_sn(rest->ptr, 0);
    while (name.len < rest->len && (relver__alnum(name.ptr[name.len]) ||
                                    memchr("._-", name.ptr[name.len], 3) != NULL))
        name.len++;
    while (name.len > 0 && !relver__alnum(name.ptr[name.len - 1]))
        name.len--;
    if (name.len > 0 && !relver__alnum(name.ptr[0]))
        name.len = 0;
    *rest = relver__trim(relver__from(*rest, name.len));
    return name;
}

/* Cut prefix off *rest, and the blanks behind it. */
static bool relver__pep508_eat(relver_str *rest, const char *prefix)
{
    if (!relver__starts(*rest, prefix))
        return false;
    *rest = relver__trim(relver__from(*rest, strlen(prefix)));
    return true;
}

/* Between '[' and ']': names apart by commas, or nothing. */
static const char *relver__pep508_extras(relver_str *rest, relver_str *extras)
{
    *extras = *rest;
    while (!relver__starts(*rest, "]")) {
        if (relver__pep508_name(rest).len == 0)
            return "expected the name of an extra";
        if (relver__starts(*rest, "]"))
            break;
        if (!relver__pep508_eat(rest, ",") || relver__starts(*rest, "]"))
            return "expected ',' and another extra, or ']'";
    }
    extras->len = (size_t)(rest->ptr - extras->ptr);
    *extras = relver__trim(*extras);
    relver__pep508_eat(rest, "]");
    return NULL;
}

/* A word of a marker: letters, digits, '_' and '.'. */
static relver_str relver__marker_word(relver_str *rest)
{
    relver_str word = relver_sn(rest->ptr, 0);
    while (word.len < rest->len && (relver__alnum(word.ptr[word.len]) ||
                                    word.ptr[word.len] == '_' || word.ptr[word.len] == '.'))
        word.len++;
    *rest = relver__trim(relver__from(*rest, word.len));
    return word;
}

/* A variable (PEP 508, "Environment Markers"; PEP 751 added two) or a quoted string on one line. */
static bool relver__marker_value(relver_str *rest)
{
    static const char *const names[] = {
        "python_version", "python_full_version", "os_name", "os.name", "sys_platform",
        "sys.platform", "platform_release", "platform_system", "platform_version",
        "platform.version", "platform_machine", "platform.machine",
        "platform_python_implementation", "platform.python_implementation",
        "python_implementation", "implementation_name", "implementation_version", "extra",
        "extras", "dependency_groups"};
    relver_str word;
    if (relver__starts(*rest, "'") || relver__starts(*rest, "\"")) {
        char quote = rest->ptr[0];
        relver_str body = relver__from(*rest, 1);
        if (body.len == 0 || memchr(body.ptr, quote, body.len) == NULL)
            return false;
        word = relver__cut(&body, quote);
        for (size_t i = 0; i < word.len; i++)
            if (memchr("\n\r", word.ptr[i], 3) != NULL)
                return false;
        *rest = relver__trim(body);
        return true;
    }
    word = relver__marker_word(rest);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (relver_eq(word, relver_s(names[i])))
            return true;
    return false;
}

static bool relver__marker_operator(relver_str *rest)
{
    static const char *const signs[] = {"===", "==", "~=", "!=", "<=", ">=", "<", ">"};
    relver_str word;
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (relver__pep508_eat(rest, signs[i]))
            return true;
    word = relver__marker_word(rest);
    if (relver_eq(word, relver_s("not")))
        word = relver__marker_word(rest);
    return relver_eq(word, relver_s("in"));
}

/* The whole of a marker: comparisons joined by and, or, and parentheses. */
static const char *relver__pep508_marker(relver_str *rest)
{
    size_t depth = 0;
    for (;;) {
        relver_str before, word;
        while (relver__pep508_eat(rest, "("))
            depth++;
        if (!relver__marker_value(rest))
            return "expected a marker variable or a quoted string";
        if (!relver__marker_operator(rest))
            return "expected a comparison, 'in' or 'not in'";
        if (!relver__marker_value(rest))
            return "expected a marker variable or a quoted string";
        for (; depth > 0 && relver__pep508_eat(rest, ")"); depth--)
            ;
        if (rest->len == 0)
            return depth > 0 ? "expected ')'" : NULL;
        before = *rest;
        word = relver__marker_word(rest);
        if (!relver_eq(word, relver_s("and")) && !relver_eq(word, relver_s("or"))) {
            *rest = before;
            return "expected 'and' or 'or'";
        }
    }
}

/* A set of specifiers; of empty ones PEP 508 tolerates only the last. Around each only blanks may
   stand: PEP 440 alone would take line breaks, too. */
static const char *relver__pep508_specifier(relver_str *rest, relver_str set)
{
    relver_diag diag;
    *rest = set;
    if (relver_range_check(RELVER_PEP440, set, &diag) != RELVER_OK) {
        *rest = relver__from(set, diag.pos);
        return diag.what;
    }
    while (rest->len > 0) {
        relver_str before = *rest, clause = relver__trim(relver__cut(rest, ','));
        bool empty = clause.len == 0;
        if (empty || relver__pep440_space(clause.ptr[0])
            || relver__pep440_space(clause.ptr[clause.len - 1])) {
            *rest = before;
            return empty ? "expected a specifier before ','" : "unexpected line break";
        }
    }
    return NULL;
}

/* What follows name and extras: "@ url", "(specifiers)" or specifiers. */
static const char *relver__pep508_details(relver_str *rest, relver_pep508 *p)
{
    relver_str text = *rest, fault;
    const char *what;
    if (relver__pep508_eat(rest, "@")) {
        p->url = relver_sn(rest->ptr, 0);
        while (p->url.len < rest->len && memchr(" \t", p->url.ptr[p->url.len], 2) == NULL)
            p->url.len++;
        *rest = relver__trim(relver__from(*rest, p->url.len));
        return p->url.len > 0 ? NULL : "expected a URL after '@'";
    }
    if (relver__pep508_eat(&text, "(")) {
        if (text.len == 0 || memchr(text.ptr, ')', text.len) == NULL)
            return "'(' without ')'";
        p->specifier = relver__trim(relver__cut(&text, ')'));
        text = relver__trim(text);
    } else {
        p->specifier = relver__cut(&text, ';');
        text = relver__from(*rest, p->specifier.len);
        p->specifier = relver__trim(p->specifier);
    }
    what = relver__pep508_specifier(&fault, p->specifier);
    *rest = what != NULL ? fault : text;
    return what;
}

RELVER_API relver_err relver_pep508_parse(relver_str req, relver_pep508 *out, relver_diag *diag)
{
    relver_pep508 p;
    relver_str rest = relver__trim(req.ptr != NULL ? req : relver_s(""));
    const char *what = NULL;
    memset(&p, 0, sizeof p);
    p.name = relver__pep508_name(&rest);
    if (p.name.len == 0)
        what = "expected a package name";
    if (what == NULL && relver__pep508_eat(&rest, "["))
        what = relver__pep508_extras(&rest, &p.extras);
    if (what == NULL)
        what = relver__pep508_details(&rest, &p);
    if (what == NULL && rest.len > 0) {
        if (relver__pep508_eat(&rest, ";")) {
            p.marker = rest;
            what = relver__pep508_marker(&rest);
        } else {
            what = "expected ';' and a marker, or the end";
        }
    }
    if (what != NULL)
        return relver__fail(diag, RELVER_NOT_REQUIREMENT, req, relver_sn(rest.ptr, rest.len > 0),
                            what);
    *out = p;
    return RELVER_OK;
}

/* The byte of PEP 503's normal form at *at, which moves behind it: runs of - _ . are one '-'. */
static char relver__name_byte(relver_str name, size_t *at)
{
    size_t start = *at;
    while (*at < name.len && relver__separator(name.ptr[*at]))
        ++*at;
    return *at > start ? '-' : relver__lower(name.ptr[(*at)++]);
}

RELVER_API bool relver_name_eq(relver_eco eco, relver_str a, relver_str b)
{
    size_t i = 0, j = 0;
    if (eco != RELVER_PEP440)
        return relver_eq(a, b);
    while (i < a.len && j < b.len)
        if (relver__name_byte(a, &i) != relver__name_byte(b, &j))
            return false;
    return i == a.len && j == b.len;
}

#ifdef __cplusplus
}
#endif
#endif /* RELVER_IMPLEMENTATION */

/* This is free and unencumbered software released into the public domain.

   Anyone is free to copy, modify, publish, use, compile, sell, or distribute this software, either
   in source code form or as a compiled binary, for any purpose, commercial or non-commercial, and
   by any means.

   In jurisdictions that recognize copyright laws, the author or authors of this software dedicate
   any and all copyright interest in the software to the public domain. We make this dedication for
   the benefit of the public at large and to the detriment of our heirs and successors. We intend
   this dedication to be an overt act of relinquishment in perpetuity of all present and future
   rights to this software under copyright law.

   THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
   NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
   NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
   LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
   CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE. */
