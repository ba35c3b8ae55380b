"""Pages of the two administrators who look after accounts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views import View

from accounts import policies, services
from accounts.errors import WorkLeft
from accounts.forms import NewPasswordForm, NewPersonForm, RolesForm
from accounts.mixins import SignedInMixin
from accounts.models import User
from accounts.roles import Role

PER_PAGE = 50


class PeoplePage(SignedInMixin, View):
    """For the system and the security administrator."""

    roles = (Role.SYSADMIN, Role.SECADMIN)


class PeopleView(PeoplePage):
    """Everybody with an account."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """List, found by name, pinyin, staff number, phone or unit."""
        query = request.GET.get("q", "").strip()[:80]
        people = User.objects.matching(query).select_related("organisation")
        people = people.prefetch_related("grants")
        page = {
            "q": query,
            "people": Paginator(people, PER_PAGE).get_page(request.GET.get("page")),
            "offers": _list_offers(self.person),
        }
        return render(request, "accounts/people.html", page)


class PersonView(PeoplePage):
    """One account, with what this administrator may change."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        return _person_page(request, self.person, get_object_or_404(User, pk=pk))


class RolesView(PeoplePage):
    """Give and take roles (security administrator only)."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Replace the roles; forbidden mixtures are refused with a message."""
        person = get_object_or_404(User, pk=pk)
        services.refuse(policies.may_set_roles(self.person, person))
        form = RolesForm(request.POST)
        if not form.is_valid():
            return _person_page(request, self.person, person, roles_form=form)
        services.set_roles(actor=self.person, user=person, roles=form.cleaned_data["roles"])
        messages.success(request, _("Roles of %(name)s are set.") % {"name": person.name})
        return redirect("accounts:person", pk=pk)


class PasswordView(PeoplePage):
    """Set somebody's password (security administrator only)."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write the new password; the person's log-ins end."""
        person = get_object_or_404(User, pk=pk)
        services.refuse(policies.may_set_password(self.person, person))
        form = NewPasswordForm(request.POST, person=person)
        if not form.is_valid():
            return _person_page(request, self.person, person, password_form=form)
        services.set_password(
            actor=self.person, user=person, password=form.cleaned_data["password"]
        )
        messages.success(request, _("%(name)s has a new password.") % {"name": person.name})
        return redirect("accounts:person", pk=pk)


class SwitchView(PeoplePage):
    """Turn an account on or off (system administrator only)."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The records keep the name."""
        person = get_object_or_404(User, pk=pk)
        turned_on = not person.is_active
        try:
            services.switch(actor=self.person, user=person, active=turned_on, now=timezone.now())
        except WorkLeft:
            messages.warning(request, _("First hand over what is in this person's hands."))
            return redirect("teamwork:hand_over", pk=pk)
        text = _("%(name)s may sign in.") if person.is_active else _("%(name)s is turned off.")
        messages.success(request, text % {"name": person.name})
        return redirect("accounts:person", pk=pk)


class NewPersonView(PeoplePage):
    """Create an account (system administrator only)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form."""
        services.refuse(policies.may_create_person(self.person))
        return render(request, "accounts/person_new.html", {"form": NewPersonForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Create it, without roles."""
        services.refuse(policies.may_create_person(self.person))
        form = NewPersonForm(request.POST)
        if not form.is_valid():
            return render(request, "accounts/person_new.html", {"form": form}, status=422)
        person = services.create_person(actor=self.person, roles=(), **form.account())
        text = _("The account of %(name)s is there. The security administrator gives the roles.")
        messages.success(request, text % {"name": person.name})
        return redirect("accounts:person", pk=person.pk)


def _list_offers(actor: User) -> list[dict[str, Any]]:
    reason = policies.may_create_person(actor)
    if reason is not None:
        return []
    return [{"label": _("New account"), "url": "new/", "icon": "user-plus"}]


def _person_page(
    request: HttpRequest,
    actor: User,
    person: User,
    roles_form: RolesForm | None = None,
    password_form: NewPasswordForm | None = None,
) -> HttpResponse:
    page = {
        "account": person,
        "roles_form": roles_form or RolesForm(initial={"roles": sorted(person.roles)}),
        "password_form": password_form or NewPasswordForm(),
        "no_roles": policies.may_set_roles(actor, person),
        "no_password": policies.may_set_password(actor, person),
        "no_switch": policies.may_switch(actor, person),
        "facts": [
            (_("User name"), person.username),
            (_("Staff number"), person.staff_no),
            (_("Unit"), person.organisation.label),
            (_("Phone"), person.phone),
            (_("E-mail"), person.email),
            (_("Last log-in"), person.last_login and _stamp(person.last_login)),
        ],
    }
    return render(request, "accounts/person.html", page, status=422 if _wrong(page) else 200)


def _wrong(page: dict[str, Any]) -> bool:
    return bool(page["roles_form"].errors or page["password_form"].errors)


def _stamp(value: Any) -> str:
    return localtime(value).strftime("%Y-%m-%d %H:%M")
