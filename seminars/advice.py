"""What a second pair of eyes would ask before a record is saved: slips (N4) and repetition (N3).

Advice, never a wall and never a score: what, where, why, and the passages side by side. Only
records the author may see are compared with.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from django.db.models import Q

from campaign.models import ClauseWording
from core import slips
from core.chinese_text import excerpt, month_day
from core.similarity import Corpus, Known, compare, probes
from seminars.ledger import HEADER
from seminars.models import Activity, ActivityFile
from units.models import Headcount, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from accounts.models import User
    from campaign.models import Campaign
    from core.similarity import Piece
    from seminars.querysets import ActivityQuerySet
    from seminars.sheets import Sheet

#: Fields under which a note may stand.
NOTED = ("title", "held_on", "expected", "content", "decisions", "takeaway", "files")
_TEXTS = ("title", "content", "decisions", "takeaway")
#: So many of the latest records are compared with in any case, and of the older ones so many that
#: share a stretch of letters with the new one.
_COMPARED = 120
#: Beyond so many of the latest nothing is looked for.
_LOOKED_THROUGH = 5_000
_COLUMNS = ("pk", "held_on", "title", "content")
_PASSAGES_SHOWN = 3
_PASSAGE_LENGTH = 120
#: So many letters before and after a passage are shown with it.
_AROUND = 15
#: The words of our own forms; whoever copies them into a text repeats nobody.
_FORM_WORDS = "".join(f"{column}：" for column in HEADER)


class Side(NamedTuple):
    """A passage as it stands in one text."""

    before: str
    shared: str
    after: str


class Passage(NamedTuple):
    """What two texts have in common, as it stands in the new one and in the one there already."""

    mine: Side
    other: Side


class Filed(Protocol):
    """A file that is about to be stored, or is."""

    @property
    def name(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def is_picture(self) -> bool: ...


@dataclass(frozen=True)
class Note:
    """One thing to look at again, under one field.

    `activity` is the record it speaks of, which `other` names; `passages` stand in both texts.
    """

    field: str
    text: str
    other: str = ""
    passages: tuple[Passage, ...] = ()
    activity: int | None = None


def notes_on(
    sheet: Sheet, *, by: User, files: Sequence[Filed] = (), own: int | None = None
) -> list[Note]:
    """Notes on a sheet before it is saved; `own` is the stored row it is about, if any."""
    noted = [*_logged_already(sheet, by, own), *_slips(sheet, by, files, own)]
    noted += _repetitions(sheet, by, own)
    return [note for note in noted if note.field in NOTED]


def digest(notes: Sequence[Note]) -> str:
    """Stands for these notes, so that a page can say which ones were seen."""
    return " ".join(_mark(note) for note in notes)


def unseen(notes: Sequence[Note], seen: str) -> list[Note]:
    """The notes that a digest does not stand for."""
    marks = set(seen.split())
    return [note for note in notes if _mark(note) not in marks]


def _mark(note: Note) -> str:
    return hashlib.sha256(f"{note.field}:{note.text}".encode()).hexdigest()[:12]


# --- Slips ------------------------------------------------------------------------------


@dataclass(frozen=True)
class SheetNote:
    """A slip in one of several sheets, which is named by its day and title."""

    sheet: str
    text: str

    @property
    def mark(self) -> str:
        """Stands for this note in a form that says it was seen."""
        return hashlib.sha256(f"{self.sheet}:{self.text}".encode()).hexdigest()[:12]


def slips_in(sheets: Iterable[Sheet]) -> Iterator[SheetNote]:
    """Slips in many sheets at once, in their order; queries grow with the units, not the sheets."""
    school = _School()
    for sheet in sheets:
        day, title = sheet.values["held_on"], sheet.values["title"]
        for advice in slips.advice_on(_draft(sheet, school)):
            yield SheetNote(f"{month_day(day)}《{title}》", advice.why)


def _logged_already(sheet: Sheet, by: User, own: int | None) -> Iterator[Note]:
    """The unit's record of the same kind, day and title: it may be this very activity."""
    columns = sheet.columns()
    held_on, title = columns["held_on"], columns["title"]
    if held_on is None or not title:
        return
    records = Activity.objects.visible_to(by).logged().in_campaign(sheet.campaign)
    same = records.filter(unit=sheet.unit, kind=sheet.kind, held_on=held_on, title=title)
    first = same.exclude(pk=own or 0).order_by("pk").values_list("pk", flat=True).first()
    if first is not None:
        other = f"{month_day(held_on)}《{title}》"
        why = f"本单位已经记过{other}。如是同一场，不必再记；如是另一场，可以不改。"
        yield Note("title", why, other, activity=first)


