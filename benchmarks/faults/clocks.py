"""Clocks: every milestone exactly once; no event without its change, no change without event."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from random import Random

from django.db import OperationalError

from audit import services as audit
from audit.models import Event
from audit.verify import verify_chain
from benchmarks import loads
from benchmarks.faults.scenario import Count
from incidents.models import Incident
from notifications.models import Message
from oncall.models import Page
from operations.models import ManagedObject
from sla import services, trail
from sla.firing import moments_of
from sla.models import Clock, Commitment, Milestone
from sla.proof import differences

EACH_ROUND = 6


class Clocks:
    """Incidents whose twelve hours end around the edge of a day, a month or a leap year."""

    keeps_time = False
    may_double = 0

    def __init__(self) -> None:
        self.number = 0
        self.open: list[Commitment] = []

    def set_up(self, now: datetime) -> None:
        """Six people who are told, one of them on call."""
        self.people = loads.people(now)
        self.system = ManagedObject.objects.create(code="F", name="收单数据库", kind="database")

    def begin_round(self, edge: datetime, chance: Random) -> None:
        """Declare incidents 0 to 13 hours before the edge."""
        self.open = []
        for _each in range(EACH_ROUND):
            self.number += 1
            t0 = edge - timedelta(seconds=chance.randrange(13 * 3600))
            self.open.append(self._declare(f"GZ-F-{self.number:06d}", t0))

    def _declare(self, number: str, t0: datetime) -> Commitment:
        tech = self.people["tech"]
        with audit.unit_of_work():
            commitment = services.open_commitment(
                subject=number, url=f"/incidents/{number}/", title="停机", t0=t0, now=t0
            )
            Incident.objects.create(
                number=number, title="停机", phenomenon="全部交易失败", managed_object=self.system,
                unit=tech.organisation, reporter=tech, reporter_name=tech.name,
                reporter_phone=tech.phone, first_contact_at=commitment.clocks.all()[0].origin,
                claimed_down=True, created_at=t0, state_since=t0, state="declared", severity="S1",
                declared_at=t0, declared_by=tech, holder=tech, commitment=commitment,
            )  # fmt: skip
        return commitment

    def has_more(self) -> bool:
        """All of it was given at the beginning."""
        return False

    def act(self, now: datetime, chance: Random) -> None:
        """Somebody delivers a plan, resolves, or finds that it is not resolved after all."""
        commitment = chance.choice(self.open)
        what = chance.choice(("plan", "resolve", "report", "nothing"))
        try:
            with audit.unit_of_work():
                self._do(what, commitment, now)
        except OperationalError:
            return  # the connection was cut: everything or nothing has happened

    def _do(self, what: str, commitment: Commitment, now: datetime) -> None:
        fix = Clock.objects.select_for_update().get(commitment=commitment, kind=Clock.Kind.FIX)
        running = fix.state == Clock.State.RUNNING
        if what == "plan":
            services.deliver_plan(commitment, delivered_at=now, now=now)
        elif what == "resolve" and running:
            services.stop_fix(commitment, resolved_at=now, now=now)
            services.start_report(commitment, resolved_at=now, now=now)
        elif what == "report" and not running:
            services.deliver_report(commitment, delivered_at=now, now=now)

    def is_done(self, now: datetime) -> bool:
        """No running clock has a milestone due."""
        running = Clock.objects.filter(state=Clock.State.RUNNING)
        return not running.filter(next_milestone_at__lte=now).exists()

    def count(self, now: datetime) -> Count:
        """Everything that had to be told, against what was told and what the trail says."""
        told = Counter(Milestone.objects.values_list("clock", "code", "due_at"))
        found = Count("milestones", done=sum(told.values()))
        self._against_the_rules(found, now)
        self._against_the_trail(found, now)
        self._against_the_outbox(found)
        if not verify_chain().intact:
            found.faults.append("the audit trail is broken")
        return found

    def _against_the_rules(self, found: Count, now: datetime) -> None:
        """What a clock passed while it ran was told."""
        clocks = Clock.objects.select_related("commitment__agreement")
        for clock in clocks.prefetch_related("milestones"):
            until = now if clock.state == Clock.State.RUNNING else clock.stopped_at
            codes = {row.code for row in clock.milestones.all()}
            for moment in moments_of(clock):
                if until is not None and moment.at < until and moment.code not in codes:
                    found.lost += 1
                    found.faults.append(f"lost: {clock} {moment.code}")

    def _against_the_trail(self, found: Count, now: datetime) -> None:
        """Milestones and events are the same set, each once; rebuilt clocks are the stored ones."""
        events = Counter(
            (event.target_id, event.data["clock"], event.data["run"], event.data["code"])
            for event in Event.objects.filter(action=trail.MILESTONE)
        )
        rows = Counter(
            (str(row.clock.commitment_id), row.clock.kind, row.clock.run, row.code)
            for row in Milestone.objects.select_related("clock")
        )
        for key in events.keys() | rows.keys():
            if events[key] > 1 or rows[key] > 1:
                found.doubled += 1
                found.faults.append(f"doubled: {key}")
            if bool(events[key]) != bool(rows[key]):
                found.lost += 1
                found.faults.append(f"event or change missing: {key}")
        for difference in differences(list(Commitment.objects.select_related("agreement")), now):
            found.lost += 1
            found.faults.append(str(difference))

    def _against_the_outbox(self, found: Count) -> None:
        """A milestone's letters and page were written with it, once."""
        letters = Counter(Message.objects.values_list("recipient", "channel", "dedupe_key"))
        found.doubled += sum(1 for count in letters.values() if count > 1)
        keys = {key for _person, _channel, key in letters}
        for row in Milestone.objects.select_related("clock__commitment"):
            clock = row.clock
            key = f"incident:{clock.commitment.subject}:{clock.kind}{clock.run}:{row.code}"
            if key not in keys:
                found.lost += 1
                found.faults.append(f"no letter: {key}")
        pages = Counter(Page.objects.filter(subject__startswith="GZ-F-").values_list("key"))
        found.doubled += sum(1 for count in pages.values() if count > 1)
