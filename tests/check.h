/* check.h - the unit tests' whole framework: count, report where, go on. A program of checks ends
   with `return check_done();`, whose last line tests/run adds up. */
#ifndef CHECK_H
#define CHECK_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A function of a header that not every test calls. */
#if defined(__GNUC__)
#define UNUSED __attribute__((unused))
#else
#define UNUSED
#endif

static int check_passed, check_failed, check_skipped;

#if defined(__GNUC__)
__attribute__((format(printf, 4, 5)))
#endif
UNUSED static bool check_at(bool ok, const char *file, int line, const char *format, ...)
{
    if (ok) {
        check_passed++;
        return true;
    }
    check_failed++;
    va_list args;
    va_start(args, format);
    printf("%s:%d: FAIL: ", file, line);
    vprintf(format, args);
    putchar('\n');
    va_end(args);
    return false;
}

/* CHECK(condition); CHECK_F(condition, "what it was about: %s", ..) */
#define CHECK(c) check_at((c), __FILE__, __LINE__, "%s", #c)
#define CHECK_F(c, ...) check_at((c), __FILE__, __LINE__, __VA_ARGS__)
#define CHECK_STR(got, want) \
    check_at(strcmp((got), (want)) == 0, __FILE__, __LINE__, "got '%s', want '%s'", (got), (want))

UNUSED static int check_done(void)
{
    printf("%d passed, %d failed, %d skipped\n", check_passed, check_failed, check_skipped);
    return check_failed != 0;
}

#endif
