"""Template tags of the component set; what each component needs stands in docs/components.md."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.http import HttpRequest

from core.addresses import address
from core.choice_rows import read_at_once
from core.drawn_once import drawn_once
from core.field_drawing import draw_field, icon
from core.wording_diff import Piece, changes

register = template.Library()


register.simple_tag(icon)
register.simple_tag(address)
register.simple_tag(drawn_once)
register.simple_tag(draw_field, name="form_field")


@dataclass(frozen=True, slots=True)
class SortHead:
    label: str
    url: str
    #: What `aria-sort` says: ascending, descending, or empty when another column leads.
    direction: str
    numeric: bool


@register.inclusion_tag("components/sort_head.html")
def sort_head(
    request: HttpRequest, label: str, key: str, *, numeric: bool = False
) -> dict[str, Any]:
    """A table head that sorts by `?sort=key` or `?sort=-key` and leaves the page number behind."""
    sort = request.GET.get("sort", "")
    direction = {key: "ascending", f"-{key}": "descending"}.get(sort, "")
    target = f"-{key}" if direction == "ascending" else key
    url = address_with(request, sort=target, after=None, before=None)
    return {"head": SortHead(label, url, direction, numeric)}


@register.simple_tag
def address_with(request: HttpRequest, **changed: str | None) -> str:
    """The address of this page with some query values changed; None takes one away."""
    query = request.GET.copy()
    for key, value in changed.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = value
    return f"?{query.urlencode()}"


@dataclass(frozen=True, slots=True)
class FilterChip:
    field: str
    value: str
    remove_url: str


#: What a list is ordered by and which view of it is open survive its filters.
_KEPT = frozenset({"sort", "show"})


@register.inclusion_tag("components/filter_bar.html", takes_context=True)
def filter_bar(context: dict[str, Any], form: BaseForm) -> dict[str, Any]:
    """A GET form in one row with a removable chip for every value in use."""
    request: HttpRequest = context["request"]
    read_at_once(form)
    chips = [chip for field in form for chip in _chips(request, field)]
    kept = [
        (key, value)
        for key, values in request.GET.lists()
        if key in _KEPT and key not in form.fields
        for value in values
    ]
    return {"form": form, "chips": chips, "kept": kept, "clear_url": request.path}


def _chips(request: HttpRequest, field: BoundField) -> Iterable[FilterChip]:
    chosen = request.GET.getlist(field.html_name)
    in_use = [raw for raw in chosen if raw.strip()]
    words = dict(_flat_choices(getattr(field.field, "choices", ()))) if in_use else {}
    for raw in in_use:
        query = request.GET.copy()
        query.setlist(field.html_name, [other for other in chosen if other != raw])
        for position in ("after", "before"):
            query.pop(position, None)
        yield FilterChip(str(field.label), words.get(raw, raw), f"?{query.urlencode()}")


def _flat_choices(choices: Iterable[Any]) -> Iterable[tuple[str, str]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat_choices(label)
        else:
            yield str(value), str(label)


@register.inclusion_tag("components/diff.html")
def diff(old: str, new: str) -> dict[str, list[Piece]]:
    """One running text with what fell away struck out and what is new underlined."""
    return {"pieces": changes(old, new)}


@register.inclusion_tag("components/compare.html")
def compare(
    old: str, new: str, old_title: str = "原文", new_title: str = "修改后"
) -> dict[str, Any]:
    """Two texts side by side, each with its own part of the difference marked."""
    pieces = changes(old, new)
    return {
        "old_title": old_title,
        "new_title": new_title,
        "old_pieces": [piece for piece in pieces if piece.kind != "ins"],
        "new_pieces": [piece for piece in pieces if piece.kind != "del"],
    }


@dataclass(frozen=True, slots=True)
class ErrorLine:
    text: str
    #: Id of the field to go to; empty when the mistake belongs to the whole form.
    anchor: str = ""


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, list[ErrorLine]]:
    """Every mistake of the forms, in the order of the fields; nothing when there is none."""
    return {"lines": [line for form in forms if form.is_bound for line in _error_lines(form)]}


def _error_lines(form: BaseForm) -> Iterable[ErrorLine]:
    for error in form.non_field_errors():
        yield ErrorLine(str(error))
    for field in form:
        for error in field.errors:
            if field.is_hidden:
                yield ErrorLine(str(error))
            else:
                # A group of choices has no id of its own; its first choice has.
                anchor = field.id_for_label or f"{field.auto_id}_0"
                names_itself = str(field.label) in str(error)
                yield ErrorLine(str(error) if names_itself else f"{field.label}：{error}", anchor)
