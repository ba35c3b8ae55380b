"""Which incidents a person may see, typed."""

from __future__ import annotations

from django.db import models

from accounts.models import User
from incidents.models import Incident


def visible_incidents(user: User) -> models.QuerySet[Incident]:
    """The incidents ``user`` may see; every page, list and service starts here."""
    found: models.QuerySet[Incident] = Incident.objects.visible_to(user)
    return found


def may_see(user: User, number: str) -> bool:
    """May ``user`` see the incident with this number, and so its clocks?"""
    return visible_incidents(user).filter(number=number).exists()
