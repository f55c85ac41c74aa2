#include "explain_page.h"

#include "explain_words.h"
#include "rules/explain.h"
#include "rules/sentence.h"

#include <stdio.h>

/* The language that the file's own texts come in, so that a page speaks one language only. */
static struct slice spoken(const struct page *page)
{
    const struct programme *programme = page->programme;
    return programme == NULL ? page->language
                             : programme->languages[language_find(programme, page->language)];
}

static const char *phrase(const struct page *page, enum page_phrase which)
{
    return page_phrase(spoken(page), which);
}

static void line_end(struct buffer *text)
{
    buffer_append_byte(text, '\n');
}

static void tell_at(const struct page *page, instant_us at, struct buffer *text)
{
    char utc[INSTANT_TEXT_SIZE + 1];
    if (page->programme == NULL) {
        instant_format(at, utc);
        text_write(text, utc);
        return;
    }
    struct teller teller = teller_make(page->programme, page->language);
    tell_instant(&teller, at, text);
}

/* A sentence of one gap that is an instant. */
static void tell_on(const struct page *page, enum page_phrase which, instant_us at,
                    struct buffer *text)
{
    struct buffer when = {0};
    tell_at(page, at, &when);
    text_write(text, "  ");
    sentence_write(SENTENCE(text, phrase(page, which), {"at", buffer_slice(&when)}));
    line_end(text);
    buffer_release(&when);
}

void row_tell(const struct page *page, const char *service, struct slice table,
              struct slice key, struct slice state, struct buffer *text)
{
    text_write(text, "== ");
    sentence_write(SENTENCE(text, phrase(page, PAGE_ROW),
                            {"table", page_name(spoken(page), table)}, {"key", key},
                            {"service", slice_of(service)}));
    sentence_write(
        SENTENCE(text, phrase(page, PAGE_NOW), {"state", page_name(spoken(page), state)}));
    line_end(text);
}

static void tell_head(const struct page *page, const struct told_decision *decision,
                      struct buffer *text)
{
    struct buffer at = {0}, partition = {0}, offset = {0};
    enum page_phrase kind =
        decision->kind > 3 ? PAGE_DECIDED : (enum page_phrase)(PAGE_DECIDED + decision->kind);
    tell_at(page, decision->occurred_at, &at);
    number_write(&partition, decision->partition);
    number_write(&offset, decision->offset);
    sentence_write(SENTENCE(text, phrase(page, decision->told_above ? PAGE_TOLD_ABOVE : kind),
                            {"at", buffer_slice(&at)}, {"service", slice_of(decision->service)},
                            {"topic", decision->topic}, {"partition", buffer_slice(&partition)},
                            {"offset", buffer_slice(&offset)}));
    text_write(text, decision->told_above ? "" : "\n  ");
    if (!decision->told_above)
        sentence_write(SENTENCE(text, phrase(page, PAGE_CAUSE), {"topic", decision->topic},
                                {"partition", buffer_slice(&partition)},
                                {"offset", buffer_slice(&offset)}));
    line_end(text);
    buffer_release(&at);
    buffer_release(&partition);
    buffer_release(&offset);
}

static void tell_rows(const struct page *page, const struct told_decision *decision,
                      struct buffer *text)
{
    struct buffer list = {0}, version = {0};
    for (size_t i = 0; i < decision->row_count; i++) {
        buffer_clear(&version);
        number_write(&version, decision->rows[i].version);
        text_write(&list, i == 0 ? "" : ", ");
        sentence_write(SENTENCE(
            &list,
            phrase(page, decision->rows[i].version == 0 ? PAGE_ROW_NEW : PAGE_ROW_VERSION),
            {"table", page_name(spoken(page), decision->rows[i].table)},
            {"version", buffer_slice(&version)}));
    }
    if (decision->row_count > 0) {
        text_write(text, "  ");
        sentence_write(SENTENCE(text, phrase(page, PAGE_ROWS), {"rows", buffer_slice(&list)}));
        line_end(text);
    }
    buffer_release(&list);
    buffer_release(&version);
}

/* Every line of `lines`, two spaces in. */
static void tell_lines(struct slice lines, struct buffer *text)
{
    while (lines.size > 0) {
        const char *end = memchr(lines.data, '\n', lines.size);
        size_t size = end == NULL ? lines.size : (size_t)(end - lines.data);
        text_write(text, "  ");
        buffer_append(text, lines.data, size);
        line_end(text);
        size += end != NULL;
        lines = (struct slice){lines.data + size, lines.size - size};
    }
}

