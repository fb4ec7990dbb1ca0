from datetime import date, time

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from campaign.models import Demand
from supervision.feeds import open_feed, read_feed, stop_feed
from supervision.models import CalendarFeed
from tests.factories import ActivityFactory, UnitFactory, at
from tests.supervision.conftest import School

NOW = at(10, on=date(2019, 10, 9))
pytestmark = pytest.mark.usefixtures("school")


def unfolded(text):
    return text.replace("\r\n ", "")


@pytest.fixture(autouse=True)
def _on_that_day():
    with time_machine.travel(NOW):
        yield


def test_a_person_reads_phases_and_what_is_still_to_do(school: School):
    _, secret = open_feed(school.secretary, None, NOW)

    text = unfolded(read_feed(secret, NOW))

    assert "SUMMARY:学习讨论阶段\r\n" in text
    assert "SUMMARY:组织研讨截止\r\n" in text
    assert "DTSTART;VALUE=DATE:20191020\r\nDTEND;VALUE=DATE:20191021\r\n" in text

    ActivityFactory(campaign=school.campaign, unit=school.branch)
    assert "组织研讨" not in unfolded(read_feed(secret, NOW))


def test_a_deadline_to_the_hour_is_a_moment(school):
    Demand.objects.update(due_time=time(17))
    _, secret = open_feed(school.secretary, None, NOW)

    assert "DTSTART:20191020T090000Z\r\n" in read_feed(secret, NOW)


def test_a_units_calendar_tells_of_that_unit_only(school):
    other = UnitFactory(parent=school.committee, name="别的支部", short_name="别的支部")
    _, secret = open_feed(school.committee_secretary, school.branch, NOW)

    text = unfolded(read_feed(secret, NOW))

    assert (text.count("组织研讨截止"), other.short_name in text) == (1, False)


def test_nobody_subscribes_to_a_unit_they_do_not_belong_to(school):
    with pytest.raises(PermissionDenied):
        open_feed(school.secretary, school.committee, NOW)


def test_the_secret_is_stored_nowhere_and_a_stopped_one_answers_404(client, school):
    feed, secret = open_feed(school.secretary, None, NOW)
    address = reverse("supervision:feed", args=[secret])
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert secret not in CalendarFeed.objects.get().digest

    with pytest.raises(PermissionDenied):
        stop_feed(school.liaison, feed, NOW)
    stop_feed(school.secretary, feed, NOW)

    assert client.get(address).status_code == 404
    assert client.get(reverse("supervision:feed", args=["guessed"])).status_code == 404


def test_who_left_the_unit_or_the_school_reads_nothing_more(school):
    _, of_the_unit = open_feed(school.secretary, school.branch, NOW)
    _, own = open_feed(school.secretary, None, NOW)
    school.secretary.memberships.update(ends_on=date(2019, 10, 8))
    assert read_feed(of_the_unit, NOW) is None
    assert "组织研讨截止" not in read_feed(own, NOW)

    school.secretary.is_active = False
    school.secretary.save()
    assert read_feed(own, NOW) is None


def test_the_address_is_shown_once(client, school):
    client.force_login(school.secretary, backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("supervision:calendar")

    first = client.post(page, {"unit": ""}).content.decode()
    again = client.get(page).content.decode()

    assert (".ics" in first, ".ics" in again, "我本人" in again) == (True, False, True)
