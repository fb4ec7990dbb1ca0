"""What reviewers fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from campaign.models import Clause, Theme
from core.forms import CarriedText, ChipRadio, PortalForm, PortalFormHelper
from proposals.choices import ADOPTING_VERDICTS, ProposalKind, Verdict
from proposals.decisions import Draft, NewWording, text_to_revise, texts_to_revise
from proposals.deliberation import criteria_of
from proposals.models import Proposal
from seminars.fields import DayField, LineField, TextField
from units.choices import UnitKind
from units.models import Unit

if TYPE_CHECKING:
    from campaign.models import Campaign
    from proposals.models import Decision, Review

_SCORES = [(str(value), str(value)) for value in range(1, 6)]


class ScoreForm(PortalForm):
    """The two criteria of S32, and the campaign's own."""

    accuracy = forms.TypedChoiceField(
        label="发现问题要准", choices=_SCORES, coerce=int, widget=ChipRadio,
        help_text="问题真实、具体，抓住要害。5分最高。",
    )  # fmt: skip
    practicality = forms.TypedChoiceField(
        label="解决问题要实", choices=_SCORES, coerce=int, widget=ChipRadio,
        help_text="措施可行，责任和时间清楚。5分最高。",
    )  # fmt: skip
    comment = TextField(label="评分说明", required=False, rows=2, max_length=2000)

    def __init__(
        self, *args: Any, campaign: Campaign, own: Review | None = None, **kwargs: Any
    ) -> None:
        if own is not None:
            kwargs["initial"] = {
                "accuracy": own.accuracy,
                "practicality": own.practicality,
                "comment": own.comment,
            }
        super().__init__(*args, **kwargs)
        titles = [criterion.title for criterion in criteria_of(campaign)]
        self._further = {f"criterion_{n}": title for n, title in enumerate(titles, start=1)}
        for name, title in self._further.items():
            self.fields[name] = forms.TypedChoiceField(
                label=title,
                choices=_SCORES,
                coerce=int,
                widget=ChipRadio,
                initial=own.further.get(title) if own else None,
            )
        self.order_fields([name for name in self.fields if name != "comment"])

    def scores(self) -> dict[str, Any]:
        """What `deliberation.score` takes, from cleaned data."""
        cleaned = self.cleaned_data
        further = {title: cleaned[name] for name, title in self._further.items()}
        names = ("accuracy", "practicality", "comment")
        return {**{name: cleaned[name] for name in names}, "further": further}


