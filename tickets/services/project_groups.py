"""Looking after project groups and their members (R33)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import services as audit
from tickets import policies
from tickets.models import GroupOpinion, ProjectGroup
from workflow.decisions import decide
from workflow.errors import InvalidInput, NotAllowed


def save_group(
    group: ProjectGroup | None,
    *,
    actor: User,
    now: datetime,
    name: str,
    members: Iterable[User],
    name_en: str = "",
    is_active: bool = True,
) -> ProjectGroup:
    """Create or change a group; its members are people of the desk. ``now`` UTC.

    Raises ``NotAllowed``; ``InvalidInput`` for a name in use, outsiders, or an empty or disabled
    group that still owes an opinion.
    """
    decision = decide(lambda user, _group: policies.can_manage_groups(user), actor, group)
    if not decision:
        raise NotAllowed(decision)
    people = list(members)
    with audit.unit_of_work():
        row = ProjectGroup.objects.select_for_update().get(pk=group.pk) if group else ProjectGroup()
        _check(row, name.strip(), people, is_active)
        row.name, row.name_en, row.is_active = name.strip(), name_en.strip(), is_active
        row.save()
        row.members.set(people)
        audit.record(
            actor=actor, action="tickets.group_saved", target=row, label=row.name, happened_at=now,
            role=decision.role,
            data={"members": [person.audit_name for person in people], "in_use": is_active},
        )  # fmt: skip
    return row


def _check(group: ProjectGroup, name: str, people: list[User], is_active: bool) -> None:
    if not name:
        raise InvalidInput({"name": _("A name, please.")})
    if ProjectGroup.objects.filter(name=name).exclude(pk=group.pk).exists():
        raise InvalidInput({"name": _("There is a group of that name already.")})
    outsiders = [person.name for person in people if not person.is_desk]
    if outsiders:
        raise InvalidInput(
            {
                "members": _("Not of the operations company: %(names)s")
                % {"names": ", ".join(outsiders)}
            }
        )
    owes = (
        group.pk
        and GroupOpinion.objects.filter(group=group, answered_at=None, removed_at=None).exists()
    )
    if owes and (not is_active or not people):
        raise InvalidInput({"members": _("The group still owes an opinion on a defect.")})
