"""To the technical or business side, and back to it (D5, D6, D8, D15–D21, D27, D28)."""

from __future__ import annotations

from accounts.roles import Role
from tickets.models import Defect
from tickets.models.defect_states import DefectState

ROUTE_ROLE = {DefectState.TECH_PROCESSING: Role.TECH, DefectState.BIZ_PROCESSING: Role.BIZ}


def hold_by_assignee(defect: Defect) -> None:
    """In the hands of the assignee, in the role of the side on which it stands."""
    defect.held_by(ROUTE_ROLE[DefectState(defect.state)], defect.assignee)


def return_to_assignee(defect: Defect) -> None:
    """Back to the side from which it came (D15, D16, D18, D20, D21b, D27)."""
    defect.back_to_processing()
    defect.implementer = None
    hold_by_assignee(defect)
