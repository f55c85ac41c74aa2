#include "rules/load.h"

#include <ctype.h>
#include <inttypes.h>

static const char *const payees[] = {"PARTICIPANT", "EMPLOYER", "PROVIDER", NULL};
static const char *const triggers[] = {"COMPLETION_VERIFIED",
                                       "FIRST_COMPLETION",
                                       "SURVEY_ANSWERED",
                                       "MONTH_EMPLOYED",
                                       "TRAINING_MONTH",
                                       "DAY_ATTENDED",
                                       NULL};
static const char *const due_days[] = {"completion.day",
                                       "review.rated_on",
                                       "award.account_linked_on",
                                       "survey.answered_on",
                                       "award.instalment_1_paid_on",
                                       "hire.hired_on",
                                       "course.enrolled.starts_on",
                                       NULL};
static const char *const due_months[] = {"0", "n-1", "n", NULL};
static const char *const due_ends[] = {"course.enrolled.ends_on", NULL};

const char *benefit_payee_name(enum benefit_payee payee)
{
    return payees[payee];
}

enum { ITEM_BOUND = 40 };

/* Whatever the regulation pays: what it is called stands beside it. */
static void read_item(struct document *document, node *value, void *record)
{
    struct benefit *benefit = record;
    if (!node_text(document, value, &benefit->item))
        return;
    bool named =
        benefit->item.size <= ITEM_BOUND && islower((unsigned char)benefit->item.data[0]);
    for (size_t i = 0; i < benefit->item.size && named; i++) {
        unsigned char letter = (unsigned char)benefit->item.data[i];
        named = islower(letter) || isdigit(letter) || letter == '_';
    }
    if (!named)
        document_fault(
            document, value,
            "found \"%.60s\", expected a name of an item such as hiring_incentive: at most "
            "%d of a-z, 0-9 and _, a letter first",
            benefit->item.data, ITEM_BOUND);
}

/* "IDR 600000.00", {max: IDR 1000000.00} or unknown. */
static void read_amount(struct document *document, node *value, void *record)
{
    struct benefit *benefit = record;
    node *maximum = node_member(document, value, "max");
    benefit->amount_kind = maximum != NULL             ? AMOUNT_MAXIMUM
                           : node_is(value, "unknown") ? AMOUNT_UNKNOWN
                                                       : AMOUNT_FIXED;
    if (benefit->amount_kind == AMOUNT_UNKNOWN)
        return;
    node *amount = maximum != NULL ? maximum : value;
    if (node_amount(document, amount, &benefit->amount_hundredths) &&
        benefit->amount_hundredths <= 0)
        document_fault(document, amount, "expected an amount above zero");
}

/* A number, or "each enrolment", "each day". */
static void read_instalments(struct document *document, node *value, void *record)
{
    struct benefit *benefit = record;
    int64_t number;
    if (node_is(value, "each enrolment") || node_is(value, "each day"))
        return;
    if (!node_number(document, value, &number))
        return;
    if (number < 1 || number > 120)
        document_fault(document, value,
                       "expected 1 to 120 instalments, or \"each enrolment\" or \"each day\"");
    else
        benefit->instalments = (int)number;
}

static void read_latest_of(struct document *document, node *value, void *record)
{
    struct benefit *benefit = record;
    size_t count = node_count(document, value);
    for (size_t i = 0; i < count; i++) {
        int choice;
        if (node_choice(document, node_item(document, value, i), due_days, &choice))
            benefit->due_from |= 1u << choice;
    }
    if (count == 0)
        document_fault(document, value, "expected at least one day");
}

static void read_not_after(struct document *document, node *value, void *record)
{
    int choice;
    ((struct benefit *)record)->due_not_after_course_end =
        node_choice(document, value, due_ends, &choice);
}

static void read_due(struct document *document, node *value, void *record)
{
    static const struct key keys[] = {
        {.name = "latest_of", .kind = KEY_READ, .required = true, .read = read_latest_of},
        {.name = "add_months",
         .kind = KEY_CHOICE,
         .required = true,
         .offset = offsetof(struct benefit, due_months),
         .choices = due_months},
        {.name = "not_after", .kind = KEY_READ, .read = read_not_after},
    };
    node_record(document, value, KEYS_OF(keys), record);
}

static void read_pay_within(struct document *document, node *value, void *record)
{
    static const struct key keys[] = {
        {.name = "days", .kind = KEY_INT, .offset = offsetof(struct benefit, pay_within_days)},
        {.name = "working_days",
         .kind = KEY_INT,
         .offset = offsetof(struct benefit, pay_within_working_days)},
    };
    node_record(document, value, KEYS_OF(keys), record);
}

