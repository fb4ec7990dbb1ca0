"""Precision and recall of the reader, field by field, over plans with known answers.

Run as a program for the table: `python -m tests.campaign.reading.scoring [FOLDER] [--misses]`.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from campaign.reading.assembly import propose_campaign
from campaign.reading.definition import as_json
from campaign.reading.files import read_plan_file
from core.chinese_width import even_width

PLANS = Path(__file__).parent / "plans"
HOLDOUT = Path(__file__).parent / "holdout"
SINGLE_FIELDS = ("title", "doc_number", "issuer", "year")
FIELDS = (
    *SINGLE_FIELDS,
    "phase names",
    "phase dates",
    "phase departments",
    "themes",
    "study_documents",
    "quotas",
    "deadlines",
)


@dataclass(slots=True)
class Score:
    """How many were found, how many there are, and how many of both agree."""

    found: int = 0
    expected: int = 0
    right: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.expected if self.expected else 1.0


def items(field, answer):
    """What a field of an answer holds, as comparable values. Widths and blanks do not count."""
    if field in SINGLE_FIELDS:
        return [] if answer[field] is None else [plain(str(answer[field]))]
    return PLURALS[field](answer)


PLURALS = {
    "phase names": lambda answer: [plain(phase["name"]) for phase in answer["phases"]],
    "phase dates": lambda answer: [f"{p['start']}—{p['end']}" for p in answer["phases"]],
    "phase departments": lambda answer: [
        f"{plain(phase['name'])}：{plain(name)}"
        for phase in answer["phases"]
        for name in phase["departments"]
    ],
    "themes": lambda answer: [plain(text) for text in answer["themes"]],
    "study_documents": lambda answer: [plain(text) for text in answer["study_documents"]],
    "quotas": lambda answer: [
        (plain(quota["text"]), plain(quota["unit_kind"] or ""), quota["min"], quota["max"])
        for quota in answer["quotas"]
    ],
    "deadlines": lambda answer: [
        (plain(due["text"]), plain(due["relative"] or ""), due["date"])
        for due in answer["deadlines"]
    ],
}


def plain(text):
    return "".join(even_width(text).split())


def same(left, right):
    """Equal; of a quota or deadline the wording need only contain the other's."""
    if isinstance(left, tuple):
        overlap = left[0] in right[0] or right[0] in left[0]
        return overlap and left[1:] == right[1:]
    return left == right


def compare(expected, found):
    """Pairs off equal items; returns (right, missed, extra)."""
    left = list(expected)
    extra = []
    for item in found:
        match = next((other for other in left if same(item, other)), None)
        if match is None:
            extra.append(item)
        else:
            left.remove(match)
    return len(expected) - len(left), left, extra


def measure(folder=PLANS, misses=None):
    """The score of each field over every plan of `folder` that has an answer beside it."""
    scores = {field: Score() for field in FIELDS}
    for path in sorted(folder.glob("*.json")):
        answer = json.loads(path.read_text(encoding="utf-8"))
        found = as_json(propose_campaign(read_plan_file(path.with_suffix(".txt"))))
        for field, score in scores.items():
            here, there = items(field, answer), items(field, found)
            right, missed, extra = compare(here, there)
            score.expected += len(here)
            score.found += len(there)
            score.right += right
            if misses is not None and (missed or extra):
                misses.append((path.stem, field, missed, extra))
    return scores


def table(scores):
    """A Markdown table, for people and for docs/plan-reader.md."""
    rows = [
        "| field | expected | found | right | precision | recall |",
        "|---|---|---|---|---|---|",
    ]
    rows += [
        f"| {field} | {score.expected} | {score.found} | {score.right} "
        f"| {score.precision:.3f} | {score.recall:.3f} |"
        for field, score in scores.items()
    ]
    return "\n".join(rows)


if __name__ == "__main__":
    folders = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("-")]
    missed_items: list[tuple[str, str, list[object], list[object]]] = []
    sys.stdout.write(table(measure(folders[0] if folders else PLANS, missed_items)) + "\n")
    if "--misses" in sys.argv:
        for stem, name, lacking, surplus in missed_items:
            sys.stdout.write(f"{stem} · {name}\n    missed {lacking}\n    extra  {surplus}\n")
