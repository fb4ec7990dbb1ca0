"""One width for every character, without moving any of them.

Notices mix ( and （, ~ and —, 3 and ３. Patterns are written for one form; because the
translation keeps the length, a place found in the even text is the same place in the original.
"""

DASH = "—"

_TABLE: dict[int, str] = {ord("０") + n: str(n) for n in range(10)}
_TABLE |= {ord("Ａ") + n: chr(ord("A") + n) for n in range(26)}
_TABLE |= {ord("ａ") + n: chr(ord("a") + n) for n in range(26)}
_TABLE |= {ord(char): DASH for char in "–－―‐‑‒─━～~〜﹣−"}
_TABLE |= {ord(char): " " for char in "\u00a0\u3000\u2002\u2003\u2009\t"}
_TABLE |= dict(
    zip(
        map(ord, "(),;:!?﹙﹚︰︓﹔﹕〈〉<>"),
        "（），；：！？（）：：；：《》《》",
        strict=True,
    )
)
_TABLE |= {ord("．"): ".", ord("％"): "%", ord("／"): "/", ord("○"): "〇", ord("Ｏ"): "〇"}


def even_width(text: str) -> str:
    """`text` with digits and letters narrow, brackets and punctuation wide, dashes alike.

    The result has the same length, character for character.
    """
    return text.translate(_TABLE)
