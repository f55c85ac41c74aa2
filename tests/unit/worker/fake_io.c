#include "fake_io.h"

const struct publisher_settings fake_settings = {
    .identity = {"fake", 1}, .transaction_timeout_ms = 9000, .scan_interval_ms = 1000};

static enum io_result called(struct fake *fake, char call)
{
    if (fake->call_count + 1 < FAKE_CALLS)
        fake->calls[fake->call_count++] = call;
    if (call != fake->failing || fake->failures == 0)
        return IO_OK;
    fake->failures--;
    return fake->failure;
}

static enum io_result claim(void *context, struct source *sources, size_t count,
                            struct error *error)
{
    struct fake *fake = context;
    (void)error;
    for (size_t i = 0; i < count; i++) {
        const struct source *known = &fake->positions[sources[i].at.partition];
        sources[i].next_offset = known->next_offset;
        sources[i].published_next = known->published_next;
        sources[i].owner_epoch = known->owner_epoch;
        sources[i].stopped = known->stopped;
    }
    return called(fake, 'C');
}

static enum io_result outbox_read(void *context, const struct source *source, size_t index,
                                  int64_t from, int64_t to, struct outbox_row *rows,
                                  size_t capacity, size_t *count, struct error *error)
{
    struct fake *fake = context;
    (void)error;
    *count = 0;
    for (size_t i = 0; i < fake->row_count && *count < capacity; i++) {
        const struct outbox_row *row = &fake->rows[i];
        if ((int32_t)row->source != source->at.partition || row->from_offset < from ||
            row->from_offset >= to)
            continue;
        rows[*count] = *row;
        rows[(*count)++].source = index;
    }
    return called(fake, 'R');
}

static enum io_result conflict_mark(void *context, const struct source *source,
                                    const char *reason, struct error *error)
{
    struct fake *fake = context;
    (void)source, (void)error;
    snprintf(fake->conflict, sizeof fake->conflict, "%s", reason);
    return called(fake, 'X');
}

static const void *membership_save(void *context)
{
    struct fake *fake = context;
    called(fake, 'M');
    return fake->no_member ? NULL : fake;
}

static enum io_result log_bounds(void *context, struct source *sources, size_t count,
                                 int64_t deadline_ms, struct error *error)
{
    struct fake *fake = context;
    (void)deadline_ms, (void)error;
    for (size_t i = 0; i < count; i++) {
        sources[i].log_start = fake->positions[sources[i].at.partition].log_start;
        sources[i].log_end = fake->positions[sources[i].at.partition].log_end;
    }
    return called(fake, 'L');
}

static enum io_result committed(void *context, struct source *sources, size_t count,
                                int64_t deadline_ms, struct error *error)
{
    struct fake *fake = context;
    (void)deadline_ms, (void)error;
    for (size_t i = 0; i < count; i++) {
        const struct source *known = &fake->positions[sources[i].at.partition];
        sources[i].committed = known->committed;
        memcpy(sources[i].tag, known->tag, TAG_SIZE);
    }
    return called(fake, 'K');
}

static enum io_result producer_open(void *context, int64_t deadline_ms, struct error *error)
{
    (void)deadline_ms, (void)error;
    return called(context, 'O');
}

static void producer_destroy(void *context)
{
    called(context, 'D');
}

static enum io_result begin(void *context, struct error *error)
{
    struct fake *fake = context;
    (void)error;
    fake->produced = 0;
    fake->sent_count = 0;
    return called(fake, 'b');
}

static enum io_result produce(void *context, const struct outbox_row *row, struct error *error)
{
    struct fake *fake = context;
    (void)error;
    fake->produced += row->record_count;
    return called(fake, 'p');
}

static enum io_result flush(void *context, int64_t deadline_ms, struct error *error)
{
    (void)deadline_ms, (void)error;
    return called(context, 'f');
}

static enum io_result send_offsets(void *context, const struct tagged_position *positions,
                                   size_t count, const void *membership, int64_t deadline_ms,
                                   struct error *error)
{
    struct fake *fake = context;
    (void)membership, (void)deadline_ms, (void)error;
    memcpy(fake->sent, positions, count * sizeof *positions);
    fake->sent_count = count;
    return called(fake, 'o');
}

static enum io_result commit(void *context, int64_t deadline_ms, struct error *error)
{
    struct fake *fake = context;
    (void)deadline_ms, (void)error;
    enum io_result result = called(fake, 'c');
    fake->now_ms += fake->commit_takes_ms;
    if (result != IO_OK && !fake->commit_stands)
        return result;
    fake->visible += fake->produced;
    for (size_t i = 0; i < fake->sent_count; i++) {
        struct source *known = &fake->positions[fake->sent[i].source->at.partition];
        known->committed = fake->sent[i].offset;
        memcpy(known->tag, fake->sent[i].tag, TAG_SIZE);
    }
    return result;
}

static void abort_transaction(void *context, int64_t deadline_ms)
{
    (void)deadline_ms;
    called(context, 'a');
}

static int commit_requests_sent(void *context)
{
    return ((struct fake *)context)->end_txn_requests;
}

static int64_t now_ms(void *context)
{
    return ((struct fake *)context)->now_ms;
}

static void wait_ms(void *context, int64_t duration_ms)
{
    ((struct fake *)context)->now_ms += duration_ms;
}

struct io fake_io(struct fake *fake)
{
    fake->end_txn_requests = 1;
    return (struct io){.context = fake,
                       .claim = claim,
                       .outbox_read = outbox_read,
                       .conflict_mark = conflict_mark,
                       .membership_save = membership_save,
                       .log_bounds = log_bounds,
                       .committed = committed,
                       .producer_open = producer_open,
                       .producer_destroy = producer_destroy,
                       .begin = begin,
                       .produce = produce,
                       .flush = flush,
                       .send_offsets = send_offsets,
                       .commit = commit,
                       .abort = abort_transaction,
                       .commit_requests_sent = commit_requests_sent,
                       .now_ms = now_ms,
                       .wait_ms = wait_ms};
}

void fake_position(struct fake *fake, int partition, int64_t seen, int64_t committed_offset,
                   int64_t decided)
{
    struct source *position = &fake->positions[partition];
    *position = (struct source){.at = {.topic = "in", .partition = partition},
                                .log_end = 1000,
                                .next_offset = decided,
                                .published_next = seen,
                                .owner_epoch = 3,
                                .committed = committed_offset};
    if (committed_offset != NO_OFFSET)
        tag_format(&fake_settings.identity, 2, position->tag);
}

void fake_row(struct fake *fake, int partition, int64_t from, int64_t next, int32_t records)
{
    fake->rows[fake->row_count++] = (struct outbox_row){.source = (size_t)partition,
                                                        .from_offset = from,
                                                        .next_offset = next,
                                                        .record_count = records};
}
