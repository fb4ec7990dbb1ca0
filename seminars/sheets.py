"""What somebody wrote about one activity, before it is anybody's record."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from seminars.choices import AWAY, ActivityStatus, OpinionStatus, StudyLevel
from seminars.kinds import LISTS, SHAPES
from seminars.models import Activity
from units.choices import UnitKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import Field, Model

    from campaign.models import Campaign
    from units.models import Unit

#: Every column a person fills in; which of them a kind has is declared in `kinds.py`.
COLUMNS = (
    "title",
    "held_on",
    "starts_at",
    "ends_at",
    "place",
    "host",
    "recorder",
    "expected",
    "present",
    *AWAY,
    "sitting_in",
    "agenda",
    "content",
    "decisions",
    "takeaway",
    "level",
    "speaker",
    "speaker_title",
    "visited",
    "team",
    "issued",
    "returned",
    "valid",
    "channel",
    "link",
)


@dataclass(frozen=True)
class OpinionLine:
    """One opinion raised at an activity. Without a contributor it is anonymous.

    `opinion` is the key of the stored opinion the line corrects; empty for a new one.
    `contributor_name` is what the page showed for the contributor.
    """

    text: str
    audience_group: int | None = None
    theme: int | None = None
    contributor: int | None = None
    opinion: str = ""
    contributor_name: str = ""


@dataclass(frozen=True)
class Sheet:
    """A filled-in form: columns by name, lists of rows by name, opinion lines.

    `opinions=None` leaves the stored opinions as they are.
    """

    campaign: Campaign
    unit: Unit
    kind: str
    values: Mapping[str, Any]
    lists: Mapping[str, Iterable[Model]] = field(default_factory=dict)
    opinions: Sequence[OpinionLine] | None = None

    def columns(self) -> dict[str, Any]:
        """A value for every column; those that do not belong to the kind are blank."""
        belonging = SHAPES[self.kind].fields
        columns = {name: self.values.get(name) if name in belonging else None for name in COLUMNS}
        if self.kind == "central_group_study" and not columns["level"]:
            columns["level"] = _level_of(self.unit)
        return {name: _stored(name, value) for name, value in columns.items()}

    def rows_of(self, name: str) -> list[int]:
        """Keys of the rows chosen in one list, in order of key; none if the kind lacks it.

        A sub-topic stands under exactly one theme (S31), so it brings its theme along.
        """
        chosen = self.lists.get(name, ()) if name in SHAPES[self.kind].fields else ()
        keys = {row.pk for row in chosen}
        if name == "themes":
            keys |= {topic.theme_id for topic in self.lists.get("sub_topics", ())}  # type: ignore[attr-defined]
        return sorted(keys)

    def opinions_as_json(self) -> list[dict[str, Any]]:
        return [asdict(line) for line in self.opinions or ()]


def sheet_of(activity: Activity) -> Sheet:
    """The sheet that would store `activity` as it is; five queries for the lists."""
    return Sheet(
        campaign=activity.campaign,
        unit=activity.unit,
        kind=activity.kind,
        values={name: getattr(activity, name) for name in COLUMNS},
        lists={name: list(getattr(activity, name).all()) for name in LISTS},
    )


def lines_of(activity: Activity) -> list[OpinionLine]:
    """The lines of a draft, or those opinions of a record that may still be corrected."""
    if activity.status == ActivityStatus.DRAFT:
        return [OpinionLine(**line) for line in activity.draft_opinions]
    unsettled = activity.opinions.filter(status=OpinionStatus.NEW).select_related("contributor")
    return [
        OpinionLine(
            text=opinion.text,
            audience_group=opinion.audience_group_id,
            theme=opinion.theme_id,
            contributor=opinion.contributor_id,
            opinion=str(opinion.pk),
            contributor_name=opinion.contributor.name if opinion.contributor else "",
        )
        for opinion in unsettled.order_by("pk")
    ]


def says_the_same(sheet: Sheet, activity: Activity) -> bool:
    """Whether storing `sheet` would change nothing in the record (opinions aside)."""
    stored = sheet_of(activity)
    return (
        sheet.unit == stored.unit
        and sheet.kind == stored.kind
        and sheet.columns() == stored.columns()
        and all(sheet.rows_of(name) == stored.rows_of(name) for name in LISTS)
    )


def _level_of(unit: Unit) -> StudyLevel:
    return StudyLevel.SCHOOL if unit.kind == UnitKind.SCHOOL else StudyLevel.COLLEGE


def _stored(name: str, value: Any) -> Any:
    """The column's own blank for a value that is missing."""
    if value is not None:
        return value
    column: Field[Any, Any] = Activity._meta.get_field(name)  # type: ignore[assignment]
    return None if column.null else column.get_default()
