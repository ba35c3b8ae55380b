"""Every transition stores the role that allowed it, and asks for the role as it is now (I04)."""

from __future__ import annotations

import pytest

from accounts.models import RoleGrant, User
from accounts.roles import Role
from audit.models import Event
from tests.tickets.conftest import journey  # noqa: F401 - a fixture
from tests.tickets.journey import Journey
from tickets.services import triage
from workflow.decisions import ALLOW, Decision, allow_as, decide, deny_role
from workflow.errors import NotAllowed

pytestmark = pytest.mark.django_db


def _roles(defect_pk: int) -> dict[str, str]:
    events = Event.objects.filter(target_type="tickets.defect", target_id=str(defect_pk))
    return {event.action: event.role for event in events}


def test_each_step_of_the_usual_path_names_its_role(journey: Journey) -> None:  # noqa: F811
    defect = journey.closed()
    assert _roles(defect.pk) == {
        "defect.submit": "reporter",
        "defect.accept": "support",
        "defect.classify_technical": "support",
        "defect.send_for_sign_off": "tech",
        "defect.approve": "supervisor",
        "defect.start": "implementer",
        "defect.finish": "implementer",
        "defect.verify_solved": "agent",
        "defect.report_upward": "support",
        "defect.acknowledge_report": "superior",
        "defect.reply": "support",
        "defect.close": "reporter",
    }


def test_of_two_roles_the_one_that_allowed_it_is_stored(
    journey: Journey,  # noqa: F811
) -> None:
    RoleGrant.objects.create(user=journey.cast.tech, role=Role.BIZ)
    both = User.objects.get(pk=journey.cast.tech.pk)
    defect = triage.classify_business(
        journey.triaging(), actor=journey.cast.support, now=journey.later(),
        participants=[both], basis="业务规则理解不一致", module="清算规则", assignee=both,
    )  # fmt: skip
    journey.cast.tech = both
    journey.pending_signoff(defect)
    assert _roles(defect.pk)["defect.send_for_sign_off"] == "biz"


def test_a_role_of_somebody_else_is_not_taken_for_ones_own(support: User, reporter: User) -> None:
    def policy(user: User, other: User) -> Decision:
        return (
            ALLOW if user.has_role(Role.SUPPORT) and other.has_role(Role.REPORTER) else deny_role()
        )

    assert decide(policy, support, reporter).role == "support"


def test_what_is_no_granted_role_is_named_by_the_policy(support: User) -> None:
    assert decide(lambda user, record: allow_as("oncall"), support, None).role == "oncall"


def test_a_role_taken_away_while_the_request_runs_no_longer_counts(
    journey: Journey,  # noqa: F811
) -> None:
    defect = journey.submitted()
    person = User.objects.get(pk=journey.cast.support.pk)
    assert person.has_role(Role.SUPPORT)
    RoleGrant.objects.create(user=person, role=Role.AGENT)
    RoleGrant.objects.filter(user=person, role=Role.SUPPORT).delete()
    with pytest.raises(NotAllowed):
        triage.accept(defect, actor=person, now=journey.later())
    refused = Event.objects.get(outcome="refused")
    assert (refused.action, refused.data) == ("defect.accept", {"code": "role"})
