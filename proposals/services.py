"""Writing proposals: drafts, sources, co-signatures. Their steps are in workflow.py."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from accounts.audit import record
from campaign.choices import CampaignState, Gate
from campaign.gates import is_open
from core.search_text import SearchTextField
from proposals.choices import EDITABLE, Status
from proposals.models import CoSignature, Proposal, ReviewRules
from proposals.permissions import can_co_sign, can_draft_for, can_write
from seminars.choices import OpinionStatus, ProblemStatus
from seminars.permissions import can_close_problem, can_settle
from seminars.services.opinions import close_problem, settle

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from accounts.models import User
    from campaign.models import Campaign
    from seminars.models import Activity, Opinion, Problem
    from units.models import Unit

#: Columns a writer may set; a form that sends others is not listened to.
WRITTEN_FIELDS = (
    "title",
    "problem",
    "measures",
    "kind",
    "theme",
    "target_document",
    "target_clause",
)


class ChangedMeanwhile(Exception):
    """Somebody else saved the proposal since it was read; `current` is what it says now."""

    def __init__(self, current: Proposal) -> None:
        super().__init__(f"proposal {current.pk} is at version {current.version}")
        self.current = current


class NotEditable(Exception):
    """The proposal has left the states in which its text may change."""


# --- Drafts ------------------------------------------------------------------------------


@transaction.atomic
def start_draft(
    campaign: Campaign, unit: Unit, *, by: User, now: datetime, client_key: UUID, **written: Any
) -> Proposal:
    """A new draft. Sent twice with the same `client_key`, it is made once."""
    if not can_draft_for(by, unit):
        raise PermissionDenied(f"{by.pk} may not write for unit {unit.pk}")
    if not is_open(campaign, Gate.PROPOSALS, timezone.localdate(now)):
        raise ValidationError("目前不在“提出建议”开放的阶段，不能起草建议。")
    _check_lists(campaign, written)
    draft = Proposal(
        campaign=campaign,
        unit=unit,
        author=by,
        client_key=client_key,
        created_at=now,
        updated_at=now,
        **_written_only(written),
    )
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:
        if same := Proposal.objects.filter(client_key=client_key, author=by).first():
            return same
        raise
    record(by, "proposals.start", draft, after={"title": draft.title})
    return draft


@transaction.atomic
def save_text(
    proposal: Proposal,
    *,
    by: User,
    now: datetime,
    seen_version: int,
    keeps_version: bool = True,
    **written: Any,
) -> Proposal:
    """Store what a writer wrote, if nobody else did since they read version `seen_version`.

    An autosave passes `keeps_version=False` and leaves no entry in the list of versions.
    Raises ChangedMeanwhile or NotEditable; then nothing has changed.
    """
    _check_lists(proposal.campaign, written)
    columns = _written_only(written)
    later = copy(proposal)
    for field, value in columns.items():
        setattr(later, field, value)
    columns["search_text"] = search_text_of(later)
    claim(proposal, by=by, now=now, seen_version=seen_version, **columns)
    for field, value in columns.items():
        setattr(proposal, field, value)
    if keeps_version:
        keep_version(proposal, by=by, now=now)
    return proposal


def claim(
    proposal: Proposal, *, by: User, now: datetime, seen_version: int, **columns: Any
) -> None:
    """Write `columns` in one guarded UPDATE that takes the version one further.

    Raises PermissionDenied, ChangedMeanwhile or NotEditable.
    """
    if not can_write(by, proposal):
        raise PermissionDenied(f"{by.pk} may not write proposal {proposal.pk}")
    if proposal.campaign.state != CampaignState.RUNNING:
        raise NotEditable(f"the campaign of proposal {proposal.pk} does not run")
    unchanged = Proposal.objects.filter(pk=proposal.pk, version=seen_version, status__in=EDITABLE)
    if unchanged.update(version=seen_version + 1, updated_at=now, **columns) != 1:
        current = Proposal.objects.with_list_facts().get(pk=proposal.pk)
        if current.status not in EDITABLE:
            raise NotEditable(f"proposal {current.pk} is {current.status}")
        raise ChangedMeanwhile(current)
    proposal.version = seen_version + 1
    proposal.updated_at = now


def search_text_of(proposal: Proposal) -> str:
    """What the row is searched by; an `update()` of a searched column has to set it."""
    column = Proposal._meta.get_field("search_text")
    assert isinstance(column, SearchTextField)  # noqa: S101 - for the type checker
    return column.search_text_of(proposal)


def keep_version(proposal: Proposal, *, by: User, now: datetime) -> None:
    """Add the present text to the list of versions."""
    Proposal.history.bulk_history_create([proposal], update=True, default_user=by, default_date=now)


def _written_only(written: dict[str, Any]) -> dict[str, Any]:
    return {field: written[field] for field in WRITTEN_FIELDS if field in written}


def _check_lists(campaign: Campaign, written: dict[str, Any]) -> None:
    """Theme, document and clause must belong to the campaign, and the clause to the document."""
    theme, document, clause = (
        written.get(field) for field in ("theme", "target_document", "target_clause")
    )
    if theme is not None and theme.campaign_id != campaign.pk:
        raise ValidationError({"theme": "请选择本次活动的研讨主题。"})
    if document is not None and document.campaign_id != campaign.pk:
        raise ValidationError({"target_document": "请选择本次活动的方案文本。"})
    if clause is not None and (document is None or clause.document_id != document.pk):
        raise ValidationError({"target_clause": "所选条款不在所选文本中，请重新选择。"})


# --- Sources -----------------------------------------------------------------------------


@transaction.atomic
def add_sources(
    proposal: Proposal,
    *,
    by: User,
    now: datetime,
    opinions: Iterable[Opinion] = (),
    activities: Iterable[Activity] = (),
    problems: Iterable[Problem] = (),
) -> None:
    """Name what the proposal rests on. The caller has read the sources as visible to `by`."""
    claim(proposal, by=by, now=now, seen_version=_version_now(proposal))
    proposal.opinions.add(*opinions)
    proposal.activities.add(*activities)
    proposal.problems.add(*problems)


@transaction.atomic
def remove_source(
    proposal: Proposal, source: Opinion | Activity | Problem, *, by: User, now: datetime
) -> None:
    claim(proposal, by=by, now=now, seen_version=_version_now(proposal))
    kind = {"opinion": "opinions", "activity": "activities", "problem": "problems"}
    getattr(proposal, kind[source._meta.model_name or ""]).remove(source)


def _version_now(proposal: Proposal) -> int:
    """Sources are added and taken away one by one, so any version of the text will do."""
    return Proposal.objects.values_list("version", flat=True).get(pk=proposal.pk)


def missing_for_submission(proposal: Proposal) -> list[str]:
    """What still keeps a proposal from being sent in, in Chinese sentences."""
    missing = []
    if not proposal.problem.strip():
        missing.append("请写明发现的问题。")
    if not proposal.measures.strip():
        missing.append("请写明建议措施。")
    if not has_source(proposal):
        missing.append("建议须在调研的基础上提出：请至少选择一条来源意见、活动或问题。")
    needed = rules_of(proposal.campaign).co_signatures_needed
    gathered = proposal.co_signatures.count()
    if gathered < needed:
        missing.append(f"提交前须有{needed}人附议，目前有{gathered}人。")
    return missing


def has_source(proposal: Proposal) -> bool:
    return proposal.opinions.exists() or proposal.activities.exists() or proposal.problems.exists()


def settle_sources(proposal: Proposal, *, by: User, now: datetime) -> None:
    """Opinions and problems the sender keeps end as “形成建议” (S4); others' stay as they are.

    Raises SettledMeanwhile if one was settled otherwise at the same moment.
    """
    reason = f"形成对策建议《{proposal.title}》（{proposal.number}）。"
    unsettled = [OpinionStatus.NEW, OpinionStatus.PROBLEM]
    opinions = proposal.opinions.filter(status__in=unsettled, merged_into__isnull=True)
    own = opinions.select_related("campaign", "unit", "contributor")
    settle(
        [opinion for opinion in own if can_settle(by, opinion)],
        OpinionStatus.PROPOSAL,
        by=by,
        reason=reason,
        now=now,
    )
    problems = proposal.problems.filter(status=ProblemStatus.OPEN).order_by("pk")
    for problem in problems.select_related("campaign", "unit"):
        if can_close_problem(by, problem):
            close_problem(problem, ProblemStatus.PROPOSAL, by=by, reason=reason)


# --- Rules and numbers -------------------------------------------------------------------


def rules_of(campaign: Campaign) -> ReviewRules:
    """The campaign's own rules, or the defaults (not stored) when it set none."""
    try:
        return campaign.review_rules
    except ReviewRules.DoesNotExist:
        return ReviewRules(campaign=campaign)


