/*
 * kerja clock: fires what is due.
 *
 * Without --until it runs until SIGTERM by the real clock. A service's timers fire only when its
 * positions are past every record appended before they were due, so that an outage at midnight
 * punishes nobody. With --until it plays simulated time: while nobody is behind, it fires the
 * earliest timers, all of one local day, and waits until what follows from them is done too.
 *
 * Produced, flushed, and only then marked fired: a crash in between fires twice, which is harmless.
 */
#include "commands.h"

#include "base/clock.h"
#include "persist/timer.h"
#include "positions.h"
#include "quiet.h"
#include "rulebook.h"
#include "schemas/events.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    TIMERS_AT_ONCE = 5000,
    TIMER_ARENA = 64 << 20,
    LOOK_EVERY_MS = 1000,
    AWAY_EVERY_MS = 60000,
    STEP_DAYS_AT_MOST = 31
};

static const struct event_type *const timer_events[SERVICES] = {
    &timer_application_event, &timer_completion_event, &timer_incentive_event};

struct clock {
    struct session session;
    struct database databases[SERVICES];
    bool opened[SERVICES];
    struct arena arena;
    int utc_offset_minutes;
    const char *groups[QUIET_GROUPS];
    size_t group_count;
    bool telling; /* a day has fired something that was not printed yet */
    epoch_day day;
    int64_t fired[SERVICES];
    int64_t away_said_ms;
};

/* Opens a service's timers once it has a schema; a service that has none has none due. */
static enum outcome timers_open(struct clock *clock, size_t service, bool *there)
{
    struct error *error = &clock->session.call->error;
    struct database *database = &clock->databases[service];
    const struct database_settings settings = {.uri = clock->session.settings.postgres,
                                               .service = service_names[service]};
    error->text[0] = '\0';
    *there = clock->opened[service] ||
             sql_has(clock->session.sql, service_names[service], "timer", error);
    if (!*there)
        return error->text[0] == '\0' ? OK : RETRY;
    if (!clock->opened[service] && database_init(database, &settings, error) != OK)
        return STOP;
    clock->opened[service] = true;
    return database_ensure(database, error);
}

static enum outcome timers_produce(struct clock *clock, size_t service,
                                   const struct timer *timers, size_t count)
{
    enum outcome outcome = OK;
    for (size_t i = 0; i < count && outcome == OK; i++) {
        const struct timer_fired event = {.timer_id = timers[i].timer_id,
                                          .subject_id = timers[i].subject_id,
                                          .kind = timers[i].kind,
                                          .due_at = timers[i].due_at,
                                          .attempt = timers[i].attempt + 1};
        outcome = session_send(&clock->session, timer_events[service], &event);
    }
    if (outcome == OK)
        outcome = session_flush(&clock->session);
    if (outcome != OK)
        session_producer_renew(&clock->session);
    return outcome;
}

static void day_tell(struct clock *clock)
{
    char day[DAY_TEXT_SIZE + 1];
    if (!clock->telling)
        return;
    progress_end();
    day_format(clock->day, day);
    printf("%s  fired:", day);
    for (size_t i = 0; i < SERVICES; i++)
        printf("  %s %" PRId64, service_names[i], clock->fired[i]);
    printf("\n");
    fflush(stdout);
    clock->telling = false;
    memset(clock->fired, 0, sizeof clock->fired);
}

static void day_count(struct clock *clock, epoch_day day, size_t service, size_t count)
{
    if (clock->telling && clock->day != day)
        day_tell(clock);
    clock->telling = true;
    clock->day = day;
    clock->fired[service] += (int64_t)count;
}

/* Leaves as many of the timers, earliest first, as are past: the service has heard everything said before the last of
 * them was due. What was due long ago does not wait until what is due now may fire. */
static enum outcome timers_past(struct clock *clock, size_t service, const struct timer *timers,
                                size_t *count)
{
    for (; *count > 0; *count /= 2) {
        bool past;
        enum outcome outcome = positions_past(&clock->session, service_names[service],
                                              timers[*count - 1].due_at, &past);
        if (outcome != OK || past)
            return outcome;
    }
    return OK;
}

