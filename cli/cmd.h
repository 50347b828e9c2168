/* cmd.h - the commands; each cmd_*.c holds one option table and one run function */
#ifndef RELVER_CMD_H
#define RELVER_CMD_H

#include "opt.h"

#include "../relver.h"

int cmd_status(struct context *ctx);
int cmd_show(struct context *ctx);
int cmd_check(struct context *ctx);
int cmd_bump(struct context *ctx);
int cmd_version(struct context *ctx);
int cmd_edit(struct context *ctx);

/* Appends "name": "text", or null when it is absent. */
void json_str(struct text *t, const char *name, relver_str s);

extern const struct option show_options[], check_options[], bump_options[], version_options[];
extern const struct option edit_options[];
extern const char version_more[], edit_more[];

#endif
