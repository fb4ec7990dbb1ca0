"""Changing the organisation. Every change asks first and leaves a line in the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.audit import record
from units.models import Headcount, Membership, Unit, UnitMove
from units.permissions import can_manage_organisation

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User


class IllegalChange(Exception):
    """The change would break the tree; the message says so in Chinese, for the page."""


@transaction.atomic
def add_unit(by: User, parent: Unit | None, **facts: Any) -> Unit:
    """A new unit under `parent`, or a root. `facts`: code, name, short_name, kind, order."""
    _ask(by)
    manager = Unit.objects
    unit: Unit = manager.add_root(facts) if parent is None else manager.add_child(parent, facts)
    record(by, "units.add", unit, after={**facts, "parent": parent.code if parent else None})
    return unit


@transaction.atomic
def edit_unit(by: User, unit: Unit, **facts: Any) -> None:
    """Change name, short_name, kind or order; the code stays, because addresses carry it."""
    _ask(by)
    before = {name: getattr(unit, name) for name in facts}
    for name, value in facts.items():
        setattr(unit, name, value)
    unit.save(update_fields=list(facts))
    if "order" in facts and facts["order"] != before["order"]:
        _put_in_order(unit)
    record(by, "units.edit", unit, before, facts)


def _put_in_order(unit: Unit) -> None:
    """Among its siblings, or among the roots, where its order number says."""
    parent = Unit.objects.get_parent(unit)
    if parent is not None:
        Unit.objects.move(unit, parent, "sorted-child")
    else:
        Unit.objects.move(unit, Unit.objects.get_first_root_node(), "sorted-sibling")


@transaction.atomic
def move_unit(by: User, unit: Unit, to: Unit, on: date) -> None:
    """Hang `unit` with everything below it under `to` from `on`; its records stay its own.

    Raises IllegalChange if `to` is the unit itself or lies below it.
    """
    _ask(by)
    if to.path.startswith(unit.path):
        raise IllegalChange(f"“{to.name}”就在“{unit.name}”之内，不能作为它的上级，请另选一个单位。")
    parent = Unit.objects.get_parent(unit)
    before = {"parent": parent.code if parent else None}
    if parent == to:
        raise IllegalChange(f"“{unit.name}”已经在“{to.name}”之下，请另选一个单位。")
    Unit.objects.move(unit, to, "sorted-child")
    UnitMove.objects.create(unit=unit, old_parent=parent, new_parent=to, on=on, by=by)
    record(by, "units.move", unit, before, {"parent": to.code, "on": on})


@transaction.atomic
def close_unit(by: User, unit: Unit, on: date) -> None:
    """Close a unit from `on`; its records stay readable, its positions give no rights any more.

    Raises IllegalChange while units below it are open.
    """
    _ask(by)
    below = Unit.objects.at_or_below(unit).open().exclude(pk=unit.pk)
    if below.exists():
        names = "、".join(below.values_list("name", flat=True)[:3])
        raise IllegalChange(f"“{unit.name}”下面还有未撤销的单位（{names}），请先撤销或调整它们。")
    Unit.objects.filter(pk=unit.pk).update(closed_on=on)
    record(by, "units.close", unit, {"closed_on": None}, {"closed_on": on})


@transaction.atomic
def reopen_unit(by: User, unit: Unit) -> None:
    """Take back a closing; its positions in force give rights again.

    Raises IllegalChange while the unit above it is closed.
    """
    _ask(by)
    parent = Unit.objects.get_parent(unit)
    if parent is not None and parent.closed_on is not None:
        raise IllegalChange(f"上级单位“{parent.name}”已经撤销，请先恢复它，或先调整上级。")
    before = {"closed_on": unit.closed_on}
    Unit.objects.filter(pk=unit.pk).update(closed_on=None)
    record(by, "units.reopen", unit, before, {"closed_on": None})


@transaction.atomic
def appoint(
    by: User, unit: Unit, person: User, position: str, starts_on: date, ends_on: date | None = None
) -> Membership:
    """Give `person` a position in `unit` for a term; both dates count, no end means still."""
    _ask(by)
    post, created = Membership.objects.get_or_create(
        user=person,
        unit=unit,
        position=position,
        starts_on=starts_on,
        defaults={"ends_on": ends_on},
    )
    if created:
        facts = {"user": person.username, "position": position, "starts_on": starts_on}
        record(by, "units.appoint", post, after={**facts, "unit": unit.code})
    return post


@transaction.atomic
def end_post(by: User, post: Membership, on: date) -> None:
    """The person's last day in the position is `on`; rights end with it.

    Raises IllegalChange if that is before the first day.
    """
    _ask(by)
    if on < post.starts_on:
        raise IllegalChange(f"离任日期不能早于任职日期（{post.starts_on}），请改为当天或之后。")
    before = {"ends_on": post.ends_on}
    post.ends_on = on
    post.save(update_fields=["ends_on"])
    record(by, "units.end_post", post, before, {"ends_on": on})


@transaction.atomic
def set_headcount(by: User, unit: Unit, on: date, people: int) -> None:
    """`people` belong to `unit` from `on` until a later entry says otherwise (S5)."""
    _ask(by)
    count, _ = Headcount.objects.update_or_create(unit=unit, on=on, defaults={"people": people})
    record(by, "units.set_headcount", count, after={"on": on, "people": people})


def _ask(by: User) -> None:
    if not can_manage_organisation(by):
        raise PermissionDenied
