"""Draws Django's plain form widgets without a template each.

A page with five filters has a hundred options; Django renders three templates for each of them,
which took longer than everything else on the page. The markup is Django's own: a test holds both
side by side. Widgets with templates of their own, and all others, are left to Django.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.forms.renderers import TemplatesSetting
from django.utils.formats import localize
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.http import HttpRequest

    Widget = Mapping[str, Any]


class QuickRenderer(TemplatesSetting):
    """What `FORM_RENDERER` names."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        draw = DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)


def flat_attributes(attributes: Mapping[str, Any]) -> SafeString:
    """The attributes of an element, each behind a space; True is a bare name, False is left out."""
    return mark_safe(  # noqa: S308  every value is escaped
        "".join(
            f" {name}" if value is True else f' {name}="{conditional_escape(str(value))}"'
            for name, value in attributes.items()
            if value is not False
        )
    )


def _input(widget: Widget) -> SafeString:
    value = widget["value"]
    return format_html(
        '<input type="{}" name="{}"{}{}>',
        widget["type"],
        widget["name"],
        "" if value is None else flat_attributes({"value": value}),
        flat_attributes(widget["attrs"]),
    )


def _textarea(widget: Widget) -> SafeString:
    return format_html(
        '<textarea name="{}"{}>\n{}</textarea>',
        widget["name"],
        flat_attributes(widget["attrs"]),
        widget["value"] or "",
    )


def _select(widget: Widget) -> SafeString:
    groups = mark_safe("\n".join(_group(*group) for group in widget["optgroups"]))  # noqa: S308
    attributes = flat_attributes(widget["attrs"])
    return format_html('<select name="{}"{}>\n{}\n</select>', widget["name"], attributes, groups)


def _group(name: str | None, options: Iterable[Widget], _index: int) -> str:
    drawn = "\n".join(map(_option, options))
    if not name:
        return drawn
    return f'<optgroup label="{conditional_escape(name)}">\n{drawn}\n</optgroup>'


def _option(option: Widget) -> str:
    value = conditional_escape(str(option["value"]))
    label = conditional_escape(localize(option["label"]))
    return f'<option value="{value}"{flat_attributes(option["attrs"])}>{label}</option>'


_FOLDER = "django/forms/widgets"
_INPUTS = ("text", "number", "email", "url", "color", "search", "tel", "password", "hidden")
_MOMENTS = ("date", "datetime", "time")
#: By the template that Django would have rendered.
DRAWN: dict[str, Callable[[Widget], SafeString]] = {
    **{f"{_FOLDER}/{name}.html": _input for name in (*_INPUTS, *_MOMENTS, "checkbox")},
    f"{_FOLDER}/textarea.html": _textarea,
    f"{_FOLDER}/select.html": _select,
}
