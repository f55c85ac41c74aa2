/*
 * What is not given by "fields" is derived from "event" and "facts".
 */
#include "try.h"

bool trial_derive(struct trial *trial)
{
    return json_object_get(trial->json, "event") == NULL ||
           trial_fault(trial, "\"event\" is not read; give its values as \"fields\"");
}
