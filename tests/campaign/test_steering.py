from datetime import date, time

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from campaign import demanding, steering
from campaign.choices import CampaignState, DemandKind, Gate
from campaign.definition import read_definition
from campaign.gates import is_open
from campaign.models import Campaign, Demand, Phase, PhaseStep, Theme
from campaign.services import load_campaign
from tests.campaign.conftest import SHIPPED
from tests.factories import (
    ActivityFactory,
    CampaignFactory,
    MembershipFactory,
    ThemeFactory,
    UnitFactory,
    at,
)
from units.choices import Position, UnitKind

pytestmark = pytest.mark.django_db

ASKED = {
    "kind": "activity",
    "title": "集中学习不少于2次",
    "unit_kinds": ["branch"],
    "activity_kinds": ["themed_party_day"],
    "quota": 2,
    "opens_on": "2019-09-11",
    "due_on": "2019-10-12",
}
SECOND = {
    "name": "学习讨论阶段",
    "label": "9月中旬—10月中旬",
    "strand": "study_and_discussion",
    "departments": "组织部、宣传部、教工部、教务处、各单位",
    "starts_on": "2019-09-16",
    "ends_on": "2019-10-25",
    "opens": ["study", "discussion"],
    "confirmed": "1",
}


@pytest.fixture
def campaign():
    group = UnitFactory(kind=UnitKind.CAMPAIGN_GROUP)
    campaign = load_campaign(read_definition(SHIPPED))
    Campaign.objects.filter(pk=campaign.pk).update(campaign_group=group, issued_on=date(2019, 9, 2))
    return Campaign.objects.get(pk=campaign.pk)


@pytest.fixture
def organiser(campaign):
    return MembershipFactory(unit=campaign.campaign_group, position=Position.MEMBER).user


@pytest.fixture
def desk(client, organiser):
    client.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")
    return client


def ask(desk, campaign, **changes):
    return desk.post(reverse("supervision:add_demand", args=[campaign.slug]), ASKED | changes)


def newest(campaign):
    return campaign.demands.order_by("-order").first()


def test_a_demand_is_added_behind_the_plans_and_marked_as_the_groups(desk, campaign):
    ask(desk, campaign)

    demand = newest(campaign)
    assert (demand.title, demand.unit_kinds, demand.due_on, demand.is_from_plan) == (
        "集中学习不少于2次",
        ["branch"],
        date(2019, 10, 12),
        False,
    )
    assert AuditEntry.objects.filter(action="campaign.add_demand").exists()


def test_a_demand_says_how_many_of_whom_how_long_and_with_what(desk, campaign):
    office = UnitFactory(kind=UnitKind.DEPARTMENT, name="教务处", short_name="教务处")

    ask(
        desk,
        campaign,
        kind="report",
        quotas="党总支 2\n教务处：1",
        due_time="17:00",
        grace_days="2",
        words_min="800",
        words_max="1500",
        attachments="正文\n任务分解表",
        needs_approval="on",
    )

    demand = newest(campaign)
    assert [(row.unit_kind, row.unit, row.quota) for row in demand.quotas.all()] == [
        ("general_branch", None, 2),
        ("", office, 1),
    ]
    assert (demand.due_time, demand.grace_days, demand.words_min, demand.words_max) == (
        time(17),
        2,
        800,
        1500,
    )
    assert (demand.attachments, demand.needs_approval) == (["正文", "任务分解表"], True)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"due_on": "2019-09-10"}, "截止日期早于开始日期"),
        ({"quota": 0}, "数量至少为1"),
        ({"unit_kinds": ["emperor"]}, "“面向的单位”里没有这一项了"),
        ({"unit_kinds": []}, "请选择“面向的单位”"),
        ({"title": ""}, "要求"),
        ({"quotas": "党总支"}, "“党总支”读不出单位和数量"),
        ({"quotas": "火星学院 2"}, "“火星学院”：没有叫这个名称的单位"),
        ({"quotas": "党总支 2\n党总支 3"}, "“党总支”写了两次"),
        ({"words_min": 9, "words_max": 3}, "最多字数小于最少字数"),
        ({"due_label": "第3周", "due_on": ""}, "“第3周”推不出具体日期"),
        ({"due_label": "会后10个工作日", "due_on": ""}, "请选择起算日"),
        ({"due_label": "10月底", "anchor": "issued"}, "“10月底”不是相对时间"),
        (
            {"due_label": "印发后10个工作日", "anchor": "issued"},
            "相对时间的日期由起算日推出，请清空日期",
        ),
    ],
)
def test_a_wrong_demand_says_what_to_mend_and_keeps_what_was_typed(
    desk, campaign, change, sentence
):
    before = campaign.demands.count()

    answer = ask(desk, campaign, **change)

    page = answer.content.decode()
    assert (answer.status_code, sentence in page, "2019-09-11" in page) == (422, True, True)
    assert campaign.demands.count() == before


