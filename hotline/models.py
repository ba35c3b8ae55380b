"""Contacts (calls) and machine-room reports: how work reaches the desk."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.roles import Role
from incidents.models import Incident
from oncall.models import Page
from operations.models import ManagedObject
from tickets.models import Consultation, Defect
from workflow.corrections import CorrectionNote
from workflow.models import ScopedQuerySet


class ContactQuerySet(ScopedQuerySet):
    """Calls are the desk's own records."""

    def visible_to_person(self, user: User) -> Self:
        """The desk sees every call, nobody else any."""
        return self if user.is_desk else self.none()


class Contact(models.Model):
    """One call or visit, with its result (R12, R13, R15)."""

    class Result(models.TextChoices):
        SOLVED = "solved", _("Solved on the spot")
        TO_DEFECT = "to_defect", _("Converted to defect")
        TO_INCIDENT = "to_incident", _("Converted to incident")
        SUPPLEMENT = "supplement", _("Added to an existing record")
        REPEATED = "repeated", _("Repeated call")
        INVALID = "invalid", _("Invalid call")
        OUT_OF_SCOPE = "out_of_scope", _("Out of scope, referred")

    number = models.CharField(_("number"), max_length=24, unique=True)
    channel = models.CharField(_("channel"), max_length=16, choices=Consultation.Channel.choices)
    caller = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("caller"), null=True, blank=True, related_name="+"
    )
    caller_name = models.CharField(_("caller's name"), max_length=40)
    caller_phone = models.CharField(_("caller's phone"), max_length=30)
    # Empty for outsiders, who are referred elsewhere and get no ticket (R12).
    unit = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("unit"), null=True, blank=True,
        related_name="+",
    )  # fmt: skip
    managed_object = models.ForeignKey(
        ManagedObject, models.PROTECT, verbose_name=_("system"), null=True, blank=True
    )
    summary = models.TextField(_("summary"))
    result = models.CharField(_("handling result"), max_length=14, choices=Result.choices)
    referral = models.TextField(_("referred to"), blank=True)
    started_at = models.DateTimeField(_("started at"))
    ended_at = models.DateTimeField(_("ended at"))
    after_hours = models.BooleanField(_("after hours"), editable=False)
    agent = models.ForeignKey(User, models.PROTECT, verbose_name=_("taken by"), related_name="+")
    consultation = models.ForeignKey(
        Consultation, models.PROTECT, null=True, blank=True, related_name="contacts"
    )
    defect = models.ForeignKey(
        Defect, models.PROTECT, null=True, blank=True, related_name="contacts"
    )
    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, blank=True, related_name="contacts"
    )
    is_demo = models.BooleanField(default=False)
    submission_token = models.UUIDField(null=True, blank=True, editable=False)

    objects: ClassVar[ContactQuerySet] = ContactQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["-started_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_at__gte=F("started_at")), name="hotline_contact_order"
            ),
            models.CheckConstraint(
                condition=~Q(result="to_defect") | Q(defect__isnull=False),
                name="hotline_contact_defect_linked",
            ),
            models.CheckConstraint(
                condition=~Q(result="to_incident") | Q(incident__isnull=False),
                name="hotline_contact_incident_linked",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | Q(result__in=["out_of_scope", "invalid"]),
                name="hotline_contact_unit",
            ),
            models.UniqueConstraint(
                fields=["agent", "submission_token"], name="hotline_contact_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-started_at"], name="hotline_contact_at"),
            models.Index(fields=["caller", "-started_at"], name="hotline_contact_caller"),
        ]

    def __str__(self) -> str:
        return self.number


class ContactCorrection(CorrectionNote):
    """A note appended to a contact, whose fields never change (R13)."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="corrections")

    class Meta(CorrectionNote.Meta):
        verbose_name = _("correction of a contact")
        verbose_name_plural = _("corrections of contacts")


class MachineRoomReportQuerySet(ScopedQuerySet):
    """Monitors see their own unit's reports, the desk all."""

    def visible_to_person(self, user: User) -> Self:
        """Never another unit's reports for a monitor (R16)."""
        if user.is_desk:
            return self
        if user.has_role(Role.MONITOR):
            return self.filter(unit__path__startswith=user.organisation.path)
        return self.none()

    def real(self) -> Self:
        """Without demonstration records and drills (I18)."""
        return self.filter(is_demo=False, is_drill=False)


class MachineRoomReport(models.Model):
    """An emergency reported from the machine room (R16, document 5.7)."""

    class Outcome(models.TextChoices):
        PENDING = "pending", _("Not yet judged")
        REGISTERED = "registered", _("Registered only")
        TO_DEFECT = "to_defect", _("Converted to defect")
        TO_INCIDENT = "to_incident", _("Converted to incident")
        FALSE_ALARM = "false_alarm", _("False alarm")

    number = models.CharField(_("number"), max_length=24, unique=True)
    reporter = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("reported by"), related_name="+"
    )
    unit = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("unit"), related_name="+")
    phone = models.CharField(_("phone"), max_length=30)
    location = models.CharField(_("room, rack, device"), max_length=120)
    managed_object = models.ForeignKey(ManagedObject, models.PROTECT, verbose_name=_("system"))
    alarm_at = models.DateTimeField(_("alarm at"))
    reported_at = models.DateTimeField(_("reported at"))
    phenomenon = models.TextField(_("phenomenon"))
    alarm_value = models.CharField(_("alarm value"), max_length=80, blank=True)
    measures_taken = models.TextField(_("measures already taken"), blank=True)
    how_notified = models.CharField(_("how notified"), max_length=80, blank=True)
    system_down = models.BooleanField(_("system paralysed, business cannot run"), default=False)
    is_drill = models.BooleanField(_("drill"), default=False)
    is_demo = models.BooleanField(default=False)
    page = models.ForeignKey(Page, models.PROTECT, null=True, related_name="+")
    acknowledged_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("acknowledged by"), null=True, related_name="+"
    )
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True)
    outcome = models.CharField(
        _("outcome"), max_length=12, choices=Outcome.choices, default=Outcome.PENDING
    )
    outcome_note = models.TextField(_("judgement"), blank=True)
    outcome_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("judged by"), null=True, related_name="+"
    )
    outcome_at = models.DateTimeField(_("judged at"), null=True)
    defect = models.ForeignKey(Defect, models.PROTECT, null=True, blank=True, related_name="+")
    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, blank=True, related_name="machine_room_reports"
    )
    submission_token = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects: ClassVar[MachineRoomReportQuerySet] = MachineRoomReportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("machine-room report")
        verbose_name_plural = _("machine-room reports")
        ordering = ["-reported_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reported_at__gte=F("alarm_at")), name="hotline_report_order"
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_by__isnull=True) | ~Q(acknowledged_by=F("reporter")),
                name="hotline_report_ack_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.number
