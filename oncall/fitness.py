"""Whether somebody can stand a shift at all: in service, and with a telephone that can ring."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import DESK_ROLES

FEWEST_DIGITS, MOST_DIGITS = 7, 15


class Unfit(models.TextChoices):
    """Why somebody cannot be on call (R11, R14)."""

    NOT_IN_SERVICE = "not_in_service", _("Only active people of the service desk can be on call.")
    NO_PHONE = "no_phone", _("This person has no valid phone number.")


def unfit(person: User) -> Unfit | None:
    """The reason why ``person`` cannot be on call, or None (R14)."""
    if not person.is_active or person.roles.isdisjoint(DESK_ROLES):
        return Unfit.NOT_IN_SERVICE
    digits = sum(character.isdigit() for character in person.phone)
    return None if FEWEST_DIGITS <= digits <= MOST_DIGITS else Unfit.NO_PHONE
