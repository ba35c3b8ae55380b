"""Leave: times in which somebody must not be on call."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from calendars.arithmetic import SHANGHAI
from workflow.models import ScopedQuerySet


def whole_days(starts_at: datetime, ends_at: datetime) -> tuple[date, date] | None:
    """First and last Beijing day of a time that begins and ends at midnight, None for another."""
    first, after = (moment.astimezone(SHANGHAI) for moment in (starts_at, ends_at))
    if (first.time(), after.time()) != (time(), time()):
        return None
    return first.date(), after.date() - timedelta(days=1)


class LeaveQuerySet(ScopedQuerySet):
    """Leave; why somebody is away is nobody's business but the planner's."""

    def visible_to_person(self, user: User) -> Self:
        """Supervisors and managers: everybody's; the desk's people: their own."""
        if user.has_role(Role.SUPERVISOR, Role.MANAGER):
            return self
        return self.filter(person=user) if user.is_desk else self.none()

    def standing(self) -> Self:
        """Not withdrawn."""
        return self.filter(withdrawn_at=None)

    def touching(self, start: datetime, end: datetime) -> Self:
        """With a minute between two instants (UTC)."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def of(self, person: User) -> Self:
        """Of one human, also when two accounts belong to it."""
        same = Q(person=person)
        return self.filter(same | Q(person__staff_no=person.staff_no) if person.staff_no else same)


class Leave(models.Model):
    """Somebody is away from ``starts_at`` to ``ends_at``, UTC (R14).

    What came from a calendar file keeps its ``uid`` and, for one of a series, ``occurrence``:
    reading the file again changes the row instead of making a second one.
    """

    person = models.ForeignKey(User, models.PROTECT, verbose_name=_("person"), related_name="+")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    uid = models.CharField(max_length=255, blank=True, editable=False)
    occurrence = models.CharField(max_length=32, blank=True, editable=False)
    entered_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("entered by"), related_name="+"
    )
    entered_at = models.DateTimeField(_("entered at"))
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("withdrawn by"), null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)

    objects: ClassVar[LeaveQuerySet] = LeaveQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("leave")
        verbose_name_plural = _("leave")
        ordering = ["starts_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="oncall_leave_order"
            ),
            models.UniqueConstraint(
                fields=["person", "uid", "occurrence"],
                condition=~Q(uid=""),
                name="oncall_leave_imported_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "starts_at", "ends_at"], name="oncall_leave_of")
        ]

    @property
    def days(self) -> tuple[date, date] | None:
        """First and last day when it takes whole days."""
        return whole_days(self.starts_at, self.ends_at)

    def __str__(self) -> str:
        return f"{self.person} {self.starts_at:%Y-%m-%d %H:%M}"
