"""How a person wants to be reached besides the telephone call, and the weekly trial."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from oncall.models.ladder import Urgency


class Reach(models.Model):
    """What a person gets on every rung of one urgency's pages besides what the ladder says.

    ``channels`` are codes of ``oncall.ladder.WISHES``; calls are never less.
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    urgency = models.CharField(_("for"), max_length=10, choices=Urgency.choices)
    channels = models.JSONField(_("channels"), default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "urgency"], name="oncall_reach_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.urgency}"


class Canary(models.Model):
    """When the next trial page goes out: one row, ``next_at`` (UTC) is its due column."""

    next_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.next_at:%Y-%m-%d %H:%M}"
