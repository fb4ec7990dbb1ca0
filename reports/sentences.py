"""What a report says in words: each sentence by one rule, from the facts alone.

Every figure has its measure word, every percentage names its denominator, parts add up to
their whole, 人次 is never 人数, and units are named in the order of the organisation.
"""

from collections.abc import Iterable
from datetime import timedelta

from campaign.choices import ActivityKind
from core.chinese_text import chinese_date, counted, date_range, joined, month_day, share_of
from reports.facts import PhaseFacts, ProgressFacts, ThemeFacts, UnitFacts


def standing(facts: ProgressFacts) -> str:
    """Where the campaign is on the day."""
    if facts.phase is None or facts.since:
        return ""
    return (
        f"{facts.campaign.short_title}现处于{facts.phase.name}，"
        f"截至{chinese_date(facts.as_of)}已进行{facts.phase.day}天（共{facts.phase.days}天）。"
    )


def overall(facts: ProgressFacts) -> str:
    """The sentence a report opens with."""
    figures = facts.figures
    heard = f"征集意见建议{counted(figures.opinions.now, '条')}"
    if figures.problems.now:
        heard += f"，列入问题清单{counted(figures.problems.now, '项')}"
    return (
        f"{_when(facts)}，{_where(facts)}"
        f"共开展各类活动{counted(figures.activities.now, '场')}，"
        f"参与{counted(figures.attendances.now, '人次')}；{heard}，"
        f"形成对策建议{counted(figures.proposals.now, '件')}，"
        f"已答复{counted(figures.answered.now, '件')}，"
        f"采纳{counted(figures.adopted, '件')}{_of_answered(facts, figures.adopted)}，"
        f"修订条款{counted(figures.clauses_revised.now, '处')}。"
    )


def _when(facts: ProgressFacts) -> str:
    if facts.since:
        return date_range(facts.since, facts.as_of)
    return f"截至{chinese_date(facts.as_of)}"


def _where(facts: ProgressFacts) -> str:
    figures = facts.figures
    name = f"围绕“{facts.scope.name}”主题，全校" if facts.scope.theme_id else facts.scope.name
    if not figures.units:
        return name
    units = counted(figures.units, "个单位")
    if figures.units_active == figures.units:
        return f"{name}{units}均开展了活动，"
    return f"{name}{units}中有{counted(figures.units_active, '个')}开展了活动，"


def _of_answered(facts: ProgressFacts, part: int) -> str:
    answered = facts.figures.answered.now
    return f"（{share_of(part, answered, '已答复')}）" if answered else ""


def attendance(facts: ProgressFacts) -> str:
    """How attendances relate to people, so that the one is not taken for the other."""
    people = facts.figures.people
    if not people:
        return ""
    return (
        f"参与人次按各场活动实到人数累计，同一人参加多场分别计入；"
        f"在册教职工{counted(people, '人')}。"
    )


def last_week(facts: ProgressFacts) -> str:
    """What was added since the same day a week ago; a period is told as a whole."""
    if facts.since:
        return ""
    figures = facts.figures
    added = [
        f"{what}{counted(figure.change, measure)}"
        for what, figure, measure in (
            ("活动", figures.activities, "场"),
            ("意见建议", figures.opinions, "条"),
            ("对策建议", figures.proposals, "件"),
            ("答复", figures.answered, "件"),
            ("修订条款", figures.clauses_revised, "处"),
        )
        if figure.change
    ]
    since = month_day(facts.as_of - timedelta(days=7))
    if not added:
        return f"与{since}相比，各项数字没有变化。"
    return f"与{since}相比，新增{joined(added)}。"


def no_activity(_facts: ProgressFacts) -> str:
    return "尚无活动记录。"


def by_phase(facts: ProgressFacts) -> str:
    parts = [_in_phase(phase) for phase in facts.phases if phase.activities or phase.opinions]
    if facts.since and len(parts) == 1:  # the opening sentence has just said so
        return ""
    return f"{'；'.join(parts)}。" if parts else ""


def _in_phase(phase: PhaseFacts) -> str:
    said = f"{phase.name}开展活动{counted(phase.activities, '场')}"
    said += f"、参与{counted(phase.attendances, '人次')}"
    return f"{said}，征集意见建议{counted(phase.opinions, '条')}"