static void tell_fault(const struct page *page, enum page_phrase which, const char *error,
                       struct buffer *text)
{
    text_write(text, "  ");
    sentence_write(SENTENCE(text, phrase(page, which), {"error", slice_of(error)}));
    line_end(text);
}

static void tell_verdict(const struct page *page, const struct told_decision *decision,
                         struct buffer *text)
{
    struct buffer lines = {0};
    if (decision->programme.size == 0) {
        tell_lines(slice_of(phrase(page, PAGE_NO_CONDITION)), text);
        return;
    }
    if (decision->verdict == NULL || page->programme == NULL) {
        tell_fault(page, PAGE_CANNOT_BE_TOLD, decision->error, text);
        return;
    }
    verdict_explain(decision->verdict, page->programme, page->language, page->everything,
                    &lines);
    tell_lines(buffer_slice(&lines), text);
    if (decision->check == CHECKED_SAME)
        tell_lines(slice_of(phrase(page, PAGE_CHECKED)), text);
    else if (decision->check == CHECKED_DIFFERENT)
        tell_fault(page, PAGE_DIFFERENT, decision->error, text);
    buffer_release(&lines);
}

void decision_tell(const struct page *page, const struct told_decision *decision,
                   struct buffer *text)
{
    tell_head(page, decision, text);
    if (decision->told_above)
        return;
    if (decision->programme.size > 0) {
        text_write(text, "  ");
        sentence_write(SENTENCE(text, phrase(page, PAGE_RULES),
                                {"programme", decision->programme},
                                {"scheme", decision->scheme}, {"hash", decision->rules_hash}));
        line_end(text);
    }
    tell_rows(page, decision, text);
    tell_verdict(page, decision, text);
}

static void tell_seed(const struct page *page, const struct told_draw *draw,
                      struct buffer *text)
{
    struct buffer announced = {0}, drawn = {0};
    tell_at(page, draw->announced_at, &announced);
    tell_at(page, draw->drawn_at, &drawn);
    text_write(text, "  ");
    sentence_write(SENTENCE(
        text, phrase(page, PAGE_SEED), {"seed", draw->seed}, {"sha256", draw->seed_sha256},
        {"announced", buffer_slice(&announced)}, {"drawn", buffer_slice(&drawn)}));
    line_end(text);
    buffer_release(&announced);
    buffer_release(&drawn);
}

static void tell_chosen(const struct page *page, const struct told_draw *draw,
                        struct buffer *text)
{
    struct buffer chosen = {0}, last = {0};
    number_write(&chosen, draw->chosen);
    number_write(&last, draw->last);
    text_write(text, "  ");
    sentence_write(SENTENCE(text, phrase(page, PAGE_CHOSEN),
                            {"selected", buffer_slice(&chosen)},
                            {"last", buffer_slice(&last)}));
    line_end(text);
    buffer_release(&chosen);
    buffer_release(&last);
}

void draw_tell(const struct page *page, const struct told_draw *draw, struct buffer *text)
{
    struct buffer wave = {0}, rank = {0}, pool = {0}, class = {0}, command = {0};
    number_write(&wave, draw->wave);
    number_write(&rank, draw->rank);
    number_write(&pool, draw->pool);
    number_write(&class, draw->priority_class);
    text_write(&command, "kerja draw --verify --programme ");
    buffer_append(&command, draw->programme.data, draw->programme.size);
    text_write(&command, " --wave ");
    number_write(&command, draw->wave);
    sentence_write(
        SENTENCE(text, phrase(page, PAGE_DRAW), {"wave", buffer_slice(&wave)},
                 {"rank", buffer_slice(&rank)}, {"pool", buffer_slice(&pool)},
                 {"outcome",
                  slice_of(phrase(page, draw->selected ? PAGE_SELECTED : PAGE_NOT_SELECTED))}));
    line_end(text);
    tell_chosen(page, draw, text);
    text_write(text, "  ");
    sentence_write(SENTENCE(text, phrase(page, PAGE_ORDER), {"class", buffer_slice(&class)},
                            {"digest", draw->digest}));
    line_end(text);
    tell_seed(page, draw, text);
    text_write(text, "  ");
    sentence_write(
        SENTENCE(text, phrase(page, PAGE_VERIFY), {"command", buffer_slice(&command)}));
    line_end(text);
    buffer_release(&wave);
    buffer_release(&rank);
    buffer_release(&pool);
    buffer_release(&class);
    buffer_release(&command);
}

void instruction_format(struct slice entitlement_id, int attempt,
                        char text[static INSTRUCTION_SIZE])
{
    size_t size = 0;
    for (size_t i = 0; i < entitlement_id.size && size < 32; i++)
        if (entitlement_id.data[i] != '-')
            text[size++] = entitlement_id.data[i];
    snprintf(text + size, INSTRUCTION_SIZE - size, "-%02u", (unsigned)attempt % 100);
}

