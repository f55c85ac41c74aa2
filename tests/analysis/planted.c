/*
 * planted - `planted MISTAKE`: a program that makes one: `overflow`, `leak`, `arithmetic` or `race`. A tool that does not
 * tell of it here would not tell of it in a worker.
 */
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 40 };

/* Volatile, so that a compiler neither sees the mistake nor leaves it out. */
static char *volatile block;
static volatile int number = INT_MAX;

static void *number_change(void *argument)
{
    number = 1;
    return argument;
}

/* Two threads write, and nothing says which of them first. */
static bool race(void)
{
    pthread_t other;
    if (pthread_create(&other, NULL, number_change, NULL) != 0)
        return false;
    number_change(NULL);
    return pthread_join(other, NULL) == 0;
}

int main(int argc, char **argv)
{
    const char *mistake = argc == 2 ? argv[1] : "";
    block = malloc(BLOCK_BYTES);
    if (block == NULL)
        return EXIT_FAILURE;
    memset(block, 0, BLOCK_BYTES);
    if (strcmp(mistake, "leak") == 0) {
        block = NULL;
        return EXIT_SUCCESS;
    }
    if (strcmp(mistake, "overflow") == 0)
        block[BLOCK_BYTES] = 1;
    if (strcmp(mistake, "arithmetic") == 0)
        number = number + 1;
    if (strcmp(mistake, "race") == 0 && !race())
        return EXIT_FAILURE;
    free(block);
    return EXIT_SUCCESS;
}
