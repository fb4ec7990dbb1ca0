"""What people fill in about measures, outcomes and cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from crispy_forms.layout import Layout
from django import forms
from django.utils import timezone

from accounts.models import User
from campaign.models import Theme
from core.chinese_text import chinese_date, month_day
from core.forms import ChipCheckboxes, ChipRadio, Pair, PortalForm, PortalFormHelper
from core.plain_speech import PlainSpeech
from outcomes.choices import CaseKind, Horizon, MeasureStatus, OutcomeKind
from outcomes.models import Measure, Milestone
from outcomes.querysets import CaseQuerySet, MeasureQuerySet, OutcomeQuerySet
from proposals.models import ClauseRevision
from seminars.fields import DayField, LineField, TextField
from seminars.models import Activity
from units.choices import LEADING_POSITIONS, REPORTING_POSITIONS
from units.forms import UnitField
from units.models import Membership, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from campaign.models import Campaign
    from outcomes.models import Case

_TITLE_LENGTH = 120
_ACTIVITIES_OFFERED = 12
Rows = TypeVar("Rows", MeasureQuerySet, OutcomeQuerySet)


class _Filter(PortalForm):
    """A GET form; a value that makes no sense narrows nothing."""

    unit = UnitField(label="单位", required=False, empty_label="全部单位")
    theme = forms.ModelChoiceField(
        label="主题", required=False, queryset=Theme.objects.none(), empty_label="全部主题"
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.open()  # type: ignore[attr-defined]
        self.fields["theme"].queryset = campaign.themes.all()  # type: ignore[attr-defined]

    def narrow(self, rows: Rows) -> Rows:
        """With a unit come those below it."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        if unit := chosen.pop("unit", None):
            rows = rows.of_subtree(unit)
        return rows.filter(**chosen)


class MeasureFilter(_Filter):
    status = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部状态"), *MeasureStatus.choices]
    )


class OutcomeFilter(_Filter):
    kind = forms.ChoiceField(
        label="类别", required=False, choices=[("", "全部类别"), *OutcomeKind.choices]
    )


class CaseFilter(PortalForm):
    """The library by theme and kind (S46); a value that makes no sense narrows nothing."""

    theme = forms.ModelChoiceField(
        label="主题", required=False, queryset=Theme.objects.none(), empty_label="全部主题"
    )
    kind = forms.ChoiceField(
        label="类别", required=False, choices=[("", "全部类别"), *CaseKind.choices]
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].queryset = campaign.themes.all()  # type: ignore[attr-defined]

    def narrow(self, rows: CaseQuerySet) -> CaseQuerySet:
        self.is_valid()
        names = {"theme": "outcome__theme", "kind": "kind"}
        chosen = {names[name]: value for name, value in self.cleaned_data.items() if value}
        return rows.filter(**chosen)


class _OwnerField(forms.ModelChoiceField[User]):
    """Somebody who leads or reports for a unit, with the unit to tell two of one name apart."""

    def label_from_instance(self, obj: User) -> str:
        return f"{obj.name}（{obj.username}）"


class _RevisionField(forms.ModelChoiceField[ClauseRevision]):
    def label_from_instance(self, obj: ClauseRevision) -> str:
        proposal = obj.decision.proposal
        return f"{obj.clause}（{proposal.number}《{proposal.title}》）"


class _ActivitiesField(forms.ModelMultipleChoiceField[Activity]):
    def label_from_instance(self, obj: Activity) -> str:
        return f"{month_day(obj.held_on)} {obj.title}"


