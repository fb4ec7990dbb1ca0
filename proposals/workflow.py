"""The steps of a proposal. Nothing else assigns `Proposal.status`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.audit import record_all
from campaign.choices import CampaignState, Gate
from campaign.gates import is_open
from core.chinese_text import chinese_date
from core.working_calendar import WorkingCalendar
from notices.services import Message, announce_all
from proposals.assignment import assign
from proposals.choices import Status
from proposals.models import Proposal, StatusChange
from proposals.permissions import can_publish, can_review, can_write
from proposals.services import (
    drop_prepared_decision,
    keep_version,
    missing_for_submission,
    next_number,
    search_text_of,
    settle_sources,
)
from seminars.services.opinions import SettledMeanwhile

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import User
    from campaign.models import Campaign

Predicate = Callable[["User", Proposal], bool]


class IllegalStep(Exception):
    """The proposal is not, or no longer, in a state from which the step leads on."""


class Closed(Exception):
    """The campaign does not admit the step today; the message says so in Chinese."""


@dataclass(frozen=True)
class Step:
    """From any of `sources` to `target`, for whom `allowed` admits; `gate` must be open.

    Without a gate it is enough that the campaign runs.
    """

    sources: frozenset[Status]
    target: Status
    allowed: Predicate
    label: str
    gate: Gate | None = None


STEPS = {
    "submit": Step(
        frozenset({Status.DRAFT, Status.RETURNED, Status.WITHDRAWN}),
        Status.SUBMITTED,
        can_write,
        "提交",
        Gate.PROPOSALS,
    ),
    "withdraw": Step(
        frozenset({Status.DRAFT, Status.SUBMITTED, Status.RETURNED}),
        Status.WITHDRAWN,
        can_write,
        "撤回",
    ),
    "return": Step(
        frozenset({Status.SUBMITTED}), Status.RETURNED, can_review, "退回完善", Gate.REVIEW
    ),
    "merge": Step(frozenset({Status.SUBMITTED}), Status.MERGED, can_review, "并案", Gate.REVIEW),
    "unmerge": Step(
        frozenset({Status.MERGED}), Status.SUBMITTED, can_review, "撤销并案", Gate.REVIEW
    ),
    "publish": Step(
        frozenset({Status.SUBMITTED}), Status.DECIDED, can_publish, "公布决定", Gate.REVIEW
    ),
}


def advance(
    proposal: Proposal, name: str, *, by: User, now: datetime, note: str = "", **facts: Any
) -> StatusChange:
    """Take one step; `facts` are columns that change with it.

    Raises PermissionDenied, Closed, or IllegalStep; then nothing has changed. A text changed
    since the proposal was read counts as an illegal step too.
    """
    return advance_all([proposal], name, by=by, now=now, note=note, **facts)[0]


@transaction.atomic
def advance_all(
    proposals: Sequence[Proposal],
    name: str,
    *,
    by: User,
    now: datetime,
    note: str = "",
    **facts: Any,
) -> list[StatusChange]:
    """The same step for several proposals, all or none, in a constant number of queries.

    The proposals' units and campaigns and `with_conflict_of(by)` should have been read with them.
    """
    step = STEPS[name]
    _check_rights(proposals, step, by, now)
    changes = [
        StatusChange(
            proposal=proposal, step=name, old=proposal.status, new=step.target, note=note, by=by,
            at=now,
        )
        for proposal in proposals
    ]  # fmt: skip
    _lock_in_order(proposals)
    for read_as in {(proposal.status, proposal.version) for proposal in proposals}:
        _move(proposals, read_as, name, updated_at=now, **facts)
    StatusChange.objects.bulk_create(changes)
    record_all(
        by,
        f"proposals.{name}",
        [(change.proposal, {"status": change.old}, {"status": change.new}) for change in changes],
    )
    for proposal in proposals:
        for field, value in {"status": step.target, **facts}.items():
            setattr(proposal, field, value)
    return changes


def _check_rights(proposals: Sequence[Proposal], step: Step, by: User, now: datetime) -> None:
    for campaign in {proposal.campaign for proposal in proposals}:
        _check_open(campaign, step, timezone.localdate(now))
    for proposal in proposals:
        if not step.allowed(by, proposal):
            raise PermissionDenied(f"{by.pk} may not {step.label} proposal {proposal.pk}")


def _check_open(campaign: Campaign, step: Step, day: date) -> None:
    if campaign.state != CampaignState.RUNNING:
        raise Closed(f"“{campaign}”不在进行中，不能{step.label}。")
    if step.gate and not is_open(campaign, step.gate, day):
        raise Closed(f"{chinese_date(day)}不在“{step.gate.label}”开放的阶段，不能{step.label}。")


def _lock_in_order(proposals: Sequence[Proposal]) -> None:
    """Take the rows by key before they change, as every transaction with several rows does.

    One UPDATE of many rows locks them in whatever order the database finds them, and two of those
    could wait for each other. SQLite has one writer anyway and takes this for a plain read.
    """
    keys = [proposal.pk for proposal in proposals]
    rows = Proposal.objects.filter(pk__in=keys).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


def _move(proposals: Sequence[Proposal], read_as: tuple[str, int], name: str, **facts: Any) -> None:
    """The guarded UPDATE: every row must still be in the state and version it was read in."""
    old, version = read_as
    keys = [p.pk for p in proposals if (p.status, p.version) == read_as]
    if old not in STEPS[name].sources:
        raise IllegalStep(f"{name}: {keys} are {old}")
    unchanged = Proposal.objects.filter(pk__in=keys, status=old, version=version)
    if unchanged.update(status=STEPS[name].target, **facts) != len(keys):
        raise IllegalStep(f"{name}: not all of {keys} are still {old} at version {version}")


@transaction.atomic
def submit(proposal: Proposal, *, by: User, now: datetime) -> StatusChange:
    """Send a proposal to the plan group (S20); it gets its number and its due date.

    Raises ValidationError with Chinese sentences if something is missing.
    """
    if missing := missing_for_submission(proposal):
        raise ValidationError(missing)
    numbered = copy(proposal)
    numbered.number = proposal.number or next_number(proposal.campaign)
    change = advance(
        proposal,
        "submit",
        by=by,
        now=now,
        number=numbered.number,
        search_text=search_text_of(numbered),
        submitted_at=now,
        review_due_on=_due_on(proposal.campaign, timezone.localdate(now)),
        return_due_on=None,
    )
    keep_version(proposal, by=by, now=now)
    try:
        settle_sources(proposal, by=by, now=now)
    except SettledMeanwhile as error:
        raise IllegalStep(f"submit: {error}") from error
    assign(proposal, now=now)
    return change


def _due_on(campaign: Campaign, day: date) -> date:
    return WorkingCalendar().add_working_days(day, campaign.review_working_days)


@transaction.atomic
def withdraw(proposal: Proposal, *, by: User, now: datetime, note: str = "") -> StatusChange:
    """Take a proposal back; what the plan group had prepared for it is dropped.

    Raises ValidationError for a main proposal: those merged into it would never be answered.
    """
    change = advance(proposal, "withdraw", by=by, now=now, note=note)
    if proposal.merged.exists():  # asked once the row is ours: a merge may just have come in
        raise ValidationError(
            "已有其他建议并入本案，撤回后它们就得不到答复。请先与“双高计划”工作组联系撤销并案。"
        )
    drop_prepared_decision(proposal)
    return change


@transaction.atomic
def send_back(
    proposal: Proposal, *, by: User, now: datetime, reason: str, due_on: date
) -> StatusChange:
    """Return a proposal for more, until the end of `due_on`; its writers are told why."""
    if due_on <= timezone.localdate(now):
        raise ValidationError("完善期限须晚于今天。")
    change = advance(proposal, "return", by=by, now=now, note=reason, return_due_on=due_on)
    drop_prepared_decision(proposal)
    announce_all(
        [
            Message(
                recipient=writer,
                key=f"proposal-returned:{change.pk}",
                kind="proposal",
                title=f"建议《{proposal.title}》退回完善",
                body=f"退回原因：{reason}\n请在{chinese_date(due_on)}前完善后再次提交。",
                reason="您是这件建议的执笔人或提交人。",
                url=reverse("proposals:detail", args=[proposal.pk]),
            )
            for writer in _writers(proposal)
        ],
        now,
    )
    return change


def _writers(proposal: Proposal) -> list[User]:
    """The author and whoever sent the proposal in."""
    senders = proposal.status_changes.filter(step="submit").select_related("by")
    return list({proposal.author, *(change.by for change in senders)})


@transaction.atomic
def merge(proposal: Proposal, target: Proposal, *, by: User, now: datetime, note: str) -> None:
    """Treat `proposal` as part of `target`; its contributors get the target's answer.

    Both rows are held in key order, so that neither a decision on the target nor a merge in the
    other direction can slip in between.
    """
    if proposal.pk == target.pk or proposal.campaign_id != target.campaign_id:
        raise ValidationError("请选择同一活动中的另一件建议作为主案。")
    if not can_review(by, target):
        raise PermissionDenied(f"{by.pk} may not merge into proposal {target.pk}")
    _hold({proposal.pk: Status.SUBMITTED, target.pk: Status.SUBMITTED})
    if proposal.merged.exists():
        raise ValidationError(
            f"《{proposal.title}》已是主案，并有建议并入。请改为把《{target.title}》并入它。"
        )
    advance(proposal, "merge", by=by, now=now, note=note, merged_into=target)
    drop_prepared_decision(proposal)


@transaction.atomic
def unmerge(proposal: Proposal, *, by: User, now: datetime) -> StatusChange:
    """Undo a merge while the other proposal is undecided."""
    if proposal.merged_into_id is None:
        raise IllegalStep(f"unmerge: proposal {proposal.pk} is not merged")
    _hold({proposal.merged_into_id: Status.SUBMITTED, proposal.pk: Status.MERGED})
    return advance(proposal, "unmerge", by=by, now=now, merged_into=None)


def _hold(expected: dict[int, Status]) -> None:
    """Keep rows in their states until the transaction ends, taken in the order of their keys.

    Raises IllegalStep if one left its state.
    """
    for key, status in sorted(expected.items()):
        if Proposal.objects.filter(pk=key, status=status).update(version=F("version")) != 1:
            raise IllegalStep(f"proposal {key} is not {status}")
