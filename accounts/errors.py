"""What can go wrong with accounts."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied


class RoleClash(Exception):
    """One person may not hold these roles together."""


class NotForThisPerson(PermissionDenied):
    """The policy says this administrator may not (403)."""
