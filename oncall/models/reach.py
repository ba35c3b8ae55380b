"""How a person wants to be reached besides the telephone call, and the weekly trial."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class Reach(models.Model):
    """What a person gets on every rung besides what the ladder says; calls are never less."""

    person = models.OneToOneField(User, models.CASCADE, related_name="+")
    by_sms = models.BooleanField(_("text message with a link"), default=False)
    by_message = models.BooleanField(_("message in the desk and by e-mail"), default=False)
    by_robot = models.BooleanField(_("mention in the chat group"), default=False)

    def __str__(self) -> str:
        return str(self.person)


class Canary(models.Model):
    """When the next trial page goes out: one row, ``next_at`` (UTC) is its due column."""

    next_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.next_at:%Y-%m-%d %H:%M}"
