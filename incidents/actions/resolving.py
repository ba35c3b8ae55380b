"""Acts of the resolution (E13–E15)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from incidents import forms, policies, services
from incidents.actions.pages import PAGE
from workflow.actions import Action

RESOLVING: list[Action] = [
    Action(
        "resolve", "E13", _("Report as resolved"),
        policies.can_resolve, services.resolve, forms.ResolveForm,
        help=_("The fault is gone, not only bypassed. The fault report is due in 24 hours."),
        done=_("resolved; recovery waits for confirmation"), icon="circle-check",
        template=PAGE,
    ),
    Action(
        "confirm", "E14", _("Confirm recovery"),
        policies.can_confirm, services.confirm, forms.ConfirmForm,
        help=_("You have seen that business runs again."),
        done=_("recovery confirmed"), icon="checks", template=PAGE,
    ),
    Action(
        "reject_recovery", "E15", _("Not recovered"),
        policies.can_confirm, services.reject_recovery, forms.RejectRecoveryForm,
        help=_("The 12-hour clock goes on from the first report (T0)."),
        done=_("handling goes on"), tone="danger", icon="arrow-back-up", template=PAGE,
    ),
]  # fmt: skip
