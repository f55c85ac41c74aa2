#include "rules/load.h"

enum { WHEN_BOUND = 8 };

static const char *const confidences[] = {"2", "2o", "1", "X", "D", "M", NULL};
static const char *const phases[] = {"APPLY", "SELECT",   "PURCHASE", "COMPLETE",
                                     "PAY",   "PROVIDER", "EMPLOYER", NULL};
static const char *const effects[] = {"PRIORITY",  "RETRY",  "HOLD",   "EXPIRE_ITEM",
                                      "STOP_ITEM", "REJECT", "REVOKE", NULL};
static const char *const operators[] = {"eq",         "ne",     "lt",     "le",      "gt",
                                        "ge",         "in",     "not_in", "between", "disjoint",
                                        "intersects", "exists", NULL};

/* The services that judge each phase. */
static const uint8_t phase_services[PHASE_COUNT] = {
    [PHASE_APPLY] = SERVICE_APPLICATION,
    [PHASE_SELECT] = SERVICE_APPLICATION,
    [PHASE_PURCHASE] = SERVICE_COMPLETION,
    [PHASE_COMPLETE] = SERVICE_COMPLETION,
    [PHASE_PAY] = SERVICE_COMPLETION | SERVICE_INCENTIVE,
    [PHASE_PROVIDER] = SERVICE_COMPLETION,
    [PHASE_EMPLOYER] = SERVICE_APPLICATION,
};

#define BIT(kind) (1u << (kind))

/* The kinds of field that an operator can be asked of. */
static unsigned operator_kinds(enum rule_operator op)
{
    const unsigned ordered = BIT(KIND_INT) | BIT(KIND_MONEY) | BIT(KIND_DAY) | BIT(KIND_LEVEL);
    switch (op) {
    case OPERATOR_EQ:
        return ordered | BIT(KIND_BOOL) | BIT(KIND_CODE);
    case OPERATOR_NE:
        return ordered | BIT(KIND_CODE);
    case OPERATOR_LT:
    case OPERATOR_LE:
    case OPERATOR_GT:
    case OPERATOR_GE:
    case OPERATOR_BETWEEN:
        return ordered;
    case OPERATOR_IN:
    case OPERATOR_NOT_IN:
        return BIT(KIND_CODE) | BIT(KIND_LEVEL) | BIT(KIND_INT);
    case OPERATOR_DISJOINT:
    case OPERATOR_INTERSECTS:
        return BIT(KIND_CODES);
    case OPERATOR_EXISTS:
    case OPERATOR_COUNT:
        break;
    }
    return ~0u;
}

static bool many(enum rule_operator op)
{
    return op == OPERATOR_IN || op == OPERATOR_NOT_IN || op == OPERATOR_DISJOINT ||
           op == OPERATOR_INTERSECTS;
}

/* A slip of the pen in an item would be a rule about nothing. */
static bool item_known(const struct programme *programme, struct slice item)
{
    for (size_t i = 0; i < programme->scheme_count; i++)
        if (benefit_find(&programme->schemes[i], item) != NULL)
            return true;
    return false;
}

static bool read_code(struct document *document, node *at, enum rule_field field,
                      struct slice *code)
{
    if (!node_text(document, at, code))
        return false;
    if (field == FIELD_PAYMENT_ITEM && !item_known(loading_of(document)->programme, *code)) {
        document_fault(document, at, "found \"%.*s\", expected an item of a benefit",
                       SLICE_ARGS(*code));
        return false;
    }
    if (!field_accepts(field, *code)) {
        document_fault(document, at, "found \"%.*s\", expected a code that %s can have",
                       SLICE_ARGS(*code),
                       programme_field_name(loading_of(document)->programme, field));
        return false;
    }
    return true;
}

/* A level's place in the programme's order. */
static bool read_level(struct document *document, node *at, int64_t *number)
{
    const struct programme *programme = loading_of(document)->programme;
    struct slice code;
    if (!node_text(document, at, &code))
        return false;
    size_t level = level_find(programme->levels, programme->level_count, code);
    *number = (int64_t)level;
    if (level == programme->level_count)
        document_fault(document, at,
                       "found \"%.*s\", expected one of the levels, in their order",
                       SLICE_ARGS(code));
    return level < programme->level_count;
}

static bool read_number(struct document *document, node *at, enum rule_field field,
                        int64_t *number)
{
    epoch_day day;
    bool flag;
    switch (field_meaning(field)->kind) {
    case KIND_BOOL:
        if (!node_flag(document, at, &flag))
            return false;
        *number = flag;
        return true;
    case KIND_MONEY:
        return node_amount(document, at, number);
    case KIND_DAY:
        if (!node_day(document, at, &day))
            return false;
        *number = day;
        return true;
    case KIND_LEVEL:
        return read_level(document, at, number);
    case KIND_INT:
    case KIND_INSTANT:
    case KIND_CODE:
    case KIND_CODES:
    case KIND_TEXT:
        break;
    }
    return node_number(document, at, number);
}

