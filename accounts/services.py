"""Creating accounts and giving roles."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from accounts.errors import RoleClash
from accounts.models import Organisation, RoleGrant, User
from accounts.roles import clash
from audit import services as audit


def create_person(
    *,
    actor: audit.Actor,
    username: str,
    name: str,
    staff_no: str,
    organisation: Organisation,
    roles: Iterable[str],
    password: str | None,
    phone: str = "",
    email: str = "",
    language: str = "zh-hans",
) -> User:
    """Create an account with its roles; raises ``RoleClash`` for a forbidden mixture."""
    wanted = set(roles)
    if clash(wanted):
        raise RoleClash(_("An administrator role excludes every other role."))
    with audit.unit_of_work():
        user = User.objects.create_user(
            username,
            password=password,
            name=name,
            staff_no=staff_no,
            organisation=organisation,
            phone=phone,
            email=email,
            language=language,
        )
        RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in sorted(wanted))
        audit.record(
            actor=actor,
            action="accounts.person_created",
            target=user,
            label=user.audit_name,
            data={"username": username, "roles": sorted(wanted)},
        )
    return user


def set_roles(*, actor: audit.Actor, user: User, roles: Iterable[str]) -> None:
    """Replace the roles of a person; raises ``RoleClash`` for a forbidden mixture.

    Who may call it is the caller's policy (``accounts.policies.can_set_roles``).
    """
    wanted = set(roles)
    if clash(wanted):
        raise RoleClash(_("An administrator role excludes every other role."))
    with audit.unit_of_work():
        locked = User.objects.select_for_update().get(pk=user.pk)
        before = set(locked.grants.values_list("role", flat=True))
        locked.grants.exclude(role__in=wanted).delete()
        RoleGrant.objects.bulk_create(
            RoleGrant(user=locked, role=role) for role in sorted(wanted - before)
        )
        audit.record(
            actor=actor,
            action="accounts.roles_set",
            target=locked,
            label=locked.audit_name,
            data={"before": sorted(before), "after": sorted(wanted)},
        )
    user.__dict__.pop("roles", None)
