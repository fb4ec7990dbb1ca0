"""What leaves the portal for other systems: named columns with their meaning.

The JSON interface, its OpenAPI document and the data package are all written from these tables,
so they cannot differ. Every row starts at `visible_to`; nothing here names a contributor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from core.chinese_text import joined
from outcomes.models import Outcome
from proposals.choices import Status
from proposals.models import Proposal
from seminars.models import Activity, Opinion, Problem
from units.models import Unit

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User
    from campaign.models import Campaign

_TEXT, _COUNT, _DAY, _MOMENT = "string", "integer", "date", "date-time"


@dataclass(frozen=True)
class Field:
    """`kind` is what OpenAPI calls it; `label` heads the column, `meaning` explains it."""

    name: str
    label: str
    kind: str
    meaning: str
    read: Callable[[Any], str | int | date | None]


@dataclass(frozen=True)
class Dataset:
    name: str
    title: str
    meaning: str
    fields: tuple[Field, ...]
    rows: Callable[[User, Campaign], QuerySet[Any]]


def _activities(user: User, campaign: Campaign) -> QuerySet[Activity]:
    rows = Activity.objects.visible_to(user).logged().in_campaign(campaign)
    return rows.select_related("unit").prefetch_related("themes")


def _opinions(user: User, campaign: Campaign) -> QuerySet[Opinion]:
    rows = Opinion.objects.visible_to(user).filter(campaign=campaign)
    return rows.select_related("unit", "theme")


def _problems(user: User, campaign: Campaign) -> QuerySet[Problem]:
    rows = Problem.objects.visible_to(user).filter(campaign=campaign)
    return rows.select_related("unit", "theme")


def _proposals(user: User, campaign: Campaign) -> QuerySet[Proposal]:
    rows = Proposal.objects.visible_to(user).in_campaign(campaign)
    return rows.exclude(status__in=[Status.DRAFT, Status.WITHDRAWN]).select_related(
        "unit", "theme", "decision"
    )


def _outcomes(user: User, campaign: Campaign) -> QuerySet[Outcome]:
    units = Unit.objects.visible_to(user)
    rows = Outcome.objects.filter(campaign=campaign, unit__in=units)
    return rows.select_related("unit", "theme", "proposal")


def _units(user: User, _campaign: Campaign) -> QuerySet[Unit]:
    rows: QuerySet[Unit] = Unit.objects.visible_to(user).open()
    return rows


def _decision(row: Proposal) -> Any:
    """The decision once it is published; before that nobody outside the plan group sees it."""
    decision = getattr(row, "decision", None)
    return decision if decision and decision.published_at else None


def _theme(row: Any) -> str:
    return row.theme.title if row.theme else ""


_KEY = Field("id", "标识", _TEXT, "记录在本系统中的标识，用于续取和比对。", lambda row: str(row.pk))
_UNIT = Field("unit", "单位编码", _TEXT, "记录所属单位的编码。", lambda row: row.unit.code)
_UNIT_NAME = Field("unit_name", "单位", _TEXT, "记录所属单位的名称。", lambda row: row.unit.name)
_THEME = Field("theme", "研讨主题", _TEXT, "研讨主题的完整名称；未注明时为空。", _theme)

DATASETS = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            "units",
            "单位",
            "可查看的单位，按组织序列。",
            (
                Field("code", "编码", _TEXT, "单位编码，全校唯一。", lambda row: row.code),
                Field("name", "名称", _TEXT, "单位全称。", lambda row: row.name),
                Field("kind", "类别", _TEXT, "单位类别。", lambda row: row.get_kind_display()),
                Field("id", "标识", _TEXT, "用于续取。", lambda row: str(row.pk)),
            ),
            _units,
        ),
        Dataset(
            "activities",
            "活动",
            "已记录的活动，一场一行；草稿不在内。",
            (
                _KEY,
                _UNIT,
                _UNIT_NAME,
                Field("held_on", "日期", _DAY, "活动举行的日期。", lambda row: row.held_on),
                Field("kind", "形式", _TEXT, "活动形式。", lambda row: row.get_kind_display()),
                Field("title", "主题", _TEXT, "活动主题。", lambda row: row.title),
                Field("place", "地点", _TEXT, "活动地点。", lambda row: row.place),
                Field(
                    "themes",
                    "研讨主题",
                    _TEXT,
                    "涉及的研讨主题简称，用顿号分开；可有多个。",
                    lambda row: joined(theme.short_title for theme in row.themes.all()),
                ),
                Field("expected", "应到", _COUNT, "应到人数；未填为空。", lambda row: row.expected),
                Field("present", "实到", _COUNT, "实到人数；未填为空。", lambda row: row.present),
                Field("excused", "请假", _COUNT, "请假人数。", lambda row: row.excused),
                Field("on_duty", "公务", _COUNT, "因公务未到人数。", lambda row: row.on_duty),
                Field("teaching", "授课", _COUNT, "因授课未到人数。", lambda row: row.teaching),
                Field(
                    "away_otherwise",
                    "其他原因",
                    _COUNT,
                    "因其他原因未到人数。",
                    lambda row: row.away_otherwise,
                ),
                Field("sitting_in", "列席", _COUNT, "列席人数。", lambda row: row.sitting_in),
                Field("content", "主要内容", _TEXT, "活动内容。", lambda row: row.content),
            ),
            _activities,
        ),
        Dataset(
            "opinions",
            "意见建议",
            "收到的意见，一条一行；不含提出人和来源群体。",
            (
                _KEY,
                _UNIT,
                _UNIT_NAME,
                Field("raised_on", "提出日期", _DAY, "只到日。", lambda row: row.raised_on),
                _THEME,
                Field("text", "内容", _TEXT, "意见原文。", lambda row: row.text),
                Field("status", "处理", _TEXT, "处理情况。", lambda row: row.get_status_display()),
                Field("reason", "说明", _TEXT, "处理说明。", lambda row: row.reason),
            ),
            _opinions,
        ),
        Dataset(
            "problems",
            "问题清单",
            "由意见归纳的问题，一项一行。",
            (
                _KEY,
                _UNIT,
                _UNIT_NAME,
                _THEME,
                Field("text", "表现", _TEXT, "问题的表现。", lambda row: row.text),
                Field("status", "状态", _TEXT, "解决情况。", lambda row: row.get_status_display()),
                Field(
                    "created_at", "列入时间", _MOMENT, "列入清单时间。", lambda row: row.created_at
                ),
            ),
            _problems,
        ),
        Dataset(
            "proposals",
            "对策建议",
            "已提交的对策建议，一件一行；草稿、已撤回的不在内，未公布的决定不显示。",
            (
                _KEY,
                Field("number", "编号", _TEXT, "工作组编号。", lambda row: row.number),
                _UNIT,
                _UNIT_NAME,
                _THEME,
                Field("title", "标题", _TEXT, "建议标题。", lambda row: row.title),
                Field("kind", "类别", _TEXT, "建议类别。", lambda row: row.get_kind_display()),
                Field("status", "状态", _TEXT, "办理状态。", lambda row: row.get_status_display()),
                Field(
                    "submitted_at", "提交时间", _MOMENT, "提交时间。", lambda row: row.submitted_at
                ),
                Field(
                    "verdict",
                    "决定",
                    _TEXT,
                    "已公布的决定；未公布为空。",
                    lambda row: _decision(row).get_verdict_display() if _decision(row) else "",
                ),
                Field(
                    "reasons",
                    "理由",
                    _TEXT,
                    "已公布决定的理由。",
                    lambda row: _decision(row).reasons if _decision(row) else "",
                ),
                Field(
                    "published_at",
                    "公布时间",
                    _MOMENT,
                    "决定公布时间；未公布为空。",
                    lambda row: _decision(row).published_at if _decision(row) else None,
                ),
            ),
            _proposals,
        ),
        Dataset(
            "outcomes",
            "成果",
            "形成的成果，一项一行。",
            (
                _KEY,
                _UNIT,
                _UNIT_NAME,
                _THEME,
                Field("title", "成果", _TEXT, "成果名称。", lambda row: row.title),
                Field("kind", "类别", _TEXT, "成果类别。", lambda row: row.get_kind_display()),
                Field(
                    "achieved_on", "形成日期", _DAY, "成果形成日期。", lambda row: row.achieved_on
                ),
                Field(
                    "proposal",
                    "来源建议",
                    _TEXT,
                    "来源建议的编号；独立成果为空。",
                    lambda row: row.proposal.number if row.proposal else "",
                ),
            ),
            _outcomes,
        ),
    )
}


def plain(value: str | int | date | None) -> str | int | None:
    """A value as JSON writes it."""
    return value.isoformat() if isinstance(value, date | datetime) else value
