"""Which parts of the text are already spoken for."""

from bisect import bisect_right
from collections.abc import Iterable


class Places:
    """A set of [start, end) places that answers quickly whether another one touches it."""

    def __init__(self, places: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(places):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def touch(self, start: int, end: int) -> bool:
        """Does [start, end) share a character with any of them?"""
        position = bisect_right(self._starts, end - 1) - 1
        return position >= 0 and self._ends[position] > start
