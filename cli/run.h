/* run.h - other programs: the only place that starts processes, and never a shell

   A program's name is looked up on PATH and its arguments are an array, so nothing in them is read
   twice. It has relver's environment but for what is named here. What starts without a terminal has
   a process group of its own, so that a deadline ends it with all that it started; killing relver
   does not: what git has begun, it completes. */
#ifndef RELVER_RUN_H
#define RELVER_RUN_H

#include "../relver.h"
#include "arena.h"
#include "msg.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether a program of that name is on PATH. */
bool run_has(struct arena *a, const char *name);

/* How many seconds somebody far away has to answer: RELVER_TIMEOUT, else the usual number. */
unsigned run_seconds(unsigned usual);

struct run {
    const char *const *argv; /* ends with NULL */
    const char *const *env;  /* "NAME=VALUE", or "NAME" to take it away; ends with NULL */
    const char *keep;        /* "NAME PREFIX* ..": only that of relver's environment; NULL: all */
    const char *dir;         /* where it runs; NULL: where relver does */
    relver_str input;        /* its standard input */
    unsigned seconds;        /* after which it is ended; 0: it may take what it takes */
};

struct ran {
    int status;          /* its exit code; 128 + the signal that ended it */
    bool late;           /* it was ended at its deadline */
    relver_str out, err; /* what it said; NUL-terminated */
};

/* Runs a program to its end. False, exit code 4, only when it cannot be started or not all that was
   said arrived. */
bool run(struct arena *a, const struct run *what, struct ran *out, struct fail *f);

/* Runs a function in a process of its own, so that its end at the deadline, or a crash, is not
   relver's: of it comes back what a program would have said, and its exit code. What else it does
   to memory is lost. False as run's, which calls it by name. */
bool run_apart(struct arena *a, const char *name,
               int (*work)(void *data, struct text *out, struct text *err), void *data,
               unsigned seconds, struct ran *out, struct fail *f);

/* A program that answers while it runs, and whose complaints nobody hears; starts as {0}. */
struct child {
    long pid; /* 0: none */
    int in, out;
    char *buf; /* of what it said: [at, len) is not read yet */
    size_t at, len, cap;
    bool ended; /* it says no more */
    struct arena *arena;
};

bool child_start(struct arena *a, const struct run *what, struct child *c, struct fail *f);
bool child_say(struct child *c, relver_str text);

/* What comes before the next `end`, such as a line before '\n', or the next n bytes; false when
   there is no more. Valid until the next call. */
bool child_until(struct child *c, char end, relver_str *text);
bool child_bytes(struct child *c, size_t n, relver_str *bytes);

/* Its exit code; one that has more to say is ended. */
int child_stop(struct child *c);

#endif
