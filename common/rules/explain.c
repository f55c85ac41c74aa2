#include "rules/explain.h"

#include "rules/sentence.h"

enum { ENDS_BOUND = 32 };

static bool silent(const struct verdict *verdict, const struct comparison *comparison)
{
    const struct value *value = verdict_value(verdict, comparison->field);
    return value == NULL || value->state != VALUE_PRESENT;
}

/* The code that stands while the condition cannot be judged: of the first field not known. */
static const char *silent_code(const struct verdict *verdict, const struct condition *condition)
{
    const struct comparison *unknown = &condition->must;
    for (size_t i = 0; i < condition->when_count && !silent(verdict, unknown); i++)
        unknown = &condition->when[i];
    return field_meaning(unknown->field)->unknown;
}

static enum phrase result_phrase(const struct condition *condition, unsigned char result)
{
    bool priority = condition->effect == EFFECT_PRIORITY;
    switch ((enum condition_result)result) {
    case CONDITION_PASS:
        return priority ? PHRASE_RAISES : PHRASE_MET;
    case CONDITION_FAIL:
        return priority ? PHRASE_RAISES_NOT : PHRASE_NOT_MET;
    case CONDITION_NOT_APPLICABLE:
        return PHRASE_NOT_APPLICABLE;
    case CONDITION_UNKNOWN:
        break;
    }
    return PHRASE_UNKNOWN;
}

static void tell_when(const struct teller *teller, const struct verdict *verdict,
                      const struct condition *condition, struct buffer *text)
{
    const char *const *phrases = teller->words->phrases;
    struct buffer list = {0}, required = {0}, found = {0};
    for (size_t i = 0; i < condition->when_count; i++) {
        const struct comparison *when = &condition->when[i];
        buffer_clear(&required);
        buffer_clear(&found);
        tell_comparison(teller, when, &required);
        tell_value(teller, when->field, verdict_value(verdict, when->field), &found);
        text_write(&list, i == 0 ? "" : phrases[PHRASE_AND]);
        sentence_write(SENTENCE(&list, phrases[PHRASE_WHEN_FOUND],
                                {"required", buffer_slice(&required)},
                                {"found", buffer_slice(&found)}));
    }
    if (condition->when_count > 0)
        sentence_write(SENTENCE(text, phrases[PHRASE_WHEN], {"when", buffer_slice(&list)}));
    buffer_release(&list);
    buffer_release(&required);
    buffer_release(&found);
}

static void tell_consequence(const struct teller *teller, const struct verdict *verdict,
                             const struct condition *condition, unsigned char result,
                             struct buffer *text)
{
    bool fails = result == CONDITION_FAIL;
    bool waits = result == CONDITION_UNKNOWN && verdict_effect(verdict) == EFFECT_HOLD;
    if (condition->effect == EFFECT_PRIORITY || (!fails && !waits))
        return;
    struct slice code =
        fails ? condition->reason->code : slice_of(silent_code(verdict, condition));
    const char *effect = teller->words->effects[fails ? condition->effect : EFFECT_HOLD];
    sentence_write(
        SENTENCE(text, teller->words->phrases[fails ? PHRASE_CONSEQUENCE : PHRASE_WAITS_FOR],
                 {"effect", slice_of(effect)}, {"code", code}));
}

void explain_condition(const struct teller *teller, const struct verdict *verdict,
                       const struct condition_seen *seen, struct buffer *text)
{
    const struct condition *condition = condition_find(teller->programme, seen->number);
    struct buffer number = {0}, required = {0}, found = {0};
    number_write(&number, seen->number);
    if (condition != NULL) {
        const struct value *value = verdict_value(verdict, condition->must.field);
        tell_comparison(teller, &condition->must, &required);
        tell_value(teller, condition->must.field, value, &found);
        if (seen->result == CONDITION_FAIL && condition->effect != EFFECT_PRIORITY) {
            size_t before = found.size;
            tell_distance(teller, &condition->must, value, &found);
            if (found.size > before) {
                buffer_clear(&found);
                tell_value(teller, condition->must.field, value, &found);
                text_write(&found, ", ");
                tell_distance(teller, &condition->must, value, &found);
            }
        }
    }
    enum phrase phrase =
        condition == NULL ? PHRASE_NOT_IN_FILE : result_phrase(condition, seen->result);
    sentence_write(
        SENTENCE(text, teller->words->phrases[phrase], {"number", buffer_slice(&number)},
                 {"required", buffer_slice(&required)}, {"found", buffer_slice(&found)}));
    buffer_release(&number);
    buffer_release(&required);
    buffer_release(&found);
    if (condition == NULL)
        return;
    tell_when(teller, verdict, condition, text);
    tell_consequence(teller, verdict, condition, seen->result, text);
}

