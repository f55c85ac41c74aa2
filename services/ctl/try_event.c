/*
 * What the case does not give is derived from its event and its facts by the service's own decision.
 *
 * The event is decided as a worker would, on the rows of "facts" and no others; the verdict of that decision
 * has the value of each field that a condition asked for, and the reasons of the engine. A table that
 * "facts" does not name is not known, and neither are the fields that stand in it; a table that it names
 * without rows is known to have none.
 */
#include "decode/json.h"
#include "schemas/events.h"
#include "seal/ids.h"
#include "try.h"
#include "try_rows.h"

#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { EVENT_SIZE = 8192, EXPECTED_FACTS = 64 };

/* Which event a phase is judged at; a drawn application names its draw's outcome. */
static const struct event_type *event_type_of(const struct trial *trial, const json_t *event)
{
    bool milestone = json_object_get(event, "kind") != NULL;
    bool drawn = json_object_get(event, "outcome") != NULL;
    switch (trial->rule_phases[0]) {
    case PHASE_APPLY:
    case PHASE_EMPLOYER:
        return &application_submitted_event;
    case PHASE_SELECT:
        return drawn ? &application_drawn_event : &application_submitted_event;
    case PHASE_PROVIDER:
        return &course_listed_event;
    case PHASE_PURCHASE:
        return &course_enrolled_event;
    case PHASE_COMPLETE:
        return &course_completed_event;
    case PHASE_PAY:
        return milestone ? &milestone_reached_event : &incentive_approved_event;
    case PHASE_COUNT:
        break;
    }
    return NULL;
}

static void handler_find(struct deriving *deriving, const struct event_type *type)
{
    static const struct try_desk *const desks[] = {&try_application_desk, &try_completion_desk,
                                                   &try_incentive_desk};
    for (size_t i = 0; i < sizeof desks / sizeof *desks; i++)
        for (size_t k = 0; k < desks[i]->handler_count; k++)
            if (desks[i]->handlers[k]->event == type) {
                deriving->desk = desks[i];
                deriving->handler = desks[i]->handlers[k];
            }
}

static void unsaid_mark(struct trial *trial, const char *prefix)
{
    size_t size = strlen(prefix);
    for (size_t i = 0; i < RULE_FIELD_COUNT; i++)
        if (strncmp(field_meaning((enum rule_field)i)->name, prefix, size) == 0)
            trial->unsaid[i] = true;
}

/* What is not known when a member of an event was left out. */
static void members_mark(struct deriving *deriving)
{
    static const struct {
        const char *topic, *member, *fields;
    } unsaid[] = {
        {"application.submitted", "citizenship", "application.citizenship"},
        {"application.submitted", "birth_date", "applicant.age"},
        {"application.submitted", "birth_date", "hire.age"},
        {"course.enrolled", "price", "purchase.price"},
        {"course.enrolled", "price", "purchase.balance_after"},
        {"course.completed", "sessions_held", "completion.sessions_"},
        {"course.completed", "sessions_attended", "completion.sessions_missed"},
        {"course.listed", "mode", "course.mode"},
        {"course.listed", "price", "course.price_above_outside"},
        {"course.listed", "provider", "provider."},
        {"course.listed", "valid_from", "provider.months_"},
        {"incentive.approved", "item", "payment.item"},
        {"incentive.approved", "payee", "payment.payee_kind"},
        {"incentive.approved", "instalments", "payment.amount"},
    };
    const char *topic = deriving->handler->event->topic;
    for (size_t i = 0; i < sizeof unsaid / sizeof *unsaid; i++)
        if (strcmp(unsaid[i].topic, topic) == 0 &&
            json_object_get(deriving->event, unsaid[i].member) == NULL)
            unsaid_mark(deriving->trial, unsaid[i].fields);
}

/* What is not known when a table is not named. A decision that waits for a row gets a new one, so that the
 * rest can be derived. */
static void tables_mark(struct deriving *deriving)
{
    static const struct {
        const struct try_desk *desk;
        const char *table, *fields;
        const char *needed_by; /* the topic whose decision waits for the row */
    } unsaid[] = {
        {&try_application_desk, "person", "person.", NULL},
        {&try_application_desk, "person", "register.", NULL},
        {&try_application_desk, "family_card", "family_card.", NULL},
        {&try_completion_desk, "award", "award.", ""},
        {&try_completion_desk, "award", "review.", ""},
        {&try_completion_desk, "award", "survey.", ""},
        {&try_completion_desk, "award", "completion.first", ""},
        {&try_completion_desk, "award", "completion.attendee_is_participant", ""},
        {&try_completion_desk, "award", "purchase.days_since_", ""},
        {&try_completion_desk, "award", "purchase.balance_after", ""},
        {&try_completion_desk, "course", "course.", "course.enrolled"},
        {&try_completion_desk, "enrolment", "purchase.", "course.completed"},
        {&try_incentive_desk, "award", "award.", ""},
        {&try_incentive_desk, "account", "account.", NULL},
        {&try_incentive_desk, "programme", "programme.", NULL},
    };
    const char *topic = deriving->handler->event->topic;
    const json_t *said = json_object_get(deriving->trial->json, "facts");
    bool listed = strcmp(topic, course_listed_event.topic) == 0;
    for (size_t i = 0; !listed && i < sizeof unsaid / sizeof *unsaid; i++) {
        const char *needed_by = unsaid[i].needed_by, *table = unsaid[i].table;
        bool own = needed_by == NULL || *needed_by == '\0' || strcmp(needed_by, topic) == 0;
        if (unsaid[i].desk != deriving->desk || !own || json_object_get(said, table) != NULL)
            continue;
        unsaid_mark(deriving->trial, unsaid[i].fields);
        deriving->partial = true;
        if (needed_by != NULL)
            json_object_set_new(deriving->facts, table, json_object());
    }
}

