"""Changing a campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Max, Model, ProtectedError, QuerySet

from accounts.audit import record
from campaign.choices import CampaignState, DemandKind, Edge
from campaign.definition import DefinitionError
from campaign.models import (
    AudienceGroup,
    Campaign,
    Demand,
    DemandQuota,
    LinkedWork,
    OfferedKind,
    Phase,
    PhaseDepartment,
    PhaseStep,
    StudyDocument,
    Target,
    Theme,
)
from campaign.steering import settle
from campaign.timing import read_timing
from campaign.wording import short_theme
from core.chinese_dates import DateContext
from units.models import Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from campaign.definition import Definition, PhaseDefinition, QuotaDefinition, Step
    from campaign.models.campaign import Anchored

#: Whose voice it is (S18). The plan says 广大师生; these are the portal's own words for it.
AUDIENCE_GROUPS = ("教师", "行政人员", "教辅人员", "学生", "企业人员", "其他")

#: What a plan may say of a demand beside its words.
_CONDITIONS = (
    "opens_on",
    "due_on",
    "due_time",
    "grace_days",
    "words_min",
    "words_max",
    "attachments",
    "needs_approval",
)

Row = dict[str, Any]


class InUse(Exception):
    """An entry that the new definition drops has records behind it."""


@transaction.atomic
def load_campaign(
    definition: Definition,
    *,
    by: User | None = None,
    state: CampaignState = CampaignState.RUNNING,
) -> Campaign:
    """Make the campaign of `definition`, or bring the one with its slug up to it.

    A new campaign starts in `state`; one that exists keeps its own.

    Repeatable. What the definition does not speak of (state, working bodies, demands the work
    group set) is left alone. Raises InUse if a dropped entry has records.
    """
    campaign, created = Campaign.objects.update_or_create(
        slug=definition.slug, defaults=_head(definition)
    )
    if created:
        Campaign.objects.filter(pk=campaign.pk).update(state=state)
        campaign.refresh_from_db()
        groups = definition.audience_groups or AUDIENCE_GROUPS
        _sync(campaign, AudienceGroup, [{"name": name} for name in groups])
    _load_phases(campaign, definition.phases)
    for model, rows in _lists(definition).items():
        _sync(campaign, model, rows)
    _load_demands(campaign, definition)
    _load_anchors(campaign, definition)
    settle(by, campaign)
    record(by, "campaign.load", campaign, after={"slug": campaign.slug, "new": created})
    return campaign


def _head(definition: Definition) -> Row:
    group = definition.campaign_group
    return {
        "title": definition.title,
        "short_title": definition.short_name or definition.title[:60],
        "doc_number": definition.number,
        "issuer": definition.issuing_body,
        "issued_on": definition.issued_on,
        "recipients": definition.recipients,
        "basis": "、".join(f"《{title}》" for title in definition.basis),
        "audience": definition.audience,
        "goal": definition.goal,
        "channels": definition.channels,
        "aims": [{"title": aim.title, "themes": aim.themes} for aim in definition.aims],
        "safeguards": [safeguard.title for safeguard in definition.safeguards],
        "composition": {
            "campaign_group": group.name if group else "",
            "chairs": group.chairs if group else [],
            "deputies": group.deputies if group else [],
            "member_departments": group.member_departments if group else [],
            "duties": group.duties if group else [],
            "plan_group": definition.plan_group.name if definition.plan_group else "",
            "recipient_kinds": definition.recipient_kinds,
        },
    }


def _lists(definition: Definition) -> dict[type[Model], list[Row]]:
    """The rows of each of the campaign's ordered lists, in the definition's order."""
    return {
        Theme: [
            {"title": theme.title, "short_title": short_theme(theme.title)}
            for theme in definition.themes
        ],
        StudyDocument: [
            {"title": document.title, "is_from_plan": True}
            | ({"url": document.url} if document.url else {})
            for document in definition.study_documents
        ],
        LinkedWork: [{"name": work.title} for work in definition.linked_works],
        OfferedKind: [
            {"kind": offered.kind, "wording": offered.wording}
            for offered in definition.activity_kinds
        ],
        Target: [
            {"level": target.level, "subject": target.subject, "count": target.count}
            for target in definition.targets
        ],
    }


def _load_phases(campaign: Campaign, phases: Sequence[PhaseDefinition]) -> None:
    for order, given in enumerate(phases, start=1):
        phase, _ = Phase.objects.update_or_create(
            campaign=campaign,
            order=order,
            defaults={
                "name": given.name,
                "label": given.label,
                "text": given.text,
                "strand": given.strand,
                "starts_on": given.starts_on,
                "ends_on": given.ends_on,
                "starts_time": given.starts_time,
                "ends_time": given.ends_time,
                "opens": list(given.opens),
            },
        )
        _load_steps(phase, given.steps)
        phase.departments.all().delete()
        PhaseDepartment.objects.bulk_create(
            PhaseDepartment(phase=phase, order=number, name=name)
            for number, name in enumerate(given.departments, start=1)
        )
    campaign.phases.filter(order__gt=len(phases)).delete()


def _load_steps(phase: Phase, steps: Sequence[Step]) -> None:
    for order, step in enumerate(steps, start=1):
        PhaseStep.objects.update_or_create(
            phase=phase,
            order=order,
            defaults={
                "title": step.title,
                "text": step.text,
                "label": step.label,
                "starts_on": step.starts_on,
                "ends_on": step.ends_on or step.starts_on,
                "starts_time": step.starts_time,
                "ends_time": step.ends_time,
            },
        )
    phase.steps.filter(order__gt=len(steps)).delete()


def _load_demands(campaign: Campaign, definition: Definition) -> None:
    """Demands of the plan stand first, those of the work group keep their order behind.

    A day, number or condition that the plan does not name stays as the work group set it.
    """
    _make_room(campaign, len(definition.demands))
    for order, demand in enumerate(definition.demands, start=1):
        said = {
            name: getattr(demand, name)
            for name in _CONDITIONS
            if getattr(demand, name) not in (None, 0, "", [], False)
        }
        row, _ = Demand.objects.update_or_create(
            campaign=campaign,
            order=order,
            defaults={
                "kind": demand.kind,
                "title": demand.title or DemandKind(demand.kind).label,
                "text": demand.text,
                "unit_kinds": demand.unit_kinds,
                "activity_kinds": list(demand.activity_kinds),
                "is_from_plan": True,
                **({"quota": demand.min} if demand.min else {}),
                **({"due_label": demand.due_text} if demand.due_text else {}),
                **said,
            },
        )
        _load_quotas(row, demand.quotas)
    campaign.demands.filter(is_from_plan=True, order__gt=len(definition.demands)).delete()


def _make_room(campaign: Campaign, count: int) -> None:
    """Move the work group's own demands behind the plan's `count`."""
    own = campaign.demands.filter(is_from_plan=False)
    if not own.filter(order__lte=count).exists():
        return
    last = campaign.demands.aggregate(last=Max("order"))["last"] or 0
    for order, demand in enumerate(own.order_by("order"), start=max(last, count) + 1):
        own.filter(pk=demand.pk).update(order=order)


def _load_quotas(demand: Demand, quotas: Sequence[QuotaDefinition]) -> None:
    """Raises DefinitionError for a unit that the school does not have."""
    if not quotas:
        return
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=[q.unit for q in quotas])}
    if unknown := [quota.unit for quota in quotas if quota.unit and quota.unit not in units]:
        raise DefinitionError(f"demand “{demand.title}”: no unit has the code {unknown[0]}")
    demand.quotas.all().delete()
    DemandQuota.objects.bulk_create(
        DemandQuota(
            demand=demand,
            unit_kind=quota.unit_kind,
            unit=units.get(quota.unit),
            quota=quota.quota,
        )
        for quota in quotas
    )


def _load_anchors(campaign: Campaign, definition: Definition) -> None:
    """Tie relative times to what they are counted from, once phases and steps have keys."""
    phases = list(campaign.phases.order_by("order"))
    pairs: list[tuple[Anchored, str, str]] = []
    for phase, given in zip(phases, definition.phases, strict=True):
        pairs.append((phase, given.label, given.counted_from))
        steps = phase.steps.order_by("order")
        pairs += [
            (row, step.label, step.counted_from)
            for row, step in zip(steps, given.steps, strict=True)
        ]
    demands = campaign.demands.filter(is_from_plan=True).order_by("order")
    pairs += [
        (row, one.due_text, one.counted_from)
        for row, one in zip(demands, definition.demands, strict=True)
    ]
    for row, label, counted_from in pairs:
        if counted_from:
            _anchor(row, label, counted_from, phases)


def _anchor(row: Anchored, label: str, counted_from: str, phases: Sequence[Phase]) -> None:
    timing = read_timing(label, DateContext())
    if timing is None or timing.offset is None:
        raise DefinitionError(f"“{label}” is no relative time, but counted_from is {counted_from}")
    kind, *rest = counted_from.split()
    row.offset, row.offset_unit = timing.offset, timing.offset_unit
    row.anchor_phase = row.anchor_step = None
    row.anchor_edge = Edge.ISSUED if kind == "issued" else Edge(rest[1])
    try:
        if kind == "phase":
            row.anchor_phase = phases[int(rest[0]) - 1]
        elif kind == "step":
            phase, step = rest[0].split(".")
            row.anchor_step = phases[int(phase) - 1].steps.get(order=int(step))
    except (IndexError, ObjectDoesNotExist) as fault:
        raise DefinitionError(f"counted_from {counted_from}: the plan has no such part") from fault
    row.save()


def _sync(campaign: Campaign, model: type[Model], rows: Sequence[Row]) -> None:
    manager = model._default_manager
    for order, row in enumerate(rows, start=1):
        manager.update_or_create(campaign=campaign, order=order, defaults=row)
    if model is StudyDocument:  # the list is open-ended (S13): what people added stays
        surplus = manager.filter(campaign=campaign, order__gt=len(rows), is_from_plan=True)
    else:
        surplus = manager.filter(campaign=campaign, order__gt=len(rows))
    drop(surplus)


def drop(surplus: QuerySet[Any]) -> None:
    """Delete entries nobody refers to. Many-to-many links would vanish silently, so we look."""
    refused = InUse(
        f"{surplus.model._meta.verbose_name}“{'、'.join(map(str, surplus))}”"
        "已有记录引用，不能从方案中去掉。"
    )
    links = [link.name for link in surplus.model._meta.related_objects if link.many_to_many]
    if any(surplus.filter(**{f"{name}__isnull": False}).exists() for name in links):
        raise refused
    try:
        surplus.delete()
    except ProtectedError as fault:
        raise refused from fault
