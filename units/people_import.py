"""Taking in the register of people: checked whole, stored whole or not at all (safety 20).

A person is known by the sign-in name, a post by person, unit, position and first day. What the
register says already is passed over, so the second import of a file changes nothing. People who
are not in the file stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.contrib.auth.hashers import make_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accounts.audit import record
from accounts.models import User
from accounts.permissions import can_manage_people
from core.spreadsheets import date_of, read_table, text_of
from units.choices import Position
from units.models import Membership, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.core.files.base import File

    from core.spreadsheets import Row

USERNAME, NAME, EMAIL, STATE = "用户名", "姓名", "电子邮件", "状态"
UNIT, POSITION, STARTS, ENDS = "单位", "职务", "任职日期", "离任日期"
COLUMNS = (USERNAME, NAME, EMAIL, STATE, UNIT, POSITION, STARTS, ENDS)
REQUIRED_COLUMNS = (USERNAME, NAME)
_STATES = {"": None, "在用": True, "停用": False}
_LONGEST_NAME = 50
_BATCH = 500


class ImportedMeanwhile(Exception):
    """The same people were registered by somebody else between the check and the import."""


class Fault(NamedTuple):
    """What is wrong where. `row` is the row's number in the file; `column` as it is headed."""

    row: int
    column: str
    message: str


class Change(NamedTuple):
    """One fact of a registered person that the file words anew."""

    person: User
    label: str
    old: str
    new: str


class Post(NamedTuple):
    """A position as the file gives it. `known` is the stored one; no last day leaves it alone."""

    username: str
    unit: Unit
    position: str
    starts_on: date
    ends_on: date | None
    known: Membership | None

    @property
    def word(self) -> str:
        return f"{self.unit.short_name}{Position(self.position).label}"


@dataclass
class _Person:
    """What the file says of one person; None where it does not say."""

    row: int
    username: str
    name: str
    email: str | None
    is_active: bool | None
    posts: list[Post] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """What an import would do: faults to mend first, people to add, facts and posts to change."""

    faults: tuple[Fault, ...]
    new: tuple[_Person, ...]
    changes: tuple[Change, ...]
    new_posts: tuple[Post, ...]
    moved_posts: tuple[Post, ...]
    unchanged: int

    @property
    def does_anything(self) -> bool:
        return bool(self.new or self.changes or self.new_posts or self.moved_posts)


def plan_import(upload: File[bytes], *, by: User, today: date) -> Plan:
    """Read and check a register without storing anything. Raises FileRefused for a bad file."""
    _ask(by)
    table = read_table(upload, REQUIRED_COLUMNS)
    reader = _Reader(table.rows, by, today)
    for row in table.rows:
        reader.read(row)
    return reader.plan()


def carry_out(plan: Plan, *, by: User) -> None:
    """Store everything a plan without faults says, or nothing.

    New people have no password: they come by the campus sign-on, or are given one later.
    Raises ImportedMeanwhile if somebody registered one of them since the plan was made.
    """
    _ask(by)
    if plan.faults:
        raise ValueError(f"the plan has {len(plan.faults)} faults")
    try:
        with transaction.atomic():
            _store_people(plan)
            _store_posts(plan, by)
            record(by, "units.import_people", by, after=_account(plan))
    except IntegrityError as error:
        raise ImportedMeanwhile("some of the people are registered by now") from error


def _ask(by: User) -> None:
    if not can_manage_people(by):
        raise PermissionDenied


