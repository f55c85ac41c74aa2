/*
 * connection_string - what libpq is told about the server, looked at before libpq speaks of it.
 *
 * The usual mistake is a password within a URI that is not percent-encoded: a part of it is then taken for the host,
 * the port or the database, and libpq names those in every error, which goes into logs.
 */
#ifndef KERJA_PERSIST_CONNECTION_STRING_H
#define KERJA_PERSIST_CONNECTION_STRING_H

#include "base/error.h"

/* OK when libpq can read `text` (a URI or key=value pairs, PostgreSQL 15, 34.1.1) and no part of a password can stand in
 * what it names. STOP else, with a sentence that repeats nothing of the text. */
enum outcome connection_string_check(const char *text, struct error *error);

#endif
