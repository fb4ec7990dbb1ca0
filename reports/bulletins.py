"""Bulletins: drafted from a period's records, edited, approved by another person, published.

The steps are one table; each is one guarded UPDATE that names the state and version it expects.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F

from accounts.audit import record
from core.chinese_text import clean_line, clean_text
from core.local_time import local_day
from reports.choices import BulletinStatus
from reports.composition import DEMO_NOTE
from reports.models import Bulletin, BulletinRules
from reports.paper import Imprint, Masthead, Paper, Section
from reports.permissions import can_approve_bulletin, can_make_bulletins, can_set_bulletin_rules
from reports.titles import break_by_sense

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from accounts.models import User
    from campaign.models import Campaign

_TITLE_WIDTH = 20
#: A line that begins like this is a heading of the first level; its number is made anew.
_HEADING = re.compile(r"^[一二三四五六七八九十]{1,3}、(.{1,40})$")


class BulletinMoved(Exception):
    """The bulletin is no longer in the state or at the version it was read in."""


@dataclass(frozen=True)
class Step:
    sources: frozenset[str]
    target: str
    may: Callable[[User, Bulletin], bool]
    label: str


def _maker(user: User, _bulletin: Bulletin) -> bool:
    return can_make_bulletins(user)


STEPS = {
    "submit": Step(frozenset({BulletinStatus.DRAFT}), BulletinStatus.SUBMITTED, _maker, "送审"),
    "return": Step(
        frozenset({BulletinStatus.SUBMITTED, BulletinStatus.APPROVED}),
        BulletinStatus.DRAFT,
        can_approve_bulletin,
        "退回修改",
    ),
    "approve": Step(
        frozenset({BulletinStatus.SUBMITTED}),
        BulletinStatus.APPROVED,
        can_approve_bulletin,
        "审定",
    ),
    "publish": Step(frozenset({BulletinStatus.APPROVED}), BulletinStatus.PUBLISHED, _maker, "印发"),
}


def steps_open_to(user: User, bulletin: Bulletin) -> list[tuple[str, str]]:
    """Name and label of each step this person may take now."""
    return [
        (name, step.label)
        for name, step in STEPS.items()
        if bulletin.status in step.sources and step.may(user, bulletin)
    ]


# --- Writing ------------------------------------------------------------------------------


def start(
    campaign: Campaign,
    *,
    by: User,
    now: datetime,
    title: str,
    text: str,
    since: date,
    until: date,
) -> Bulletin:
    """A new draft. Raises PermissionDenied."""
    if not can_make_bulletins(by):
        raise PermissionDenied
    with transaction.atomic():
        bulletin = Bulletin.objects.create(
            campaign=campaign,
            title=clean_line(title),
            text=clean_text(text),
            since=since,
            until=until,
            edited_by=by,
            edited_at=now,
            is_demo=campaign.is_demo,
        )
        record(by, "reports.start_bulletin", bulletin)
    return bulletin


def edit(
    bulletin: Bulletin, *, by: User, now: datetime, title: str, text: str, seen_version: int
) -> None:
    """Change a draft. Raises PermissionDenied, BulletinMoved."""
    if not can_make_bulletins(by):
        raise PermissionDenied
    with transaction.atomic():
        _move(
            bulletin,
            frozenset({BulletinStatus.DRAFT}),
            seen_version,
            title=clean_line(title),
            text=clean_text(text),
            edited_by=by,
            edited_at=now,
        )
        record(by, "reports.edit_bulletin", bulletin)


def take_step(
    bulletin: Bulletin, name: str, *, by: User, now: datetime, seen_version: int, note: str = ""
) -> None:
    """Move the bulletin on. Raises PermissionDenied, BulletinMoved."""
    step = STEPS[name]
    if not step.may(by, bulletin):
        raise PermissionDenied
    with transaction.atomic():
        columns: dict[str, Any] = {"status": step.target}
        if name == "return":
            columns |= {"return_note": clean_text(note), "approved_by": None}
        elif name == "approve":
            columns |= {"return_note": "", "approved_by": by}
        elif name == "publish":
            columns |= {"number": _next_number(bulletin.campaign), "published_at": now}
        _move(bulletin, step.sources, seen_version, **columns)
        record(by, f"reports.{name}_bulletin", bulletin, after={"status": bulletin.status})


def _move(bulletin: Bulletin, sources: frozenset[str], seen_version: int, **columns: Any) -> None:
    unchanged = Bulletin.objects.filter(pk=bulletin.pk, status__in=sources, version=seen_version)
    if not unchanged.update(version=seen_version + 1, **columns):
        raise BulletinMoved(f"bulletin {bulletin.pk} is not at version {seen_version}")
    bulletin.refresh_from_db()
    Bulletin.history.bulk_history_create([bulletin], update=True)


def _next_number(campaign: Campaign) -> int:
    """The row of the rules is held until the publication is committed: no gap, no double."""
    BulletinRules.objects.get_or_create(campaign=campaign)
    rows = BulletinRules.objects.filter(campaign=campaign)
    rows.update(last_number=F("last_number") + 1)
    return rows.values_list("last_number", flat=True).get()


def rules_of(campaign: Campaign) -> BulletinRules:
    """The campaign's rules, or the defaults of one that has set none."""
    known = BulletinRules.objects.filter(campaign=campaign).first()
    return known or BulletinRules(campaign=campaign, office=_office(campaign))


def _office(campaign: Campaign) -> str:
    return campaign.campaign_group.name if campaign.campaign_group else ""


def set_rules(rules: BulletinRules, *, by: User, values: Mapping[str, Any]) -> None:
    if not can_set_bulletin_rules(by):
        raise PermissionDenied
    before = {name: getattr(rules, name) for name in values}
    with transaction.atomic():
        BulletinRules.objects.update_or_create(campaign=rules.campaign, defaults=dict(values))
        record(by, "reports.set_bulletin_rules", rules.campaign, before, values)


# --- On paper -----------------------------------------------------------------------------


def bulletin_paper(bulletin: Bulletin, rules: BulletinRules) -> Paper:
    issued_on = local_day(bulletin.published_at) if bulletin.published_at else None
    return Paper(
        title=break_by_sense(bulletin.title, _TITLE_WIDTH),
        subtitle="",
        sections=sections_of(bulletin.text),
        note=DEMO_NOTE if bulletin.is_demo else "",
        masthead=Masthead(
            name=rules.name,
            number=f"第{bulletin.number}期" if bulletin.number else "（未印发）",
            office=rules.office,
            issued_on=issued_on,
            is_red=rules.has_red_head and bulletin.number is not None,
        ),
        imprint=_imprint(rules),
    )


def _imprint(rules: BulletinRules) -> Imprint | None:
    parts = (("报", rules.report_to), ("送", rules.send_to), ("发", rules.issue_to))
    lines = tuple(f"{label}：{whom.rstrip('。')}。" for label, whom in parts if whom)
    copies = f"共印{rules.copies}份" if rules.copies else ""
    return Imprint(lines, copies) if lines or copies else None


def sections_of(text: str) -> tuple[Section, ...]:
    """Paragraphs a line; a line like “一、主要进展” opens a section."""
    parts: list[tuple[str, list[str]]] = [("", [])]
    for line in filter(None, map(str.strip, text.splitlines())):
        if heading := _HEADING.match(line):
            parts.append((heading[1], []))
        else:
            parts[-1][1].append(line)
    return tuple(Section(heading, tuple(lines)) for heading, lines in parts if heading or lines)
