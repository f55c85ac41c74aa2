#include "worker/recover.h"

#include <assert.h>

enum settlement settle(const struct source *source, const struct identity *identity,
                       const char **reason)
{
    int64_t decided = source->next_offset, seen = source->published_next;
    int64_t committed = source->committed;
    bool ours = tag_is_ours(identity, source->owner_epoch, source->tag);

    *reason = "";
    if (seen > decided)
        *reason = "published further than decided: PostgreSQL contradicts itself";
    else if (decided < source->log_start)
        *reason = "records between our position and the log's start were deleted unread";
    else if (decided > source->log_end)
        *reason = "the log ends before our position";
    else if (committed == NO_OFFSET && seen < decided)
        *reason = "the group has no offset while outputs are owed";
    else if (committed == NO_OFFSET && decided > source->log_start)
        *reason = "the group has no offset: it expired, or the topic was made anew";
    else if (committed == NO_OFFSET || (committed == decided && seen == decided && !ours))
        return SETTLE_OFFSETS_ONLY;
    else if (committed > decided)
        *reason = "the group offset lies beyond what PostgreSQL decided";
    else if (committed < seen)
        *reason = "the group offset lies before what was seen published";
    else if (!ours)
        *reason = "the group offset was set by somebody else while outputs are owed";
    else
        return committed == decided ? SETTLE_CLEAN : SETTLE_PUBLISH;
    return SETTLE_CONFLICT;
}

static enum recover_result failure(enum io_result result)
{
    return result == IO_LOST ? RECOVER_LOST : RECOVER_LATER;
}

static int64_t earlier(int64_t a_ms, int64_t b_ms)
{
    return a_ms < b_ms ? a_ms : b_ms;
}

/* K can be read once the transactions of older owners have ended by themselves, which takes
 * their time-out and one scan of the broker at most. After that we do not guess. */
static enum io_result committed_await(const struct publisher *publisher, struct source *sources,
                                      size_t count, int64_t deadline_ms, struct error *error)
{
    const struct io *io = publisher->io;
    deadline_ms = earlier(deadline_ms, io->now_ms(io->context) +
                                           publisher->settings.transaction_timeout_ms +
                                           publisher->settings.scan_interval_ms);
    for (;;) {
        enum io_result result = io->committed(io->context, sources, count, deadline_ms, error);
        if (result != IO_AGAIN || io->now_ms(io->context) >= deadline_ms)
            return result;
        io->wait_ms(io->context, PUBLISHER_RETRY_MS);
    }
}

/* Who we are, and what PostgreSQL and Kafka say. The log's bounds are read twice: a new position
 * begins at the log's start, and the old owner may have moved G while the claim waited for it. */
static enum io_result positions_read(struct publisher *publisher, struct source *sources,
                                     size_t count, int64_t deadline_ms, struct error *error)
{
    const struct io *io = publisher->io;
    enum io_result result = io->log_bounds(io->context, sources, count, deadline_ms, error);
    if (result == IO_OK)
        result = io->claim(io->context, sources, count, error);
    if (result == IO_OK)
        result = io->log_bounds(io->context, sources, count, deadline_ms, error);
    if (result == IO_OK)
        result = publisher_open(publisher, deadline_ms, error);
    if (result == IO_OK)
        result = committed_await(publisher, sources, count, deadline_ms, error);
    return result;
}

static enum recover_result conflict(struct publisher *publisher, struct source *source,
                                    const char *reason, struct error *error)
{
    enum io_result result =
        publisher->io->conflict_mark(publisher->io->context, source, reason, error);
    if (result != IO_OK)
        return failure(result);
    source->conflict = true;
    return RECOVERED;
}

static enum recover_result rows_publish(struct publisher *publisher, struct outbox_row *rows,
                                        size_t count, int64_t deadline_ms, struct error *error)
{
    const struct io *io = publisher->io;
    for (;;) {
        switch (publisher_publish(publisher, rows, &count, deadline_ms, error)) {
        case PUBLISHED:
            return RECOVERED;
        case PUBLISH_LOST:
            return RECOVER_LOST;
        case PUBLISH_DISPUTED: /* the next recovery will see it at rest */
            return RECOVER_LATER;
        case PUBLISH_AGAIN:
            break;
        }
        if (io->now_ms(io->context) >= deadline_ms)
            return RECOVER_LATER;
        io->wait_ms(io->context, PUBLISHER_RETRY_MS);
    }
}

/* True when the rows lead from `from` without a hole, and not beyond `to`. */
static bool rows_lead(const struct outbox_row *rows, size_t count, int64_t from, int64_t to)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].from_offset != from || rows[i].next_offset <= from)
            return false;
        from = rows[i].next_offset;
    }
    return count > 0 && from <= to;
}

