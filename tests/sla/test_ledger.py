"""Why is it due then? The ledger of a clock, its page, its export, its API (R21–R24, I03, I10)."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import User
from audit.models import Event
from sla import scope
from sla.export import safe
from sla.ledger import account_of
from sla.models import Clock
from tests.sla.conftest import KIND, T0, Promise, after

Open = Callable[..., Promise]
SignIn = Callable[[User], Client]


def sentences(clocks: Promise, number: int = 0, language: str = "en") -> list[str]:
    """What the account of one clock says."""
    with translation.override(language):
        return [line.sentence for line in account_of(clocks.commitment)[number].lines]


@pytest.fixture(autouse=True)
def _seen_by_the_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        scope._scopes, KIND, lambda user, subject: user.is_desk and subject.startswith("GZ-0")
    )


def test_the_account_of_a_clock_that_ran_late_was_moved_and_ended(promise: Open) -> None:
    clocks = promise()
    clocks.tick(after(6))
    clocks.move(after(-1), after(7))
    clocks.tick(after(10))
    clocks.resolve(after(10.5))

    assert sentences(clocks) == [
        "The clocks were opened under version 1 of the agreement: fix 12 h, contingency plan "
        "16 h, fault report 24 h.",
        "Counting began from 2026-11-23 00:00:00; due at 2026-11-23 12:00:00.",
        "Reached at 2026-11-23 06:00:00: half of the time is gone. Told at 2026-11-23 06:00:00.",
        "T0 was moved: counted from 2026-11-22 23:00:00 instead of 2026-11-23 00:00:00; now due "
        "at 2026-11-23 11:00:00.",
        "Reached at 2026-11-23 08:00:00: three quarters of the time are gone. Told at 2026-11-23 "
        "10:00:00, sent late by 2 h 00 min.",
        "Reached at 2026-11-23 10:00:00: the last hour has begun. Told at 2026-11-23 10:00:00.",
        "Reached at 2026-11-23 10:30:00: the last half hour has begun. Told at 2026-11-23 "
        "10:30:00.",
        "Stopped at 2026-11-23 10:30:00, 0 h 30 min before its time limit: met.",
    ]


def test_it_says_why_in_one_sentence(promise: Open) -> None:
    clocks = promise()
    clocks.resolve(after(3))
    with translation.override("en"):
        fix, _plan, report = account_of(clocks.commitment)

    assert fix.why == (
        "Due at 2026-11-23 12:00:00: 12 hours after T0, the first report at 2026-11-23 00:00:00, "
        "as version 1 of the agreement says. Every hour counts: nights, weekends and holidays "
        "too, without a pause."
    )
    assert report.why.startswith(
        "Due at 2026-11-24 03:00:00: 24 hours after the fault was resolved at 2026-11-23 03:00:00"
    )


def test_it_says_so_in_chinese(promise: Open) -> None:
    clocks = promise()
    clocks.tick(after(13))
    with translation.override("zh-hans"):
        fix = account_of(clocks.commitment)[0]

    assert fix.why.startswith("到期时间2026-11-23 12:00:00:按第1版约定,自首次报告时间 T0")
    assert fix.lines[-1].sentence.startswith("2026-11-23 12:00:01到达节点")
    assert "补发" in fix.lines[-1].sentence


def test_what_is_still_to_come(promise: Open) -> None:
    clocks = promise()
    clocks.tick(after(11))
    with translation.override("en"):
        fix, plan = account_of(clocks.commitment)

    assert [line.at for line in fix.to_come] == [after(11.5), after(12, 1)]
    assert plan.to_come[0].at == after(12)


def test_every_ending_has_its_sentence(promise: Open) -> None:
    clocks = promise()
    clocks.resolve(after(1))
    clocks.reject(after(2))
    clocks.tick(after(13))
    clocks.resolve(after(13))

    assert [each for each in sentences(clocks) if "counts on from its old start" in each]
    assert sentences(clocks)[-1].startswith("Stopped at 2026-11-23 13:00:00: missed.")
    assert sentences(clocks, 1)[-1].startswith("No longer needed since 2026-11-23 13:00:00")
    assert sentences(clocks, 2)[-1].startswith("Void since 2026-11-23 02:00:00")
    with translation.override("en"):
        assert account_of(clocks.commitment)[3].title == "Fault report, run 2"


def test_a_drill_says_how_long_its_hour_is(promise: Open) -> None:
    clocks = promise(is_drill=True, hour_seconds=5)
    with translation.override("en"):
        why = account_of(clocks.commitment)[0].why

    assert why.endswith("In this drill an hour of the contract lasts 5 seconds.")


# --- the page --------------------------------------------------------------------------------
def test_the_page_shows_the_account_and_its_proof(
    promise: Open, agent: User, signed_in: SignIn
) -> None:
    User.objects.update(language="en")
    clocks = promise()
    clocks.tick(after(7))
    url = f"/clocks/{clocks.commitment.subject}/"
    page = signed_in(agent).get(url).content.decode()

    assert "Why is it due then?" in page
    assert "12 hours after T0" in page
    assert "the stored clocks are the same" in page
    part = signed_in(agent).get(url, headers={"HX-Request": "true"}).content.decode()
    assert "12 hours after T0" in part
    assert "<html" not in part


def test_a_changed_row_is_shown_to_whoever_reads_the_ledger(
    promise: Open, agent: User, signed_in: SignIn
) -> None:
    User.objects.update(language="en")
    clocks = promise()
    Clock.objects.filter(pk=clocks.get("fix").pk).update(due_at=after(20))
    page = signed_in(agent).get(f"/clocks/{clocks.commitment.subject}/").content.decode()

    assert "Do not rely on these deadlines" in page
    # The ledger itself tells the truth, out of the trail.
    assert "Due at 2026-11-23 12:00:00" in page


@pytest.mark.parametrize("path", ["/clocks/{}/", "/api/v1/clocks/{}/"])
def test_out_of_scope_is_not_there(
    promise: Open, reporter: User, agent: User, signed_in: SignIn, path: str
) -> None:
    subject = promise().commitment.subject

    assert signed_in(reporter).get(path.format(subject)).status_code == 404
    assert signed_in(agent).get(path.format("GZ-20261123-9999")).status_code == 404


def test_a_kind_that_nobody_registered_is_seen_by_nobody(
    promise: Open, agent: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(scope._scopes, KIND)

    assert signed_in(agent).get(f"/clocks/{promise().commitment.subject}/").status_code == 404


def test_the_page_needs_few_queries_however_much_happened(
    promise: Open, agent: User, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    clocks = promise()
    clocks.tick(after(20))
    client = signed_in(agent)
    client.get(f"/clocks/{clocks.commitment.subject}/")
    with django_assert_max_num_queries(16):
        client.get(f"/clocks/{clocks.commitment.subject}/")


# --- export ----------------------------------------------------------------------------------
def test_the_export_is_a_table_with_who_and_when_and_is_in_the_trail(
    promise: Open, agent: User, signed_in: SignIn
) -> None:
    User.objects.update(language="en")
    clocks = promise()
    clocks.move(after(-1), after(1))
    url = f"/clocks/{clocks.commitment.subject}/export/"
    answer = signed_in(agent).post(url, {"form": "csv"})

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["Record", "Clock", "Time"]
    assert rows[1][:2] == [clocks.commitment.subject, "Fix"]
    moved = next(row for row in rows if row[4].startswith("T0 was moved"))
    event = Event.objects.filter(action="sla.clock_moved").order_by("seq")[0]
    assert moved[6:] == ["另有更早的报告", str(event.seq), event.hash]
    assert rows[-1][0].startswith(f"Exported by {agent.name} at ")
    exported = Event.objects.get(action="sla.ledger_exported")
    assert (exported.actor_key, exported.data) == (agent.audit_key, {"form": "csv"})
    assert exported.target_label == clocks.commitment.subject


def test_the_print_form_is_a_page_of_its_own_and_is_in_the_trail(
    promise: Open, agent: User, signed_in: SignIn
) -> None:
    subject = promise().commitment.subject
    answer = signed_in(agent).post(f"/clocks/{subject}/export/", {"form": "print"})

    assert agent.name in answer.content.decode()
    assert Event.objects.get(action="sla.ledger_exported").data == {"form": "print"}


@pytest.mark.parametrize(("form", "status"), [("pdf", 400), ("", 400)])
def test_an_unknown_form_exports_nothing(
    promise: Open, agent: User, signed_in: SignIn, form: str, status: int
) -> None:
    subject = promise().commitment.subject
    answer = signed_in(agent).post(f"/clocks/{subject}/export/", {"form": form})

    assert answer.status_code == status
    assert not Event.objects.filter(action="sla.ledger_exported").exists()


def test_an_export_out_of_scope_leaves_no_trace(
    promise: Open, reporter: User, signed_in: SignIn
) -> None:
    subject = promise().commitment.subject
    answer = signed_in(reporter).post(f"/clocks/{subject}/export/", {"form": "csv"})

    assert answer.status_code == 404
    assert not Event.objects.filter(action="sla.ledger_exported").exists()


@pytest.mark.parametrize("cell", ["=1+1", "+86", "-1", "@x", "\tx", "\rx"])
def test_a_cell_is_never_a_formula(cell: str) -> None:
    assert safe(cell) == "'" + cell
    assert safe("2026-11-23") == "2026-11-23"


# --- API -------------------------------------------------------------------------------------
def test_the_api_gives_the_same_ledger(promise: Open, agent: User, signed_in: SignIn) -> None:
    User.objects.update(language="en")
    clocks = promise()
    clocks.tick(after(6))
    data = signed_in(agent).get(f"/api/v1/clocks/{clocks.commitment.subject}/").json()

    assert (data["record"], data["proved"]) == (clocks.commitment.subject, True)
    fix, plan = data["clocks"]
    assert datetime.fromisoformat(fix["due_at"]) == T0 + timedelta(hours=12)
    assert fix["why"].startswith("Due at 2026-11-23 12:00:00")
    assert len(fix["lines"]) == 3
    assert len(fix["lines"][-1]["hash"]) == 64
    assert plan["to_come"]
