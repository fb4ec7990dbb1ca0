"""Reading what units did and heard. Every list, count, export and file starts at `visible_to`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.db import models
from django.db.models import Count, Exists, Max, OuterRef, Q, Sum
from django.utils import timezone

from core.chinese_text import fold_for_search
from seminars.choices import ActivityStatus, OpinionStatus
from units.choices import UnitKind
from units.querysets import below
from units.standing import standing_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from uuid import UUID

    from accounts.models import User
    from campaign.models import Campaign, LinkedWork, Phase, Theme
    from seminars.models import Activity, ActivityFile, Opinion, Problem, SavedView
    from units.models import Unit
    from units.standing import Standing


_NAMES_OFFERED = 200


class Place(NamedTuple):
    """Where a page of the ledger begins or ends: the sort key of one row."""

    held_on: date
    pk: int


class ActivityQuerySet(models.QuerySet["Activity"]):
    def visible_to(self, user: User) -> Self:
        """Logged activities of the person's units and below, of all units for school-wide bodies.

        A draft is seen only by those who report for its unit.
        """
        standing = standing_of(user)
        logged = Q(status=ActivityStatus.LOGGED)
        if not standing.sees_school:
            logged &= below(standing.paths, "unit__path")
        return self.filter(logged | _drafts_seen_with(standing))

    def drafts_of(self, user: User) -> Self:
        """Drafts that the person began and may still go on with."""
        return self.filter(_drafts_seen_with(standing_of(user)), created_by=user)

    def logged(self) -> Self:
        return self.filter(status=ActivityStatus.LOGGED)

    def drafts(self) -> Self:
        return self.filter(status=ActivityStatus.DRAFT)

    def in_campaign(self, campaign: Campaign) -> Self:
        return self.filter(campaign=campaign)

    def of_subtree(self, unit: Unit) -> Self:
        """Activities of `unit` and of every unit below it."""
        return self.filter(below([unit.path], "unit__path"))

    def of_kinds(self, kinds: Collection[str]) -> Self:
        return self.filter(kind__in=kinds)

    def in_phase(self, phase: Phase) -> Self:
        """Held on a day of `phase`; its first and last day both count."""
        return self.between(phase.starts_on, phase.ends_on)

    def between(self, first: date | None, last: date | None) -> Self:
        """Held from `first` to `last`, both included; None leaves that side open."""
        rows = self if first is None else self.filter(held_on__gte=first)
        return rows if last is None else rows.filter(held_on__lte=last)

    def about(self, theme: Theme) -> Self:
        """Each activity once, however many themes it has."""
        from seminars.models import Activity

        return self.filter(
            Exists(Activity.themes.through.objects.filter(activity=OuterRef("pk"), theme=theme))
        )

    def tagged(self, work: LinkedWork) -> Self:
        """Held together with another work of the school (S3); each activity once."""
        from seminars.models import Activity

        links = Activity.linked_works.through.objects
        return self.filter(Exists(links.filter(activity=OuterRef("pk"), linkedwork=work)))

    def matching(self, text: str) -> Self:
        """Rows in which every word of `text` occurs; full-width letters and figures are folded."""
        rows = self
        for word in fold_for_search(text).split(" "):
            rows = rows.filter(search_text__contains=word)
        return rows

    def attendances(self) -> int:
        """人次: the same person twice counts twice (S5)."""
        return self.order_by().aggregate(total=Sum("present"))["total"] or 0

    def tally(self) -> models.QuerySet[Activity, tuple[str, str, int, int | None, date]]:
        """By path of the unit and kind: how many, attendances, and the day of the latest."""
        groups = self.order_by().values_list("unit__path", "kind")
        return groups.annotate(count=Count("pk"), people=Sum("present"), latest_on=Max("held_on"))

    def newest_first(self) -> Self:
        return self.order_by("-held_on", "-pk")

    def latest_of(self, unit: Unit, count: int) -> Self:
        """The last records of exactly this unit, for guessing what the next one is like."""
        return self.logged().filter(unit=unit).newest_first()[:count]

    def before(self, place: Place) -> Self:
        """Rows that stand below `place` in the ledger, newest first."""
        return self.filter(
            Q(held_on__lt=place.held_on) | Q(held_on=place.held_on, pk__lt=place.pk)
        ).newest_first()

    def after(self, place: Place) -> Self:
        """Rows that stand above `place` in the ledger, nearest first."""
        return self.filter(
            Q(held_on__gt=place.held_on) | Q(held_on=place.held_on, pk__gt=place.pk)
        ).order_by("held_on", "pk")

    def for_ledger(self) -> models.QuerySet[Activity, tuple[Any, ...]]:
        """What a line of the ledger shows: key, title, day, kind, unit, 应到, 实到, opinions."""
        columns = ("pk", "title", "held_on", "kind", "unit__short_name", "expected", "present")
        return self.annotate(opinion_count=_count_opinions()).values_list(*columns, "opinion_count")


class ActivityFileQuerySet(models.QuerySet["ActivityFile"]):
    def visible_to(self, user: User) -> Self:
        """Files of the activities the person may see."""
        from seminars.models import Activity

        return self.filter(activity__in=Activity.objects.visible_to(user))

    def unlocked(self) -> Self:
        """Files the scanner has had nothing against."""
        return self.filter(is_locked=False)


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def of(self, user: User) -> Self:
        return self.filter(owner=user)


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def visible_to(self, user: User) -> Self:
        """Opinions of the person's units and below, all for school-wide bodies, and one's own."""
        standing = standing_of(user)
        if standing.sees_school:
            return self.all()
        mine = Q(contributor_id=user.pk) if user.pk else Q(pk__in=[])
        return self.filter(below(standing.paths, "unit__path") | mine)

    def voiced_by(self, user: User) -> Self:
        return self.filter(contributor=user)

    def waiting(self) -> Self:
        """Opinions nothing has become of yet (S4)."""
        return self.filter(status=OpinionStatus.NEW)

    def to_be_joined(self) -> Self:
        """What a further opinion could be merged into: waiting or on its way, not merged itself."""
        on_its_way = [OpinionStatus.NEW, OpinionStatus.PROBLEM, OpinionStatus.PROPOSAL]
        return self.filter(status__in=on_its_way, merged_into__isnull=True)

    def of_subtree(self, unit: Unit) -> Self:
        return self.filter(below([unit.path], "unit__path"))

    def tally(self) -> models.QuerySet[Opinion, tuple[str, int | None, int | None, int]]:
        """By state, theme and audience group: how many."""
        groups = self.order_by().values_list("status", "theme", "audience_group")
        return groups.annotate(count=Count("pk"))

    def matching(self, text: str) -> Self:
        rows = self
        for word in fold_for_search(text).split(" "):
            rows = rows.filter(search_text__contains=word)
        return rows

    def newest_first(self) -> Self:
        """By day; within a day the random key decides, so order tells nothing (safety 30)."""
        return self.order_by("-raised_on", "pk")

    def below(self, raised_on: date, key: UUID) -> Self:
        """What follows the opinion of that day and key in the table."""
        later = Q(raised_on__lt=raised_on) | Q(raised_on=raised_on, pk__gt=key)
        return self.filter(later).newest_first()

    def for_table(self) -> Self:
        """With what a row of the opinion table shows, and who may settle it."""
        rows = self.select_related("unit", "theme", "audience_group", "activity").only(
            *("campaign", "source", "text", "raised_on", "status", "reason", "answer"),
            *("is_anonymous", "contributor", "merged_into"),
            *("unit__path", "unit__kind", "unit__name", "unit__short_name"),
            *("theme__title", "theme__short_title", "audience_group__name", "activity__title"),
        )
        return rows.annotate(duplicate_count=_count_duplicates())


class ProblemQuerySet(models.QuerySet["Problem"]):
    def visible_to(self, user: User) -> Self:
        """Problems of the person's units and below, all for school-wide bodies."""
        standing = standing_of(user)
        if standing.sees_school:
            return self.all()
        return self.filter(below(standing.paths, "unit__path"))

    def newest_first(self) -> Self:
        return self.order_by("-pk")

    def for_table(self) -> Self:
        return self.select_related("unit", "theme").annotate(opinion_count=Count("opinions"))


