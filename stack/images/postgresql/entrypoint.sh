#!/bin/bash
# As the official image's: on its first start it makes the databases, with the user and the password of the environment. No
# server runs meanwhile: one that answers is the one that stays.
set -euo pipefail

if [ "$(id -u)" = 0 ]; then
  chown -R postgres "$PGDATA"
  chmod 700 "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi

user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb --username="$user" --pwfile=<(echo "$POSTGRES_PASSWORD") --auth-local=trust --auth-host=scram-sha-256 \
    --encoding=UTF8 --locale=C
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  if [ "$database" != postgres ]; then
    echo "create database \"${database//\"/\"\"}\";" | postgres --single -j postgres >/dev/null
  fi
fi
exec postgres -c 'listen_addresses=*' "$@"
