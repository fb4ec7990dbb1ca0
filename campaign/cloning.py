"""A further campaign after the pattern of one there is: its words kept, its days moved on.

Words such as 9月中旬 mean the same days of the new year; relative ones follow their anchors;
days that were merely set move by whole years.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.audit import record
from campaign.choices import CampaignState
from campaign.models import (
    AudienceGroup,
    Campaign,
    Demand,
    LinkedWork,
    OfferedKind,
    Phase,
    PhaseStep,
    StudyDocument,
    Target,
    Theme,
)
from campaign.permissions import can_set_up
from campaign.setting_up import AlreadySetUp
from campaign.steering import settle
from campaign.timing import read_timing
from core.chinese_dates import MONTH_END_FIRST_DAY, DateContext

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import Model

    from accounts.models import User

#: Lists that are copied as they are; files of study documents stay with the old campaign.
_LISTS: tuple[type[Model], ...] = (
    Theme,
    StudyDocument,
    LinkedWork,
    AudienceGroup,
    OfferedKind,
    Target,
)
_NOT_COPIED = frozenset({"id", "pk", "campaign", "phase", "file", "file_name"})


@transaction.atomic
def clone_campaign(
    by: User,
    campaign: Campaign,
    *,
    title: str,
    short_title: str,
    slug: str,
    years: int,
    month_end_first_day: int = MONTH_END_FIRST_DAY,
) -> Campaign:
    """A campaign in preparation like `campaign`, `years` later; records are not copied.

    Raises PermissionDenied, or AlreadySetUp if the slug is taken.
    """
    if not can_set_up(by):
        raise PermissionDenied
    facts = _facts(campaign) | {
        "title": title,
        "short_title": short_title,
        "slug": slug,
        "doc_number": "",
        "issued_on": None,
        "state": CampaignState.DRAFT,
        "sealed_at": None,
        "is_demo": campaign.is_demo,
    }
    try:
        with transaction.atomic():
            copy = Campaign.objects.create(**facts)
    except IntegrityError as fault:
        raise AlreadySetUp(f"campaign {slug} exists") from fault
    shift = _Shift(campaign, years, month_end_first_day)
    for model in _LISTS:
        for row in model._default_manager.filter(campaign=campaign):
            model._default_manager.create(**_facts(row) | {"campaign": copy})
    _copy_phases(campaign, copy, shift)
    record(by, "campaign.clone", copy, after={"from": campaign.slug, "years": years})
    settle(by, copy)
    return copy


class _Shift:
    """Moves days to the new campaign's years."""

    def __init__(self, campaign: Campaign, years: int, month_end_first_day: int) -> None:
        first = min((phase.starts_on for phase in campaign.phases.all()), default=None)
        self._years = years
        year = first.year + years if first else None
        self._context = DateContext(year, None, month_end_first_day)

    def day(self, day: date | None) -> date | None:
        """29 February becomes the 28th where there is none."""
        if day is None:
            return None
        try:
            return day.replace(year=day.year + self._years)
        except ValueError:
            return day.replace(year=day.year + self._years, day=28)

    def span(self, label: str, starts_on: date | None, ends_on: date | None) -> dict[str, Any]:
        """By its words if they named the same days before, else by whole years."""
        moved = {"starts_on": self.day(starts_on), "ends_on": self.day(ends_on)}
        timing = read_timing(label, self._context) if label else None
        if timing and timing.first and timing.last and moved["starts_on"]:
            apart = abs((timing.first - moved["starts_on"]).days)
            if apart <= _NEAR:
                return {"starts_on": timing.first, "ends_on": timing.last}
        return moved


#: Words that come to another day than the moved one were set by hand; so near they are the same.
_NEAR = 3


def _copy_phases(campaign: Campaign, copy: Campaign, shift: _Shift) -> None:
    """Phases, steps and demands, with what they are counted from tied to the copies."""
    rows: dict[tuple[str, int], Any] = {}
    for phase in campaign.phases.prefetch_related("steps", "departments"):
        span = shift.span(phase.label, phase.starts_on, phase.ends_on)
        new = Phase.objects.create(**_facts(phase) | span | _UNTIED | {"campaign": copy})
        rows["phase", phase.pk] = new
        for department in phase.departments.all():
            new.departments.create(**_facts(department))
        for step in phase.steps.all():
            span = shift.span(step.label, step.starts_on, step.ends_on)
            rows["step", step.pk] = new.steps.create(**_facts(step) | span | _UNTIED)
    for phase in campaign.phases.prefetch_related("steps"):
        for old, kind in ((phase, "phase"), *((step, "step") for step in phase.steps.all())):
            _tie(rows[kind, old.pk], old, rows)
    for demand in campaign.demands.prefetch_related("quotas"):
        days = {"opens_on": shift.day(demand.opens_on), "due_on": shift.day(demand.due_on)}
        new_demand = Demand.objects.create(**_facts(demand) | days | _UNTIED | {"campaign": copy})
        _tie(new_demand, demand, rows)
        for quota in demand.quotas.all():
            new_demand.quotas.create(unit_kind=quota.unit_kind, unit=quota.unit, quota=quota.quota)


_UNTIED: dict[str, Any] = {"anchor_phase": None, "anchor_step": None}


def _tie(new: Phase | PhaseStep | Demand, old: Any, rows: dict[tuple[str, int], Any]) -> None:
    if not old.is_relative:
        return
    new.anchor_phase = rows.get(("phase", old.anchor_phase_id or 0))
    new.anchor_step = rows.get(("step", old.anchor_step_id or 0))
    new.save(update_fields=["anchor_phase", "anchor_step"])


def _facts(row: Model) -> dict[str, Any]:
    """The values of a row's own fields, without its key and its place in another."""
    return {
        field.name: getattr(row, field.name)
        for field in row._meta.concrete_fields
        if field.name not in _NOT_COPIED
    }
