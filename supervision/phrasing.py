"""How a reminder is phrased: in the campaign group's own words, or in the usual ones.

A template names facts in braces, {事项} or {截止}; nothing else in it has a meaning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from supervision import wording
from supervision.models import NoticeTemplate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from campaign.models import Campaign
    from supervision.choices import Rung
    from supervision.owing import Obligation


@dataclass(frozen=True)
class Template:
    title: str
    body: str

    def __str__(self) -> str:
        return f"{self.title} / {self.body}"


#: What a reminder says unless somebody has written other words.
USUAL = Template("【{级别}】{事项}：{还差}，{截止}", "{说明}")
#: What may stand in braces, with an explanation for who writes a template.
FACTS: Mapping[str, str] = {
    "级别": "蓝、黄、橙或红",
    "事项": "要做的事",
    "单位": "哪个单位",
    "还差": "还差多少",
    "截止": "截止日期，或已超期几天",
    "说明": "谁应在什么时间完成多少、已完成多少的一整句",
}
#: Without these a title would not say what it is about.
NEEDED_IN_TITLE = ("事项", "截止")
_BRACES = re.compile(r"\{([^{}]*)\}")


def unknown_facts(text: str) -> list[str]:
    """What stands in braces and means nothing, in the order of the text."""
    return [name for name in _BRACES.findall(text) if name not in FACTS]


def has_stray_brace(text: str) -> bool:
    """Whether a brace opens or closes nothing."""
    return bool(set(_BRACES.sub("", text)) & set("{}"))


def named_facts(text: str) -> set[str]:
    return set(_BRACES.findall(text))


@dataclass(frozen=True)
class Phrasing:
    """The templates of one campaign, by rung."""

    templates: Mapping[str, Template] = field(default_factory=dict)

    def title(self, owed: Obligation, rung: Rung, on: date) -> str:
        return _filled(self._of(rung).title, owed, rung, on, to_doer=True)

    def body(self, owed: Obligation, rung: Rung, on: date, *, to_doer: bool) -> str:
        return _filled(self._of(rung).body, owed, rung, on, to_doer=to_doer)

    def _of(self, rung: Rung) -> Template:
        return self.templates.get(rung, USUAL)


def phrasing_of(campaign: Campaign) -> Phrasing:
    """One query; keep it for a pass."""
    rows = NoticeTemplate.objects.filter(campaign=campaign)
    return Phrasing({row.rung: Template(row.title, row.body) for row in rows})


def _filled(text: str, owed: Obligation, rung: Rung, on: date, *, to_doer: bool) -> str:
    facts = {
        "级别": str(rung.label),
        "事项": owed.title,
        "单位": owed.unit.short_name if owed.unit else "“双高计划”工作组",
        "还差": wording.missing(owed),
        "截止": wording.deadline(owed, on),
        "说明": wording.body(owed, on, to_doer=to_doer),
    }
    return _BRACES.sub(lambda found: facts.get(found[1], found[0]), text)
