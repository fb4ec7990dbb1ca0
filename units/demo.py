"""A fictional school. Every unit and person made here is marked 演示数据."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password

from accounts.models import User
from units.choices import Position, UnitKind
from units.models import Headcount, Membership, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from random import Random

_DEPARTMENTS = (
    "组织部",
    "宣传部",
    "教工部",
    "教务处",
    "科研处",
    "学生处",
    "信息中心",
    "国际交流处",
)
_COLLEGES = (
    "机电工程学院", "信息工程学院", "经济管理学院", "艺术设计学院", "生物环境学院", "汽车工程学院",
    "旅游管理学院", "建筑工程学院", "视光技术学院", "包装技术学院", "公共管理学院", "基础教学部",
)  # fmt: skip
_BRANCHES = ("教师第一党支部", "教师第二党支部", "学生党支部")
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜"
_GIVEN = "安博晨冬帆光海嘉静凯岚敏宁鹏琪然思涛维晓雅泽正志明文"
#: The people one can sign in as, and where each stands.
SIGN_INS = {
    "secretary": "branch secretary",
    "general": "general-branch secretary",
    "reviewer": "plan group",
    "reviewer2": "plan group",
    "organiser": "campaign group",
    "leader": "chair",
    "staff": "staff member",
    "admin": "administrator",
}


@dataclass(frozen=True)
class DemoScale:
    """How much to make. `colleges` counts general branches, `branches` the branches of each."""

    departments: int
    colleges: int
    branches: int
    people: int


@dataclass(frozen=True)
class DemoSchool:
    """What was made, for the apps above to fill with records."""

    school: Unit
    departments: list[Unit]
    colleges: list[Unit]
    branches: list[Unit]
    plan_group: Unit
    campaign_group: Unit
    sign_ins: dict[str, User]
    staff: list[User]

    @property
    def reporting_units(self) -> list[Unit]:
        """Units that hold activities, in tree order."""
        return sorted(
            [*self.departments, *self.colleges, *self.branches], key=lambda unit: unit.path
        )


def make_school(scale: DemoScale, rng: Random, *, since: date, password: str) -> DemoSchool:
    """The tree, its people with their positions since `since`, and a headcount per unit."""
    school = Unit.objects.add_root(_unit("demo", "演示职业技术学院", UnitKind.SCHOOL, 1))
    departments = [
        _child(school, f"demo-d{number}", name, UnitKind.DEPARTMENT, 10 + number)
        for number, name in enumerate(_names(_DEPARTMENTS, scale.departments), start=1)
    ]
    colleges = [
        _child(
            school, f"demo-c{number}", f"{name}党总支", UnitKind.GENERAL_BRANCH, 50 + number, name
        )
        for number, name in enumerate(_names(_COLLEGES, scale.colleges), start=1)
    ]
    branches = [
        _child(
            college,
            f"{college.code}-b{number}",
            f"{college.short_name}{name}",
            UnitKind.BRANCH,
            number,
            f"{college.short_name[:2]}{name}",
        )
        for college in colleges
        for number, name in enumerate(_names(_BRANCHES, scale.branches), start=1)
    ]
    plan_group = _child(school, "demo-plan", "“双高计划”工作组", UnitKind.PLAN_GROUP, 1)
    campaign_group = _child(
        school,
        "demo-campaign",
        "大学习、大讨论、大推动工作组",
        UnitKind.CAMPAIGN_GROUP,
        2,
        "三大工作组",
    )
    homes = [*departments, *colleges, *branches]
    staff = list(_people(scale.people, rng))
    User.objects.bulk_create(staff, batch_size=500)
    _settle(staff, homes, since, led=[colleges[0], branches[0]])
    _count_heads(homes, since)
    sign_ins = _sign_ins(
        password, since, homes=homes, colleges=colleges, plan=plan_group, campaign=campaign_group
    )
    return DemoSchool(
        school, departments, colleges, branches, plan_group, campaign_group, sign_ins, staff
    )


def _names(names: Sequence[str], count: int) -> list[str]:
    """So many names; when the list is used up it begins again with a number behind each."""
    return [
        names[at % len(names)] + (f"（{at // len(names) + 1}）" if at >= len(names) else "")
        for at in range(count)
    ]


def _unit(code: str, name: str, kind: UnitKind, order: int, short: str = "") -> dict[str, object]:
    return {
        "code": code,
        "name": name,
        "short_name": short or name,
        "kind": kind,
        "order": order,
        "is_demo": True,
    }


def _child(parent: Unit, code: str, name: str, kind: UnitKind, order: int, short: str = "") -> Unit:
    child: Unit = Unit.objects.add_child(parent, _unit(code, name, kind, order, short))
    return child


def _people(count: int, rng: Random) -> Iterator[User]:
    unusable = make_password(None)
    for number in range(1, count + 1):
        name = rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, rng.choice((1, 2, 2))))
        yield User(
            username=f"demo{number:05}",
            name=name,
            email=f"demo{number:05}@example.edu.cn",
            password=unusable,
            is_demo=True,
        )


def _settle(staff: list[User], homes: list[Unit], since: date, led: list[Unit]) -> None:
    """Spread people over the units in turn; the first two of each are secretary and liaison.

    The units in `led` have a secretary already, among the people one can sign in as.
    """
    Membership.objects.bulk_create(
        (
            Membership(
                user=person,
                unit=homes[index % len(homes)],
                position=_position(
                    index // len(homes), has_secretary=homes[index % len(homes)] in led
                ),
                starts_on=since,
            )
            for index, person in enumerate(staff)
        ),
        batch_size=500,
    )


def _position(place: int, *, has_secretary: bool) -> Position:
    if place == 0 and not has_secretary:
        return Position.SECRETARY
    return Position.LIAISON if place == 1 else Position.STAFF


def _count_heads(homes: list[Unit], since: date) -> None:
    """Everybody at a unit, of whom only some sign in; never fewer than an activity expects."""
    Headcount.objects.bulk_create(
        Headcount(unit=home, on=since, people=45 + index * 7 % 16)
        for index, home in enumerate(homes)
    )


def _sign_ins(
    password: str,
    since: date,
    *,
    homes: list[Unit],
    colleges: list[Unit],
    plan: Unit,
    campaign: Unit,
) -> dict[str, User]:
    branch = next(home for home in homes if home.kind == UnitKind.BRANCH)
    posts = {
        "secretary": ("林知秋", branch, Position.SECRETARY),
        "general": ("高书远", colleges[0], Position.SECRETARY),
        "reviewer": ("程思齐", plan, Position.CHAIR),
        "reviewer2": ("罗静姝", plan, Position.MEMBER),
        "organiser": ("方组远", campaign, Position.MEMBER),
        "leader": ("周明德", campaign, Position.CHAIR),
        "staff": ("白小禾", branch, Position.STAFF),
    }
    people = {}
    for username, (name, unit, position) in posts.items():
        people[username] = _person(username, name, password)
        Membership.objects.create(
            user=people[username], unit=unit, position=position, starts_on=since
        )
    second_chair = _person("leader2", "宋亦诚", None)
    Membership.objects.create(
        user=second_chair, unit=campaign, position=Position.CHAIR, starts_on=since
    )
    people["admin"] = _person("admin", "管理员", password)
    User.objects.filter(pk=people["admin"].pk).update(is_staff=True, is_superuser=True)
    return people


def _person(username: str, name: str, password: str | None) -> User:
    return User.objects.create(
        username=username,
        name=name,
        email=f"{username}@example.edu.cn",
        password=make_password(password),
        is_demo=True,
    )
