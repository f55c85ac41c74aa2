#include "base/client_log.h"

#include <string.h>

void client_log_init(struct client_log *log, client_log_line *line, void *context)
{
    memset(log, 0, sizeof *log);
    log->line = line;
    log->context = context;
}

/* Its place in the table: FNV-1a of the name. Two facilities that meet share a silence. */
static struct client_log_facility *facility_of(struct client_log *log, const char *name)
{
    uint32_t hash = UINT32_C(2166136261);

    for (; *name != '\0'; name++)
        hash = (hash ^ (unsigned char)*name) * UINT32_C(16777619);
    return &log->facilities[hash % CLIENT_LOG_FACILITIES];
}

void client_log_write(struct client_log *log, int64_t now_ms, int level, const char *facility,
                      const char *message)
{
    if (log == NULL || log->line == NULL)
        return;
    struct client_log_facility *place = facility_of(log, facility);
    int64_t quiet_until = atomic_load(&place->quiet_until_ms);
    /* Of several threads that find the silence over, the exchange lets one speak. */
    if ((quiet_until != 0 && now_ms < quiet_until) ||
        !atomic_compare_exchange_strong(&place->quiet_until_ms, &quiet_until,
                                        now_ms + CLIENT_LOG_QUIET_MS)) {
        atomic_fetch_add(&place->unsaid, 1);
        return;
    }
    log->line(log->context, level, facility, message, atomic_exchange(&place->unsaid, 0));
}
