"""A page as people read it: its rungs with their times, and what came of each call."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oncall import ladder
from oncall.models import Attempt, Page
from oncall.page_letters import Written, written

TARGET_LABELS: dict[str, str | Promise] = {
    "primary": _("Primary"),
    "backup": _("Backup"),
    "supervisors": _("Supervisors"),
    "everybody": _("Everybody again"),
    "person": _("Named person"),
}


@dataclass(frozen=True)
class Rung:
    """One rung: taken, with its attempts and messages, or still to come."""

    number: int
    target: str | Promise
    at: datetime | None
    attempts: list[Attempt] = field(default_factory=list)
    letters: list[Written] = field(default_factory=list)
    state: str = "todo"


def rungs_of(page: Page) -> list[Rung]:
    """Rungs taken, then, while the page is calling, the next one with its time."""
    by_rung: dict[int, list[Attempt]] = {}
    for attempt in page.attempts.select_related("person__organisation"):
        by_rung.setdefault(attempt.rung, []).append(attempt)
    letters: dict[int, list[Written]] = {}
    for letter in written(page):
        letters.setdefault(letter.rung, []).append(letter)
    taken = [
        Rung(
            number=index + 1,
            target=TARGET_LABELS[ladder.step_at(page.ladder, index, page.starts).target],
            at=min((each.created_at for each in by_rung.get(index, [])), default=None),
            attempts=by_rung.get(index, []),
            letters=letters.get(index, []),
            state="done",
        )
        for index in range(page.step_index)
    ]
    if page.state != Page.State.OPEN:
        return taken
    return taken + _to_come(page)


def _first_repetition(page: Page) -> int:
    """The rung after which the last step of the present round is repeated."""
    return (page.starts[-1] if page.starts else 0) + len(page.ladder)


def _to_come(page: Page) -> list[Rung]:
    """The rungs up to the first repetition, with the times at which they are due."""
    rungs = []
    at = page.next_step_at or page.started_at
    for index in range(page.step_index, max(page.step_index + 1, _first_repetition(page))):
        step = ladder.step_at(page.ladder, index, page.starts)
        rungs.append(Rung(index + 1, TARGET_LABELS[step.target], at))
        at += timedelta(seconds=step.wait_seconds)
    return rungs
