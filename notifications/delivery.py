"""The engine "messages": hands queued e-mails to the mail server.

1. In one transaction, claim a few due rows: their due time moves to the end of a lease.
2. Commit. From here on no lock is held, and a crash leaves rows that fall due again.
3. Send one after the other, and note each result only if the lease is still ours.
"""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta
from email.errors import MessageError

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from engine.due import backlog, claim_due
from notifications.models import Message
from notifications.services import absolute

ENGINE = "messages"
LEASE = timedelta(seconds=60)
# With a time-out of 10 s each, a batch ends before its lease does.
BATCH = 5
MAX_TRIES = 10
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
PERMANENT = 500  # SMTP codes from here on say: never
# A refused log-in is the fault of the set-up, not of the letter: it gets better when that does.
_SERVER_IS_UNWELL = (
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
)


def deliver_due(now: datetime) -> int:
    """Send one batch of the e-mails due at ``now`` (UTC); return how many were claimed."""
    batch = _claim(now)
    for message in batch:
        error: Exception | None = None
        try:
            _send(message)
        except Exception as failure:
            error = failure
        _finish(message, error, now)
    return len(batch)


def undelivered(now: datetime) -> int:
    """E-mails due at ``now`` (UTC) that nobody has taken yet."""
    queued = Message.objects.filter(state=Message.State.QUEUED, channel=Message.Channel.EMAIL)
    return backlog(queued, now=now, due_field="next_try_at")


def wait_before(tries: int) -> timedelta:
    """Pause after the ``tries``-th failed try: 30 s, doubled each time, at most an hour."""
    return min(FIRST_WAIT * (1 << min(tries - 1, 16)), LONGEST_WAIT)


def is_permanent(error: Exception) -> bool:
    """True when trying again cannot help: the server said never, or the letter is malformed."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= PERMANENT for code, _text in error.recipients.values())
    if isinstance(error, _SERVER_IS_UNWELL):
        return False
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code >= PERMANENT
    return isinstance(error, ValueError | MessageError)


def _claim(now: datetime) -> list[Message]:
    with transaction.atomic():
        queued = Message.objects.filter(
            state=Message.State.QUEUED, channel=Message.Channel.EMAIL
        ).select_related("recipient")
        batch = claim_due(queued, now=now, due_field="next_try_at", limit=BATCH, lease=LEASE)
        # Counted before sending: a letter that kills the process must not be tried for ever.
        Message.objects.filter(pk__in=[message.pk for message in batch]).update(
            tries=F("tries") + 1
        )
    for message in batch:
        message.tries += 1
    return batch


def _send(message: Message) -> None:
    person = message.recipient
    with translation.override(person.language):
        text = message.body
        if message.url:
            text += "\n\n" + _("Open in the service desk:") + f" {absolute(message.url)}"
        text += "\n\n— " + _("Service desk") + "\n"
    headers = {
        # The same for every try, so that a mail reader can tell a doubled letter.
        "Message-ID": f"<message-{message.pk}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>",
        "Auto-Submitted": "auto-generated",
    }
    if message.urgent:
        headers["X-Priority"] = "1"
        headers["Importance"] = "high"
    EmailMessage(message.subject, text, to=[person.email], headers=headers).send()


def _finish(message: Message, error: Exception | None, now: datetime) -> bool:
    """Write the result; False when the lease ran out and another worker has the row."""
    changes: dict[str, object]
    if error is None:
        changes = {"state": Message.State.SENT, "sent_at": now, "next_try_at": None}
        changes["last_error"] = ""
    else:
        final = is_permanent(error) or message.tries >= MAX_TRIES
        changes = {
            "state": Message.State.FAILED if final else Message.State.QUEUED,
            "next_try_at": None if final else now + wait_before(message.tries),
            "last_error": f"{type(error).__name__}: {error}"[:300],
        }
    return bool(
        Message.objects.filter(
            pk=message.pk, state=Message.State.QUEUED, next_try_at=message.next_try_at
        ).update(**changes)
    )
