#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum outcome error_set(struct error *error, enum outcome outcome, const char *format, ...)
{
    if (error == NULL)
        return outcome;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return outcome;
}

enum outcome error_wrap(struct error *error, enum outcome outcome, const char *format, ...)
{
    if (error == NULL)
        return outcome;
    struct error inner = *error;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    size_t used = strlen(error->text);
    snprintf(error->text + used, sizeof error->text - used, ": %s", inner.text);
    return outcome;
}
