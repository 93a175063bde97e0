#!/bin/sh
# Writes what depends on the place, readable for pgBouncer alone, and becomes pgBouncer.
set -eu
umask 077
printf '[databases]\nstudyteddy = host=%s port=%s dbname=studyteddy\n' "$DATABASE_HOST" "${DATABASE_PORT:-5432}" \
    >/tmp/databases.ini
printf '"studyteddy" "%s"\n' "$(printf '%s' "$DATABASE_PASSWORD" | sed 's/"/""/g')" >/tmp/users.txt
exec pgbouncer /etc/pgbouncer/studyteddy.ini
