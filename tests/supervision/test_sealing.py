"""A campaign is sealed once everyone has been answered (N2), and not before."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from campaign.choices import CampaignState
from proposals.choices import Status
from seminars.choices import OpinionStatus
from supervision.services.sealing import (
    NotRunning,
    StillUnanswered,
    seal_campaign,
    unanswered,
)
from tests.factories import OpinionFactory, ProposalFactory, ThemeFactory, UnitFactory, at
from tests.supervision.conftest import School

NOW = at(10)


def waiting_proposal(school: School, **values: Any) -> Any:
    given = {"status": Status.SUBMITTED, "submitted_at": at(9), "unit": school.branch}
    theme = ThemeFactory.create(campaign=school.campaign)
    return ProposalFactory.create(campaign=school.campaign, theme=theme, **(given | values))


def test_with_everyone_answered_it_is_sealed_with_a_trace(school: School):
    waiting_proposal(school, status=Status.DECIDED)
    OpinionFactory.create(campaign=school.campaign, unit=school.branch, status=OpinionStatus.SOLVED)

    seal_campaign(school.leader, school.campaign, NOW)

    school.campaign.refresh_from_db()
    assert (school.campaign.state, school.campaign.sealed_at) == (CampaignState.SEALED, NOW)
    assert school.campaign.history.latest().state == CampaignState.SEALED


@pytest.mark.parametrize("closed_on", [None, at(8).date()])
def test_an_opinion_without_an_end_keeps_it_open_also_in_a_unit_that_is_gone(
    school: School, closed_on: date | None
):
    unit = UnitFactory.create(parent=school.committee, closed_on=closed_on)
    OpinionFactory.create(campaign=school.campaign, unit=unit)

    with pytest.raises(StillUnanswered):
        seal_campaign(school.leader, school.campaign, NOW)

    school.campaign.refresh_from_db()
    assert school.campaign.state == CampaignState.RUNNING


def test_what_is_missing_is_told_with_its_number(school: School):
    waiting_proposal(school)
    waiting_proposal(school)
    OpinionFactory.create(campaign=school.campaign, unit=school.branch)

    assert [(one.title, one.count) for one in unanswered(school.campaign)] == [
        ("没有处理结果的意见", 1),
        ("没有答复的建议", 2),
    ]


def test_it_is_sealed_once(school: School):
    seal_campaign(school.leader, school.campaign, NOW)

    with pytest.raises(NotRunning):
        seal_campaign(school.leader, school.campaign, NOW)


def test_a_member_of_the_group_who_is_no_chair_may_not(school: School):
    with pytest.raises(PermissionDenied):
        seal_campaign(school.organiser, school.campaign, NOW)


def test_the_page_lists_what_is_missing_and_every_link_leads_there(client: Client, school: School):
    waiting_proposal(school)
    OpinionFactory.create(campaign=school.campaign, unit=school.branch)
    client.force_login(school.leader)
    address = reverse("supervision:seal", args=[school.campaign.slug])

    shown, refused = client.get(address), client.post(address)

    assert "还不能封存" in shown.content.decode()
    assert "封存这次活动" not in shown.content.decode()
    assert refused.status_code == 409
    assert all(client.get(link).status_code == 200 for _one, link in shown.context["left"])


def test_a_chair_seals_it_from_the_plan(client: Client, school: School):
    client.force_login(school.leader)
    address = reverse("supervision:seal", args=[school.campaign.slug])
    plan = reverse("campaign:plan_of", args=[school.campaign.slug])
    assert address in client.get(plan).content.decode()

    page = client.post(address, follow=True)

    assert "已封存" in page.content.decode()
    assert address not in page.content.decode()
