-- The roles, for the embedded PostgreSQL and for docker-compose.yml alike. Safe to run at every start.
-- entente_owner owns the tables and runs the migrations. entente_web is the portal: it may read and write rows, and
-- nothing else, so that a hole in the portal cannot alter or empty a table. The ledger takes more away from it.
-- Row-level security shows it only what the acting officer's live audiences let through (docs/adr/0020-second-lock.md).
-- entente_unlocked has no login: the portal becomes it, for single statements, where the work is its own. NOINHERIT,
-- for a member that inherits would be past the lock without becoming anybody.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'entente_owner') THEN
        CREATE ROLE entente_owner LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'entente_web') THEN
        CREATE ROLE entente_web LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'entente_unlocked') THEN
        CREATE ROLE entente_unlocked NOLOGIN;
    END IF;
    ALTER ROLE entente_web NOINHERIT NOBYPASSRLS;
    IF NOT pg_has_role('entente_web', 'entente_unlocked', 'MEMBER') THEN
        GRANT entente_unlocked TO entente_web;
    END IF;
    EXECUTE format('ALTER DATABASE %I OWNER TO entente_owner', current_database());
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END
$$;
ALTER DEFAULT PRIVILEGES FOR ROLE entente_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO entente_web;
ALTER DEFAULT PRIVILEGES FOR ROLE entente_owner GRANT USAGE ON SEQUENCES TO entente_web;
