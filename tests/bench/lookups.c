/* lookups - the least that 1,000 requests cost: libcurl without relver

   usage: lookups URL    asks for URL/pNNNN?write=true, from 0000 on, 256 at once. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

enum { COUNT = 1000, AT_ONCE = 256 };

static size_t ignore(char *bytes, size_t size, size_t n, void *data)
{
    (void)bytes;
    (void)size;
    (void)data;
    return n;
}

static void ask(CURLM *multi, const char *base, int i)
{
    char url[256];
    CURL *easy = curl_easy_init();
    snprintf(url, sizeof(url), "%s/p%04d?write=true", base, i);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_CAINFO, getenv("SSL_CERT_FILE"));
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore);
    curl_multi_add_handle(multi, easy);
}

/* How many requests have ended; the first that has no answer ends all. */
static int collect(CURLM *multi)
{
    CURLMsg *m;
    int n = 0, left;
    while ((m = curl_multi_info_read(multi, &left)) != NULL) {
        CURL *easy = m->easy_handle;
        long status = 0;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        if (m->data.result != CURLE_OK || status != 200) {
            fprintf(stderr, "lookups: status %ld, %s\n", status,
                    curl_easy_strerror(m->data.result));
            exit(1);
        }
        curl_multi_remove_handle(multi, easy);
        curl_easy_cleanup(easy);
        n++;
    }
    return n;
}

int main(int argc, char **argv)
{
    int begun = 0, ended = 0, running;
    if (argc != 2) {
        fputs("usage: lookups URL\n", stderr);
        return 2;
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURLM *multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_MAX_CONCURRENT_STREAMS, (long)AT_ONCE);
    curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, 8L);
    while (ended < COUNT) {
        while (begun < COUNT && begun - ended < AT_ONCE)
            ask(multi, argv[1], begun++);
        curl_multi_perform(multi, &running);
        ended += collect(multi);
        if (running > 0)
            curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
    curl_multi_cleanup(multi);
    curl_global_cleanup();
    return 0;
}