def test_the_words_of_a_deadline_are_kept_and_resolved(desk, campaign):
    ask(desk, campaign, due_label="10月底前", due_on="")
    assert (newest(campaign).due_label, newest(campaign).due_on) == ("10月底前", date(2019, 10, 31))

    ask(desk, campaign, due_label="印发后21个工作日内", due_on="", anchor="issued")
    demand = newest(campaign)
    page = desk.get(reverse("campaign:plan")).content.decode()
    assert (demand.due_on, demand.offset) == (date(2019, 10, 8), 21)
    assert "原文：印发后21个工作日内；印发之日（2019年9月2日）后21个工作日" in page


def test_of_a_demand_of_the_plan_the_words_stay_as_issued(desk, campaign):
    demand = campaign.demands.filter(is_from_plan=True).first()

    desk.post(
        reverse("supervision:edit_demand", args=[demand.pk]),
        {"title": "别的", "kind": "opinion", "quota": 3, "due_on": "2019-10-15", "confirmed": 1},
    )

    changed = Demand.objects.get(pk=demand.pk)
    assert (changed.title, changed.kind, changed.quota, changed.due_on) == (
        demand.title,
        demand.kind,
        3,
        date(2019, 10, 15),
    )


def test_a_demand_of_the_plan_cannot_be_withdrawn(desk, campaign, organiser):
    demand = campaign.demands.filter(is_from_plan=True).first()

    with pytest.raises(PermissionDenied):
        demanding.withdraw_demand(organiser, demand)
    answer = desk.post(reverse("supervision:withdraw_demand", args=[demand.pk]))

    assert (answer.status_code, Demand.objects.filter(pk=demand.pk).exists()) == (403, True)


def test_a_phases_days_move_and_the_printed_label_stays(desk, campaign):
    second = campaign.phases.get(order=2)

    desk.post(reverse("supervision:phase", args=[second.pk]), SECOND)

    moved = campaign.phases.get(order=2)
    assert (moved.starts_on, moved.ends_on, moved.label, moved.opens) == (
        date(2019, 9, 16),
        date(2019, 10, 25),
        "9月中旬—10月中旬",
        ["study", "discussion"],
    )
    assert moved.history.count() == 2


def test_a_new_label_alone_moves_the_days_it_names(desk, campaign):
    second = campaign.phases.get(order=2)
    sent = SECOND | {"label": "9月下旬—10月底", "starts_on": "2019-09-11", "ends_on": "2019-10-20"}

    desk.post(reverse("supervision:phase", args=[second.pk]), sent)

    moved = campaign.phases.get(order=2)
    assert (moved.starts_on, moved.ends_on) == (date(2019, 9, 21), date(2019, 10, 31))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ends_on": "2019-09-01"}, "结束日期早于开始日期"),
        ({"label": "第3周", "starts_on": "", "ends_on": ""}, "“第3周”推不出具体日期"),
        ({"name": ""}, "名称"),
        ({"departments": "部" * 61}, "每个部门的名称不超过60个字"),
        (
            {"ends_on": "2019-09-16", "starts_time": "14:00", "ends_time": "9:00"},
            "同一天里结束时间早于开始时间",
        ),
    ],
)
def test_a_wrong_phase_says_what_to_mend_and_nothing_is_saved(desk, campaign, change, sentence):
    second = campaign.phases.get(order=2)

    answer = desk.post(reverse("supervision:phase", args=[second.pk]), SECOND | change)

    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert campaign.phases.get(order=2).starts_on == second.starts_on


