/* github.h - what a workflow's later steps may read of status, check and bump */
#ifndef RELVER_GITHUB_H
#define RELVER_GITHUB_H

#include "model.h"

/* In GitHub Actions appends to $GITHUB_OUTPUT, else does nothing: packages, as JSON, and where the
   project has one version only, version tag prev_tag prerelease dist_tag pep440. What is not known
   is empty. Exit codes: passport_issue's; 8 when the file cannot be written. */
bool github_output(struct arena *a, const struct project *project, struct fail *fail);

#endif
