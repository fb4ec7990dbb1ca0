"""What people said and what became of it (S4): voice, settle, list as a problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.audit import record
from core.chinese_text import excerpt
from notices.services import announce
from seminars.choices import OpinionSource, OpinionStatus, ProblemStatus
from seminars.models import Opinion, Problem
from seminars.permissions import can_close_problem, can_settle, can_triage, can_voice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from accounts.models import User
    from campaign.models import AudienceGroup, Campaign, Theme
    from units.models import Unit

_ROWS_PER_UPDATE = 200

#: From where to where an opinion may go. 形成建议 is entered when a proposal names it as source.
STEPS: dict[str, frozenset[str]] = {
    OpinionStatus.NEW: frozenset(
        {
            OpinionStatus.SOLVED,
            OpinionStatus.PROBLEM,
            OpinionStatus.PROPOSAL,
            OpinionStatus.NOT_ADOPTED,
        }
    ),
    OpinionStatus.PROBLEM: frozenset({OpinionStatus.PROPOSAL}),
    OpinionStatus.SOLVED: frozenset({OpinionStatus.NEW}),
    OpinionStatus.NOT_ADOPTED: frozenset({OpinionStatus.NEW}),
}
#: Where the unit still has a say; from a problem an opinion goes on by a proposal only.
OPEN_TO_UNITS = frozenset(STEPS) - {OpinionStatus.PROBLEM}


class SettledMeanwhile(Exception):
    """Somebody else settled one of the opinions (or problems) first; nothing was changed."""


def voice_opinion(
    *,
    by: User,
    campaign: Campaign,
    unit: Unit,
    text: str,
    key: UUID,
    audience_group: AudienceGroup | None = None,
    theme: Theme | None = None,
    now: datetime,
) -> Opinion:
    """Store an opinion under the person's name. The same key twice stores it once."""
    if not can_voice(by, unit):
        raise PermissionDenied(f"{by.pk} may not voice an opinion in unit {unit.pk}")
    opinion, created = Opinion.objects.get_or_create(
        pk=key,
        defaults={
            "contributor": by,
            "campaign": campaign,
            "unit": unit,
            "source": OpinionSource.IDEA_BOX,
            "text": text,
            "audience_group": audience_group,
            "theme": theme,
            "is_anonymous": False,
            "raised_on": timezone.localdate(now),
        },
    )
    if opinion.contributor != by:
        raise PermissionDenied(f"{by.pk} sent the key of somebody else's opinion")
    if created:
        record(by, "seminars.voice", opinion)
    return opinion


def settle(
    opinions: Sequence[Opinion], status: str, *, by: User, reason: str = "", now: datetime
) -> None:
    """Say what became of opinions, all or none, taken in the order of their keys.

    Raises ValidationError if a reason is owed, SettledMeanwhile if one is no longer where it was.
    """
    _require_reason(opinions, status, reason)
    for opinion in opinions:
        if not can_settle(by, opinion):
            raise PermissionDenied(f"{by.pk} may not settle opinion {opinion.pk}")
        if opinion.merged_into_id:
            raise ValidationError("所选意见中有已并入其他意见的，请处理主条。")
    with transaction.atomic():
        for opinion in sorted(_with_duplicates(opinions), key=lambda opinion: opinion.pk):
            _step(opinion, status, by, reason)
            if opinion.contributor is not None and status != OpinionStatus.NEW:
                _tell(opinion, opinion.contributor, now)


def _with_duplicates(opinions: Sequence[Opinion]) -> list[Opinion]:
    """The opinions and those merged into them, which go where the main one goes."""
    merged = Opinion.objects.filter(merged_into__in=opinions).select_related("contributor")
    main = {opinion.pk: opinion.status for opinion in opinions}
    follow = [row for row in merged if row.status == main[row.merged_into_id]]  # type: ignore[index]
    return [*opinions, *(row for row in follow if row.pk not in main)]


@transaction.atomic
def merge_opinions(main: Opinion, others: Sequence[Opinion], *, by: User, now: datetime) -> None:
    """Treat waiting opinions as saying the same as `main`; they share its fate from now on.

    Raises ValidationError, or SettledMeanwhile if one of them is no longer waiting.
    """
    for opinion in (main, *others):
        if not can_settle(by, opinion):
            raise PermissionDenied(f"{by.pk} may not settle opinion {opinion.pk}")
    keys = sorted(opinion.pk for opinion in others if opinion.pk != main.pk)
    if not keys:
        raise ValidationError("请至少再勾选一条要并入的意见。")
    _hold(sorted([main.pk, *keys]))
    main.refresh_from_db(fields=["status", "reason", "answer", "merged_into"])
    if main.merged_into_id or any(opinion.campaign_id != main.campaign_id for opinion in others):
        raise ValidationError("请选一条没有并入其他意见的作为主条。")
    Opinion.objects.filter(merged_into__in=keys).update(merged_into=main)
    waiting = Opinion.objects.filter(pk__in=keys, status=OpinionStatus.NEW, merged_into=None)
    shared = {name: getattr(main, name) for name in ("status", "reason", "answer")}
    if waiting.update(merged_into=main, **shared) != len(keys):
        raise SettledMeanwhile(f"not all of {keys} are still waiting")
    record(by, "seminars.merge", main, after={"merged": [str(key) for key in keys]})
    if main.status != OpinionStatus.NEW:
        for opinion in Opinion.objects.filter(pk__in=keys).select_related("contributor"):
            if opinion.contributor is not None:
                _tell(opinion, opinion.contributor, now)


