"""Choices among rows are asked for once."""

import pytest
from django import forms
from django.contrib.auth.models import Group
from django.test import RequestFactory

from core.choice_rows import read_at_once
from core.templatetags.components import filter_bar


class GroupFilter(forms.Form):
    group = forms.ModelChoiceField(Group.objects.order_by("name"), label="组", required=False)


@pytest.fixture
def groups(db):
    return [Group.objects.create(name=name) for name in ("甲", "乙")]


def test_a_form_asks_for_the_rows_of_a_choice_once(groups, django_assert_num_queries):
    form = GroupFilter()
    read_at_once(form)

    with django_assert_num_queries(1):
        shown = str(form["group"]), list(form.fields["group"].choices)

    assert [label for _, label in shown[1]] == ["---------", "乙", "甲"]


def test_rows_added_later_are_seen_by_the_next_form(groups):
    for _ in range(2):
        form = GroupFilter()
        read_at_once(form)
        shown = str(form["group"])
        Group.objects.get_or_create(name="丙")

    assert "丙" in shown


def test_a_filter_bar_reads_each_choice_once_for_chips_and_box(groups, django_assert_num_queries):
    request = RequestFactory().get("/", {"group": groups[0].pk})
    form = GroupFilter(request.GET)

    with django_assert_num_queries(2):  # the rows, and the chosen one to check it
        chips = filter_bar({"request": request}, form)["chips"]
        str(form["group"])

    assert [(chip.field, chip.value) for chip in chips] == [("组", "甲")]


def test_what_is_chosen_is_still_looked_up_in_the_database(groups):
    form = GroupFilter({"group": str(groups[1].pk)})
    read_at_once(form)

    assert form.is_valid()
    assert form.cleaned_data["group"] == groups[1]
