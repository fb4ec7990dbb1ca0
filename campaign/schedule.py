"""The days of a campaign as a whole: relative times follow their anchors; gaps and overlaps.

Works on objects in memory, so that a page can ask what would happen before anything is saved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import prefetch_related_objects

from campaign.choices import Edge
from campaign.models import Demand, Phase, PhaseStep
from campaign.timing import distance_wording, moved, stretch
from core.chinese_text import chinese_date, date_range

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from campaign.models import Campaign
    from campaign.models.campaign import Anchored
    from core.working_calendar import WorkingCalendar

_DAY = timedelta(days=1)


class Unsettled(Exception):
    """Relative times cannot become days; the message says why, to the person who set them."""


class Circular(Unsettled):
    """They wait for each other."""


class Reversed(Unsettled):
    """A deadline would come before its first day."""


class Schedule:
    """Every phase, step and demand of a campaign; call `settle` after changing one of them."""

    def __init__(self, campaign: Campaign) -> None:
        prefetch_related_objects([campaign], "phases__steps", "phases__departments", "demands")
        self.campaign = campaign
        self.phases = list(campaign.phases.all())
        self.steps = [step for phase in self.phases for step in phase.steps.all()]
        self.demands = list(campaign.demands.all())

    def settle(self, calendar: WorkingCalendar) -> list[Anchored]:
        """Move every relative time to where its anchor is now; the ones that moved.

        Raises Unsettled if they cannot become days.
        """
        relative: list[Anchored] = [
            one for one in (*self.phases, *self.steps, *self.demands) if one.is_relative
        ]
        changed: dict[int, Anchored] = {}
        for _ in range(len(relative) + 1):
            moving = [one for one in relative if self._move(one, calendar)]
            if not moving:
                return list(changed.values())
            changed |= {id(one): one for one in moving}
        names = "、".join(str(one) for one in relative)
        raise Circular(f"这些时间互相推算，定不下日期：{names}。请让其中一个写成具体日期。")

    def anchor_day(self, one: Anchored) -> date | None:
        """The day `one` is counted from, as things stand."""
        if one.anchor_edge == Edge.ISSUED:
            return self.campaign.issued_on
        anchor = self._anchor(one)
        if anchor is None:
            return None
        return anchor.starts_on if one.anchor_edge == Edge.STARTS else anchor.ends_on

    def explain(self, one: Anchored) -> str:
        """“动员大会”结束（9月20日）后10个工作日; empty if the days are as set."""
        day = self.anchor_day(one)
        if not one.is_relative or one.offset is None or day is None:
            return ""
        distance = distance_wording(one.offset, one.offset_unit)
        return f"{self._anchor_name(one)}（{date_range(day, day)}）{distance}"

    def _anchor_name(self, one: Anchored) -> str:
        if one.anchor_edge == Edge.ISSUED:
            return "印发之日"
        edge = "开始" if one.anchor_edge == Edge.STARTS else "结束"
        return f"“{self._anchor(one)}”{edge}"

    def _anchor(self, one: Anchored) -> Phase | PhaseStep | None:
        rows: list[Phase] | list[PhaseStep] = self.phases if one.anchor_phase_id else self.steps
        wanted = one.anchor_phase_id or one.anchor_step_id
        return next((row for row in rows if row.pk == wanted), None)

    def _move(self, one: Anchored, calendar: WorkingCalendar) -> bool:
        day = self.anchor_day(one)
        if day is None or one.offset is None:
            return False
        if isinstance(one, Demand):
            due_on = moved(day, one.offset, one.offset_unit, calendar)
            if one.opens_on is not None and due_on < one.opens_on:
                raise Reversed(
                    f"“{one}”的截止日期会移到{chinese_date(due_on)}，早于它的开始日期"
                    f"{chinese_date(one.opens_on)}。请先改它的开始日期。"
                )
            has_moved = one.due_on != due_on
            one.due_on = due_on
            return has_moved
        days = stretch(day, one.offset, one.offset_unit, calendar)
        assert isinstance(one, Phase | PhaseStep)  # noqa: S101 - the only other two kinds
        has_moved = (one.starts_on, one.ends_on) != days
        one.starts_on, one.ends_on = days
        return has_moved


@dataclass(frozen=True)
class Remark:
    """Something about the phases that may be meant, and is pointed out."""

    kind: str
    text: str
    starts_on: date
    ends_on: date


def remarks(campaign: Campaign) -> list[Remark]:
    """Days of no phase, days of several, and steps that leave the days of their phase."""
    phases = sorted(campaign.phases.all(), key=lambda phase: (phase.starts_on, phase.ends_on))
    found = [*_gaps(phases), *_overlaps(phases), *_strays(phases)]
    return sorted(found, key=lambda remark: remark.starts_on)


def _gaps(phases: list[Phase]) -> Iterator[Remark]:
    reached = phases[0].ends_on if phases else None
    for phase in phases[1:]:
        if reached is not None and phase.starts_on > reached + _DAY:
            first, last = reached + _DAY, phase.starts_on - _DAY
            text = f"{date_range(first, last)}不属于任何阶段，没有阶段开放的事项。"
            yield Remark("gap", text, first, last)
        reached = max(filter(None, (reached, phase.ends_on)))


def _overlaps(phases: list[Phase]) -> Iterator[Remark]:
    for number, one in enumerate(phases):
        for other in phases[number + 1 :]:
            first, last = max(one.starts_on, other.starts_on), min(one.ends_on, other.ends_on)
            if first <= last:
                both = f"“{one.name}”和“{other.name}”"
                text = f"{date_range(first, last)}同属{both}，两边开放的事项都能做。"
                yield Remark("overlap", text, first, last)


def _strays(phases: list[Phase]) -> Iterator[Remark]:
    for phase in phases:
        for step in phase.steps.all():
            if step.starts_on is None or step.ends_on is None:
                continue
            if phase.includes(step.starts_on) and phase.includes(step.ends_on):
                continue
            days = date_range(step.starts_on, step.ends_on)
            text = f"步骤“{step.title}”（{days}）超出“{phase.name}”的日期。"
            yield Remark("stray", text, step.starts_on, step.ends_on)