@transaction.atomic
def part_opinion(opinion: Opinion, *, by: User) -> None:
    """Undo a merge while nothing has become of it; raises SettledMeanwhile if something has."""
    if not can_settle(by, opinion):
        raise PermissionDenied(f"{by.pk} may not settle opinion {opinion.pk}")
    merged = Opinion.objects.filter(
        pk=opinion.pk, merged_into__isnull=False, status=OpinionStatus.NEW
    )
    if merged.update(merged_into=None) != 1:
        raise SettledMeanwhile(f"opinion {opinion.pk} is not merged and waiting")
    record(by, "seminars.part", opinion)


def _hold(keys: Sequence[UUID]) -> None:
    """Take the rows by key, as every transaction with several opinions does."""
    rows = Opinion.objects.filter(pk__in=keys).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


@transaction.atomic
def classify(
    opinions: Sequence[Opinion],
    *,
    by: User,
    theme: Theme | None = None,
    audience_group: AudienceGroup | None = None,
) -> int:
    """Set theme, group or both where they are given; how many opinions that were."""
    for opinion in opinions:
        if not can_settle(by, opinion):
            raise PermissionDenied(f"{by.pk} may not settle opinion {opinion.pk}")
    given = {"theme": theme, "audience_group": audience_group}
    facts = {name: row for name, row in given.items() if row is not None}
    if not facts:
        raise ValidationError("请选择主题或来源群体。")
    keys = [opinion.pk for opinion in opinions]
    _hold(keys)
    Opinion.objects.filter(pk__in=keys).update(**facts)
    plain = {name: row.pk for name, row in facts.items()}
    for opinion in opinions:
        record(by, "seminars.classify", opinion, after=plain)
    return len(keys)


def answer_opinions(answers: Mapping[UUID, str]) -> None:
    """Keep with each opinion what was decided on it, for whoever follows it by code or by name.

    The caller has decided and asked; a constant number of queries in each few hundred rows.
    """
    rows = list(Opinion.objects.filter(pk__in=answers).only("pk", "answer").order_by("pk"))
    for opinion in rows:
        opinion.answer = "\n\n".join(filter(None, (opinion.answer, answers[opinion.pk])))
    Opinion.objects.bulk_update(rows, ["answer"], batch_size=_ROWS_PER_UPDATE)


def list_as_problem(
    opinions: Sequence[Opinion],
    *,
    by: User,
    unit: Unit,
    text: str,
    theme: Theme,
    reason: str = "",
    now: datetime,
) -> Problem:
    """Draw one entry of the unit's problem list from opinions that say the same.

    Raises ValidationError and SettledMeanwhile as `settle` does.
    """
    if not can_triage(by, unit):
        raise PermissionDenied(f"{by.pk} does not keep the problem list of unit {unit.pk}")
    with transaction.atomic():
        problem = Problem.objects.create(
            campaign=opinions[0].campaign,
            unit=unit,
            theme=theme,
            text=text,
            created_by=by,
            created_at=now,
        )
        problem.opinions.set(opinions)
        settle(opinions, OpinionStatus.PROBLEM, by=by, reason=reason, now=now)
        record(by, "seminars.list_problem", problem, after={"theme": theme.pk})
    return problem


def close_problem(problem: Problem, status: str, *, by: User, reason: str) -> None:
    """End a problem as solved or not adopted, with the reason (S4)."""
    if not can_close_problem(by, problem):
        raise PermissionDenied(f"{by.pk} may not close problem {problem.pk}")
    if not reason:
        raise ValidationError({"reason": "请写明怎样解决的，或者为什么不采纳。"})
    with transaction.atomic():
        still_open = Problem.objects.filter(pk=problem.pk, status=ProblemStatus.OPEN)
        if still_open.update(status=status, reason=reason) != 1:
            raise SettledMeanwhile(f"problem {problem.pk} is no longer open")
        problem.refresh_from_db()
        problem.save()  # one history row with the new state
        record(by, "seminars.close_problem", problem, {"status": "open"}, {"status": status})


def _tell(opinion: Opinion, contributor: User, now: datetime) -> None:
    """Tell who signed an opinion what became of it; an anonymous one tells nobody."""
    outcome = OpinionStatus(opinion.status).label
    announce(
        contributor,
        f"opinion-settled:{opinion.pk}:{opinion.status}",
        kind="opinion_settled",
        title=f"您提出的意见有了结果：{outcome}",
        body=f"您的意见：{excerpt(opinion.text, 60)}\n处理情况：{opinion.reason or outcome}",
        reason="您具名提出了这条意见。",
        url=reverse("seminars:my_opinions"),
        now=now,
    )


def _require_reason(opinions: Sequence[Opinion], status: str, reason: str) -> None:
    if reason or status == OpinionStatus.NEW:
        return
    if status == OpinionStatus.NOT_ADOPTED:
        raise ValidationError({"reason": "请写明未采用的理由，提出人会看到。"})
    if any(opinion.source == OpinionSource.IDEA_BOX for opinion in opinions):
        raise ValidationError({"reason": "意见箱里的意见须有答复，请写明处理情况。"})


def _step(opinion: Opinion, status: str, by: User, reason: str) -> None:
    old = opinion.status
    if status not in STEPS.get(old, frozenset()):
        raise SettledMeanwhile(f"opinion {opinion.pk}: {old} does not lead to {status}")
    unchanged = Opinion.objects.filter(pk=opinion.pk, status=old)
    if unchanged.update(status=status, reason=reason) != 1:
        raise SettledMeanwhile(f"opinion {opinion.pk} is no longer {old}")
    opinion.status, opinion.reason = status, reason
    record(by, "seminars.settle", opinion, {"status": old}, {"status": status, "reason": reason})
