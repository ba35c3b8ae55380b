"""Messages, e-mails and group posts that a page has written besides its calls and texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from notifications.models import GroupPost, Message
from oncall.models import Attempt, Page


@dataclass(frozen=True)
class Written:
    """One of them, on rung ``rung`` (from 0); ``who`` is a person or a group. Times UTC."""

    rung: int
    who: str
    channel: str
    state: str
    result: str
    created_at: datetime
    sent_at: datetime | None
    tries: int
    error: str
    text: str


def key_of(page: Page, rung: int) -> str:
    """The cause under which a rung writes into the outbox."""
    return f"page:{page.pk}:rung:{rung}"


def written(page: Page) -> list[Written]:
    """What the rungs of ``page`` have written so far, in order."""
    rungs = {key_of(page, rung): rung for rung in range(page.step_index)}
    # By recipient, as the outbox is indexed: whoever is on a rung is called about the record, by
    # this page or by another one.
    people = Attempt.objects.filter(page__subject=page.subject).values("person")
    letters = Message.objects.filter(recipient__in=people, dedupe_key__in=rungs)
    posts = GroupPost.objects.filter(robot__in=GroupPost.Robot.values, dedupe_key__in=rungs)
    found = [
        _line(each, rungs, each.recipient.audit_name, each.get_channel_display(), each.subject)
        for each in letters.select_related("recipient").order_by("created_at", "pk")
    ]
    found += [
        _line(each, rungs, each.get_robot_display(), each._meta.verbose_name, each.text)
        for each in posts.order_by("created_at", "pk")
    ]
    return found


def _line(
    each: Message | GroupPost, rungs: dict[str, int], who: object, channel: object, text: str
) -> Written:
    body = each.body if isinstance(each, Message) else ""
    return Written(
        rung=rungs[each.dedupe_key],
        who=str(who),
        channel=str(channel),
        state=each.state,
        result=each.get_state_display(),
        created_at=each.created_at,
        sent_at=each.sent_at,
        tries=each.tries,
        error=each.last_error,
        text=f"{text}\n{body}".strip(),
    )
