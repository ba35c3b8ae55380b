"""The sample incidents: paged, timed, planned for, reported, at their true times."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, TypeVar

from accounts.models import User
from hotline.models import MachineRoomReport
from hotline.services.calls import Call, Handling, log_call
from hotline.services.judgement import judge_report
from hotline.services.machine_room import Alarm, file_report
from incidents.models import Incident
from incidents.services import (
    assessing,
    documents,
    handling,
    recovery,
    resolving,
    reviewing,
    upward,
)
from oncall.models import Page
from oncall.rota import on_call
from oncall.services import pages
from oncall.services.rungs import take_rung
from servicedesk.demo.people import person, person_named
from servicedesk.demo.stories import at, samples, stories
from servicedesk.demo.systems import system
from sla.models import Clock
from sla.services import fire_commitment

Story = dict[str, Any]
Found = TypeVar("Found")
SUPERVISOR, BUSINESS = "chenming", "sunli"
SUPERIOR, MANAGER = "hezhiyuan", "gaojie"
MOMENT = timedelta(seconds=30)


def replay_incidents() -> None:
    """The four sample incidents, in the order in which they happened."""
    told = stories()
    _cooling(told["cooling"])
    _false_alarm(told["false_alarm"])
    _corrupt_blocks(told["corrupt_blocks"])
    _storage_outage(told["storage_outage"])


def _storage_outage(story: Story) -> None:
    """S1 from the machine room: fixed within twelve hours."""
    incident = _from_machine_room(story, down=True)
    incident = _declare(incident, story)
    incident = _handle(incident, story)
    incident = _mitigate(incident, story["mitigated"])
    incident = _resolve(incident, story["resolved"])
    _confirm_and_report(incident, story)


def _corrupt_blocks(story: Story) -> None:
    """S1 over the on-call mobile: twelve hours missed, plan in time, report in time."""
    incident = _from_call(story)
    _answer_page(incident.number, at(story["acknowledged"]))
    incident = _declare(_fresh(incident), story)
    incident = _handle(incident, story)
    incident = _plan(incident, story["plan"])
    incident = _mitigate(incident, story["mitigated"])
    incident = _resolve(incident, story["resolved"])
    _confirm_and_report(incident, story)


def _cooling(story: Story) -> None:
    """A machine-room report judged to be an ordinary fault (S3)."""
    report = _file(story, down=False)
    _answer_page(report.number, at(story["acknowledged"]))
    report = judge_report(
        MachineRoomReport.objects.get(pk=report.pk),
        actor=_duty(at(story["judged"])),
        now=at(story["judged"]),
        outcome=MachineRoomReport.Outcome.TO_INCIDENT,
        note=story["note"],
    )
    incident = _fresh(_there(report.incident))
    if incident.state == Incident.State.REPORTED:
        _answer_page(incident.number, at(story["judged"]) + MOMENT)
    incident = assessing.declare_lower(
        _fresh(incident),
        actor=_duty(at(story["declared"])),
        now=at(story["declared"]),
        severity=story["severity"],
        assessment=story["assessment"],
    )
    waived = story["waived"]
    incident = handling.waive_protection(
        incident,
        actor=person(SUPERVISOR),
        now=at(waived["at"]),
        exempt_reason=waived["reason"],
        operator=_duty(at(waived["at"])),
    )
    incident = _entries(incident, story["entries"])
    incident = _resolve(incident, story["resolved"])
    _confirm(incident, story)


def _false_alarm(story: Story) -> None:
    """A monitoring error, dismissed by a supervisor."""
    incident = _from_machine_room(story, down=True)
    assessing.dismiss(
        incident,
        actor=person(SUPERVISOR),
        now=at(story["dismissed"]),
        evidence=story["evidence"],
    )


# --- reports and pages ------------------------------------------------------------------------
def _file(story: Story, *, down: bool) -> MachineRoomReport:
    sample = samples()[story["sample"]]
    reporter = person_named(sample["reporter_name"])
    return file_report(
        actor=reporter,
        now=at(story["reported"]),
        reporter=reporter,
        alarm=Alarm(
            phone=sample["phone"],
            location=story["location"],
            managed_object=system(sample["system"]),
            alarm_at=at(story["alarm"]),
            phenomenon=f"{sample['title']}\n{sample['description']}",
            alarm_value=story.get("alarm_value", ""),
            measures_taken=story.get("measures", ""),
            system_down=down,
        ),
        is_demo=True,
    )


def _from_machine_room(story: Story, *, down: bool) -> Incident:
    report = _file(story, down=down)
    incident = _there(report.incident)
    _answer_page(incident.number, at(story["acknowledged"]))
    return _fresh(incident)


def _from_call(story: Story) -> Incident:
    sample = samples()[story["sample"]]
    caller = person_named(sample["reporter_name"])
    contact = log_call(
        actor=person("wanglei"),
        now=at(story["ended"]),
        call=Call(
            channel=sample["channel"],
            caller=caller,
            caller_name=caller.name,
            caller_phone=sample["phone"],
            unit=caller.organisation,
            managed_object=system(sample["system"]),
            question=f"{sample['title']}\n{sample['description']}",
            started_at=at(story["started"]),
            ended_at=at(story["ended"]),
        ),
        handling=Handling(result="to_incident", claimed_down=True),
        is_demo=True,
    )
    return _fresh(_there(contact.incident))


def _duty(now: datetime) -> User:
    """Whoever was on call then."""
    return _there(on_call(now)).primary


def _answer_page(subject: str, now: datetime) -> None:
    """The primary was called and took every page about the record by ``now``."""
    for page in Page.objects.filter(subject=subject, state=Page.State.OPEN):
        take_rung(page, now=page.started_at)
        pages.acknowledge(page=page, person=_duty(now), via="browser", now=now)


def _fire_until(incident: Incident, until: datetime) -> None:
    """Let the clocks tell their milestones at the instants they fell due."""
    commitment = incident.commitment
    while commitment is not None:
        running = Clock.objects.filter(commitment=commitment, next_milestone_at__lte=until)
        first = running.order_by("next_milestone_at").first()
        if first is None or first.next_milestone_at is None:
            return
        fire_commitment(commitment, now=first.next_milestone_at)
        _answer_page(incident.number, first.next_milestone_at + MOMENT)


# --- handling ---------------------------------------------------------------------------------
def _declare(incident: Incident, story: Story) -> Incident:
    declared = at(story["declared"])
    return assessing.declare_s1(
        incident,
        actor=_duty(declared),
        now=declared,
        business_impact=story["impact"],
        system_down=True,
        managed_object=incident.managed_object,
    )


def _handle(incident: Incident, story: Story) -> Incident:
    safe = story["protection"]
    _fire_until(incident, at(safe["at"]))
    incident = handling.protect_data(
        _fresh(incident),
        actor=_duty(at(safe["at"])),
        now=at(safe["at"]),
        scope=safe["scope"],
        method=safe["method"],
        location=safe["location"],
        verified_by=person(safe["verified_by"]),
        protected_at=at(safe["at"]),
    )
    return _entries(incident, story["entries"])


def _entries(incident: Incident, rows: list[list[str]]) -> Incident:
    for when, text, result in rows:
        _fire_until(incident, at(when))
        incident = handling.add_entry(
            _fresh(incident), actor=_duty(at(when)), now=at(when), text=text, result=result
        )
    return incident


def _plan(incident: Incident, plan: Story) -> Incident:
    """The contingency plan: written by the duty, released by a supervisor, delivered."""
    _fire_until(incident, at(plan["written"]))
    parts = {
        name: text
        for name, text in plan.items()
        if name not in {"written", "released", "delivered", "expected"}
    }
    author = _duty(at(plan["written"]))
    incident = documents.write_plan(
        _fresh(incident), actor=author, now=at(plan["written"]),
        expected_recovery_at=at(plan["expected"]), **parts,
    )  # fmt: skip
    incident = documents.release_plan(incident, actor=person(SUPERVISOR), now=at(plan["released"]))
    _fire_until(incident, at(plan["delivered"]))
    return documents.deliver_plan(
        _fresh(incident), actor=author, now=at(plan["delivered"]), delivered_to="总行运营管理部"
    )


def _mitigate(incident: Incident, story: Story) -> Incident:
    _fire_until(incident, at(story["at"]))
    return handling.mitigate(
        _fresh(incident), actor=_duty(at(story["at"])), now=at(story["at"]),
        method=story["method"], limits=story["limits"], confirmed_by=person(BUSINESS),
    )  # fmt: skip


def _resolve(incident: Incident, story: Story) -> Incident:
    _fire_until(incident, at(story["at"]))
    return resolving.resolve(
        _fresh(incident),
        actor=_duty(at(story["at"])),
        now=at(story["at"]),
        method=story["method"],
        fault_type=story["fault_type"],
        recovery_result=story["recovery"],
        fault_point_at=at(story["fault_point"]),
        restored_to_at=at(story["restored_to"]),
        data_gap_minutes=story["gap"],
        data_gap=story.get("gap_text", ""),
        resolved_at=at(story["at"]),
    )


def _confirm(incident: Incident, story: Story) -> Incident:
    return resolving.confirm(
        incident,
        actor=person(BUSINESS),
        now=at(story["confirmed"]["at"]),
        recovery_result=story["resolved"]["recovery"],
        remark=story["confirmed"]["remark"],
    )


def _confirm_and_report(incident: Incident, story: Story) -> None:
    """Business confirms; the fault report is written, approved and delivered in time."""
    incident = _confirm(incident, story)
    report = story["report"]
    parts = {
        name: text
        for name, text in report.items()
        if name not in {"written", "released", "delivered"}
    }
    author = person("zhangwei")
    _fire_until(incident, at(report["written"]))
    incident = documents.write_report(
        _fresh(incident), actor=author, now=at(report["written"]), **parts
    )
    kept = story["recovery_doc"]
    incident = recovery.issue_recovery(
        incident, actor=author, now=at(report["written"]), summary=kept["summary"]
    )
    incident = documents.release_report(
        incident, actor=person(SUPERVISOR), now=at(report["released"])
    )
    _fire_until(incident, at(report["delivered"]))
    incident = documents.deliver_report(
        _fresh(incident), actor=author, now=at(report["delivered"]), delivered_to="总行运营管理部"
    )
    if "afterwards" in story:
        _afterwards(incident, story["afterwards"])


def _afterwards(incident: Incident, story: Story) -> None:
    """Reported upward and acknowledged, accepted by the bank, reviewed; two items are open."""
    incident = upward.report_upward(
        incident, actor=person(SUPERVISOR), now=at(story["upward"]), content=story["upward_text"]
    )
    incident = upward.acknowledge_upward(
        incident, actor=person(SUPERIOR), now=at(story["acknowledged"])
    )
    incident = documents.accept_report(incident, actor=person(MANAGER), now=at(story["accepted"]))
    incident = reviewing.begin_review(
        incident, actor=person(SUPERVISOR), now=at(story["review"]),
        participants=[person("zhangwei"), person(BUSINESS)], root_cause=story["root_cause"],
        plan_use="partly", plan_remark=story["plan_remark"],
    )  # fmt: skip
    for text, owner, due in story["items"]:
        incident = reviewing.add_improvement(
            incident, actor=person(SUPERVISOR), now=at(story["review"]), text=text,
            owner=person(owner), due_at=at(due),
        )  # fmt: skip


def _there(found: Found | None) -> Found:
    """What the story needs; without it the demonstration data does not fit the product."""
    if found is None:
        raise LookupError("the sample story and the product do not agree")
    return found


def _fresh(incident: Incident) -> Incident:
    return Incident.objects.get(pk=incident.pk)
