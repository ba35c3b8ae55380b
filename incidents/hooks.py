"""Panels of higher rooms in the incident room: they register an address, the room asks for it.

The address takes the incident's number and answers with the panel's HTML, or with nothing when it
has nothing to show to this person. ``place`` is "main" (under the next duty) or "aside".
"""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Panel:
    """A registered panel."""

    name: str
    place: str
    poll_seconds: int


_panels: dict[str, Panel] = {}


def register_panel(name: str, *, place: str = "aside", poll_seconds: int = 15) -> None:
    """Show the panel at the address called ``name``; called in ``AppConfig.ready``."""
    if place not in ("main", "aside"):
        raise ValueError(f"no such place in the incident room: {place}")
    _panels[name] = Panel(name, place, poll_seconds)


def panels(number: str, place: str) -> list[tuple[str, int]]:
    """Addresses and polling intervals of the panels in a place, in the order of registration."""
    return [
        (reverse(panel.name, args=[number]), panel.poll_seconds)
        for panel in _panels.values()
        if panel.place == place
    ]
