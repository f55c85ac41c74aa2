#include "rules/load.h"

/* What falls due by a day. */

static const char *const deadline_names[] = {"first_purchase", "first_purchase_reminder",
                                             "next_purchase",  "balance_closes",
                                             "survey_window",  "repayment",
                                             "award_ends",     NULL};
static const char *const deadline_starts[] = {
    "notice_day",       "first_purchase",  "completion_day", "survey_opened",
    "recovery_noticed", "purchase_closes", "award_closes",   NULL};
static const char *const deadline_effects[] = {"REVOKE", "EXPIRE_ITEM", "MESSAGE", "LIST",
                                               NULL};
static const char *const deadline_ends[] = {"purchase_closes", NULL};

struct deadline_row {
    struct deadline deadline;
    node *schemes, *when, *reason, *not_after;
};

#define AT(member) offsetof(struct deadline_row, member)

static const struct key deadline_keys[] = {
    {.name = "name",
     .kind = KEY_CHOICE,
     .required = true,
     .offset = AT(deadline.name),
     .choices = deadline_names},
    {.name = "schemes", .kind = KEY_NODE, .required = true, .offset = AT(schemes)},
    {.name = "from_wave", .kind = KEY_INT, .offset = AT(deadline.from_wave)},
    {.name = "to_wave", .kind = KEY_INT, .offset = AT(deadline.to_wave)},
    {.name = "starts",
     .kind = KEY_CHOICE,
     .required = true,
     .offset = AT(deadline.start),
     .choices = deadline_starts},
    {.name = "days", .kind = KEY_INT, .required = true, .offset = AT(deadline.days)},
    {.name = "not_after", .kind = KEY_NODE, .offset = AT(not_after)},
    {.name = "when", .kind = KEY_NODE, .offset = AT(when)},
    {.name = "effect",
     .kind = KEY_CHOICE,
     .required = true,
     .offset = AT(deadline.effect),
     .choices = deadline_effects},
    {.name = "reason", .kind = KEY_NODE, .offset = AT(reason)},
    {.name = "note", .kind = KEY_NOTE},
};

static bool schemes_meet(const struct deadline *a, const struct deadline *b)
{
    for (size_t i = 0; i < a->scheme_count; i++)
        for (size_t j = 0; j < b->scheme_count; j++)
            if (a->schemes[i] == b->schemes[j])
                return true;
    return false;
}

/* Whoever looks for a deadline takes the first of its name. */
static void check_deadline(struct document *document, node *at, const struct deadline *all,
                           size_t number)
{
    const struct deadline *one = &all[number];
    load_check_waves(document, at, one->from_wave, one->to_wave);
    if (one->name == DEADLINE_FIRST_PURCHASE && one->start == START_FIRST_PURCHASE)
        document_fault(document, at, "first_purchase cannot start at itself");
    for (size_t i = 0; i < number; i++)
        if (all[i].name == one->name && schemes_meet(&all[i], one) &&
            (all[i].from_wave == 0 || one->from_wave == 0 ||
             (all[i].from_wave <= one->to_wave && one->from_wave <= all[i].to_wave)))
            document_fault(document, at, "found %s of one scheme and wave a second time",
                           deadline_names[one->name]);
}

static void read_deadline(struct loading *loading, node *at, struct deadline *deadline)
{
    struct document *document = &loading->document;
    struct deadline_row row = {0};
    struct slice code;
    int choice;
    node_record(document, at, KEYS_OF(deadline_keys), &row);
    if (row.schemes != NULL)
        load_scheme_names(loading, row.schemes, &row.deadline.schemes,
                          &row.deadline.scheme_count);
    if (row.not_after != NULL)
        row.deadline.not_after_purchase_closes =
            node_choice(document, row.not_after, deadline_ends, &choice);
    if (row.when != NULL)
        load_when(loading, row.when, PHASE_COUNT, &row.deadline.when, &row.deadline.when_count);
    if (row.reason != NULL && node_text(document, row.reason, &code))
        row.deadline.reason = load_reason_use(loading, row.reason, code);
    if (row.reason == NULL && row.deadline.effect != DEADLINE_SENDS_MESSAGE)
        document_fault(document, at, "missing key \"reason\"");
    *deadline = row.deadline;
}

void load_deadlines(struct loading *loading, node *at)
{
    size_t count = node_count(&loading->document, at);
    struct deadline *deadlines = document_alloc(&loading->document, count, sizeof *deadlines);
    for (size_t i = 0; i < count && deadlines != NULL; i++) {
        node *item = node_item(&loading->document, at, i);
        read_deadline(loading, item, &deadlines[i]);
        check_deadline(&loading->document, item, deadlines, i);
    }
    loading->programme->deadlines = deadlines;
    loading->programme->deadline_count = deadlines == NULL ? 0 : count;
}
