/*
 * What would be paid: the instalments that a passed verdict makes due, and the plan of an item.
 *
 * Days are counted by common/rules/schedule, as in the services. What a plan starts from is given by
 * the fields that the programme file names in latest_of; the first and last day of a course are no
 * fields and stand in "event" as starts_on and ends_on.
 */
#include "try.h"

#include "rules/schedule.h"

#include <string.h>

enum { PLAN_INSTALMENTS = 1000 };

static const enum rule_field due_fields[DUE_DAY_COUNT] = {
    [DUE_COMPLETION_DAY] = FIELD_COMPLETION_DAY,
    [DUE_REVIEW_RATED_ON] = FIELD_REVIEW_RATED_ON,
    [DUE_ACCOUNT_LINKED_ON] = FIELD_AWARD_ACCOUNT_LINKED_ON,
    [DUE_SURVEY_ANSWERED_ON] = FIELD_SURVEY_ANSWERED_ON,
    [DUE_INSTALMENT_1_PAID_ON] = FIELD_AWARD_INSTALMENT_1_PAID_ON,
    [DUE_HIRED_ON] = FIELD_HIRE_HIRED_ON,
    [DUE_COURSE_STARTS_ON] = RULE_FIELD_COUNT,
};

static bool course_day(const struct trial *trial, const char *name, epoch_day *day)
{
    const json_t *json = json_object_get(json_object_get(trial->json, "event"), name);
    return json_is_string(json) && day_parse(slice_of(json_string_value(json)), day);
}

static struct due_days days_of(const struct trial *trial)
{
    struct due_days days = {0};
    for (size_t i = 0; i < DUE_DAY_COUNT; i++) {
        if (due_fields[i] == RULE_FIELD_COUNT) {
            days.known[i] = course_day(trial, "starts_on", &days.day[i]);
            continue;
        }
        struct value value = trial_value(trial, due_fields[i]);
        days.known[i] = value.state == VALUE_PRESENT;
        days.day[i] = (epoch_day)value.number;
    }
    return days;
}

/* What the course costs. No condition of COMPLETE asks for it, so that it is looked up where the services have it. */
static bool price_find(const struct trial *trial, int64_t *price_hundredths)
{
    struct value price = trial_value(trial, FIELD_PURCHASE_PRICE);
    struct value amount = trial_value(trial, FIELD_PAYMENT_AMOUNT);
    const json_t *table = json_object_get(json_object_get(trial->json, "facts"), "enrolment");
    const json_t *row = json_is_array(table) ? json_array_get(table, 0) : table;
    if (price.state != VALUE_PRESENT)
        price = amount;
    if (price.state == VALUE_PRESENT)
        *price_hundredths = price.number;
    return price.state == VALUE_PRESENT ||
           amount_from_json(json_object_get(row, "price"), price_hundredths);
}

/* A fixed amount is the benefit's; of a maximum each course pays its price. */
static json_t *amount_of(const struct trial *trial, const struct benefit *benefit)
{
    int64_t price;
    switch (benefit->amount_kind) {
    case AMOUNT_FIXED:
        return amount_json(benefit->amount_hundredths);
    case AMOUNT_MAXIMUM:
        return price_find(trial, &price) ? amount_json(price) : json_null();
    case AMOUNT_UNKNOWN:
        break;
    }
    return json_null();
}

static epoch_day due_of(const struct trial *trial, const struct benefit *benefit,
                        epoch_day start, int number)
{
    epoch_day due = schedule_due_on(benefit, start, number), ends_on;
    if (benefit->due_not_after_course_end && course_day(trial, "ends_on", &ends_on) &&
        due > ends_on)
        due = ends_on;
    return due;
}

