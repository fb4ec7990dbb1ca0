import msgspec
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from campaign.definition import read_definition
from campaign.models import Campaign
from campaign.setting_up import AlreadySetUp, set_up_campaign
from tests.campaign.conftest import SHIPPED
from tests.campaign.reading.conftest import PLANS
from tests.factories import MembershipFactory, UnitFactory, UserFactory
from units.choices import Position, UnitKind

pytestmark = pytest.mark.django_db

ISSUED = (PLANS / "issued.txt").read_text(encoding="utf-8")


@pytest.fixture
def organiser():
    group = UnitFactory(kind=UnitKind.CAMPAIGN_GROUP)
    return MembershipFactory(unit=group, position=Position.MEMBER).user


@pytest.fixture
def desk(client, organiser):
    client.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")
    return client


def findings(desk, text=ISSUED):
    """The page of findings as a browser would send it back, uncorrected."""
    page = desk.post(reverse("campaign:read_plan"), {"text": text})
    form, phases = page.context["form"], page.context["phases"]
    sent = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    for field in phases.management_form:
        sent[field.html_name] = field.value()
    for line in phases:
        for field in line:
            sent[field.html_name] = field.value()
    return {name: value for name, value in sent.items() if value not in {None, ""}}


def test_a_pasted_plan_shows_its_findings_and_their_sentences(desk):
    page = desk.post(reverse("campaign:read_plan"), {"text": ISSUED}).content.decode()

    for words in ("津职大党〔2019〕68号", "2019-09-11", "组织部、宣传部、教工部、教务处、各单位"):
        assert words in page
    assert "原文：（二）学习讨论阶段（9月中旬—10月中旬）。" in page
    assert Campaign.objects.count() == 0


def test_an_uploaded_file_is_read_whatever_its_encoding(desk):
    file = SimpleUploadedFile("plan.txt", ISSUED.encode("gb18030"))

    page = desk.post(reverse("campaign:read_plan"), {"file": file})

    assert page.context["form"].initial["number"] == "津职大党〔2019〕68号"


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "请选择方案文件，或者粘贴方案全文。"),
        ({"text": "  \n"}, "请选择方案文件，或者粘贴方案全文。"),
        ({"file": SimpleUploadedFile("plan.pdf", b"%PDF-1.7")}, "这是PDF 文件"),
        ({"text": "学" * 200_001}, "文字超过20万字"),
    ],
)
def test_what_cannot_be_read_is_answered_with_one_sentence(desk, sent, sentence):
    answer = desk.post(reverse("campaign:read_plan"), sent)

    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)


def test_the_issued_plan_becomes_a_campaign_without_a_correction(desk, organiser):
    answer = desk.post(reverse("campaign:confirm_plan"), findings(desk))

    campaign = Campaign.objects.get(slug="jinzhi-2019-68")
    assert answer.status_code == 302
    assert (campaign.state, campaign.themes.count(), campaign.studydocuments.count()) == (
        "draft",
        10,
        4,
    )
    assert [phase.steps.count() for phase in campaign.phases.all()] == [3, 3, 0]
    assert organiser.memberships.filter(unit=campaign.campaign_group).exists()


def test_corrections_are_kept(desk):
    sent = findings(desk) | {
        "themes": "第一个主题\n第二个主题",
        "form-0-ends_on": "2019-09-12",
        "form-1-departments": "组织部、各单位",
        "form-2-DELETE": "on",
    }

    desk.post(reverse("campaign:confirm_plan"), sent)

    campaign = Campaign.objects.get()
    phases = list(campaign.phases.all())
    assert [theme.title for theme in campaign.themes.all()] == ["第一个主题", "第二个主题"]
    assert [str(phase.ends_on) for phase in phases] == ["2019-09-12", "2019-10-20"]
    assert [d.name for d in phases[1].departments.all()] == ["组织部", "各单位"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": ""}, "方案名称"),
        ({"form-0-ends_on": "2019-08-01"}, "结束日期早于开始日期"),
        ({"themes": "题" * 121}, "每行不超过120个字"),
        ({"form-0-departments": "部" * 61}, "每个部门的名称不超过60个字"),
    ],
)
def test_a_wrong_correction_says_what_to_mend_and_nothing_is_set_up(desk, change, sentence):
    answer = desk.post(reverse("campaign:confirm_plan"), findings(desk) | change)

    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert Campaign.objects.count() == 0


def test_a_plan_that_is_set_up_already_is_not_overwritten(desk):
    sent = findings(desk)
    desk.post(reverse("campaign:confirm_plan"), sent)

    answer = desk.post(reverse("campaign:confirm_plan"), sent | {"title": "别的名称"})

    assert "这份方案的活动已经建立" in answer.content.decode()
    assert Campaign.objects.get().title != "别的名称"


def test_what_was_not_understood_is_listed(desk):
    text = "关于开展读书活动的方案\n活动分三个阶段进行。\n一、要求\n认真落实。"

    page = desk.post(reverse("campaign:read_plan"), {"text": text}).content.decode()

    assert "活动分三个阶段进行。" in page.split("没有读懂的句子")[1]


def test_staff_may_not_set_up_a_campaign():
    with pytest.raises(PermissionDenied):
        set_up_campaign(UserFactory(), read_definition(SHIPPED))


def test_the_service_refuses_an_address_that_is_taken(organiser):
    set_up_campaign(organiser, read_definition(SHIPPED))

    with pytest.raises(AlreadySetUp):
        set_up_campaign(organiser, read_definition(SHIPPED))


def test_the_only_plan_group_of_the_school_reviews_and_of_two_none_is_guessed(organiser):
    only = UnitFactory(kind=UnitKind.PLAN_GROUP)
    first = set_up_campaign(organiser, read_definition(SHIPPED))
    UnitFactory(kind=UnitKind.PLAN_GROUP)
    again = msgspec.structs.replace(read_definition(SHIPPED), slug="again")

    second = set_up_campaign(organiser, again)

    assert (first.plan_group, second.plan_group) == (only, None)
    assert second.campaign_group == organiser.memberships.get().unit
