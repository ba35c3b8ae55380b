"""What leads to a defect's end or ties it to others: due rows, requests, links (D24-D33, R41)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets.models.defects import Defect
from workflow.corrections import CorrectionNote


class FollowUp(models.Model):
    """What the desk does by itself with a defect, when ``due_at`` has come (D1, D24).

    ``obstacle`` says why it could not be done when it was first due; it is tried again.
    """

    class Kind(models.TextChoices):
        REMIND = "remind", _("Reminder that a reply waits to be accepted")
        CLOSE = "close", _("Automatic closing")
        DISCARD = "discard", _("Deletion of a draft")

    # The calendar of the year is not loaded: ``due_at`` is only when to look again.
    NO_CALENDAR = "calendar"

    defect = models.ForeignKey(Defect, models.CASCADE, related_name="follow_ups")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    cycle = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField(_("due at"))
    obstacle = models.CharField(max_length=20, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["defect", "cycle", "kind"], name="tickets_follow_up_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=Q(done_at=None), name="tickets_follow_up_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.defect} {self.kind}"


class EndRequest(models.Model):
    """Asking for an end that another person must agree to (D29 in processing, D33)."""

    class Kind(models.TextChoices):
        WITHDRAW = "withdraw", _("Withdrawal")
        VOID = "void", _("Voiding")

    class Cause(models.TextChoices):
        TEST = "test", _("Test entry")
        ERROR = "error", _("Entered by mistake")

    class State(models.TextChoices):
        OPEN = "open", _("Asked for")
        AGREED = "agreed", _("Agreed")
        DECLINED = "declined", _("Declined")

    defect = models.ForeignKey(Defect, models.PROTECT, related_name="end_requests")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    cause = models.CharField(_("cause"), max_length=10, choices=Cause.choices, blank=True)
    reason = models.TextField(_("reason"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    asked_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("asked by"), related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    decided_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("decided by"), null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    opinion = models.TextField(_("opinion"), blank=True)

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering: ClassVar = ["asked_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["defect", "kind"], condition=Q(state="open"), name="tickets_request_open"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_by__isnull=True)
                | (Q(state__in=["agreed", "declined"]) & ~Q(decided_by=F("asked_by"))),
                name="tickets_request_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.defect} {self.kind}"


class DefectLink(models.Model):
    """A tie between two defects, read from either side (R41)."""

    class Kind(models.TextChoices):
        RELATED = "related", _("Related to")
        DUPLICATE = "duplicate", _("Duplicate of")
        RECURRENCE = "recurrence", _("Recurrence of")
        GROUP = "group", _("Grouped under")

    # The same ties as the other defect tells them.
    BACK: ClassVar = {
        Kind.RELATED: _("Related to"),
        Kind.DUPLICATE: _("Has the duplicate"),
        Kind.RECURRENCE: _("Came back as"),
        Kind.GROUP: _("Heads the group of"),
    }

    defect = models.ForeignKey(Defect, models.CASCADE, related_name="links")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    target = models.ForeignKey(Defect, models.PROTECT, related_name="links_back")
    made_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("made by"), related_name="+")
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering: ClassVar = ["kind", "made_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["defect", "kind", "target"], name="tickets_link_once"),
            models.UniqueConstraint(
                fields=["defect"], condition=Q(kind="group"), name="tickets_link_one_group"
            ),
            models.CheckConstraint(condition=~Q(defect=F("target")), name="tickets_link_other"),
        ]

    def __str__(self) -> str:
        return f"{self.defect} {self.kind} {self.target}"


class DefectCorrection(CorrectionNote):
    """A note appended to a closed defect, whose reply, rating and form are frozen (section 2.1)."""

    defect = models.ForeignKey(Defect, models.PROTECT, related_name="corrections")

    class Meta(CorrectionNote.Meta):
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
