"""Moving T0: earlier by one person with a reason, later by two (domain section 2.4)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from incidents.models import Incident, T0Change
from incidents.policies.rules import AUTHORS, ON_RECORD, role_and_state
from workflow.decisions import ALLOW, Decision, deny_pending, deny_person, deny_state, same_hands


def asked_change(incident: Incident) -> T0Change | None:
    """The question that waits for a supervisor."""
    return incident.t0_changes.filter(state=T0Change.State.ASKED).select_related("asked_by").first()


def can_move_t0_earlier(user: User, incident: Incident) -> Decision:
    """Technical staff, with a reason."""
    return role_and_state(user, incident, AUTHORS, ON_RECORD)


def can_ask_t0_later(user: User, incident: Incident) -> Decision:
    """Technical staff ask; one question at a time."""
    decision = role_and_state(user, incident, AUTHORS, ON_RECORD)
    if decision and asked_change(incident) is not None:
        return deny_pending("asked", _("A request to move T0 waits for a supervisor already."))
    return decision


def can_decide_t0_later(user: User, incident: Incident) -> Decision:
    """A supervisor who neither asked for it nor declared the incident."""
    decision = role_and_state(user, incident, (Role.SUPERVISOR,), ON_RECORD)
    if not decision:
        return decision
    change = asked_change(incident)
    if change is None:
        return deny_state(_("Nobody has asked to move T0."))
    if same_hands(user, [change.asked_by, incident.declared_by], incident):
        return deny_person(
            "four_eyes",
            _("Another supervisor must decide: you asked for it, or you declared the incident."),
        )
    return ALLOW
