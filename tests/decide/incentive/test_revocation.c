/*
 * The sum that was published: every award of the first nine waves that bought nothing was revoked, and gave
 * its whole package back.
 *
 * 373,745 awards are made and revoked, each with its own person, in batches as a worker takes
 * them. What commitment.released tells, what the entries say and what the balances show is the
 * same amount, to the rupiah; so is the documented figure on the way there.
 */
#include "desk.h"

#include "decide_award.h"
#include "worker/outputs.h"

enum { REVOKED_AWARDS = 373745, COUNTED_BEFORE = 189436, BATCH = 2000, PARTS = 3 };

struct sum {
    struct desk desk;
    size_t made;
    int64_t released;                /* as commitment.released tells */
    int64_t entries[RECOVERED + 1];  /* debits less credits          */
    int64_t balances[RECOVERED + 1]; /* as the limits were moved     */
    size_t released_count, entry_count;
};

static void
decide(struct sum *sum, const void *event, const struct uuid *award_id, instant_us occurred_at,
       void (*decide_event)(const void *, const void *, struct facts *, struct decision *))
{
    struct desk *desk = &sum->desk;
    struct decided_subject subject = {.subject = {*award_id, occurred_at}};
    struct decision decision = {.office = &desk->room.office,
                                .arena = &desk->room.arena,
                                .outputs = &desk->room.outputs};
    outputs_clear(&desk->room.outputs);
    verdict_init(&decision.verdict);
    facts_decision_begin(&desk->room.facts);
    award_keys(event, &subject, &desk->room.facts);
    desk->room.facts.load(NULL, &desk->room.facts);
    decide_event(event, &subject, &desk->room.facts, &decision);
    assert_int_equal(decision.kind, DECIDED);
    for (const struct output *output = desk->room.outputs.first; output != NULL;
         output = output->next)
        if (output->type == &commitment_released_event) {
            sum->released += ((const struct commitment_released *)output->event)->amount;
            sum->released_count++;
        }
}

static struct uuid person_of(size_t number)
{
    struct uuid person = {{0}};
    memcpy(person.bytes, &number, sizeof number);
    return person;
}

static void make_and_revoke(struct sum *sum, size_t number)
{
    struct desk *desk = &sum->desk;
    struct application_decided awarded = desk_awarded(desk);
    awarded.person_id = person_of(number);
    awarded.award_id = seal_award_id(desk->room.seal, awarded.programme, awarded.scheme, 1,
                                     &awarded.person_id);
    awarded.has_contact_sealed = false;
    decide(sum, &awarded, &awarded.award_id, awarded.occurred_at, decided_decide);
    struct award_changed revoked =
        desk_change(desk, AWARD_CHANGED_BY_COMPLETION, AWARD_CHANGED_CHANGE_REVOKED,
                    "FIRST_TRAINING_LATE", 1);
    revoked.award_id = awarded.award_id;
    decide(sum, &revoked, &revoked.award_id, revoked.occurred_at, changed_decide);
    const struct award_row *row =
        facts_peek(&desk->room.facts, &award_row_type, &awarded.award_id);
    assert_int_equal(row->parts.count, PARTS);
    for (size_t i = 0; i < PARTS; i++)
        assert_int_equal(row->parts.items[i].committed, 0);
}

/* What the batch would commit. */
static void add_up(struct sum *sum)
{
    const struct facts *facts = &sum->desk.room.facts;
    for (const struct appended_row *row = facts->appended; row != NULL; row = row->next) {
        const struct ledger_entry_row *entry = row->row;
        sum->entries[entry->debited] += entry->amount;
        sum->entries[entry->credited] -= entry->amount;
        sum->entry_count++;
    }
    for (const struct limit_take *take = facts->limits; take != NULL; take = take->next)
        for (int32_t account = APPROPRIATION; account <= RECOVERED; account++)
            if (slice_is(((const struct ledger_balance_row *)take->row)->account,
                         symbols_name(&ledger_entry_row_account_symbols, account)))
                sum->balances[account] += take->amount;
}

static void revoke_up_to(struct sum *sum, size_t count)
{
    struct desk *desk = &sum->desk;
    while (sum->made < count) {
        arena_reset(&desk->room.arena);
        assert_true(facts_begin(&desk->room.facts, incentive_tables, incentive_table_count,
                                &desk->room.arena, BATCH));
        for (size_t i = 0; i < BATCH && sum->made < count; i++)
            make_and_revoke(sum, sum->made++);
        assert_false(desk->room.facts.failed);
        add_up(sum);
    }
}

static void check(const struct sum *sum, int64_t released)
{
    assert_int_equal(sum->released, released);
    assert_int_equal(sum->released_count, sum->made * PARTS);
    assert_int_equal(sum->entry_count, sum->made * PARTS * 2);
    for (int32_t account = APPROPRIATION; account <= RECOVERED; account++) {
        int64_t expected = account == APPROPRIATION ? -released
                           : account == RELEASED    ? released
                                                    : 0;
        assert_int_equal(sum->entries[account], expected);
        assert_int_equal(sum->balances[account], expected);
    }
}

static void revoking_all_unused_awards_releases_the_published_sum(void **state)
{
    static struct sum sum;
    (void)state;
    desk_open(&sum.desk, 1);
    revoke_up_to(&sum, COUNTED_BEFORE);
    check(&sum, RUPIAH(672497800000));
    revoke_up_to(&sum, REVOKED_AWARDS);
    check(&sum, RUPIAH(1326794750000));
    desk_close(&sum.desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(revoking_all_unused_awards_releases_the_published_sum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
