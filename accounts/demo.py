"""The demonstration people: shown with their log-ins only while the demo flag is on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

from accounts.roles import Role

DATA = Path(__file__).parent / "data" / "demo_people.json"


@dataclass(frozen=True)
class DemoPerson:
    """One demonstration log-in."""

    username: str
    password: str
    name: str
    staff_no: str
    unit: str
    phone: str
    roles: tuple[str, ...]
    main: bool
    unit_en: str = ""

    @property
    def role_label(self) -> str:
        """Names of the roles in the reader's language."""
        return " · ".join(str(Role(role).label) for role in self.roles)

    @property
    def unit_label(self) -> str:
        """Name of the unit in the reader's language."""
        if self.unit_en and (get_language() or "").startswith("en"):
            return self.unit_en
        return self.unit


@cache
def all_demo_people() -> tuple[DemoPerson, ...]:
    """Everybody in the demonstration data."""
    rows = json.loads(DATA.read_text("utf-8"))
    return tuple(DemoPerson(**{**row, "roles": tuple(row["roles"])}) for row in rows)


def demo_people() -> list[DemoPerson]:
    """One or two people per role, for the log-in page and the terminal."""
    return [person for person in all_demo_people() if person.main]
