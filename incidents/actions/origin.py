"""Acts on T0, impact, grade, outside time and the report upward."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from incidents import forms, policies, services
from incidents.actions.pages import PAGE
from workflow.actions import Action

ORIGIN: list[Action] = [
    Action(
        "move_t0_earlier", "E1", _("Move T0 earlier"),
        policies.can_move_t0_earlier, services.move_t0_earlier, forms.T0EarlierForm,
        help=_("An earlier report has come to light. The clocks count from it at once."),
        done=_("T0 moved earlier"), icon="clock-edit", template=PAGE,
    ),
    Action(
        "ask_t0_later", "E1", _("Ask to move T0 later"),
        policies.can_ask_t0_later, services.ask_t0_later, forms.T0LaterForm,
        help=_("A supervisor decides. Both values stay on record and in the report."),
        done=_("a supervisor is asked"), icon="clock-question", template=PAGE,
    ),
    Action(
        "confirm_t0_later", "E1", _("Agree to move T0 later"),
        policies.can_decide_t0_later, services.confirm_t0_later, forms.T0DecisionForm,
        help=_("Both values stay on record and in the report; breaches stay."),
        done=_("T0 moved later"), icon="clock-check", template=PAGE,
    ),
    Action(
        "refuse_t0_later", "E1", _("Refuse to move T0"),
        policies.can_decide_t0_later, services.refuse_t0_later, forms.T0DecisionForm,
        done=_("T0 stays"), icon="clock-x", template=PAGE,
    ),
    Action(
        "record_impact", "E8", _("Record the impact"),
        policies.can_record_impact, services.record_impact, forms.ImpactForm,
        help=_("What is known now; leave empty what is not. The report starts from it."),
        done=_("impact recorded"), icon="target", template=PAGE,
    ),
    Action(
        "decide_grade", "E8", _("Decide the grade"),
        policies.can_decide_grade, services.decide_grade, forms.GradeForm,
        help=_("The bank decides; the suggestion follows from duration and provinces."),
        done=_("grade decided"), icon="gavel", template=PAGE,
    ),
    Action(
        "note_outside_time", "E8", _("Note time outside our responsibility"),
        policies.can_note_outside_time, services.note_outside_time, forms.OutsideTimeForm,
        help=_("Shown in the report. It never changes whether a time limit was met."),
        done=_("noted"), icon="hourglass", template=PAGE,
    ),
    Action(
        "report_upward", "E18", _("Report upward"),
        policies.can_report_upward, services.report_upward, forms.UpwardForm,
        help=_("The superior department is told, and must acknowledge before the end."),
        done=_("reported to the superior department"), icon="arrow-narrow-up", template=PAGE,
    ),
    Action(
        "acknowledge_upward", "E18", _("Acknowledge the report upward"),
        policies.can_acknowledge_upward, services.acknowledge_upward, forms.UpwardReceiptForm,
        done=_("acknowledged"), icon="circle-check", template=PAGE,
    ),
]  # fmt: skip
