"""The sign-off inbox: one card per decision that a supervisor takes."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.models import User
from accounts.roles import Role
from tickets import current
from tickets.dossier import Dossier
from tickets.models import Attachment, Defect, EmergencyRelease, Reclassification, Unsolvable
from tickets.models.defect_states import PROCESSING
from tickets.models.endings import EndRequest
from tickets.views.defects import defect_offers

SHOWN = 50
# Acts of a decision, the one that settles it first.
SIGNING = ("approve", "send_back")
OTHERS = (
    "unsolvable_agree", "unsolvable_refuse", "reclassify_agree", "reclassify_refuse",
    "sign_emergency", "confirm_void", "decline_void",
)  # fmt: skip


class SignoffInboxView(SignedInMixin, View):
    """Everything that waits for a supervisor, and why one may not decide it oneself."""

    roles = (Role.SUPERVISOR,)
    delegable = True

    def get(self, request: HttpRequest) -> HttpResponse:
        """Oldest first: it has waited longest."""
        waiting = waiting_for_a_supervisor(self.person)
        cards = [self._card(defect) for defect in waiting[:SHOWN]]
        page = {"cards": cards, "total": waiting.count()}
        return render(request, "tickets/signoff_inbox.html", page)

    def _card(self, defect: Defect) -> dict[str, Any]:
        codes = SIGNING if defect.state == Defect.State.PENDING_SIGNOFF else OTHERS
        offers = [each for each in defect_offers(self.person, defect) if each.action.code in codes]
        blocked = next((each for each in offers if not each.enabled), None)
        return {
            "defect": defect,
            "on_behalf_of": next((each.on_behalf_of for each in offers), None),
            "dossier": Dossier(defect, self.person, None),
            "statement": current.pending_unsolvable(defect),
            "reclassification": current.pending_reclassification(defect),
            "emergency": current.unsigned_emergency(defect),
            "void": defect.end_requests.filter(kind="void", state="open").first(),
            "blocked": blocked.decision if blocked else None,
            "offers": offers,
            "files": Attachment.objects.visible_to(self.person).filter(defect=defect),
        }


def waiting_for_a_supervisor(person: User) -> QuerySet[Defect]:
    """Plans to sign (D14), statements to co-sign (D12), third changes of side (D8), emergency
    releases without a written signature (D26), voids to confirm (D33); the longest waiting first.
    """
    mine = {"defect": OuterRef("pk")}
    still = {"outcome": "proposed", "proposed_at__gte": OuterRef("state_since")}
    ruled = Q(state__in=PROCESSING) & (
        Q(Exists(Unsolvable.objects.filter(**mine, **still)))
        | Q(Exists(Reclassification.objects.filter(**mine, **still, needs_supervisor=True)))
    )
    unsigned = Exists(EmergencyRelease.objects.filter(**mine, sign_off=None, lapsed=False))
    voids = Exists(EndRequest.objects.filter(**mine, kind="void", state="open"))
    rows: QuerySet[Defect] = Defect.objects.visible_to(person).filter(
        Q(state=Defect.State.PENDING_SIGNOFF) | ruled | Q(unsigned) | Q(voids)
    )
    related = ("unit", "reporter", "filed_by", "managed_object", "assignee", "holder")
    return rows.select_related(*related).order_by(F("state_since"), "pk")