class MeasureForm(PlainSpeech, forms.ModelForm[Measure]):
    """A draft may lack owner, indicator and day; publishing asks for them (S36)."""

    title = LineField(label="举措", max_length=_TITLE_LENGTH, help_text="做什么，一句话。")
    theme = forms.ModelChoiceField(
        label="研讨主题", queryset=Theme.objects.none(), empty_label="请选择"
    )
    unit = UnitField(label="责任单位", empty_label="请选择")
    owner = _OwnerField(
        label="责任人",
        queryset=User.objects.none(),
        required=False,
        empty_label="暂不指定",
        help_text="各单位的负责人、书记和联络员。",
    )
    indicator = LineField(
        label="指标",
        max_length=200,
        required=False,
        help_text="做到什么程度算完成，例如“工作日开放到21:30，覆盖8间实训室”。",
    )
    horizon = forms.ChoiceField(label="期限类别", choices=Horizon, widget=ChipRadio)
    due_on = DayField(label="完成时限", required=False)
    revision = _RevisionField(
        label="依据的条款修订",
        queryset=ClauseRevision.objects.none(),
        required=False,
        empty_label="不对应条款修订",
    )

    class Meta:
        model = Measure
        fields = ("title", "theme", "unit", "owner", "indicator", "horizon", "due_on", "revision")

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].queryset = campaign.themes.all()  # type: ignore[attr-defined]
        self.fields["unit"].queryset = Unit.objects.open()  # type: ignore[attr-defined]
        self.fields["owner"].queryset = _possible_owners()  # type: ignore[attr-defined]
        self.fields["revision"].queryset = (  # type: ignore[attr-defined]
            ClauseRevision.objects.filter(
                decision__proposal__campaign=campaign,
                decision__published_at__isnull=False,
                clause__isnull=False,
            )
            .select_related("clause", "decision__proposal")
            .order_by("clause__order", "pk")
        )
        self.helper = PortalFormHelper(
            self,
            submit="保存举措",
            layout=Layout(
                "title", "theme", "revision", Pair("unit", "owner"), "indicator",
                Pair("due_on", "horizon"),
            ),
            keep=True,
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The owner holds a post in the responsible unit, below or above it."""
        given = super().clean() or self.cleaned_data
        owner, unit = given.get("owner"), given.get("unit")
        if owner and unit and not _belongs(owner, unit):
            self.add_error("owner", f"{owner.name}不在{unit.name}或其上下级单位任职，请另选。")
        return given

    def _post_clean(self) -> None:
        """The service changes the measure, and this form only reads: nothing is set here."""


def _possible_owners() -> Any:
    posts = Membership.objects.current(timezone.localdate()).filter(
        position__in={*LEADING_POSITIONS, *REPORTING_POSITIONS}, unit__closed_on=None
    )
    return User.objects.filter(is_active=True, pk__in=posts.values("user_id")).order_by("pk")


def _belongs(owner: User, unit: Unit) -> bool:
    paths = (
        Membership.objects.current(timezone.localdate())
        .filter(user=owner)
        .values_list("unit__path", flat=True)
    )
    return any(path.startswith(unit.path) or unit.path.startswith(path) for path in paths)


class MilestoneForm(PortalForm):
    title = LineField(label="节点", max_length=_TITLE_LENGTH)
    due_on = DayField(label="时限")

    def __init__(self, *args: Any, measure: Measure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._measure = measure

    def clean_due_on(self) -> Any:
        day, last = self.cleaned_data["due_on"], self._measure.due_on
        if last is not None and day > last:
            raise forms.ValidationError(f"举措应在{chinese_date(last)}前办结，节点不能更晚。")
        return day


class ProgressForm(PortalForm):
    """One box and one choice: a minute's work."""

    text = TextField(label="进展", rows=4, max_length=2_000)
    milestone = forms.ModelChoiceField(
        label="完成的节点",
        queryset=Milestone.objects.none(),
        required=False,
        empty_label="没有完成节点",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, measure: Measure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ahead = measure.milestones.filter(done_on=None)
        if ahead:
            self.fields["milestone"].queryset = ahead  # type: ignore[attr-defined]
        else:
            del self.fields["milestone"]


class NoteForm(PortalForm):
    note = TextField(label="办结说明", rows=3, max_length=1_000)


class OutcomeForm(PortalForm):
    """A result of a measure, or an independent one that says why (S25)."""

    title = LineField(label="成果", max_length=_TITLE_LENGTH)
    kind = forms.ChoiceField(label="类别", choices=OutcomeKind, widget=ChipRadio)
    unit = UnitField(label="形成单位", empty_label=None)
    theme = forms.ModelChoiceField(
        label="研讨主题", queryset=Theme.objects.none(), empty_label="请选择"
    )
    achieved_on = DayField(label="形成日期")
    text = TextField(label="说明", required=False, rows=5)
    independent_reason = LineField(
        label="独立成果说明",
        max_length=200,
        help_text="这项成果不来自某项举措，请写明它从哪里来。",
    )
    activities = _ActivitiesField(
        label="佐证活动",
        queryset=Activity.objects.none(),
        required=False,
        widget=ChipCheckboxes,
        help_text="平台上已有的记录就是佐证，不必另附材料。",
    )

    def __init__(
        self,
        *args: Any,
        campaign: Campaign,
        units: Iterable[Unit],
        activities: Any,
        measure: Measure | None,
        linked: Iterable[int] = (),
        submit: str = "登记成果",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        keys = [unit.pk for unit in units]
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=keys)  # type: ignore[attr-defined]
        self.fields["theme"].queryset = campaign.themes.all()  # type: ignore[attr-defined]
        recent = activities.values_list("pk", flat=True)[:_ACTIVITIES_OFFERED]
        offered = [*recent, *linked]
        if offered:
            shown = Activity.objects.filter(pk__in=offered).newest_first()
            self.fields["activities"].queryset = shown  # type: ignore[attr-defined]
        else:
            del self.fields["activities"]
        if measure is not None:
            del self.fields["independent_reason"]
        self.helper = PortalFormHelper(self, submit=submit, keep=True)

    def clean_achieved_on(self) -> Any:
        day = self.cleaned_data["achieved_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(f"{chinese_date(day)}还没有到，请在形成以后再登记。")
        return day


class CaseForm(PortalForm):
    kind = forms.ChoiceField(label="类别", choices=CaseKind, widget=ChipRadio)
    summary = TextField(
        label="做法", rows=10, help_text="写清楚背景、做法和效果，让别的单位照着能做。"
    )

    def __init__(self, *args: Any, case: Case | None, **kwargs: Any) -> None:
        if case is not None:
            kwargs["initial"] = {"kind": case.kind, "summary": case.summary}
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit="保存案例", keep=True)


class ReuseForm(PortalForm):
    unit = UnitField(label="借鉴单位", empty_label=None)
    text = TextField(label="怎么用的", rows=4, max_length=1_000)

    def __init__(self, *args: Any, units: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [unit.pk for unit in units]
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=keys)  # type: ignore[attr-defined]
