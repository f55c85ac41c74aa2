/*
 * programme_cases - what the test of a programme file does with its cases: it defines `all` of them, and
 * gives its main() what stands here.
 */
#ifndef KERJA_TESTS_RULES_PROGRAMME_CASES_H
#define KERJA_TESTS_RULES_PROGRAMME_CASES_H

#include "cases.h"

static const struct rule_cases all;
static struct programme *programme;

static int load_file(void **state)
{
    (void)state;
    programme = programme_of_file(all.path);
    return 0;
}

static int free_file(void **state)
{
    (void)state;
    programme_free(programme);
    return 0;
}

static void every_case_comes_out_as_published(void **state)
{
    (void)state;
    cases_come_out_as_published(programme, &all);
}

static void a_change_of_any_condition_is_noticed(void **state)
{
    (void)state;
    every_condition_has_its_cases(programme, &all);
}

#endif
