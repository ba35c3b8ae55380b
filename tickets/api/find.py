"""Finding a record by the name it has in addresses."""

from __future__ import annotations

from accounts.models import User
from tickets.models import Consultation, Defect
from workflow.errors import NotFound

DRAFT = "draft-"


def find_defect(user: User, key: str) -> Defect:
    """By number, or ``draft-<id>``, among what ``user`` may see; raises ``NotFound``."""
    rows = Defect.objects.visible_to(user).select_related("unit", "reporter", "holder")
    if key.startswith(DRAFT):
        draft = key.removeprefix(DRAFT)
        usable = draft.isdecimal() and len(draft) < 19
        rows = rows.filter(pk=int(draft), number=None) if usable else rows.none()
    else:
        rows = rows.filter(number=key)
    found: Defect | None = rows.first()
    if found is None:
        raise NotFound
    return found


def find_consultation(user: User, key: str) -> Consultation:
    """By number, among what ``user`` may see; raises ``NotFound``."""
    rows = Consultation.objects.visible_to(user).select_related(
        "unit", "caller", "holder", "agent", "source_defect__reporter", "objection"
    )
    found: Consultation | None = rows.filter(number=key).first()
    if found is None:
        raise NotFound
    return found
