"""Obligations that come from the records themselves: one function, one query for each duty."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Min, Q, prefetch_related_objects

from campaign.choices import Gate
from core.local_time import local_day
from notices.calendar import school_calendar
from outcomes.choices import MeasureStatus
from outcomes.models import Measure
from proposals.choices import ADOPTING_VERDICTS, PackageStatus, Satisfaction, Status
from proposals.models import Decision, Reply, SubmissionPackage
from seminars.choices import OpinionStatus, ProblemStatus
from supervision.choices import Duty, FindingStatus
from supervision.models import Finding
from supervision.owing import Obligation
from units.querysets import below

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.db.models import QuerySet

    from campaign.models import Campaign, Phase
    from supervision.owing import Scope
    from units.models import Unit


def of_reviews(campaign: Campaign) -> Iterable[Obligation]:
    """One for each day on which answers are due: the plan group owes them together."""
    answered = Q(status__in=[Status.DECIDED, Status.MERGED])
    days = (
        campaign.proposals.filter(answered | Q(status=Status.SUBMITTED))
        .filter(review_due_on__isnull=False)
        .order_by()
        .values("review_due_on")
        .annotate(
            needed=Count("pk"),
            done=Count("pk", filter=answered),
            first=Min("submitted_at"),
        )
    )
    for day in days:
        yield Obligation(
            key=f"review-{campaign.pk}-{day['review_due_on']}",
            duty=Duty.REVIEW,
            title="审议并答复对策建议",
            source="提交给“双高计划”工作组的建议，应在答复期限内审议并答复。",
            word="件",
            needed=day["needed"],
            done=day["done"],
            opens_on=local_day(day["first"]),
            due_on=day["review_due_on"],
        )


def of_returned(campaign: Campaign, on: date, scope: Scope) -> Iterable[Obligation]:
    """Proposals sent back to their authors: by the day the reviewer set, while they are taken."""
    last_day = _last_declared_day(campaign, Gate.PROPOSALS, on)
    returned = campaign.proposals.filter(status=Status.RETURNED).select_related("unit")
    for proposal in returned.filter(scope.condition("author_id")):
        yield Obligation(
            key=f"returned-{proposal.pk}",
            duty=Duty.RETURNED,
            title=f"完善被退回的建议“{proposal.title}”",
            source="“双高计划”工作组退回了这件建议，完善后可重新提交。",
            word="件",
            needed=1,
            done=0,
            opens_on=local_day(proposal.updated_at),
            due_on=min(filter(None, (proposal.return_due_on, last_day))) if last_day else None,
            unit=proposal.unit,
            person_id=proposal.author_id,
            record_id=proposal.pk,
        )


def _last_phase(campaign: Campaign, gate: Gate) -> Phase | None:
    """The phase that opens `gate` longest, if any does."""
    opening = [phase for phase in campaign.phases.all() if gate in phase.opens]
    return max(opening, key=lambda phase: phase.ends_on, default=None)


def _last_declared_day(campaign: Campaign, gate: Gate, on: date) -> date | None:
    """The last day on which some phase opens `gate`; None if that was before `on`."""
    last = _last_phase(campaign, gate)
    return last.ends_on if last and last.ends_on >= on else None


def measures_in(campaign: Campaign, scope: Scope) -> list[Measure]:
    """Measures that are carried out or done: their owner's, or of the units in scope."""
    open_or_closed = Q(status__in=[MeasureStatus.OPEN, MeasureStatus.CLOSED])
    measures = Measure.objects.filter(open_or_closed, campaign=campaign).select_related("unit")
    return list(measures.filter(scope.condition("owner_id")))


def of_measures(measures: Iterable[Measure], since: date) -> Iterable[Obligation]:
    for measure in measures:
        yield Obligation(
            key=f"measure-{measure.pk}",
            duty=Duty.MEASURE,
            title=f"办结举措“{measure.title}”",
            source="举措的责任人应在完成时限前办结。",
            word="项",
            needed=1,
            done=int(measure.status == MeasureStatus.CLOSED),
            opens_on=since,
            due_on=measure.due_on,
            unit=measure.unit,
            person_id=measure.owner_id,
            record_id=measure.pk,
        )


