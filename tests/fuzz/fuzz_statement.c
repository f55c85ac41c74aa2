/*
 * fuzz_statement - a gateway's day file: rows are read or refused with a sentence, and what was read is in bounds
 * and names the instruction that stands in the file.
 */
#include "fuzz.h"
#include "reconcile_statement.h"

static void check_row(const struct csv_record *record, const struct statement_columns *columns)
{
    char id[STATEMENT_ID_SIZE + 1];
    struct statement_row row;
    struct error error = {0};
    if (!statement_row_read(record, columns, &row, &error)) {
        must(error.text[0] != '\0');
        return;
    }
    must(row.amount_hundredths >= 0 && row.attempt >= 0 && row.attempt < 100);
    must(strlen(row.currency) == STATEMENT_CURRENCY_SIZE);
    instruction_id_write(&row.entitlement_id, row.attempt, id);
    must(slice_is(record->fields[columns->at[0]], id));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct statement_columns columns;
    struct csv_record record;
    struct error error = {0};
    char *text = malloc(size + 1);
    must(text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    struct slice rest = {text, size};
    if (csv_take(&rest, &record) == CSV_RECORD) {
        bool titled = statement_titles(&record, &columns, &error);
        must(titled || error.text[0] != '\0');
        while (titled && csv_take(&rest, &record) == CSV_RECORD)
            check_row(&record, &columns);
    }
    free(text);
    return 0;
}
