/* Requests keep the pace of their server. Nobody is there; as no http is asked for but https, this
   machine is asked as slowly as any. */
/* links: cli/net.c cli/run.c cli/shared.c cli/str.c cli/msg.c cli/arena.c cli/relver.c */
#define _POSIX_C_SOURCE 200809L
#include "../../cli/net.h"
#include "../check.h"

#include <time.h>

static long long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Milliseconds that so many requests take, of which the last goes to another server. */
static long long took(size_t n, unsigned gap, unsigned tries)
{
    struct arena a = {0};
    struct fail fail = {0};
    struct net_pace pace = {gap, 10, tries, 1000, 0}, other = {5000, 10, 1, 1000, 0};
    struct net_request requests[8] = {{0}};
    long long from = now_ms();
    for (size_t i = 0; i < n; i++)
        requests[i] = (struct net_request){.url = "https://127.0.0.1:1/x", .accept = "text/plain",
                                           .pace = i + 1 < n ? &pace : &other};
    if (!net_get(&a, requests, n, &fail)) {
        CHECK_STR(fail.code, "net.missing");
        check_skipped++;
        from = -1;
    }
    for (size_t i = 0; i < n && from >= 0; i++)
        CHECK(requests[i].result == NET_NETWORK);
    arena_free(&a);
    return from < 0 ? -1 : now_ms() - from;
}

int main(void)
{
    long long slow = took(5, 150, 1), fast = took(5, 0, 1), again = took(2, 700, 2);
    CHECK_F(slow < 0 || (slow >= 450 && slow < 1500), "%lld ms", slow);
    CHECK_F(fast < 450, "%lld ms", fast);
    CHECK_F(again < 0 || again >= 700, "%lld ms", again); /* another try is a request, too */
    return check_done();
}
