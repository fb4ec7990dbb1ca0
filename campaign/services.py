"""Changing a campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Model, ProtectedError, QuerySet

from accounts.audit import record
from campaign.choices import CampaignState, DemandKind
from campaign.models import (
    AudienceGroup,
    Campaign,
    Demand,
    LinkedWork,
    OfferedKind,
    Phase,
    PhaseDepartment,
    PhaseStep,
    StudyDocument,
    Target,
    Theme,
)
from campaign.wording import short_theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from campaign.definition import Definition, PhaseDefinition

#: Whose voice it is (S18). The plan says 广大师生; these are the portal's own words for it.
AUDIENCE_GROUPS = ("教师", "行政人员", "教辅人员", "学生", "企业人员", "其他")

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
        _sync(campaign, AudienceGroup, [{"name": name} for name in AUDIENCE_GROUPS])
    _load_phases(campaign, definition.phases)
    for model, rows in _lists(definition).items():
        _sync(campaign, model, rows)
    _load_demands(campaign, definition)
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
                "opens": list(given.opens),
            },
        )
        phase.steps.all().delete()
        PhaseStep.objects.bulk_create(
            PhaseStep(phase=phase, order=number, title=step.title, text=step.text)
            for number, step in enumerate(given.steps, start=1)
        )
        phase.departments.all().delete()
        PhaseDepartment.objects.bulk_create(
            PhaseDepartment(phase=phase, order=number, name=name)
            for number, name in enumerate(given.departments, start=1)
        )
    campaign.phases.filter(order__gt=len(phases)).delete()


def _load_demands(campaign: Campaign, definition: Definition) -> None:
    """Demands of the plan stand first; those of the work group keep their own order behind."""
    for order, demand in enumerate(definition.demands, start=1):
        Demand.objects.update_or_create(
            campaign=campaign,
            order=order,
            defaults={
                "kind": demand.kind,
                "title": DemandKind(demand.kind).label,
                "text": demand.text,
                "unit_kinds": demand.unit_kinds,
                "quota": demand.min or 1,
                "due_on": demand.due_on,
                "is_from_plan": True,
            },
        )
    campaign.demands.filter(is_from_plan=True, order__gt=len(definition.demands)).delete()


def _sync(campaign: Campaign, model: type[Model], rows: Sequence[Row]) -> None:
    manager = model._default_manager
    for order, row in enumerate(rows, start=1):
        manager.update_or_create(campaign=campaign, order=order, defaults=row)
    if model is StudyDocument:  # the list is open-ended (S13): what people added stays
        surplus = manager.filter(campaign=campaign, order__gt=len(rows), is_from_plan=True)
    else:
        surplus = manager.filter(campaign=campaign, order__gt=len(rows))
    _drop(surplus)


def _drop(surplus: QuerySet[Any]) -> None:
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
