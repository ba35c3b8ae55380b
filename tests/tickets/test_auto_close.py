"""D24: a reply nobody answers closes the defect by itself; D1: old drafts go (R11, R47)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from accounts.models import User
from audit.models import Event
from calendars.models import CalendarYear
from engine import registry
from notifications.models import Message
from tests.tickets.journey import Journey
from tests.tickets.situations import Situations
from tickets.models import Attachment, Defect, EndRequest, FollowUp
from tickets.services import defects, follow_ups, reopening, replies

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
# Replied on Monday 2026-11-23: day 3 is Thursday, day 5 the next Monday, at close of work.
DAY_3 = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
DAY_5 = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


def run(now: datetime) -> None:
    """The engine, as the worker runs it."""
    registry.run(follow_ups.ENGINE, now)


def events(defect: Defect, action: str, outcome: str = "done") -> int:
    """How often it stands in the trail."""
    return Event.objects.filter(
        target_id=str(defect.pk), action=f"defect.{action}", outcome=outcome
    ).count()


def told(person: User, words: str) -> int:
    """Messages in the desk with these words in the subject."""
    return Message.objects.filter(
        recipient=person, channel="in_app", subject__contains=words
    ).count()


def test_d24_reminds_on_day_three_and_closes_on_day_five_once_each(journey: Journey) -> None:
    defect = journey.acknowledge(journey.replied())
    run(DAY_3 - timedelta(seconds=1))
    assert events(defect, "remind") == 0
    for _again in range(2):
        run(DAY_3)
    assert events(defect, "remind") == 1
    assert told(journey.cast.reporter, "请签收") == 1
    run(DAY_5 - timedelta(seconds=1))
    assert Defect.objects.get(pk=defect.pk).state == "replied"
    for _again in range(2):
        run(DAY_5)
    closed = Defect.objects.get(pk=defect.pk)
    assert (closed.state, closed.close_reason, closed.closed_at) == ("closed", "auto", DAY_5)
    assert events(defect, "auto_close") == 1
    event = Event.objects.get(action="defect.auto_close")
    assert (event.actor_kind, event.from_state, event.to_state) == ("system", "replied", "closed")


def test_d24_counts_working_days_over_a_holiday(journey: Journey) -> None:
    """Replied on Wednesday 2026-09-30: the National Day week does not count, 10-10 does."""
    replied = datetime(2026, 9, 30, 2, 0, tzinfo=UTC)
    with time_machine.travel(replied):
        journey.now = replied - timedelta(minutes=30)
        defect = journey.replied()
    due = dict(FollowUp.objects.filter(defect=defect).values_list("kind", "due_at"))
    assert due["remind"] == datetime(2026, 10, 10, 9, 0, tzinfo=UTC)
    assert due["close"] == datetime(2026, 10, 13, 9, 0, tzinfo=UTC)


def test_d24_the_numbers_can_be_set(journey: Journey, settings: Any) -> None:
    settings.DEFECT_REMIND_WORKING_DAYS, settings.DEFECT_CLOSE_WORKING_DAYS = 1, 2
    defect = journey.replied()
    due = dict(FollowUp.objects.filter(defect=defect).values_list("kind", "due_at"))
    assert due["remind"] == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert due["close"] == datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def test_d24_waits_for_the_receipt_of_the_report_upward_and_says_so_once(
    journey: Journey, signed_in: SignIn
) -> None:
    defect = journey.replied()
    for hours in range(3):
        run(DAY_5 + timedelta(hours=hours))
    assert Defect.objects.get(pk=defect.pk).state == "replied"
    assert told(journey.cast.support, "暂不能关闭") == 1
    assert events(defect, "auto_close", outcome="refused") == 0
    page = signed_in(journey.cast.reporter).get(f"/defects/{defect.key}/").content.decode()
    assert "上级部门签收上报后将自动关闭" in page

    late = DAY_5 + timedelta(hours=2, minutes=10)
    journey.now = late - timedelta(minutes=1)
    journey.acknowledge(Defect.objects.get(pk=defect.pk))
    run(late)
    closed = Defect.objects.get(pk=defect.pk)
    assert (closed.state, closed.close_reason) == ("closed", "auto")


def test_d24_waits_for_the_change_record(journey: Journey) -> None:
    defect = journey.acknowledge(journey.replied())
    run_ = defect.implementations.get()
    record, run_.change_record = run_.change_record, None
    run_.save()
    run(DAY_5)
    assert FollowUp.objects.get(defect=defect, kind="close").obstacle == "no_change_record"
    run_.change_record = record
    run_.save()
    run(DAY_5 + timedelta(hours=1))
    assert Defect.objects.get(pk=defect.pk).state == "closed"


def test_d24_fails_closed_without_the_calendar_of_the_year(journey: Journey) -> None:
    """No year, no guess: nothing is closed, the owner is told, and it goes on once it is loaded."""
    replied = datetime(2026, 12, 29, 2, 0, tzinfo=UTC)
    with time_machine.travel(replied):
        journey.now = replied - timedelta(minutes=30)
        defect = journey.acknowledge(journey.replied())
    row = FollowUp.objects.get(defect=defect, kind="close")
    assert row.obstacle == "calendar"
    for day in range(1, 20):
        run(replied + timedelta(days=day))
    assert Defect.objects.get(pk=defect.pk).state == "replied"
    assert told(journey.cast.support, "暂不能关闭") == 1

    CalendarYear.objects.create(year=2027, notice="国办发明电〔2026〕号", loaded_at=replied)
    run(replied + timedelta(days=20))
    assert Defect.objects.get(pk=defect.pk).state == "closed"


def test_d24_somebody_was_faster(journey: Journey) -> None:
    accepted = journey.closed()
    again = journey.acknowledge(journey.replied())
    again = reopening.reopen(
        again, actor=journey.cast.reporter, now=journey.later(), opinion="今天上午再次超时"
    )
    run(DAY_5)
    assert Defect.objects.get(pk=accepted.pk).close_reason == "accepted"
    assert Defect.objects.get(pk=again.pk).state == "tech_processing"
    assert not FollowUp.objects.filter(done_at=None).exists()
    assert events(accepted, "remind") + events(again, "remind") == 0


def test_d24_one_bad_row_does_not_hold_up_the_others(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = journey.acknowledge(journey.replied()), journey.acknowledge(journey.replied())
    real = follow_ups._close

    def close(row: FollowUp, defect: Defect, now: datetime) -> None:
        if defect.pk == bad.pk:
            raise OSError("broken")
        real(row, defect, now)

    monkeypatch.setattr(follow_ups, "_close", close)
    with pytest.raises(OSError, match="broken"):
        run(DAY_5)
    assert Defect.objects.get(pk=good.pk).state == "closed"


@pytest.mark.django_db(transaction=True)
def test_d24_four_engines_at_once_do_everything_once(journey: Journey) -> None:
    found = [journey.acknowledge(journey.replied()) for _each in range(3)]
    together = Barrier(4)

    def engine(now: datetime) -> None:
        try:
            together.wait(timeout=30)
            follow_ups.act_on_due(now)
        finally:
            connection.close()

    for now in (DAY_3, DAY_5):
        with ThreadPoolExecutor(4) as crowd:
            list(crowd.map(engine, [now] * 4))
    assert Event.objects.filter(action="defect.remind").count() == len(found)
    assert Event.objects.filter(action="defect.auto_close").count() == len(found)
    assert {each.state for each in Defect.objects.all()} == {"closed"}


def test_d1_a_draft_nobody_touches_is_deleted_with_its_files(journey: Journey) -> None:
    file = SimpleUploadedFile("说明.txt", "文字".encode())
    draft = defects.save_draft(
        actor=journey.cast.reporter, now=journey.later(), reporter=journey.cast.reporter,
        form=journey.form(), files=[file],
    )  # fmt: skip
    stored = Attachment.objects.get().file
    run(journey.now + timedelta(days=29))
    assert Defect.objects.filter(pk=draft.pk).exists()
    run(journey.now + timedelta(days=30))
    assert not Defect.objects.filter(pk=draft.pk).exists()
    assert not Attachment.objects.exists()
    event = Event.objects.get(action="defect.discard")
    assert (event.data["title"], event.actor_kind) == ("商户交易查询超时", "system")
    assert told(journey.cast.reporter, "草稿") == 1
    assert stored.name


def test_d1_d33_a_draft_somebody_wanted_voided_is_deleted_too(
    journey: Journey, situations: Situations
) -> None:
    """Nobody decided: it goes like any other, and the trail keeps who asked."""
    draft = situations.draft_to_void()
    run(journey.later() + timedelta(days=30))
    assert not Defect.objects.filter(pk=draft.pk).exists()
    assert not EndRequest.objects.exists()
    assert Event.objects.filter(action="defect.ask_void", target_id=str(draft.pk)).exists()
    assert Event.objects.filter(action="defect.discard").count() == 1


def test_d1_writing_on_keeps_a_draft_and_submitting_ends_its_term(journey: Journey) -> None:
    reporter = journey.cast.reporter
    kept, sent = journey.draft(), journey.draft()
    later = journey.now + timedelta(days=20)
    defects.update_draft(kept, actor=reporter, now=later, form=journey.form())
    defects.submit(sent, actor=reporter, now=later)
    run(journey.now + timedelta(days=45))
    assert Defect.objects.get(pk=kept.pk).state == "draft"
    assert Defect.objects.get(pk=sent.pk).state == "submitted"
    run(later + timedelta(days=30))
    assert not Defect.objects.filter(pk=kept.pk).exists()
    assert Defect.objects.filter(pk=sent.pk).exists()


def test_a_reply_shows_when_it_closes(journey: Journey, signed_in: SignIn) -> None:
    defect = journey.replied()
    page = signed_in(journey.cast.reporter).get(f"/defects/{defect.key}/").content.decode()
    assert "2026-11-30 17:00" in page
    replies.accept_reply(
        journey.acknowledge(defect), actor=journey.cast.reporter, now=journey.later()
    )
    page = signed_in(journey.cast.reporter).get(f"/defects/{defect.key}/").content.decode()
    assert "2026-11-30 17:00" not in page
