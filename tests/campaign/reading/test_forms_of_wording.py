"""Single wordings, each as it may stand in somebody's plan."""

from datetime import date

import pytest

from campaign.reading.assembly import propose_campaign
from campaign.reading.particulars import read_short_name

FRAME = "关于开展大讨论活动的通知\n各单位：\n一、要求\n{}\n某某学院\n2022年2月20日"


def read(text):
    return propose_campaign(FRAME.format(text))


@pytest.mark.parametrize(
    ("words", "due_on", "relative"),
    [
        ("请于2022年3月15日前提交", date(2022, 3, 15), None),
        ("3月15日（星期二）17:00前发送", date(2022, 3, 15), None),
        ("务必于3月15日下午下班前交", date(2022, 3, 15), None),
        ("报送截止日期：2022年3月15日", date(2022, 3, 15), None),
        ("最迟3月15日报送", date(2022, 3, 15), None),
        ("须在3月底前完成", date(2022, 3, 31), None),
        ("3月中旬前完成自查", date(2022, 3, 20), None),
        ("3月1日至5日报送", date(2022, 3, 5), None),
        ("12月10前报送", date(2022, 12, 10), None),
        ("2022年底前完成", date(2022, 12, 31), None),
        ("会后三天内上报", None, "会后三天内"),
        ("并在活动结束后两周内提交总结", None, "活动结束后两周内"),
        ("每季度末月25日前报送", None, "每季度末月25日前"),
        ("每周五下班前报送简报", None, "每周五下班前"),
        ("收到通知后5个工作日内", None, "收到通知后5个工作日内"),
        ("提前5个工作日报备", None, "提前5个工作日"),
        ("第10周前完成", None, "第10周前"),
        ("国庆节前完成", None, "国庆节前"),
    ],
)
def test_a_deadline_is_read(words, due_on, relative):
    (found,) = read(f"各单位要认真落实，{words}。").deadlines

    assert (found.value.due_on, found.value.relative) == (due_on, relative)


@pytest.mark.parametrize("words", ["5月1日前后", "前三季度", "公示5个工作日", "定于寒假开学前开展"])
def test_what_is_no_deadline_is_left_alone(words):
    assert read(f"{words}。").deadlines == ()


@pytest.mark.parametrize(
    ("words", "quota"),
    [
        ("各党总支不少于5条", ("党总支", 5, None)),
        ("每个党支部至少开展2次", ("党支部", 2, None)),
        ("每支部每月开展1次", ("支部", 1, 1)),
        ("撰写1—2篇", (None, 1, 2)),
        ("人均不少于1条", ("个人", 1, None)),
        ("1500字以上", (None, 1500, None)),
        ("字数3000字左右", (None, 3000, 3000)),
        ("每名党员撰写一篇心得体会", ("党员", 1, 1)),
        ("各学院报送典型案例2个", ("学院", 2, 2)),
        ("每人限报1项", ("个人", None, 1)),
        ("不少于两次", (None, 2, None)),
        ("各基层党委、党总支每季度至少开展1次研讨", ("基层党委、党总支", 1, None)),
        ("二级党组织择优推荐（不少于1个，不超过2个）", ("二级党组织", 1, 2)),
        ("每班每个项目选拔3至5名学生", ("班", 3, 5)),
        ("各党总支≥2次", ("党总支", 2, None)),
    ],
)
def test_a_quota_is_read(words, quota):
    (found,) = read(f"{words}。").quotas

    assert (found.value.unit, found.value.least, found.value.most) == quota


@pytest.mark.parametrize(
    "words", ["组织一次集中学习", "设一等奖1名、二等奖2名", "评选优秀案例10个", "形成一批成果"]
)
def test_what_no_unit_owes_is_no_quota(words):
    assert read(f"{words}。").quotas == ()


MARCH, APRIL = (date(2022, 3, 1), date(2022, 3, 31)), (date(2022, 4, 1), date(2022, 4, 30))


