"""Whether a call may leave now: what the carrier allows for one number, counted by all workers."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from oncall import providers
from oncall.budget import LONGEST_SPAN
from oncall.models import Attempt

# The first half of the key under which workers wait for each other; the number is the second.
NUMBERS = 1_910_114


def within_budget(attempt: Attempt, now: datetime) -> bool:
    """A carrier that is called too often refuses; counted are the calls that left for a number.

    Inside the transaction that lets the call leave: whoever counts calls to a number waits until
    the one before has written down whether its own leaves. ``now`` UTC.
    """
    budget = providers.budget()
    if attempt.channel != Attempt.Channel.VOICE or not budget.is_limited:
        return True
    _alone_with(attempt.number)
    calls = Attempt.objects.filter(
        number=attempt.number,
        channel=Attempt.Channel.VOICE,
        created_at__gt=now - LONGEST_SPAN,
        sent_at__isnull=False,
    ).exclude(pk=attempt.pk)
    left = [call.sent_at for call in calls.only("sent_at") if call.sent_at]
    return budget.allows(left, now)


def _alone_with(number: str) -> None:
    """Until the transaction ends. On SQLite a transaction is alone anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [NUMBERS, number])