/* Fires at most TIMERS_AT_ONCE timers of a service due at `until`, in real time only those that are past; `*count` says
 * how many. */
static enum outcome timers_fire(struct clock *clock, size_t service, instant_us until,
                                bool real_time, size_t *count)
{
    struct error *error = &clock->session.call->error;
    struct timer *timers;
    size_t due = 0;
    bool there;
    *count = 0;
    arena_reset(&clock->arena);
    enum outcome outcome = timers_open(clock, service, &there);
    if (outcome != OK || !there)
        return outcome;
    outcome = timer_due(&clock->databases[service], until, TIMERS_AT_ONCE, &timers, &due,
                        &clock->arena, error);
    if (outcome == OK && real_time)
        outcome = timers_past(clock, service, timers, &due);
    if (outcome != OK || due == 0)
        return outcome;
    outcome = timers_produce(clock, service, timers, due);
    if (outcome == OK)
        outcome = timer_fired(&clock->databases[service], timers, due, error);
    if (outcome != OK)
        return outcome;
    *count = due;
    day_count(clock, instant_to_day(timers[due - 1].due_at, clock->utc_offset_minutes), service,
              due);
    return OK;
}

/* All timers of all services due at `until`. A service that fails holds up no other; the first failure is told. */
static enum outcome round_fire(struct clock *clock, instant_us until, bool real_time)
{
    struct error *error = &clock->session.call->error, reason;
    enum outcome first = OK;
    for (size_t i = 0; i < SERVICES; i++) {
        enum outcome outcome;
        size_t count;
        do
            outcome = timers_fire(clock, i, until, real_time, &count);
        while (outcome == OK && count == TIMERS_AT_ONCE);
        if (first == OK && outcome != OK) {
            first = outcome;
            reason = *error;
        }
    }
    if (first != OK)
        *error = reason;
    return first;
}

static enum outcome earliest_find(struct clock *clock, instant_us until, bool *found,
                                  instant_us *earliest)
{
    enum outcome outcome = OK;
    *found = false;
    for (size_t i = 0; i < SERVICES && outcome == OK; i++) {
        struct timer *timers;
        size_t count = 0;
        bool there;
        arena_reset(&clock->arena);
        outcome = timers_open(clock, i, &there);
        if (outcome == OK && there)
            outcome = timer_due(&clock->databases[i], until, 1, &timers, &count, &clock->arena,
                                &clock->session.call->error);
        if (outcome == OK && count == 1 && (!*found || timers[0].due_at < *earliest)) {
            *found = true;
            *earliest = timers[0].due_at;
        }
    }
    return outcome;
}

/* The last instant of a local day. */
static instant_us day_end(const struct clock *clock, epoch_day day)
{
    return day_to_instant(day + 1, clock->utc_offset_minutes) - 1;
}

static epoch_day earlier(epoch_day one, epoch_day other)
{
    return one < other ? one : other;
}

static enum outcome play(struct clock *clock, epoch_day until, int64_t step_days)
{
    for (;;) {
        bool found;
        instant_us earliest = 0;
        enum outcome outcome = quiet_wait(&clock->session, clock->groups, clock->group_count);
        if (outcome == OK)
            outcome = earliest_find(clock, day_end(clock, until), &found, &earliest);
        if (outcome != OK || !found)
            return outcome;
        epoch_day day = instant_to_day(earliest, clock->utc_offset_minutes);
        day = earlier(until, day + (epoch_day)step_days - 1);
        outcome = round_fire(clock, day_end(clock, day), false);
        if (outcome != OK)
            return outcome;
    }
}

/* What is away is told once a minute: the clock waits for it. */
static void away_tell(struct clock *clock)
{
    int64_t now_ms = monotonic_ms();
    if (clock->away_said_ms != 0 && now_ms < clock->away_said_ms + AWAY_EVERY_MS)
        return;
    clock->away_said_ms = now_ms;
    fprintf(stderr, "kerja clock: %s; it tries again every second\n",
            clock->session.call->error.text);
}

