"""雷同自查: which texts repeat one another (N3).

Two texts are compared by the pairs of neighbouring letters (2-grams) they use. What they
rightly share is taken out first: passages quoted from known policy texts, and the wording of
our own templates. A likeness is shown to the author before submitting and to an inspector as
passages side by side; it is never a verdict.

`Corpus.all_pairs` compares every text with every other. It looks only at pairs that share one
of the rarer 2-grams of the smaller text, without which they cannot reach either threshold,
and among these counts 2-grams exactly only where two hashed bit masks overlap enough. Both
steps leave out no pair that counts.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, islice
from math import ceil
from operator import itemgetter
from typing import Generic, TypeVar

from core.chinese_text import fold_for_search

Key = TypeVar("Key", bound=Hashable)

#: Flagged from these values on, both included.
JACCARD_LIMIT = 0.5
CONTAINMENT_LIMIT = 0.75
#: Texts with fewer different 2-grams of their own say too little to be compared.
LEAST_GRAMS = 20
#: A passage is a quotation if so many letters in a row stand in a policy text, even unmarked.
QUOTED_RUN = 12
#: Template wording is short; so many letters in a row are its own.
TEMPLATE_RUN = 5
#: The shortest passage shown as shared.
PASSAGE_RUN = 8

#: So many letters in a row are hardly written twice by chance, so many of them are looked for.
PROBE_LENGTH = 8
_PROBES = 10

#: Of a phrase that occurs again and again, so many places are tried.
_SEEDS_TRIED = 20

_QUOTED = re.compile("《[^《》]+》|“[^“”]+”")
_OWN_BITS = 4096
_OWN = (1 << _OWN_BITS) - 1
# A pair must share so much of the smaller text's 2-grams to reach either limit: Jaccard j needs
# an overlap of j (a + b) / (1 + j), with b ≥ a at least 2 j / (1 + j) of a.
_LEAST_OVERLAP = min(CONTAINMENT_LIMIT, 2 * JACCARD_LIMIT / (1 + JACCARD_LIMIT))


# --- Letters ----------------------------------------------------------------------------


@lru_cache(maxsize=100_000)
def _letters_of(char: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", char).casefold()))


@dataclass(frozen=True)
class _Letters:
    """A text without punctuation, width and case, and where each letter stood."""

    text: str
    positions: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> "_Letters":
        letters, positions = [], []
        for position, char in enumerate(text):
            for letter in _letters_of(char):
                letters.append(letter)
                positions.append(position)
        return cls("".join(letters), tuple(positions))

    def between(self, start: int, end: int) -> slice:
        """The letters that stood from `start` up to, not including, `end`."""
        return slice(bisect_left(self.positions, start), bisect_left(self.positions, end))


def _runs(text: str, length: int) -> Iterator[str]:
    return (text[at : at + length] for at in range(len(text) - length + 1))


class Known:
    """Texts that everyone may repeat: `policies` are quoted from, `templates` are filled in."""

    def __init__(self, policies: Iterable[str] = (), templates: Iterable[str] = ()) -> None:
        quotable = [_Letters.of(text).text for text in policies]
        self._quotable = "\n".join(quotable)
        self._quoted_runs = {run for text in quotable for run in _runs(text, QUOTED_RUN)}
        self._template_runs = {
            run for text in templates for run in _runs(_Letters.of(text).text, TEMPLATE_RUN)
        }

    def shared(self, text: str, letters: _Letters) -> bytearray:
        """For each letter, whether it is quoted or template wording."""
        shared = bytearray(len(letters.text))
        for runs, length in (
            (self._quoted_runs, QUOTED_RUN),
            (self._template_runs, TEMPLATE_RUN),
        ):
            if not runs:
                continue
            for at, run in enumerate(_runs(letters.text, length)):
                if run in runs:
                    shared[at : at + length] = b"\x01" * length
        for quoted in _QUOTED.finditer(text):
            inside = letters.between(quoted.start(), quoted.end())
            if letters.text[inside] in self._quotable:
                shared[inside] = b"\x01" * (inside.stop - inside.start)
        return shared


NOTHING_KNOWN = Known()


def _own_grams(text: str, known: Known) -> set[str]:
    """The 2-grams of what is the author's own; none reaches across something taken out."""
    letters = _Letters.of(text)
    shared = known.shared(text, letters)
    own = "".join(
        "\n" if taken else letter for letter, taken in zip(letters.text, shared, strict=True)
    )
    return {gram for gram in _runs(own, 2) if "\n" not in gram}


