"""Who offers a duty, who answers, who takes an offer back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from oncall.models import Shift, Swap
from workflow.decisions import ALLOW, Decision, deny_person, deny_role, deny_state, same_person

_ENDED = {
    Swap.State.AGREED: _("This swap has been agreed already."),
    Swap.State.DECLINED: _("This offer was declined."),
    Swap.State.WITHDRAWN: _("This offer was withdrawn."),
    Swap.State.LAPSED: _("This offer has lapsed."),
}


def can_offer_swap(user: User, shift: Shift, lane: str) -> Decision:
    """Whoever stands there, and nobody for another (R14)."""
    if not user.is_desk:
        return deny_role()
    if not same_person(user, getattr(shift, lane)):
        return deny_person("not_yours", _("You can only offer your own duties."))
    return ALLOW


def can_answer_swap(user: User, swap: Swap) -> Decision:
    """The colleague who was asked, while it is offered: a swap needs the consent of both (R14)."""
    if user.pk != swap.colleague_id:
        if user.pk == swap.proposer_id:
            return deny_person("own_offer", _("Your colleague must answer, not you."))
        return deny_person("not_asked", _("Only the colleague who was asked can answer."))
    return _still_offered(swap)


def can_withdraw_swap(user: User, swap: Swap) -> Decision:
    """The one who offered, while it is offered."""
    if user.pk != swap.proposer_id:
        return deny_person("not_proposer", _("Only whoever offered can withdraw it."))
    return _still_offered(swap)


def _still_offered(swap: Swap) -> Decision:
    return ALLOW if swap.state == Swap.State.OFFERED else deny_state(_ENDED[swap.state])
