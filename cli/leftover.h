/* leftover.h - where a version still stands in documents that relver does not edit

   A bump leaves these behind, so `status` lists them. One rule: the current version counts wherever
   it stands, unless it is joined to a word that is nobody's here ("other==0.1.0") or told of as the
   past; an older one only where a package's name or a badge leads to it. A false find costs a
   glance.

   The look is bounded, asks git nothing, and takes time linear in what it reads: the documents in
   the root and beside each manifest, those below doc/ and docs/, and a few sources where a version
   is repeated by habit (`__version__`, html_root_url, CITATION.cff). Changelogs, licences, other
   people's directories, files above 1 MiB and binary ones are passed over. */
#ifndef RELVER_LEFTOVER_H
#define RELVER_LEFTOVER_H

#include "project.h"

struct leftover {
    const struct unit *unit;
    const char *path;
    relver_str doc, at; /* the file's text; the version in it */
    size_t line, col;
    bool older; /* stale already: not the unit's version but one below it */
    bool source; /* it stands in one of those sources */
};

struct leftovers {
    struct leftover *at;
    size_t count;
    size_t unread; /* documents beyond the limits, or that could not be read */
};

/* Finds them, in the order of the files read. Never fails: what cannot be read is counted. */
void leftover_find(struct arena *a, const struct project *project, struct leftovers *out);

/* Whether the file's path alone is the entry of `files` that covers it. */
bool leftover_alone(struct arena *a, const struct leftover *l);

#endif
