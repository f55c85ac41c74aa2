/*
 * regions - where made-up people live: the provinces of Indonesia by their BPS codes, with their share
 * of the population (census of 2020, in ten thousands of people) and how many regencies (numbered from
 * 01) and cities (from 71) each has.
 */
#ifndef KERJA_CTL_REGIONS_H
#define KERJA_CTL_REGIONS_H

#include "random.h"

enum { REGION_CODE_SIZE = 4 };

struct province {
    int code;
    int people_ten_thousands;
    int regencies, cities;
};

extern const struct province provinces[];
extern const int province_count;

/* Writes the four digits of a district, provinces by population, and a terminating zero. */
void region_choose(struct random *random, char code[static REGION_CODE_SIZE + 1]);

#endif
