"""Proposals of the fictional school in every state, with reviews, decisions and revised clauses."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta
from itertools import cycle, islice
from typing import TYPE_CHECKING

from django.utils import timezone

from campaign.choices import DocumentKind
from campaign.models import Clause, ClauseWording, PlanDocument, PlanVersion
from core.working_calendar import WorkingCalendar
from proposals.choices import ADOPTING_VERDICTS, ProposalKind, Satisfaction, Status, Verdict
from proposals.demo_sources import Waiting
from proposals.models import (
    Assignment,
    ClauseRevision,
    Decision,
    Proposal,
    ReferralReport,
    Reply,
    Review,
    ReviewRules,
    StatusChange,
)
from proposals.publishing import answer
from seminars.choices import OpinionStatus, ProblemStatus
from seminars.models import Opinion, Problem
from units.choices import REPORTING_POSITIONS
from units.models import Membership

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from random import Random
    from uuid import UUID

    from campaign.models import Campaign
    from proposals.demo_sources import Asked
    from units.demo import DemoSchool
    from units.models import Unit

_CHUNK = 2_000
_STATES = {Status.DRAFT: 10, Status.SUBMITTED: 35, Status.RETURNED: 5, Status.DECIDED: 50}
_VERDICTS = {
    Verdict.ADOPTED: 45,
    Verdict.PARTLY_ADOPTED: 25,
    Verdict.DECLINED: 15,
    Verdict.ALREADY_COVERED: 15,
}
_REASONS = {
    Verdict.ADOPTED: "问题找得准，措施可操作，纳入方案修订。",
    Verdict.PARTLY_ADOPTED: "方向可行，先在部分单位试行，成熟后推开。",
    Verdict.DECLINED: "所需条件本建设期内不具备，建议下一轮规划时再研究。",
    Verdict.ALREADY_COVERED: "现行办法已有规定，已请责任部门加强宣传和落实。",
    Verdict.REFERRED: "属日常管理事项，转责任部门研究办理并反馈。",
}


def make_proposals(
    campaign: Campaign, school: DemoSchool, rng: Random, count: int, on: date
) -> None:
    """`count` proposals written since the first working day of the second phase."""
    first = campaign.phases.all()[1].starts_on
    rows = _proposals(campaign, school, rng, count, first, on)
    while chunk := list(islice(rows, _CHUNK)):
        made = [proposal for proposal, _ in chunk]
        proposals = Proposal.objects.bulk_create(made, batch_size=500)
        _name_sources(proposals, [asked.opinions for _, asked in chunk])
        _tell_history(proposals, school)
        _review(proposals, school, rng)
        _decide(proposals, school, rng)
    _revise(campaign, on)
    referred = _refer(campaign, school)
    _answer(campaign, _published_at(on))
    _report_back(referred[:1], on)
    _name_problems(campaign)
    _share_out(campaign, school)
    _leave_undone(campaign, school, on)
    ReviewRules.objects.update_or_create(campaign=campaign, defaults={"last_number": count})


def _proposals(
    campaign: Campaign, school: DemoSchool, rng: Random, count: int, first: date, on: date
) -> Iterator[tuple[Proposal, Asked]]:
    units = school.reporting_units[:-2]
    themes = {theme.order: theme for theme in campaign.themes.all()}
    waiting = Waiting(campaign)
    clauses = _clauses_by_theme(campaign)
    authors = _authors(school, units)
    states, weights = list(_STATES), list(_STATES.values())
    calendar = WorkingCalendar()
    published_at = _published_at(on)
    days = (timezone.localdate(published_at) - first).days
    for number in range(count):
        unit = units[number % len(units)]
        asked = waiting.take(unit, rng.choice((1, 1, 2)))
        wish, clause = asked.wish, clauses[asked.theme][asked.wish.clause - 1]
        status = rng.choices(states, weights)[0]
        written = first + timedelta(days=rng.randint(0, days))
        submitted = None if status == Status.DRAFT else _at(written, time(11))
        proposal = Proposal(
            campaign=campaign,
            unit=unit,
            author_id=authors[unit.pk],
            number=f"JY{number + 1:05}" if submitted else "",
            title=wish.title,
            problem=wish.problem,
            measures=wish.measures,
            kind=rng.choice(list(ProposalKind)),
            theme=themes[asked.theme],
            target_document_id=clause.document_id,
            target_clause=clause,
            status=status,
            submitted_at=submitted,
            review_due_on=submitted
            and calendar.add_working_days(written, campaign.review_working_days),
            return_due_on=calendar.add_working_days(on, 5) if status == Status.RETURNED else None,
            decided_at=published_at if status == Status.DECIDED else None,
            created_at=_at(written, time(9)),
            updated_at=submitted or _at(written, time(9)),
            is_demo=True,
        )
        yield proposal, asked


def _clauses_by_theme(campaign: Campaign) -> dict[int, list[Clause]]:
    """Clauses of the construction plan by the order of their theme, which is their chapter."""
    clauses: dict[int, list[Clause]] = defaultdict(list)
    for clause in Clause.objects.filter(
        document__campaign=campaign, document__kind=DocumentKind.CONSTRUCTION_PLAN, depth=2
    ):
        clauses[int(clause.number.split(".")[0])].append(clause)
    return clauses


def _authors(school: DemoSchool, units: Sequence[Unit]) -> dict[int, int]:
    """Who writes for a unit: the person signed in there if any, else its first secretary."""
    authors = {
        post.unit_id: post.user_id
        for unit in units
        for post in unit.memberships.filter(position="secretary").order_by("-user_id")[:1]
    }
    for name in ("secretary", "general"):
        person = school.sign_ins[name]
        post = person.memberships.get()
        authors[post.unit_id] = person.pk
    return authors


def _name_sources(proposals: Sequence[Proposal], opinions: Sequence[list[UUID]]) -> None:
    """Every proposal rests on one or two opinions (S20), which are on their way with it."""
    through = Proposal.opinions.through
    links = [
        through(proposal_id=proposal.pk, opinion_id=opinion)
        for proposal, named in zip(proposals, opinions, strict=True)
        for opinion in named
    ]
    through.objects.bulk_create(links, batch_size=1_000)
    used = [link.opinion_id for link in links]
    for start in range(0, len(used), 500):
        Opinion.objects.filter(pk__in=used[start : start + 500]).update(
            status=OpinionStatus.PROPOSAL
        )


def _tell_history(proposals: Sequence[Proposal], school: DemoSchool) -> None:
    chair = school.sign_ins["reviewer"].pk
    changes = []
    for proposal in proposals:
        if proposal.submitted_at is None:
            continue
        changes.append(_change(proposal, "submit", Status.DRAFT, Status.SUBMITTED,
                               proposal.author_id, proposal.submitted_at))  # fmt: skip
        if proposal.status == Status.RETURNED:
            changes.append(_change(proposal, "return", Status.SUBMITTED, Status.RETURNED, chair,
                                   proposal.submitted_at + timedelta(days=1),
                                   "请补充实施条件和所需经费。"))  # fmt: skip
        elif proposal.decided_at:
            changes.append(_change(proposal, "publish", Status.SUBMITTED, Status.DECIDED, chair,
                                   proposal.decided_at))  # fmt: skip
    StatusChange.objects.bulk_create(changes, batch_size=1_000)


def _change(
    proposal: Proposal,
    step: str,
    old: Status,
    new: Status,
    by_id: int,
    at: datetime,
    note: str = "",
) -> StatusChange:
    return StatusChange(
        proposal=proposal, step=step, old=old, new=new, by_id=by_id, at=at, note=note
    )


def _review(proposals: Sequence[Proposal], school: DemoSchool, rng: Random) -> None:
    """Both reviewers score what is decided; one of them some of what waits."""
    reviewers = (school.sign_ins["reviewer"], second := school.sign_ins["reviewer2"])
    Review.objects.bulk_create(
        (
            Review(
                proposal=proposal,
                reviewer=reviewer,
                accuracy=rng.randint(3, 5),
                practicality=rng.randint(2, 5),
                comment="问题具体，建议补充时间安排。",
                at=(proposal.submitted_at or proposal.created_at) + timedelta(hours=20),
            )
            for at, proposal in enumerate(proposals)
            for reviewer in reviewers
            if proposal.status == Status.DECIDED
            or (proposal.status == Status.SUBMITTED and reviewer == second and at % 3 == 0)
        ),
        batch_size=1_000,
    )


def _decide(proposals: Sequence[Proposal], school: DemoSchool, rng: Random) -> None:
    """Publish a decision for every decided proposal."""
    chair = school.sign_ins["reviewer"]
    decided = [(proposal, at) for proposal in proposals if (at := proposal.decided_at)]
    verdicts, weights = list(_VERDICTS), list(_VERDICTS.values())
    Decision.objects.bulk_create(
        (
            Decision(
                proposal=proposal,
                verdict=(verdict := rng.choices(verdicts, weights)[0]),
                reasons=_REASONS[verdict],
                prepared_by=chair,
                prepared_at=at,
                looked_over_by=chair,
                looked_over_at=at,
                published_by=chair,
                published_at=at,
            )
            for proposal, at in decided
        ),
        batch_size=500,
    )


def _revise(campaign: Campaign, on: date) -> None:
    """The first adoption of each clause words it anew in version 2; later ones say why not."""
    document = PlanDocument.objects.get(campaign=campaign, kind=DocumentKind.CONSTRUCTION_PLAN)
    version = PlanVersion.objects.create(document=document, number=2, made_on=on)
    wordings = {
        wording.clause_id: wording for wording in document.versions.get(number=1).wordings.all()
    }
    adopted = Decision.objects.filter(
        proposal__campaign=campaign, verdict__in=ADOPTING_VERDICTS
    ).select_related("proposal")
    revised: dict[int, ClauseWording] = {}
    revisions = []
    for decision in adopted.order_by("pk"):
        clause_id = decision.proposal.target_clause_id
        if clause_id is None or clause_id in revised or decision.verdict != Verdict.ADOPTED:
            revisions.append(
                ClauseRevision(
                    decision=decision, no_change_reason="并入同一条款已有的修订，不另改文字。"
                )
            )
            continue
        old = wordings[clause_id]
        text = f"{old.text}{decision.proposal.measures}"
        revised[clause_id] = ClauseWording(clause_id=clause_id, version=version, text=text)
        revisions.append(
            ClauseRevision(
                decision=decision,
                clause_id=clause_id,
                old_wording=old,
                base_text=old.text,
                new_text=text,
                version=version,
            )
        )
    ClauseWording.objects.bulk_create(revised.values())
    ClauseRevision.objects.bulk_create(revisions, batch_size=500)


def _refer(campaign: Campaign, school: DemoSchool) -> list[Decision]:
    """Two of what was not adopted are passed on to departments instead (转相关部门)."""
    published = Decision.objects.published().filter(proposal__campaign=campaign)
    referred = list(published.exclude(verdict__in=ADOPTING_VERDICTS).order_by("pk")[:2])
    for decision, department in zip(referred, cycle(school.departments), strict=False):
        decision.verdict, decision.referred_to = Verdict.REFERRED, department
        decision.reasons = _REASONS[Verdict.REFERRED]
        decision.save()
    return referred


def _report_back(decisions: Sequence[Decision], on: date) -> None:
    """What the department did, said by who reports for it; the others still owe that."""
    for decision in decisions:
        posts = Membership.objects.filter(
            unit=decision.referred_to, position__in=REPORTING_POSITIONS
        )
        ReferralReport.objects.create(
            decision=decision,
            text="已与教务处商定，下学期起在两个专业先行试点，期末报告效果（演示文本）。",
            done_on=on,
            reported_by=posts.select_related("user").order_by("pk")[0].user,
            reported_at=_at(on, time(9)),
        )


def _name_problems(campaign: Campaign) -> None:
    """Each problem of the list became one of the proposals that say the same."""
    for problem in Problem.objects.filter(campaign=campaign, status=ProblemStatus.OPEN):
        sent_in = campaign.proposals.exclude(status=Status.DRAFT)
        proposal = sent_in.filter(problem=problem.text, problems=None).order_by("pk").first()
        if proposal is not None:
            proposal.problems.add(problem)
            reason = f"形成对策建议《{proposal.title}》（{proposal.number}）。"
            problem.status, problem.reason = ProblemStatus.PROPOSAL, reason
            problem.save()


def _share_out(campaign: Campaign, school: DemoSchool) -> None:
    """What waits lies with the two reviewers by turns."""
    reviewers = (school.sign_ins["reviewer"], school.sign_ins["reviewer2"])
    waiting = campaign.proposals.waiting().order_by("pk")
    Assignment.objects.bulk_create(
        (
            Assignment(
                proposal=proposal,
                reviewer=reviewers[number % 2],
                at=proposal.submitted_at or proposal.created_at,
            )
            for number, proposal in enumerate(waiting)
        ),
        batch_size=1_000,
    )


def _leave_undone(campaign: Campaign, school: DemoSchool, on: date) -> None:
    """Something on the table for the next meeting, and one reply that did not satisfy."""
    reviewer2 = school.sign_ins["reviewer2"]
    scored = campaign.proposals.waiting().filter(reviews__reviewer=reviewer2).order_by("pk")
    for proposal, verdict in zip(scored[:3], (Verdict.DECLINED, Verdict.ALREADY_COVERED,
                                              Verdict.DECLINED), strict=False):  # fmt: skip
        Decision.objects.create(
            proposal=proposal,
            verdict=verdict,
            reasons=_REASONS[verdict],
            prepared_by=reviewer2,
            prepared_at=_at(on - timedelta(days=1), time(17)),
        )
    replies = Reply.objects.filter(decision__proposal__campaign=campaign)
    first = replies.exclude(recipient=school.sign_ins["secretary"]).order_by("pk").first()
    if first is not None:
        first.satisfaction = Satisfaction.DISSATISFIED
        first.satisfaction_note = "没有说明什么时候能办，请再答复。"
        first.satisfaction_at = _at(on - timedelta(days=1), time(18))
        first.save()


def _answer(campaign: Campaign, now: datetime) -> None:
    """Every contributor reads the decision and the wording it led to."""
    decided = Decision.objects.published().filter(proposal__campaign=campaign).order_by("pk")
    rows = decided.select_related("proposal__unit", "referred_to")
    answer(list(rows.prefetch_related("revisions__clause__document")), now)


def _published_at(on: date) -> datetime:
    """All decisions so far were published together on the last working day before `on`."""
    return _at(WorkingCalendar().add_working_days(on, -1), time(16))


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))
