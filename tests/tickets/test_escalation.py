"""D32: an incident beside the defect, whose time limits count from that act (section 2.4)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from audit.models import Event
from incidents import panels
from incidents.models import Incident
from incidents.services import declare_s1
from operations.models import ManagedObject
from tests.tickets.journey import Journey
from tickets.emergencies import live_emergency
from tickets.models import Defect
from tickets.services import escalating
from workflow.errors import InvalidInput, NotAllowed, WrongState

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
IMPACT = "全省商户刷卡交易均失败，柜面无法办理"


def escalate(journey: Journey, defect: Defect, **more: object) -> Defect:
    """By service support, as a system that is down."""
    values = {"severity": "S1", "impact": IMPACT, "actor": journey.cast.support, **more}
    return escalating.escalate(defect, now=journey.later(), **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", ["submitted", "returned", "tech_processing", "implementing"])
def test_d32_leaves_the_defect_where_it_is_and_counts_from_now(
    state: str, journey: Journey, signed_in: SignIn
) -> None:
    defect = journey.at(state)
    client = signed_in(journey.cast.support)
    answer = client.post(
        f"/defects/{defect.key}/do/escalate/",
        {"version": defect.row_version, "severity": "S1", "impact": IMPACT, "incident": ""},
    )
    assert answer.status_code == 302, answer.content.decode()[:2000]
    incident = Incident.objects.get()
    again = Defect.objects.get(pk=defect.pk)
    assert (again.state, again.incident_number) == (state, incident.number)
    assert incident.source_defect == again
    event = Event.objects.get(action="defect.escalate", outcome="done")
    # T0 is the act, not the older defect's submission.
    assert again.submitted_at is not None
    assert abs((incident.first_contact_at - event.happened_at).total_seconds()) <= 1
    assert incident.first_contact_at > again.submitted_at
    assert (incident.claimed_down, incident.reporter) == (True, journey.cast.reporter)
    page = client.get(f"/defects/{defect.key}/").content.decode()
    assert f"/incidents/{incident.number}/" in page


def test_d32_joins_an_open_incident_of_the_same_system(journey: Journey) -> None:
    escalate(journey, journey.triaging())
    incident = Incident.objects.get()
    second = escalate(journey, journey.triaging(), incident=incident.number)
    assert second.incident_number == incident.number
    assert Incident.objects.count() == 1
    assert list(Defect.objects.of_incident(incident.number)) == list(Defect.objects.all())
    assert Event.objects.filter(action="incident.link_defect").count() == 2
    told = panels.links(incident, journey.cast.support)
    assert [link.number for link in told] == list(
        Defect.objects.order_by("pk").values_list("number", flat=True)
    )


def test_d32_not_into_an_incident_of_another_system(journey: Journey) -> None:
    escalate(journey, journey.triaging())
    other = ManagedObject.objects.create(code="POS-FE", name="前置", kind="application")
    defect = journey.triaging(journey.submitted(managed_object=other))
    with pytest.raises(InvalidInput):
        escalate(journey, defect, incident=Incident.objects.get().number)


def test_d32_asks_for_the_criteria(journey: Journey) -> None:
    defect = journey.triaging()
    for more in ({"severity": "S3"}, {"severity": ""}, {"impact": "无"}, {"impact": ""}):
        with pytest.raises(InvalidInput):
            escalate(journey, defect, **more)
    assert not Incident.objects.exists()
    assert Defect.objects.get(pk=defect.pk).incident_number == ""


def test_d32_once_at_a_time_and_never_from_an_end(journey: Journey) -> None:
    defect = escalate(journey, journey.triaging())
    with pytest.raises(WrongState):
        escalate(journey, defect)
    with pytest.raises(WrongState):
        escalate(journey, journey.closed())
    for person in (journey.cast.reporter, journey.cast.tech, journey.cast.superior):
        with pytest.raises((NotAllowed, WrongState)):
            escalate(journey, journey.replied(), actor=person)


def test_d26_a_defect_knows_whether_its_outage_goes_on(journey: Journey) -> None:
    defect = journey.triaging()
    assert not live_emergency(defect)
    defect = escalate(journey, defect)
    assert not live_emergency(defect)  # reported, not declared
    declare_s1(
        Incident.objects.get(), actor=journey.cast.support, now=journey.later(),
        business_impact=IMPACT, system_down=True, managed_object=journey.cast.system,
    )  # fmt: skip
    assert live_emergency(defect)
    Incident.objects.update(state="resolved")
    assert not live_emergency(defect)
