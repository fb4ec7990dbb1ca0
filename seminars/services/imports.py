"""Taking in a ledger: checked whole, stored whole or not at all, and harmless when repeated.

A row is known by its unit, day, kind, title and starting time. What is recorded already under
these is passed over, so the second import of a file adds nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit import record
from campaign.choices import ActivityKind
from campaign.gates import is_open
from campaign.models import SubTopic
from core.spreadsheets import date_of, read_table, text_of, whole_number_of
from seminars.checks import faults_of, label
from seminars.choices import AWAY, ActivityStatus, OpinionSource, StudyLevel
from seminars.fields import LONGEST_TEXT, ClockField
from seminars.kinds import LISTS, SHAPES, UNITS_OWN
from seminars.ledger import FIELD_OF, HEADER_OF, opinions_in_cell
from seminars.models import Activity, Opinion
from seminars.permissions import can_log
from seminars.querysets import units_to_log_for
from seminars.sheets import COLUMNS, OpinionLine, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime, time

    from django.core.files.base import File
    from django.db.models import QuerySet

    from accounts.models import User
    from campaign.models import Campaign
    from core.spreadsheets import Row, Value
    from units.models import Unit

#: Without these columns a table is no ledger.
REQUIRED_COLUMNS = ("时间", "形式", "主题")
_BATCH = 500
_NUMBERS = {"expected", "present", *AWAY, "sitting_in", "issued", "returned", "valid"}
_CLOCKS = {"starts_at", "ends_at"}
_MOST = 100_000


class ImportedMeanwhile(Exception):
    """The same rows were taken in by somebody else between the check and the import."""


class Fault(NamedTuple):
    """What is wrong where. `row` is the row's number in the file; `column` as it is headed."""

    row: int
    column: str
    message: str


class Identity(NamedTuple):
    unit: int
    held_on: date
    kind: str
    title: str
    starts_at: time | None


@dataclass(frozen=True)
class Plan:
    """What an import would do: faults to mend first, sheets to add, rows there already."""

    faults: Sequence[Fault]
    additions: Sequence[tuple[UUID, Sheet]]
    known: int


def plan_import(upload: File[bytes], *, by: User, campaign: Campaign, now: datetime) -> Plan:
    """Read and check a ledger without storing anything. Raises FileRefused for a bad file."""
    return plan_rows(read_table(upload, REQUIRED_COLUMNS).rows, by=by, campaign=campaign, now=now)


def plan_rows(rows: Iterable[Row], *, by: User, campaign: Campaign, now: datetime) -> Plan:
    """Check rows of a ledger, wherever they come from, without storing anything."""
    reader = _Reader(by, campaign, now)
    sheets = [sheet for row in rows if (sheet := reader.sheet(row))]
    additions, known = _new_ones(campaign, sheets)
    return Plan(tuple(reader.faults), additions, known)


def carry_out(plan: Plan, *, by: User, campaign: Campaign, now: datetime) -> int:
    """Store every addition of a plan without faults, or none; returns how many.

    Raises ImportedMeanwhile if another import took in some of the rows since the plan was made.
    """
    if plan.faults:
        raise ValueError(f"the plan has {len(plan.faults)} faults")
    for unit in {sheet.unit for _, sheet in plan.additions}:
        if not can_log(by, unit):
            raise PermissionDenied(f"{by.pk} may not log for unit {unit.pk}")
    with transaction.atomic():
        _store(plan.additions, by, now)
        record(by, "seminars.import", campaign, after={"activities": len(plan.additions)})
    return len(plan.additions)


# --- Reading ----------------------------------------------------------------------------


