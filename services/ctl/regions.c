#include "regions.h"

#include <stdio.h>

const struct province provinces[] = {
    {11, 527, 18, 5}, {12, 1480, 25, 8}, {13, 553, 12, 7},  {14, 639, 10, 2}, {15, 355, 9, 2},
    {16, 847, 13, 4}, {17, 201, 9, 1},   {18, 901, 13, 2},  {19, 146, 6, 1},  {21, 206, 5, 2},
    {31, 1056, 1, 5}, {32, 4827, 18, 9}, {33, 3652, 29, 6}, {34, 367, 4, 1},  {35, 4067, 29, 9},
    {36, 1190, 4, 4}, {51, 432, 8, 1},   {52, 532, 8, 2},   {53, 533, 21, 1}, {61, 541, 12, 2},
    {62, 267, 13, 1}, {63, 407, 11, 2},  {64, 377, 7, 3},   {65, 70, 4, 1},   {71, 262, 11, 4},
    {72, 299, 12, 1}, {73, 907, 21, 3},  {74, 262, 15, 2},  {75, 117, 5, 1},  {76, 142, 6, 0},
    {81, 185, 9, 2},  {82, 128, 8, 2},   {91, 113, 12, 1},  {94, 430, 28, 1},
};
const int province_count = sizeof provinces / sizeof *provinces;

static uint32_t people_all(void)
{
    uint32_t people = 0;
    for (int i = 0; i < province_count; i++)
        people += (uint32_t)provinces[i].people_ten_thousands;
    return people;
}

void region_choose(struct random *random, char code[static REGION_CODE_SIZE + 1])
{
    int left = (int)random_below(random, people_all());
    const struct province *province = provinces;
    while (left >= province->people_ten_thousands) {
        left -= province->people_ten_thousands;
        province++;
    }
    int districts = province->regencies + province->cities;
    int chosen = (int)random_below(random, (uint64_t)districts);
    int district =
        chosen < province->regencies ? chosen + 1 : 71 + chosen - province->regencies;
    snprintf(code, REGION_CODE_SIZE + 1, "%02u%02u", (unsigned)province->code % 100,
             (unsigned)district % 100);
}
