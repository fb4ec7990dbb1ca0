"""The log form: one screen whose fields follow the kind chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from crispy_forms.layout import Layout, LayoutObject
from django import forms
from django.forms.utils import ErrorDict
from django.template.loader import render_to_string

from campaign.choices import ActivityKind
from campaign.models import SubTopic
from core.drawn_once import drawn_once
from core.forms import ChipCheckboxes, ChipRadio, MoreFields, Pair, PortalForm, PortalFormHelper
from seminars.advice import NOTED, digest
from seminars.checks import faults_of, label
from seminars.choices import AWAY, StudyLevel
from seminars.fields import (
    ClockField,
    CountField,
    DayField,
    LineField,
    SeveralFilesField,
    TextField,
)
from seminars.kinds import LISTS, SHAPES, UNITS_OWN
from seminars.models import Activity
from seminars.services.files import MOST_FILES
from seminars.sheets import COLUMNS, OpinionLine, Sheet, sheet_of
from units.models import Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from django.db.models import QuerySet
    from django.http import QueryDict
    from django.template import Context
    from django.utils.safestring import SafeString

    from campaign.models import Campaign
    from core.files import CheckedFile
    from seminars.advice import Note

_LINES = {"title", "place", "host", "recorder", "speaker", "speaker_title", "visited", "team"}
_LINES |= {"channel"}
_TEXTS = {"content": 5, "agenda": 3, "decisions": 3, "takeaway": 3}
_PEOPLE = {"expected", "present", *AWAY, "sitting_in"}
_PAPERS = {"issued", "returned", "valid"}
_CLOCKS = {"starts_at", "ends_at"}
_HELP = {
    "title": "例如：围绕校企合作召开教师座谈会",
    "excused": "未到的按原因填人数，不写病情等个人情况。",
    "away_otherwise": "应到减去实到和以上各项，就是缺席，由平台算出；列席不算在内。",
    "takeaway": "可不填。",
    "link": "网页报道的地址；橱窗、电子屏等请填地点。",
}
_FILES = f"最多{MOST_FILES}个。照片会去掉拍摄地点等信息。"
#: Asked only beside notes: why what they point out stays.
KEPT_BECAUSE = "kept_because"
_KEPT_HELP = "可不填。填写的会写进修改记录，日后核对时看得到。"
#: Shown side by side where there is room.
_PAIRS = (
    ("expected", "present"),
    ("starts_at", "ends_at"),
    ("excused", "on_duty"),
    ("teaching", "away_otherwise"),
)


class ActivityForm(PortalForm):
    """A sheet of one kind. `kind` decides which fields there are; see `kinds.py`.

    What was typed for a field another kind has travels along unseen, so that trying a kind
    loses nothing.
    """

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        *args: Any,
        campaign: Campaign,
        units: QuerySet[Unit],
        kind: str,
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.campaign, self.kind, self.today = campaign, kind, today
        self.fields["unit"] = _unit_field(units)
        for name in (*SHAPES[kind].first, *SHAPES[kind].second):
            if name == UNITS_OWN:
                self._offer_sub_topics(units)
            else:
                self.fields[name] = field_of(name, kind, campaign)
        self.fields[KEPT_BECAUSE] = LineField(
            label="为什么不改", max_length=60, required=False, help_text=_KEPT_HELP
        )
        self.fields["files"] = self._files = SeveralFilesField(label="照片和文件", help_text=_FILES)

    def _offer_sub_topics(self, units: QuerySet[Unit]) -> None:
        """A field for what these units and those above them set themselves, if they did (S31)."""
        topics = SubTopic.objects.in_campaign(self.campaign).usable_by(units)
        if by_key := {topic.pk: topic for topic in topics}:
            self.fields[UNITS_OWN] = _sub_topics_field(by_key)

    @property
    def checked_files(self) -> list[CheckedFile]:
        """The files that may be kept, even if another one or some text was refused."""
        return self._files.checked

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        for name, messages in faults_of(self.kind, cleaned, today=self.today).items():
            if name not in self.errors:
                self.add_error(name, messages)
        unit = cleaned.get("unit")
        others = [topic for topic in cleaned.get(UNITS_OWN, ()) if not topic.belongs_to(unit)]
        if unit and others:
            self.add_error(UNITS_OWN, f"“{others[0]}”是{others[0].unit.short_name}的主题。")
        return cleaned

    def sheet(self, opinions: Sequence[OpinionLine]) -> Sheet:
        """What was written; of a form with errors, as much as could be understood."""
        cleaned = self.cleaned_data
        return Sheet(
            campaign=self.campaign,
            unit=cleaned["unit"],
            kind=self.kind,
            values={name: cleaned.get(name) for name in COLUMNS},
            lists={name: cleaned.get(name, ()) for name in LISTS},
            opinions=opinions,
        )

    def choices_of(self, name: str) -> list[tuple[str, str]]:
        """Keys and words of a list of the campaign, read once with the form's own field."""
        field = self.fields.get(name) or _list_field(name, self.campaign, {})
        return [(str(row.pk), field.label_from_instance(row)) for row in field.queryset]  # type: ignore[attr-defined]

    def hush(self) -> None:
        """Show what was typed without complaining: the person is still at it."""
        self.full_clean()
        self._errors = ErrorDict()

    def build_on(self, version: int) -> None:
        """Make the next sending of this form an answer to `version` of the stored row."""
        data: QueryDict = self.data.copy()  # type: ignore[attr-defined]  # always a QueryDict here
        data["version"] = str(version)
        self.data = data

    def typed_elsewhere(self) -> list[tuple[str, str]]:
        """Name and value of what was typed into fields this kind does not have."""
        return [
            (name, value)
            for name in COLUMNS
            if name not in self.fields and (value := self.data.get(name, ""))
        ]