static bool read_many(struct document *document, node *at, struct comparison *comparison)
{
    enum value_kind kind = field_meaning(comparison->field)->kind;
    bool coded = kind == KIND_CODE || kind == KIND_CODES;
    size_t count = node_count(document, at);
    struct slice *codes = document_alloc(document, count, sizeof *codes);
    int64_t *numbers = document_alloc(document, count, sizeof *numbers);
    if (codes == NULL || numbers == NULL)
        return false;
    if (at->type == YAML_SEQUENCE_NODE && count == 0)
        document_fault(document, at, "found an empty list, expected at least one value");
    for (size_t i = 0; i < count; i++) {
        node *item = node_item(document, at, i);
        if (coded ? !read_code(document, item, comparison->field, &codes[i])
                  : !read_number(document, item, comparison->field, &numbers[i]))
            return false;
    }
    comparison->codes = codes;
    comparison->numbers = numbers;
    *(coded ? &comparison->code_count : &comparison->number_count) = count;
    return count > 0;
}

static bool read_pair(struct document *document, node *at, struct comparison *comparison)
{
    if (at->type != YAML_SEQUENCE_NODE || node_count(document, at) != 2) {
        document_fault(document, at, "expected two values, [first, last], for between");
        return false;
    }
    if (!read_number(document, node_item(document, at, 0), comparison->field,
                     &comparison->low) ||
        !read_number(document, node_item(document, at, 1), comparison->field,
                     &comparison->high))
        return false;
    if (comparison->low > comparison->high)
        document_fault(document, at, "the first value is above the last");
    return comparison->low <= comparison->high;
}

static bool read_operand(struct document *document, node *at, struct comparison *comparison)
{
    if (comparison->op == OPERATOR_EXISTS) {
        bool flag = false;
        bool read = node_flag(document, at, &flag);
        comparison->low = flag;
        return read;
    }
    if (many(comparison->op))
        return read_many(document, at, comparison);
    if (comparison->op == OPERATOR_BETWEEN)
        return read_pair(document, at, comparison);
    if (field_meaning(comparison->field)->kind == KIND_CODE) {
        struct slice *code = document_alloc(document, 1, sizeof *code);
        comparison->codes = code;
        comparison->code_count = 1;
        return code != NULL && read_code(document, at, comparison->field, code);
    }
    return read_number(document, at, comparison->field, &comparison->low);
}

static bool read_field(struct document *document, node *at, enum rule_phase phase,
                       enum rule_field *field)
{
    struct slice name;
    if (!node_text(document, at, &name))
        return false;
    if (!programme_field_find(loading_of(document)->programme, name, field)) {
        document_fault(document, at, "unknown field \"%.*s\"", SLICE_ARGS(name));
        return false;
    }
    if (phase != PHASE_COUNT &&
        (field_meaning(*field)->services & phase_services[phase]) == 0) {
        document_fault(document, at, "no service of phase %s knows field \"%s\"",
                       phase_name(phase),
                       programme_field_name(loading_of(document)->programme, *field));
        return false;
    }
    return true;
}

bool load_comparison(struct loading *loading, node *at, enum rule_phase phase,
                     struct comparison *comparison)
{
    struct document *document = &loading->document;
    node *field = node_member(document, at, "field"), *op = node_member(document, at, "op");
    node *value = node_member(document, at, "value");
    int choice;
    if (field == NULL || op == NULL || value == NULL) {
        document_fault(document, at, "expected \"field\", \"op\" and \"value\"");
        return false;
    }
    bool known = read_field(document, field, phase, &comparison->field);
    if (!node_choice(document, op, operators, &choice) || !known)
        return false;
    comparison->op = (enum rule_operator)choice;
    const struct field_meaning *meaning = field_meaning(comparison->field);
    comparison->levels = loading->programme->levels;
    comparison->level_count = loading->programme->level_count;
    if ((operator_kinds(comparison->op) & BIT(meaning->kind)) == 0) {
        document_fault(document, op, "operator \"%s\" cannot be asked of \"%s\"",
                       operators[choice],
                       programme_field_name(loading->programme, comparison->field));
        return false;
    }
    return read_operand(document, value, comparison);
}

