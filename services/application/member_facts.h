/*
 * member_facts - what conditions ask of an applicant's social security, and of the work he or she lost.
 *
 * Without a membership nothing of it is known. In one that is given, a day that is absent never happened: then only
 * `exists` has an answer.
 */
#ifndef KERJA_APPLICATION_MEMBER_FACTS_H
#define KERJA_APPLICATION_MEMBER_FACTS_H

#include "facts.h"

/* The value of a field `member.*` or of the parameter that a wage is measured by. */
struct value member_value(const struct dossier *dossier, enum rule_field field);

#endif
