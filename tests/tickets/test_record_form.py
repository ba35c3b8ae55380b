"""The consultation record on paper, and its form in versions (R30, document 5.5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from audit.models import Event
from operations.models import ManagedObject
from tickets.models import Consultation, RecordTemplate
from tickets.record_form import FIRST, lines_of
from tickets.services.consultations import Question, record_consultation
from tickets.services.record_templates import publish_form
from workflow.errors import InvalidInput, NotAllowed, StaleVersion

SignIn = Callable[[User], Client]
REASON = "行内要求将来电人改称报障人"


@pytest.fixture(autouse=True)
def _morning(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def record(
    agent: User, reporter: User, system: ManagedObject, now: datetime
) -> Callable[[], Consultation]:
    """A closed consultation."""

    def make() -> Consultation:
        question = Question(
            caller=reporter, caller_name="张丽", caller_phone="024-22851234",
            unit=reporter.organisation, channel="on_site", place="三楼柜面", remarks="已当面演示",
            managed_object=system, module="综合查询", question="商户号在哪个菜单里查询?",
            started_at=now, satisfaction=5,
        )  # fmt: skip
        return record_consultation(
            actor=agent, now=now, question=question, answer="在综合查询里输入商户号。", close=True
        )

    return make


def test_r30_the_paper_has_every_line_of_document_5_5(
    record: Any, agent: User, teammate: User, signed_in: SignIn
) -> None:
    """In the reader's language; colleagues of the caller see the number masked."""
    number = record().number
    paper = signed_in(agent).get(f"/consultations/{number}/print/").content.decode()
    assert all(f">{zh}</th>" in paper for _code, zh, _en in FIRST)
    for text in ("024-22851234", "三楼柜面", "已当面演示", "5 / 5", "2026年11月23日 09:05", "☑"):
        assert text in paper
    masked = signed_in(teammate).get(f"/consultations/{number}/print/").content.decode()
    assert "024-22851234" not in masked
    User.objects.filter(pk=agent.pk).update(language="en")
    english = signed_in(User.objects.get(pk=agent.pk)).get(f"/consultations/{number}/print/")
    assert all(f">{en}</th>" in english.content.decode() for _code, _zh, en in FIRST)


def test_r30_a_new_version_leaves_earlier_records_alone(
    record: Any, supervisor: User, agent: User, signed_in: SignIn
) -> None:
    """Over the page: a name changed, a line left out, another moved up."""
    old = record()
    client = signed_in(supervisor)
    form = client.get("/consultation-form/").context["form"]
    posted = {name: form[name].value() for name in form.fields if name != "not_a_card"}
    posted |= {"zh_caller": "报障人", "place_remarks": 0, "reason": REASON}
    assert client.post("/consultation-form/", posted).status_code == 302
    assert RecordTemplate.objects.get().version == 2
    new = record()
    assert (old.template_version, new.template_version) == (1, 2)
    desk = signed_in(agent)
    papers = [desk.get(f"/consultations/{r.number}/print/").content.decode() for r in (old, new)]
    assert ["提出人姓名" in paper for paper in papers] == [True, False]
    assert ["报障人" in paper for paper in papers] == [False, True]
    assert ["已当面演示" in paper for paper in papers] == [True, False]
    assert Event.objects.get(action="consultation_form.publish").opinion == REASON


@pytest.mark.parametrize("role", ["agent", "support", "manager", "reporter", "sysadmin"])
def test_r30_only_a_supervisor_changes_the_form(
    role: str, now: datetime, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(role)
    assert signed_in(person).post("/consultation-form/", {}).status_code == 403
    with pytest.raises(NotAllowed):
        publish_form(actor=person, now=now, lines=lines_of(1)[::-1], reason=REASON, base=1)


def test_r30_what_makes_a_record_stays_on_the_form(supervisor: User, now: datetime) -> None:
    short = [line for line in lines_of(1) if line["code"] != "answer"]
    unknown = [*lines_of(1), {"code": "card_number", "zh": "卡号", "en": "Card number"}]
    nameless = [{**line, "zh": " "} for line in lines_of(1)]
    for lines in (short, unknown, nameless, lines_of(1), lines_of(1) * 2):
        with pytest.raises(InvalidInput):
            publish_form(actor=supervisor, now=now, lines=lines, reason=REASON, base=1)
    with pytest.raises(InvalidInput):
        publish_form(actor=supervisor, now=now, lines=lines_of(1)[::-1], reason="无", base=1)
    assert not RecordTemplate.objects.exists()


def test_r30_two_changes_at_once_are_not_lost(supervisor: User, now: datetime) -> None:
    """The second one began from a version that no longer holds (I14)."""
    publish_form(actor=supervisor, now=now, lines=lines_of(1)[::-1], reason=REASON, base=1)
    with pytest.raises(StaleVersion):
        publish_form(actor=supervisor, now=now, lines=lines_of(1)[:-1], reason=REASON, base=1)


def test_r30_out_of_scope_is_not_printed(record: Any, outsider: User, signed_in: SignIn) -> None:
    assert signed_in(outsider).get(f"/consultations/{record().number}/print/").status_code == 404
