"""The reporter objects to a conversion: once it is reopened, then a supervisor rules (C6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import RoleGrant, User
from audit.models import Event
from notifications.models import Message
from tests.tickets.journey import Journey
from tickets.models import Consultation, Defect, Objection
from tickets.services import objections, triage
from workflow.errors import NotAllowed, WrongState

TEXT = "按说明操作后仍然提示文件损坏"
SignIn = Callable[[User], Client]


@pytest.fixture
def convert(journey: Journey) -> Callable[..., Consultation]:
    """D7 by service support; the consultation it makes."""

    def do(defect: Defect, explainer: User | None = None, **more: Any) -> Consultation:
        cast = journey.cast
        triage.convert_to_consultation(
            defect, actor=cast.support, now=journey.later(), explainer=explainer or cast.support,
            explanation="先解压再打开导出文件即可", **more,
        )  # fmt: skip
        made: Consultation = Consultation.objects.exclude(state="voided").get(source_defect=defect)
        return made

    return do


@pytest.fixture
def objected_twice(journey: Journey, convert: Any) -> Consultation:
    """Waits for a supervisor."""
    defect = journey.triaging()
    for _round in range(2):
        made: Consultation = convert(defect)
        objections.object_to_conversion(
            made, actor=journey.cast.reporter, now=journey.later(), opinion=TEXT
        )
    made.refresh_from_db()
    return made


def test_c6_the_first_objection_reopens_the_defect_under_its_old_number(
    journey: Journey, convert: Any, signed_in: SignIn
) -> None:
    """Back to triage with its owner; the consultation is void and the link stays both ways."""
    defect = journey.triaging()
    made = convert(defect)
    reporter = signed_in(journey.cast.reporter)
    page = f"/consultations/{made.number}/"
    assert [offer.action.code for offer in reporter.get(page).context["offers"]] == [
        "object", "rate",
    ]  # fmt: skip
    assert reporter.post(f"{page}do/object/", {"opinion": TEXT}).status_code == 302

    made.refresh_from_db()
    again = Defect.objects.get(pk=defect.pk)
    assert (again.state, again.number, again.issue_type) == ("triaging", defect.number, "")
    assert (again.holder_role, again.holder) == ("support", journey.cast.support)
    assert (made.state, made.source_defect) == ("voided", again)
    objection = made.objection
    assert (objection.round, objection.outcome, objection.text) == (1, "reopened", TEXT)
    events = [*Event.objects.about(again).order_by("-seq"), *Event.objects.about(made)]
    done = [(event.action, event.opinion) for event in events if event.opinion == TEXT]
    assert done == [
        ("defect.reopen_after_objection", TEXT), ("consultation.object", TEXT),
    ]  # fmt: skip
    assert TEXT in reporter.get(page).content.decode()
    told = Message.objects.filter(recipient=journey.cast.support, channel="in_app")
    assert any(str(defect.number) in message.subject for message in told)


def test_c6_a_reopened_defect_goes_on_as_any_other(journey: Journey, convert: Any) -> None:
    defect = journey.triaging()
    made = convert(defect)
    objections.object_to_conversion(
        made, actor=journey.cast.reporter, now=journey.later(), opinion=TEXT
    )
    assert journey.tech_processing(Defect.objects.get(pk=defect.pk)).state == "tech_processing"


def test_c6_an_open_consultation_can_be_objected_to_as_well(journey: Journey, convert: Any) -> None:
    """D7 “not explained yet”: open in the explainer's hands, who may close it (C3)."""
    made = convert(journey.triaging(), explainer=journey.cast.tech, later=True)
    assert (made.state, made.holder) == ("open", journey.cast.tech)
    objections.object_to_conversion(
        made, actor=journey.cast.reporter, now=journey.later(), opinion=TEXT
    )
    assert Consultation.objects.get(pk=made.pk).state == "voided"


def test_the_explainer_of_an_open_one_may_close_it(
    journey: Journey, convert: Any, signed_in: SignIn
) -> None:
    """Technical staff take no calls, but explain what they were asked to explain (D7, C3)."""
    made = convert(journey.triaging(), explainer=journey.cast.tech, later=True)
    url = f"/consultations/{made.number}/do/close/"
    assert signed_in(journey.cast.tech).post(url, {"answer": TEXT}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.holder) == ("closed", None)


def test_c6_nobody_but_the_reporter_objects(
    journey: Journey, convert: Any, teammate: User, signed_in: SignIn
) -> None:
    made = convert(journey.triaging())
    for person in (teammate, journey.cast.agent, journey.cast.support):
        url = f"/consultations/{made.number}/do/object/"
        assert signed_in(person).post(url, {"opinion": TEXT}).status_code == 403
    assert not Objection.objects.exists()


def test_c6_seven_days_and_not_a_second_more(journey: Journey, convert: Any) -> None:
    made = convert(journey.triaging())
    end = made.created_at + timedelta(days=7)
    with pytest.raises(WrongState) as refused:
        objections.object_to_conversion(
            made, actor=journey.cast.reporter, now=end + timedelta(seconds=1), opinion=TEXT
        )
    assert refused.value.code == "too_late"
    objections.object_to_conversion(made, actor=journey.cast.reporter, now=end, opinion=TEXT)


