"""Consultation: a question solved on the spot (R26–R30, document 5.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accounts.models import Organisation, User
from operations.models import ManagedObject
from tickets.models.categories import Category
from tickets.models.scope import TicketQuerySet
from workflow.models import FlowRecord

if TYPE_CHECKING:
    from tickets.models.knowledge import KnowledgeArticle


class Consultation(FlowRecord):
    """A question by phone or on site. No assignment, no approval, no superior step (R29)."""

    class State(models.TextChoices):
        NEW = "new", _("New")
        OPEN = "open", _("In progress")
        CLOSED = "closed", _("Answered")
        CONVERTED = "converted", _("Converted to defect")
        VOIDED = "voided", _("Voided")

    class Channel(models.TextChoices):
        HOTLINE = "hotline", _("Hotline")
        ON_CALL_MOBILE = "on_call_mobile", _("On-call mobile")
        ON_SITE = "on_site", _("On site")
        OTHER = "other", _("Other")

    Category = Category

    number = models.CharField(_("number"), max_length=24, unique=True)
    state = FSMField(_("state"), default=State.NEW, protected=True, choices=State.choices)
    unit = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("unit"), related_name="consultations"
    )
    caller = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("caller"), null=True, blank=True, related_name="+"
    )
    caller_name = models.CharField(_("caller's name"), max_length=40)
    caller_phone = models.CharField(_("caller's phone"), max_length=30)
    channel = models.CharField(_("channel"), max_length=16, choices=Channel.choices)
    place = models.CharField(_("place"), max_length=120, blank=True)
    managed_object = models.ForeignKey(ManagedObject, models.PROTECT, verbose_name=_("system"))
    module = models.CharField(_("module"), max_length=80, blank=True)
    category = models.CharField(
        _("category"), max_length=12, choices=Category.choices, default=Category.OTHER
    )
    title = models.CharField(_("title"), max_length=120)
    question = models.TextField(_("question"))
    answer = models.TextField(_("answer"), blank=True)
    solved_on_spot = models.BooleanField(_("solved on the spot"), default=False)
    started_at = models.DateTimeField(_("started at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    after_hours = models.BooleanField(_("after hours"), default=False, editable=False)
    agent = models.ForeignKey(User, models.PROTECT, verbose_name=_("handled by"), related_name="+")
    # The defect it came from (D7); the defect to which it was converted points here (C4). After
    # an objection (C6) the same defect may become a consultation once more.
    source_defect = models.ForeignKey(
        "tickets.Defect", models.PROTECT, null=True, blank=True, related_name="converted_to"
    )
    # The incident to which it was escalated (C5), by number: incidents stand above this room.
    incident_number = models.CharField(_("incident"), max_length=24, blank=True)
    remarks = models.TextField(_("remarks"), blank=True)
    # The article the answer was taken from, and its version at the time (document 5.5, C8).
    knowledge = models.ForeignKey(
        "tickets.KnowledgeArticle", models.PROTECT, verbose_name=_("knowledge used"), null=True,
        blank=True, related_name="consultations",
    )  # fmt: skip
    knowledge_version = models.PositiveSmallIntegerField(null=True, blank=True)
    # The version of the form it was written on (R30).
    template_version = models.PositiveSmallIntegerField(default=1, editable=False)
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction"), null=True, blank=True)
    # When it was closed: corrections are appended from 24 hours afterwards on (C7).
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(_("times reopened"), default=0)
    submission_token = models.UUIDField(null=True, blank=True, editable=False)

    objects: ClassVar[TicketQuerySet] = TicketQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["new", "open", "closed", "converted", "voided"]),
                name="tickets_consultation_state",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="tickets_consultation_order",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | (~Q(answer="") & Q(ended_at__isnull=False)),
                name="tickets_consultation_closed_with_answer",
            ),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5)),
                name="tickets_consultation_satisfaction",
            ),
            models.UniqueConstraint(
                fields=["agent", "submission_token"], name="tickets_consultation_once"
            ),
            models.UniqueConstraint(
                fields=["source_defect"],
                condition=~Q(state="voided"),
                name="tickets_consultation_one_per_defect",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "-created_at"], name="tickets_consult_state"),
            models.Index(fields=["unit", "-created_at"], name="tickets_consult_unit"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def label(self) -> str:
        """Its number."""
        return self.number

    def taken_from(self, article: KnowledgeArticle | None) -> None:
        """Name the article the answer was taken from; its version is kept."""
        self.knowledge = article
        self.knowledge_version = article.version if article else None

    @transition(field=state, source=State.NEW, target=State.OPEN)
    def open(self) -> None:
        """C2: noted while the call or the visit is still going on."""

    @transition(field=state, source=[State.NEW, State.OPEN], target=State.CLOSED)
    def close(self) -> None:
        """C1, C3: answered."""
        self.held_by_nobody()

    @transition(field=state, source=State.OPEN, target=State.CONVERTED)
    def convert(self) -> None:
        """C4: it turned out to be a defect."""
        self.held_by_nobody()

    @transition(field=state, source=State.CLOSED, target=State.OPEN)
    def reopen(self) -> None:
        """Asked again within seven days."""
        self.ended_at = self.closed_at = None
        self.reopened += 1

    @transition(field=state, source=[State.OPEN, State.CLOSED], target=State.VOIDED)
    def void(self) -> None:
        """Entered by mistake, or made from a defect whose reporter objected (C6)."""
        self.held_by_nobody()
