"""Counters behind record numbers."""

from __future__ import annotations

from django.db import models


class Counter(models.Model):
    """Last number given out for a prefix on a Beijing day (I05)."""

    prefix = models.CharField(max_length=8)
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prefix", "day"], name="numbering_counter_once"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.day:%Y%m%d}: {self.last}"
