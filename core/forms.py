"""How every form of the portal looks: one column, one helper, a handful of widgets.

A form sets `self.helper = PortalFormHelper(self, submit="提交建议")` and the page writes
`{% crispy form %}`; the templates of `templates/bootstrap5/` do the rest.
"""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout, LayoutObject
from django import forms
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core.choice_rows import read_at_once
from core.form_start import FIELD, start_mark
from core.plain_speech import PlainSpeech


class ChipRadio(forms.RadioSelect):
    """One of a few short choices, as chips in a row."""

    look = "chips"


class LargeChipRadio(forms.RadioSelect):
    """The choice a form starts with, such as the kind of an activity: chips for a thumb."""

    look = "large"


class ChipCheckboxes(forms.CheckboxSelectMultiple):
    """Any of some short choices, as chips."""

    look = "chips"


class NumberWithUnit(forms.NumberInput):
    """A number with its measure word behind the box (人, 场, 份)."""

    def __init__(self, unit: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "numeric", "min": 0, **(attrs or {})})
        self.unit = unit


class DayInput(forms.DateInput):
    """The browser's own day picker; typing works too."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own time picker, to the minute."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class MomentInput(forms.DateTimeInput):
    """Day and time in one box, in the portal's time zone."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class SeveralFilesInput(forms.ClearableFileInput):
    """A file box that takes several at once; the field cleans each of them."""

    allow_multiple_selected = True


class TextBox(forms.Textarea):
    """Several lines, each break as one letter: browsers count it so, and send CR LF."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value


class CarriedText(forms.CharField):
    """Text that a page carries along unseen, to be compared with what is stored.

    Browsers send its line breaks as CR LF (HTML, "Constructing the entry list").
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, strip=False, widget=forms.HiddenInput, **kwargs)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class Section(Fieldset):  # type: ignore[misc]  # crispy ships no types
    """A titled part of a long form."""

    def __init__(self, legend: str, *fields: Any) -> None:
        super().__init__(legend, *fields, css_class="form-section")


class Pair(Div):  # type: ignore[misc]  # crispy ships no types
    """Short fields that belong together (应到 and 实到), side by side where there is room."""

    def __init__(self, *fields: Any) -> None:
        super().__init__(*fields, css_class="form-pair")


class MoreFields(LayoutObject):  # type: ignore[misc]  # crispy ships no types
    """Fields most people skip, folded away under `title`.

    Unfolded when something in the form is to be mended and they have a part in it or may have.
    """

    def __init__(self, title: str, *fields: Any, note: str = "") -> None:
        self.title = title
        self.fields = list(fields)
        self.note = note

    def render(
        self, form: forms.BaseForm, context: Context, template_pack: str, **kwargs: Any
    ) -> SafeString:
        names = [pointer.name for pointer in self.get_field_names()]
        content = {
            "title": self.title,
            "note": self.note,
            "is_open": any(name in form.errors for name in names)
            or (bool(form.errors) and any(name in form.changed_data for name in names)),
            "fields": self.get_rendered_fields(form, context, template_pack, **kwargs),
        }
        return render_to_string(f"{template_pack}/layout/more_fields.html", content)


class SaveBar(LayoutObject):  # type: ignore[misc]  # crispy ships no types
    """The one primary button and its neighbours; `sticky` keeps it in reach on a phone.

    `others` are (name, value, label) of further submit buttons, for example 存草稿.
    """

    def __init__(
        self,
        submit: str,
        *,
        cancel_url: str = "",
        others: tuple[tuple[str, str, str], ...] = (),
        sticky: bool = False,
    ) -> None:
        self.fields: list[Any] = []
        self.content = {
            "submit": submit,
            "cancel_url": cancel_url,
            "others": others,
            "sticky": sticky,
        }

    def render(
        self, form: forms.BaseForm, context: Context, template_pack: str, **kwargs: Any
    ) -> SafeString:
        began = form.data.get(FIELD) or start_mark()
        content = {**self.content, "began_field": FIELD, "began": began}
        return render_to_string(f"{template_pack}/layout/save_bar.html", content)


class PortalFormHelper(FormHelper):  # type: ignore[misc]  # crispy ships no types
    """Labels above, help below, errors beside the field and listed at the top.

    Without `layout` the fields stand in the form's order. Fields a layout forgets still
    appear, so a new field cannot be lost. `keep` makes the browser warn before typed text
    is left behind.
    """

    def __init__(
        self,
        form: forms.BaseForm,
        *,
        submit: str,
        layout: Layout | None = None,
        action: str = "",
        cancel_url: str = "",
        others: tuple[tuple[str, str, str], ...] = (),
        sticky: bool = False,
        keep: bool = False,
    ) -> None:
        super().__init__(form)
        read_at_once(form)
        fields = layout if layout is not None else Layout(*form.fields)
        bar = SaveBar(submit, cancel_url=cancel_url, others=others, sticky=sticky)
        self.layout = Layout(*_with_forgotten(form, fields), bar)
        self.form_action = action
        self.form_class = "form-body"
        if not form.is_multipart():
            # Our own sentences say more than the browser's bubbles. With files it is the other
            # way round: an answer from the server makes people choose their files again.
            self.attrs["novalidate"] = ""
        if keep:
            self.attrs["data-keep"] = ""


def _with_forgotten(form: forms.BaseForm, layout: Layout) -> list[Any]:
    named = {pointer.name for pointer in layout.get_field_names()}
    return [*layout.fields, *(name for name in form.fields if name not in named)]


class PortalForm(PlainSpeech, forms.Form):
    """A form of the portal; forms of a model take `PlainSpeech` first."""
