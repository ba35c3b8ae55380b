"""The engine "calls": everything that is said to the telephone provider.

1. Under the lock of its page, lease each due attempt and decide what to do with it. A call for a
   page that is no longer open never leaves.
2. Commit. The provider is spoken to without any lock.
3. Write the result down, unless the lease has run out and another worker has the attempt.

A worker that dies between 2 and 3 leaves an attempt that is "being placed" with a lease that ends.
Nobody knows then whether the call left: the provider is asked before it is placed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from audit import services as audit
from engine.due import claim_due
from oncall import providers
from oncall.budget import LONGEST_SPAN
from oncall.models import Attempt, Page
from oncall.providers.base import (
    CallRequest,
    Inquiry,
    LimitReached,
    LineState,
    PermanentFailure,
    PhoneProvider,
    TransientFailure,
)
from oncall.services import attempts
from oncall.services.call_events import ASK_AFTER, line_moved
from oncall.services.falling_back import DEAD, reach_otherwise
from oncall.services.limits import within_budget

ENGINE = "calls"
# A provider answers within 7 s, so a call ends before its lease does (``now`` may be a second old),
# and a worker that is killed keeps nobody waiting for longer.
LEASE = timedelta(seconds=8)
# One at a time: what is leased leaves at once. Any number of workers do this side by side.
BATCH = 1
# Due attempts that are looked at when other workers hold the first ones.
CANDIDATES = 20
MAX_TRIES = 10
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(seconds=60)
# How long a call waits for an earlier one to the same person to be hung up, and how often it looks.
HANG_UP_PATIENCE = timedelta(seconds=15)
LOOK_AGAIN = timedelta(seconds=1)
# Two requests to one number whose answers were lost: for so long each may be the one that a call
# belongs to. The call's own words and callbacks name it meanwhile.
RIVALRY = timedelta(seconds=30)
# A telephone that goes on ringing for nothing is not left ringing for long.
HANG_UP_AGAIN = timedelta(seconds=3)

State = Attempt.State


class Duty(Enum):
    """What is to be done with a leased attempt."""

    PLACE = "place"
    # Nobody knows whether the call left.
    RECONCILE = "reconcile"
    # It left, and the provider has been silent since.
    ASK = "ask"
    HANG_UP = "hang up"
    # The carrier would refuse it: the next rung is taken instead.
    SKIP = "skip"
    # The person's telephone is just being hung up.
    WAIT = "wait"


@dataclass(frozen=True)
class Job:
    """An attempt leased until ``attempt.next_try_at``, and what to do with it."""

    attempt: Attempt
    duty: Duty


def call_due(now: datetime) -> int:
    """Do one batch of what is due at ``now`` (UTC); returns how many attempts were taken on."""
    jobs = _claim(now)
    for job in jobs:
        if job.duty is Duty.WAIT:
            continue
        if job.duty is Duty.SKIP:
            _end(job.attempt, State.OVER_BUDGET, now)
            continue
        _ACTS[job.duty](job.attempt, providers.named(job.attempt.provider), now)
    return len(jobs)


def wait_before(tries: int) -> timedelta:
    """Pause after the ``tries``-th try: 5 s, doubled each time, at most a minute."""
    return min(FIRST_WAIT * (1 << min(max(tries - 1, 0), 8)), LONGEST_WAIT)


def _claim(now: datetime) -> list[Job]:
    """Lease what has been due for longest, passing over pages that others have in hand."""
    due = Attempt.objects.filter(next_try_at__lte=now).order_by("next_try_at", "pk")
    page_ids = list(dict.fromkeys(due.values_list("page_id", flat=True)[:CANDIDATES]))
    if not page_ids:
        return []
    with audit.unit_of_work():
        for page_id in page_ids:
            page = Page.objects.select_for_update(skip_locked=True).filter(pk=page_id).first()
            if page is None:
                continue
            mine = Attempt.objects.filter(page=page).select_related("person")
            leased = claim_due(mine, now=now, due_field="next_try_at", limit=BATCH, lease=LEASE)
            if leased:
                return [_job(attempt, page, now) for attempt in leased]
    return []


def _job(attempt: Attempt, page: Page, now: datetime) -> Job:
    attempt.page = page
    duty = _duty(State(attempt.state), is_open=page.state == Page.State.OPEN)
    if duty is Duty.PLACE and _waits_for_a_hang_up(attempt, now):
        Attempt.objects.filter(pk=attempt.pk).update(next_try_at=now + LOOK_AGAIN)
        return Job(attempt, Duty.WAIT)
    if duty is Duty.PLACE and not within_budget(attempt, now):
        return Job(attempt, Duty.SKIP)
    if duty is Duty.PLACE or not attempt.provider:
        attempt.provider = providers.chosen().name
    if duty is Duty.PLACE:
        attempt.state, attempt.sent_at = State.SENDING, now
    elif duty is Duty.RECONCILE:
        attempt.state = State.UNKNOWN
    if duty is not Duty.ASK:
        # Counted before the provider is spoken to, so that a crash counts too.
        attempt.tries += 1
    attempt.save(update_fields=["state", "provider", "tries", "sent_at"])
    return Job(attempt, duty)


def _waits_for_a_hang_up(attempt: Attempt, now: datetime) -> bool:
    """A telephone that still rings about a page that is over would be busy for this call."""
    if attempt.channel != Attempt.Channel.VOICE or now >= attempt.created_at + HANG_UP_PATIENCE:
        return False
    return attempts.being_hung_up(attempt.person_id, attempt.page.subject).exists()


def _duty(state: str, *, is_open: bool) -> Duty:
    if not is_open:
        return Duty.HANG_UP
    if state == State.QUEUED:
        return Duty.PLACE
    if state in (State.SENDING, State.UNKNOWN):
        return Duty.RECONCILE
    return Duty.ASK


def _place(attempt: Attempt, provider: PhoneProvider, now: datetime) -> None:
    request = CallRequest(
        reference=attempt.idempotency_key,
        number=attempt.number,
        text=attempt.text,
        language=attempt.language,
        person_id=attempt.person_id,
        is_drill=attempt.page.is_drill,
        at=now,
        attempt_id=attempt.pk,
    )
    # Between the lease and this line somebody may have taken the page, or, when this worker stood
    # still, the attempt.
    if not _still_leased(attempt):
        return
    if not Page.objects.filter(pk=attempt.page_id, state=Page.State.OPEN).exists():
        _end(attempt, State.CANCELLED, now)
        return
    is_text = attempt.channel == Attempt.Channel.SMS
    try:
        placed = provider.send_text(request) if is_text else provider.place_call(request)
    except LimitReached as failure:
        _end(attempt, State.OVER_BUDGET, now, error=_words(failure))
    except PermanentFailure as failure:
        _give_up(attempt, failure, now)
    except TransientFailure as failure:
        _again(attempt, State.QUEUED, failure, now)
    except Exception as failure:
        # A time-out, or worse: the call may be ringing already.
        _again(attempt, State.UNKNOWN, failure, now)
    else:
        _arrived(attempt, placed.provider_id, placed.state, now)


def _arrived(attempt: Attempt, provider_id: str, state: LineState, now: datetime) -> None:
    """The provider has it under its own id."""
    line_moved(attempt.idempotency_key, state, now=now, provider_id=provider_id)


def _inquiry(attempt: Attempt, rivals_since: datetime | None = None) -> Inquiry:
    """Everything by which a provider can tell this attempt from our others to the same number."""
    others = Attempt.objects.filter(
        number=attempt.number, created_at__gt=attempt.created_at - LONGEST_SPAN
    ).exclude(pk=attempt.pk)
    rivals = others.filter(
        channel=attempt.channel, provider_id="", state__in=[State.SENDING, State.UNKNOWN]
    )
    if rivals_since is not None:
        rivals = rivals.filter(sent_at__gt=rivals_since)
    return Inquiry(
        reference=attempt.idempotency_key,
        number=attempt.number,
        provider_id=attempt.provider_id,
        since=attempt.sent_at or attempt.created_at,
        is_text=attempt.channel == Attempt.Channel.SMS,
        known=frozenset(others.exclude(provider_id="").values_list("provider_id", flat=True)),
        rivals=0 if attempt.provider_id else rivals.count(),
        text=attempt.text,
    )


def _reconcile(attempt: Attempt, provider: PhoneProvider, now: datetime) -> None:
    try:
        found = provider.lookup(_inquiry(attempt, now - RIVALRY))
    except Exception as failure:
        _again(attempt, State.UNKNOWN, failure, now)
        return
    if found is None:
        _finish(attempt, now, {"state": State.QUEUED, "next_try_at": now})
        return
    _arrived(attempt, found.provider_id, found.state, now)


def _ask(attempt: Attempt, provider: PhoneProvider, now: datetime) -> None:
    try:
        found = provider.lookup(_inquiry(attempt))
    except Exception as failure:
        _finish(attempt, now, {"next_try_at": now + ASK_AFTER, "error": _words(failure)})
        return
    if found is None:
        _give_up(attempt, PermanentFailure("the provider has lost the call"), now)
        return
    _finish(attempt, now, {"next_try_at": now + ASK_AFTER})
    line_moved(attempt.idempotency_key, found.state, now=now)


def _hang_up(attempt: Attempt, provider: PhoneProvider, now: datetime) -> None:
    try:
        provider.cancel(_inquiry(attempt))
    except Exception as failure:
        _again(attempt, attempt.state, failure, now, hanging_up=True)
        return
    _end(attempt, State.CANCELLED, now)


_ACTS = {
    Duty.PLACE: _place,
    Duty.RECONCILE: _reconcile,
    Duty.ASK: _ask,
    Duty.HANG_UP: _hang_up,
}


def _again(
    attempt: Attempt, state: str, failure: Exception, now: datetime, *, hanging_up: bool = False
) -> None:
    """Try later, or give up after many tries."""
    if attempt.tries >= MAX_TRIES:
        _give_up(attempt, failure, now)
        return
    later = now + (HANG_UP_AGAIN if hanging_up else wait_before(attempt.tries))
    changes = {"state": state, "next_try_at": later, "error": _words(failure)}
    _finish(attempt, now, changes, hanging_up=hanging_up)


def _give_up(attempt: Attempt, failure: Exception, now: datetime) -> None:
    _end(attempt, State.FAILED, now, error=_words(failure))


def _end(attempt: Attempt, state: str, now: datetime, error: str = "") -> None:
    with audit.unit_of_work():
        page = Page.objects.select_for_update().get(pk=attempt.page_id)
        if not _still_leased(attempt):
            return
        attempt.page = page
        attempts.end(attempt, state, now=now, error=error)
        if state in DEAD:
            reach_otherwise(attempt, now=now)


def _finish(
    attempt: Attempt, now: datetime, changes: dict[str, object], *, hanging_up: bool = False
) -> None:
    """Write ``changes`` if the lease is still ours; a call nobody needs now is hung up at once."""
    with audit.unit_of_work():
        page = Page.objects.select_for_update().get(pk=attempt.page_id)
        if page.state != Page.State.OPEN and not hanging_up:
            changes["next_try_at"] = now
        if _still_leased(attempt):
            Attempt.objects.filter(pk=attempt.pk).update(**changes)


def _still_leased(attempt: Attempt) -> bool:
    return Attempt.objects.filter(
        pk=attempt.pk, state=attempt.state, next_try_at=attempt.next_try_at
    ).exists()


def _words(failure: Exception) -> str:
    return f"{type(failure).__name__}: {failure}"[:200]
