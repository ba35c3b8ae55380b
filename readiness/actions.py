"""What can be done to plans, drills and risks, listed once for pages, API and tests."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from readiness.forms import drills as drill_forms
from readiness.forms import plans as plan_forms
from readiness.forms import risks as risk_forms
from readiness.policies import drills as drill_policies
from readiness.policies import plans as plan_policies
from readiness.policies import risks as risk_policies
from readiness.services import drills, plans, risks
from workflow.actions import Action, ActionSet

PLAN_PAGE = "readiness/plan_form.html"
DRILL_PAGE = "readiness/drill_act.html"

PLAN_ACTIONS = ActionSet(
    "emergency_plan",
    [
        Action(
            "approve", "R51", _("Approve plan"), plan_policies.can_approve, plans.approve,
            plan_forms.ApprovePlanForm, icon="rubber-stamp",
            help=_("The version comes into force; the one before it goes out of force."),
            done=_("the plan is in force"),
        ),
        Action(
            "send_back", "R51", _("Send back"), plan_policies.can_send_back, plans.send_back,
            plan_forms.OpinionForm, icon="arrow-back-up", done=_("sent back to its authors"),
        ),
        Action(
            "submit", "R51", _("Submit for approval"), plan_policies.can_submit, plans.submit,
            icon="send", help=_("Every section has words and every phase a step."),
            done=_("sent to the supervisors"),
        ),
        Action(
            "write", "R51", _("Write plan"), plan_policies.can_write, plans.write,
            plan_forms.WritePlanForm, icon="file-pencil", template=PLAN_PAGE,
            help=_("The version in force stays in force until the new one is approved."),
            done=_("draft saved"),
        ),
        Action(
            "confirm_review", "R51", _("Reviewed, still right"),
            plan_policies.can_confirm_review, plans.confirm_review, plan_forms.ConfirmReviewForm,
            icon="calendar-check", done=_("the next review is set"),
        ),
        Action(
            "retire", "R51", _("Take out of use"), plan_policies.can_retire, plans.retire,
            plan_forms.OpinionForm, tone="danger", icon="archive", done=_("out of use"),
        ),
    ],
)  # fmt: skip

DRILL_ACTIONS = ActionSet(
    "drill",
    [
        Action(
            "start", "R51", _("Start drill"), drill_policies.can_start, drills.start,
            drill_forms.StartForm, icon="player-play",
            help=_("The on-call person is called in drill mode; nothing counts in statistics."),
            done=_("the drill has begun"), template=DRILL_PAGE,
        ),
        Action(
            "report", "R51", _("Write drill report"), drill_policies.can_report, drills.report,
            drill_forms.ReportForm, icon="file-report", done=_("report sent for approval"),
            template=DRILL_PAGE,
        ),
        Action(
            "approve", "R51", _("Approve drill report"), drill_policies.can_approve,
            drills.approve, drill_forms.OpinionForm, icon="rubber-stamp", done=_("filed"),
            template=DRILL_PAGE,
        ),
        Action(
            "send_back", "R51", _("Send back"), drill_policies.can_send_back, drills.send_back,
            plan_forms.OpinionForm, icon="arrow-back-up", done=_("sent back to its author"),
            template=DRILL_PAGE,
        ),
        Action(
            "note_held", "R51", _("Held elsewhere"), drill_policies.can_note_held,
            drills.note_held, drill_forms.HeldForm, icon="users",
            help=_("A tabletop drill, or one on site: only the report remains."),
            done=_("noted as held"), template=DRILL_PAGE,
        ),
        Action(
            "cancel", "R51", _("Cancel drill"), drill_policies.can_cancel, drills.cancel,
            plan_forms.OpinionForm, tone="danger", icon="calendar-off", done=_("cancelled"),
            template=DRILL_PAGE,
        ),
    ],
)  # fmt: skip

RISK_ACTIONS = ActionSet(
    "risk",
    [
        Action(
            "accept", "R53", _("Accept into the register"), risk_policies.can_accept,
            risks.accept, drill_forms.OpinionForm, icon="rubber-stamp",
            help=_("With a preventive and a corrective measure; high risks with a plan."),
            done=_("in the register"),
        ),
        Action(
            "add_measure", "R54", _("Add measure"), risk_policies.can_add_measure,
            risks.add_measure, risk_forms.MeasureForm, icon="circle-plus",
            done=_("measure added"),
        ),
        Action(
            "finish_measure", "R54", _("Measure done"), risk_policies.can_finish_measure,
            risks.finish_measure, risk_forms.FinishMeasureForm, icon="checks",
            done=_("measure done"),
        ),
        Action(
            "assess", "R53", _("Assess anew"), risk_policies.can_assess, risks.assess,
            risk_forms.AssessForm, icon="pencil",
            help=_("A supervisor accepts it again; the trail keeps the old grades."),
            done=_("assessed"),
        ),
        Action(
            "close", "R53", _("Close risk"), risk_policies.can_close, risks.close,
            plan_forms.OpinionForm, tone="danger", icon="archive", done=_("closed"),
        ),
    ],
)  # fmt: skip
