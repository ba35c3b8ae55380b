"""Who nudges, follows, adds followers, notes and comments."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import DESK_ROLES, Role
from teamwork.models import Nudge, Watch, about
from teamwork.records import RecordKind
from workflow.decisions import (
    ALLOW,
    Decision,
    deny_pending,
    deny_person,
    deny_role,
    deny_state,
    same_person,
)
from workflow.durations import stamp
from workflow.models import FlowRecord

# The desk without those who only read.
WRITERS = tuple(sorted(DESK_ROLES - {Role.MANAGER}))
NUDGERS = (Role.AGENT, Role.SUPPORT, Role.SUPERVISOR)


def is_watching(user: User, record: FlowRecord) -> bool:
    """True when the person is told of this record."""
    return Watch.objects.filter(**about(record), person=user).exists()


def can_nudge(kind: RecordKind, user: User, record: FlowRecord, now: datetime) -> Decision:
    """The one who asked, the watchers, the desk; not the holder, not too often. ``now`` UTC."""
    own = same_person(user, kind.asker(record)) or is_watching(user, record)
    if not own and not user.has_role(*NUDGERS):
        return deny_role()
    if not kind.is_open(record):
        return deny_state()
    holders = kind.holders(record, now)
    if not holders:
        return deny_state(_("Nobody holds it."))
    if record.holder and same_person(user, record.holder):
        return deny_person("holder", _("It is in your own hands."))
    last = Nudge.objects.filter(**about(record), person=user).aggregate(last=Max("at"))["last"]
    again = last + timedelta(hours=settings.NUDGE_HOURS) if last else now
    if again > now:
        text = _("You nudged at %(last)s; you can again at %(again)s.")
        return deny_pending("too_soon", text % {"last": stamp(last), "again": stamp(again)})
    return ALLOW


def can_watch(kind: RecordKind, user: User, record: FlowRecord, now: datetime) -> Decision:
    """Everybody who may see it, while it is open."""
    if is_watching(user, record):
        return deny_state(_("You follow it already."))
    return ALLOW if kind.is_open(record) else deny_state()


def can_unwatch(kind: RecordKind, user: User, record: FlowRecord, now: datetime) -> Decision:
    """Whoever follows it."""
    return ALLOW if is_watching(user, record) else deny_state(_("You do not follow it."))


def can_add_watcher(kind: RecordKind, user: User, record: FlowRecord, now: datetime) -> Decision:
    """The desk adds others, while it is open."""
    if not user.has_role(*WRITERS):
        return deny_role()
    return ALLOW if kind.is_open(record) else deny_state()


def can_remove_watcher(kind: RecordKind, user: User, record: FlowRecord, now: datetime) -> Decision:
    """The desk."""
    return ALLOW if user.has_role(*WRITERS) else deny_role()


def can_note(kind: RecordKind, user: User, record: FlowRecord, now: datetime) -> Decision:
    """The desk, among itself; also after the end."""
    return ALLOW if user.has_role(*WRITERS) else deny_role()


def can_comment(kind: RecordKind, user: User, record: FlowRecord, now: datetime) -> Decision:
    """The desk and the bank, to each other, until the end."""
    if not user.has_role(*WRITERS, Role.REPORTER, Role.MONITOR, Role.SUPERIOR):
        return deny_role()
    return ALLOW if kind.is_open(record) else deny_state()


def may_see(kind: RecordKind, person: User, record: FlowRecord) -> bool:
    """True when the record is within the person's own scope."""
    return person.is_active and kind.visible(person).filter(pk=record.pk).exists()
