"""The same fault again (E19), and several reports of one fault (E20)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from incidents.models import Incident
from incidents.models.incidents import IncidentState as S
from incidents.policies.rules import RESPONDERS, role_and_state
from workflow.decisions import Decision, deny_role, deny_state


def can_merge(user: User, incident: Incident) -> Decision:
    """E20: a supervisor; not one into which others have been merged."""
    decision = role_and_state(
        user, incident, (Role.SUPERVISOR,), (S.REPORTED, S.ASSESSING, S.DECLARED)
    )
    if decision and incident.merged.exists():
        return deny_state(_("Others have been merged into it. Merge the other way round."))
    return decision


def can_recur(user: User, incident: Incident) -> Decision:
    """E19: after the confirmation; before it the recovery is rejected (E15)."""
    if not user.has_role(*RESPONDERS):
        return deny_role()
    if incident.state == S.RESOLVED:
        return deny_state(_("The recovery is not confirmed yet: reject it instead."))
    return role_and_state(user, incident, RESPONDERS, (S.CONFIRMED, S.REVIEWING, S.CLOSED))
