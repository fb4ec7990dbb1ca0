from datetime import date, timedelta

import pytest
from django.urls import reverse

from campaign.choices import ActivityKind
from seminars.choices import ActivityStatus
from seminars.models import Activity
from tests.factories import A_MONDAY, ActivityFactory, PhaseFactory, ThemeFactory
from tests.queries import MOST_FOR_A_PAGE

LEDGER = reverse("seminars:activities")


@pytest.fixture
def committee_secretary(client, college):
    client.force_login(
        college.committee_secretary, backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def titles(response):
    return [line.title for _url, line in response.context["lines"]]


def held(college, title, **values):
    return ActivityFactory(
        **{"campaign": college.campaign, "unit": college.branch, "title": title, **values}
    )


def test_each_filter_leaves_what_it_names(committee_secretary, college):
    theme = ThemeFactory(campaign=college.campaign)
    early = PhaseFactory(
        campaign=college.campaign, starts_on=date(2019, 8, 25), ends_on=date(2019, 9, 10)
    )
    seminar = held(college, "研讨", kind=ActivityKind.SEMINAR)
    of_sibling = held(college, "兄弟支部", unit=college.sibling)
    in_august = held(college, "动员", held_on=date(2019, 8, 25))
    themed = held(college, "有主题")
    themed.themes.add(theme)

    expected = {
        "kind=seminar": [seminar],
        f"unit={college.sibling.pk}": [of_sibling],
        f"phase={early.pk}": [in_august],
        f"theme={theme.pk}": [themed],
        "last=2019-08-31": [in_august],
        "first=2019年8月25日&last=2019-08-25": [in_august],
        "q=动": [in_august],
    }
    found = {query: titles(committee_secretary.get(f"{LEDGER}?{query}")) for query in expected}

    assert found == {query: [row.title for row in rows] for query, rows in expected.items()}


def test_a_unit_filter_takes_the_whole_subtree(committee_secretary, college):
    held(college, "支部")
    held(college, "党委", unit=college.committee)

    response = committee_secretary.get(LEDGER, {"unit": college.committee.pk})

    assert set(titles(response)) == {"支部", "党委"}


@pytest.mark.parametrize(
    "query",
    [
        "kind=x&unit=abc&phase=9999&theme=-1&first=昨天&last=",
        "after=x",
        "before=2019-09-16.",
        "after=9999-99-99.1",
        f"after=2019-09-16.{'9' * 60}",
        f"q={'%01' * 5}%F0%A0%AE%B7",
        f"q={'长' * 5000}",
    ],
)
def test_nonsense_in_the_address_is_passed_over(committee_secretary, college, query):
    held(college, "座谈")

    assert committee_secretary.get(f"{LEDGER}?{query}").status_code == 200


def test_a_unit_out_of_sight_cannot_be_filtered_by(client, college):
    client.force_login(college.secretary, backend="django.contrib.auth.backends.ModelBackend")
    held(college, "兄弟支部", unit=college.sibling)

    response = client.get(LEDGER, {"unit": college.sibling.pk})

    assert titles(response) == []
    assert "机电第二党支部" not in response.content.decode()


def test_pages_follow_one_another_both_ways(committee_secretary, college, monkeypatch):
    monkeypatch.setattr("seminars.ledger_page.PAGE_ROWS", 2)
    rows = [held(college, f"第{n}场", held_on=A_MONDAY - timedelta(days=n // 2)) for n in range(5)]
    newest_first = sorted(rows, key=lambda row: (row.held_on, row.pk), reverse=True)
    names = [row.title for row in newest_first]

    first = committee_secretary.get(LEDGER)
    second = committee_secretary.get(LEDGER, {"after": first.context["next_key"]})
    third = committee_secretary.get(LEDGER, {"after": second.context["next_key"]})
    back = committee_secretary.get(LEDGER, {"before": third.context["previous_key"]})

    assert [titles(page) for page in (first, second, third, back)] == [
        names[:2],
        names[2:4],
        names[4:],
        names[2:4],
    ]
    assert (first.context["previous_key"], third.context["next_key"]) == ("", "")


@pytest.mark.parametrize("query", [{}, {"after": "2019-09-14.1"}, {"before": "2030-01-01.1"}])
@pytest.mark.parametrize("rows", [0, 1, 2, 3])
def test_every_page_says_how_many_there_are_in_all(
    committee_secretary, college, monkeypatch, rows, query
):
    monkeypatch.setattr("seminars.ledger_page.PAGE_ROWS", 2)
    for number in range(rows):
        held(college, f"第{number}场", held_on=A_MONDAY)

    assert committee_secretary.get(LEDGER, query).context["count_text"] == f"共{rows}条"


def test_drafts_stand_apart_and_only_before_their_author(client, college):
    held(college, "草稿", status=ActivityStatus.DRAFT, created_by=college.secretary)

    seen = {}
    for name in ("secretary", "committee_secretary"):
        person = getattr(college, name)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        response = client.get(LEDGER)
        assert titles(response) == []
        seen[name] = [draft.title for draft in response.context["drafts"]]

    assert seen == {"secretary": ["草稿"], "committee_secretary": []}


def test_the_list_costs_the_same_with_one_row_and_three(
    committee_secretary, college, django_assert_max_num_queries
):
    counts = []
    for batch in (1, 2):
        for number in range(batch):
            held(college, f"第{number}场").themes.add(ThemeFactory(campaign=college.campaign))
        with django_assert_max_num_queries(MOST_FOR_A_PAGE) as queries:
            committee_secretary.get(LEDGER)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_an_empty_ledger_says_what_will_stand_there(committee_secretary, college):
    page = committee_secretary.get(LEDGER).content.decode()

    assert "这里会列出本单位的活动" in page
    assert not Activity.objects.exists()
