"""What a report contains: facts made of counts. Wording and looks are elsewhere."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from campaign.choices import ActivityKind
from campaign.models import Campaign, Theme
from proposals.choices import Verdict
from reports.counts import MERGED, RETURNED, WAITING, Counts, Line, end_of
from reports.deadlines import deadlines_of, unmet_demands
from reports.facts import (
    CampaignFacts,
    Figure,
    Figures,
    GroupFacts,
    KindFacts,
    PhaseDay,
    PhaseFacts,
    ProgressFacts,
    Scope,
    ThemeFacts,
    UnitFacts,
    WaitingProposal,
    WeekFacts,
)
from units.choices import UnitKind
from units.models import Unit

WAITING_SHOWN = 10
#: Stands for “no record of this kind names one”: a theme, a group.
NONE_NAMED = "未注明"
OUTSIDE_PHASES = "阶段之外"


def assemble_progress(
    campaign: Campaign,
    *,
    now: datetime,
    as_of: date | None = None,
    unit: Unit | None = None,
    theme: Theme | None = None,
) -> ProgressFacts:
    """The facts of the whole school, of `unit` and all below it, or of `theme`.

    Counts up to and including `as_of` (default and latest: today); for today, up to `now`.
    The number of queries is the same whatever is counted.
    """
    today = timezone.localdate(now)
    as_of = min(as_of or today, today)
    return progress_of(Counts(campaign, as_of, today, unit, theme), now)


def progress_of(counts: Counts, now: datetime) -> ProgressFacts:
    """What `counts` counted, as facts."""
    return _Assembly(counts, min(now, end_of(counts.as_of))).facts()


@dataclass(frozen=True)
class _Assembly:
    counts: Counts
    as_of_at: datetime

    def facts(self) -> ProgressFacts:
        campaign = self.counts.campaign
        units = self._unit_facts()
        return ProgressFacts(
            campaign=_campaign_facts(campaign),
            scope=self._scope(),
            as_of=self.counts.as_of,
            as_of_at=self.as_of_at,
            phase=self._phase_day(),
            figures=self._figures(units),
            phases=self._phase_facts(),
            themes=self._theme_facts(),
            kinds=self._kind_facts(),
            groups=self._group_facts(),
            weeks=self._week_facts(),
            units=units,
            waiting=self._waiting(),
            deadlines=deadlines_of(self.counts.obligations),
            holds_demo=self.counts.holds_demo(),
            since=self.counts.since,
        )

    def _scope(self) -> Scope:
        unit, theme = self.counts.unit, self.counts.theme
        if unit:
            return Scope(unit.name, unit_id=unit.pk, unit_code=unit.code)
        if theme:
            return Scope(theme.title, theme_id=theme.pk, theme_order=theme.order)
        return Scope("全校")

    def _phase_day(self) -> PhaseDay | None:
        as_of = self.counts.as_of
        for phase in self.counts.phases:
            if phase.starts_on <= as_of <= phase.ends_on:
                return PhaseDay(
                    order=phase.order,
                    name=phase.name,
                    day=(as_of - phase.starts_on).days + 1,
                    days=(phase.ends_on - phase.starts_on).days + 1,
                )
        return None

    def _waiting(self) -> tuple[WaitingProposal, ...]:
        return tuple(
            WaitingProposal(row.pk, row.number, row.title, row.unit.short_name, row.review_due_on)
            for row in self.counts.waiting(WAITING_SHOWN)
        )

    def _dated(self, rows: Iterable[Line], of: str = "n") -> Figure:
        now = week_ago = 0
        for row in rows:
            now += row[of]
            week_ago += row[of] if row["on"] <= self.counts.week_ago_on else 0
        return Figure(now, week_ago)

    def _figures(self, rows: Iterable[UnitFacts]) -> Figures:
        fates = _sums(self.counts.proposal_fates, "fate")
        measures, measures_closed = self.counts.measure_counts()
        units = [unit for unit in rows if not unit.is_base]
        base = self.counts.base
        return Figures(
            units=len(units),
            units_active=sum(1 for unit in units if unit.activities),
            people=self.counts.people.get(base.path) if base else None,
            activities=self._dated(self.counts.activity_days),
            attendances=self._dated(self.counts.activity_days, "attendances"),
            opinions=self._dated(self.counts.opinion_days),
            problems=self.counts.problem_count(),
            proposals=self._dated(self.counts.proposal_days),
            answered=Figure(
                sum(fates[verdict] for verdict in Verdict),
                sum(row["answered_week_ago"] for row in self.counts.proposal_fates),
            ),
            merged=fates[MERGED],
            returned=fates[RETURNED],
            waiting=fates[WAITING],
            overdue=sum(row["late"] for row in self.counts.proposal_fates),
            adopted=fates[Verdict.ADOPTED],
            partly_adopted=fates[Verdict.PARTLY_ADOPTED],
            declined=fates[Verdict.DECLINED],
            already_covered=fates[Verdict.ALREADY_COVERED],
            referred=fates[Verdict.REFERRED],
            clauses_revised=self.counts.revision_count(),
            measures=measures,
            measures_closed=measures_closed,
            outcomes=Figure(
                sum(row["n"] for row in self.counts.outcome_themes),
                sum(row["week_ago"] for row in self.counts.outcome_themes),
            ),
            cases=sum(row["cases"] for row in self.counts.outcome_themes),
        )

    def _phase_facts(self) -> tuple[PhaseFacts, ...]:
        """The phases in order; what lies outside all of them is shown last, if there is any."""
        facts = [
            self._phase(phase.order, phase.name, phase.starts_on, phase.ends_on)
            for phase in self.counts.phases
            if not self.counts.since or phase.ends_on >= self.counts.since
        ]
        outside = self._phase(None, OUTSIDE_PHASES, None, None)
        if outside.activities or outside.opinions or outside.proposals:
            facts.append(outside)
        return tuple(facts)

    def _phase(
        self, order: int | None, name: str, starts_on: date | None, ends_on: date | None
    ) -> PhaseFacts:
        def inside(rows: Iterable[Line], of: str = "n") -> int:
            return sum(row[of] for row in rows if self._phase_order(row["on"]) == order)

        return PhaseFacts(
            order=order,
            name=name,
            starts_on=starts_on,
            ends_on=ends_on,
            activities=inside(self.counts.activity_days),
            attendances=inside(self.counts.activity_days, "attendances"),
            opinions=inside(self.counts.opinion_days),
            proposals=inside(self.counts.proposal_days),
        )

    def _phase_order(self, day: date) -> int | None:
        return next(
            (
                phase.order
                for phase in self.counts.phases
                if phase.starts_on <= day <= phase.ends_on
            ),
            None,
        )

    def _theme_facts(self) -> tuple[ThemeFacts, ...]:
        """The themes in order; what names none is shown last, if there is any."""
        activities = _sums(self.counts.activity_themes, "themes")
        opinions = _sums(self.counts.opinion_voices, "theme")
        proposals = _sums(self.counts.proposal_fates, "theme")
        answered = _sums(_answered(self.counts.proposal_fates), "theme")
        adopted = _sums(_adopted(self.counts.proposal_fates), "theme")
        outcomes = _sums(self.counts.outcome_themes, "theme")

        def facts(theme: Theme | None) -> ThemeFacts:
            key = theme.pk if theme else None
            return ThemeFacts(
                id=key,
                order=theme.order if theme else None,
                title=theme.title if theme else NONE_NAMED,
                short_title=theme.short_title if theme else NONE_NAMED,
                activities=activities[key],
                opinions=opinions[key],
                proposals=proposals[key],
                answered=answered[key],
                adopted=adopted[key],
                outcomes=outcomes[key],
            )

        named = [facts(theme) for theme in self.counts.themes]
        unnamed = facts(None)
        return tuple(named + ([unnamed] if unnamed.activities or unnamed.opinions else []))

    def _kind_facts(self) -> tuple[KindFacts, ...]:
        """The kinds the campaign offers, then any other that occurs; they add up to all."""
        activities = _sums(self.counts.activity_days, "kind")
        attendances = _sums(self.counts.activity_days, "kind", "attendances")
        offered = self.counts.offered_kinds
        occurring = [kind.value for kind in ActivityKind if activities[kind.value]]
        return tuple(
            KindFacts(kind, str(ActivityKind(kind).label), activities[kind], attendances[kind])
            for kind in dict.fromkeys([*offered, *occurring])
        )

    def _group_facts(self) -> tuple[GroupFacts, ...]:
        """The audience groups in order, blanks included; what names none is shown last.

        Opinions of a part of the school are not broken down: a few voices of one group in
        one unit would point at the people behind them.
        """
        opinions = _sums(self.counts.opinion_voices, "audience_group")
        show = self._scope().is_school
        groups: list[tuple[int | None, str]] = [*self.counts.groups]
        if self.counts.activity_groups[None] or (show and opinions[None]):
            groups.append((None, NONE_NAMED))
        return tuple(
            GroupFacts(key, name, self.counts.activity_groups[key], opinions[key] if show else None)
            for key, name in groups
        )

    def _week_facts(self) -> tuple[WeekFacts, ...]:
        """Every week from the first record or phase to the last day counted, gaps included."""
        first = self._first_day()
        if first is None:
            return ()
        days = (self.counts.activity_days, self.counts.opinion_days, self.counts.proposal_days)
        activities, opinions, proposals = (_by_monday(rows) for rows in days)
        attendances = _by_monday(self.counts.activity_days, "attendances")
        mondays = range(_monday(first).toordinal(), self.counts.as_of.toordinal() + 1, 7)
        return tuple(
            WeekFacts(
                starts_on=max(first, monday),
                ends_on=min(self.counts.as_of, monday + timedelta(days=6)),
                activities=activities[monday],
                attendances=attendances[monday],
                opinions=opinions[monday],
                proposals=proposals[monday],
            )
            for monday in map(date.fromordinal, mondays)
        )

    def _first_day(self) -> date | None:
        as_of = self.counts.as_of
        if self.counts.since:
            return self.counts.since
        rows = (*self.counts.activity_days, *self.counts.opinion_days, *self.counts.proposal_days)
        starts = [phase.starts_on for phase in self.counts.phases if phase.starts_on <= as_of]
        return min([row["on"] for row in rows] + starts, default=None)

    def _unit_facts(self) -> tuple[UnitFacts, ...]:
        """One row a unit in the order of the organisation, after the scope's own records."""
        base = self.counts.base
        base_path = base.path if base else ""
        row_paths = {unit.path for unit in self.counts.rows}

        def path_of(line: Line) -> str:
            return str(line["row"]) if line["row"] in row_paths else base_path

        activities = _sums(self.counts.activity_rows, path_of)
        attendances = _sums(self.counts.activity_rows, path_of, "attendances")
        opinions = _sums(self.counts.opinion_voices, path_of)
        proposals = _sums(self.counts.proposal_fates, path_of)
        answered = _sums(_answered(self.counts.proposal_fates), path_of)
        adopted = _sums(_adopted(self.counts.proposal_fates), path_of)
        by_theme = _sums(self.counts.activity_themes, lambda row: (path_of(row), row["themes"]))

        owing = unmet_demands(self.counts.obligations)

        def facts(path: str, unit: Unit | None) -> UnitFacts:
            return UnitFacts(
                id=unit.pk if unit else None,
                code=unit.code if unit else "",
                name=unit.short_name if unit else _base_name(base),
                people=self.counts.people.get(path) if unit else None,
                activities=activities[path],
                attendances=attendances[path],
                opinions=opinions[path],
                proposals=proposals[path],
                answered=answered[path],
                adopted=adopted[path],
                owes=tuple(owed.title for owed in owing.get(path, ()) if unit),
                by_theme=tuple(by_theme[path, theme.pk] for theme in self.counts.themes),
            )

        own = facts(base_path, None)
        has_own = own.activities or own.opinions or own.proposals
        rows = [facts(unit.path, unit) for unit in self.counts.rows]
        return tuple([own, *rows] if has_own else rows)


