/*
 * kerja position adopt, kerja position rewind, kerja position republish.
 *
 * An officer's answer to a partition that stopped because its positions disagree. Seen, planned, told,
 * agreed to, done: positions are read from both sides, the plan is printed with what it costs, and
 * nothing is changed before somebody agrees.
 *
 * Then, in this order: the row of audit is written; the position is moved, in a transaction that sees
 * whether it is still what was shown; the group's offset is set, which Kafka refuses while the group
 * has a member; and both transactions are committed, the audit's first. So a refusal by either side leaves
 * all as it was, nothing is changed without a trace, and a command that died in between leaves
 * positions that disagree again: repeating it mends that.
 */
#include "commands.h"

#include "ctl_embedded.h"
#include "persist/source_position.h"
#include "position_plan.h"
#include "positions.h"
#include "table.h"
#include "worker/tag.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    LIST_ARENA = 4 << 20,
    TRANSACTION_IDLE_MS = 60000, /* longer than Kafka may take to answer */
    SUBJECT_SIZE = 320
};

struct change {
    struct session session;
    const char *service;
    struct service_position seen;
    struct position_plan plan;
    struct database database;
    struct arena arena;
};

static bool seen_find(struct change *change, const char *topic, int64_t partition)
{
    static struct service_positions positions;
    struct error *error = &change->session.call->error;
    if (positions_read(&change->session, change->service, &positions) != OK)
        return false;
    for (size_t i = 0; i < positions.count; i++) {
        if (positions.items[i].at.partition == partition &&
            strcmp(positions.items[i].at.topic, topic) == 0) {
            change->seen = positions.items[i];
            return true;
        }
    }
    error_set(error, REJECT,
              "cannot find a position of %s in \"%s\" partition %" PRId64
              "; `kerja position list` has them all",
              change->service, topic, partition);
    return false;
}

/* What both sides say, into the plan. */
static bool plan_fill(struct change *change)
{
    struct session *session = &change->session;
    struct error *error = &session->call->error;
    const struct service_position *seen = &change->seen;
    struct position start = {.at = seen->at};
    char partition[SQL_NUMBER_SIZE], published[SQL_NUMBER_SIZE];
    snprintf(partition, sizeof partition, "%" PRId32, seen->at.partition);
    snprintf(published, sizeof published, "%" PRId64, seen->published_next);
    const char *parameters[] = {session->cluster_id, seen->at.topic, partition, published};
    if (broker_starts(session->broker, &start, 1, error) != OK)
        return false;
    PGresult *owed = sql_run(session->sql, ctl_sql_position_owed_sql, parameters, 4, error);
    if (owed == NULL)
        return false;
    change->plan =
        (struct position_plan){.published_next = seen->published_next,
                               .committed = seen->committed < 0 ? OFFSET_NONE : seen->committed,
                               .next_offset = seen->next_offset,
                               .log_start = start.offset,
                               .log_end = seen->end,
                               .owed = {.count = sql_number(owed, 0, 0),
                                        .from_offset = sql_number(owed, 0, 1),
                                        .next_offset = sql_number(owed, 0, 2),
                                        .chain = slice_is(sql_text(owed, 0, 3), "t")}};
    PQclear(owed);
    return true;
}

static void plan_print(const struct change *change)
{
    const struct position_plan *plan = &change->plan;
    const struct service_position *seen = &change->seen;
    char committed[SQL_NUMBER_SIZE] = "none", consequence[CONSEQUENCE_SIZE];
    if (plan->committed != OFFSET_NONE)
        snprintf(committed, sizeof committed, "%" PRId64, plan->committed);
    printf("%s, \"%s\" partition %" PRId32 ": W %" PRId64 ", K %s, G %" PRId64 ", log %" PRId64
           " to %" PRId64 ", %s%s\n",
           change->service, seen->at.topic, seen->at.partition, plan->published_next, committed,
           plan->next_offset, plan->log_start, plan->log_end,
           seen->conflict ? "in conflict: " : "runs", seen->conflict ? seen->reason : "");
    position_plan_consequence(plan, consequence);
    printf("W and K become %" PRId64 ", G %s %" PRId64 "%s: %s.\n", plan->to_published_next,
           plan->to_next_offset == plan->next_offset ? "stays" : "becomes",
           plan->to_next_offset, plan->forget ? ", and the partition's outbox is emptied" : "",
           consequence);
    fflush(stdout);
}

