"""The contract of ``claim_due``: every engine relies on it, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from accounts.models import User
from engine.due import claim_due
from notifications.models import Message
from tests.threads import at_once

LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)


def queue(person: User, *due: datetime) -> list[Message]:
    """Messages that fall due at these times."""
    return [
        Message.objects.create(
            recipient=person,
            channel=Message.Channel.EMAIL,
            dedupe_key=f"key {number}",
            subject=str(number),
            created_at=at,
            next_try_at=at,
        )
        for number, at in enumerate(due)
    ]


def claim(now: datetime, *, limit: int = 100, lease: timedelta | None = LEASE) -> list[str]:
    """Subjects of what one claimant gets."""
    with transaction.atomic():
        rows = claim_due(
            Message.objects.all(), now=now, due_field="next_try_at", limit=limit, lease=lease
        )
        return [row.subject for row in rows]


@pytest.mark.django_db
def test_what_is_due_is_claimed_and_nothing_else(agent: User, now: datetime) -> None:
    messages = queue(agent, now - SECOND, now, now + SECOND, now)
    Message.objects.filter(pk=messages[3].pk).update(next_try_at=None)

    assert claim(now) == ["0", "1"]


@pytest.mark.django_db
def test_the_oldest_first_and_never_more_than_asked_for(agent: User, now: datetime) -> None:
    queue(agent, now - 1 * SECOND, now - 3 * SECOND, now - 2 * SECOND)

    assert claim(now, limit=2) == ["1", "2"]
    assert claim(now, limit=2) == ["0"]


@pytest.mark.django_db
def test_rows_due_at_the_same_instant_come_in_the_order_they_were_written(
    agent: User, now: datetime
) -> None:
    queue(agent, now, now, now)

    assert claim(now, limit=2) == ["0", "1"]


@pytest.mark.django_db
def test_a_leased_row_is_nobody_elses_until_the_lease_ends(agent: User, now: datetime) -> None:
    queue(agent, now)

    assert claim(now) == ["0"]
    assert claim(now + LEASE - SECOND) == []
    assert claim(now + LEASE) == ["0"]


@pytest.mark.django_db
def test_a_late_finisher_finds_that_the_row_is_not_his_any_more(agent: User, now: datetime) -> None:
    queue(agent, now)

    def lease(at: datetime) -> Message:
        with transaction.atomic():
            rows: list[Message] = claim_due(
                Message.objects.all(), now=at, due_field="next_try_at", limit=1, lease=LEASE
            )
        [row] = rows
        return row

    def finish(row: Message) -> int:
        mine = Message.objects.filter(pk=row.pk, next_try_at=row.next_try_at)
        return mine.update(state=Message.State.SENT, next_try_at=None)

    first = lease(now)
    second = lease(now + LEASE)

    assert finish(first) == 0
    assert finish(second) == 1


@pytest.mark.django_db
def test_a_claim_that_is_rolled_back_claims_nothing(agent: User, now: datetime) -> None:
    queue(agent, now)
    with transaction.atomic():
        claim(now)
        transaction.set_rollback(True)

    assert claim(now) == ["0"]


@pytest.mark.django_db(transaction=True)
def test_it_refuses_to_work_outside_a_transaction(now: datetime) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        claim_due(Message.objects.all(), now=now, due_field="next_try_at", limit=1)


@pytest.mark.django_db(transaction=True)
def test_many_claimants_never_get_the_same_row(agent: User, now: datetime) -> None:
    queue(agent, *[now] * 40)

    def claimant(_number: int) -> list[str]:
        mine: list[str] = []
        while got := claim(now, limit=3):
            mine += got
        return mine

    shares = at_once(6, claimant)

    taken = [subject for share in shares for subject in share]
    assert len(taken) == len(set(taken))
    # Who finds every free row locked goes home; what was left is there for the next tick.
    assert sorted(taken + claim(now), key=int) == [str(number) for number in range(40)]


@pytest.mark.django_db(transaction=True)
def test_without_a_lease_the_rows_are_held_until_the_transaction_ends(
    agent: User, now: datetime
) -> None:
    queue(agent, *[now] * 12)

    def fire(_number: int) -> list[str]:
        with transaction.atomic():
            rows = claim_due(Message.objects.all(), now=now, due_field="next_try_at", limit=12)
            for row in rows:
                Message.objects.filter(pk=row.pk).update(next_try_at=None)
            return [row.subject for row in rows]

    shares = at_once(5, fire)

    fired = [subject for share in shares for subject in share]
    assert sorted(fired, key=int) == [str(number) for number in range(12)]


@pytest.mark.django_db(transaction=True)
def test_who_finds_rows_locked_passes_them_by(agent: User, now: datetime) -> None:
    """PostgreSQL skips locked rows; SQLite lets one transaction in at a time."""
    queue(agent, now, now)
    seen: list[list[str]] = []

    with transaction.atomic():
        held = claim_due(Message.objects.all(), now=now, due_field="next_try_at", limit=1)
        if connection.vendor == "postgresql":
            seen = at_once(1, lambda _number: claim(now))
        Message.objects.filter(pk__in=[row.pk for row in held]).update(next_try_at=None)
    seen.append(claim(now))

    assert [subject for share in seen for subject in share] == ["1"]
