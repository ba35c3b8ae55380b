"""Input of what is done while the fault lasts (E8–E10)."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from incidents.forms.fields import NOW_IF_EMPTY, Instant, rows
from incidents.policies import FIXERS
from workflow.forms import ActionForm, RequiredText
from workflow.texts import is_placeholder


class NoteForm(ActionForm):
    """E8: one row of the recovery document."""

    text = forms.CharField(label=_("What was done or seen"), max_length=2000)
    result = forms.CharField(label=_("Result"), max_length=2000, required=False)
    happened_at = Instant(label=_("Time"), required=False, help_text=NOW_IF_EMPTY)

    def clean_text(self) -> str:
        """Short is fine, nothing is not."""
        text: str = self.cleaned_data["text"]
        if is_placeholder(text):
            raise ValidationError(_("Please say what was done or seen."))
        return text


class ProtectDataForm(ActionForm):
    """E8, R17."""

    scope = RequiredText(label=_("What was protected"), widget=rows(2))
    method = forms.CharField(label=_("Method"), max_length=200)
    location = forms.CharField(label=_("Where it is kept"), max_length=200)
    protected_at = Instant(label=_("Protected at"), required=False, help_text=NOW_IF_EMPTY)
    verified_by = forms.ModelChoiceField(
        label=_("Verified by"),
        queryset=User.objects.none(),
        help_text=_("Not the person who made the backup."),
    )

    def prepare(self) -> None:
        """Anybody on the desk's technical side but the operator."""
        people = User.objects.holding(*FIXERS, Role.SUPPORT, Role.SUPERVISOR)
        self.fields["verified_by"].queryset = people.exclude(  # type: ignore[attr-defined]
            staff_no=self.actor.staff_no
        )


class WaiveProtectionForm(ActionForm):
    """E8, R17: the signed exception."""

    exempt_reason = RequiredText(label=_("Why data need not be protected first"), widget=rows(3))
    operator = forms.ModelChoiceField(label=_("For whom"), queryset=User.objects.none())

    def prepare(self) -> None:
        """Those who may fix, but not the signer."""
        self.fields["operator"].queryset = User.objects.holding(  # type: ignore[attr-defined]
            *FIXERS
        ).exclude(staff_no=self.actor.staff_no)
        self.initial.setdefault("operator", getattr(self.record, "holder_id", None))


class MitigateForm(ActionForm):
    """E9."""

    method = RequiredText(label=_("How business keeps running"), widget=rows(3))
    limits = RequiredText(label=_("Limits of the workaround"), widget=rows(2))
    mitigated_at = Instant(
        label=_("Business runs again since"), required=False, help_text=NOW_IF_EMPTY
    )
    confirmed_by = forms.ModelChoiceField(
        label=_("Confirmed by (business staff)"), queryset=User.objects.none()
    )

    def prepare(self) -> None:
        """Business staff other than the actor."""
        self.fields["confirmed_by"].queryset = User.objects.holding(  # type: ignore[attr-defined]
            Role.BIZ
        ).exclude(staff_no=self.actor.staff_no)


class LoseMitigationForm(ActionForm):
    """E10."""

    what_failed = RequiredText(label=_("What no longer works"), widget=rows(3))
    lost_at = Instant(label=_("Since when"), required=False, help_text=NOW_IF_EMPTY)
