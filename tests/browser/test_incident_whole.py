"""Outages from the first report to the closed review, as people click them (E1–E20)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Organisation, User
from incidents import services
from incidents.models import FaultReport, Incident
from oncall.models import Shift
from operations.models import ManagedObject
from sla.models import Clock
from tests.browser.conftest import DESK, TELEPHONE, Desk
from tests.incidents.conftest import PLAN_PARTS, REPORT_PARTS, WORDS, Story

TEXT = "主存储阵列双控制器离线,全部交易失败"
SPEED = 5
ROOM = re.compile(r"/incidents/GZ-[-0-9]+/$")
Open = Callable[..., Desk]


@pytest.fixture
def on_call(tech: User, tech2: User) -> Shift:
    """``tech`` answers, ``tech2`` stands behind him."""
    now = timezone.now()
    return Shift.objects.create(
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=12),
        primary=tech, backup=tech2,
    )  # fmt: skip


def act(desk: Desk, number: str, code: str, fields: Mapping[str, object], axe: bool = True) -> None:
    """Open the form of an act, fill it, send it, and be back in a room."""
    page = desk.open(f"/incidents/{number}/do/{code}/")
    if axe:
        desk.check_axe()
    for name, value in fields.items():
        field = page.locator(f"main [name={name}]")
        kind = field.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
        if kind in ("checkbox", "radio"):
            page.check(f"main [name={name}]" + (f"[value='{value}']" if value is not True else ""))
        elif kind == "select":
            page.select_option(f"main [name={name}]", str(value))
        else:
            page.fill(f"main [name={name}]", str(value))
    page.click("main form[method=post] button[type=submit]")
    asked = page.locator("dialog[open] .btn-primary")
    if asked.count():
        asked.click()
    page.wait_for_url(ROOM)


def wait_for_hour(drill: Incident, hours: float) -> None:
    """Until so many contract hours have passed since T0."""
    due = drill.first_contact_at + timedelta(seconds=SPEED * hours)
    time.sleep(max(0.0, (due - timezone.now()).total_seconds()))


def plan_fields() -> dict[str, object]:
    """The plan's sections as a form takes them."""
    return {**PLAN_PARTS, "expected_recovery_at": "2030-01-01T15:00:00"}


@pytest.mark.parametrize(("language", "size"), [("zh-hans", DESK), ("en", TELEPHONE)])
@pytest.mark.usefixtures("engines", "on_call")
def test_a_whole_outage_at_drill_speed(
    language: str, size: dict[str, int], window: Open, system: ManagedObject,
    monitor: User, tech: User, tech2: User, supervisor: User, biz: User, manager: User,
) -> None:  # fmt: skip
    """Plan at hour 13, fix at hour 14, the report sent back once, review, end."""
    room_below, fixer, chief, business, bank = (
        window(person, language=language, size=size)
        for person in (monitor, tech, supervisor, biz, manager)
    )
    page = room_below.open("/drills/new/")
    page.select_option("[name=managed_object]", str(system.pk))
    page.fill("[name=scenario]", TEXT)
    page.locator(f"[name=hour_seconds][value='{SPEED}']").check()
    page.click("main form[method=post] button[type=submit]")
    page.wait_for_url(ROOM)
    drill = Incident.objects.get()
    number = drill.number

    act(fixer, number, "acknowledge", {})
    act(fixer, number, "declare_s1", {"system_down": True, "business_impact": TEXT})
    fixer.check_axe()
    mark = "演练" if language == "zh-hans" else "Drill"
    assert mark in fixer.page.inner_text("main")
    assert fixer.page.locator(".countdown").count() == 3
    act(fixer, number, "protect_data", {
        "scope": WORDS, "method": "快照", "location": "备用阵列", "verified_by": tech2.pk,
    })  # fmt: skip
    fixer.page.fill("#note-text", "切换到备用阵列,读写正常")
    fixer.page.press("#note-text", "Enter")
    fixer.page.wait_for_url(ROOM)
    act(fixer, number, "write_plan", plan_fields())
    act(chief, number, "release_plan", {})
    bank.open(f"/incidents/{number}/")
    bank.check_axe()

    wait_for_hour(drill, 13)
    act(fixer, number, "deliver_plan", {"delivered_to": "总行运营管理部"}, axe=False)
    wait_for_hour(drill, 14)
    act(fixer, number, "resolve", {
        "method": WORDS, "fault_type": "storage.hardware",
    }, axe=False)  # fmt: skip
    act(business, number, "confirm", {"recovery_result": "full"}, axe=False)
    act(fixer, number, "issue_recovery", {"summary": WORDS}, axe=False)
    act(fixer, number, "write_report", REPORT_PARTS, axe=False)
    act(chief, number, "release_report", {}, axe=False)
    act(fixer, number, "deliver_report", {"delivered_to": "总行运营管理部"}, axe=False)
    act(bank, number, "return_report", {"opinion": "损失金额需要复核说明"})
    fixer.open(f"/incidents/{number}/")
    fixer.check_axe()
    assert fixer.page.locator(".duty-late").count() == 1
    act(fixer, number, "write_report", {"loss": "损失金额经复核为零元"})
    act(chief, number, "release_report", {})
    act(fixer, number, "deliver_report", {"delivered_to": "总行运营管理部"})
    act(bank, number, "accept_report", {})
    act(chief, number, "begin_review", {
        "participants": tech.pk, "root_cause": WORDS, "plan_use": "usable",
    })  # fmt: skip
    act(chief, number, "add_improvement", {
        "text": "固件版本纳入月度巡检", "owner": tech2.pk, "due_at": "2030-01-01T15:00:00",
    })  # fmt: skip
    chief.check_axe()
    fixer.open(f"/incidents/{number}/report/2/print/")
    fixer.check_axe()
    act(chief, number, "close", {})
    chief.check_axe()

    drill.refresh_from_db()
    assert drill.state == "closed"
    assert not Incident.objects.real().exists()
    clocks = dict(Clock.objects.order_by("run").values_list("kind", "state"))
    assert clocks == {"fix": "missed", "plan": "met", "report": "met"}
    answers = FaultReport.objects.order_by("version").values_list("answer", flat=True)
    assert list(answers) == ["returned", "accepted"]


