#include "zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ZONE_DATA "/usr/share/zoneinfo/"

enum { ZONE_NAME_BOUND = 64, MONTHS = 12, MINUTE_S = 60 };

/* The zone's offset at local midnight of a day, as the programme counts it. */
static int offset_on(const struct programme *programme, epoch_day day)
{
    time_t at = (time_t)(day_to_instant(day, programme->utc_offset_minutes) / US_PER_SECOND);
    struct tm local = {0};
    localtime_r(&at, &local);
    return (int)(local.tm_gmtoff / MINUTE_S);
}

static enum outcome year_agrees(const struct programme *programme, int year,
                                struct error *error)
{
    for (int month = 1; month <= MONTHS; month++) {
        epoch_day day = day_from_civil((struct civil){year, month, 1});
        int minutes = offset_on(programme, day);
        char text[DAY_TEXT_SIZE + 1];
        if (minutes == programme->utc_offset_minutes)
            continue;
        day_format(day, text);
        return error_set(
            error, REJECT,
            "\"%.*s\" is %+03d:%02d from UTC on %s, and the file says %+03d:%02d; a "
            "programme has one offset all year",
            SLICE_ARGS(programme->timezone), minutes / 60, abs(minutes) % 60, text,
            programme->utc_offset_minutes / 60, abs(programme->utc_offset_minutes) % 60);
    }
    return OK;
}

static enum outcome years_agree(const struct programme *programme, struct error *error)
{
    enum outcome outcome = OK;
    for (size_t i = 0; i < programme->scheme_count; i++)
        for (size_t k = 0; k < programme->schemes[i].year_count && outcome == OK; k++)
            outcome = year_agrees(programme, programme->schemes[i].years[k].year, error);
    return outcome;
}

enum outcome zone_agrees(const struct programme *programme, struct error *error)
{
    char path[sizeof ZONE_DATA + ZONE_NAME_BOUND], zone[ZONE_NAME_BOUND + 2], before[256] = "";
    const char *own = getenv("TZ");
    if (programme->timezone.size > ZONE_NAME_BOUND)
        return error_set(error, REJECT, "the name of the zone is too long");
    snprintf(path, sizeof path, ZONE_DATA "%.*s", SLICE_ARGS(programme->timezone));
    if (access(path, R_OK) != 0)
        return OK;
    snprintf(zone, sizeof zone, ":%.*s", SLICE_ARGS(programme->timezone));
    if (own != NULL)
        snprintf(before, sizeof before, "%s", own);
    setenv("TZ", zone, 1);
    tzset();
    enum outcome outcome = years_agree(programme, error);
    if (own != NULL)
        setenv("TZ", before, 1);
    else
        unsetenv("TZ");
    tzset();
    return outcome;
}
