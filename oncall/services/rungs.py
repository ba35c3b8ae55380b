"""The engine "pages": takes the next rung of every page that nobody has answered in time."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actors import PAGING_ENGINE
from accounts.models import User
from audit import services as audit
from engine import registry
from engine.due import claim_due
from oncall import ladder, rota
from oncall.models import Attempt, Page
from oncall.services.attempts import live

ENGINE = "pages"
BATCH = 20


def climb_due(now: datetime) -> int:
    """Take one rung of each page due at ``now`` (UTC); returns how many rungs were taken."""
    with audit.unit_of_work():
        calling = Page.objects.filter(state=Page.State.OPEN)
        pages = claim_due(calling, now=now, due_field="next_step_at", limit=BATCH)
        for page in pages:
            take_rung(page, now=now)
    return len(pages)


def take_rung(page: Page, *, now: datetime) -> list[Attempt]:
    """Queue one attempt per person of the page's next rung (R16). The page is locked.

    Who is still being called for this page is not called a second time at once. Taking the same
    rung twice writes nothing twice: the key of an attempt is unique. ``now`` UTC.
    """
    rung = page.step_index
    step = ladder.step_at(page.ladder, rung)
    busy = set(live(page).values_list("person", flat=True))
    people = rota.people_for(step.target, now)
    attempts = [_attempt(page, rung, person, now) for person in people if person.pk not in busy]
    Attempt.objects.bulk_create(attempts, ignore_conflicts=True)
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
        },
    )
    registry.nudge("calls")
    return attempts


def reference(page: Page, rung: int, person: User) -> str:
    """The key under which one person is called on one rung: once, whoever asks."""
    return f"page:{page.pk}:rung:{rung}:{person.pk}"


def _attempt(page: Page, rung: int, person: User, now: datetime) -> Attempt:
    return Attempt(
        page=page,
        person=person,
        rung=rung,
        number=person.phone,
        text=_words(page, person),
        language=person.language,
        idempotency_key=reference(page, rung, person),
        next_try_at=now,
        created_at=now,
    )


def _words(page: Page, person: User) -> str:
    """What the line says to this person, with the keys at the end."""
    with translation.override(person.language):
        keys = _("Press 1 to take it, 2 to hand it on at once, 3 to hear this again.")
    return f"{page.texts[person.language]}\n{keys}"
