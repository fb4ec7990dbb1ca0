"""Changing a campaign: its bodies, its phases and steps, what is open.

Each change asks, is written in one transaction with a line in the trail, and keeps its history.
Relative times follow what they are counted from in the same transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.audit import record
from campaign.gates import is_open, switch_of
from campaign.meanwhile import hold
from campaign.models import Campaign, GateSwitch, Phase, PhaseDepartment, PhaseStep
from campaign.permissions import can_steer
from campaign.schedule import Schedule
from core.local_time import local_day
from notices.calendar import school_calendar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from django.db.models import Model

    from accounts.models import User
    from campaign.choices import Gate


class Anchoring(Exception):
    """Other times are counted from this phase or step; the message names them."""


class NothingToSwitch(Exception):
    """The gate is as wanted already, or somebody else was quicker."""


@transaction.atomic
def edit_campaign(by: User, campaign: Campaign, **facts: Any) -> None:
    """Set the head of the plan, working bodies, state and the days a review may take."""
    change(by, campaign, campaign, facts)
    settle(by, campaign)


@transaction.atomic
def add_phase(by: User, campaign: Campaign, departments: Sequence[str] = (), **facts: Any) -> Phase:
    """A further phase behind all others."""
    ask(by, campaign)
    last = campaign.phases.aggregate(last=Max("order"))["last"] or 0
    phase = Phase.objects.create(campaign=campaign, order=last + 1, **facts)
    _set_departments(phase, departments)
    record(by, "campaign.add_phase", phase, after=plain(facts))
    settle(by, campaign)
    return phase


@transaction.atomic
def edit_phase(
    by: User,
    phase: Phase,
    departments: Sequence[str] | None = None,
    *,
    seen: str = "",
    **facts: Any,
) -> None:
    """Set what a phase is, when it is and what it opens. Raises ChangedMeanwhile; see `change`."""
    change(by, phase.campaign, phase, facts, seen)
    if departments is not None:
        _set_departments(phase, departments)
    settle(by, phase.campaign)


@transaction.atomic
def remove_phase(by: User, phase: Phase) -> None:
    """Take a phase with its steps out of the plan. Raises Anchoring if times count from it."""
    ask(by, phase.campaign)
    _refuse_if_anchoring(phase.campaign, phases=[phase.pk], steps=[s.pk for s in phase.steps.all()])
    record(by, "campaign.remove_phase", phase, before={"name": phase.name, "label": phase.label})
    phase.delete()


@transaction.atomic
def move_phase(by: User, phase: Phase, *, up: bool) -> None:
    """Swap places with the phase before or after; the first one does not move up."""
    ask(by, phase.campaign)
    others = phase.campaign.phases.exclude(pk=phase.pk)
    if up:
        other = others.filter(order__lt=phase.order).order_by("-order").first()
    else:
        other = others.filter(order__gt=phase.order).order_by("order").first()
    if other is None:
        return
    free = (phase.campaign.phases.aggregate(last=Max("order"))["last"] or 0) + 1
    for pk, order in ((phase.pk, free), (other.pk, phase.order), (phase.pk, other.order)):
        Phase.objects.filter(pk=pk).update(order=order)
    record(by, "campaign.move_phase", phase, {"order": phase.order}, {"order": other.order})


@transaction.atomic
def add_step(by: User, phase: Phase, **facts: Any) -> PhaseStep:
    """A further step behind the others of its phase."""
    ask(by, phase.campaign)
    last = phase.steps.aggregate(last=Max("order"))["last"] or 0
    step = PhaseStep.objects.create(phase=phase, order=last + 1, **facts)
    record(by, "campaign.add_step", step, after=plain(facts))
    settle(by, phase.campaign)
    return step


@transaction.atomic
def edit_step(by: User, step: PhaseStep, *, seen: str = "", **facts: Any) -> None:
    """Set what a step is and when it is. Raises ChangedMeanwhile; see `change`."""
    change(by, step.phase.campaign, step, facts, seen)
    settle(by, step.phase.campaign)


@transaction.atomic
def remove_step(by: User, step: PhaseStep) -> None:
    """Take a step out of its phase. Raises Anchoring if times count from it."""
    ask(by, step.phase.campaign)
    _refuse_if_anchoring(step.phase.campaign, phases=[], steps=[step.pk])
    record(by, "campaign.remove_step", step, before={"title": step.title})
    step.delete()


@transaction.atomic
def switch_gate(
    by: User,
    campaign: Campaign,
    gate: Gate,
    *,
    opens: bool,
    reason: str,
    now: datetime,
    until: date | None = None,
) -> GateSwitch:
    """Close a gate that is open or open one that is closed, whatever the phases declare.

    Raises NothingToSwitch if it is as wanted already.
    """
    ask(by, campaign)
    fresh = Campaign.objects.get(pk=campaign.pk)
    if is_open(fresh, gate, local_day(now)) == opens:
        raise NothingToSwitch(gate)
    before = switch_of(fresh, gate)
    if before is not None:
        _end(before, by, now)
    try:
        with transaction.atomic():
            switch = GateSwitch.objects.create(
                campaign=campaign,
                gate=gate,
                is_open=opens,
                until=until,
                reason=reason,
                by=by,
                at=now,
            )
    except IntegrityError as error:
        raise NothingToSwitch(f"{gate} was switched by somebody else") from error
    record(by, "campaign.switch_gate", switch, {}, {"gate": gate, "open": opens, "reason": reason})
    return switch


@transaction.atomic
def restore_gate(by: User, switch: GateSwitch, now: datetime) -> None:
    """Let the phases decide again. Raises NothingToSwitch if that is so already."""
    ask(by, switch.campaign)
    _end(switch, by, now)
    record(by, "campaign.restore_gate", switch, after={"gate": switch.gate})


def _end(switch: GateSwitch, by: User, now: datetime) -> None:
    in_force = GateSwitch.objects.filter(pk=switch.pk, ended_at__isnull=True)
    if in_force.update(ended_at=now, ended_by=by) != 1:
        raise NothingToSwitch(f"switch {switch.pk} has ended")


def _set_departments(phase: Phase, names: Sequence[str]) -> None:
    if list(phase.departments.values_list("name", flat=True)) == list(names):
        return
    phase.departments.all().delete()
    PhaseDepartment.objects.bulk_create(
        PhaseDepartment(phase=phase, order=order, name=name) for order, name in enumerate(names, 1)
    )


def _refuse_if_anchoring(campaign: Campaign, *, phases: list[int], steps: list[int]) -> None:
    schedule = Schedule(Campaign.objects.get(pk=campaign.pk))
    counted = [
        str(one)
        for one in (*schedule.phases, *schedule.steps, *schedule.demands)
        if one.is_relative and (one.anchor_phase_id in phases or one.anchor_step_id in steps)
    ]
    if counted:
        raise Anchoring("、".join(counted))


def settle(by: User | None, campaign: Campaign) -> None:
    """Save where the campaign's relative times are now, each with a line in the trail.

    Raises `schedule.Unsettled` if they cannot become days.
    """
    for row in Schedule(Campaign.objects.get(pk=campaign.pk)).settle(school_calendar()):
        row.save()
        days = {name: getattr(row, name) for name in ("starts_on", "ends_on", "due_on")
                if hasattr(row, name)}  # fmt: skip
        record(by, f"campaign.follow_{row._meta.model_name}", row, after=days)


def change(by: User, campaign: Campaign, row: Model, facts: dict[str, Any], seen: str = "") -> None:
    """Ask, set `facts` on `row`, and note before and after in the trail.

    Raises ChangedMeanwhile if the row is no longer as `seen` (`meanwhile.state_of`).
    """
    ask(by, campaign)
    hold(row, seen)
    before = plain({name: getattr(row, name) for name in facts})
    for name, value in facts.items():
        setattr(row, name, value)
    row.save(update_fields=list(facts))
    record(by, f"campaign.edit_{row._meta.model_name}", row, before, plain(facts))


def plain(facts: dict[str, Any]) -> dict[str, Any]:
    """`facts` as the trail keeps them: rows by their key."""
    return {name: getattr(value, "pk", value) for name, value in facts.items()}


def ask(by: User, campaign: Campaign) -> None:
    """Raises PermissionDenied unless `by` may steer the campaign."""
    if not can_steer(by, campaign):
        raise PermissionDenied
