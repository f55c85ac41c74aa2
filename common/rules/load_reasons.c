#include "rules/load.h"

/* What code gives for all programmes, and officers. A file must have the sentences of those
 * that are `required`, and may have those of the others. */
static const struct {
    const char *code;
    bool waits; /* holds or retries: must say what ends it */
    bool required;
} engine_reasons[] = {
    {"REGISTRY_UNAVAILABLE", true, true},
    {"ACCT_NOT_LINKED", true, true},
    {"ALREADY_BENEFITED", false, true},
    {"AMOUNT_UNKNOWN", true, true},
    {"AWARD_HELD", true, true},
    {"AWARD_REVOKED", false, true},
    {"BALANCE_INSUFFICIENT", false, true},
    {"BALANCE_RETURNED", false, true},
    {"BUDGET_EXHAUSTED", true, true},
    {"CONCURRENT_COURSE", false, true},
    {"COURSE_CURRENCY", false, true},
    {"COURSE_NOT_OFFERED", false, true},
    {"DUPLICATE_INSTALMENT", false, true},
    {"PARTNER_MINUTE_FULL", false, true}, /* waits, but for the next minute alone */
    {"PRICE_ABOVE_LISTED", false, true},
    {"PROGRAMME_YEAR_CLOSED", false, true},
    {"PROVIDER_REJECTED", true, true},
    {"PROVIDER_TIMEOUT", true, true},
    {"QUOTA_FULL", false, true},
    {"RECONCILE_MISMATCH", true, true},
    {"REPORTED_LATE", false, true},
    {"NOT_DRAWN", false, false},
    {"DUPLICATE_INCENTIVE", true, false},
    {"FRAUD_SHARED_ACCOUNT", true, false},
    {"ACCT_BRN_MISMATCH", true, false},
    {"AUDIT_FINDING", true, false},
    {"FRAUD_SUSPECTED", true, false},
    {"RECOVER_INELIGIBLE", false, false},
    {"RECOVERY_OVERDUE", false, false},
    {"FRAUD_IDENTITY_FORGED", false, false},
};

static const char *const waking_events[] = {
    "application.submitted", "register.listed",     "award.changed",
    "programme.published",   "milestone.reached",   "course.listed",
    "course.enrolled",       "course.completed",    "account.linked",
    "payout.closed",         "payout.settled",      "completion.decided",
    "commitment.released",   "application.decided", NULL};

static void read_events(struct document *document, node *value, void *record)
{
    struct ends_by *ends_by = record;
    size_t count = node_count(document, value);
    int choice;
    for (size_t i = 0; i < count; i++)
        node_choice(document, node_item(document, value, i), waking_events, &choice);
    node_list(document, value, &ends_by->events, &ends_by->event_count);
}

static void read_ends_by(struct document *document, node *value, void *record)
{
    static const struct key keys[] = {
        {.name = "events", .kind = KEY_READ, .read = read_events},
        {.name = "every_hours",
         .kind = KEY_INT,
         .offset = offsetof(struct ends_by, every_hours)},
        {.name = "officer", .kind = KEY_FLAG, .offset = offsetof(struct ends_by, officer)},
    };
    node_record(document, value, KEYS_OF(keys), &((struct reason *)record)->ends_by);
}

static const struct key reason_keys[] = {
    {.name = "sentence",
     .kind = KEY_TEXTS,
     .required = true,
     .offset = offsetof(struct reason, sentence)},
    {.name = "next",
     .kind = KEY_TEXTS,
     .required = true,
     .offset = offsetof(struct reason, next_step)},
    {.name = "ends_by", .kind = KEY_READ, .read = read_ends_by},
    {.name = "note", .kind = KEY_NOTE},
};

struct placed_reason {
    struct reason reason;
    node *at;
};

static int compare_reasons(const void *a, const void *b)
{
    const struct placed_reason *one = a, *other = b;
    return slice_compare(one->reason.code, other->reason.code);
}

static void keep_reasons(struct loading *loading, struct placed_reason *placed, size_t count)
{
    struct document *document = &loading->document;
    struct reason *reasons = document_alloc(document, count, sizeof *reasons);
    loading->reason_nodes = document_alloc(document, count, sizeof(node *));
    loading->reason_used = document_alloc(document, count, sizeof(bool));
    if (reasons == NULL || loading->reason_nodes == NULL || loading->reason_used == NULL)
        return;
    if (count > 1) /* of none there is no list */
        qsort(placed, count, sizeof *placed, compare_reasons);
    for (size_t i = 0; i < count; i++) {
        reasons[i] = placed[i].reason;
        loading->reason_nodes[i] = placed[i].at;
        if (i > 0 && slice_equal(reasons[i - 1].code, reasons[i].code))
            document_fault(document, placed[i].at, "found \"%.*s\" a second time",
                           SLICE_ARGS(reasons[i].code));
    }
    loading->programme->reasons = reasons;
    loading->programme->reason_count = count;
}

