/* What consume/ and publish/ promise, shown on a real broker. */
#include "broker.h"

int main(void)
{
    return consuming_run() + publishing_run();
}
