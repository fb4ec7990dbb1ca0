"""Loading a construction plan or task book: its text becomes numbered clauses of a version.

The first version makes the clauses. A further one is matched to them by number: what reads the
same is left alone, what changed gets a new wording, what is new a clause, what is gone an empty
wording. Nothing of an earlier version is touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.audit import record
from campaign.models import Clause, ClauseWording, PlanDocument, PlanVersion
from campaign.permissions import can_load_document
from campaign.reading.clauses import read_clauses

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from accounts.models import User
    from campaign.models import Campaign

#: The number of what stands before the first heading.
PREAMBLE = "0"
_LONGEST_TITLE = 200
_LONGEST_NUMBER = 40
#: Clear of every order in use while clauses change places.
_ASIDE = 1_000_000


class LoadedMeanwhile(Exception):
    """Somebody else loaded a version in the same moment."""


class NoClauses(Exception):
    """The text has no numbered headings."""


@dataclass(frozen=True)
class Part:
    """A clause as read: its number as an address, its heading as printed, its own words.

    One that is nothing but its heading has that for its words, so that it can be revised.
    """

    number: str
    depth: int
    title: str
    text: str


@dataclass(frozen=True)
class Changes:
    """What a text would change in a document; numbers of clauses, in reading order."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    same: int


def read_parts(text: str) -> list[Part]:
    """Every clause of `text` in reading order. Raises NoClauses if it has no numbered heading.

    Words before the first heading become a clause of their own: nothing is dropped.
    """
    clauses = read_clauses(text)
    if not clauses:
        raise NoClauses
    parts = [
        Part(
            clause.number[:_LONGEST_NUMBER],
            clause.depth,
            f"{clause.mark}{clause.title}"[:_LONGEST_TITLE],
            clause.text or clause.title,
        )
        for clause in clauses
    ]
    preamble = _before(text, f"{clauses[0].mark}{clauses[0].title}")
    return [Part(PREAMBLE, 1, "开头", preamble), *parts] if preamble else parts


def _before(text: str, heading: str) -> str:
    """The words above the line that is the first heading, whatever blanks it has."""
    wanted = "".join(heading.split())
    lines = text.splitlines()
    for at, line in enumerate(lines):
        if wanted and "".join(line.split()).startswith(wanted):
            return "\n".join(lines[:at]).strip()
    return ""


def changes_by(document: PlanDocument | None, parts: Sequence[Part]) -> Changes:
    """What loading `parts` as the next version would change."""
    known = _texts(document) if document is not None else {}
    numbers = {part.number for part in parts}
    texts = {part.number: part.text for part in parts}
    return Changes(
        added=tuple(n for n in texts if n not in known),
        changed=tuple(n for n in texts if n in known and texts[n] != known[n]),
        removed=tuple(number for number, said in known.items() if said and number not in numbers),
        same=sum(known.get(number) == text for number, text in texts.items()),
    )


def load_document(
    by: User,
    campaign: Campaign,
    *,
    kind: str,
    title: str,
    parts: Sequence[Part],
    made_on: date,
    source: str = "",
) -> PlanVersion:
    """Keep `parts` as the first or next version of the campaign's document of that kind.

    Raises PermissionDenied, or LoadedMeanwhile if two people load at once.
    """
    if not can_load_document(by, campaign):
        raise PermissionDenied
    try:
        with transaction.atomic():
            document, _ = PlanDocument.objects.get_or_create(
                campaign=campaign, kind=kind, defaults={"title": title}
            )
            last = document.versions.aggregate(last=Max("number"))["last"] or 0
            version = PlanVersion.objects.create(
                document=document, number=last + 1, made_on=made_on, source=source
            )
            found = changes_by(document, parts)
            _write(document, version, parts, found)
            record(
                by,
                "campaign.load_document",
                document,
                after={"version": version.number, "clauses": len(parts), "source": source},
            )
    except IntegrityError as fault:
        raise LoadedMeanwhile(title) from fault
    return version


def _texts(document: PlanDocument) -> dict[str, str]:
    """What each clause says now, by its number, in order."""
    texts = dict.fromkeys(document.clauses.order_by("order").values_list("number", flat=True), "")
    rows = ClauseWording.objects.filter(clause__document=document).order_by("version__number")
    texts.update(rows.values_list("clause__number", "text"))
    return texts


def _write(
    document: PlanDocument, version: PlanVersion, parts: Sequence[Part], found: Changes
) -> None:
    clauses = {clause.number: clause for clause in document.clauses.all()}
    new = [part for part in parts if part.number not in clauses]
    top = document.clauses.aggregate(last=Max("order"))["last"] or 0
    made = Clause.objects.bulk_create(
        Clause(
            document=document,
            order=top + _ASIDE + at,
            number=part.number,
            depth=part.depth,
            title=part.title,
        )
        for at, part in enumerate(new)
    )
    clauses |= {clause.number: clause for clause in made}
    _put_in_order(clauses, parts)
    texts = {part.number: part.text for part in parts}
    worded = [*found.added, *found.changed, *found.removed]
    ClauseWording.objects.bulk_create(
        ClauseWording(clause=clauses[number], version=version, text=texts.get(number, ""))
        for number in worded
    )


def _put_in_order(clauses: dict[str, Clause], parts: Sequence[Part]) -> None:
    """The order of the new text; clauses that are gone follow behind."""
    titles = {part.number: part for part in parts}
    order = [part.number for part in parts]
    order += [number for number in clauses if number not in titles]
    for at, number in enumerate(order, start=1):
        clause = clauses[number]
        clause.order = 2 * _ASIDE + at
        if number in titles:
            clause.title, clause.depth = titles[number].title, titles[number].depth
    rows = list(clauses.values())
    Clause.objects.bulk_update(rows, ["order", "title", "depth"], batch_size=200)
    for clause in rows:
        clause.order -= 2 * _ASIDE
    Clause.objects.bulk_update(rows, ["order"], batch_size=200)
