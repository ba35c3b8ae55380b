"""A library to work with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine

from accounts.models import User
from readiness.models import EmergencyPlan
from tests.readiness.library import effective_plan


@pytest.fixture(autouse=True)
def _monday_morning(now: datetime) -> Iterator[None]:
    """Pages take the time from the server."""
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def plan(tech: User, supervisor: User, now: datetime) -> EmergencyPlan:
    """A plan in force: written by tech, approved by the supervisor."""
    return effective_plan(tech, supervisor, now)
