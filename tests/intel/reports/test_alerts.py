"""A released report alerts the neighbour's analyst, in words that tell nothing to whom it is closed."""

import re
from typing import Any

from django.core import mail
from django.urls import reverse

from agreements.alerts.models import Alert
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind
from intel.reports import actions
from tests.agreements.alerts.conftest import quiet, settled
from tests.intel.reports.conftest import RED, Bureau
from tests.operations.planning.conftest import suspend

__all__ = ["quiet", "settled"]  # fixtures, found here by pytest


def alerted() -> set[str]:
    return set(Alert.objects.values_list("appointment__officer__username", flat=True))


def test_the_neighbours_analyst_is_told(bureau: Bureau, as_: Any, settled: Any) -> None:
    row = bureau.shared()
    settled()
    assert alerted() == {"yvo", "yann", "yara"}
    inbox = as_(bureau.yvo).get(reverse("alerts:alert-list")).content.decode()
    assert "X1 shared a record with you: report “Boats at night”" in inbox
    opened = as_(bureau.yvo).get(reverse("sharing:record-detail", args=[row.pk]), follow=True)
    assert opened.redirect_chain[-1][0] == reverse("reports:report-detail", args=[row.pk])
    suspend(bureau.cast)
    assert "Boats at night" not in as_(bureau.yvo).get(reverse("alerts:alert-list")).content.decode()


def test_mail_holds_no_content(bureau: Bureau, settled: Any) -> None:
    bureau.shared()
    settled()
    assert {address for message in mail.outbox for address in message.to} == {f"{n}@y1.invalid" for n in alerted()}
    for message in mail.outbox:
        told = f"{message.subject}\n{message.body}\n{message.message()}"
        for secret in ("Boats", "lights", "evenings", "RESTRICTED", "Ada", "B2"):
            # As a word: the random reference may hold the letters.
            assert not re.search(rf"\b{secret}\b", told), secret


def test_a_held_and_a_withdrawn_report_alert_nobody(bureau: Bureau, settled: Any) -> None:
    bureau.write()
    actions.withdraw(report=bureau.shared(), by=bureau.cast.ada, reason="A hoax.")
    settled()
    assert alerted() == set()


def test_a_red_report_alerts_the_named_officer_alone(bureau: Bureau, settled: Any) -> None:
    bureau.release(bureau.write(marking=RED), To(AudienceKind.OFFICER, appointment=bureau.yvo))
    settled()
    assert alerted() == {"yvo"}