def by_kind(facts: ProgressFacts) -> str:
    """The kinds add up to all activities; those not used yet are named."""
    used = [
        f"{kind.label}{counted(kind.activities, '场')}" for kind in facts.kinds if kind.activities
    ]
    unused = [
        kind.label
        for kind in facts.kinds
        if not kind.activities and kind.kind != ActivityKind.OTHER
    ]
    if not used:
        return ""
    total = counted(facts.figures.activities.now, "场")
    said = f"{total}活动按形式分，有{joined(used)}。"
    return said + (f"尚未采用的形式有{joined(unused)}。" if unused else "")


def by_theme(facts: ProgressFacts) -> str:
    """How many themes were taken up, and what that counts double."""
    themes = _named(facts.themes)
    if len(themes) <= 1:
        return ""
    held = [theme for theme in themes if theme.activities]
    raised = [theme for theme in themes if theme.opinions or theme.proposals]
    return (
        f"{counted(len(themes), '个研讨主题')}{_of_all(held, themes)}开展了活动，"
        f"{_of_all(raised, themes).removeprefix('中，')}收到意见或建议"
        "（一场活动涉及多个主题的，在各主题下分别计入）。"
    )


def _of_all(part: list[ThemeFacts], whole: list[ThemeFacts]) -> str:
    return "均" if len(part) == len(whole) else f"中，{counted(len(part), '个')}"


def by_group(facts: ProgressFacts) -> str:
    """Whose voice was heard; groups nobody has heard yet are named."""
    if not facts.scope.is_school or not facts.figures.opinions.now:
        return ""
    heard = [
        f"{group.name}{counted(group.opinions, '条')}" for group in facts.groups if group.opinions
    ]
    silent = [group.name for group in facts.groups if group.opinions == 0 and group.id]
    total = counted(facts.figures.opinions.now, "条")
    said = f"{total}意见建议按来源群体分，有{joined(heard)}。"
    return said + (f"尚未听取意见的群体有{joined(silent)}。" if silent else "")


def verdicts(facts: ProgressFacts) -> str:
    """What became of the proposals; answered, merged and waiting add up to all."""
    figures = facts.figures
    if not figures.proposals.now:
        return "尚未形成对策建议。"
    parts = _parts(
        ("采纳", figures.adopted),
        ("部分采纳", figures.partly_adopted),
        ("不采纳", figures.declined),
        ("已有规定", figures.already_covered),
        ("转相关部门", figures.referred),
    )
    proposals, answered = figures.proposals.now, figures.answered.now
    said = f"{counted(proposals, '件')}对策建议中，已答复{counted(answered, '件')}"
    if parts:
        said += f"，其中{parts}"
    rest = _parts(
        ("并案办理", figures.merged), ("退回完善", figures.returned), ("尚待答复", figures.waiting)
    )
    return f"{said}；{rest}。" if rest else f"{said}。"


def _parts(*parts: tuple[str, int]) -> str:
    return joined(f"{what}{counted(value, '件')}" for what, value in parts if value)


def results(facts: ProgressFacts) -> str:
    figures = facts.figures
    said = []
    if figures.clauses_revised.now:
        said.append(f"修订建设方案和任务书条款{counted(figures.clauses_revised.now, '处')}")
    if figures.measures:
        said.append(
            f"形成举措{counted(figures.measures, '项')}，"
            f"其中办结{counted(figures.measures_closed, '项')}"
        )
    if figures.outcomes.now:
        said.append(f"取得成果{counted(figures.outcomes.now, '项')}")
    if figures.cases:
        said.append(f"总结典型案例{counted(figures.cases, '个')}")
    return f"{'；'.join(said)}。" if said else "修订条款、举措和成果尚待形成。"


def units_without_activity(facts: ProgressFacts) -> str:
    """The units that have nothing yet, with what they owe, in the order of the organisation."""
    idle = [_with_what_is_owed(unit) for unit in facts.units_without_activity]
    if not idle:
        return ""
    return f"尚未开展活动的单位有{counted(len(idle), '个')}：{joined(idle)}。"


def _with_what_is_owed(unit: UnitFacts) -> str:
    return f"{unit.name}（尚欠{joined(unit.owes)}）" if unit.owes else unit.name


