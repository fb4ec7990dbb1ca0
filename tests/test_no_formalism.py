"""No formalism at the fingertips (N7): scans schema, routes, templates and forms."""

import importlib
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import get_resolver, path

from tests import formalism


def all_subclasses(root: type) -> set[type]:
    return {root}.union(*(all_subclasses(child) for child in root.__subclasses__()))


def our_forms() -> list[Any]:
    for module in formalism.our_modules("forms"):
        importlib.import_module(module)
    ours = tuple(app for app in settings.INSTALLED_APPS if "." not in app)
    return [
        form
        for form in all_subclasses(forms.BaseForm)
        if form.__module__.startswith(ours) and hasattr(form, "base_fields")
    ]


def our_models() -> list[type[models.Model]]:
    folders = {path.name for path in settings.BASE_DIR.iterdir() if path.is_dir()}
    return [model for model in apps.get_models() if model._meta.app_label in folders]


def test_the_schema_keeps_no_points_streaks_times_or_ranks():
    assert list(formalism.in_schema(our_models())) == []


def test_no_route_leads_to_a_league_table_or_a_sign_in_sheet():
    assert list(formalism.in_routes(get_resolver().url_patterns)) == []


def test_no_template_shows_them():
    assert list(formalism.in_templates(settings.BASE_DIR / "templates")) == []


def test_no_form_forces_a_photo():
    assert our_forms()
    assert list(formalism.forced_photos(our_forms())) == []


@pytest.mark.parametrize(
    "text",
    [
        "<h1>单位活动排行榜</h1>",
        "<td>第3名次</td>",
        "<p>已连续7天打卡</p>",
        "<th>学习时长</th>",
        '<a href="{% url "seminars:leaderboard" %}">查看</a>',
    ],
)
def test_a_planted_leaderboard_is_found_in_a_template(text: str, tmp_path: Path):
    (tmp_path / "planted.html").write_text(text, encoding="utf-8")

    assert list(formalism.in_templates(tmp_path))


def test_a_planted_list_of_who_has_read_is_found(tmp_path: Path):
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "planted.html").write_text("{{ notice.opened_at }}", encoding="utf-8")

    assert list(formalism.in_templates(tmp_path)) == [
        "reports/planted.html: shows who has opened a notice"
    ]


def test_a_planted_route_is_found():
    planted = path("units/ranking/", lambda request: None, name="ranking")  # noqa: ARG005 - never called

    assert list(formalism.in_routes([planted]))


def test_a_planted_column_is_found():
    class Planted(models.Model):
        points = models.IntegerField("积分")

        class Meta:
            app_label = "planted"
            managed = False

        def __str__(self) -> str:
            return ""

    assert list(formalism.in_schema([Planted]))


def test_a_planted_compulsory_photo_is_found():
    class PlantedForm(forms.Form):
        title = forms.CharField()
        photo = forms.ImageField()

    assert list(formalism.forced_photos([PlantedForm]))


def test_saying_that_nobody_is_ranked_is_no_ranking():
    assert formalism.in_text("本页不评分、不排名。") == []