def of_milestones(measures: Iterable[Measure], since: date) -> Iterable[Obligation]:
    """Of those measures that are still open; one query if there is any."""
    ahead = [measure for measure in measures if measure.status == MeasureStatus.OPEN]
    prefetch_related_objects(ahead, "milestones")
    for milestone in chain.from_iterable(measure.milestones.all() for measure in ahead):
        yield Obligation(
            key=f"milestone-{milestone.pk}",
            duty=Duty.MILESTONE,
            title=f"举措“{milestone.measure.title}”的节点“{milestone.title}”",
            source="举措的责任人应按时限完成各节点。",
            word="项",
            needed=1,
            done=int(milestone.done_on is not None),
            opens_on=since,
            due_on=milestone.due_on,
            unit=milestone.measure.unit,
            person_id=milestone.measure.owner_id,
            record_id=milestone.measure_id,
        )


def of_second_replies(campaign: Campaign) -> Iterable[Obligation]:
    """Replies that did not satisfy: the plan group owes each of them one second answer."""
    unsatisfied = Reply.objects.filter(
        decision__proposal__campaign=campaign,
        satisfaction=Satisfaction.DISSATISFIED,
        satisfaction_at__isnull=False,
        second_at__isnull=True,
    ).select_related("decision__proposal")
    replies = list(unsatisfied.order_by("pk"))
    calendar = school_calendar() if replies else None
    for reply in replies:
        if calendar is None or reply.satisfaction_at is None:
            continue
        said_on = local_day(reply.satisfaction_at)
        days = campaign.review_working_days
        yield Obligation(
            key=f"second-{reply.pk}",
            duty=Duty.SECOND_REPLY,
            title=f"再次答复对“{reply.decision.proposal.title}”的不满意评价",
            source=f"收到答复的人评价为不满意，应在{days}个工作日的答复时限内再次答复。",
            word="条",
            needed=1,
            done=0,
            opens_on=said_on,
            due_on=calendar.add_working_days(said_on, days),
            record_id=reply.decision.proposal_id,
        )


def of_wordings(campaign: Campaign, scope: Scope) -> Iterable[Obligation]:
    """Adoptions prepared without the words they change the plan to (S23): their drafter's."""
    decisions = Decision.objects.filter(
        scope.condition("prepared_by_id", "proposal__unit"),
        proposal__campaign=campaign,
        proposal__status=Status.SUBMITTED,
        verdict__in=ADOPTING_VERDICTS,
        published_at__isnull=True,
        revisions__isnull=True,
    ).select_related("proposal")
    for decision in decisions:
        yield Obligation(
            key=f"wording-{decision.pk}",
            duty=Duty.WORDING,
            title=f"写明“{decision.proposal.title}”对应的条款修订",
            source="拟采纳的建议须落到条款修订，或写明不改条文的理由，才能过会公布。",
            word="条",
            needed=1,
            done=0,
            opens_on=local_day(decision.prepared_at),
            due_on=decision.proposal.review_due_on,
            person_id=decision.prepared_by_id,
            record_id=decision.proposal_id,
        )


def of_unsettled(
    campaign: Campaign, since: date, scope: Scope, units: Iterable[Unit]
) -> Iterable[Obligation]:
    """Opinions and problems that have no end yet (S4), owed when the last phase for them ends."""
    left = _left_by_unit(campaign, scope)
    last = _last_phase(campaign, Gate.PROPOSALS)
    until = f"在“{last.name}”结束前" if last else ""
    for unit in units:
        if unit.pk not in left:
            continue
        yield Obligation(
            key=f"settling-{campaign.pk}-{unit.pk}",
            duty=Duty.SETTLING,
            title="处理意见和问题",
            source=f"每条意见和问题都应{until}有着落：解决、形成建议或说明理由。",
            word="条",
            needed=left[unit.pk],
            done=0,
            opens_on=since,
            due_on=last.ends_on if last else None,
            unit=unit,
        )


def _left_by_unit(campaign: Campaign, scope: Scope) -> Counter[int]:
    """How many opinions and problems without an end each unit has, by its key."""
    opinions = campaign.opinions.filter(status=OpinionStatus.NEW)
    problems = campaign.problems.filter(status=ProblemStatus.OPEN)
    left: Counter[int] = Counter()
    for unit_id, count in _by_unit(opinions, scope).union(_by_unit(problems, scope), all=True):
        left[unit_id] += count
    return left


