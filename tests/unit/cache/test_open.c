/* What a cache is opened with: a host and its addresses, the file of a password. */
#include "cache/cache.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* A name that nobody knows at the moment is a cache that is away: no reason not to start. It is not asked for again with
 * each call, for a resolver that is away keeps the caller waiting. */
static void a_host_that_is_unknown_is_a_cache_that_is_away(void **state)
{
    (void)state;
    struct error error = {""};
    struct cache_item item = {.key = SLICE("k"), .value = SLICE("v")};
    struct cache_settings settings = {.host = "256.256.256.256", .port = 1};
    struct cache *cache = cache_open(&settings, &error);
    assert_non_null(cache);
    cache_put(cache, 0, &item, 1);
    assert_true(cache_counts(cache).away);
    assert_non_null(
        strstr(cache_error(cache), "could not look up Redis at \"256.256.256.256\": "));
    cache_put(cache, CACHE_PAUSE_MS, &item, 1);
    assert_int_equal(cache_counts(cache).errors, 2);
    assert_non_null(strstr(cache_error(cache), "within a minute it is tried again"));
    cache_close(cache);
}

static const char *password_file(const char *text)
{
    static char path[] = "/tmp/kerja_password_XXXXXX";
    snprintf(path + sizeof path - 7, 7, "XXXXXX");
    FILE *file = fdopen(mkstemp(path), "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    fclose(file);
    return path;
}

static void a_file_that_is_no_password_is_told(void **state)
{
    (void)state;
    static char longest[2048];
    const char *const contents[] = {"", "\n", "  \n", longest};
    memset(longest, 'a', sizeof longest - 1);
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        struct error error;
        const char *path = password_file(contents[i]);
        assert_null(cache_open(
            &(struct cache_settings){.host = "127.0.0.1", .port = 1, .password_file = path},
            &error));
        assert_non_null(strstr(error.text, "expected one line"));
        unlink(path);
    }
}

/* What a name stands for while the flag is set: an address that refuses, then the server's. */
static bool two_addresses;
int __real_getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                       struct addrinfo **found);
int __wrap_getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                       struct addrinfo **found);
int __wrap_getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                       struct addrinfo **found)
{
    if (!two_addresses)
        return __real_getaddrinfo(host, service, hints, found);
    int failure = __real_getaddrinfo("127.0.0.9", service, hints, found);
    return failure != 0 ? failure
                        : __real_getaddrinfo("127.0.0.1", service, hints, &(*found)->ai_next);
}

/* "localhost" is ::1 first, where nobody may listen. */
static void the_next_address_of_a_name_is_tried(void **state)
{
    (void)state;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    struct cache_item item = {.key = SLICE("k"), .value = SLICE("v")};
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    two_addresses = true;
    struct cache *cache = cache_open(
        &(struct cache_settings){.host = "localhost", .port = ntohs(address.sin_port)}, NULL);
    assert_non_null(cache);
    cache_put(cache, 0, &item, 1);
    two_addresses = false;
    assert_string_equal(cache_error(cache), "could not connect to Redis: Connection refused");
    cache_put(cache, CACHE_PAUSE_MS, &item, 1);
    assert_string_equal(cache_error(cache), "Redis did not answer in time");
    cache_close(cache);
    close(listener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_that_is_unknown_is_a_cache_that_is_away),
        cmocka_unit_test(a_file_that_is_no_password_is_told),
        cmocka_unit_test(the_next_address_of_a_name_is_tried),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
