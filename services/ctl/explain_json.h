/*
 * explain_json - what explain_page tells, for programs: the same sentences, with the values and codes beside them.
 */
#ifndef KERJA_CTL_EXPLAIN_JSON_H
#define KERJA_CTL_EXPLAIN_JSON_H

#include "explain_page.h"

#include <jansson.h>

/* Objects of the caller's; members that are not known are null. */
json_t *decision_json(const struct page *page, const struct told_decision *decision);
json_t *draw_json(const struct page *page, const struct told_draw *draw);
json_t *instalment_json(const struct page *page, const struct told_instalment *instalment);

#endif
