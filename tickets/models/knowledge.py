"""Knowledge: answers worth keeping, in versions that somebody else published (C8)."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accounts.models import User
from accounts.roles import BUSINESS_ROLES
from operations.models import ManagedObject
from tickets.models.categories import Category
from workflow.grams import GRAM_LENGTH
from workflow.models import FlowRecord, ScopedQuerySet


class KnowledgeQuerySet(ScopedQuerySet):
    """The desk reads everything; others what is published and public."""

    def visible_to_person(self, user: User) -> Self:
        """Administrators see none."""
        if user.is_desk:
            return self
        if user.has_role(*BUSINESS_ROLES):
            return self.published().filter(public=True)
        return self.none()

    def published(self) -> Self:
        """What may be told to callers."""
        return self.filter(state=KnowledgeArticle.State.PUBLISHED)


class KnowledgeArticle(FlowRecord):
    """One question with its answer. The texts here are those of the version that counts."""

    class State(models.TextChoices):
        NEW = "new", _("New")
        PROPOSED = "proposed", _("Proposed")
        PUBLISHED = "published", _("Published")
        DECLINED = "declined", _("Declined")
        RETIRED = "retired", _("Retired")

    number = models.CharField(_("number"), max_length=24, unique=True)
    state = FSMField(_("state"), default=State.NEW, protected=True, choices=State.choices)
    title = models.CharField(_("title"), max_length=120)
    question = models.TextField(_("question"))
    answer = models.TextField(_("answer"))
    keywords = models.CharField(_("keywords"), max_length=120, blank=True)
    public = models.BooleanField(_("bank users may read it"), default=False)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    category = models.CharField(
        _("category"), max_length=12, choices=Category.choices, default=Category.OTHER
    )
    managed_object = models.ForeignKey(
        ManagedObject, models.PROTECT, verbose_name=_("system"), null=True, blank=True
    )
    source = models.ForeignKey(
        "tickets.Consultation", models.PROTECT, null=True, blank=True, related_name="proposed_as"
    )
    author = models.ForeignKey(User, models.PROTECT, verbose_name=_("author"), related_name="+")
    published_at = models.DateTimeField(_("published at"), null=True)
    retired_because = models.TextField(_("why it was retired"), blank=True)
    submission_token = models.UUIDField(null=True, blank=True, editable=False)

    objects: ClassVar[KnowledgeQuerySet] = KnowledgeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("knowledge article")
        verbose_name_plural = _("knowledge articles")
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["new", "proposed", "published", "declined", "retired"]),
                name="tickets_knowledge_state",
            ),
            models.UniqueConstraint(
                fields=["author", "submission_token"], name="tickets_knowledge_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "-created_at"], name="tickets_knowledge_state_at")
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def label(self) -> str:
        """Its number."""
        return self.number

    @property
    def is_published(self) -> bool:
        """It counts."""
        return str(self.state) == self.State.PUBLISHED

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("tickets:knowledge", args=[self.number])

    @transition(field=state, source=[State.NEW, State.DECLINED], target=State.PROPOSED)
    def propose(self) -> None:
        """Waits to be published for the first time."""

    @transition(field=state, source=[State.PROPOSED, State.PUBLISHED], target=State.PUBLISHED)
    def publish(self) -> None:
        """Its newest version counts."""
        self.held_by_nobody()

    @transition(field=state, source=State.PROPOSED, target=State.DECLINED)
    def decline(self) -> None:
        """It was never published."""

    @transition(field=state, source=State.PUBLISHED, target=State.RETIRED)
    def retire(self) -> None:
        """It no longer holds."""
        self.held_by_nobody()


class KnowledgeVersion(models.Model):
    """The texts of one version, by one person; another one decides (four-eyes)."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waits to be published")
        PUBLISHED = "published", _("Published")
        SUPERSEDED = "superseded", _("Superseded")
        DECLINED = "declined", _("Declined")

    article = models.ForeignKey(KnowledgeArticle, models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=120)
    question = models.TextField(_("question"))
    answer = models.TextField(_("answer"))
    keywords = models.CharField(_("keywords"), max_length=120, blank=True)
    public = models.BooleanField(_("bank users may read it"), default=False)
    author = models.ForeignKey(User, models.PROTECT, verbose_name=_("author"), related_name="+")
    written_at = models.DateTimeField(_("written at"))
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PENDING
    )
    decided_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("decided by"), null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    opinion = models.TextField(_("opinion"), blank=True)

    class Meta:
        verbose_name = _("version of a knowledge article")
        verbose_name_plural = _("versions of knowledge articles")
        ordering: ClassVar = ["article", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["article", "version"], name="tickets_knowledge_version_once"
            ),
            models.UniqueConstraint(
                fields=["article"], condition=Q(state="pending"),
                name="tickets_knowledge_one_pending",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", decided_by__isnull=True)
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("author"))),
                name="tickets_knowledge_published_by_another",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.article.number} v{self.version}"


class KnowledgeGram(models.Model):
    """One piece of the article's published or proposed text, to be found by."""

    article = models.ForeignKey(KnowledgeArticle, models.CASCADE, related_name="grams")
    gram = models.CharField(max_length=GRAM_LENGTH)

    class Meta:
        verbose_name = _("piece of a knowledge article")
        verbose_name_plural = _("pieces of knowledge articles")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["gram", "article"], name="tickets_knowledge_gram_once")
        ]

    def __str__(self) -> str:
        return self.gram


class KnowledgeOpinion(models.Model):
    """One reader's word on an article: it helped, or it did not."""

    article = models.ForeignKey(KnowledgeArticle, models.PROTECT, related_name="opinions")
    reader = models.ForeignKey(User, models.PROTECT, related_name="+")
    useful = models.BooleanField(_("useful"))
    said_at = models.DateTimeField(_("said at"))

    class Meta:
        verbose_name = _("opinion on a knowledge article")
        verbose_name_plural = _("opinions on knowledge articles")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["article", "reader"], name="tickets_knowledge_opinion_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.useful}"
