"""Who stands in for people on leave: the next in the order, for whole days of their turn. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from oncall.coverage import DAY
from oncall.gaps import Span
from oncall.models import Roster
from oncall.rotation import Configuration, Duty, Layer, instant
from oncall.spans import common


@dataclass(frozen=True)
class Availability:
    """Who cannot stand when, by primary keys; the spans of one person (UTC) are in order and apart.

    ``away`` is leave. ``busy``, what people stand elsewhere, and ``unfit``, whoever cannot be
    called at all, only keep somebody from standing in. ``humans`` names the human behind an
    account that is not the only one of its human.
    """

    away: Mapping[int, Sequence[Span]]
    busy: Mapping[int, Sequence[Span]] = field(default_factory=dict)
    unfit: frozenset[int] = frozenset()
    humans: Mapping[int, str] = field(default_factory=dict)

    def is_away(self, person: int, span: Span) -> bool:
        """On leave for some of the time."""
        return bool(common([span], self.away.get(person, ())))

    def can_stand(self, person: int, span: Span) -> bool:
        """For all of the time."""
        elsewhere = common([span], self.busy.get(person, ()))
        return person not in self.unfit and not elsewhere and not self.is_away(person, span)

    def one_human(self, one: int, other: int | None) -> bool:
        """Two accounts of one human."""
        names = self.humans
        return other is not None and names.get(one, str(one)) == names.get(other, str(other))


def with_stand_ins(
    duties: Iterable[Duty], configuration: Configuration, who: Availability
) -> list[Duty]:
    """The duties, in order, with somebody else in the place of whoever is on leave (R14).

    A turn is cut at its hand-over times, and only the days that leave touches are given to
    somebody else: the next in the order of that layer who is there, can be called, and does not
    stand beside or elsewhere; one person for all these days when there is one. Where nobody is
    left the duty stays as it is, for a human to decide; a hotline then does without its backup.
    """
    by_turn = sorted(duties, key=lambda duty: (duty.rank, duty.turn, duty.starts_at))
    found: list[Duty] = []
    for (rank, turn), group in groupby(by_turn, key=lambda duty: (duty.rank, duty.turn)):
        found += _turn(configuration, configuration.layers[rank], turn, list(group), who)
    return sorted(found, key=lambda duty: duty.starts_at)


def _turn(
    configuration: Configuration, layer: Layer, turn: int, duties: list[Duty], who: Availability
) -> list[Duty]:
    slots = [slot for duty in duties for slot in _days(duty, layer)]
    slots = _covered(slots, "primary", _from(layer.people, turn + 1), who)
    slots = _covered(slots, "backup", _from(layer.backups or layer.people, turn + 1), who)
    if configuration.roster == Roster.HOTLINE:
        slots = [_alone(slot, who) for slot in slots]
    return _joined(slots)


def _days(duty: Duty, layer: Layer) -> list[Duty]:
    """The duty, cut at every hand-over time of its layer."""
    cuts = [duty.starts_at]
    day = duty.starts_at.astimezone(ZoneInfo(layer.zone)).date()
    while (at := instant(layer, day, layer.handover)) < duty.ends_at:
        if at > duty.starts_at:
            cuts.append(at)
        day += DAY
    ends: list[datetime] = [*cuts[1:], duty.ends_at]
    return [
        replace(duty, starts_at=begins, ends_at=finishes, cut_from=duty.starts_at)
        for begins, finishes in zip(cuts, ends, strict=True)
    ]


def _from(order: Sequence[int], first: int) -> list[int]:
    """An order of people, begun at another place."""
    return [order[(first + step) % len(order)] for step in range(len(order))]


def _covered(slots: list[Duty], lane: str, order: Sequence[int], who: Availability) -> list[Duty]:
    """The slots with stand-ins in one lane."""
    wanting = [slot for slot in slots if _is_away(slot, lane, who)]
    if not wanting:
        return slots
    for_all = next(
        (each for each in order if all(_fits(each, slot, lane, who) for slot in wanting)), None
    )
    filled = []
    for slot in slots:
        stands_in = None
        if slot in wanting:
            fitting = (each for each in order if _fits(each, slot, lane, who))
            stands_in = for_all if for_all is not None else next(fitting, None)
        filled.append(slot if stands_in is None else _replaced(slot, lane, stands_in))
    return filled


def _is_away(slot: Duty, lane: str, who: Availability) -> bool:
    person: int | None = getattr(slot, lane)
    return person is not None and who.is_away(person, slot.span)


def _fits(person: int, slot: Duty, lane: str, who: Availability) -> bool:
    beside = slot.backup if lane == "primary" else slot.primary
    return not who.one_human(person, beside) and who.can_stand(person, slot.span)


def _replaced(slot: Duty, lane: str, person: int) -> Duty:
    absent: int = getattr(slot, lane)
    put_in: dict[str, int] = {lane: person}
    return replace(slot, instead_of=(*slot.instead_of, absent), **put_in)  # type: ignore[arg-type] # lanes are fields


def _alone(slot: Duty, who: Availability) -> Duty:
    """A hotline whose backup, or whose primary, is away and replaced by nobody: one is enough."""
    if slot.backup is None:
        return slot
    if who.is_away(slot.backup, slot.span):
        return replace(slot, backup=None, instead_of=(*slot.instead_of, slot.backup))
    if who.is_away(slot.primary, slot.span) and who.can_stand(slot.backup, slot.span):
        return replace(
            slot, primary=slot.backup, backup=None, instead_of=(*slot.instead_of, slot.primary)
        )
    return slot


def _joined(slots: list[Duty]) -> list[Duty]:
    """What was cut out of one duty and has the same people on both sides, made one again."""
    found: list[Duty] = []
    for slot in slots:
        last = found[-1] if found else None
        if last and replace(slot, starts_at=last.starts_at) == replace(last, ends_at=slot.ends_at):
            found[-1] = replace(last, ends_at=slot.ends_at)
        else:
            found.append(slot)
    return found
