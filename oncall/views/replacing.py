"""Somebody else stands in for a part of a shift."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from oncall.addresses import roster_at
from oncall.fair_share import points_hint
from oncall.forms import ReplaceForm, replacing
from oncall.models import Shift
from oncall.policies import ROSTER_READERS, can_plan_shifts
from oncall.services.replacing import replace_on_shift
from workflow.durations import stamp
from workflow.errors import InvalidInput, NotAllowed


class ReplaceView(SignedInMixin, View):
    """Who stands in, from when to when, and why; supervisors only."""

    roles = ROSTER_READERS

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form, filled with what is still to come of the shift."""
        shift = self.find(pk)
        lane = request.GET.get("lane", "primary")
        return self.page(
            shift, ReplaceForm(initial={**replacing(shift, timezone.now()), "lane": lane})
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Replace; what is wrong stands beside its field."""
        shift, form = self.find(pk), ReplaceForm(request.POST)
        if not form.is_valid():
            return self.page(shift, form, status=422)
        try:
            changed = replace_on_shift(
                shift=shift, actor=self.person, now=timezone.now(), **form.cleaned_data
            )
        except InvalidInput as refusal:
            for name, message in refusal.fields.items():
                form.add_error(name if name in form.fields else None, str(message))
            return self.page(shift, form, status=422)
        words = _("%(person)s stands in from %(start)s to %(end)s.") % {
            "person": form.cleaned_data["person"].name,
            "start": stamp(changed.starts_at), "end": stamp(changed.ends_at),
        }  # fmt: skip
        messages.success(request, words)
        return redirect(self.back(changed))

    def find(self, pk: int) -> Shift:
        """The shift, if this person plans."""
        decision = can_plan_shifts(self.person)
        if not decision:
            raise NotAllowed(decision)
        rows = Shift.objects.visible_to(self.person).select_related("primary", "backup")
        shift: Shift = get_object_or_404(rows, pk=pk)
        return shift

    def page(self, shift: Shift, form: ReplaceForm, status: int = 200) -> HttpResponse:
        """The form as it stands."""
        day, now = timezone.localdate(shift.starts_at), timezone.now()
        form.fields["person"].help_text = points_hint(shift.roster, day, now)
        page: dict[str, Any] = {
            "shift": shift, "form": form, "back": self.back(shift),
            "crumbs": [{"label": _("Roster"), "url": self.back(shift)}],
        }  # fmt: skip
        return render(self.request, "oncall/roster_replace.html", page, status=status)

    def back(self, shift: Shift) -> str:
        """The roster where the shift is seen, as a week or as the month one came from."""
        monthly = self.request.GET.get("view") == "month"
        return roster_at(shift.roster, timezone.localdate(shift.starts_at), monthly=monthly)
