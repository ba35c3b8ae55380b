"""Every act × every role, × every state, × the same person (domain section 2.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.models import Event
from incidents.actions import INCIDENT_ACTIONS
from incidents.models import Incident
from tests.incidents.conftest import PLAN_PARTS, REPORT_PARTS, Story, after

RESPONDERS = {"agent", "support", "tech", "implementer", "supervisor"}
FIXERS = {"tech", "implementer"}
AUTHORS = {"tech", "implementer", "support"}
CONFIRMERS = {"biz", "reporter", "monitor"}
EVERYBODY = {
    "reporter", "agent", "support", "tech", "biz", "supervisor", "implementer", "monitor",
    "superior", "manager", "sysadmin", "secadmin", "auditor", "outsider",
}  # fmt: skip
UNDECIDED, HANDLED = {"reported", "assessing"}, {"declared", "mitigated"}
AT_WORK = HANDLED | {"downgraded"}
AFTERWARDS = {"resolved", "confirmed", "reviewing"}
DECIDED = AT_WORK | AFTERWARDS
ON_RECORD = UNDECIDED | DECIDED
# What each act allows: roles, and states.
RULES: dict[str, tuple[set[str], set[str]]] = {
    "acknowledge": (RESPONDERS, {"reported"}),
    "declare_s1": (RESPONDERS, UNDECIDED),
    "declare_lower": (RESPONDERS, UNDECIDED),
    "dismiss": ({"supervisor"}, UNDECIDED),
    "raise_to_s1": (RESPONDERS, {"declared"}),
    "downgrade": ({"supervisor"}, HANDLED),
    "recur": (RESPONDERS, {"confirmed", "reviewing", "closed"}),
    "merge": ({"supervisor"}, UNDECIDED | {"declared"}),
    "see_alert": (RESPONDERS | {"biz"}, HANDLED | AFTERWARDS),
    "note": (RESPONDERS | {"biz"}, AT_WORK | {"resolved"}),
    "protect_data": (FIXERS, AT_WORK),
    "waive_protection": ({"supervisor"}, AT_WORK),
    "mitigate": (FIXERS | {"support"}, {"declared"}),
    "lose_mitigation": (RESPONDERS | {"biz"}, {"mitigated"}),
    "write_plan": (AUTHORS, HANDLED),
    "release_plan": ({"supervisor"}, HANDLED),
    "deliver_plan": (AUTHORS | {"supervisor"}, HANDLED),
    "accept_plan": ({"manager"}, HANDLED | AFTERWARDS),
    "return_plan": ({"manager"}, HANDLED | AFTERWARDS),
    "issue_recovery": (AUTHORS, DECIDED),
    "resolve": (FIXERS, AT_WORK),
    "confirm": (CONFIRMERS, {"resolved"}),
    "reject_recovery": (CONFIRMERS, {"resolved"}),
    "write_report": (AUTHORS, AFTERWARDS),
    "release_report": ({"supervisor"}, AFTERWARDS),
    "deliver_report": (AUTHORS | {"supervisor"}, AFTERWARDS),
    "accept_report": ({"manager"}, AFTERWARDS),
    "return_report": ({"manager"}, AFTERWARDS),
    "begin_review": ({"supervisor"}, {"confirmed"}),
    "add_improvement": (AUTHORS | {"supervisor"}, {"reviewing"}),
    "finish_improvement": (RESPONDERS | {"biz"}, {"reviewing", "closed"}),
    "close": ({"supervisor", "manager"}, {"reviewing"}),
    "move_t0_earlier": (AUTHORS, ON_RECORD),
    "ask_t0_later": (AUTHORS, ON_RECORD),
    "confirm_t0_later": ({"supervisor"}, ON_RECORD),
    "refuse_t0_later": ({"supervisor"}, ON_RECORD),
    "record_impact": (RESPONDERS | {"biz"}, ON_RECORD),
    "decide_grade": ({"manager", "superior"}, DECIDED),
    "note_outside_time": (RESPONDERS, DECIDED),
    "report_upward": (AUTHORS | {"supervisor"}, DECIDED),
    "acknowledge_upward": ({"superior"}, DECIDED),
}
# What must be there besides the state: nothing is written, asked or owed in a new incident.
NEEDS_MORE = {
    "see_alert",
    "release_plan", "deliver_plan", "accept_plan", "return_plan", "release_report",
    "deliver_report", "accept_report", "return_report", "finish_improvement",
    "confirm_t0_later", "refuse_t0_later", "acknowledge_upward",
}  # fmt: skip
STATES = set(Incident.State.values) - {"new"}


def test_every_act_has_its_rule_here() -> None:
    assert {action.code for action in INCIDENT_ACTIONS} == set(RULES)


def put(incident: Incident, state: str, severity: str = "S1") -> Incident:
    """Put the row into a state, as no service would."""
    severity = "" if state in UNDECIDED else severity
    Incident.objects.filter(pk=incident.pk).update(state=state, severity=severity)
    return Incident.objects.get(pk=incident.pk)


@pytest.mark.parametrize("code", sorted(RULES))
def test_only_the_roles_of_the_act_may_do_it(
    code: str,
    story: Callable[..., Story],
    people: dict[str, User],
    signed_in: Callable[[User], Client],
) -> None:
    roles, states = RULES[code]
    incident = put(story().incident, min(states))
    action = INCIDENT_ACTIONS.get(code)
    assert action is not None

    allowed = {name for name in EVERYBODY if action.policy(people[name], incident).kind != "role"}
    # The outsider holds a bank user's role, but never sees the incident.
    assert allowed - {"outsider"} == roles
    for name in EVERYBODY - roles - {"outsider"}:
        page = signed_in(people[name]).get(f"/incidents/{incident.number}/do/{code}/")
        assert page.status_code in (403, 404), name


@pytest.mark.parametrize("code", sorted(RULES))
def test_the_act_is_refused_in_every_other_state(
    code: str, story: Callable[..., Story], people: dict[str, User]
) -> None:
    roles, states = RULES[code]
    action = INCIDENT_ACTIONS.get(code)
    assert action is not None
    incident = story().incident
    severity = "S2" if code == "raise_to_s1" else "S1"
    refused = {
        state
        for state in STATES
        if action.policy(people[min(roles)], put(incident, state, severity)).kind == "state"
    }
    if code in NEEDS_MORE:
        assert refused == STATES
    else:
        assert refused == STATES - states


def test_a_forged_post_of_the_wrong_role_is_forbidden_with_a_trace(
    story: Callable[..., Story], people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    incident = story().incident
    response = signed_in(people["biz"]).post(
        f"/incidents/{incident.number}/do/dismiss/", {"evidence": "监控平台误报,现场正常"}
    )

    assert response.status_code == 403
    assert Incident.objects.get(pk=incident.pk).state == "reported"
    refused = Event.objects.get(outcome="refused", action="incident.dismiss")
    assert refused.actor_key == people["biz"].audit_key


def test_a_forged_post_in_the_wrong_state_is_a_conflict_with_a_trace(
    story: Callable[..., Story], people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    incident = story().declare().incident
    response = signed_in(people["supervisor"]).post(
        f"/incidents/{incident.number}/do/dismiss/", {"evidence": "监控平台误报,现场正常"}
    )

    assert response.status_code == 409
    assert "监控平台误报" in response.content.decode()
    refused = Event.objects.filter(outcome="refused", action="incident.dismiss")
    assert refused.count() == 1


def test_a_stale_page_is_a_conflict_and_the_words_are_kept(
    story: Callable[..., Story], people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    incident = story().declare().incident
    response = signed_in(people["tech"]).post(
        f"/incidents/{incident.number}/do/mitigate/",
        {
            "version": incident.row_version - 1,
            "method": "切换备用阵列降级运行",
            "limits": "容量只有平时一半",
            "confirmed_by": people["biz"].pk,
        },
    )

    assert response.status_code == 409
    assert "切换备用阵列降级运行" in response.content.decode()


# --- the same person --------------------------------------------------------------------------
def kind(code: str, user: User, incident: Incident) -> str:
    """Kind of the decision on an act."""
    action = INCIDENT_ACTIONS.get(code)
    assert action is not None
    return action.policy(user, incident).kind


def test_the_reporter_does_not_take_over_their_own_report(
    story: Callable[..., Story], people: dict[str, User]
) -> None:
    incident = story(reporter=people["tech"], actor=people["tech"]).incident

    assert kind("acknowledge", people["tech"], incident) == "person"
    assert kind("acknowledge", people["tech2"], incident) == "ok"


def test_one_person_alone_may_declare_system_down(
    story: Callable[..., Story], people: dict[str, User]
) -> None:
    incident = story(reporter=people["tech"], actor=people["tech"]).incident

    assert kind("declare_s1", people["tech"], incident) == "ok"


@pytest.mark.parametrize("part", ["reporter", "acknowledged_by"])
def test_a_false_alarm_needs_a_supervisor_without_a_part_in_it(
    part: str, story: Callable[..., Story], people: dict[str, User], make_person: Any
) -> None:
    incident = story().incident
    setattr(incident, part, people["supervisor"])
    other = make_person("zhaogang", "赵刚", people["tech"].organisation, "supervisor")

    assert kind("dismiss", people["supervisor"], incident) == "person"
    assert kind("dismiss", other, incident) == "ok"


def test_a_second_account_of_the_same_human_does_not_help(
    story: Callable[..., Story], people: dict[str, User], make_person: Any
) -> None:
    tech = people["tech"]
    twin = make_person(
        "zhangwei2", "张伟", tech.organisation, "supervisor", "biz", staff_no=tech.staff_no
    )
    handled = story().declare().protect().plan(after(1), released=False)

    assert kind("release_plan", twin, handled.incident) == "person"
    handled.resolve(after(2))
    assert kind("confirm", twin, handled.incident) == "person"
    handled.report(after(3), released=False)
    assert kind("release_report", twin, handled.incident) == "person"


def test_the_resolver_confirms_nothing(
    story: Callable[..., Story], people: dict[str, User], make_person: Any
) -> None:
    both = make_person("duxue", "杜雪", people["tech"].organisation, "tech", "biz")
    people["both"] = both
    done = story().declare().protect().resolve(after(2), who="both")

    assert kind("confirm", both, done.incident) == "person"
    assert kind("reject_recovery", both, done.incident) == "person"
    assert kind("confirm", people["reporter"], done.incident) == "ok"


def test_being_superuser_counts_for_nothing(story: Callable[..., Story], sysadmin: User) -> None:
    sysadmin.is_superuser = True
    sysadmin.save()
    incident = story().incident

    assert all(action.policy(sysadmin, incident).kind == "role" for action in INCIDENT_ACTIONS)


def test_out_of_scope_is_not_found(
    story: Callable[..., Story], people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    incident = story().incident
    outside = signed_in(people["outsider"])

    assert outside.get(f"/incidents/{incident.number}/").status_code == 404
    assert outside.get(f"/incidents/{incident.number}/live/").status_code == 404
    assert outside.get(f"/incidents/{incident.number}/do/confirm/").status_code == 404
    assert incident.number not in outside.get("/incidents/").content.decode()


def test_administrators_have_no_business_here(
    story: Callable[..., Story], people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    story()
    for name in ("sysadmin", "secadmin", "auditor"):
        assert signed_in(people[name]).get("/incidents/").status_code == 403
        assert signed_in(people[name]).get("/drills/new/").status_code == 403


def test_documents_use_every_section(db: None) -> None:
    from incidents.documents import PLAN_SECTIONS, REPORT_SECTIONS

    assert set(PLAN_PARTS) == set(PLAN_SECTIONS)
    assert set(REPORT_PARTS) == set(REPORT_SECTIONS)
