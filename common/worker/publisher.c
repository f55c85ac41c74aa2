/*
 * Why offsets go last: should a late EndTxn of our own epoch ever commit a transaction early, then
 * outputs without their offsets are published once more, a duplicate; offsets without
 * their outputs would be a loss.
 */
#include "worker/publisher.h"

#include <assert.h>
#include <string.h>

void publisher_init(struct publisher *publisher, const struct io *io,
                    const struct publisher_settings *settings)
{
    assert(settings->transaction_timeout_ms > 0);
    publisher->io = io;
    publisher->settings = *settings;
    publisher->sources = NULL;
    publisher->source_count = 0;
    publisher->membership = NULL;
    publisher->producer_open = false;
    publisher->in_doubt = false;
    publisher->read_back_at_ms = 0;
}

static void producer_drop(struct publisher *publisher)
{
    publisher->io->producer_destroy(publisher->io->context);
    publisher->producer_open = false;
    publisher->in_doubt = true;
}

void publisher_release(struct publisher *publisher)
{
    if (publisher != NULL && publisher->producer_open)
        producer_drop(publisher);
}

void publisher_assign(struct publisher *publisher, struct source *sources, size_t count,
                      const void *membership)
{
    assert(membership != NULL && count <= PARTITION_BOUND);
    publisher->sources = sources;
    publisher->source_count = count;
    publisher->membership = membership;
    publisher->in_doubt = false;
    for (size_t i = 0; i < count; i++) {
        sources[i].published = sources[i].publishing = sources[i].committed;
        sources[i].seen = sources[i].published_next;
    }
}

void publisher_unassign(struct publisher *publisher)
{
    if (publisher->in_doubt && publisher->producer_open)
        producer_drop(publisher);
    publisher->sources = NULL;
    publisher->source_count = 0;
    publisher->membership = NULL;
}

enum io_result publisher_open(struct publisher *publisher, int64_t deadline_ms,
                              struct error *error)
{
    if (publisher->producer_open)
        return IO_OK;
    enum io_result result =
        publisher->io->producer_open(publisher->io->context, deadline_ms, error);
    publisher->producer_open = result == IO_OK;
    return result;
}

static enum publish_result failure(enum io_result result)
{
    return result == IO_LOST ? PUBLISH_LOST : PUBLISH_AGAIN;
}

static bool source_runs(const struct source *source)
{
    return !source->conflict && !source->stopped;
}

/* Takes out of `rows` what K says is published, and moves `published` behind it. */
static void rows_forget_published(struct publisher *publisher, struct outbox_row *rows,
                                  size_t *count)
{
    size_t owed = 0;
    for (size_t i = 0; i < *count; i++) {
        struct source *source = &publisher->sources[rows[i].source];
        if (rows[i].next_offset <= source->committed)
            source->published = rows[i].next_offset;
        else
            rows[owed++] = rows[i];
    }
    *count = owed;
}

/* K stands where we left it, and nobody else has put it there: recovery sees to it that every
 * offset that runs bears our tag. */
static bool committed_is_ours(const struct publisher *publisher, const struct source *source)
{
    return source->committed == source->published &&
           (source->committed == NO_OFFSET ||
            tag_is_ours(&publisher->settings.identity, source->owner_epoch, source->tag));
}

static enum publish_result disputed(const struct source *source, struct error *error)
{
    error_set(error, RETRY,
              "group offset of \"%s\" partition %d is %lld (\"%s\") where we published to %lld",
              source->at.topic, (int)source->at.partition, (long long)source->committed,
              source->tag, (long long)source->published);
    return PUBLISH_DISPUTED;
}

/* A new producer fences the old one, so that K can no longer move behind our back; then K
 * says which rows are owed. */
static enum publish_result doubt_end(struct publisher *publisher, struct outbox_row *rows,
                                     size_t *count, int64_t deadline_ms, struct error *error)
{
    const struct io *io = publisher->io;
    publisher->in_doubt = true;
    enum io_result result = publisher_open(publisher, deadline_ms, error);
    if (result == IO_OK)
        result = io->committed(io->context, publisher->sources, publisher->source_count,
                               deadline_ms, error);
    if (result != IO_OK)
        return failure(result);

    rows_forget_published(publisher, rows, count);
    for (size_t i = 0; i < publisher->source_count; i++) {
        const struct source *source = &publisher->sources[i];
        if (source_runs(source) && !committed_is_ours(publisher, source))
            return disputed(source, error);
    }
    publisher->in_doubt = false;
    return PUBLISHED;
}

/* Sets `publishing` of each source to where the rows lead. False when they do not chain from
 * what is published, which would hide a hole. */
static bool rows_chain(struct publisher *publisher, const struct outbox_row *rows, size_t count)
{
    for (size_t i = 0; i < publisher->source_count; i++)
        publisher->sources[i].publishing = publisher->sources[i].published;
    for (size_t i = 0; i < count; i++) {
        assert(rows[i].source < publisher->source_count);
        struct source *source = &publisher->sources[rows[i].source];
        if (source->publishing != NO_OFFSET && source->publishing != rows[i].from_offset)
            return false;
        source->publishing = rows[i].next_offset;
    }
    return true;
}

static size_t positions_collect(struct publisher *publisher)
{
    size_t count = 0;
    for (size_t i = 0; i < publisher->source_count; i++) {
        const struct source *source = &publisher->sources[i];
        if (source->publishing == source->published)
            continue;
        struct tagged_position *position = &publisher->positions[count++];
        position->source = source;
        position->offset = source->publishing;
        tag_format(&publisher->settings.identity, source->owner_epoch, position->tag);
    }
    return count;
}

