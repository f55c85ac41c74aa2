#!/bin/sh
# logins.sh SECRETS - gives each process its own login, with the rights of its role and no other.
#
# Runs after `kerja-<service> --migrate` has made the roles, as often as one likes; a password that changed in its file is
# taken over. It connects by libpq's own variables (PGHOST, PGDATABASE, PGUSER, PGPASSFILE).
set -eu
secrets=${1:?the folder of the .pgpass files}
password() { cut -d: -f5 "$secrets/$1.pgpass"; }
# login NAME ROLES: the roles are comma-separated. Passwords come by standard input, not by a visible argument.
login() {
    psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 <<SQL
DO \$\$ BEGIN
    IF to_regrole('$1') IS NULL THEN CREATE ROLE $1; END IF;
END \$\$;
ALTER ROLE $1 LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '$(password "$1")';
GRANT $2 TO $1;
SQL
}
login application kerja_application
login completion kerja_completion
login incentive kerja_incentive
# The clock reads positions and programmes by the published views.
login clock kerja_clock,kerja_read