static int agree(const struct call *call)
{
    char answer[8] = "";
    if (call_value(call, "--yes") != NULL)
        return EXIT_DONE;
    if (!isatty(STDIN_FILENO))
        return call_misused(call,
                            "nothing was changed: with nobody to be asked it needs --yes");
    printf("Do it? Type yes: ");
    fflush(stdout);
    if (fgets(answer, sizeof answer, stdin) != NULL && strcmp(answer, "yes\n") == 0)
        return EXIT_DONE;
    return call_fails(call, "nothing was changed");
}

static void detail_write(const struct change *change, struct buffer *detail)
{
    const struct position_plan *plan = &change->plan;
    char numbers[256];
    int size = snprintf(numbers, sizeof numbers,
                        "{\"published_next\": [%" PRId64 ", %" PRId64
                        "], \"committed\": [%" PRId64 ", %" PRId64
                        "], \"next_offset\": [%" PRId64 ", %" PRId64 "], \"cluster_id\": ",
                        plan->published_next, plan->to_published_next, plan->committed,
                        plan->to_published_next, plan->next_offset, plan->to_next_offset);
    buffer_append(detail, numbers, (size_t)size);
    json_text_write(slice_of(change->session.cluster_id), detail);
    buffer_append(detail, ", \"reason\": ", 12);
    json_text_write(slice_of(change->seen.reason), detail);
    buffer_append(detail, "}", 2); /* with its terminating zero */
}

/* Begins the transaction of the audit, and leaves it open. */
static bool audit_write(struct change *change)
{
    struct session *session = &change->session;
    const struct call *call = session->call;
    struct error *error = &session->call->error;
    struct buffer detail = {0};
    char subject[SUBJECT_SIZE];
    snprintf(subject, sizeof subject, "%s/%s/%" PRId32, change->service, change->seen.at.topic,
             change->seen.at.partition);
    detail_write(change, &detail);
    PGresult *written = NULL;
    if (buffer_failed(&detail)) {
        error_set(error, STOP, "cannot write the audit: no memory");
    } else if (sql_execute(session->sql, "BEGIN", error)) {
        const char *audit[] = {call_value(call, "--second-actor"), call->command->name, subject,
                               detail.data};
        written = sql_run(session->sql, ctl_sql_position_audit_sql, audit, 4, error);
    }
    PQclear(written);
    buffer_release(&detail);
    return written != NULL;
}

/* Opens the transaction that moves the position, and reads its owner_epoch there. From here on whoever
 * else moves it lets the transaction fail. */
static enum outcome position_open(struct change *change, int64_t *owner_epoch)
{
    struct error *error = &change->session.call->error;
    const struct database_settings settings = {.uri = change->session.settings.postgres,
                                               .service = change->service,
                                               .idle_in_transaction_timeout_ms =
                                                   TRANSACTION_IDLE_MS};
    struct source_position *positions;
    size_t count = 0;
    enum outcome outcome = database_init(&change->database, &settings, error);
    if (outcome == OK)
        outcome = database_connect(&change->database, error);
    if (outcome == OK)
        outcome =
            database_execute(&change->database, "BEGIN ISOLATION LEVEL REPEATABLE READ", error);
    if (outcome == OK)
        outcome = source_position_list(&change->database, change->session.cluster_id,
                                       &positions, &count, &change->arena, error);
    if (outcome != OK)
        return outcome;
    for (size_t i = 0; i < count; i++) {
        const struct source_position *position = &positions[i];
        if (position->at.partition == change->seen.at.partition &&
            strcmp(position->at.topic, change->seen.at.topic) == 0 &&
            position->next_offset == change->plan.next_offset &&
            position->published_next == change->plan.published_next) {
            *owner_epoch = position->owner_epoch;
            return OK;
        }
    }
    return error_set(error, REJECT, "the position has moved since it was shown; look again");
}