static void instalment_add(const struct trial *trial, const struct benefit *benefit, int number,
                           json_t *money)
{
    const struct due_days days = days_of(trial);
    epoch_day start;
    bool known = schedule_start(benefit, &days, &start);
    json_t *one = json_object();
    json_object_set_new_nocheck(one, "item", text_json(benefit->item));
    json_object_set_new_nocheck(one, "instalment", json_integer(number));
    json_object_set_new_nocheck(one, "amount", amount_of(trial, benefit));
    json_object_set_new_nocheck(one, "currency", text_json(trial->programme->currency));
    json_object_set_new_nocheck(
        one, "due_on", known ? day_json(due_of(trial, benefit, start, number)) : json_null());
    json_object_set_new_nocheck(one, "payee", json_string(benefit_payee_name(benefit->payee)));
    json_array_append_new(money, one);
}

/* A number of the case that is counted from 1; 0 where it is not given. */
static int counted(const struct trial *trial, const char *name)
{
    const json_t *json = json_object_get(trial->json, name);
    int64_t number = json_integer_value(json);
    return number >= 1 && number <= PLAN_INSTALMENTS ? (int)number : 0;
}

/* Months begun from the course's first day, as many as the item pays. */
static int months_begun(const struct trial *trial, const struct benefit *benefit, int most)
{
    epoch_day starts_on, ends_on;
    int months = 0;
    if (!course_day(trial, "starts_on", &starts_on) ||
        !course_day(trial, "ends_on", &ends_on) || benefit->trigger != TRIGGER_TRAINING_MONTH)
        return most;
    while (months < most && day_add_months(starts_on, months) <= ends_on)
        months++;
    return months;
}

static void item_add(const struct trial *trial, const struct benefit *benefit, json_t *money)
{
    int only = counted(trial, "instalment"), many = counted(trial, "instalments");
    struct value survey = trial_value(trial, FIELD_SURVEY_NUMBER);
    int most = benefit->instalments > 0 ? benefit->instalments : many > 0 ? many : 1;
    if (benefit->trigger == TRIGGER_SURVEY_ANSWERED && survey.state == VALUE_PRESENT &&
        survey.number >= 1 && survey.number <= most)
        only = (int)survey.number;
    most = months_begun(trial, benefit, most);
    for (int number = only > 0 ? only : 1; number <= (only > 0 ? only : most); number++)
        instalment_add(trial, benefit, number, money);
}

static bool pays_category(const struct trial *trial, const struct benefit *benefit)
{
    struct value category = trial_value(trial, FIELD_COURSE_CATEGORY);
    for (size_t i = 0; i < benefit->category_count; i++)
        if (category.state == VALUE_PRESENT &&
            slice_equal(benefit->categories[i], category.text))
            return true;
    return benefit->category_count == 0;
}

/* A verified completion owes the provider the price, if there is one; an item is paid when PAY lets it. */
static bool pays(const struct trial *trial, const struct benefit *benefit)
{
    struct value item = trial_value(trial, FIELD_PAYMENT_ITEM);
    if (trial_has_phase(trial, PHASE_PAY))
        return item.state == VALUE_PRESENT && slice_equal(item.text, benefit->item);
    int64_t price;
    bool free_of_charge = price_find(trial, &price) && price == 0;
    return trial_has_phase(trial, PHASE_COMPLETE) && !free_of_charge &&
           benefit->trigger == TRIGGER_COMPLETION_VERIFIED;
}

/* An approval names its instalments, with their amounts and days. */
static bool approved_add(const struct trial *trial, const struct benefit *benefit,
                         json_t *money)
{
    const json_t *list = json_object_get(json_object_get(trial->json, "event"), "instalments");
    for (size_t i = 0; i < json_array_size(list); i++) {
        static const char *const members[] = {"amount", "due_on"};
        const json_t *approved = json_array_get(list, i);
        instalment_add(trial, benefit,
                       (int)json_integer_value(json_object_get(approved, "number")), money);
        json_t *one = json_array_get(money, json_array_size(money) - 1);
        for (size_t k = 0; k < sizeof members / sizeof *members; k++)
            if (json_object_get(approved, members[k]) != NULL)
                json_object_set(one, members[k], json_object_get(approved, members[k]));
    }
    return json_array_size(list) > 0;
}

