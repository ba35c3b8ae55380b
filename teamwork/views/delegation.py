"""Who acts for whom: one page for everybody, one list for those who check."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.models import DelegatedAct, Delegation, User
from teamwork.forms.delegation import DelegationForm, EndForm
from teamwork.policies import delegation as policies
from teamwork.services import delegation as services
from workflow.errors import InvalidInput, NotAllowed, NotFound
from workflow.keyset import keyset_page

ACTS = 50


def visible_delegations(person: User) -> QuerySet[Delegation]:
    """One's own, given and received; all for those who check or keep them (I15)."""
    rows: QuerySet[Delegation] = Delegation.objects.select_related(
        "giver", "receiver", "made_by", "ended_by"
    )
    return rows if policies.can_see_all(person) else rows.of([person])  # type: ignore[attr-defined]


class DelegationsView(SignedInMixin, View):
    """Given and received, what was done in my name, and the form to pass work on."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Newest first."""
        return self._page(request, self._form())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Pass work on."""
        decision = policies.can_delegate(self.person)
        if not decision and not policies.can_delegate(self.person, User()):
            raise NotAllowed(decision)
        form = self._form(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        try:
            row = services.delegate(actor=self.person, now=form.now, **form.arguments())
        except InvalidInput as refusal:
            for name, message in refusal.fields.items():
                form.add_error(name if name in form.fields else None, str(message))
            return self._page(request, form, status=422)
        text = _("%(receiver)s acts for %(giver)s and has been told.")
        messages.success(
            request,
            text % {"receiver": row.receiver.name, "giver": row.giver.name},
            extra_tags="clear-draft",
        )
        return redirect("teamwork:delegations")

    def _form(self, *data: Any) -> DelegationForm:
        return DelegationForm(*data, actor=self.person, now=timezone.now())

    def _page(self, request: HttpRequest, form: DelegationForm, status: int = 200) -> HttpResponse:
        now, person = timezone.now(), self.person
        rows = keyset_page(visible_delegations(person), request.GET, by="made_at")
        may = policies.can_delegate(person) or policies.can_delegate(person, User())
        acts = DelegatedAct.objects.filter(delegation__in=visible_delegations(person))
        page = {
            "form": form if may else None,
            "page": rows,
            "rows": [
                {
                    "row": row,
                    "state": row.state(now),
                    "may_end": bool(policies.can_end(person, row, now)),
                }
                for row in rows
            ],
            "sees_all": bool(policies.can_see_all(person)),
            "acts": acts.select_related("delegation__giver", "delegation__receiver")[:ACTS],
        }
        return render(request, "teamwork/delegations.html", page, status=status)


class DelegationPanelView(SignedInMixin, View):
    """For a profile: what is in force or to come. Oneself; administrators for everybody."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A part of a page."""
        if pk != self.person.pk and not self.person.is_admin:
            raise NotFound
        now = timezone.now()
        person = get_object_or_404(User, pk=pk)
        rows = Delegation.objects.standing_of(person, now)
        page = {"rows": [{"row": row, "state": row.state(now)} for row in rows]}
        return render(request, "teamwork/delegation_panel.html", page)


class EndView(SignedInMixin, View):
    """End one before its time."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the reason."""
        row = self._find(pk)
        decision = policies.can_end(self.person, row, timezone.now())
        if not decision:
            raise NotAllowed(decision)
        return render(request, "teamwork/delegation_end.html", {"row": row, "form": EndForm()})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End it; both are told."""
        row, form = self._find(pk), EndForm(request.POST)
        if not form.is_valid():
            page = {"row": row, "form": form}
            return render(request, "teamwork/delegation_end.html", page, status=422)
        services.end(row, actor=self.person, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The delegation has ended."), extra_tags="clear-draft")
        return redirect("teamwork:delegations")

    def _find(self, pk: int) -> Delegation:
        found: Delegation = get_object_or_404(visible_delegations(self.person), pk=pk)
        return found
