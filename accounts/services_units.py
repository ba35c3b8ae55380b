"""Keeping the units of the bank, the company and the superior department."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts import policies
from accounts.errors import StillInUse
from accounts.in_use import open_records
from accounts.models import Organisation, User
from accounts.services import refuse
from audit import services as audit

NAMED = 5


def save_unit(
    *,
    actor: User,
    unit: Organisation | None,
    name: str,
    name_en: str,
    kind: str,
    parent: Organisation | None,
) -> Organisation:
    """Enter a unit, or change it (``unit``); its people and records follow it.

    Raises ``NotForThisPerson``, and ``StillInUse`` for a unit that would stand below itself.
    """
    refuse(policies.may_keep_units(actor))
    with audit.unit_of_work():
        row = Organisation.objects.select_for_update().get(pk=unit.pk) if unit else Organisation()
        if unit and parent and parent.path.startswith(row.path):
            raise StillInUse(_("A unit cannot stand below itself."))
        before = {} if unit is None else _facts(row)
        moved = unit is not None and row.parent_id != (parent.pk if parent else None)
        row.name, row.name_en, row.kind, row.parent = name, name_en, kind, parent
        row.save()
        if moved:
            _move_branch(row)
        _note(row, actor, "accounts.unit_saved", before=before, after=_facts(row))
    return row


def close_unit(unit: Organisation, *, actor: User, in_use: bool) -> None:
    """Close a unit, or open it again. Nothing is deleted: records keep the name.

    Raises ``NotForThisPerson``, and ``StillInUse`` while people, units below it or open records
    name it.
    """
    refuse(policies.may_keep_units(actor))
    with audit.unit_of_work():
        row = Organisation.objects.select_for_update().get(pk=unit.pk)
        if not in_use:
            _refuse_while_used(row)
        row.is_active = in_use
        row.save(update_fields=["is_active"])
        _note(row, actor, "accounts.unit_opened" if in_use else "accounts.unit_closed")


def _refuse_while_used(row: Organisation) -> None:
    if User.objects.active().filter(organisation=row).exists():
        raise StillInUse(_("People with accounts in use belong to it."))
    if Organisation.objects.filter(parent=row, is_active=True).exists():
        raise StillInUse(_("Units in use stand below it."))
    if numbers := open_records(row):
        text = _("Open records name it: %(numbers)s")
        raise StillInUse(text % {"numbers": ", ".join(numbers[:NAMED])})


def _move_branch(row: Organisation) -> None:
    """Paths below it follow: the scope of every person there is read from the path."""
    for child in Organisation.objects.filter(parent=row):
        child.save()
        _move_branch(child)


def _facts(row: Organisation) -> dict[str, str]:
    parent = row.parent.name if row.parent else ""
    return {"name": row.name, "name_en": row.name_en, "kind": row.kind, "parent": parent}


def _note(row: Organisation, actor: User, action: str, **data: object) -> None:
    audit.record(actor=actor, action=action, target=row, label=row.name, data=dict(data))
