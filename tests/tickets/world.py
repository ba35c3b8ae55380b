"""Everybody around a defect, one defect in each situation, and what each act wants to be given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test.utils import override_settings

from accounts.actors import SETUP
from accounts.models import Organisation, User
from accounts.roles import Role
from accounts.services import create_person
from operations.models import ManagedObject
from tests.conftest import NOW, PASSWORD
from tests.tickets.journey import Cast, Journey
from tests.tickets.situations import Company, Situations
from tests.tickets.table import PEOPLE, SITUATIONS
from tickets.actions import DEFECT_ACTIONS
from tickets.models import Defect, ProjectGroup
from tickets.services.inputs import ChangeInput
from workflow.decisions import Decision

TEXT = "说明文字足够长的一句话"


@dataclass
class World:
    """Everybody, and one defect in each situation."""

    people: dict[str, User]
    situations: Situations
    defects: dict[str, Defect]
    _seen: dict[str, set[int]] = field(default_factory=dict)
    _found: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def decide(self, action: str, situation: str, person: str) -> str:
        """ "ok", or the kind of refusal this person meets."""
        cell = (action, situation, person)
        if cell not in self._found:
            self._found[cell] = self._ask(*cell)
        return self._found[cell]

    def _ask(self, action: str, situation: str, person: str) -> str:
        user, defect = self.people[person], self.defects[situation]
        if person not in self._seen:
            self._seen[person] = set(Defect.objects.visible_to(user).values_list("pk", flat=True))
        if defect.pk not in self._seen[person]:
            return "scope"
        chosen = DEFECT_ACTIONS.get(action)
        assert chosen is not None
        decision: Decision = chosen.policy(user, defect)
        return decision.kind if not decision else "ok"


def build_world(django_db_blocker: Any) -> Iterator[World]:
    """Six hours after it all began; the emergency setting is on."""
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        time_machine.travel(NOW + timedelta(hours=6)),
        override_settings(EMERGENCY_IMPLEMENTATION=True),
    ):
        yield _build()
        transaction.set_rollback(True)


def _build() -> World:
    units = _units()
    roles = {name: name.rstrip("2") for name in PEOPLE}
    roles |= {"teammate": Role.REPORTER, "outsider": Role.REPORTER}
    people = {
        name: create_person(
            actor=SETUP, username=name, name=f"王{name}", organisation=units.get(name, units["us"]),
            roles=[roles[name]], password=PASSWORD, staff_no=f"E-{name}", phone="13800138000",
            email=f"{name}@example.invalid",
        )
        for name in PEOPLE
    }  # fmt: skip
    system = ManagedObject.objects.create(code="ACQ-TABLE", name="收单数据库", kind="database")
    usual = ("reporter", "support", "tech", "supervisor", "implementer", "agent", "superior")
    cast = Cast(**{name: people[name] for name in usual}, system=system)
    company = Company(people["tech2"], people["biz"], people["supervisor2"])
    situations = Situations(Journey(cast, NOW), company)
    defects = {name: situations.build(name) for name in SITUATIONS}
    return World(people, situations, defects)


def _units() -> dict[str, Organisation]:
    bank = Organisation.objects.create(name="表总行", kind="bank")
    branch = Organisation.objects.create(name="表分行", kind="bank_unit", parent=bank)
    other = Organisation.objects.create(name="表另一分行", kind="bank_unit", parent=bank)
    room = Organisation.objects.create(name="表机房", kind="bank_unit", parent=bank)
    company = Organisation.objects.create(name="表运维公司", kind="operator")
    above = Organisation.objects.create(name="表上级", kind="superior")
    return {
        "us": company, "reporter": branch, "teammate": branch, "outsider": other,
        "monitor": room, "superior": above,
    }  # fmt: skip


def pairs() -> set[tuple[str, str]]:
    """(from, to) of every transition of the model."""
    field_ = Defect._meta.get_field("state")
    found = set()
    for transition_ in field_.get_all_transitions(Defect):
        target = transition_.target
        names = getattr(target, "allowed_states", None) or [target]
        found |= {(str(transition_.source), str(name)) for name in names}
    return found


def arguments(action: str, world: World, defect: Defect) -> dict[str, Any]:
    """What ``action`` wants to be given on ``defect`` in its usual case."""
    journey, people = world.situations.journey, world.people
    latest = defect.solutions.order_by("version").last()
    shown = latest.content_hash if latest else ""
    classified = {"participants": [people["support"]], "basis": TEXT, "module": "查询"}
    asked = defect.group_opinions.first()
    known: dict[str, dict[str, Any]] = {
        "save": {"form": journey.form()},
        "submit": {"form": journey.form()},
        "accept": {},
        "classify_technical": {**classified, "assignee": people["tech"]},
        "classify_business": {**classified, "assignee": people["biz"]},
        "convert": {"explainer": people["support"], "explanation": TEXT},
        "reclassify_agree": {"assignee": people["biz"]},
        "ask_groups": {"groups": [_another_group(people["tech2"])], "question": TEXT},
        "answer_group": {"group": asked, "answer": "not_ours", "opinion": TEXT},
        "remove_group": {"group": asked, "opinion": TEXT},
        "save_plan": {"content": {"measures": TEXT}},
        "send_for_sign_off": {"plan": journey.plan()},
        "unsolvable": {
            "cause_class": "data", "module": "查询", "cause": TEXT, "why": TEXT,
            "alternatives": TEXT, "workaround": TEXT,
        },
        "unsolvable_agree": {},
        "approve": {"solution_hash": shown},
        "recall": {},
        "release_emergency": {
            "authoriser_name": "何志远", "authoriser_phone": "13800138000",
            "authorised_at": journey.now, "reason": TEXT, "solution_hash": shown,
        },
        "sign_emergency": {"solution_hash": shown},
        "start": {"backup": TEXT},
        "finish": {
            "steps": TEXT, "result": TEXT, "change": ChangeInput("parameter", TEXT, TEXT, TEXT),
        },
        "verify_solved": {"evidence": TEXT, "method": TEXT},
        "report_upward": {"content": TEXT},
        "acknowledge_report": {},
        "record_acknowledgement": {
            "name": "何志远", "acknowledged_on": journey.now.date(), "files": [_file()],
        },
        "decide": {
            "decision": "defer", "opinion": TEXT, "review_at": journey.now + timedelta(days=9),
        },
        "resume": {},
        "reply": {
            "recipient_kind": "submitting_unit", "solution": TEXT, "analysis": TEXT, "cause": TEXT,
        },
        "close": {"rating": None},
        "receive": {"rating": 4},
        "rate": {"rating": 4, "comment": TEXT},
        "correct": {"text": TEXT},
        "confirm_correction": {
            "correction": defect.corrections.first(), "decision": "confirmed",
        },
        "escalate": {"severity": "S2", "impact": TEXT},
        "link": {"kind": "related", "target": world.defects["triaging"]},
        "unlink": {"tie": defect.links.first()},
        "ask_void": {"cause": "test", "opinion": TEXT},
        "merge": {"parent": world.defects["triaging+refuted" if _is(world, defect, "triaging")
                                          else "triaging"]},
        "attach": {"files": [_file()]},
    }  # fmt: skip
    return known.get(action, {"opinion": TEXT})


def _is(world: World, defect: Defect, situation: str) -> bool:
    return world.defects[situation].pk == defect.pk


def _another_group(member: User) -> Any:
    group, _created = ProjectGroup.objects.get_or_create(name="清算系统组")
    group.members.set([member])
    return group


def _file() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.txt", b"text")
