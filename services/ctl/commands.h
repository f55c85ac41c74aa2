/*
 * commands - every command that `kerja` has.
 */
#ifndef KERJA_CTL_COMMANDS_H
#define KERJA_CTL_COMMANDS_H

#include "command.h"

extern const struct command help_command;
extern const struct command status_command;
extern const struct command show_command;
extern const struct command explain_command;
extern const struct command report_command;
extern const struct command tail_command;
extern const struct command programme_check_command;
extern const struct command programme_publish_command;
extern const struct command register_load_command;
extern const struct command course_load_command;
extern const struct command draw_announce_command;
extern const struct command draw_pool_command;
extern const struct command draw_command;
extern const struct command draw_publish_command;
extern const struct command clock_command;
extern const struct command topics_create_command;
extern const struct command position_list_command;
extern const struct command position_adopt_command;
extern const struct command position_rewind_command;
extern const struct command position_republish_command;
extern const struct command award_hold_command;
extern const struct command award_release_command;
extern const struct command award_revoke_command;
extern const struct command award_reinstate_command;
extern const struct command award_decree_command;
extern const struct command award_recover_command;
extern const struct command award_repaid_command;
extern const struct command incentive_approve_command;
extern const struct command review_command;
extern const struct command envelope_list_command;
extern const struct command envelope_show_command;
extern const struct command envelope_sign_command;
extern const struct command reconcile_command;
extern const struct command person_erase_command;
extern const struct command dead_letters_list_command;
extern const struct command dead_letters_show_command;
extern const struct command dead_letters_replay_command;
extern const struct command approve_command;
extern const struct command withdraw_command;
extern const struct command audit_command;
extern const struct command import_command;
extern const struct command synthesize_command;
extern const struct command try_command;
extern const struct command simulate_rules_command;

#endif