static enum outcome position_move(struct change *change)
{
    struct error *error = &change->session.call->error;
    const struct position_command command = {.at = change->seen.at,
                                             .next_offset = change->plan.to_next_offset,
                                             .published_next = change->plan.to_published_next,
                                             .forget = change->plan.forget};
    return source_position_set(&change->database, change->session.cluster_id, &command, error);
}

/* With our tag, as the worker that decided would have committed it. */
static enum outcome group_move(struct change *change, int64_t owner_epoch)
{
    struct error *error = &change->session.call->error;
    const struct position to = {.at = change->seen.at,
                                .offset = change->plan.to_published_next};
    char identifier[SYSTEM_IDENTIFIER_SIZE], tag[TAG_SIZE];
    struct identity identity = {0};
    enum outcome outcome = database_system_identifier(&change->database, identifier, error);
    if (outcome != OK)
        return outcome;
    snprintf(identity.service, sizeof identity.service, "%s", change->service);
    identity.system_identifier = strtoull(identifier, NULL, 10);
    tag_format(&identity, owner_epoch, tag);
    outcome = broker_commit(change->session.broker, change->service, &to, tag, error);
    if (outcome != REJECT)
        return outcome;
    return error_set(error, REJECT,
                     "nothing was changed: the group \"%s\" has members, and only they may set "
                     "its offsets; end every worker of the service and wait until "
                     "KERJA_SESSION_TIMEOUT (45 s) is over, which keeps the place of each",
                     change->service);
}

static enum outcome change_make(struct change *change)
{
    struct error *error = &change->session.call->error;
    int64_t owner_epoch = 0;
    if (!audit_write(change))
        return STOP;
    enum outcome outcome = position_open(change, &owner_epoch);
    if (outcome == OK)
        outcome = position_move(change);
    if (outcome == OK)
        outcome = group_move(change, owner_epoch + 1);
    if (outcome == OK && !sql_execute(change->session.sql, "COMMIT", error))
        outcome = STOP;
    if (outcome == OK && database_execute(&change->database, "COMMIT", error) != OK)
        outcome =
            error_wrap(error, RETRY, "could not say whether PostgreSQL has it; repeat it");
    return outcome;
}

static enum outcome plan_make(struct change *change, int64_t offset)
{
    struct call *call = change->session.call;
    if (call->command == &position_adopt_command)
        return position_plan_adopt(&change->plan, offset, &call->error);
    if (call->command == &position_rewind_command)
        return position_plan_rewind(&change->plan, offset, &call->error);
    return position_plan_republish(&change->plan, &call->error);
}

static int change_run(struct change *change, const char *topic, int64_t partition,
                      int64_t offset)
{
    struct call *call = change->session.call;
    if (!seen_find(change, topic, partition) || !plan_fill(change) ||
        plan_make(change, offset) != OK)
        return call_fails(call, NULL);
    plan_print(change);
    int status = agree(call);
    if (status != EXIT_DONE)
        return status;
    if (change_make(change) != OK)
        return call_fails(call, NULL);
    printf("done; start the workers of %s\n", change->service);
    return EXIT_DONE;
}

