/*
 * banned - calls that this project does not use, because they are unsafe however
 * careful the caller is. Included before every source file; after git's banned.h.
 */
#ifndef KERJA_BASE_BANNED_H
#define KERJA_BASE_BANNED_H

/* The library's own declarations must be read before the names are poisoned. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok
#pragma GCC poison gmtime localtime ctime asctime atoi atol atoll atof rand srand

#endif
