"""The chain of events: proving it, and noticing what was done to it (I03)."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.actors import SETUP
from accounts.models import User
from audit import protection
from audit.errors import NoUnitOfWork
from audit.models import GENESIS, ChainHead, Event
from audit.services import record, unit_of_work
from audit.verify import verify_chain
from tests.threads import at_once


def note(person: User, words: str, **more: object) -> None:
    """One event in a transaction of its own."""
    with unit_of_work():
        record(actor=SETUP, action="test.done", target=person, label=words, **more)  # type: ignore[arg-type]


def fail_after_noting(person: User, words: str) -> None:
    """A unit of work that comes to nothing."""
    with unit_of_work():
        record(actor=SETUP, action="test.done", target=person, label=words)
        raise RuntimeError


def by_sql(statement: str, *values: str | int) -> None:
    """What somebody with the database's password could do, once the triggers are gone."""
    protection.remove(connection)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
    finally:
        protection.install(connection)


@pytest.fixture
def written(agent: User) -> User:
    """Some events, the last ones ours."""
    for number in range(5):
        note(agent, f"event {number}", data={"number": number, "words": "收单"})
    return agent


@pytest.mark.django_db
def test_an_untouched_chain_is_intact(written: User) -> None:
    verdict = verify_chain()

    assert verdict.intact
    assert verdict.checked == Event.objects.count()
    assert Event.objects.first().prev_hash == GENESIS  # type: ignore[union-attr]


@pytest.mark.django_db
def test_an_empty_chain_is_intact() -> None:
    assert verify_chain().intact


@pytest.mark.django_db
def test_every_event_names_the_one_before(written: User) -> None:
    events = list(Event.objects.order_by("seq"))

    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert [event.prev_hash for event in events[1:]] == [event.hash for event in events[:-1]]
    head = ChainHead.objects.get()
    assert (head.seq, head.hash) == (events[-1].seq, events[-1].hash)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "opinion = 'changed'",
        "actor_name = 'nobody'",
        "public = NOT public",
        "happened_at = '2020-01-01 00:00:00+00:00'",
        "outcome = 'refused'",
    ],
)
def test_the_first_changed_row_is_named(written: User, change: str) -> None:
    seq = Event.objects.get(target_label="event 2").seq
    by_sql(f"UPDATE audit_event SET {change} WHERE seq >= %s", seq)  # noqa: S608 - fixed texts
    verdict = verify_chain()

    assert verdict.broken_seq == seq
    assert verdict.checked == seq - 1


@pytest.mark.django_db
def test_a_changed_row_with_a_fitting_hash_breaks_the_next_link(written: User) -> None:
    event = Event.objects.get(target_label="event 2")
    event.opinion = "changed"
    by_sql(
        "UPDATE audit_event SET opinion = %s, hash = %s WHERE seq = %s",
        event.opinion, event.compute_hash(), event.seq,
    )  # fmt: skip

    assert verify_chain().broken_seq == event.seq + 1


@pytest.mark.django_db
def test_a_row_taken_out_of_the_middle_is_noticed(written: User) -> None:
    seq = Event.objects.get(target_label="event 2").seq
    by_sql("DELETE FROM audit_event WHERE seq = %s", seq)

    assert verify_chain().broken_seq == seq


@pytest.mark.django_db
def test_a_tail_that_was_cut_off_is_noticed(written: User) -> None:
    seq = Event.objects.get(target_label="event 3").seq
    by_sql("DELETE FROM audit_event WHERE seq >= %s", seq)

    assert verify_chain().broken_seq == seq


@pytest.mark.django_db
def test_all_rows_gone_is_noticed(written: User) -> None:
    by_sql("DELETE FROM audit_event")

    assert verify_chain().broken_seq == 1


@pytest.mark.django_db
def test_the_command_says_so(written: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_audit")
    assert "intact" in capsys.readouterr().out
    by_sql("UPDATE audit_event SET opinion = 'x' WHERE seq = %s", 2)

    with pytest.raises(CommandError, match="row 2"):
        call_command("verify_audit")


@pytest.mark.django_db
def test_an_event_outside_a_unit_of_work_is_refused(agent: User) -> None:
    with pytest.raises(NoUnitOfWork):
        record(actor=SETUP, action="test.done", target=agent, label="x")


@pytest.mark.django_db
def test_an_event_goes_with_its_transaction(agent: User) -> None:
    before = Event.objects.count()
    with pytest.raises(RuntimeError):
        fail_after_noting(agent, "x")

    assert Event.objects.count() == before
    assert verify_chain().intact


@pytest.mark.django_db
def test_a_part_that_failed_takes_its_events_along(agent: User) -> None:
    before = Event.objects.count()
    with unit_of_work():
        record(actor=SETUP, action="test.done", target=agent, label="kept")
        with pytest.raises(RuntimeError):
            fail_after_noting(agent, "dropped")
        record(actor=SETUP, action="test.done", target=agent, label="kept too")

    labels = list(Event.objects.order_by("seq").values_list("target_label", flat=True)[before:])
    assert labels == ["kept", "kept too"]
    assert verify_chain().intact


@pytest.mark.django_db
def test_both_times_are_kept(agent: User, now: datetime) -> None:
    note(agent, "earlier", happened_at=now)

    event = Event.objects.get(target_label="earlier")
    assert event.happened_at == now
    assert event.entered_at != now


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_keep_one_chain(agent: User) -> None:
    before = Event.objects.count()

    def write(number: int) -> None:
        for each in range(5):
            note(agent, f"{number}.{each}")

    at_once(6, write)

    assert Event.objects.count() == before + 30
    assert verify_chain().intact


@pytest.mark.django_db(transaction=True)
def test_the_very_first_events_at_the_same_time(agent: User) -> None:
    by_sql("DELETE FROM audit_event")
    ChainHead.objects.all().delete()
    at_once(4, lambda number: note(agent, str(number)))

    assert verify_chain().checked == 4
    assert verify_chain().intact


@pytest.mark.django_db(transaction=True)
def test_what_a_rolled_back_writer_wanted_leaves_no_hole(agent: User) -> None:
    def write(number: int) -> None:
        with transaction.atomic():
            note(agent, str(number))
            transaction.set_rollback(number % 2 == 0)

    at_once(6, write)

    labels = Event.objects.filter(action="test.done").values_list("target_label", flat=True)
    assert sorted(labels) == ["1", "3", "5"]
    assert verify_chain().intact