def probes(text: str) -> list[str]:
    """Short stretches from all over a text, folded for search; a repetition has one of them.

    What repeats three quarters of a text, in whatever order, can hardly miss all of them, so a
    database that looks for them finds the few texts that are worth comparing.
    """
    stretches = re.findall(rf"\w{{{PROBE_LENGTH},}}", fold_for_search(text))
    runs = [
        stretch[at : at + PROBE_LENGTH]
        for stretch in stretches
        for at in range(0, len(stretch) - PROBE_LENGTH + 1, PROBE_LENGTH)
    ]
    return runs[:: ceil(len(runs) / _PROBES) or 1]


# --- Likeness ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Likeness:
    """How alike two texts are: shared 2-grams of all, and of those of the shorter text."""

    jaccard: float
    containment: float

    @property
    def is_flagged(self) -> bool:
        return self.jaccard >= JACCARD_LIMIT or self.containment >= CONTAINMENT_LIMIT


def _reaches(common: int, first: int, second: int) -> bool:
    """Whether so many shared 2-grams of so many are flagged."""
    jaccard_needs = JACCARD_LIMIT * (first + second - common)
    return common >= jaccard_needs or common >= CONTAINMENT_LIMIT * min(first, second)


def likeness(left: str, right: str, known: Known = NOTHING_KNOWN) -> Likeness:
    """Compare two texts. Texts with too little of their own are not alike at all."""
    first, second = _own_grams(left, known), _own_grams(right, known)
    if min(len(first), len(second)) < LEAST_GRAMS:
        return Likeness(0.0, 0.0)
    return _likeness(len(first & second), len(first), len(second))


def _likeness(common: int, first: int, second: int) -> Likeness:
    return Likeness(common / (first + second - common), common / min(first, second))


@dataclass(frozen=True)
class Match(Generic[Key]):
    """A text of the corpus that is like the one asked about."""

    key: Key
    likeness: Likeness


@dataclass(frozen=True)
class Pair(Generic[Key]):
    """Two texts of the corpus that are alike; `first` was added before `second`."""

    first: Key
    second: Key
    likeness: Likeness


@dataclass(frozen=True)
class _Wording(Generic[Key]):
    """One set of 2-grams and the texts that use exactly it, in the order they were added."""

    keys: list[Key]
    order: int
    grams: tuple[int, ...]


