"""The note of a handover sheet."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.forms import CardAwareForm


class HandoverForm(CardAwareForm):
    """What the next one must know; “nothing special” is an answer too."""

    note = forms.CharField(
        label=_("Note for whoever takes over"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What is going on, what was tried, what must not be forgotten."),
    )
