"""Who accepts, returns, classifies and converts a defect (D3–D7)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets.models import Defect, Objection, Solution
from tickets.models.defect_states import DefectState
from tickets.policies.duties import opinions_in
from tickets.policies.rules import by
from workflow.decisions import Decision, deny_pending

S = DefectState


def can_accept(user: User, defect: Defect) -> Decision:
    """D3: any service support."""
    return by(user, defect, [Role.SUPPORT], [S.SUBMITTED])


def can_return(user: User, defect: Defect) -> Decision:
    """D4."""
    return by(user, defect, [Role.SUPPORT], [S.SUBMITTED, S.TRIAGING])


def can_classify(user: User, defect: Defect) -> Decision:
    """D5, D6."""
    return by(user, defect, [Role.SUPPORT], [S.TRIAGING])


def can_convert(user: User, defect: Defect) -> Decision:
    """D7: only while nothing has been planned for it (R40)."""
    decision = by(user, defect, [Role.SUPPORT], [S.TRIAGING])
    if decision and Solution.objects.filter(defect=defect).exists():
        return deny_pending(
            "has_solution",
            _("It already has a solution and can no longer become a consultation."),
        )
    ruled = Objection.objects.filter(defect=defect, round=2, outcome=Objection.Outcome.REOPENED)
    if decision and ruled.exists():
        return deny_pending("ruled", _("A supervisor has ruled that this stays a defect."))
    return opinions_in(defect) if decision else decision
