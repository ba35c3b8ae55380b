"""Everything that can be done to an incident, listed once for pages, API and tests."""

from __future__ import annotations

from incidents.actions.assessing import ASSESSING
from incidents.actions.documents import DOCUMENTS
from incidents.actions.handling import HANDLING
from incidents.actions.labels import TIMELINE_LABELS
from incidents.actions.origin import ORIGIN
from incidents.actions.resolving import RESOLVING
from incidents.actions.reviewing import REVIEWING
from incidents.actions.severity import SEVERITY
from workflow.actions import ActionSet

INCIDENT_ACTIONS = ActionSet(
    "incident", [*ASSESSING, *SEVERITY, *HANDLING, *DOCUMENTS, *RESOLVING, *REVIEWING, *ORIGIN]
)

__all__ = ["INCIDENT_ACTIONS", "TIMELINE_LABELS"]
