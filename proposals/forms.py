"""What writers and readers of proposals fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from crispy_forms.layout import Layout
from django import forms

from accounts.models import User
from campaign.models import Clause, PlanDocument, Theme
from core.forms import ChipRadio, PortalForm, PortalFormHelper
from proposals.choices import ProposalKind, Satisfaction, Status
from seminars.fields import DayField, LineField, TextField
from units.models import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from campaign.models import Campaign
    from proposals.models import Proposal, SubmissionPackage
    from proposals.querysets import ProposalQuerySet

TITLE_LENGTH = 120
_LONGEST_QUERY = 60


class StartForm(PortalForm):
    """The first step of a new proposal; everything else is written on the draft."""

    title = LineField(label="标题", max_length=TITLE_LENGTH)
    kind = forms.ChoiceField(label="类别", choices=ProposalKind, widget=ChipRadio)
    theme = forms.ModelChoiceField(
        label="研讨主题", queryset=Theme.objects.none(), empty_label="请选择"
    )
    unit = forms.ModelChoiceField(label="提出单位", queryset=Unit.objects.none(), empty_label=None)
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(
        self, *args: Any, campaign: Campaign, units: Iterable[Unit], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].queryset = campaign.themes.all()  # type: ignore[attr-defined]
        mine = Unit.objects.filter(pk__in=[unit.pk for unit in units])
        self.fields["unit"].queryset = mine  # type: ignore[attr-defined]
        if mine.count() == 1:
            self.fields["unit"].initial = mine.get()
        self.helper = PortalFormHelper(self, submit="开始起草")


class TextForm(PortalForm):
    """The text of a draft. A draft may be incomplete; sending it in checks the rest."""

    title = LineField(label="标题", max_length=TITLE_LENGTH)
    kind = forms.ChoiceField(label="类别", choices=ProposalKind, widget=ChipRadio)
    theme = forms.ModelChoiceField(
        label="研讨主题", queryset=Theme.objects.none(), empty_label=None
    )
    problem = TextField(
        label="发现的问题", required=False, rows=6, help_text="写清楚在哪里、什么情况下、影响了谁。"
    )
    measures = TextField(
        label="建议措施", required=False, rows=8, help_text="写清楚做什么、由谁做、何时做到。"
    )
    target = forms.ChoiceField(
        label="建议修改的条款",
        required=False,
        help_text="不确定时可以不选，由“双高计划”工作组落到条款。",
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _as_initial(proposal))
        super().__init__(*args, **kwargs)
        campaign = proposal.campaign
        self.fields["theme"].queryset = campaign.themes.all()  # type: ignore[attr-defined]
        self._documents = list(campaign.documents.prefetch_related("clauses"))
        self.fields["target"].choices = _target_choices(  # type: ignore[attr-defined]
            self._documents
        )
        self.helper = PortalFormHelper(
            self,
            submit="保存草稿",
            layout=Layout("title", "kind", "theme", "problem", "measures", "target"),
            others=(("then", "submit", "保存并去提交"),),
            sticky=True,
            keep=True,
        )
        self.helper.form_tag = False

    def written(self) -> dict[str, Any]:
        """The columns of the proposal, from cleaned data."""
        names = ("title", "kind", "theme", "problem", "measures")
        document, clause = self._target()
        return {
            **{name: self.cleaned_data[name] for name in names},
            "target_document": document,
            "target_clause": clause,
        }

    def _target(self) -> tuple[PlanDocument | None, Clause | None]:
        chosen = self.cleaned_data["target"]
        for document in self._documents:
            if chosen == f"d{document.pk}":
                return document, None
            for clause in document.clauses.all():
                if chosen == f"c{clause.pk}":
                    return document, clause
        return None, None


def _as_initial(proposal: Proposal) -> dict[str, Any]:
    target = ""
    if proposal.target_clause_id:
        target = f"c{proposal.target_clause_id}"
    elif proposal.target_document_id:
        target = f"d{proposal.target_document_id}"
    return {
        "title": proposal.title,
        "kind": proposal.kind,
        "theme": proposal.theme_id,
        "problem": proposal.problem,
        "measures": proposal.measures,
        "target": target,
        "seen_version": proposal.version,
    }


def _target_choices(documents: Iterable[PlanDocument]) -> list[Any]:
    groups = [
        (
            document.title,
            [
                (f"d{document.pk}", "整个文本"),
                *((f"c{clause.pk}", str(clause)) for clause in document.clauses.all()),
            ],
        )
        for document in documents
    ]
    return [("", "暂不指定"), *groups]


class WithdrawForm(PortalForm):
    note = TextField(label="撤回说明", required=False, rows=3, max_length=500)


class RecusalForm(PortalForm):
    """Either side says who should stay out of the deliberation, and why."""

    reviewer = forms.ModelChoiceField(
        label="应回避的成员", queryset=User.objects.none(), empty_label="请选择"
    )
    reason = LineField(label="回避事由", max_length=200)

    def __init__(self, *args: Any, members: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = User.objects.filter(pk__in=[member.pk for member in members])
        self.fields["reviewer"].queryset = chosen  # type: ignore[attr-defined]


class SummaryForm(PortalForm):
    """What a unit says before the tables of its submission package."""

    summary = TextField(
        label="综述",
        required=False,
        rows=6,
        max_length=5000,
        help_text="两三句话说明征集的过程和主要意见；表格由系统汇编，不用重填。",
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, package: SubmissionPackage, **kwargs: Any) -> None:
        kwargs["initial"] = {"summary": package.summary, "seen_version": package.version}
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit="保存综述", keep=True)


class RatingForm(PortalForm):
    satisfaction = forms.ChoiceField(label="您对答复的评价", choices=Satisfaction, widget=ChipRadio)
    note = TextField(
        label="说明",
        required=False,
        rows=3,
        max_length=1000,
        help_text="选“不满意”时请写明原因，工作组会再次答复一次。",
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        unhappy = cleaned.get("satisfaction") == Satisfaction.DISSATISFIED
        if unhappy and not cleaned.get("note"):
            self.add_error("note", "请写明不满意的原因，以便再次办理。")
        return cleaned


class ReferralReportForm(PortalForm):
    done_on = DayField(label="办理日期")
    text = TextField(
        label="办理情况",
        rows=5,
        max_length=5000,
        help_text="写清楚做了什么、结果怎样；不能办的，写明原因。",
    )


class ListFilter(PortalForm):
    """A GET form; a value that makes no sense narrows nothing."""

    q = LineField(label="搜索", required=False)
    status = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部状态"), *Status.choices]
    )
    kind = forms.ChoiceField(
        label="类别", required=False, choices=[("", "全部类别"), *ProposalKind.choices]
    )
    theme = forms.ModelChoiceField(
        label="主题", required=False, queryset=Theme.objects.none(), empty_label="全部主题"
    )
    unit = forms.ModelChoiceField(
        label="单位", required=False, queryset=Unit.objects.none(), empty_label="全部单位"
    )

    def __init__(self, *args: Any, campaign: Campaign, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].queryset = campaign.themes.all()  # type: ignore[attr-defined]
        self.fields["unit"].queryset = Unit.objects.visible_to(user)  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """The understood values that are not empty."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrow(self, rows: ProposalQuerySet, *, besides_status: bool = False) -> ProposalQuerySet:
        """Rows that meet every chosen value; `besides_status` leaves the status open."""
        chosen = self.chosen()
        if text := chosen.get("q"):
            rows = rows.matching(text[:_LONGEST_QUERY])
        if unit := chosen.get("unit"):
            rows = rows.of_units([unit])
        names = ["kind", "theme"] if besides_status else ["kind", "theme", "status"]
        return rows.filter(**{name: chosen[name] for name in names if name in chosen})