/* A lost connection of ours is made anew; those to the timers reconnect by themselves. */
static void connection_mend(struct clock *clock)
{
    struct error error;
    struct sql *fresh = sql_open(clock->session.settings.postgres, &error);
    if (fresh == NULL)
        return;
    sql_close(clock->session.sql);
    clock->session.sql = fresh;
}

static enum outcome tick(struct clock *clock, bool once)
{
    do {
        enum outcome outcome = round_fire(clock, realtime_us(), true);
        if (outcome != OK && once)
            return outcome;
        if (outcome != OK) {
            away_tell(clock);
            connection_mend(clock);
        } else {
            clock->away_said_ms = 0;
        }
        day_tell(clock);
    } while (!once && session_pause(LOOK_EVERY_MS));
    return OK;
}

static int groups_read(struct clock *clock, struct call *call)
{
    static char names[2048];
    const char *given = call_value(call, "--wait-for");
    if (given == NULL)
        return EXIT_DONE;
    if (call_value(call, "--until") == NULL)
        return call_misused(call, "--wait-for belongs to --until");
    if (strlen(given) >= sizeof names)
        return call_misused(call, "--wait-for is too long");
    memcpy(names, given, strlen(given) + 1);
    for (char *rest = names, *name; (name = strsep(&rest, ",")) != NULL;) {
        if (*name == '\0')
            continue;
        if (clock->group_count == QUIET_GROUPS)
            return call_misused(call, "--wait-for takes at most %d groups", QUIET_GROUPS);
        clock->groups[clock->group_count++] = name;
    }
    return EXIT_DONE;
}

static void clock_close(struct clock *clock)
{
    for (size_t i = 0; i < SERVICES; i++)
        if (clock->opened[i])
            database_release(&clock->databases[i]);
    arena_release(&clock->arena);
    session_close(&clock->session);
}

static int run(struct call *call)
{
    static struct clock clock;
    epoch_day until = 0;
    int64_t step_days = 1;
    bool once = call_value(call, "--once") != NULL, plays = call_value(call, "--until") != NULL;
    if (!call_day(call, "--until", &until) || groups_read(&clock, call) != EXIT_DONE ||
        !call_number(call, "--step", 1, STEP_DAYS_AT_MOST, &step_days))
        return EXIT_USAGE;
    if (once && plays)
        return call_misused(call, "--once and --until exclude each other");
    if (!plays && call_value(call, "--step") != NULL)
        return call_misused(call, "--step belongs to --until");
    session_listen();
    int status = session_open(&clock.session, call, OPEN_SQL | OPEN_BROKER | OPEN_PRODUCER);
    if (status == EXIT_DONE && !arena_init(&clock.arena, TIMER_ARENA))
        status = call_fails(call, "cannot reserve memory for timers");
    if (status == EXIT_DONE) {
        /* Before any programme is published there is no local day: UTC will do. */
        enum outcome outcome = rulebook_offset(&clock.session, &clock.utc_offset_minutes);
        if (outcome == OK || !plays)
            outcome = plays ? play(&clock, until, step_days) : tick(&clock, once);
        day_tell(&clock);
        if (outcome != OK)
            status = call_fails(call, NULL);
    }
    clock_close(&clock);
    return status;
}

static const struct call_option options[] = {
    {"--until", "DAY", "play simulated time to the end of this local day, then end"},
    {"--step", "DAYS", "fire so many days at once: faster, for who answers within them (1)"},
    {"--wait-for", "GROUP,...", "foreign consumer groups that must have caught up too"},
    {"--once", NULL, "fire what is due now, then end"},
};

const struct command clock_command = {
    .name = "clock",
    .arguments = "",
    .summary = "fires deadlines and instalments that are due",
    .description =
        "Without options it runs until SIGTERM and fires each timer when it is due, provided\n"
        "that its service has heard everything said before. Run exactly one.\n"
        "With --until it plays simulated time, for replays and the demo: whenever all three\n"
        "services and the groups of --wait-for have caught up, it fires the earliest timers,\n"
        "all of one day, until none is due before the end of DAY. It prints one line a day.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