void load_when(struct loading *loading, node *list, enum rule_phase phase,
               const struct comparison **when, size_t *count)
{
    static const struct key keys[] = {{.name = "field", .kind = KEY_NOTE, .required = true},
                                      {.name = "op", .kind = KEY_NOTE, .required = true},
                                      {.name = "value", .kind = KEY_NOTE, .required = true}};
    struct document *document = &loading->document;
    size_t wanted = node_count(document, list);
    struct comparison *comparisons = document_alloc(document, wanted, sizeof *comparisons);
    if (comparisons == NULL)
        return;
    if (wanted > WHEN_BOUND) {
        document_fault(document, list, "found %zu conditions, expected at most %d", wanted,
                       WHEN_BOUND);
        return;
    }
    for (size_t i = 0; i < wanted; i++) {
        node *item = node_item(document, list, i);
        size_t faults = document->fault_count;
        node_record(document, item, KEYS_OF(keys), NULL);
        if (document->fault_count == faults)
            load_comparison(loading, item, phase, &comparisons[i]);
    }
    *when = comparisons;
    *count = wanted;
}

/* A condition as it is written; names are resolved when all of it is read. */
struct row {
    struct condition condition;
    node *schemes, *when, *reason, *number;
    int phase, effect, confidence;
    bool has_phase, has_effect, has_default, active;
};

#define AT(member) offsetof(struct row, condition.member)

static const struct key row_keys[] = {
    {.name = "number", .kind = KEY_INT, .required = true, .offset = AT(number)},
    {.name = "schemes", .kind = KEY_NODE, .offset = offsetof(struct row, schemes)},
    {.name = "from_wave", .kind = KEY_INT, .offset = AT(from_wave)},
    {.name = "to_wave", .kind = KEY_INT, .offset = AT(to_wave)},
    {.name = "from", .kind = KEY_DAY, .offset = AT(from), .has = AT(has_from)},
    {.name = "to", .kind = KEY_DAY, .offset = AT(to), .has = AT(has_to)},
    {.name = "phase",
     .kind = KEY_CHOICE,
     .required = true,
     .offset = offsetof(struct row, phase),
     .has = offsetof(struct row, has_phase),
     .choices = phases},
    {.name = "field", .kind = KEY_NOTE, .required = true},
    {.name = "op", .kind = KEY_NOTE, .required = true},
    {.name = "value", .kind = KEY_NOTE, .required = true},
    {.name = "when", .kind = KEY_NODE, .offset = offsetof(struct row, when)},
    {.name = "effect",
     .kind = KEY_CHOICE,
     .required = true,
     .offset = offsetof(struct row, effect),
     .has = offsetof(struct row, has_effect),
     .choices = effects},
    {.name = "reason",
     .kind = KEY_NODE,
     .required = true,
     .offset = offsetof(struct row, reason)},
    {.name = "default",
     .kind = KEY_FLAG,
     .offset = offsetof(struct row, active),
     .has = offsetof(struct row, has_default)},
    {.name = "confidence",
     .kind = KEY_CHOICE,
     .required = true,
     .offset = offsetof(struct row, confidence),
     .choices = confidences},
    {.name = "source", .kind = KEY_LIST, .offset = AT(sources), .has = AT(source_count)},
    {.name = "note", .kind = KEY_NOTE},
};

static void check_span(struct loading *loading, node *at, const struct condition *condition)
{
    struct document *document = &loading->document;
    load_check_waves(document, at, condition->from_wave, condition->to_wave);
    if (condition->has_from && condition->has_to && condition->from > condition->to)
        document_fault(document, at, "\"from\" is after \"to\"");
}

/* Somebody must be able to judge the whole condition. */
static void find_services(struct loading *loading, node *at, struct condition *condition)
{
    unsigned services =
        phase_services[condition->phase] & field_meaning(condition->must.field)->services;
    for (size_t i = 0; i < condition->when_count; i++)
        services &= field_meaning(condition->when[i].field)->services;
    if (services == 0)
        document_fault(&loading->document, at,
                       "no one service knows all fields of this condition");
    condition->services = (uint8_t)services;
}

/* What is not known holds with the field's own reason, which needs its sentence too. */
static void use_unknown(struct loading *loading, node *at, enum rule_field field)
{
    const struct reason *reason =
        load_reason_use(loading, at, slice_of(field_meaning(field)->unknown));
    if (reason != NULL)
        load_reason_ends(loading, at, reason);
}

static void resolve_reason(struct loading *loading, node *at, struct row *row)
{
    struct condition *condition = &row->condition;
    struct slice code;
    if (!node_text(&loading->document, row->reason, &code))
        return;
    condition->reason = load_reason_use(loading, row->reason, code);
    if (condition->effect == EFFECT_HOLD || condition->effect == EFFECT_RETRY)
        load_reason_ends(loading, row->reason, condition->reason);
    if (!condition->active || condition->effect == EFFECT_PRIORITY)
        return;
    use_unknown(loading, at, condition->must.field);
    for (size_t i = 0; i < condition->when_count; i++)
        use_unknown(loading, at, condition->when[i].field);
}

