"""Four-eyes, cell by cell: who may not sign, implement, verify or acknowledge (R43–R47)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Organisation, RoleGrant, User
from accounts.roles import Role
from tests.conftest import PASSWORD
from tests.tickets.journey import Journey
from tickets.models import Defect, SignOff, Solution
from tickets.services import execution, processing, signoff, superior, verification
from workflow.errors import NotAllowed, StaleVersion, WrongState

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def grant(user: User, *roles: str) -> User:
    """The same person with more roles, freshly read."""
    for role in roles:
        RoleGrant.objects.get_or_create(user=user, role=role)
    fresh: User = User.objects.get(pk=user.pk)
    return fresh


def approve(journey: Journey, defect: Defect, actor: User) -> Defect:
    """D14 by ``actor``."""
    return signoff.approve(
        defect, actor=actor, now=journey.later(),
        solution_hash=defect.solutions.latest("version").content_hash,
    )  # fmt: skip


@pytest.mark.parametrize("part", ["tech", "reporter", "implementer"])
def test_who_had_a_part_in_it_cannot_sign(journey: Journey, part: str) -> None:
    defect = journey.pending_signoff()
    both = grant(getattr(journey.cast, part), Role.SUPERVISOR)
    with pytest.raises(NotAllowed) as refusal:
        approve(journey, defect, both)
    assert refusal.value.code.startswith("four_eyes_")
    assert Defect.objects.get(pk=defect.pk).state == "pending_signoff"
    assert not SignOff.objects.exists()


def test_who_filed_it_for_the_reporter_cannot_sign(journey: Journey) -> None:
    defect = journey.pending_signoff()
    Defect.objects.filter(pk=defect.pk).update(filed_by=journey.cast.agent)
    with pytest.raises(NotAllowed):
        approve(journey, defect, grant(journey.cast.agent, Role.SUPERVISOR))


def test_the_author_of_an_earlier_version_cannot_sign_a_later_one(
    journey: Journey, tech2: User
) -> None:
    defect = journey.pending_signoff()
    defect = signoff.send_back(
        defect, actor=journey.cast.supervisor, now=journey.later(), opinion="回退方案不够具体"
    )
    Defect.objects.filter(pk=defect.pk).update(assignee=tech2)
    defect = processing.send_for_sign_off(
        defect, actor=tech2, now=journey.later(), plan=journey.plan()
    )
    assert [each.author for each in Solution.objects.order_by("version")] == [
        journey.cast.tech, tech2,
    ]  # fmt: skip
    with pytest.raises(NotAllowed):
        approve(journey, defect, grant(journey.cast.tech, Role.SUPERVISOR))


def test_two_accounts_of_one_human_are_one_person(
    journey: Journey, make_person: Callable[..., User], company: Organisation
) -> None:
    second = make_person(
        "zhangwei2", "张伟", company, Role.SUPERVISOR, staff_no=journey.cast.tech.staff_no
    )
    with pytest.raises(NotAllowed) as refusal:
        approve(journey, journey.pending_signoff(), second)
    assert refusal.value.code == "four_eyes_author"


def test_being_a_superuser_counts_for_nothing(journey: Journey) -> None:
    User.objects.filter(pk=journey.cast.tech.pk).update(is_superuser=True)
    with pytest.raises(NotAllowed):
        approve(journey, journey.pending_signoff(), User.objects.get(pk=journey.cast.tech.pk))


def test_a_role_lost_between_page_and_signature_counts(journey: Journey, signed_in: SignIn) -> None:
    defect = journey.pending_signoff()
    client = signed_in(journey.cast.supervisor)
    url = f"/defects/{defect.key}/do/approve/"
    assert client.get(url).status_code == 200
    RoleGrant.objects.filter(user=journey.cast.supervisor).delete()
    answer = client.post(url, _signature(defect))
    assert answer.status_code in (403, 404)
    assert not SignOff.objects.exists()


def test_a_role_lost_while_the_request_runs_counts(journey: Journey) -> None:
    defect = journey.pending_signoff()
    supervisor = User.objects.get(pk=journey.cast.supervisor.pk)
    assert supervisor.has_role(Role.SUPERVISOR)  # remembered for the request
    grant(supervisor, Role.AGENT)
    RoleGrant.objects.filter(user=supervisor, role=Role.SUPERVISOR).delete()
    with pytest.raises(NotAllowed):
        approve(journey, defect, supervisor)


def _signature(defect: Defect, **changes: Any) -> dict[str, Any]:
    latest = defect.solutions.latest("version")
    return {
        "version": defect.row_version, "solution_hash": latest.content_hash,
        "password": PASSWORD, "opinion": "", **changes,
    }  # fmt: skip


def test_a_wrong_password_signs_nothing(journey: Journey, signed_in: SignIn) -> None:
    defect = journey.pending_signoff()
    client = signed_in(journey.cast.supervisor)
    url = f"/defects/{defect.key}/do/approve/"
    for _attempt in range(6):
        answer = client.post(url, _signature(defect, password="wrong", opinion="同意实施"))
        assert answer.status_code == 422
    assert "同意实施" in answer.content.decode()
    assert not SignOff.objects.exists()
    assert client.post(url, _signature(defect)).status_code == 302


def test_only_the_version_that_was_shown_is_signed(journey: Journey, signed_in: SignIn) -> None:
    defect = journey.pending_signoff()
    with pytest.raises(StaleVersion):
        signoff.approve(
            defect, actor=journey.cast.supervisor, now=journey.later(), solution_hash="0" * 64
        )
    Solution.objects.update(measures="被人悄悄改过的措施")
    with pytest.raises(WrongState):
        approve(journey, defect, journey.cast.supervisor)
    assert not SignOff.objects.exists()


def test_sending_back_freezes_the_version(journey: Journey) -> None:
    defect = signoff.send_back(
        journey.pending_signoff(), actor=journey.cast.supervisor, now=journey.later(),
        opinion="回退方案不够具体",
    )  # fmt: skip
    assert (defect.state, defect.holder) == ("tech_processing", journey.cast.tech)
    defect = journey.pending_signoff(defect, measures="新的措施：分批重启应用")
    first, second = Solution.objects.order_by("version")
    assert (first.version, second.version) == (1, 2)
    assert first.content_hash != second.content_hash
    assert first.sign_offs.get().decision == "sent_back"


def test_nobody_eligible_to_sign_is_said_before_it_is_sent(journey: Journey) -> None:
    RoleGrant.objects.filter(role=Role.SUPERVISOR).delete()
    grant(journey.cast.tech, Role.SUPERVISOR)
    defect = journey.tech_processing()
    with pytest.raises(WrongState) as refusal:
        journey.pending_signoff(defect)
    assert refusal.value.code == "no_signer"
    assert not Solution.objects.exists()
    assert Defect.objects.get(pk=defect.pk).state == "tech_processing"


def test_the_signer_cannot_implement(journey: Journey) -> None:
    defect = journey.approved()
    Defect.objects.filter(pk=defect.pk).update(implementer=journey.cast.supervisor)
    both = grant(journey.cast.supervisor, Role.IMPLEMENTER)
    with pytest.raises(NotAllowed) as refusal:
        execution.start(defect, actor=both, now=journey.later(), backup="已备份到运维机")
    assert refusal.value.code == "four_eyes_signer"


def test_only_the_named_implementer_starts(
    journey: Journey, make_person: Callable[..., User], company: Organisation
) -> None:
    other = make_person("other", "吴用", company, Role.IMPLEMENTER)
    with pytest.raises(NotAllowed):
        execution.start(journey.approved(), actor=other, now=journey.later())


def test_nothing_starts_after_the_solution_was_changed(journey: Journey) -> None:
    defect = journey.approved()
    Solution.objects.update(risk="签字之后改过的风险")
    with pytest.raises(WrongState):
        execution.start(defect, actor=journey.cast.implementer, now=journey.later())


def test_the_implementer_cannot_verify_his_own_work(
    journey: Journey, make_person: Callable[..., User], company: Organisation
) -> None:
    defect = journey.verifying()
    second = make_person(
        "wugang2", "吴刚", company, Role.SUPPORT, staff_no=journey.cast.implementer.staff_no
    )
    for person in (grant(journey.cast.implementer, Role.AGENT), second):
        with pytest.raises(NotAllowed):
            verification.verify_solved(
                defect,
                actor=person,
                now=journey.later(),
                evidence="自己验证自己",
                method="改参数重启",
            )
    assert Defect.objects.get(pk=defect.pk).state == "verifying"


@pytest.mark.parametrize("part", ["support", "supervisor", "tech"])
def test_who_sent_signed_or_wrote_cannot_acknowledge(journey: Journey, part: str) -> None:
    defect = journey.report_upward(journey.approved())
    both = grant(getattr(journey.cast, part), Role.SUPERIOR)
    with pytest.raises(NotAllowed):
        superior.acknowledge_superior_report(defect, actor=both, now=journey.later())


def test_who_acknowledged_cannot_sign(journey: Journey) -> None:
    defect = journey.acknowledge(journey.report_upward(journey.pending_signoff()))
    with pytest.raises(NotAllowed) as refusal:
        approve(journey, defect, grant(journey.cast.superior, Role.SUPERVISOR, Role.AGENT))
    assert refusal.value.code == "four_eyes_acker"


def test_the_inbox_says_why_one_may_not_sign(journey: Journey, signed_in: SignIn) -> None:
    defect = journey.pending_signoff()
    author = signed_in(grant(journey.cast.tech, Role.SUPERVISOR))
    User.objects.update(language="en")
    page = author.get("/sign-off/").content.decode()
    assert str(defect.number) in page
    assert "Someone else must sign: you wrote the plan." in page
    assert f"/defects/{defect.key}/do/approve/" not in page
    assert signed_in(journey.cast.support).get("/sign-off/").status_code == 403
