import pytest
from django.urls import reverse

from campaign.models import Clause, ClauseWording, PlanDocument, PlanVersion
from tests.factories import ActivityFactory, OpinionFactory, ProposalFactory, ThemeFactory
from tests.queries import queries_of
from tests.supervision.conftest import School

pytestmark = pytest.mark.usefixtures("school")


def found(client, text):
    page = client.get(reverse("search"), {"q": text})
    return [
        (group.title, [hit.title for hit, _ in hits]) for group, hits, _ in page.context["found"]
    ]


def clause(school: School) -> Clause:
    document = PlanDocument.objects.create(
        campaign=school.campaign, kind="construction_plan", title="建设方案"
    )
    version = PlanVersion.objects.create(document=document, number=1, made_on="2019-08-20")
    made = Clause.objects.create(document=document, order=1, number="5.2", title="企业实践")
    ClauseWording.objects.create(clause=made, version=version, text="每五年到企业实践六个月。")
    return made


def test_one_search_finds_records_opinions_proposals_and_clauses(client, school: School):
    ActivityFactory.create(campaign=school.campaign, unit=school.branch, title="企业实践座谈会")
    OpinionFactory.create(campaign=school.campaign, unit=school.branch, text="企业实践时间不够")
    ProposalFactory.create(
        campaign=school.campaign,
        unit=school.branch,
        title="企业实践轮岗",
        theme=ThemeFactory.create(campaign=school.campaign),
    )
    clause(school)
    client.force_login(school.secretary)

    assert found(client, "企业　实践") == [
        ("活动记录", ["企业实践座谈会"]),
        ("意见", ["企业实践时间不够"]),
        ("对策建议", ["企业实践轮岗"]),
        ("方案条款", ["5.2企业实践"]),
    ]


def test_what_a_person_may_not_see_is_not_found(client, school: School):
    ActivityFactory.create(campaign=school.campaign, title="企业实践座谈会")
    OpinionFactory.create(campaign=school.campaign, text="企业实践时间不够")
    client.force_login(school.secretary)

    assert found(client, "企业实践") == []


def test_nothing_asked_for_finds_nothing(client, school: School):
    ActivityFactory.create(campaign=school.campaign, unit=school.branch)
    client.force_login(school.secretary)

    assert found(client, " ") == []


def test_the_number_of_queries_does_not_grow_with_what_is_found(client, school: School):
    client.force_login(school.secretary)

    def cost(rows: int) -> int:
        for _ in range(rows):
            ActivityFactory.create(campaign=school.campaign, unit=school.branch, title="企业实践")
            OpinionFactory.create(campaign=school.campaign, unit=school.branch, text="企业实践")
        return queries_of(lambda: client.get(reverse("search"), {"q": "企业"}))

    assert cost(1) == cost(3)
