"""Every address × everybody: who gets in, who is turned away, and that none is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.template.base import Template
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from accounts.models import User
from accounts.roles import Role
from oncall.models import HandoverSheet
from operations.models import ManagedObject
from tests.one_of_each import World, build
from tickets.actions_knowledge import KNOWLEDGE_ACTIONS

ANYBODY = "anonymous"
A = Role
EVERYBODY = frozenset(Role.values)
ADMINS = frozenset({A.SYSADMIN, A.SECADMIN, A.AUDITOR})
BUSINESS = EVERYBODY - ADMINS
DESK = frozenset({A.AGENT, A.SUPPORT, A.TECH, A.BIZ, A.SUPERVISOR, A.IMPLEMENTER, A.MANAGER})
# The tech is on call in this world, so takes calls as agents and service support do.
CALL_TAKERS = frozenset({A.AGENT, A.SUPPORT, A.TECH})
KNOWLEDGE_ACTS = frozenset(f"api:knowledge_{action.code}" for action in KNOWLEDGE_ACTIONS)
READERS = frozenset({A.MANAGER, A.SUPERVISOR, A.SUPPORT, A.SUPERIOR})


@dataclass(frozen=True)
class Access:
    """What a GET gives: ``ok`` to the ``roles``, ``denied`` to the others, and to a visitor."""

    roles: frozenset[str]
    ok: int = 200
    denied: int = 403
    more: tuple[tuple[str, int], ...] = ()
    visitor: int = 302

    def expected(self, who: str) -> int:
        """Status for a role, or for somebody who has not signed in."""
        if who == ANYBODY:
            return self.visitor
        return dict(self.more).get(who, self.ok if who in self.roles else self.denied)


def only(*roles: str) -> Access:
    """A page for these roles; 403 for the others."""
    return Access(frozenset(roles))


def act(roles: frozenset[str]) -> Access:
    """An address that is only posted to: 405 tells that the person would be let in."""
    return Access(roles, ok=405)


def record(roles: frozenset[str], denied: int = 404, **more: int) -> Access:
    """A record: out of scope is 404."""
    return Access(roles, denied=denied, more=tuple(more.items()))


NO_ADMINS = {role.value: 403 for role in sorted(ADMINS)}
PUBLIC = Access(EVERYBODY, visitor=200)
MACHINE = Access(EVERYBODY, ok=405, visitor=405)
OWN_UNIT = DESK | {A.REPORTER}
IN_ROOM = DESK | {A.MONITOR}
LIBRARY = BUSINESS - {A.REPORTER}
DRILL_HOLDERS = frozenset({A.SUPERVISOR, A.SUPPORT, A.TECH, A.IMPLEMENTER})

PAGES: dict[str, Access] = {
    "home": Access(EVERYBODY),
    "healthz": PUBLIC,
    # No engine runs in a test.
    "readyz": Access(EVERYBODY, ok=503, visitor=503),
    "health": only(*DESK, *ADMINS),
    # Only with DEBUG or DEMO.
    "styleguide": Access(EVERYBODY, ok=404, visitor=404),
    "accounts:login": Access(EVERYBODY, ok=302, visitor=200),
    "accounts:logout": Access(EVERYBODY, ok=405, visitor=405),
    "accounts:kept": Access(EVERYBODY, ok=302),
    "accounts:set_language": Access(EVERYBODY, ok=405, visitor=405),
    "accounts:profile": Access(EVERYBODY),
    "accounts:own_password": act(EVERYBODY),
    "accounts:people": only(A.SYSADMIN, A.SECADMIN),
    "accounts:person_new": only(A.SYSADMIN),
    "accounts:person": only(A.SYSADMIN, A.SECADMIN),
    "accounts:person_roles": act(frozenset({A.SYSADMIN, A.SECADMIN})),
    "accounts:person_password": act(frozenset({A.SYSADMIN, A.SECADMIN})),
    "accounts:person_switch": act(frozenset({A.SYSADMIN, A.SECADMIN})),
    "accounts:units": only(A.SYSADMIN),
    "accounts:unit_new": only(A.SYSADMIN),
    "accounts:unit": only(A.SYSADMIN),
    "accounts:unit_switch": act(frozenset({A.SYSADMIN})),
    "audit:events": only(A.AUDITOR),
    "audit:verify": act(frozenset({A.AUDITOR})),
    "calendars:index": Access(EVERYBODY, ok=302),
    "calendars:year": Access(EVERYBODY),
    "operations:object_list": only(*DESK, A.SYSADMIN),
    "operations:object": only(*DESK, A.SYSADMIN),
    "operations:object_new": only(A.TECH, A.SYSADMIN),
    "operations:object_edit": only(A.TECH, A.SYSADMIN),
    "operations:object_propose": act(frozenset({A.TECH, A.SYSADMIN})),
    "operations:object_decide": act(frozenset({A.SUPERVISOR})),
    "notifications:inbox": Access(EVERYBODY),
    "notifications:unread": Access(EVERYBODY),
    "notifications:read_all": act(EVERYBODY),
    "notifications:undelivered": only(A.SUPERVISOR, A.MANAGER, A.SYSADMIN),
    "notifications:open": Access(EVERYBODY, ok=404),
    "notifications:read": act(EVERYBODY),
    "oncall:phone": only(*IN_ROOM),
    "oncall:phone_screen": Access(IN_ROOM, ok=302),
    # The token opens it, not the role; its owner is the tech.
    "oncall:phone_board": PUBLIC,
    "oncall:phone_behaviour": act(IN_ROOM),
    "oncall:phone_answer": act(IN_ROOM),
    "oncall:phone_hang_up": act(IN_ROOM),
    "oncall:phone_press": act(IN_ROOM),
    "oncall:page_list": only(*DESK),
    "oncall:page_panel": only(*DESK),
    "oncall:page": record(DESK),
    "oncall:page_acknowledge": act(EVERYBODY),
    "oncall:link": PUBLIC,
    "oncall:evidence": only(*DESK),
    "oncall:ladders": only(*DESK, A.SYSADMIN),
    "oncall:ladder_edit": only(A.SUPERVISOR, A.SYSADMIN),
    "oncall:my_line_page": Access(EVERYBODY),
    "oncall:test_call": act(IN_ROOM),
    "oncall:reach": act(IN_ROOM),
    "oncall:provider": only(A.SUPERVISOR, A.MANAGER, A.SYSADMIN),
    # Opened by a signature or by the secret in the address, posted to by machines only.
    "oncall:twilio_voice": MACHINE,
    "oncall:twilio_spare": MACHINE,
    "oncall:twilio_digit": MACHINE,
    "oncall:twilio_status": MACHINE,
    "oncall:twilio_text": MACHINE,
    "oncall:aliyun": MACHINE,
    "oncall:roster": only(*(BUSINESS - {A.REPORTER})),
    "oncall:now": Access(EVERYBODY),
    "oncall:swaps": only(*DESK),
    "oncall:swap_offer": only(*DESK),
    "oncall:swap_act": act(DESK),
    "oncall:handovers": only(*DESK),
    "oncall:handover": record(DESK, 403),
    "oncall:handover_acknowledge": act(DESK),
    "oncall:feeds": only(*(BUSINESS - {A.REPORTER})),
    "oncall:feed_revoke": act(BUSINESS - {A.REPORTER}),
    # The secret is wrong: nobody learns more.
    "oncall:feed": Access(EVERYBODY, ok=404, visitor=404),
    "oncall:load": only(*DESK),
    # The tech's own; those who compare may open it too.
    "oncall:load_detail": record(
        frozenset({A.TECH, A.SUPERVISOR, A.MANAGER}),
        403,
        **{role.value: 404 for role in DESK - {A.TECH, A.SUPERVISOR, A.MANAGER}},
    ),
    "oncall:leave": only(*DESK),
    "oncall:leave_file": Access(DESK, ok=302),
    # Reading the page of a refusal anew leads back to the leave.
    "oncall:leave_take": Access(DESK, ok=302),
    "oncall:leave_withdraw": act(DESK),
    "oncall:shift_remove": act(EVERYBODY),
    "oncall:shift_replace": only(A.SUPERVISOR),
    "oncall:rotations": only(*(BUSINESS - {A.REPORTER})),
    "oncall:rotation_edit": only(A.SUPERVISOR),
    "oncall:publish": only(A.SUPERVISOR),
    "teamwork:around": record(OWN_UNIT - {A.MANAGER}, **{A.MANAGER: 403}),
    "teamwork:mentions": only(*DESK),
    "teamwork:phrases": only(*DESK, A.SUPERIOR),
    "teamwork:phrases_offer": Access(EVERYBODY),
    "teamwork:phrase_remove": act(EVERYBODY),
    "teamwork:colleagues": only(A.SUPERVISOR),
    "teamwork:hand_over": only(A.SUPERVISOR, A.SYSADMIN),
    "teamwork:delegations": Access(EVERYBODY),
    "teamwork:delegation_panel": record(frozenset({A.REPORTER}) | ADMINS),
    "teamwork:delegation_end": Access(frozenset(), denied=404),
    "sla:agreements": only(*DESK, A.SYSADMIN, A.SUPERIOR),
    "sla:propose": only(A.SYSADMIN),
    "sla:targets": only(*DESK, A.SYSADMIN, A.SUPERIOR),
    "sla:regulator": only(*DESK, A.SYSADMIN, A.SUPERIOR),
    "sla:agreement": only(*DESK, A.SYSADMIN, A.SUPERIOR),
    # The first version was decided long ago.
    "sla:agreement_action": Access(frozenset({A.SUPERVISOR}), ok=409),
    "sla:ledger": record(OWN_UNIT, **NO_ADMINS),
    "sla:ledger_export": act(BUSINESS),
    "tickets:defect_list": only(*BUSINESS),
    "tickets:defect_new": only(*CALL_TAKERS, A.REPORTER),
    "tickets:defect": record(OWN_UNIT),
    "tickets:defect_paper": record(OWN_UNIT),
    "tickets:defect_receipt": record(OWN_UNIT),
    "tickets:defect_action": record(
        frozenset({A.SUPPORT}), **dict.fromkeys(OWN_UNIT - {A.SUPPORT}, 403)
    ),
    "tickets:group_list": only(A.SUPPORT, A.SYSADMIN),
    "tickets:group_new": only(A.SUPPORT, A.SYSADMIN),
    "tickets:group": only(A.SUPPORT, A.SYSADMIN),
    "tickets:signoff_inbox": only(A.SUPERVISOR),
    "tickets:attachment": record(OWN_UNIT),
    "tickets:consultation_list": only(*BUSINESS),
    "tickets:consultation": record(OWN_UNIT),
    "tickets:consultation_action": record(
        CALL_TAKERS, **dict.fromkeys(OWN_UNIT - CALL_TAKERS, 403)
    ),
    "tickets:consultation_print": record(OWN_UNIT),
    "tickets:record_form": only(A.SUPERVISOR),
    "tickets:knowledge_list": only(*BUSINESS),
    "tickets:knowledge_new": only(*CALL_TAKERS, A.BIZ),
    "tickets:knowledge": record(BUSINESS),
    "tickets:knowledge_opinion": act(EVERYBODY),
    "tickets:knowledge_action": record(
        frozenset({A.SUPPORT}), **dict.fromkeys(BUSINESS - {A.SUPPORT}, 403)
    ),
    "incidents:list": only(*BUSINESS),
    "incidents:new": only(*(DESK - {A.MANAGER}), A.MONITOR),
    "incidents:room": record(OWN_UNIT, **NO_ADMINS),
    "incidents:live": record(OWN_UNIT, **NO_ADMINS),
    "incidents:act": record(
        frozenset({A.AGENT, A.SUPPORT, A.TECH, A.SUPERVISOR, A.IMPLEMENTER}),
        **dict.fromkeys((A.REPORTER, A.BIZ, A.MANAGER), 403),
        **NO_ADMINS,
    ),
    "incidents:print": record(DESK, **NO_ADMINS),
    "incidents:file": record(DESK, **NO_ADMINS),
    "incidents:drill_new": only(*(DESK - {A.MANAGER}), A.MONITOR),
    "readiness:plan_list": only(*LIBRARY),
    "readiness:flow": only(*LIBRARY),
    "readiness:plan_new": only(A.TECH, A.IMPLEMENTER, A.SUPPORT),
    "readiness:plan": only(*LIBRARY),
    "readiness:plan_act": only(A.TECH, A.IMPLEMENTER, A.SUPPORT),
    "readiness:drill_start": only(*DRILL_HOLDERS),
    "readiness:drill_list": only(*LIBRARY),
    "readiness:drill_plan": only(*DRILL_HOLDERS),
    "readiness:drill": only(*LIBRARY),
    "readiness:drill_act": only(*DRILL_HOLDERS),
    "readiness:risk_list": only(*LIBRARY),
    "readiness:risk_new": only(A.TECH, A.IMPLEMENTER, A.SUPPORT, A.SUPERVISOR),
    "readiness:risk": only(*LIBRARY),
    "readiness:risk_act": only(A.TECH, A.IMPLEMENTER, A.SUPPORT, A.SUPERVISOR),
    # The incident reaches neither the monitor of another unit nor the superior department.
    "readiness:checklist": Access(
        DESK, denied=403, more=((A.MONITOR.value, 404), (A.SUPERIOR.value, 404))
    ),
    "readiness:checklist_open": act(LIBRARY),
    "readiness:checklist_tick": act(LIBRARY),
    "readiness:checklist_untick": act(LIBRARY),
    "hotline:console": only(*CALL_TAKERS),
    "hotline:caller_search": only(*CALL_TAKERS),
    "hotline:caller_card": only(*CALL_TAKERS),
    "hotline:suggestions": only(*CALL_TAKERS),
    "hotline:incident_contacts": record(OWN_UNIT, **NO_ADMINS),
    "hotline:contact_list": only(*DESK),
    "hotline:contact": only(*DESK),
    "hotline:contact_correct": act(DESK),
    "hotline:contact_decide": act(DESK),
    "hotline:machine_room_list": only(*IN_ROOM),
    "hotline:machine_room_new": only(*CALL_TAKERS, A.MONITOR),
    "hotline:machine_room": record(IN_ROOM),
    "hotline:machine_room_take": act(EVERYBODY),
    "hotline:machine_room_judge": act(EVERYBODY),
    "reports:availability": only(*READERS),
    "reports:dashboard": only(*READERS),
    "reports:figure": only(*READERS),
}
# Addresses of the API; the acts among them are listed by tests/api/test_actions.py.
ALL_API = Access(EVERYBODY, visitor=401)
API: dict[str, Access] = {
    "api:login": Access(EVERYBODY, ok=405, visitor=405),
    "api:logout": Access(frozenset(), denied=401, visitor=401),
    "api:me": ALL_API,
    "api:schema": ALL_API,
    "api:docs": Access(EVERYBODY),
    "api:knowledge": ALL_API,
    "api:knowledge_entry": Access(BUSINESS, denied=404, visitor=401),
    "api:knowledge_actions": Access(BUSINESS, denied=404, visitor=401),
    "api:knowledge_entry_opinion": Access(EVERYBODY, ok=405, visitor=401),
    "api:no_such_address": Access(EVERYBODY, ok=404, visitor=404),
    "api:defects": ALL_API,
    "api:consultations": ALL_API,
    "api:incidents": ALL_API,
    "api:delegations": ALL_API,
    "api:phrases": ALL_API,
    "api:phrase": Access(EVERYBODY, ok=405, visitor=401),
    "api:around": Access(OWN_UNIT, denied=404, visitor=401),
    "api:around_act": Access(EVERYBODY, ok=405, visitor=401),
    "api:delegation_end": Access(EVERYBODY, ok=405, visitor=401),
    "api:agreements": ALL_API,
    "api:preview_agreement": Access(EVERYBODY, ok=405, visitor=401),
    "api:internal_clocks": ALL_API,
    **dict.fromkeys(
        ("api:agreement", "api:agreements_actions"),
        Access(DESK | {A.SYSADMIN, A.SUPERIOR}, denied=404, visitor=401),
    ),
    "api:clocks": Access(OWN_UNIT, denied=404, visitor=401),
    "api:on_call_now": ALL_API,
    "api:pages": ALL_API,
    "api:my_line": Access(DESK | {A.MONITOR}, denied=404, visitor=401),
    "api:test_call": Access(EVERYBODY, ok=405, visitor=401),
    "api:ladders": Access(DESK | {A.SYSADMIN}, denied=404, visitor=401),
    "api:ladder_versions": Access(DESK | {A.SYSADMIN}, denied=404, visitor=401),
    # Nobody has changed a ladder or a rotation in this world.
    "api:ladder_version": Access(DESK | {A.SYSADMIN}, ok=404, denied=404, visitor=401),
    "api:rotation_version": Access(BUSINESS - {A.REPORTER}, ok=404, denied=403, visitor=401),
    "api:rotation_versions": Access(BUSINESS - {A.REPORTER}, denied=403, visitor=401),
    # They see what has called them: the world's page has called nobody yet.
    "api:page": Access(DESK, denied=404, visitor=401),
    "api:page_acknowledge": Access(EVERYBODY, ok=405, visitor=401),
    "api:shifts": Access(EVERYBODY, ok=400, visitor=401),
    "api:roster_findings": Access(BUSINESS - {A.REPORTER}, denied=403, visitor=401),
    "api:rotations": Access(BUSINESS - {A.REPORTER}, denied=403, visitor=401),
    "api:roster_publish": Access(frozenset({A.SUPERVISOR}), ok=400, denied=403, visitor=401),
    "api:shift_replace": Access(EVERYBODY, ok=405, visitor=401),
    **dict.fromkeys(
        ("api:leaves", "api:swaps", "api:handovers", "api:handover", "api:load"),
        Access(DESK, denied=403, visitor=401),
    ),
    **dict.fromkeys(
        ("api:leave_file", "api:leave_withdraw", "api:swap_act", "api:handover_acknowledge"),
        Access(DESK, ok=405, denied=403, visitor=401),
    ),
    "api:feeds": ALL_API,
    "api:feed_revoke": Access(EVERYBODY, ok=405, visitor=401),
    "api:plans": ALL_API,
    "api:drills": ALL_API,
    "api:risks": ALL_API,
    **dict.fromkeys(
        ("api:plan", "api:plans_actions", "api:drill", "api:drills_actions", "api:risk",
         "api:risks_actions"),
        Access(LIBRARY, denied=404, visitor=401),
    ),
    **dict.fromkeys(
        ("api:defect", "api:defects_actions", "api:defect_attachments", "api:consultation",
         "api:consultations_actions", "api:incident", "api:incidents_actions"),
        Access(OWN_UNIT, denied=404, visitor=401),
    ),
}  # fmt: skip
# Addresses of the API that name a row by its id.
NUMBERED_API = (
    "api:delegation_end", "api:phrase", "api:shift_replace", "api:leave_withdraw", "api:swap_act",
    "api:feed_revoke",
)  # fmt: skip
# What names a setting and its version in an address.
SETTINGS: dict[str, list[Any]] = {
    "api:ladder_versions": ["urgent"],
    "api:ladder_version": ["urgent", 1],
    "api:rotation_versions": ["on_call"],
    "api:rotation_version": ["on_call", 1],
}
LISTS = ("api:defects", "api:consultations", "api:incidents", "api:plans", "api:drills",
         "api:risks", "api:pages", "api:agreements", "api:leaves", "api:swaps",
         "api:handovers")  # fmt: skip
ACTS = (
    "api:defects_", "api:consultations_", "api:incidents_", "api:plans_", "api:drills_",
    "api:risks_", "api:agreements_",
)  # fmt: skip


@pytest.fixture
def world(request: pytest.FixtureRequest, now: datetime, system: ManagedObject) -> Iterator[World]:
    """One of each."""
    people: dict[str, User] = {role.value: request.getfixturevalue(role.value) for role in Role}
    with time_machine.travel(now):
        yield build(people, system, now)


def _names(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[str]:
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            yield from _names(each, f"{each.namespace}:" if each.namespace else namespace)
        else:
            yield f"{namespace}{each.name}"


def test_every_address_is_classified() -> None:
    """A new address fails here until somebody has said who may open it."""
    named = {name for name in _names() if not _is_act(name)}
    assert named == set(PAGES) | set(API)


def test_who_gets_in(
    world: World, signed_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages × people. Templates are not rendered: this is about the door."""
    monkeypatch.setattr(Template, "_render", lambda self, context: "")
    clients = _clients(world, signed_in)
    arguments = world.arguments()
    wrong = []
    for name, access in PAGES.items():
        url = reverse(name, kwargs=arguments.get(name))
        for who, client in clients.items():
            status = _status(client, url)
            if status != access.expected(who):
                wrong.append(f"{name} {who}: {status}, expected {access.expected(who)}")
    assert wrong == []


