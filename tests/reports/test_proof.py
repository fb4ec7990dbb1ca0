"""Every figure equals an independent count, and a figure that does not is named."""

from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from campaign.models import Campaign
from reports.assembly import assemble_progress
from reports.choices import ReportKind
from reports.dossier import Wish
from reports.freezing import freeze
from reports.models import FrozenReport
from reports.proof import WHOLE, compare
from tests.factories import MembershipFactory, UnitFactory
from tests.reports.world import NOW, school_world
from units.choices import Position, UnitKind
from units.models import Unit

pytestmark = pytest.mark.django_db


def paths(scope=""):
    return {**dict(Unit.objects.values_list("pk", "path")), 0: scope}


def differences(facts, scope=""):
    return [each for each in compare(facts, paths(scope)) if each]


def test_every_figure_of_the_school_and_of_each_unit_equals_an_independent_count():
    call_command("seed_demo", scale="small", verbosity=0)
    campaign = Campaign.objects.current()
    school = assemble_progress(campaign, now=timezone.now())
    unit = Unit.objects.get(pk=next(row.id for row in school.units if row.proposals))

    assert differences(school) == []
    assert differences(assemble_progress(campaign, now=timezone.now(), unit=unit), unit.path) == []
    assert school.figures.answered.now > 0


def test_a_figure_that_is_wrong_is_named():
    facts = assemble_progress(
        Campaign.objects.get(pk=school_world().campaign.pk), now=timezone.now()
    )
    for name in WHOLE:
        shown = getattr(facts.figures, name)
        wrong = replace(shown, now=shown.now + 1) if hasattr(shown, "now") else shown + 1

        found = differences(replace(facts, figures=replace(facts.figures, **{name: wrong})))

        assert name in {difference.name for difference in found}


def test_the_command_says_how_much_it_compared():
    school_world()
    said = StringIO()

    call_command("check_tallies", stdout=said)

    assert "figures agree with the records, 0 frozen reports hold" in said.getvalue()


def test_the_command_names_a_frozen_report_that_was_altered():
    world = school_world()
    group = UnitFactory(parent=world.school, kind=UnitKind.CAMPAIGN_GROUP)
    leader = MembershipFactory(unit=group, position=Position.CHAIR).user
    frozen = freeze(Wish(ReportKind.PROGRESS, world.campaign), by=leader, now=NOW)
    frozen.facts["progress"]["figures"]["adopted"] += 1
    FrozenReport.objects.filter(pk=frozen.pk).update(facts=frozen.facts)

    with pytest.raises(CommandError, match="was altered"):
        call_command("check_tallies", stdout=StringIO())