static struct slice item_name(const struct page *page, struct slice item)
{
    struct teller teller = {.programme = page->programme, .words = words_in(spoken(page))};
    if (page->programme != NULL)
        teller.language = language_find(page->programme, page->language);
    return item_words(&teller, item);
}

static void tell_amount(const struct page *page, int64_t hundredths, struct buffer *text)
{
    struct teller teller = {.programme = page->programme, .words = words_in(spoken(page))};
    tell_money(&teller, hundredths, text);
}

static void tell_plan(const struct page *page, const struct told_instalment *instalment,
                      struct buffer *text)
{
    struct teller teller = teller_make(page->programme, page->language);
    struct buffer number = {0}, amount = {0}, due = {0};
    number_write(&number, instalment->number);
    tell_day(&teller, instalment->due_on, &due);
    if (instalment->has_amount)
        tell_amount(page, instalment->amount_hundredths, &amount);
    else
        text_write(&amount, phrase(page, PAGE_AMOUNT_NOT_SET));
    sentence_write(SENTENCE(
        text, phrase(page, PAGE_INSTALMENT), {"item", item_name(page, instalment->item)},
        {"number", buffer_slice(&number)}, {"amount", buffer_slice(&amount)},
        {"payee", words_for(teller.words->codes, instalment->payee_kind)},
        {"due", buffer_slice(&due)}));
    line_end(text);
    buffer_release(&number);
    buffer_release(&amount);
    buffer_release(&due);
}

/* Why it is held, stopped or refused, and what ends it. */
static void tell_why(const struct page *page, const struct told_instalment *instalment,
                     struct buffer *text)
{
    struct teller teller = teller_make(page->programme, page->language);
    const char *const *phrases = teller.words->phrases;
    for (size_t i = 0; i < instalment->reason_count; i++) {
        const struct reason *reason = reason_find(page->programme, instalment->reasons[i]);
        struct slice sentence =
            reason == NULL ? (struct slice){0} : text_in(&reason->sentence, teller.language);
        text_write(text, "  ");
        sentence_write(SENTENCE(text,
                                phrases[reason == NULL ? PHRASE_REASON_OTHER : PHRASE_REASON],
                                {"code", instalment->reasons[i]}, {"sentence", sentence}));
        if (reason != NULL) {
            text_write(text, " ");
            sentence_write(SENTENCE(text, phrases[PHRASE_NEXT],
                                    {"next", text_in(&reason->next_step, teller.language)}));
            if (slice_is(instalment->status, "HELD")) {
                text_write(text, " ");
                explain_ends(&teller, reason, text);
            }
        }
        line_end(text);
    }
}

static void tell_attempt(const struct page *page, const struct told_instalment *instalment,
                         const struct told_move *move, struct buffer *text)
{
    char instruction[INSTRUCTION_SIZE];
    struct buffer number = {0}, amount = {0}, at = {0};
    instruction_format(instalment->entitlement_id, move->attempt, instruction);
    number_write(&number, move->attempt);
    tell_amount(page, move->amount_hundredths, &amount);
    tell_at(page, move->at, &at);
    text_write(text, "  ");
    sentence_write(SENTENCE(text, phrase(page, PAGE_ATTEMPT), {"number", buffer_slice(&number)},
                            {"instruction", slice_of(instruction)},
                            {"amount", buffer_slice(&amount)}, {"at", buffer_slice(&at)}));
    line_end(text);
    buffer_release(&number);
    buffer_release(&amount);
    buffer_release(&at);
}

void instalment_tell(const struct page *page, const struct told_instalment *instalment,
                     struct buffer *text)
{
    tell_plan(page, instalment, text);
    text_write(text, "  ");
    sentence_write(SENTENCE(text, phrase(page, PAGE_STATE),
                            {"state", page_name(spoken(page), instalment->status)}));
    text_write(text, " ");
    sentence_write(SENTENCE(
        text, phrase(page, instalment->partner.size > 0 ? PAGE_ACCOUNT : PAGE_NO_ACCOUNT),
        {"partner", instalment->partner}));
    line_end(text);
    tell_why(page, instalment, text);
    for (size_t i = 0; i < instalment->move_count; i++) {
        const struct told_move *move = &instalment->moves[i];
        if (move->out)
            tell_attempt(page, instalment, move, text);
        else
            tell_on(page, move->paid ? PAGE_PAID : PAGE_RETURNED, move->at, text);
    }
}
