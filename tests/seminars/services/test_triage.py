"""Opinions that say the same are settled and answered as one (S4, N2, N3)."""

from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from notices.models import Notice
from seminars.alike import alike
from seminars.choices import OpinionStatus
from seminars.models import Opinion
from seminars.services import opinions as service
from seminars.services.opinions import SettledMeanwhile
from tests.factories import AudienceGroupFactory, OpinionFactory, ThemeFactory, at

NOW = at(10)


def said(college, text="实训室晚上不开门，课后没有地方练习。", **kwargs):
    return OpinionFactory(campaign=college.campaign, unit=college.branch, text=text, **kwargs)


def states():
    return set(Opinion.objects.values_list("status", flat=True))


def test_what_is_merged_shares_the_fate_of_the_main_one_and_is_told(college):
    main = said(college)
    part = said(college, contributor=college.staff, is_anonymous=False)
    service.merge_opinions(main, [part], by=college.secretary, now=NOW)

    service.settle(
        [main], OpinionStatus.SOLVED, by=college.secretary, reason="已开放到21:30。", now=NOW
    )

    part.refresh_from_db()
    assert (part.merged_into, part.status, part.reason) == (
        main,
        OpinionStatus.SOLVED,
        "已开放到21:30。",
    )
    assert Notice.objects.get().recipient == college.staff


def test_what_joins_a_settled_one_is_settled_as_well(college):
    main = said(college)
    service.list_as_problem(
        [main],
        by=college.secretary,
        unit=college.branch,
        text="实训室晚间不开放",
        theme=ThemeFactory(campaign=college.campaign),
        reason="列入清单。",
        now=NOW,
    )
    part = said(college, contributor=college.staff, is_anonymous=False)

    service.merge_opinions(main, [part], by=college.secretary, now=NOW)

    assert states() == {OpinionStatus.PROBLEM}
    assert Notice.objects.get().title.endswith("列入问题清单")


def test_what_was_merged_before_goes_along(college):
    first, second, third = said(college), said(college), said(college)
    service.merge_opinions(second, [third], by=college.secretary, now=NOW)

    service.merge_opinions(first, [second], by=college.secretary, now=NOW)

    assert set(first.duplicates.all()) == {second, third}


def test_only_what_waits_is_merged_and_then_all_or_nothing(college):
    main, waiting = said(college), said(college)
    solved = said(college, status=OpinionStatus.SOLVED)

    with pytest.raises(SettledMeanwhile):
        service.merge_opinions(main, [waiting, solved], by=college.secretary, now=NOW)

    assert not main.duplicates.exists()


def test_a_merged_opinion_is_neither_settled_by_itself_nor_made_the_main_one(college):
    main, part, other = said(college), said(college), said(college)
    service.merge_opinions(main, [part], by=college.secretary, now=NOW)
    part.refresh_from_db()

    with pytest.raises(ValidationError):
        service.settle([part], OpinionStatus.SOLVED, by=college.secretary, reason="好", now=NOW)
    with pytest.raises(ValidationError):
        service.merge_opinions(part, [other], by=college.secretary, now=NOW)
    with pytest.raises(ValidationError):
        service.merge_opinions(main, [main], by=college.secretary, now=NOW)


def test_a_merge_is_undone_until_something_has_become_of_it(college):
    main, part = said(college), said(college)
    service.merge_opinions(main, [part], by=college.secretary, now=NOW)

    service.part_opinion(part, by=college.secretary)

    part.refresh_from_db()
    assert part.merged_into is None
    service.merge_opinions(main, [part], by=college.secretary, now=NOW)
    service.settle([main], OpinionStatus.SOLVED, by=college.secretary, reason="好", now=NOW)
    with pytest.raises(SettledMeanwhile):
        service.part_opinion(part, by=college.secretary)


def test_a_stranger_neither_merges_nor_classifies(college):
    main, part = said(college), said(college)

    for person in (college.stranger, college.staff):
        with pytest.raises(PermissionDenied):
            service.merge_opinions(main, [part], by=person, now=NOW)
        with pytest.raises(PermissionDenied):
            service.part_opinion(part, by=person)
        with pytest.raises(PermissionDenied):
            service.classify([main], by=person, theme=ThemeFactory(campaign=college.campaign))


def test_theme_and_group_are_set_for_several_at_once(college):
    theme = ThemeFactory(campaign=college.campaign)
    group = AudienceGroupFactory(campaign=college.campaign)
    opinions = [said(college, audience_group=group), said(college)]

    service.classify(opinions, by=college.secretary, theme=theme)

    rows = Opinion.objects.values_list("theme", "audience_group")
    assert sorted(rows, key=str) == sorted([(theme.pk, group.pk), (theme.pk, None)], key=str)
    with pytest.raises(ValidationError):
        service.classify(opinions, by=college.secretary)


def test_short_opinions_in_nearly_the_same_words_are_one_group():
    texts = [
        "实训室晚上不开门，课后没有地方练习。",
        "希望课后服务能延长到下午六点。",
        "实训室晚上不开门，课后没地方练习",
        "实训室晚上不开门，课后没有地方练习。",
    ]
    opinions = [Opinion(id=UUID(int=n), text=text) for n, text in enumerate(texts)]

    groups = alike(opinions)

    assert groups == [[opinions[0], opinions[2], opinions[3]]]


def test_an_answer_is_added_to_the_one_before(college):
    opinion, other = said(college), said(college)

    service.answer_opinions({opinion.pk: "第一件的答复。"})
    service.answer_opinions({opinion.pk: "第二件的答复。"})

    opinion.refresh_from_db()
    other.refresh_from_db()
    assert (opinion.answer, other.answer) == ("第一件的答复。\n\n第二件的答复。", "")
