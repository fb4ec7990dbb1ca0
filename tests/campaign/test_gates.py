from datetime import date

import pytest

from campaign.choices import CampaignState, Gate
from campaign.definition import read_definition
from campaign.gates import is_open, phase_on
from campaign.models import Campaign
from campaign.services import load_campaign
from tests.campaign.conftest import SHIPPED

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2019, 8, 24), None),
        (date(2019, 8, 25), 1),
        (date(2019, 9, 10), 1),
        (date(2019, 9, 11), 2),
        (date(2019, 10, 20), 2),
        (date(2019, 10, 21), 3),
        (date(2019, 12, 31), 3),
        (date(2020, 1, 1), None),
    ],
)
def test_each_day_of_the_issued_plan_belongs_to_the_phase_its_label_says(day, expected):
    campaign = load_campaign(read_definition(SHIPPED))

    phase = phase_on(campaign, day)

    assert (phase.order if phase else None) == expected


def test_study_and_discussion_stay_open_in_the_third_phase():
    campaign = load_campaign(read_definition(SHIPPED))

    day = date(2019, 11, 15)

    assert (
        is_open(campaign, Gate.STUDY, day),
        is_open(campaign, Gate.DISCUSSION, day),
        is_open(campaign, Gate.MEASURES, date(2019, 10, 20)),
    ) == (True, True, False)


def test_nothing_is_open_in_a_sealed_campaign():
    campaign = load_campaign(read_definition(SHIPPED))
    Campaign.objects.update(state=CampaignState.SEALED)
    campaign.refresh_from_db()

    assert not any(is_open(campaign, gate, date(2019, 10, 1)) for gate in Gate)
