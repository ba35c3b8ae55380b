"""Holiday arrangements and working hours."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from workflow.models import ScopedQuerySet


class CalendarYearQuerySet(ScopedQuerySet):
    """Loaded years."""

    def visible_to_person(self, user: User) -> Self:
        """All of them: every person may see the working calendar."""
        return self


class CalendarYear(models.Model):
    """A year whose holiday arrangement is loaded; a year without a row is unknown (R11)."""

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    notice = models.CharField(_("source notice"), max_length=120)
    loaded_at = models.DateTimeField(_("loaded at"))

    objects: ClassVar[models.Manager[CalendarYear]] = CalendarYearQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar year")
        verbose_name_plural = _("calendar years")
        ordering = ["year"]

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A day that is not simply what its weekday says.

    ``year`` is the arrangement the day comes from: one for the New Year may move a working day of
    the December before. A special day has a name but works as its weekday does.
    """

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("Public holiday")
        MAKEUP = "makeup", _("Make-up workday")
        SPECIAL = "special", _("Special day")

    date = models.DateField(_("date"), unique=True)
    year = models.ForeignKey(
        CalendarYear, models.CASCADE, verbose_name=_("calendar year"), related_name="days"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60)
    notice = models.CharField(_("source notice"), max_length=120)
    entered_by = models.CharField(_("entered by"), max_length=80)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["date"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["holiday", "makeup", "special"]),
                name="calendars_day_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.label}"

    @property
    def label(self) -> str:
        """Name in the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name


class WorkingHours(models.Model):
    """Working hours other than 09:00-17:00, local time, for a range of dates (R11).

    Several rows valid on one day are several parts of that day. On a day for which no row is
    valid, 09:00-17:00 apply.
    """

    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    start = models.TimeField(_("start of work"))
    end = models.TimeField(_("end of work"))

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        ordering = ["valid_from", "start"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start__lt=F("end")), name="calendars_hours_start_before_end"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="calendars_hours_valid_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"
