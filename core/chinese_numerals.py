"""Numbers as official documents write them: 12, １２, 十二, 二〇二二, 两, 3千, 1.5万."""

import re

DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "○": 0,
    "Ｏ": 0,
    "两": 2,
    "壹": 1,
    "贰": 2,
    "叁": 3,
}
SMALL_UNITS = {"十": 10, "百": 100, "千": 1000}
BIG_UNITS = {"万": 10_000, "亿": 100_000_000}
#: Longer runs are not numbers anybody wrote on purpose.
LONGEST = 12

#: A character class body for use inside other patterns.
NUMERAL_CHARS = "0-9０-９〇○零一二三四五六七八九十百千万两"

_ARABIC = re.compile(r"(\d{1,9})(?:\.(\d{1,4}))?([百千万亿]?)")


def parse_number(text: str) -> int | None:
    """The whole number `text` stands for, or None if it is not one.

    Four or more bare digits are read one by one (二〇二二 is 2022), as years are written.
    """
    text = "".join(text.split())
    if not text or len(text) > LONGEST:
        return None
    arabic = _ARABIC.fullmatch(text)
    if arabic:
        return _arabic(arabic)
    if all(char in DIGITS for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    return _with_units(text)


def _arabic(match: re.Match[str]) -> int | None:
    whole, fraction, unit = match[1], match[2] or "", match[3]
    factor = SMALL_UNITS.get(unit) or BIG_UNITS.get(unit) or 1
    scaled = int(whole + fraction) * factor
    value, rest = divmod(scaled, 10 ** len(fraction))
    return None if rest else value


def _with_units(text: str) -> int | None:
    """十二, 一百零五, 三万二千: a digit before each unit, which may be left out before 十."""
    total = section = 0
    digit: int | None = None
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in SMALL_UNITS:
            section += (1 if digit is None else digit) * SMALL_UNITS[char]
            digit = None
        elif char in BIG_UNITS:
            total += (section + (digit or 0)) * BIG_UNITS[char]
            section, digit = 0, None
        else:
            return None
    return total + section + (digit or 0)
