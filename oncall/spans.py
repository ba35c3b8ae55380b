"""Sets of time as sorted spans (from, to) that lie apart. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from oncall.gaps import Span


def joined(spans: Iterable[Span]) -> list[Span]:
    """Their union: in order, without empty ones, touching ones made one."""
    found: list[Span] = []
    for begins, finishes in sorted(spans):
        if begins >= finishes:
            continue
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], finishes))
        else:
            found.append((begins, finishes))
    return found


def common(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """What lies in both; each is in order and apart."""
    found: list[Span] = []
    i = j = 0
    while i < len(one) and j < len(other):
        begins, finishes = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if begins < finishes:
            found.append((begins, finishes))
        if one[i][1] <= other[j][1]:
            i += 1
        else:
            j += 1
    return found


def without(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    """What of ``spans`` is not in ``taken``; each is in order and apart."""
    found: list[Span] = []
    i = 0
    for begins, finishes in spans:
        while i < len(taken) and taken[i][1] <= begins:
            i += 1
        at, k = begins, i
        while k < len(taken) and taken[k][0] < finishes:
            if taken[k][0] > at:
                found.append((at, taken[k][0]))
            at = max(at, taken[k][1])
            k += 1
        if at < finishes:
            found.append((at, finishes))
    return found


def within(spans: Iterable[Span], start: datetime, end: datetime) -> list[Span]:
    """Their parts between two instants, in the order given."""
    cut = [(max(begins, start), min(finishes, end)) for begins, finishes in spans]
    return [(begins, finishes) for begins, finishes in cut if begins < finishes]