def _drafts_seen_with(standing: Standing) -> Q:
    return Q(status=ActivityStatus.DRAFT) & below(standing.reporting_paths, "unit__path")


def _count_duplicates() -> models.Subquery:
    from seminars.models import Opinion

    merged = (
        Opinion.objects.filter(merged_into=OuterRef("pk"))
        .order_by()
        .values("merged_into")
        .annotate(count=Count("pk"))
    )
    return models.Subquery(merged.values("count"), output_field=models.IntegerField())


def _count_opinions() -> models.Subquery:
    from seminars.models import Opinion

    per_activity = (
        Opinion.objects.filter(activity=OuterRef("pk"))
        .order_by()
        .values("activity")
        .annotate(count=Count("pk"))
    )
    return models.Subquery(per_activity.values("count"), output_field=models.IntegerField())


def bytes_stored() -> models.Subquery:
    """For annotating units: how much their files take, None without any."""
    from seminars.models import ActivityFile

    per_unit = (
        ActivityFile.objects.filter(activity__unit=OuterRef("pk"))
        .order_by()
        .values("activity__unit")
        .annotate(total=Sum("size_bytes"))
    )
    return models.Subquery(per_unit.values("total"), output_field=models.BigIntegerField())


def units_to_log_for(user: User) -> models.QuerySet[Unit]:
    """The open units a person reports for, in tree order; one query, kept in the result.

    What a working team does is an activity of its unit.
    """
    from units.models import Unit

    paths = standing_of(user).reporting_paths
    units: models.QuerySet[Unit] = Unit.objects.filter(below(paths), closed_on=None)
    return units.exclude(kind=UnitKind.WORKING_TEAM).order_by("path")


def units_to_speak_in(user: User) -> models.QuerySet[Unit]:
    """The open units a person belongs to, in tree order."""
    from units.models import Unit

    keys = [post.unit_id for post in standing_of(user).posts]
    units: models.QuerySet[Unit] = Unit.objects.filter(pk__in=keys, closed_on=None)
    return units.order_by("path")


def names_in(unit: Unit) -> list[str]:
    """Names of people of the unit and below, for completing a name; not more than a page holds."""
    rows = _people_of(unit).values_list("name", flat=True).distinct().order_by("name")
    return list(rows[:_NAMES_OFFERED])


def people_called(unit: Unit, name: str) -> list[int]:
    """Keys of the people of the unit and below who have this name or sign in with it."""
    found = _people_of(unit).filter(Q(name=name) | Q(username=name))
    return list(found.values_list("pk", flat=True).distinct())


def _people_of(unit: Unit) -> models.QuerySet[User]:
    from accounts.models import User
    from units.models import Membership

    here = Membership.objects.current(timezone.localdate()).filter(
        below([unit.path], "unit__path"), user=OuterRef("pk")
    )
    return User.objects.filter(Exists(here), is_active=True)
