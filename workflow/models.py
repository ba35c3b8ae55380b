"""What every record that moves through states has in common."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMModelMixin

from accounts.acting import stand_ins
from accounts.actors import SystemActor
from accounts.models import User


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows of which every person sees a part: subclasses say which."""

    def visible_to(self, actor: User | SystemActor) -> Self:
        """The rows ``actor`` may see; every page, API, count and search starts here."""
        if isinstance(actor, SystemActor):
            return self
        if not actor.is_active:
            return self.none()
        rows = self.visible_to_person(actor)
        # The desk sees everything; outside it, whoever stands in sees with the other's roles (I15).
        for double in [] if actor.is_desk or actor.is_admin else stand_ins(actor):
            rows = rows | self.visible_to_person(double)
        return rows

    def visible_to_person(self, user: User) -> Self:
        """The rows a person may see."""
        raise NotImplementedError


class FlowRecord(FSMModelMixin, models.Model):
    """A record with a state, a holder and a row version.

    Subclasses add ``state`` (a protected FSM field) and ``number``. ``holder_role`` and ``holder``
    say in whose hands it is; ``state_since`` since when (UTC).
    """

    row_version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created at"))
    state_since = models.DateTimeField(_("in this state since"))
    holder_role = models.CharField(_("held by role"), max_length=20, blank=True)
    holder = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("held by"), null=True, blank=True, related_name="+"
    )
    is_demo = models.BooleanField(_("demonstration record"), default=False)

    class Meta:
        abstract = True

    @property
    def label(self) -> str:
        """What people call the record: its number."""
        raise NotImplementedError

    def held_by(self, role: str, person: User | None = None) -> None:
        """Put the record into the hands of a role, or of a person in that role."""
        self.holder_role, self.holder = role, person

    def held_by_nobody(self) -> None:
        """The record has reached its end."""
        self.holder_role, self.holder = "", None
