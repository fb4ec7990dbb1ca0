"""A proposal as a campaign definition (TOML) and as the plain JSON of `read_plan --json`.

The schema stands at the head of `campaign/data/jinzhi-2019-68.toml`.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from pypinyin import lazy_pinyin

from campaign.reading.asking import what_is_asked
from campaign.reading.proposal import Deadline, Phase, PlanProposal, Quota, Step
from campaign.reading.unit_kinds import unit_kinds_in

SCHEMA = 1

_NUMBER = re.compile(
    r"^(?P<agency>[\u4e00-\u9fff]{2}).*?(?P<year>(?:19|20)\d{2}).*?(?P<serial>\d+)号$"
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
_LONGEST_SHORT_NAME = 60


def as_json(proposal: PlanProposal) -> dict[str, Any]:
    """Exactly the keys `read_plan --json` promises; null or [] where the plan is silent."""
    head = proposal.head
    return {
        "title": head.title.value if head.title else None,
        "doc_number": head.doc_number.value if head.doc_number else None,
        "issuer": head.issuer.value if head.issuer else None,
        "year": head.year.value if head.year else None,
        "phases": [_phase_json(item.value) for item in proposal.phases],
        "themes": [item.value for item in proposal.themes],
        "study_documents": [item.value for item in proposal.study_documents],
        "quotas": [_quota_json(item.value) for item in proposal.quotas],
        "deadlines": [_deadline_json(item.value) for item in proposal.deadlines],
        "not_understood": [source.sentence for source in proposal.not_understood],
    }


def _phase_json(phase: Phase) -> dict[str, Any]:
    return {
        "name": phase.name,
        "label": phase.label,
        "start": _iso(phase.starts_on),
        "end": _iso(phase.ends_on),
        "departments": list(phase.departments),
    }


def _quota_json(quota: Quota) -> dict[str, Any]:
    return {"text": quota.text, "unit_kind": quota.unit, "min": quota.least, "max": quota.most}


def _deadline_json(deadline: Deadline) -> dict[str, Any]:
    return {"text": deadline.text, "date": _iso(deadline.due_on), "relative": deadline.relative}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def as_definition(proposal: PlanProposal) -> dict[str, Any]:
    """The campaign definition; keys the plan says nothing about are missing."""
    head = proposal.head
    recipients = head.recipients.value if head.recipients else None
    definition: dict[str, Any] = {
        "schema": SCHEMA,
        "slug": slug_for(proposal),
        "title": head.title.value if head.title else None,
        "short_name": (proposal.short_name or "")[:_LONGEST_SHORT_NAME],
        "number": head.doc_number.value if head.doc_number else None,
        "issuing_body": head.issuer.value if head.issuer else None,
        "recipients": recipients,
        "recipient_kinds": list(unit_kinds_in(recipients)) if recipients else None,
        "issued_year": head.year.value if head.year else None,
        "issued_on": head.issued_on.value if head.issued_on else None,
        "basis": [item.value for item in proposal.basis],
        "audience": proposal.audience.value if proposal.audience else None,
        "goal": proposal.goal.value if proposal.goal else None,
        "study_list_open": proposal.study_list_open or None,
        "channels": [item.value for item in proposal.channels],
    }
    definition |= _tables(proposal)
    return {key: value for key, value in definition.items() if value not in (None, "", [], {})}


def _tables(proposal: PlanProposal) -> dict[str, Any]:
    group = proposal.campaign_group.value if proposal.campaign_group else None
    return {
        "phases": [_phase(number, item.value) for number, item in enumerate(proposal.phases, 1)],
        "activity_kinds": [
            _said(
                kind=item.value.kind, wording=item.value.wording, first_phase=item.value.first_phase
            )
            for item in proposal.activity_kinds
        ],
        "themes": [
            {"number": number, "title": item.value}
            for number, item in enumerate(proposal.themes, 1)
        ],
        "study_documents": [{"title": item.value} for item in proposal.study_documents],
        "linked_works": [{"title": item.value} for item in proposal.linked_works],
        "targets": [
            {"count": item.value.count, "level": item.value.level, "subject": item.value.subject}
            for item in proposal.targets
        ],
        "aims": [
            {"title": item.value.title, "themes": list(item.value.themes)} for item in proposal.aims
        ],
        "safeguards": [{"title": item.value} for item in proposal.safeguards],
        "campaign_group": _said(
            name=group.name,
            chairs=list(group.chairs),
            deputies=list(group.deputies),
            member_departments=list(group.member_departments),
            duties=list(group.duties),
        )
        if group
        else None,
        "plan_group": {"name": proposal.plan_group.value} if proposal.plan_group else None,
        "demands": what_is_asked(proposal),
        "deadlines": [
            _said(text=item.value.text, due_on=item.value.due_on, relative=item.value.relative)
            for item in proposal.deadlines
        ],
    }


def _said(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", [], ())}


def _phase(number: int, phase: Phase) -> dict[str, Any]:
    entry = _said(
        number=number,
        name=phase.name,
        label=phase.label,
        starts_on=phase.starts_on,
        ends_on=phase.ends_on,
        departments=list(phase.departments),
        strand=phase.strand,
        opens=list(phase.opens),
        text=phase.text,
    )
    if phase.steps:
        entry["steps"] = [_step(step) for step in phase.steps]
    return entry


def _step(step: Step) -> dict[str, Any]:
    return {"title": step.title, "text": step.text, "kinds": list(step.kinds)}


def slug_for(proposal: PlanProposal) -> str:
    """jinzhi-2019-68 from 津职大党〔2019〕68号; else the year and a few letters of a hash."""
    head = proposal.head
    match = _NUMBER.match(head.doc_number.value) if head.doc_number else None
    if match:
        return f"{''.join(lazy_pinyin(match['agency']))}-{match['year']}-{match['serial']}"
    title = head.title.value if head.title else proposal.text[:200]
    digest = hashlib.sha256(title.encode()).hexdigest()[:6]
    return f"campaign-{head.year.value if head.year else 'undated'}-{digest}"


def to_toml(definition: dict[str, Any]) -> str:
    """`definition` as TOML that `tomllib` reads back to the same value."""
    return "\n".join(_toml_lines(definition, "")) + "\n"


def _toml_lines(table: dict[str, Any], path: str) -> Iterator[str]:
    nested = {key: value for key, value in table.items() if _is_table(value)}
    for key, value in table.items():
        if key not in nested:
            yield f"{_key(key)} = {_value(value)}"
    for key, value in nested.items():
        name = f"{path}{_key(key)}"
        entries, bracket = ([value], "[{}]") if isinstance(value, dict) else (value, "[[{}]]")
        for entry in entries:
            yield ""
            yield bracket.format(name)
            yield from _toml_lines(entry, f"{name}.")


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and bool(value) and isinstance(value[0], dict)
    )


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _value(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(_value(item) for item in value)}]"
    return '"' + "".join(_escaped(char) for char in str(value)) + '"'


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    return char if char.isprintable() or char == "\u3000" else f"\\u{ord(char):04X}"
