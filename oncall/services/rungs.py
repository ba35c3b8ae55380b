"""The engine "pages": takes the next rung of every page that nobody has answered in time."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.actors import PAGING_ENGINE
from audit import services as audit
from engine import registry
from engine.due import claim_due
from oncall import ladder, rota
from oncall.models import Attempt, Page
from oncall.services.attempts import people_on_the_line
from oncall.services.giving_up import give_up
from oncall.services.reaching import Reaching
from oncall.services.rearming import rearm_due

ENGINE = "pages"
BATCH = 20


def climb_due(now: datetime) -> int:
    """Take one rung of each page due at ``now`` (UTC); returns how many pages were handled.

    A page that was taken while nothing has been done about its record since calls again.
    """
    with audit.unit_of_work():
        calling = Page.objects.filter(state=Page.State.OPEN)
        pages = claim_due(calling, now=now, due_field="next_step_at", limit=BATCH)
        for page in pages:
            if ladder.is_exhausted(page.ladder, page.step_index, page.rounds, page.starts):
                give_up(page, now=now)
            else:
                take_rung(page, now=now)
    return len(pages) + rearm_due(now)


def take_rung(page: Page, *, now: datetime) -> list[Attempt]:
    """Queue one attempt per person and channel of the page's next rung (R16). The page is locked.

    Who is still being called about this record, by this page or by another, is not called a second
    time at once. Taking the same rung twice writes nothing twice: the key of an attempt is unique.
    ``now`` UTC.
    """
    rung = page.step_index
    step = ladder.step_at(page.ladder, rung, page.starts)
    people = rota.people_for(step.target, now, person=step.person)
    busy = people_on_the_line(page)
    reached = Reaching(page, rung, step.channels, people, now)
    attempts = reached.attempts(busy)
    Attempt.objects.bulk_create(attempts, ignore_conflicts=True)
    reached.write_messages()
    reached.write_posts()
    page.step_index = rung + 1
    page.next_step_at = now + timedelta(seconds=step.wait_seconds)
    page.save(update_fields=["step_index", "next_step_at"])
    audit.record(
        actor=PAGING_ENGINE,
        action="oncall.rung_taken",
        target=page,
        label=page.subject,
        happened_at=now,
        data={
            "rung": rung,
            "target": step.target,
            "nobody_rostered": rota.on_call(now) is None,
            "people": [person.audit_name for person in people],
            "on_the_line": [person.audit_name for person in people if person.pk in busy],
        },
    )
    registry.nudge("calls")
    return attempts
