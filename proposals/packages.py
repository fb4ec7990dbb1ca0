"""The submission package of a unit (S21): compiled from its records, sent, received, returned."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, F, Sum
from django.urls import reverse
from django.utils import timezone

from accounts.audit import record
from campaign.choices import Gate
from campaign.gates import is_open
from core.chinese_text import chinese_moment
from notices.services import Message, announce_all
from proposals.choices import PackageStatus, Status
from proposals.models import Proposal, ReviewRules, SubmissionPackage
from proposals.permissions import can_compile, can_receive
from seminars.models import Activity, Opinion, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from accounts.models import User
    from campaign.models import Campaign
    from units.models import Unit


class PackageMoved(Exception):
    """The package is no longer in the state, or at the version, it was read in."""


# --- Contents ----------------------------------------------------------------------------


@dataclass(frozen=True)
class OpinionRow:
    text: str
    unit: str
    group: str
    theme: str
    result: str
    reason: str


@dataclass(frozen=True)
class ProblemRow:
    text: str
    unit: str
    theme: str
    result: str
    reason: str


@dataclass(frozen=True)
class ProposalRow:
    number: str
    title: str
    unit: str
    kind: str
    theme: str
    problem: str
    measures: str
    status: str


@dataclass(frozen=True)
class Contents:
    """What a package says, with the moment it was compiled. Nobody retypes anything of it."""

    compiled_at: str
    activities: int
    attendances: int
    opinions: list[OpinionRow]
    problems: list[ProblemRow]
    proposals: list[ProposalRow]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Contents:
        return cls(
            stored["compiled_at"],
            stored["activities"],
            stored["attendances"],
            [OpinionRow(**row) for row in stored["opinions"]],
            [ProblemRow(**row) for row in stored["problems"]],
            [ProposalRow(**row) for row in stored["proposals"]],
        )


def compile_contents(campaign: Campaign, unit: Unit, now: datetime) -> Contents:
    """The records of the unit and of everything below it, as they stand now; four queries.

    An opinion comes without its contributor, whether it was signed or not.
    """
    held = Activity.objects.in_campaign(campaign).of_subtree(unit).logged()
    counted = held.aggregate(activities=Count("pk"), attendances=Sum("present"))
    return Contents(
        chinese_moment(now),
        counted["activities"],
        counted["attendances"] or 0,
        [_opinion_row(row) for row in _below(Opinion.objects.all(), campaign, unit, "raised_on")],
        [_problem_row(row) for row in _below(Problem.objects.all(), campaign, unit)],
        [
            _proposal_row(row)
            for row in _below(Proposal.objects.all(), campaign, unit)
            if row.submitted_at and row.status != Status.WITHDRAWN
        ],
    )


def _below(rows: QuerySet[Any], campaign: Campaign, unit: Unit, *order: str) -> Iterable[Any]:
    """Rows of the unit's subtree, with their units and themes, in a fixed order."""
    related = ["unit", "theme"] + (["audience_group"] if rows.model is Opinion else [])
    own = rows.filter(campaign=campaign, unit__path__startswith=unit.path)
    return own.select_related(*related).order_by(*order, "pk")


def _opinion_row(opinion: Opinion) -> OpinionRow:
    return OpinionRow(
        opinion.text,
        opinion.unit.short_name,
        opinion.audience_group.name if opinion.audience_group else "",
        opinion.theme.short_title if opinion.theme else "",
        opinion.get_status_display(),
        opinion.reason,
    )


def _problem_row(problem: Problem) -> ProblemRow:
    return ProblemRow(
        problem.text,
        problem.unit.short_name,
        problem.theme.short_title,
        problem.get_status_display(),
        problem.reason,
    )


def _proposal_row(proposal: Proposal) -> ProposalRow:
    return ProposalRow(
        proposal.number,
        proposal.title,
        proposal.unit.short_name,
        proposal.get_kind_display(),
        proposal.theme.short_title,
        proposal.problem,
        proposal.measures,
        proposal.get_status_display(),
    )


def contents_of(package: SubmissionPackage, now: datetime) -> Contents:
    """What was sent; for a package that is still being prepared, what would be sent now."""
    if package.status in {PackageStatus.SENT, PackageStatus.RECEIVED}:
        return Contents.from_json(package.contents)
    return compile_contents(package.campaign, package.unit, now)


# --- Steps -------------------------------------------------------------------------------


@transaction.atomic
def open_package(campaign: Campaign, unit: Unit, *, by: User, now: datetime) -> SubmissionPackage:
    """The unit's package; begun if there is none yet."""
    if not can_compile(by, unit):
        raise PermissionDenied(f"{by.pk} may not compile for unit {unit.pk}")
    package, created = SubmissionPackage.objects.get_or_create(
        campaign=campaign, unit=unit, defaults={"created_by": by, "created_at": now}
    )
    if created:
        record(by, "proposals.open_package", package)
    return package


