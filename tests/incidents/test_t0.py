"""T0 is moved earlier by one person with a reason, later only by two (domain section 2.4)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from engine import registry
from incidents import services
from incidents.models import T0Change
from tests.incidents.conftest import Story, after
from workflow.errors import InvalidInput, NotAllowed, WrongState

Begin = Callable[..., Story]
WHY = "来电记录显示更早的报告"


def ask(told: Story, hours: float, at: float, who: str = "tech") -> Story:
    return told._do(services.ask_t0_later, who, after(at), t0=after(hours), reason=WHY)


def agree(told: Story, at: float, who: str = "supervisor") -> Story:
    return told._do(services.confirm_t0_later, who, after(at), opinion="核对录音后同意")


def test_earlier_takes_effect_at_once_and_may_breach(story: Begin) -> None:
    told = story().declare(after(3))
    told._do(services.move_t0_earlier, "tech", after(3), t0=after(-10), reason=WHY)

    assert told.incident.first_contact_at == after(-10)
    registry.run("clocks", after(3))
    commitment = told.incident.commitment
    assert commitment is not None
    fix = commitment.clocks.get(kind="fix")
    assert (fix.due_at, fix.breached_at is not None) == (after(2), True)


def test_earlier_is_refused_when_it_is_later_or_before_the_occurrence(story: Begin) -> None:
    told = story(occurred_at=after(-1)).declare(after(1))

    for hours in (0, 0.5):
        with pytest.raises(InvalidInput):
            told._do(services.move_t0_earlier, "tech", after(1), t0=after(hours), reason=WHY)
    with pytest.raises(InvalidInput) as refusal:
        told._do(services.move_t0_earlier, "tech", after(1), t0=after(-2), reason=WHY)
    assert "occurred_at" in refusal.value.fields
    told._do(
        services.move_t0_earlier, "tech", after(1), t0=after(-2), occurred_at=after(-3), reason=WHY
    )
    assert told.incident.occurred_at == after(-3)


def test_later_changes_nothing_before_a_second_person_agrees(story: Begin) -> None:
    told = ask(story().declare(after(2)), 1, 2)
    assert told.incident.first_contact_at == after(0)

    agree(told, 3)

    assert told.incident.first_contact_at == after(1)
    commitment = told.incident.commitment
    assert commitment is not None
    assert commitment.clocks.get(kind="fix").due_at == after(13)
    change = T0Change.objects.get()
    assert (change.before, change.after, change.state) == (after(0), after(1), "in_force")


def test_nobody_moves_it_later_alone(
    story: Begin, people: dict[str, User], make_person: Callable[..., User]
) -> None:
    both = make_person("duxue", "杜雪", people["tech"].organisation, "tech", "supervisor")
    twin = make_person(
        "duxue2", "杜雪", people["tech"].organisation, "supervisor", staff_no=both.staff_no
    )
    people |= {"both": both, "twin": twin}
    told = ask(story().declare(after(2)), 1, 2, who="both")

    for who in ("both", "twin"):
        with pytest.raises(NotAllowed):
            agree(told, 3, who=who)
    assert told.fresh().first_contact_at == after(0)


def test_the_declaring_supervisor_does_not_decide(story: Begin) -> None:
    told = ask(story().declare(after(2), who="supervisor"), 1, 2)
    with pytest.raises(NotAllowed):
        agree(told, 3)


def test_later_than_something_done_or_in_the_future_is_refused(story: Begin) -> None:
    told = story().declare(after(2))
    for hours in (2.5, 4, -1, 0):
        with pytest.raises(InvalidInput):
            ask(told, hours, 3)
    assert not T0Change.objects.exists()


def test_a_refused_request_changes_nothing_and_a_second_one_waits_its_turn(story: Begin) -> None:
    told = ask(story().declare(after(2)), 1, 2)
    with pytest.raises(WrongState):
        ask(told, 1.5, 2)
    told._do(services.refuse_t0_later, "supervisor", after(3), opinion="录音证明报告属实")

    assert told.incident.first_contact_at == after(0)
    assert T0Change.objects.get().state == "refused"
    with pytest.raises(WrongState):
        agree(told, 3)


def test_a_breach_on_record_survives_a_later_t0(story: Begin) -> None:
    told = story().declare(after(2))
    registry.run("clocks", after(12, 2))
    agree(ask(told, 1, 12.2), 12.3)

    commitment = told.incident.commitment
    assert commitment is not None
    assert commitment.clocks.get(kind="fix").breached_at == after(12, 1)


def test_both_values_stand_in_the_report_and_on_its_form(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    told = agree(ask(story().declare(after(2)), 1, 2), 3)
    told.protect(after(3)).resolve(after(4)).confirm(after(5)).report(after(6))

    page = signed_in(people["tech"]).get(f"/incidents/{told.incident.number}/report/1/print/")
    text = page.content.decode()
    assert "2026-11-23 00:00:00" in text
    assert "2026-11-23 01:00:00" in text
    assert WHY in text
