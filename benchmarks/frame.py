"""Timing, tables and JSON, shared by all benchmarks."""

import json
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from unicodedata import east_asian_width

Row = dict[str, str | int | float]


@dataclass(frozen=True)
class Times:
    """How long one action took, over many repetitions."""

    median_ms: float
    p95_ms: float


def times_in_turns(
    actions: Sequence[Callable[[], object]], *, repetitions: int = 40, warm_up: int = 3
) -> list[list[float]]:
    """Milliseconds of each run of each action, one action after the other, round by round.

    What the machine does meanwhile falls on all of them alike, so their ratio survives it.
    """
    taken: list[list[float]] = [[] for _ in actions]
    for turn in range(warm_up + repetitions):
        for action, times in zip(actions, taken, strict=True):
            started = time.perf_counter()
            action()
            if turn >= warm_up:
                times.append((time.perf_counter() - started) * 1000)
    return taken


def times_from(taken: Sequence[float]) -> Times:
    return Times(statistics.median(taken), statistics.quantiles(taken, n=20)[-1])


def time_of(action: Callable[[], object], *, repetitions: int = 40, warm_up: int = 3) -> Times:
    """Run `action` one after another; the first `warm_up` runs do not count."""
    for _ in range(warm_up):
        action()
    taken = []
    for _ in range(repetitions):
        started = time.perf_counter()
        action()
        taken.append((time.perf_counter() - started) * 1000)
    return times_from(taken)


def table(title: str, rows: Sequence[Row]) -> str:
    """The rows under the names of the first one's columns; figures to the right."""
    lines = [list(rows[0]), *([_cell(value) for value in row.values()] for row in rows)]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    is_text = [isinstance(value, str) for value in rows[0].values()]
    printed = ["  ".join(map(_pad, line, widths, is_text)).rstrip() for line in lines]
    return "\n".join([title, *printed])


def write_json(folder: Path, name: str, rows: Sequence[Row]) -> Path:
    """Keep the figures beside the machine and the moment they belong to."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.json"
    report = {
        "benchmark": name,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "rows": list(rows),
    }
    file.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
    return file


def _cell(value: str | float) -> str:
    return f"{value:,.1f}" if isinstance(value, float) else str(value)


def _width(text: str) -> int:
    """Columns on a terminal, where a Chinese character takes two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _pad(text: str, width: int, is_text: bool) -> str:  # noqa: FBT001  used with map
    space = " " * (width - _width(text))
    return text + space if is_text else space + text
