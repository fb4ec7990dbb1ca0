"""The reader against the fixture plans: what it must find, and how little it may miss."""

import functools
import json
import tomllib

import pytest

from campaign.definition import DefinitionError, read_definition
from campaign.reading.assembly import propose_campaign
from campaign.reading.definition import as_definition, as_json, to_toml
from campaign.reading.files import read_plan_file
from tests.campaign.reading.scoring import FIELDS, HOLDOUT, PLANS, measure

#: Asserted floors; the measured figures stand in docs/plan-reader.md.
FLOORS = dict.fromkeys(FIELDS, (0.97, 0.97))
#: Plans written after the rules. The first measurement is in docs/plan-reader.md.
HOLDOUT_FLOORS = FLOORS | {
    "phase names": (0.85, 0.97),
    "phase dates": (0.85, 0.97),
    "quotas": (0.95, 0.95),
}
#: The plans are read once for all fields.
measured = functools.cache(measure)
NAMES = sorted(path.stem for path in PLANS.glob("*.json"))


def test_there_are_at_least_sixteen_fixture_plans():
    assert len(NAMES) >= 16


@pytest.mark.parametrize("field", FIELDS)
def test_precision_and_recall_stay_above_their_floors(field):
    score = measured()[field]

    assert score.precision >= FLOORS[field][0]
    assert score.recall >= FLOORS[field][1]


@pytest.mark.parametrize("field", FIELDS)
def test_plans_written_after_the_rules_stay_above_their_floors(field):
    score = measured(HOLDOUT)[field]

    assert score.precision >= HOLDOUT_FLOORS[field][0]
    assert score.recall >= HOLDOUT_FLOORS[field][1]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_in_a_fixture_is_left_unexplained_unless_its_answer_says_so(name):
    answer = json.loads((PLANS / f"{name}.json").read_text(encoding="utf-8"))

    printed = as_json(propose_campaign(read_plan_file(PLANS / f"{name}.txt")))

    assert printed["not_understood"] == answer["not_understood"]


@pytest.mark.parametrize("name", NAMES)
def test_every_fixture_becomes_a_definition_that_reads_back(name):
    definition = as_definition(propose_campaign(read_plan_file(PLANS / f"{name}.txt")))

    assert tomllib.loads(to_toml(definition)) == definition


@pytest.mark.parametrize("name", NAMES)
def test_the_loader_accepts_every_definition_whose_phases_are_dated(name, tmp_path):
    proposal = propose_campaign(read_plan_file(PLANS / f"{name}.txt"))
    phases = [item.value for item in proposal.phases]
    written = tmp_path / "campaign.toml"
    written.write_text(to_toml(as_definition(proposal)), encoding="utf-8")

    if all(phase.starts_on and phase.ends_on for phase in phases):
        assert len(read_definition(written).phases) == len(phases)
    else:
        with pytest.raises(DefinitionError, match=r"starts_on|ends_on"):
            read_definition(written)
