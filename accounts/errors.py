"""What can go wrong with accounts."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied


class RoleClash(Exception):
    """One person may not hold these roles together."""


class StillInUse(Exception):
    """The unit cannot be closed or moved so (409); the sentence says why."""


class WorkLeft(Exception):
    """The account still has open work: it is handed over first (409, I16)."""


class NotForThisPerson(PermissionDenied):
    """The policy says this administrator may not (403)."""
