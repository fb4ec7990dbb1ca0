from tests.factories import MembershipFactory, UnitFactory
from units.models import Unit


def test_a_person_sees_their_unit_and_those_below_in_tree_order(db):
    school = UnitFactory()
    committee = UnitFactory(parent=school)
    branch = UnitFactory(parent=committee)
    UnitFactory(parent=school)
    person = MembershipFactory(unit=committee).user

    assert list(Unit.objects.visible_to(person)) == [committee, branch]
