"""What holds for attempts wherever they are touched."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from accounts.actors import PAGING_ENGINE
from audit import services as audit
from engine import registry
from oncall import ladder
from oncall.models import Attempt, Page

State = Attempt.State

# Nobody knows yet what comes of them.
LIVE = Q(
    state__in=[
        State.QUEUED, State.SENDING, State.UNKNOWN, State.PLACED, State.RINGING, State.ANSWERED,
    ],
    ended_at=None,
)  # fmt: skip


# A call may be on its way to a telephone; text messages keep nobody from being called.
CALLS = Q(channel=Attempt.Channel.VOICE)


def live(page: Page) -> models.QuerySet[Attempt]:
    """Attempts of the page that are still under way."""
    return page.attempts.filter(LIVE)


def people_on_the_line(page: Page) -> set[int]:
    """Who is being called already so that an answer takes ``page`` too: nobody rings twice.

    Those are calls of pages about the same record that go on; a telephone that is being hung up
    keeps nobody from being called.
    """
    prefix = page.key.partition(":")[0]
    about = Attempt.objects.filter(LIVE, CALLS, page__subject=page.subject)
    about = about.filter(page__state=Page.State.OPEN, page__key__startswith=f"{prefix}:")
    return set(about.values_list("person", flat=True))


def being_hung_up(person_id: int, subject: str) -> models.QuerySet[Attempt]:
    """Calls to a person about a record whose pages are over, not yet hung up."""
    about = Attempt.objects.filter(LIVE, CALLS, person=person_id, page__subject=subject)
    return about.exclude(page__state=Page.State.OPEN)


def stop_calling(page: Page, *, now: datetime) -> None:
    """No further call leaves for this page; those on the line are hung up. The page is locked.

    A call that is just being placed keeps its lease: whoever places it sees, when it comes back,
    that the page is no longer open.
    """
    live(page).filter(state=State.QUEUED).update(
        state=State.CANCELLED, ended_at=now, next_try_at=None
    )
    on_the_line = live(page).exclude(state=State.SENDING)
    if on_the_line.update(next_try_at=now):
        registry.nudge("calls")


def end(attempt: Attempt, state: str, *, now: datetime, error: str = "") -> None:
    """The attempt is over with ``state``; noted in the trail. Page and attempt are locked."""
    attempt.state, attempt.ended_at, attempt.next_try_at = state, now, None
    attempt.error = error[:200]
    attempt.save(update_fields=["state", "ended_at", "next_try_at", "error"])
    audit.record(
        actor=PAGING_ENGINE,
        action="oncall.attempt_ended",
        target=attempt.page,
        label=attempt.page.subject,
        happened_at=now,
        data={
            "person": attempt.person.audit_name,
            "rung": attempt.rung,
            "channel": attempt.channel,
            "result": state,
            "digits": attempt.digits,
        },
    )


def skip_ahead(page: Page, rung: int, *, now: datetime) -> None:
    """Take the next rung at once, because nobody on ``rung`` will answer. The page is locked.

    Only when ``rung`` is the present one and nobody else on it is still being called; and never
    once the ladder repeats its last rung, which would ring people without a pause.
    """
    if page.state != Page.State.OPEN or rung != page.step_index - 1:
        return
    if ladder.repeats(page.ladder, rung, page.starts):
        return
    if live(page).filter(CALLS, rung=rung).exists():
        return
    page.next_step_at = now
    page.save(update_fields=["next_step_at"])
    registry.nudge("pages")