class Corpus(Generic[Key]):
    """Texts to compare with. Takes about 0.3 ms and 5 kB a text of 300 characters.

    `least` is for texts that are short by nature: from so many 2-grams of its own a text counts.
    """

    def __init__(
        self,
        texts: Iterable[tuple[Key, str]],
        known: Known = NOTHING_KNOWN,
        *,
        least: int = LEAST_GRAMS,
    ) -> None:
        self._known = known
        self._least = least
        self._numbers: dict[str, int] = {}
        self._wordings: dict[tuple[int, ...], _Wording[Key]] = {}
        for key, text in texts:
            grams = _own_grams(text, known)
            if len(grams) >= least:
                self._add(key, grams)

    def _add(self, key: Key, grams: set[str]) -> None:
        numbers = tuple(
            self._numbers.setdefault(gram, len(self._numbers)) for gram in sorted(grams)
        )
        if wording := self._wordings.get(numbers):
            wording.keys.append(key)
        else:
            order = len(self._wordings)
            self._wordings[numbers] = _Wording([key], order, numbers)

    def similar_to(self, text: str, leaving_out: Iterable[Key] = ()) -> list[Match[Key]]:
        """The flagged texts, most alike first; without those of the keys `leaving_out`."""
        left_out = set(leaving_out)
        grams = self._numbers_of(text)
        if len(grams) < self._least:
            return []
        matches: list[Match[Key]] = []
        for wording in self._wordings.values():
            common = len(grams.intersection(wording.grams))
            if _reaches(common, len(grams), len(wording.grams)):
                found = _likeness(common, len(grams), len(wording.grams))
                keys = (key for key in wording.keys if key not in left_out)
                matches.extend(Match(key, found) for key in keys)
        return sorted(matches, key=_by_likeness)

    def _numbers_of(self, text: str) -> set[int]:
        """2-grams the corpus has never seen get numbers of their own, below zero."""
        return {
            self._numbers.get(gram, -at)
            for at, gram in enumerate(_own_grams(text, self._known), start=1)
        }

    def all_pairs(self, most: int = 100_000) -> list[Pair[Key]]:
        """The flagged pairs, most alike first.

        Texts in exactly the same words are each paired with the first of them only, and only
        that one with others: a thousand copies are 999 pairs to look at, not half a million.
        The search ends after `most` further pairs; where there are more, the texts are made of
        the same few sentences, and no list of pairs says it better than its length.
        """
        pairs = [
            Pair(wording.keys[0], copy, Likeness(1.0, 1.0))
            for wording in self._wordings.values()
            for copy in wording.keys[1:]
        ]
        larger_first = sorted(self._wordings.values(), key=_size, reverse=True)
        pairs.extend(islice(_pairs_of(larger_first), most))
        return sorted(pairs, key=_by_likeness)


def _pairs_of(larger_first: Sequence[_Wording[Key]]) -> Iterator[Pair[Key]]:
    """Each wording against the larger ones before it that share one of its rarest 2-grams."""
    frequency = Counter(gram for wording in larger_first for gram in wording.grams)
    rank = {gram: at for at, (gram, _) in enumerate(frequency.most_common())}
    ranks = [sorted(map(rank.__getitem__, wording.grams)) for wording in larger_first]
    rare = [set(each[bisect_left(each, _OWN_BITS) :]) for each in ranks]
    masks = list(map(_mask, ranks))
    holders: dict[int, list[int]] = defaultdict(list)
    for at, (wording, mask) in enumerate(zip(larger_first, masks, strict=True)):
        size = len(ranks[at])
        enough = ceil(size * _LEAST_OVERLAP - 1e-9)  # a rounding error must not ask for more
        sharing = set().union(*(holders[each] for each in ranks[at][enough - 1 :]))
        # A shared 2-gram is a shared bit, except where several of this text fall on one bit.
        bits = enough - (size - mask.bit_count())
        for other in [other for other in sharing if (mask & masks[other]).bit_count() >= bits]:
            own = (mask & masks[other] & _OWN).bit_count()
            common = own + len(rare[at] & rare[other])
            if _reaches(common, size, len(ranks[other])):
                yield _pair(wording, larger_first[other], common)
        for each in ranks[at]:
            holders[each].append(at)


def _pair(one: _Wording[Key], other: _Wording[Key], common: int) -> Pair[Key]:
    first, second = (one, other) if one.order < other.order else (other, one)
    alike = _likeness(common, len(one.grams), len(other.grams))
    return Pair(first.keys[0], second.keys[0], alike)


