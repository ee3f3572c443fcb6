"""The demonstration's minutes come once: one side agreed, the other is asked, and one action item is overdue."""

from django.utils import timezone

from agencies.directory import demo as people
from agreements.register import demo as agreements
from agreements.sharing.policy import access
from operations.meetings import demo as meetings
from operations.minutes import demo, rhythms
from operations.minutes.choices import State
from operations.minutes.models import ActionItem, Minutes, Point, Rhythm
from operations.planning import demo as operations
from operations.planning.demo import appointment


def test_they_come_once(db: None) -> None:
    for room in (people, agreements, operations, meetings):
        room.load()
    assert demo.load() == 3
    assert demo.load() == 0
    now = timezone.now()
    row = Minutes.objects.get()
    assert row.state == State.PUT
    assert Point.objects.filter(level="decision").count() == 2
    assert ActionItem.objects.count() == 3
    late = ActionItem.objects.overdue(now).get()
    asked = appointment("ch.liaison")
    assert late.officer == asked
    assert list(Minutes.objects.visible_to(access(asked, now)).awaiting(asked.agencies)) == [row]
    broken = {}
    for name in ("ch.treaty", "de.commander"):
        reader = access(appointment(name), now)
        rows = rhythms.standings(Rhythm.objects.visible_to(reader).with_words(), reader, now)
        broken[name] = [str(item.rhythm.agreement) for item in rows if item.is_broken]
    assert broken["ch.treaty"] == ["Technical Arrangement Upper Rhine"]
    assert "None" not in broken["de.commander"]
