/* bind.h - what the places that were found speak of: packages, the units that these are released
   in, and for each place of a lock file the one that it repeats */
#ifndef RELVER_BIND_H
#define RELVER_BIND_H

#include "model.h"
#include "names.h"

/* Makes a package of each manifest that describes one. */
void bind_packages(struct arena *a, struct project *project, struct names *names);

/* Binds the places to them, and makes the units. */
void bind_places(struct arena *a, struct project *project, struct names *names);

#endif
