"""Which kinds of unit a wording such as 各基层党委、党总支 addresses."""

import re

#: Longer wordings come first, so that 直属党支部 is not read as 党支部 of something else.
_KINDS = (
    (re.compile("二级党组织|基层党组织|党组织"), ("grassroots_committee", "general_branch")),
    (re.compile("各单位|单位"), ("all",)),
    (re.compile("基层党委|二级党委|党委"), ("grassroots_committee",)),
    (re.compile("党总支|总支"), ("general_branch",)),
    (re.compile("党支部|支部"), ("branch",)),
    (re.compile("部门|处室|科室|学院|系部|院系|教学部|教研室|系$"), ("department",)),
)


def unit_kinds_in(wording: str) -> tuple[str, ...]:
    """Unit kinds in the order of the organisation; empty for people (党员, 教师) or nothing."""
    rest = re.sub(
        "理论学习中心组|党委(?:宣传|组织|学生|教师)|团总支|团支部|校党委|学校党委", "", wording
    )
    kinds: dict[str, None] = {}
    for pattern, names in _KINDS:
        if pattern.search(rest):
            kinds |= dict.fromkeys(names)
            rest = pattern.sub("、", rest)
    return tuple(kinds)
