"""Which open records name a unit or a system: each room tells, when it starts (R01)."""

from __future__ import annotations

from collections.abc import Callable

from django.db import models

Finder = Callable[[models.Model], list[str]]
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Add a room's finder: the numbers of its open records that name the thing."""
    _finders.append(finder)


def open_records(thing: models.Model) -> list[str]:
    """Numbers of open records that name ``thing``, room by room; a handful is enough."""
    return [number for finder in _finders for number in finder(thing)]
