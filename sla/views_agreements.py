"""Versions of the service plan: list, one of them, propose, decide (R56)."""

from __future__ import annotations

import hashlib
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.models import User
from accounts.roles import DESK_ROLES, Role
from sla import policies, terms, versions
from sla.actions import AGREEMENT_ACTIONS
from sla.forms import AgreementForm
from sla.models import Agreement
from sla.terms import Terms
from workflow.actions import Action
from workflow.errors import InvalidInput, NotAllowed
from workflow.models import FlowRecord
from workflow.views import ActionView

READERS = (*sorted(DESK_ROLES), Role.SYSADMIN, Role.SUPERIOR)
S = Agreement.State


class AgreementPage(SignedInMixin, View):
    """For everybody who works by the service plan."""

    roles = READERS


class AgreementListView(AgreementPage):
    """Which version is in force, what is proposed, what was before."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """All versions, newest first; a handful in a product's life."""
        now = timezone.now()
        current = versions.in_force(now)
        rows = Agreement.objects.visible_to(self.person).select_related("proposed_by", "decided_by")
        page = {
            "rows": [(row, _standing(row, current)) for row in rows],
            "current": current,
            "facts": terms.rows(Terms.of(current)) if current else [],
            "may_propose": policies.can_propose(self.person),
            "tabs": section_tabs("agreements"),
        }
        return render(request, "sla/agreements.html", page)


class AgreementView(AgreementPage):
    """One version: what it says, what it changes, whom it leaves alone."""

    def get(self, request: HttpRequest, version: int) -> HttpResponse:
        """The page."""
        agreement = find_agreement(self.person, str(version))
        page = {
            "agreement": agreement,
            "standing": _standing(agreement, versions.in_force(timezone.now())),
            "offers": AGREEMENT_ACTIONS.offers(
                self.person,
                agreement,
                lambda code: reverse("sla:agreement_action", args=[agreement.version, code]),
            ),
            **agreement_context(agreement),
        }
        return render(request, "sla/agreement.html", page)


class ProposeView(AgreementPage):
    """Form, preview, proposal: nothing is proposed that was not shown as a preview first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form, filled with what is in force."""
        self._check()
        return self._page(AgreementForm(begin=versions.in_force(timezone.now())))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Preview; or propose what the preview was of."""
        self._check()
        form = AgreementForm(request.POST, begin=versions.in_force(timezone.now()))
        if not form.is_valid():
            return self._page(form, status=422)
        wanted, now = form.terms(), timezone.now()
        try:
            shown = versions.preview(wanted, now=now)
            if "propose" not in request.POST or request.POST.get("seen") != _print_of(wanted):
                return self._page(form, preview=shown, seen=_print_of(wanted))
            agreement = versions.propose(actor=self.person, now=now, wanted=wanted)
        except InvalidInput as refusal:
            form.refuse(refusal.fields)
            return self._page(form, status=422)
        text = _("%(version)s is proposed. A supervisor confirms it.")
        messages.success(request, text % {"version": agreement.label})
        return redirect("sla:agreement", agreement.version)

    def _check(self) -> None:
        decision = policies.can_propose(self.person)
        if not decision and decision.kind != "pending":
            raise NotAllowed(decision)

    def _page(self, form: AgreementForm, *, status: int = 200, **more: Any) -> HttpResponse:
        waiting = policies.can_propose(self.person)
        page = {"form": form, "decision": waiting, **more}
        return render(self.request, "sla/propose.html", page, status=status)


class AgreementActionView(ActionView):
    """Confirm, reject, take back."""

    actions = AGREEMENT_ACTIONS
    roles = READERS

    def find(self, key: str) -> Agreement:
        """By the number of its version."""
        return find_agreement(self.person, key)

    def record_url(self, record: FlowRecord) -> str:
        """The version's page."""
        return reverse("sla:agreement", args=[cast("Agreement", record).version])

    def context(self, record: FlowRecord, action: Action) -> dict[str, Any]:
        """What is decided on stands beside the form."""
        return agreement_context(cast("Agreement", record))


def find_agreement(user: User, key: str) -> Agreement:
    """By the number of its version, with or without v; 404 when there is none."""
    number = key.removeprefix("v")
    known = int(number) if number.isdecimal() and len(number) < 9 else 0
    rows = Agreement.objects.visible_to(user).select_related("proposed_by", "decided_by", "holder")
    found: Agreement = get_object_or_404(rows, version=known)
    return found


def agreement_context(agreement: Agreement) -> dict[str, Any]:
    """Parameters and differences; what is open now only while nobody has decided."""
    shown = versions.look(Terms.of(agreement), but=agreement)
    return {
        "facts": terms.rows(Terms.of(agreement)),
        "preview": shown,
        "proposed": agreement.state == S.PROPOSED,
    }


def section_tabs(active: str) -> list[dict[str, Any]]:
    """The three pages of the section."""
    pages = {
        "agreements": _("Agreements"),
        "targets": _("Internal targets"),
        "regulator": _("Regulator's milestones"),
    }
    return [
        {"label": label, "url": reverse(f"sla:{name}"), "active": name == active}
        for name, label in pages.items()
    ]


def _standing(row: Agreement, current: Agreement | None) -> dict[str, str]:
    """What a version is today: in force, to come, past, proposed, rejected."""
    if row.state != S.CONFIRMED:
        tone = "warn" if row.state == S.PROPOSED else "idle"
        return {"label": row.get_state_display(), "tone": tone}
    if current and row.pk == current.pk:
        return {"label": _("In force"), "tone": "ok"}
    if current and row.effective_from > current.effective_from:
        return {"label": _("To come"), "tone": "info"}
    return {"label": _("Past"), "tone": "idle"}


def _print_of(wanted: Terms) -> str:
    """What was shown: a changed form must be looked at again."""
    return hashlib.sha256(repr(wanted).encode()).hexdigest()[:32]
