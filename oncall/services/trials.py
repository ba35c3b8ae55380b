"""Trial calls: one person's own telephone, and once a week the whole chain (R14, I17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from audit import services as audit
from calendars.arithmetic import SHANGHAI
from engine.due import claim_due
from oncall import ladder
from oncall.models import Attempt, Canary, Page
from oncall.policies import can_try_phone
from oncall.services.pages import start_page
from workflow.errors import insist

ENGINE = "canary"
# Wednesday at ten in the morning.
WEEKDAY, HOUR = 2, 10
WEEK = timedelta(days=7)
# A trial is not worth waking everybody: primary, then backup, then it is over.
TEST_LADDER_SECONDS = 60
CANARY_STEPS = (ladder.Step("primary", 120), ladder.Step("backup", 120))


@dataclass(frozen=True)
class Latest:
    """The newest weekly trial: how long until the provider had the call, and a human answered."""

    page: Page
    placed_after: timedelta | None
    answered_after: timedelta | None
    late: bool


def call_myself(*, actor: User, now: datetime) -> Page:
    """Ring the person's own telephone once (R14). ``now`` UTC.

    While such a call is under way, that one is returned. Raises ``NotAllowed`` for people who are
    never called, ``WrongState`` without a number.
    """
    insist(can_try_phone(actor))
    step = ladder.Step(ladder.PERSON, TEST_LADDER_SECONDS, person=actor.pk)
    return start_page(
        key=f"test-call:{actor.pk}",
        subject=f"TEST-{actor.pk}",
        title=_("Test call to %(person)s") % {"person": actor.name},
        write=lambda: _("This is a test call from the service desk. Press 1 to end the test."),
        url=reverse("oncall:my_line_page"),
        now=now,
        chosen=ladder.Ladder((step,), rounds=1),
        kind=Page.Kind.TEST,
    )


def canary_due(now: datetime) -> int:
    """Engine "canary": send out the weekly trial when it is due at ``now`` (UTC).

    A trial that was missed, because everything stood still, is sent once and not made up for.
    """
    if not settings.PHONE_CANARY:
        return 0
    if not Canary.objects.exists():
        Canary.objects.get_or_create(pk=1, defaults={"next_at": next_trial(now)})
        return 0
    with audit.unit_of_work():
        rows = claim_due(Canary.objects.all(), now=now, due_field="next_at", limit=1)
        for row in rows:
            row.next_at = next_trial(now)
            row.save(update_fields=["next_at"])
            _send(now)
    return len(rows)


def trials_waiting(now: datetime) -> int:
    """How many weekly trials are due at ``now`` (UTC) and not sent yet (I17)."""
    return Canary.objects.filter(next_at__lte=now).count() if settings.PHONE_CANARY else 0


def next_trial(now: datetime) -> datetime:
    """The first Wednesday, ten o'clock in Beijing, after ``now`` (UTC)."""
    today = now.astimezone(SHANGHAI).date()
    day = today + timedelta(days=(WEEKDAY - today.weekday()) % 7)
    at = datetime.combine(day, time(HOUR), SHANGHAI)
    return at if at > now else datetime.combine(day + WEEK, time(HOUR), SHANGHAI)


def latest_trial(now: datetime) -> Latest | None:
    """The newest weekly trial; ``late`` when none has gone out for more than eight days."""
    page = Page.objects.filter(kind=Page.Kind.CANARY).order_by("-started_at", "-pk").first()
    if page is None:
        return None
    calls = Attempt.objects.filter(page=page, placed_at__isnull=False).order_by("placed_at")
    first = calls.first()
    placed = first.placed_at if first else None
    return Latest(
        page=page,
        placed_after=placed - page.started_at if placed else None,
        answered_after=page.waited if page.acknowledged_at else None,
        late=page.started_at < now - WEEK - timedelta(days=1),
    )


def _send(now: datetime) -> None:
    start_page(
        key="canary",
        subject=f"CANARY-{now:%Y%m%d}",
        title=_("Weekly trial of the call chain"),
        write=lambda: _(
            "This is the weekly trial of the on-call line. Nothing has happened. Press 1."
        ),
        url="",
        now=now,
        chosen=ladder.Ladder(CANARY_STEPS, rounds=1),
        kind=Page.Kind.CANARY,
    )