def overdue(facts: ProgressFacts) -> str:
    """What should be there by now and is not; each with how many are missing."""
    late = [
        f"“{one.title}”（{month_day(one.due_on)}截止，还差{counted(one.missing, one.measure)}）"
        for one in facts.deadlines
        if one.due_on < facts.as_of and not one.is_review
    ]
    return f"已到期尚未完成的事项有{counted(len(late), '项')}：{joined(late)}。" if late else ""


def blank_themes(facts: ProgressFacts) -> str:
    blank = [f"“{theme.title}”" for theme in _named(facts.themes) if not theme.activities]
    if not blank:
        return ""
    return f"尚无活动的研讨主题有{counted(len(blank), '个')}：{joined(blank)}。"


def blank_spots(facts: ProgressFacts) -> str:
    """Units × themes nobody has taken up, among the units that have held anything."""
    rows = [unit for unit in facts.units if unit.activities and not unit.is_base]
    spots = sum(len(unit.by_theme) for unit in rows)
    blank = sum(unit.by_theme.count(0) for unit in rows)
    themes = len(_named(facts.themes))
    if not blank or themes <= 1:
        return ""
    return (
        f"已开展活动的{counted(len(rows), '个单位')}与{counted(themes, '个主题')}"
        f"的{counted(spots, '个组合')}中，尚有空白{counted(blank, '个')}"
        f"（{share_of(blank, spots, '全部组合')}）。"
    )


def unanswered(facts: ProgressFacts) -> str:
    figures = facts.figures
    if not figures.waiting:
        return ""
    said = f"尚待答复的对策建议有{counted(figures.waiting, '件')}"
    if figures.overdue:
        return f"{said}，其中{counted(figures.overdue, '件')}已超过应答复日期。"
    return f"{said}，均未超过应答复日期。"


def no_problem(facts: ProgressFacts) -> str:
    return f"{_when(facts)}，各单位、各主题均已开展活动，没有逾期未答复的建议。"


def phase_ahead(facts: ProgressFacts) -> str:
    """When the present phase ends and the next one starts."""
    said = []
    for phase in facts.phases:
        if phase.starts_on is None or phase.ends_on is None:
            continue
        if phase.starts_on <= facts.as_of <= phase.ends_on:
            left = (phase.ends_on - facts.as_of).days
            ends = f"还有{counted(left, '天')}" if left else "即当日"
            said.append(f"{phase.name}至{month_day(phase.ends_on)}结束（{ends}）")
        elif phase.starts_on > facts.as_of:
            said.append(f"{phase.name}自{month_day(phase.starts_on)}开始")
            break
    return f"{'，'.join(said)}。" if said else ""


def answers_ahead(facts: ProgressFacts) -> str:
    """The proposals whose answer falls due in the week ahead."""
    until = facts.as_of + timedelta(days=7)
    due = [item for item in facts.waiting if item.due_on and facts.as_of <= item.due_on <= until]
    if not due:
        return ""
    first = min(item.due_on for item in due if item.due_on)
    return (
        f"{month_day(until)}前应答复的对策建议有{counted(len(due), '件')}，"
        f"最早一件应于{month_day(first)}答复。"
    )


def deadlines_ahead(facts: ProgressFacts) -> str:
    """The next days on which something falls due, at most three."""
    ahead = [
        f"“{one.title}”于{month_day(one.due_on)}截止，还差{counted(one.missing, one.measure)}"
        for one in facts.deadlines
        if one.due_on >= facts.as_of and not one.is_review
    ]
    return f"{'；'.join(ahead[:3])}。" if ahead else ""


def measures_ahead(facts: ProgressFacts) -> str:
    left = facts.figures.measures - facts.figures.measures_closed
    return f"继续推进尚未办结的举措{counted(left, '项')}。" if left else ""


def fill_blanks(facts: ProgressFacts) -> str:
    idle = len(facts.units_without_activity)
    return f"请尚未开展活动的{counted(idle, '个单位')}尽快安排，填补空白。" if idle else ""


def nothing_ahead(_facts: ProgressFacts) -> str:
    return "按照实施方案继续推进。"


def _named(themes: Iterable[ThemeFacts]) -> list[ThemeFacts]:
    return [theme for theme in themes if theme.id is not None]
