"""What a reminder says: what is missing, which rule sends it, on what grounds, how to stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.chinese_text import chinese_date, counted, date_range, month_day
from supervision.choices import Duty, Rung

if TYPE_CHECKING:
    from datetime import date

    from supervision.ladder import Thresholds
    from supervision.owing import Obligation


def missing(owed: Obligation) -> str:
    return f"还差{counted(owed.missing, owed.word)}"


def deadline(owed: Obligation, on: date) -> str:
    if owed.due_on is None:
        return "没有截止日期"
    if owed.is_overdue(on):
        return f"已超期{counted((on - owed.due_on).days, '天')}"
    if on > owed.due_on and owed.grace_until and not owed.is_met:
        return f"{month_day(owed.due_on)}已到期，宽限到{month_day(owed.grace_until)}"
    hour = f"{owed.due_time:%H:%M}" if owed.due_time else ""
    day = "今天" if on == owed.due_on else month_day(owed.due_on)
    return f"{day}{hour}截止"


def summary(owed: Obligation, on: date) -> str:
    """One line for lists: 第一党支部 · 还差1场 · 10月20日截止（含今天还有12天）."""
    parts = [owed.unit.short_name if owed.unit else "“双高计划”工作组"]
    if owed.is_met:
        late = "（迟交）" if owed.was_late else ""
        waits = f"{waiting_for(owed)}{counted(owed.waiting, owed.word)}" if owed.waiting else ""
        done = f"已完成{counted(owed.done, owed.word)}{late}"
        return " · ".join(filter(None, [*parts, done, waits]))
    left = owed.days_left(on)
    parts += [
        missing(owed),
        deadline(owed, on) + (f"（含今天还有{left}天）" if left and left > 1 else ""),
    ]
    return " · ".join(parts)


def waiting_for(owed: Obligation) -> str:
    """What must still happen to what was handed in."""
    return "待销号" if owed.duty == Duty.FINDING else "待审核"


def body(owed: Obligation, on: date, *, to_doer: bool = True) -> str:
    """The facts: who, how many, in which days, how far; `to_doer` speaks to the person who owes."""
    who = owed.unit.name if owed.unit and owed.person_id is None else ""
    if owed.is_of_plan_group:
        who = "“双高计划”工作组"
    if not who and not to_doer:
        who = "责任人"
    period = date_range(owed.opens_on, owed.due_on) if owed.due_on else "活动期间"
    left = owed.days_left(on)
    rest = f"，含今天还有{left}天" if left else ""
    return (
        f"{who or '您'}应在{period}完成{counted(owed.needed, owed.word)}，"
        f"已完成{counted(owed.done, owed.word)}，{missing(owed)}{rest}。"
    )


def rule(owed: Obligation, rung: Rung, role: str, thresholds: Thresholds) -> str:
    """Which rule of the ladder sends this, and to whom."""
    extended = "（已批准延期，按新的期限计算）" if owed.is_extended else ""
    if rung == Rung.RED:
        return f"规则：超过截止日期仍未完成的，经三大工作组确认后为红色督办，发给{role}{extended}。"
    share = thresholds.of(rung)
    return f"规则：剩余时间不超过{share}%仍未完成的，为{rung.label}色提醒，发给{role}{extended}。"


def grounds(owed: Obligation) -> str:
    if owed.due_on is None:
        return f"依据：{owed.source}"
    return f"依据：{owed.source}截止日期：{chinese_date(owed.due_on)}。"


def way_out(owed: Obligation) -> str:
    if ending := _ENDINGS.get(owed.duty):
        return f"如何停止：{ending}后不再提醒。"
    return "如何停止：完成后不再提醒；确有困难的，可在事项页面申请延期，批准后按新的期限重新计算。"


#: What ends the reminders of duties that cannot be put off.
_ENDINGS: dict[Duty, str] = {
    Duty.REVIEW: "全部答复",
    Duty.SECOND_REPLY: "再次答复",
    Duty.WORDING: "写明条款修订或不改条文的理由",
    Duty.RETURNED: "重新提交或撤回",
    Duty.CLOSING: "销号或退回整改",
}
