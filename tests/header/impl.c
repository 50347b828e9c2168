/* impl.c - the one translation unit that holds the functions */
#define RELVER_IMPLEMENTATION
#include "../../relver.h"
