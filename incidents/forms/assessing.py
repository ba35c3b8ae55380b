"""Input of the acts that decide what it is (E3–E5)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.fields import rows, system_field
from incidents.models import Incident
from workflow.forms import ActionForm, RequiredText

# The severity of the service plan, word for word (R20).
SYSTEM_DOWN_TEXT = _("System down: the business system cannot run")


class DeclareS1Form(ActionForm):
    """E3: the system, the impact, and the sentence of the service plan."""

    system_down = forms.BooleanField(label=SYSTEM_DOWN_TEXT)
    managed_object = system_field()
    business_impact = RequiredText(label=_("Business impact"), widget=rows(3))

    def prepare(self) -> None:
        """Start from the system that was reported."""
        self.initial.setdefault("managed_object", getattr(self.record, "managed_object_id", None))
        self.order_fields(["system_down", "managed_object", "business_impact"])


class DeclareLowerForm(ActionForm):
    """E4."""

    severity = forms.ChoiceField(
        label=_("Severity"),
        choices=[row for row in Incident.Severity.choices if row[0] != "S1"],
        widget=forms.RadioSelect,
    )
    assessment = RequiredText(label=_("Why it is not system down"), widget=rows(3))


class DismissForm(ActionForm):
    """E5."""

    evidence = RequiredText(label=_("Evidence that it was a false alarm"), widget=rows(3))