/* Publishes the rows from K to G, some at a time: each lot begins at K, so what is published
 * before a hole is found was owed in any case. */
static enum recover_result outbox_settle(struct publisher *publisher, size_t index,
                                         int64_t deadline_ms, struct error *error)
{
    const struct io *io = publisher->io;
    struct source *source = &publisher->sources[index];
    while (source->published < source->next_offset) {
        struct outbox_row rows[RECOVER_ROWS];
        size_t count = 0;
        enum io_result read =
            io->outbox_read(io->context, source, index, source->published, source->next_offset,
                            rows, RECOVER_ROWS, &count, error);
        if (read != IO_OK)
            return failure(read);
        assert(count <= RECOVER_ROWS);
        if (!rows_lead(rows, count, source->published, source->next_offset))
            return conflict(publisher, source, "outbox rows that are owed are missing", error);
        enum recover_result result = rows_publish(publisher, rows, count, deadline_ms, error);
        if (result != RECOVERED)
            return result;
    }
    return RECOVERED;
}

/* What the positions of a source that runs ask for; SETTLE_CLEAN of those that do not run. */
static enum settlement settlement_of(const struct publisher *publisher,
                                     const struct source *source, const char **reason)
{
    if (source->stopped || source->conflict)
        return SETTLE_CLEAN;
    return settle(source, &publisher->settings.identity, reason);
}

/* Commits K := G with our tag, as if there were no offset: nothing is owed. All in one transaction, because
 * one costs the same whatever its size, and a new service has none of its offsets yet. */
static enum recover_result offsets_settle(struct publisher *publisher, int64_t deadline_ms,
                                          struct error *error)
{
    struct outbox_row rows[PARTITION_BOUND];
    const char *reason;
    size_t count = 0;
    for (size_t i = 0; i < publisher->source_count; i++) {
        struct source *source = &publisher->sources[i];
        if (settlement_of(publisher, source, &reason) != SETTLE_OFFSETS_ONLY)
            continue;
        rows[count++] = (struct outbox_row){.source = i,
                                            .from_offset = source->next_offset,
                                            .next_offset = source->next_offset};
        source->published = NO_OFFSET;
    }
    return count == 0 ? RECOVERED : rows_publish(publisher, rows, count, deadline_ms, error);
}

static enum recover_result source_settle(struct publisher *publisher, size_t index,
                                         enum settlement wanted, int64_t deadline_ms,
                                         struct error *error)
{
    struct source *source = &publisher->sources[index];
    const char *reason;
    enum settlement settlement = settlement_of(publisher, source, &reason);
    if (settlement != wanted)
        return RECOVERED;
    switch (settlement) {
    case SETTLE_CLEAN:
    case SETTLE_OFFSETS_ONLY: /* of all at once */
        return RECOVERED;
    case SETTLE_CONFLICT:
        return conflict(publisher, source, reason, error);
    case SETTLE_PUBLISH:
        return outbox_settle(publisher, index, deadline_ms, error);
    }
    return RECOVER_LATER;
}

/* First what stops, then what gets our tag, last what is published: should a transaction be
 * in doubt, the publisher expects to find every running offset as we left it. */
static enum recover_result sources_settle(struct publisher *publisher, int64_t deadline_ms,
                                          struct error *error)
{
    enum recover_result result = RECOVERED;
    for (size_t i = 0; result == RECOVERED && i < publisher->source_count; i++)
        result = source_settle(publisher, i, SETTLE_CONFLICT, deadline_ms, error);
    if (result == RECOVERED)
        result = offsets_settle(publisher, deadline_ms, error);
    for (size_t i = 0; result == RECOVERED && i < publisher->source_count; i++)
        result = source_settle(publisher, i, SETTLE_PUBLISH, deadline_ms, error);
    return result;
}

enum recover_result recover_assignment(struct publisher *publisher, struct source *sources,
                                       size_t count, int64_t deadline_ms, struct error *error)
{
    const struct io *io = publisher->io;
    publisher_unassign(publisher);

    const void *membership = io->membership_save(io->context);
    if (membership == NULL) {
        error_set(error, RETRY, "the consumer is not a member of its group");
        return RECOVER_LOST;
    }
    for (size_t i = 0; i < count; i++)
        sources[i].conflict = false;
    enum io_result read = positions_read(publisher, sources, count, deadline_ms, error);
    if (read != IO_OK)
        return failure(read);

    publisher_assign(publisher, sources, count, membership);
    enum recover_result result = sources_settle(publisher, deadline_ms, error);
    if (result != RECOVERED)
        publisher_unassign(publisher);
    return result;
}