def _slips(sheet: Sheet, by: User, files: Sequence[Filed], own: int | None) -> list[Note]:
    draft = replace(_draft(sheet, _School()), photos_used=_photos_used(files, by, own))
    fields = {"photos": "files"}
    return [
        Note(fields.get(advice.field, advice.field), advice.why)
        for advice in slips.advice_on(draft)
    ]


def _draft(sheet: Sheet, school: _School) -> slips.Draft:
    own_names, other_names = school.names(sheet.unit)
    columns = sheet.columns()
    first_day, last_day = school.days(sheet.campaign)
    return slips.Draft(
        texts={name: columns[name] for name in _TEXTS if columns[name]},
        own_names=own_names | {columns["visited"]},
        other_names=other_names,
        first_day=first_day,
        last_day=last_day,
        held_on=columns["held_on"],
        expected=columns["expected"],
        present=columns["present"],
        headcount=school.headcount(sheet.unit, columns["held_on"]),
    )


class _School:
    """Days of the campaign, names and headcounts of units, each read when first asked for."""

    def __init__(self) -> None:
        self._days: dict[int, tuple[date | None, date | None]] = {}
        self._names: dict[int, tuple[frozenset[str], frozenset[str]]] = {}
        self._headcounts: dict[int, list[tuple[date, int]]] = {}

    def days(self, campaign: Campaign) -> tuple[date | None, date | None]:
        """The first and the last day of its phases."""
        if campaign.pk not in self._days:
            phases = list(campaign.phases.all())
            first = min((phase.starts_on for phase in phases), default=None)
            self._days[campaign.pk] = first, max((one.ends_on for one in phases), default=None)
        return self._days[campaign.pk]

    @cached_property
    def _units(self) -> list[tuple[str, str, str]]:
        return list(Unit.objects.values_list("path", "name", "short_name"))

    def names(self, unit: Unit) -> tuple[frozenset[str], frozenset[str]]:
        """Under which the unit may appear (those above and below it too), and all others."""
        if unit.pk not in self._names:
            own: set[str] = set()
            others: set[str] = set()
            for path, name, short_name in self._units:
                is_own = path.startswith(unit.path) or unit.path.startswith(path)
                (own if is_own else others).update({name, short_name})
            self._names[unit.pk] = frozenset(own), frozenset(others)
        return self._names[unit.pk]

    def headcount(self, unit: Unit, on: date | None) -> int | None:
        """The last one known on that day."""
        if on is None:
            return None
        if unit.pk not in self._headcounts:
            known = Headcount.objects.filter(unit=unit).order_by("-on")
            self._headcounts[unit.pk] = list(known.values_list("on", "people"))
        return next((people for day, people in self._headcounts[unit.pk] if day <= on), None)


def _photos_used(files: Sequence[Filed], by: User, own: int | None) -> tuple[tuple[str, str], ...]:
    """Names of pictures that another visible record holds too, with that record's title."""
    pictures = {one.sha256: one.name for one in files if one.is_picture}
    if not pictures:
        return ()
    same = (
        ActivityFile.objects.visible_to(by).filter(sha256__in=pictures).exclude(activity=own or 0)
    )
    return tuple(
        (pictures[fingerprint], title)
        for fingerprint, title in same.values_list("sha256", "activity__title")
    )


