"""Fields that several acts on an incident share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from operations.models import ManagedObject
from workflow.forms import ActionForm
from workflow.texts import validate_required_text, visible

NOW_IF_EMPTY = _("Leave empty for now.")


def rows(count: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": count})


class Instant(forms.DateTimeField):
    """A point of time, to the second, on the product's wall clock."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget",
            forms.DateTimeInput(
                format="%Y-%m-%dT%H:%M:%S", attrs={"type": "datetime-local", "step": "1"}
            ),
        )
        super().__init__(**kwargs)


class LossText(forms.CharField):
    """The loss: a required text, in which "no loss" is an answer when it is said in words (R25)."""

    NO_LOSS = frozenset({"无损失", "没有损失", "未造成损失", "无任何损失", "noloss"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=rows(3), max_length=10_000, **kwargs)

    def validate(self, value: Any) -> None:
        """Refuse 无 and other placeholders, take 无损失."""
        super().validate(value)
        said = visible(str(value)).lower().removesuffix("。").removesuffix(".")
        if value and said not in self.NO_LOSS:
            validate_required_text(str(value))


def system_field() -> forms.ModelChoiceField[ManagedObject]:
    return forms.ModelChoiceField(
        label=_("System"),
        queryset=ManagedObject.objects.filter(retired_on__isnull=True),
        empty_label=_("Please choose"),
    )


def from_last(form: ActionForm, document: Any) -> None:
    if document is not None:
        for name in form.fields:
            # The row version of the incident is not the version of the document.
            if name != "version" and hasattr(document, name):
                form.initial.setdefault(name, getattr(document, name))
