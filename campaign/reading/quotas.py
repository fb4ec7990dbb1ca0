"""How many of what each unit owes: 各党总支不少于5条, 撰写1—2篇, 人均不少于1条, 1500字以上."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from campaign.reading.addressees import THINGS, Addressee, addressees
from campaign.reading.lines import PlanText, Sentence
from campaign.reading.outline import Section
from campaign.reading.passages import brackets_around, inner_clause, past_heading, trimmed
from campaign.reading.places import Places
from campaign.reading.proposal import Found, Quota, found
from core.chinese_numerals import NUMERAL_CHARS, parse_number

_NUMBER = rf"(?:[0-9]{{1,6}}(?:\.[0-9])?|[{NUMERAL_CHARS}]{{1,6}})"
_MEASURE = (
    r"余?(?:个百分点|学时|课时|小时|分钟|人次|万字|千字|字符|个字|字|条次|条|篇次|篇|场次|场|次|份|个|名|人|项|件|期|门|节|幅|部|本"
    r"|组|封|张|页|块|堂|例|户|家|轮|批次|遍|首|集|则|位|周|天|个月|月|日|年|%|期|课|讲|组|支|项次|人份|册|间|处|台|辆|款|类|副|盘|枚|节次|人天)"
)
_AT_LEAST = "不少于|不得少于|不低于|不得低于|至少|最少|不能少于|应不少于|多于|达到|不小于|须达|≥"
_AT_MOST = "不超过|不得超过|不多于|不得多于|最多|至多|限报|限|控制在|不能超过|不高于|不宜超过|≤"
_GAP = r"[^，。；：、0-9\n“”《》]{0,14}?"
_BOUNDED = re.compile(
    rf"(?P<bound>{_AT_LEAST}|{_AT_MOST}){_GAP}\s?(?P<low>{_NUMBER})"
    rf"\s?(?:(?:—|-|至|到){{1,2}}\s?(?P<high>{_NUMBER}))?\s?(?P<measure>{_MEASURE})"
)
_RANGED = re.compile(
    rf"(?<![0-9{NUMERAL_CHARS}.年月第])(?P<low>{_NUMBER})\s?(?:(?:—|-|至|到){{1,2}})\s?(?P<high>{_NUMBER})\s?(?P<measure>{_MEASURE})(?!前|以前|内召)"
)
_EDGED = re.compile(
    rf"(?<![0-9{NUMERAL_CHARS}.—年第月\-])(?P<low>{_NUMBER})\s?(?P<measure>{_MEASURE})\s?(?:（含）)?(?P<edge>以上|及以上|以内|之内|以下|左右|内)"
    r"(?!的(?:学校|单位|支部|党支部|班级|部门|学院|企业|村|社区))"
)
_VERB = (
    "开展|撰写|提交|报送|推荐|组织|召开|举办|形成|提出|征集|上报|申报|完成|确定|明确|指定|选派|遴选|选树|选报|交流"
    "|参加|讲授|讲|上|读|写|学习|推选|推送|打造|培育|选取|建立|收集|梳理|选送|进行|解决|结对|联系|落实|安排"
    "|提炼|凝练|总结|制作|录制|发布|刊发|举行|派|听|学|配备|走访|制定|拟定|选拔|招募|组建|出|交|作|写出|拍摄|牵头|领办|承担|包联|帮扶"
)
_EXACT = re.compile(
    rf"(?P<verb>{_VERB})(?:好|出|了|不同|一线|优秀|典型|相关|专题|集中|前)?"
    rf"\s?(?P<low>{_NUMBER})\s?(?P<measure>{_MEASURE})"
)
_EXACT_AFTER = re.compile(
    rf"(?P<verb>{_VERB})(?:“[^“”\n]{{1,24}}”|[^，。；：、0-9\n“”]){{1,12}}?(?P<low>{_NUMBER})\s?(?P<measure>{_MEASURE})"
    r"(?=[，。；、）（ ]|$)"
)
_EXACT_MADE_UP = re.compile(
    rf"由(?P<low>{_NUMBER})\s?(?P<measure>[名人位])[^，。；：、]{{0,10}}?组成"
)
#: A further thing in a list that began with an amount: …总结1份、照片3张, …、两项举措.
_EXACT_LISTED = re.compile(
    rf"[、和及](?:[^，。；：、0-9\n“”]{{1,12}}?)?(?P<low>{_NUMBER})\s?(?P<measure>{_MEASURE})"
    r"(?=[，。；、）（ ]|$|[^，。；：、0-9]{2,12}(?:[，。；、）]|$))"
)
_EXACT_EACH = re.compile(
    rf"(?:每个?[^，。；：、0-9\n“”每]{{1,6}}?|各)(?P<low>{_NUMBER})\s?(?P<measure>{_MEASURE})"
    r"(?=[，。；、）（ ]|$)"
)
_GOAL = re.compile("目标(?:任务|要求)?$")
_PRIZE = re.compile("[一二三特]等奖|优秀奖|名额")
_PERIOD_EACH = re.compile(
    r"每(?:个)?(?:月|周|季度|学期|年|学年|半年|半月|两周|次|天|日|期|场|节|篇|条|项|份)"
)
_NOT_A_QUOTA = re.compile(r"(?:第|近|共|满|建党|成立|周年|获得|荣获|已|全校|累计|现有|目前|超过)$")
_NOT_RANGED = frozenset({"月", "日", "年", "分钟", "小时"})
_EXACT_MEASURES = frozenset("条篇场次份名人项件期门节幅部本例堂讲则字个位遍张支册课间处台款组") | {
    "学时",
    "课时",
    "场次",
    "人次",
}
_ITEM = re.compile("[（]?[0-9一二三四五六七八九十]{1,2}[）.、]|[①-⑳]")
_CLAUSE_END = re.compile("[，。；：]")
_LONGEST_TEXT = 80
_CLAUSE_REACH = 60
_SIDE_BY_SIDE = 3


@dataclass(frozen=True, slots=True)
class _Amount:
    start: int
    end: int
    least: int | None
    most: int | None
    measure: str
    is_exact: bool = False


def read_quotas(plan: PlanText, root: Section, taken: Places) -> tuple[Found[Quota], ...]:
    """Quotas in the plan's order; amounts inside `taken` places (dates, targets) are left out.

    So is what a section about goals promises without saying who owes it.
    """
    goals = Places(
        (section.body_start, section.end) for section in root.walk() if _GOAL.search(section.title)
    )
    quotas: list[Found[Quota]] = []
    leading: list[Addressee] = []
    for sentence in plan.sentences:
        even = plan.even[sentence.start : sentence.end]
        amounts = _amounts(even)
        if even.endswith("："):
            leading = addressees(plan, sentence)
        elif not _ITEM.match(even):
            leading = []
        units = addressees(plan, sentence) if amounts else []
        units = units or leading
        for amount in amounts:
            start, end = sentence.start + amount.start, sentence.start + amount.end
            if taken.touch(start, end):
                continue
            unit = _addressed(units, end - 1)
            quota = _quota(plan, sentence, unit, amount)
            if quota and (unit or not (goals.touch(start, end) or _is_share(quota.value))):
                quotas.append(quota)
    return tuple(_merged(plan, quotas))


def _is_share(quota: Quota) -> bool:
    """抽查不少于总数的50% is owed by nobody; 参学率不低于95% is a rule for all."""
    return quota.measure_word in {"%", "个百分点"} and not re.search("率|面", quota.text)


def _amounts(even: str) -> list[_Amount]:
    if not re.search(f"[{NUMERAL_CHARS}]", even):
        return []
    found_here: list[_Amount] = []
    taken = bytearray(len(even))
    for pattern, read in (
        (_BOUNDED, _bounded),
        (_RANGED, _ranged),
        (_EDGED, _edged),
        (_EXACT, _exact),
        (_EXACT_AFTER, _exact),
        (_EXACT_EACH, _exact),
        (_EXACT_MADE_UP, _exact),
    ):
        for match in pattern.finditer(even):
            start, end = match.span()
            amount = None if any(taken[start:end]) else read(match)
            if amount:
                found_here.append(amount)
                taken[start:end] = b"\1" * (end - start)
    for match in _EXACT_LISTED.finditer(even):
        start, end = match.span("low")[0], match.end()
        goes_on = any(
            amount.end <= match.start() and not _CLAUSE_END.search(even, amount.end, start)
            for amount in found_here
        )
        amount = _exact(match) if goes_on and not any(taken[start:end]) else None
        if amount:
            found_here.append(amount)
            taken[start:end] = b"\1" * (end - start)
    return sorted(found_here, key=lambda amount: amount.start)


def _scaled(number: str, measure: str) -> int | None:
    value = parse_number(number)
    if value is None:
        return None
    return value * {"万字": 10_000, "千字": 1000}.get(measure, 1)


def _word(measure: str) -> str:
    return {"万字": "字", "千字": "字", "个字": "字", "字符": "字"}.get(
        measure, measure
    ).removeprefix("余")


def _bounded(match: re.Match[str]) -> _Amount | None:
    low, high = _scaled(match["low"], match["measure"]), match["high"]
    if low is None:
        return None
    if high:
        return _span(match, low, _scaled(high, match["measure"]))
    at_least = re.fullmatch(_AT_LEAST, match["bound"])
    return _span(match, low, None) if at_least else _span(match, None, low)


def _ranged(match: re.Match[str]) -> _Amount | None:
    low = _scaled(match["low"], match["measure"])
    high = _scaled(match["high"], match["measure"])
    if low is None or high is None or high <= low or match["measure"] in _NOT_RANGED:
        return None
    return _span(match, low, high)


def _edged(match: re.Match[str]) -> _Amount | None:
    value = _scaled(match["low"], match["measure"])
    if value is None or match["measure"] in {"日", "年", "月", "天", "周", "个月"}:
        return None
    edge = match["edge"]
    if edge in {"以内", "之内", "以下", "内"}:
        return None if edge == "内" and match["measure"] != "字" else _span(match, None, value)
    return _span(match, value, value if edge == "左右" else None)


def _exact(match: re.Match[str]) -> _Amount | None:
    value = _scaled(match["low"], match["measure"])
    is_copies = match.string.endswith("一式", 0, match.start("low"))
    if not value or is_copies or _word(match["measure"]) not in _EXACT_MEASURES:
        return None
    return _Amount(match.start(), match.end(), value, value, _word(match["measure"]), is_exact=True)


def _span(match: re.Match[str], least: int | None, most: int | None) -> _Amount:
    return _Amount(match.start(), match.end(), least, most, _word(match["measure"]))


def _quota(
    plan: PlanText, sentence: Sentence, unit: Addressee | None, amount: _Amount
) -> Found[Quota] | None:
    start, end = sentence.start + amount.start, sentence.start + amount.end
    if amount.is_exact and _NOT_A_QUOTA.search(plan.even[max(sentence.start, start - 4) : start]):
        return None
    if unit is None and amount.is_exact and not _per_period(plan.even, sentence.start, start):
        return None
    if plan.even.count("“", sentence.start, start) > plan.even.count("”", sentence.start, start):
        return None  # a rule quoted from elsewhere
    if amount.is_exact and _PRIZE.search(plan.even, max(sentence.start, start - 8), end):
        return None
    first, last = _clauses(plan, sentence, start, end, unit.start if unit else None)
    value = Quota(
        text=plan.text[first:last],
        unit=unit.name if unit else None,
        least=amount.least,
        most=amount.most,
        measure_word=amount.measure,
    )
    return found(plan, value, first, last)


def _per_period(even: str, begin: int, start: int) -> bool:
    clause = re.split("[，。；：]", even[max(begin, start - _CLAUSE_REACH) : start])[-1]
    return _PERIOD_EACH.search(clause) is not None


def _addressed(units: list[Addressee], before: int) -> Addressee | None:
    """The last addressee named before a place; 每班每个项目 speaks to the class."""
    named = units[: bisect_left([unit.start for unit in units], before)]
    if not named or named[-1].name not in THINGS:
        return named[-1] if named else None
    beside = [unit for unit in named if unit.name not in THINGS and named[-1].start - unit.end <= 1]
    return (beside or named)[-1]


def _clauses(
    plan: PlanText, sentence: Sentence, start: int, end: int, unit_start: int | None
) -> tuple[int, int]:
    """The clause around the amount, stretched back to the unit it speaks of."""
    inner = brackets_around(plan, sentence, start, end)
    if inner and (unit_start is None or unit_start >= inner[0]):
        return trimmed(plan, *inner_clause(plan, inner, start, end))
    breaks = [sentence.start - 1, *plan.clause_breaks(sentence), sentence.end]
    first = past_heading(plan, max(place for place in breaks if place < start) + 1, start)
    if unit_start is not None and unit_start < first and end - unit_start <= _LONGEST_TEXT:
        first = max(place for place in breaks if place < unit_start or place < sentence.start) + 1
        first = past_heading(plan, first, unit_start + 1)
        if end - first > _LONGEST_TEXT:
            first = unit_start
    return trimmed(plan, first, next(place for place in breaks if place >= end))


def _merged(plan: PlanText, quotas: list[Found[Quota]]) -> Iterator[Found[Quota]]:
    """不少于1个，不超过3个 is one quota with both ends."""
    position = 0
    while position < len(quotas):
        here = quotas[position]
        following = quotas[position + 1] if position + 1 < len(quotas) else None
        position += 1
        if following is None or not _complete_each_other(here, following):
            yield here
            continue
        first, second = here.value, following.value
        start, end = min(here.start, following.start), max(here.end, following.end)
        value = Quota(
            text=plan.text[start:end],
            unit=first.unit or second.unit,
            least=second.least if first.least is None else first.least,
            most=second.most if first.most is None else first.most,
            measure_word=first.measure_word,
        )
        yield Found(value, start, end, here.source)
        position += 1


def _complete_each_other(first: Found[Quota], second: Found[Quota]) -> bool:
    """Two amounts of one thing, side by side, of which one is a floor and one a ceiling."""
    one, two = first.value, second.value
    return (
        first.source == second.source
        and one.measure_word == two.measure_word
        and (one.least is None) != (two.least is None)
        and (one.most is None) != (two.most is None)
        and second.start - first.end <= _SIDE_BY_SIDE
    )
