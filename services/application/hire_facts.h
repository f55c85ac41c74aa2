/*
 * hire_facts - what conditions ask of a hire and of the employer that claims for it.
 */
#ifndef KERJA_APPLICATION_HIRE_FACTS_H
#define KERJA_APPLICATION_HIRE_FACTS_H

#include "facts.h"

/* The value of a field `hire.*` or `employer.*`; unknown where no hire was told. */
struct value hire_value(const struct dossier *dossier, enum rule_field field);

#endif
