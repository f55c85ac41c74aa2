/*
 * The desk of the incentive service: an approved instalment that is to be paid, and the books.
 */
#include "try_desk.h"

#include "decide_approved.h"
#include "ledger.h"
#include "schemas/events.h"
#include "worker/outputs.h"

#include <string.h>

static const struct handler approved = {&incentive_approved_event,
                                        sizeof(struct approved_subject), approved_identify,
                                        approved_keys, approved_decide};
static const struct handler *const handlers[] = {&approved};

static bool key_of_row(const struct seal *seal, struct slice programme, const char *table,
                       const json_t *row, struct uuid *key)
{
    const char *ref = json_string_value(json_object_get(row, "payee_ref"));
    const char *kind = json_string_value(json_object_get(row, "payee_kind"));
    if (strcmp(table, "account") == 0 && ref != NULL && kind != NULL)
        *key = account_key(seal, symbols_find(&account_row_payee_kind_symbols, slice_of(kind)),
                           slice_of(ref));
    else if (strcmp(table, "programme") == 0)
        *key = programme_key(seal, programme);
    else
        return false;
    return true;
}

const struct try_desk try_incentive_desk = {
    .service = "incentive",
    .tables = incentive_tables,
    .table_count = &incentive_table_count,
    .handlers = handlers,
    .handler_count = sizeof handlers / sizeof *handlers,
    .key_of_row = key_of_row,
};

enum { BOOK_AWARDS = 1024 };

struct try_books {
    const struct programme *programme;
    struct facts facts;
    struct outputs outputs;
    struct decision decision;
    struct office office;
    struct slice scheme;
    int year;
    struct slice names[BOOK_AWARDS];
    struct award_row awards[BOOK_AWARDS];
    size_t count;
};

static bool load_nothing(void *context, struct facts *facts)
{
    (void)context;
    for (struct fact *fact = facts->first; fact != NULL; fact = fact->next_in_order)
        if (fact->state == FACT_WANTED)
            facts_loaded(facts, fact, NULL);
    return true;
}

struct try_books *try_books_open(const struct programme *programme, const struct scheme *scheme,
                                 int year, struct arena *arena, const struct seal *seal,
                                 struct error *error)
{
    struct try_books *books = arena_alloc(arena, sizeof *books);
    if (books == NULL || !facts_begin(&books->facts, incentive_tables, incentive_table_count,
                                      arena, BOOK_AWARDS)) {
        error_set(error, STOP, "there is no memory for the books");
        return NULL;
    }
    books->programme = programme;
    books->facts.load = load_nothing;
    books->scheme = scheme->name;
    books->year = year;
    books->office.service = "incentive";
    books->office.seal = seal;
    books->decision.office = &books->office;
    books->decision.arena = arena;
    books->decision.outputs = &books->outputs;
    outputs_clear(&books->outputs);
    return books;
}

static struct award_row *award_find(struct try_books *books, struct slice name)
{
    for (size_t i = 0; i < books->count; i++)
        if (slice_equal(books->names[i], name))
            return &books->awards[i];
    if (books->count == BOOK_AWARDS)
        return NULL;
    struct award_row *award = &books->awards[books->count];
    books->names[books->count++] = name;
    award->award_id.bytes[14] = (unsigned char)(books->count >> 8);
    award->award_id.bytes[15] = (unsigned char)books->count;
    award->programme = books->programme->id;
    award->scheme = books->scheme;
    award->year = books->year;
    award->currency = books->programme->currency;
    return award;
}