def _mask(ranks: Iterable[int]) -> int:
    """A bit of its own for each of the most frequent 2-grams; the others share bits."""
    bits = bytearray(2 * _OWN_BITS // 8)
    for rank in ranks:
        bit = rank if rank < _OWN_BITS else _OWN_BITS + rank % _OWN_BITS
        bits[bit >> 3] |= 1 << (bit & 7)
    return int.from_bytes(bits, "little")


def _size(wording: _Wording[Key]) -> int:
    return len(wording.grams)


def _by_likeness(found: Match[Key] | Pair[Key]) -> tuple[float, float]:
    return -found.likeness.containment, -found.likeness.jaccard


# --- Side by side -----------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """A stretch of a text for display. Together the pieces of a side are the whole text.

    `shared` numbers the passage it has in common with the other side, from 1; 0 is its own.
    `quoted` marks policy quotations and template wording, which do not count.
    """

    text: str
    shared: int = 0
    quoted: bool = False


@dataclass(frozen=True)
class Comparison:
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]
    likeness: Likeness


def compare(left: str, right: str, known: Known = NOTHING_KNOWN) -> Comparison:
    """Both texts cut into pieces so that shared passages can be marked side by side.

    Passages may stand in another order on the right. Punctuation, width and case are ignored.
    """
    first, second = _Side.of(left, known), _Side.of(right, known)
    passages = _passages(first, second)
    return Comparison(
        first.pieces((passage.left, passage.length) for passage in passages),
        second.pieces((passage.right, passage.length) for passage in passages),
        likeness(left, right, known),
    )


@dataclass(frozen=True)
class _Passage:
    """Letters in common: where they begin on each side, and how many there are."""

    left: int
    right: int
    length: int


@dataclass(frozen=True)
class _Side:
    text: str
    letters: _Letters
    quoted: bytearray

    @classmethod
    def of(cls, text: str, known: Known) -> "_Side":
        letters = _Letters.of(text)
        return cls(text, letters, known.shared(text, letters))

    def pieces(self, starts: Iterable[tuple[int, int]]) -> tuple[Piece, ...]:
        """The whole text in pieces; `starts` are the first letter and length of each passage."""
        labels = [(0, bool(quoted)) for quoted in self.quoted]
        for number, (start, length) in enumerate(starts, start=1):
            labels[start : start + length] = [(number, False)] * length
        labelled = groupby(zip(self.text, self._spread(labels), strict=True), key=itemgetter(1))
        return tuple(Piece("".join(char for char, _ in chars), *label) for label, chars in labelled)

    def _spread(self, labels: Sequence[tuple[int, bool]]) -> list[tuple[int, bool]]:
        """Labels of letters become labels of characters; punctuation within a piece joins it."""
        spread = [(0, False)] * len(self.text)
        positions = self.letters.positions
        for at, (position, label) in enumerate(zip(positions, labels, strict=True)):
            spread[position] = label
            if at and labels[at - 1] == label:
                gap = range(positions[at - 1] + 1, position)
                spread[gap.start : gap.stop] = [label] * len(gap)
        return spread


def _passages(left: _Side, right: _Side) -> list[_Passage]:
    """Common stretches of at least `PASSAGE_RUN` letters, in the order of the left text.

    Each letter belongs to one passage at most; quotations belong to none.
    """
    seeds: dict[str, list[int]] = defaultdict(list)
    for at, run in enumerate(_runs(right.letters.text, PASSAGE_RUN)):
        seeds[run].append(at)
    taken = bytearray(right.quoted)
    passages = []
    at = 0
    while at <= len(left.quoted) - PASSAGE_RUN:
        starts = seeds.get(left.letters.text[at : at + PASSAGE_RUN], [])[:_SEEDS_TRIED]
        found = [_Passage(at, start, _common(left, right, taken, at, start)) for start in starts]
        best = max(found, key=lambda passage: passage.length, default=_Passage(at, 0, 0))
        if best.length < PASSAGE_RUN:
            at += 1
            continue
        taken[best.right : best.right + best.length] = b"\x01" * best.length
        passages.append(best)
        at += best.length
    return passages


def _common(left: _Side, right: _Side, taken: bytearray, at: int, start: int) -> int:
    """How many letters from `at` on the left and `start` on the right are the same and free."""
    pairs = zip(left.letters.text[at:], right.letters.text[start:], strict=False)
    length = 0
    for one, other in pairs:
        if one != other or left.quoted[at + length] or taken[start + length]:
            break
        length += 1
    return length
