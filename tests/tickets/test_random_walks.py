"""Random walks through the workflow: whatever is tried, by whom, in whatever order (D1–D33).

Each step tries one act by one person, likely or not. What is refused changes nothing; what is done
keeps every promise below. ``WALKS=400`` tries more of them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from audit.models import Event
from audit.verify import verify_chain
from engine import registry
from tests.tickets.table import PEOPLE, SITUATIONS
from tests.tickets.world import World, arguments, pairs
from tickets import current
from tickets.actions import DEFECT_ACTIONS
from tickets.models import Defect, Reply
from tickets.models.defect_states import TERMINAL, DefectState
from workflow.decisions import same_person
from workflow.errors import InvalidInput, Refusal

pytestmark = pytest.mark.django_db
S = DefectState
ENGINES = ["defects", "reviews"]
# Where the work of a state is done, so that a walk gets somewhere; the others try as well.
USUAL = ["reporter", "support", "tech", "biz", "supervisor", "implementer", "agent", "superior"]
STARTS = ["submitted", "tech_processing", "pending_signoff", "implementing", "resolved+reported",
          "awaiting_superior+sent", "replied+done", "triaging+refuted"]  # fmt: skip
ACTS = [action.code for action in DEFECT_ACTIONS]
STEP = st.tuples(st.integers(0, 3), st.integers(0, 10_000), st.integers(0, 200))


@dataclass
class Walk:
    """One defect on its way, and what must stay true of it."""

    world: World
    defect: Defect
    done: list[str] = field(default_factory=list)
    numbers: set[str] = field(default_factory=set)

    def go(self, kind: int, choice: int, hours: int) -> None:
        """One step: an act somebody may do now (mostly), any act by anybody, or time going by."""
        self.world.situations.journey.now += timedelta(hours=hours / 10)
        if kind == 0:
            person = PEOPLE[choice % len(PEOPLE)]
            self._try(person, ACTS[choice // len(PEOPLE) % len(ACTS)])
        elif kind == 1 and choice % 5 == 0:
            self.world.situations.journey.now += timedelta(days=1 + choice % 9)
            for name in ENGINES:
                registry.run(name, self.world.situations.journey.now)
        elif offered := self._offered():
            self._try(*offered[choice % len(offered)])
        self.check()

    def _offered(self) -> list[tuple[str, str]]:
        record = self._fresh()
        return [
            (person, action.code)
            for person in USUAL
            for action in DEFECT_ACTIONS
            if action.policy(self.world.people[person], record)
        ]

    def _fresh(self) -> Defect:
        return Defect.objects.get(pk=self.defect.pk)

    def _try(self, person: str, code: str) -> None:
        record = self._fresh()
        before = Defect.objects.filter(pk=record.pk).values().get()
        action = DEFECT_ACTIONS.get(code)
        assert action is not None
        try:
            action.run(
                record, actor=self.world.people[person], now=self.world.situations.journey.later(),
                version=record.row_version, **arguments(code, self.world, record),
            )  # fmt: skip
        except (Refusal, InvalidInput):
            assert Defect.objects.filter(pk=record.pk).values().get() == before
        else:
            self.done.append(f"{person} {code}")

    def check(self) -> None:
        """The invariants; named one by one so that a failure says which promise was broken."""
        record = self._fresh()
        open_ = record.state not in TERMINAL
        assert not open_ or record.holder_role, "an open defect is in somebody's hands"
        self.numbers |= {record.number} if record.number else set()
        assert len(self.numbers) <= 1, "a number never changes"
        if record.state == S.CLOSED:
            self._closed(record)
        if record.state in (S.APPROVED, S.IMPLEMENTING):
            self._signed(record)
        self._four_eyes(record)
        self._replayed(record)

    def _closed(self, record: Defect) -> None:
        replies = Reply.objects.filter(defect=record, cycle=record.cycle, superseded_at=None)
        assert replies.count() == 1, "nothing is closed without its reply"
        report = current.report_upward(record)
        assert report is None or report.is_acknowledged, "the report upward is acknowledged"
        assert current.change_is_recorded(record), "the change is recorded, or signed as none"

    def _signed(self, record: Defect) -> None:
        sign_off = current.valid_sign_off(record)
        assert sign_off is not None, "nothing is implemented without a valid signature"
        assert sign_off.solution_hash == sign_off.solution.compute_hash(), "as it was signed"

    def _four_eyes(self, record: Defect) -> None:
        for signer in current.signers(record):
            parts = [record.reporter, record.filed_by, *current.authors(record)]
            parts += current.implementers(record)
            assert not any(same_person(signer, part) for part in parts), "four eyes"
        for verification in record.verifications.filter(cycle=record.cycle):
            hands = current.implementers(record)
            assert not any(same_person(verification.verifier, each) for each in hands)

    def _replayed(self, record: Defect) -> None:
        """The trail, read from the first event to the last, ends where the record stands."""
        events = list(
            Event.objects.filter(
                target_type="tickets.defect", target_id=str(record.pk), outcome="done"
            )
            .order_by("seq")
            .values_list("from_state", "to_state")
        )
        state = events[0][1]
        for before, after in events[1:]:
            assert before in ("", state), "the trail has no gap"
            assert after in ("", state) or (state, after) in pairs(), "only listed transitions"
            state = after or state
        assert state == record.state, "the trail ends where the record stands"


@settings(
    max_examples=int(os.environ.get("WALKS", "25")),
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(start=st.sampled_from(STARTS), steps=st.lists(STEP, min_size=4, max_size=24))
def test_a_random_walk_keeps_every_promise(
    world: World, start: str, steps: list[tuple[int, int, int]]
) -> None:
    """From somewhere on the usual path, with anybody trying anything."""
    assert start in SITUATIONS
    with transaction.atomic():
        journey = world.situations.journey
        began = journey.now
        walk = Walk(world, world.situations.build(start))
        walk.check()
        for step in steps:
            walk.go(*step)
        verdict: Any = verify_chain()
        assert verdict.intact
        journey.now = began
        transaction.set_rollback(True)