def test_c6_a_consultation_by_telephone_cannot_be_objected_to(
    journey: Journey, signed_in: SignIn, agent: User, reporter: User
) -> None:
    from tickets.services.consultations import Question, record_consultation

    made = record_consultation(
        actor=agent, now=journey.now, answer=TEXT, close=True,
        question=Question(
            caller=reporter, caller_name="张丽", caller_phone="8012", unit=reporter.organisation,
            channel="hotline", managed_object=journey.cast.system, question="菜单在哪里可以找到",
            started_at=journey.now,
        ),
    )  # fmt: skip
    url = f"/consultations/{made.number}/do/object/"
    assert signed_in(reporter).post(url, {"opinion": TEXT}).status_code == 403


def test_c6_the_second_objection_waits_for_a_supervisor(
    journey: Journey, objected_twice: Consultation, supervisor: User
) -> None:
    defect = objected_twice.source_defect
    assert defect is not None
    assert defect.state == "converted"
    assert objected_twice.state == "closed"
    assert objected_twice.objection.outcome == "pending"
    assert objected_twice.holder_role == "supervisor"
    told = Message.objects.filter(recipient=supervisor, channel="in_app")
    assert [message.url for message in told] == [f"/consultations/{objected_twice.number}/"]


def test_c6_the_ruling_that_it_is_a_defect_reopens_it_for_good(
    journey: Journey, objected_twice: Consultation, supervisor: User, signed_in: SignIn
) -> None:
    """After that it cannot be converted again (D7)."""
    url = f"/consultations/{objected_twice.number}/do/rule/"
    form = {"decision": "reopened", "opinion": "导出程序未写文件尾,属于缺陷"}
    assert signed_in(supervisor).post(url, form).status_code == 302
    defect = Defect.objects.get(converted_to=objected_twice)
    objected_twice.refresh_from_db()
    assert (defect.state, objected_twice.state) == ("triaging", "voided")
    assert objected_twice.objection.ruled_by == supervisor
    with pytest.raises(WrongState) as refused:
        triage.convert_to_consultation(
            defect, actor=journey.cast.support, now=journey.later(),
            explainer=journey.cast.support, explanation=TEXT,
        )  # fmt: skip
    assert refused.value.code == "ruled"


def test_c6_the_ruling_that_the_conversion_stands_is_final(
    journey: Journey, objected_twice: Consultation, supervisor: User, signed_in: SignIn
) -> None:
    client = signed_in(supervisor)
    url = f"/consultations/{objected_twice.number}/do/rule/"
    form = {"decision": "upheld", "opinion": "已现场演示,属于操作问题"}
    assert client.post(url, form).status_code == 302
    assert client.post(url, form).status_code == 409
    objected_twice.refresh_from_db()
    assert (objected_twice.state, objected_twice.holder_role) == ("closed", "")
    objects = f"/consultations/{objected_twice.number}/do/object/"
    reporter = signed_in(journey.cast.reporter)
    assert reporter.post(objects, {"opinion": TEXT}).status_code == 409
    told = Message.objects.filter(recipient=journey.cast.reporter, channel="in_app")
    assert any("conversion stands" in m.subject or "维持" in m.subject for m in told)


def test_c6_who_converted_or_explained_does_not_rule(
    journey: Journey, objected_twice: Consultation
) -> None:
    """Four-eyes per person: the same human with a supervisor's role is still a party."""
    RoleGrant.objects.create(user=journey.cast.support, role="supervisor")
    person = User.objects.get(pk=journey.cast.support.pk)
    with pytest.raises(NotAllowed) as refused:
        objections.rule_on_objection(
            objected_twice, actor=person, now=journey.later(), decision="upheld", opinion=TEXT
        )
    assert refused.value.code == "four_eyes_party"


def test_c6_a_second_account_of_a_party_does_not_rule(
    journey: Journey, objected_twice: Consultation, make_person: Any, company: Any
) -> None:
    """The same staff number is the same human."""
    twin = make_person(
        "lina2", "李娜", company, "supervisor", staff_no=f"{journey.cast.support.staff_no}"
    )
    with pytest.raises(NotAllowed):
        objections.rule_on_objection(
            objected_twice, actor=twin, now=journey.later(), decision="upheld", opinion=TEXT
        )


def test_while_an_objection_waits_the_consultation_is_not_reopened(
    journey: Journey, objected_twice: Consultation, signed_in: SignIn
) -> None:
    url = f"/consultations/{objected_twice.number}/do/reopen/"
    assert signed_in(journey.cast.agent).post(url, {"opinion": TEXT}).status_code == 409


def test_the_files_of_the_defect_are_seen_on_the_consultation(
    journey: Journey, convert: Any, signed_in: SignIn
) -> None:
    """Shared by reference, not copied (D7, R40)."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tickets.models import Attachment
    from tickets.services.attachments import attach

    defect = attach(
        journey.triaging(), actor=journey.cast.reporter, now=journey.later(),
        files=[SimpleUploadedFile("报错日志.txt", "查询超时".encode())],
    )  # fmt: skip
    made = convert(defect)
    page = signed_in(journey.cast.reporter).get(f"/consultations/{made.number}/")
    assert "报错日志.txt" in page.content.decode()
    assert Attachment.objects.count() == 1


def test_an_english_reader_reads_it_in_english(
    journey: Journey, objected_twice: Consultation, supervisor: User, signed_in: SignIn
) -> None:
    User.objects.filter(pk=supervisor.pk).update(language="en")
    with time_machine.travel(datetime.now(tz=journey.now.tzinfo)):
        page = signed_in(User.objects.get(pk=supervisor.pk)).get(
            f"/consultations/{objected_twice.number}/"
        )
    text = page.content.decode()
    assert "Second objection" in text
    assert "Rule on the objection" in text