def next_number(campaign: Campaign) -> str:
    """JY00012, the next of the campaign's proposals.

    Call it in the transaction that uses the number: the row of the rules is held until then, so
    numbers have neither doubles nor gaps.
    """
    ReviewRules.objects.get_or_create(campaign=campaign)
    row = ReviewRules.objects.filter(campaign=campaign)
    row.update(last_number=F("last_number") + 1)
    return f"JY{row.values_list('last_number', flat=True).get():05}"


# --- Co-signing --------------------------------------------------------------------------


@transaction.atomic
def co_sign(proposal: Proposal, *, by: User, now: datetime) -> bool:
    """Stand behind a proposal; False if the person already did.

    Possible from the draft on until it is answered, because a campaign may ask for a number of
    co-signers before a proposal is sent in.
    """
    if not can_co_sign(by, proposal):
        raise PermissionDenied(f"{by.pk} may not co-sign proposal {proposal.pk}")
    hold(proposal, EDITABLE | {Status.SUBMITTED})
    _, created = CoSignature.objects.get_or_create(
        proposal=proposal, person=by, defaults={"at": now}
    )
    return created


@transaction.atomic
def take_back_co_signature(proposal: Proposal, *, by: User) -> bool:
    hold(proposal, EDITABLE | {Status.SUBMITTED})
    deleted, _ = CoSignature.objects.filter(proposal=proposal, person=by).delete()
    return bool(deleted)


def hold(proposal: Proposal, statuses: Iterable[Status]) -> None:
    """Keep the row in one of these states until the transaction ends.

    Raises NotEditable if it has left them. An UPDATE that changes nothing, because row locks do
    nothing on SQLite.
    """
    rows = Proposal.objects.filter(pk=proposal.pk, status__in=list(statuses))
    if rows.update(version=F("version")) != 1:
        raise NotEditable(f"proposal {proposal.pk} is not in any of {sorted(statuses)}")


# --- What the plan group had prepared ----------------------------------------------------


def drop_prepared_decision(proposal: Proposal) -> None:
    """Forget a decision that was prepared for a text that is no longer before the group."""
    from proposals.models import ClauseRevision, Decision

    prepared = Decision.objects.filter(proposal=proposal, published_at__isnull=True)
    ClauseRevision.objects.filter(decision__in=prepared).delete()
    for decision in prepared:
        decision.delete()
