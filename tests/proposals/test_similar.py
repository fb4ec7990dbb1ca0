from django.test import Client
from django.urls import reverse

from proposals.models import Proposal
from proposals.similar import similar_to

TEXT = {
    "problem": "实训室晚间不开放，学生课后没有地方练习，技能大赛备赛也受影响。",
    "measures": "由二级学院排班值守，工作日开放到21:30，周末按预约开放。",
}
OTHER = {
    "problem": "企业导师到校授课的课时费标准偏低，合同签订手续多。",
    "measures": "人事处牵头修订外聘教师管理办法，简化签约流程。",
}


def client_of(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_what_says_nearly_the_same_is_found_and_nothing_else(college):
    proposal = college.submitted(**TEXT)
    same = college.submitted(**{**TEXT, "measures": TEXT["measures"].replace("21:30", "22:00")})
    college.submitted(**OTHER)
    college.draft(**TEXT)

    found = similar_to(proposal, Proposal.objects.all())

    assert [one.proposal for one in found] == [same]
    assert found[0].per_cent > 80
    assert found[0].passages[0].startswith(TEXT["problem"])


def test_the_desk_offers_to_merge_into_it(college):
    proposal = college.submitted(number="JY00001", **TEXT)
    college.submitted(number="JY00002", **TEXT)
    client = client_of(college.reviewer)
    address = reverse("proposals:similar", args=[proposal.pk])

    piece = client.get(address, headers={"HX-Request": "true"}).content.decode()
    page = client.get(address).content.decode()

    assert ("并入这件" in piece, "<html" in piece) == (True, False)
    assert ("并入这件" in page, "<html" in page) == (True, True)


def test_the_author_hears_of_it_before_sending_in_and_may_send_all_the_same(college):
    draft = college.draft(**TEXT)
    college.submitted(number="JY00077", **TEXT)
    client = client_of(college.secretary)
    address = reverse("proposals:submit", args=[draft.pk])

    page = client.get(address).content.decode()
    answer = client.post(address)

    assert ("可能重复的建议" in page, "JY00077" in page) == (True, True)
    assert answer.url == reverse("proposals:detail", args=[draft.pk])
