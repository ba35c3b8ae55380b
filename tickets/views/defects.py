"""List of defects, and the page of one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.models import User
from accounts.roles import BUSINESS_ROLES
from tickets import current, paper, policies, targets, timeline
from tickets.actions import DEFECT_ACTIONS
from tickets.dossier import Dossier
from tickets.forms.filters import DefectFilter
from tickets.guidance import next_step
from tickets.models import Attachment, Defect
from tickets.progress import plan_steps
from tickets.relations import Relations
from workflow.actions import Offer
from workflow.errors import NotFound
from workflow.keyset import keyset_page


class DefectListView(SignedInMixin, View):
    """Everything the person may see, filtered, newest first, in pages by key."""

    roles = BUSINESS_ROLES

    def get(self, request: HttpRequest) -> HttpResponse:
        """Three queries for the rows and their internal targets, whatever their number."""
        form = DefectFilter(request.GET, actor=self.person)
        rows = form.apply(Defect.objects.visible_to(self.person))
        rows = rows.select_related("unit", "holder", "reporter", "managed_object")
        shown = keyset_page(rows, request.GET, by="created_at")
        targets.put_chips(shown.rows, self.person, timezone.now())
        page = {
            "form": form,
            "page": shown,
            "targets_shown": self.person.is_desk,
            "may_file": bool(policies.can_file(self.person)),
        }
        return render(request, "tickets/defect_list.html", page)


class DefectView(SignedInMixin, View):
    """The ticket: everybody who may see it sees the parts meant for them."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The whole page."""
        defect = find_defect(self.person, key)
        report = current.report_upward(defect)
        offers = defect_offers(self.person, defect)
        page = {
            "defect": defect,
            "offers": offers,
            "next_step": next_step(defect, self.person, offers),
            "target_chips": targets.chips(defect, self.person, timezone.now()),
            "steps": plan_steps(defect, report),
            "entries": timeline.entries(defect, self.person),
            "files": Attachment.objects.visible_to(self.person).filter(defect=defect),
            "dossier": Dossier(defect, self.person, report),
            "relations": Relations(defect, self.person, timezone.now()),
        }
        return render(request, "tickets/defect.html", page)


class ReceiptView(SignedInMixin, View):
    """Number and link, after submitting (R35)."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """What happens next."""
        page = {"defect": find_defect(self.person, key)}
        return render(request, "tickets/defect_receipt.html", page)


class PaperView(SignedInMixin, View):
    """Document 5.6, for A4 paper."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """All areas the reader may see, filled or still blank."""
        defect, now = find_defect(self.person, key), timezone.now()
        dossier = Dossier(defect, self.person, current.report_upward(defect))
        page = {
            "defect": defect,
            "areas": paper.areas(dossier),
            "relations": Relations(defect, self.person, now),
            "now": now,
        }
        return render(request, "tickets/defect_paper.html", page)


def find_defect(user: User, key: str) -> Defect:
    """The visible defect with this number, or draft with this id; raises ``NotFound`` (404)."""
    rows = Defect.objects.visible_to(user).select_related(
        "unit", "reporter", "filed_by", "managed_object", "owner", "assignee", "implementer",
        "holder", "merged_into",
    )  # fmt: skip
    word, _dash, pk = key.partition("-")
    if word == "draft":
        draft = int(pk) if pk.isdecimal() and len(pk) < 18 else 0
        rows = rows.filter(pk=draft, number=None)
    else:
        rows = rows.filter(number=key)
    defect: Defect | None = rows.first()
    if defect is None:
        raise NotFound
    return defect


def defect_offers(user: User, defect: Defect) -> list[Offer]:
    """The acts this person meets; a draft is saved from within its form."""

    def url(code: str) -> str:
        return reverse("tickets:defect_action", args=[defect.key, code])

    offers = DEFECT_ACTIONS.offers(user, defect, url)
    return [offer for offer in offers if offer.action.code != "save"]


def action_context(user: User, defect: Defect, code: str = "") -> dict[str, Any]:
    """What an action page shows beside its form; ``code`` is the act's."""
    dossier = Dossier(defect, user, current.report_upward(defect))
    return {
        "relations": Relations(defect, user, timezone.now()),
        "defect": defect,
        "files": Attachment.objects.visible_to(user).filter(defect=defect),
        "dossier": dossier,
        "to_sign": dossier.released if code == "sign_emergency" else dossier.latest,
    }
