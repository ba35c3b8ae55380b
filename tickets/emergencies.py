"""Whether a defect belongs to a running system-down incident (D26).

Incidents are known to a room further left; it registers the answer in ``AppConfig.ready``.
"""

from __future__ import annotations

from collections.abc import Callable

from tickets.models import Defect

# The number of the running S1 incident to which a defect is linked, "" when there is none.
Finder = Callable[[Defect], str]
_finders: list[Finder] = []


def on_live_emergency(find: Finder) -> None:
    """Register ``find``; registering the same one twice changes nothing."""
    if find not in _finders:
        _finders.append(find)


def live_emergency(defect: Defect) -> str:
    """Number of the running S1 incident to which ``defect`` is linked, or ""."""
    return next((number for find in _finders if (number := find(defect))), "")
