import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import AuditEntry
from campaign.definition import read_definition
from campaign.models import Campaign, PhaseDepartment, StudyDocument, Target, Theme
from campaign.services import InUse, load_campaign
from tests.campaign.conftest import SHIPPED
from tests.factories import ActivityFactory, UnitFactory

pytestmark = pytest.mark.django_db


def test_the_issued_plan_is_loaded_as_printed():
    campaign = load_campaign(read_definition(SHIPPED))

    assert campaign.doc_number == "津职大党〔2019〕68号"
    assert [
        list(phase.departments.values_list("name", flat=True)) for phase in campaign.phases.all()
    ] == [
        ["教工部", "教务处", "组织部", "宣传部"],
        ["组织部", "宣传部", "教工部", "教务处", "各单位"],
        ["各单位"],
    ]
    assert list(campaign.themes.values_list("title", flat=True)) == [
        "坚持高质量党建引领，推进高水平改革发展",
        "落实立德树人根本任务，打造技术技能人才培养高地",
        "创新产教融合机制，打造技术技能创新服务平台",
        "以眼视光和包装为引领，打造高水平专业群",
        "以“四有”为标准，打造高水平双师队伍",
        "提升校企合作水平，构建校企命运共同体",
        "提升服务发展水平，主动支撑国家战略",
        "提升学校治理水平，激发高质量发展活力",
        "提升信息化水平，建设高水平智慧校园",
        "提升国际化水平，创建职教国际品牌",
    ]
    assert list(campaign.studydocuments.values_list("title", flat=True)) == [
        "国家职业教育改革实施方案",
        "教育部 财政部关于实施中国特色高水平高职学校和专业建设计划的意见",
        "关于在院校实施“学历证书+若干职业技能等级证书”制度试点方案",
        "中国特色高水平高职学校和专业建设计划建设方案",
    ]
    assert list(campaign.targets.values_list("level", "count")) == [
        ("国家级", 2),
        ("市级", 5),
        ("校级", 3),
    ]


def test_the_plans_demands_carry_no_day_the_plan_does_not_name():
    campaign = load_campaign(read_definition(SHIPPED))

    assert set(campaign.demands.values_list("is_from_plan", "due_on")) == {(True, None)}


def test_loading_twice_changes_nothing_but_adds_a_line_to_the_trail():
    load_campaign(read_definition(SHIPPED))
    before = [model.objects.count() for model in (Campaign, Theme, Target, PhaseDepartment)]

    load_campaign(read_definition(SHIPPED))

    after = [model.objects.count() for model in (Campaign, Theme, Target, PhaseDepartment)]
    assert after == before
    assert AuditEntry.objects.filter(action="campaign.load").count() == 2


def test_a_study_document_that_people_added_survives_loading_again():
    campaign = load_campaign(read_definition(SHIPPED))
    StudyDocument.objects.create(campaign=campaign, order=5, title="学校章程")

    load_campaign(read_definition(SHIPPED))

    assert campaign.studydocuments.get(order=5).title == "学校章程"


def discuss(theme):
    ActivityFactory(campaign=theme.campaign).themes.add(theme)


def set_sub_topic(theme):
    theme.sub_topics.create(unit=UnitFactory(), title="短期留学项目")


@pytest.mark.parametrize("refer_to", [discuss, set_sub_topic])
def test_a_theme_with_records_cannot_be_dropped(refer_to):
    definition = read_definition(SHIPPED)
    campaign = load_campaign(definition)
    refer_to(campaign.themes.get(order=10))
    definition.themes.pop()

    with pytest.raises(InUse, match="国际化"):
        load_campaign(definition)

    assert campaign.themes.count() == 10


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('schema = 1\nslug = "a"\ntitle = "b"\ncolour = "red"', "colour"),
        ('schema = 2\nslug = "a"\ntitle = "b"', "schema 2"),
        ("schema = ", "Invalid value"),
        (
            (
                'schema = 1\nslug = "a"\ntitle = "b"\n[[phases]]\nnumber = 1\nname = "c"\n'
                "starts_on = 2019-09-02\nends_on = 2019-09-01"
            ),
            "phase 1 ends on 2019-09-01",
        ),
    ],
)
def test_a_faulty_definition_is_refused_with_the_place_of_the_fault(tmp_path, text, message):
    file = tmp_path / "plan.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(CommandError, match=message):
        call_command("load_campaign", str(file))

    assert Campaign.objects.count() == 0
