"""Corrections of contacts: fields never change, notes are appended and confirmed (R13)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import services as audit
from hotline import policies
from hotline.models import Contact, ContactCorrection
from workflow.errors import InvalidInput, insist
from workflow.texts import says_something

State = ContactCorrection.State
SAY_MORE = _("Please say it in words, at least 5 characters.")


def append_correction(
    contact: Contact, *, actor: User, now: datetime, text: str
) -> ContactCorrection:
    """Write a note; it counts once a supervisor has confirmed it. ``now`` UTC.

    Raises ``NotAllowed``, ``InvalidInput``.
    """
    insist(policies.can_correct_contact(actor))
    if not says_something(text):
        raise InvalidInput({"text": SAY_MORE})
    with audit.unit_of_work():
        note = ContactCorrection.objects.create(
            contact=contact, text=text.strip(), written_by=actor, written_at=now
        )
        audit.record(
            actor=actor, action="hotline.contact_corrected", target=contact, label=contact.number,
            happened_at=now, opinion=note.text, data={"correction": note.pk},
        )  # fmt: skip
    return note


def decide_correction(
    note: ContactCorrection, *, actor: User, now: datetime, confirmed: bool, opinion: str = ""
) -> ContactCorrection:
    """Confirm a note, or decline it with the reason; never one's own (four-eyes).

    Raises ``NotAllowed``, ``WrongState``, ``InvalidInput``.
    """
    with audit.unit_of_work():
        locked = ContactCorrection.objects.select_for_update(of=("self",)).get(pk=note.pk)
        insist(policies.can_decide_correction(actor, locked))
        if not confirmed and not says_something(opinion):
            raise InvalidInput({"opinion": SAY_MORE})
        locked.state = State.CONFIRMED if confirmed else State.DECLINED
        locked.decided_by, locked.decided_at, locked.opinion = actor, now, opinion.strip()
        locked.save(update_fields=["state", "decided_by", "decided_at", "opinion"])
        audit.record(
            actor=actor, action="hotline.correction_decided", target=locked.contact,
            label=locked.contact.number, happened_at=now, opinion=locked.opinion,
            data={"correction": locked.pk, "decision": str(locked.state)},
        )  # fmt: skip
    return locked
