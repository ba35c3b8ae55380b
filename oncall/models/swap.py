"""Swaps: duties that two people exchange, with the consent of both."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from accounts.models import User
from accounts.roles import Role
from oncall.models.shift import Roster
from workflow.models import ScopedQuerySet


class Lane(models.TextChoices):
    """The two places of a shift."""

    PRIMARY = "primary", _("Primary")
    BACKUP = "backup", _("Backup")


class SwapQuerySet(ScopedQuerySet):
    """Swaps; the two who exchange, and those who answer for the roster."""

    def visible_to_person(self, user: User) -> Self:
        """Supervisors and managers: all; the desk's people: their own."""
        if user.has_role(Role.SUPERVISOR, Role.MANAGER):
            return self
        return self.filter(Q(proposer=user) | Q(colleague=user)) if user.is_desk else self.none()

    def offered(self) -> Self:
        """Waiting for the colleague."""
        return self.filter(state=Swap.State.OFFERED)


class Swap(FSMModelMixin, models.Model):
    """``proposer`` offers a part of a duty to ``colleague``, for nothing or for a duty back (R14).

    Duties are named by roster, place and time (UTC), not by a shift's key: a shift that is cut
    elsewhere is still the same duty. ``look_at`` is the due column: set while it is offered.
    """

    class State(models.TextChoices):
        OFFERED = "offered", _("Waiting for consent")
        AGREED = "agreed", _("Agreed")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        LAPSED = "lapsed", _("Lapsed")

    class Ending(models.TextChoices):
        BEGUN = "begun", _("The time began before it was answered.")
        CHANGED = "changed", _("The roster was changed.")

    proposer = models.ForeignKey(User, models.PROTECT, verbose_name=_("offers"), related_name="+")
    colleague = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("is asked"), related_name="+"
    )
    roster = models.CharField(_("roster"), max_length=10, choices=Roster.choices)
    lane = models.CharField(_("place"), max_length=8, choices=Lane.choices)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    back_roster = models.CharField(max_length=10, choices=Roster.choices, blank=True)
    back_lane = models.CharField(max_length=8, choices=Lane.choices, blank=True)
    back_starts_at = models.DateTimeField(null=True)
    back_ends_at = models.DateTimeField(null=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    state = FSMField(
        _("state"), max_length=10, choices=State.choices, default=State.OFFERED, protected=True
    )
    offered_at = models.DateTimeField(_("offered at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    ending = models.CharField(max_length=8, choices=Ending.choices, blank=True)
    look_at = models.DateTimeField(null=True, db_index=True)

    objects: ClassVar[SwapQuerySet] = SwapQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("swap")
        verbose_name_plural = _("swaps")
        ordering = ["-offered_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="oncall_swap_order"
            ),
            models.CheckConstraint(
                condition=~Q(proposer=F("colleague")), name="oncall_swap_two_people"
            ),
            models.CheckConstraint(
                condition=Q(state="offered", look_at__isnull=False, ended_at=None)
                | Q(~Q(state="offered"), look_at=None, ended_at__isnull=False),
                name="oncall_swap_looked_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposer} → {self.colleague} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def has_return(self) -> bool:
        """A duty against a duty."""
        return self.back_starts_at is not None

    @property
    def begins(self) -> datetime:
        """The first moment of either duty (UTC): consent must come before."""
        return min(filter(None, [self.starts_at, self.back_starts_at]))

    def _end(self, now: datetime, ending: str = "") -> None:
        self.ended_at, self.look_at, self.ending = now, None, ending

    @transition(field=state, source=State.OFFERED, target=State.AGREED)
    def agree(self, now: datetime) -> None:
        """The colleague consents."""
        self._end(now)

    @transition(field=state, source=State.OFFERED, target=State.DECLINED)
    def decline(self, now: datetime) -> None:
        """The colleague does not."""
        self._end(now)

    @transition(field=state, source=State.OFFERED, target=State.WITHDRAWN)
    def withdraw(self, now: datetime) -> None:
        """The proposer thinks better of it."""
        self._end(now)

    @transition(field=state, source=State.OFFERED, target=State.LAPSED)
    def lapse(self, now: datetime, ending: str) -> None:
        """It began, or the roster was changed."""
        self._end(now, ending)
