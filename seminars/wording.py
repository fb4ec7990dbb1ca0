"""How a sheet reads: every filled field as words, for detail page, history, conflict and paper."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, NamedTuple

from campaign.choices import ActivityKind
from core.chinese_text import chinese_date, counted, number
from seminars.checks import label
from seminars.choices import AbsenceReason, StudyLevel
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


_UNITS = {"expected": "人", "present": "人", "excused": "人", "sitting_in": "人"}
_UNITS |= {"issued": "份", "returned": "份", "valid": "份"}
#: Counts that say nothing when nobody is in them.
_SILENT_AT_ZERO = {"excused", "sitting_in"}
_CHOICES: Mapping[str, Mapping[str, str]] = {
    "level": dict(StudyLevel.choices),
    "absence_reason": dict(AbsenceReason.choices),
}


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
    """应到28人，实到25人，请假2人，缺席1人（公务），列席3人; empty without the first two."""
    if activity.expected is None or activity.present is None or activity.absent is None:
        return ""
    reason = f"（{activity.get_absence_reason_display()}）" if activity.absence_reason else ""
    away = [("请假", activity.excused), ("缺席", activity.absent)]
    said = "，".join(f"{word}{counted(people, '人')}" for word, people in away if people)
    parts = [
        f"应到{counted(activity.expected, '人')}",
        f"实到{counted(activity.present, '人')}",
        *([f"{said}{reason}"] if said else []),
        *([f"列席{counted(activity.sitting_in, '人')}"] if activity.sitting_in else []),
    ]
    return "，".join(parts)


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
    return _CHOICES.get(name, {}).get(str(value), str(value))