static const struct key benefit_keys[] = {
    {.name = "item", .kind = KEY_READ, .required = true, .read = read_item},
    {.name = "name",
     .kind = KEY_TEXTS,
     .required = true,
     .offset = offsetof(struct benefit, name)},
    {.name = "payee",
     .kind = KEY_CHOICE,
     .required = true,
     .offset = offsetof(struct benefit, payee),
     .choices = payees},
    {.name = "component",
     .kind = KEY_TEXT,
     .required = true,
     .offset = offsetof(struct benefit, component)},
    {.name = "amount", .kind = KEY_READ, .required = true, .read = read_amount},
    {.name = "instalments", .kind = KEY_READ, .required = true, .read = read_instalments},
    {.name = "trigger",
     .kind = KEY_CHOICE,
     .required = true,
     .offset = offsetof(struct benefit, trigger),
     .choices = triggers},
    {.name = "categories",
     .kind = KEY_LIST,
     .offset = offsetof(struct benefit, categories),
     .has = offsetof(struct benefit, category_count)},
    {.name = "due", .kind = KEY_READ, .required = true, .read = read_due},
    {.name = "pay_within", .kind = KEY_READ, .read = read_pay_within},
    {.name = "note", .kind = KEY_NOTE},
};

static void read_benefits(struct document *document, node *value, void *record)
{
    struct scheme *scheme = record;
    size_t count = node_count(document, value);
    struct benefit *benefits = document_alloc(document, count, sizeof *benefits);
    for (size_t i = 0; i < count && benefits != NULL; i++) {
        benefits[i].scheme = scheme;
        node_record(document, node_item(document, value, i), KEYS_OF(benefit_keys),
                    &benefits[i]);
    }
    scheme->benefits = benefits;
    scheme->benefit_count = benefits == NULL ? 0 : count;
}

static const struct key year_keys[] = {
    {.name = "year",
     .kind = KEY_INT,
     .required = true,
     .offset = offsetof(struct scheme_year, year)},
    {.name = "from_wave", .kind = KEY_INT, .offset = offsetof(struct scheme_year, from_wave)},
    {.name = "to_wave", .kind = KEY_INT, .offset = offsetof(struct scheme_year, to_wave)},
    {.name = "purchase_closes",
     .kind = KEY_DAY,
     .offset = offsetof(struct scheme_year, purchase_closes),
     .has = offsetof(struct scheme_year, has_purchase_closes)},
    {.name = "award_closes",
     .kind = KEY_DAY,
     .required = true,
     .offset = offsetof(struct scheme_year, award_closes)},
    {.name = "note", .kind = KEY_NOTE},
};

static void read_years(struct document *document, node *value, void *record)
{
    struct scheme *scheme = record;
    size_t count = node_count(document, value);
    struct scheme_year *years = document_alloc(document, count, sizeof *years);
    for (size_t i = 0; i < count && years != NULL; i++) {
        node *item = node_item(document, value, i);
        node_record(document, item, KEYS_OF(year_keys), &years[i]);
        for (size_t j = 0; j < i; j++)
            if (years[j].year == years[i].year ||
                (years[i].from_wave != 0 && years[j].from_wave <= years[i].to_wave &&
                 years[i].from_wave <= years[j].to_wave))
                document_fault(document, item, "year %d overlaps year %d", years[i].year,
                               years[j].year);
    }
    scheme->years = years;
    scheme->year_count = years == NULL ? 0 : count;
}

void load_check_waves(struct document *document, node *at, int from_wave, int to_wave)
{
    if ((from_wave == 0) != (to_wave == 0) || from_wave > to_wave || from_wave < 0)
        document_fault(document, at,
                       "expected from_wave and to_wave, the first not above the last");
}

