"""What can go wrong with the trail."""

from __future__ import annotations


class AppendOnlyError(Exception):
    """Somebody tried to change or remove an audit event."""

    def __init__(self) -> None:
        super().__init__("the audit trail is append-only")


class NoUnitOfWork(Exception):
    """An event was recorded outside a unit of work."""
