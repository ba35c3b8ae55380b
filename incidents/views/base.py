"""What the pages of incidents share."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.roles import BUSINESS_ROLES
from incidents.models import Incident
from incidents.scope import visible_incidents

RELATED = (
    "managed_object", "unit", "holder__organisation", "commitment__agreement", "merged_into",
)  # fmt: skip
PEOPLE = ("reporter", "acknowledged_by", "declared_by", "resolved_by", "confirmed_by")


def act_url(number: str, code: str) -> str:
    """Address of one act."""
    return reverse("incidents:act", args=[number, code])


class BusinessView(SignedInMixin, View):
    """For everybody but the three administrators."""

    roles = BUSINESS_ROLES

    def incidents(self) -> models.QuerySet[Incident]:
        """What this person may see, with what pages show of it."""
        return visible_incidents(self.person).select_related(*RELATED)
