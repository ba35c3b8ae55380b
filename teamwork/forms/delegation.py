"""Passing work on, as people fill it in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import BUSINESS_ROLES, DESK_ROLES, Role
from workflow.forms import CardAwareForm, RequiredText

MOMENT = "%Y-%m-%dT%H:%M"


def _moment(label: Any, help_text: Any = "") -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, widget=widget, help_text=help_text)


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One person, with the staff number: names repeat."""

    def label_from_instance(self, obj: User) -> str:
        """Name and staff number."""
        return obj.audit_name


class DelegationForm(CardAwareForm):
    """To whom, in which role, from when to when, why. ``actor`` fills it in at ``now`` (UTC)."""

    giver = PersonChoice(label=_("Who is absent"), queryset=User.objects.none())
    receiver = PersonChoice(label=_("Who acts"), queryset=User.objects.none())
    role = forms.ChoiceField(label=_("In which role"), required=False)
    starts_at = _moment(_("From"))
    ends_at = _moment(_("Until"), _("From this minute on it no longer holds."))
    reason = RequiredText(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, actor: User, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.now = actor, now
        self.fields["starts_at"].initial = now
        people = User.objects.holding(*BUSINESS_ROLES)
        roles: list[str] = list(BUSINESS_ROLES)
        if actor.has_role(Role.SECADMIN):
            self._choose("giver", people)
        else:
            del self.fields["giver"]
            roles = [role for role in roles if role in actor.roles]
            people = _near(actor, people).exclude(pk=actor.pk)
        self._choose("receiver", people)
        choices = [(role, Role(role).label) for role in roles]
        self.fields["role"] = forms.ChoiceField(
            label=_("In which role"),
            required=False,
            choices=[("", _("All business roles")), *choices],
        )
        self.order_fields(["giver", "receiver", "role", "starts_at", "ends_at", "reason"])

    def _choose(self, name: str, people: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, PersonChoice)
        field.queryset = people.order_by("sort_key", "pk")

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments of ``teamwork.services.delegation.delegate``."""
        return {"giver": self.actor, **self.cleaned_data}


def _near(actor: User, people: Any) -> Any:
    """Whom the actor may name at all: the desk within the desk, others within their unit."""
    if actor.is_desk:
        return people.filter(grants__role__in=DESK_ROLES)
    return people.filter(organisation=actor.organisation_id)


class EndForm(CardAwareForm):
    """Why it ends early."""

    reason = RequiredText(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))
