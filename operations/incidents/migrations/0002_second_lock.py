"""Row-level security on the details of incidents: there where the record is (ADR 0020). Answers are written by others
than the owner: of the chain, to levels; and each agency in an operation names its own people for serious incidents."""

from django.db import migrations

from agreements.sharing.locking import hang


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial"), ("sharing", "0010_second_lock_of_successors")]

    operations = [
        hang("incidents_incidentreport", "record_id"),
        hang("incidents_involved", "report_id"),
        hang("incidents_validation", "report_id", readers_write=True),
        hang("incidents_chainlink", "operation_id"),
        hang("incidents_event", "record_id"),
        hang("incidents_eventlink", "event_id"),
        hang("incidents_levelproposal", "record_id", readers_write=True),
        hang("incidents_seriousincident", "record_id"),
        hang("incidents_concerned", "serious_id"),
        hang("incidents_recipient", "operation_id", readers_write=True),
    ]