void load_reasons(struct loading *loading, node *at)
{
    struct document *document = &loading->document;
    struct placed_reason *placed = NULL;
    size_t count = 0;
    if (at->type != YAML_MAPPING_NODE) {
        document_fault(document, at, "found no mapping, expected codes and their sentences");
        return;
    }
    for (yaml_node_pair_t *pair = at->data.mapping.pairs.start;
         pair < at->data.mapping.pairs.top; pair++) {
        struct placed_reason *one =
            list_add(document, (void **)(void *)&placed, &count, sizeof *one);
        if (one == NULL)
            return;
        one->at = yaml_document_get_node(&document->yaml, pair->key);
        node_text(document, one->at, &one->reason.code);
        if (one->reason.code.size > REASON_CODE_BYTES)
            document_fault(document, one->at, "found a code of %zu bytes, expected at most %d",
                           one->reason.code.size, REASON_CODE_BYTES);
        node_record(document, yaml_document_get_node(&document->yaml, pair->value),
                    KEYS_OF(reason_keys), &one->reason);
    }
    keep_reasons(loading, placed, count);
}

const struct reason *load_reason_use(struct loading *loading, node *at, struct slice code)
{
    const struct reason *reason = reason_find(loading->programme, code);
    if (reason == NULL)
        document_fault(&loading->document, at,
                       "unknown reason \"%.*s\", expected one of those under \"reasons\"",
                       SLICE_ARGS(code));
    else
        loading->reason_used[reason - loading->programme->reasons] = true;
    return reason;
}

void load_reason_ends(struct loading *loading, node *at, const struct reason *reason)
{
    if (reason != NULL && reason->ends_by.event_count == 0 &&
        reason->ends_by.every_hours <= 0 && !reason->ends_by.officer)
        document_fault(
            &loading->document, at,
            "\"%.*s\" holds or retries, expected \"ends_by\" with its reason: events, "
            "every_hours or officer",
            SLICE_ARGS(reason->code));
}

static bool engine_requires(const struct loading *loading, size_t i)
{
    const struct programme *programme = loading->programme;
    return engine_reasons[i].required ||
           (programme->selection == SELECTION_DRAW &&
            strcmp(engine_reasons[i].code, "NOT_DRAWN") == 0) ||
           (programme->exclusive_group.size > 0 &&
            strcmp(engine_reasons[i].code, "DUPLICATE_INCENTIVE") == 0);
}

static void check_engine_reasons(struct loading *loading, node *root)
{
    for (size_t i = 0; i < sizeof engine_reasons / sizeof engine_reasons[0]; i++) {
        struct slice code = slice_of(engine_reasons[i].code);
        const struct reason *reason = reason_find(loading->programme, code);
        if (reason == NULL && !engine_requires(loading, i))
            continue;
        if (reason == NULL) {
            document_fault(&loading->document, root,
                           "reason \"%s\" is missing, which every programme gives",
                           engine_reasons[i].code);
            continue;
        }
        size_t index = (size_t)(reason - loading->programme->reasons);
        loading->reason_used[index] = true;
        if (engine_reasons[i].waits)
            load_reason_ends(loading, loading->reason_nodes[index], reason);
    }
}

/* The draw counts by the parameter, the condition by its own number: they must be one. */
static void check_family_card(struct loading *loading, node *root)
{
    const struct programme *programme = loading->programme;
    node *limit = node_member(&loading->document, root, "family_card_limit");
    for (size_t i = 0; i < programme->condition_count; i++) {
        const struct condition *condition = &programme->conditions[i];
        if (condition->active && condition->must.field == FIELD_FAMILY_CARD_AWARDS &&
            condition->must.op == OPERATOR_LT &&
            condition->must.low != programme->family_card_limit)
            document_fault(&loading->document, limit != NULL ? limit : root,
                           "family_card_limit is %d, but condition %d says less than %d",
                           programme->family_card_limit, condition->number,
                           (int)condition->must.low);
    }
}

void load_check_whole(struct loading *loading, node *root)
{
    check_engine_reasons(loading, root);
    check_family_card(loading, root);
    /* A condition that could not be read would accuse its reason too. */
    bool whole = loading->document.fault_count == 0;
    for (size_t i = 0; i < loading->programme->reason_count && whole; i++)
        if (!loading->reason_used[i])
            document_fault(
                &loading->document, loading->reason_nodes[i],
                "reason \"%.*s\" is used by nothing, expected a condition or deadline "
                "that gives it",
                SLICE_ARGS(loading->programme->reasons[i].code));
}
