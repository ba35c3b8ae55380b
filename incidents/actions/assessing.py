"""Acts that decide what it is (E2–E5)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from incidents import forms, policies, services
from incidents.actions.pages import PAGE
from workflow.actions import Action

ASSESSING: list[Action] = [
    Action(
        "acknowledge", "E2", _("Take over"),
        policies.can_acknowledge, services.acknowledge,
        help=_("You are now the one who works on it; the ringing stops."),
        done=_("you have taken it over"), icon="phone-check", template=PAGE,
    ),
    Action(
        "declare_s1", "E3", _("Declare system down (S1)"),
        policies.can_declare, services.declare_s1, forms.DeclareS1Form,
        help=_("The 12-hour clock counts from the first report (T0). One person may do this."),
        done=_("declared as system down; the clocks run"), tone="danger", icon="urgent",
        template=PAGE,
    ),
    Action(
        "declare_lower", "E4", _("Set S2–S4"),
        policies.can_declare, services.declare_lower, forms.DeclareLowerForm,
        help=_("For faults that do not stop the business. No contract clock runs."),
        done=_("severity set"), icon="gauge", template=PAGE,
    ),
    Action(
        "dismiss", "E5", _("False alarm"),
        policies.can_dismiss, services.dismiss, forms.DismissForm,
        help=_("Decided by a supervisor who neither reported it nor took it over."),
        done=_("closed as a false alarm"), icon="bell-off", template=PAGE,
    ),
]  # fmt: skip
