"""The minutes of a meeting of the plan group, as files."""

from io import BytesIO

from django.test import Client
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from proposals.deliberation import recuse
from reports.models import ReportJob
from reports.services import make
from tests.proposals.conftest import _on_a_monday, college  # noqa: F401 - fixtures
from tests.proposals.test_decisions import NOW, adopting, prepared


def minutes(user, file_format, on="2019-09-16"):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("plan_papers:minutes", args=[file_format]), {"on": on})
    job = ReportJob.objects.latest("pk")
    make(job.pk)
    answer = client.get(reverse("reports:download", args=[job.pk]))
    return b"".join(answer.streaming_content)


def words_of(content):
    return [paragraph.text for paragraph in Document(BytesIO(content)).paragraphs]


def looked_over(college):  # noqa: F811 - the fixture
    clause = college.clause("实训室工作日开放至17:00。")
    draft = adopting(clause, "实训室工作日开放至21:30。")
    return prepared(college, college.submitted(title="延长开放时间"), draft)


def test_word_and_pdf_say_what_was_decided_and_how_the_clause_reads(college):  # noqa: F811
    looked_over(college)

    word = "".join(words_of(minutes(college.reviewer, "docx")))
    pages = PdfReader(BytesIO(minutes(college.reviewer, "pdf"))).pages
    printed = "".join("".join(page.extract_text().split()) for page in pages)

    for text in (word, printed):
        for words in (
            "会议审议对策建议1件。",
            "会议决定：采纳。",
            "理由：问题找得准。",
            "原条文：实训室工作日开放至17:00。",
            "修订后条文：实训室工作日开放至21:30。",
        ):
            assert words in text


def test_who_stays_out_of_a_proposal_finds_it_masked_in_the_file(college):  # noqa: F811
    proposal = looked_over(college).proposal
    recuse(proposal, college.reviewer2, by=college.reviewer2, now=NOW, reason="合作项目")

    lines = words_of(minutes(college.reviewer2, "docx"))

    assert "（回避）" in lines
    assert not any("问题找得准" in line for line in lines)


def test_a_day_without_a_meeting_says_so(college):  # noqa: F811
    looked_over(college)

    assert "这一天没有过会的决定。" in words_of(minutes(college.reviewer, "docx", "2019-09-15"))
