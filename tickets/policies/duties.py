"""Parallel duties: what must be done beside the steps, whatever the state (R33, R47, R48, D26).

Every way out of a defect asks here, so that none leads around a duty.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tickets import current
from tickets.models import Defect
from workflow.decisions import ALLOW, Decision, deny_pending


def opinions_in(defect: Defect) -> Decision:
    """D10: every group that was asked has answered, or the question was taken back."""
    waiting = current.pending_opinions(defect)
    if not waiting:
        return ALLOW
    names = ", ".join(opinion.group.label for opinion in waiting)
    return deny_pending(
        "group_opinion",
        str(_("First these groups give their opinion: %(names)s.")) % {"names": names},
    )


def nothing_proposed(defect: Defect) -> Decision:
    """D8, D12: no proposal waits for somebody's answer."""
    if current.pending_reclassification(defect):
        return deny_pending("reclassify_pending", _("The change of side is still to be decided."))
    if current.pending_unsolvable(defect):
        return deny_pending(
            "unsolvable_pending", _("A supervisor must first co-sign that it cannot be solved.")
        )
    return ALLOW


def all_done(defect: Defect) -> Decision:
    """Nothing stands between a reply and the end (R33, R47, R48, D26)."""
    decision = opinions_in(defect)
    if not decision:
        return decision
    if current.unacknowledged_report(defect):
        return deny_pending(
            "unacknowledged",
            _("It can be closed once the superior department has acknowledged the report."),
        )
    if not current.change_is_recorded(defect):
        return deny_pending("no_change_record", _("It can be closed once the change is recorded."))
    if current.unsigned_emergency(defect):
        return deny_pending(
            "emergency_unsigned",
            _("It can be closed once the emergency implementation has its written signature."),
        )
    return ALLOW
