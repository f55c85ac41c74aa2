#include "decide_register.h"

#include "rejudge.h"
#include "schemas/events.h"

void register_identify(const void *event, void *subject, struct decision *decision)
{
    const struct register_listed *listed = event;
    struct register_subject *made = subject;
    made->subject.id = listed->person_id;
    made->subject.occurred_at = listed->loaded_at;
    made->register_id = register_key(decision->office->seal, listed->register_);
    made->office = decision->office;
    made->snapshot_ends = uuid_is_nil(&listed->person_id);
    if (made->snapshot_ends && !listed->has_number)
        decision_refuse(decision, "BAD_SNAPSHOT_END",
                        "the record that ends a snapshot must count its rows in `number`");
}

void register_keys(const void *event, const void *subject, struct facts *facts)
{
    const struct register_subject *made = subject;
    (void)event;
    facts_want(facts, &register_snapshot_row_type, &made->register_id);
    if (made->snapshot_ends)
        return;
    const struct person_row *person = facts_peek(facts, &person_row_type, &made->subject.id);
    facts_want(facts, &person_row_type, &made->subject.id);
    for (size_t i = 0; person != NULL && i < person->applications.count; i++)
        rejudge_keys(facts, made->office, &person->applications.items[i].application_key);
}

static void end_snapshot(const struct register_listed *listed,
                         const struct register_subject *made, struct facts *facts,
                         struct decision *decision)
{
    const struct register_snapshot_row *known =
        facts_find(facts, &register_snapshot_row_type, &made->register_id);
    if (known != NULL && slice_equal(known->snapshot, listed->snapshot)) {
        decision_repeat(decision);
        return;
    }
    struct register_snapshot_row *row =
        facts_edit_or_add(facts, &register_snapshot_row_type, &made->register_id);
    row->register_ = listed->register_;
    row->snapshot = listed->snapshot;
    row->row_count = listed->number;
}

/* True when the entry says what is known already. */
static bool same_entry(const struct person_row_register *known,
                       const struct register_listed *listed)
{
    return slice_equal(known->snapshot, listed->snapshot) && known->listed == listed->listed &&
           known->has_code == listed->has_code && slice_equal(known->code, listed->code) &&
           known->valid_from == listed->valid_from &&
           known->has_valid_to == listed->has_valid_to && known->valid_to == listed->valid_to;
}

static size_t entry_find(const struct person_row *person, struct slice name)
{
    size_t at = 0;
    while (at < person->registers.count &&
           !slice_equal(person->registers.items[at].register_, name))
        at++;
    return at;
}

static void keep_entry(struct person_row *person, const struct register_listed *listed,
                       struct decision *decision)
{
    size_t count = person->registers.count, at = entry_find(person, listed->register_);
    struct person_row_register *entries =
        decision_list(decision, person->registers.items, count, sizeof *entries);
    entries[at] = (struct person_row_register){.register_ = listed->register_,
                                               .snapshot = listed->snapshot,
                                               .listed = listed->listed,
                                               .has_code = listed->has_code,
                                               .code = listed->code,
                                               .valid_from = listed->valid_from,
                                               .has_valid_to = listed->has_valid_to,
                                               .valid_to = listed->valid_to};
    person->registers.items = entries;
    person->registers.count = at < count ? count : count + 1;
}

void register_decide(const void *event, const void *subject, struct facts *facts,
                     struct decision *decision)
{
    const struct register_listed *listed = event;
    const struct register_subject *made = subject;
    if (made->snapshot_ends) {
        end_snapshot(listed, made, facts, decision);
        return;
    }
    const struct person_row *known = facts_find(facts, &person_row_type, &made->subject.id);
    size_t at = known == NULL ? 0 : entry_find(known, listed->register_);
    bool same = known != NULL && at < known->registers.count &&
                same_entry(&known->registers.items[at], listed);
    /* Of somebody never heard of, that he or she is not listed says nothing new. */
    if (same || (known == NULL && !listed->listed)) {
        decision_repeat(decision);
        return;
    }
    struct person_row *person = facts_edit_or_add(facts, &person_row_type, &made->subject.id);
    keep_entry(person, listed, decision);
    for (size_t i = 0; i < person->applications.count; i++)
        rejudge(facts, decision, &person->applications.items[i].application_key,
                listed->loaded_at);
}
