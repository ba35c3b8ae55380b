"""Why is an internal target due then? Sentences, days, page, export, API (I03, I10, R11)."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime
from io import StringIO

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import User
from audit.models import Event
from calendars.models import CalendarYear
from engine import registry
from sla import scope
from sla.ledger import Account
from sla.models import Target, TargetClock
from sla.target_ledger import target_accounts
from sla.target_proof import numbers_of
from sla.targets import Subject
from sla.targets import follow as follow_at
from tests.sla.test_target_clocks import KIND, follow, local

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
URL = "/clocks/QX-1/"


@pytest.fixture(autouse=True)
def _ground(monkeypatch: pytest.MonkeyPatch) -> None:
    Target.objects.create(step="accept", level="S3", minutes=240)
    Target.objects.create(step="triage", level="S3", minutes=480)
    monkeypatch.setitem(scope._scopes, KIND, lambda user, _subject: user.is_desk)


def accounts(language: str = "en", now: datetime | None = None) -> list[Account]:
    with translation.override(language):
        return target_accounts(numbers_of("QX-1"), now or local("27 12:00"))


def sentences(language: str = "en") -> list[str]:
    return [line.sentence for line in accounts(language)[0].lines]


def begin(start: datetime, minutes: int) -> None:
    """A clock of so many minutes of working time from ``start``."""
    Target.objects.filter(step="accept").update(minutes=minutes)
    follow_at(Subject("QX-1", KIND, "/", "测试", "S3"), steps=["accept"], now=start)


def test_every_start_pause_resume_reminder_and_stop_has_its_sentence() -> None:
    follow("accept", at="23 09:00")
    follow(at="23 10:30", hold=True)
    follow("accept", at="23 14:00")
    registry.run("targets", local("23 15:30"))
    registry.run("targets", local("24 10:00"))
    follow("triage", at="24 11:00")

    assert sentences() == [
        "“Accept” began: 4 h 00 min of working time are allowed at urgency S3 Ordinary; due at "
        "2026-11-23 13:00:00.",
        "Paused: the ticket was returned for information to its reporter. 1 h 30 min of 4 h 00 "
        "min are used, 2 h 30 min are left.",
        "Resumed: the ticket came back from its reporter; now due at 2026-11-23 16:30:00.",
        "Reached at 2026-11-23 15:30:00: a quarter of the time is left. Told at 2026-11-23 "
        "15:30:00.",
        "Reached at 2026-11-23 16:30:01: the internal target has passed. Told at 2026-11-24 "
        "10:00:00, sent late by 17 h 29 min.",
        "The step ended at 2026-11-24 11:00:00 with 6 h 30 min used, 4 h 00 min were allowed: "
        "missed.",
    ]
    assert accounts()[0].why == (
        "Due at 2026-11-23 16:30:00: 4 h 00 min of working time after 2026-11-23 09:00:00, the "
        "internal target of “Accept” at urgency S3 Ordinary. 1 pause, while the ticket was with "
        "its reporter, does not count. Only working hours count, not nights, weekends or holidays."
    )


def test_it_says_so_in_chinese() -> None:
    follow("accept", at="23 09:00")
    follow(at="23 10:30", hold=True)

    assert sentences("zh-hans") == [
        "“受理”开始计时:S3 一般紧急程度允许4时00分工作时间;到期时间2026-11-23 13:00:00。",
        "暂停:单据已退回提出人补充。4时00分中已用1时30分,剩余2时30分。",
    ]
    assert accounts("zh-hans")[0].why.startswith("暂停期间没有到期时间")


@pytest.mark.parametrize(
    ("course", "said"),
    [
        ([("done", "23 10:00")], "The step ended at 2026-11-23 10:00:00 with 1 h 00 min of 4 h 00"),
        ([("drop", "23 10:00")], "Void since 2026-11-23 10:00:00, when the ticket was withdrawn"),
        ([("hold", "23 10:00"), ("drop", "24 10:00")], "Void since 2026-11-23 10:00:00"),
    ],
)
def test_every_ending_has_its_sentence(course: list[tuple[str, str]], said: str) -> None:
    follow("accept", at="23 09:00")
    for move, at in course:
        follow(at=at, hold=move == "hold", drop=move == "drop")

    assert sentences()[-1].startswith(said)


def test_a_second_time_through_a_step_is_an_account_of_its_own() -> None:
    follow("accept", at="23 09:00")
    follow(at="23 10:00")
    follow("accept", at="23 11:00")

    assert [account.title for account in accounts()] == [
        "Internal target · Accept", "Internal target · Accept, run 2",
    ]  # fmt: skip


def test_what_is_still_to_come() -> None:
    follow("accept", at="23 09:00")

    assert [line.at for line in accounts(now=local("23 10:00"))[0].to_come] == [
        local("23 12:00"), local("23 13:00:01"),
    ]  # fmt: skip


def test_the_bank_is_not_told_of_internal_targets(
    monkeypatch: pytest.MonkeyPatch, reporter: User, support: User, signed_in: SignIn
) -> None:
    """Also not those who may see the ticket itself."""
    monkeypatch.setitem(scope._scopes, KIND, lambda _user, _subject: True)
    follow("accept", at="23 09:00")

    assert signed_in(support).get(URL).status_code == 200
    assert signed_in(reporter).get(URL).status_code == 404


def test_without_calendar_it_says_that_nothing_is_guessed() -> None:
    CalendarYear.objects.all().delete()
    follow("accept", at="23 09:00")
    follow(at="23 14:00")

    account = accounts()[0]
    assert "nothing is guessed" in account.why
    assert account.days == []
    assert account.lines[-1].sentence.endswith("judged when the working calendar is loaded.")


# --- the days ------------------------------------------------------------------------------------
def days(start: str, minutes: int) -> list[tuple[str, str, str]]:
    """Date, hours and why, of a clock started then."""
    begin(datetime.fromisoformat(start + "+08:00"), minutes)
    return [(f"{day.date:%m-%d}", day.hours, day.what) for day in accounts()[0].days]


def test_a_holiday_is_named_and_does_not_count() -> None:
    """Vector 09-30 16:00 + 4 h → 10-08 12:00."""
    found = days("2026-09-30T16:00", 240)

    assert found[0] == ("09-30", "16:00–17:00", "Wednesday, working day")
    assert found[1] == ("10-01", "", "Thursday, public holiday: National Day")
    assert [hours for _day, hours, _what in found[1:8]] == [""] * 7
    assert found[8] == ("10-08", "09:00–12:00", "Thursday, working day")
    last = accounts()[0].days[-1]
    assert (last.counted, last.total) == ("3 h 00 min", "4 h 00 min")


def test_a_make_up_saturday_is_named_and_counts() -> None:
    """Vector 02-13 16:00 + 8 h → 02-14 16:00."""
    assert days("2026-02-13T16:00", 480)[1] == (
        "02-14", "09:00–16:00", "Saturday, make-up workday: Spring Festival",
    )  # fmt: skip


def test_a_weekend_is_said_to_be_one() -> None:
    found = days("2026-11-20T23:10", 240)

    assert [what for _day, _hours, what in found] == [
        "Friday, working day", "Saturday, weekend", "Sunday, weekend", "Monday, working day",
    ]  # fmt: skip
    assert found[-1][1] == "09:00–13:00"


def test_only_the_time_outside_pauses_counts() -> None:
    follow("accept", at="23 09:00")
    follow(at="23 10:00", hold=True)
    follow("accept", at="23 16:00")

    found = [(day.hours, day.total) for day in accounts()[0].days]
    assert found == [
        ("09:00–10:00", "1 h 00 min"), ("16:00–17:00", "2 h 00 min"), ("09:00–11:00", "4 h 00 min"),
    ]  # fmt: skip


# --- page, export, API ----------------------------------------------------------------------------
def test_the_page_shows_it_with_its_proof(agent: User, signed_in: SignIn) -> None:
    User.objects.update(language="en")
    follow("accept", at="23 09:00")
    page = signed_in(agent).get(URL).content.decode()

    assert "Internal target · Accept" in page
    assert "Monday, working day" in page
    assert "the stored clocks are the same" in page
    assert "never part of the contract" in page
    part = signed_in(agent).get(URL, headers={"HX-Request": "true"}).content.decode()
    assert "Internal target · Accept" in part
    assert "<html" not in part


def test_a_changed_row_is_shown_to_whoever_reads_it(agent: User, signed_in: SignIn) -> None:
    User.objects.update(language="en")
    follow("accept", at="23 09:00")
    TargetClock.objects.update(due_at=local("27 09:00"))
    page = signed_in(agent).get(URL).content.decode()

    assert "Do not rely on these deadlines" in page
    assert "Due at 2026-11-23 13:00:00" in page


def test_the_export_tells_lines_and_days_and_is_in_the_trail(
    agent: User, signed_in: SignIn
) -> None:
    User.objects.update(language="en")
    follow("accept", at="23 09:00")
    answer = signed_in(agent).post(f"{URL}export/", {"form": "csv"})

    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    event = Event.objects.get(action="sla.target_started")
    assert rows[2][1] == "Internal target · Accept"
    assert rows[2][7:] == [str(event.seq), event.hash]
    assert [row[4] for row in rows if row[2:3] == ["2026-11-23"]] == [
        "Monday, working day: 09:00–13:00 counts, 4 h 00 min; 4 h 00 min so far"
    ]
    exported = Event.objects.get(action="sla.ledger_exported")
    assert (exported.target_label, exported.actor_key) == ("QX-1", agent.audit_key)
    # The export is no event of the clock.
    assert len(accounts()[0].lines) == 1
    printed = signed_in(agent).post(f"{URL}export/", {"form": "print"}).content.decode()
    assert "Internal target · Accept" in printed


def test_the_api_gives_the_same(agent: User, signed_in: SignIn) -> None:
    User.objects.update(language="en")
    follow("accept", at="23 09:00")
    follow(at="23 10:00", hold=True)
    data = signed_in(agent).get("/api/v1/clocks/QX-1/").json()

    assert (data["record"], data["internal"], data["proved"]) == ("QX-1", True, True)
    [clock] = data["clocks"]
    assert (clock["state"], clock["due_at"]) == ("paused", None)
    assert clock["days"] == [
        {"date": "2026-11-23", "what": "Monday, working day", "works": True,
         "hours": "09:00–10:00", "counted": "1 h 00 min", "total": "1 h 00 min"}
    ]  # fmt: skip


@pytest.mark.parametrize("path", [URL, "/api/v1/clocks/QX-1/"])
def test_it_is_the_desks_own(reporter: User, signed_in: SignIn, path: str) -> None:
    follow("accept", at="23 09:00")

    assert signed_in(reporter).get(path).status_code == 404
    assert signed_in(reporter).post(f"{URL}export/", {"form": "csv"}).status_code == 404
    assert not Event.objects.filter(action="sla.ledger_exported").exists()


def test_where_nothing_is_agreed_it_says_so(agent: User, signed_in: SignIn) -> None:
    """未约定: no target, no clock, no judgement."""
    Target.objects.all().delete()
    follow("accept", at="23 09:00")
    page = signed_in(agent).get(URL).content.decode()

    assert "未约定" in page
    answer = signed_in(agent).post(f"{URL}export/", {"form": "csv"})
    assert "未约定" in answer.content.decode("utf-8-sig")
    assert Event.objects.get(action="sla.ledger_exported").target_label == "QX-1"
