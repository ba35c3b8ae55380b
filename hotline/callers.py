"""Who is calling: finding the person or the unit, and what the desk already knows of them (R12)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from accounts.models import Organisation, User
from accounts.phones import normalise
from accounts.pinyin import fold
from hotline.models import Contact
from incidents.models import Incident
from tickets.models import Consultation, Defect

BANK_KINDS = (Organisation.Kind.BANK, Organisation.Kind.BANK_UNIT)
PEOPLE, UNITS, STRANGERS, LAST, OPEN = 8, 4, 3, 3, 5


@dataclass(frozen=True)
class Found:
    """What a search for the caller gives."""

    people: list[User] = field(default_factory=list)
    units: list[Organisation] = field(default_factory=list)
    # Callers without an account, as an earlier contact noted them
    strangers: list[Contact] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.people or self.units or self.strangers)


@dataclass(frozen=True)
class OpenRecord:
    """A record of the unit on which somebody still works."""

    number: str
    title: str
    url_name: str
    record: Any


@dataclass(frozen=True)
class Card:
    """The caller as the console shows them."""

    person: User | None = None
    unit: Organisation | None = None
    name: str = ""
    phone: str = ""
    contacts: list[Contact] = field(default_factory=list)
    records: list[OpenRecord] = field(default_factory=list)

    @property
    def known(self) -> bool:
        """There is anything to show."""
        return self.person is not None or self.unit is not None


def bank_units() -> Any:
    """The registered units that may call."""
    return Organisation.objects.filter(kind__in=BANK_KINDS, is_active=True).order_by("path")


def bank_people() -> Any:
    """Active accounts of the bank's people."""
    return User.objects.get_queryset().active().filter(organisation__kind__in=BANK_KINDS)


def find_callers(text: str, *, actor: User) -> Found:
    """People by phone, name, pinyin, staff number or unit; units; earlier callers (R12).

    One Latin letter or digit finds nothing: it would be half the bank.
    """
    text = _as_number(text.strip()[:60])
    folded = fold(text)
    if len(folded) < 2 and folded.isascii():
        return Found()
    people = bank_people().matching(text).select_related("organisation")
    units = bank_units().filter(search__contains=folded)
    strangers = Contact.objects.visible_to(actor).filter(caller=None).exclude(caller_name="")
    strangers = strangers.filter(Q(caller_name__contains=text) | Q(caller_phone__contains=folded))
    seen: dict[tuple[str, str], Contact] = {}
    for contact in strangers.select_related("unit")[:30]:
        seen.setdefault((contact.caller_name, contact.caller_phone), contact)
    return Found(list(people[:PEOPLE]), list(units[:UNITS]), list(seen.values())[:STRANGERS])


def card_of(
    *, actor: User, person: User | None = None, unit: Organisation | None = None,
    name: str = "", phone: str = "",
) -> Card:  # fmt: skip
    """The last three contacts and the open records of a person and the person's unit."""
    if person is not None:
        unit, name, phone = person.organisation, person.name, phone or person.phone
    return Card(person, unit, name, phone, _last(actor, person, unit, phone), _open(actor, unit))


def _last(actor: User, person: User | None, unit: Organisation | None, phone: str) -> list[Contact]:
    contacts = Contact.objects.visible_to(actor).select_related("agent")
    if person is not None:
        contacts = contacts.filter(caller=person)
    elif phone:
        contacts = contacts.filter(caller_phone=phone)
    elif unit is not None:
        contacts = contacts.filter(unit=unit)
    else:
        return []
    return list(contacts[:LAST])


def _open(actor: User, unit: Organisation | None) -> list[OpenRecord]:
    if unit is None:
        return []
    incidents = Incident.objects.visible_to(actor).open().filter(unit=unit, is_drill=False)
    defects = Defect.objects.visible_to(actor).open().filter(unit=unit, number__isnull=False)
    consultations = Consultation.objects.visible_to(actor).filter(unit=unit, state="open")
    found = [
        *(OpenRecord(i.number, i.title, "incidents:room", i) for i in incidents[:OPEN]),
        *(OpenRecord(d.number or "", d.title, "tickets:defect", d) for d in defects[:OPEN]),
        *(OpenRecord(c.number, c.title, "tickets:consultation", c) for c in consultations[:OPEN]),
    ]
    return found[:OPEN]


def _as_number(text: str) -> str:
    """A whole phone number in its one form, anything else as it is."""
    try:
        return normalise(text)
    except ValueError:
        return text