void explain_source(const struct teller *teller, const struct condition *condition,
                    struct buffer *text)
{
    struct buffer number = {0}, list = {0};
    struct slice confidence =
        words_for(teller->words->confidences, slice_of(condition->confidence));
    number_write(&number, condition->number);
    for (size_t i = 0; i < condition->source_count; i++) {
        struct slice where = citation_find(teller->programme, condition->sources[i]);
        text_write(&list, i == 0 ? "" : "; ");
        buffer_append(&list, condition->sources[i].data, condition->sources[i].size);
        text_write(&list, where.size > 0 ? " " : "");
        buffer_append(&list, where.data, where.size);
    }
    enum phrase phrase = condition->source_count > 0 ? PHRASE_SOURCE : PHRASE_SOURCE_NONE;
    sentence_write(SENTENCE(text, teller->words->phrases[phrase],
                            {"number", buffer_slice(&number)}, {"confidence", confidence},
                            {"sources", buffer_slice(&list)}));
    buffer_release(&number);
    buffer_release(&list);
}

void explain_ends(const struct teller *teller, const struct reason *reason, struct buffer *text)
{
    const struct ends_by *ends = &reason->ends_by;
    const char *const *phrases = teller->words->phrases;
    struct slice list[ENDS_BOUND];
    struct buffer hours = {0}, every = {0}, all = {0};
    size_t count = 0;
    for (size_t i = 0; i < ends->event_count && count < ENDS_BOUND - 2; i++)
        list[count++] = words_for(teller->words->events, ends->events[i]);
    if (ends->every_hours > 0) {
        number_write(&hours, ends->every_hours);
        sentence_write(
            SENTENCE(&every, phrases[PHRASE_EVERY_HOURS], {"hours", buffer_slice(&hours)}));
        list[count++] = buffer_slice(&every);
    }
    if (ends->officer)
        list[count++] = slice_of(phrases[PHRASE_OFFICER]);
    if (count > 0) {
        tell_list(teller, list, count, PHRASE_OR, &all);
        sentence_write(SENTENCE(text, phrases[PHRASE_ENDS], {"ends", buffer_slice(&all)}));
    }
    buffer_release(&hours);
    buffer_release(&every);
    buffer_release(&all);
}

static bool stands_in_the_way(const struct condition *condition, unsigned char result)
{
    return condition != NULL && condition->effect != EFFECT_PRIORITY &&
           (result == CONDITION_FAIL || result == CONDITION_UNKNOWN);
}

void explain_change(const struct teller *teller, const struct verdict *verdict,
                    struct buffer *text)
{
    struct buffer list = {0};
    size_t count = 0, told = 0;
    for (size_t i = 0; i < verdict->condition_count; i++)
        count +=
            stands_in_the_way(condition_find(teller->programme, verdict->conditions[i].number),
                              verdict->conditions[i].result);
    for (size_t i = 0; i < verdict->condition_count; i++) {
        const struct condition_seen *seen = &verdict->conditions[i];
        if (!stands_in_the_way(condition_find(teller->programme, seen->number), seen->result))
            continue;
        text_write(&list, told == 0           ? ""
                          : told + 1 == count ? teller->words->phrases[PHRASE_AND]
                                              : ", ");
        number_write(&list, seen->number);
        told++;
    }
    enum phrase phrase = count == 1 ? PHRASE_CHANGE_ONE : PHRASE_CHANGE_MANY;
    if (count > 0)
        sentence_write(SENTENCE(text, teller->words->phrases[phrase],
                                {"conditions", buffer_slice(&list)}));
    buffer_release(&list);
}

bool reason_of_engine(const struct verdict *verdict, const struct programme *programme,
                      struct slice code)
{
    for (size_t i = 0; i < verdict->condition_count; i++) {
        const struct condition_seen *seen = &verdict->conditions[i];
        const struct condition *condition = condition_find(programme, seen->number);
        if (condition == NULL)
            continue;
        if (seen->result == CONDITION_FAIL && slice_equal(condition->reason->code, code))
            return false;
        if (seen->result != CONDITION_UNKNOWN)
            continue;
        if (slice_is(code, field_meaning(condition->must.field)->unknown))
            return false;
        for (size_t k = 0; k < condition->when_count; k++)
            if (slice_is(code, field_meaning(condition->when[k].field)->unknown))
                return false;
    }
    return true;
}

static void end_line(struct buffer *text)
{
    buffer_append_byte(text, '\n');
}

