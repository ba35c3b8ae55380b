"""D29 in processing: asked and answered; D33: voided by two people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Organisation, RoleGrant, User
from accounts.roles import Role
from tests.tickets.journey import Journey
from tickets.models import Defect, EndRequest
from tickets.services import defects, ending, grouping
from workflow.errors import InvalidInput, NotAllowed, NotFound, WrongState

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
WHY = "经核对系本行网络故障，不再需要处理"


def ask(journey: Journey, defect: Defect) -> Defect:
    """The reporter asks to withdraw."""
    return ending.ask_withdrawal(
        defect, actor=journey.cast.reporter, now=journey.later(), opinion=WHY
    )


def test_d29_the_reporter_asks_and_support_agrees(journey: Journey, signed_in: SignIn) -> None:
    defect = journey.tech_processing()
    bank, desk = signed_in(journey.cast.reporter), signed_in(journey.cast.support)
    url = f"/defects/{defect.key}/do"
    answer = bank.post(f"{url}/ask_withdraw/", {"version": defect.row_version, "opinion": WHY})
    assert answer.status_code == 302
    assert Defect.objects.get(pk=defect.pk).state == "tech_processing"
    assert WHY in bank.get(f"/defects/{defect.key}/").content.decode()
    home = desk.get("/").content.decode()
    assert "同意或不同意撤回" in home
    version = Defect.objects.get(pk=defect.pk).row_version
    answer = desk.post(f"{url}/agree_withdraw/", {"version": version, "opinion": ""})
    assert answer.status_code == 302
    done = Defect.objects.get(pk=defect.pk)
    assert (done.state, done.number, done.holder_role) == ("withdrawn", defect.number, "")
    request = EndRequest.objects.get()
    assert (request.state, request.decided_by) == ("agreed", journey.cast.support)
    assert "同意或不同意撤回" not in desk.get("/").content.decode()


def test_d29_support_declines_with_a_reason_and_it_may_be_asked_again(journey: Journey) -> None:
    defect = ask(journey, journey.tech_processing())
    with pytest.raises(InvalidInput):
        ending.decline_withdrawal(
            defect, actor=journey.cast.support, now=journey.later(), opinion="无"
        )
    with pytest.raises(WrongState):
        ask(journey, defect)
    defect = ending.decline_withdrawal(
        defect, actor=journey.cast.support, now=journey.later(), opinion="已定位为系统缺陷，需修复"
    )
    assert defect.state == "tech_processing"
    assert ask(journey, defect).end_requests.count() == 2


def test_d29_never_from_the_sign_off_on(journey: Journey) -> None:
    defect = ask(journey, journey.tech_processing())
    defect = journey.pending_signoff(defect)
    with pytest.raises(WrongState):
        ending.agree_withdrawal(defect, actor=journey.cast.support, now=journey.later())
    ending.decline_withdrawal(
        defect, actor=journey.cast.support, now=journey.later(), opinion="方案已送签，继续处理"
    )
    for state in ("approved", "implementing", "verifying", "resolved", "replied"):
        with pytest.raises(WrongState):
            ask(journey, journey.at(state))


def test_d29_not_with_merged_children(journey: Journey) -> None:
    parent = journey.tech_processing()
    asked = ask(journey, parent)
    grouping.merge(
        journey.submitted(), actor=journey.cast.support, now=journey.later(), parent=parent
    )
    with pytest.raises(WrongState):
        ending.agree_withdrawal(asked, actor=journey.cast.support, now=journey.later())
    other = journey.tech_processing()
    grouping.merge(
        journey.submitted(), actor=journey.cast.support, now=journey.later(), parent=other
    )
    with pytest.raises(WrongState):
        ask(journey, other)


def test_d29_asked_by_the_reporter_alone_and_answered_by_another(
    journey: Journey, teammate: User
) -> None:
    defect = journey.tech_processing()
    for person in (teammate, journey.cast.support, journey.cast.tech):
        with pytest.raises(NotAllowed):
            ending.ask_withdrawal(defect, actor=person, now=journey.later(), opinion=WHY)
    defect = ask(journey, defect)
    for person in (journey.cast.tech, journey.cast.agent, journey.cast.reporter):
        with pytest.raises(NotAllowed):
            ending.agree_withdrawal(defect, actor=person, now=journey.later())
    RoleGrant.objects.create(user=journey.cast.reporter, role=Role.SUPPORT)
    both = User.objects.get(pk=journey.cast.reporter.pk)
    with pytest.raises(NotAllowed, match="您本人"):
        ending.agree_withdrawal(defect, actor=both, now=journey.later())


def void_asked(journey: Journey, defect: Defect | None = None) -> Defect:
    """Service support asks."""
    return ending.ask_void(
        defect or journey.submitted(), actor=journey.cast.support, now=journey.later(),
        cause="test", opinion="培训时录入的测试单",
    )  # fmt: skip


def test_d33_support_asks_and_a_supervisor_confirms(journey: Journey, signed_in: SignIn) -> None:
    defect = journey.submitted()
    desk, boss = signed_in(journey.cast.support), signed_in(journey.cast.supervisor)
    url = f"/defects/{defect.key}/do"
    sent = {"version": defect.row_version, "cause": "test", "opinion": "培训时录入的测试单"}
    assert desk.post(f"{url}/ask_void/", sent).status_code == 302
    assert "确认或不同意作废" in boss.get("/").content.decode()
    version = Defect.objects.get(pk=defect.pk).row_version
    assert desk.post(f"{url}/confirm_void/", {"version": version}).status_code == 403
    assert boss.post(f"{url}/confirm_void/", {"version": version}).status_code == 302
    done = Defect.objects.get(pk=defect.pk)
    assert (done.state, done.number, done.holder_role) == ("voided", defect.number, "")
    assert boss.get(f"/defects/{defect.key}/").status_code == 200


def test_d33_never_by_one_person(
    journey: Journey, make_person: Callable[..., User], company: Organisation
) -> None:
    both = make_person("both", "双职", company, Role.SUPPORT, Role.SUPERVISOR)
    defect = ending.ask_void(
        journey.submitted(), actor=both, now=journey.later(), cause="error", opinion="重复录入"
        "的单据",
    )  # fmt: skip
    twin = make_person("twin", "双职", company, Role.SUPERVISOR, staff_no="T9X")
    User.objects.filter(pk=both.pk).update(staff_no="T9")
    User.objects.filter(pk=twin.pk).update(staff_no="T9")
    for person in (both, twin):
        with pytest.raises(NotAllowed):
            ending.confirm_void(defect, actor=User.objects.get(pk=person.pk), now=journey.later())
    assert ending.confirm_void(
        defect, actor=journey.cast.supervisor, now=journey.later()
    ).state == "voided"  # fmt: skip


def test_d33_needs_a_cause_of_the_list_and_a_reason(journey: Journey) -> None:
    defect = journey.submitted()
    for cause, opinion in (("", "培训时录入"), ("solved", "培训时录入"), ("test", "测试")):
        with pytest.raises(InvalidInput):
            ending.ask_void(
                defect, actor=journey.cast.support, now=journey.later(), cause=cause,
                opinion=opinion,
            )  # fmt: skip
    assert not EndRequest.objects.exists()


@pytest.mark.parametrize("state", ["triaging", "tech_processing", "replied", "closed"])
def test_d33_only_before_anybody_works_on_it(state: str, journey: Journey) -> None:
    with pytest.raises(WrongState):
        void_asked(journey, journey.at(state))


def test_d33_too_late_once_it_is_accepted_and_declined_with_a_reason(journey: Journey) -> None:
    defect = journey.triaging(void_asked(journey))
    with pytest.raises(WrongState):
        ending.confirm_void(defect, actor=journey.cast.supervisor, now=journey.later())
    done = ending.decline_void(
        defect, actor=journey.cast.supervisor, now=journey.later(), opinion="确有其事，继续处理"
    )
    assert (done.state, EndRequest.objects.get().state) == ("triaging", "declined")


def test_d33_a_draft_filed_by_support_is_read_by_the_supervisor_only_when_asked(
    journey: Journey,
) -> None:
    support, supervisor = journey.cast.support, journey.cast.supervisor
    draft = defects.save_draft(
        actor=support, now=journey.later(), reporter=journey.cast.reporter, form=journey.form()
    )
    with pytest.raises(NotFound):
        ending.confirm_void(draft, actor=supervisor, now=journey.later())
    draft = void_asked(journey, draft)
    done = ending.confirm_void(draft, actor=supervisor, now=journey.later())
    assert (done.state, done.number) == ("voided", None)
