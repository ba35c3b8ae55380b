"""Forms of what may follow a consultation: escalation, objection, ruling, corrections (C5–C7)."""

from __future__ import annotations

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.forms.consultations import SatisfactionField
from tickets.forms.knowledge import KnowledgeField
from tickets.models import Consultation, Objection
from tickets.services.afterwards import AMENDABLE
from workflow.forms import ActionForm, RequiredText


class EscalateForm(ActionForm):
    """C5: what is down and whom it hits."""

    impact = RequiredText(
        label=_("What fails and who is affected"), widget=forms.Textarea(attrs={"rows": 3})
    )
    claimed_down = forms.BooleanField(
        label=_("The caller says: system paralysed, business cannot run"), required=False
    )


class ObjectionForm(ActionForm):
    """C6: why it is a defect after all."""

    opinion = RequiredText(
        label=_("Why the explanation does not solve it"),
        help_text=_("What you did after the explanation, and what still goes wrong."),
    )


class RulingForm(ActionForm):
    """C6: the supervisor's ruling."""

    decision = forms.ChoiceField(
        label=_("Ruling"), widget=forms.RadioSelect,
        choices=[
            (Objection.Outcome.REOPENED, _("It is a defect: reopen it")),
            (Objection.Outcome.UPHELD, _("It is a matter of operation: the conversion stands")),
        ],
    )  # fmt: skip
    opinion = RequiredText(label=_("Reasons"), help_text=_("The reporter reads them."))


class AmendForm(ActionForm):
    """C7, within 24 hours."""

    answer = RequiredText(label=_("answer"))
    category = forms.ChoiceField(label=_("category"), choices=Consultation.Category.choices)
    module = forms.CharField(label=_("module"), required=False, max_length=80)
    remarks = forms.CharField(
        label=_("remarks"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    knowledge = KnowledgeField()
    satisfaction = SatisfactionField()

    def prepare(self) -> None:
        """As it stands."""
        cast(KnowledgeField, self.fields["knowledge"]).offer(self.actor)
        for name in AMENDABLE:
            self.fields[name].initial = getattr(self.record, name)


class ReasonForm(ActionForm):
    """Why it is reopened or voided."""

    opinion = RequiredText(label=_("Reason"))


class RateForm(ActionForm):
    """The caller's own opinion."""

    satisfaction = SatisfactionField(required=True, label=_("How satisfied are you?"))
