"""The style guide: every component in its states, with invented people and long names."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crispy_forms.layout import Layout
from django import forms
from django.contrib.auth.decorators import user_passes_test
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.charts import Bar, Cell, HeatRow, Series, Stage, bars, funnel, heat_map, trend
from core.forms import (
    ChipCheckboxes,
    ChipRadio,
    DayInput,
    LargeChipRadio,
    MoreFields,
    NumberWithUnit,
    Pair,
    PortalForm,
    PortalFormHelper,
    TextBox,
    TimeInput,
)
from core.frame import Frame, PhaseMark, Place, phase_mark
from core.svg import Drawing

LONG_UNIT = "中共示例职业大学委员会机电工程与自动化学院（智能制造产业学院）总支部委员会"
LONG_TITLE = (
    "关于把企业真实生产项目引入专业核心课程、校企双方共同制定课程标准"
    "并建立动态调整机制的若干意见建议（征求意见稿）"
)
OLD_WORDING = "到2023年，建成5个校内实训基地，每年培训企业职工2000人次，逐步完善学分银行制度。"
NEW_WORDING = (
    "到2023年，建成8个校企共建共管的实训基地，每年培训企业职工3000人次以上，"
    "建立并运行学分银行制度。"
)
A_MOMENT = datetime(2019, 9, 16, 14, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
KINDS = [
    ("lecture", "专家讲座"),
    ("central_group", "中心组学习"),
    ("party_day", "主题党日"),
    ("staff_study", "教职工政治理论学习"),
    ("forum", "座谈会"),
    ("seminar", "研讨会"),
    ("exchange", "交流会"),
    ("visit", "走访调研"),
    ("survey", "问卷调查"),
]
THEMES = [(str(n), name) for n, name in enumerate(("党建引领", "人才培养高地", "创新服务平台"), 1)]


@dataclass(frozen=True, slots=True)
class SampleEvent:
    at: datetime
    title: str
    by: str = ""
    text: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class SampleStep:
    label: str
    state: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class SampleView:
    label: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class SampleRow:
    title: str
    unit: str
    held_on: date
    present: int
    status: str
    tone: str


class SampleForm(PortalForm):
    """One field of every look."""

    kind = forms.ChoiceField(label="活动类型", choices=KINDS, widget=LargeChipRadio)
    title = forms.CharField(
        label="名称", max_length=60, help_text="写清楚什么事，例如“学分银行制度座谈会”。"
    )
    held_on = forms.DateField(label="日期", widget=DayInput, initial=date(2019, 9, 16))
    starts_at = forms.TimeField(label="开始时间", widget=TimeInput, required=False)
    expected = forms.IntegerField(label="应到", widget=NumberWithUnit("人"), min_value=0)
    present = forms.IntegerField(label="实到", widget=NumberWithUnit("人"), min_value=0)
    themes = forms.MultipleChoiceField(
        label="研讨主题", choices=THEMES, widget=ChipCheckboxes, help_text="可以选多个。"
    )
    voice = forms.ChoiceField(
        label="意见来自",
        choices=[("teacher", "教师"), ("student", "学生"), ("company", "企业")],
        widget=ChipRadio,
        required=False,
    )
    unit = forms.ChoiceField(
        label="单位", choices=[("", "请选择"), ("1", LONG_UNIT)], required=False
    )
    record = forms.CharField(label="内容", widget=TextBox, max_length=2000)
    criteria = forms.ChoiceField(
        label="发现问题",
        choices=[
            ("3", "准：有事实、有数据"),
            ("2", "基本准"),
            ("1", "不准：没有说清是谁的什么问题"),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    photo = forms.FileField(label="附件", required=False, help_text="照片或文件，最多9个。")
    is_public = forms.BooleanField(label="在学习讨论动态中公开", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(
            self,
            submit="保存记录",
            layout=Layout(
                "kind",
                "title",
                Pair("held_on", "starts_at"),
                Pair("expected", "present"),
                "themes",
                "voice",
                "unit",
                "record",
                "criteria",
                MoreFields("补充信息", "photo", "is_public", note="附件、公开范围"),
            ),
            cancel_url="#forms",
            others=(("draft", "1", "存为草稿"),),
        )


class SampleFilter(PortalForm):
    q = forms.CharField(label="关键词", required=False)
    kind = forms.ChoiceField(label="类型", choices=[("", "全部"), *KINDS], required=False)
    since = forms.DateField(label="从", widget=DayInput, required=False)


def sample_frame(today: date = date(2019, 9, 22)) -> Frame:
    """The frame of a branch secretary in the middle of the second phase."""
    places = (
        Place("首页", "#", "home", current=True),
        Place("记录", "#", "record", count=3),
        Place("建议", "#", "proposal"),
        Place("成果", "#", "outcome"),
        Place("督办", "#", "measure", count=12),
        Place("报告", "#", "report"),
        Place("方案", "#", "clause"),
    )
    return Frame(
        campaign_title="“双高计划”建设大学习、大讨论、大推动",
        phases=_phases(today),
        places=places,
        bottom_places=(places[0], places[1], places[2], places[5]),
        menu=(Place("账号与安全", "#", "lock"),),
        log_url="#",
        search_url="#",
        notices_url="#",
        unread=7,
        person_name="欧阳示例",
        sign_out_url="#",
    )


def _phases(today: date) -> tuple[PhaseMark, ...]:
    return (
        phase_mark("宣传发动", date(2019, 8, 26), date(2019, 9, 10), on=today),
        phase_mark("学习讨论", date(2019, 9, 11), date(2019, 10, 20), on=today),
        phase_mark("实践转化", date(2019, 10, 21), date(2019, 12, 31), on=today),
    )


def _may_see(user: Any) -> bool:
    if not user.is_staff:
        raise PermissionDenied("样式手册供维护人员使用。")
    return True


@require_safe
@user_passes_test(_may_see)
def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "styleguide/index.html", _samples(request))


def _samples(request: HttpRequest) -> dict[str, Any]:
    form = SampleForm({"expected": "28", "present": "32", "title": ""}, auto_id="wrong_%s")
    form.add_error("present", "实到（32）比应到（28）多。列席人员请填在“列席”里。")
    return {
        "frame": sample_frame(),
        "sample_form": SampleForm(initial={"kind": "forum", "themes": ["1", "3"]}),
        "wrong_form": form,
        "filter_form": SampleFilter(request.GET, auto_id="filter_%s"),
        "long_unit": LONG_UNIT,
        "long_title": LONG_TITLE,
        "old": OLD_WORDING,
        "new": NEW_WORDING,
        "moment": A_MOMENT,
        "before_phases": _phases(date(2019, 8, 20)),
        "first_day_phases": _phases(date(2019, 9, 11)),
        "after_phases": _phases(date(2020, 1, 1)),
        "tones": ("neutral", "info", "good", "warn", "bad"),
        "levels": ("blue", "yellow", "orange", "red"),
        "message_tones": ("info", "success", "warning", "error"),
        "events": _events(),
        "steps": (
            SampleStep("查看汇总", "done", "#steps"),
            SampleStep("核对意见", "current"),
            SampleStep("报送“双高计划”工作组", "todo"),
        ),
        "rows": _rows(),
        "views": (
            SampleView("未完成", "#tables", current=True, count=3),
            SampleView("已超期", "#cards", count=0),
            SampleView("全部", "#marks"),
        ),
        "keyboard_rows": (("j", "下一条建议"), ("k", "上一条建议"), ("1—3", "给当前标准打分")),
        "trail": [("记录", "#"), ("机电工程学院第三教工党支部", "#")],
        "drawings": _drawings(),
    }


def _events() -> tuple[SampleEvent, ...]:
    return (
        SampleEvent(A_MOMENT, "提交建议", "欧阳示例"),
        SampleEvent(
            A_MOMENT + timedelta(days=2),
            "退回",
            "“双高计划”工作组",
            "请补充企业方的意见来源，并写明建议修改任务书的哪一条。",
            "warn",
        ),
        SampleEvent(A_MOMENT + timedelta(days=5), "采纳", LONG_UNIT, tone="good"),
    )


def _rows() -> tuple[SampleRow, ...]:
    day = A_MOMENT.date()
    return (
        SampleRow("学分银行制度座谈会", "第三教工党支部", day, 32, "已保存", "neutral"),
        SampleRow(LONG_TITLE, LONG_UNIT, day + timedelta(days=3), 1280, "已报送", "good"),
        SampleRow("走访示例企业", "学生工作部", day + timedelta(days=4), 0, "被退回", "warn"),
    )


def _drawings() -> tuple[Drawing, ...]:
    stages = [Stage("意见建议", 1286, "条"), Stage("对策建议", 214, "条"), Stage("采纳", 96, "条")]
    rows = [
        HeatRow(LONG_UNIT, (Cell(3, "#tables"), Cell(0), Cell(12))),
        HeatRow("教务处", (Cell(0), Cell(1), Cell(5))),
    ]
    weeks = [A_MOMENT.date() + timedelta(weeks=week) for week in range(4)]
    return (
        funnel("意见建议到条款修订", stages),
        bars("各类活动", [Bar("座谈会", 32), Bar("教职工政治理论学习", 0)], "场"),
        heat_map("单位与主题", [name for _, name in THEMES], rows, "场"),
        trend("每周活动", weeks, [Series("活动", (3, 12, 0, 8))], "场", ongoing=True),
        bars("还没有数据的图", [], "场"),
    )