class _Reader:
    """Turns rows into people and posts, and collects what is wrong with them."""

    def __init__(self, rows: Sequence[Row], by: User, today: date) -> None:
        self._faults: list[Fault] = []
        self._people: dict[str, _Person] = {}
        self._by, self._today = by, today
        names = {text_of(row.values.get(USERNAME)).strip() for row in rows}
        self._registered = _registered(names)
        self._units = _units_by_word()
        self._stored = _stored_posts(self._registered.values())

    def read(self, row: Row) -> None:
        person = self._person(row)
        if person is None:
            return
        post = self._post(row, person)
        if post and not any(post[:4] == other[:4] for other in person.posts):
            person.posts.append(post)

    def plan(self) -> Plan:
        changes = tuple(change for one in self._people.values() for change in self._changes(one))
        posts = [post for one in self._people.values() for post in one.posts]
        new_posts = tuple(post for post in posts if post.known is None)
        moved = tuple(
            post
            for post in posts
            if post.known and post.ends_on and post.known.ends_on != post.ends_on
        )
        touched = {change.person.username for change in changes}
        touched |= {post.username for post in (*new_posts, *moved)}
        new = tuple(one for one in self._people.values() if one.username not in self._registered)
        unchanged = len(self._people) - len({one.username for one in new} | touched)
        return Plan(tuple(self._faults), new, changes, new_posts, moved, unchanged)

    def _fault(self, row: Row, column: str, message: str) -> None:
        self._faults.append(Fault(row.number, column, message))

    def _person(self, row: Row) -> _Person | None:
        before = len(self._faults)
        username = self._username(row)
        name = self._name(row)
        email = self._email(row)
        is_active = self._state(row, username)
        if len(self._faults) > before:
            return None
        known = self._people.get(username)
        if known and known.name != name:
            self._fault(
                row, NAME, f"“{username}”在第{known.row}行的姓名是“{known.name}”，请改成一致。"
            )
            return None
        return self._people.setdefault(
            username, _Person(row.number, username, name, email, is_active)
        )

    def _username(self, row: Row) -> str:
        username = text_of(row.values.get(USERNAME)).strip()
        longest = User._meta.get_field("username").max_length or 0
        if not username:
            self._fault(row, USERNAME, "没有填写用户名（工号）。")
        elif len(username) > longest:
            self._fault(row, USERNAME, f"用户名有{len(username)}个字符，最多{longest}个。")
        else:
            try:
                UnicodeUsernameValidator()(username)
            except ValidationError:
                self._fault(row, USERNAME, f"“{username}”里只能有字母、数字和@.+-_，请改正。")
        return username

    def _name(self, row: Row) -> str:
        name = " ".join(text_of(row.values.get(NAME)).split())
        if not name:
            self._fault(row, NAME, "没有填写姓名。")
        elif len(name) > _LONGEST_NAME:
            self._fault(row, NAME, f"姓名有{len(name)}个字，最多{_LONGEST_NAME}个字。")
        return name

    def _email(self, row: Row) -> str | None:
        email = text_of(row.values.get(EMAIL)).strip()
        try:
            if email:
                validate_email(email)
        except ValidationError:
            self._fault(row, EMAIL, f"“{email}”不是电子邮件地址，请改正或留空。")
        return email or None

    def _state(self, row: Row, username: str) -> bool | None:
        word = text_of(row.values.get(STATE)).strip()
        if word not in _STATES:
            self._fault(row, STATE, f"没有“{word}”这种状态，可以填：在用、停用，或留空。")
            return None
        if word == "停用" and username == self._by.username:
            self._fault(row, STATE, "不能停用您自己的账户，请删去这一行或改为在用。")
        return _STATES[word]

    def _post(self, row: Row, person: _Person) -> Post | None:
        """The position of a row; None where it names none or something is wrong with it."""
        words = [text_of(row.values.get(column)).strip() for column in (UNIT, POSITION)]
        if not any(words) and not text_of(row.values.get(STARTS)).strip():
            return None
        before = len(self._faults)
        unit = self._unit(row, words[0])
        position = self._position(row, words[1])
        starts_on = self._day(row, STARTS) or self._today
        ends_on = self._day(row, ENDS)
        if ends_on and ends_on < starts_on:
            self._fault(row, ENDS, f"离任日期{ends_on}早于任职日期{starts_on}，请改正其中一个。")
        if unit is None or position is None or len(self._faults) > before:
            return None
        stored = self._stored.get((person.username, unit.pk, position), [])
        if not text_of(row.values.get(STARTS)).strip():
            known = next((post for post in stored if post.ends_on is None), None)
            starts_on = known.starts_on if known else starts_on
        known = next((post for post in stored if post.starts_on == starts_on), None)
        return Post(person.username, unit, position, starts_on, ends_on, known)

    def _unit(self, row: Row, word: str) -> Unit | None:
        units = self._units.get(word, [])
        if not word:
            self._fault(row, UNIT, "填了职务或日期，还要填单位（编码、名称或简称）。")
        elif not units:
            self._fault(row, UNIT, f"没有名为“{word}”的单位，请核对或先登记单位。")
        elif len(units) > 1:
            codes = "、".join(unit.code for unit in units)
            self._fault(row, UNIT, f"有{len(units)}个单位叫“{word}”，请改填编码（{codes}）。")
        return units[0] if len(units) == 1 else None

    def _position(self, row: Row, word: str) -> str | None:
        position = next((value for value, label in Position.choices if label == word), None)
        if position is None:
            offered = "、".join(label for _, label in Position.choices)
            self._fault(row, POSITION, f"没有“{word}”这种职务，可以填：{offered}。")
        return position

    def _day(self, row: Row, column: str) -> date | None:
        value = row.values.get(column)
        if not text_of(value).strip():
            return None
        try:
            return date_of(value)
        except ValueError as error:
            self._fault(row, column, f"{error}。")
            return None

    def _changes(self, one: _Person) -> list[Change]:
        person = self._registered.get(one.username)
        if person is None:
            return []
        changes = []
        if person.name != one.name:
            changes.append(Change(person, NAME, person.name, one.name))
        if one.email is not None and person.email != one.email:
            changes.append(Change(person, EMAIL, person.email, one.email))
        if one.is_active is not None and person.is_active != one.is_active:
            old, new = ("停用", "在用") if one.is_active else ("在用", "停用")
            changes.append(Change(person, STATE, old, new))
        return changes