def test_who_gets_into_the_api(world: World, signed_in: Callable[[User], Client]) -> None:
    """The API × people."""
    keys = {
        "knowledge_entry": world.article.number,
        "knowledge_actions": world.article.number,
        "defect": world.defect.number,
        "consultation": world.consultation.number,
        "incident": world.incident.number,
        "agreement": "1",
        "page": world.page.pk,
        "plan": world.plan.number,
        "drill": world.drill.number,
        "risk": world.risk.number,
        "handover": HandoverSheet.objects.get().pk,
    }
    clients = _clients(world, signed_in)
    wrong = []
    for name, access in API.items():
        key = next((key for kind, key in keys.items() if f":{kind}" in name), None)
        plural = name in LISTS
        key = world.incident.number if name == "api:clocks" else key
        pk: list[Any] = [0] if name in NUMBERED_API else []
        pk = [0, "agree"] if name == "api:swap_act" else SETTINGS.get(name, pk)
        around = ["defect", world.defect.number, "nudge"][: 3 if name.endswith("_act") else 2]
        args = around if "around" in name else [key] if key and not plural else pk
        url = reverse(name, args=args)
        for who, client in clients.items():
            if name == "api:schema" and who not in (ANYBODY, A.REPORTER):
                continue  # it takes a second to make, and is the same for all
            status = _status(client, url)
            if status != access.expected(who):
                wrong.append(f"{name} {who}: {status}, expected {access.expected(who)}")
    assert wrong == []


def test_superuser_counts_for_nothing(
    world: World, signed_in: Callable[[User], Client], sysadmin: User
) -> None:
    """A superuser flag opens neither the trail nor a record."""
    sysadmin.is_superuser = True
    sysadmin.save()
    browser = signed_in(sysadmin)
    assert browser.get(reverse("audit:events")).status_code == 403
    assert browser.get(reverse("tickets:defect", args=[world.defect.number])).status_code == 404


def _is_act(name: str) -> bool:
    if name in KNOWLEDGE_ACTS:
        return True
    return name.startswith(ACTS) and not name.endswith("_actions")


def _clients(world: World, signed_in: Callable[[User], Client]) -> dict[str, Client]:
    people = {role: signed_in(person) for role, person in world.people.items()}
    clients = {ANYBODY: Client(), **people}
    for client in clients.values():
        client.raise_request_exception = False
    return clients


def _status(client: Client, url: str) -> int:
    response: Any = client.get(url)
    if response.streaming:
        b"".join(response.streaming_content)
    return int(response.status_code)
