#define _POSIX_C_SOURCE 200809L
#include "shared.h"

#include <dlfcn.h>
#include <string.h>

const char *shared_open(struct arena *a, const char *library,
                        const struct shared_function *functions, size_t n, void *table)
{
    void *opened = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (opened == NULL)
        return arena_printf(a, "%s cannot be loaded", library);
    for (size_t i = 0; i < n; i++) {
        void *found = dlsym(opened, functions[i].name);
        if (found == NULL)
            return arena_printf(a, "%s has no %s", library, functions[i].name);
        memcpy((char *)table + functions[i].offset, &found, sizeof found);
    }
    return NULL;
}
