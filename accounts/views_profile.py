"""A person's own page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from accounts import services
from accounts.forms import OwnPasswordForm
from accounts.mixins import SignedInMixin
from accounts.models import User


class ProfileView(SignedInMixin, View):
    """Who I am here: unit, roles, phone; language and password can be changed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        return render(request, "accounts/profile.html", _page(self.person, OwnPasswordForm()))


class OwnPasswordView(SignedInMixin, View):
    """Change one's own password."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Ask for the present one; other log-ins of the person end."""
        form = OwnPasswordForm(request.POST, person=self.person)
        if not form.is_valid():
            page = _page(self.person, form)
            return render(request, "accounts/profile.html", page, status=422)
        services.change_own_password(user=self.person, password=form.cleaned_data["password"])
        update_session_auth_hash(request, self.person)
        messages.success(request, _("Your password has been changed."))
        return redirect("accounts:profile")


def _page(person: User, form: OwnPasswordForm) -> dict[str, Any]:
    return {
        "form": form,
        "facts": [
            (_("Name"), person.name),
            (_("User name"), person.username),
            (_("Staff number"), person.staff_no),
            (_("Unit"), person.organisation.label),
            (_("Roles"), " · ".join(person.role_labels)),
            (_("Phone"), person.phone),
            (_("E-mail"), person.email),
        ],
    }
