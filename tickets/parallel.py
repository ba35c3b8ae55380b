"""What runs beside the steps of a defect, for its page: opinions, rulings, decisions, emergency."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from accounts.roles import Role
from tickets.models import (
    Defect,
    EmergencyRelease,
    GroupOpinion,
    Reclassification,
    SolutionDraft,
    SuperiorDecision,
    Unsolvable,
)
from tickets.services.inputs import CHANGE_KINDS
from workflow.decisions import Text
from workflow.durations import stamp


class Parallel:
    """For the desk everything; for the superior department its own decisions and the statement."""

    def __init__(self, defect: Defect, user: User) -> None:
        self.defect = defect
        self.is_desk = user.is_desk
        self.sees_decisions = user.is_desk or user.has_role(Role.SUPERIOR)

    @cached_property
    def opinions(self) -> list[GroupOpinion]:
        """Groups that were asked, with their answers; questions taken back are left out."""
        rows = GroupOpinion.objects.filter(defect=self.defect, removed_at=None)
        return self._of_desk(rows.select_related("group", "asked_by", "answered_by"))

    @cached_property
    def reclassifications(self) -> list[Reclassification]:
        """Changes of side, newest first."""
        rows = Reclassification.objects.filter(defect=self.defect).order_by("-proposed_at")
        return self._of_desk(rows.select_related("proposed_by", "decided_by"))

    @cached_property
    def statements(self) -> list[Unsolvable]:
        """Statements that it cannot be solved, newest first."""
        rows = Unsolvable.objects.filter(defect=self.defect).order_by("-proposed_at")
        return self._of_desk(rows.select_related("proposed_by", "decided_by"))

    @cached_property
    def releases(self) -> list[EmergencyRelease]:
        """Emergency releases, newest first."""
        rows = EmergencyRelease.objects.filter(defect=self.defect).order_by("-recorded_at")
        return self._of_desk(rows.select_related("recorded_by", "sign_off__supervisor", "solution"))

    @cached_property
    def decisions(self) -> list[SuperiorDecision]:
        """What the superior department decided, newest first."""
        if not self.sees_decisions:
            return []
        rows = SuperiorDecision.objects.filter(defect=self.defect).order_by("-decided_at")
        return list(rows.select_related("decided_by"))

    @cached_property
    def drafts(self) -> list[dict[str, Any]]:
        """Plans that were never sent, each with its parts; read-only once the side changed (D8)."""
        rows = SolutionDraft.objects.filter(defect=self.defect).order_by("-saved_at")
        rows = rows.select_related("author")
        return [{"draft": row, "parts": _parts(row)} for row in self._of_desk(rows)]

    def _of_desk(self, rows: QuerySet[Any]) -> list[Any]:
        return list(rows) if self.is_desk else []


def _parts(draft: SolutionDraft) -> list[tuple[Text, Any]]:
    from tickets.forms.solutions import PlanForm

    parts: list[tuple[Text, Any]] = []
    for name, field in PlanForm.base_fields.items():
        value = draft.content.get(name)
        if value in (None, "", []):
            continue
        if name == "planned_implementer":
            person = User.objects.filter(pk=value).first()
            value = person.name if person else value
        elif name == "change_kinds":
            value = ", ".join(str(CHANGE_KINDS.get(kind, kind)) for kind in value)
        elif name == "cause_class":
            value = dict(Defect.CauseClass.choices).get(value, value)
        elif name == "planned_at":
            value = stamp(value) if not isinstance(value, str) else value[:16].replace("T", " ")
        parts.append((field.label or name, value))
    return parts
