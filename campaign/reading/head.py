"""Title, document number, issuing body, recipients, issue date and year."""

import re
from collections import Counter
from datetime import date

from campaign.reading.lines import PlanText
from campaign.reading.organisations import looks_like_an_organisation
from campaign.reading.proposal import Found, Head, found
from core.chinese_dates import DateSpan, find_dates
from core.chinese_width import even_width

_HEAD_LINES = 60
_NUMBER = re.compile(
    r"(?:(?:发文字号|发文文号|文件编号|文号|编号|字号)[：]?\s{0,3})?"
    r"(?P<number>[\u4e00-\u9fff]{1,16}[A-Za-z]{0,4}\s{0,2}[〔\[［（【﹝《]\s?(?:19|20)[0-9]{2}\s?[〕\]］）】﹞》]\s{0,2}"
    r"(?:第\s?)?[0-9]{1,4}\s?号)"
)
_OF_NOTICE = re.compile(r"（?(?:试行|暂行)?）?\s{0,2}的\s{0,2}(?:通\s{0,2}知|函|决定)")
_PRINTED_ON = re.compile(r"印发\s{0,3}$")
_TITLE_WORDS = (
    "通知|方案|意见|办法|安排|计划|通告|公告|倡议书?|细则|决定|要点|函|规划|指南|策划书?|预案|部署"
)
_TITLE_LINE = re.compile(rf"(?:{_TITLE_WORDS})(?:（[^（）]{{1,12}}）|》)?$")
_ISSUING = re.compile(r"关于(?:联合)?(?:印发|转发|下发|发布)")
_NOT_TITLE = re.compile(
    r"^(?:现将|根据|按照|为|附\s?件|各|主送|签发|来源|作者|发布|时间|日期|当前位置|您|首页|网站|索引)"
    r"|》》|[。；]|：.{0,60}$"
)
_META = re.compile(
    r"(?:发布|发文|成文|印发|更新|提交)?(?:时间|日期)[：]|来源[：]|作者[：]|点击|浏览|访问次数|阅读"
    r"|当前位置|首页|字号|打印|编辑[：]|审核[：]|签发|正文"
)
_STATED_ISSUER = re.compile(
    r"(?:发布者|发布人|发布单位|发布部门|发布机构|发文单位|发文机关|制发单位|来源|信息来源)\s?：\s{0,2}([^\s：，。]{2,30})"
)
_NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[、.]|（[一二三四五六七八九十]{1,2}）|[0-9]{1,2}[.、])"
)
_RED_HEAD = re.compile(r"^(?P<issuer>[\u4e00-\u9fffA-Za-z0-9\s（）]{3,60})\s?文\s?件$")
_RECIPIENTS = re.compile(r"(?:各|全校|全院|全体|所属|校属|院属|机关|校内)?[^。；：]{2,200}：")
_LONGEST_TITLE = 120
_LONGEST_FALLBACK_TITLE = 50
_LONGEST_CLOSING_LINE = 60
_LONGEST_META_LINE = 160
_SHORTEST_TITLE_PART = 3
_JOINED_LINES = 5
_SIGNATURE_LINES = 4
_SHORTEST_NAME = 4
_TAILS = frozenset({"委员会", "办公室", "工作组", "领导小组"})
_NO_NAME = frozenset({"学院", "学校", "我校", "我院", "大学"})
_BARE_YEAR = re.compile("(?<![0-9])(20[0-9]{2})(?=年)")
_ENDS_AS_DATE = re.compile("[0-9日号][ ）]{0,3}$")
#: Dates further down are about the work, not about the document.
_YEAR_REACH = 20_000
_STAMPED = re.compile(r"^[（(](?=[^）)]*$)|[（(]?(?:盖章|公章|印章?)[）)]?$")
_SIGNERS_APART = re.compile(r"\s{2,}|(?<=[\u4e00-\u9fff]{2})[\s\u3000](?=[\u4e00-\u9fff]{4})")


def read_head(plan: PlanText) -> Head:
    """Everything about the document itself, as far as it says."""
    lines = _lines(plan)
    number = _document_number(plan, lines)
    title = _issued_title(plan, lines) or _plain_title(plan, lines, number)
    signature = _signature(plan, lines)
    issuer = (
        _red_head(plan, lines, number)
        or signature[0]
        or _issuer_in_title(plan, title)
        or _above_title(plan, lines, title)
        or _stated_issuer(plan, lines)
        or _name_before_title(plan, title)
    )
    issued_on = signature[1] or _stated_issue_date(plan, lines)
    return Head(
        title=title,
        doc_number=number,
        issuer=issuer,
        recipients=_recipients(plan, lines, title),
        issued_on=issued_on,
        year=_year(plan, number, issued_on, title),
    )


