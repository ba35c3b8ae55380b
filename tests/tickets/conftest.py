"""Shared by the tests of the tickets room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from accounts.models import Organisation, User
from accounts.roles import Role
from operations.models import ManagedObject
from tests.tickets.journey import Cast, Journey
from tests.tickets.situations import Company, Situations
from tests.tickets.world import World, build_world


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


@pytest.fixture
def supervisor2(make_person: Callable[..., User], company: Organisation) -> User:
    """Another supervisor."""
    return make_person("hanmei", "韩梅", company, Role.SUPERVISOR)


@pytest.fixture
def situations(journey: Journey, tech2: User, biz: User, supervisor2: User) -> Situations:
    """A defect in any situation of the expectation table."""
    return Situations(journey, Company(tech2, biz, supervisor2))


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Everybody and a defect in each situation, once for a module and rolled back at its end."""
    yield from build_world(django_db_blocker)
