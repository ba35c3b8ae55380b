"""What can go wrong with accounts."""

from __future__ import annotations


class RoleClash(Exception):
    """One person may not hold these roles together."""
