"""Machine-room emergencies: filed, rung through, taken by another, judged (R16)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation, User
from accounts.roles import Role
from hotline.models import MachineRoomReport
from incidents.models import Incident
from oncall.models import Page, Shift
from oncall.services.pages import acknowledge
from operations.models import ManagedObject
from tickets.models import Defect
from workflow.errors import NotAllowed

SignIn = Callable[[User], Client]


@pytest.fixture
def alarm(system: ManagedObject) -> Callable[..., dict[str, Any]]:
    """The fields of a report."""

    def fields(**told: Any) -> dict[str, Any]:
        return {
            "token": str(uuid.uuid4()),
            "phone": "8012",
            "managed_object": system.pk,
            "location": "A 机房 3 排 07 柜",
            "alarm_at": "2026-11-23T09:01",
            "phenomenon": "存储阵列控制器告警,读写变慢",
        } | told

    return fields


@pytest.fixture
def file(monitor: User, signed_in: SignIn) -> Callable[..., Any]:
    """File a report as the monitor."""

    def post(fields: dict[str, Any], person: User | None = None) -> Any:
        return signed_in(person or monitor).post(reverse("hotline:machine_room_new"), fields)

    return post


@pytest.fixture
def report(file: Any, alarm: Any) -> MachineRoomReport:
    """A report that calls."""
    file(alarm())
    return MachineRoomReport.objects.get()


@pytest.fixture
def on_call(tech: User, tech2: User, now: datetime) -> User:
    """The technician on call now."""
    Shift.objects.create(
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=8), primary=tech,
        backup=tech2,
    )  # fmt: skip
    return tech


def test_a_monitors_report_gets_a_number_and_calls(
    report: MachineRoomReport, monitor: User
) -> None:
    assert report.number == "JF-20261123-0001"
    assert (report.reporter, report.unit) == (monitor, monitor.organisation)
    assert report.page is not None
    assert report.page.key == f"machine-room:{report.number}"
    assert report.page.state == Page.State.OPEN
    assert "A 机房 3 排 07 柜" in report.page.texts["zh-hans"]
    assert report.incident is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("location", ""),
        ("location", "   "),
        ("alarm_at", "2026-11-23T09:06"),
        ("alarm_at", ""),
        ("phenomenon", "同上"),
        ("phenomenon", "告警"),
        ("phone", "1234567"),
        ("managed_object", ""),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_called(
    file: Any, alarm: Any, field: str, value: str
) -> None:
    answer = file(alarm(**{field: value}))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not MachineRoomReport.objects.exists()
    assert not Page.objects.exists()


def test_a_double_click_files_one_report(file: Any, alarm: Any) -> None:
    fields = alarm()
    assert [file(fields).status_code, file(fields).status_code] == [302, 302]
    assert MachineRoomReport.objects.count() == Page.objects.count() == 1


def test_system_down_opens_an_incident_at_once(file: Any, alarm: Any, now: datetime) -> None:
    file(alarm(system_down="on"))

    report = MachineRoomReport.objects.get()
    incident = Incident.objects.get()
    assert report.incident == incident
    assert report.outcome == MachineRoomReport.Outcome.TO_INCIDENT
    assert incident.claimed_down
    assert incident.first_contact_at == now
    assert report.page is not None
    assert report.page.subject == incident.number
    assert Page.objects.count() == 1


def test_an_agent_files_for_a_monitor_who_phones(
    file: Any, alarm: Any, agent: User, monitor: User
) -> None:
    assert "reporter" in file(alarm(), agent).context["form"].errors
    assert file(alarm(reporter=monitor.pk), agent).status_code == 302
    report = MachineRoomReport.objects.get()
    assert (report.reporter, report.unit) == (monitor, monitor.organisation)


def test_a_monitor_cannot_file_in_anothers_name(
    file: Any, alarm: Any, monitor: User, make_person: Any, other_branch: Organisation
) -> None:
    another = make_person("houyi", "侯毅", other_branch, Role.MONITOR)
    file(alarm(reporter=another.pk))
    assert MachineRoomReport.objects.get().reporter == monitor


@pytest.mark.parametrize("role", ["reporter", "tech", "superior", "manager", "sysadmin"])
def test_others_do_not_file(
    role: str, alarm: Any, file: Any, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(role)
    assert file(alarm(), person).status_code == 403
    assert signed_in(person).get(reverse("hotline:machine_room_new")).status_code == 403
    assert not MachineRoomReport.objects.exists()


def test_a_monitor_of_another_unit_sees_nothing_of_it(
    report: MachineRoomReport, make_person: Any, other_branch: Organisation, signed_in: SignIn
) -> None:
    client = signed_in(make_person("houyi", "侯毅", other_branch, Role.MONITOR))
    address = reverse("hotline:machine_room", args=[report.number])
    assert client.get(address).status_code == 404
    assert client.post(f"{address}take/").status_code == 404
    assert client.post(f"{address}judge/", {}).status_code == 404
    assert report.number not in client.get(reverse("hotline:machine_room_list")).content.decode()


def test_a_colleague_of_the_monitor_reads_it(
    report: MachineRoomReport, make_person: Any, monitoring_room: Organisation, signed_in: SignIn
) -> None:
    colleague = make_person("houyi", "侯毅", monitoring_room, Role.MONITOR)
    page = signed_in(colleague).get(reverse("hotline:machine_room", args=[report.number]))
    assert page.status_code == 200
    assert page.context["offers"] == []


@pytest.mark.parametrize("role", ["reporter", "superior", "auditor"])
def test_others_have_no_list(
    role: str, report: MachineRoomReport, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    client = signed_in(request.getfixturevalue(role))
    assert client.get(reverse("hotline:machine_room_list")).status_code == 403
    address = reverse("hotline:machine_room", args=[report.number])
    assert client.get(address).status_code == 404


def take(report: MachineRoomReport) -> str:
    """Address of taking it."""
    return reverse("hotline:machine_room_take", args=[report.number])


def judge(report: MachineRoomReport) -> str:
    """Address of judging it."""
    return reverse("hotline:machine_room_judge", args=[report.number])


def test_the_person_on_call_takes_it_and_the_ringing_stops(
    report: MachineRoomReport, on_call: User, signed_in: SignIn, now: datetime
) -> None:
    assert signed_in(on_call).post(take(report)).status_code == 302
    report.refresh_from_db()
    assert (report.acknowledged_by, report.acknowledged_at) == (on_call, now)
    assert report.page is not None
    assert report.page.state == Page.State.ACKNOWLEDGED
    assert signed_in(on_call).post(take(report)).status_code == 409


def test_answering_the_phone_takes_it_too(
    report: MachineRoomReport, on_call: User, now: datetime
) -> None:
    assert report.page is not None
    acknowledge(page=report.page, person=on_call, via="phone", now=now)
    report.refresh_from_db()
    assert report.acknowledged_by == on_call


def test_a_technician_off_duty_does_not_take_it(
    report: MachineRoomReport, on_call: User, implementer: User, signed_in: SignIn
) -> None:
    assert signed_in(implementer).post(take(report)).status_code == 403
    report.refresh_from_db()
    assert report.acknowledged_by is None


@pytest.fixture
def own_report(file: Any, alarm: Any, make_person: Any, company: Organisation) -> MachineRoomReport:
    """A report of somebody who is monitor and service support at once."""
    both = make_person("fangyuan", "方圆", company, Role.MONITOR, Role.SUPPORT, staff_no="B900")
    file(alarm(), both)
    return MachineRoomReport.objects.get()


def test_the_reporter_does_not_take_or_judge_it(
    own_report: MachineRoomReport, signed_in: SignIn, now: datetime
) -> None:
    reporter = own_report.reporter
    page = signed_in(reporter).get(reverse("hotline:machine_room", args=[own_report.number]))
    assert [offer["enabled"] for offer in page.context["offers"]] == [False]
    assert signed_in(reporter).post(take(own_report)).status_code == 403
    form = {"outcome": "registered", "note": "空调已恢复正常"}
    assert signed_in(reporter).post(judge(own_report), form).status_code == 403
    assert own_report.page is not None
    with pytest.raises(NotAllowed):
        acknowledge(page=own_report.page, person=reporter, via="phone", now=now)
    own_report.refresh_from_db()
    own_report.page.refresh_from_db()
    assert own_report.acknowledged_by is None
    assert own_report.page.state == Page.State.OPEN


def test_neither_does_the_reporters_second_account(
    own_report: MachineRoomReport, make_person: Any, company: Organisation, signed_in: SignIn
) -> None:
    twin = make_person("fangyuan2", "方圆", company, Role.SUPPORT, staff_no="B900")
    assert signed_in(twin).post(take(own_report)).status_code == 403


@pytest.mark.parametrize("outcome", ["registered", "false_alarm"])
def test_a_judgement_ends_it_and_stops_the_ringing(
    outcome: str, report: MachineRoomReport, support: User, signed_in: SignIn
) -> None:
    form = {"outcome": outcome, "note": "现场核实为传感器误差"}
    assert signed_in(support).post(judge(report), form).status_code == 302

    report.refresh_from_db()
    assert (report.outcome, report.outcome_by) == (outcome, support)
    assert report.acknowledged_by == support
    assert report.page is not None
    assert report.page.state != Page.State.OPEN
    assert signed_in(support).post(judge(report), form).status_code == 409


@pytest.mark.parametrize(
    "form", [{"outcome": "", "note": "现场核实为误差"}, {"outcome": "registered", "note": "无"},
             {"outcome": "pending", "note": "现场核实为误差"}, {}]
)  # fmt: skip
def test_a_judgement_says_what_and_why(
    form: dict[str, str], report: MachineRoomReport, support: User, signed_in: SignIn
) -> None:
    assert signed_in(support).post(judge(report), form).status_code == 422
    report.refresh_from_db()
    assert report.outcome == MachineRoomReport.Outcome.PENDING


def test_it_becomes_an_incident_that_counts_from_the_report(
    report: MachineRoomReport, on_call: User, signed_in: SignIn
) -> None:
    form = {"outcome": "to_incident", "note": "双控故障,业务受影响"}
    assert signed_in(on_call).post(judge(report), form).status_code == 302
    report.refresh_from_db()
    assert report.incident is not None
    assert report.incident.first_contact_at == report.reported_at
    assert not report.incident.claimed_down


def test_it_becomes_a_defect_of_a_bank_user(
    report: MachineRoomReport, support: User, reporter: User, signed_in: SignIn
) -> None:
    form = {"outcome": "to_defect", "note": "需要更换控制器固件"}
    refused = signed_in(support).post(judge(report), form)
    assert "bank_user" in refused.context["form"].errors
    assert not Defect.objects.exists()

    assert (
        signed_in(support).post(judge(report), form | {"bank_user": reporter.pk}).status_code == 302
    )

    report.refresh_from_db()
    assert report.defect is not None
    assert (report.defect.reporter, report.defect.filed_by) == (reporter, support)


def test_whoever_takes_the_incident_has_taken_the_report(
    file: Any, alarm: Any, on_call: User, now: datetime
) -> None:
    file(alarm(system_down="on"))
    acknowledge(page=Page.objects.get(), person=on_call, via="phone", now=now)
    assert MachineRoomReport.objects.get().acknowledged_by == on_call


def test_the_list_is_narrowed_and_cheap(
    file: Any, alarm: Any, support: User, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    for number in range(4):
        file(alarm(location=f"B 机房 {number} 号柜"))
    client = signed_in(support)
    with django_assert_max_num_queries(14):
        page = client.get(reverse("hotline:machine_room_list"), {"q": "2 号柜"})
    assert [each.location for each in page.context["page"]] == ["B 机房 2 号柜"]
    page = client.get(reverse("hotline:machine_room_list"), {"outcome": "false_alarm"})
    assert not page.context["page"].rows
