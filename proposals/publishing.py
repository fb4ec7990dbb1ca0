"""Publishing decisions together: status, clauses, replies and notices in one transaction."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.urls import reverse
from django.utils import timezone

from campaign.models import Clause, ClauseWording, PlanDocument, PlanVersion
from notices.services import Message, announce_all
from proposals.choices import ADOPTING_VERDICTS
from proposals.models import ClauseRevision, Decision, Proposal, Reply, ReviewRules
from proposals.replies import Answer, answers_to, answers_to_opinions
from proposals.workflow import IllegalStep, advance_all
from seminars.services.opinions import answer_opinions
from units.choices import REPORTING_POSITIONS
from units.models import Membership

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from accounts.models import User
    from campaign.models import Campaign

_ROWS_PER_INSERT = 500


@transaction.atomic
def publish(
    campaign: Campaign, decisions: Collection[int], *, by: User, now: datetime
) -> list[Decision]:
    """Publish these decisions, all or none; each contributor is answered once.

    Raises ValidationError with Chinese sentences if one is not ready, IllegalStep if one was
    published or withdrawn meanwhile, PermissionDenied. The number of queries does not depend on
    how many decisions there are.
    """
    _publish_one_batch_at_a_time(campaign)
    batch = _read(campaign, decisions)
    if len(batch) != len(set(decisions)):
        raise IllegalStep(f"publish: only {len(batch)} of {sorted(decisions)} can be published")
    if troubles := _troubles(batch):
        raise ValidationError(troubles)
    proposals = _with_conflicts([decision.proposal for decision in batch], by)
    advance_all(proposals, "publish", by=by, now=now, decided_at=now)
    _mark(batch, by, now)
    _put_into_force(batch, timezone.localdate(now))
    answer(batch, now)
    answer_opinions(answers_to_opinions(batch))
    _pass_on(batch, now)
    return batch


def preview(campaign: Campaign, decisions: Collection[int]) -> tuple[list[Answer], list[str]]:
    """Every reply the batch would send, and what stands in its way; changes nothing."""
    batch = _read(campaign, decisions)
    return answers_to(batch), _troubles(batch)


def _publish_one_batch_at_a_time(campaign: Campaign) -> None:
    """Hold the campaign's rules: two batches at once could both write the next plan version."""
    ReviewRules.objects.get_or_create(campaign=campaign)
    ReviewRules.objects.filter(campaign=campaign).update(last_number=F("last_number"))


def _read(campaign: Campaign, keys: Collection[int]) -> list[Decision]:
    return list(
        Decision.objects.unpublished()
        .filter(pk__in=keys, proposal__campaign=campaign)
        .select_related("proposal__campaign__plan_group", "proposal__unit", "referred_to")
        .prefetch_related("revisions__clause__document")
    )


def _with_conflicts(proposals: Sequence[Proposal], by: User) -> list[Proposal]:
    read = Proposal.objects.filter(pk__in=[proposal.pk for proposal in proposals])
    return list(read.with_conflict_of(by).select_related("unit", "campaign__plan_group"))


def _troubles(batch: Sequence[Decision]) -> list[str]:
    troubles = []
    wording = _wordings_in_force(batch)
    for decision in batch:
        name = f"{decision.proposal.number}《{decision.proposal.title}》"
        revisions = decision.revisions.all()
        if decision.looked_over_at is None:
            troubles.append(f"{name}尚未过会。")
        if decision.verdict in ADOPTING_VERDICTS and not revisions:
            troubles.append(f"{name}采纳后须落到条款修订，或写明不改条文的理由。")
        for revision in revisions:
            if revision.clause_id is None:
                continue
            if wording.get(revision.clause_id, "") != revision.base_text:
                troubles.append(
                    f"{name}修订的{revision.clause}已有新的条文，请在新条文上重新拟写。"
                )
            wording[revision.clause_id] = revision.new_text
    return troubles


def _wordings_in_force(batch: Sequence[Decision]) -> dict[int, str]:
    """What each clause the batch revises says now."""
    clauses = {r.clause_id for decision in batch for r in decision.revisions.all() if r.clause_id}
    return {clause: row.text for clause, row in _newest_wordings(clauses).items()}


def _newest_wordings(clauses: Collection[int]) -> dict[int, ClauseWording]:
    rows = ClauseWording.objects.filter(clause__in=clauses).order_by("version__number")
    return {row.clause_id: row for row in rows}