def _registered(usernames: set[str]) -> dict[str, User]:
    found: dict[str, User] = {}
    names = sorted(usernames)
    for start in range(0, len(names), _BATCH):
        people = User.objects.filter(username__in=names[start : start + _BATCH])
        found |= {person.username: person for person in people}
    return found


def _units_by_word() -> dict[str, list[Unit]]:
    """Open units by code, name and short name; a word may mean several."""
    words: dict[str, list[Unit]] = {}
    for unit in Unit.objects.open():
        for word in {unit.code, unit.name, unit.short_name}:
            words.setdefault(word, []).append(unit)
    return words


def _stored_posts(people: Iterable[User]) -> dict[tuple[str, int, str], list[Membership]]:
    keys = [person.pk for person in people]
    posts: dict[tuple[str, int, str], list[Membership]] = {}
    for start in range(0, len(keys), _BATCH):
        batch = Membership.objects.filter(user__in=keys[start : start + _BATCH])
        for post in batch.select_related("user").order_by("starts_on"):
            key = (post.user.username, post.unit_id, post.position)
            posts.setdefault(key, []).append(post)
    return posts


def _store_people(plan: Plan) -> None:
    unusable = make_password(None)
    User.objects.bulk_create(
        [
            User(
                username=one.username,
                name=one.name,
                email=one.email or "",
                password=unusable,
                is_active=one.is_active is not False,
            )
            for one in plan.new
        ],
        batch_size=_BATCH,
    )
    changed: dict[int, User] = {}
    for change in plan.changes:
        person = changed.setdefault(change.person.pk, change.person)
        column, value = _column(change)
        setattr(person, column, value)
    User.objects.bulk_update(changed.values(), ["name", "email", "is_active"], batch_size=_BATCH)


def _column(change: Change) -> tuple[str, object]:
    if change.label == STATE:
        return "is_active", change.new == "在用"
    return ("name" if change.label == NAME else "email"), change.new


def _store_posts(plan: Plan, by: User) -> None:
    people = _registered({post.username for post in plan.new_posts})
    created = [
        Membership(
            user=people[post.username],
            unit=post.unit,
            position=post.position,
            starts_on=post.starts_on,
            ends_on=post.ends_on,
        )
        for post in plan.new_posts
    ]
    bulk_create_with_history(created, Membership, batch_size=_BATCH, default_user=by)
    moved = []
    for post in plan.moved_posts:
        if post.known is not None:
            post.known.ends_on = post.ends_on
            moved.append(post.known)
    bulk_update_with_history(moved, Membership, ["ends_on"], batch_size=_BATCH, default_user=by)


def _account(plan: Plan) -> dict[str, object]:
    """The trail's line: everybody concerned by sign-in name, never a password."""
    return {
        "new": [one.username for one in plan.new],
        "changed": [
            [change.person.username, change.label, change.old, change.new]
            for change in plan.changes
        ],
        "posts": [
            [post.username, post.unit.code, post.position, post.starts_on, post.ends_on]
            for post in (*plan.new_posts, *plan.moved_posts)
        ],
    }
