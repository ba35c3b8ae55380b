"""Writing messages into the outbox, and reading them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Delegation, User
from engine import registry
from engine.together import Together
from notifications.models import Message
from notifications.policies import can_see_undelivered
from workflow.cards import mask_cards
from workflow.errors import NotAllowed

IN_APP, EMAIL = Message.Channel.IN_APP, Message.Channel.EMAIL
SUBJECT_LENGTH = Message._meta.get_field("subject").max_length or 200


@dataclass(frozen=True)
class Letter:
    """What a message says, in one language."""

    subject: str
    body: str


def _write(messages: list[Message]) -> None:
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    registry.nudge("messages")


# Inside ``together.block()`` the messages of many causes are written with one statement.
together: Together[Message] = Together("messages", _write)


def notify(
    *,
    recipients: Iterable[User],
    key: str,
    write: Callable[[User], Letter],
    url: str = "",
    now: datetime,
    urgent: bool = False,
    is_drill: bool = False,
    as_role: str = "",
    channels: Collection[str] = tuple(Message.Channel),
) -> None:
    """Put one message per person into the outbox, inside the caller's transaction (I08).

    Everybody gets it in the desk at once, and by e-mail when they have an address, unless
    ``channels`` (of ``Message.Channel``) names one of the two only. ``write`` is called under each
    recipient's language (I01). ``key`` names the cause: the same person never gets the same key
    twice through one channel, however often the cause runs. Card numbers are masked (I12).
    ``now`` UTC.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("notify needs the transaction of its cause")
    people = {person.pk: person for person in recipients if person.is_active}
    if not people:
        return
    givers: dict[int, str] = {}
    for delegation in _deputies(set(people), as_role, now):
        if delegation.receiver_id not in people:
            people[delegation.receiver_id] = delegation.receiver
            givers[delegation.receiver_id] = delegation.giver.name
    messages: list[Message] = []
    masked: dict[str, str] = {}  # most people read the same words
    for person in people.values():
        with translation.override(person.language):
            letter = write(person)
            letter = _for_another(letter, givers[person.pk]) if person.pk in givers else letter
            letter = _marked(letter) if is_drill else letter
        common = {
            "recipient": person,
            "dedupe_key": key,
            "subject": _one_line(_mask_once(letter.subject, masked)),
            "body": _mask_once(letter.body, masked),
            "url": url,
            "urgent": urgent,
            "is_drill": is_drill,
            "created_at": now,
        }
        if IN_APP in channels:
            messages.append(
                Message(**common, channel=IN_APP, state=Message.State.SENT, sent_at=now)
            )
        if EMAIL in channels and person.email:
            messages.append(Message(**common, channel=EMAIL, next_try_at=now))
    together.add(messages)


def _mask_once(text: str, masked: dict[str, str]) -> str:
    if text not in masked:
        masked[text] = mask_cards(text)
    return masked[text]


def mark_read(message: Message, *, now: datetime) -> None:
    """Note that the recipient has seen a message; the first time counts. ``now`` UTC."""
    Message.objects.filter(pk=message.pk, read_at=None).update(read_at=now)


def mark_all_read(person: User, *, now: datetime) -> int:
    """Everything in the person's inbox has been seen; returns how many were new. ``now`` UTC."""
    return Message.objects.inbox_of(person).filter(read_at=None).update(read_at=now)


def send_again(message: Message, *, actor: User, now: datetime) -> None:
    """Give an e-mail that was given up a new series of tries. ``now`` UTC.

    Raises ``NotAllowed``. A message that was sent meanwhile stays as it is.
    """
    decision = can_see_undelivered(actor)
    if not decision:
        raise NotAllowed(decision)
    Message.objects.filter(pk=message.pk, state=Message.State.FAILED).update(
        state=Message.State.QUEUED, next_try_at=now, tries=0
    )
    registry.nudge("messages")


def absolute(url: str) -> str:
    """Full address for an e-mail, outside of any request."""
    return settings.PUBLIC_BASE_URL.rstrip("/") + url if url.startswith("/") else url


def _deputies(people: Container[int], role: str, now: datetime) -> list[Delegation]:
    """Who stands in for any of ``people`` in ``role``; many causes together ask once."""

    def in_force() -> list[Delegation]:
        rows = Delegation.objects.effective(now).filter(receiver__is_active=True)
        return list(rows.select_related("giver", "receiver"))

    found = together.known(("delegations", now), in_force)
    return [each for each in found if each.giver_id in people and each.role in {"", role}]


def _for_another(letter: Letter, giver: str) -> Letter:
    """Says in whose place the person reads it."""
    mark = _("[For %(giver)s] %(text)s")
    return Letter(mark % {"giver": giver, "text": letter.subject}, letter.body)


def _marked(letter: Letter) -> Letter:
    """A drill says so before anything else."""
    mark = _("[Drill] %(text)s")
    return Letter(mark % {"text": letter.subject}, mark % {"text": letter.body})


def _one_line(subject: str) -> str:
    return " ".join(subject.split())[:SUBJECT_LENGTH]
