"""What is wrong with a sheet, in words a secretary can act on.

The form, the import and the services ask the same function, so nobody gets round it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from campaign.choices import ActivityKind
from core.chinese_text import chinese_date
from seminars.choices import AWAY
from seminars.kinds import SHAPES
from seminars.models import Activity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

Faults = dict[str, list[str]]
#: Typing 26 into a date picker makes the year 0026.
_FIRST_YEAR = 2000


def faults_of(kind: str, values: Mapping[str, Any], *, today: date) -> Faults:
    """Messages by field; empty if the activity can be logged on `today`."""
    shape = SHAPES[kind]
    own = {name: value for name, value in values.items() if name in shape.fields}
    faults: Faults = {}
    for name in sorted(shape.all_required):
        if own.get(name) in (None, ""):
            faults[name] = [f"请填写{label(name, kind)}。"]
    for name, message in _contradictions(kind, own, today):
        faults.setdefault(name, []).append(message)
    return faults


def label(name: str, kind: str = "") -> str:
    """The word a person reads for a field."""
    if kind == ActivityKind.SELF_STUDY and name == "present":
        return "参学人数"
    if kind == ActivityKind.FIELD_VISIT and name == "present":
        return "受访人数"
    return str(Activity._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _contradictions(kind: str, values: Mapping[str, Any], today: date) -> list[tuple[str, str]]:
    found = [
        ("held_on", _not_that_day(values.get("held_on"), today)),
        ("ends_at", _ends_early(values.get("starts_at"), values.get("ends_at"))),
        ("present", _attendance(values)),
        ("returned", _more("回收", values.get("returned"), "发放", values.get("issued"))),
        ("valid", _more("有效", values.get("valid"), "回收", values.get("returned"))),
        ("link", _nowhere(values) if kind == ActivityKind.PUBLICITY else ""),
    ]
    return [(name, message) for name, message in found if message]


def _not_that_day(held_on: date | None, today: date) -> str:
    if held_on is None:
        return ""
    if held_on.year < _FIRST_YEAR:
        return f"{chinese_date(held_on)}太早了，请核对年份。"
    if held_on <= today:
        return ""
    return f"{chinese_date(held_on)}还没有到。活动开过以后再记录，现在可以先存草稿。"


def _ends_early(starts_at: Any, ends_at: Any) -> str:
    if starts_at is None or ends_at is None or starts_at <= ends_at:
        return ""
    return f"结束时间（{ends_at:%H:%M}）早于开始时间（{starts_at:%H:%M}）。"


def _attendance(values: Mapping[str, Any]) -> str:
    """应到 = 实到 + 请假 + … + 缺席, so those who came or gave a reason never exceed the whole."""
    expected, present = values.get("expected"), values.get("present")
    away = {label(name): people for name in AWAY if (people := values.get(name))}
    if expected is None or present is None:
        return ""
    if present > expected:
        return f"实到（{present}）比应到（{expected}）多。列席人员请填在“列席”里。"
    if (known := present + sum(away.values())) > expected:
        said = "".join(f"加{word}（{people}）" for word, people in away.items())
        return f"实到（{present}）{said}共{known}人，比应到（{expected}）多，请核对这几个数。"
    return ""


def _more(part_word: str, part: int | None, whole_word: str, whole: int | None) -> str:
    if part is None or whole is None or part <= whole:
        return ""
    return f"{part_word}份数（{part}）比{whole_word}份数（{whole}）多，请核对。"


def _nowhere(values: Mapping[str, Any]) -> str:
    if values.get("link") or values.get("place"):
        return ""
    return "请填写链接；没有链接的（橱窗、电子屏等），请填写地点。"
