"""Acts that change what an incident is: raise, downgrade, merge, again (E6, E7, E19, E20)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from incidents import forms, policies, services
from incidents.actions.pages import PAGE
from workflow.actions import Action

SEVERITY: list[Action] = [
    Action(
        "raise_to_s1", "E6", _("Raise to system down (S1)"),
        policies.can_raise_to_s1, services.raise_to_s1, forms.RaiseForm,
        help=_("The fault has grown worse. T0 is when the system began to be reported as down."),
        done=_("raised to system down; the clocks run"), tone="danger", icon="urgent",
        template=PAGE,
    ),
    Action(
        "downgrade", "E7", _("Downgrade"),
        policies.can_downgrade, services.downgrade, forms.DowngradeForm,
        help=_(
            "Only when it never was system down. Running clocks are void; breaches stay on record."
        ),
        done=_("downgraded; handling goes on"), icon="arrow-down", template=PAGE,
    ),
    Action(
        "recur", "E19", _("The fault is back"),
        policies.can_recur, services.recur, forms.RecurForm,
        help=_("Opens a new incident with its own clocks, linked to this one, and calls."),
        done=_("is open; the on-call person is being called"), tone="danger", icon="refresh-alert",
        template=PAGE,
    ),
    Action(
        "merge", "E20", _("Merge into another incident"),
        policies.can_merge, services.merge, forms.MergeForm,
        help=_("The same fault was reported twice. This one ends, the main incident goes on."),
        done=_("merged"), icon="git-merge", template=PAGE,
    ),
]  # fmt: skip
