"""Nobody changes or removes an event: not the code, not plain SQL (I03)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.actors import SETUP
from accounts.models import User
from audit.errors import AppendOnlyError
from audit.models import Event
from audit.services import record, unit_of_work
from audit.verify import verify_chain

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(agent: User) -> Event:
    """The newest event."""
    with unit_of_work():
        record(actor=SETUP, action="test.done", target=agent, label="kept")
    found: Event = Event.objects.get(action="test.done")
    return found


@pytest.mark.parametrize(
    "change",
    [
        lambda event: event.save(),
        lambda event: event.delete(),
        lambda _event: Event.objects.all().delete(),
        lambda _event: Event.objects.update(opinion="x"),
        lambda event: Event.objects.filter(pk=event.pk).update(opinion="x"),
        lambda event: Event.objects.bulk_update([event], ["opinion"]),
    ],
)
def test_the_code_cannot(event: Event, change: Callable[[Event], object]) -> None:
    with pytest.raises(AppendOnlyError), transaction.atomic():
        change(event)

    assert verify_chain().intact


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET opinion = 'x'",
        "UPDATE audit_event SET seq = seq + 1000",
        "DELETE FROM audit_event",
        "DELETE FROM audit_event WHERE action = 'test.done'",
    ],
)
def test_plain_sql_cannot(event: Event, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert verify_chain().intact


def test_the_table_cannot_be_emptied_at_once(event: Event) -> None:
    # SQLite has no TRUNCATE; its nearest is a DELETE of everything.
    emptying = (
        "TRUNCATE audit_event" if connection.vendor == "postgresql" else "DELETE FROM audit_event"
    )
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(emptying)

    assert Event.objects.filter(pk=event.pk).exists()
