"""Every unit's report in one volume: each as it would be alone, found by its bookmark."""

from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from reports.choices import ReportFormat, ReportKind
from reports.dossier import Wish
from reports.models import ReportJob
from reports.production import assemble, compose
from reports.rendering import bind, render_pdf
from tests.factories import MembershipFactory
from tests.reports.world import AS_OF, NOW, school_world
from units.choices import Position

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return school_world()


def volume_of(world, **about):
    wish = Wish(ReportKind.UNIT_VOLUME, world.campaign, as_of=AS_OF, **about)
    return compose(wish.kind, assemble(wish, NOW))


def report_of(world, unit):
    wish = Wish(ReportKind.UNIT_REPORT, world.campaign, as_of=AS_OF, unit=unit)
    return compose(wish.kind, assemble(wish, NOW))


def asker(client, world, unit, position):
    person = MembershipFactory.create(unit=unit, position=position).user
    client.force_login(person)
    return person


def test_a_volume_holds_each_units_own_report_in_the_order_of_the_tree(world):
    units = sorted(
        (world.committee, world.branch, world.department, world.idle), key=lambda unit: unit.path
    )

    volume = volume_of(world)

    assert [one.name for one in volume.bound] == [str(unit) for unit in units]
    assert [one.paper for one in volume.bound] == [report_of(world, unit) for unit in units]


def test_a_volume_of_a_unit_holds_it_and_what_is_below(world):
    names = {one.name for one in volume_of(world, unit=world.committee).bound}

    assert str(world.branch) in names
    assert str(world.department) not in names


def test_a_volume_is_printed_with_a_bookmark_to_each_report(world):
    volume = volume_of(world)
    alone = [len(PdfReader(BytesIO(render_pdf(one.paper))).pages) for one in volume.bound]

    printed = PdfReader(BytesIO(render_pdf(volume)))

    marks = [(mark.title, printed.get_destination_page_number(mark)) for mark in printed.outline]
    cover = len(printed.pages) - sum(alone)
    starts = [cover + sum(alone[:at]) for at in range(len(alone))]
    assert marks == list(zip([one.name for one in volume.bound], starts, strict=True))
    first_pages = [printed.pages[start].extract_text() for start in starts]
    assert all("— 1 —" in text for text in first_pages)  # each counts its own pages


def test_the_same_papers_bound_again_are_the_same_bytes(world):
    papers = [render_pdf(report_of(world, unit)) for unit in (world.branch, world.idle)]

    assert bind(papers, ["二"]) == bind(papers, ["二"])


def test_a_volume_is_asked_for_on_the_page_and_waits_for_the_worker(client, world):
    asker(client, world, world.committee, Position.SECRETARY)

    answer = client.post(
        reverse("reports:ask"),
        {"kind": ReportKind.UNIT_VOLUME, "unit": world.committee.code, "format": ReportFormat.PDF},
    )

    job = ReportJob.objects.get()
    assert answer.url == reverse("reports:job", args=[job.pk])
    assert (job.kind, job.unit) == (ReportKind.UNIT_VOLUME, world.committee)


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"format": ReportFormat.XLSX}, "format", "单位报告汇编只能生成PDF。"),
        (
            {"format": ReportFormat.PDF, "look": "1"},
            "kind",
            "单位报告汇编篇幅长，请直接生成；单位报告可以先看内容。",
        ),
    ],
)
def test_what_a_volume_cannot_be_is_said(client, world, typed, field, sentence):
    asker(client, world, world.committee, Position.SECRETARY)

    answer = client.post(
        reverse("reports:ask"),
        {"kind": ReportKind.UNIT_VOLUME, "unit": world.committee.code, **typed},
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors[field] == [sentence]
    assert not ReportJob.objects.exists()


def test_nobody_gets_a_volume_of_units_they_do_not_report_for(client, world):
    asker(client, world, world.department, Position.SECRETARY)

    answer = client.post(
        reverse("reports:ask"),
        {"kind": ReportKind.UNIT_VOLUME, "unit": world.committee.code, "format": ReportFormat.PDF},
    )

    assert answer.status_code == 422
    assert not ReportJob.objects.exists()


def test_a_volume_has_no_page_to_read_it_on(client, world):
    asker(client, world, world.committee, Position.SECRETARY)

    answers = {
        kind: client.get(
            reverse("reports:read"), {"kind": kind, "unit": world.committee.code}
        ).status_code
        for kind in (ReportKind.UNIT_REPORT, ReportKind.UNIT_VOLUME)
    }

    assert answers == {ReportKind.UNIT_REPORT: 200, ReportKind.UNIT_VOLUME: 404}
