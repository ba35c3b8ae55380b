"""The audit trail: events in one hash chain."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, ClassVar, NoReturn

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.errors import AppendOnlyError

GENESIS = "0" * 64


class EventQuerySet(models.QuerySet["Event"]):
    """Rows can be read and added, never changed or removed."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refused: the trail is append-only (I03)."""
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        """Refused: the trail is append-only (I03)."""
        raise AppendOnlyError

    def about(self, target: models.Model) -> EventQuerySet:
        """Events of one record, oldest first."""
        return self.filter(target_type=target._meta.label_lower, target_id=str(target.pk)).order_by(
            "seq"
        )


class Event(models.Model):
    """Who did what to which record, when, and why (I03).

    ``happened_at`` is when it was done in the world, ``entered_at`` when the server wrote it
    (I07); both UTC. Names are kept as they were, so that records outlive accounts (I16).
    """

    class Outcome(models.TextChoices):
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")

    seq = models.BigIntegerField(_("sequence"), unique=True)
    entered_at = models.DateTimeField(_("entered at"))
    happened_at = models.DateTimeField(_("happened at"))
    actor_kind = models.CharField(_("actor kind"), max_length=10)
    actor_key = models.CharField(_("actor key"), max_length=40)
    actor_name = models.CharField(_("actor"), max_length=80)
    role = models.CharField(_("role used"), max_length=20, blank=True)
    on_behalf_of = models.CharField(_("on behalf of"), max_length=80, blank=True)
    ip = models.CharField(_("address"), max_length=45, blank=True)
    action = models.CharField(_("action"), max_length=60)
    target_type = models.CharField(_("record kind"), max_length=60)
    target_id = models.CharField(_("record id"), max_length=40)
    target_label = models.CharField(_("record"), max_length=120)
    from_state = models.CharField(_("from"), max_length=30, blank=True)
    to_state = models.CharField(_("to"), max_length=30, blank=True)
    opinion = models.TextField(_("opinion"), blank=True)
    data = models.JSONField(_("data"), default=dict, encoder=DjangoJSONEncoder)
    public = models.BooleanField(_("shown to the bank user"), default=False)
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome.choices, default=Outcome.DONE
    )
    prev_hash = models.CharField(_("previous hash"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64)

    objects: ClassVar[models.Manager[Event]] = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ["seq"]
        indexes = [
            models.Index(fields=["target_type", "target_id", "seq"], name="audit_event_target"),
            models.Index(fields=["actor_key", "seq"], name="audit_event_actor"),
            models.Index(fields=["action", "seq"], name="audit_event_action"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action} {self.target_label}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: the trail is append-only (I03)."""
        raise AppendOnlyError

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only a new row may be saved."""
        if not self._state.adding:
            raise AppendOnlyError
        super().save(*args, **kwargs)

    def compute_hash(self) -> str:
        """SHA-256 over every field in a fixed order, the previous hash included."""
        return hashlib.sha256(
            json.dumps(self._content(), ensure_ascii=False, sort_keys=True).encode()
        ).hexdigest()

    def _content(self) -> dict[str, Any]:
        content: dict[str, Any] = {}
        for field in self._meta.concrete_fields:
            if field.name in ("id", "hash"):
                continue
            value = getattr(self, field.attname)
            if isinstance(value, datetime):
                value = value.astimezone(UTC).isoformat(timespec="microseconds")
            content[field.name] = value
        return content


class ChainHead(models.Model):
    """The end of the chain: one row, locked while events are appended.

    It lets ``verify_audit`` notice that the last rows have been cut off.
    """

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS)

    def __str__(self) -> str:
        return f"{self.seq} {self.hash[:12]}"
