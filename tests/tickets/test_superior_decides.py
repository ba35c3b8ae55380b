"""What the superior department decides, what was deferred, and silence (D27, D28, R47)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import RoleGrant, User
from accounts.roles import Role
from audit.models import Event
from calendars.models import CalendarYear
from engine import registry
from notifications.models import Message
from tests.tickets.journey import Journey
from tests.tickets.situations import Situations
from tickets.models import Defect, SuperiorDecision, SuperiorReport
from tickets.policies import why_not_closed
from tickets.services import deferring, replies, superior
from tickets.services.deferring import resume_by_date
from workflow.errors import InvalidInput, NotAllowed, WrongState

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.mark.parametrize(
    ("decision", "more", "state", "role"),
    [
        ("continue", {}, "tech_processing", "tech"),
        ("vendor", {"vendor": "银联数据"}, "tech_processing", "tech"),
        ("explain", {}, "awaiting_superior", "support"),
    ],
)
def test_each_decision_leads_where_it_says(
    situations: Situations, decision: str, more: dict[str, Any], state: str, role: str
) -> None:
    """D27: the decision acknowledges the report as well."""
    defect = situations.decided(decision, **more)
    assert (defect.state, defect.holder_role) == (state, role)
    report = SuperiorReport.objects.get()
    assert (report.state, report.acknowledged_by) == ("acknowledged", situations.cast.superior)
    row = SuperiorDecision.objects.get()
    assert (row.decision, row.vendor) == (decision, more.get("vendor", ""))


def test_explained_is_answered_from_there_and_closed(
    situations: Situations, journey: Journey
) -> None:
    """D27 → D22 → D23: no implementation, no change, and yet every duty done."""
    defect = replies.reply(
        situations.explained(), actor=journey.cast.support, now=journey.later(),
        recipient_kind="submitting_unit", solution="本级不能解决，请按临时办法办理",
        analysis="接口字段由外部机构提供", cause="银联接口不返回该字段",
    )  # fmt: skip
    assert (defect.state, defect.result) == ("replied", "explained")
    assert why_not_closed(defect)
    done = replies.accept_reply(defect, actor=journey.cast.reporter, now=journey.later(), rating=3)
    assert done.state == "closed"


def test_without_that_decision_nothing_is_replied_from_there(
    situations: Situations, journey: Journey
) -> None:
    with pytest.raises(WrongState):
        replies.reply(
            situations.reported_for_decision(), actor=journey.cast.support, now=journey.later(),
            recipient_kind="submitting_unit", solution="本级不能解决", analysis="字段由外部提供",
            cause="接口不返回该字段",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"opinion": "无"}, "opinion"),
        ({"decision": "later"}, "decision"),
        ({"decision": "vendor"}, "vendor"),
        ({"decision": "defer"}, "review_at"),
        ({"decision": "defer", "review_at": timedelta(days=-1)}, "review_at"),
    ],
)
def test_a_decision_is_complete(
    situations: Situations, journey: Journey, changes: dict[str, Any], field: str
) -> None:
    words: dict[str, Any] = {"decision": "continue", "opinion": "同意，请按此办理", **changes}
    if isinstance(words.get("review_at"), timedelta):
        words["review_at"] += journey.now
    with pytest.raises(InvalidInput) as refusal:
        deferring.decide(
            situations.reported_for_decision(), actor=journey.cast.superior, now=journey.later(),
            **words,
        )  # fmt: skip
    assert set(refusal.value.fields) == {field}


def test_nothing_is_decided_before_the_report_is_sent_and_nothing_twice(
    situations: Situations, journey: Journey
) -> None:
    RoleGrant.objects.create(user=journey.cast.superior, role=Role.AGENT)
    above = User.objects.get(pk=journey.cast.superior.pk)
    for defect, code in (
        (situations.awaiting(), "report_due"),
        (situations.explained(), "decided"),
    ):
        with pytest.raises(WrongState) as refusal:
            deferring.decide(
                defect, actor=above, now=journey.later(), decision="continue",
                opinion="同意，请按此办理",
            )  # fmt: skip
        assert refusal.value.code == code


@pytest.mark.parametrize("part", ["support", "supervisor", "tech"])
def test_who_sent_co_signed_or_stated_it_does_not_decide(
    situations: Situations, journey: Journey, part: str
) -> None:
    """The four-eyes row of the superior, for decisions too."""
    RoleGrant.objects.create(user=getattr(journey.cast, part), role=Role.SUPERIOR)
    both = User.objects.get(pk=getattr(journey.cast, part).pk)
    with pytest.raises(NotAllowed) as refusal:
        deferring.decide(
            situations.reported_for_decision(), actor=both, now=journey.later(),
            decision="continue", opinion="同意，请按此办理",
        )  # fmt: skip
    assert refusal.value.code.startswith("four_eyes_")


def test_the_engine_resumes_on_the_review_date_once(
    situations: Situations, journey: Journey
) -> None:
    """D28: a due row like every other."""
    defect = situations.deferred()
    assert (defect.holder_role, defect.holder) == ("support", journey.cast.support)
    review_at = defect.review_at
    assert review_at is not None
    assert registry.run("reviews", review_at - timedelta(seconds=1)) == 0
    assert registry.run("reviews", review_at) == 1
    assert registry.run("reviews", review_at + timedelta(days=1)) == 0
    defect.refresh_from_db()
    assert (defect.state, defect.holder, defect.review_at) == (
        "tech_processing", journey.cast.tech, None,
    )  # fmt: skip
    event = Event.objects.get(action="defect.resume")
    assert (event.actor_kind, event.happened_at) == ("system", review_at)
    assert Message.objects.filter(
        recipient=journey.cast.reporter, subject__contains="恢复"
    ).exists()


def test_support_resumes_earlier_and_the_engine_then_leaves_it_alone(
    situations: Situations, journey: Journey
) -> None:
    defect = situations.deferred()
    review_at = defect.review_at
    assert review_at is not None
    with pytest.raises(NotAllowed):
        deferring.resume(defect, actor=journey.cast.tech, now=journey.later())
    resumed = deferring.resume(defect, actor=journey.cast.support, now=journey.later())
    assert (resumed.state, resumed.review_at) == ("tech_processing", None)
    assert registry.run("reviews", review_at + timedelta(days=1)) == 0
    with pytest.raises(WrongState):
        resume_by_date(resumed, now=review_at)


def _record(defect: Defect, journey: Journey, actor: User, **changes: Any) -> Defect:
    report = SuperiorReport.objects.get(defect=defect)
    assert report.silent_at is not None
    words: dict[str, Any] = {
        "name": "何志远", "acknowledged_on": date(2026, 11, 24),
        "files": [SimpleUploadedFile("签收单.txt", "已签收".encode())],
        "now": report.silent_at, **changes,
    }  # fmt: skip
    return superior.record_acknowledgement(defect, actor=actor, **words)


def test_after_five_working_days_of_silence_a_supervisor_records_it_with_evidence(
    journey: Journey,
) -> None:
    """Sent on Monday 23 November: silent at close of work on Monday 30 November; marked."""
    defect = journey.replied()
    report = SuperiorReport.objects.get()
    assert report.silent_at is not None
    assert report.silent_at.isoformat() == "2026-11-30T09:00:00+00:00"
    supervisor = journey.cast.supervisor
    with pytest.raises(WrongState) as refusal:
        _record(defect, journey, supervisor, now=report.silent_at - timedelta(seconds=1))
    assert refusal.value.code == "not_silent"
    defect = _record(defect, journey, supervisor)
    report.refresh_from_db()
    assert (report.state, report.off_system_name, report.recorded_by) == (
        "acknowledged", "何志远", supervisor,
    )  # fmt: skip
    assert report.acknowledged_by is None
    assert report.evidence is not None
    assert report.evidence.internal
    assert why_not_closed(defect)


def test_supervisors_are_told_of_the_silence_once(journey: Journey) -> None:
    journey.replied()
    silent_at = SuperiorReport.objects.get().silent_at
    assert silent_at is not None
    registry.run("reviews", silent_at - timedelta(seconds=1))
    told = Message.objects.filter(recipient=journey.cast.supervisor, subject__contains="未签收")
    assert not told.exists()
    assert registry.run("reviews", silent_at) == 1
    assert registry.run("reviews", silent_at + timedelta(days=1)) == 0
    assert told.filter(channel="in_app").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"files": []}, "files"),
        ({"acknowledged_on": date(2026, 11, 20)}, "acknowledged_on"),
        ({"acknowledged_on": date(2026, 12, 24)}, "acknowledged_on"),
    ],
)
def test_what_is_recorded_is_complete_and_possible(
    journey: Journey, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        _record(journey.replied(), journey, journey.cast.supervisor, **changes)
    assert set(refusal.value.fields) == {field}
    assert SuperiorReport.objects.get().state == "sent"


def test_the_sender_does_not_record_the_acknowledgement(journey: Journey) -> None:
    RoleGrant.objects.create(user=journey.cast.support, role=Role.SUPERVISOR)
    both = User.objects.get(pk=journey.cast.support.pk)
    with pytest.raises(NotAllowed) as refusal:
        _record(journey.replied(), journey, both)
    assert refusal.value.code == "four_eyes_sender"


def test_without_a_calendar_silence_is_not_counted_until_there_is_one(journey: Journey) -> None:
    """Fails closed: no guess of five working days; the engine looks again."""
    CalendarYear.objects.filter(year=2026).update(year=2020)
    defect = journey.replied()
    report = SuperiorReport.objects.get()
    assert report.silent_at is None
    with pytest.raises(WrongState) as refusal:
        superior.record_acknowledgement(
            defect, actor=journey.cast.supervisor, now=journey.now + timedelta(days=30),
            name="何志远", acknowledged_on=date(2026, 11, 24),
            files=[SimpleUploadedFile("a.txt", b"text")],
        )  # fmt: skip
    assert refusal.value.code == "calendar_missing"
    CalendarYear.objects.filter(year=2020).update(year=2026)
    registry.run("reviews", journey.now + timedelta(minutes=1))
    report.refresh_from_db()
    assert report.silent_at is not None


def test_a_second_report_for_the_decision_keeps_the_first(
    situations: Situations, journey: Journey
) -> None:
    """Confirmed and reported, then found unsolvable: a report of its own; both acknowledged."""
    from tickets.services import rulings, signoff

    defect = journey.report_upward(journey.pending_signoff())
    defect = signoff.recall(defect, actor=journey.cast.tech, now=journey.later())
    defect = rulings.state_unsolvable(
        defect, actor=journey.cast.tech, now=journey.later(), cause_class="interface",
        module="对账文件", cause="银联接口不返回该字段", why="须由外部机构改造接口",
        alternatives="每日人工补录差异", workaround="次日人工核对",
    )  # fmt: skip
    defect = rulings.cosign_unsolvable(defect, actor=journey.cast.supervisor, now=journey.later())
    first, second = SuperiorReport.objects.order_by("pk")
    assert (first.asks_for_decision, second.asks_for_decision) == (False, True)
    assert first.number != second.number
    defect = journey.report_upward(defect)
    deferring.decide(
        defect, actor=journey.cast.superior, now=journey.later(), decision="continue",
        opinion="同意，请按此办理",
    )  # fmt: skip
    assert set(SuperiorReport.objects.values_list("state", flat=True)) == {"acknowledged"}


def test_the_superior_sees_report_and_decision_but_no_internal_note(
    situations: Situations, journey: Journey, signed_in: SignIn
) -> None:
    defect = situations.awaiting()
    above = signed_in(journey.cast.superior)
    assert above.get(defect.get_absolute_url()).status_code == 404
    defect = journey.report_upward(defect)
    page = above.get(defect.get_absolute_url()).content.decode()
    assert "请阅读上报内容并批示" in page
    assert "此处对银行不可见" not in page
    done = above.post(
        f"{defect.get_absolute_url()}do/decide/",
        {"version": defect.row_version, "decision": "defer", "opinion": "明年再议，先用临时办法",
         "review_at": "2027-01-04T09:00"},
    )  # fmt: skip
    assert done.status_code == 302
    page = above.get(defect.get_absolute_url()).content.decode()
    assert "明年再议" in page
    assert "暂缓至 2027-01-04" in page
