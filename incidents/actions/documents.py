"""Acts on contingency plan and fault report (E11, E16)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from incidents import forms, policies, services
from incidents.actions.pages import PAGE
from workflow.actions import Action

DOCUMENTS: list[Action] = [
    Action(
        "write_plan", "E11", _("Write contingency plan"),
        policies.can_write_plan, services.write_plan, forms.PlanForm,
        help=_(
            "Contingency plan (this incident): how business keeps running while the fault "
            "lasts. Each saving makes a new version."
        ),
        done=_("contingency plan saved"), icon="file-pencil", template=PAGE,
    ),
    Action(
        "release_plan", "E11", _("Release contingency plan"),
        policies.can_release_plan, services.release_plan, forms.ReleaseForm,
        help=_("Read the version beside; somebody else has written it."),
        done=_("contingency plan released"), icon="rubber-stamp", template=PAGE,
    ),
    Action(
        "deliver_plan", "E11", _("Deliver contingency plan"),
        policies.can_deliver_plan, services.deliver_plan, forms.DeliverForm,
        help=_("The 16-hour clock stops when the bank has it."),
        done=_("contingency plan delivered"), icon="send", template=PAGE,
    ),
    Action(
        "write_report", "E16", _("Write fault report"),
        policies.can_write_report, services.write_report, forms.ReportForm,
        help=_("Fault type, causes, methods and loss must all be stated."),
        done=_("fault report saved"), icon="file-pencil", template=PAGE,
    ),
    Action(
        "release_report", "E16", _("Approve fault report"),
        policies.can_release_report, services.release_report, forms.ReleaseForm,
        help=_("Read the version beside; somebody else has written it."),
        done=_("fault report approved"), icon="rubber-stamp", template=PAGE,
    ),
    Action(
        "deliver_report", "E16", _("Deliver fault report"),
        policies.can_deliver_report, services.deliver_report, forms.DeliverForm,
        help=_("The 24-hour clock stops when the bank has it."),
        done=_("fault report delivered"), icon="send", template=PAGE,
    ),
]  # fmt: skip
