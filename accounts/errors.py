"""What can go wrong with accounts."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied


class RoleClash(Exception):
    """One person may not hold these roles together."""


class WorkLeft(Exception):
    """The account still has open work: it is handed over first (409, I16)."""


class NotForThisPerson(PermissionDenied):
    """The policy says this administrator may not (403)."""
