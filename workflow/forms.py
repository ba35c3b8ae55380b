"""Forms of actions: one definition of an action's input for pages and API alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from workflow.cards import has_card_number
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


ASK_ABOUT_CARD = _(
    "This looks like a full card number, which must not be stored. Remove it, or confirm below "
    "that it is something else."
)


class CardAwareForm(forms.Form):
    """A form whose free texts and file names are looked through for card numbers (I12).

    When there is one, the person is asked before anything is saved; ticking ``not_a_card`` (or
    sending it over the API) says that it is something else. Services never see the tick.
    """

    not_a_card = forms.BooleanField(
        label=_("This is not a card number"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["not_a_card"] = self.fields.pop("not_a_card")

    def full_clean(self) -> None:
        """After everything else: is there a card number in it?"""
        super().full_clean()
        if not self.is_bound:
            return
        confirmed = self.cleaned_data.pop("not_a_card", False)
        if confirmed or self._holds_card():
            self.fields["not_a_card"].widget = forms.CheckboxInput()
        if self._holds_card() and not confirmed:
            self.add_error(None, ValidationError(ASK_ABOUT_CARD, code="card_number"))

    def _holds_card(self) -> bool:
        return any(has_card_number(text) for text in self._free_texts())

    def _free_texts(self) -> Iterator[str]:
        """What was typed, whether or not it is right otherwise, and the names of files."""
        for name, field in self.fields.items():
            if isinstance(field, forms.FileField):
                given = self.cleaned_data.get(name) or []
                files = given if isinstance(given, list) else [given]
                yield from (str(each.name) for each in files)
            elif type(field.widget) in (forms.Textarea, forms.TextInput):
                yield str(self.data.get(self.add_prefix(name)) or "")


class ActionForm(CardAwareForm):
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
