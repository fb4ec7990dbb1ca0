from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from campaign.choices import DocumentKind
from campaign.models import PlanDocument, PlanVersion
from proposals.packages import open_package, save_summary, send
from proposals.workflow import submit
from reports.choices import ReportKind
from reports.dossier import Wish
from reports.models import ReportJob
from reports.services import ask, make
from tests.factories import at
from tests.outcomes.test_chain import adopted
from tests.proposals.conftest import _on_a_monday, college  # noqa: F401 - fixtures
from tests.reports.pdf_reading import pages

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
    read = PdfReader(BytesIO(pdf)).pages
    return "".join("".join(page.extract_text().split()) for page in read)


def paper(client, route, args, **sent):
    """What one gets who asks for it, once a worker has made it."""
    asked = client.post(reverse(f"plan_papers:{route}", args=args), sent)
    job = ReportJob.objects.latest("pk")
    assert asked.url == reverse("reports:job", args=[job.pk])
    make(job.pk)
    answer = client.get(reverse("reports:download", args=[job.pk]))
    return b"".join(answer.streaming_content)


def test_the_word_file_strikes_out_the_old_and_underlines_the_new(college, revised):  # noqa: F811
    made = paper(client_of(college.staff), "revisions", [revised.pk, "docx"], old="1", new="2")

    row = Document(BytesIO(made)).tables[0].rows[1]
    old, new = (row.cells[n].paragraphs[0] for n in (1, 2))
    assert (old.text, new.text) == ("实训室工作日开放至17:00。", "实训室工作日开放至21:30。")
    assert [run.text for run in old.runs if run.font.strike] == ["17:00"]
    assert [run.text for run in new.runs if run.font.underline] == ["21:30"]
    assert row.cells[3].text == "JY00001"


def test_the_pdf_holds_both_wordings_and_the_number_of_the_proposal(college, revised):  # noqa: F811
    text = text_of(paper(client_of(college.staff), "revisions", [revised.pk, "pdf"]))

    for words in ("修订对照表", "第1版与第2版，修改1条", "开放至17:00", "开放至21:30", "JY00001"):
        assert words in text


def test_paragraphs_of_a_clause_stay_apart_in_the_pdf(college):  # noqa: F811
    proposal = college.draft()
    submit(proposal, by=college.secretary, now=NOW)
    document = adopted(college, proposal, text="实训室开放。\n周末另排。").document

    made = paper(client_of(college.staff), "revisions", [document.pk, "pdf"])

    words = {word.text: word for page in pages(made) for word in page.words}
    first, second = words["实训室开放。"], words["周末另排。"]
    assert (round(first.left), first.bottom <= second.top + 1) == (round(second.left), True)


@pytest.mark.parametrize("versions", [{"old": "2", "new": "2"}, {"old": "2", "new": "x"}])
def test_a_version_beside_itself_is_no_table(college, revised, versions):  # noqa: F811
    address = reverse("plan_papers:revisions", args=[revised.pk, "docx"])

    assert client_of(college.staff).post(address, versions).status_code == 404
    assert not ReportJob.objects.exists()


def test_a_document_with_one_version_has_no_table(college):  # noqa: F811
    document = college.clause().document
    address = reverse("plan_papers:revisions", args=[document.pk, "docx"])

    assert client_of(college.staff).post(address).status_code == 404


def test_the_way_back_from_a_paper_is_open_to_who_asked_for_it(college, revised):  # noqa: F811
    client = client_of(college.staff)
    paper(client, "revisions", [revised.pk, "docx"])
    page = client.get(reverse("reports:job", args=[ReportJob.objects.get().pk])).content.decode()

    assert f'href="{reverse("proposals:documents")}"' in page
    assert f'href="{reverse("reports:index")}"' not in page


def test_versions_of_two_documents_are_not_compared(college, revised):  # noqa: F811
    other = PlanDocument.objects.create(
        campaign=college.campaign, kind=DocumentKind.TASK_BOOK, title="任务书"
    )
    foreign = PlanVersion.objects.create(document=other, number=1, made_on=NOW.date())
    own = revised.versions.first()

    with pytest.raises(PermissionDenied):
        ask(
            college.staff,
            Wish(
                ReportKind.REVISIONS,
                college.campaign,
                subject_id=own.pk,
                compared_with_id=foreign.pk,
            ),
            "docx",
        )


def test_the_package_reads_the_same_as_pdf_and_as_word(college):  # noqa: F811
    proposal = college.draft(title="延长开放时间")
    submit(proposal, by=college.secretary, now=NOW)
    package = open_package(college.campaign, college.branch, by=college.secretary, now=NOW)
    by = {"by": college.secretary, "now": NOW}
    save_summary(package, seen_version=0, summary="共开两次座谈会。", **by)
    send(package, seen_version=1, **by)
    client = client_of(college.reviewer)

    printed = text_of(paper(client, "package", [package.pk, "pdf"]))
    word = Document(BytesIO(paper(client, "package", [package.pk, "docx"])))
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
