"""A messy ledger of 10,000 rows taken in: checked with faults, checked, stored, offered again.

The workbook has a merged title above its header, days are words, figures are full-width, and the
CSV is GBK; first every tenth row names a unit nobody knows. What is stored is rolled back, so that
it can be measured again.
"""

from __future__ import annotations

import csv
import time
from datetime import timedelta
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, TypeVar

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import Workbook

from accounts.models import User
from campaign.demo import SLUG
from campaign.models import Campaign
from core.chinese_text import chinese_date
from seminars.services.imports import carry_out, plan_import

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.frame import Row
    from seminars.services.imports import Plan

Found = TypeVar("Found")
ROWS = 10_000
_HEADER = ("单位", "时间", "地点", "形式", "主题", "应到", "实到", "主要内容")
_FULL_WIDTH = str.maketrans({str(figure): chr(ord("0") + 0xFEE0 + figure) for figure in range(10)})


def run() -> list[Row]:
    files = {"XLSX": _workbook, "CSV in GBK": _table}
    return [row for name, made in files.items() for row in _measured(name, made)]


def _measured(
    name: str, made: Callable[[Sequence[tuple[str, ...]]], ContentFile[bytes]]
) -> list[Row]:
    general, campaign = User.objects.get(username="general"), Campaign.objects.get(slug=SLUG)
    unit = general.memberships.select_related("unit")[0].unit.name
    wrong, right = made(_rows(unit, "不存在的支部")), made(_rows(unit, unit))

    def check(upload: ContentFile[bytes]) -> Plan:
        return plan_import(upload, by=general, campaign=campaign, now=timezone.now())

    def store() -> int:
        return carry_out(plan, by=general, campaign=campaign, now=timezone.now())

    with transaction.atomic():
        faults, first = _timed(f"{name}: checked, with faults", lambda: check(wrong))
        plan, second = _timed(f"{name}: checked", lambda: check(right))
        stored, third = _timed(f"{name}: stored", store)
        again, fourth = _timed(f"{name}: offered again", lambda: check(right))
        transaction.set_rollback(True)
    return [
        first | {"rows": len(faults.faults)},
        second | {"rows": len(plan.additions)},
        third | {"rows": stored},
        fourth | {"rows": len(again.additions)},
    ]


def _timed(name: str, action: Callable[[], Found]) -> tuple[Found, Row]:
    with CaptureQueriesContext(connection) as queries:
        started = time.perf_counter()
        found = action()
        taken = time.perf_counter() - started
    return found, {"step": name, "s": taken, "queries": len(queries)}


def _rows(unit: str, every_tenth: str) -> list[tuple[str, ...]]:
    today = timezone.localdate()
    return [
        (
            unit if number % 10 else every_tenth,
            chinese_date(today - timedelta(days=number % 12)).translate(_FULL_WIDTH),
            "第一会议室",
            "座谈会",
            f"校企合作座谈{number}",
            "28".translate(_FULL_WIDTH),
            "26".translate(_FULL_WIDTH),
            f"围绕实训条件逐条讨论，形成第{number}份意见。",
        )
        for number in range(ROWS)
    ]


def _workbook(rows: Sequence[tuple[str, ...]]) -> ContentFile[bytes]:
    book, written = Workbook(), BytesIO()
    page = book.worksheets[0]
    page.append(("活动台账",))
    page.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(_HEADER))
    for row in (_HEADER, *rows):
        page.append(row)
    book.save(written)
    return ContentFile(written.getvalue(), name="台账.xlsx")


def _table(rows: Sequence[tuple[str, ...]]) -> ContentFile[bytes]:
    written = StringIO()
    csv.writer(written).writerows((_HEADER, *rows))
    return ContentFile(written.getvalue().encode("gbk"), name="台账.csv")
