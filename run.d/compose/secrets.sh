#!/bin/sh
# secrets.sh FOLDER - makes the secret files that docker-compose.yml names, those that are missing.
#
#   id_secret, sealing_keys           what docs/operations.md says of them; back both up apart from the database
#   postgres_password                 of the login kerja, which owns the database
#   kerja.pgpass, application.pgpass, ...   a login and its password each, as libpq's .pgpass wants it
#
# The folder and its files are for their owner alone, and so the containers run as that owner: KERJA_USER.
set -eu
umask 077
folder=${1:?the folder of the secrets}
mkdir -p "$folder"
cd "$folder"
random() { od -An -tx1 -N32 /dev/urandom | tr -d ' \n'; }
[ -e id_secret ] || random >id_secret
[ -e sealing_keys ] || echo "1:$(random)" >sealing_keys
[ -e postgres_password ] || random >postgres_password
[ -e kerja.pgpass ] || echo "*:*:*:kerja:$(cat postgres_password)" >kerja.pgpass
for login in application completion incentive clock; do
    [ -e "$login.pgpass" ] || echo "*:*:*:$login:$(random)" >"$login.pgpass"
done
