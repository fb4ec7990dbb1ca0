"""Who is answered, and in which words (N2)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Avg, DurationField, ExpressionWrapper, F
from django.urls import reverse

from accounts.audit import record
from accounts.models import User
from core.chinese_text import excerpt
from notices.services import Message, announce_all
from proposals.choices import Verdict
from proposals.models import CoSignature, Decision, Proposal, Reply
from proposals.permissions import can_answer_again, can_rate
from seminars.models import Opinion

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from campaign.models import Campaign
    from proposals.models import ClauseRevision

_EXCERPT = 30


class AlreadyAnswered(Exception):
    """The reply has had its second answer, or nobody complained of it."""


@transaction.atomic
def rate(reply: Reply, *, by: User, now: datetime, satisfaction: str, note: str) -> bool:
    """Write down what the recipient thinks of the reply; False if they already did."""
    if not can_rate(by, reply):
        raise PermissionDenied(f"{by.pk} may not rate reply {reply.pk}")
    unrated = Reply.objects.filter(pk=reply.pk, satisfaction="")
    if unrated.update(satisfaction=satisfaction, satisfaction_note=note, satisfaction_at=now) != 1:
        return False
    record(by, "proposals.rate", reply, after={"satisfaction": satisfaction})
    return True


@transaction.atomic
def answer_again(reply: Reply, *, by: User, now: datetime, text: str) -> None:
    """The one second handling after a 不满意; its recipient is told.

    Raises PermissionDenied, or AlreadyAnswered if somebody was first.
    """
    if not can_answer_again(by, reply):
        raise PermissionDenied(f"{by.pk} may not answer reply {reply.pk} again")
    if not text.strip():
        raise ValidationError({"text": "请写明再次办理的情况。"})
    owed = Reply.objects.unhappy().filter(pk=reply.pk)
    if owed.update(second_text=text, second_by=by, second_at=now) != 1:
        raise AlreadyAnswered(f"reply {reply.pk} owes no second answer")
    proposal = reply.decision.proposal
    record(by, "proposals.answer_again", reply)
    announce_all(
        [
            Message(
                recipient=reply.recipient,
                key=f"reply-again:{reply.pk}",
                kind="reply",
                title=f"建议《{proposal.title}》的再次答复",
                body=text,
                reason="您对答复表示不满意，这是再次办理的结果。",
                url=reverse("proposals:detail", args=[proposal.pk]),
            )
        ],
        now,
    )


def mean_days_to_decision(campaign: Campaign) -> float | None:
    """Days from handing in to publication, on average; None before the first one is out."""
    taken = ExpressionWrapper(
        F("published_at") - F("proposal__submitted_at"), output_field=DurationField()
    )
    published = Decision.objects.published().filter(proposal__campaign=campaign)
    mean: timedelta | None = published.aggregate(mean=Avg(taken))["mean"]
    return None if mean is None else mean / timedelta(days=1)


def revisions_of(decision: Decision) -> QuerySet[ClauseRevision]:
    """What the decision changed in the plan, with everything a page shows of it."""
    return decision.revisions.select_related("clause__document", "version").order_by("pk")


@dataclass(frozen=True)
class Answer:
    """What one contributor of one decided proposal is told."""

    decision: Decision
    recipient: User
    text: str


def answers_to(decisions: Sequence[Decision]) -> list[Answer]:
    """One answer for each contributor of each decision, whatever they contributed.

    Authors of the proposal and of what was merged into it, co-signers, and those who signed an
    opinion it rests on, in this order: who is several of them hears of the first. The decisions'
    proposals and revisions should have been read with them; the number of queries is constant.
    """
    parts = _parts(decisions)
    openings = _openings(parts)
    people = User.objects.filter(is_active=True).in_bulk(
        {person for told in openings.values() for person in told}
    )
    return [
        Answer(decision, people[person], f"{opening}\n{_substance(decision)}")
        for decision in decisions
        for person, opening in openings[decision.proposal_id].items()
        if person in people
    ]


def _parts(decisions: Sequence[Decision]) -> list[tuple[int, Proposal]]:
    """Every proposal the decisions answer, with the key of the one that was decided."""
    decided = [(decision.proposal_id, decision.proposal) for decision in decisions]
    merged = Proposal.objects.filter(merged_into__in=[key for key, _ in decided])
    return decided + [(part.merged_into_id or 0, part) for part in merged.order_by("pk")]


def _openings(parts: Sequence[tuple[int, Proposal]]) -> dict[int, dict[int, str]]:
    """For each decided proposal: the first sentence each person reads."""
    target_of = {part.pk: target for target, part in parts}
    by_key = {part.pk: part for _, part in parts}
    openings: dict[int, dict[int, str]] = defaultdict(dict)

    def tell(part: int, person: int, words: str) -> None:
        openings[target_of[part]].setdefault(person, words)

    for target, part in parts:
        merged = f"，与《{by_key[target].title}》并案，" if part.pk != target else ""
        tell(
            part.pk,
            part.author_id,
            f"您执笔的建议《{part.title}》（{part.number}）{merged}已有答复。",
        )
    for key, person in _co_signers(by_key):
        tell(key, person, f"您附议的建议《{by_key[key].title}》（{by_key[key].number}）已有答复。")
    for key, person, text in _signed_opinions(by_key):
        said = excerpt(text, _EXCERPT)
        tell(key, person, f"您提出的意见“{said}”形成了建议《{by_key[key].title}》，已有答复。")
    return openings


def _co_signers(proposals: Iterable[int]) -> Iterable[tuple[int, int]]:
    rows = CoSignature.objects.filter(proposal__in=list(proposals)).order_by("pk")
    return rows.values_list("proposal_id", "person_id")


def _signed_opinions(proposals: Iterable[int]) -> Iterable[tuple[int, int, str]]:
    """Opinions the proposals rest on that somebody signed: direct, through a problem, merged."""
    keys = list(proposals)
    signed = Opinion.objects.filter(contributor__isnull=False).order_by("raised_on", "pk")
    for way in ("", "problems__", "merged_into__", "merged_into__problems__"):
        rows = signed.filter(**{f"{way}proposals__in": keys})
        yield from rows.values_list(f"{way}proposals", "contributor_id", "text")


def answers_to_opinions(decisions: Sequence[Decision]) -> dict[UUID, str]:
    """What is kept with every opinion the decisions rest on, signed or not.

    So whoever follows an idea by its code reads the decision and the wording too. Opinions of
    what was merged count, and so do opinions merged into one another.
    """
    parts = _parts(decisions)
    target_of = {part.pk: target for target, part in parts}
    by_target = {decision.proposal_id: decision for decision in decisions}
    told: dict[UUID, list[str]] = defaultdict(list)
    for opinion, key in _linked_opinions(target_of):
        decision = by_target[target_of[key]]
        words = f"您的意见形成了建议《{decision.proposal.title}》。\n{_substance(decision)}"
        if words not in told[opinion]:
            told[opinion].append(words)
    for duplicate, main in _duplicates(told):
        told[duplicate] = told[main]
    return {opinion: "\n\n".join(words) for opinion, words in told.items()}


def _linked_opinions(proposals: Iterable[int]) -> Iterable[tuple[UUID, int]]:
    """Opinions the proposals rest on, directly or through a problem, with the proposal's key."""
    keys = list(proposals)
    direct = Proposal.opinions.through.objects.filter(proposal__in=keys)
    yield from direct.values_list("opinion_id", "proposal_id")
    through = Opinion.objects.filter(problems__proposals__in=keys)
    yield from through.values_list("pk", "problems__proposals")


def _duplicates(opinions: Iterable[UUID]) -> list[tuple[UUID, UUID]]:
    """Opinions merged into these, each with the one it was merged into."""
    rows = Opinion.objects.filter(merged_into__in=list(opinions))
    return [(pk, main) for pk, main in rows.values_list("pk", "merged_into") if main]


def _substance(decision: Decision) -> str:
    lines = [f"决定：{decision.get_verdict_display()}。", f"理由：{decision.reasons}"]
    if decision.verdict == Verdict.REFERRED:
        lines.append(f"转办单位：{decision.referred_to}。")
    lines += [_revision_words(revision) for revision in decision.revisions.all()]
    return "\n".join(lines)


def _revision_words(revision: ClauseRevision) -> str:
    if revision.clause is None:
        return f"不修改条文的说明：{revision.no_change_reason}"
    clause = revision.clause
    if not revision.base_text:
        return f"《{clause.document.title}》增写{clause}：\n{revision.new_text}"
    return f"《{clause.document.title}》{clause}修改为：\n{revision.new_text}"
