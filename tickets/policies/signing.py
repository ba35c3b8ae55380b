"""Who signs a solution: four-eyes per person (D14–D16, R43)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets import current
from tickets.models import Defect, Solution
from tickets.models.defect_states import DefectState
from tickets.policies.rules import another, by, four_eyes
from workflow.decisions import (
    ALLOW,
    Decision,
    deny_person,
    deny_state,
    same_hands,
    same_person,
)

S = DefectState


def can_approve(user: User, defect: Defect) -> Decision:
    """D14: a supervisor who had no other part in it (four-eyes, R43)."""
    decision = can_send_back(user, defect)
    if not decision:
        return decision
    return four_eyes_for_signing(user, defect)


def can_send_back(user: User, defect: Defect) -> Decision:
    """D15."""
    return by(user, defect, [Role.SUPERVISOR], [S.PENDING_SIGNOFF])


def can_recall(user: User, defect: Defect) -> Decision:
    """D16: the author, while nobody has decided."""
    decision = by(user, defect, [Role.TECH, Role.BIZ], [S.PENDING_SIGNOFF])
    solution = current.latest_solution(defect) if decision else None
    if solution and not same_person(user, solution.author):
        return deny_person("author", another(_("Only %(name)s can do this."), solution.author))
    return decision


def four_eyes_for_signing(user: User, defect: Defect, solution: Solution | None = None) -> Decision:
    """The row “signer” of the four-eyes table, for ``solution``, by default the latest version."""
    solution = solution or current.latest_solution(defect)
    if solution is None:
        return deny_state(_("There is no solution to sign."))
    if same_hands(user, current.authors(defect, solution.cycle), defect):
        return four_eyes("author", _("Someone else must sign: you wrote the plan."))
    if same_hands(user, [defect.reporter], defect):
        return four_eyes("reporter", _("Someone else must sign: you reported the defect."))
    if same_hands(user, [defect.filed_by], defect):
        return four_eyes("filer", _("Someone else must sign: you filed the defect."))
    implementers = current.implementers(defect, solution.cycle)
    if same_hands(user, [solution.planned_implementer, *implementers], defect):
        return four_eyes("implementer", _("Someone else must sign: you are to implement it."))
    if same_hands(user, current.acknowledgers(defect), defect):
        return four_eyes("acker", _("Someone else must sign: you acknowledged the report."))
    return ALLOW
