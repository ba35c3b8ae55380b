"""The open work of one person, and who takes it over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.models import User
from accounts.open_work import open_work
from accounts.policies import may_switch
from accounts.roles import BUSINESS_ROLES, DESK_ROLES, Role
from teamwork.forms.handing_over import HandOverForm
from teamwork.services.handing_over import hand_over
from workflow.errors import InvalidInput

SHOWN = 50


class ColleaguesView(SignedInMixin, View):
    """Whose work may have to go into other hands."""

    roles = (Role.SUPERVISOR,)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The desk, found by name or pinyin."""
        query = request.GET.get("q", "").strip()[:80]
        people = User.objects.matching(query).filter(grants__role__in=DESK_ROLES).distinct()
        page = {"q": query, "people": people.prefetch_related("grants")[:SHOWN]}
        return render(request, "teamwork/colleagues.html", page)


class HandOverView(SignedInMixin, View):
    """For supervisors (illness, leave) and the system administrator (somebody leaves)."""

    roles = (Role.SUPERVISOR, Role.SYSADMIN)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """List it, with a choice for each thing."""
        person = get_object_or_404(User, pk=pk)
        return self._page(request, person, self._form(person))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """All of it or nothing."""
        person = get_object_or_404(User, pk=pk)
        form = self._form(person, request.POST)
        turn_off = "turn_off" in request.POST
        if not form.is_valid():
            return self._page(request, person, form, status=422)
        try:
            moved = hand_over(
                person, actor=self.person, now=timezone.now(), choices=form.choices(),
                reason=form.cleaned_data["reason"], turn_off=turn_off,
            )  # fmt: skip
        except InvalidInput as refusal:
            for name, message in refusal.fields.items():
                form.add_error(name if name in form.fields else None, str(message))
            return self._page(request, person, form, status=422)
        text = _("%(count)s things of %(name)s are in other hands.")
        values = {"count": moved, "name": person.name}
        messages.success(request, text % values, extra_tags="clear-draft")
        if turn_off:
            messages.success(request, _("%(name)s is turned off.") % {"name": person.name})
            return redirect("accounts:person", pk=pk)
        return redirect("teamwork:hand_over", pk=pk)

    def _form(self, person: User, *data: Any) -> HandOverForm:
        works = open_work(person, timezone.now())
        return HandOverForm(*data, works=works, person=person)

    def _page(
        self, request: HttpRequest, person: User, form: HandOverForm, status: int = 200
    ) -> HttpResponse:
        page = {
            "account": person,
            "form": form,
            "may_turn_off": person.is_active and not may_switch(self.person, person),
            # The administrator hands over by number, without reading what it is about.
            "may_read": self.person.has_role(*BUSINESS_ROLES),
        }
        return render(request, "teamwork/hand_over.html", page, status=status)
