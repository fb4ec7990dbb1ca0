import pytest
from django.urls import reverse

from campaign.models import StudyDocument
from seminars.study import study_coverage
from tests.factories import ActivityFactory, CampaignFactory, MembershipFactory, UnitFactory
from tests.queries import queries_of
from units.choices import Position, UnitKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    campaign = CampaignFactory()
    for order, title in enumerate(("实施方案", "试点方案"), start=1):
        StudyDocument.objects.create(campaign=campaign, order=order, title=title)
    return campaign


@pytest.fixture
def college():
    return UnitFactory(kind=UnitKind.GENERAL_BRANCH)


@pytest.fixture
def secretary(college):
    return MembershipFactory(unit=college, position=Position.SECRETARY).user


def study(campaign, unit, *titles):
    activity = ActivityFactory(campaign=campaign, unit=unit)
    activity.study_documents.set(campaign.studydocuments.filter(title__in=titles))


def test_a_branchs_study_counts_for_its_college_and_blanks_are_named(campaign, college, secretary):
    branch, idle = UnitFactory(parent=college), UnitFactory(parent=college)
    UnitFactory(parent=college, kind=UnitKind.WORKING_TEAM)  # studies with its unit
    study(campaign, branch, "实施方案")
    study(campaign, college, "实施方案")
    study(campaign, UnitFactory(), "试点方案")  # another college, not to be seen

    coverage = study_coverage(campaign, secretary)

    assert [(row.unit, row.counts) for row in coverage.rows] == [
        (college, (2, 0)),
        (branch, (1, 0)),
        (idle, (0, 0)),
    ]
    assert coverage.unstudied == ("试点方案",)


def test_it_costs_the_same_for_one_unit_and_for_three(campaign, college, secretary):
    study(campaign, college, "实施方案")
    study_coverage(campaign, secretary)  # where the person stands is remembered
    one = queries_of(lambda: study_coverage(campaign, secretary))
    for _ in range(2):
        study(campaign, UnitFactory(parent=college), "实施方案", "试点方案")

    assert queries_of(lambda: study_coverage(campaign, secretary)) == one


@pytest.mark.parametrize("asked", ["0", "x", "9" * 40])
def test_a_unit_that_is_not_seen_is_not_found(client, campaign, secretary, asked):
    client.force_login(secretary, backend="django.contrib.auth.backends.ModelBackend")

    expected = 404
    assert client.get(reverse("seminars:study"), {"unit": asked}).status_code == expected
