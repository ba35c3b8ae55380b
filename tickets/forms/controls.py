"""Controls that several forms of the tickets room share."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets.models import Defect
from workflow.forms import ActionForm


class DefectForm(ActionForm):
    """Input of one act on a defect."""

    record: Defect


class DefectNumberField(forms.CharField):
    """Another defect by its number; ``reader`` is whose scope it must lie in."""

    reader: User | None = None

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 24)
        kwargs.setdefault("error_messages", {"required": _("Choose one of the list.")})
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """The defect, or a sentence."""
        number = super().clean(value)
        if not number:
            return None
        found = (
            Defect.objects.visible_to(self.reader).filter(number=number) if self.reader else None
        )
        if found is None or (other := found.first()) is None:
            raise forms.ValidationError(_("There is no such defect."), code="unknown")
        return other


class SignedForm(DefectForm):
    """An act that needs the person's own password once more, like a signature."""

    password = forms.CharField(
        label=_("Your password, once more"), strip=False,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "current-password", "data-no-draft": "true"}
        ),
    )  # fmt: skip

    def clean_password(self) -> str:
        """Only the person's own password signs."""
        if not self.actor.check_password(self.cleaned_data["password"]):
            raise forms.ValidationError(_("This is not your password."), code="password")
        return ""

    def service_arguments(self) -> dict[str, Any]:
        """Everything but the password."""
        data = super().service_arguments()
        data.pop("password")
        return data


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One person out of those who hold certain roles."""

    def __init__(self, *roles: str, **kwargs: Any) -> None:
        self.roles = roles
        super().__init__(queryset=User.objects.none(), **kwargs)

    def label_from_instance(self, obj: User) -> str:
        """Name and staff number: names repeat."""
        return f"{obj.name} ({obj.staff_no})"


class PeopleField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several people out of those who hold certain roles."""

    def __init__(self, *roles: str, **kwargs: Any) -> None:
        self.roles = roles
        super().__init__(queryset=User.objects.none(), **kwargs)

    def label_from_instance(self, obj: User) -> str:
        """Name and staff number: names repeat."""
        return f"{obj.name} ({obj.staff_no})"


def fill_people(form: forms.Form) -> None:
    """Give every person field of ``form`` those who hold its roles today."""
    for field in form.fields.values():
        if isinstance(field, PersonField | PeopleField):
            field.queryset = User.objects.holding(*field.roles)


def model_choice(form: forms.Form, name: str) -> forms.ModelChoiceField[Any]:
    """The choice of a record called ``name``."""
    return cast("forms.ModelChoiceField[Any]", form.fields[name])


class MomentField(forms.DateTimeField):
    """Date and time to the minute, with the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        )
        super().__init__(**kwargs)
