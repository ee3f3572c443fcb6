"""Who is alerted of a correction: whoever may know of it now, once, and nobody else."""

from django.core import mail
from django.utils import timezone

from agreements.alerts.models import Alert
from agreements.corrections import actions, alerting
from agreements.sharing.actions import records
from agreements.sharing.actions.records import Marking
from agreements.sharing.choices import Tlp
from agreements.sharing.policy import access
from tests.doors.world import suspend


def alerted(kind):
    return sorted(Alert.objects.filter(kind=kind).values_list("appointment__officer__username", flat=True))


def shown(who):
    return [alert.line for alert in Alert.objects.visible_to(access(who, timezone.now())).with_subjects()]


def test_a_proposal_alerts_the_author_alone_and_the_answer_settles_it(cast, propose, settled):
    row = propose()
    settled()
    assert alerted(alerting.PROPOSED) == ["lars"]
    alerting.proposed({"correction": str(row.pk)})
    assert alerted(alerting.PROPOSED) == ["lars"]
    actions.accept(correction=row, by=cast.xenia)
    settled()
    assert not Alert.objects.filter(kind=alerting.PROPOSED, done_at=None).exists()
    assert alerted(alerting.ACCEPTED) == ["yann"]
    assert alerted(alerting.DECLINED) == []


def test_when_the_author_is_gone_those_who_may_answer_and_see_it_are_alerted(cast, propose, settled):
    cast.lars.ended_at = timezone.now()
    cast.lars.save(update_fields=["ended_at"])
    propose()
    settled()
    # Not Arno, who reads and answers nothing; not Tara, who sees no patrols.
    assert alerted(alerting.PROPOSED) == ["ada", "anton", "xenia"]


def test_an_author_who_lost_sight_is_not_alerted(cast, note, propose, settled):
    record = note("Upgraded", by=cast.anton)
    propose(of=record)
    records.mark(record=record, marking=Marking(["operational"], 2, Tlp.GREEN.value), by=cast.xenia)
    settled()
    assert alerted(alerting.PROPOSED) == ["ada", "lars", "xenia"]


def test_a_decision_alerts_the_proposer_only_while_the_record_is_visible(cast, record, propose, settled):
    seen, hidden = propose(), propose()
    actions.decline(correction=seen, by=cast.lars, answer="No.")
    settled()
    assert alerted(alerting.DECLINED) == ["yann"]
    actions.decline(correction=hidden, by=cast.lars, answer="No.")
    records.mark(record=record, marking=Marking(["operational"], 2, Tlp.GREEN.value), by=cast.xenia)
    settled()
    assert alerted(alerting.DECLINED) == ["yann"]
    # And the first is gone with the record (R13).
    assert shown(cast.yann) == []


def test_what_was_withdrawn_before_the_worker_came_alerts_nobody(cast, propose, settled):
    row = propose()
    actions.withdraw(correction=row, by=cast.yann)
    settled()
    assert alerted(alerting.PROPOSED) == []


def test_lines_and_mails(cast, propose, settled):
    row = propose()
    settled()
    assert "A partner proposes a correction of the patrol “Boat at the pier”" in shown(cast.lars)
    actions.accept(correction=row, by=cast.lars, answer="Thank you.")
    settled()
    assert "X1 accepted your proposed correction of the patrol “Boat at the pier”" in shown(cast.yann)
    assert mail.outbox
    for message in mail.outbox:
        assert not [
            word for word in ("quagga", "pier", "correct", "Thank") if word in f"{message.subject}{message.body}"
        ]
    page = Alert.objects.get(kind=alerting.PROPOSED)
    assert page.sheet.url(page) == f"/corrections/{row.pk}/"


def test_nobody_else_has_an_alert(cast, propose, settled):
    propose()
    settled()
    kinds = (alerting.PROPOSED, alerting.ACCEPTED, alerting.DECLINED)
    assert not Alert.objects.filter(kind__in=kinds).exclude(appointment=cast.lars).exists()


def test_suspension_of_another_treaty_changes_nothing(cast, propose, settled):
    propose()
    suspend(cast)
    settled()
    assert alerted(alerting.PROPOSED) == ["lars"]
