"""Which incidents a person may see, typed."""

from __future__ import annotations

from django.db import models

from accounts.models import User
from incidents.models import Incident


def visible_incidents(user: User) -> models.QuerySet[Incident]:
    """The incidents ``user`` may see; every page, list and service starts here."""
    found: models.QuerySet[Incident] = Incident.objects.visible_to(user)
    return found
