from uuid import uuid4

import pytest
from django.urls import reverse

from seminars.choices import OpinionSource, OpinionStatus, ProblemStatus
from seminars.models import Opinion, Problem
from seminars.views import opinions as views
from tests.factories import ActivityFactory, OpinionFactory, ThemeFactory
from tests.queries import MOST_FOR_A_PAGE

LIST = reverse("seminars:opinions")
MINE = reverse("seminars:my_opinions")
SETTLE = reverse("seminars:settle")


def sign_in(client, user):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")


def raised(college, **values):
    unit = values.pop("unit", college.branch)
    return OpinionFactory(
        campaign=college.campaign,
        unit=unit,
        source=OpinionSource.ACTIVITY,
        activity=ActivityFactory(campaign=college.campaign, unit=unit),
        **values,
    )


def texts(response):
    return [opinion.text for opinion, _ in response.context["rows"]]


def test_the_table_shows_my_units_opinions_and_lets_only_reporters_tick(client, college):
    raised(college, text="本支部的")
    raised(college, text="兄弟支部的", unit=college.sibling)

    seen = {}
    for name in ("secretary", "staff", "committee_secretary"):
        sign_in(client, getattr(college, name))
        response = client.get(LIST)
        seen[name] = (set(texts(response)), response.context["may_settle"])

    assert seen == {
        "secretary": ({"本支部的"}, True),
        "staff": ({"本支部的"}, False),
        "committee_secretary": ({"本支部的", "兄弟支部的"}, True),
    }


def test_filters_narrow_the_table(client, college):
    theme = ThemeFactory(campaign=college.campaign)
    raised(college, text="有主题", theme=theme)
    raised(college, text="已解决", status=OpinionStatus.SOLVED)
    sign_in(client, college.secretary)

    assert texts(client.get(LIST, {"theme": theme.pk})) == ["有主题"]
    assert texts(client.get(LIST, {"status": "solved"})) == ["已解决"]
    assert texts(client.get(LIST, {"q": "决"})) == ["已解决"]


def test_following_the_pages_meets_each_opinion_once(client, college, monkeypatch):
    monkeypatch.setattr(views, "PAGE_ROWS", 2)
    everything = {raised(college).text for _ in range(5)}
    sign_in(client, college.secretary)

    met = []
    after = ""
    for _ in range(3):
        response = client.get(LIST, {"after": after})
        met += texts(response)
        after = response.context["next_key"]

    assert (sorted(met), after) == (sorted(everything), "")


def test_ticked_opinions_become_one_problem(client, college):
    theme = ThemeFactory(campaign=college.campaign)
    said = [raised(college), raised(college)]
    sign_in(client, college.secretary)
    address = f"{SETTLE}?o={said[0].pk}&o={said[1].pk}"

    assert client.get(address).status_code == 200
    lacking = client.post(address, {"outcome": "problem"})
    done = client.post(
        address, {"outcome": "problem", "problem": "实训室晚间不开放", "theme": theme.pk}
    )

    assert (lacking.status_code, done.status_code) == (422, 302)
    assert set(Problem.objects.get().opinions.all()) == set(said)


def test_a_reason_that_is_owed_is_asked_for(client, college):
    opinion = raised(college)
    sign_in(client, college.secretary)
    address = reverse("seminars:settle_one", args=[opinion.pk])

    refused = client.post(address, {"outcome": "not_adopted"})
    done = client.post(address, {"outcome": "not_adopted", "reason": "场地不足"})

    assert refused.status_code == 422
    assert "请写明未采用的理由" in refused.content.decode()
    assert done.status_code == 302
    assert Opinion.objects.get().reason == "场地不足"


def test_only_steps_open_to_all_ticked_opinions_are_offered(client, college):
    waiting, solved = raised(college), raised(college, status=OpinionStatus.SOLVED)
    sign_in(client, college.secretary)

    def offered(*chosen):
        query = "&".join(f"o={opinion.pk}" for opinion in chosen)
        form = client.get(f"{SETTLE}?{query}").context["form"]
        return [status for status, _ in form.fields["outcome"].choices]

    assert offered(waiting) == ["solved", "problem", "not_adopted"]
    assert offered(solved) == ["new"]
    assert offered(waiting, solved) == []


def test_one_unseen_opinion_among_the_ticked_is_not_found(client, college):
    mine, foreign = raised(college), raised(college, unit=college.sibling)
    sign_in(client, college.secretary)

    assert client.get(f"{SETTLE}?o={mine.pk}&o={foreign.pk}").status_code == 404
    assert client.get(f"{SETTLE}?o={mine.pk}&o={uuid4()}").status_code == 404


def test_nonsense_ticked_leads_back_to_the_table(client, college):
    sign_in(client, college.secretary)

    assert client.get(f"{SETTLE}?o=x&o=").status_code == 302


def test_a_staff_member_voices_an_opinion_and_sees_what_became_of_it(client, college):
    sign_in(client, college.staff)
    key = uuid4()
    data = {"key": key, "unit": college.branch.pk, "text": "希望实训室晚间开放"}

    for _ in range(2):
        assert client.post(reverse("seminars:voice"), data)["Location"] == MINE
    Opinion.objects.update(status=OpinionStatus.SOLVED, reason="已排班开放")

    page = client.get(MINE).content.decode()
    assert Opinion.objects.get().contributor == college.staff
    assert "当场解决" in page
    assert "已排班开放" in page


def test_an_empty_opinion_and_a_foreign_unit_are_refused(client, college):
    sign_in(client, college.staff)
    voice = reverse("seminars:voice")

    empty = client.post(voice, {"key": uuid4(), "unit": college.branch.pk, "text": " \n"})
    foreign = client.post(voice, {"key": uuid4(), "unit": college.sibling.pk, "text": "意见"})

    assert (empty.status_code, foreign.status_code) == (422, 422)
    assert "请写下您的意见。" in empty.content.decode()
    assert not Opinion.objects.exists()


def test_a_problem_gets_its_result(client, college):
    problem = Problem.objects.create(
        campaign=college.campaign,
        unit=college.branch,
        theme=ThemeFactory(campaign=college.campaign),
        text="实训室晚间不开放",
        created_by=college.secretary,
        created_at="2019-09-16T16:00+08:00",
    )
    sign_in(client, college.secretary)
    close = reverse("seminars:close_problem", args=[problem.pk])
    assert close in client.get(reverse("seminars:problems")).content.decode()

    client.post(close, {"outcome": "solved", "reason": "已排班开放"})

    problem.refresh_from_db()
    assert (problem.status, problem.reason) == (ProblemStatus.SOLVED, "已排班开放")
    assert close not in client.get(reverse("seminars:problems")).content.decode()


@pytest.mark.parametrize("name", ["opinions", "my_opinions", "problems"])
def test_a_list_costs_the_same_with_one_row_and_three(
    client, college, name, django_assert_max_num_queries
):
    sign_in(client, college.secretary)
    counts = []
    for batch in (1, 2):
        for _ in range(batch):
            theme = ThemeFactory(campaign=college.campaign)
            raised(college, theme=theme)
            raised(college, contributor=college.secretary, is_anonymous=False)
            Problem.objects.create(
                campaign=college.campaign,
                unit=college.branch,
                theme=theme,
                text="问题",
                created_by=college.secretary,
                created_at="2019-09-16T16:00+08:00",
            )
        with django_assert_max_num_queries(MOST_FOR_A_PAGE) as queries:
            client.get(reverse(f"seminars:{name}"))
        counts.append(len(queries))

    assert counts[0] == counts[1]