class _Reader:
    """Turns table rows into sheets and collects what is wrong with them."""

    def __init__(self, by: User, campaign: Campaign, now: datetime) -> None:
        self.faults: list[Fault] = []
        self._campaign = campaign
        self._today = timezone.localdate(now)
        self._units = list(units_to_log_for(by))
        self._kinds = {word: kind for kind, word in ActivityKind.choices}
        self._open_gates: dict[str, bool] = {}

    def sheet(self, row: Row) -> Sheet | None:
        """The row as a sheet, or None after noting its faults."""
        before = len(self.faults)
        unit = self._unit(row)
        kind = self._kind(row)
        values = {
            name: self._value(row, header, name)
            for header, name in FIELD_OF.items()
            if name in COLUMNS
        }
        lists = {header: name for header, name in FIELD_OF.items() if name in LISTS}
        rows = {name: self._entries(row, header, name, unit) for header, name in lists.items()}
        if kind and len(self.faults) == before:
            self._check(row, kind, values)
        if unit is None or kind is None or len(self.faults) > before:
            return None
        lines = [OpinionLine(text) for text in opinions_in_cell(_text(row, "意见内容"))]
        return Sheet(self._campaign, unit, kind, values, rows, lines)

    def _fault(self, row: Row, column: str, message: str) -> None:
        self.faults.append(Fault(row.number, column, message))

    def _unit(self, row: Row) -> Unit | None:
        code, name = _text(row, "单位编码"), _text(row, "单位")
        if code:
            found = [unit for unit in self._units if unit.code == code]
        elif name:
            found = [unit for unit in self._units if name in {unit.name, unit.short_name}]
        else:
            found = self._units
        if len(found) == 1:
            return found[0]
        if found:
            said = (
                f"有{len(found)}个单位可选，请填写单位" if not name else f"有{len(found)}个“{name}”"
            )
            self._fault(row, "单位", f"{said}，请加一列“单位编码”来区分。")
        else:
            self._fault(row, "单位", f"没有“{code or name}”，或者您不负责记录它的活动。")
        return None

    def _kind(self, row: Row) -> str | None:
        word = _text(row, "形式")
        kind = self._kinds.get(word)
        if kind is None:
            offered = "、".join(self._kinds)
            self._fault(row, "形式", f"没有“{word}”这种形式。可以填：{offered}。")
        elif not self._is_open(kind):
            self._fault(row, "形式", f"现在不在开放记录“{word}”的阶段。")
        return kind

    def _is_open(self, kind: str) -> bool:
        gate = SHAPES[kind].gate
        if gate not in self._open_gates:
            self._open_gates[gate] = is_open(self._campaign, gate, self._today)
        return self._open_gates[gate]

    def _value(self, row: Row, header: str, name: str) -> Any:
        value = row.values.get(header)
        if value is None or value == "":
            return None
        try:
            return _read(name, value)
        except ValueError as error:
            self._fault(row, header, f"{error}。")
            return None

    def _entries(self, row: Row, header: str, name: str, unit: Unit | None) -> list[Any]:
        """The rows of a campaign's list named in a cell, whatever stands between them."""
        text = _text(row, header)
        found = []
        for title, entry in self._titles[name]:
            is_its_own = name != UNITS_OWN or (unit is not None and entry.belongs_to(unit))
            if title in text and is_its_own:
                found.append(entry)
                text = text.replace(title, "", 1)
        if rest := text.strip("；;、，,\n 　"):
            self._fault(row, header, f"名单里没有“{rest}”。")
        return found

    @cached_property
    def _titles(self) -> Mapping[str, list[tuple[str, Any]]]:
        """Titles and short titles of each list, the longest first."""
        titles: dict[str, list[tuple[str, Any]]] = {}
        for name in LISTS:
            known = {(word, entry) for entry in self._listed(name) for word in _words(entry)}
            titles[name] = sorted(known, key=lambda item: (-len(item[0]), item[1].pk))
        return titles

    def _listed(self, name: str) -> QuerySet[Any]:
        if name == UNITS_OWN:
            return SubTopic.objects.in_campaign(self._campaign).usable_by(self._units)
        model = getattr(Activity, name).field.related_model
        listed: QuerySet[Any] = model.objects.filter(campaign=self._campaign)
        return listed

    def _check(self, row: Row, kind: str, values: Mapping[str, Any]) -> None:
        for name, messages in faults_of(kind, values, today=self._today).items():
            for message in messages:
                self._fault(row, HEADER_OF.get(name, label(name, kind)), message)


def _words(entry: Any) -> set[str]:
    return {str(entry), getattr(entry, "short_title", "") or str(entry)}


def _text(row: Row, header: str) -> str:
    return text_of(row.values.get(header))


def _read(name: str, value: Value) -> Any:
    """A cell as the column wants it; ValueError with the reason otherwise."""
    if name == "held_on":
        return date_of(value)
    if name in _CLOCKS:
        return _clock_of(value)
    if name in _NUMBERS:
        return _count_of(value)
    if name == "level":
        return _level_of(text_of(value))
    return _fitting(name, text_of(value))


def _clock_of(value: Value) -> Any:
    try:
        return ClockField(required=False).clean(text_of(value))
    except ValidationError as error:
        raise ValueError(f"“{text_of(value)}”不是时间，请写成14:00") from error


def _count_of(value: Value) -> int:
    count = whole_number_of(value)
    if not 0 <= count <= _MOST:
        raise ValueError(f"{count}不在0到{_MOST}之间")
    return count


def _level_of(text: str) -> str:
    for stored, word in StudyLevel.choices:
        if text == word:
            return str(stored)
    raise ValueError(f"没有“{text}”，可以填：{'、'.join(StudyLevel.labels)}")


def _fitting(name: str, text: str) -> str:
    column: Any = Activity._meta.get_field(name)
    most = column.max_length or LONGEST_TEXT
    if len(text) > most:
        raise ValueError(f"有{len(text)}个字，最多{most}个字")
    return text if column.max_length is None else " ".join(text.split())


# --- What is there already --------------------------------------------------------------