def test_phases_and_steps_are_added_moved_and_taken_away(desk, campaign):
    desk.post(
        reverse("campaign:add_phase", args=[campaign.slug]),
        {"name": "总结阶段", "label": "2020年1月上旬", "strand": "other", "opens": ["outcomes"]},
    )
    fourth = campaign.phases.get(order=4)
    assert (fourth.starts_on, fourth.ends_on) == (date(2020, 1, 1), date(2020, 1, 10))

    desk.post(
        reverse("campaign:add_step", args=[fourth.pk]),
        {"title": "总结会", "label": "2020年1月8日14:00"},
    )
    step = fourth.steps.get()
    assert (step.starts_on, step.starts_time) == (date(2020, 1, 8), time(14))

    desk.post(reverse("campaign:move_phase", args=[fourth.pk]), {"to": "up"})
    assert [phase.name for phase in campaign.phases.order_by("order")][2:] == [
        "总结阶段",
        "实践转化阶段",
    ]

    desk.post(reverse("campaign:remove_step", args=[step.pk]))
    desk.post(reverse("campaign:remove_phase", args=[fourth.pk]))
    assert not Phase.objects.filter(pk=fourth.pk).exists()
    assert not PhaseStep.objects.filter(pk=step.pk).exists()


def test_what_other_times_count_from_is_not_taken_away(desk, campaign):
    second = campaign.phases.get(order=2)
    ask(desk, campaign, due_label="前5个工作日", due_on="", anchor=f"phase-{second.pk}-ends")

    answer = desk.post(reverse("campaign:remove_phase", args=[second.pk]), follow=True)

    assert "集中学习不少于2次的时间从它算起" in answer.content.decode()
    assert campaign.phases.count() == 3


def test_moving_a_phase_takes_what_counts_from_it_along(organiser, campaign):
    second = campaign.phases.get(order=2)
    demand = demanding.add_demand(
        organiser,
        campaign,
        kind=DemandKind.KICK_OFF,
        title="动员",
        offset=-5,
        anchor_edge="ends",
        anchor_phase=second,
    )
    steering.edit_phase(organiser, second, ends_on=date(2019, 10, 14))

    demand.refresh_from_db()
    assert demand.due_on == date(2019, 10, 8)
    assert AuditEntry.objects.filter(action="campaign.follow_demand").count() == 2


def test_another_campaigns_group_and_a_sealed_campaign_are_refused(organiser, campaign):
    other = CampaignFactory(campaign_group=UnitFactory(kind=UnitKind.CAMPAIGN_GROUP))
    Campaign.objects.filter(pk=campaign.pk).update(state=CampaignState.SEALED)
    sealed = Campaign.objects.get(pk=campaign.pk)

    for refused in (other, sealed):
        with pytest.raises(PermissionDenied):
            demanding.add_demand(organiser, refused, kind=DemandKind.KICK_OFF, title="动员")
        with pytest.raises(PermissionDenied):
            steering.switch_gate(
                organiser, refused, Gate.STUDY, opens=True, reason="延长", now=at(10)
            )

    assert not other.demands.exists()


def test_sealing_is_not_a_setting(desk, campaign):
    answer = desk.post(
        reverse("campaign:settings", args=[campaign.slug]),
        {
            "title": campaign.title,
            "short_title": campaign.short_title,
            "campaign_group": campaign.campaign_group_id,
            "review_working_days": 10,
            "state": "sealed",
        },
    )

    campaign.refresh_from_db()
    assert (answer.status_code, campaign.state) == (422, CampaignState.RUNNING)


# --- Gates -------------------------------------------------------------------------------


def fresh(campaign):
    return Campaign.objects.get(pk=campaign.pk)


