"""What people fill in, as the services take it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from operations.models import ManagedObject
from tickets.models import Defect
from workflow.decisions import Text
from workflow.errors import InvalidInput
from workflow.texts import says_something

SAY_MORE = _("Please say it in words, at least 5 characters.")


@dataclass(frozen=True)
class DefectInput:
    """The submission form (document 5.6). ``found_at`` is UTC; a draft needs only a title."""

    title: str
    phenomenon: str = ""
    managed_object: ManagedObject | None = None
    contact_phone: str = ""
    module: str = ""
    found_at: datetime | None = None
    operation_steps: str = ""
    expected_result: str = ""
    actual_result: str = ""
    impact: str = ""
    reproducible: str = ""
    environment: str = ""
    urgency: str = Defect.Urgency.S3
    assigning_customer: str = ""


@dataclass(frozen=True)
class SolutionInput:
    """One version of a solution (R42). ``planned_at`` is UTC; kinds as in ``CHANGE_KINDS``."""

    cause: str
    measures: str
    impact: str
    risk: str
    rollback_plan: str
    testing: str
    planned_at: datetime
    planned_implementer: User
    change_kinds: list[str] = field(default_factory=list)
    # R31, R41: the class of the root cause and the module concerned.
    cause_class: str = ""
    module: str = ""


@dataclass(frozen=True)
class ChangeInput:
    """What the implementer notes about a change (R48, document 5.4)."""

    kind: str
    reason: str
    before: str
    after: str
    result: str = "success"
    level: str = "ordinary"


# Which kinds of change a solution may need (R31).
CHANGE_KINDS = {
    "program": _("Program"),
    "parameter": _("Parameter"),
    "data": _("Data"),
    "infrastructure": _("Infrastructure"),
    "none": _("No change"),
}


def require(texts: Iterable[tuple[str, str]]) -> None:
    """Raise ``InvalidInput`` naming every (field, text) that does not say something."""
    wrong: dict[str, Text] = {name: SAY_MORE for name, text in texts if not says_something(text)}
    if wrong:
        raise InvalidInput(wrong)