def _unit_field(units: QuerySet[Unit]) -> forms.Field:
    field = forms.ModelChoiceField(units, label="单位", empty_label=None)
    if len(units) == 1:
        field.widget = forms.HiddenInput()
    return field


def field_of(name: str, kind: str, campaign: Campaign) -> forms.Field:
    """The form field for one column or list, required where the kind says so."""
    word = label(name, kind)
    required = name in SHAPES[kind].all_required
    options: dict[str, Any] = {
        "label": word,
        "required": required,
        "help_text": _HELP.get(name, ""),
        "error_messages": {"required": f"请填写{word}。"},
    }
    if name in LISTS:
        return _list_field(name, campaign, options)
    return _column_field(name, options)


def _column_field(name: str, options: dict[str, Any]) -> forms.Field:
    if name in _LINES:
        column = Activity._meta.get_field(name)
        return LineField(max_length=column.max_length, **options)  # type: ignore[union-attr]
    if name in _TEXTS:
        return TextField(rows=_TEXTS[name], **options)
    if name in _PEOPLE:
        return CountField(unit="人", **options)
    if name in _PAPERS:
        return CountField(unit="份", **options)
    if name in _CLOCKS:
        return ClockField(**options)
    special: dict[str, Callable[..., forms.Field]] = {
        "held_on": DayField,
        "link": _link_field,
        "level": _level_field,
    }
    return special[name](**options)


def _link_field(**options: Any) -> forms.Field:
    field = forms.URLField(assume_scheme="https", max_length=200, **options)
    field.error_messages["invalid"] = "请填写完整的网址，例如https://www.example.edu.cn/news/1。"
    return field


def _level_field(**options: Any) -> forms.Field:
    return forms.ChoiceField(choices=StudyLevel.choices, widget=ChipRadio, **options)


