"""Who may do what with consultations (domain section 2.2). There is no assignment (R29)."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from oncall.rota import on_call
from tickets.models import Consultation
from workflow.decisions import (
    ALLOW,
    Decision,
    allow_as,
    among,
    deny_pending,
    deny_role,
    deny_state,
    same_person,
)

NO_ACCOUNT = _("The caller has no account as a bank user, so nobody could follow the defect.")


def can_take_calls(user: User, now: datetime | None = None) -> Decision:
    """Agents, service support, and whoever is on call at ``now`` (UTC, this minute) (R13, R15)."""
    if user.has_role(Role.AGENT, Role.SUPPORT):
        return ALLOW
    if is_on_call(user, now):
        return allow_as("oncall")
    return deny_role(_("Calls are taken by the help desk, service support and the people on call."))


def is_on_call(user: User, now: datetime | None = None) -> bool:
    """True when ``user`` is primary or backup of the shift at ``now``, by default this minute."""
    if not user.is_desk:
        return False
    duty = on_call(now or timezone.now())
    return duty is not None and among(user, [duty.primary, duty.backup])


def can_close(user: User, consultation: Consultation) -> Decision:
    """C3: any agent on duty, not only the one who opened it; and whoever is to explain it (D7)."""
    if user.is_desk and same_person(user, consultation.holder):
        return ALLOW if consultation.state == Consultation.State.OPEN else deny_state()
    return _while_open(user, consultation)


def can_convert(user: User, consultation: Consultation) -> Decision:
    """C4: the caller becomes the reporter of the defect and so needs an account."""
    decision = _while_open(user, consultation)
    caller = consultation.caller
    if decision and (caller is None or not caller.is_active or not caller.has_role(Role.REPORTER)):
        return deny_pending("no_account", NO_ACCOUNT)
    return decision


def _while_open(user: User, consultation: Consultation) -> Decision:
    decision = can_take_calls(user)
    if not decision:
        return decision
    if consultation.state != Consultation.State.OPEN:
        return deny_state()
    return decision