/* The programme as if it had no other scheme and year: a course is judged for this one alone. */
static struct programme *programme_alone(const struct trial *trial)
{
    struct programme *programme = arena_alloc(trial->arena, sizeof *programme);
    struct scheme *scheme = arena_alloc(trial->arena, sizeof *scheme);
    if (programme == NULL || scheme == NULL)
        return NULL;
    *programme = *trial->programme;
    *scheme = *trial->scheme;
    if (trial->year != NULL) {
        scheme->years = trial->year;
        scheme->year_count = 1;
    }
    programme->schemes = scheme;
    programme->scheme_count = 1;
    return programme;
}

static bool decide(struct deriving *deriving, const void *event)
{
    const struct handler *handler = deriving->handler;
    struct trial *trial = deriving->trial;
    struct decision *decision = arena_alloc(trial->arena, sizeof *decision);
    void *subject = arena_alloc(trial->arena, handler->subject_size);
    struct programme *programmes[] = {programme_alone(trial)};
    struct office office = {deriving->desk->service, deriving->seal, programmes, 1};
    struct facts facts = {.load = rows_answer, .context = deriving};
    if (decision == NULL || subject == NULL || programmes[0] == NULL ||
        !facts_begin(&facts, deriving->desk->tables, *deriving->desk->table_count, trial->arena,
                     EXPECTED_FACTS))
        return trial_fault(trial, "the case is too large");
    facts.load = rows_answer;
    facts.context = deriving;
    deriving->decision = decision;
    decision->office = &office;
    decision->arena = trial->arena;
    decision->outputs = &deriving->outputs;
    outputs_clear(&deriving->outputs);
    verdict_init(&decision->verdict);
    facts_decision_begin(&facts);
    handler->identify(event, subject, decision);
    for (int round = 0; decision->kind == DECIDED && round < FACT_ROUNDS; round++) {
        handler->keys(event, subject, &facts);
        rows_answer(deriving, &facts);
    }
    if (decision->kind == DECIDED && !deriving->failed)
        handler->decide(event, subject, &facts, decision);
    if (deriving->failed)
        return false;
    return !(decision->exhausted || facts.failed) ||
           trial_fault(trial, "the case is too large");
}

/* Services assert what their own tables promise. Here the rows are an officer's, and one that breaks such a
 * promise must end this case alone: abort() is caught, and the case is left as it stands. */
static sigjmp_buf contradiction;

static void contradict(int signal)
{
    (void)signal;
    siglongjmp(contradiction, 1);
}

static bool decide_guarded(struct deriving *deriving, const void *event)
{
    const struct sigaction catch = {.sa_handler = contradict, .sa_flags = SA_NODEFER};
    struct sigaction before;
    volatile bool good = false;
    sigaction(SIGABRT, &catch, &before);
    if (sigsetjmp(contradiction, 1) == 0)
        good = decide(deriving, event);
    else
        trial_fault(deriving->trial,
                    "\"facts\" contradict each other: no worker writes such rows");
    sigaction(SIGABRT, &before, NULL);
    return good;
}

static bool conclude(struct deriving *deriving)
{
    const struct decision *decision = deriving->decision;
    struct trial *trial = deriving->trial;
    const char *topic = deriving->handler->event->topic;
    switch (decision->kind) {
    case DECIDED:
        trial->derived = decision->verdict;
        trial->derived_any = true;
        if (deriving->partial) /* what the engine said of rows that are not known */
            trial->derived.failed.count = 0;
        return true;
    case WAITING:
        return trial_fault(trial, "%s speaks of a row of \"%s\" that is not among the facts",
                           topic, decision->awaited->table);
    case REPEATED:
        return trial_fault(trial, "%s would be a repeat of what the facts say", topic);
    case DEAD_LETTERED:
        return trial_fault(trial, "%s would be a dead letter, %s: %s", topic, decision->reason,
                           decision->sentence);
    }
    return false;
}

