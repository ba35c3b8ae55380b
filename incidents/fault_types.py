"""Fault types (R25): what failed, and through what. Two levels, one code ``class.scene``.

The classes are those of the emergency rules for important banking systems plus database and
storage from the service plan; the scenes are those of its emergency plans.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CLASSES: dict[str, Promise] = {
    "facility": _("Infrastructure"),
    "host": _("Hosts and hardware"),
    "system": _("System software"),
    "database": _("Database"),
    "storage": _("Storage"),
    "application": _("Application"),
    "network": _("Network"),
}
SCENES: dict[str, Promise] = {
    "power": _("Power"),
    "line": _("Communication line"),
    "fire_flood": _("Fire or flood"),
    "public_order": _("Public order"),
    "virus": _("Virus"),
    "attack": _("Network attack"),
    "sabotage": _("Sabotage"),
    "force_majeure": _("Force majeure"),
    "hardware": _("Hardware failure"),
    "os": _("Operating system"),
    "vulnerability": _("System vulnerability"),
    "software": _("Application system"),
    "misoperation": _("Wrong operation"),
    "other": _("Other"),
}
_SCENES_OF: dict[str, tuple[str, ...]] = {
    "facility": ("power", "fire_flood", "public_order", "sabotage", "force_majeure", "other"),
    "host": ("hardware", "power", "sabotage", "misoperation", "other"),
    "system": ("os", "vulnerability", "virus", "attack", "misoperation", "other"),
    "database": ("software", "hardware", "vulnerability", "attack", "misoperation", "other"),
    "storage": ("hardware", "power", "software", "misoperation", "other"),
    "application": ("software", "vulnerability", "attack", "misoperation", "other"),
    "network": ("line", "hardware", "attack", "misoperation", "force_majeure", "other"),
}

CODES = frozenset(f"{kind}.{scene}" for kind, scenes in _SCENES_OF.items() for scene in scenes)


def choices() -> list[tuple[object, object]]:
    """Grouped choices for a select: the class as heading, the scenes below."""
    listed: list[tuple[object, object]] = [("", _("Please choose"))]
    for kind, scenes in _SCENES_OF.items():
        listed.append(
            (CLASSES[kind], [(f"{kind}.{scene}", label(f"{kind}.{scene}")) for scene in scenes])
        )
    return listed


def label(code: str) -> str:
    """Name of a code in the reader's language; "" for none."""
    kind, _dot, scene = code.partition(".")
    if code not in CODES:
        return ""
    return f"{CLASSES[kind]} · {SCENES[scene]}"
