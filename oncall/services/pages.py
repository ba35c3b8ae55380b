"""Starting, acknowledging and closing pages."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from contextvars import ContextVar
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actors import PAGING_ENGINE
from accounts.models import User
from audit import services as audit
from engine import registry
from engine.together import Together
from oncall import handlers, ladder
from oncall.models import Page, Urgency
from oncall.policies import can_acknowledge
from oncall.services.attempts import stop_calling
from oncall.services.group_posts import post_taken
from oncall.services.ladders import in_force
from workflow.errors import NotAllowed, Refusal, WrongState

# The page that is being acknowledged: a handler that closes its record's pages leaves this one.
_in_hand: ContextVar[int | None] = ContextVar("oncall_page_in_hand", default=None)


def start_page(
    *,
    key: str,
    subject: str,
    title: str,
    write: Callable[[], str],
    url: str,
    now: datetime,
    is_drill: bool = False,
    is_demo: bool = False,
    urgency: str = Urgency.URGENT,
    chosen: ladder.Ladder | None = None,
    kind: str = Page.Kind.ALARM,
) -> Page:
    """Call the people on call about ``subject`` until one of them answers (R14, R16).

    ``urgency`` names the ladder, whose present version is kept with the page; ``chosen`` is another
    ladder for this page alone. A drill has the drills' ladder whatever is asked for.

    ``key`` names the reason, such as ``incident:GZ-20261123-0001:reported``; while a page with the
    same key is calling, that one is returned. ``write`` is evaluated in every language of the
    product and gives the words to be spoken. Joins the caller's transaction. ``now`` UTC.
    """
    with nullcontext() if together.is_open else audit.unit_of_work():
        calling: Page | None = None
        if not together.is_open:
            calling = Page.objects.filter(key=key, state=Page.State.OPEN).first()
        if calling is not None:
            return calling
        name = Urgency.DRILL if is_drill else urgency
        version, taken = together.known(name, lambda: in_force(name))
        page = Page(
            kind=kind,
            urgency=name,
            ladder_version=0 if chosen else version,
            rounds=(chosen or taken).rounds,
            rearm_seconds=(chosen or taken).rearm_seconds,
            key=key,
            subject=subject,
            title=title[:200],
            texts=_spoken(write, is_drill=is_drill),
            url=url,
            is_drill=is_drill,
            is_demo=is_demo,
            ladder=(chosen or taken).as_rows(),
            started_at=now,
            next_step_at=now,
        )
        if together.is_open:
            together.add([page])
            return page
        try:
            with transaction.atomic():
                page.save()
        except IntegrityError:
            found: Page = Page.objects.get(key=key, state=Page.State.OPEN)
            return found
        _note_start(page)
    return page


def _start_together(pages: list[Page]) -> None:
    """Save the pages of one block, except those whose reason calls already."""
    by_key = {page.key: page for page in pages}
    calling = Page.objects.filter(key__in=list(by_key), state=Page.State.OPEN)
    for key in calling.values_list("key", flat=True):
        del by_key[key]
    for page in Page.objects.bulk_create(by_key.values()):
        _note_start(page)


# Inside ``together.block()`` the pages of many causes are written with one statement; what
# ``start_page`` returns there is not saved yet.
together: Together[Page] = Together("pages", _start_together)


def _note_start(page: Page) -> None:
    data: dict[str, object] = {"key": page.key}
    _note(page, "oncall.page_started", page.started_at, actor=PAGING_ENGINE, data=data)
    registry.nudge("pages")


def acknowledge(*, page: Page, person: User, via: str, now: datetime) -> Page:
    """A human takes the page: it stops calling and its record's handlers run (R16).

    ``via`` is "phone", "browser" or "link". Other pages about the same record are taken with it:
    one person does not press 1 three times for one breakdown. Taking a page that was already taken
    or closed changes nothing and returns it as it is. Raises ``NotAllowed``, or whatever a handler
    refuses with; then the page goes on calling. ``now`` UTC.
    """
    decision = can_acknowledge(person, page)
    if not decision and decision.kind != "state":
        raise NotAllowed(decision)
    token = _in_hand.set(page.pk)
    try:
        with audit.unit_of_work():
            return _take(page, person, via, now)
    except Refusal:
        # Two people at once: the second one's record has moved on because the first one took it.
        present: Page = Page.objects.get(pk=page.pk)
        if present.state == Page.State.OPEN:
            raise
        return present
    finally:
        _in_hand.reset(token)


def close_pages(*, subject: str, now: datetime, key: str = "") -> int:
    """The record needs nobody any more: stop every page about it that still calls.

    ``key``: only that page, the others go on. Returns how many there were. Joins the caller's
    transaction. ``now`` UTC.
    """
    with audit.unit_of_work():
        about = Q(subject=subject) & (Q(key=key) if key else Q())
        calling = (
            Page.objects.select_for_update()
            .filter(about, state=Page.State.OPEN)
            .exclude(pk=_in_hand.get() or 0)
            .order_by("pk")
        )
        pages = list(calling)
        for page in pages:
            page.state, page.closed_at, page.next_step_at = Page.State.CLOSED, now, None
            page.save(update_fields=["state", "closed_at", "next_step_at"])
            stop_calling(page, now=now)
            _note(page, "oncall.page_closed", now, actor=PAGING_ENGINE, was=Page.State.OPEN)
        Page.objects.filter(about, rearm_at__isnull=False).update(rearm_at=None)
    return len(pages)


def _take(page: Page, person: User, via: str, now: datetime) -> Page:
    if Page.objects.filter(pk=page.pk, state=Page.State.OPEN).exists():
        handlers.tell(page, person, now)
    # All pages of the record at once, in the order everybody locks them in.
    about = Page.objects.filter(subject=page.subject, state=Page.State.OPEN)
    locked: list[Page] = list(
        Page.objects.select_for_update().filter(Q(pk=page.pk) | Q(pk__in=about)).order_by("pk")
    )
    mine = next(each for each in locked if each.pk == page.pk)
    if mine.state != Page.State.OPEN:
        raise WrongState(_("This page has stopped calling."))
    prefix = page.key.partition(":")[0]
    for each in locked:
        # Who hears of one reason has heard of the record: its other pages are taken with it.
        same = each.key.partition(":")[0] == prefix and each.state == Page.State.OPEN
        if each.pk == mine.pk or same:
            _mark_taken(each, person, via, now)
    return mine


def _mark_taken(page: Page, person: User, via: str, now: datetime) -> None:
    """The page is somebody's. It is locked."""
    page.state = Page.State.ACKNOWLEDGED
    page.acknowledged_at, page.acknowledged_by, page.acknowledged_via = now, person, via
    page.next_step_at = None
    page.rearm_at = now + timedelta(seconds=page.rearm_seconds) if page.rearm_seconds else None
    page.save(
        update_fields=[
            "state", "acknowledged_at", "acknowledged_by", "acknowledged_via", "next_step_at",
            "rearm_at",
        ]
    )  # fmt: skip
    stop_calling(page, now=now)
    post_taken(page, person, now=now)
    _note(
        page,
        "oncall.page_acknowledged",
        now,
        actor=person,
        data={"via": via},
        was=Page.State.OPEN,
    )


def _spoken(write: Callable[[], str], *, is_drill: bool) -> dict[str, str]:
    texts = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said = write()
            texts[language] = _("[Drill] %(text)s") % {"text": said} if is_drill else said
    return texts


def _note(
    page: Page,
    action: str,
    now: datetime,
    *,
    actor: audit.Actor,
    data: dict[str, object] | None = None,
    was: str = "",
) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=page,
        label=page.subject,
        happened_at=now,
        from_state=was,
        to_state=page.state,
        data=data,
    )
