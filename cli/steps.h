/* steps.h - what is done to refs, here and on the remote: a list that is shown, confirmed once and
   then taken in its order, and says how far it came */
#ifndef RELVER_STEPS_H
#define RELVER_STEPS_H

#include "gates.h"

struct step {
    enum { STEP_HAVE, STEP_TAG, STEP_PUSH, STEP_REMOVE } act;
    const char *ref;
    relver_str oid;     /* of the commit; REMOVE: what the tag says */
    relver_str seen;    /* PUSH: what the remote's says */
    relver_str message; /* TAG: absent: a lightweight one */
    const char *what;   /* PUSH: of which commit, while that is still to be made */
};

struct steps {
    struct stand *stand;
    struct step *at;
    size_t count;
};

void steps_add(struct steps *s, struct step step);

/* A push of a commit to a branch there. */
void steps_push(struct steps *s, relver_str branch, relver_str oid, const char *what);

/* Shows a plan and asks whether to do what others will see: act is "push" or the like. True
   with -y and for a dry run. Without a terminal it is exit code 2, which names -y. */
bool steps_ask(struct context *ctx, const struct text *plan, const char *act);

/* Puts into the failure how far the command came, " WHAT" for each; and exit code 5, the same
   command goes on, for what could be tried again, where it cannot be taken back. */
void steps_half(struct context *ctx, const struct text *done, bool forever);

/* The same for steps that push. */
bool steps_confirm(const struct steps *s);

/* Takes them; nothing in a dry run. Once something was pushed, what could be tried again is exit
   code 5: the same command goes on. */
bool steps_take(struct steps *s);

/* Prints them, or adds them to the document that json begins, and ends that. */
void steps_print(const struct steps *s, struct text *json);

#endif
