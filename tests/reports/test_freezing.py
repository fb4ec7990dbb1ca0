"""Frozen reports and what people write for a report."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from reports.choices import JobStatus, ReportFormat, ReportKind
from reports.dossier import Wish
from reports.freezing import freeze, is_unaltered, sealed, thawed, typed_code
from reports.models import FrozenReport, Narrative, ReportJob
from reports.narratives import NarrativeMoved, save_narrative
from reports.production import assemble, compose, wish_of
from reports.services import ask, make
from tests.factories import ActivityFactory, MembershipFactory, UnitFactory, UserFactory
from tests.reports.world import AS_OF, NOW, school_world
from units.choices import Position, UnitKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return school_world()


@pytest.fixture
def leader(world):
    group = UnitFactory(parent=world.school, kind=UnitKind.CAMPAIGN_GROUP)
    return MembershipFactory(unit=group, position=Position.CHAIR).user


def progress(world, **about):
    return Wish(ReportKind.PROGRESS, world.campaign, as_of=AS_OF, **about)


def text_of(paper):
    return "\n".join(text for section in paper.sections for text in section.paragraphs)


# --- Frozen -------------------------------------------------------------------------------


def test_a_frozen_report_keeps_its_facts_when_records_change(world, leader):
    frozen = freeze(progress(world), by=leader, now=NOW)
    before = thawed(frozen)
    ActivityFactory(campaign=world.campaign, unit=world.branch, held_on=date(2019, 10, 1))

    assert thawed(FrozenReport.objects.get()) == before
    assert assemble(progress(world), NOW) != before


def test_a_paper_of_a_frozen_report_is_made_of_its_facts_and_carries_its_code(world, leader):
    frozen = freeze(progress(world), by=leader, now=NOW)
    ActivityFactory(campaign=world.campaign, unit=world.branch, held_on=date(2019, 10, 1))
    job = ask(leader, wish_of(frozen), ReportFormat.XLSX, frozen=frozen)
    make(job.pk)

    job.refresh_from_db()
    assert (job.status, job.content_hash) == (JobStatus.DONE, frozen.content_hash)
    paper = sealed(compose(frozen.kind, thawed(frozen)), frozen)
    assert paper.seal.code == frozen.printed_code
    assert frozen.printed_code in paper.seal.text
    assert paper.seal.address.endswith(f"/reports/verify/{frozen.code}/")


def test_a_paper_without_a_code_is_not_taken_for_one_with_a_code(world, leader):
    plain = ask(leader, progress(world), ReportFormat.XLSX)
    make(plain.pk)
    frozen = freeze(progress(world), by=leader, now=NOW)
    job = ask(leader, wish_of(frozen), ReportFormat.XLSX, frozen=frozen)
    make(job.pk)

    names = {each.file.name for each in ReportJob.objects.all()}
    assert len(names) == 2


def test_a_changed_figure_is_noticed(world, leader):
    frozen = freeze(progress(world), by=leader, now=NOW)
    assert is_unaltered(frozen)

    frozen.facts["progress"]["figures"]["adopted"] += 1

    assert not is_unaltered(frozen)


def test_the_same_snapshot_has_the_same_hash_wherever_it_is_read(world, leader):
    """The hash is written down here: another machine, another day, the same."""
    frozen = freeze(progress(world), by=leader, now=NOW)
    again = freeze(progress(world), by=leader, now=NOW.replace(hour=20))

    assert again.content_hash == frozen.content_hash
    assert again.code != frozen.code


def test_a_secretary_freezes_the_own_units_report_and_no_other(world):
    secretary = MembershipFactory(unit=world.committee, position=Position.SECRETARY).user

    freeze(
        Wish(ReportKind.UNIT_REPORT, world.campaign, as_of=AS_OF, unit=world.branch),
        by=secretary,
        now=NOW,
    )
    for unit in (None, world.department):
        with pytest.raises(PermissionDenied):
            freeze(progress(world, unit=unit), by=secretary, now=NOW)


def test_anyone_signed_in_checks_a_code_but_only_readers_are_led_to_the_figures(
    world, leader, client
):
    frozen = freeze(progress(world), by=leader, now=NOW)
    typed = frozen.printed_code.lower().replace("-", " ")

    for user, is_led in ((leader, True), (MembershipFactory(unit=world.branch).user, False)):
        client.force_login(user)
        shown = client.get(reverse("reports:verify"), {"code": typed}).content.decode()
        assert "核对无误" in shown
        assert frozen.content_hash in shown
        assert (reverse("reports:frozen", args=[frozen.pk]) in shown) is is_led


def test_an_unknown_code_is_said_to_be_unknown(client):
    client.force_login(UserFactory())

    response = client.get(reverse("reports:verify"), {"code": "ABCD-EFGH-JKMN"})

    assert response.status_code == 404
    assert "没有这个核验码" in response.content.decode()


def test_a_code_is_read_as_people_type_it():
    assert typed_code(" abcd-2345 efgh ") == "ABCD2345EFGH"


def test_freezing_from_the_page_leads_to_the_frozen_report(world, leader, client):
    client.force_login(leader)

    response = client.post(
        reverse("reports:freeze"), {"kind": "progress", "as_of": AS_OF.isoformat()}, follow=True
    )

    assert FrozenReport.objects.get().printed_code in response.content.decode()


# --- Words --------------------------------------------------------------------------------


def write(world, by, seen_version, **texts):
    return save_narrative(progress(world), texts, by=by, seen_version=seen_version)


def test_what_a_person_wrote_follows_the_figures_and_outlives_them(world, leader):
    write(world, leader, 0, done="党委书记带队走访。\n\n二级学院结对。", problem="场地偏紧。")
    ActivityFactory(campaign=world.campaign, unit=world.branch, held_on=date(2019, 10, 1))
    paper = compose(ReportKind.PROGRESS, assemble(progress(world), NOW))

    done, problems = paper.sections[1].paragraphs, paper.sections[3].paragraphs
    assert done[-2:] == ("党委书记带队走访。", "二级学院结对。")
    assert problems[-1] == "场地偏紧。"
    assert "共开展各类活动7场" in text_of(paper)


def test_words_of_a_later_day_belong_to_the_same_report_and_to_no_other(world, leader):
    write(world, leader, 0, done="党委书记带队走访。")

    later = Wish(ReportKind.PROGRESS, world.campaign, as_of=date(2019, 10, 1))
    unit = progress(world, unit=world.committee)
    assert "带队走访" in text_of(compose(later.kind, assemble(later, NOW)))
    assert "带队走访" not in text_of(compose(unit.kind, assemble(unit, NOW)))


def test_every_version_is_kept(world, leader):
    write(world, leader, 0, done="初稿")
    write(world, leader, 1, done="二稿")

    kept = Narrative.objects.get().history.order_by("version")
    assert [row.texts["done"] for row in kept if row.version] == ["初稿", "二稿"]


def test_of_two_writers_the_later_one_is_shown_both_texts(world, leader, client):
    write(world, leader, 0, done="先保存的")
    client.force_login(leader)
    address = f"{reverse('reports:narrative')}?kind=progress"

    response = client.post(address, {"version": 0, "done": "后保存的"})

    assert response.status_code == 409
    shown = response.content.decode()
    assert "先保存的" in shown
    assert "后保存的" in shown
    assert Narrative.objects.get().texts["done"] == "先保存的"
    with pytest.raises(NarrativeMoved):
        write(world, leader, 0, done="后保存的")


def test_words_are_saved_from_the_page(world, leader, client):
    client.force_login(leader)
    address = f"{reverse('reports:narrative')}?kind=progress"

    client.post(address, {"version": 0, "next": "召开推进会。"})

    assert Narrative.objects.get().texts["next"] == "召开推进会。"


def test_a_secretary_writes_for_the_own_unit_only(world):
    secretary = MembershipFactory(unit=world.committee, position=Position.SECRETARY).user
    own = progress(world, unit=world.branch)

    save_narrative(own, {"done": "结对共建。"}, by=secretary, seen_version=0)

    with pytest.raises(PermissionDenied):
        write(world, secretary, 0, done="全校的")
