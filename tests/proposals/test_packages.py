from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from notices.models import Notice
from proposals.choices import PackageStatus
from proposals.models import SubmissionPackage
from proposals.packages import (
    Contents,
    PackageMoved,
    compile_contents,
    contents_of,
    digest,
    give_back,
    open_package,
    receive,
    save_summary,
    send,
)
from tests.factories import ActivityFactory, OpinionFactory, at
from tests.queries import MOST_FOR_A_PAGE, queries_of

NOW = at(10)


@pytest.fixture
def package(college):
    college.submitted(number="JY00001")
    return open_package(
        college.campaign, college.committee, by=college.committee_secretary, now=NOW
    )


def sent(college, package):
    send(package, by=college.committee_secretary, now=NOW, seen_version=package.version)
    return package


def test_it_is_compiled_from_the_unit_and_everything_below_and_nothing_else(college):
    for unit in (college.committee, college.branch, college.sibling, college.school):
        ActivityFactory(campaign=college.campaign, unit=unit, present=20, expected=20)
        OpinionFactory(campaign=college.campaign, unit=unit, text=unit.name)
    college.draft()

    contents = compile_contents(college.campaign, college.committee, NOW)

    assert (contents.activities, contents.attendances) == (3, 60)
    texts = {row.text for row in contents.opinions}
    assert {college.committee.name, college.branch.name, college.sibling.name} <= texts
    assert college.school.name not in texts
    assert contents.proposals == []


def test_no_row_names_who_raised_an_opinion(college):
    OpinionFactory(
        campaign=college.campaign,
        unit=college.branch,
        contributor=college.staff,
        is_anonymous=False,
    )

    stored = compile_contents(college.campaign, college.branch, NOW).as_json()

    assert college.staff.name not in str(stored)


def test_what_was_sent_stays_as_it_was(college, package):
    sent(college, package)
    OpinionFactory(campaign=college.campaign, unit=college.branch, text="后来的意见")

    read = contents_of(SubmissionPackage.objects.get(), NOW)

    assert "后来的意见" not in {row.text for row in read.opinions}
    assert read == Contents.from_json(package.contents)


def test_the_digest_covers_contents_and_summary(college, package):
    sent(college, package)

    assert package.content_hash == digest(package.contents, package.summary)
    assert package.content_hash != digest(package.contents, "别的综述")


def test_once_sent_it_is_locked_until_returned_with_a_reason(college, package):
    sent(college, package)
    with pytest.raises(PackageMoved):
        save_summary(
            package,
            by=college.committee_secretary,
            now=NOW,
            seen_version=package.version,
            summary="改一改",
        )

    give_back(package, by=college.reviewer, now=NOW, reason="请补充问题清单。")
    save_summary(
        package,
        by=college.committee_secretary,
        now=NOW,
        seen_version=package.version,
        summary="改一改",
    )
    sent(college, package)

    assert (package.status, package.summary) == (PackageStatus.SENT, "改一改")
    assert Notice.objects.get().body == "退回原因：请补充问题清单。\n请修改后再次报送。"


def test_a_return_needs_a_reason(college, package):
    sent(college, package)

    with pytest.raises(ValidationError, match="请写明退回原因"):
        give_back(package, by=college.reviewer, now=NOW, reason=" ")


def test_a_receipt_has_number_moment_and_a_notice(college, package):
    sent(college, package)

    receive(package, by=college.reviewer, now=NOW)

    assert (package.status, package.receipt_number, package.received_at) == (
        PackageStatus.RECEIVED,
        "QS00001",
        NOW,
    )
    assert Notice.objects.get().recipient == college.committee_secretary


def test_an_empty_package_is_not_sent(college):
    empty = open_package(college.campaign, college.sibling, by=college.sibling_secretary, now=NOW)

    with pytest.raises(ValidationError, match="还没有可以报送"):
        send(empty, by=college.sibling_secretary, now=NOW, seen_version=0)


@pytest.mark.parametrize("person", ["sibling_secretary", "staff", "reviewer", "organiser"])
def test_only_those_who_report_for_the_unit_compile(college, package, person):
    with pytest.raises(PermissionDenied):
        send(package, by=getattr(college, person), now=NOW, seen_version=0)


@pytest.mark.parametrize("person", ["committee_secretary", "staff", "organiser"])
def test_only_the_plan_group_receives(college, package, person):
    sent(college, package)

    with pytest.raises(PermissionDenied):
        receive(package, by=getattr(college, person), now=NOW)


def test_the_second_of_two_who_send_is_told(college, package):
    stale = SubmissionPackage.objects.get()
    sent(college, package)

    with pytest.raises(PackageMoved):
        send(stale, by=college.committee_secretary, now=NOW, seen_version=0)


def test_a_draft_package_is_unseen_by_the_plan_group(college, package):
    assert not SubmissionPackage.objects.visible_to(college.reviewer).exists()
    sent(college, package)
    assert SubmissionPackage.objects.visible_to(college.reviewer).get() == package


def test_from_the_list_to_the_receipt_in_the_browser(college, client):
    college.submitted(number="JY00001")
    backend = "django.contrib.auth.backends.ModelBackend"
    client.force_login(college.committee_secretary, backend=backend)
    client.post(reverse("proposals:begin_package", args=[college.committee.pk]))
    package = SubmissionPackage.objects.get()
    address = reverse("proposals:package", args=[package.pk])
    client.post(address, {"summary": "座谈两次。", "seen_version": 0})
    client.post(reverse("proposals:send_package", args=[package.pk]), {"seen_version": 1})
    client.force_login(college.reviewer, backend=backend)
    client.post(reverse("proposals:receive_package", args=[package.pk]))

    package.refresh_from_db()
    page = client.get(address).content.decode()
    assert package.receipt_number == "QS00001"
    assert "座谈两次。" in page
    assert "QS00001" in page


def test_the_pages_cost_the_same_with_more_rows(college, client):
    backend = "django.contrib.auth.backends.ModelBackend"
    client.force_login(college.committee_secretary, backend=backend)
    package = open_package(
        college.campaign, college.committee, by=college.committee_secretary, now=NOW
    )
    addresses = [
        reverse("proposals:packages"),
        reverse("proposals:package", args=[package.pk]),
        reverse("proposals:export_package", args=[package.pk]),
    ]

    def read(address):
        client.get(address).getvalue()  # an export is written while it is read

    def costs():
        return [queries_of(partial(read, address)) for address in addresses]

    college.submitted()
    with_one = costs()
    college.submitted()
    college.submitted()

    assert costs() == with_one
    assert max(with_one) <= MOST_FOR_A_PAGE
