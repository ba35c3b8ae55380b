"""Forms of corrections after the lock, of consultations and of defects (C7)."""

from __future__ import annotations

from typing import Any, Protocol, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.forms.controls import model_choice
from workflow.corrections import CorrectionNote
from workflow.forms import ActionForm, RequiredText

DECISIONS = (
    (CorrectionNote.State.CONFIRMED.value, _("Confirm: the correction counts")),
    (CorrectionNote.State.DECLINED.value, _("Decline")),
)


class _Corrected(Protocol):
    """A record that corrections are appended to."""

    @property
    def corrections(self) -> Any:
        """Its corrections."""


class CorrectionForm(ActionForm):
    """What is wrong in a closed record, and what is right."""

    text = RequiredText(
        label=_("Correction"), help_text=_("What is wrong in the record, and what is right.")
    )


class ConfirmCorrectionForm(ActionForm):
    """A supervisor confirms or declines one."""

    correction: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Correction"), queryset=None, empty_label=None, widget=forms.RadioSelect
    )
    decision = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect, choices=DECISIONS)
    opinion = forms.CharField(
        label=_("Opinion"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=_("Needed when you decline."),
    )  # fmt: skip

    def prepare(self) -> None:
        """Those that wait and that somebody else wrote."""
        written = cast(_Corrected, self.record).corrections
        waiting = written.filter(state=CorrectionNote.State.PENDING)
        field = model_choice(self, "correction")
        field.queryset = waiting.exclude(written_by=self.actor)
        field.initial = field.queryset.first()