def _campaign_facts(campaign: Campaign) -> CampaignFacts:
    return CampaignFacts(
        id=campaign.pk,
        slug=campaign.slug,
        title=campaign.title,
        short_title=campaign.short_title,
        doc_number=campaign.doc_number,
        issuer=campaign.issuer,
        goal=campaign.goal,
        signed_by=campaign.campaign_group.name if campaign.campaign_group else "",
    )


def _base_name(unit: Unit | None) -> str:
    """The row of records that belong to no unit below the scope's own."""
    if unit is None:
        return "其他"
    return "校级" if unit.kind == UnitKind.SCHOOL else "本级"


def _sums(
    lines: Iterable[Line], key: str | Callable[[Line], Hashable], of: str = "n"
) -> Counter[Any]:
    """The lines' `of` added up by a column, or by what a function makes of the line."""
    sums: Counter[Any] = Counter()
    for line in lines:
        sums[key(line) if callable(key) else line[key]] += line[of]
    return sums


def _answered(fates: Iterable[Line]) -> list[Line]:
    return [line for line in fates if line["fate"] in Verdict.values]


def _adopted(fates: Iterable[Line]) -> list[Line]:
    return [line for line in fates if line["fate"] == Verdict.ADOPTED]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _by_monday(lines: Iterable[Line], of: str = "n") -> Counter[date]:
    return _sums(lines, lambda line: _monday(line["on"]), of)
