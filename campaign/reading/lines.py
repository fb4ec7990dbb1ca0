"""A plan's text made even, cut into lines and sentences.

Everything later speaks of places (offsets) in `PlanText.text`, the tidied text a person is shown.
`PlanText.even` is the same text in one character width, for patterns; places agree.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from campaign.reading.columns import tabulated
from core.chinese_numerals import parse_number
from core.chinese_width import even_width

_LINE_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_SENTENCE_MARK = re.compile(r"[（）]|[。；！？][”’）》]{0,3}|\n")
_LONGEST_SENTENCE = 2000
#: A full stop typed as a point: after Chinese, and not before a digit or a letter.
_HALF_STOP = re.compile(r"(?<=[\u4e00-\u9fff）”》])\.(?=[\s\u4e00-\u9fff（“《]|$)")
_ENDS_SENTENCE = tuple("。；：！？”）:;!?)")

#: A page that was wrapped by hand: at least so many lines, most of them nearly full.
_WRAPPED_LINES = 12
_OPENS = re.compile(
    r"[一二三四五六七八九十]{1,3}[、是]|（[一二三四五六七八九十0-9]{1,3}）|[0-9]{1,2}[.、]|[①-⑳]|附件"
    r"|第[一二三四五六七八九十0-9]{1,3}(?:阶段|步|章|部分|环节)"
    r"|[\u4e00-\u9fff]{2,16}[〔\[（](?:19|20)[0-9]{2}[〕\]）]"
)
_FULL_SHARE = 0.3
_NARROWEST, _WIDEST = 15, 60
_RAGGED = 8

_INLINE_MARK = re.compile(
    r"(?<=[。；：，\s])"
    r"(?:(?P<cn>[一二三四五六七八九十]{1,3})、"
    r"|（(?P<cn_paren>[一二三四五六七八九十]{1,3})）"
    r"|(?P<num>[0-9]{1,2})[.、](?![0-9](?![0-9]{0,3}[年月]))"
    r"|（(?P<num_paren>[0-9]{1,2})）"
    r"|(?P<circled>[①-⑳]))(?=\s{0,2}\S)"
)
_LINE_MARK = re.compile(
    r"(?:(?P<cn>[一二三四五六七八九十]{1,3})、"
    r"|（(?P<cn_paren>[一二三四五六七八九十]{1,3})）"
    r"|(?P<num>[0-9]{1,2})[.、](?![0-9](?![0-9]{0,3}[年月]))"
    r"|（(?P<num_paren>[0-9]{1,2})）"
    r"|(?P<circled>[①-⑳]))"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence (up to 。；！？ or the end of its line) and its place."""

    text: str
    start: int
    end: int


class PlanText:
    """The tidied text with its lines and sentences."""

    def __init__(self, raw: str) -> None:
        self.text = tidy(raw)
        self.even = _HALF_STOP.sub("。", even_width(self.text))
        self.sentences = tuple(_sentences(self.text, self.even))
        self._breaks: dict[int, list[int]] = {}
        self._starts = [sentence.start for sentence in self.sentences]

    def sentence_at(self, place: int) -> Sentence:
        """The sentence that contains `place`, or the nearest one before it."""
        position = bisect_right(self._starts, place) - 1
        if position < 0:
            return self.sentences[0] if self.sentences else Sentence("", 0, 0)
        return self.sentences[position]

    def clause_breaks(self, sentence: Sentence) -> list[int]:
        """Places of the commas and stops of a sentence that stand outside brackets."""
        if sentence.start not in self._breaks:
            self._breaks[sentence.start] = _clause_breaks(self.even, sentence)
        return self._breaks[sentence.start]

    def sentences_between(self, start: int, end: int) -> tuple[Sentence, ...]:
        """Sentences that begin within [start, end)."""
        return self.sentences[
            bisect_right(self._starts, start - 1) : bisect_right(self._starts, end - 1)
        ]


def _clause_breaks(even: str, sentence: Sentence) -> list[int]:
    depth, places = 0, []
    for place, char in enumerate(even[sentence.start : sentence.end], sentence.start):
        if char in "（“《【":
            depth += 1
        elif char in "）”》】":
            depth = max(0, depth - 1)
        elif char in "，。；！？" and not depth:
            places.append(place)
    return places


def tidy(raw: str) -> str:
    """One paragraph a line, no invisible characters, numbered items on lines of their own."""
    text = _LINE_BREAKS.sub("\n", raw)
    text = _SURROGATES.sub("\ufffd", text)
    text = _INVISIBLE.sub("", text)
    lines = [_strip(line) for line in text.split("\n")]
    lines = tabulated([line for line in lines if line])
    lines = _join_wrapped(lines)
    if lines:
        lines[:1] = _part_title_from_body(lines[0])
    return "\n".join(_break_before_items(lines))


