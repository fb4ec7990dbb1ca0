"""The figures of a report counted a second time, in plain SQL and without our own query sets.

Nothing here is shared with `counts.py`: a mistake would have to be made twice to go unseen.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC
from typing import TYPE_CHECKING, Any

from django.db import connection

from proposals.choices import Verdict
from reports.counts import end_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from reports.facts import ProgressFacts

_PUBLISHED = """
    FROM proposals_decision d JOIN proposals_proposal p ON p.id = d.proposal_id
    JOIN units_unit u ON u.id = p.unit_id
    WHERE p.campaign_id = %(campaign)s AND d.published_at < %(end)s AND u.path LIKE %(path)s
      AND p.status NOT IN ('draft', 'withdrawn')"""
_UNPUBLISHED = """
    FROM proposals_proposal p JOIN units_unit u ON u.id = p.unit_id
    WHERE p.campaign_id = %(campaign)s AND p.submitted_at < %(end)s AND u.path LIKE %(path)s
      AND NOT EXISTS (SELECT 1 FROM proposals_decision d
                      WHERE d.proposal_id = p.id AND d.published_at < %(end)s)"""
_HELD = """
    FROM seminars_activity a JOIN units_unit u ON u.id = a.unit_id
    WHERE a.campaign_id = %(campaign)s AND a.status = 'logged' AND a.held_on <= %(day)s
      AND u.path LIKE %(path)s"""
_RAISED = """
    FROM seminars_opinion o JOIN units_unit u ON u.id = o.unit_id
    WHERE o.campaign_id = %(campaign)s AND o.raised_on <= %(day)s AND u.path LIKE %(path)s"""
_SUBMITTED = """
    FROM proposals_proposal p JOIN units_unit u ON u.id = p.unit_id
    WHERE p.campaign_id = %(campaign)s AND p.submitted_at < %(end)s
      AND p.status NOT IN ('draft', 'withdrawn') AND u.path LIKE %(path)s"""
_ACHIEVED = """
    FROM outcomes_outcome o JOIN units_unit u ON u.id = o.unit_id
    WHERE o.campaign_id = %(campaign)s AND o.achieved_on <= %(day)s AND u.path LIKE %(path)s"""

#: Each figure of `Figures` that is counted from records. Today's only: what was withdrawn,
#: merged or returned later than a past day is told by history, not by these columns.
WHOLE = {
    "activities": f"SELECT count(*) {_HELD}",
    "attendances": f"SELECT coalesce(sum(a.present), 0) {_HELD}",
    "opinions": f"SELECT count(*) {_RAISED}",
    "problems": """
        SELECT count(*) FROM seminars_problem b JOIN units_unit u ON u.id = b.unit_id
        WHERE b.campaign_id = %(campaign)s AND b.created_at < %(end)s AND u.path LIKE %(path)s""",
    "proposals": f"SELECT count(*) {_SUBMITTED}",
    "answered": f"SELECT count(*) {_PUBLISHED}",
    "merged": f"SELECT count(*) {_UNPUBLISHED} AND p.status = 'merged'",
    "returned": f"SELECT count(*) {_UNPUBLISHED} AND p.status = 'returned'",
    "waiting": f"""SELECT count(*) {_UNPUBLISHED}
        AND p.status NOT IN ('draft', 'withdrawn', 'merged', 'returned')""",
    **{
        verdict.value: f"SELECT count(*) {_PUBLISHED} AND d.verdict = '{verdict.value}'"
        for verdict in Verdict
    },
    "clauses_revised": """
        SELECT count(*) FROM proposals_clauserevision r
        JOIN proposals_decision d ON d.id = r.decision_id
        JOIN proposals_proposal p ON p.id = d.proposal_id JOIN units_unit u ON u.id = p.unit_id
        WHERE p.campaign_id = %(campaign)s AND r.clause_id IS NOT NULL
          AND d.published_at < %(end)s AND u.path LIKE %(path)s""",
    "measures": """
        SELECT count(*) FROM outcomes_measure m JOIN units_unit u ON u.id = m.unit_id
        WHERE m.campaign_id = %(campaign)s AND m.status <> 'draft' AND u.path LIKE %(path)s""",
    "measures_closed": """
        SELECT count(*) FROM outcomes_measure m JOIN units_unit u ON u.id = m.unit_id
        WHERE m.campaign_id = %(campaign)s AND m.status <> 'draft' AND m.closed_on <= %(day)s
          AND u.path LIKE %(path)s""",
    "outcomes": f"SELECT count(*) {_ACHIEVED}",
    "cases": f"""SELECT count(*) {_ACHIEVED} AND EXISTS (
        SELECT 1 FROM outcomes_case c WHERE c.outcome_id = o.id AND c.published_at < %(end)s)""",
}
#: Parts of a whole: each row's key beside its count. Themes and groups may count one row twice.
PARTS = {
    ("kinds", "activities"): f"SELECT a.kind, count(*) {_HELD} GROUP BY a.kind",
    ("kinds", "attendances"): f"SELECT a.kind, coalesce(sum(a.present), 0) {_HELD} GROUP BY a.kind",
    ("themes", "activities"): f"""
        SELECT t.theme_id, count(*) FROM seminars_activity_themes t
        WHERE t.activity_id IN (SELECT a.id {_HELD}) GROUP BY t.theme_id""",
    ("themes", "opinions"): f"SELECT o.theme_id, count(*) {_RAISED} GROUP BY o.theme_id",
    ("themes", "proposals"): f"SELECT p.theme_id, count(*) {_SUBMITTED} GROUP BY p.theme_id",
    ("themes", "answered"): f"SELECT p.theme_id, count(*) {_PUBLISHED} GROUP BY p.theme_id",
    ("themes", "outcomes"): f"SELECT o.theme_id, count(*) {_ACHIEVED} GROUP BY o.theme_id",
    ("groups", "activities"): f"""
        SELECT g.audiencegroup_id, count(*) FROM seminars_activity_audience_groups g
        WHERE g.activity_id IN (SELECT a.id {_HELD}) GROUP BY g.audiencegroup_id""",
}
_KEYS = {"kinds": "kind", "themes": "id", "groups": "id"}
#: What a row of a unit counts of itself and everything below it.
_UNIT_FIGURES = ("activities", "attendances", "opinions", "proposals", "answered", "adopted")


@dataclass(frozen=True)
class Difference:
    """A figure that is not what plain SQL counts."""

    name: str
    shown: int
    counted: int

    def __str__(self) -> str:
        return f"{self.name}: the report says {self.shown}, the records say {self.counted}"


def compare(facts: ProgressFacts, unit_paths: dict[int, str]) -> Iterator[Difference | None]:
    """Every figure of today's facts beside its independent count; None where they agree.

    `unit_paths` gives the tree path of the scope (key 0, empty for the school) and of each row.
    """
    scope = _params(facts.campaign.id, facts.as_of, unit_paths[0])
    for name, query in WHOLE.items():
        shown = getattr(facts.figures, name)
        yield _difference(name, getattr(shown, "now", shown), _one(query, scope))
    for (part, figure), query in PARTS.items():
        counted = _by_key(query, scope)
        for row in getattr(facts, part):
            key = getattr(row, _KEYS[part])
            if key is not None:
                name = f"{part}[{key}].{figure}"
                yield _difference(name, getattr(row, figure), counted.get(key, 0))
    for unit in facts.units:
        if unit.id is not None:
            below = _params(facts.campaign.id, facts.as_of, unit_paths[unit.id])
            for figure in _UNIT_FIGURES:
                name = f"units[{unit.code}].{figure}"
                yield _difference(name, getattr(unit, figure), _one(WHOLE[figure], below))
    yield from _sums(facts)


def _sums(facts: ProgressFacts) -> Iterator[Difference | None]:
    """Rows, phases, kinds and weeks each add up to the whole."""
    for part in ("units", "phases", "kinds", "weeks"):
        rows = getattr(facts, part)
        names = {field.name for field in fields(rows[0])} if rows else set()
        for figure in names & {"activities", "attendances", "opinions", "proposals"}:
            total = sum(getattr(row, figure) for row in rows)
            yield _difference(f"{part}.{figure}", total, getattr(facts.figures, figure).now)


def _params(campaign: int, day: date, path: str) -> dict[str, Any]:
    end = f"{end_of(day).astimezone(tz=UTC):%Y-%m-%d %H:%M:%S}"
    return {"campaign": campaign, "day": day.isoformat(), "end": end, "path": f"{path}%"}


def _difference(name: str, shown: int, counted: int) -> Difference | None:
    return None if shown == counted else Difference(name, shown, counted)


def _one(query: str, params: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return int(cursor.fetchone()[0])


def _by_key(query: str, params: dict[str, Any]) -> dict[Any, int]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return {key: int(count) for key, count in cursor.fetchall()}
