"""Actors that are not people."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SystemActor:
    """A part of the product that acts by itself, such as the clock engine.

    Services take an explicit actor, never None; this is the one for jobs.
    """

    code: str
    name: str

    audit_kind = "system"

    @property
    def audit_key(self) -> str:
        """Stable key in the audit trail."""
        return f"system:{self.code}"

    @property
    def audit_name(self) -> str:
        """Name shown in the audit trail."""
        return self.name


CLOCK_ENGINE = SystemActor("sla", "SLA engine")
PAGING_ENGINE = SystemActor("oncall", "Paging engine")
IMPROVEMENT_ENGINE = SystemActor("improvements", "Improvement reminders")
OUTBOX_ENGINE = SystemActor("notifications", "Message outbox")
DEFECT_ENGINE = SystemActor("tickets", "Defect follow-ups")
SETUP = SystemActor("setup", "Set-up")
TICKET_ENGINE = SystemActor("tickets", "Ticket engine")
