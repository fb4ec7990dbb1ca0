"""Preparing a decision and what it changes in the plan; publishing is in publishing.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit import record
from campaign.models import ClauseWording
from proposals.choices import ADOPTING_VERDICTS, Verdict
from proposals.deliberation import check_may_deliberate, quorum_of
from proposals.models import ClauseRevision, Decision

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from accounts.models import User
    from campaign.models import Clause
    from proposals.models import Proposal
    from units.models import Unit


class DecisionChanged(Exception):
    """Somebody else prepared or changed the decision since it was read."""

    def __init__(self, current: Decision | None) -> None:
        super().__init__(f"decision {current and current.pk} changed meanwhile")
        self.current = current


@dataclass(frozen=True)
class NewWording:
    """One clause with what it shall say, and the text the drafter had before them."""

    clause: Clause
    base_text: str
    new_text: str


@dataclass(frozen=True)
class Draft:
    """A decision as it is prepared. `revisions` or `no_change_reason` follows an adoption."""

    verdict: Verdict
    reasons: str
    referred_to: Unit | None = None
    revisions: Sequence[NewWording] = ()
    no_change_reason: str = ""


@transaction.atomic
def prepare(
    proposal: Proposal, draft: Draft, *, by: User, now: datetime, seen_version: int | None
) -> Decision:
    """Write down what shall be decided; nobody outside the plan group sees it.

    `seen_version` is the version of the decision the drafter read, None if there was none. A
    change takes back the group's having looked it over. Raises ValidationError, PermissionDenied,
    NotEditable, or DecisionChanged.
    """
    check_may_deliberate(proposal, by, timezone.localdate(now))
    _check(proposal, draft)
    if seen_version is None:
        decision = _first(proposal, draft, by, now)
    else:
        decision = _changed(proposal, draft, by, now, seen_version)
    _set_revisions(decision, draft)
    record(by, "proposals.prepare", proposal, after={"verdict": draft.verdict})
    return decision


def _check(proposal: Proposal, draft: Draft) -> None:
    if not draft.reasons.strip():
        raise ValidationError({"reasons": "请写明理由，提出人会看到这段话。"})
    if draft.verdict == Verdict.REFERRED and draft.referred_to is None:
        raise ValidationError({"referred_to": "请选择转办的部门。"})
    for wording in draft.revisions:
        if wording.clause.document.campaign_id != proposal.campaign_id:
            raise ValidationError({"clause": "请选择本次活动方案文本中的条款。"})
        if wording.new_text.strip() == wording.base_text.strip():
            raise ValidationError({"new_text": "新条文与原条文相同。不改条文的，请写明理由。"})


def _first(proposal: Proposal, draft: Draft, by: User, now: datetime) -> Decision:
    try:
        with transaction.atomic():
            return Decision.objects.create(
                proposal=proposal,
                verdict=draft.verdict,
                reasons=draft.reasons,
                referred_to=_referred_to(draft),
                prepared_by=by,
                prepared_at=now,
            )
    except IntegrityError:
        raise DecisionChanged(_of(proposal)) from None


def _changed(
    proposal: Proposal, draft: Draft, by: User, now: datetime, seen_version: int
) -> Decision:
    unchanged = Decision.objects.filter(
        proposal=proposal, version=seen_version, published_at__isnull=True
    )
    taken = unchanged.update(
        verdict=draft.verdict,
        reasons=draft.reasons,
        referred_to=_referred_to(draft),
        prepared_by=by,
        prepared_at=now,
        looked_over_by=None,
        looked_over_at=None,
        version=seen_version + 1,
    )
    if taken != 1:
        raise DecisionChanged(_of(proposal))
    decision = Decision.objects.get(proposal=proposal)
    Decision.history.bulk_history_create([decision], update=True, default_user=by, default_date=now)
    return decision


def _of(proposal: Proposal) -> Decision | None:
    return Decision.objects.filter(proposal=proposal).select_related("prepared_by").first()


def _referred_to(draft: Draft) -> Unit | None:
    return draft.referred_to if draft.verdict == Verdict.REFERRED else None


def _set_revisions(decision: Decision, draft: Draft) -> None:
    decision.revisions.all().delete()
    if draft.verdict not in ADOPTING_VERDICTS:
        return
    if draft.revisions:
        ClauseRevision.objects.bulk_create(
            ClauseRevision(
                decision=decision,
                clause=wording.clause,
                base_text=wording.base_text,
                new_text=wording.new_text,
            )
            for wording in draft.revisions
        )
    elif draft.no_change_reason.strip():
        ClauseRevision.objects.create(decision=decision, no_change_reason=draft.no_change_reason)


def text_in_force(clause: Clause) -> str:
    """What the clause says in the newest version that words it; empty if none does."""
    newest = ClauseWording.objects.filter(clause=clause).order_by("-version__number").first()
    return newest.text if newest else ""


def pending_revision(clause: Clause, besides: Proposal) -> ClauseRevision | None:
    """The latest rewording of the clause that waits for publication with another proposal.

    A new revision has to start from its text, so that neither undoes the other.
    """
    return _pending(clause, besides).select_related("decision__proposal").last()


def text_to_revise(clause: Clause, proposal: Proposal, in_force: str | None = None) -> str:
    """The text a new wording starts from: what waits for publication, or what is `in_force`."""
    return texts_to_revise(clause, proposal, in_force)[-1]


def texts_to_revise(
    clause: Clause, proposal: Proposal, in_force: str | None = None
) -> tuple[str, ...]:
    """Every text a new wording may start from: what is `in_force`, then what waits, oldest first.

    An earlier one is right for a decision that others were prepared after.
    """
    waiting = _pending(clause, besides=proposal).values_list("new_text", flat=True)
    return (text_in_force(clause) if in_force is None else in_force, *waiting)


def _pending(clause: Clause, besides: Proposal) -> QuerySet[ClauseRevision]:
    rows = ClauseRevision.objects.filter(clause=clause, decision__published_at__isnull=True)
    return rows.exclude(decision__proposal=besides).order_by("decision__prepared_at", "pk")


# --- Looking over ------------------------------------------------------------------------


def missing_for_publication(decision: Decision, *, now: datetime) -> list[str]:
    """What still keeps a prepared decision from being looked over, in Chinese sentences."""
    missing = []
    if decision.verdict in ADOPTING_VERDICTS and not decision.revisions.exists():
        missing.append("采纳的建议须落到条款修订，或写明不改条文的理由。")
    quorum = quorum_of(
        decision.proposal, list(decision.proposal.reviews.all()), timezone.localdate(now)
    )
    if not quorum.eligible:
        missing.append("没有可以评分的成员，请先增补审议人。")
    elif not quorum.is_reached:
        missing.append(f"须有{quorum.needed}人评分，目前有{quorum.scored}人。")
    return missing


@transaction.atomic
def look_over(decision: Decision, *, by: User, now: datetime) -> None:
    """The group has gone through the decision as it stands, and it may be published.

    Raises ValidationError with what is missing, DecisionChanged if it is no longer as read.
    """
    check_may_deliberate(decision.proposal, by, timezone.localdate(now))
    if missing := missing_for_publication(decision, now=now):
        raise ValidationError(missing)
    as_read = Decision.objects.filter(
        pk=decision.pk, version=decision.version, published_at__isnull=True
    )
    if as_read.update(looked_over_by=by, looked_over_at=now) != 1:
        raise DecisionChanged(_of(decision.proposal))
    record(by, "proposals.look_over", decision.proposal)


@transaction.atomic
def take_back_looking_over(decisions: Iterable[Decision], *, by: User, now: datetime) -> None:
    """Put decisions back on the table."""
    for decision in decisions:
        check_may_deliberate(decision.proposal, by, timezone.localdate(now))
        Decision.objects.filter(pk=decision.pk, published_at__isnull=True).update(
            looked_over_by=None, looked_over_at=None
        )