@pytest.mark.parametrize(("language", "size"), [("zh-hans", TELEPHONE), ("en", DESK)])
@pytest.mark.usefixtures("engines", "on_call")
def test_a_false_alarm(
    language: str, size: dict[str, int], window: Open, system: ManagedObject,
    card_unit: Organisation, agent: User, tech: User, supervisor: User,
) -> None:  # fmt: skip
    desk, fixer, chief = (
        window(person, language=language, size=size) for person in (agent, tech, supervisor)
    )
    page = desk.open("/incidents/new/")
    desk.check_axe()
    for name, value in {
        "title": "监控显示阵列离线", "phenomenon": TEXT, "reporter_name": "张丽",
        "reporter_phone": "024-22851234",
    }.items():  # fmt: skip
        page.fill(f"main [name={name}]", value)
    page.select_option("main [name=managed_object]", str(system.pk))
    page.select_option("main [name=unit]", str(card_unit.pk))
    page.click("main form[method=post] button[type=submit]")
    page.wait_for_url(ROOM)
    number = Incident.objects.get().number

    act(fixer, number, "acknowledge", {})
    act(chief, number, "dismiss", {"evidence": "监控探针故障,现场核对交易正常"})
    chief.check_axe()
    assert Incident.objects.get().state == "false_alarm"
    assert not Clock.objects.exists()


def outage(
    people: dict[str, User], system: ManagedObject, unit: Organisation, hours: float
) -> Story:
    """A system down since so many hours, declared."""
    now = timezone.now()
    incident = services.report_incident(
        actor=people["agent"], now=now, title="收单业务全部中断", phenomenon=TEXT,
        managed_object=system, unit=unit, reporter=people["reporter"], reporter_name="张丽",
        reporter_phone="13800138000", first_contact_at=now - timedelta(hours=hours),
    )  # fmt: skip
    return Story(incident, people).acknowledge(now).declare(now)


@pytest.fixture
def people(
    reporter: User, agent: User, tech: User, tech2: User, biz: User, supervisor: User
) -> dict[str, User]:
    """Those at work on it, by name."""
    return {person: user for person, user in locals().items()}  # noqa: C416


@pytest.mark.parametrize(("language", "size"), [("zh-hans", DESK), ("en", TELEPHONE)])
@pytest.mark.usefixtures("on_call")
def test_a_recurrence(
    language: str, size: dict[str, int], window: Open, system: ManagedObject,
    card_unit: Organisation, people: dict[str, User],
) -> None:  # fmt: skip
    old = outage(people, system, card_unit, 2)
    now = timezone.now()
    old.protect(now).resolve(
        now, fault_point_at=now - timedelta(hours=2), restored_to_at=now - timedelta(hours=2)
    ).confirm(now)
    fixer = window(people["tech"], language=language, size=size)
    act(fixer, old.incident.number, "recur", {"phenomenon": TEXT, "claimed_down": True})
    fixer.check_axe()

    again = Incident.objects.exclude(pk=old.incident.pk).get()
    assert fixer.page.url.endswith(f"/incidents/{again.number}/")
    assert (again.recurrence_of, again.state) == (old.incident, "reported")
    assert old.incident.number in fixer.page.inner_text("main")


@pytest.mark.parametrize(("language", "size"), [("zh-hans", TELEPHONE), ("en", DESK)])
@pytest.mark.usefixtures("on_call")
def test_two_outages_merged(
    language: str, size: dict[str, int], window: Open, system: ManagedObject,
    card_unit: Organisation, people: dict[str, User],
) -> None:  # fmt: skip
    main = outage(people, system, card_unit, 1)
    early = outage(people, system, card_unit, 3)
    t0 = early.incident.first_contact_at
    chief = window(people["supervisor"], language=language, size=size)
    act(chief, early.incident.number, "merge", {"main": main.incident.pk, "reason": WORDS})
    chief.check_axe()
    chief.open(f"/incidents/{main.incident.number}/")
    chief.check_axe()

    assert main.fresh().first_contact_at == t0
    assert early.fresh().state == "merged"
    assert early.incident.number in chief.page.inner_text("main")
    assert early.clocks() == {"fix": "voided", "plan": "voided"}
