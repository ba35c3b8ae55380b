"""Section 2.1, notes: a closed defect is frozen; later facts are appended corrections."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import Organisation, User
from accounts.roles import Role
from teamwork.services.delegation import delegate
from tests.tickets.journey import Journey
from tickets import policies
from tickets.models import Defect, DefectCorrection
from tickets.services import corrections
from workflow.errors import InvalidInput, NotAllowed, WrongState

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
NOTE = "回复中连接池上限应为 60，误写为 66"


def append(journey: Journey, defect: Defect, actor: User | None = None) -> Defect:
    """By service support."""
    return corrections.add_correction(
        defect, actor=actor or journey.cast.support, now=journey.later(), text=NOTE
    )


def test_a_note_counts_once_a_supervisor_has_confirmed_it(
    journey: Journey, signed_in: SignIn
) -> None:
    defect = journey.closed()
    desk, bank = signed_in(journey.cast.support), signed_in(journey.cast.reporter)
    url = f"/defects/{defect.key}/"
    sent = {"version": defect.row_version, "text": NOTE}
    assert desk.post(f"{url}do/correct/", sent).status_code == 302
    assert NOTE in desk.get(url).content.decode()
    assert NOTE not in bank.get(url).content.decode()
    note, again = DefectCorrection.objects.get(), Defect.objects.get(pk=defect.pk)
    answer = signed_in(journey.cast.supervisor).post(
        f"{url}do/confirm_correction/",
        {"version": again.row_version, "correction": note.pk, "decision": "confirmed"},
    )
    assert answer.status_code == 302
    assert NOTE in bank.get(url).content.decode()
    assert Defect.objects.get(pk=defect.pk).state == "closed"


def test_never_confirmed_by_its_author(
    journey: Journey, make_person: Callable[..., User], company: Organisation
) -> None:
    both = make_person("both", "双职", company, Role.SUPPORT, Role.SUPERVISOR)
    defect = append(journey, journey.closed(), both)
    with pytest.raises(NotAllowed):
        corrections.decide_correction(
            defect, actor=both, now=journey.later(), decision="confirmed",
            correction=DefectCorrection.objects.get(),
        )  # fmt: skip


def test_declined_with_a_reason(journey: Journey) -> None:
    defect, boss = append(journey, journey.closed()), journey.cast.supervisor
    note = DefectCorrection.objects.get()
    for decision, opinion in (("declined", "无"), ("maybe", "说明文字足够长")):
        with pytest.raises(InvalidInput):
            corrections.decide_correction(
                defect, actor=boss, now=journey.later(), correction=note, decision=decision,
                opinion=opinion,
            )  # fmt: skip
    corrections.decide_correction(
        defect, actor=boss, now=journey.later(), correction=note, decision="declined",
        opinion="原文无误，不予更正",
    )  # fmt: skip
    note.refresh_from_db()
    assert (note.state, note.decided_by) == ("declined", boss)


def test_only_on_a_closed_defect_and_by_the_desk(journey: Journey) -> None:
    with pytest.raises(WrongState):
        append(journey, journey.replied())
    with pytest.raises(NotAllowed):
        append(journey, journey.closed(), journey.cast.reporter)


def test_whoever_acts_for_the_author_does_not_confirm_it(
    journey: Journey, make_person: Callable[..., User], company: Organisation
) -> None:
    """D14, I15: between whom a delegation is in force, they are one pair of hands."""
    defect, now = journey.closed(), journey.later()
    other = make_person("zhuguan2", "郑明", company, Role.SUPERVISOR)
    later = now + timedelta(days=2)
    corrections.add_correction(defect, actor=journey.cast.support, now=later, text="影响为 12 户")
    assert policies.can_confirm_correction(other, defect)
    delegate(
        actor=journey.cast.support, giver=journey.cast.support, receiver=other, role="",
        now=later, starts_at=later, ends_at=later + timedelta(days=1), reason="年休假三天",
    )  # fmt: skip
    with time_machine.travel(later, tick=False):
        refused = policies.can_confirm_correction(User.objects.get(pk=other.pk), defect)
        with pytest.raises(NotAllowed):
            corrections.decide_correction(
                defect, actor=User.objects.get(pk=other.pk), now=later,
                correction=defect.corrections.get(), decision="confirmed",
            )  # fmt: skip
    assert not refused
