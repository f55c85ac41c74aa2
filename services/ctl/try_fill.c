#include "try_fill.h"

#include <stdio.h>
#include <string.h>

/* Texts and numbers that a member of this name has when nothing is said. */
static const struct {
    const char *name, *text;
} texts[] = {
    {"application_id", "try"},
    {"course_id", "try"},
    {"enrolment_id", "try"},
    {"milestone_id", "try"},
    {"provider_id", "try"},
    {"title", "try"},
    {"ref", "try"},
    {"payee_ref", "try"},
    {"approved_by", "completion"},
    {"national_id", "0000000000000000"},
    {"msisdn", "+6200000000"},
    {"account_no", "0"},
};

static json_t *standing_of(const struct filling *filling, const char *name)
{
    const struct trial *trial = filling->trial;
    const struct programme *programme = trial->programme;
    if (strcmp(name, "programme") == 0)
        return text_json(programme->id);
    if (strcmp(name, "country") == 0)
        return text_json(programme->country);
    if (strcmp(name, "currency") == 0)
        return text_json(programme->currency);
    if (strcmp(name, "language") == 0)
        return text_json(programme->languages[0]);
    if (strcmp(name, "scheme") == 0)
        return text_json(trial->scheme->name);
    if (strcmp(name, "year") == 0 || strcmp(name, "budget_year") == 0)
        return json_integer(trial->year == NULL ? 0 : trial->year->year);
    if (strcmp(name, "wave") == 0)
        return json_integer(trial->has_wave ? trial->wave : 0);
    if (strcmp(name, "award_id") == 0)
        return json_string(filling->award_id);
    if (strcmp(name, "number") == 0 || strcmp(name, "instalment") == 0)
        return json_integer(1);
    if (strcmp(name, "active") == 0 || strcmp(name, "linked") == 0)
        return json_true();
    return NULL;
}

static json_t *benefit_of(const struct filling *filling, const char *name)
{
    struct value item = trial_value(filling->trial, FIELD_PAYMENT_ITEM);
    const struct scheme *scheme = filling->trial->scheme;
    const struct benefit *benefit =
        item.state == VALUE_PRESENT ? benefit_find(scheme, item.text) : NULL;
    if (strcmp(name, "item") == 0)
        return benefit == NULL ? json_string("item") : text_json(benefit->item);
    if (strcmp(name, "component") == 0)
        return benefit == NULL ? json_string("ALL") : text_json(benefit->component);
    return NULL;
}

static json_t *named(const struct filling *filling, const char *name)
{
    json_t *json = standing_of(filling, name);
    if (json == NULL)
        json = benefit_of(filling, name);
    for (size_t i = 0; json == NULL && i < sizeof texts / sizeof *texts; i++)
        if (strcmp(texts[i].name, name) == 0)
            json = json_string(texts[i].text);
    return json;
}

static json_t *instant_json(instant_us instant)
{
    char text[INSTANT_TEXT_SIZE + 1];
    instant_format(instant, text);
    return json_string(text);
}

static json_t *blank(const struct filling *filling, const struct field *field)
{
    int offset = filling->trial->programme->utc_offset_minutes;
    switch (field->kind) {
    case FIELD_BOOL:
        return json_false();
    case FIELD_INT:
    case FIELD_LONG:
        return json_integer(0);
    case FIELD_DAY:
        return day_json(instant_to_day(filling->at, offset));
    case FIELD_INSTANT:
        return instant_json(filling->at);
    case FIELD_MONEY:
        return json_string("0.00");
    case FIELD_UUID:
        return json_string(filling->award_id);
    case FIELD_TEXT:
    case FIELD_BYTES:
        return json_string("");
    case FIELD_SYMBOL: /* names[0] is what no writer says */
        return json_string(field->symbols->names[field->symbols->count > 1]);
    case FIELD_RECORD:
        return json_object();
    }
    return json_null();
}

static void fill_member(const struct filling *filling, const struct field *field,
                        json_t *object)
{
    json_t *json = field->repeated ? json_array() : named(filling, field->name);
    /* Only a member of the kind that the name is known for takes its value. */
    bool fits = json != NULL && (field->repeated || field->kind == FIELD_TEXT ||
                                 field->kind == FIELD_UUID || !json_is_string(json));
    if (!fits) {
        json_decref(json);
        json = blank(filling, field);
    }
    json_object_set_new(object, field->name, json);
}

/* Things in a list that say nothing of their ids are others than the case's own, and than each other. */
static void fill_items(const struct filling *filling, const struct record_type *type,
                       json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        char other[UUID_TEXT_SIZE + 1];
        struct filling inner = *filling;
        snprintf(other, sizeof other, "00000000-0000-8000-8001-%012x", (unsigned)i);
        inner.award_id = other;
        if (json_is_object(json_array_get(list, i)))
            fill_record(&inner, type, json_array_get(list, i));
    }
}

void fill_record(const struct filling *filling, const struct record_type *type, json_t *object)
{
    for (size_t i = 0; i < type->field_count; i++) {
        const struct field *field = &type->fields[i];
        json_t *value = json_object_get(object, field->name);
        bool needed = !field->has_default && !field->optional;
        bool wave =
            field->optional && strcmp(field->name, "wave") == 0 && filling->trial->has_wave;
        if (value == NULL && wave)
            json_object_set_new(object, "wave", json_integer(filling->trial->wave));
        else if (value == NULL && needed)
            fill_member(filling, field, object);
        value = json_object_get(object, field->name);
        if (field->kind != FIELD_RECORD || value == NULL)
            continue;
        if (json_is_object(value))
            fill_record(filling, field->record, value);
        fill_items(filling, field->record, value);
    }
}
