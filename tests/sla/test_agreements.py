"""Versions of the service plan: proposed by one, confirmed by another, never over a clock (R56)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Organisation, User
from accounts.roles import Role
from audit.models import Event
from notifications.models import Message
from sla import services, versions
from sla.models import Agreement
from sla.schedule import default_warnings
from sla.terms import Terms, changes, read_at
from tests.sla.conftest import T0, Promise, after, agreement
from workflow.errors import InvalidInput, NotAllowed, WrongState

SignedIn = Callable[[User], Client]
NEW = "/agreements/new/"
REASON = "补充协议约定缩短修复时限"


@pytest.fixture(autouse=True)
def _today(now: datetime) -> Any:
    """It is Monday 2026-11-23 09:05."""
    with time_machine.travel(now, tick=False):
        yield


def wanted(**changed: Any) -> Terms:
    """A version that halves the fix time from 2026-12-01 on."""
    given: dict[str, Any] = {
        "effective_from": datetime.fromisoformat("2026-12-01T00:00+08:00"),
        "fix_hours": 6, "plan_hours": 10, "report_hours": 24, "plan_clock_origin": "t0",
        "warnings": default_warnings(), "alert_repeat_minutes": 15, "report_for_s2": False,
        "source": "补充协议一", "reason": REASON, **changed,
    }  # fmt: skip
    return Terms(**given)


def typed(**changed: str) -> dict[str, str]:
    """The form as a browser sends it."""
    fields = {
        "effective_on": "2026-12-01", "fix_hours": "6", "plan_hours": "10", "report_hours": "24",
        "plan_clock_origin": "t0", "alert_repeat_minutes": "15", "source": "补充协议一",
        "reason": REASON, "fix_at_1": "50%", "fix_tell_1": "1", "fix_at_2": "６０ 分钟",
        "fix_tell_2": "3", "fix_tell_breach": "4", "plan_at_1": "60m", "plan_tell_1": "3",
        "plan_tell_duty_opened": "2", "plan_tell_breach": "4", "report_at_1": "75%",
        "report_tell_1": "2", "report_tell_breach": "4",
    }  # fmt: skip
    return {**fields, **changed}


@pytest.fixture
def proposed(sysadmin: User, now: datetime) -> Agreement:
    """Waits for a supervisor."""
    return versions.propose(actor=sysadmin, now=now, wanted=wanted())


# --- the pages ---------------------------------------------------------------------------------
def test_propose_preview_confirm(
    signed_in: SignedIn, sysadmin: User, supervisor: User, now: datetime
) -> None:
    browser = signed_in(sysadmin)
    assert 'value="12"' in browser.get(NEW).content.decode()
    shown = browser.post(NEW, typed())
    assert not Agreement.objects.filter(version=2).exists()
    seen = shown.context["seen"]
    done = browser.post(NEW, typed(seen=seen, propose=""))
    assert done.status_code == 302
    version = Agreement.objects.get(version=2)
    assert version.state == "proposed"
    assert version.warnings["fix"] == [
        {"at": "50%", "tell": 1}, {"at": "60m", "tell": 3}, {"at": "breach", "tell": 4},
    ]  # fmt: skip
    assert Message.objects.filter(recipient=supervisor, dedupe_key="agreement:2:proposed").exists()

    other = signed_in(supervisor)
    page = other.get(done["Location"]).content.decode()
    assert REASON in page
    answer = other.post("/agreements/2/do/confirm/", {"version": version.row_version})
    assert answer.status_code == 302
    version = Agreement.objects.get(version=2)
    assert (version.state, version.decided_by, version.proposed_by) == (
        "confirmed", supervisor, sysadmin,
    )  # fmt: skip
    assert versions.in_force(now) == Agreement.objects.get(version=1)
    assert versions.in_force(version.effective_from) == version
    acts = Event.objects.filter(action__startswith="agreement.").values_list("action", flat=True)
    assert list(acts) == ["agreement.propose", "agreement.confirm"]


def test_nothing_is_proposed_that_was_not_previewed(signed_in: SignedIn, sysadmin: User) -> None:
    browser = signed_in(sysadmin)
    browser.post(NEW, typed(propose=""))
    assert not Agreement.objects.filter(version=2).exists()
    seen = browser.post(NEW, typed()).context["seen"]
    browser.post(NEW, typed(seen=seen, propose="", fix_hours="8"))

    assert not Agreement.objects.filter(version=2).exists()


@pytest.mark.parametrize(
    ("field", "value", "where"),
    [
        ("effective_on", "2026-11-23", "effective_on"),
        ("effective_on", "2016-01-01", "effective_on"),
        ("fix_hours", "0", "fix_hours"),
        ("fix_hours", "10", "plan_hours"),
        ("report_hours", "241", "report_hours"),
        ("alert_repeat_minutes", "", "alert_repeat_minutes"),
        ("plan_clock_origin", "yesterday", "plan_clock_origin"),
        ("reason", "同上", "reason"),
        ("fix_at_1", "soon", "fix_at_1"),
        ("fix_at_1", "0%", "fix_at_1"),
        ("fix_at_1", "60m", "fix_warnings"),
        ("plan_at_1", "240m", "plan_warnings"),
        ("fix_tell_breach", "9", "fix_tell_breach"),
    ],
)
def test_bad_input_is_told_beside_the_field(
    signed_in: SignedIn, sysadmin: User, field: str, value: str, where: str
) -> None:
    answer = signed_in(sysadmin).post(NEW, typed(**{field: value}))

    assert answer.status_code == 422
    assert where in answer.context["form"].errors
    assert not Agreement.objects.filter(version=2).exists()


def test_the_preview_names_the_open_records_that_keep_their_version(
    signed_in: SignedIn, sysadmin: User, promise: Callable[..., Promise]
) -> None:
    clocks = promise(subject="GZ-20261123-0009")
    page = signed_in(sysadmin).post(NEW, typed())

    rows = page.context["preview"].untouched
    assert {(row.clock.kind, row.due_at, row.would_be) for row in rows} == {
        ("fix", after(12), after(6)),
        ("plan", after(16), after(10)),
    }
    assert "GZ-20261123-0009" in page.content.decode()
    assert clocks.get("fix").due_at == after(12)


def test_the_preview_counts_the_plan_from_its_new_origin(promise: Callable[..., Promise]) -> None:
    promise()
    shown = versions.look(wanted(plan_clock_origin="fix_due", plan_hours=12))
    plan = next(row for row in shown.untouched if row.clock.kind == "plan")

    assert plan.would_be == after(6 + 12)


def test_history_reads_with_its_differences(
    signed_in: SignedIn, tech: User, proposed: Agreement
) -> None:
    page = signed_in(tech).get("/agreements/2/")

    assert [name for name, _before, _after in page.context["preview"].changes] == [
        "生效时间", "修复时限", "应急方案时限",
    ]  # fmt: skip
    assert changes(wanted(), wanted(alert_repeat_minutes=10))[0][1:] == ("15 分钟", "10 分钟")
    assert "v1" in signed_in(tech).get("/agreements/").content.decode()


# --- who may -----------------------------------------------------------------------------------
def test_only_the_system_administrator_proposes(
    supervisor: User, tech: User, secadmin: User, now: datetime
) -> None:
    for person in (supervisor, tech, secadmin):
        with pytest.raises(NotAllowed):
            versions.propose(actor=person, now=now, wanted=wanted())
    assert Agreement.objects.count() == 1


@pytest.mark.parametrize("code", ["confirm", "reject"])
def test_only_a_supervisor_decides(
    signed_in: SignedIn, proposed: Agreement, tech: User, sysadmin: User, manager: User, code: str
) -> None:
    for person in (tech, sysadmin, manager):
        answer = signed_in(person).post(f"/agreements/2/do/{code}/", {"opinion": REASON})
        assert answer.status_code == 403, person
    assert Agreement.objects.get(version=2).state == "proposed"


def test_one_human_with_two_accounts_does_not_confirm_his_own(
    make_person: Callable[..., User],
    company: Organisation,
    signed_in: SignedIn,
    proposed: Agreement,
    sysadmin: User,
) -> None:
    """Four-eyes is per person: same staff number."""
    second = make_person("qianjin2", "钱进", company, Role.SUPERVISOR)
    User.objects.filter(pk=second.pk).update(staff_no=sysadmin.staff_no + " ")
    Agreement.objects.filter(version=2).update(proposed_by=second)
    answer = signed_in(second).post("/agreements/2/do/confirm/", {})

    assert answer.status_code == 403
    assert Agreement.objects.get(version=2).state == "proposed"


def test_a_superuser_flag_opens_nothing(
    signed_in: SignedIn, proposed: Agreement, tech: User
) -> None:
    tech.is_superuser = True
    tech.save()
    assert signed_in(tech).post("/agreements/2/do/confirm/", {}).status_code == 403


def test_out_of_scope_is_not_found(signed_in: SignedIn, reporter: User, auditor: User) -> None:
    for person in (reporter, auditor):
        assert signed_in(person).get("/agreements/1/").status_code == 403


# --- states ------------------------------------------------------------------------------------
def test_rejected_needs_a_reason_and_stays_readable(
    signed_in: SignedIn, proposed: Agreement, supervisor: User, sysadmin: User
) -> None:
    browser = signed_in(supervisor)
    assert browser.post("/agreements/2/do/reject/", {"opinion": "略"}).status_code == 422
    browser.post("/agreements/2/do/reject/", {"opinion": "没有书面补充协议"})

    assert Agreement.objects.get(version=2).state == "rejected"
    assert "没有书面补充协议" in browser.get("/agreements/2/").content.decode()
    told = Message.objects.filter(dedupe_key="agreement:2:rejected", channel="in_app")
    assert [message.recipient for message in told] == [sysadmin]


def test_what_is_decided_is_decided(
    signed_in: SignedIn, proposed: Agreement, supervisor: User
) -> None:
    browser = signed_in(supervisor)
    browser.post("/agreements/2/do/confirm/", {})
    assert browser.post("/agreements/2/do/confirm/", {}).status_code == 409
    assert browser.post("/agreements/2/do/reject/", {"opinion": REASON}).status_code == 409


def test_a_stale_page_decides_nothing(
    signed_in: SignedIn, proposed: Agreement, supervisor: User
) -> None:
    answer = signed_in(supervisor).post(
        "/agreements/2/do/confirm/", {"version": proposed.row_version + 7}
    )
    assert answer.status_code == 409
    assert Agreement.objects.get(version=2).state == "proposed"


def test_one_proposal_at_a_time(proposed: Agreement, sysadmin: User, now: datetime) -> None:
    later = datetime.fromisoformat("2027-01-01T00:00+08:00")
    with pytest.raises(WrongState):
        versions.propose(actor=sysadmin, now=now, wanted=wanted(effective_from=later))


def test_taken_back_makes_room_for_another(
    signed_in: SignedIn, proposed: Agreement, sysadmin: User, now: datetime
) -> None:
    signed_in(sysadmin).post("/agreements/2/do/take_back/", {"opinion": "日期写错了,重新提"})

    assert Agreement.objects.get(version=2).state == "rejected"
    assert versions.propose(actor=sysadmin, now=now, wanted=wanted()).version == 3


def test_a_date_that_passed_while_it_waited_is_not_confirmed(
    signed_in: SignedIn, proposed: Agreement, supervisor: User
) -> None:
    with time_machine.travel(datetime.fromisoformat("2026-12-01T00:00+08:00")):
        answer = signed_in(supervisor).post("/agreements/2/do/confirm/", {})

    assert answer.status_code == 409
    assert Agreement.objects.get(version=2).state == "proposed"


def test_no_two_versions_take_effect_at_once(sysadmin: User, now: datetime) -> None:
    agreement(2, wanted().effective_from)
    with pytest.raises(InvalidInput) as refused:
        versions.propose(actor=sysadmin, now=now, wanted=wanted())
    assert "effective_from" in refused.value.fields
    with pytest.raises(IntegrityError), transaction.atomic():
        agreement(3, wanted().effective_from)


# --- clocks ------------------------------------------------------------------------------------
def test_a_new_version_touches_no_running_and_no_past_clock(
    promise: Callable[..., Promise], signed_in: SignedIn, proposed: Agreement, supervisor: User
) -> None:
    """R56: every commitment keeps the version it was opened under."""
    past, running = promise(), promise()
    past.resolve(after(3))
    before = [list(each.commitment.clocks.order_by("pk").values()) for each in (past, running)]
    signed_in(supervisor).post("/agreements/2/do/confirm/", {})

    assert before == [
        list(each.commitment.clocks.order_by("pk").values()) for each in (past, running)
    ]
    assert {each.commitment.agreement.version for each in (past, running)} == {1}
    day = wanted().effective_from
    assert services.agreement_at(day).version == 2
    assert services.agreement_at(T0).version == 1
    later = promise(t0=day)
    assert later.get("fix").due_at - day == after(6) - T0
    running.move(after(-1), after(1))
    assert running.get("fix").due_at == after(11)


@pytest.mark.parametrize(
    ("text", "at"),
    [("50%", "50%"), ("５０％", "50%"), (" 60 min", "60m"), ("60 分钟", "60m"), ("090m", "90m")],
)
def test_milestones_may_be_typed_in_several_ways(text: str, at: str) -> None:
    assert read_at(text) == at


@pytest.mark.parametrize("text", ["", "100%", "0m", "50", "half", "-5m", "5%m"])
def test_what_is_no_milestone(text: str) -> None:
    with pytest.raises(ValueError, match="^" if text else "^$"):
        read_at(text)