json_t *trial_money(const struct trial *trial, const struct verdict *verdict)
{
    json_t *money = json_array();
    for (size_t i = 0; verdict_clear(verdict) && i < trial->scheme->benefit_count; i++) {
        const struct benefit *benefit = &trial->scheme->benefits[i];
        if (pays(trial, benefit) && pays_category(trial, benefit) &&
            benefit->amount_kind != AMOUNT_UNKNOWN &&
            !(trial_has_phase(trial, PHASE_PAY) && approved_add(trial, benefit, money)))
            item_add(trial, benefit, money);
    }
    return money;
}

/* What a plan still waits for holds with the field's own code, as a condition's would. */
static void start_judge(const struct trial *trial, const struct benefit *benefit,
                        struct verdict *verdict, json_t *unknown)
{
    const struct due_days days = days_of(trial);
    if (benefit->amount_kind == AMOUNT_UNKNOWN)
        verdict_add(verdict, EFFECT_HOLD, SLICE("AMOUNT_UNKNOWN"));
    for (size_t i = 0; i < DUE_DAY_COUNT; i++) {
        if ((benefit->due_from & (1u << i)) == 0 || days.known[i])
            continue;
        bool course = due_fields[i] == RULE_FIELD_COUNT;
        const char *name =
            course ? "course.enrolled.starts_on" : field_meaning(due_fields[i])->name;
        verdict_add_unknown(verdict, slice_of(course ? "REGISTRY_UNAVAILABLE"
                                                     : field_meaning(due_fields[i])->unknown));
        bool said = false;
        for (size_t k = 0; k < json_array_size(unknown); k++)
            said = said || strcmp(json_string_value(json_array_get(unknown, k)), name) == 0;
        if (!said)
            json_array_append_new(unknown, json_string(name));
    }
}

static void sentences_add(const struct trial *trial, const struct benefit *benefit,
                          json_t *money, size_t from)
{
    for (size_t i = from; i < json_array_size(money); i++) {
        json_t *one = json_array_get(money, i);
        const char *due = json_string_value(json_object_get(one, "due_on"));
        epoch_day day;
        if (due == NULL || !day_parse(slice_of(due), &day))
            continue;
        epoch_day pay_by = schedule_pay_by(trial->programme, benefit, day);
        json_object_set_new_nocheck(one, "pay_by", day_json(pay_by));
    }
}

bool trial_schedule(struct trial *trial, json_t *answer)
{
    if (!trial_text(trial, "", trial->json, "item") ||
        !trial_number(trial, "", trial->json, "instalment", 1, PLAN_INSTALMENTS) ||
        !trial_number(trial, "", trial->json, "instalments", 1, PLAN_INSTALMENTS))
        return false;
    struct verdict *verdict = arena_alloc(trial->arena, sizeof *verdict);
    const char *item = json_string_value(json_object_get(trial->json, "item"));
    json_t *money = json_array(), *unknown = json_array();
    size_t found = 0;
    if (verdict != NULL)
        verdict_init(verdict);
    for (size_t i = 0; verdict != NULL && i < trial->scheme->benefit_count; i++) {
        const struct benefit *benefit = &trial->scheme->benefits[i];
        size_t from = json_array_size(money);
        if (item != NULL && !slice_is(benefit->item, item))
            continue;
        if (item == NULL && !pays_category(trial, benefit))
            continue;
        if (benefit->instalments > 0 && counted(trial, "instalment") > benefit->instalments)
            continue;
        found++;
        start_judge(trial, benefit, verdict, unknown);
        item_add(trial, benefit, money);
        sentences_add(trial, benefit, money, from);
    }
    if (verdict == NULL || (found == 0 && item != NULL)) {
        json_decref(money);
        json_decref(unknown);
        return trial_fault(
            trial,
            "\"item\" and \"instalment\" must be those of a benefit of the scheme "
            "\"%.*s\"",
            SLICE_ARGS(trial->scheme->name));
    }
    verdict_answer(trial, verdict, answer);
    json_object_set_new_nocheck(answer, "unknown", unknown);
    json_object_set_new_nocheck(answer, "money", money);
    verdict_answer_explained(trial, verdict, answer);
    return true;
}
