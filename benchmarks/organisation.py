"""Tree and coverage pages of a large school; run it with --scale wide (600 units, 20,000 people).

The budget is 25 queries and 300 ms a page on two cores, whatever the bare list page takes.
"""

from __future__ import annotations

from django.test import override_settings
from django.urls import reverse

from benchmarks.frame import Row
from benchmarks.pages import Page, measure
from units.choices import UnitKind
from units.models import Unit


def run() -> list[Row]:
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        return list(map(measure, _pages()))


def _pages() -> list[Page]:
    school = Unit.objects.get(depth=1)
    college = Unit.objects.of_kind(UnitKind.GENERAL_BRANCH)[0]
    return [
        Page("tree of the school", "leader", reverse("units:tree")),
        Page("tree of one general branch", "general", reverse("units:tree")),
        Page("school's page", "admin", reverse("units:detail", args=[school.code])),
        Page("general branch's page", "admin", reverse("units:detail", args=[college.code])),
        Page("register of people", "admin", reverse("units:people")),
        Page("coverage of the school", "leader", reverse("reports:unit", args=[school.pk])),
        Page("coverage of a branch", "leader", reverse("reports:unit", args=[college.pk])),
        Page("study coverage of the school", "leader", reverse("seminars:study")),
        Page("blanks", "leader", reverse("reports:blanks")),
        Page("cockpit", "leader", reverse("reports:cockpit")),
        Page("what is owed", "organiser", reverse("supervision:owed_list")),
        Page("working bodies and gaps", "organiser", reverse("supervision:bodies")),
        Page("home (general)", "general", reverse("home")),
    ]
