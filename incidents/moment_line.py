"""One line of moments: those of the contract clocks, and those the regulator asks of the bank.

The regulator's are information only: never met, never missed, and the bank decides the grade
(domain sections 2.4 and 4.3). Which there are, the system administrator sets.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from incidents.models import Incident
from sla.firing import moments_of
from sla.models import Clock
from sla.panels import LABELS, milestone_label
from sla.regulator import info_moments
from sla.schedule import BREACH


@dataclass(frozen=True)
class LineMoment:
    """One of them (UTC); ``basis`` names the regulation, "" for the contract."""

    at: datetime
    label: str
    contract: bool
    passed: bool
    breach: bool = False
    basis: str = ""
    is_next: bool = False


def moment_line(incident: Incident, clocks: Iterable[Clock], now: datetime) -> list[LineMoment]:
    """In order, from T0 on; the first that is still to come is marked.

    A clock that has ended has no moments after its end. Empty without contract clocks.
    """
    found = [each for clock in clocks for each in _of_clock(clock, now)]
    if not found:
        return []
    found += [
        LineMoment(each.at, each.label, contract=False, passed=each.passed, basis=each.basis)
        for each in info_moments(
            incident.first_contact_at, now=now, hour_seconds=incident.hour_seconds
        )
    ]
    found.sort(key=lambda each: (each.at, not each.contract))
    for place, each in enumerate(found):
        if not each.passed:
            found[place] = LineMoment(
                each.at, each.label, each.contract, each.passed, each.breach, each.basis,
                is_next=True,
            )  # fmt: skip
            break
    return found


def _of_clock(clock: Clock, now: datetime) -> list[LineMoment]:
    end = clock.stopped_at if clock.state != Clock.State.RUNNING else None
    return [
        LineMoment(
            moment.at,
            _("%(clock)s: %(what)s")
            % {"clock": LABELS[Clock.Kind(clock.kind)], "what": milestone_label(moment.code)},
            contract=True,
            passed=moment.at <= now,
            breach=moment.code == BREACH,
        )
        for moment in moments_of(clock)
        if end is None or moment.at <= end
    ]
