#include "explain_json.h"

#include "rules/explain.h"
#include "try.h"

static json_t *instant_json(instant_us at)
{
    char text[INSTANT_TEXT_SIZE + 1];
    instant_format(at, text);
    return json_string(text);
}

static json_t *known_json(struct slice text)
{
    return text.size == 0 ? json_null() : text_json(text);
}

/* Lines as a list, without the indent and the ends that pages need. */
static json_t *lines_json(struct slice rest)
{
    json_t *list = json_array();
    while (rest.size > 0) {
        const char *end = memchr(rest.data, '\n', rest.size);
        size_t size = end == NULL ? rest.size : (size_t)(end - rest.data), indent = 0;
        while (indent < size && rest.data[indent] == ' ')
            indent++;
        json_array_append_new(list,
                              text_json((struct slice){rest.data + indent, size - indent}));
        size += end != NULL;
        rest = (struct slice){rest.data + size, rest.size - size};
    }
    return list;
}

static json_t *sources_json(const struct programme *programme,
                            const struct condition *condition)
{
    json_t *list = json_array();
    for (size_t i = 0; i < condition->source_count; i++) {
        json_t *one = json_object();
        json_object_set_new(one, "key", text_json(condition->sources[i]));
        json_object_set_new(one, "where",
                            known_json(citation_find(programme, condition->sources[i])));
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *condition_json(const struct page *page, const struct verdict *verdict,
                              const struct condition_seen *seen)
{
    static const char *const results[] = {"PASS", "FAIL", "UNKNOWN", "NOT_APPLICABLE"};
    struct teller teller = teller_make(page->programme, page->language);
    const struct condition *condition = condition_find(page->programme, seen->number);
    struct buffer sentence = {0};
    json_t *one = json_object();
    explain_condition(&teller, verdict, seen, &sentence);
    json_object_set_new(one, "number", json_integer(seen->number));
    json_object_set_new(one, "result", json_string(results[seen->result]));
    if (condition != NULL) {
        enum rule_field field = condition->must.field;
        json_object_set_new(one, "phase", json_string(phase_name(condition->phase)));
        json_object_set_new(one, "field",
                            json_string(programme_field_name(page->programme, field)));
        json_object_set_new(one, "value", value_json(field, verdict_value(verdict, field)));
        json_object_set_new(one, "effect", json_string(effect_name(condition->effect)));
        json_object_set_new(one, "reason", text_json(condition->reason->code));
        json_object_set_new(one, "confidence", json_string(condition->confidence));
        json_object_set_new(one, "sources", sources_json(page->programme, condition));
    }
    json_object_set_new(one, "sentence", text_json(buffer_slice(&sentence)));
    buffer_release(&sentence);
    return one;
}

/* A code with what the person is told; null where the file has no sentence for it. */
static json_t *reason_json(const struct page *page, struct slice code)
{
    struct teller teller = teller_make(page->programme, page->language);
    const struct reason *reason = reason_find(page->programme, code);
    struct buffer ends = {0};
    json_t *one = json_object();
    if (reason != NULL)
        explain_ends(&teller, reason, &ends);
    json_object_set_new(one, "code", text_json(code));
    json_object_set_new(
        one, "sentence",
        reason == NULL ? json_null() : text_json(text_in(&reason->sentence, teller.language)));
    json_object_set_new(
        one, "next",
        reason == NULL ? json_null() : text_json(text_in(&reason->next_step, teller.language)));
    json_object_set_new(one, "ends", known_json(buffer_slice(&ends)));
    buffer_release(&ends);
    return one;
}

static void add_verdict(const struct page *page, const struct told_decision *decision,
                        json_t *answer)
{
    const struct verdict *verdict = decision->verdict;
    struct slice codes[VERDICT_REASONS];
    size_t count = verdict_reasons(verdict, codes);
    json_t *reasons = json_array(), *conditions = json_array(), *priorities = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(reasons, reason_json(page, codes[i]));
    for (size_t i = 0; i < verdict->priority_count; i++)
        json_array_append_new(priorities, text_json(verdict->priorities[i]));
    for (size_t i = 0; i < verdict->condition_count; i++) {
        const struct condition_seen *seen = &verdict->conditions[i];
        if (page->everything || seen->result == CONDITION_FAIL ||
            seen->result == CONDITION_UNKNOWN)
            json_array_append_new(conditions, condition_json(page, verdict, seen));
    }
    json_object_set_new(answer, "verdict", json_string(effect_name(verdict_effect(verdict))));
    json_object_set_new(answer, "reasons", reasons);
    json_object_set_new(answer, "priorities", priorities);
    json_object_set_new(answer, "conditions", conditions);
}

static json_t *rows_json(const struct told_decision *decision)
{
    json_t *list = json_array();
    for (size_t i = 0; i < decision->row_count; i++) {
        json_t *one = json_object();
        json_object_set_new(one, "table", text_json(decision->rows[i].table));
        json_object_set_new(one, "version", json_integer(decision->rows[i].version));
        json_array_append_new(list, one);
    }
    return list;
}

json_t *decision_json(const struct page *page, const struct told_decision *decision)
{
    static const char *const kinds[] = {"DECIDED", "REPEATED", "WAITING", "DEAD_LETTERED"};
    struct buffer text = {0};
    json_t *answer = json_object();
    json_object_set_new(answer, "service", json_string(decision->service));
    json_object_set_new(answer, "table", text_json(decision->table));
    json_object_set_new(answer, "key", text_json(decision->key));
    json_object_set_new(answer, "state_now", known_json(decision->state));
    json_object_set_new(answer, "kind", json_string(kinds[decision->kind & 3]));
    json_object_set_new(answer, "occurred_at", instant_json(decision->occurred_at));
    json_object_set_new(answer, "topic", text_json(decision->topic));
    json_object_set_new(answer, "partition", json_integer(decision->partition));
    json_object_set_new(answer, "offset", json_integer(decision->offset));
    json_object_set_new(answer, "programme", known_json(decision->programme));
    json_object_set_new(answer, "scheme", known_json(decision->scheme));
    json_object_set_new(answer, "rules_hash", known_json(decision->rules_hash));
    json_object_set_new(answer, "rows", rows_json(decision));
    if (decision->verdict != NULL && page->programme != NULL)
        add_verdict(page, decision, answer);
    json_object_set_new(answer, "same_when_decided_again",
                        decision->check == NOT_CHECKED
                            ? json_null()
                            : json_boolean(decision->check == CHECKED_SAME));
    json_object_set_new(answer, "error",
                        decision->error == NULL ? json_null() : json_string(decision->error));
    decision_tell(page, decision, &text);
    json_object_set_new(answer, "explanation", lines_json(buffer_slice(&text)));
    buffer_release(&text);
    return answer;
}

json_t *draw_json(const struct page *page, const struct told_draw *draw)
{
    struct buffer text = {0};
    json_t *answer = json_object();
    json_object_set_new(answer, "programme", text_json(draw->programme));
    json_object_set_new(answer, "wave", json_integer(draw->wave));
    json_object_set_new(answer, "position", json_integer(draw->rank));
    json_object_set_new(answer, "pool_size", json_integer(draw->pool));
    json_object_set_new(answer, "selected", json_boolean(draw->selected));
    json_object_set_new(answer, "selected_in_all", json_integer(draw->chosen));
    json_object_set_new(answer, "last_selected_position", json_integer(draw->last));
    json_object_set_new(answer, "class", json_integer(draw->priority_class));
    json_object_set_new(answer, "digest", text_json(draw->digest));
    json_object_set_new(answer, "seed", text_json(draw->seed));
    json_object_set_new(answer, "seed_sha256", text_json(draw->seed_sha256));
    json_object_set_new(answer, "announced_at", instant_json(draw->announced_at));
    json_object_set_new(answer, "drawn_at", instant_json(draw->drawn_at));
    draw_tell(page, draw, &text);
    json_object_set_new(answer, "explanation", lines_json(buffer_slice(&text)));
    buffer_release(&text);
    return answer;
}

static json_t *moves_json(const struct told_instalment *instalment)
{
    json_t *list = json_array();
    for (size_t i = 0; i < instalment->move_count; i++) {
        const struct told_move *move = &instalment->moves[i];
        char instruction[INSTRUCTION_SIZE];
        json_t *one = json_object();
        instruction_format(instalment->entitlement_id, move->attempt, instruction);
        json_object_set_new(one, "attempt", json_integer(move->attempt));
        json_object_set_new(one, "instruction_id", json_string(instruction));
        json_object_set_new(one, "what",
                            json_string(move->out    ? "REQUESTED"
                                        : move->paid ? "PAID"
                                                     : "RETURNED"));
        json_object_set_new(one, "amount", amount_json(move->amount_hundredths));
        json_object_set_new(one, "at", instant_json(move->at));
        json_array_append_new(list, one);
    }
    return list;
}

json_t *instalment_json(const struct page *page, const struct told_instalment *instalment)
{
    struct buffer text = {0};
    json_t *answer = json_object(), *reasons = json_array();
    for (size_t i = 0; i < instalment->reason_count; i++)
        json_array_append_new(reasons, reason_json(page, instalment->reasons[i]));
    json_object_set_new(answer, "entitlement_id", text_json(instalment->entitlement_id));
    json_object_set_new(answer, "item", text_json(instalment->item));
    json_object_set_new(answer, "instalment", json_integer(instalment->number));
    json_object_set_new(answer, "payee", text_json(instalment->payee_kind));
    json_object_set_new(answer, "amount",
                        instalment->has_amount ? amount_json(instalment->amount_hundredths)
                                               : json_null());
    json_object_set_new(answer, "currency", text_json(page->programme->currency));
    json_object_set_new(answer, "due_on", day_json(instalment->due_on));
    json_object_set_new(answer, "status", text_json(instalment->status));
    json_object_set_new(answer, "partner", known_json(instalment->partner));
    json_object_set_new(answer, "reasons", reasons);
    json_object_set_new(answer, "moves", moves_json(instalment));
    instalment_tell(page, instalment, &text);
    json_object_set_new(answer, "explanation", lines_json(buffer_slice(&text)));
    buffer_release(&text);
    return answer;
}
