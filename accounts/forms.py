"""The log-in form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class LoginForm(AuthenticationForm):
    """User name and password; one message for an unknown user and a wrong password."""

    error_messages = {  # noqa: RUF012 - Django's own attribute
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
