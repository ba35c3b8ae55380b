"""What every policy on a defect asks: role, then state, then person."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets.models import Defect
from tickets.models.defect_states import DefectState
from workflow.decisions import (
    ALLOW,
    Decision,
    among,
    deny_person,
    deny_role,
    deny_state,
    role_and_state,
    same_person,
)


def by(user: User, defect: Defect, roles: list[Role], states: list[DefectState]) -> Decision:
    """The two first questions about a defect."""
    return role_and_state(user, defect.state, roles, states)


def desk_acts(user: User) -> bool:
    """One of the desk's people who acts; a manager only reads."""
    return user.has_role(
        Role.AGENT, Role.SUPPORT, Role.TECH, Role.BIZ, Role.SUPERVISOR, Role.IMPLEMENTER
    )


def as_writer(user: User, defect: Defect, states: list[DefectState]) -> Decision:
    if not user.has_role(Role.REPORTER, Role.AGENT, Role.SUPPORT) or not among(
        user, [defect.reporter, defect.filed_by]
    ):
        return deny_role(_("Only those who wrote it can do this."))
    return ALLOW if defect.state in states else deny_state()


def as_implementer(user: User, defect: Defect, state: DefectState) -> Decision:
    decision = by(user, defect, [Role.IMPLEMENTER], [state])
    if decision and not same_person(user, defect.implementer):
        return deny_person(
            "implementer", another(_("To be implemented by %(name)s."), defect.implementer)
        )
    return decision


def four_eyes(code: str, message: object) -> Decision:
    return deny_person(f"four_eyes_{code}", message)  # type: ignore[arg-type]


def another(message: object, person: User | None) -> str:
    return str(message) % {"name": person.name if person else "—"}
