"""Calendar feeds of a roster, read by calendar programs without a log-in."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from workflow.models import ScopedQuerySet


class FeedQuerySet(ScopedQuerySet):
    """Feeds; only the owner knows of them."""

    def visible_to_person(self, user: User) -> Self:
        """One's own."""
        return self.filter(owner=user)

    def standing(self) -> Self:
        """Not revoked."""
        return self.filter(revoked_at=None)


class RosterFeed(models.Model):
    """A secret address under which a calendar program reads shifts (R11, R14). UTC.

    ``key`` finds the row; the secret itself is kept only as ``token_hash`` (SHA-256 of 256 random
    bits) and compared in constant time.
    """

    class Scope(models.TextChoices):
        MINE = "mine", _("My shifts")
        ON_CALL = "on_call", _("On-call mobile: everybody")
        HOTLINE = "hotline", _("Hotline: everybody")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, models.PROTECT, verbose_name=_("owner"), related_name="+")
    scope = models.CharField(_("shifts"), max_length=8, choices=Scope.choices)
    token_hash = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField(_("made at"))
    read_at = models.DateTimeField(_("last read"), null=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True)

    objects: ClassVar[FeedQuerySet] = FeedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        ordering = ["scope", "-made_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "scope"],
                condition=models.Q(revoked_at=None),
                name="oncall_feed_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.owner} {self.scope}"
