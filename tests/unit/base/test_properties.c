#include "base/properties.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static enum outcome read_text(const char *text, struct properties *properties,
                              struct error *error)
{
    char path[] = "/tmp/kerja_properties_XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, text, strlen(text)), strlen(text));
    close(descriptor);
    *error = (struct error){""};
    enum outcome outcome = properties_read(path, kafka_security_prefixes, properties, error);
    unlink(path);
    return outcome;
}

static void names_and_values_are_taken_as_they_stand(void **state)
{
    (void)state;
    struct properties properties;
    struct error error;
    assert_int_equal(read_text("# Kafka\n\nsecurity.protocol=SASL_SSL\r\n"
                               " sasl.password = a=b c \nssl.ca.location=/ca.pem",
                               &properties, &error),
                     OK);
    assert_int_equal(properties.count, 3);
    assert_string_equal(properties.items[0].name, "security.protocol");
    assert_string_equal(properties.items[0].value, "SASL_SSL");
    assert_string_equal(properties.items[1].name, "sasl.password");
    assert_string_equal(properties.items[1].value, "a=b c");
    assert_string_equal(properties.items[2].value, "/ca.pem");
    properties_release(&properties);
    assert_int_equal(properties.count, 0);
}

static void no_file_is_no_property(void **state)
{
    (void)state;
    struct properties properties;
    assert_int_equal(properties_read(NULL, kafka_security_prefixes, &properties, NULL), OK);
    assert_int_equal(properties.count, 0);
    assert_int_equal(properties_read("", kafka_security_prefixes, &properties, NULL), OK);
    assert_int_equal(properties.count, 0);
}

static void what_is_odd_is_told_by_its_line_and_never_by_its_value(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "security.protocol=SSL\nhunter2\n", "security.protocol=SSL\nacks=hunter2\n",
        "security.protocol=SSL\nsasl.password=\n", "security.protocol=SSL\n=hunter2\n",
        "security.protocol=SSL\nenable.idempotence=false"};
    struct properties properties;
    struct error error;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_int_equal(read_text(texts[i], &properties, &error), STOP);
        assert_non_null(strstr(error.text, "line 2: expected name=value"));
        assert_null(strstr(error.text, "hunter2"));
    }
    assert_int_equal(properties_read("/nowhere", kafka_security_prefixes, &properties, &error),
                     STOP);
    assert_string_equal(error.text, "cannot read \"/nowhere\": No such file or directory");
}

static void a_file_holds_as_many_as_there_is_room_for(void **state)
{
    (void)state;
    char text[PROPERTIES_BYTES + 1] = "";
    struct properties properties;
    struct error error;
    size_t size = 0;
    for (int i = 0; i < PROPERTIES; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "ssl.x=%d\n", i);
    assert_int_equal(read_text(text, &properties, &error), OK);
    assert_int_equal(properties.count, PROPERTIES);
    snprintf(text + size, sizeof text - size, "ssl.x=1\n");
    assert_int_equal(read_text(text, &properties, &error), STOP);
    memset(text, '#', PROPERTIES_BYTES);
    text[PROPERTIES_BYTES] = '\0';
    assert_int_equal(read_text(text, &properties, &error), STOP);
    text[PROPERTIES_BYTES - 1] = '\0';
    assert_int_equal(read_text(text, &properties, &error), OK);
    assert_int_equal(properties.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_values_are_taken_as_they_stand),
        cmocka_unit_test(no_file_is_no_property),
        cmocka_unit_test(what_is_odd_is_told_by_its_line_and_never_by_its_value),
        cmocka_unit_test(a_file_holds_as_many_as_there_is_room_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
