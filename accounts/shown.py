"""How the actors of the trail are shown to people."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What people read; the trail keeps the name as it was written.
_SHOWN: dict[str, Promise] = {
    "system:sla": _("SLA engine"),
    "system:oncall": _("Paging engine"),
    "system:notifications": _("Message outbox"),
    "system:setup": _("Set-up"),
}


def shown_name(key: str, name: str, on_behalf_of: str = "") -> str:
    """Name of the actor ``key`` of an audit event, as people read it.

    Parts of the product are named in the reader's language; both names stand where somebody acted
    in another's place (I15).
    """
    shown = str(_SHOWN.get(key, name))
    if not on_behalf_of:
        return shown
    return str(_("%(receiver)s for %(giver)s")) % {"receiver": shown, "giver": on_behalf_of}
