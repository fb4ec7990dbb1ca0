"""The one form layout."""

from importlib import import_module

from crispy_forms.layout import Layout
from crispy_forms.utils import render_crispy_form
from django import forms
from django.conf import settings

from core.forms import (
    ChipRadio,
    LargeChipRadio,
    MoreFields,
    NumberWithUnit,
    PortalForm,
    PortalFormHelper,
    TextBox,
)
from core.plain_speech import PlainSpeech


class RecordForm(PortalForm):
    kind = forms.ChoiceField(label="类型", choices=[("a", "座谈会")], widget=LargeChipRadio)
    present = forms.IntegerField(label="实到", widget=NumberWithUnit("人"), help_text="不含列席。")
    place = forms.CharField(label="地点", required=False)
    photo = forms.FileField(label="附件", required=False)
    agreed = forms.BooleanField(label="已核对")

    def __init__(self, *args, layout=None, **options) -> None:
        super().__init__(*args)
        self.helper = PortalFormHelper(self, submit="保存记录", layout=layout, **options)


def html_of(form: forms.Form) -> str:
    return str(render_crispy_form(form))


def test_a_required_field_says_so_in_a_word():
    page = html_of(RecordForm())

    assert page.count("必填") == 3
    assert "*" not in page


def test_a_missing_value_is_asked_for_by_name():
    form = RecordForm({})

    assert {name: list(errors) for name, errors in form.errors.items()} == {
        "kind": ["请选择“类型”。"],
        "present": ["请填写“实到”。"],
        "agreed": ["请勾选“已核对”。"],
    }


def test_every_form_of_the_portal_says_what_is_missing_by_name():
    """Signing in and passwords have sentences of their own."""
    import_module("config.urls")  # imports every page, and with it every form

    silent = {
        f"{form.__module__}.{form.__name__}"
        for form in subclasses_of(forms.BaseForm)
        if is_of_the_portal(form) and not issubclass(form, PlainSpeech)
    }

    assert silent == set()


def test_every_text_box_of_the_portal_counts_as_browsers_do():
    """maxlength counts a line break as one letter and is sent as two (HTML, API value)."""
    import_module("config.urls")

    others = {
        f"{form.__module__}.{form.__name__}.{name}"
        for form in subclasses_of(forms.BaseForm)
        if is_of_the_portal(form)
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field.widget, forms.Textarea) and not isinstance(field.widget, TextBox)
    }

    assert others == set()


def test_a_text_of_lines_fits_where_the_browser_let_it_in():
    class Form(PortalForm):
        words = forms.CharField(label="检查情况", max_length=5, widget=TextBox)

    assert Form({"words": "一\r\n二\r\n三"}).is_valid()
    assert not Form({"words": "一\r\n二\r\n三四"}).is_valid()


def subclasses_of(base: type) -> set[type]:
    return {base}.union(*map(subclasses_of, base.__subclasses__()))


def is_of_the_portal(form: type) -> bool:
    app = form.__module__.partition(".")[0]
    return (settings.BASE_DIR / app).is_dir() and app not in {"accounts", "tests"}


def test_a_forms_own_words_for_a_missing_value_stay():
    class Form(PortalForm):
        title = forms.CharField(error_messages={"required": "请写明名称。"})

        def __init__(self, *args) -> None:
            super().__init__(*args)
            self.helper = PortalFormHelper(self, submit="保存")

    assert Form({}).errors["title"] == ["请写明名称。"]


def test_a_field_points_at_its_help_and_its_error():
    page = html_of(RecordForm({}))

    assert 'aria-describedby="id_present_helptext id_present_error"' in page
    assert 'id="id_present_helptext"' in page
    assert 'id="id_present_error"' in page


def test_the_unit_stands_behind_the_number():
    assert "<span>人</span>" in html_of(RecordForm())


def test_choices_wear_the_look_of_their_widget():
    class Form(forms.Form):
        voice = forms.ChoiceField(choices=[("t", "教师")], widget=ChipRadio)
        plain = forms.ChoiceField(choices=[("t", "教师")], widget=forms.RadioSelect)

        def __init__(self) -> None:
            super().__init__()
            self.helper = PortalFormHelper(self, submit="保存")

    page = html_of(Form())

    assert "choices-chips" in page
    assert "choices-list" in page


def test_a_field_the_layout_forgot_still_appears_above_the_save_bar():
    page = html_of(RecordForm(layout=Layout("kind")))

    assert page.index("id_kind") < page.index("id_place") < page.index("保存记录")


def test_folded_fields_unfold_when_one_of_them_is_wrong():
    layout = Layout("kind", MoreFields("补充信息", "agreed", "place"))

    assert '<details class="more-fields">' in html_of(RecordForm(layout=layout))
    assert '<details class="more-fields" open>' in html_of(RecordForm({}, layout=layout))


def test_folded_fields_that_were_filled_unfold_beside_a_mistake_elsewhere():
    layout = Layout("kind", "present", "agreed", MoreFields("补充信息", "place"))
    right = {"kind": "a", "present": "3", "agreed": "on"}

    def is_open(**typed: str) -> bool:
        return 'class="more-fields" open' in html_of(RecordForm(right | typed, layout=layout))

    assert is_open(present="三", place="会议室")
    assert not is_open(present="三")
    assert not is_open(place="会议室")


def test_a_form_with_files_lets_the_browser_check_first():
    class WithoutFiles(forms.Form):
        title = forms.CharField()

    plain = WithoutFiles()
    plain.helper = PortalFormHelper(plain, submit="保存")

    assert "novalidate" in html_of(plain)
    assert "novalidate" not in html_of(RecordForm())


def test_what_people_typed_is_escaped():
    form = RecordForm({"place": '"><script>alert(1)</script>'})

    assert "<script>" not in html_of(form)
