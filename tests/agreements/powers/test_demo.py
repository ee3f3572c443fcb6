"""The demonstration's powers stand as their sources say, and every text is marked as our own words."""

import json
from typing import Any

import pytest
from django.utils import timezone

from agencies.directory.models import Country
from agreements.powers.cards import card
from agreements.powers.demo import DATA, load
from agreements.powers.models import Power, PowerText
from agreements.powers.parts import Asked
from agreements.register.demo.people import admin
from portal.ui import demo
from tests import kept
from tests.kept import Keeper

pytestmark = pytest.mark.django_db
EARLIER = 22


def show() -> bool:
    for step in demo.steps():
        if step.order < EARLIER:
            step.function()
    assert load() == Power.objects.count() > 60
    return True


kept.layer("powers_of_demo", show)


@pytest.fixture
def powers_of_demo(kept: Keeper, db: None) -> bool:
    return bool(kept.give("powers_of_demo")) or show()


def line(actor: str, host: str, occasion: str, act: str) -> Any:
    by = admin(actor)
    two = Country.objects.get(pk=actor), Country.objects.get(pk=host)
    pair = card(by, two, Asked(), timezone.now(), by.agency.zone, pairs=[two]).pairs[0]
    section = next(row for row in pair.sections if row.occasion == occasion)
    return next(row for row in (*section.gates, *section.lines) if row.act == act)


def test_what_the_real_treaties_say(powers_of_demo: bool) -> None:
    urgent = line("CH", "DE", "observation", "observe_urgent")
    assert (urgent.answer, urgent.seconds) == ("only_if", 8 * 3600)
    pursuit = line("DE", "CH", "pursuit", "pursue")
    assert (pursuit.answer, pursuit.distance_m, pursuit.seconds) == ("only_if", None, None)
    assert [cited.article for cited in pursuit.cited] == ["Art. 16"]
    assert [cited.article for cited in line("AT", "LI", "pursuit", "detain").cited] == ["Art. 15"]
    assert [cited.short_name for cited in line("DE", "AT", "emergency", "enter").cited] == ["Prüm Convention"]
    patrol = line("CH", "DE", "joint_patrol", "patrol")
    assert (patrol.answer, patrol.depth_m, patrol.overlap) == ("authorised", 30_000, True)


def test_states_without_a_treaty_admin_are_on_paper_only(powers_of_demo: bool) -> None:
    found = line("DE", "NL", "pursuit", "pursue")
    assert found.answer == "no"
    assert any("Does not count" in note for note in found.notes)


def test_loading_again_changes_nothing(powers_of_demo: bool) -> None:
    assert load() == 0


def test_texts_are_marked_as_our_own_words_and_every_power_has_a_source(powers_of_demo: bool) -> None:
    assert set(PowerText.objects.values_list("origin", flat=True)) == {"own_words"}
    assert {"de", "fr", "it"} <= set(PowerText.objects.values_list("language", flat=True))
    assert not Power.objects.filter(source="").exists()
    assert json.loads(DATA.read_text(encoding="utf-8"))["note"]
