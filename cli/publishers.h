/* publishers.h - whether a project's workflows can publish what they are to publish */
#ifndef RELVER_PUBLISHERS_H
#define RELVER_PUBLISHERS_H

#include "outlet.h"

/* publishers: what the files of .github/workflows do without a token they have the permission for,
   and crates.io knows the crate, and takes it from them. Asks crates.io only. What cannot be read,
   or asked, is a finding of status 4. */
bool publishers_check(struct context *ctx, const struct project *project,
                      const struct outlets *outlets, struct findings *out);

#endif
