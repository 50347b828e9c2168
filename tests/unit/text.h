/* text.h - what the tests of versions share: printable views, random text. */
#ifndef TEXT_H
#define TEXT_H

#include "../block.h"

/* A printable copy of a view, for messages; eight at a time. */
static const char *show(relver_str s)
{
    static char text[8][1024];
    static int turn;
    char *to = text[turn++ % 8];
    size_t n = s.len < sizeof text[0] ? s.len : sizeof text[0] - 1;
    for (size_t i = 0; i < n; i++)
        to[i] = s.ptr[i] >= ' ' && s.ptr[i] <= '~' ? s.ptr[i] : '?';
    to[n] = '\0';
    return to;
}

static bool is(relver_str s, const char *text)
{
    return relver_eq(s, relver_s(text));
}

/* Text that looks like a version, mostly: pieces that matter, and now and then any byte. */
static size_t roll_text(char *to, size_t room)
{
    static const char *const pieces[] = {
        "1.2.3", "0", "1", "2", "10", "01", ".", ".", "-", "+", "rc", "alpha", "beta", "dev", "a",
        "b", "c", "post", "r", "rev", "pre", "preview", "RC", "v", "!", "_", "0.4.0", "x",
        "abc1234", "g0123456", "-rc.1", ".dev0", "+local", "99999999999999999999999", " ", "\t",
        "nightly",
    };
    size_t len = 0, n = roll(9), start = roll(2);
    for (size_t i = 0; i < n; i++) {
        const char *piece = pieces[i < start ? 0 : roll(COUNT(pieces))];
        if (len + strlen(piece) >= room)
            break;
        memcpy(to + len, piece, strlen(piece));
        len += strlen(piece);
    }
    if (len > 0 && roll(8) == 0)
        to[roll(len)] = (char)roll(256);
    return len;
}

#endif
