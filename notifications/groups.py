"""Posts into chat groups: written with their cause, sent by the engine "robots" (I08).

Several posts that wait for one group go out as one: vendors count posts, not words. A post whose
answer was lost is sent again; a group that reads a line twice is better than one that reads none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from engine import registry
from engine.due import backlog, claim_due
from notifications import robots
from notifications.models import GroupPost
from notifications.policies import can_see_undelivered
from notifications.robots.base import Refused, Robot, TryLater, send
from notifications.services import absolute
from workflow.cards import mask_cards
from workflow.errors import NotAllowed

ENGINE = "robots"
LEASE = timedelta(seconds=60)
TOGETHER = 10
MAX_TRIES = 10
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=10)
MINUTE = timedelta(minutes=1)
LONGEST_TEXT = 500
# What a vendor adds to a text, such as mentions.
ROOM = 200


def post_to_groups(
    *,
    key: str,
    write: Callable[[], str],
    url: str,
    now: datetime,
    mentions: Iterable[User] = (),
    is_drill: bool = False,
) -> None:
    """Put one post for every robot that is set up into the outbox, inside the caller's transaction.

    ``write`` is called in the language of the groups (``ROBOT_LANGUAGE``); it gives number, reason
    and names, never what customers or reporters wrote. ``key`` names the cause: no group gets the
    same key twice. ``now`` UTC.
    """
    known = robots.configured()
    if not known:
        return
    with translation.override(settings.ROBOT_LANGUAGE):
        text = write()
        text = _("[Drill] %(text)s") % {"text": text} if is_drill else text
    GroupPost.objects.bulk_create(
        [
            GroupPost(
                robot=robot.name, dedupe_key=key, text=mask_cards(text)[:LONGEST_TEXT], url=url,
                mentions=[person.pk for person in mentions], created_at=now, next_try_at=now,
            )
            for robot in known
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    registry.nudge(ENGINE)


def post_due(now: datetime) -> int:
    """Send what waits for one group as one post; returns how many rows were taken on."""
    for robot in robots.configured():
        posts = _claim(robot, now)
        if posts:
            _send_together(robot, posts, now)
            return len(posts)
    return 0


def unposted(now: datetime) -> int:
    """Posts due at ``now`` (UTC) that nobody has taken yet, of robots that are set up."""
    return backlog(_waiting(), now=now, due_field="next_try_at")


def send_again(post: GroupPost, *, actor: User, now: datetime) -> None:
    """Give a post that was given up a new series of tries. Raises ``NotAllowed``. ``now`` UTC."""
    decision = can_see_undelivered(actor)
    if not decision:
        raise NotAllowed(decision)
    GroupPost.objects.filter(pk=post.pk, state=GroupPost.State.FAILED).update(
        state=GroupPost.State.QUEUED, next_try_at=now, tries=0
    )
    registry.nudge(ENGINE)


def wait_before(tries: int) -> timedelta:
    """Pause after the ``tries``-th failed try: 10 s, doubled each time, at most ten minutes."""
    return min(FIRST_WAIT * (1 << min(tries - 1, 16)), LONGEST_WAIT)


def _waiting(*names: str) -> QuerySet[GroupPost]:
    known = names or tuple(robot.name for robot in robots.configured())
    return GroupPost.objects.filter(state=GroupPost.State.QUEUED, robot__in=known)


def _claim(robot: Robot, now: datetime) -> list[GroupPost]:
    """Lease what fits into one post, unless the group had its fill within the last minute."""
    with transaction.atomic():
        sent = GroupPost.objects.filter(robot=robot.name, sent_at__gt=now - MINUTE)
        if sent.values("sent_at").distinct().count() >= robot.per_minute:
            return []
        posts = claim_due(
            _waiting(robot.name), now=now, due_field="next_try_at", limit=TOGETHER, lease=LEASE
        )
        fitting = _fitting(posts, robot.most_bytes - ROOM)
        rest = [post.pk for post in posts[len(fitting) :]]
        GroupPost.objects.filter(pk__in=rest).update(next_try_at=now)
        GroupPost.objects.filter(pk__in=[post.pk for post in fitting]).update(tries=F("tries") + 1)
    for post in fitting:
        post.tries += 1
    return fitting


def _fitting(posts: list[GroupPost], room: int) -> list[GroupPost]:
    taken: list[GroupPost] = []
    for post in posts:
        room -= len(_line(post).encode()) + 1
        if room < 0 and taken:
            break
        taken.append(post)
    return taken


def _line(post: GroupPost) -> str:
    return f"{post.text} {absolute(post.url)}".strip()


def _send_together(robot: Robot, posts: list[GroupPost], now: datetime) -> None:
    named = User.objects.in_bulk([pk for post in posts for pk in post.mentions])
    phones = [person.phone for person in named.values() if person.is_active and person.phone]
    text = "\n".join(_line(post) for post in posts)
    error: Exception | None = None
    try:
        send(robot, text, phones=phones, now=now)
    except (Refused, TryLater) as failure:
        error = failure
    except Exception as failure:
        # Words of a library may hold the address.
        error = TryLater(type(failure).__name__)
    for post in posts:
        _finish(post, error, now)


def _finish(post: GroupPost, error: Exception | None, now: datetime) -> None:
    """Write the result, if the lease is still ours."""
    changes: dict[str, object] = {
        "state": GroupPost.State.SENT, "sent_at": now, "next_try_at": None, "last_error": "",
    }  # fmt: skip
    if error is not None:
        final = isinstance(error, Refused) or post.tries >= MAX_TRIES
        changes = {
            "state": GroupPost.State.FAILED if final else GroupPost.State.QUEUED,
            "next_try_at": None if final else now + wait_before(post.tries),
            "last_error": f"{type(error).__name__}: {error}"[:300],
        }
    GroupPost.objects.filter(
        pk=post.pk, state=GroupPost.State.QUEUED, next_try_at=post.next_try_at
    ).update(**changes)