@transaction.atomic
def save_summary(
    package: SubmissionPackage, *, by: User, now: datetime, seen_version: int, summary: str
) -> None:
    """The few sentences that stand before the tables. Locked once sent."""
    _check_compiler(package, by, now)
    _move(package, {PackageStatus.DRAFT, PackageStatus.RETURNED}, seen_version, summary=summary)
    record(by, "proposals.save_package", package)


@transaction.atomic
def send(package: SubmissionPackage, *, by: User, now: datetime, seen_version: int) -> None:
    """Lock the package with its contents as of now and put it before the plan group."""
    _check_compiler(package, by, now)
    contents = compile_contents(package.campaign, package.unit, now)
    if not contents.opinions and not contents.problems and not contents.proposals:
        raise ValidationError("还没有可以报送的意见、问题或建议。")
    stored = contents.as_json()
    _move(
        package,
        {PackageStatus.DRAFT, PackageStatus.RETURNED},
        seen_version,
        status=PackageStatus.SENT,
        contents=stored,
        content_hash=digest(stored, package.summary),
        sent_at=now,
        return_reason="",
    )
    record(by, "proposals.send_package", package, after={"hash": package.content_hash})


def digest(contents: dict[str, Any], summary: str) -> str:
    """The same summary and contents always give the same digest."""
    text = json.dumps([summary, contents], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def receive(package: SubmissionPackage, *, by: User, now: datetime) -> None:
    """Acknowledge the package with a receipt number; its compilers are told."""
    if not can_receive(by, package):
        raise PermissionDenied(f"{by.pk} may not receive package {package.pk}")
    _move(
        package,
        {PackageStatus.SENT},
        package.version,
        status=PackageStatus.RECEIVED,
        received_by=by,
        received_at=now,
        receipt_number=package.receipt_number or _next_receipt(package.campaign),
    )
    record(by, "proposals.receive_package", package, after={"receipt": package.receipt_number})
    _tell(
        package,
        now,
        "received",
        f"报送材料已签收（{package.receipt_number}）",
        f"“双高计划”工作组于{chinese_moment(now)}签收。",
    )


@transaction.atomic
def give_back(package: SubmissionPackage, *, by: User, now: datetime, reason: str) -> None:
    """Return a sent package with a reason; it can be changed and sent again."""
    if not can_receive(by, package):
        raise PermissionDenied(f"{by.pk} may not return package {package.pk}")
    if not reason.strip():
        raise ValidationError({"reason": "请写明退回原因。"})
    _move(
        package,
        {PackageStatus.SENT},
        package.version,
        status=PackageStatus.RETURNED,
        return_reason=reason,
    )
    record(by, "proposals.return_package", package, after={"reason": reason})
    _tell(package, now, "returned", "报送材料被退回", f"退回原因：{reason}\n请修改后再次报送。")


def _check_compiler(package: SubmissionPackage, by: User, now: datetime) -> None:
    if not can_compile(by, package.unit):
        raise PermissionDenied(f"{by.pk} may not compile for unit {package.unit_id}")
    if not is_open(package.campaign, Gate.PACKAGES, timezone.localdate(now)):
        raise ValidationError("目前不在“汇总报送”开放的阶段。")


def _move(
    package: SubmissionPackage, sources: set[PackageStatus], seen_version: int, **columns: Any
) -> None:
    """The guarded UPDATE; raises PackageMoved and leaves all as it was."""
    unchanged = SubmissionPackage.objects.filter(
        pk=package.pk, status__in=sources, version=seen_version
    )
    if unchanged.update(version=seen_version + 1, **columns) != 1:
        raise PackageMoved(f"package {package.pk} is not at version {seen_version} in {sources}")
    package.refresh_from_db()
    SubmissionPackage.history.bulk_history_create([package], update=True)


def _next_receipt(campaign: Campaign) -> str:
    """QS00012; the row of the rules is held, so numbers have neither doubles nor gaps."""
    ReviewRules.objects.get_or_create(campaign=campaign)
    row = ReviewRules.objects.filter(campaign=campaign)
    row.update(last_receipt=F("last_receipt") + 1)
    return f"QS{row.values_list('last_receipt', flat=True).get():05}"


def _tell(package: SubmissionPackage, now: datetime, event: str, title: str, body: str) -> None:
    announce_all(
        [
            Message(
                recipient=package.created_by,
                key=f"package-{event}:{package.pk}:{package.version}",
                kind="package",
                title=f"{package.unit.short_name}{title}",
                body=body,
                reason="您编制了这份报送材料。",
                url=reverse("proposals:package", args=[package.pk]),
            )
        ],
        now,
    )
