"""Loading a construction plan or task book: give the file, look at its clauses, confirm."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from crispy_forms.layout import Layout
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from campaign.choices import DocumentKind
from campaign.documents import LoadedMeanwhile, NoClauses, changes_by, load_document, read_parts
from campaign.models import Campaign
from campaign.permissions import can_load_document
from campaign.reading.files import UnreadablePlan, read_plan_bytes
from campaign.views.steering import who
from core.chinese_text import clean_line
from core.files import clean_name
from core.forms import DayInput, PortalForm, PortalFormHelper, TextBox

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

#: A construction plan is a book, not a library.
LONGEST_DOCUMENT = 600_000


class DocumentForm(PortalForm):
    """The document: a file or pasted text, and what it is."""

    kind = forms.ChoiceField(label="类别", choices=DocumentKind.choices)
    title = forms.CharField(label="名称", max_length=200)
    made_on = forms.DateField(label="这一版的日期", widget=DayInput)
    file = forms.FileField(
        label="文件",
        required=False,
        help_text="DOCX或TXT，按一、（一）1.（1）的标题分条。扫描件和PDF请先转成文字。",
    )
    text = forms.CharField(
        label="或者粘贴全文",
        required=False,
        strip=False,
        widget=TextBox({"rows": 8}),
        help_text="两样都给时，以文件为准。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        layout = Layout("kind", "title", "made_on", "file", "text")
        self.helper = PortalFormHelper(self, submit="分出条款", layout=layout)

    def clean_title(self) -> str:
        return clean_line(self.cleaned_data["title"]).strip("《》")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["whole"], data["source"] = "", "粘贴的文字"
        if data.get("file"):
            try:
                data["whole"] = read_plan_bytes(data["file"].read())
                data["source"] = clean_name(data["file"].name)
            except UnreadablePlan as fault:
                self.add_error("file", str(fault))
        elif (data.get("text") or "").strip():
            data["whole"] = data["text"]
        elif "file" not in self.errors:
            self.add_error("file", "请选择文件，或者粘贴全文。")
        if data["whole"]:
            self._divide(data)
        return data

    def _divide(self, data: dict[str, Any]) -> None:
        if len(data["whole"]) > LONGEST_DOCUMENT:
            self.add_error(None, "文字超过60万字，请分成几份文件，或者只载入要修订的部分。")
            return
        try:
            data["parts"] = read_parts(data["whole"])
        except NoClauses:
            self.add_error(
                None, "没有找到带编号的标题（一、（一）1.（1）），分不出条款，请核对文件。"
            )


@require_http_methods(["GET", "POST"])
def load(request: HttpRequest, slug: str) -> HttpResponse:
    """The document in, its clauses out; nothing is stored."""
    campaign = _loaded(request, slug)
    bound = (request.POST, request.FILES) if request.method == "POST" else ()
    form = DocumentForm(*bound, initial={"made_on": timezone.localdate()})
    if bound and form.is_valid():
        return _clauses_page(request, campaign, form)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if bound else HTTPStatus.OK
    context = {"campaign": campaign, "form": form, "heading": "载入方案文本"}
    return render(request, "campaign/form.html", context, status=status)


@require_POST
def confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep the document as shown. The text comes back with the form and is divided again."""
    campaign = _loaded(request, slug)
    form = DocumentForm(request.POST)
    if not form.is_valid():
        context = {"campaign": campaign, "form": form, "heading": "载入方案文本"}
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return render(request, "campaign/form.html", context, status=status)
    data = form.cleaned_data
    try:
        version = load_document(
            who(request),
            campaign,
            kind=data["kind"],
            title=data["title"],
            parts=data["parts"],
            made_on=data["made_on"],
            source=clean_line(request.POST.get("source", ""))[:200],
        )
    except LoadedMeanwhile:
        messages.warning(request, "刚刚有人载入了同一份文本，请先核对，再决定是否重新载入。")
    else:
        messages.success(request, f"已载入《{data['title']}》第{version.number}版。")
    return redirect("campaign:plan_of", slug)


def _clauses_page(request: HttpRequest, campaign: Campaign, form: DocumentForm) -> HttpResponse:
    data = form.cleaned_data
    document = campaign.documents.filter(kind=data["kind"]).first()
    last = document.versions.order_by("-number").first() if document else None
    context = {
        "campaign": campaign,
        "data": data,
        "kind_label": DocumentKind(data["kind"]).label,
        "document": document,
        "number": last.number + 1 if last else 1,
        "changes": changes_by(document, data["parts"]),
    }
    return render(request, "campaign/clauses_found.html", context)


def _loaded(request: HttpRequest, slug: str) -> Campaign:
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), slug=slug)
    if not can_load_document(request.user, campaign):
        raise PermissionDenied
    return campaign
