"""Escalation ladders: what is in force, and a new version."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.roles import Role
from oncall import ladder
from oncall.ladder_form import LadderForm, StepFormSet, initial_rows
from oncall.ladder_page import lines
from oncall.models import LadderVersion, Urgency
from oncall.policies import DESK, can_change_ladders
from oncall.services.ladders import change_ladder, in_force
from workflow.errors import InvalidInput, StaleVersion

READERS = (*DESK, Role.SYSADMIN.value)
EDITORS = (Role.SUPERVISOR.value, Role.SYSADMIN.value)


class LaddersView(SignedInMixin, View):
    """The three ladders in force, and who changed them when and why."""

    roles = READERS

    def get(self, request: HttpRequest) -> HttpResponse:
        """Steps with their times, and all versions."""
        versions = LadderVersion.objects.visible_to(self.person).select_related("created_by")
        page = {
            "ladders": [_shown(urgency) for urgency in Urgency],
            "versions": versions.order_by("-created_at", "-pk")[:50],
            "may_change": bool(can_change_ladders(self.person)),
        }
        return render(request, "oncall/ladders.html", page)


class LadderEditView(SignedInMixin, View):
    """A new version of one ladder."""

    roles = EDITORS

    def get(self, request: HttpRequest, urgency: str) -> HttpResponse:
        """The form, filled with what is in force."""
        version, present = _known(urgency)
        form = LadderForm(
            initial={
                "rounds": present.rounds,
                "rearm_minutes": present.rearm_seconds // 60,
                "version": version,
            }
        )
        rows = StepFormSet(initial=initial_rows(present), prefix="step")
        return self.page(urgency, form, rows)

    def post(self, request: HttpRequest, urgency: str) -> HttpResponse:
        """Put it in force; what is wrong stands beside its field."""
        _known(urgency)
        form, rows = LadderForm(request.POST), StepFormSet(request.POST, prefix="step")
        if not (form.is_valid() & rows.is_valid()):
            return self.page(urgency, form, rows, status=422)
        try:
            self.save(urgency, form, rows)
        except InvalidInput as refusal:
            for name, message in refusal.fields.items():
                form.add_error(name if name in form.fields else None, str(message))
            return self.page(urgency, form, rows, status=422)
        except StaleVersion as refusal:
            form.add_error(None, str(refusal.message))
            return self.page(urgency, form, rows, status=409)
        messages.success(request, _("The new ladder is in force for pages that start from now on."))
        return redirect("oncall:ladders")

    def save(self, urgency: str, form: LadderForm, rows: Any) -> None:
        """Hand it to the service."""
        given = form.cleaned_data
        steps = tuple(row.step for row in rows if row.step is not None)
        change_ladder(
            actor=self.person,
            urgency=urgency,
            version=given["version"],
            new=ladder.Ladder(steps, given["rounds"], given["rearm_minutes"] * 60),
            reason=given["reason"],
            now=timezone.now(),
        )

    def page(self, urgency: str, form: LadderForm, rows: Any, status: int = 200) -> HttpResponse:
        """The form as it stands."""
        page = {"form": form, "rows": rows, "urgency": Urgency(urgency), "crumbs": _crumbs()}
        return render(self.request, "oncall/ladder_edit.html", page, status=status)


def _known(urgency: str) -> tuple[int, ladder.Ladder]:
    if urgency not in Urgency.values:
        raise Http404
    return in_force(urgency)


def _shown(urgency: Urgency) -> dict[str, Any]:
    version, present = in_force(urgency)
    return {
        "urgency": urgency,
        "version": version,
        "lines": lines(present),
        "rounds": present.rounds,
        "rearm_minutes": present.rearm_seconds // 60,
    }


def _crumbs() -> list[dict[str, Any]]:
    from django.urls import reverse

    return [{"label": _("Escalation ladders"), "url": reverse("oncall:ladders")}]
