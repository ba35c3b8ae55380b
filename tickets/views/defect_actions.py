"""The pages of the acts on a defect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.models import User
from tickets import candidates, current
from tickets.actions import DEFECT_ACTIONS
from tickets.models import Defect
from tickets.views.defects import action_context, find_defect
from workflow.actions import Action
from workflow.models import FlowRecord
from workflow.views import ActionView

Find = Callable[[Defect, User, str], list[Defect]]
# Acts that choose another defect: the field, and where its candidates come from.
PICKERS: dict[str, tuple[str, Find]] = {
    "merge": ("parent", candidates.for_merging),
    "link": ("target", candidates.for_linking),
}


class DefectActionView(ActionView):
    """``/defects/<key>/do/<action>/``."""

    actions = DEFECT_ACTIONS

    def find(self, key: str) -> Defect:
        """The visible defect, or 404."""
        return find_defect(self.person, key)

    def record_url(self, record: FlowRecord) -> str:
        """The defect's page."""
        return cast("Defect", record).get_absolute_url()

    def context(self, record: FlowRecord, action: Action) -> dict[str, Any]:
        """The defect beside the form, and the candidates where another one is to be chosen."""
        page = action_context(self.person, cast("Defect", record), action.code)
        if picker := PICKERS.get(action.code):
            page["picker"] = self._picker(cast("Defect", record), *picker)
        return page

    def _picker(self, defect: Defect, name: str, find: Find) -> dict[str, Any]:
        """Candidates for the field ``name``; one chosen already stays among them."""
        text = self.request.GET.get("q", "")
        chosen = self.request.POST.get(name, "")
        found = find(defect, self.person, text)
        if chosen and chosen not in [each.number for each in found]:
            rows = Defect.objects.visible_to(self.person).filter(number=chosen)
            found = [*rows.select_related("unit", "reporter"), *found]
        return {"name": name, "q": text, "chosen": chosen, "rows": found, "most": candidates.SHOWN}

    def post(self, request: HttpRequest, key: str, action: str) -> HttpResponse:
        """Do it, then warn where something is still missing."""
        response = super().post(request, key, action)
        if response.status_code == 302 and action == "reply":
            self._warn_unacknowledged(request, key)
        return response

    def _warn_unacknowledged(self, request: HttpRequest, key: str) -> None:
        report = current.report_upward(self.find(key))
        if report and not report.is_acknowledged:
            messages.warning(
                request, _("The superior department has not yet acknowledged the report.")
            )
