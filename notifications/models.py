"""The outbox: messages to people, written in the transaction of their cause."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from notifications.policies import can_see_undelivered
from workflow.models import ScopedQuerySet


class MessageQuerySet(ScopedQuerySet):
    """Messages; everybody reads their own."""

    def visible_to_person(self, user: User) -> Self:
        """Those addressed to the person."""
        return self.filter(recipient=user)

    def inbox_of(self, user: User) -> Self:
        """What the person's inbox in the desk shows."""
        return self.visible_to(user).filter(channel=Message.Channel.IN_APP)

    def undelivered(self) -> Self:
        """E-mails that were given up, or have failed at least once and are tried again."""
        late = Q(state=Message.State.FAILED) | Q(state=Message.State.QUEUED, tries__gt=0)
        return self.filter(late, channel=Message.Channel.EMAIL)


class GroupPostQuerySet(ScopedQuerySet):
    """Posts into groups; they belong to nobody."""

    def visible_to_person(self, user: User) -> Self:
        """Those who look after what was not delivered see them all."""
        return self if can_see_undelivered(user) else self.none()

    def undelivered(self) -> Self:
        """Posts that were given up, or have failed at least once and are tried again."""
        return self.filter(
            Q(state=Message.State.FAILED) | Q(state=Message.State.QUEUED, tries__gt=0)
        )


class Message(models.Model):
    """One message to one person through one channel (I08).

    ``next_try_at`` (UTC) is the due column: set while undelivered, null afterwards. Texts are in
    the recipient's language (I01).
    """

    class Channel(models.TextChoices):
        IN_APP = "in_app", _("In the desk")
        EMAIL = "email", _("E-mail")

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    recipient = models.ForeignKey(User, models.PROTECT, related_name="messages")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    # Same key, person and channel: the same message, written once however often its cause runs.
    dedupe_key = models.CharField(max_length=160)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    url = models.CharField(_("link"), max_length=200, blank=True)
    urgent = models.BooleanField(_("urgent"), default=False)
    is_drill = models.BooleanField(_("drill"), default=False)
    created_at = models.DateTimeField(_("created at"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.QUEUED)
    next_try_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    read_at = models.DateTimeField(_("read at"), null=True)

    objects: ClassVar[MessageQuerySet] = MessageQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recipient", "channel", "dedupe_key"], name="notifications_message_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sent", "failed"]),
                name="notifications_message_state",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(next_try_at__isnull=False),
                name="notifications_message_due",
            ),
            models.Index(fields=["recipient", "channel", "-created_at"], name="notif_inbox"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.subject}"


class GroupPost(models.Model):
    """One post into a chat group through a vendor's robot (I08).

    ``next_try_at`` (UTC) is the due column, as with messages. ``mentions`` are primary keys of
    people whom the post names to the vendor, where the vendor can.
    """

    class Robot(models.TextChoices):
        WECOM = "wecom", _("WeCom")
        DINGTALK = "dingtalk", _("DingTalk")
        FEISHU = "feishu", _("Feishu")

    State = Message.State

    robot = models.CharField(_("group robot"), max_length=10, choices=Robot.choices)
    dedupe_key = models.CharField(max_length=160)
    text = models.CharField(_("text"), max_length=500)
    url = models.CharField(_("link"), max_length=200, blank=True)
    mentions = models.JSONField(default=list)
    created_at = models.DateTimeField(_("created at"))
    state = models.CharField(
        _("state"), max_length=8, choices=Message.State.choices, default=Message.State.QUEUED
    )
    next_try_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)

    objects: ClassVar[GroupPostQuerySet] = GroupPostQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("group post")
        verbose_name_plural = _("group posts")
        ordering = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["robot", "dedupe_key"], name="notifications_group_post_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sent", "failed"]),
                name="notifications_group_post_state",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(next_try_at__isnull=False),
                name="notif_group_post_due",
            ),
            models.Index(fields=["robot", "sent_at"], name="notif_group_post_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.robot}: {self.text}"
