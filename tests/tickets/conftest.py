"""Shared by the tests of the tickets room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine

from accounts.models import User
from operations.models import ManagedObject
from tests.tickets.journey import Cast, Journey


@pytest.fixture
def journey(
    now: datetime,
    reporter: User,
    support: User,
    tech: User,
    supervisor: User,
    implementer: User,
    agent: User,
    superior: User,
    system: ManagedObject,
) -> Iterator[Journey]:
    """The usual path of a defect, begun this morning; it is six hours later now."""
    cast = Cast(reporter, support, tech, supervisor, implementer, agent, superior, system)
    with time_machine.travel(now + timedelta(hours=6)):
        yield Journey(cast, now)
