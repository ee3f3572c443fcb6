"""The columns that a release copies from its record are kept by the database, never by the application."""

from django.db import migrations

CREATE = """
CREATE FUNCTION sharing_release_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT r.classification, r.categories, r.tlp, r.rel_to, r.kind, r.occurred_at
      INTO NEW.classification, NEW.categories, NEW.tlp, NEW.rel_to, NEW.kind, NEW.occurred_at
      FROM sharing_record r WHERE r.id = NEW.content_object_id;
    RETURN NEW;
END $$;
CREATE TRIGGER release_copies BEFORE INSERT OR UPDATE OF content_object_id, classification, categories, tlp, rel_to, kind, occurred_at
    ON sharing_release FOR EACH ROW EXECUTE FUNCTION sharing_release_copy();

CREATE FUNCTION sharing_record_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE sharing_release SET classification = NEW.classification
     WHERE content_object_id = NEW.id AND revoked_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER record_copies AFTER UPDATE OF classification, categories, tlp, rel_to, kind, occurred_at
    ON sharing_record FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION sharing_record_copy();
"""
DROP = """
DROP TRIGGER record_copies ON sharing_record;
DROP FUNCTION sharing_record_copy();
DROP TRIGGER release_copies ON sharing_release;
DROP FUNCTION sharing_release_copy();
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
