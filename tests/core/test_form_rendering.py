"""The quick renderer says what Django's templates say."""

from datetime import date
from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.test.html import parse_html
from django.utils.safestring import mark_safe

from core.form_rendering import DRAWN, QuickRenderer
from core.forms import DayInput, MomentInput, NumberWithUnit, TimeInput

NASTY = "“<b>&'\"</b>”"
ATTRIBUTES = {"class": NASTY, "required": True, "disabled": False, "rows": 3, "id": "id_x"}
GROUPED = [
    ("", "全部"),
    ("一组", [(1, NASTY), (2, mark_safe("已<i>排</i>"))]),
    (True, "是"),
    (3, 4),
]

WIDGETS: list[tuple[forms.Widget, Any]] = [
    *[
        (widget(attrs=ATTRIBUTES), value)
        for widget in (forms.TextInput, forms.EmailInput, forms.URLInput, forms.HiddenInput)
        for value in (None, "", NASTY, 0, 1234567)
    ],
    *[(forms.Textarea(attrs=ATTRIBUTES), value) for value in (None, "", NASTY, " 两\n行")],
    *[(NumberWithUnit("人"), value) for value in (None, 0, 12000, "十二")],
    *[(forms.CheckboxInput(attrs=ATTRIBUTES), value) for value in (None, True, False, "on")],
    *[(widget(), date(2019, 10, 8)) for widget in (DayInput, MomentInput)],
    (TimeInput(), "08:30"),
    (forms.PasswordInput(), "geheim"),
    *[(forms.Select(ATTRIBUTES, GROUPED), value) for value in (None, "", 1, "2", True, "none")],
    (forms.SelectMultiple(ATTRIBUTES, GROUPED), ["1", "2"]),
    (forms.NullBooleanSelect(), None),
]


@pytest.mark.parametrize(("widget", "value"), WIDGETS)
def test_a_widget_is_drawn_as_by_django(widget: forms.Widget, value: Any):
    theirs = widget.render("x", value, renderer=TemplatesSetting())
    ours = widget.render("x", value, renderer=QuickRenderer())

    assert parse_html(ours) == parse_html(theirs)


def test_every_template_named_is_one_of_djangos():
    for template in DRAWN:
        assert TemplatesSetting().get_template(template)


def test_a_widget_of_another_kind_is_left_to_django():
    widget = forms.RadioSelect(choices=[(1, "甲"), (2, "乙")])

    ours = widget.render("x", 1, renderer=QuickRenderer())

    assert parse_html(ours) == parse_html(widget.render("x", 1, renderer=TemplatesSetting()))
