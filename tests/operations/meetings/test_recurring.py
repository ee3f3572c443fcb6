from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from operations.meetings import recurring
from portal.ui.errors import Refused

ZURICH = ZoneInfo("Europe/Zurich")
FIRST = datetime(2027, 3, 15, 9)  # a Monday, the third of its month


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=DAILY;COUNT=3", [15, 16, 17]),
        ("RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=4", [15, 17, 22, 24]),
        ("FREQ=WEEKLY;INTERVAL=2;UNTIL=20270412", [15, 29, 12]),
        ("FREQ=MONTHLY;BYDAY=3MO;COUNT=3", [15, 19, 17]),
        ("FREQ=MONTHLY;COUNT=2", [15, 15]),
        # 09:00 in Zurich is 08:00Z in winter and 07:00Z in summer: UNTIL is an instant, and holds that time itself.
        ("FREQ=WEEKLY;UNTIL=20270329T070000Z", [15, 22, 29]),
        ("FREQ=WEEKLY;UNTIL=20270329T065959Z", [15, 22]),
        ("", [15]),
    ],
)
def test_when_it_comes_again(rule: str, days: list[int]) -> None:
    assert [found.day for found in recurring.times(rule, FIRST, ZURICH)] == days
    assert {found.hour for found in recurring.times(rule, FIRST, ZURICH)} == {9}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=DAILY", "until when"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270401", "one of the two"),
        ("COUNT=2", "how often"),
        ("FREQ=HOURLY;COUNT=2", "no part"),
        ("FREQ=DAILY;BYHOUR=3;COUNT=2", "no part"),
        ("FREQ=DAILY;COUNT=2;COUNT=3", "no part"),
        ("FREQ=DAILY;COUNT=201", "more than 200 times"),
        ("FREQ=DAILY;UNTIL=20280101", "more than 200 times"),
        ("FREQ=YEARLY;COUNT=9", "five years|5 years"),
        ("FREQ=YEARLY;UNTIL=20400101", "five years|5 years"),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=2", "first time is none"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31;COUNT=2", "first time is none"),
        ("FREQ=DAILY;UNTIL=20271399", "no day of the calendar"),
        ("FREQ=DAILY;COUNT=2;" + "X" * 400, "too long"),
        ("FREQ=DAILY;BYMONTHDAY=99;COUNT=2", "first time is none|no rule"),
        ("😀", "no part"),
        ("", ""),
    ],
)
def test_what_is_no_rule(rule: str, said: str) -> None:
    if not said:
        assert recurring.words(rule, ZURICH) == ""
        return
    with pytest.raises(Refused, match=said) as refused:
        recurring.times(rule, FIRST, ZURICH)
    assert refused.value.field == "rule"


def test_a_day_as_the_end_is_kept_as_an_instant_at_its_end() -> None:
    kept = recurring.normal("until=20270329;freq=weekly", ZURICH)
    assert kept == "FREQ=WEEKLY;UNTIL=20270329T215959Z"
    assert recurring.normal(kept, ZURICH) == kept
    assert len(recurring.times(kept, FIRST, ZURICH)) == 3


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=DAILY;COUNT=3", "Every day, 3 times"),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;UNTIL=20270630",
            "Every 2 weeks on Monday and Wednesday, until 30 June 2027",
        ),
        ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", "Every month on the last Friday, 2 times"),
        ("FREQ=YEARLY;BYMONTH=3;COUNT=2", "Every year of March, 2 times"),
    ],
)
def test_in_plain_words(rule: str, words: str) -> None:
    assert recurring.words(rule, ZURICH) == words


def test_the_small_form() -> None:
    assert (
        recurring.built(freq="WEEKLY", days=["WE", "MO"], interval=2, count=4)
        == "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=MO,WE"
    )
    assert recurring.built(freq="MONTHLY", by_weekday=True, first=FIRST, count=4) == "FREQ=MONTHLY;COUNT=4;BYDAY=3MO"
    until = datetime(2027, 6, 30)
    assert recurring.built(freq="DAILY", until=until) == "FREQ=DAILY;UNTIL=20270630"