def _by_unit(rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    """Pairs of a unit's key and the number of its rows."""
    if scope.paths is not None:
        rows = rows.filter(below(scope.paths, "unit__path")) if scope.paths else rows.none()
    pairs: QuerySet[Any] = (
        rows.order_by().values("unit_id").annotate(n=Count("pk")).values_list("unit_id", "n")
    )
    return pairs


def of_packages(campaign: Campaign, on: date, scope: Scope) -> Iterable[Obligation]:
    """Packages sent back to their units: to be sent again while packages are taken."""
    packages = campaign.packages.filter(scope.condition(), status=PackageStatus.RETURNED)
    packages = packages.select_related("unit").order_by("pk")
    last_day = _last_declared_day(campaign, Gate.PACKAGES, on)
    returned_on = _returned_on(packages) if packages else {}
    for package in packages:
        yield Obligation(
            key=f"package-{package.pk}-{package.version}",
            duty=Duty.PACKAGE,
            title="修改并再次报送材料",
            source=f"“双高计划”工作组退回了报送材料，原因：{package.return_reason}",
            word="份",
            needed=1,
            done=0,
            opens_on=returned_on.get(package.pk, on),
            due_on=last_day,
            unit=package.unit,
            record_id=package.pk,
        )


def _returned_on(packages: Iterable[SubmissionPackage]) -> dict[int, date]:
    """The day on which each was sent back last."""
    returned = SubmissionPackage.history.filter(
        id__in=[package.pk for package in packages], status=PackageStatus.RETURNED
    )
    moments = returned.order_by("history_date").values_list("id", "history_date")
    return {key: local_day(moment) for key, moment in moments}


def of_referrals(campaign: Campaign, scope: Scope) -> Iterable[Obligation]:
    """What was passed on to a department (转相关部门): it says what it did, for all to hear."""
    decisions = Decision.objects.published().filter(
        scope.condition(unit="referred_to"),
        proposal__campaign=campaign,
        referred_to__isnull=False,
    )
    shown = list(decisions.select_related("referred_to", "proposal", "referral_report"))
    calendar = school_calendar() if shown else None
    for decision in shown:
        if calendar is None or decision.published_at is None:
            continue
        passed_on, days = local_day(decision.published_at), campaign.review_working_days
        yield Obligation(
            key=f"referral-{decision.pk}",
            duty=Duty.REFERRAL,
            title=f"反馈“{decision.proposal.title}”的办理情况",
            source=f"“双高计划”工作组转来办理，应在{days}个工作日的答复时限内反馈办理情况。",
            word="件",
            needed=1,
            done=int(hasattr(decision, "referral_report")),
            opens_on=passed_on,
            due_on=calendar.add_working_days(passed_on, days),
            unit=decision.referred_to,
            record_id=decision.proposal_id,
        )


def of_findings(campaign: Campaign, scope: Scope) -> Iterable[Obligation]:
    """What inspections found (S34): its owner's until it is answered, and again if sent back."""
    findings = Finding.objects.filter(
        scope.condition("owner_id", "inspection__unit"), inspection__campaign=campaign
    ).select_related("inspection__unit")
    for finding in findings:
        yield Obligation(
            key=f"finding-{finding.pk}",
            duty=Duty.FINDING,
            title=f"整改“{finding.title}”",
            source=f"督促检查“{finding.inspection.title}”发现的问题，由发现人销号。",
            word="项",
            needed=1,
            done=int(finding.status != FindingStatus.OPEN),
            waiting=int(finding.status == FindingStatus.ANSWERED),
            opens_on=local_day(finding.found_at),
            due_on=finding.due_on,
            unit=finding.inspection.unit,
            person_id=finding.owner_id,
            record_id=finding.pk,
        )


def of_closings(campaign: Campaign, scope: Scope) -> Iterable[Obligation]:
    """Findings that were answered: their finders look and close them or send them back (S34)."""
    mine = Q() if scope.person_id is None else Q(found_by=scope.person_id)
    answered = Finding.objects.filter(
        mine, inspection__campaign=campaign, status=FindingStatus.ANSWERED
    )
    shown = list(answered)
    calendar, days = school_calendar() if shown else None, campaign.review_working_days
    for finding in shown:
        if calendar is None or finding.answered_on is None:
            continue
        yield Obligation(
            key=f"closing-{finding.pk}",
            duty=Duty.CLOSING,
            title=f"核对“{finding.title}”的整改情况",
            source=f"责任人已提交整改情况，发现人应在{days}个工作日的答复时限内销号或退回。",
            word="项",
            needed=1,
            done=0,
            opens_on=finding.answered_on,
            due_on=calendar.add_working_days(finding.answered_on, days),
            person_id=finding.found_by_id,
            record_id=finding.pk,
        )
