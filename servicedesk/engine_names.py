"""What people call the engines: pages never show an engine's own name."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_NAMES: dict[str, Promise] = {
    "clocks": _("time limits"),
    "improvements": _("reminders of improvement items"),
    "alerts": _("repeated alerts"),
    "targets": _("internal targets"),
    "proof": _("nightly proof of the time limits"),
    "pages": _("call-outs"),
    "calls": _("phone calls"),
    "robots": _("Posts into groups"),
    "canary": _("weekly trial of the call chain"),
    "simulator": _("simulated phone line"),
    "defects": _("closing of defects"),
    "readiness": _("reminders of plans, drills and risks"),
    "reviews": _("review dates and missing signatures"),
    "roster": _("watch over the rosters"),
    "swaps": _("offers of swaps"),
    "handovers": _("handover sheets"),
    "messages": _("messages and e-mails"),
}


def engine_label(name: str) -> str:
    """Name of an engine in the reader's language."""
    return str(_NAMES.get(name, _("background work")))
