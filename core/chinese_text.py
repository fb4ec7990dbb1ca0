"""How Chinese text is cleaned, folded for search, counted, dated, listed and sorted here.

Numerals are half-width and punctuation full-width; numbers are written out with thousands
separators (never 1.2万), because every figure must be comparable with its source.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import chain

from core.local_time import local

#: Stands where a figure cannot be given. Never 0: nothing counted is not the same as none.
EMPTY = "—"

# --- Cleaning what people send ---------------------------------------------------------

# Controls except TAB and LF, bidi controls (they make text read otherwise than it is stored),
# zero-width space, word joiner and BOM, interlinear annotation, tags, noncharacters. Joiners
# (U+200C, U+200D) and variation selectors stay: rare characters and emoji need them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e007f]"
)
_LINE_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"\s+")
#: Marks kept after one base character. Unicode's own stream-safe limit is 30; no language
#: needs a third of that, and normalising 40,000 marks in a row takes 1.2 s (quadratic).
_MARKS_KEPT = 8


@cache
def _excess_marks() -> re.Pattern[str]:
    marks = "".join(re.escape(char) for char in map(chr, range(0x300, 0x20000)) if _is_mark(char))
    return re.compile(f"([{marks}]{{{_MARKS_KEPT}}})[{marks}]+")


def _is_mark(char: str) -> bool:
    return unicodedata.combining(char) != 0


def _mend_surrogates(text: str) -> str:
    """Join surrogate pairs into the character they mean and drop the lone ones."""
    if not _SURROGATES.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


def clean_text(text: str) -> str:
    """What a person typed, without anything they could not have meant to type.

    Drops NUL and other controls, bidi overrides, invisible characters, lone surrogates and
    piled-up combining marks; every line break becomes LF; white space at the ends goes.
    The result is NFC, can be stored in PostgreSQL, and cleaning it again changes nothing.
    """
    text = _UNWANTED.sub("", _LINE_BREAKS.sub("\n", _mend_surrogates(text)))
    if not text.isascii():
        text = unicodedata.normalize("NFC", _excess_marks().sub(r"\1", text))
    return text.strip()


def clean_line(text: str) -> str:
    """`clean_text` for a name or title: any run of white space becomes one space."""
    return _SPACES.sub(" ", clean_text(text))


# --- Searching -------------------------------------------------------------------------

# Full-width punctuation that NFKC would turn into ASCII; in Chinese it is not a variant.
_CHINESE_PUNCTUATION = re.compile("([！（），：；？…—～“”‘’])")


def fold_for_search(text: str) -> str:
    """The form in which text is compared: ＡＢＣ１２３ and abc123 are the same.

    Width, case, compatibility forms (㎡, ①) and white space are folded. Chinese punctuation
    stays. Apply it to both sides; the result is not meant to be shown.
    """
    pieces = _CHINESE_PUNCTUATION.split(clean_line(text))
    pieces[::2] = [unicodedata.normalize("NFKC", piece).casefold() for piece in pieces[::2]]
    return _SPACES.sub(" ", "".join(pieces)).strip()


# --- Numbers ---------------------------------------------------------------------------


def number(value: int) -> str:
    """Written out with thousands separators: 8645 → “8,645”."""
    return f"{value:,}"


def counted(value: int, measure: str) -> str:
    """A figure with its measure word: 312, 场 → “312场”; 8645, 人次 → “8,645人次”."""
    return f"{number(value)}{measure}"


def share(part: int, whole: int) -> str:
    """`part` of `whole` in per cent with one decimal, rounded half up: 132, 171 → “77.2%”.

    “100%” and “0%” mean exactly that: 9,999 of 10,000 is “99.9%”, 1 of 10,000 is “0.1%”.
    With nothing to divide by the answer is “—”. Raises ValueError unless 0 ≤ part ≤ whole.
    """
    if not 0 <= part <= whole:
        raise ValueError(f"{part} is not a part of {whole}")
    if whole == 0:
        return EMPTY
    if part in {0, whole}:
        return "100%" if part else "0%"
    percent = (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{min(max(percent, Decimal('0.1')), Decimal('99.9'))}%"


def share_of(part: int, whole: int, denominator: str) -> str:
    """A percentage that names what it is a percentage of: “占已答复的77.2%”."""
    return f"占{denominator}的{share(part, whole)}"


_DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_NUMERAL_LIMIT = 9_999


def chinese_numeral(value: int) -> str:
    """十, 十一, 二十, 一百零一 … Raises ValueError outside 1–9,999."""
    if not 1 <= value <= _NUMERAL_LIMIT:
        raise ValueError(f"{value} is not between 1 and {_NUMERAL_LIMIT}")
    figures = [int(figure) for figure in str(value)]
    written = "".join(
        _DIGITS[figure] + _PLACES[len(figures) - place] if figure else "零"
        for place, figure in enumerate(figures, start=1)
    )
    written = re.sub("零+", "零", written).rstrip("零")
    return written.removeprefix("一") if written.startswith("一十") else written


_LEVELS = {1: "{numeral}、", 2: "（{numeral}）", 3: "{value}.", 4: "（{value}）"}


def ordinal(value: int, level: int = 1) -> str:
    """The number before a heading of an official document: 一、 then （一） then 1. then （1）."""
    if level not in _LEVELS:
        raise ValueError(f"level {level} is not one of 1, 2, 3, 4")
    return _LEVELS[level].format(numeral=chinese_numeral(value), value=value)


# --- Dates and times -------------------------------------------------------------------


def chinese_date(day: date) -> str:
    """2019年9月6日. A moment is dated by the campus clock."""
    day = _day(day)
    return f"{day.year}年{_month_day(day)}"


def month_day(day: date) -> str:
    """9月6日, for places where the year stands beside it."""
    return _month_day(_day(day))


def weekday(day: date) -> str:
    """周一 … 周日."""
    return f"周{'一二三四五六日'[_day(day).weekday()]}"


def date_range(first: date, last: date) -> str:
    """2019年9月16日—20日; month and year are repeated only when they change.

    Raises ValueError if `last` is before `first`.
    """
    first, last = _day(first), _day(last)
    if last < first:
        raise ValueError(f"{last} is before {first}")
    if last == first:
        return chinese_date(first)
    if last.year != first.year:
        end = chinese_date(last)
    elif last.month != first.month:
        end = _month_day(last)
    else:
        end = f"{last.day}日"
    return f"{chinese_date(first)}—{end}"


def clock_time(moment: datetime) -> str:
    """14:00 on the campus clock."""
    return f"{local(moment):%H:%M}"


def chinese_moment(moment: datetime) -> str:
    """2019年9月16日14:00 on the campus clock."""
    return f"{chinese_date(moment)}{clock_time(moment)}"


def time_range(start: datetime, end: datetime) -> str:
    """14:00—16:00; the next day is named: 22:00—9月17日01:00.

    Raises ValueError if `end` is before `start`.
    """
    if end < start:
        raise ValueError(f"{end.isoformat()} is before {start.isoformat()}")
    if _day(start) == _day(end):
        return f"{clock_time(start)}—{clock_time(end)}"
    return f"{clock_time(start)}—{_month_day(_day(end))}{clock_time(end)}"


def _day(day: date) -> date:
    return local(day).date() if isinstance(day, datetime) else day


def _month_day(day: date) -> str:
    return f"{day.month}月{day.day}日"


# --- Lists and excerpts ----------------------------------------------------------------


def joined(items: Iterable[str], most: int = 0, measure: str = "项") -> str:
    """教工部、教务处、组织部; with `most`: 教工部、教务处等12个单位 (the total is named).

    `measure` is what follows the total, for example “个单位”.
    """
    listed = list(items)
    if not most or len(listed) <= most:
        return "、".join(listed)
    return f"{'、'.join(listed[:most])}等{counted(len(listed), measure)}"


_JOINERS = {"\u200d", *map(chr, chain(range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)))}


def _continues(text: str, at: int) -> bool:
    """Whether the character at `at` belongs to the one before it."""
    return text[at] in _JOINERS or text[at - 1] == "\u200d" or _is_mark(text[at])


def excerpt(text: str, length: int) -> str:
    """The beginning of `text` on one line: at most `length` characters and then “…”.

    A character is never parted from its accents, variation selector or emoji sequence, and
    no opening quote or bracket is left hanging before the “…”.
    """
    line = _SPACES.sub(" ", text).strip()
    if len(line) <= length:
        return line
    end = length
    while end > 0 and _continues(line, end):
        end -= 1
    return f"{line[:end].rstrip(' “‘（《【、，')}…"


# --- Sorting ---------------------------------------------------------------------------

# As a surname the character is read otherwise than in words; pypinyin gives the word's reading.
_SURNAMES = {
    "曾": "zeng1", "单": "shan4", "解": "xie4", "翟": "zhai2", "盖": "ge3", "覃": "qin2",
    "朴": "piao2", "查": "zha1", "区": "ou1", "仇": "qiu2", "任": "ren2", "华": "hua4",
    "缪": "miao4", "乐": "yue4", "员": "yun4", "繁": "po2", "种": "chong2", "那": "na1",
}  # fmt: skip
_COMPOUND_SURNAMES = {"单于": ("chan2", "yu2")}


def pinyin_key(text: str) -> str:
    """A key that sorts units, titles and the like as a Chinese dictionary would.

    Plain string order of the keys is the order, in Python and in a column with C collation.
    Syllable, tone and then the character decide, so all 张 stand together before all 章.
    """
    return _key(text, _readings(text))


def name_key(name: str) -> str:
    """`pinyin_key` for a person, whose first character is a surname: 单 is Shàn, not Dān."""
    readings = _readings(name)
    if name[:2] in _COMPOUND_SURNAMES:
        readings[:2] = _COMPOUND_SURNAMES[name[:2]]
    elif name[:1] in _SURNAMES:
        readings[0] = _SURNAMES[name[0]]
    return _key(name, readings)


def _readings(text: str) -> list[str]:
    """One reading for each character; a character without one is its own reading."""
    from pypinyin import Style, pinyin  # its dictionaries take 0.25 s to load

    readings = pinyin(
        text,
        style=Style.TONE3,
        errors=list,  # type: ignore[arg-type]  # its stub forgets that a list is allowed
    )
    return [choices[0] for choices in readings]


def _key(text: str, readings: list[str]) -> str:
    return " ".join(
        char.casefold() if char == reading else f"{reading}{char}"
        for char, reading in zip(text, readings, strict=True)
    )