def _lines(plan: PlanText) -> list[tuple[int, int]]:
    places, start = [], 0
    for line in plan.even.split("\n"):
        if line.strip():
            places.append((start, start + len(line)))
        start += len(line) + 1
    return places


def _document_number(plan: PlanText, lines: list[tuple[int, int]]) -> Found[str] | None:
    """A number on a line of its own (or beside 签发人) near the top, never one merely cited."""
    for start, end in lines[:_HEAD_LINES]:
        line = plan.even[start:end]
        match = _NUMBER.match(line, len(line) - len(line.lstrip("（")))
        if not match:
            continue
        rest = re.sub(r"（[^（）]{0,12}）", "", line[match.end() :]).strip(" ）（")
        if rest and not rest.startswith(("签发", "公开", "主动公开", "关于")):
            continue
        shift = line.index(match["number"])
        first, last = start + shift, start + shift + len(match["number"])
        printed = plan.text[first:last]
        return found(plan, "".join(even_digits(printed).split()), first, last)
    return None


def even_digits(text: str) -> str:
    """`text` with full-width digits made narrow and everything else as printed."""
    return "".join(even_width(char) if "０" <= char <= "９" else char for char in text)


def _issued_title(plan: PlanText, lines: list[tuple[int, int]]) -> Found[str] | None:
    """The plan inside 关于印发《…》的通知, brackets balanced, line breaks dropped."""
    limit = lines[min(len(lines), _HEAD_LINES) - 1][1] if lines else 0
    match = _ISSUING.search(plan.even, 0, limit)
    if not match:
        return None
    opening = plan.even.find("《", match.end(), match.end() + 3)
    if opening < 0:
        return _issued_below(plan, lines, match.end())
    depth = 0
    for place in range(opening, min(opening + 2 * _LONGEST_TITLE, len(plan.even))):
        depth += {"《": 1, "》": -1}.get(plan.even[place], 0)
        if not depth:
            if not _OF_NOTICE.match(plan.even, place + 1):
                return None
            title = plan.text[opening + 1 : place].replace("\n", "")
            return found(plan, title.strip(), opening + 1, place)
    return None


def _issued_below(plan: PlanText, lines: list[tuple[int, int]], start: int) -> Found[str] | None:
    """关于印发X方案的通知 without 《》, where X方案 stands again over its own text."""
    stop = _OF_NOTICE.search(plan.even, start, start + 2 * _LONGEST_TITLE)
    name = _unspaced(plan.even[start : stop.start()]) if stop else ""
    for line_start, line_end in lines:
        if name and line_start > start and _unspaced(plan.even[line_start:line_end]) == name:
            return found(plan, _joined(plan.text[line_start:line_end]), line_start, line_end)
    return None


def _plain_title(
    plan: PlanText, lines: list[tuple[int, int]], number: Found[str] | None
) -> Found[str] | None:
    candidates = _title_candidates(plan, lines)
    for first, last in candidates:
        start, end = _with_lines_above(plan, lines, first, last, number)
        return found(plan, _joined(plan.text[start:end]), start, end)
    return _fallback_title(plan, lines)


