"""Who may see the clocks of a record: the room of the record says so, by its kind."""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import User
from sla.models import Commitment
from workflow.errors import NotFound

# May this person see the record with this number?
MaySee = Callable[[User, str], bool]

_scopes: dict[str, MaySee] = {}


def records_of(kind: str, may_see: MaySee) -> None:
    """Ask ``may_see`` about records of ``kind``; called in ``AppConfig.ready``."""
    _scopes[kind] = may_see


def visible_commitment(user: User, subject: str) -> Commitment:
    """The clocks of the record ``subject``; raises ``NotFound`` when the record is out of scope.

    Records of a kind nobody has registered are seen by nobody.
    """
    commitment = Commitment.objects.select_related("agreement").filter(subject=subject).first()
    may_see = _scopes.get(commitment.kind) if commitment else None
    if commitment is None or may_see is None or not may_see(user, subject):
        raise NotFound
    return commitment
