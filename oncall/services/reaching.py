"""Whom a rung reaches by which channel, and with which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import User
from notifications.models import Message
from notifications.services import Letter, notify
from oncall import links
from oncall.models import Attempt, Page, Reach
from oncall.page_letters import key_of
from oncall.services.group_posts import post_calling

VOICE, SMS = Attempt.Channel.VOICE, Attempt.Channel.SMS
# Channels of a ladder that are messages of the outbox.
MESSAGES = {"message": Message.Channel.IN_APP, "email": Message.Channel.EMAIL}


@dataclass(frozen=True)
class Reaching:
    """One rung of a page being taken at ``now`` (UTC)."""

    page: Page
    rung: int
    channels: Sequence[str]
    people: list[User]
    now: datetime

    def attempts(self, busy: set[int]) -> list[Attempt]:
        """Calls for those who are not ``busy`` (on the line already), and text messages."""
        free = [person for person in self.people if person.pk not in busy]
        calls = [self._attempt(person, VOICE, self._spoken(person)) for person in free]
        return calls + [self.text_to(person) for person in free if self._by(person, "sms")]

    def text_to(self, person: User) -> Attempt:
        """A text message with the link by which the person takes the page."""
        return self._attempt(person, SMS, self._written(person))

    def write_messages(self) -> None:
        """A message in the desk, an e-mail, for those who get one on this rung."""
        for channel in MESSAGES:
            self.write_to([each for each in self.people if self._by(each, channel)], [channel])

    def write_to(self, people: Sequence[User], channels: Sequence[str]) -> None:
        """Messages through ``channels`` of ``MESSAGES``; one that was written is not repeated."""
        notify(
            recipients=people,
            key=key_of(self.page, self.rung),
            write=lambda person: Letter(self.page.title, self._words(person)),
            url=reverse("oncall:page", args=[self.page.pk]),
            now=self.now,
            urgent=True,
            channels=[MESSAGES[channel] for channel in channels],
        )

    def write_posts(self) -> None:
        """A post in the chat groups that mentions those who want it on this rung."""
        named = [person for person in self.people if self._by(person, "robot")]
        post_calling(self.page, self.rung, named, now=self.now)

    @cached_property
    def _wishes(self) -> dict[int, list[str]]:
        rows = Reach.objects.filter(person__in=self.people, urgency=self.page.urgency)
        return dict(rows.values_list("person", "channels"))

    def _by(self, person: User, channel: str) -> bool:
        """The ladder says so, or the person wants it besides."""
        return channel in self.channels or channel in self._wishes.get(person.pk, ())

    def _attempt(self, person: User, channel: str, text: str) -> Attempt:
        return Attempt(
            page=self.page,
            person=person,
            rung=self.rung,
            channel=channel,
            number=person.phone,
            text=text,
            language=person.language,
            idempotency_key=reference(self.page, self.rung, person, channel),
            next_try_at=self.now,
            created_at=self.now,
        )

    def _words(self, person: User) -> str:
        """What is said about the record: by all its pages that are calling, each reason once."""
        texts = [self.page.texts[person.language]]
        texts += [page.texts[person.language] for page in self._others]
        return "\n".join(dict.fromkeys(texts))

    @cached_property
    def _others(self) -> list[Page]:
        calling = Page.objects.filter(subject=self.page.subject, state=Page.State.OPEN)
        return list(calling.exclude(pk=self.page.pk).order_by("pk"))

    def _spoken(self, person: User) -> str:
        with translation.override(person.language):
            keys = _("Press 1 to take it, 2 to hand it on at once, 3 to hear this again.")
        return f"{self._words(person)}\n{keys}"

    def _written(self, person: User) -> str:
        link = settings.PUBLIC_BASE_URL.rstrip("/") + links.address(self.page, person)
        with translation.override(person.language):
            take = _("To take it: %(link)s") % {"link": link}
        return f"{self._words(person)}\n{take}"


def reference(page: Page, rung: int, person: User, channel: str = VOICE) -> str:
    """The key under which one person is reached on one rung: once, whoever asks."""
    key = f"{key_of(page, rung)}:{person.pk}"
    return key if channel == VOICE else f"{key}:{channel}"
