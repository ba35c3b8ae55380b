"""Who may see the clocks of a record: the room of the record says so, by its kind."""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import User

# May this person see the record with this number?
MaySee = Callable[[User, str], bool]

_scopes: dict[str, MaySee] = {}


def records_of(kind: str, may_see: MaySee) -> None:
    """Ask ``may_see`` about records of ``kind``; called in ``AppConfig.ready``."""
    _scopes[kind] = may_see


def known_kinds() -> set[str]:
    """Kinds of records whose room has registered."""
    return set(_scopes)


def may_see(user: User, kind: str, subject: str) -> bool:
    """May this person see the clocks of the record? Nobody, where no room has registered."""
    asked = _scopes.get(kind)
    return asked is not None and asked(user, subject)
