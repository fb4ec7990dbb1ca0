"""Documents to be studied: 《…》 in a sentence or under a heading that speaks of study."""

import re
from collections.abc import Iterator

from campaign.reading.lines import PlanText
from campaign.reading.outline import Section
from campaign.reading.proposal import Found, found

_STUDY_HEADING = re.compile(
    r"学习(?:内容|资料|材料|书目|文件|篇目|重点|清单|参考|要点|任务|安排|研讨)|必读|书目|阅读|研读|读书|学什么|集中学习|自学"
    r"|理论学习|学习阶段|学习教育|学习动员"
)
_STUDY_VERB = re.compile(
    r"学习(?!教育|领导|活动|小组|型|讨论|时间|情况|记录|笔记|计划|方案|心得|成果|阶段)|研读|学原文|通读|精读|研学|自学|必读|阅读|领会|学好|学懂|读原著|反复学|系统学|深入学|全面学|重温|诵读|晨读|宣读|共读|传达"
)
_BASIS = re.compile(
    r"(?:根据|按照|依据|遵照|依照|参照|落实|贯彻|执行|为(?:深入|认真|全面)?(?:学习)?(?:贯彻|落实)|审议通过|审议|通过|现将|印发|转发|下发"
    r"|填写|填报|报送|提交|上报|制定|修订|修改|完善|撰写|拟定|出台|上传|登录|刊登|发表|刊发|《?求是|关注|扫描|附|编印|签订|以)"
    r"(?:了|好|的|我校|学校|本校|学院|党中央|中央|国家|教育部|省委|市委|上级|关于|印发的|下发的|最新|并|及|和|与)*$"
)
_NEWLY_REVISED = re.compile("(?:新|最新|修改|修订)(?:修订|修改|颁布|印发|出台|制定|后)的$")
_NOT_STUDIED = re.compile(
    r"(?:登记表|汇总表|申报表|审批表|记录表|统计表|报名表|推荐表|评分表|承诺书|信息表|一览表|反馈表|清单|任务书|台账|模板|样表|报送表"
    r"|情况表|明细表|配档表|心得体会|报告表|名单|日报|晚报|杂志|周刊|校报|工作简报|简报|计划表|安排表)$"
)
_PERIODICAL = re.compile(r"杂志|期刊|报纸|刊物|刊登|刊发|栏目|发表")
_TITLE_MARK = re.compile("[《》]")
_LONGEST = 120
_LONGEST_HEADING = 30
_OWN = re.compile(r"(?:实施方案|活动方案|工作方案|通知)$")
_LIST_GAP = re.compile(r"[、，；和及与以及等\s]{0,4}(?:我校|学校|我院|校|党委|中央|国家|教育部)?")
_BASIS_REACH = 24
_VERB_REACH = 120


def read_study_documents(
    plan: PlanText, root: Section, own_title: str | None
) -> tuple[Found[str], ...]:
    """Titles without their outer 《》, in order, once each."""
    studied = _study_places(root)
    titles: dict[str, tuple[int, int]] = {}
    for chain in _chains(plan):
        start = chain[0][0]
        if not _is_study(plan, start, chain[-1][1], studied):
            continue
        for first, last in chain:
            title = plan.text[first + 1 : last - 1].replace("\n", "").strip()
            if _is_document(title, own_title) and title not in titles:
                titles[title] = (first + 1, last - 1)
    return tuple(found(plan, title, *place) for title, place in titles.items())


def _is_document(title: str, own_title: str | None) -> bool:
    return (
        1 < len(title) <= _LONGEST
        and title != own_title
        and not _NOT_STUDIED.search(title)
        and title not in {"求是", "人民日报", "光明日报", "中国教育报"}
    )


def _study_places(root: Section) -> list[tuple[int, int]]:
    return [
        (section.start, section.end)
        for section in root.walk()
        if section.kind != "root"
        and len(section.title) <= _LONGEST_HEADING
        and _STUDY_HEADING.search(section.title)
    ]


def _chains(plan: PlanText) -> Iterator[list[tuple[int, int]]]:
    """Titles named one after another (《A》、《B》和《C》) share what is said of the first."""
    chain: list[tuple[int, int]] = []
    for place in _titles(plan.even):
        if chain and not _LIST_GAP.fullmatch(plan.even[chain[-1][1] : place[0]]):
            yield chain
            chain = []
        chain.append(place)
    if chain:
        yield chain


def _titles(even: str) -> Iterator[tuple[int, int]]:
    """Outermost 《…》; one that is never closed, or is too long for a title, is left alone."""
    pairs: list[tuple[int, int]] = []
    open_marks: list[int] = []
    for match in _TITLE_MARK.finditer(even):
        if match[0] == "《":
            open_marks.append(match.start())
        elif open_marks:
            start = open_marks.pop()
            if match.end() - start <= _LONGEST + 2:
                pairs.append((start, match.end()))
    reached = 0
    for start, end in sorted(pairs, key=lambda pair: (pair[0], -pair[1])):
        if start >= reached:
            yield start, end
            reached = end


def _is_study(plan: PlanText, start: int, end: int, studied: list[tuple[int, int]]) -> bool:
    sentence = plan.sentence_at(start)
    even = plan.even
    before = even[max(sentence.start, start - _VERB_REACH) : start]
    is_revised = _NEWLY_REVISED.search(before) is not None
    if not is_revised and _BASIS.search(before[-_BASIS_REACH:]) and not _studies_directly(before):
        return False
    if _PERIODICAL.match(even[end : end + 6]):
        return False
    if any(first <= start < last for first, last in studied):
        return True
    if _STUDY_VERB.search(before):
        return True
    return _STUDY_VERB.search(even[end : min(sentence.end, end + 30)]) is not None


def _studies_directly(before: str) -> bool:
    """学习贯彻《…》 is study; 为贯彻落实《…》 is the reason for the plan."""
    return re.search(
        r"(?:学习|研读|领会|传达)(?:宣传|贯彻|落实|执行|好|、|和)*$", before
    ) is not None and not (
        re.search(r"为(?:进一步|深入|认真|全面|切实|更好地?)*(?:学习)", before[-_BASIS_REACH:])
    )


_OPEN_LIST = re.compile(r"等(?:一系列|系列|重要|有关|相关|政策|文件|内容|书目)")


def names_an_open_list(plan: PlanText, documents: tuple[Found[str], ...]) -> bool:
    """Does the plan say 等一系列 after the documents, so that units may add others?"""
    return any(_OPEN_LIST.match(plan.even, document.end + 1) for document in documents)
