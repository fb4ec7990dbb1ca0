"""Who leads or answers for a part of the plan, in the plan's order."""

import re

from campaign.reading.lines import PlanText
from campaign.reading.organisations import read_organisations
from campaign.reading.places import Places

_CLOSING = re.compile(r"（([^（）\n]{2,160})）[。；]?[ ]{0,3}(?=\n|$)")
_ROLE = (
    r"(?:总?牵头|责任|负责|主办|承办|协办|配合|协助|主责|参与|参加|实施|落实|组织|主管)"
    r"(?:和(?:配合|责任|参与))?(?:单位|部门|处室|科室|学院|组织|主体|机构|方|人)"
    r"|(?:主办|承办|协办|牵头|负责|配合|组织者)(?=\s{0,2}：)"
)
_LABELLED = re.compile(rf"({_ROLE})\s{{0,2}}(?:：|\n)\s{{0,2}}([^。\n]{{2,200}})")
_INLINE = re.compile(
    r"由([^，。；：（）\n]{2,60}?)(?:共同|联合|具体|统一|分别)?(?:牵头|负责|主办|承办|组织实施|自行组织|组织开展|组织(?=[，。；）\n]|$))"
)
_LEADS = re.compile(
    r"(?:(?<=[，。；：\n（])|^)([^，。；：（）\n]{2,40}?)(?:总?牵头|主办|承办|具体负责)"
)
_HELPS = re.compile(r"[，、；]([^，。；：（）\n]{2,60}?)(?:协助|配合|参与|协办)(?=[）。；，\n]|$)")
_NEXT_LABEL = re.compile(rf"；(?!\s?{_ROLE})")


def departments_between(plan: PlanText, start: int, end: int) -> tuple[str, ...]:
    """Departments named in [start, end): in closing parentheses or after a label.

    Only where there is neither, `由…牵头` in running text counts.
    """
    even, text = plan.even, plan.text
    labelled = [_labelled_place(even, match) for match in _LABELLED.finditer(even, start, end)]
    known = Places(labelled)
    closing = [match.span(1) for match in _CLOSING.finditer(even, start, end)]
    places = labelled + [place for place in closing if not known.touch(*place)]
    names = _read(text, places)
    if names:
        return names
    inline = [
        match.span(1)
        for pattern in (_INLINE, _LEADS, _HELPS)
        for match in pattern.finditer(even, start, end)
    ]
    return _read(text, inline)


def _labelled_place(even: str, match: re.Match[str]) -> tuple[int, int]:
    """From the label, which tells that departments follow, to where they end."""
    stop = _NEXT_LABEL.search(even, *match.span(2))
    return match.start(1), stop.start() if stop else match.end(2)


def closing_parenthesis(plan: PlanText, start: int, end: int) -> tuple[int, int] | None:
    """Where a parenthesis that only names departments closes [start, end), if one does."""
    last = None
    for match in _CLOSING.finditer(plan.even, start, end):
        if match.end() >= end - 2 and read_organisations(plan.text[slice(*match.span(1))]):
            last = match.span()
    return last


def _read(text: str, places: list[tuple[int, int]]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for start, end in sorted(places):
        names |= dict.fromkeys(read_organisations(text[start:end]))
    return tuple(names)