def test_a_gate_is_closed_with_a_reason_reopened_and_both_are_remembered(organiser, campaign):
    on = date(2019, 9, 16)
    switch = steering.switch_gate(
        organiser, campaign, Gate.PROPOSALS, opens=False, reason="系统核对", now=at(9)
    )
    assert not is_open(fresh(campaign), Gate.PROPOSALS, on)
    assert is_open(fresh(campaign), Gate.DISCUSSION, on)

    with pytest.raises(steering.NothingToSwitch):
        steering.switch_gate(
            organiser, campaign, Gate.PROPOSALS, opens=False, reason="再关一次", now=at(9)
        )
    steering.restore_gate(organiser, switch, at(10))
    assert is_open(fresh(campaign), Gate.PROPOSALS, on)
    with pytest.raises(steering.NothingToSwitch):
        steering.restore_gate(organiser, switch, at(10))

    assert [(row.reason, row.ended_at) for row in campaign.gate_switches.all()] == [
        ("系统核对", at(10))
    ]
    noted = ["campaign.switch_gate", "campaign.restore_gate"]
    assert AuditEntry.objects.filter(action__in=noted).count() == 2


def test_every_form_of_the_plan_carries_its_token(desk, campaign, organiser):
    steering.switch_gate(
        organiser, campaign, Gate.PROPOSALS, opens=True, reason="延长", now=timezone.now()
    )

    page = desk.get(reverse("campaign:plan")).content.decode()

    assert page.count('method="post"') == page.count("csrfmiddlewaretoken") > 3


def test_a_gate_opened_until_a_day_is_open_on_that_day_and_closed_on_the_next(organiser, campaign):
    steering.switch_gate(
        organiser,
        campaign,
        Gate.MEASURES,
        opens=True,
        reason="提前部署",
        until=date(2019, 9, 20),
        now=at(9),
    )

    assert is_open(fresh(campaign), Gate.MEASURES, date(2019, 9, 20))
    assert not is_open(fresh(campaign), Gate.MEASURES, date(2019, 9, 21))
    assert is_open(fresh(campaign), Gate.MEASURES, date(2019, 10, 21))


# --- Lists -------------------------------------------------------------------------------


def lines(campaign, model, *rows):
    """A formset as the page sends it: existing entries first, `rows` instead of theirs."""
    known = list(model.objects.filter(campaign=campaign).order_by("order"))
    sent = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": len(known)}
    for at_, row in enumerate(rows):
        if at_ < len(known):
            sent[f"form-{at_}-id"] = known[at_].pk
        sent |= {f"form-{at_}-{name}": value for name, value in row.items()}
    return sent


def test_a_list_is_reordered_extended_and_shortened_at_once(desk, organiser):
    campaign = CampaignFactory(campaign_group=organiser.memberships.get().unit)
    for title in ("一", "二", "三"):
        ThemeFactory(campaign=campaign, title=title)
    sent = lines(
        campaign,
        Theme,
        {"title": "一", "place": 3},
        {"title": "二改", "place": 1},
        {"title": "三", "place": 2, "DELETE": "on"},
        {"title": "提升信息化水平，建设智慧校园"},
    )

    desk.post(reverse("campaign:entries", args=[campaign.slug, "themes"]), sent)

    assert list(campaign.themes.order_by("order").values_list("title", "short_title")[::2]) == [
        ("二改", campaign.themes.get(order=1).short_title),
        ("提升信息化水平，建设智慧校园", "信息化水平"),
    ]
    assert AuditEntry.objects.filter(action="campaign.edit_list").exists()


def test_a_theme_with_records_stays_and_the_page_says_why(desk, organiser):
    campaign = CampaignFactory(campaign_group=organiser.memberships.get().unit)
    theme = ThemeFactory(campaign=campaign, title="校企合作")
    ActivityFactory(campaign=campaign).themes.add(theme)
    sent = lines(campaign, Theme, {"title": "校企合作", "DELETE": "on"})

    answer = desk.post(reverse("campaign:entries", args=[campaign.slug, "themes"]), sent)

    assert (answer.status_code, "已有记录引用" in answer.content.decode()) == (422, True)
    assert campaign.themes.count() == 1


def test_the_progress_of_a_target_is_noted_with_its_basis(desk, campaign):
    target = campaign.targets.first()

    desk.post(
        reverse("campaign:progress", args=[target.pk]),
        {"on": "2019-12-18", "count": 1, "note": "教职成函〔2019〕14号"},
    )

    page = desk.get(reverse("campaign:plan")).content.decode()
    assert "截至2019年12月18日达成1个（教职成函〔2019〕14号）" in page