class _Rows(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # no generic at run time
    def label_from_instance(self, obj: Any) -> str:
        return getattr(obj, "short_title", "") or str(obj)

    def clean(self, value: Any) -> Any:
        """A key longer than the database's integers is no key, and no error of the server."""
        try:
            return super().clean(value)
        except OverflowError:
            message = self.error_messages["invalid_pk_value"]
            raise forms.ValidationError(message, params={"pk": "…"}) from None


def _list_field(name: str, campaign: Campaign, options: dict[str, Any]) -> forms.Field:
    rows = getattr(Activity, name).field.related_model.objects.filter(campaign=campaign)
    widget = forms.CheckboxSelectMultiple if name == "study_documents" else ChipCheckboxes
    return _Rows(rows, widget=widget, **options)


def _sub_topics_field(topics: Mapping[int, SubTopic]) -> forms.Field:
    is_one_units = len({topic.unit_id for topic in topics.values()}) == 1
    words = [
        (pk, topic.title if is_one_units else f"{topic.title}（{topic.unit.short_name}）")
        for pk, topic in topics.items()
    ]
    return forms.TypedMultipleChoiceField(
        label=label(UNITS_OWN),
        required=False,
        choices=words,
        coerce=lambda key: topics[int(key)],
        empty_value=[],
        widget=ChipCheckboxes,
        help_text="选中后自动归入它所属的研讨主题。",
    )


class KindChips(LayoutObject):  # type: ignore[misc]  # crispy ships no types
    """The kinds at hand as large chips, the others folded; one tap swaps the fields below."""

    def __init__(self, at_hand: Sequence[str], offered: Sequence[str]) -> None:
        self.fields: list[Any] = []
        chips = {kind: ActivityKind(kind).label for kind in offered}
        self.content = {
            "at_hand": [(kind, chips[kind]) for kind in at_hand],
            "others": [(kind, word) for kind, word in chips.items() if kind not in at_hand],
        }

    def render(
        self, form: ActivityForm, context: Context, template_pack: str, **kwargs: Any
    ) -> SafeString:
        others = {kind for kind, _ in self.content["others"]}
        content = {**self.content, "chosen": form.kind, "is_open": form.kind in others}
        return render_to_string("seminars/_kind_chips.html", content)


class Fragment(LayoutObject):  # type: ignore[misc]  # crispy ships no types
    """A template of ours between the fields of a crispy form."""

    def __init__(self, template: str, **content: Any) -> None:
        self.fields: list[Any] = []
        self.template, self.content = template, content

    def render(
        self, form: forms.BaseForm, context: Context, template_pack: str, **kwargs: Any
    ) -> SafeString:
        return render_to_string(self.template, {**self.content, "form": form})


def lay_out(
    form: ActivityForm,
    lines: Lines,
    *,
    at_hand: Sequence[str],
    offered: Sequence[str],
    submit: str,
    is_draft: bool,
    cancel_url: str,
    people: Sequence[str],
    notes: Sequence[Note],
) -> None:
    """Give the form its order on the page, notes under the fields they are about."""
    shape = SHAPES[form.kind]
    if not notes:
        del form.fields[KEPT_BECAUSE]
    helper = PortalFormHelper(
        form,
        submit=submit,
        layout=Layout(
            "client_key",
            "version",
            KindChips(at_hand, offered),
            "unit",
            *_paired([name for name in shape.first if name in form.fields], notes),
            Fragment("seminars/_opinion_lines.html", lines=lines, people=people),
            "files",
            NotesUnder("files", notes),
            MoreFields("补充信息", *_paired(shape.second, notes), note="可不填"),
            Fragment("seminars/_seen_notes.html", seen=digest(notes)),
            *([KEPT_BECAUSE] if notes else []),
            Fragment("seminars/_typed_elsewhere.html"),
            *([Fragment("seminars/_autosave.html")] if is_draft else []),
        ),
        others=(("action", "draft", "存草稿"),) if is_draft else (),
        cancel_url=cancel_url,
        sticky=True,
        keep=True,
    )
    helper.form_id = "log-form"
    helper.attrs["novalidate"] = ""
    form.helper = helper  # type: ignore[attr-defined]


def _paired(names: Sequence[str], notes: Sequence[Note]) -> list[Any]:
    """Fields in order; two that belong together become one row at the place of the first."""
    seconds = {second: first for first, second in _PAIRS if first in names and second in names}
    firsts = {first: second for second, first in seconds.items()}
    laid_out: list[Any] = []
    for name in names:
        if name not in seconds:
            laid_out.append(Pair(name, firsts[name]) if name in firsts else name)
        if name in NOTED:
            laid_out.append(NotesUnder(name, notes))
    return laid_out


class NotesUnder(LayoutObject):  # type: ignore[misc]  # crispy ships no types
    """The place for notes on one field; nearly always an empty one."""

    def __init__(self, name: str, notes: Sequence[Note]) -> None:
        self.fields: list[Any] = []
        self.name = name
        self.notes = tuple(note for note in notes if note.field == name)

    def render(self, *_args: Any, **_kwargs: Any) -> SafeString:
        return drawn_once("seminars/_notes.html", name=self.name, notes=self.notes)


class OpinionLineForm(PortalForm):
    """One opinion raised at the activity; a line without text is no line."""

    key = forms.CharField(widget=forms.HiddenInput, required=False)
    text = TextField(label="意见内容", rows=2, required=False, max_length=2_000)
    audience_group = forms.TypedChoiceField(
        label="来源群体", required=False, coerce=int, empty_value=None
    )
    theme = forms.TypedChoiceField(label="研讨主题", required=False, coerce=int, empty_value=None)
    contributor = LineField(label="提出人（本人同意具名时填写）", required=False, max_length=50)

    def __init__(
        self,
        *args: Any,
        groups: Sequence[tuple[str, str]],
        themes: Sequence[tuple[str, str]],
        find_person: Callable[[str], list[int]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._find_person = find_person
        self.fields["audience_group"].choices = [("", "群体不明"), *groups]  # type: ignore[attr-defined]
        self.fields["theme"].choices = [("", "不分主题"), *themes]  # type: ignore[attr-defined]
        self.fields["text"].widget.attrs["class"] = "form-control"
        self.fields["contributor"].widget.attrs.update({"list": "people", "autocomplete": "off"})

    def clean_contributor(self) -> int | None:
        """The person's key. Nobody or several of that name is said, not guessed."""
        name = self.cleaned_data["contributor"]
        if not name:
            return None
        found = self._find_person(name)
        if len(found) == 1:
            return found[0]
        if found:
            raise forms.ValidationError(f"有{len(found)}位“{name}”，请改填登录账号。")
        raise forms.ValidationError(f"本单位没有找到“{name}”。请核对姓名，或者留空按匿名记录。")

    @property
    def line(self) -> OpinionLine | None:
        cleaned = self.cleaned_data
        if not cleaned.get("text"):
            return None
        return OpinionLine(
            text=cleaned["text"],
            audience_group=cleaned.get("audience_group"),
            theme=cleaned.get("theme"),
            contributor=cleaned.get("contributor"),
            opinion=cleaned.get("key", ""),
            contributor_name=self.data.get(self.add_prefix("contributor"), ""),
        )


class Lines(forms.BaseFormSet):  # type: ignore[type-arg]  # no generic at run time
    def lines(self) -> list[OpinionLine]:
        """Every line with text, as far as it could be understood."""
        self.is_valid()
        return [line for form in self.forms if (line := form.line)]

    def hush(self) -> None:
        self.is_valid()
        for form in self.forms:
            form._errors = ErrorDict()


#: A page asks for no more; a longer list comes in by import.
MOST_LINES = 60
OpinionLines = forms.formset_factory(
    OpinionLineForm,
    formset=Lines,
    extra=1,
    max_num=MOST_LINES,
    absolute_max=MOST_LINES,
    validate_max=True,
)


def first_values(sheet: Sheet, **more: Any) -> dict[str, Any]:
    """Initial values for a form that shows `sheet`."""
    lists = {name: [row.pk for row in rows] for name, rows in sheet.lists.items()}
    return {**sheet.values, **lists, "unit": sheet.unit.pk, **more}


def values_of(activity: Activity) -> dict[str, Any]:
    return first_values(
        sheet_of(activity), client_key=activity.client_key, version=activity.version
    )


def fresh_key() -> dict[str, Any]:
    return {"client_key": uuid4(), "version": 0}
