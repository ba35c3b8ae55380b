"""Which role a policy leaned on: every transition stores the role used (domain section 2).

``User.has_role`` answers the policies of every room. While a policy is being asked, the roles for
which it answered yes are noted here, so that no policy and no service has to repeat them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_noted: ContextVar[list[tuple[int, str]] | None] = ContextVar("roles_noted", default=None)


@contextmanager
def noting_roles() -> Iterator[list[tuple[int, str]]]:
    """Pairs (id of a person, role found) asked for inside the block, in order."""
    found: list[tuple[int, str]] = []
    token = _noted.set(found)
    try:
        yield found
    finally:
        _noted.reset(token)


def note(person: int, role: str) -> None:
    """Called by ``has_role`` when it says yes."""
    found = _noted.get()
    if found is not None:
        found.append((person, role))
