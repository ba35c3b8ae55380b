"""A phrase to keep."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from teamwork.models import Phrase
from teamwork.policies.phrases import can_share
from workflow.forms import CardAwareForm


class PhraseForm(CardAwareForm):
    """Kind, words, for whom."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Phrase.Kind.choices)
    text = forms.CharField(
        label=_("Text"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    shared = forms.BooleanField(label=_("For everybody at the desk"), required=False)

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not can_share(actor):
            del self.fields["shared"]
