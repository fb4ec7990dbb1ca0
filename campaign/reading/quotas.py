"""How many of what each unit owes: 各党总支不少于5条, 撰写1—2篇, 人均不少于1条, 1500字以上."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from campaign.reading.addressees import THINGS, Addressee, addressees
from campaign.reading.lines import PlanText, Sentence
from campaign.reading.passages import brackets_around, inner_clause, trimmed
from campaign.reading.places import Places
from campaign.reading.proposal import Found, Quota, found
from core.chinese_numerals import NUMERAL_CHARS, parse_number

_NUMBER = rf"(?:[0-9]{{1,6}}(?:\.[0-9])?|[{NUMERAL_CHARS}]{{1,6}})"
_MEASURE = (
    r"余?(?:个百分点|学时|课时|小时|分钟|人次|万字|千字|字符|个字|字|条次|条|篇次|篇|场次|场|次|份|个|名|人|项|件|期|门|节|幅|部|本"
    r"|组|封|张|页|块|堂|例|户|家|轮|批次|遍|首|集|则|位|周|天|个月|月|日|年|%|期|课|讲|组|支|项次|人份|册)"
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
)
_VERB = (
    "开展|撰写|提交|报送|推荐|组织|召开|举办|形成|提出|征集|上报|申报|完成|确定|明确|指定|选派|遴选|选树|选报|交流"
    "|参加|讲授|讲|上|读|写|学习|推选|推送|打造|培育|选取|建立|收集|梳理|选送|进行|解决|结对|联系|落实|安排"
    "|提炼|凝练|总结|制作|录制|发布|刊发|举行|派|听|学|配备|走访|制定|拟定"
)
_EXACT = re.compile(
    rf"(?P<verb>{_VERB})(?:好|出|了|不同|一线|优秀|典型|相关|专题|集中|前)?"
    rf"\s?(?P<low>{_NUMBER})\s?(?P<measure>{_MEASURE})"
)
_EXACT_AFTER = re.compile(
    rf"(?P<verb>{_VERB})[^，。；：、0-9\n“”]{{1,12}}?(?P<low>{_NUMBER})\s?(?P<measure>{_MEASURE})"
    r"(?=[，。；、）（ ]|$)"
)
_EXACT_EACH = re.compile(
    rf"(?:每个?[^，。；：、0-9\n“”每]{{1,6}}?|各)(?P<low>{_NUMBER})\s?(?P<measure>{_MEASURE})"
    r"(?=[，。；、）（ ]|$)"
)
_PRIZE = re.compile("[一二三特]等奖|优秀奖|名额")
_PERIOD_EACH = re.compile(
    r"每(?:个)?(?:月|周|季度|学期|年|学年|半年|半月|两周|次|天|日|期|场|节|篇|条|项|份)"
)
_NOT_A_QUOTA = re.compile(r"(?:第|近|共|满|建党|成立|周年|获得|荣获|已|全校|累计|现有|目前|超过)$")
_NOT_RANGED = frozenset({"月", "日", "年", "分钟", "小时"})
_EXACT_MEASURES = frozenset("条篇场次份名人项件期门节幅部本例堂讲则字个位遍张支册课") | {
    "学时",
    "课时",
    "场次",
    "人次",
}
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


def read_quotas(plan: PlanText, taken: Places) -> tuple[Found[Quota], ...]:
    """Quotas in the plan's order; amounts inside `taken` places (dates, targets) are left out."""
    quotas: list[Found[Quota]] = []
    for sentence in plan.sentences:
        amounts = _amounts(plan.even[sentence.start : sentence.end])
        units = addressees(plan, sentence) if amounts else []
        for amount in amounts:
            start, end = sentence.start + amount.start, sentence.start + amount.end
            if taken.touch(start, end):
                continue
            quota = _quota(plan, sentence, _addressed(units, end - 1), amount)
            if quota:
                quotas.append(quota)
    return tuple(_merged(plan, quotas))


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
    ):
        for match in pattern.finditer(even):
            start, end = match.span()
            amount = None if any(taken[start:end]) else read(match)
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
    if not value or _word(match["measure"]) not in _EXACT_MEASURES:
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
    owing = [unit for unit in named if unit.name not in THINGS]
    nearest = owing or named
    return nearest[-1] if nearest else None


def _clauses(
    plan: PlanText, sentence: Sentence, start: int, end: int, unit_start: int | None
) -> tuple[int, int]:
    """The clause around the amount, stretched back to the unit it speaks of."""
    inner = brackets_around(plan, sentence, start, end)
    if inner and (unit_start is None or unit_start >= inner[0]):
        return trimmed(plan, *inner_clause(plan, inner, start, end))
    breaks = [sentence.start - 1, *plan.clause_breaks(sentence), sentence.end]
    first = max(place for place in breaks if place < start) + 1
    if unit_start is not None and unit_start < first and end - unit_start <= _LONGEST_TEXT:
        first = max(place for place in breaks if place < unit_start or place < sentence.start) + 1
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
