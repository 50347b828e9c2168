/* tool.h - the tools that write to a registry: the user's own, for relver's requests only read

   Each has the arguments of one act as an array and a small environment: what any program needs,
   the build machine's identity, by which npm and twine get a token themselves, and its own settings
   and tokens, but no other tool's. relver sees none of them. */
#ifndef RELVER_TOOL_H
#define RELVER_TOOL_H

#include "endpoint.h"
#include "run.h"

enum tool_act { TOOL_PUBLISH, TOOL_TAG, TOOL_WITHDRAW, TOOL_RESTORE, TOOL_ACTS };

struct tool_job {
    enum tool_act act;
    const struct endpoint *at;
    relver_str name, version; /* of the package */
    relver_str tag;           /* npm's dist-tag, always told */
    relver_str reason;        /* it is withdrawn, which npm tells who installs it */
    const char *root;         /* where it runs */
    struct list files;        /* from there: npm's directory or tarball, beginning with "./" or '/';
                                 PyPI's files */
    bool workspace;           /* npm's package is one of pnpm's workspace */
    bool dirty;               /* the files need not be those of git */
};

/* The program and all that it is given. Exit code 1, "tool", when none for that is on PATH. */
bool tool_find(struct arena *a, const struct tool_job *job, struct run *out, struct fail *fail);

/* What would be typed for it. */
const char *tool_line(struct arena *a, const struct run *what);

#endif
