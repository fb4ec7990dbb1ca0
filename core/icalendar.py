"""Calendar files (RFC 5545): whole days and moments, folded and escaped as the standard wants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from core.chinese_text import clean_line

_LINE_BYTES = 75
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


@dataclass(frozen=True)
class Event:
    """Whole days from `first` to `last`, both included; with `at`, that moment instead."""

    uid: str
    summary: str
    first: date
    last: date
    at: datetime | None = None
    description: str = ""
    url: str = ""


def calendar_file(name: str, events: Iterable[Event], now: datetime) -> str:
    """The events as one calendar; the same events give the same text but for the time stamp."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Sanda//Campaign//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(name)}",
        "X-WR-TIMEZONE:Asia/Shanghai",
    ]
    for event in events:
        lines += _event(event, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(event: Event, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_escaped(event.uid)}"
    yield f"DTSTAMP:{_moment(now)}"
    if event.at is not None:
        yield f"DTSTART:{_moment(event.at)}"
        yield f"DTEND:{_moment(event.at)}"
    else:
        yield f"DTSTART;VALUE=DATE:{event.first:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{event.last + timedelta(days=1):%Y%m%d}"  # the day after
    yield f"SUMMARY:{_escaped(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{_escaped(event.description)}"
    if event.url:
        yield f"URL:{event.url}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    return "\\n".join(clean_line(line).translate(_ESCAPES) for line in text.splitlines())


def _folded(line: str) -> Iterator[str]:
    """Parts of at most 75 bytes, never inside a character; the later ones begin with a blank."""
    part, size = "", 0
    for char in line:
        width = len(char.encode())
        if size + width > _LINE_BYTES:
            yield part
            part, size = " ", 1
        part += char
        size += width
    yield part
