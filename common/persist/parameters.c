#include "persist/parameters.h"

#include "persist/wire.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void parameters_begin(struct parameters *parameters, struct buffer *buffer)
{
    buffer_clear(buffer);
    parameters->buffer = buffer;
    parameters->count = 0;
}

static void parameter_close(struct parameters *parameters, int format)
{
    assert(parameters->count < PARAMETER_BOUND);
    int index = parameters->count++;
    size_t start =
        index == 0 ? 0 : parameters->starts[index - 1] + parameters->sizes[index - 1];
    parameters->starts[index] = start;
    parameters->sizes[index] =
        buffer_failed(parameters->buffer) ? 0 : parameters->buffer->size - start;
    parameters->formats[index] = format;
}

void parameters_binary(struct parameters *parameters)
{
    parameter_close(parameters, 1);
}

void parameters_text(struct parameters *parameters, const char *text)
{
    buffer_append(parameters->buffer, text, strlen(text) + 1);
    parameter_close(parameters, 0);
}

void parameters_number(struct parameters *parameters, int64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, number);
    parameters_text(parameters, text);
}

void parameters_instant(struct parameters *parameters, int64_t instant_us)
{
    wire_append_u64(parameters->buffer, (uint64_t)instant_us - (uint64_t)WIRE_EPOCH_US);
    parameters_binary(parameters);
}

void parameters_resolve(const struct parameters *parameters, const char **values, int *sizes)
{
    for (int i = 0; i < parameters->count; i++) {
        values[i] = parameters->buffer->data + parameters->starts[i];
        sizes[i] = (int)parameters->sizes[i];
    }
}
