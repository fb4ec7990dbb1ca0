"""A construction plan or task book as numbered clauses, cut at its headings.

Clauses are addressed by the path of their numbers: 二.（一）.3 is "2.1.3".
"""

from dataclasses import dataclass

from campaign.reading.lines import PlanText
from campaign.reading.outline import Section, outline


@dataclass(frozen=True, slots=True)
class Clause:
    """A heading and what stands under it, without its subclauses.

    `number` counts from the top of the document (1-based path, unique); `mark` is the heading's
    own mark as printed (一、（一）1.); `depth` is 1 for the topmost level.
    """

    number: str
    mark: str
    depth: int
    title: str
    text: str


def read_clauses(text: str) -> tuple[Clause, ...]:
    """Every numbered clause in reading order; words before the first heading are left out.

    Where a number is printed twice under one heading, all of them are counted instead, so that
    two clauses never share an address.
    """
    plan = PlanText(text)
    clauses: list[Clause] = []
    waiting = _addressed(outline(plan, numbered_only=True), "", 1)
    while waiting:
        section, number, depth = waiting.pop()
        body = plan.text[section.body_start : section.body_end].strip()
        if not section.title:
            body = plan.text[section.title_start : section.body_end].strip()
        clauses.append(Clause(number, section.mark, depth, section.title, body))
        waiting += _addressed(section, f"{number}.", depth + 1)
    return tuple(clauses)


def _addressed(parent: Section, prefix: str, depth: int) -> list[tuple[Section, str, int]]:
    """The clauses under `parent` with their addresses, last one first."""
    sections = _below(parent)
    numbers = [section.number for section in sections]
    if len(set(numbers)) < len(numbers):
        numbers = list(range(1, len(numbers) + 1))
    pairs = zip(sections, numbers, strict=True)
    return [(section, f"{prefix}{number}", depth) for section, number in pairs][::-1]


def _below(parent: Section) -> list[Section]:
    """Subsections; those of an attachment count as its parent's own."""
    sections: list[Section] = []
    for child in parent.children:
        sections += child.children if child.kind == "attachment" else [child]
    return sections
