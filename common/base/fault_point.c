#include "base/fault_point.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DESCRIPTORS = 1024, TEXT_BOUND = 64 };

static const char *const point_names[FAULT_POINT_COUNT] = {
    "decoded",          "decided",
    "commit-sent",      "committed",
    "pushed",           "begun",
    "produced",         "flushed",
    "offsets-sent",     "transaction-committed",
    "membership-saved", "claimed",
    "producer-opened",  "committed-read",
    "outbox-read",      "settled"};

const char *fault_point_name(enum fault_point point)
{
    return point_names[point];
}

#ifdef KERJA_FAULTS

static enum fault_point armed_point = FAULT_POINT_COUNT;
static char armed_kind;
static atomic_int passes_left;

static enum fault_point point_find(const char *name, size_t size)
{
    for (int point = 0; point < FAULT_POINT_COUNT; point++)
        if (strlen(point_names[point]) == size && memcmp(point_names[point], name, size) == 0)
            return (enum fault_point)point;
    return FAULT_POINT_COUNT;
}

static bool kind_known(const char *kind, size_t size)
{
    static const char *const kinds[] = {"exit", "stop", "drop"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strlen(kinds[i]) == size && memcmp(kinds[i], kind, size) == 0)
            return true;
    return false;
}

enum outcome fault_point_arm(const char *text, struct error *error)
{
    if (text == NULL || text[0] == '\0')
        return OK;
    size_t point_size = strcspn(text, ":");
    const char *kind = text + point_size + (text[point_size] == ':');
    size_t kind_size = strcspn(kind, ":");
    long passes = kind[kind_size] == ':' ? strtol(kind + kind_size + 1, NULL, 10) : 1;
    enum fault_point point = point_find(text, point_size);
    if (point == FAULT_POINT_COUNT || !kind_known(kind, kind_size) || passes < 1)
        return error_set(
            error, STOP,
            "KERJA_FAULT is \"%.*s\": expected POINT:KIND[:N], such as committed:exit",
            TEXT_BOUND, text);
    armed_point = point;
    armed_kind = kind[0];
    atomic_store(&passes_left, (int)passes);
    return OK;
}

static void connections_drop(void)
{
    for (int descriptor = 3; descriptor < DESCRIPTORS; descriptor++) {
        int accepts = 0;
        socklen_t size = sizeof accepts;
        if (getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &accepts, &size) == 0 && !accepts)
            shutdown(descriptor, SHUT_RDWR);
    }
}

void fault_point_pass(enum fault_point point)
{
    if (point != armed_point || atomic_fetch_sub(&passes_left, 1) != 1)
        return;
    dprintf(STDERR_FILENO, "fault point %s\n", point_names[point]);
    switch (armed_kind) {
    case 'e':
        _exit(FAULT_EXIT_STATUS);
    case 's':
        raise(SIGSTOP);
        return;
    case 'd':
        connections_drop();
        return;
    }
}

#else

enum outcome fault_point_arm(const char *text, struct error *error)
{
    if (text == NULL || text[0] == '\0')
        return OK;
    return error_set(error, STOP,
                     "KERJA_FAULT is \"%.*s\", but this program was built without fault points",
                     TEXT_BOUND, text);
}

void fault_point_pass(enum fault_point point)
{
    (void)point;
}

#endif
