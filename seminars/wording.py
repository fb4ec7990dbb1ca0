"""How a sheet reads: every filled field as words, for detail page, history, conflict and paper."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, NamedTuple

from campaign.choices import ActivityKind
from core.chinese_text import chinese_date, counted, number
from seminars.checks import label
from seminars.choices import AWAY, StudyLevel
from seminars.kinds import LISTS, SHAPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seminars.models import Activity
    from seminars.sheets import Sheet


class Fact(NamedTuple):
    name: str
    label: str
    text: str


class Difference(NamedTuple):
    label: str
    old: str
    new: str


_UNITS = dict.fromkeys(("expected", "present", *AWAY, "sitting_in"), "人")
_UNITS |= {"issued": "份", "returned": "份", "valid": "份"}
#: Counts that say nothing when nobody is in them.
_SILENT_AT_ZERO = {*AWAY, "sitting_in"}
_LEVELS = dict(StudyLevel.choices)


def facts_of(sheet: Sheet) -> list[Fact]:
    """Every field of the sheet's kind in the order of the form; blank ones have no text."""
    shape = SHAPES[sheet.kind]
    columns = sheet.columns()
    facts = [
        Fact("unit", "单位", sheet.unit.name),
        Fact("kind", "形式", ActivityKind(sheet.kind).label),
    ]
    for name in (*shape.first, *shape.second):
        if name in LISTS:
            text = "、".join(_title(row) for row in sheet.lists.get(name, ()))
        else:
            text = _text(name, columns[name])
        facts.append(Fact(name, label(name, sheet.kind), text))
    return facts


def attendance(activity: Activity) -> str:
    """应到28人，实到25人，请假2人，公务1人，列席3人; empty without the first two."""
    if activity.expected is None or activity.present is None or activity.absent is None:
        return ""
    others = [(label(name), getattr(activity, name)) for name in AWAY]
    others += [("缺席", activity.absent), ("列席", activity.sitting_in)]
    told = [("应到", activity.expected), ("实到", activity.present)]
    told += [(word, people) for word, people in others if people]
    return "，".join(f"{word}{counted(people, '人')}" for word, people in told)


def reasons_away(activity: Activity) -> str:
    """Who was missing for which reason: 请假2，公务1; empty without any."""
    counts = ((label(name), getattr(activity, name)) for name in AWAY)
    return "，".join(f"{word}{people}" for word, people in counts if people)


def differences(old: Sheet, new: Sheet) -> list[Difference]:
    """Fields that read differently, in the order of the form."""
    before = {fact.name: fact for fact in facts_of(old)}
    after = {fact.name: fact for fact in facts_of(new)}
    found = [
        Difference(fact.label, _read(before, name), _read(after, name))
        for name, fact in {**before, **after}.items()
    ]
    return [difference for difference in found if difference.old != difference.new]


def _read(facts: Mapping[str, Fact], name: str) -> str:
    return facts[name].text if name in facts else ""


def _title(row: object) -> str:
    return getattr(row, "title", "") or str(row)


def _text(name: str, value: object) -> str:
    if value in (None, "") or (name in _SILENT_AT_ZERO and value == 0):
        return ""
    if isinstance(value, date):
        return chinese_date(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, int):
        return f"{number(value)}{_UNITS.get(name, '')}"
    return str(_LEVELS.get(str(value), value)) if name == "level" else str(value)
