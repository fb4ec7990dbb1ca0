"""Long titles, broken where a reader would pause."""


def break_by_sense(text: str, most: int) -> tuple[str, ...]:
    """A title in lines of at most `most` characters, broken where a reader would pause.

    As few lines as possible, of like length, never inside 《》 if that can be avoided.
    """
    lines = -(-len(text) // most)
    if lines <= 1:
        return (text,)
    aim = len(text) / lines
    reach = range(1, min(most, len(text) - 1) + 1)
    end = max(reach, key=lambda at: _pause(text, at) - abs(at - aim))
    return (text[:end], *break_by_sense(text[end:], most))


#: How good a place it is to break a title after these words or marks.
_PAUSES = (
    ("”建设", 8),
    ("》", 8),
    ("工作", 7),
    ("建设", 7),
    ("，", 6),
    ("、", 4),
    ("的", 3),
    ("和", -4),
)
_OPENING, _CLOSING = "《“（〔", "》”）〕、，。的和与"


def _pause(text: str, at: int) -> int:
    """Higher is better; the inside of 《》 and “” is bad, a line may not start with a mark."""
    before, after = text[:at], text[at:]
    if after[0] in _CLOSING or before[-1] in _OPENING:
        return -100
    inside = sum(before.count(mark) for mark in "《“") - sum(before.count(mark) for mark in "》”")
    best = max((value for word, value in _PAUSES if before.endswith(word)), default=0)
    return best - 20 * (inside > 0)
