"""The pages of the acts on a defect."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tickets import current
from tickets.actions import DEFECT_ACTIONS
from tickets.models import Defect
from tickets.views.defects import action_context, find_defect
from workflow.actions import Action
from workflow.models import FlowRecord
from workflow.views import ActionView


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
        """The defect beside the form."""
        return action_context(self.person, cast("Defect", record), action.code)

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
