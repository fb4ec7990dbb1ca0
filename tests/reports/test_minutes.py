"""The minutes of one activity, on paper and for those who go on writing."""

from datetime import date, time
from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from reports.minutes import minutes_of
from seminars.choices import ActivityStatus, OpinionSource
from seminars.models import Opinion
from tests.factories import ActivityFactory, AudienceGroupFactory, MembershipFactory
from units.choices import Position

pytestmark = pytest.mark.django_db


@pytest.fixture
def forum():
    activity = ActivityFactory(
        title="校企合作座谈会",
        held_on=date(2019, 9, 16),
        starts_at=time(14, 0),
        ends_at=time(15, 30),
        place="教学楼A302",
        host="陈示例",
        recorder="林示例",
        expected=28,
        present=25,
        excused=1,
        teaching=1,
        sitting_in=3,
        agenda="一、传达\n二、讨论",
        content="围绕产业学院的课程和师资展开讨论。",
        decisions="",
    )
    Opinion.objects.create(
        campaign=activity.campaign,
        unit=activity.unit,
        source=OpinionSource.ACTIVITY,
        activity=activity,
        text="企业导师的课酬标准要更新",
        audience_group=AudienceGroupFactory(campaign=activity.campaign, name="企业"),
        raised_on=activity.held_on,
    )
    return activity


@pytest.fixture
def secretary(forum):
    return MembershipFactory(unit=forum.unit, position=Position.SECRETARY).user


def test_minutes_say_what_was_recorded_in_the_order_minutes_are_read(forum):
    paper = minutes_of(forum)

    assert [section.heading for section in paper.sections] == [
        "基本情况",
        "议程",
        "主要内容",
        "提出的意见（1条）",
    ]
    particulars = paper.sections[0].paragraphs
    assert "时间：2019年9月16日14:00—15:30" in particulars
    assert "出席：应到28人，实到25人，请假1人，授课1人，缺席1人，列席3人" in particulars
    assert paper.sections[1].paragraphs == ("一、传达", "二、讨论")
    assert paper.sections[3].paragraphs == ("1. 企业导师的课酬标准要更新（企业）",)
    assert paper.signed_by == "记录人：林示例"


def test_a_draft_has_no_minutes(forum, client, secretary):
    forum.status = ActivityStatus.DRAFT
    forum.save()
    client.force_login(secretary)

    with pytest.raises(ValueError, match="is a draft"):
        minutes_of(forum)
    assert client.get(reverse("reports:minutes", args=[forum.pk, "docx"])).status_code == 404


def test_minutes_leave_as_word_and_as_pdf(forum, client, secretary):
    client.force_login(secretary)

    word = client.get(reverse("reports:minutes", args=[forum.pk, "docx"]))
    pdf = client.get(reverse("reports:minutes", args=[forum.pk, "pdf"]))

    texts = [paragraph.text for paragraph in Document(BytesIO(word.content)).paragraphs]
    assert "围绕产业学院的课程和师资展开讨论。" in texts
    printed = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf.content)).pages)
    assert "围绕产业学院的课程和师资展开讨论。" in printed.replace("\n", "")
    assert "attachment" in pdf["Content-Disposition"]
    assert client.get(reverse("reports:minutes", args=[forum.pk, "exe"])).status_code == 404
