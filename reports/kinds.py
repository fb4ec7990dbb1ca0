"""Every kind of report: what it asks for, what it lists, how it becomes a paper.

A new kind is one entry here and one value of `ReportKind`. A kind about one record (`subject_id`)
brings its own `assemble` and `may_have`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reports.choices import ReportFormat, ReportKind
from reports.composition import (
    compose_phase_summary,
    compose_progress_report,
    compose_theme_report,
    compose_unit_report,
)
from reports.dossier import Dossier, Wish, assemble_dossier
from reports.dossiers import (
    compose_activity_book,
    compose_evidence_pack,
    compose_submission_digest,
)
from reports.meeting_minutes import (
    MinutesFacts,
    compose_minutes,
    may_have_minutes,
    minutes_facts,
)
from reports.package_report import (
    PackageFacts,
    compose_package,
    may_have_package,
    package_facts,
)
from reports.permissions import can_read_scope
from reports.revision_table import (
    RevisionFacts,
    compose_revisions,
    may_have_revisions,
    revision_facts,
)
from reports.volume import Volume, assemble_volume, compose_volume

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from accounts.models import User
    from reports.paper import Paper


def _may_read(user: User, wish: Wish) -> bool:
    return can_read_scope(user, wish.unit)


@dataclass(frozen=True)
class Kind:
    """`needs` and `takes` name fields of a wish; what is in neither is left out of it."""

    compose: Callable[[Any], Paper]
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    facts: type = Dossier
    assemble: Callable[[Wish, datetime, frozenset[str]], Any] = assemble_dossier
    may_have: Callable[[User, Wish], bool] = _may_read
    has_narrative: bool = False
    is_about_a_record: bool = False
    #: Too long for the screen and for any format but the first.
    is_volume: bool = False

    @property
    def formats(self) -> tuple[ReportFormat, ...]:
        return (ReportFormat.PDF,) if self.is_volume else tuple(ReportFormat)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_RECORDS = _names("activities problems proposals revisions measures outcomes")

KINDS: dict[str, Kind] = {
    ReportKind.PROGRESS: Kind(
        compose_progress_report, takes=_names("unit theme"), has_narrative=True
    ),
    ReportKind.PHASE_SUMMARY: Kind(
        compose_phase_summary,
        needs=_names("phase"),
        takes=_names("unit"),
        lists=_names("revisions outcomes"),
        has_narrative=True,
    ),
    ReportKind.UNIT_REPORT: Kind(
        compose_unit_report, needs=_names("unit"), lists=_RECORDS, has_narrative=True
    ),
    ReportKind.UNIT_VOLUME: Kind(
        compose_volume,
        takes=_names("unit"),
        lists=_RECORDS,
        facts=Volume,
        assemble=assemble_volume,
        is_volume=True,
    ),
    ReportKind.THEME_REPORT: Kind(
        compose_theme_report,
        needs=_names("theme"),
        lists=_RECORDS - {"activities"},
        has_narrative=True,
    ),
    ReportKind.SUBMISSION_DIGEST: Kind(
        compose_submission_digest,
        takes=_names("unit since"),
        lists=_names("packages opinions opinion_results problems proposals"),
    ),
    ReportKind.EVIDENCE_PACK: Kind(
        compose_evidence_pack,
        needs=_names("unit"),
        lists=_names("adopted revisions measures outcomes problems"),
        has_narrative=True,
    ),
    ReportKind.ACTIVITY_BOOK: Kind(
        compose_activity_book,
        needs=_names("unit"),
        takes=_names("since"),
        lists=_names("activities"),
    ),
    ReportKind.PACKAGE: Kind(
        compose_package,
        facts=PackageFacts,
        assemble=package_facts,
        may_have=may_have_package,
        is_about_a_record=True,
    ),
    ReportKind.REVISIONS: Kind(
        compose_revisions,
        facts=RevisionFacts,
        assemble=revision_facts,
        may_have=may_have_revisions,
        is_about_a_record=True,
    ),
    ReportKind.MINUTES: Kind(
        compose_minutes,
        facts=MinutesFacts,
        assemble=minutes_facts,
        may_have=may_have_minutes,
        is_about_a_record=True,
    ),
}

#: What one chooses from a list; a paper about one record is asked for on that record's page.
CHOOSABLE = [kind for kind in ReportKind if not KINDS[kind].is_about_a_record]
