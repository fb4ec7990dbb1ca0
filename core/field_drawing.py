"""Draws a field of a form: its label, its box, its help and what is wrong with it.

Every field of every form passes through here, two dozen on the longest page. A template for it
took a third of that page's time, most of it in looking up names; so the markup is written here.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.forms import widgets
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from core.form_rendering import flat_attributes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.forms import BoundField

_NEEDED = mark_safe('<span class="form-need">必填</span>')
_NOTHING = SafeString()


@cache
def icon(name: str, label: str = "") -> SafeString:
    """A symbol of the sprite; decoration unless it gets a `label`. Drawn once a process."""
    address = f"{static('img/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>',
            label,
            address,
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', address)


def draw_field(field: BoundField) -> SafeString:
    """The whole field; a hidden one is its box alone."""
    if field.is_hidden:
        return field.as_widget()
    return format_html(
        '<div id="div_{}" class="form-field">{}</div>', field.auto_id, _inside(field)
    )


def _inside(field: BoundField) -> SafeString:
    widget = field.field.widget
    if isinstance(widget, widgets.CheckboxInput):
        return _tick(field)
    if isinstance(widget, widgets.RadioSelect):  # the choices of boxes are a kind of it
        return _group(field)
    return _boxed(field)


def _tick(field: BoundField) -> SafeString:
    return format_html(
        '<label class="choice" for="{}">{}<span>{}{}</span></label>{}',
        field.id_for_label,
        _control(field, "choice-input"),
        field.label,
        _need(field),
        _below(field),
    )


def _group(field: BoundField) -> SafeString:
    """A choice whose options are all in sight is a group with a legend, for screen readers."""
    described = field.aria_describedby
    return format_html(
        '<fieldset{}><legend class="form-label">{}{}</legend>'
        '<div class="choices choices-{}">{}</div>{}</fieldset>',
        flat_attributes({"aria-describedby": described or False}),
        field.label,
        _need(field),
        getattr(field.field.widget, "look", "list"),
        _options(field),
        _below(field),
    )


def _options(field: BoundField) -> SafeString:
    widget = field.field.widget
    attributes = field.build_widget_attrs({"id": field.auto_id})
    values = widget.format_value(field.value())
    drawn = []
    for group, options, _index in widget.optgroups(field.html_name, values, attributes):
        if group:
            drawn.append(format_html('<p class="choice-group">{}</p>', group))
        drawn.extend(map(_choice, options))
    return mark_safe("".join(drawn))  # noqa: S308  every piece is escaped


def _choice(option: Mapping[str, Any]) -> SafeString:
    """One option of a radio or checkbox choice, as the widget describes it."""
    is_box = option["type"] == "checkbox"
    return format_html(
        '<label class="choice" for="{}"><input class="choice-input" type="{}" name="{}" value="{}"'
        "{}>{}<span>{}</span></label>",
        option["attrs"].get("id", ""),
        option["type"],
        option["name"],
        option["value"],
        flat_attributes(option["attrs"]),
        icon("check") if is_box else "",
        option["label"],
    )


def _boxed(field: BoundField) -> SafeString:
    widget = field.field.widget
    box = _control(field, "form-select" if isinstance(widget, widgets.Select) else "form-control")
    if unit := getattr(widget, "unit", ""):
        box = format_html('<div class="with-unit">{}<span>{}</span></div>', box, unit)
    return format_html("{}{}{}", _label(field), box, _below(field))


def _control(field: BoundField, css_class: str) -> SafeString:
    """A field's box in the portal's look; its own classes stay, a mistake shows."""
    own = field.field.widget.attrs.get("class", "")
    classes = (css_class, "is-invalid" if field.errors else "", own)
    return field.as_widget(attrs={"class": " ".join(filter(None, classes))})


def _label(field: BoundField) -> SafeString:
    if not field.label:
        return _NOTHING
    return format_html(
        '<label class="form-label" for="{}">{}{}</label>',
        field.id_for_label,
        field.label,
        _need(field),
    )


def _need(field: BoundField) -> SafeString:
    return _NEEDED if field.field.required else _NOTHING


def _below(field: BoundField) -> SafeString:
    """What is wrong, then the help; their ids are those that `aria-describedby` names."""
    return format_html("{}{}", _mistakes(field), _help(field))


def _mistakes(field: BoundField) -> SafeString:
    if not field.errors:
        return _NOTHING
    return format_html(
        '<div class="form-errors" id="{}_error">{}<div>{}</div></div>',
        field.auto_id,
        icon("error"),
        format_html_join("", "<p>{}</p>", ((error,) for error in field.errors)),
    )


def _help(field: BoundField) -> SafeString:
    if not field.help_text:
        return _NOTHING
    text = conditional_escape(field.help_text)
    return format_html('<div class="form-text" id="{}_helptext">{}</div>', field.auto_id, text)