/* Officers and gateways have codes of their own, which no programme file can list. */
static void tell_reason(const struct teller *teller, const struct verdict *verdict,
                        struct slice code, struct buffer *text)
{
    const char *const *phrases = teller->words->phrases;
    const struct reason *reason = reason_find(teller->programme, code);
    if (reason == NULL) {
        sentence_write(SENTENCE(text, phrases[PHRASE_REASON_OTHER], {"code", code}));
        end_line(text);
        return;
    }
    sentence_write(SENTENCE(text, phrases[PHRASE_REASON], {"code", code},
                            {"sentence", text_in(&reason->sentence, teller->language)}));
    text_write(text, " ");
    sentence_write(SENTENCE(text, phrases[PHRASE_NEXT],
                            {"next", text_in(&reason->next_step, teller->language)}));
    if (verdict_effect(verdict) == EFFECT_HOLD || verdict_effect(verdict) == EFFECT_RETRY) {
        text_write(text, " ");
        explain_ends(teller, reason, text);
    }
    end_line(text);
    if (!reason_of_engine(verdict, teller->programme, code))
        return;
    sentence_write(SENTENCE(text, phrases[PHRASE_ENGINE], {"code", code}));
    end_line(text);
}

static void tell_conditions(const struct teller *teller, const struct verdict *verdict,
                            bool everything, struct buffer *text)
{
    for (size_t i = 0; i < verdict->condition_count; i++) {
        const struct condition_seen *seen = &verdict->conditions[i];
        const struct condition *condition = condition_find(teller->programme, seen->number);
        if (condition != NULL && !everything && seen->result != CONDITION_FAIL &&
            seen->result != CONDITION_UNKNOWN)
            continue;
        explain_condition(teller, verdict, seen, text);
        end_line(text);
        if (condition == NULL)
            continue;
        explain_source(teller, condition, text);
        end_line(text);
    }
}

/* How many conditions came out how: what is not told one by one was judged all the same. */
static void tell_counts(const struct teller *teller, const struct verdict *verdict,
                        struct buffer *text)
{
    enum { MET, FAILED, UNKNOWN, REST, JUDGED, COUNTS };
    struct buffer numbers[COUNTS] = {0};
    size_t counts[COUNTS] = {[JUDGED] = verdict->condition_count};
    for (size_t i = 0; i < verdict->condition_count; i++) {
        const struct condition_seen *seen = &verdict->conditions[i];
        const struct condition *condition = condition_find(teller->programme, seen->number);
        bool priority = condition != NULL && condition->effect == EFFECT_PRIORITY;
        bool idle = seen->result == CONDITION_NOT_APPLICABLE ||
                    (priority && seen->result != CONDITION_PASS);
        counts[idle                             ? REST
               : seen->result == CONDITION_PASS ? MET
               : seen->result == CONDITION_FAIL ? FAILED
                                                : UNKNOWN]++;
    }
    for (size_t i = 0; i < COUNTS; i++)
        number_write(&numbers[i], (long long)counts[i]);
    sentence_write(SENTENCE(
        text, teller->words->phrases[PHRASE_COUNTS], {"met", buffer_slice(&numbers[MET])},
        {"failed", buffer_slice(&numbers[FAILED])},
        {"unknown", buffer_slice(&numbers[UNKNOWN])}, {"rest", buffer_slice(&numbers[REST])},
        {"judged", buffer_slice(&numbers[JUDGED])}));
    end_line(text);
    for (size_t i = 0; i < COUNTS; i++)
        buffer_release(&numbers[i]);
}

static void tell_outcome(const struct teller *teller, const struct verdict *verdict,
                         struct buffer *text)
{
    struct slice reasons[VERDICT_REASONS];
    size_t count = verdict_reasons(verdict, reasons);
    sentence_write(
        SENTENCE(text, teller->words->phrases[PHRASE_VERDICT],
                 {"effect", slice_of(teller->words->effects[verdict_effect(verdict)])}));
    end_line(text);
    for (size_t i = 0; i < count; i++)
        tell_reason(teller, verdict, reasons[i], text);
    for (size_t i = 0; i < verdict->priority_count; i++) {
        const struct reason *reason = reason_find(teller->programme, verdict->priorities[i]);
        sentence_write(SENTENCE(
            text, teller->words->phrases[PHRASE_PRIORITY], {"code", verdict->priorities[i]},
            {"sentence", reason == NULL ? (struct slice){0}
                                        : text_in(&reason->sentence, teller->language)}));
        end_line(text);
    }
}

void verdict_explain(const struct verdict *verdict, const struct programme *programme,
                     struct slice language, bool everything, struct buffer *text)
{
    struct teller teller = teller_make(programme, language);
    tell_conditions(&teller, verdict, everything, text);
    if (verdict->condition_count > 0)
        tell_counts(&teller, verdict, text);
    tell_outcome(&teller, verdict, text);
    size_t before = text->size;
    explain_change(&teller, verdict, text);
    if (text->size > before)
        end_line(text);
}
