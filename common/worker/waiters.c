/*
 * waiters - the waiting events of a batch: by place, by key, and those that are due in the order in which they are
 * decided.
 *
 * Tens of thousands may come with one batch, and each decision of it may wake some. So nothing here looks at
 * all of them: places and keys are tries over a hash, and who is due stands in a heap.
 * A waiter is looked at when it comes, when its timer fires, and when a row of its key appears; who remains after
 * that waits for a row that is absent, and only its appearing can change that.
 *
 * All links lie in the batch's arena; deciding begins anew by forgetting the list, and the rest with it.
 */
#include "worker/worker.h"

#include <assert.h>

static uint64_t mixed(uint64_t number)
{
    number = (number ^ (number >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    number = (number ^ (number >> 27)) * UINT64_C(0x94d049bb133111eb);
    return number ^ (number >> 31);
}

static int compare(const struct waiter *a, const struct waiter *b)
{
    if (a->stored.occurred_at != b->stored.occurred_at)
        return a->stored.occurred_at < b->stored.occurred_at ? -1 : 1;
    int order = slice_compare(a->stored.event_id, b->stored.event_id);
    return order != 0 ? order : (a->number > b->number) - (a->number < b->number);
}

static uint64_t place_hash(const struct waiting_record *record)
{
    uint64_t hash =
        mixed((uint64_t)record->record_offset * 2 + 1) ^ (uint32_t)record->partition;
    for (size_t i = 0; i < record->topic.size; i++)
        hash = (hash ^ (unsigned char)record->topic.data[i]) * UINT64_C(0x100000001b3);
    return mixed(hash);
}

static bool same_place(const struct waiting_record *a, const struct waiting_record *b)
{
    return a->partition == b->partition && a->record_offset == b->record_offset &&
           slice_equal(a->topic, b->topic);
}

bool waiters_hold(const struct worker *worker, const struct waiting_record *record)
{
    if (worker->round->waiters == NULL)
        return false;
    const struct waiter *at = worker->round->waiting.places;
    for (uint64_t hash = place_hash(record); at != NULL; hash <<= 2) {
        if (same_place(&at->stored, record))
            return true;
        at = at->by_place[hash >> 62];
    }
    return false;
}

/* An event that waits anew for another row has its place twice: whichever is found, it is held. */
static void link_by_place(struct worker *worker, struct waiter *waiter)
{
    struct waiter **at = &worker->round->waiting.places;
    for (uint64_t hash = place_hash(&waiter->stored); *at != NULL; hash <<= 2)
        at = &(*at)->by_place[hash >> 62];
    *at = waiter;
}

/* Where the key stands, or where it would. */
static struct waiting_key **key_at(struct worker *worker, const struct uuid *key)
{
    struct waiting_key **at = &worker->round->waiting.keys;
    uint64_t hash;
    memcpy(&hash, key->bytes + 8, sizeof hash);
    for (hash = mixed(hash); *at != NULL && !uuid_equal(&(*at)->key, key); hash <<= 2)
        at = &(*at)->by_key[hash >> 62];
    return at;
}

static bool link_by_key(struct worker *worker, struct waiter *waiter)
{
    struct waiting_key **at = key_at(worker, &waiter->stored.key);
    if (*at == NULL) {
        *at = arena_alloc(&worker->round->arena, sizeof **at);
        if (*at == NULL)
            return false;
        (*at)->key = waiter->stored.key;
    }
    waiter->next_of_key = (*at)->first;
    (*at)->first = waiter;
    return true;
}

bool waiters_add(struct worker *worker, struct waiter *waiter)
{
    if (worker->round->waiters ==
        NULL) /* what is left is of an earlier batch, or of an earlier try at this one */
        worker->round->waiting = (struct waiting_index){0};
    waiter->number = (uint32_t)worker->round->waiting.count++;
    if (!link_by_key(worker, waiter))
        return false;
    waiter->next = worker->round->waiters;
    worker->round->waiters = waiter;
    link_by_place(worker, waiter);
    waiters_look(worker, waiter);
    return true;
}

struct waiter *waiters_of(struct worker *worker, const struct uuid *key)
{
    if (worker->round->waiters == NULL)
        return NULL;
    const struct waiting_key *known = *key_at(worker, key);
    return known == NULL ? NULL : known->first;
}

void waiters_look(struct worker *worker, struct waiter *waiter)
{
    if (waiter->looking || waiter->done)
        return;
    waiter->looking = true;
    waiter->next_to_look = worker->round->waiting.look;
    worker->round->waiting.look = waiter;
}

/* A row is there: whoever waits under its key is looked at, once for each table. */
static void appeared(struct worker *worker, const struct fact *fact)
{
    struct waiting_key *known = *key_at(worker, &fact->key);
    uint32_t table = UINT32_C(1) << fact->table;
    if (known == NULL || fact->row == NULL || (known->appeared & table) != 0)
        return;
    known->appeared |= table;
    for (struct waiter *waiter = known->first; waiter != NULL; waiter = waiter->next_of_key)
        waiters_look(worker, waiter);
}

void waiters_look_for_rows(struct worker *worker)
{
    struct waiting_index *index = &worker->round->waiting;
    const struct facts *facts = &worker->round->facts;
    for (const struct fact *fact = facts->touched; fact != NULL; fact = fact->next_touched)
        if (fact->state == FACT_ADDED)
            appeared(worker, fact);
    const struct fact *fact = index->seen == NULL ? facts->first : index->seen->next_in_order;
    for (; fact != NULL; fact = fact->next_in_order) {
        appeared(worker, fact);
        index->seen = fact;
    }
}

bool waiters_due(struct worker *worker, struct waiter *waiter)
{
    struct waiting_index *index = &worker->round->waiting;
    if (waiter->due)
        return true;
    if (index->due_count == index->due_capacity) {
        size_t capacity = index->due_capacity == 0 ? 64 : index->due_capacity * 2;
        struct waiter **grown =
            arena_grow(&worker->round->arena, index->due,
                       index->due_capacity * sizeof *index->due, capacity * sizeof *index->due);
        if (grown == NULL)
            return false;
        index->due = grown;
        index->due_capacity = capacity;
    }
    size_t at = index->due_count++;
    for (; at > 0 && compare(waiter, index->due[(at - 1) / 2]) < 0; at = (at - 1) / 2)
        index->due[at] = index->due[(at - 1) / 2];
    index->due[at] = waiter;
    waiter->due = true;
    return true;
}

struct waiter *waiters_take_due(struct worker *worker)
{
    struct waiting_index *index = &worker->round->waiting;
    if (worker->round->waiters == NULL || index->due_count == 0)
        return NULL;
    struct waiter *first = index->due[0], *last = index->due[--index->due_count];
    size_t at = 0;
    for (size_t child = 1; child < index->due_count; child = 2 * at + 1) {
        if (child + 1 < index->due_count &&
            compare(index->due[child + 1], index->due[child]) < 0)
            child++;
        if (compare(last, index->due[child]) < 0)
            break;
        index->due[at] = index->due[child];
        at = child;
    }
    index->due[at] = last;
    first->due = false;
    return first;
}
