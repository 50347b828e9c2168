/* relver.c - the one file that compiles the header's functions */
#define RELVER_IMPLEMENTATION
#include "../relver.h"
