"""Shared by the tests of the teamwork room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from accounts.models import Organisation, User
from accounts.roles import Role
from audit import services as audit
from incidents.models import Incident
from incidents.services import report_incident
from operations.models import ManagedObject
from tests.tickets.conftest import journey

__all__ = ["journey"]


@pytest.fixture
def deputy(make_person: Callable[..., User], company: Organisation) -> User:
    """A colleague at the desk who is no supervisor."""
    return make_person("sunyue", "孙悦", company, Role.AGENT)


@pytest.fixture
def open_incident(agent: User, reporter: User, system: ManagedObject, now: datetime) -> Incident:
    """An outage that has just been reported."""
    with audit.unit_of_work():
        made: Incident = report_incident(
            actor=agent, now=now, title="收单业务中断", phenomenon="全部终端交易失败,前置无响应",
            managed_object=system, unit=reporter.organisation, reporter=reporter,
            reporter_name=reporter.name, reporter_phone="024-22851234", claimed_down=True,
        )  # fmt: skip
    return made
