"""The Python form and the SQL form of "live" never differ, whatever a release and an audience look like."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.directory.roles import Permission
from agreements.register.choices import Purpose
from agreements.sharing import kinds
from agreements.sharing.actions import records
from agreements.sharing.actions.audiences import audience_for
from agreements.sharing.actions.records import Marking
from agreements.sharing.choices import AudienceKind
from agreements.sharing.models import Record, Release
from agreements.sharing.permission import view_record
from agreements.sharing.policy import Access, LiveAudience
from tests.conftest import Cast

NOW = timezone.now()
CATEGORIES = ["operational", "personal_data", "customs"]
instants = st.sampled_from([NOW - timedelta(days=40), NOW - timedelta(days=5), NOW - timedelta(seconds=1)])
words = st.lists(st.sampled_from(CATEGORIES), unique=True)


@st.composite
def audiences(draw: Any) -> dict[str, Any]:
    return {
        "ceiling": draw(st.integers(0, 4)),
        "widest_tlp": draw(st.integers(0, 4)),
        "categories": frozenset(draw(words)),
        "purposes": frozenset(draw(st.lists(st.sampled_from(Purpose.values[:3]), unique=True))),
        "since": draw(st.none() | instants),
        "retention": draw(st.none() | st.sampled_from([timedelta(days=1), timedelta(days=30)])),
        "country": draw(st.sampled_from(["YY", "ZZ"])),
        "mine": draw(st.booleans()),
    }


@pytest.fixture(autouse=True)
def paper_kind() -> Any:
    kinds.register(kinds.Kind("paper", "Paper", "Papers", Permission.PATROL_VIEW, "sharing:record-detail"))
    yield
    kinds._KINDS.pop("paper")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    shape=audiences(),
    categories=words,
    classification=st.integers(0, 2),
    tlp=st.integers(0, 3),
    rel_to=st.none() | st.lists(st.sampled_from(["YY", "ZZ"]), unique=True),
    purpose=st.sampled_from(Purpose.values[:3]),
    released_at=instants,
    until=st.none() | st.just(NOW + timedelta(seconds=5)) | st.just(NOW - timedelta(milliseconds=1)),
)
def test_both_forms_agree(
    cast: Cast,
    shape: dict[str, Any],
    categories: list[str],
    classification: int,
    tlp: int,
    rel_to: list[str] | None,
    purpose: str,
    released_at: Any,
    until: Any,
) -> None:
    record = records.create(
        by=cast.xenia,
        kind="paper",
        title="x",
        marking=Marking(categories=categories, classification=classification, tlp=tlp, rel_to=rel_to),
    )
    audience = audience_for(AudienceKind.ALL_PARTIES, clause=cast.art7)
    release = Release.objects.create(
        content_object=record,
        group_id=audience.group_id,
        permission=view_record(),
        audience=audience,
        clause=cast.art7,
        purpose=purpose,
        provider=cast.a1,
        released_by=cast.xenia,
        released_at=released_at,
        until=until,
    )
    release.refresh_from_db()
    provider = cast.a1.pk if shape.pop("mine") else uuid.uuid4()
    live = LiveAudience(
        group=audience.group_id,
        audience=audience.pk,
        kind=AudienceKind.ALL_PARTIES,
        clause=cast.art7.pk,
        providers=frozenset({provider}),
        **shape,
    )
    access = Access(cast.yann, NOW, frozenset({"paper"}), (live,))
    assert live.covers(release, NOW) == Record.objects.visible_to(access).filter(pk=record.pk).exists()
