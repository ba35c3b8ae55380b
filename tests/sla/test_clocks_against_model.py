"""The clocks against a simple model, over random stories."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sla import schedule, services
from sla.models import Agreement, Clock
from sla.proof import differences
from tests.sla.conftest import T0, Promise
from tests.threads import at_once

ACTS = ["tick", "plan", "resolve", "reject", "report", "move", "move", "standstill", "void"]
STANDSTILL = timedelta(hours=5)
# Who moves T0 says so in half hours, from well before the old one to well after it.
SHIFTS = st.integers(min_value=-8, max_value=8)
# Whole half hours meet deadlines exactly; odd seconds pass them by one.
STORIES = st.lists(
    st.tuples(
        st.sampled_from(ACTS),
        st.integers(min_value=0, max_value=16),
        st.sampled_from([0, 1, 59]),
        SHIFTS,
    ),
    max_size=9,
)


@dataclass
class Line:
    """What the model knows of one clock."""

    kind: str
    origin: datetime
    state: str = "running"
    # When each code was told last, and every telling: code, its instant, whether it was late.
    told: dict[str, datetime] = field(default_factory=dict)
    tellings: set[tuple[str, datetime, bool]] = field(default_factory=set)
    by_resolution: bool = False
    stopped_at: datetime | None = None
    opened_at: datetime | None = None

    def tell(self, moment: schedule.Moment, at: datetime) -> None:
        self.told[moment.code] = at
        late = moment.at < T0 or at - moment.at > timedelta(seconds=60)
        self.tellings.add((moment.code, moment.at, late))
        if moment.code == "duty_opened":
            self.opened_at = moment.at

    def waits(self, moment: schedule.Moment) -> bool:
        """Not told; or put off by a later T0, unless it is a breach, which is told once."""
        last = self.told.get(moment.code)
        return last is None or (moment.code != "breach" and last < moment.at)


class Model:
    """The rules of domain section 2.4, one line each."""

    def __init__(self, agreement: Agreement) -> None:
        self.agreement = agreement
        self.fix, self.plan_line = Line("fix", T0), Line("plan", T0)
        self.reports: list[Line] = []
        self.resolved = self.void_now = False

    def lines(self) -> list[Line]:
        return [self.fix, self.plan_line, *self.reports]

    def moments(self, line: Line) -> list[schedule.Moment]:
        return schedule.milestones(line.kind, line.origin, self.agreement)

    def tick(self, at: datetime, lines: Iterable[Line] = ()) -> None:
        for line in lines or self.lines():
            if line.state == "running":
                for moment in self.moments(line):
                    if moment.at <= at and line.waits(moment):
                        line.tell(moment, at)

    def end(self, line: Line, at: datetime) -> None:
        line.state = "missed" if "breach" in line.told else "met"
        line.stopped_at = at

    def act(self, name: str, at: datetime, shift: int) -> bool:
        """Do it if it is possible now; False when it is not."""
        if self.void_now or (name in ("plan", "resolve") and self.resolved):
            return False
        if name in ("reject", "report") and not self.resolved:
            return False
        if name == "move":
            return self.move(at, timedelta(minutes=30 * shift))
        self.tick(at)
        if name != "tick":
            getattr(self, name)(at)
        return True

    def move(self, at: datetime, shift: timedelta) -> bool:
        if not shift or self.fix.origin + shift > at:
            return False
        counted = (self.fix, self.plan_line)
        self.tick(at, counted)
        for line in counted:
            line.origin += shift
            *_, breach = self.moments(line)
            if line.state in ("met", "lapsed") and (line.stopped_at or at) >= breach.at:
                line.tell(breach, at)
                line.state = "missed"
        opening = self.moments(self.plan_line)[0].at
        if opening > at:
            self.plan_line.opened_at = None
        elif self.plan_line.opened_at is None:
            told = [when for code, when, _late in self.plan_line.tellings if code == "duty_opened"]
            self.plan_line.opened_at = max(told, default=None)
        self.tick(at, counted)
        return True

    def void(self, at: datetime) -> None:
        for line in self.lines():
            if line.state == "running":
                line.state = "missed" if "breach" in line.told else "voided"
        self.void_now = True

    def plan(self, at: datetime) -> None:
        if self.plan_line.state == "running":
            self.end(self.plan_line, at)

    def resolve(self, at: datetime) -> None:
        self.end(self.fix, at)
        line = self.plan_line
        if line.state == "running":
            line.by_resolution, line.stopped_at = True, at
            line.state = "missed" if "breach" in line.told else "lapsed"
        self.reports.append(Line("report", at))
        self.resolved = True

    def reject(self, at: datetime) -> None:
        self.fix.state = "running"
        if self.plan_line.by_resolution:
            self.plan_line.state, self.plan_line.by_resolution = "running", False
        self.tick(at)
        if "breach" not in self.reports[-1].told:
            self.reports[-1].state = "voided"
        self.resolved = False

    def report(self, at: datetime) -> None:
        if self.reports[-1].state == "running":
            self.end(self.reports[-1], at)


Story = list[tuple[str, int, int, int]]


def live(clocks: Promise, story: Story) -> tuple[Model, datetime]:
    """Live the story with the engine and with the model; returns the model and the end."""
    model = Model(clocks.commitment.agreement)
    at = T0
    for name, half_hours, seconds, shift in story:
        at += timedelta(minutes=30 * half_hours, seconds=seconds)
        if name == "standstill":
            # The engine sleeps; whatever is done next finds everything untold.
            at += STANDSTILL
        elif name == "move":
            t0 = model.fix.origin + timedelta(minutes=30 * shift)
            if model.act(name, at, shift):
                clocks.move(t0, at)
        elif model.act(name, at, shift):
            if name == "tick":
                services.fire_commitment(clocks.commitment, now=at)
            else:
                getattr(clocks, name)(at)
    return model, at + timedelta(hours=1)


def agree(clocks: Promise, model: Model) -> None:
    """Every clock stands as the model says, to the milestone and its instant."""
    rows = Clock.objects.filter(commitment=clocks.commitment)
    for kind in ("fix", "plan", "report"):
        found = list(rows.filter(kind=kind).order_by("run"))
        expected = [line for line in model.lines() if line.kind == kind]
        assert len(found) == len(expected)
        for clock, line in zip(found, expected, strict=True):
            told = [(row.code, row.due_at, row.late) for row in clock.milestones.all()]
            assert sorted(told) == sorted(line.tellings), kind
            assert (clock.breached_at is not None) == ("breach" in line.told), kind
            assert clock.state == line.state, kind
            assert clock.opened_at == line.opened_at, kind


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(story=STORIES)
@pytest.mark.django_db
def test_any_story_ends_as_the_model_says(promise: Callable[..., Promise], story: Story) -> None:
    """R20–R24: also with a T0 that moves, hours without an engine, and clocks that end as void."""
    clocks = promise()
    model, at = live(clocks, story)
    model.tick(at)
    clocks.tick(at)

    agree(clocks, model)
    assert differences([clocks.commitment], at) == []


TWO_ENGINES: list[Story] = [
    [("tick", 13, 0, 0), ("standstill", 10, 0, 0)],
    [("tick", 25, 0, 0), ("move", 0, 1, 6), ("move", 0, 59, -6), ("standstill", 0, 0, 0)],
    [("resolve", 20, 0, 0), ("reject", 2, 0, 0), ("resolve", 1, 1, 0), ("standstill", 16, 0, 0)],
    [("tick", 12, 0, 0), ("move", 1, 0, -4), ("void", 16, 0, 0), ("standstill", 4, 0, 0)],
]


@pytest.mark.django_db(transaction=True)
def test_two_engines_at_the_same_instant_end_as_the_model_says(
    promise: Callable[..., Promise],
) -> None:
    """Both wake after the same standstill at the same instant; nothing is told twice (I17)."""
    lived = [(promise(), story) for story in TWO_ENGINES]
    models = [(clocks, *live(clocks, story)) for clocks, story in lived]
    at = max(end for _clocks, _model, end in models)

    told = at_once(2, lambda _number: services.fire_due(at))
    # On PostgreSQL an engine passes over what the other holds; the next tick finds nothing left.
    while left := services.fire_due(at):
        told.append(left)

    assert sum(told) > 0
    for clocks, model, _end in models:
        model.tick(at)
        agree(clocks, model)
        assert differences([clocks.commitment], at) == []
