"""Unacknowledged S1 alerts ring the on-call ladder again (domain section 2.4)."""

from __future__ import annotations

from collections.abc import Callable

from engine import registry
from oncall.models import Page
from oncall.services.pages import acknowledge
from sla.models import Alert
from sla.services import fire_due
from tests.incidents.conftest import Story, after

Begin = Callable[..., Story]


def pages(reason: str) -> list[Page]:
    """Pages of the incident for a reason."""
    return list(Page.objects.filter(key__endswith=f":{reason}"))


def test_after_fifteen_minutes_the_ladder_rings_and_goes_on_by_itself(story: Begin) -> None:
    story().acknowledge().declare()
    fire_due(after(6))
    assert pages("alert") == []
    registry.run("alerts", after(6.25))
    registry.run("alerts", after(6.5))

    assert len(pages("alert")) == 1
    assert Alert.objects.get().repeats == 2
    texts = pages("alert")[0].texts
    assert "half of the time is gone" in texts["en"]
    assert set(texts) == {"zh-hans", "en"}


def test_whoever_answers_has_seen_it_and_it_is_not_repeated(story: Begin) -> None:
    told = story().acknowledge().declare()
    fire_due(after(6))
    registry.run("alerts", after(6.25))
    (page,) = pages("alert")
    acknowledge(page=page, person=told.people["tech"], via="browser", now=after(6.3))

    alert = Alert.objects.get()
    assert alert.acknowledged_by == told.people["tech"]
    assert alert.next_repeat_at is None
    assert registry.run("alerts", after(8)) == 0


def test_the_next_milestone_alerts_anew(story: Begin) -> None:
    told = story().acknowledge().declare()
    fire_due(after(6))
    registry.run("alerts", after(6.25))
    acknowledge(page=pages("alert")[0], person=told.people["tech"], via="browser", now=after(6.3))
    fire_due(after(9))
    registry.run("alerts", after(9.25))

    assert len(pages("alert")) == 2


def test_resolved_needs_no_repetition(story: Begin) -> None:
    told = story().acknowledge().declare().protect()
    fire_due(after(6))
    told.resolve(after(6.1))
    registry.run("alerts", after(7))

    assert pages("alert") == []
