"""What can be done to a version of the service plan."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from sla import policies, versions
from workflow.actions import Action, ActionSet
from workflow.forms import ActionForm, RequiredText


class ConfirmForm(ActionForm):
    """An opinion, if there is one."""

    opinion = forms.CharField(
        label=_("Opinion"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class RejectForm(ActionForm):
    """Why not."""

    opinion = RequiredText(label=_("Opinion"))


AGREEMENT_ACTIONS = ActionSet(
    "agreement",
    [
        Action(
            "confirm", "R56", _("Confirm"), policies.can_decide, versions.confirm, ConfirmForm,
            help=_("New incidents follow it from its date on. Running clocks keep theirs."),
            done=_("The version is confirmed."), icon="check",
            template="sla/decide.html",
        ),
        Action(
            "reject", "R56", _("Reject"), policies.can_decide, versions.reject, RejectForm,
            help=_("The version in force stays."), done=_("The version is rejected."),
            tone="danger", icon="x", template="sla/decide.html",
        ),
        Action(
            "take_back", "R56", _("Take back"), policies.can_take_back, versions.take_back,
            RejectForm, help=_("Nobody has decided yet: it can be taken back and proposed anew."),
            done=_("The proposal is taken back."), tone="danger", icon="arrow-back-up",
            template="sla/decide.html",
        ),
    ],
)  # fmt: skip
