/* other.c - a second translation unit with functions of its own, for RELVER_STATIC */
#define RELVER_IMPLEMENTATION
#include "../../relver.h"

relver_str other(void);

relver_str other(void)
{
    return relver_s("other");
}
