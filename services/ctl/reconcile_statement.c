#include "reconcile_statement.h"

#include "base/slice.h"

#include <stdio.h>
#include <string.h>

enum {
    INSTRUCTION_ID,
    END_TO_END_ID,
    STATUS,
    AMOUNT,
    CURRENCY,
    GATEWAY_REFERENCE,
    SETTLED_AT,
    END_TO_END_SIZE = 32,
    REFERENCE_SIZE = 140,
    WHOLE_DIGITS = 16, /* decimal(18,2) */
};

static const char *const names[STATEMENT_COLUMNS] = {
    [INSTRUCTION_ID] = "instruction_id",
    [END_TO_END_ID] = "end_to_end_id",
    [STATUS] = "status",
    [AMOUNT] = "amount",
    [CURRENCY] = "currency",
    [GATEWAY_REFERENCE] = "gateway_reference",
    [SETTLED_AT] = "settled_at",
};

static const char *const states[] = {
    [STATE_UNDER_WAY] = "IN_FLIGHT",
    [STATE_PAID] = "PAID",
    [STATE_REJECTED] = "REJECTED",
    [STATE_RETURNED] = "RETURNED",
};

const char *payout_state_name(enum payout_state state)
{
    return states[state];
}

bool payout_state_read(struct slice name, enum payout_state *state)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (slice_is(name, states[i])) {
            *state = (enum payout_state)i;
            return true;
        }
    return false;
}

bool statement_titles(const struct csv_record *titles, struct statement_columns *columns,
                      struct error *error)
{
    columns->count = titles->count;
    for (size_t i = 0; i < STATEMENT_COLUMNS; i++) {
        columns->at[i] = csv_column(titles, names[i]);
        if (columns->at[i] == CSV_FIELDS) {
            error_set(error, REJECT,
                      "there is no column %s: expected instruction_id, end_to_end_id, status, "
                      "amount, currency, gateway_reference and settled_at",
                      names[i]);
            return false;
        }
    }
    return true;
}

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

bool instruction_id_read(struct slice text, struct uuid *entitlement_id, int *attempt)
{
    struct uuid read;
    if (text.size != STATEMENT_ID_SIZE || text.data[END_TO_END_SIZE] != '-')
        return false;
    for (size_t i = 0; i < sizeof read.bytes; i++) {
        int high = hex_value(text.data[2 * i]), low = hex_value(text.data[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        read.bytes[i] = (unsigned char)(high << 4 | low);
    }
    const char *digits = text.data + END_TO_END_SIZE + 1;
    if (digits[0] < '0' || digits[0] > '9' || digits[1] < '0' || digits[1] > '9')
        return false;
    *attempt = (digits[0] - '0') * 10 + (digits[1] - '0');
    *entitlement_id = read;
    return *attempt > 0;
}

void instruction_id_write(const struct uuid *entitlement_id, int attempt,
                          char text[static STATEMENT_ID_SIZE + 1])
{
    for (size_t i = 0; i < sizeof entitlement_id->bytes; i++)
        snprintf(text + 2 * i, 3, "%02x", entitlement_id->bytes[i]);
    snprintf(text + END_TO_END_SIZE, 4, "-%02u", (unsigned)attempt % 100);
}

static bool digits_only(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return text.size > 0;
}

/* "600000" or "600000.00", above nothing. */
static bool amount_take(struct slice text, int64_t *hundredths)
{
    const char *point = text.size == 0 ? NULL : memchr(text.data, '.', text.size);
    struct slice whole = {text.data, point == NULL ? text.size : (size_t)(point - text.data)};
    struct slice cents =
        point == NULL ? SLICE("00") : (struct slice){point + 1, text.size - whole.size - 1};
    int64_t value = 0;
    if (!digits_only(whole) || whole.size > WHOLE_DIGITS || !digits_only(cents) ||
        cents.size != 2)
        return false;
    for (size_t i = 0; i < whole.size; i++)
        value = value * 10 + (whole.data[i] - '0');
    value = value * 100 + (cents.data[0] - '0') * 10 + (cents.data[1] - '0');
    *hundredths = value;
    return value > 0;
}

static bool status_take(struct slice text, enum payout_state *state)
{
    if (slice_is(text, "ACCEPTED") || slice_is(text, "PENDING")) {
        *state = STATE_UNDER_WAY;
        return true;
    }
    return payout_state_read(text, state) && *state != STATE_UNDER_WAY;
}

static bool currency_take(struct slice text, char currency[static STATEMENT_CURRENCY_SIZE + 1])
{
    if (text.size != STATEMENT_CURRENCY_SIZE)
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < 'A' || text.data[i] > 'Z')
            return false;
    memcpy(currency, text.data, text.size);
    currency[text.size] = '\0';
    return true;
}

/* What is final happened at some instant. */
static bool instant_fits(struct slice text, enum payout_state state)
{
    instant_us at;
    return text.size == 0 ? state == STATE_UNDER_WAY : instant_parse(text, &at);
}

bool statement_row_read(const struct csv_record *record,
                        const struct statement_columns *columns, struct statement_row *row,
                        struct error *error)
{
    struct slice field[STATEMENT_COLUMNS];
    const char *wrong = NULL;
    if (record->count != columns->count) {
        error_set(error, REJECT, "the row has %zu fields, and the line of titles %zu",
                  record->count, columns->count);
        return false;
    }
    for (size_t i = 0; i < STATEMENT_COLUMNS; i++)
        field[i] = record->fields[columns->at[i]];
    if (!instruction_id_read(field[INSTRUCTION_ID], &row->entitlement_id, &row->attempt))
        wrong = "instruction_id must be 32 hex digits, a hyphen and the two-digit attempt";
    else if (field[END_TO_END_ID].size != END_TO_END_SIZE ||
             memcmp(field[END_TO_END_ID].data, field[INSTRUCTION_ID].data, END_TO_END_SIZE) !=
                 0)
        wrong = "end_to_end_id must be the first 32 digits of instruction_id";
    else if (!status_take(field[STATUS], &row->state))
        wrong = "status must be ACCEPTED, PENDING, PAID, REJECTED or RETURNED";
    else if (!amount_take(field[AMOUNT], &row->amount_hundredths))
        wrong = "amount must be such as 600000 or 600000.00, above nothing";
    else if (!currency_take(field[CURRENCY], row->currency))
        wrong = "currency must be three capital letters, as ISO 4217 says";
    else if (field[GATEWAY_REFERENCE].size > REFERENCE_SIZE)
        wrong = "gateway_reference is longer than 140 bytes";
    else if (!instant_fits(field[SETTLED_AT], row->state))
        wrong = "settled_at must be an instant such as 2021-09-01T05:00:00Z; it may be empty "
                "where nothing is final";
    if (wrong != NULL)
        error_set(error, REJECT, "%s", wrong);
    return wrong == NULL;
}
