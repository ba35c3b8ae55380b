"""E3, E4, E8–E10, E13–E15: what must be said before an incident moves on (R17–R20, I07)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.models import Event
from incidents import services
from incidents.models import DataProtection, Incident, RecoveryEntry
from oncall.models import Page
from tests.incidents.conftest import T0, Story, after
from workflow.errors import InvalidInput, WrongState

Begin = Callable[..., Story]


def fields_of(refusal: pytest.ExceptionInfo[InvalidInput]) -> list[str]:
    """Which inputs were refused."""
    return list(refusal.value.fields)


# --- E3 ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("left_out", "value"),
    [
        ("system_down", ""),
        ("business_impact", ""),
        ("business_impact", "暂无"),
        ("managed_object", ""),
    ],
)
def test_system_down_needs_the_sentence_the_impact_and_the_system(
    left_out: str,
    value: str,
    story: Begin,
    people: dict[str, User],
    signed_in: Callable[[User], Client],
) -> None:
    incident = story().incident
    form = {
        "system_down": "on",
        "business_impact": "全省收单交易全部中断",
        "managed_object": incident.managed_object_id,
        "version": incident.row_version,
    }
    url = f"/incidents/{incident.number}/do/declare_s1/"
    browser = signed_in(people["tech"])

    assert browser.post(url, {**form, left_out: value}).status_code == 422
    assert Incident.objects.get().state == "reported"
    assert browser.post(url, form).status_code == 302
    declared = Incident.objects.get()
    assert (declared.state, declared.severity) == ("declared", "S1")
    assert declared.commitment is not None
    assert declared.commitment.clocks.get(kind="fix").origin == declared.first_contact_at


def test_declaring_by_an_agent_goes_on_calling_the_on_call_person(story: Begin) -> None:
    told = story().declare(who="agent")

    assert Page.objects.get().state == "open"
    assert (told.incident.holder_role, told.incident.holder) == ("tech", None)


# --- E8 ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("at", [after(0, -1), after(1, 1)])
def test_an_entry_lies_within_the_incident(at: Any, story: Begin, people: dict[str, User]) -> None:
    told = story().declare()
    with pytest.raises(InvalidInput) as refusal:
        services.add_entry(
            told.incident, actor=people["tech"], now=after(1), text="重启", happened_at=at
        )

    assert fields_of(refusal) == ["happened_at"]
    assert not RecoveryEntry.objects.exists()


def test_the_line_in_the_room_writes_an_entry(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    incident = story().declare().incident
    browser = signed_in(people["tech"])
    url = f"/incidents/{incident.number}/do/note/"

    assert browser.post(url, {"text": "重启"}).status_code == 302
    assert browser.post(url, {"text": "。。。"}).status_code == 422
    entry = RecoveryEntry.objects.get()
    assert (entry.action, entry.operator) == ("重启", people["tech"])
    assert "重启" in browser.get(f"/incidents/{incident.number}/").content.decode()


def test_nobody_verifies_their_own_backup(story: Begin, people: dict[str, User]) -> None:
    told = story().declare()
    with pytest.raises(InvalidInput) as refusal:
        services.protect_data(
            told.incident, actor=people["tech"], now=after(1), scope="数据库全量备份",
            method="快照", location="备用阵列", verified_by=people["tech"],
        )  # fmt: skip

    assert fields_of(refusal) == ["verified_by"]


def test_without_data_protection_nothing_is_resolved(story: Begin) -> None:
    with pytest.raises(WrongState) as refusal:
        story().declare().resolve(after(1))

    assert refusal.value.code == "data_protection"


def test_a_supervisor_signs_the_exception_for_somebody_else(
    story: Begin, people: dict[str, User]
) -> None:
    told = story().declare()
    with pytest.raises(InvalidInput):
        services.waive_protection(
            told.incident, actor=people["supervisor"], now=after(1),
            exempt_reason="更换电源不触及数据", operator=people["supervisor"],
        )  # fmt: skip
    services.waive_protection(
        told.incident, actor=people["supervisor"], now=after(1),
        exempt_reason="更换电源不触及数据", operator=people["tech"],
    )  # fmt: skip
    told.fresh()
    told.resolve(after(2))

    assert DataProtection.objects.get().verified_by == people["supervisor"]
    assert told.incident.state == "resolved"


def test_data_was_protected_before_the_fix_started(story: Begin) -> None:
    told = story().declare().protect(after(2))
    with pytest.raises(InvalidInput) as refusal:
        told.resolve(after(3), fix_started_at=after(1))
    assert fields_of(refusal) == ["fix_started_at"]

    told.fresh()
    told.resolve(after(3), fix_started_at=after(2.5))
    assert told.incident.fix_started_at == after(2.5)


# --- E9, E10 ----------------------------------------------------------------------------------
def test_a_workaround_is_confirmed_by_business_and_can_fail(
    story: Begin, people: dict[str, User]
) -> None:
    told = story().declare().mitigate(after(2))
    assert told.incident.mitigated_at == after(2)
    assert told.incident.mitigation_confirmed_by == people["biz"]

    services.lose_mitigation(
        told.incident, actor=people["biz"], now=after(3), what_failed="备用阵列也已掉线"
    )
    incident = told.fresh()
    assert (incident.state, incident.mitigated_at) == ("declared", None)
    event = Event.objects.get(action="incident.lose_mitigation")
    assert event.data["mitigated_at"].startswith("2026-11-22T18:00")


@pytest.mark.parametrize("who", ["tech", "supervisor"])
def test_a_workaround_is_not_confirmed_by_its_maker_or_a_technician(
    who: str, story: Begin, people: dict[str, User]
) -> None:
    told = story().declare()
    with pytest.raises(InvalidInput) as refusal:
        services.mitigate(
            told.incident, actor=people["tech"], now=after(1), method="切换备用阵列降级运行",
            limits="容量只有平时一半", confirmed_by=people[who],
        )  # fmt: skip

    assert fields_of(refusal) == ["confirmed_by"]


def test_business_does_not_run_again_before_the_first_report(
    story: Begin, people: dict[str, User]
) -> None:
    told = story().declare()
    with pytest.raises(InvalidInput) as refusal:
        services.mitigate(
            told.incident, actor=people["tech"], now=after(1), method="切换备用阵列降级运行",
            limits="容量只有平时一半", confirmed_by=people["biz"], mitigated_at=after(-1),
        )  # fmt: skip

    assert fields_of(refusal) == ["mitigated_at"]


# --- E13 --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"resolved_at": after(5, 1)}, "resolved_at"),
        ({"resolved_at": after(0, -1)}, "resolved_at"),
        ({"resolved_at": after(4)}, "backdate_reason"),
        ({"resolved_at": after(4), "backdate_reason": "无"}, "backdate_reason"),
        ({"data_gap_minutes": 5}, "recovery_result"),
        ({"restored_to_at": after(0, 1)}, "restored_to_at"),
        ({"fault_type": "坏了"}, "fault_type"),
        ({"recovery_result": "maybe"}, "recovery_result"),
    ],
)
def test_what_is_said_about_the_resolution_must_fit_together(
    given: dict[str, Any], field: str, story: Begin
) -> None:
    told = story().declare().protect()
    with pytest.raises(InvalidInput) as refusal:
        told.resolve(after(5), **given)

    assert fields_of(refusal) == [field]
    assert told.fresh().state == "declared"
    assert told.clocks() == {"fix": "running", "plan": "running"}


def test_entered_late_with_a_reason(story: Begin) -> None:
    told = story().declare().protect()
    told.resolve(after(5), resolved_at=after(4), backdate_reason="现场抢修,事后补录")

    assert told.incident.resolved_at == after(4)
    event = Event.objects.get(action="incident.resolve")
    assert event.happened_at == after(5)
    assert event.data["backdate_reason"] == "现场抢修,事后补录"


def test_half_an_hour_back_needs_no_reason(story: Begin) -> None:
    assert (
        story().declare().protect().resolve(after(5), resolved_at=after(4.5)).incident.resolved_at
    )


def test_a_partial_recovery_may_have_a_gap(story: Begin) -> None:
    told = story().declare().protect()
    told.resolve(after(5), recovery_result="partial", data_gap_minutes=12)

    assert told.incident.data_gap_minutes == 12


def test_the_form_of_the_resolution_is_prefilled_and_takes_now(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    incident = story().declare().protect().incident
    browser = signed_in(people["tech"])
    url = f"/incidents/{incident.number}/do/resolve/"
    form = browser.get(url).context["form"]
    sent = {
        "method": "更换控制器固件并回切",
        "fault_type": "storage.hardware",
        "recovery_result": "full",
        "fault_point_at": form["fault_point_at"].value().strftime("%Y-%m-%dT%H:%M:%S"),
        "restored_to_at": "2026-11-23T00:00:00",
        "data_gap_minutes": 0,
        "backdate_reason": "现场抢修,事后补录",
        "resolved_at": "2026-11-23T05:00:00",
    }
    assert browser.post(url, {**sent, "method": "同上"}).status_code == 422
    assert browser.post(url, sent).status_code == 302
    resolved = Incident.objects.get()
    assert resolved.resolved_at == after(5)
    assert resolved.fault_point_at == T0


# --- E14, E15 ---------------------------------------------------------------------------------
def test_the_bank_may_confirm(story: Begin, people: dict[str, User]) -> None:
    told = story().declare().protect().resolve(after(5)).confirm(after(6), who="reporter")

    assert (told.incident.state, told.incident.confirmed_by) == ("confirmed", people["reporter"])
    assert (told.incident.holder_role, told.incident.holder) == ("tech", people["tech"])


def test_nobody_confirms_a_full_recovery_with_a_gap(story: Begin) -> None:
    told = story().declare().protect()
    told.resolve(after(5), recovery_result="partial", data_gap_minutes=12)
    with pytest.raises(InvalidInput) as refusal:
        told.confirm(after(6))

    assert fields_of(refusal) == ["recovery_result"]


def test_a_rejected_resolution_stays_in_the_trail(story: Begin) -> None:
    told = story().declare().protect().resolve(after(5)).reject(after(6))

    assert told.incident.resolved_by is None
    event = Event.objects.get(action="incident.reject_recovery")
    assert event.data["resolved_at"].startswith("2026-11-22T21:00")
    assert event.public


def test_resolving_stops_every_call_about_it(story: Begin) -> None:
    story().declare().protect().resolve(after(5))

    assert set(Page.objects.values_list("state", flat=True)) == {"closed"}
