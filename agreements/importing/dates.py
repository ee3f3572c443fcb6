"""Days in several notations. What can be read in two ways is asked, what is no whole day is kept as a note."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from agreements.importing.words import plain
from agreements.register.days import FIRST, LAST

_NAMES = {
    1: "january jan januar janner jan janvier janv",
    2: "february feb februar feber fevrier fevr fev",
    3: "march mar marz maerz mrz mars",
    4: "april apr avril avr",
    5: "may mai",
    6: "june jun juni juin",
    7: "july jul juli juillet juil",
    8: "august aug aout",
    9: "september sep sept septembre",
    10: "october oct oktober okt octobre",
    11: "november nov novembre",
    12: "december dec dezember dez decembre",
}
MONTHS = {word: number for number, words in _NAMES.items() for word in words.split()}
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?")
_COMPACT = re.compile(r"((?:1[6-9]|20|21)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_NUMBERS = re.compile(r"(\d{1,2})\s?([./-])\s?(\d{1,2})\s?[./-]\s?(\d{4})")
_SHORT = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2}")
_DAY_MONTH_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er)? (?:of |de )?([a-z]+) (\d{4})")
_MONTH_NAME_DAY = re.compile(r"([a-z]+) (\d{1,2})(?:st|nd|rd|th)? (\d{4})")
_MONTH = re.compile(r"([a-z]+) (\d{4})|(\d{1,2}) (\d{4})|(\d{4}) (\d{1,2})")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_YEAR = re.compile(r"\d{4}")
_EXCEL = date(1899, 12, 30)


@dataclass(frozen=True)
class Read:
    """What a cell says. `day` and no `fault`: a whole day. `only`: a month or year, kept as a note.

    `ambiguous`: day and month could be either; asked once per file.
    """

    day: date | None = None
    fault: str = ""
    only: str = ""
    flag: str = ""
    ambiguous: bool = False
    # Says itself which of the two stands first: a proof for the others of the file.
    proves: bool | None = None


def read(text: str, day_first: bool | None) -> Read:
    """The day that `text` says. With `day_first` the order of day and month in slashes is decided."""
    text = " ".join(text.replace("\xa0", " ").split())
    if match := _ISO.fullmatch(text):
        return _whole(*map(int, match.groups()[:3]))
    if match := _COMPACT.fullmatch(text):
        return _whole(*map(int, match.groups()))
    if match := _NUMBERS.fullmatch(text):
        return _numbers(int(match[1]), int(match[3]), int(match[4]), match[2], day_first)
    if _SHORT.fullmatch(text):
        return Read(fault=f"“{text}” has a year of two digits: write it with four.")
    return _words(text) or _parts(text) or Read(fault=f"“{text[:60]}” is no day that can be read.")


def _whole(year: int, month: int, day: int) -> Read:
    try:
        found = date(year, month, day)
    except ValueError:
        return Read(fault=f"There is no day {year}-{month:02}-{day:02}.")
    if not FIRST <= found <= LAST:
        return Read(fault=f"The year must be from {FIRST.year} to {LAST.year}.")
    return Read(found)


def _numbers(first: int, second: int, year: int, mark: str, day_first: bool | None) -> Read:
    """Points put the day first, as where they are used; of slashes and dashes nobody knows."""
    if first > 12 or second > 12:
        found = _whole(year, second, first) if first > 12 else _whole(year, first, second)
        return Read(found.day, found.fault, proves=None if mark == "." or found.fault else first > 12)
    if mark == "." or first == second:
        return _whole(year, second, first)
    if day_first is None:
        return Read(ambiguous=True)
    return _whole(year, second, first) if day_first else _whole(year, first, second)


def _words(text: str) -> Read | None:
    words = plain(text)
    # A weekday before it says nothing more.
    words = re.sub(
        r"^(mon|tues|wednes|thurs|fri|satur|sun)day |^(mon|diens|mitt|donners|frei|sams|sonn)(tag|woch) ", "", words
    )
    if (match := _DAY_MONTH_NAME.fullmatch(words)) and match[2] in MONTHS:
        return _whole(int(match[3]), MONTHS[match[2]], int(match[1]))
    if (match := _MONTH_NAME_DAY.fullmatch(words)) and match[1] in MONTHS:
        return _whole(int(match[3]), MONTHS[match[1]], int(match[2]))
    return None


def _parts(text: str) -> Read | None:
    """Less than a day, or a spreadsheet's day number."""
    if _SERIAL.fullmatch(text):
        day = _EXCEL + timedelta(days=int(float(text)))
        if not FIRST <= day <= LAST:
            return Read(fault=f"“{text}” as a spreadsheet's day number is no day of a treaty.")
        return Read(day, flag=f"Read as a spreadsheet's day number: {day.isoformat()}.")
    if _YEAR.fullmatch(text):
        return Read(only=text)
    match = _MONTH.fullmatch(plain(text))
    if match and (not match[1] or match[1] in MONTHS) and int(match[3] or match[6] or 1) <= 12:
        return Read(only=text)
    return None
