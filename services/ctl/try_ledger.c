/*
 * Moves of money between the accounts of an award.
 */
#include "try.h"

bool trial_ledger(struct trial *trial, json_t *answer)
{
    (void)answer;
    return trial_fault(trial, "\"moves\" are not read");
}