_FLATTENED = 200
_TITLE_THEN_BODY = re.compile(
    r"(.{6,120}?(?:通知|方案|意见|计划|办法)) (?=\S)(?:([^：]{2,60}：) )?"
)


def _part_title_from_body(line: str) -> list[str]:
    """A text whose line ends were all lost: put its title and recipients on lines again."""
    match = _TITLE_THEN_BODY.match(even_width(line)) if len(line) > _FLATTENED else None
    if not match:
        return [line]
    cuts = [0, match.end(1), *([match.end(2)] if match[2] else []), len(line)]
    return [_strip(line[start:end]) for start, end in pairwise(cuts)]


def _strip(line: str) -> str:
    return line.strip(" \u3000\u00a0\t\u2002\u2003\u2009")


def _join_wrapped(lines: list[str]) -> list[str]:
    """Undo hard line ends, if the page as a whole looks wrapped at one width; rows stay rows."""
    width = _wrap_width([line for line in lines if "\t" not in line])
    if not width:
        return lines
    joined: list[str] = []
    previous_was_full = False
    for line in lines:
        is_row = "\t" in line
        if joined and previous_was_full and not is_row and not _OPENS.match(even_width(line)):
            joined[-1] += line
        else:
            joined.append(line)
        is_full = _columns(line) > width - _RAGGED and not line.endswith(("。", "："))
        previous_was_full = is_full and not is_row
    return joined


def _wrap_width(lines: list[str]) -> int:
    """The width, in half-width columns, at which the page was wrapped; 0 if it was not.

    A wrapped page has no long line, many lines that are nearly full, and most of those break
    off in the middle of a sentence.
    """
    widths = [_columns(line) for line in lines]
    if (
        not widths
        or len(lines) < _WRAPPED_LINES
        or not 2 * _NARROWEST <= max(widths) <= 2 * _WIDEST
    ):
        return 0
    width = max(widths)
    full = [line for line, columns in zip(lines, widths, strict=True) if columns > width - _RAGGED]
    broken_off = sum(not line.endswith(_ENDS_SENTENCE) for line in full)
    is_wrapped = len(full) >= _FULL_SHARE * len(lines) and 2 * broken_off >= len(full)
    return width if is_wrapped else 0


def _columns(line: str) -> int:
    """Half-width columns; of a line beyond any page width only that it is too long."""
    if len(line) > 2 * _WIDEST:
        return len(line)
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in line)


def _break_before_items(lines: list[str]) -> list[str]:
    """Put `1.…；2.…；3.…` inside one paragraph on lines of their own, if they count up."""
    broken: list[str] = []
    for line in lines:
        cuts = _item_starts(line)
        for start, end in pairwise([0, *cuts, len(line)]):
            piece = _strip(line[start:end])
            if piece:
                broken.append(piece)
    return broken


def _item_starts(line: str) -> list[int]:
    """Where items after the first begin; a lone mark, or one out of order, is plain text."""
    even = even_width(line)
    runs: dict[str, list[list[tuple[int, int]]]] = {}
    opening = _LINE_MARK.match(even)
    if opening:
        kind, number = _mark(opening)
        runs[kind] = [[(0, number)]]
    for match in _INLINE_MARK.finditer(even):
        kind, number = _mark(match)
        of_kind = runs.setdefault(kind, [])
        if number == 1:
            of_kind.append([(match.start(), number)])
        elif of_kind and number == of_kind[-1][-1][1] + 1:
            of_kind[-1].append((match.start(), number))
    return sorted(
        place
        for of_kind in runs.values()
        for run in of_kind
        if len(run) > 1
        for place, _ in run
        if place
    )


def _mark(match: re.Match[str]) -> tuple[str, int]:
    kind = str(match.lastgroup)
    text = match[kind]
    number = ord(text) - ord("①") + 1 if kind == "circled" else parse_number(text)
    return kind, number or 0


def _sentences(text: str, even: str) -> list[Sentence]:
    """Cut after 。！？ and at line ends, and after ； where no bracket is open."""
    found: list[Sentence] = []
    start = depth = 0
    for match in _SENTENCE_MARK.finditer(even):
        mark = match[0][0]
        if mark == "（":
            depth += 1
            continue
        if mark == "）":
            depth = max(0, depth - 1)
            continue
        if mark == "；" and depth and match.end() - start < _LONGEST_SENTENCE:
            continue
        _keep(found, text, start, match.start() if mark == "\n" else match.end())
        start, depth = match.end(), 0 if mark == "\n" else depth
    _keep(found, text, start, len(text))
    return found


def _keep(found: list[Sentence], text: str, start: int, end: int) -> None:
    """Add [start, end) without blanks around it, in pieces if it is endless."""
    for first in range(start, end, _LONGEST_SENTENCE):
        piece = text[first : min(first + _LONGEST_SENTENCE, end)]
        lead = len(piece) - len(piece.lstrip())
        piece = piece.strip()
        if piece:
            found.append(Sentence(piece, first + lead, first + lead + len(piece)))