def _new_ones(campaign: Campaign, sheets: Sequence[Sheet]) -> tuple[list[tuple[UUID, Sheet]], int]:
    """The sheets not recorded yet, each with the key it will have; and how many are recorded."""
    recorded = _recorded(campaign, sheets)
    seen: Counter[Identity] = Counter()
    additions = []
    for sheet in sheets:
        identity = _identity(sheet)
        seen[identity] += 1
        if seen[identity] > recorded[identity]:
            additions.append((_key(campaign, identity, seen[identity]), sheet))
    additions = _without_stored_keys(additions)
    return additions, len(sheets) - len(additions)


def _without_stored_keys(additions: list[tuple[UUID, Sheet]]) -> list[tuple[UUID, Sheet]]:
    """Leave out rows taken in before and corrected since, which no longer read the same."""
    keys = [key for key, _ in additions]
    stored = set(Activity.objects.filter(client_key__in=keys).values_list("client_key", flat=True))
    return [(key, sheet) for key, sheet in additions if key not in stored]


def _identity(sheet: Sheet) -> Identity:
    columns = sheet.columns()
    return Identity(
        sheet.unit.pk, columns["held_on"], sheet.kind, columns["title"], columns["starts_at"]
    )


def _recorded(campaign: Campaign, sheets: Sequence[Sheet]) -> Counter[Identity]:
    if not sheets:
        return Counter()
    days = [sheet.values["held_on"] for sheet in sheets]
    rows = Activity.objects.logged().in_campaign(campaign).between(min(days), max(days))
    rows = rows.filter(unit__in={sheet.unit.pk for sheet in sheets})
    return Counter(
        Identity(*row)
        for row in rows.values_list("unit_id", "held_on", "kind", "title", "starts_at").iterator()
    )


def _key(campaign: Campaign, identity: Identity, number: int) -> UUID:
    """The same row of the same file always gets the same key, so two imports at once collide."""
    return uuid5(NAMESPACE_URL, f"sanda:{campaign.pk}:{identity!r}:{number}")


# --- Storing ----------------------------------------------------------------------------


def _store(additions: Sequence[tuple[UUID, Sheet]], by: User, now: datetime) -> None:
    additions = additions[::-1]  # the newest stands on top of a ledger and gets the last key
    rows = [_row(key, sheet, by, now) for key, sheet in additions]
    try:
        stored = Activity.objects.bulk_create(rows, batch_size=_BATCH)
    except IntegrityError as error:
        raise ImportedMeanwhile("some of the rows are recorded by now") from error
    pairs = list(zip(stored, (sheet for _, sheet in additions), strict=True))
    Opinion.objects.bulk_create(
        [_opinion(row, line.text) for row, sheet in pairs for line in sheet.opinions or ()],
        batch_size=_BATCH,
    )
    versions = _remember(stored, by, now)
    for name in LISTS:
        _remember_links(name, _link(name, pairs), versions)


def _row(key: UUID, sheet: Sheet, by: User, now: datetime) -> Activity:
    return Activity(
        campaign=sheet.campaign,
        unit=sheet.unit,
        kind=sheet.kind,
        status=ActivityStatus.LOGGED,
        version=1,
        client_key=key,
        created_by=by,
        created_at=now,
        updated_at=now,
        **sheet.columns(),
    )


def _opinion(row: Activity, text: str) -> Opinion:
    return Opinion(
        campaign=row.campaign,
        unit=row.unit,
        source=OpinionSource.ACTIVITY,
        activity=row,
        text=text,
        raised_on=row.held_on,
    )


def _link(name: str, pairs: Sequence[tuple[Activity, Sheet]]) -> Sequence[Any]:
    through, target = getattr(Activity, name).through, _target(name)
    links = [
        through(activity_id=row.pk, **{target: entry})
        for row, sheet in pairs
        for entry in sheet.rows_of(name)
    ]
    created: Sequence[Any] = through.objects.bulk_create(links, batch_size=_BATCH)
    return created


def _target(name: str) -> str:
    """The column of a list's table that names the entry."""
    return f"{getattr(Activity, name).field.related_model._meta.model_name}_id"


def _remember(rows: Sequence[Activity], by: User, now: datetime) -> dict[int, Any]:
    """One history row for each record, as if each had been logged by itself; by activity."""
    versions = Activity.history.bulk_history_create(
        rows,
        batch_size=_BATCH,
        default_user=by,
        default_change_reason="导入",
        default_date=now,
    )
    return {version.id: version for version in versions}


def _remember_links(name: str, links: Sequence[Any], versions: dict[int, Any]) -> None:
    """The entries of one list, as simple-history keeps them beside a version."""
    remembered, target = getattr(Activity.history.model, name).model, _target(name)
    remembered.objects.bulk_create(
        [
            remembered(
                history=versions[link.activity_id],
                id=link.pk,
                activity_id=link.activity_id,
                **{target: getattr(link, target)},
            )
            for link in links
        ],
        batch_size=_BATCH,
    )