def _title_candidates(plan: PlanText, lines: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Index of the line a title ends on, and the same again (for the lines above)."""
    found_at = []
    for position, (start, end) in enumerate(lines[:_HEAD_LINES]):
        line = plan.even[start:end].strip()
        if _NUMBERED.match(line):
            break
        if len(line) <= _LONGEST_TITLE and _TITLE_LINE.search(line) and not _NOT_TITLE.search(line):
            found_at.append((position, position))
            break
    return found_at


def _with_lines_above(
    plan: PlanText,
    lines: list[tuple[int, int]],
    first: int,
    last: int,
    number: Found[str] | None,
) -> tuple[int, int]:
    """Take in the lines above a title that was broken over two or three."""
    while first > 0 and last - first < _JOINED_LINES - 1:
        here = plan.even[slice(*lines[first])].strip()
        above = plan.even[slice(*lines[first - 1])].strip()
        is_number = number is not None and number.start in range(*lines[first - 1])
        if is_number or not _continues(above):
            break
        if here.startswith("关于") and not _is_below_number(lines, first - 1, number):
            break
        first -= 1
    return lines[first][0], lines[last][1]


def _is_below_number(
    lines: list[tuple[int, int]], position: int, number: Found[str] | None
) -> bool:
    """An organisation between the number and 关于… is part of the title, not a letterhead."""
    return number is not None and position > 0 and number.start in range(*lines[position - 1])


def _continues(line: str) -> bool:
    """Could this line be the upper part of a title?"""
    return (
        _SHORTEST_TITLE_PART <= len(line) <= _LONGEST_TITLE // 2
        and not line.endswith(("。", "；", "：", "，", "文件", "号", "）"))
        and not _META.search(line)
        and not _NOT_TITLE.search(line)
        and not find_dates(line)[:1]
    ) or line.startswith("关于")


def _fallback_title(plan: PlanText, lines: list[tuple[int, int]]) -> Found[str] | None:
    """A first line that is short, unpunctuated and no organisation: a plan without ado."""
    for start, end in lines[:3]:
        line = plan.even[start:end].strip()
        is_row = "\t" in plan.text[start:end]
        is_plain = not is_row and not re.search(r"[，。；：]", line) and not _META.search(line)
        if (
            is_plain
            and "活动" in line
            and not _NUMBERED.match(line)
            and len(line) <= _LONGEST_FALLBACK_TITLE
        ):
            return found(plan, _joined(plan.text[start:end]), start, end)
    return None


def _joined(text: str) -> str:
    return "".join(part.strip() for part in text.split("\n"))


def _red_head(
    plan: PlanText, lines: list[tuple[int, int]], number: Found[str] | None
) -> Found[str] | None:
    for start, end in lines[:6]:
        match = _RED_HEAD.match(plan.even[start:end].strip())
        if match and not _TITLE_LINE.search(match["issuer"]):
            name = _unspaced(match["issuer"])
            if looks_like_an_organisation(name):
                return found(plan, name, start, end)
    if number is None:
        return None
    above = [place for place in lines[:_HEAD_LINES] if place[1] <= number.start]
    if above:
        name = _unspaced(plan.text[slice(*above[-1])])
        if looks_like_an_organisation(name) and not _TITLE_LINE.search(even_width(name)):
            return found(plan, name, *above[-1])
    return None


def _unspaced(text: str) -> str:
    return "".join(text.split())


def _signature(
    plan: PlanText, lines: list[tuple[int, int]]
) -> tuple[Found[str] | None, Found[date] | None]:
    """The organisation and date that close the notice (or the plan, when it stands alone)."""
    for position, (start, end) in enumerate(lines):
        span = None if "\t" in plan.text[start:end] else _closing_date(plan.even[start:end])
        if span is None or span.first is None:
            continue
        issued_on = found(plan, span.first, start, end)
        beside = _unspaced(plan.text[start : start + span.start])
        if looks_like_an_organisation(beside):
            return found(plan, beside, start, start + span.start), issued_on
        if beside:
            continue
        return _signers(plan, lines, position), issued_on
    return None, None


def _closing_date(line: str) -> DateSpan | None:
    """The date of a line that is nothing but a date, perhaps with an organisation before it."""
    if len(line) > _LONGEST_CLOSING_LINE or not _ENDS_AS_DATE.search(line):
        return None
    spans = find_dates(line)
    if len(spans) != 1 or not spans[0].is_day or not spans[0].has_year:
        return None
    return spans[0] if not line[spans[0].end :].strip(" ）") else None


def _signers(plan: PlanText, lines: list[tuple[int, int]], position: int) -> Found[str] | None:
    names: list[str] = []
    start = end = 0
    for line_start, line_end in reversed(lines[max(0, position - _SIGNATURE_LINES) : position]):
        printed = plan.text[line_start:line_end]
        parts = _parted(printed)
        tidy = [_STAMPED.sub("", _unspaced(part)) for part in parts]
        if not tidy or not all(looks_like_an_organisation(name) for name in tidy):
            break
        names = tidy + names
        start, end = line_start, end or line_end
    return found(plan, "、".join(names), start, end) if names else None


def _parted(line: str) -> list[str]:
    """The signers on one line; a single blank parts them only if both sides are bodies."""
    pieces = line.split()
    if len(pieces) > 1 and all(
        len(piece) >= _SHORTEST_TITLE_PART
        and piece not in _TAILS
        and looks_like_an_organisation(piece)
        for piece in pieces
    ):
        return pieces
    return [part for part in _SIGNERS_APART.split(line) if part]


def _issuer_in_title(plan: PlanText, title: Found[str] | None) -> Found[str] | None:
    if title is None:
        return None
    name, about, _ = title.value.partition("关于")
    name = name.strip()
    if about and name not in _NO_NAME and looks_like_an_organisation(name):
        return found(plan, name, title.start, title.start + len(name))
    return None


def _above_title(
    plan: PlanText, lines: list[tuple[int, int]], title: Found[str] | None
) -> Found[str] | None:
    """An organisation on the line above the title, or on the title's own first line."""
    if title is None:
        return None
    first = plan.even.find("\n", title.start, title.end)
    places = [place for place in lines[:_HEAD_LINES] if place[1] <= title.start][-1:]
    places += [(title.start, first)] if first > 0 else []
    for start, end in places:
        name = _unspaced(plan.text[start:end])
        if name not in _NO_NAME and looks_like_an_organisation(name):
            return found(plan, name, start, end)
    return None


def _name_before_title(plan: PlanText, title: Found[str] | None) -> Found[str] | None:
    """云溪职业学院2022年…安排, 柳泉学校“…”方案: the organisation a title begins with."""
    if title is None:
        return None
    stop = re.search(r"[“《0-9]|第[一二三四五六七八九十]|新学期|关于", even_width(title.value))
    name = title.value[: stop.start()].strip() if stop else ""
    if name in _NO_NAME or not looks_like_an_organisation(name) or len(name) < _SHORTEST_NAME:
        return None
    return found(plan, name, title.start, title.start + len(name))


def _stated_issuer(plan: PlanText, lines: list[tuple[int, int]]) -> Found[str] | None:
    """发布者：党委办公室, as web pages print it."""
    for start, end in lines[:12]:
        for match in _STATED_ISSUER.finditer(plan.even, start, end):
            name = plan.text[slice(*match.span(1))]
            if looks_like_an_organisation(name):
                return found(plan, name, *match.span(1))
    return None


def _stated_issue_date(plan: PlanText, lines: list[tuple[int, int]]) -> Found[date] | None:
    """发布时间：2022-03-15 above the text, or 2019年9月6日印发 in the imprint."""
    for start, end in [*lines[:12], *lines[-6:]]:
        line = plan.even[start:end]
        if len(line) > _LONGEST_META_LINE or not (_META.search(line) or _PRINTED_ON.search(line)):
            continue
        for span in find_dates(line):
            if span.is_day and span.has_year and span.first:
                return found(plan, span.first, start + span.start, start + span.end)
    return None


def _recipients(
    plan: PlanText, lines: list[tuple[int, int]], title: Found[str] | None
) -> Found[str] | None:
    for start, end in lines[:_HEAD_LINES]:
        if title is not None and end < title.start:
            continue
        line = plan.even[start:end].strip()
        if _NUMBERED.match(line):
            return None
        if line.startswith(("各", "全", "校属", "院属", "所属", "机关", "校内", "直属")) and (
            _RECIPIENTS.fullmatch(line)
        ):
            return found(plan, plan.text[start:end].strip("：: "), start, end)
    return None


def _year(
    plan: PlanText,
    number: Found[str] | None,
    issued_on: Found[date] | None,
    title: Found[str] | None,
) -> Found[int] | None:
    if number is not None:
        match = re.search(r"(?:19|20)[0-9]{2}", number.value)
        if match:
            return found(plan, int(match[0]), number.start, number.end)
    if issued_on is not None:
        return found(plan, issued_on.value.year, issued_on.start, issued_on.end)
    if title is not None:
        match = re.search(r"(?<![0-9])(20[0-9]{2})(?=年|[—\-]20|学年)", even_width(title.value))
        if match:
            return found(plan, int(match[1]), title.start, title.end)
    return _commonest_year(plan) or _first_year(plan)


def _first_year(plan: PlanText) -> Found[int] | None:
    """2021年 in the opening words of a text that dates nothing."""
    match = _BARE_YEAR.search(plan.even, 0, _YEAR_REACH // 20)
    return found(plan, int(match[1]), *match.span()) if match else None


def _commonest_year(plan: PlanText) -> Found[int] | None:
    """The year most dates of the text name, if any names one; ties go to the later year."""
    dated = [
        (span.first.year, span)
        for span in find_dates(plan.even[:_YEAR_REACH])
        if span.has_year and span.first is not None
    ]
    if not dated:
        return None
    counts = Counter(year for year, _ in dated)
    year = max(counts, key=lambda value: (counts[value], value))
    span = next(span for value, span in dated if value == year)
    return found(plan, year, span.start, span.end)
