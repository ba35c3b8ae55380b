"""What the two people of a swap, and the supervisors, are written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from notifications.services import Letter, notify
from oncall.models import Swap
from oncall.rota import managers, supervisors
from workflow.durations import stamp


def tell_offered(swap: Swap, now: datetime) -> None:
    """The colleague is asked."""
    _send(swap, [swap.colleague], "offered", now)


def tell_agreed(swap: Swap, now: datetime) -> None:
    """Both know that it counts from now on; the supervisors know who stands there."""
    people = [swap.proposer, swap.colleague, *(supervisors() or managers())]
    _send(swap, people, "agreed", now)


def tell_ended(swap: Swap, people: Iterable[User], now: datetime) -> None:
    """Declined, withdrawn or lapsed: nothing has changed in the roster."""
    _send(swap, people, swap.state, now)


def _subject_of(swap: Swap, event: str) -> str:
    """In the language in force."""
    texts = {
        "offered": _("%(proposer)s asks you to take a duty from %(start)s"),
        "agreed": _("Swap agreed: %(colleague)s is on duty from %(start)s"),
        "declined": _("%(colleague)s declined to take your duty from %(start)s"),
        "withdrawn": _("%(proposer)s withdrew the offer of a duty from %(start)s"),
        "lapsed": _("The offer of a duty from %(start)s has lapsed"),
    }
    return texts[event] % _values(swap)


def _values(swap: Swap) -> dict[str, str]:
    return {
        "proposer": swap.proposer.name, "colleague": swap.colleague.name,
        "start": stamp(swap.starts_at), "end": stamp(swap.ends_at),
        "back_start": stamp(swap.back_starts_at), "back_end": stamp(swap.back_ends_at),
        "roster": swap.get_roster_display(), "place": swap.get_lane_display(),
    }  # fmt: skip


def _body(swap: Swap) -> str:
    lines = [_("%(roster)s, %(place)s: %(start)s to %(end)s, from %(proposer)s to %(colleague)s.")]
    if swap.has_return:
        lines.append(_("In return: %(back_start)s to %(back_end)s, from %(colleague)s."))
    told = " ".join(lines) % _values(swap)
    extra = [swap.get_ending_display() if swap.ending else "", swap.note]
    return "\n".join([told, *filter(None, extra)])


def _send(swap: Swap, people: Iterable[User], event: str, now: datetime) -> None:
    notify(
        recipients=people, key=f"swap:{swap.pk}:{event}",
        write=lambda _person: Letter(_subject_of(swap, event), _body(swap)),
        url=reverse("oncall:swaps"), now=now, urgent=event == "agreed",
    )  # fmt: skip
