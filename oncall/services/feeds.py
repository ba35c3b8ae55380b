"""Calendar feeds: a secret address, shown once, kept as a hash, revocable (R11, R14)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from audit import services as audit
from oncall.models import Roster, RosterFeed, Shift
from oncall.policies import ROSTER_READERS
from oncall.services.locking import locked_row
from workflow.decisions import deny_role
from workflow.errors import InvalidInput, NotAllowed

BACK = timedelta(days=31)
# ``read_at`` is a help, not a record: it is not written at every poll.
READ_NOTED_EVERY = timedelta(minutes=10)
Scope = RosterFeed.Scope


def make_feed(*, scope: str, actor: User, now: datetime) -> tuple[RosterFeed, str]:
    """A new secret address for ``scope``; the one before it stops working at once.

    Returns the feed and the token, which is kept nowhere. Raises ``NotAllowed`` for people who do
    not read the roster, ``InvalidInput`` for an unknown scope.
    """
    if not actor.has_role(*ROSTER_READERS):
        raise NotAllowed(deny_role())
    if scope not in Scope.values:
        raise InvalidInput({"scope": _("Please choose which shifts.")})
    token = secrets.token_urlsafe(32)
    with audit.unit_of_work():
        User.objects.select_for_update(of=("self",)).get(pk=actor.pk)
        for old in RosterFeed.objects.standing().filter(owner=actor, scope=scope):
            _revoke(old, actor, now)
        feed: RosterFeed = RosterFeed.objects.create(
            owner=actor, scope=scope, token_hash=_hash(token), made_at=now
        )
        _note(feed, "oncall.feed_made", actor, now)
    return feed, token


def revoke_feed(feed: RosterFeed, *, actor: User, now: datetime) -> RosterFeed:
    """The address stops working. Raises ``NotFound`` for somebody else's; twice is once."""
    with audit.unit_of_work():
        locked = locked_row(feed, actor)
        if locked.revoked_at is None:
            _revoke(locked, actor, now)
    return locked


def open_feed(key: UUID, token: str) -> RosterFeed | None:
    """The feed of an address; None for an unknown, wrong or revoked one, or an owner who left."""
    rows = RosterFeed.objects.standing().select_related("owner")
    feed: RosterFeed | None = rows.filter(key=key).first()
    known = feed.token_hash if feed else _hash("")
    if not hmac.compare_digest(known, _hash(token)) or feed is None:
        return None
    owner = feed.owner
    return feed if owner.is_active and owner.has_role(*ROSTER_READERS) else None


def shifts_of(feed: RosterFeed, now: datetime) -> list[Shift]:
    """The past month's and all to come (``now`` UTC), in order."""
    rows = Shift.objects.visible_to(feed.owner).filter(ends_at__gt=now - BACK)
    if feed.scope == Scope.MINE:
        rows = rows.filter(Q(primary=feed.owner) | Q(backup=feed.owner))
    else:
        rows = rows.of(Roster(feed.scope))
    return list(rows.select_related("primary", "backup").order_by("starts_at", "pk"))


def note_read(feed: RosterFeed, now: datetime) -> None:
    """When a program last asked, to the ten minutes."""
    if feed.read_at is None or feed.read_at < now - READ_NOTED_EVERY:
        RosterFeed.objects.filter(pk=feed.pk).update(read_at=now)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _revoke(feed: RosterFeed, actor: User, now: datetime) -> None:
    feed.revoked_at = now
    feed.save(update_fields=["revoked_at"])
    _note(feed, "oncall.feed_revoked", actor, now)


def _note(feed: RosterFeed, action: str, actor: User, now: datetime) -> None:
    audit.record(
        actor=actor, action=action, target=feed, label=str(feed)[:120], happened_at=now,
        data={"scope": feed.scope},
    )  # fmt: skip