/* Instalments have ids that are functions of award, item and number. */
static void entitlements_name(struct deriving *deriving)
{
    json_t *list = json_object_get(deriving->event, "instalments");
    const char *item = json_string_value(json_object_get(deriving->event, "item"));
    struct uuid award_id;
    for (size_t i = 0; i < json_array_size(list) && item != NULL; i++) {
        json_t *one = json_array_get(list, i);
        int number = (int)json_integer_value(json_object_get(one, "number"));
        char text[UUID_TEXT_SIZE + 1];
        if (!uuid_parse(slice_of(deriving->filling.award_id), &award_id))
            return;
        struct uuid id = seal_entitlement_id(deriving->seal, &award_id, slice_of(item), number);
        uuid_format(&id, text);
        json_object_set_new(one, "entitlement_id", json_string(text));
    }
}

/* A course is judged for the programmes that it names: for this one, when it names none. */
static void programme_name(struct deriving *deriving)
{
    if (deriving->handler->event == &course_listed_event &&
        json_object_get(deriving->event, "programmes") == NULL)
        json_object_set_new(deriving->event, "programmes",
                            json_pack("[o]", text_json(deriving->trial->programme->id)));
}

/* Noon of the case's day is the time of an event that tells none. */
static bool time_find(struct deriving *deriving)
{
    struct trial *trial = deriving->trial;
    if (!trial->has_day)
        return trial_fault(trial, "\"event\": expected its time, or \"day\"");
    deriving->filling.at =
        day_to_instant(trial->day, trial->programme->utc_offset_minutes) + US_PER_DAY / 2;
    return true;
}

/* The conditions of the incentive service ask for no item; those of PAY that the completion service judges do. */
static void item_take(struct trial *trial)
{
    const json_t *item = json_object_get(json_object_get(trial->json, "event"), "item");
    if (!json_is_string(item) || trial->given[FIELD_PAYMENT_ITEM])
        return;
    trial->given[FIELD_PAYMENT_ITEM] = true;
    trial->fields[FIELD_PAYMENT_ITEM] =
        value_code((struct slice){json_string_value(item), json_string_length(item)});
}

/* A slip of the pen in a table's name would be a table that is not known. */
static bool tables_check(const struct deriving *deriving)
{
    struct trial *trial = deriving->trial;
    const char *name;
    json_t *table;
    json_object_foreach(deriving->facts, name, table)
    {
        bool known = false;
        for (size_t i = 0; i < *deriving->desk->table_count; i++)
            known = known || strcmp(deriving->desk->tables[i].row->table, name) == 0;
        if (!known)
            return trial_fault(trial, "\"facts\": \"%.40s\" is no table of the service %s",
                               name, deriving->desk->service);
        bool rows = json_is_object(table) || json_is_array(table);
        for (size_t i = 0; i < json_array_size(table); i++)
            rows = rows && json_is_object(json_array_get(table, i));
        if (!rows)
            return trial_fault(trial, "\"facts\": \"%.40s\" must be a row or a list of rows",
                               name);
    }
    return true;
}

static bool derive(struct deriving *deriving)
{
    struct trial *trial = deriving->trial;
    const struct event_type *type = deriving->handler->event;
    const char *award_id = json_string_value(json_object_get(deriving->event, "award_id"));
    _Alignas(16) char event[EVENT_SIZE];
    struct error error;
    if (type->record->size > sizeof event)
        return trial_fault(trial, "the event is larger than this program can hold");
    if (!time_find(deriving) || !tables_check(deriving))
        return false;
    item_take(trial);
    members_mark(deriving);
    tables_mark(deriving);
    deriving->filling.trial = trial;
    deriving->filling.award_id = award_id == NULL ? FILL_AWARD_ID : award_id;
    fill_record(&deriving->filling, type->record, deriving->event);
    entitlements_name(deriving);
    programme_name(deriving);
    char *text = json_dumps(deriving->event, JSON_COMPACT);
    bool good = text != NULL &&
                event_from_json(type, slice_of(text), trial->arena, event, &error) == OK;
    if (!good)
        trial_fault(trial, "\"event\": %s", text == NULL ? "too large" : error.text);
    free(text);
    return good && decide_guarded(deriving, event) && conclude(deriving);
}

bool trial_derive(struct trial *trial)
{
    json_t *event = json_object_get(trial->json, "event");
    json_t *facts = json_object_get(trial->json, "facts");
    if (event == NULL || json_is_null(event))
        return facts == NULL || json_is_null(facts) ||
               trial_fault(trial, "\"facts\" need an \"event\" that is decided on them");
    if (!json_is_object(event) || (facts != NULL && !json_is_object(facts)))
        return trial_fault(trial, "\"event\" and \"facts\" must be objects");
    struct deriving deriving = {.trial = trial, .seal = trial->bench->seal};
    handler_find(&deriving, event_type_of(trial, event));
    deriving.event = json_deep_copy(event);
    deriving.facts = facts == NULL ? json_object() : json_deep_copy(facts);
    bool good = derive(&deriving);
    json_decref(deriving.event);
    json_decref(deriving.facts);
    return good;
}
