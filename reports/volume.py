"""Every unit's report in one volume, behind a paper that says how the whole stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.chinese_text import counted
from reports import sentences
from reports.choices import ReportKind
from reports.composition import compose_unit_report, paper_of
from reports.counts import ROW_KINDS
from reports.dossier import Dossier, assemble_dossier
from reports.paper import Bound, Section
from reports.tables import units_table
from units.models import Unit
from units.querysets import below

if TYPE_CHECKING:
    from datetime import datetime

    from reports.dossier import Wish
    from reports.paper import Paper


@dataclass(frozen=True)
class Volume:
    """What the whole scope has done, and the facts of each unit's own report."""

    whole: Dossier
    units: tuple[Dossier, ...]


def assemble_volume(wish: Wish, now: datetime, lists: frozenset[str]) -> Volume:
    """The units that report, within the wished one or the school, in the order of the tree."""
    return Volume(
        whole=assemble_dossier(wish, now, frozenset()),
        units=tuple(
            assemble_dossier(replace(wish, kind=ReportKind.UNIT_REPORT, unit=unit), now, lists)
            for unit in _units_of(wish)
        ),
    )


def _units_of(wish: Wish) -> list[Unit]:
    units = Unit.objects.of_kind(*ROW_KINDS).filter(closed_on__isnull=True)
    if wish.unit:
        units = units.filter(below([wish.unit.path]))
    return list(units.order_by("path"))


def compose_volume(volume: Volume) -> Paper:
    facts = volume.whole.progress
    about = (
        f"本汇编收入{counted(len(volume.units), '个单位')}的工作情况报告，数据与各单位报告一致。"
    )
    cover = paper_of(
        facts,
        "单位工作情况报告汇编",
        (Section("", (about, sentences.overall(facts))),),
        tables=(units_table(facts),),
    )
    bound = (Bound(one.progress.scope.name, compose_unit_report(one)) for one in volume.units)
    return replace(cover, bound=tuple(bound))
