"""Demonstration organisations and people."""

from __future__ import annotations

import json
from pathlib import Path

from django.contrib.auth.hashers import make_password

from accounts.actors import SETUP
from accounts.demo import all_demo_people
from accounts.models import Organisation, User
from accounts.services import create_person

ORGANISATIONS = Path(__file__).resolve().parents[2] / "accounts/data/demo_organisations.json"


def create_organisations() -> None:
    """Create the missing organisations, parents first."""
    for row in json.loads(ORGANISATIONS.read_text("utf-8")):
        if not Organisation.objects.filter(name=row["name"]).exists():
            parent = row["parent"] and Organisation.objects.get(name=row["parent"])
            Organisation.objects.create(
                name=row["name"], name_en=row["name_en"], kind=row["kind"], parent=parent or None
            )


def create_people() -> None:
    """Create the missing demonstration people.

    They share one password, so it is hashed once: on purpose hashing is slow.
    """
    hashes = {password: make_password(password) for password in _missing_passwords()}
    for person in all_demo_people():
        if not User.objects.filter(username=person.username).exists():
            user = create_person(
                actor=SETUP,
                username=person.username,
                name=person.name,
                staff_no=person.staff_no,
                organisation=Organisation.objects.get(name=person.unit),
                roles=person.roles,
                password=None,
                phone=person.phone,
                email=f"{person.username}@example.invalid",
            )
            user.password = hashes[person.password]
            user.save(update_fields=["password"])


def _missing_passwords() -> set[str]:
    known = set(User.objects.values_list("username", flat=True))
    return {person.password for person in all_demo_people() if person.username not in known}


def person(username: str) -> User:
    """A demonstration person by user name."""
    found: User = User.objects.get(username=username)
    return found


def person_named(name: str) -> User:
    """A demonstration person by the name in the sample tickets."""
    found: User = User.objects.get(name=name)
    return found
