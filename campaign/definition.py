"""A campaign's definition as a TOML file: the schema, read strictly.

The meaning of each key is told in the head of `campaign/data/jinzhi-2019-68.toml`.
"""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from campaign.choices import ActivityKind, DemandKind, Gate, Strand

if TYPE_CHECKING:
    from pathlib import Path


#: From which day a relative label counts; empty if the label is not relative.
CountedFrom = Annotated[
    str,
    msgspec.Meta(pattern=r"^(issued|phase \d+ (starts|ends)|step \d+\.\d+ (starts|ends))?$"),
]


class DefinitionError(ValueError):
    """The file is not a campaign definition; the message names the place and the fault."""


class _Part(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    pass


class Step(_Part):
    title: str
    text: str = ""
    label: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    starts_time: time | None = None
    ends_time: time | None = None
    counted_from: CountedFrom = ""
    kinds: list[ActivityKind] = []


class PhaseDefinition(_Part):
    number: int
    name: str
    starts_on: date
    ends_on: date
    label: str = ""
    strand: Strand = Strand.OTHER
    opens: list[Gate] = []
    departments: list[str] = []
    text: str = ""
    steps: list[Step] = []
    starts_time: time | None = None
    ends_time: time | None = None
    counted_from: CountedFrom = ""


class KindDefinition(_Part):
    kind: ActivityKind
    wording: str
    first_phase: int | None = None


class ThemeDefinition(_Part):
    number: int
    title: str


class Titled(_Part):
    title: str


class StudyDocumentDefinition(_Part):
    title: str
    url: str = ""


class TargetDefinition(_Part):
    count: int
    level: str
    subject: str


class Aim(_Part):
    title: str
    themes: list[int] = []


class CampaignGroup(_Part):
    name: str
    chairs: list[str] = []
    deputies: list[str] = []
    member_departments: list[str] = []
    duties: list[str] = []


class PlanGroup(_Part):
    name: str


class QuotaDefinition(_Part):
    quota: int
    unit_kind: str = ""
    unit: str = ""


class DemandDefinition(_Part):
    kind: DemandKind
    unit_kinds: list[str]
    text: str
    min: int | None = None
    max: int | None = None
    measure_word: str = ""
    due_on: date | None = None
    due_text: str = ""
    title: str = ""
    activity_kinds: list[ActivityKind] = []
    opens_on: date | None = None
    due_time: time | None = None
    counted_from: CountedFrom = ""
    grace_days: int = 0
    words_min: int | None = None
    words_max: int | None = None
    attachments: list[str] = []
    needs_approval: bool = False
    quotas: list[QuotaDefinition] = []


class Deadline(_Part):
    text: str
    due_on: date | None = None
    relative: str = ""


class Definition(_Part):
    """What an issued plan says, and nothing else."""

    schema: int
    slug: str
    title: str
    short_name: str = ""
    number: str = ""
    issuing_body: str = ""
    recipients: str = ""
    recipient_kinds: list[str] = []
    issued_year: int | None = None
    issued_on: date | None = None
    basis: list[str] = []
    audience: str = ""
    goal: str = ""
    study_list_open: bool = False
    channels: list[str] = []
    phases: list[PhaseDefinition] = []
    activity_kinds: list[KindDefinition] = []
    themes: list[ThemeDefinition] = []
    study_documents: list[StudyDocumentDefinition] = []
    linked_works: list[Titled] = []
    audience_groups: list[str] = []
    targets: list[TargetDefinition] = []
    aims: list[Aim] = []
    safeguards: list[Titled] = []
    campaign_group: CampaignGroup | None = None
    plan_group: PlanGroup | None = None
    demands: list[DemandDefinition] = []
    deadlines: list[Deadline] = []


def read_definition(path: Path) -> Definition:
    """The definition in the file at `path`.

    Raises DefinitionError when the file is missing, is not TOML, has an unknown key or a value of
    the wrong kind, or a phase ends before it starts.
    """
    try:
        definition = msgspec.toml.decode(path.read_bytes(), type=Definition)
    except OSError as fault:
        raise DefinitionError(f"{path}: {fault.strerror}") from fault
    except msgspec.MsgspecError as fault:
        raise DefinitionError(f"{path}: {fault}") from fault
    except UnicodeDecodeError as fault:
        raise DefinitionError(f"{path}: not UTF-8 text") from fault
    _check(definition, path)
    return definition


def make_definition(data: dict[str, Any], source: str) -> Definition:
    """`data` as a definition, under the same rules as a file. Raises DefinitionError."""
    try:
        definition = msgspec.convert(data, type=Definition)
    except msgspec.MsgspecError as fault:
        raise DefinitionError(f"{source}: {fault}") from fault
    _check(definition, source)
    return definition


def _check(definition: Definition, path: Path | str) -> None:
    if definition.schema != 1:
        raise DefinitionError(f"{path}: schema {definition.schema} is not known, expected 1")
    for phase in definition.phases:
        for step in phase.steps:
            if step.starts_on and step.ends_on and step.ends_on < step.starts_on:
                raise DefinitionError(
                    f"{path}: step {step.title} ends on {step.ends_on}, before {step.starts_on}"
                )
        if phase.ends_on < phase.starts_on:
            raise DefinitionError(
                f"{path}: phase {phase.number} ends on {phase.ends_on}, before {phase.starts_on}"
            )
