import pytest
from django.urls import reverse

from campaign.definition import read_definition
from campaign.services import load_campaign
from tests.campaign.conftest import SHIPPED
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    client.force_login(UserFactory(), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_page_shows_the_plan_as_printed(reader):
    load_campaign(read_definition(SHIPPED))

    page = reader.get(reverse("campaign:plan")).content.decode()

    for words in (
        "津职大党〔2019〕68号",
        "8月底—9月上旬",
        "教工部、教务处、组织部、宣传部",
        "组织部、宣传部、教工部、教务处、各单位",
        "以眼视光和包装为引领，打造高水平专业群",
        "2个国家级高水平专业群",
        "5个市级高水平专业群",
        "3个校级高水平专业群",
        "当地离不开、业内都认同、国际可交流",
    ):
        assert words in page


def test_the_page_takes_a_fixed_number_of_queries(reader, django_assert_max_num_queries):
    load_campaign(read_definition(SHIPPED))

    with django_assert_max_num_queries(25):
        reader.get(reverse("campaign:plan"))


def test_without_a_running_campaign_the_page_is_not_found(reader):
    assert reader.get(reverse("campaign:plan")).status_code == 404