def _mark(batch: Sequence[Decision], by: User, now: datetime) -> None:
    rows = Decision.objects.filter(
        pk__in=[decision.pk for decision in batch],
        published_at__isnull=True,
        looked_over_at__isnull=False,
    )
    if rows.update(published_by=by, published_at=now) != len(batch):
        raise IllegalStep("publish: a decision was changed meanwhile")
    for decision in batch:
        decision.published_by, decision.published_at = by, now
    Decision.history.bulk_history_create(
        list(batch), update=True, default_user=by, default_date=now
    )


def _put_into_force(batch: Sequence[Decision], day: date) -> None:
    """One new version of every document the batch changes, with the clauses' last wording."""
    revisions = [r for decision in batch for r in decision.revisions.all() if r.clause_id]
    if not revisions:
        return
    old = _newest_wordings({revision.clause_id for revision in revisions if revision.clause_id})
    documents = {clause.document for clause in _clauses(revisions)}
    versions = _next_versions(documents, day)
    texts: dict[Clause, str] = {}
    for revision in revisions:
        clause = _clause(revision)
        texts[clause] = revision.new_text
        revision.old_wording = old.get(clause.pk)
        revision.version = versions[clause.document_id]
    ClauseRevision.objects.bulk_update(
        revisions, ["old_wording", "version"], batch_size=_ROWS_PER_INSERT
    )
    ClauseWording.objects.bulk_create(
        [
            ClauseWording(clause=clause, version=versions[clause.document_id], text=text)
            for clause, text in texts.items()
        ],
        batch_size=_ROWS_PER_INSERT,
    )


def _clauses(revisions: Sequence[ClauseRevision]) -> list[Clause]:
    return [_clause(revision) for revision in revisions]


def _clause(revision: ClauseRevision) -> Clause:
    if revision.clause is None:
        raise ValueError(f"revision {revision.pk} changes no clause")
    return revision.clause


def _next_versions(documents: Collection[PlanDocument], day: date) -> dict[int, PlanVersion]:
    latest = dict(
        PlanVersion.objects.filter(document__in=documents)
        .order_by()
        .values_list("document")
        .annotate(Max("number"))
    )
    made = PlanVersion.objects.bulk_create(
        PlanVersion(document=document, number=latest.get(document.pk, 0) + 1, made_on=day)
        for document in documents
    )
    return {version.document_id: version for version in made}


def answer(batch: Sequence[Decision], now: datetime) -> None:
    """Keep a reply for each contributor of the decisions and tell them of it."""
    answers = answers_to(batch)
    Reply.objects.bulk_create(
        [
            Reply(
                decision=answer.decision, recipient=answer.recipient, text=answer.text, sent_at=now
            )
            for answer in answers
        ],
        batch_size=_ROWS_PER_INSERT,
    )
    announce_all(
        [
            Message(
                recipient=answer.recipient,
                key=f"reply:{answer.decision.pk}",
                kind="reply",
                title=f"建议《{answer.decision.proposal.title}》已有答复",
                body=answer.text,
                reason="您参与了这件建议的提出。",
                url=reverse("proposals:detail", args=[answer.decision.proposal_id]),
            )
            for answer in answers
        ],
        now,
    )


def _pass_on(batch: Sequence[Decision], now: datetime) -> None:
    """Tell the reporters of each department that a matter was referred to it."""
    referred = [decision for decision in batch if decision.referred_to_id]
    if not referred:
        return
    posts = Membership.objects.current(timezone.localdate(now)).filter(
        unit__in={decision.referred_to_id for decision in referred},
        position__in=REPORTING_POSITIONS,
        user__is_active=True,
    )
    reporters: dict[int, list[User]] = defaultdict(list)
    for post in posts.select_related("user").order_by("unit", "user"):
        reporters[post.unit_id].append(post.user)
    announce_all(
        [
            Message(
                recipient=person,
                key=f"referred:{decision.pk}",
                kind="proposal",
                title=f"转来办理：建议《{decision.proposal.title}》",
                body=f"“双高计划”工作组已将这件建议转{decision.referred_to}。\n"
                f"理由：{decision.reasons}",
                reason="您是转办部门的负责人或联络员。",
                url=reverse("proposals:detail", args=[decision.proposal_id]),
            )
            for decision in referred
            for person in reporters[decision.referred_to_id or 0]
        ],
        now,
    )
