#!/bin/sh
# Run by the image of PostgreSQL when its directory is still empty: the database, and an account that owns nothing else.
# The extension needs the administrator; migrations find it there and need none.
set -eu
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --set password="$DATABASE_PASSWORD" --username "${POSTGRES_USER:-postgres}" \
    --dbname postgres <<'SQL'
create role studyteddy login password :'password';
create database studyteddy owner studyteddy;
revoke connect on database studyteddy from public;
\connect studyteddy
create extension vector;
SQL
