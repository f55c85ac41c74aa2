/*
 * main - the command `kerja`: finds the command, runs it, returns its status.
 */
#include "commands.h"

#include "base/secrecy.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

/* In the order of help. */
const struct command *const commands[] = {
    &status_command,
    &show_command,
    &explain_command,
    &report_command,
    &tail_command,
    &programme_check_command,
    &programme_publish_command,
    &try_command,
    &simulate_rules_command,
    &register_load_command,
    &course_load_command,
    &draw_announce_command,
    &draw_pool_command,
    &draw_command,
    &draw_publish_command,
    &clock_command,
    &topics_create_command,
    &position_list_command,
    &position_adopt_command,
    &position_rewind_command,
    &position_republish_command,
    &award_hold_command,
    &award_release_command,
    &award_revoke_command,
    &award_reinstate_command,
    &award_decree_command,
    &award_recover_command,
    &award_repaid_command,
    &incentive_approve_command,
    &review_command,
    &envelope_list_command,
    &envelope_show_command,
    &envelope_sign_command,
    &reconcile_command,
    &person_erase_command,
    &dead_letters_list_command,
    &dead_letters_show_command,
    &dead_letters_replay_command,
    &approve_command,
    &withdraw_command,
    &audit_command,
    &import_command,
    &synthesize_command,
    &help_command,
};
const size_t command_count = sizeof commands / sizeof *commands;

static void list_print(void)
{
    printf("kerja COMMAND ...: shows, loads, draws and commands what the workers decide.\n\n");
    for (size_t i = 0; i < command_count; i++)
        printf("  %-19s %s\n", commands[i]->name, commands[i]->summary);
    printf("\n`kerja help COMMAND` tells more. Commands that talk to servers are configured by "
           "the\n"
           "environment: KERJA_KAFKA, KERJA_POSTGRES, KERJA_ID_SECRET_FILE, "
           "KERJA_SEALING_KEYS_FILE.\n"
           "Status: 0 done, 1 failed, 2 called or configured wrongly.\n");
}

static void command_print(const struct command *command)
{
    printf("kerja %s%s%s%s\n\n%s\n", command->name, command->arguments[0] == '\0' ? "" : " ",
           command->arguments, command->option_count == 0 ? "" : " [options]",
           command->description);
    if (command->option_count > 0)
        printf("\n");
    for (size_t i = 0; i < command->option_count; i++) {
        const struct call_option *option = &command->options[i];
        char left[64];
        snprintf(left, sizeof left, "%s%s%s", option->name, option->argument == NULL ? "" : " ",
                 option->argument == NULL ? "" : option->argument);
        printf("  %-26s %s\n", left, option->meaning);
    }
}

/* The words may name a command of one or two words, or the first word of several. */
static int help(struct call *call)
{
    char name[128];
    size_t shown = 0;
    if (call->word_count == 0) {
        list_print();
        return EXIT_DONE;
    }
    snprintf(name, sizeof name, "%s%s%s", call->words[0], call->word_count == 2 ? " " : "",
             call->word_count == 2 ? call->words[1] : "");
    size_t size = strlen(name);
    for (size_t i = 0; i < command_count; i++) {
        bool begins = strncmp(commands[i]->name, name, size) == 0 &&
                      (commands[i]->name[size] == ' ' || commands[i]->name[size] == '\0');
        if (begins && shown++ > 0)
            printf("\n");
        if (begins)
            command_print(commands[i]);
    }
    return shown > 0 ? EXIT_DONE : call_misused(call, "there is no command \"%s\"", name);
}

const struct command help_command = {
    .name = "help",
    .arguments = "[COMMAND]",
    .most = 2,
    .summary = "lists the commands, or tells about one",
    .description = "Lists the commands, or tells about one of them.",
    .run = help,
};

int main(int argc, char **argv)
{
    struct call call;
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    secrecy_begin();
    sigaction(SIGPIPE, &ignore, NULL);
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        list_print();
        return argc < 2 ? EXIT_USAGE : EXIT_DONE;
    }
    int status = call_parse(argc - 1, argv + 1, &call);
    if (status != EXIT_DONE)
        return status;
    status = call.command->run(&call);
    if (fflush(stdout) != 0 && status == EXIT_DONE)
        status = call_fails(&call, "could not write what it found: the output is closed");
    return status;
}
