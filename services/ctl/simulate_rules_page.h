/*
 * simulate_rules_page - what a draft would have changed, as it is printed, and what that leaves out.
 */
#ifndef KERJA_CTL_SIMULATE_RULES_PAGE_H
#define KERJA_CTL_SIMULATE_RULES_PAGE_H

#include "answer.h"
#include "simulate_rules_draw.h"
#include "simulate_rules_figures.h"

struct simulation_page {
    const char *programme, *wave; /* whose applications; wave NULL: all */
    const struct simulation_figures *figures;
    const struct simulated_drawing *drawing;
    bool lists; /* also a line for each application of which something changes */
};

/* Writes the page in the answer's form. */
void simulation_page_write(const struct simulation_page *page, struct answer *answer);

#endif
