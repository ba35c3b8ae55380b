"""Forms of actions: one definition of an action's input for pages and API alike."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import User
from workflow.models import FlowRecord
from workflow.texts import validate_required_text


class RequiredText(forms.CharField):
    """A long text that must say something (≥ 5 visible characters, no placeholder)."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 10_000)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(**kwargs)
        self.validators.append(validate_required_text)


class ActionForm(forms.Form):
    """Input of one action on one record.

    ``version`` is the row version the page was made from (I14). The cleaned fields, without it,
    are the keyword arguments of the action's service.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, actor: User, record: FlowRecord, **kwargs: Any) -> None:
        self.actor = actor
        self.record = record
        kwargs.setdefault("prefix", None)
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = record.row_version
        self.prepare()

    def prepare(self) -> None:
        """Hook: narrow choices to what fits the record."""

    def service_arguments(self) -> dict[str, Any]:
        """Keyword arguments for the service, ``version`` included."""
        return dict(self.cleaned_data)


class BareForm(ActionForm):
    """An action that needs nothing but the decision to do it."""
