from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from proposals.packages import open_package, save_summary, send
from proposals.plan_text import compare_versions
from proposals.workflow import submit
from reports.models import ReportJob
from reports.plan_papers import revision_docx, revision_pdf
from reports.services import make
from tests.factories import A_MONDAY, at
from tests.outcomes.test_chain import adopted
from tests.proposals.conftest import _on_a_monday, college  # noqa: F401 - fixtures

NOW = at(10)


@pytest.fixture
def revised(college):  # noqa: F811 - the fixture
    proposal = college.draft()
    submit(proposal, by=college.secretary, now=NOW)
    return adopted(college, proposal).document


def client_of(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text_of(pdf):
    pages = PdfReader(BytesIO(pdf)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def changed(document):
    return [row for row in compare_versions(document, 1, 2) if row.is_changed]


def test_the_word_file_strikes_out_the_old_and_underlines_the_new(revised):
    word = Document(BytesIO(revision_docx(revised, 1, 2, changed(revised), A_MONDAY)))

    old, new = (word.tables[0].rows[1].cells[n].paragraphs[0] for n in (1, 2))
    assert (old.text, new.text) == ("实训室工作日开放至17:00。", "实训室工作日开放至21:30。")
    assert [run.text for run in old.runs if run.font.strike] == ["17:00"]
    assert [run.text for run in new.runs if run.font.underline] == ["21:30"]
    assert word.tables[0].rows[1].cells[3].text == "JY00001"


def test_the_pdf_holds_both_wordings_and_the_number_of_the_proposal(revised):
    text = text_of(revision_pdf(revised, 1, 2, changed(revised), A_MONDAY))

    for words in ("修订对照表", "开放至17:00", "开放至21:30", "JY00001"):
        assert words in text
    assert not any(mark in text for mark in "\x01\x02\x03\x04")


def test_a_document_with_one_version_has_no_table(college):  # noqa: F811
    document = college.clause().document
    address = reverse("plan_papers:revisions", args=[document.pk, "docx"])

    assert client_of(college.staff).get(address).status_code == 404


def test_the_package_reads_the_same_as_pdf_and_as_word(college):  # noqa: F811
    proposal = college.draft(title="延长开放时间")
    submit(proposal, by=college.secretary, now=NOW)
    package = open_package(college.campaign, college.branch, by=college.secretary, now=NOW)
    by = {"by": college.secretary, "now": NOW}
    save_summary(package, seen_version=0, summary="共开两次座谈会。", **by)
    send(package, seen_version=1, **by)
    client = client_of(college.reviewer)

    def paper(file_format):
        asked = client.post(reverse("plan_papers:package", args=[package.pk, file_format]))
        job = ReportJob.objects.latest("pk")
        assert asked.url == reverse("reports:job", args=[job.pk])
        make(job.pk)
        answer = client.get(reverse("reports:download", args=[job.pk]))
        return b"".join(answer.streaming_content)

    printed = text_of(paper("pdf"))
    word = Document(BytesIO(paper("docx")))
    written = "".join(paragraph.text for paragraph in word.paragraphs)
    for words in ("共开两次座谈会。", "征集意见建议1条", "延长开放时间（JY00001"):
        assert words in printed
        assert words in written
    assert "第" in word.tables[0].rows[1].cells[1].text
    assert (
        client_of(college.sibling_secretary)
        .post(reverse("plan_papers:package", args=[package.pk, "docx"]))
        .status_code
        == 404
    )
