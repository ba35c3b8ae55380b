"""The sign-off inbox: one card per decision."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.roles import Role
from tickets import policies
from tickets.dossier import Dossier
from tickets.models import Attachment, Defect
from tickets.views.defects import defect_offers
from workflow.authority import decide

SHOWN = 50


class SignoffInboxView(SignedInMixin, View):
    """Everything that waits for a signature, and why one may not sign it oneself."""

    roles = (Role.SUPERVISOR,)
    delegable = True

    def get(self, request: HttpRequest) -> HttpResponse:
        """Oldest first: it has waited longest."""
        waiting = (
            Defect.objects.visible_to(self.person)
            .filter(state=Defect.State.PENDING_SIGNOFF)
            .select_related("unit", "reporter", "filed_by", "managed_object", "assignee", "holder")
            .order_by("state_since")
        )
        cards = [self._card(defect) for defect in waiting[:SHOWN]]
        page = {"cards": cards, "total": waiting.count()}
        return render(request, "tickets/signoff_inbox.html", page)

    def _card(self, defect: Defect) -> dict[str, Any]:
        offers = defect_offers(self.person, defect)
        who, decision = decide(policies.can_approve, self.person, defect)
        return {
            "defect": defect,
            "on_behalf_of": who.on_behalf_of,
            "dossier": Dossier(defect, self.person, None),
            "decision": decision,
            "offers": [each for each in offers if each.action.code in ("approve", "send_back")],
            "files": Attachment.objects.visible_to(self.person).filter(defect=defect),
        }