static bool read_row(struct loading *loading, node *at, struct row *row)
{
    struct document *document = &loading->document;
    size_t faults = document->fault_count;
    row->active = true;
    node_record(document, at, KEYS_OF(row_keys), row);
    struct condition *condition = &row->condition;
    condition->phase = row->has_phase ? (enum rule_phase)row->phase : PHASE_COUNT;
    condition->effect = (enum effect)(row->effect + 1);
    condition->active = row->active;
    condition->confidence = confidences[row->confidence];
    if (condition->active && strcmp(condition->confidence, "M") == 0)
        document_fault(
            document, node_member(document, at, "confidence"),
            "a fact from memory alone (M) cannot be active, expected default: false");
    if (condition->number < 1 || condition->number > UINT16_MAX)
        document_fault(document, at, "found number %d, expected 1 to 65535", condition->number);
    if (row->when != NULL)
        load_when(loading, row->when, condition->phase, &condition->when,
                  &condition->when_count);
    if (document->fault_count == faults)
        load_comparison(loading, at, condition->phase, &condition->must);
    check_span(loading, at, condition);
    if (document->fault_count != faults)
        return false;
    find_services(loading, at, condition);
    resolve_reason(loading, at, row);
    return document->fault_count == faults;
}

static bool wave_ranges_meet(const struct scheme *scheme, const struct condition *condition)
{
    return condition->from_wave == 0 ||
           (scheme->from_wave <= condition->to_wave && condition->from_wave <= scheme->to_wave);
}

/* A draw knows so many classes: one more would raise nobody. */
static void check_priorities(struct loading *loading, node *at, const struct scheme *scheme)
{
    struct slice codes[VERDICT_PRIORITIES + 1];
    size_t count = 0;
    for (size_t i = 0; i < scheme->condition_count[PHASE_SELECT]; i++)
        if (scheme->conditions[PHASE_SELECT][i]->effect == EFFECT_PRIORITY)
            count = slices_insert(codes, count, VERDICT_PRIORITIES + 1,
                                  scheme->conditions[PHASE_SELECT][i]->reason->code);
    if (count > VERDICT_PRIORITIES)
        document_fault(&loading->document, at,
                       "found more than %d different priorities in scheme \"%.*s\"",
                       VERDICT_PRIORITIES, SLICE_ARGS(scheme->name));
}

static void hang_on(struct loading *loading, struct scheme *scheme,
                    const struct condition *condition)
{
    const struct condition **place =
        list_add(&loading->document, (void **)(void *)&scheme->conditions[condition->phase],
                 &scheme->condition_count[condition->phase], sizeof *place);
    if (place != NULL)
        *place = condition;
}

/* Hangs a condition on each of its schemes; none named: on all. */
static void hang(struct loading *loading, node *at, const struct row *row,
                 const struct condition *condition)
{
    const struct scheme *const *named = NULL;
    size_t count = loading->programme->scheme_count;
    if (row->schemes != NULL)
        load_scheme_names(loading, row->schemes, &named, &count);
    for (size_t i = 0; i < count; i++) {
        struct scheme *scheme = named == NULL ? &loading->schemes[i]
                                              : &loading->schemes[named[i] - loading->schemes];
        if (!wave_ranges_meet(scheme, condition))
            document_fault(&loading->document, at, "waves %d to %d lie outside scheme \"%.*s\"",
                           condition->from_wave, condition->to_wave, SLICE_ARGS(scheme->name));
        else if (condition->active)
            hang_on(loading, scheme, condition);
        if (condition->effect == EFFECT_PRIORITY)
            check_priorities(loading, at, scheme);
    }
}

static void check_order(struct loading *loading, node *at, const struct condition *conditions,
                        size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (conditions[j].number == conditions[i].number) {
            document_fault(&loading->document, at, "found number %d a second time",
                           conditions[i].number);
            return;
        }
    if (i > 0 && conditions[i - 1].number > conditions[i].number)
        document_fault(&loading->document, at,
                       "found number %d after %d, expected ascending numbers",
                       conditions[i].number, conditions[i - 1].number);
}

void load_conditions(struct loading *loading, node *at)
{
    struct document *document = &loading->document;
    size_t count = node_count(document, at);
    if (count > VERDICT_CONDITIONS) {
        document_fault(document, at, "found %zu conditions, expected at most %d", count,
                       VERDICT_CONDITIONS);
        return;
    }
    struct condition *conditions = document_alloc(document, count, sizeof *conditions);
    for (size_t i = 0; i < count && conditions != NULL; i++) {
        struct row row = {0};
        node *item = node_item(document, at, i);
        bool read = read_row(loading, item, &row);
        conditions[i] = row.condition;
        check_order(loading, item, conditions, i);
        if (read)
            hang(loading, item, &row, &conditions[i]);
    }
    loading->programme->conditions = conditions;
    loading->programme->condition_count = count;
}
