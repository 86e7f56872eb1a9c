"""Dates as people and programs write them -> the day, ISO 8601."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from email.utils import parsedate

# Only year first is read of dates in figures: 03/04/2011 is another day in each half of the world.
_YMD = re.compile(r"(?<!\d)(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?\d{4,6}Z?)?")
_PARTIAL = re.compile(r"(\d{4})(?:\s*[-/.年]\s*(?:(\d{1,2})月?)?)?")
_ENGLISH = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? ([A-Za-z]{3,9})\.?,? (\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONGEST = 200


def day(value: object) -> str:
    """The day that ``value`` names, as "2011-11-15", or "2011-11" or "2011" where it names no more.

    Reads dates and datetimes; ISO 8601, RFC 822, 2011年11月15日, 2011/11/15, 2011.11.15, 20111115, November 15, 2011
    and 15 Nov 2011, with words or a time beside them. The day is that of the time zone it is written in. "" for what
    names no day, and for impossible ones.
    """
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else ""
    if not text or len(text) > _LONGEST:
        return ""
    if found := _YMD.search(text) or _COMPACT.fullmatch(text):
        return _iso(*map(int, found.groups()))
    if found := _PARTIAL.fullmatch(text):
        return _month(int(found[1]), int(found[2])) if found[2] else _year(int(found[1]))
    return _worded(text)


def _worded(text: str) -> str:
    """The day of a date whose month is a word."""
    if found := _ENGLISH.search(text):
        month, number, year = found.groups()
    elif found := _DAY_FIRST.search(text):
        number, month, year = found.groups()
    else:
        return _rfc822(text)
    if month[:3].lower() not in _MONTHS:
        return ""
    return _iso(int(year), _MONTHS.index(month[:3].lower()) + 1, int(number))


def _rfc822(text: str) -> str:
    try:
        parts = parsedate(text)
    except (ValueError, IndexError, TypeError):  # it is not written for text that is no date
        return ""
    return _iso(*parts[:3]) if parts else ""


def _iso(year: int, month: int, number: int) -> str:
    try:
        return date(year, month, number).isoformat() if _year(year) else ""
    except (ValueError, OverflowError):
        return ""


def _month(year: int, month: int) -> str:
    return f"{year}-{month:02}" if _year(year) and 1 <= month <= 12 else ""


def _year(year: int) -> str:
    # 0000 and 0001 are how databases write that there is no date.
    return str(year) if 1000 <= year <= 9998 else ""