@pytest.mark.parametrize(
    "schedule",
    [
        "（一）第一阶段：动员部署（3月）\n开会。\n（二）第二阶段：学习讨论（4月）\n学习。",
        "（一）动员部署（3月）。开会。\n（二）学习讨论（4月）。学习。",
        "1.动员部署。3月，各单位动员。\n2.学习讨论。4月，各单位学习。",
        "阶段一：动员部署（3月）\n阶段二：学习讨论（4月）",
        "第一步，动员部署（3月）。\n第二步，学习讨论（4月）。",
        "3月：动员部署。\n4月：学习讨论。",
        "动员部署：2022年3月\n学习讨论：2022年4月",
        "1、2022年3月1日—31日  动员部署\n2、2022年4月1日—30日  学习讨论",
        "一是动员部署（3月）。\n二是学习讨论（4月）。",
        "分为动员部署（3月）、学习讨论（4月）两个阶段。",
        "分两步：第一阶段（3月），动员部署；第二阶段（4月），学习讨论。",
        "| 阶段 | 时间 |\n|---|---|\n| 动员部署 | 3月 |\n| 学习讨论 | 4月 |",
        "（一）动员部署\n时间：3月\n（二）学习讨论\n时间：4月",
    ],
)
def test_two_phases_are_read_however_the_schedule_is_written(schedule):
    text = f"大讨论活动方案\n一、目标\n提高。\n二、实施步骤\n{schedule}\n三、要求\n2022年2月20日"

    phases = [item.value for item in propose_campaign(text).phases]

    assert [(phase.name, phase.starts_on, phase.ends_on) for phase in phases] == [
        ("动员部署", *MARCH),
        ("学习讨论", *APRIL),
    ]


@pytest.mark.parametrize(
    "section",
    [
        "二、研讨主题\n1.深化产教融合；\n2.推进校企合作。",
        "二、研讨专题\n专题一：深化产教融合\n专题二：推进校企合作",
        "二、研讨专题\n1.专题一：深化产教融合；\n2.专题二：推进校企合作。",
        "二、重点讨论内容\n1.深化产教融合。如何突破体制障碍。\n2.推进校企合作。如何实现互利共赢。",
        "二、研讨主题（可自选）\n① 深化产教融合；② 推进校企合作。",
        "二、主要议题\n一是深化产教融合；二是推进校企合作。",
        "二、讨论方式\n围绕“深化产教融合”“推进校企合作”等专题开展研讨。",
        "二、讨论主题\n主题一“深化产教融合”；主题二“推进校企合作”。",
    ],
)
def test_two_themes_are_read_however_they_are_written(section):
    themes = propose_campaign(
        f"大讨论活动方案\n一、目标\n提高。\n{section}\n三、要求\n落实。"
    ).themes

    assert [theme.value for theme in themes] == ["深化产教融合", "推进校企合作"]


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("重点学习《党章》和《准则》", ["党章", "准则"]),
        ("学习内容：新修订的《党章》", ["党章"]),
        ("认真研读《纲要》，填写《学习登记表》", ["纲要"]),
        ("根据《关于加强学习的通知》要求，学习《党章》", ["党章"]),
        ("研讨情况将在《校报》上刊登", []),
        ("为贯彻落实《纲要》精神，制定本方案", []),
    ],
)
def test_only_what_is_to_be_studied_is_a_study_document(words, titles):
    assert [found.value for found in read(f"{words}。").study_documents] == titles


@pytest.mark.parametrize(
    ("title", "issuer", "name"),
    [
        ("关于开展“三提”大讨论活动的实施方案", "某某学院", "“三提”大讨论活动"),
        ("某某大学教育思想大讨论活动实施方案", "某某大学", "教育思想大讨论活动"),
        ("某某学院“担当”大讨论方案", "中共某某学院委员会", "“担当”大讨论"),
        ("大讨论", None, "大讨论"),
    ],
)
def test_a_campaign_is_called_by_what_its_title_is_about(title, issuer, name):
    assert read_short_name(title, issuer) == name
