from units.models import Unit
from units.rows import LONGEST_LIST, unfolded


def tree(colleges, branches):
    """A school, so many colleges, so many branches under each; unsaved, in tree order."""
    units = [Unit(path="0001", depth=1)]
    for college in range(colleges):
        path = f"0001{college:04}"
        units.append(Unit(path=path, depth=2))
        units += [Unit(path=f"{path}{branch:04}", depth=3) for branch in range(branches)]
    return units


def test_a_list_one_can_read_is_shown_whole():
    units = tree(colleges=1, branches=LONGEST_LIST - 2)

    assert unfolded(units) == units


def test_one_unit_more_folds_the_lowest_level():
    units = tree(colleges=1, branches=LONGEST_LIST - 1)

    assert [unit.depth for unit in unfolded(units)] == [1, 2]


def test_the_first_level_is_shown_however_long_it_is():
    units = [unit for unit in tree(LONGEST_LIST + 1, 1) if unit.depth > 1]

    assert {unit.depth for unit in unfolded(units)} == {2}


def test_nothing_stays_nothing():
    assert unfolded([]) == []
