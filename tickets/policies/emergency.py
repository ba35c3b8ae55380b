"""Who releases an emergency implementation, and who signs for it afterwards (D26).

Off unless ``EMERGENCY_IMPLEMENTATION`` is set: the ordinary way is a signature first.
"""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets import current
from tickets.emergencies import live_emergency
from tickets.models import Defect
from tickets.models.defect_states import DefectState
from tickets.policies.rules import by, four_eyes
from tickets.policies.signing import four_eyes_for_signing
from workflow.decisions import ALLOW, Decision, deny_pending, deny_role, deny_state, same_hands

S = DefectState


def can_release_emergency(user: User, defect: Defect) -> Decision:
    """D26: a supervisor, four eyes as for a signature, only for a live system-down incident."""
    decision = by(user, defect, [Role.SUPERVISOR], [S.PENDING_SIGNOFF])
    if not decision:
        return decision
    if not settings.EMERGENCY_IMPLEMENTATION:
        return deny_state(_("Emergency implementation is not switched on here."), "emergency_off")
    eyes = four_eyes_for_signing(user, defect)
    if not eyes:
        return eyes
    if not live_emergency(defect):
        return deny_pending(
            "no_live_incident", _("Only for a defect that is linked to a running S1 incident.")
        )
    return decision


def can_sign_emergency(user: User, defect: Defect) -> Decision:
    """D26: the written signature, by a supervisor other than the one who recorded the release."""
    if not user.has_role(Role.SUPERVISOR):
        return deny_role()
    release = current.unsigned_emergency(defect)
    if release is None:
        return deny_state(_("No emergency implementation waits for a signature."))
    if same_hands(user, [release.recorded_by], defect):
        return four_eyes("recorder", _("Someone else must sign: you recorded the release."))
    eyes = four_eyes_for_signing(user, defect, release.solution)
    return eyes if not eyes else ALLOW