/* {TRAINING: IDR 1000000.00, ...}, or unknown. */
static void read_package(struct document *document, node *value, void *record)
{
    struct scheme *scheme = record;
    struct package_part *parts = NULL;
    if (node_is(value, "unknown"))
        return;
    scheme->package_known = true;
    if (value->type != YAML_MAPPING_NODE) {
        document_fault(document, value, "expected components and their amounts, or unknown");
        return;
    }
    for (yaml_node_pair_t *pair = value->data.mapping.pairs.start;
         pair < value->data.mapping.pairs.top; pair++) {
        struct package_part *part =
            list_add(document, (void **)(void *)&parts, &scheme->package_count, sizeof *part);
        if (part == NULL)
            return;
        node_text(document, yaml_document_get_node(&document->yaml, pair->key),
                  &part->component);
        node_amount(document, yaml_document_get_node(&document->yaml, pair->value),
                    &part->amount_hundredths);
        for (const struct package_part *other = parts; other < part; other++)
            if (slice_equal(other->component, part->component))
                document_fault(document, value, "found \"%.*s\" a second time",
                               SLICE_ARGS(part->component));
        if (__builtin_add_overflow(scheme->package_hundredths, part->amount_hundredths,
                                   &scheme->package_hundredths))
            document_fault(document, value, "expected parts that a number can hold together");
        scheme->package = parts;
    }
}

static const struct key scheme_keys[] = {
    {.name = "name",
     .kind = KEY_TEXT,
     .required = true,
     .offset = offsetof(struct scheme, name)},
    {.name = "from_wave", .kind = KEY_INT, .offset = offsetof(struct scheme, from_wave)},
    {.name = "to_wave", .kind = KEY_INT, .offset = offsetof(struct scheme, to_wave)},
    {.name = "from",
     .kind = KEY_DAY,
     .offset = offsetof(struct scheme, from),
     .has = offsetof(struct scheme, has_from)},
    {.name = "to",
     .kind = KEY_DAY,
     .offset = offsetof(struct scheme, to),
     .has = offsetof(struct scheme, has_to)},
    {.name = "years", .kind = KEY_READ, .required = true, .read = read_years},
    {.name = "package", .kind = KEY_READ, .required = true, .read = read_package},
    {.name = "benefits", .kind = KEY_READ, .required = true, .read = read_benefits},
    {.name = "note", .kind = KEY_NOTE},
};

/* What the benefits of a component come to: instalments times amount; of benefits of one item
 * (by course category) the largest. */
static int64_t component_sum(const struct scheme *scheme, struct slice component)
{
    int64_t sum = 0;
    for (size_t i = 0; i < scheme->benefit_count; i++) {
        const struct benefit *benefit = &scheme->benefits[i];
        bool largest = slice_equal(benefit->component, component);
        for (size_t j = 0; j < scheme->benefit_count && largest; j++) {
            const struct benefit *other = &scheme->benefits[j];
            largest = j == i || !slice_equal(other->item, benefit->item) ||
                      other->amount_hundredths < benefit->amount_hundredths ||
                      (other->amount_hundredths == benefit->amount_hundredths && j > i);
        }
        int64_t all = benefit->instalments > 1 ? benefit->instalments : 1;
        if (largest && (__builtin_mul_overflow(benefit->amount_hundredths, all, &all) ||
                        __builtin_add_overflow(sum, all, &sum)))
            return INT64_MAX;
    }
    return sum;
}

static void check_package(struct loading *loading, node *at, const struct scheme *scheme)
{
    struct document *document = &loading->document;
    for (size_t i = 0; i < scheme->package_count; i++) {
        const struct package_part *part = &scheme->package[i];
        int64_t sum = component_sum(scheme, part->component);
        if (sum == 0 || sum > part->amount_hundredths)
            document_fault(document, at,
                           "package gives %.*s %" PRId64
                           ".%02d, but its benefits come to %" PRId64 ".%02d",
                           SLICE_ARGS(part->component), part->amount_hundredths / 100,
                           (int)(part->amount_hundredths % 100), sum / 100, (int)(sum % 100));
    }
    for (size_t i = 0; i < scheme->benefit_count && scheme->package_known; i++) {
        bool found = scheme->benefits[i].amount_kind == AMOUNT_UNKNOWN;
        for (size_t j = 0; j < scheme->package_count && !found; j++)
            found = slice_equal(scheme->benefits[i].component, scheme->package[j].component);
        if (!found)
            document_fault(document, at,
                           "component \"%.*s\" of a benefit is not in the package",
                           SLICE_ARGS(scheme->benefits[i].component));
    }
}

static bool categories_meet(const struct benefit *a, const struct benefit *b)
{
    if (a->category_count == 0 || b->category_count == 0)
        return true;
    for (size_t i = 0; i < a->category_count; i++)
        for (size_t j = 0; j < b->category_count; j++)
            if (slice_equal(a->categories[i], b->categories[j]))
                return true;
    return false;
}

