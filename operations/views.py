"""What we operate, for the desk to read."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.models import User
from accounts.roles import DESK_ROLES, Role
from operations import policies
from operations.forms import RetireForm
from operations.models import ChangeRecord, ManagedObject

PER_PAGE = 50
CHANGES = 20


class ObjectListView(SignedInMixin, View):
    """Every managed object (R01)."""

    roles = (*DESK_ROLES, Role.SYSADMIN)

    def get(self, request: HttpRequest) -> HttpResponse:
        """List, narrowed by words and kind."""
        words, kind = request.GET.get("q", "").strip()[:60], request.GET.get("kind", "")
        rows = ManagedObject.objects.select_related("owner_unit")
        if kind in ManagedObject.Kind.values:
            rows = rows.filter(kind=kind)
        for word in words.split():
            rows = rows.filter(
                Q(code__icontains=word) | Q(name__icontains=word) | Q(name_en__icontains=word)
            )
        page = {
            "q": words,
            "kind": kind,
            "may_keep": bool(policies.can_keep(self.person)),
            "kinds": ManagedObject.Kind.choices,
            "objects": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        }
        return render(request, "operations/objects.html", page)


class ObjectView(SignedInMixin, View):
    """One managed object and what was changed on it."""

    roles = (*DESK_ROLES, Role.SYSADMIN)

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Facts and the latest changes."""
        rows = ManagedObject.objects.select_related("owner_unit", "retire_proposed_by")
        return object_page(request, self.person, get_object_or_404(rows, code=code), RetireForm())


def object_page(
    request: HttpRequest, person: User, thing: ManagedObject, form: RetireForm, status: int = 200
) -> HttpResponse:
    """The page of one object with the form that proposes to retire it, as it stands."""
    changes = ChangeRecord.objects.filter(managed_object=thing).select_related("implementer")
    page = {
        "object": thing,
        "facts": _facts(thing),
        "changes": changes[:CHANGES],
        "keep": policies.can_keep(person, thing),
        "propose": policies.can_propose(person, thing),
        "decide": policies.can_decide(person, thing),
        "approve": policies.can_approve(person, thing),
        "retire_form": form,
    }
    return render(request, "operations/object.html", page, status=status)


def _facts(thing: ManagedObject) -> list[tuple[str, object]]:
    return [
        (_("Code"), thing.code),
        (_("Kind"), thing.get_kind_display()),
        (_("Criticality"), thing.get_criticality_display()),
        (_("Vendor"), thing.vendor),
        (_("Version"), thing.version),
        (_("Location"), thing.location),
        (_("Owner unit"), thing.owner_unit and thing.owner_unit.label),
        (_("In service from"), thing.in_service_from and thing.in_service_from.isoformat()),
        (_("Retired on"), thing.retired_on and thing.retired_on.isoformat()),
    ]
