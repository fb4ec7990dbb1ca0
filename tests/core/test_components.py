"""Template tags and fragments of the component set."""

import re
from datetime import date
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from core.templatetags.components import ErrorLine, error_summary, filter_bar, sort_head

TEMPLATES = settings.BASE_DIR / "templates"
SPRITE = (settings.BASE_DIR / "static/img/icons.svg").read_text()
SYMBOLS = set(re.findall(r'<symbol id="([^"]+)"', SPRITE))


def markup(file: Path) -> str:
    """The template without its tags and comments."""
    return re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", file.read_text(), flags=re.DOTALL)


def html_files() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html"))


class VisitForm(forms.Form):
    q = forms.CharField(label="关键词", required=False)
    kind = forms.ChoiceField(
        label="类型",
        choices=[("", "全部"), ("会议", [("forum", "座谈会"), ("seminar", "研讨会")])],
        required=False,
    )


def chips_at(address: str) -> list[tuple[str, str, str]]:
    request = RequestFactory().get(address)
    shown = filter_bar({"request": request}, VisitForm(request.GET))
    return [(chip.field, chip.value, chip.remove_url) for chip in shown["chips"]]


def test_every_icon_named_in_a_template_is_in_the_sprite():
    named = {
        name for file in html_files() for name in re.findall(r'{% icon "([^"]+)"', file.read_text())
    }

    assert named - SYMBOLS == set()


def test_an_icon_is_decoration_unless_it_has_a_label():
    bare = Template('{% load components %}{% icon "bell" %}').render(Context())
    named = Template('{% load components %}{% icon "bell" "消息" %}').render(Context())

    assert 'aria-hidden="true"' in bare
    assert 'role="img" aria-label="消息"' in named


@pytest.mark.parametrize(
    "forbidden", [r"\sstyle=", r"\son[a-z]+=", r"<script(?![^>]*\ssrc=)", r"<style", r"https?://"]
)
def test_no_template_of_a_page_holds_what_the_content_policy_forbids(forbidden):
    pages = [file for file in html_files() if "reports" not in file.parts]
    found = [str(file) for file in pages if re.search(forbidden, markup(file))]

    assert found == []


def test_every_shared_fragment_says_first_what_it_needs():
    silent = [
        file.name
        for file in sorted((TEMPLATES / "components").glob("*.html"))
        if not re.match(r"({% load [^%]+%}\s*)?{# Needs: ", file.read_text())
    ]

    assert silent == []


def test_a_sorted_head_turns_round_and_leaves_the_page_position():
    request = RequestFactory().get("/?sort=held_on&after=7&kind=forum")

    head = sort_head(request, "日期", "held_on")["head"]

    assert (head.url, head.direction) == ("?sort=-held_on&kind=forum", "ascending")


def test_an_unsorted_head_offers_the_rising_order():
    head = sort_head(RequestFactory().get("/"), "日期", "held_on")["head"]

    assert (head.url, head.direction) == ("?sort=held_on", "")


def test_a_filter_in_use_shows_as_a_chip_in_words_and_can_be_taken_away():
    assert chips_at("/?kind=forum&q=%E5%AD%A6%E5%88%86&after=9") == [
        ("关键词", "学分", "?kind=forum"),
        ("类型", "座谈会", "?q=%E5%AD%A6%E5%88%86"),
    ]


def test_an_empty_filter_shows_no_chip():
    assert chips_at("/?kind=&q=+") == []


def test_the_error_summary_leads_to_each_field_and_to_the_first_of_a_group():
    class Form(forms.Form):
        title = forms.CharField(label="名称")
        kind = forms.ChoiceField(label="类型", choices=[("a", "甲")], widget=forms.RadioSelect)

    form = Form({})
    form.add_error(None, "活动已封存。")

    assert error_summary(form) == {
        "lines": [
            ErrorLine("活动已封存。"),
            ErrorLine("名称：这个字段是必填项。", "id_title"),
            ErrorLine("类型：这个字段是必填项。", "id_kind_0"),
        ]
    }


def test_an_unbound_form_has_no_error_summary():
    assert error_summary(VisitForm()) == {"lines": []}


def test_a_wording_difference_escapes_what_people_wrote():
    page = Template("{% load components %}{% diff old new %}").render(
        Context({"old": "<b>旧</b>", "new": "<script>"})
    )

    assert "<b>" not in page
    assert "<script>" not in page


def test_a_wording_difference_begins_with_its_text():
    """Line breaks of a text are shown, so there is none before it."""
    page = Template("{% load components %}{% diff old new %}").render(
        Context({"old": "甲", "new": "甲\n乙"})
    )

    assert '<div class="diff">甲<ins>\n乙</ins>' in page


@pytest.mark.parametrize(("change", "words"), [(3, "增加 3"), (-3, "减少 3"), (0, "持平")])
def test_a_tile_says_its_change_in_words(change, words):
    tile = render_to_string(
        "components/stat_tile.html", {"label": "活动", "value": 1, "change": change}
    )

    assert f"比上周{words}" in tile


def test_a_waiting_job_polls_and_a_finished_one_stops():
    common = {"id": "1", "title": "报告", "poll_url": "/jobs/1/", "here_url": "/"}

    waiting = render_to_string("components/job_progress.html", {**common, "state": "waiting"})
    done = render_to_string("components/job_progress.html", {**common, "state": "done"})

    assert 'hx-get="/jobs/1/"' in waiting
    assert "hx-get" not in done


def test_a_thousand_separator_does_not_break_a_bar_or_a_phase_line():
    from core.frame import phase_mark

    mark = phase_mark("学习讨论", date(2019, 9, 11), date(2019, 10, 20), on=date(2019, 9, 22))
    line = render_to_string("components/phase_line.html", {"phases": [mark]})

    assert 'width="30.0%"' in line


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "413", "429", "500", "503"])
def test_an_error_page_needs_no_request_and_no_database(code):
    page = render_to_string(f"{code}.html")

    assert re.search(r"<h1>[^<]+</h1>", page)
