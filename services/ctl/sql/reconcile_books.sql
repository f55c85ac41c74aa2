-- A statement that copies the instructions of a day, one line each, with what the ledger says of them.
-- $1 day, $2 partner or NULL, $3 programme or NULL
SELECT format('COPY (SELECT instruction_id, status, amount, currency FROM incentive_read.instruction
    WHERE envelope_on = %L%s%s) TO STDOUT', $1::date, ' AND partner = ' || quote_literal($2::text),
    ' AND programme = ' || quote_literal($3::text))
