import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from campaign.models import SubTopic
from campaign.sub_topics import OtherTheme, StillNamed, add_sub_topic, remove_sub_topic
from tests.factories import (
    ActivityFactory,
    CampaignFactory,
    MembershipFactory,
    ThemeFactory,
    UnitFactory,
)
from units.choices import Position

pytestmark = pytest.mark.django_db


@pytest.fixture
def themes():
    campaign = CampaignFactory()
    return [ThemeFactory(campaign=campaign, title=title) for title in ("校企合作", "信息化")]


@pytest.fixture
def secretary():
    return MembershipFactory(position=Position.SECRETARY).user


def test_a_units_topic_stands_under_exactly_one_theme(themes, secretary):
    unit = secretary.memberships.get().unit
    for _ in range(2):
        add_sub_topic(secretary, unit, themes[0], "产业学院怎么建")

    with pytest.raises(OtherTheme, match="校企合作"):
        add_sub_topic(secretary, unit, themes[1], "产业学院怎么建")
    with pytest.raises(PermissionDenied):
        add_sub_topic(secretary, UnitFactory(), themes[0], "别的单位的题目")

    assert [topic.theme for topic in SubTopic.objects.all()] == [themes[0]]


def test_the_page_shows_topics_of_ones_own_units_and_blanks(client, themes, secretary):
    SubTopic.objects.create(theme=themes[0], unit=UnitFactory(), title="看不到的题目")
    client.force_login(secretary, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("campaign:sub_topics", args=[themes[0].campaign.slug])
    unit = secretary.memberships.get().unit

    client.post(address, {"unit": unit.pk, "theme": themes[1].pk, "title": "一张表怎么填"})
    page = client.get(address).content.decode()

    assert ("一张表怎么填" in page, "看不到的题目" in page, "空白" in page) == (True, False, True)


def test_a_topic_that_a_record_names_stays(themes, secretary):
    unit = secretary.memberships.get().unit
    topic = add_sub_topic(secretary, unit, themes[0], "产业学院怎么建")
    ActivityFactory(campaign=themes[0].campaign, unit=unit).sub_topics.add(topic)

    with pytest.raises(StillNamed, match="1场"):
        remove_sub_topic(secretary, topic)

    assert list(SubTopic.objects.all()) == [topic]
