"""Contacts never change: corrections are appended, and a supervisor confirms them (R13, C7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import RoleGrant, User
from audit.models import Event
from hotline.models import Contact, ContactCorrection
from hotline.services import corrections
from workflow.errors import NotAllowed, WrongState

SignIn = Callable[[User], Client]
TEXT = "来电人姓名应为张莉,分行应为大连分行"


@pytest.fixture
def contact(at_console: Any, call: Any) -> Contact:
    """A call that was solved."""
    at_console(call())
    return Contact.objects.get()


def test_r13_a_correction_is_appended_and_confirmed_by_a_supervisor(
    contact: Contact, agent: User, supervisor: User, signed_in: SignIn
) -> None:
    before = Contact.objects.values().get()
    url = f"/contacts/{contact.number}/"
    assert signed_in(agent).post(f"{url}correct/", {"text": TEXT}).status_code == 302
    note = ContactCorrection.objects.get()
    assert (note.state, note.written_by) == ("pending", agent)
    decide = f"{url}corrections/{note.pk}/decide/"
    assert signed_in(supervisor).post(decide, {"decision": "confirmed"}).status_code == 302
    note.refresh_from_db()
    assert (note.state, note.decided_by) == ("confirmed", supervisor)
    assert TEXT in signed_in(agent).get(url).content.decode()
    assert Contact.objects.values().get() == before
    actions = [event.action for event in Event.objects.about(contact).order_by("seq")]
    assert actions[-2:] == ["hotline.contact_corrected", "hotline.correction_decided"]


def test_r13_a_correction_says_something(contact: Contact, agent: User, signed_in: SignIn) -> None:
    page = signed_in(agent).post(f"/contacts/{contact.number}/correct/", {"text": "同上"})
    assert page.status_code == 422
    assert page.context["correct"].errors
    assert not ContactCorrection.objects.exists()


def test_r13_declining_needs_the_reason(
    contact: Contact, agent: User, supervisor: User, now: datetime, signed_in: SignIn
) -> None:
    note = corrections.append_correction(contact, actor=agent, now=now, text=TEXT)
    url = f"/contacts/{contact.number}/corrections/{note.pk}/decide/"
    client = signed_in(supervisor)
    page = client.post(url, {"decision": "declined", "opinion": "无"})
    assert page.status_code == 422
    assert client.post(url, {"decision": "declined", "opinion": "录音核对无误"}).status_code == 302
    assert client.post(url, {"decision": "confirmed"}).status_code == 409
    note.refresh_from_db()
    assert note.state == "declined"


@pytest.mark.parametrize("role", ["tech", "supervisor", "manager", "reporter", "monitor"])
def test_r13_who_takes_no_calls_appends_nothing(
    role: str, contact: Contact, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    client = signed_in(request.getfixturevalue(role))
    answer = client.post(f"/contacts/{contact.number}/correct/", {"text": TEXT})
    assert answer.status_code in (403, 404)
    assert not ContactCorrection.objects.exists()


def test_r13_nobody_confirms_the_own_note(
    contact: Contact, agent: User, support: User, now: datetime, make_person: Any, company: Any
) -> None:
    """Four-eyes per person, and a supervisor only."""
    note = corrections.append_correction(contact, actor=agent, now=now, text=TEXT)
    RoleGrant.objects.create(user=agent, role="supervisor")
    twin = make_person("zhoujing2", "周静", company, "supervisor", staff_no=agent.staff_no)
    for person in (User.objects.get(pk=agent.pk), twin, support):
        with pytest.raises(NotAllowed):
            corrections.decide_correction(note, actor=person, now=now, confirmed=True)


def test_r13_a_decision_stands(
    contact: Contact, agent: User, supervisor: User, now: datetime
) -> None:
    note = corrections.append_correction(contact, actor=agent, now=now, text=TEXT)
    corrections.decide_correction(note, actor=supervisor, now=now, confirmed=True)
    with pytest.raises(WrongState):
        corrections.decide_correction(
            note, actor=supervisor, now=now, confirmed=False, opinion="想改主意了吧"
        )