/* Everything before the commit; the order is the protocol. */
static enum io_result transaction_fill(struct publisher *publisher,
                                       const struct outbox_row *rows, size_t count,
                                       int64_t deadline_ms, struct error *error)
{
    const struct io *io = publisher->io;
    enum io_result result = io->begin(io->context, error);
    for (size_t i = 0; result == IO_OK && i < count; i++)
        result = io->produce(io->context, &rows[i], error);
    if (result == IO_OK)
        result = io->flush(io->context, deadline_ms, error);
    if (result == IO_OK)
        result =
            io->send_offsets(io->context, publisher->positions, positions_collect(publisher),
                             publisher->membership, deadline_ms, error);
    return result;
}

/* IO_OK only for a commit that cannot have left a request behind, which would end the next transaction or set
 * its offsets back: one that took long may have been sent again below the library's own counting. */
static enum io_result transaction_commit(struct publisher *publisher, int64_t deadline_ms,
                                         struct error *error)
{
    const struct io *io = publisher->io;
    int64_t began_ms = io->now_ms(io->context);
    enum io_result result = io->commit(io->context, deadline_ms, error);
    if (result != IO_OK)
        return result;

    int64_t took_ms = io->now_ms(io->context) - began_ms;
    int requests = io->commit_requests_sent(io->context);
    if (requests == 1 && took_ms < publisher->settings.transaction_timeout_ms / 3)
        return IO_OK;
    error_set(error, RETRY, "commit is in doubt: one request was sent %d times, in %lld ms",
              requests, (long long)took_ms);
    return IO_AGAIN;
}

static enum publish_result transaction(struct publisher *publisher,
                                       const struct outbox_row *rows, size_t count,
                                       int64_t deadline_ms, struct error *error)
{
    const struct io *io = publisher->io;
    /* Nothing is gained by waiting longer than the coordinator does. */
    int64_t timeout_ms = io->now_ms(io->context) + publisher->settings.transaction_timeout_ms;
    if (deadline_ms > timeout_ms)
        deadline_ms = timeout_ms;
    enum io_result result = transaction_fill(publisher, rows, count, deadline_ms, error);
    if (result != IO_OK)
        io->abort(io->context, deadline_ms);
    else
        result = transaction_commit(publisher, deadline_ms, error);
    if (result != IO_OK) {
        producer_drop(publisher);
        return failure(result);
    }
    for (size_t i = 0; i < publisher->source_count; i++)
        publisher->sources[i].published = publisher->sources[i].publishing;
    return PUBLISHED;
}

/* The first rows that one transaction may carry: one in any case. */
static size_t rows_fitting(const struct outbox_row *rows, size_t count)
{
    size_t bytes = rows[0].payload.size, fitting = 1;
    while (fitting < count && bytes + rows[fitting].payload.size <= TRANSACTION_BYTES)
        bytes += rows[fitting++].payload.size;
    return fitting;
}

static void rows_drop(struct outbox_row *rows, size_t *count, size_t first)
{
    *count -= first;
    memmove(rows, rows + first, *count * sizeof *rows);
}

enum publish_result publisher_publish(struct publisher *publisher, struct outbox_row *rows,
                                      size_t *count, int64_t deadline_ms, struct error *error)
{
    assert(publisher->membership != NULL);
    if (publisher->in_doubt || !publisher->producer_open) {
        enum publish_result result = doubt_end(publisher, rows, count, deadline_ms, error);
        if (result != PUBLISHED)
            return result;
    }
    while (*count > 0) {
        size_t fitting = rows_fitting(rows, *count);
        if (!rows_chain(publisher, rows, fitting)) {
            error_set(error, RETRY, "outbox rows do not chain from what is published");
            return PUBLISH_DISPUTED;
        }
        enum publish_result result = transaction(publisher, rows, fitting, deadline_ms, error);
        if (result != PUBLISHED)
            return result;
        rows_drop(rows, count, fitting);
        if (*count > 0 && publisher->io->now_ms(publisher->io->context) >= deadline_ms) {
            error_set(error, RETRY, "%zu outbox rows are left after this turn", *count);
            return PUBLISH_AGAIN;
        }
    }
    return PUBLISHED;
}

bool publisher_read_back_due(const struct publisher *publisher)
{
    if (publisher->in_doubt ||
        publisher->io->now_ms(publisher->io->context) < publisher->read_back_at_ms)
        return false;
    for (size_t i = 0; i < publisher->source_count; i++) {
        const struct source *source = &publisher->sources[i];
        if (source_runs(source) && source->seen < source->published)
            return true;
    }
    return false;
}

enum publish_result publisher_read_back(struct publisher *publisher, int64_t deadline_ms,
                                        struct error *error)
{
    const struct io *io = publisher->io;
    publisher->read_back_at_ms = io->now_ms(io->context) + PUBLISHER_READ_BACK_MS;
    enum io_result result = io->committed(io->context, publisher->sources,
                                          publisher->source_count, deadline_ms, error);
    if (result != IO_OK)
        return failure(result);

    for (size_t i = 0; i < publisher->source_count; i++) {
        struct source *source = &publisher->sources[i];
        if (!source_runs(source))
            continue;
        if (!committed_is_ours(publisher, source))
            return disputed(source, error);
        source->seen = source->committed;
    }
    return PUBLISHED;
}
