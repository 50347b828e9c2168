/* python.h - names and requirements as Python's tools spell them; pure */
#ifndef RELVER_PYTHON_H
#define RELVER_PYTHON_H

#include "../relver.h"
#include "arena.h"

/* A package's name in lower case, with `join` for each run of "-_."; its name in files has '_'. */
relver_str python_joined(struct arena *a, relver_str name, char join);

/* The same in PEP 503's normal form. */
relver_str python_name(struct arena *a, relver_str name);

/* A specifier as uv writes it into uv.lock: versions in their normal form, the clauses in the order
   of their versions, no blanks. What is no specifier comes back with its blanks trimmed. */
relver_str python_locked(struct arena *a, relver_str specifier);

/* Whether two specifiers are the same to uv. */
bool python_same(struct arena *a, relver_str x, relver_str y);

/* relver_requirement for Python, which also takes poetry's forms: ^1.2, ~1.2 and the bare 1.2,
   which is exact. */
relver_err python_requirement(struct arena *a, relver_buf *out, relver_str req, relver_str old,
                              relver_str now, relver_pin pin, relver_diag *diag);

#endif
