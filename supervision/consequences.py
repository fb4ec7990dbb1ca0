"""What a change of a campaign's days or demands would do, told before it is saved.

The change is made on objects in memory; obligations are computed from them and from the stored
campaign, and the two are compared.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from campaign.choices import Gate
from campaign.gates import is_open
from campaign.models import Campaign, Phase, PhaseStep
from campaign.schedule import Schedule, remarks
from core.chinese_text import chinese_date, counted, date_range, month_day
from notices.calendar import school_calendar
from supervision.obligations import of_schedule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from campaign.models.campaign import Anchored
    from core.working_calendar import WorkingCalendar
    from supervision.owing import Obligation
    from units.models import Unit


@dataclass(frozen=True)
class Shift:
    """One thing owed by some units whose day moves, or which begins or ends to be owed."""

    title: str
    units: int
    old: date | None
    new: date | None

    @property
    def text(self) -> str:
        old = chinese_date(self.old) if self.old else "没有截止日期"
        new = chinese_date(self.new) if self.new else "没有截止日期"
        return f"{self.title}（{counted(self.units, '个单位')}）：{old} → {new}"


@dataclass(frozen=True)
class Consequences:
    """What would follow. Empty tuples and zeros where nothing would."""

    shifts: tuple[Shift, ...]
    deadlines: int
    overdue: tuple[Unit, ...]
    relieved: tuple[Unit, ...]
    #: Units from which more or less is asked, with the number of things.
    newly_asked: int
    no_longer_asked: int
    closing: tuple[str, ...]
    opening: tuple[str, ...]
    following: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def matters(self) -> bool:
        return bool(
            self.deadlines
            or self.overdue
            or self.relieved
            or self.newly_asked
            or self.no_longer_asked
            or self.closing
            or self.opening
            or self.following
            or self.notes
        )

    @property
    def summary(self) -> str:
        """将移动14个截止日期，3个单位变为超期."""
        parts = [
            f"移动{counted(self.deadlines, '个')}截止日期" if self.deadlines else "",
            f"新增{counted(self.newly_asked, '项')}要求" if self.newly_asked else "",
            f"取消{counted(self.no_longer_asked, '项')}要求" if self.no_longer_asked else "",
            f"{counted(len(self.overdue), '个')}单位变为超期" if self.overdue else "",
            f"{counted(len(self.relieved), '个')}单位不再超期" if self.relieved else "",
        ]
        said = [part for part in parts if part]
        return f"将{'，'.join(said)}。" if said else "没有单位的截止日期因此变动。"


def consequences(campaign: Campaign, change: Callable[[Schedule], None], on: date) -> Consequences:
    """What `change`, made on the schedule it is given, would do; nothing is saved.

    Raises `campaign.schedule.Unsettled` if relative times could not become days.
    """
    calendar = school_calendar()
    now, trial = (Campaign.objects.get(pk=campaign.pk) for _ in range(2))
    schedule = Schedule(trial)
    change(schedule)
    moved = schedule.settle(calendar)
    before = {owed.key: owed for owed in of_schedule(now, on)}
    after = {owed.key: owed for owed in of_schedule(trial, on)}
    moving = [
        (owed, after[key])
        for key, owed in before.items()
        if key in after and owed.due_on != after[key].due_on and not owed.is_met
    ]
    late, late_then = _overdue(before.values(), on), _overdue(after.values(), on)
    gates = [gate for gate in Gate if is_open(now, gate, on) != is_open(trial, gate, on)]
    return Consequences(
        shifts=_shifts(moving),
        deadlines=len(moving),
        overdue=tuple(unit for pk, unit in late_then.items() if pk not in late),
        relieved=tuple(unit for pk, unit in late.items() if pk not in late_then),
        newly_asked=len(after.keys() - before.keys()),
        no_longer_asked=len(before.keys() - after.keys()),
        closing=tuple(str(gate.label) for gate in gates if is_open(now, gate, on)),
        opening=tuple(str(gate.label) for gate in gates if is_open(trial, gate, on)),
        following=tuple(_said(row) for row in moved),
        notes=(*_new_remarks(now, trial), *_rest_days(now, schedule, calendar)),
    )


def _overdue(obligations: Iterable[Obligation], on: date) -> dict[int, Unit]:
    return {
        owed.unit.pk: owed.unit
        for owed in obligations
        if owed.unit is not None and owed.is_overdue(on)
    }


def _shifts(moving: list[tuple[Obligation, Obligation]]) -> tuple[Shift, ...]:
    counts: dict[tuple[str, date | None, date | None], int] = defaultdict(int)
    for old, new in moving:
        counts[old.title, old.due_on, new.due_on] += 1
    return tuple(Shift(title, count, old, new) for (title, old, new), count in counts.items())


def _said(row: Anchored) -> str:
    """A relative time and where it comes to stand."""
    due_on = getattr(row, "due_on", None)
    if due_on is not None:
        return f"“{row}”随起算日移到{chinese_date(due_on)}"
    assert isinstance(row, Phase | PhaseStep)  # noqa: S101 - nothing else is relative
    assert row.starts_on and row.ends_on  # noqa: S101,PT018 - it was just settled
    return f"“{row}”随起算日移到{date_range(row.starts_on, row.ends_on)}"


def _new_remarks(now: Campaign, trial: Campaign) -> list[str]:
    """Gaps and overlaps that are not there yet."""
    known = {remark.text for remark in remarks(now)}
    return [remark.text for remark in remarks(trial) if remark.text not in known]


def _rest_days(now: Campaign, schedule: Schedule, calendar: WorkingCalendar) -> list[str]:
    """Deadlines that would come to stand on a day of rest, or in a year not arranged yet."""
    known = {demand.pk: demand.due_on for demand in now.demands.all()}
    said = []
    for demand in schedule.demands:
        day = demand.due_on
        if day is None or known.get(demand.pk) == day:
            continue
        if not calendar.is_working_day(day):
            said.append(f"“{demand}”的截止日期{month_day(day)}不是工作日。")
        if reservation := calendar.reservation(day, day):
            said.append(reservation)
    return list(dict.fromkeys(said))
