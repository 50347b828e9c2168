/* net.h - HTTP for those who ask: many requests at once, each within its limits

   libcurl is opened when the first request is made, so a command that asks nothing starts without
   it. https only, TLS 1.2 or later; plain http to the loopback. No redirect is followed, no proxy
   stands before the loopback, nothing is read from .netrc, and of what a server says only numbers
   go into messages. A signal ends relver at once: reading leaves nothing behind. */
#ifndef RELVER_NET_H
#define RELVER_NET_H

#include "../relver.h"
#include "arena.h"
#include "msg.h"

/* Why there is no answer. That one of these is never read as "no" is for the caller to see to. */
enum net_result {
    NET_ANSWER,    /* a whole one: 200, or 304 where an etag was given, or 404 or 410 */
    NET_AUTH,      /* it wants another token, or one at all */
    NET_LIMITED,   /* too many requests */
    NET_NETWORK,   /* not reached, or cut short */
    NET_TLS,       /* not who it should be */
    NET_SERVER,    /* its own failure */
    NET_PROTOCOL,  /* no answer that can be understood */
    NET_TOO_LARGE,
    NET_DEADLINE
};

/* The word that scripts see: "auth", "limited", .. */
const char *net_code(enum net_result result);

/* How a server is asked; each has one, and all requests to it share that. */
struct net_pace {
    unsigned gap;     /* milliseconds between the starts of two requests; loopback: none */
    unsigned seconds; /* for a request with all its tries; RELVER_TIMEOUT says another time */
    unsigned tries;   /* at most, of what may have been an accident */
    size_t most;      /* bytes of an answer, unpacked */
    long long next;   /* when the next request may start */
};

/* What a server is told so that it answers. Nobody but net.c and creds.c sees its text, so nobody
   else can print it, and it goes to the origin of this one URL only. The text stays the caller's;
   `from` is who says it, for people. Exit code 4 for what is no token. */
struct secret;
enum net_scheme {
    NET_VERBATIM,   /* a scheme, if any, is part of it */
    NET_BEARER,
    NET_BASIC,      /* "user:password" in base64 */
    NET_BASIC_OF,   /* a password, with its user */
    NET_BASIC_OF_64 /* the same, in base64 */
};
bool net_secret(struct arena *a, const char *url, enum net_scheme scheme, relver_str user,
                relver_str text, const char *from, const struct secret **out, struct fail *fail);

struct net_request {
    const char *url, *accept;
    const char *etag; /* of the answer that the caller still has, or NULL */
    const struct secret *secret; /* or NULL */
    struct net_pace *pace;

    enum net_result result;
    const char *what; /* why, for people; "registry.example: no answer within 60 seconds" */
    int status;
    relver_str body;     /* NUL-terminated */
    const char *new_etag; /* NULL: none */
};

/* Makes all requests and returns when each has its result. False, exit code 4, only when no request
   can be made at all. */
bool net_get(struct arena *a, struct net_request *requests, size_t n, struct fail *fail);

/* Whether a URL is https, or http to this machine, and names no user; and the second of the two. */
bool net_is_url(const char *url);
bool net_is_loopback(const char *url);

/* Whether two URLs have the same scheme, host and port, spelt alike. */
bool net_same_origin(const char *url, relver_str other);

#endif
