#!/bin/sh
# Runs once, after roles.sql, when PostgreSQL makes its data folder: gives the two roles their passwords.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set owner="$OWNER_DATABASE_PASSWORD" --set web="$WEB_DATABASE_PASSWORD" <<'SQL'
ALTER ROLE entente_owner PASSWORD :'owner';
ALTER ROLE entente_web PASSWORD :'web';
SQL