/* `offset` is OFFSET_NONE where the command needs none. */
static int change_position(struct call *call, int64_t offset)
{
    static struct change change;
    int64_t partition = -1;
    const char *topic = call_value(call, "--topic");
    change.service = call_value(call, "--service");
    if (!call_number(call, "--partition", 0, INT32_MAX, &partition))
        return EXIT_USAGE;
    if (change.service == NULL || topic == NULL || partition < 0)
        return call_misused(call, "expected --service, --topic and --partition");
    if (!service_known(change.service))
        return call_misused(call, "there is no service \"%s\"", change.service);
    int status = session_open(&change.session, call, OPEN_SQL | OPEN_BROKER);
    if (status == EXIT_DONE && !arena_init(&change.arena, LIST_ARENA))
        status = call_fails(call, "cannot reserve memory for positions");
    if (status == EXIT_DONE)
        status = change_run(&change, topic, partition, offset);
    database_release(&change.database);
    arena_release(&change.arena);
    session_close(&change.session);
    return status;
}

static int adopt(struct call *call)
{
    int64_t offset = OFFSET_NONE;
    if (!call_number(call, "--offset", 0, INT64_MAX, &offset))
        return EXIT_USAGE;
    return change_position(call, offset);
}

static int rewind_to(struct call *call)
{
    int64_t offset = OFFSET_NONE;
    if (!call_number(call, "--offset", 0, INT64_MAX, &offset))
        return EXIT_USAGE;
    if (offset == OFFSET_NONE)
        return call_misused(call, "expected --offset");
    return change_position(call, offset);
}

static int republish(struct call *call)
{
    return change_position(call, OFFSET_NONE);
}

#define PLACE_OPTIONS                                                                          \
    {"--service", "SERVICE", "application, completion or incentive"},                          \
        {"--topic", "TOPIC", "the topic it reads"},                                            \
        {"--partition", "N", "the topic's partition"},                                         \
        {"--second-actor", "NAME", "who else agreed, for the audit"},                          \
    {                                                                                          \
        "--yes", NULL, "do it without asking"                                                  \
    }

static const struct call_option adopt_options[] = {
    PLACE_OPTIONS, {"--offset", "N", "go on from here instead of the group's offset"}};
static const struct call_option rewind_options[] = {
    PLACE_OPTIONS, {"--offset", "N", "the first record that is decided again"}};
static const struct call_option republish_options[] = {PLACE_OPTIONS};

#define NO_WORKER                                                                              \
    "\nPrints what it will do and asks. No worker of the service may run, nor have run "       \
    "within\n"                                                                                 \
    "KERJA_SESSION_TIMEOUT: Kafka lets nobody else set the offset of a group with members."

const struct command position_adopt_command = {
    .name = "position adopt",
    .arguments = "",
    .summary = "believes Kafka: a stopped partition goes on from the group's offset",
    .description =
        "Moves both positions of PostgreSQL to the group's offset in Kafka, or, with "
        "--offset,\n"
        "all three to that place, and forgets what the outbox holds of the partition. What\n"
        "was decided beyond is decided again; what lies between is never decided." NO_WORKER,
    .options = adopt_options,
    .option_count = sizeof adopt_options / sizeof *adopt_options,
    .run = adopt,
};

const struct command position_rewind_command = {
    .name = "position rewind",
    .arguments = "",
    .summary = "decides a partition's records again from an offset on",
    .description =
        "Moves all three positions back to --offset, and forgets what the outbox holds of the\n"
        "partition. Refused where outputs that nobody has seen published would be "
        "lost." NO_WORKER,
    .options = rewind_options,
    .option_count = sizeof rewind_options / sizeof *rewind_options,
    .run = rewind_to,
};

const struct command position_republish_command = {
    .name = "position republish",
    .arguments = "",
    .summary = "believes PostgreSQL: a stopped partition's outputs are published again",
    .description = "Moves the group's offset in Kafka to where PostgreSQL last saw the outputs "
                   "published.\n"
                   "The worker that takes the partition publishes from there, from the outbox. "
                   "Nothing is\n"
                   "lost; readers may see outputs twice, with the same ids." NO_WORKER,
    .options = republish_options,
    .option_count = sizeof republish_options / sizeof *republish_options,
    .run = republish,
};