# --- Repetition -------------------------------------------------------------------------


def _repetitions(sheet: Sheet, by: User, own: int | None) -> list[Note]:
    """A note for the record most like this one, if any is."""
    text = sheet.columns()["content"]
    rows = Activity.objects.visible_to(by).logged().in_campaign(sheet.campaign).exclude(pk=own or 0)
    latest = list(rows.newest_first().values_list(*_COLUMNS)[:_COMPARED])
    more = _older(rows, text) if len(latest) == _COMPARED else ()
    by_key = {pk: columns for pk, *columns in [*latest, *more]}
    titles = _titles(sheet.campaign)
    found = _alike(text, {pk: row[2] for pk, row in by_key.items()}, Known(titles))
    if not found:
        return []
    # Only now are the clauses of the plans worth reading; what quotes them drops out again.
    known = _repeatable(titles, sheet.campaign)
    found = _alike(text, {pk: by_key[pk][2] for pk in found}, known)
    if not found:
        return []
    held_on, title, content = by_key[found[0]]
    other = f"{month_day(held_on)}《{title}》"
    why = f"与{other}的内容很相像。如系同一活动的不同场次，可以不改。"
    return [Note("content", why, other, _passages(text, content, known), found[0])]


def _older(rows: ActivityQuerySet, text: str) -> Iterable[tuple[Any, ...]]:
    """What stands before the latest and has a stretch of letters in common with the text."""
    wanted = probes(text)
    if not wanted:
        return ()
    shares = reduce(or_, (Q(search_text__contains=probe) for probe in wanted))
    older = rows.newest_first()[_COMPARED:_LOOKED_THROUGH].values("pk")
    found = Activity.objects.filter(shares, pk__in=older).newest_first()
    return found.values_list(*_COLUMNS)[:_COMPARED]


def _alike(text: str, others: Mapping[int, str], known: Known) -> list[int]:
    """Keys of the texts that repeat this one or are repeated by it, most alike first."""
    return [match.key for match in Corpus(others.items(), known).similar_to(text)]


def repeatable(campaign: Campaign) -> Known:
    """What everyone may repeat: titles, the plans' clauses, the words of our own forms."""
    return _repeatable(_titles(campaign), campaign)


def _repeatable(titles: Sequence[str], campaign: Campaign) -> Known:
    return Known([*titles, *_clauses(campaign)], templates=[_FORM_WORDS])


def _titles(campaign: Campaign) -> list[str]:
    """Of the themes and of the documents studied, and the campaign's goal."""
    titles = [theme.title for theme in campaign.themes.all()]
    return [*titles, *(each.title for each in campaign.studydocuments.all()), campaign.goal]


def _clauses(campaign: Campaign) -> QuerySet[ClauseWording, str]:
    """Every wording of the plans the campaign works on: quoting one is no repetition."""
    wordings = ClauseWording.objects.filter(clause__document__campaign=campaign)
    return wordings.order_by().values_list("text", flat=True)


def _passages(text: str, other: str, known: Known) -> tuple[Passage, ...]:
    """The longest stretches that stand in both texts, each with what stands around it."""
    both = compare(text, other, known)
    there = {piece.shared: at for at, piece in enumerate(both.right) if piece.shared}
    here = [at for at, piece in enumerate(both.left) if piece.shared in there]
    longest = sorted(here, key=lambda at: len(both.left[at].text), reverse=True)
    return tuple(
        Passage(_side(both.left, at), _side(both.right, there[both.left[at].shared]))
        for at in longest[:_PASSAGES_SHOWN]
    )


def _side(pieces: Sequence[Piece], at: int) -> Side:
    before = pieces[at - 1].text if at else ""
    after = pieces[at + 1].text if at + 1 < len(pieces) else ""
    return Side(
        f"……{before[-_AROUND:]}" if len(before) > _AROUND else before,
        excerpt(pieces[at].text, _PASSAGE_LENGTH),
        f"{after[:_AROUND]}……" if len(after) > _AROUND else after,
    )
