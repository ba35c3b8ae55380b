"""Creating accounts and giving roles."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import policies
from accounts.errors import NotForThisPerson, RoleClash, WorkLeft
from accounts.models import Organisation, RoleGrant, User
from accounts.open_work import open_work
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
    """Create an account with its roles; raises ``RoleClash`` for a forbidden mixture.

    A person (not the set-up) must be the system administrator and gives no roles:
    ``NotForThisPerson`` otherwise.
    """
    wanted = set(roles)
    if isinstance(actor, User):
        refuse(policies.may_create_person(actor))
        if wanted:
            raise NotForThisPerson(_("Roles are given by the security administrator."))
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
    """Replace the roles of a person; raises ``RoleClash``, ``NotForThisPerson``."""
    wanted = set(roles)
    if isinstance(actor, User):
        refuse(policies.may_set_roles(actor, user))
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


def set_password(*, actor: User, user: User, password: str) -> None:
    """Give a person a new password, which ends all of the person's log-ins.

    Raises ``NotForThisPerson``. The password itself appears nowhere in the trail.
    """
    refuse(policies.may_set_password(actor, user))
    with audit.unit_of_work():
        _write_password(user, password)
        _note(actor, "accounts.password_set", user)


def change_own_password(*, user: User, password: str) -> None:
    """A person's own new password."""
    with audit.unit_of_work():
        _write_password(user, password)
        _note(user, "accounts.password_changed", user)


def switch(*, actor: User, user: User, active: bool, now: datetime) -> None:
    """Turn an account on or off; the records keep the name (I16). ``now`` UTC.

    Raises ``NotForThisPerson``, and ``WorkLeft`` while anything is in the person's hands.
    """
    refuse(policies.may_switch(actor, user))
    if not active and open_work(user, now):
        raise WorkLeft
    with audit.unit_of_work():
        user.is_active = active
        user.save(update_fields=["is_active"])
        _note(actor, "accounts.turned_on" if active else "accounts.turned_off", user)


def _write_password(user: User, password: str) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])
    user.auth_token_set.all().delete()  # type: ignore[attr-defined] # tokens of the API


def _note(actor: User, action: str, user: User) -> None:
    audit.record(actor=actor, action=action, target=user, label=user.audit_name)


def refuse(reason: Promise | None) -> None:
    """Raise ``NotForThisPerson`` when a policy gave a reason why not."""
    if reason is not None:
        raise NotForThisPerson(reason)
