"""Input of merging and of a recurrence (E19, E20)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.phones import PhoneField
from incidents.forms.fields import NOW_IF_EMPTY, Instant, rows
from incidents.models import Incident
from incidents.models.incidents import UNRESOLVED
from incidents.scope import visible_incidents
from workflow.forms import ActionForm, RequiredText


class IncidentChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Incidents by number and title."""

    def label_from_instance(self, obj: Incident) -> str:
        """Number, severity, title."""
        return f"{obj.number} {obj.severity} {obj.title}"


class MergeForm(ActionForm):
    """E20."""

    main = IncidentChoice(
        label=_("Main incident"),
        queryset=Incident.objects.none(),
        help_text=_("It goes on; the earliest first report of both becomes its T0."),
    )
    reason = RequiredText(label=_("Why it is the same fault"), widget=rows(3))

    def prepare(self) -> None:
        """Those still being handled, of the same sort: real with real, drill with drill."""
        here = self.record
        assert isinstance(here, Incident)
        others = visible_incidents(self.actor).filter(
            state__in=UNRESOLVED, is_drill=here.is_drill, is_demo=here.is_demo
        )
        self.fields["main"].queryset = others.exclude(pk=here.pk)  # type: ignore[attr-defined]


class RecurForm(ActionForm):
    """E19."""

    phenomenon = RequiredText(label=_("Phenomenon"), widget=rows(3))
    claimed_down = forms.BooleanField(label=_("Reported as system down"), required=False)
    first_contact_at = Instant(
        label=_("First reported at (T0)"), required=False, help_text=NOW_IF_EMPTY
    )
    reporter_name = forms.CharField(label=_("Reporter's name"), max_length=40)
    reporter_phone = PhoneField(label=_("Reporter's phone"))

    def prepare(self) -> None:
        """Often the same person calls again."""
        here = self.record
        assert isinstance(here, Incident)
        self.initial.setdefault("reporter_name", here.reporter_name)
        self.initial.setdefault("reporter_phone", here.reporter_phone)
