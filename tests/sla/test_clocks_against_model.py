"""The clocks against a simple model, over random stories."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sla import schedule
from sla.models import Agreement, Clock
from tests.sla.conftest import T0, Promise

ACTS = ["tick", "plan", "resolve", "reject", "report"]
# Whole half hours meet deadlines exactly; odd seconds pass them by one.
STORIES = st.lists(
    st.tuples(
        st.sampled_from(ACTS),
        st.integers(min_value=0, max_value=16),
        st.sampled_from([0, 1, 59]),
    ),
    max_size=9,
)


@dataclass
class Line:
    """What the model knows of one clock."""

    kind: str
    origin: datetime
    state: str = "running"
    told: set[str] = field(default_factory=set)
    by_resolution: bool = False


class Model:
    """The rules of domain section 2.4, one line each."""

    def __init__(self, agreement: Agreement) -> None:
        self.agreement = agreement
        self.fix, self.plan_line = Line("fix", T0), Line("plan", T0)
        self.reports: list[Line] = []
        self.resolved = False

    def lines(self) -> list[Line]:
        return [self.fix, self.plan_line, *self.reports]

    def tick(self, at: datetime) -> None:
        for line in self.lines():
            if line.state == "running":
                moments = schedule.milestones(line.kind, line.origin, self.agreement)
                line.told |= {moment.code for moment in moments if moment.at <= at}

    def end(self, line: Line) -> None:
        line.state = "missed" if "breach" in line.told else "met"

    def act(self, name: str, at: datetime) -> bool:
        """Do it if it is possible now; False when it is not."""
        if name in ("plan", "resolve") and self.resolved:
            return False
        if name in ("reject", "report") and not self.resolved:
            return False
        self.tick(at)
        if name != "tick":
            getattr(self, name)(at)
        return True

    def plan(self, at: datetime) -> None:
        if self.plan_line.state == "running":
            self.end(self.plan_line)

    def resolve(self, at: datetime) -> None:
        self.end(self.fix)
        line = self.plan_line
        if line.state == "running":
            line.by_resolution = True
            line.state = "missed" if "breach" in line.told else "lapsed"
        self.reports.append(Line("report", at))
        self.resolved = True

    def reject(self, at: datetime) -> None:
        self.fix.state = "running"
        if self.plan_line.by_resolution:
            self.plan_line.state, self.plan_line.by_resolution = "running", False
        if "breach" not in self.reports[-1].told:
            self.reports[-1].state = "voided"
        self.resolved = False

    def report(self, at: datetime) -> None:
        if self.reports[-1].state == "running":
            self.end(self.reports[-1])


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(story=STORIES)
@pytest.mark.django_db
def test_any_story_ends_as_the_model_says(
    promise: Callable[..., Promise], story: list[tuple[str, int, int]]
) -> None:
    clocks = promise()
    model = Model(clocks.commitment.agreement)
    at = T0
    for name, half_hours, seconds in story:
        at += timedelta(minutes=30 * half_hours, seconds=seconds)
        if model.act(name, at):
            getattr(clocks, name)(at)
    at += timedelta(hours=1)
    model.tick(at)
    clocks.tick(at)

    rows = Clock.objects.filter(commitment=clocks.commitment)
    for kind in ("fix", "plan", "report"):
        found = list(rows.filter(kind=kind).order_by("run"))
        expected = [line for line in model.lines() if line.kind == kind]
        assert len(found) == len(expected)
        for clock, line in zip(found, expected, strict=True):
            assert {row.code for row in clock.milestones.all()} == line.told, kind
            assert (clock.breached_at is not None) == ("breach" in line.told), kind
            assert clock.state == line.state, kind
