"""Pages: calls for a human, repeated until one answers."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from oncall.models.ladder import Urgency
from workflow.models import ScopedQuerySet


class PageQuerySet(ScopedQuerySet):
    """Pages; the desk sees all, others those that call them."""

    def visible_to_person(self, user: User) -> Self:
        """Desk: all. Anybody else: pages on which they were called."""
        if user.is_desk:
            return self
        from oncall.models.attempt import Attempt

        return self.filter(Exists(Attempt.objects.filter(page=OuterRef("pk"), person=user)))


class Page(models.Model):
    """A call for a human, repeated up a ladder until one answers (R14, R16).

    ``next_step_at`` is the due column: set while the page is open. ``ladder`` is the snapshot of
    the escalation ladder taken at the start (``oncall.ladder``), with ``urgency`` and
    ``ladder_version`` saying which one it was (0 is the one that ships), ``rounds`` and
    ``rearm_seconds`` as there. ``rearm_at`` is the due column of a page that was taken: when
    nothing has been done about its record by then, it calls again from rung ``starts[-1]`` on.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Calling")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        CLOSED = "closed", _("Closed")

    class Kind(models.TextChoices):
        ALARM = "alarm", _("Alarm")
        TEST = "test", _("Test call")
        CANARY = "canary", _("Weekly trial")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.ALARM)
    key = models.CharField(_("reason key"), max_length=120)
    subject = models.CharField(_("record"), max_length=24, db_index=True)
    title = models.CharField(_("title"), max_length=200)
    # Spoken texts by language code.
    texts = models.JSONField(_("texts"), default=dict)
    url = models.CharField(_("link"), max_length=200, blank=True)
    is_drill = models.BooleanField(_("drill"), default=False)
    is_demo = models.BooleanField(default=False)
    urgency = models.CharField(
        _("ladder"), max_length=10, choices=Urgency.choices, default=Urgency.URGENT
    )
    ladder_version = models.PositiveIntegerField(_("version of the ladder"), default=0)
    ladder = models.JSONField(default=list)
    rounds = models.PositiveSmallIntegerField(default=0)
    rearm_seconds = models.PositiveIntegerField(default=0)
    rearm_at = models.DateTimeField(_("calls again at"), null=True)
    # Rungs at which the ladder began anew.
    starts = models.JSONField(default=list)
    step_index = models.PositiveIntegerField(default=0)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.OPEN)
    started_at = models.DateTimeField(_("started at"))
    next_step_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True)
    acknowledged_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("acknowledged by"), null=True, related_name="+"
    )
    acknowledged_via = models.CharField(_("how"), max_length=10, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)

    objects: ClassVar[PageQuerySet] = PageQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["-started_at", "-pk"]
        constraints: ClassVar = [
            # The same reason rings once at a time.
            models.UniqueConstraint(
                fields=["key"], condition=Q(state="open"), name="oncall_page_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "acknowledged", "closed"]),
                name="oncall_page_state",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(next_step_at__isnull=True),
                name="oncall_only_open_pages_ring",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_step_at"], condition=Q(state="open"), name="oncall_page_due"
            ),
            models.Index(
                fields=["rearm_at"], condition=Q(rearm_at__isnull=False), name="oncall_page_rearm"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.about}"

    @property
    def about(self) -> str:
        """The title where the record's number stands beside it already."""
        return self.title.removeprefix(self.subject).strip() or self.title

    @property
    def waited(self) -> timedelta | None:
        """How long it called before a human took it or it was closed; None while it calls."""
        end = self.acknowledged_at or self.closed_at
        return end - self.started_at if end else None
