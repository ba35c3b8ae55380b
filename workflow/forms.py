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

    def __init__(self, *, phrase_kind: str = "", **kwargs: Any) -> None:
        # Which canned phrases are offered beside it; the form's template reads this.
        self.phrase_kind = phrase_kind
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
        self._offer_phrases()
        self.prepare()

    def _offer_phrases(self) -> None:
        """Canned phrases beside the opinion: the form's own, the shared and the person's."""
        opinion: Any = self.fields.get("opinion")
        if opinion is not None:
            opinion.phrase_kind = getattr(opinion, "phrase_kind", "") or "reason"
            opinion.own_phrases = getattr(self, "phrases", ())

    def prepare(self) -> None:
        """Hook: narrow choices to what fits the record."""

    def service_arguments(self) -> dict[str, Any]:
        """Keyword arguments for the service, ``version`` included."""
        return dict(self.cleaned_data)


class BareForm(ActionForm):
    """An action that needs nothing but the decision to do it."""