/* The lines of the ledger, as its header draws them, each with the way back that it has. */
static bool line_known(int32_t from, int32_t to)
{
    static const struct {
        int32_t from, to;
        bool back;
    } lines[] = {{APPROPRIATION, COMMITTED, true}, {COMMITTED, USED, true},
                 {USED, PAYABLE, false},           {COMMITTED, IN_FLIGHT, true},
                 {PAYABLE, IN_FLIGHT, true},       {IN_FLIGHT, PAID, false},
                 {PAID, COMMITTED, false},         {PAID, PAYABLE, false},
                 {PAYABLE, COMMITTED, false},      {COMMITTED, RELEASED, true},
                 {PAID, RECOVERED, false}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if ((lines[i].from == from && lines[i].to == to) ||
            (lines[i].back && lines[i].from == to && lines[i].to == from))
            return true;
    return false;
}

enum outcome try_books_move(struct try_books *books, struct slice award, struct slice component,
                            struct slice from, struct slice to, int64_t amount_hundredths,
                            struct error *error)
{
    int32_t credited = symbols_find(&ledger_entry_row_account_symbols, from);
    int32_t debited = symbols_find(&ledger_entry_row_account_symbols, to);
    if (!line_known(credited, debited))
        return error_set(error, REJECT, "the ledger has no move from \"%.*s\" to \"%.*s\"",
                         (int)(from.size < 20 ? from.size : 20), from.data,
                         (int)(to.size < 20 ? to.size : 20), to.data);
    struct award_row *row = award_find(books, award);
    if (row == NULL)
        return error_set(error, STOP, "there are more than %d awards", BOOK_AWARDS);
    int64_t stands = award_balance(row, component, credited);
    if (credited != APPROPRIATION && stands < amount_hundredths)
        return error_set(error, RETRY, "too little stands on %.*s of the award",
                         SLICE_ARGS(from));
    struct ledger ledger = {&books->facts, &books->decision, "try", 0};
    facts_decision_begin(&books->facts);
    ledger_move(&ledger, row, component, credited, debited, amount_hundredths, &row->award_id);
    return books->decision.exhausted || books->facts.failed
               ? error_set(error, STOP, "there is no memory for so many moves")
               : OK;
}

static int64_t component_balance(const struct award_row *award, struct slice component,
                                 int32_t account)
{
    int64_t sum = 0;
    bool all = slice_is(component, "ALL");
    for (size_t i = 0; i < award->parts.count; i++)
        if (all || slice_equal(award->parts.items[i].component, component))
            sum += award_balance(award, award->parts.items[i].component, account);
    return sum;
}

int64_t try_books_committed(const struct try_books *books, struct slice component)
{
    static const int32_t held[] = {COMMITTED, USED, PAYABLE, IN_FLIGHT, PAID, RECOVERED};
    int64_t sum = 0;
    for (size_t i = 0; i < books->count; i++)
        for (size_t k = 0; k < sizeof held / sizeof *held; k++)
            sum += component_balance(&books->awards[i], component, held[k]);
    return sum;
}

/* What the entries make of an account, all awards together. */
static int64_t entries_sum(const struct try_books *books, int32_t account)
{
    int64_t sum = 0;
    for (const struct appended_row *at = books->facts.appended; at != NULL; at = at->next) {
        const struct ledger_entry_row *entry = at->row;
        sum += entry->debited == account ? entry->amount : 0;
        sum -= entry->credited == account ? entry->amount : 0;
    }
    return sum;
}

bool try_books_tell(const struct try_books *books,
                    void (*tell)(void *context, struct slice award, struct slice component,
                                 const char *account, int64_t balance_hundredths),
                    void *context)
{
    int64_t totals[RECOVERED + 1] = {0}, all = 0;
    bool same = true;
    for (size_t i = 0; i < books->count; i++) {
        const struct award_row *award = &books->awards[i];
        for (size_t k = 0; k < award->parts.count; k++) {
            for (int32_t account = COMMITTED; account <= RECOVERED; account++) {
                struct slice component = award->parts.items[k].component;
                int64_t balance = award_balance(award, component, account);
                totals[account] += balance;
                tell(context, books->names[i], component,
                     symbols_name(&ledger_entry_row_account_symbols, account), balance);
            }
        }
    }
    for (int32_t account = APPROPRIATION; account <= RECOVERED; account++) {
        int64_t sum = entries_sum(books, account);
        same = same && (account == APPROPRIATION || sum == totals[account]);
        all += sum;
        tell(context, (struct slice){0}, SLICE("ALL"),
             symbols_name(&ledger_entry_row_account_symbols, account), sum);
    }
    return same && all == 0;
}
