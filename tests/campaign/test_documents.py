from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from campaign.documents import NoClauses, load_document, read_parts
from campaign.models import Clause, ClauseWording, PlanDocument
from proposals.plan_text import compare_versions, texts_at
from tests.factories import CampaignFactory, MembershipFactory, UnitFactory
from units.choices import Position, UnitKind

pytestmark = pytest.mark.django_db

FIRST = """建设方案
本方案由学校编制。
一、总体要求
（一）指导思想
坚持立德树人。
（二）建设目标
1.到2023年，建成一批专业群。
（1）国家级2个。
二、建设任务
（一）打造人才培养高地
建设20门课程。
"""
SECOND = FIRST.replace("20门", "30门").replace("（1）国家级2个。\n", "") + "三、保障\n落实责任。\n"


@pytest.fixture
def campaign():
    return CampaignFactory(
        plan_group=UnitFactory(kind=UnitKind.PLAN_GROUP),
        campaign_group=UnitFactory(kind=UnitKind.CAMPAIGN_GROUP),
    )


@pytest.fixture
def reviewer(campaign):
    return MembershipFactory(unit=campaign.plan_group, position=Position.MEMBER).user


@pytest.fixture
def desk(client, reviewer):
    client.force_login(reviewer, backend="django.contrib.auth.backends.ModelBackend")
    return client


def load(campaign, by, text):
    return load_document(
        by,
        campaign,
        kind="construction_plan",
        title="建设方案",
        parts=read_parts(text),
        made_on=date(2019, 9, 1),
    )


def clauses(document):
    return list(document.clauses.order_by("order").values_list("number", "depth", "title"))


def test_a_document_is_divided_at_its_headings_and_nothing_is_dropped(campaign, reviewer):
    version = load(campaign, reviewer, FIRST)

    assert clauses(version.document) == [
        ("0", 1, "开头"),
        ("1", 1, "一、总体要求"),
        ("1.1", 2, "（一）指导思想"),
        ("1.2", 2, "（二）建设目标"),
        ("1.2.1", 3, "1.到2023年，建成一批专业群"),
        ("1.2.1.1", 4, "（1）国家级2个"),
        ("2", 1, "二、建设任务"),
        ("2.1", 2, "（一）打造人才培养高地"),
    ]
    texts = dict(ClauseWording.objects.values_list("clause__number", "text"))
    assert (texts["0"], texts["1.1"]) == ("建设方案\n本方案由学校编制。", "坚持立德树人。")


def test_a_second_version_changes_only_what_reads_otherwise(campaign, reviewer):
    load(campaign, reviewer, FIRST)
    before = dict(Clause.objects.values_list("number", "pk"))

    second = load(campaign, reviewer, SECOND)

    changed = {
        row.clause.number: (row.old_text, row.new_text)
        for row in compare_versions(second.document, 1, 2)
        if row.is_changed
    }
    assert changed == {
        "1.2.1.1": ("国家级2个", ""),
        "2.1": ("建设20门课程。", "建设30门课程。"),
        "3": ("", "落实责任。"),
    }
    kept = Clause.objects.filter(number__in=before)
    assert dict(kept.values_list("number", "pk")) == before
    assert texts_at(second.document, 1)[before["2.1"]] == "建设20门课程。"
    assert [number for number, _, _ in clauses(second.document)][-1] == "1.2.1.1"


def test_a_text_without_numbered_headings_is_refused():
    with pytest.raises(NoClauses):
        read_parts("这是一段没有编号的话。")


def test_a_unit_may_not_load_documents(campaign):
    secretary = MembershipFactory(position=Position.SECRETARY).user

    with pytest.raises(PermissionDenied):
        load(campaign, secretary, FIRST)


def word_file(text):
    document = Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def bomb():
    """What claims to be a Word file and would unpack to a gigabyte."""
    kept = BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w") as part:
            for _ in range(1024):
                part.write(bytes(1024 * 1024))
    return kept.getvalue()


def send(desk, campaign, **fields):
    sent = {"kind": "construction_plan", "title": "建设方案", "made_on": "2019-09-01"} | fields
    return desk.post(reverse("campaign:load_document", args=[campaign.slug]), sent)


@pytest.mark.parametrize(
    "content", [FIRST.encode("gb18030"), FIRST.encode("utf-8-sig"), word_file(FIRST)]
)
def test_the_clauses_are_shown_before_anything_is_kept(desk, campaign, content):
    answer = send(desk, campaign, file=SimpleUploadedFile("建设方案.docx", content))

    page = answer.content.decode()
    assert (answer.status_code, "分出8条" in page, "第1版" in page) == (200, True, True)
    assert not PlanDocument.objects.exists()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le"), "文件已加密"),
        (OLE + bytes(600), "这是旧版 Word"),
        (b"%PDF-1.7 x", "这是PDF 文件"),
        (b"\x89PNG\r\n", "这是图片"),
        (b"  \n ", "文件是空的"),
        (b"PK\x03\x04broken", "文件"),
        ("没有编号的一段话。".encode("gbk"), "分不出条款"),
    ],
)
def test_a_bad_file_gets_one_clear_sentence_and_keeps_what_was_typed(
    desk, campaign, content, sentence
):
    answer = send(desk, campaign, file=SimpleUploadedFile("方案.docx", content))

    page = answer.content.decode()
    assert (answer.status_code, sentence in page, 'value="建设方案"' in page) == (422, True, True)


def test_an_archive_that_would_unpack_to_a_gigabyte_is_refused_unopened(desk, campaign):
    answer = send(desk, campaign, file=SimpleUploadedFile("方案.docx", bomb()))

    assert (answer.status_code, "展开后过大" in answer.content.decode()) == (422, True)


def test_confirming_keeps_the_version_and_it_reads_as_printed(desk, campaign):
    desk.post(
        reverse("campaign:confirm_document", args=[campaign.slug]),
        {
            "kind": "task_book",
            "title": "任务书",
            "made_on": "2019-09-01",
            "text": FIRST,
            "source": "任务书.docx",
        },
    )

    document = PlanDocument.objects.get()
    page = desk.get(reverse("proposals:document", args=[document.pk])).content.decode()
    assert document.versions.get().source == "任务书.docx"
    assert ('id="c-1.2.1"' in page, "坚持立德树人。" in page) == (True, True)