class DecisionForm(PortalForm):
    """What shall be answered; for an adoption also what it changes in the plan."""

    verdict = forms.ChoiceField(label="决定", choices=Verdict, widget=ChipRadio)
    reasons = TextField(
        label="理由", rows=4, max_length=5000, help_text="提出人会看到这段话；公布前可以修改。"
    )
    referred_to = forms.ModelChoiceField(
        label="转办部门",
        required=False,
        queryset=Unit.objects.none(),
        empty_label="请选择",
        help_text="只在“转相关部门”时填写。",
    )
    clause = forms.ModelChoiceField(
        label="修改的条款",
        required=False,
        queryset=Clause.objects.none(),
        empty_label="不改条文",
        help_text="采纳或部分采纳时：选条款写新条文，或说明为什么不改。",
    )
    base_text = CarriedText()
    new_text = TextField(label="新条文", required=False, rows=6)
    no_change_reason = TextField(label="不改条文的理由", required=False, rows=2, max_length=2000)
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        proposal: Proposal,
        decision: Decision | None,
        in_force: str | None = None,
        **kwargs: Any,
    ) -> None:
        if "initial" not in kwargs:
            kwargs["initial"] = _initial(proposal, decision, in_force)
        super().__init__(*args, **kwargs)
        self._proposal = proposal
        clauses = Clause.objects.filter(document__campaign_id=proposal.campaign_id)
        departments = Unit.objects.of_kind(UnitKind.DEPARTMENT).filter(closed_on__isnull=True)
        self.fields["clause"].queryset = clauses.select_related(  # type: ignore[attr-defined]
            "document"
        ).only("order", "number", "depth", "title", "document__title")
        self.fields["clause"].label_from_instance = _clause_label  # type: ignore[attr-defined]
        self.fields["referred_to"].queryset = departments.only("name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        verdict = cleaned.get("verdict")
        if verdict == Verdict.REFERRED and not cleaned.get("referred_to"):
            self.add_error("referred_to", "请选择转办的部门。")
        if verdict in ADOPTING_VERDICTS:
            self._check_adoption(cleaned)
        return cleaned

    def _check_adoption(self, cleaned: dict[str, Any]) -> None:
        clause = cleaned.get("clause")
        texts = texts_to_revise(clause, self._proposal) if clause else ()
        if texts and cleaned["base_text"] not in texts:
            self._lay_beside(texts[-1])
        elif not clause:
            if not cleaned.get("no_change_reason"):
                self.add_error("no_change_reason", "请选择要修改的条款，或写明不改条文的理由。")
        elif not cleaned.get("new_text"):
            self.add_error(
                "new_text", "请写出新条文；不改条文的，请把条款选为“不改条文”并写明理由。"
            )
        elif cleaned["new_text"] == cleaned["base_text"].strip():
            if cleaned.get("no_change_reason"):
                cleaned["clause"] = None
            else:
                self.add_error(
                    "new_text", "新条文与原条文相同。不改条文的，请在“不改条文的理由”里写明理由。"
                )

    def _lay_beside(self: Any, text: str) -> None:
        """The wording was written for another clause or an older text: keep it, show both."""
        self.data = self.data.copy()
        self.data["base_text"] = text
        self.add_error(
            "new_text",
            "上面已换成所选条款现在的条文，您写的新条文还在这里。请对照着改好，再保存一次。",
        )

    def draft(self) -> Draft:
        """The decision as typed, from cleaned data."""
        cleaned = self.cleaned_data
        verdict = Verdict(cleaned["verdict"])
        revisions = []
        if verdict in ADOPTING_VERDICTS and cleaned["clause"]:
            revisions = [NewWording(cleaned["clause"], cleaned["base_text"], cleaned["new_text"])]
        return Draft(
            verdict,
            cleaned["reasons"],
            cleaned["referred_to"],
            revisions,
            cleaned["no_change_reason"],
        )


def _clause_label(clause: Clause) -> str:
    return f"《{clause.document.title}》{clause}"


def _initial(proposal: Proposal, decision: Decision | None, in_force: str | None) -> dict[str, Any]:
    if decision is None:
        return wording_of(proposal, proposal.target_clause, in_force)
    revision = decision.revisions.select_related("clause").first()
    initial = {
        "verdict": decision.verdict,
        "reasons": decision.reasons,
        "referred_to": decision.referred_to_id,
        "seen_version": decision.version,
    }
    if revision is None:
        return initial | wording_of(proposal, proposal.target_clause, in_force)
    return initial | {
        "clause": revision.clause_id,
        "base_text": revision.base_text,
        "new_text": revision.new_text,
        "no_change_reason": revision.no_change_reason,
    }


def wording_of(
    proposal: Proposal, clause: Clause | None, in_force: str | None = None
) -> dict[str, Any]:
    """The fields of a revision of `clause` before anything is changed in it."""
    if clause is None:
        return {"clause": None, "base_text": "", "new_text": ""}
    text = text_to_revise(clause, proposal, in_force)
    return {"clause": clause.pk, "base_text": text, "new_text": text}


class ReturnForm(PortalForm):
    reason = TextField(label="需要完善的内容", rows=3, max_length=2000)
    due_on = DayField(label="完善期限")


class MergeForm(PortalForm):
    """Into which other waiting proposal; named by its number."""

    target = LineField(label="主案编号", max_length=20, help_text="例如 JY00012。")
    note = LineField(label="说明", required=False, max_length=200)

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._proposal = proposal

    def clean_target(self) -> Proposal:
        number = self.cleaned_data["target"].upper()
        waiting = Proposal.objects.in_campaign(self._proposal.campaign).waiting()
        found = waiting.filter(number=number).select_related("campaign", "unit").first()
        if found is None or found == self._proposal:
            raise forms.ValidationError(f"没有编号为“{number}”的另一件待审议建议，请核对。")
        return found


class PackageReturnForm(PortalForm):
    reason = TextField(label="退回原因", rows=4, max_length=2000)


class SecondAnswerForm(PortalForm):
    text = TextField(
        label="再次办理的情况",
        rows=5,
        max_length=5000,
        help_text="写清楚又做了什么，或者为什么维持原来的决定。只再答复这一次。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit="发出再次答复", keep=True)


class NoteForm(PortalForm):
    text = TextField(label="讨论记录", rows=2, max_length=2000)


class QueueFilter(PortalForm):
    """A GET form; a value that makes no sense narrows nothing."""

    q = LineField(label="搜索", required=False)
    theme = forms.ModelChoiceField(
        label="主题", required=False, queryset=Theme.objects.none(), empty_label="全部主题"
    )
    kind = forms.ChoiceField(
        label="类别", required=False, choices=[("", "全部类别"), *ProposalKind.choices]
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].queryset = campaign.themes.all()  # type: ignore[attr-defined]

    def narrow(self, rows: Any) -> Any:
        self.is_valid()
        if text := self.cleaned_data.get("q"):
            rows = rows.matching(text[:60])
        if theme := self.cleaned_data.get("theme"):
            rows = rows.filter(theme=theme)
        if kind := self.cleaned_data.get("kind"):
            rows = rows.filter(kind=kind)
        return rows
