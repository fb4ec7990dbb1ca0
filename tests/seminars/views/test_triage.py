import pytest
from django.test import Client
from django.urls import reverse

from seminars.models import Opinion
from tests.factories import OpinionFactory, ThemeFactory
from tests.queries import MOST_FOR_A_PAGE, queries_of


@pytest.fixture
def client(college):
    client = Client()
    client.force_login(college.secretary, backend="django.contrib.auth.backends.ModelBackend")
    return client


def said(college, count=1, text="实训室晚上不开门，课后没有地方练习。", **kwargs):
    return OpinionFactory.create_batch(
        count, campaign=college.campaign, unit=college.branch, text=text, **kwargs
    )


def test_the_page_offers_groups_and_merges_what_was_ticked(college, client):
    main, part, left = said(college, 3)
    said(college, text="希望课后服务能延长到下午六点。")

    page = client.get(reverse("seminars:alike")).content.decode()
    answer = client.post(
        reverse("seminars:merge"), {"main": main.pk, "o": [main.pk, part.pk]}, follow=True
    )

    assert page.count('name="main"') == 3
    assert "已把1条并入主条" in answer.content.decode()
    assert Opinion.objects.get(pk=part.pk).merged_into == main
    assert Opinion.objects.get(pk=left.pk).merged_into is None


def test_what_is_on_its_way_already_is_offered_as_the_main_one(college, client):
    said(college)
    (problem,) = said(college, status="problem")

    page = client.get(reverse("seminars:alike")).content.decode()

    assert f'value="{problem.pk}" checked' in page


@pytest.mark.parametrize("data", [{}, {"main": "x"}, {"o": "x"}, {"main": "00" * 16}])
def test_ticking_too_little_says_what_to_do(college, client, data):
    answer = client.post(reverse("seminars:merge"), data, follow=True)

    assert "请选一条作为主条" in answer.content.decode()


def test_a_foreign_opinion_cannot_be_merged(college, client):
    (main,) = said(college)
    foreign = OpinionFactory(campaign=college.campaign)

    answer = client.post(reverse("seminars:merge"), {"main": main.pk, "o": [foreign.pk]})

    assert answer.status_code == 404


def test_what_others_keep_is_not_offered(college, client):
    OpinionFactory.create_batch(2, campaign=college.campaign, text="实训室晚上不开门，没地方练习。")

    assert 'name="main"' not in client.get(reverse("seminars:alike")).content.decode()


def test_the_page_costs_the_same_with_three_as_with_two(college, client):
    said(college, 2)
    address = reverse("seminars:alike")
    client.get(address)

    two = queries_of(lambda: client.get(address))
    said(college, 1)
    three = queries_of(lambda: client.get(address))

    assert (three, two <= MOST_FOR_A_PAGE) == (two, True)


def test_theme_of_several_is_set_from_the_settling_page(college, client):
    theme = ThemeFactory(campaign=college.campaign)
    opinions = said(college, 2)
    query = "&".join(f"o={opinion.pk}" for opinion in opinions)

    empty = client.post(f"{reverse('seminars:classify')}?{query}", {})
    client.post(f"{reverse('seminars:classify')}?{query}", {"as-theme": theme.pk})

    assert (empty.status_code, "请选择主题或来源群体" in empty.content.decode()) == (422, True)
    assert set(Opinion.objects.values_list("theme", flat=True)) == {theme.pk}


def test_a_merge_is_undone_from_the_page_of_the_opinion(college, client):
    main, part = said(college, 2)
    client.post(reverse("seminars:merge"), {"main": main.pk, "o": [part.pk]})

    page = client.get(reverse("outcomes:opinion_chain", args=[part.pk])).content.decode()
    client.post(reverse("seminars:part", args=[part.pk]))

    assert "恢复为单独的一条" in page
    assert Opinion.objects.get(pk=part.pk).merged_into is None


def test_several_opinions_become_the_sources_of_one_proposal(college, client):
    one, other = said(college, 2)

    page = client.get(
        reverse("proposals:start"), {"opinion": [str(one.pk), str(other.pk), "x"]}
    ).content.decode()

    assert page.count("来源意见") == 2
