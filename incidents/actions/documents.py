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
        "accept_plan", "E12", _("Accept contingency plan"),
        policies.can_answer_plan, services.accept_plan, forms.AcceptForm,
        help=_("The bank accepts the version that was delivered."),
        done=_("contingency plan accepted"), icon="circle-check", template=PAGE,
    ),
    Action(
        "return_plan", "E12", _("Send contingency plan back"),
        policies.can_answer_plan, services.return_plan, forms.ReturnForm,
        help=_("A new version is expected. The clock stays stopped by the first delivery."),
        done=_("contingency plan sent back"), icon="arrow-back-up", template=PAGE,
    ),
    Action(
        "issue_recovery", "E8", _("Issue recovery document"),
        policies.can_issue_recovery, services.issue_recovery, forms.RecoveryForm,
        help=_("A version of the timeline's rows, with files. Needed before the fault report."),
        done=_("recovery document issued"), icon="file-check",
        template="incidents/action_with_files.html",
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
    Action(
        "accept_report", "E16", _("Accept fault report"),
        policies.can_answer_report, services.accept_report, forms.AcceptForm,
        help=_("The bank accepts the version that was delivered."),
        done=_("fault report accepted"), icon="circle-check", template=PAGE,
    ),
    Action(
        "return_report", "E16", _("Send fault report back"),
        policies.can_answer_report, services.return_report, forms.ReturnForm,
        help=_("A new version is expected. The clock stays stopped by the first delivery."),
        done=_("fault report sent back"), icon="arrow-back-up", template=PAGE,
    ),
]  # fmt: skip
