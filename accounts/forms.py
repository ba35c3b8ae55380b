"""Forms for the log-in and for looking after accounts."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.phones import PhoneField
from accounts.roles import Role, clash


class LoginForm(AuthenticationForm):
    """User name and password; one message for an unknown user and a wrong password."""

    error_messages = {
        "invalid_login": _("User name or password is not right."),
        "inactive": _("User name or password is not right."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"] = forms.CharField(
            label=_("User name"),
            max_length=40,
            widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "username"}),
        )
        self.fields["password"].label = _("Password")


class RolesForm(forms.Form):
    """Which roles a person holds; mixtures the separation of duties forbids are refused."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each of the three administrator roles excludes every other role."),
    )

    def clean_roles(self) -> list[str]:
        """Refuse exclusive roles beside others."""
        roles: list[str] = self.cleaned_data["roles"]
        if clash(roles):
            raise ValidationError(_("An administrator role excludes every other role."))
        return roles


class NewPasswordForm(forms.Form):
    """A new password, typed twice, by the rules of the house."""

    password = forms.CharField(
        label=_("New password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters of three kinds: small, capital, digits, others."),
    )
    password_again = forms.CharField(
        label=_("The same again"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: User | None = None, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        """The rules for passwords."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self.person)
        return password

    def clean(self) -> dict[str, Any]:
        """Both must be the same."""
        cleaned = super().clean() or {}
        if "password" in cleaned and cleaned.get("password_again") != cleaned["password"]:
            self.add_error("password_again", _("The two passwords differ."))
        return cleaned


class OwnPasswordForm(NewPasswordForm):
    """One's own new password, with the present one."""

    field_order = ("present_password", "password", "password_again")
    present_password = forms.CharField(
        label=_("Present password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean_present_password(self) -> str:
        """It must be right."""
        present: str = self.cleaned_data["present_password"]
        if self.person is None or not self.person.check_password(present):
            raise ValidationError(_("That is not your present password."))
        return present


class NewPersonForm(NewPasswordForm):
    """A new account; its roles are given by the security administrator afterwards."""

    field_order = (
        "username", "name", "staff_no", "organisation", "phone", "email", "password",
        "password_again",
    )  # fmt: skip
    username = forms.RegexField(
        label=_("User name"),
        regex=r"^[A-Za-z][A-Za-z0-9._-]{2,39}$",
        error_messages={"invalid": _("3 to 40 letters, digits, dots, dashes; a letter first.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Name"), max_length=40, help_text=_("Surname first, without a space.")
    )
    staff_no = forms.CharField(label=_("Staff number"), max_length=20)
    organisation = forms.ModelChoiceField(
        label=_("Unit"), queryset=Organisation.objects.filter(is_active=True).order_by("path")
    )
    phone = PhoneField(label=_("Phone"), required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)

    def clean_username(self) -> str:
        """User names are unique, upper and lower case alike, and never given out again."""
        username: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(_("That user name has been given out already."))
        return username

    def clean_staff_no(self) -> str:
        """One account for one human (GB/T 22239 8.1.4.1 a)."""
        staff_no: str = self.cleaned_data["staff_no"]
        if User.objects.filter(staff_no=staff_no).exists():
            raise ValidationError(_("There is an account with that staff number already."))
        return staff_no

    def account(self) -> dict[str, Any]:
        """Keyword arguments of ``accounts.services.create_person``."""
        return {
            name: value for name, value in self.cleaned_data.items() if name != "password_again"
        }


class UnitForm(forms.ModelForm):  # type: ignore[type-arg]
    """A unit: its two names, its kind, what it is part of."""

    class Meta:
        model = Organisation
        fields: ClassVar = ["name", "name_en", "kind", "parent"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ModelChoiceField)
        parent.queryset = Organisation.objects.filter(is_active=True).order_by("path")
