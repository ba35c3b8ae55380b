"""A recorded consultation is escalated to an incident, from its page and from the console (C5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.models import Event
from hotline.models import Contact
from incidents.models import Incident
from oncall.models import Page
from operations.models import ManagedObject
from tickets.models import Consultation
from tickets.services.consultations import Question, record_consultation
from tickets.services.escalation import escalate_consultation
from workflow.errors import WrongState

IMPACT = "全部终端无法交易,涉及全辖三百家商户"


@pytest.fixture
def asked(reporter: User, agent: User, system: ManagedObject, now: datetime) -> Any:
    """A consultation of 40 minutes ago, open or closed."""

    def make(*, close: bool, ago: timedelta = timedelta(minutes=40)) -> Consultation:
        question = Question(
            caller=reporter, caller_name="张丽", caller_phone="8012", unit=reporter.organisation,
            channel="hotline", managed_object=system, question="终端都提示网络超时是怎么回事",
            started_at=now - ago,
        )  # fmt: skip
        return record_consultation(
            actor=agent, now=now - ago, question=question, answer="请先重启终端再试", close=close
        )

    return make


@pytest.mark.parametrize("close", [False, True])
def test_c5_the_incident_counts_from_the_call(
    close: bool, asked: Any, agent: User, signed_in: Callable[[User], Client]
) -> None:
    """T0 is the beginning of the call, not the moment somebody understood (section 2.4)."""
    consultation = asked(close=close)
    url = f"/consultations/{consultation.number}/do/escalate/"
    answer = signed_in(agent).post(url, {"impact": IMPACT, "claimed_down": "on"})
    assert answer.status_code == 302
    incident = Incident.objects.get()
    assert incident.first_contact_at == consultation.started_at
    assert incident.unit == consultation.unit
    assert IMPACT in incident.phenomenon
    before = consultation.state
    consultation.refresh_from_db()
    assert (consultation.state, consultation.incident_number) == (before, incident.number)
    assert Page.objects.filter(subject=incident.number).exists()
    event = Event.objects.about(consultation).get(action="consultation.escalate")
    assert event.data["incident"] == incident.number
    page = signed_in(agent).get(f"/consultations/{consultation.number}/").content.decode()
    assert f"/incidents/{incident.number}/" in page


def test_c5_an_open_one_gets_its_contact_and_is_still_answered(
    asked: Any, agent: User, now: datetime
) -> None:
    consultation = asked(close=False)
    escalate_consultation(consultation, actor=agent, now=now, impact=IMPACT)
    contact = Contact.objects.get()
    assert (contact.result, contact.consultation) == ("to_incident", consultation)
    assert contact.incident == Incident.objects.get()


def test_c5_once_only(
    asked: Any, agent: User, now: datetime, signed_in: Callable[[User], Client]
) -> None:
    consultation = asked(close=False)
    escalate_consultation(consultation, actor=agent, now=now, impact=IMPACT)
    with pytest.raises(WrongState) as refused:
        escalate_consultation(consultation, actor=agent, now=now, impact=IMPACT)
    assert refused.value.code == "escalated"
    assert Incident.objects.count() == 1
    offers = signed_in(agent).get(f"/consultations/{consultation.number}/").context["offers"]
    greyed = {offer.action.code for offer in offers if not offer.enabled}
    assert greyed == {"escalate"}


def test_c5_a_locked_one_is_not_escalated(asked: Any, agent: User, now: datetime) -> None:
    """After a day the call is history: a new report is a new incident with its own T0."""
    with pytest.raises(WrongState):
        escalate_consultation(
            asked(close=True, ago=timedelta(hours=25)), actor=agent, now=now, impact=IMPACT
        )
    assert not Incident.objects.exists()


def test_c5_nothing_is_written_when_the_incident_is_refused(
    asked: Any, agent: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One transaction: no number without an incident, no incident without its event."""
    from workflow.errors import InvalidInput

    def refuse(*_given: Any) -> str:
        raise InvalidInput({"impact": "no"})

    monkeypatch.setattr("tickets.escalation._openers", [refuse])
    consultation = asked(close=False)
    with pytest.raises(InvalidInput):
        escalate_consultation(consultation, actor=agent, now=now, impact=IMPACT)
    consultation.refresh_from_db()
    assert consultation.incident_number == ""
    assert not Event.objects.about(consultation).filter(
        action="consultation.escalate", outcome="done"
    ).exists()  # fmt: skip
