/* load.h - which files a project has: its manifests, workspace by workspace, their lock files, what
   `files` names, and where a manifest says that its version is; each is read and scanned once */
#ifndef RELVER_LOAD_H
#define RELVER_LOAD_H

#include "model.h"
#include "names.h"

/* Fills project->files and project->unread, and names the files by path. Exit codes: fs.h's; 2 for
   a malformed file, and for a member outside the project. */
bool load_files(struct arena *a, struct project *project, struct names *names, struct fail *fail);

#endif