/* An item has one amount for a course: by groups of categories that do not meet. */
static void check_items(struct loading *loading, node *at, const struct scheme *scheme)
{
    for (size_t i = 0; i < scheme->benefit_count; i++)
        for (size_t j = 0; j < i; j++)
            if (slice_equal(scheme->benefits[i].item, scheme->benefits[j].item) &&
                categories_meet(&scheme->benefits[i], &scheme->benefits[j]))
                document_fault(&loading->document, at,
                               "found item \"%.*s\" twice for the same category, expected one "
                               "amount",
                               SLICE_ARGS(scheme->benefits[i].item));
}

enum { YEARS_BOUND = 200 };

/* Whoever applies on a day whose year is not listed could not be told why he or she is refused. */
static void check_years(struct loading *loading, node *at, const struct scheme *scheme)
{
    struct document *document = &loading->document;
    if (scheme->year_count == 0) {
        document_fault(document, at, "scheme \"%.*s\" has no year", SLICE_ARGS(scheme->name));
        return;
    }
    int first = scheme->years[0].year, last = first;
    for (size_t i = 1; i < scheme->year_count; i++) {
        first = scheme->years[i].year < first ? scheme->years[i].year : first;
        last = scheme->years[i].year > last ? scheme->years[i].year : last;
    }
    if (scheme->has_from)
        first = day_to_civil(scheme->from).year;
    if (scheme->has_to)
        last = day_to_civil(scheme->to).year;
    for (int year = first; year <= last && year - first < YEARS_BOUND; year++) {
        if (year_find(scheme, year) == NULL) {
            document_fault(document, at,
                           "year %d of scheme \"%.*s\" is missing, expected every year of its "
                           "days",
                           year, SLICE_ARGS(scheme->name));
            return;
        }
    }
}

static bool schemes_meet(const struct scheme *a, const struct scheme *b)
{
    if (a->from_wave != 0 || b->from_wave != 0)
        return (a->from_wave == 0) != (b->from_wave == 0) ||
               (a->from_wave <= b->to_wave && b->from_wave <= a->to_wave);
    return !(a->has_to && b->has_from && a->to < b->from) &&
           !(b->has_to && a->has_from && b->to < a->from);
}

static void check_scheme(struct loading *loading, node *at, size_t i)
{
    struct document *document = &loading->document;
    const struct scheme *scheme = &loading->schemes[i];
    for (size_t j = 0; j < i; j++)
        if (slice_equal(loading->schemes[j].name, scheme->name) ||
            schemes_meet(&loading->schemes[j], scheme))
            document_fault(document, at, "scheme \"%.*s\" overlaps scheme \"%.*s\"",
                           SLICE_ARGS(scheme->name), SLICE_ARGS(loading->schemes[j].name));
    load_check_waves(document, at, scheme->from_wave, scheme->to_wave);
    for (int wave = scheme->from_wave; wave != 0 && wave <= scheme->to_wave && wave < 10000;
         wave++) {
        if (year_for_wave(scheme, wave) == NULL) {
            document_fault(document, at, "wave %d of scheme \"%.*s\" belongs to no year", wave,
                           SLICE_ARGS(scheme->name));
            break;
        }
    }
    if (scheme->from_wave == 0)
        check_years(loading, at, scheme);
    check_items(loading, at, scheme);
    check_package(loading, at, scheme);
}

void load_schemes(struct loading *loading, node *at)
{
    struct document *document = &loading->document;
    size_t count = node_count(document, at);
    loading->schemes = document_alloc(document, count, sizeof *loading->schemes);
    if (loading->schemes == NULL)
        return;
    for (size_t i = 0; i < count; i++) {
        node *item = node_item(document, at, i);
        loading->schemes[i].programme = loading->programme;
        node_record(document, item, KEYS_OF(scheme_keys), &loading->schemes[i]);
        check_scheme(loading, item, i);
    }
    loading->programme->schemes = loading->schemes;
    loading->programme->scheme_count = count;
}

void load_scheme_names(struct loading *loading, node *list,
                       const struct scheme *const **schemes, size_t *count)
{
    struct document *document = &loading->document;
    const struct slice *names = NULL;
    size_t wanted = 0, found = 0;
    if (!node_list(document, list, &names, &wanted))
        return;
    const struct scheme **resolved = document_alloc(document, wanted, sizeof(void *));
    if (resolved == NULL)
        return;
    for (size_t i = 0; i < wanted; i++) {
        const struct scheme *scheme = scheme_find(loading->programme, names[i]);
        if (scheme == NULL)
            document_fault(document, node_item(document, list, i), "unknown scheme \"%.*s\"",
                           SLICE_ARGS(names[i]));
        else
            resolved[found++] = scheme;
    }
    *schemes = resolved;
    *count = found;
}
