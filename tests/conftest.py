"""Shared by all tests: named actors, one small bank, protection of the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.actors import SETUP
from accounts.models import Organisation, User
from accounts.roles import Role
from accounts.services import create_person
from audit import protection
from operations.models import ManagedObject

PASSWORD = "Right-horse-7-battery"
# Monday 2026-11-23 09:05 in Beijing
NOW = datetime(2026, 11, 23, 1, 5, tzinfo=UTC)
# Rows that migrations write, and the function that writes them.
SHIPPED_DATA = (
    ("calendars.migrations.0002_years_2025_and_2026", "load"),
    ("sla.migrations.0002_first_agreement", "create"),
    ("sla.migrations.0005_confirm_first_and_regulator", "create"),
)


@pytest.fixture(autouse=True)
def _apart(settings: Any, tmp_path: Any) -> None:
    """Files in a folder of the test's own, and nothing remembered from the test before."""
    settings.MEDIA_ROOT = tmp_path / "attachments"
    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def _emptying_lifts_protection() -> Iterator[None]:
    """Emptying the database between transactional tests may remove audit events; nothing else.

    What the migrations ship is put back, so that every test starts with it.
    """
    from django.core.management.commands import flush

    original = flush.Command.handle

    def handle(self: Any, **options: Any) -> Any:
        protection.remove(connection)
        try:
            original(self, **options)
        finally:
            protection.install(connection)
        for migration, fill in SHIPPED_DATA:
            getattr(import_module(migration), fill)(apps, connection.schema_editor())

    flush.Command.handle = handle  # type: ignore[method-assign]
    yield
    flush.Command.handle = original  # type: ignore[method-assign]


@pytest.fixture
def now() -> datetime:
    """Monday 2026-11-23 09:05 Beijing time, as UTC."""
    return NOW


@pytest.fixture
def bank(db: None) -> Organisation:
    """Head office."""
    return Organisation.objects.create(name="总行", name_en="Head office", kind="bank")


def _unit(name: str, kind: str = "bank_unit", parent: Organisation | None = None) -> Organisation:
    return Organisation.objects.create(name=name, kind=kind, parent=parent)


@pytest.fixture
def branch(bank: Organisation) -> Organisation:
    """The reporter's branch."""
    return _unit("沈阳分行", parent=bank)


@pytest.fixture
def card_unit(branch: Organisation) -> Organisation:
    """The reporter's unit."""
    return _unit("沈阳分行银行卡部", parent=branch)


@pytest.fixture
def other_branch(bank: Organisation) -> Organisation:
    """The outsider's branch."""
    return _unit("大连分行", parent=bank)


@pytest.fixture
def monitoring_room(bank: Organisation) -> Organisation:
    """Where the monitors sit."""
    return _unit("总行数据中心机房监控室", parent=bank)


@pytest.fixture
def company(db: None) -> Organisation:
    """The operations company."""
    return _unit("辽宁微云企业管理有限公司", "operator")


@pytest.fixture
def superior_department(db: None) -> Organisation:
    """Whom defects are reported to."""
    return _unit("上级主管部门", "superior")


@pytest.fixture
def make_person(db: None) -> Callable[..., User]:
    """Create a person: ``make_person("lina", "李娜", company, Role.SUPPORT)``."""
    counter = iter(range(1, 1000))

    def make(username: str, name: str, unit: Organisation, *roles: str, **more: Any) -> User:
        more.setdefault("staff_no", f"T{next(counter):03d}")
        more.setdefault("phone", "13800138000")
        more.setdefault("email", f"{username}@example.invalid")
        return create_person(
            actor=SETUP, username=username, name=name, organisation=unit, roles=roles,
            password=PASSWORD, **more,
        )  # fmt: skip

    return make


@pytest.fixture
def reporter(make_person: Callable[..., User], card_unit: Organisation) -> User:
    """A bank user."""
    return make_person("zhangli", "张丽", card_unit, Role.REPORTER)


@pytest.fixture
def teammate(make_person: Callable[..., User], card_unit: Organisation) -> User:
    """Another bank user of the reporter's unit."""
    return make_person("zhaomin", "赵敏", card_unit, Role.REPORTER)


@pytest.fixture
def outsider(make_person: Callable[..., User], other_branch: Organisation) -> User:
    """A bank user of another branch."""
    return make_person("wangqiang", "王强", other_branch, Role.REPORTER)


@pytest.fixture
def agent(make_person: Callable[..., User], company: Organisation) -> User:
    """A help-desk agent."""
    return make_person("zhoujing", "周静", company, Role.AGENT)


@pytest.fixture
def support(make_person: Callable[..., User], company: Organisation) -> User:
    """Service support."""
    return make_person("lina", "李娜", company, Role.SUPPORT)


@pytest.fixture
def tech(make_person: Callable[..., User], company: Organisation) -> User:
    """Technical staff."""
    return make_person("zhangwei", "张伟", company, Role.TECH)


@pytest.fixture
def tech2(make_person: Callable[..., User], company: Organisation) -> User:
    """Other technical staff."""
    return make_person("liuqiang", "刘强", company, Role.TECH)


@pytest.fixture
def biz(make_person: Callable[..., User], company: Organisation) -> User:
    """Business staff."""
    return make_person("sunli", "孙丽", company, Role.BIZ)


@pytest.fixture
def supervisor(make_person: Callable[..., User], company: Organisation) -> User:
    """A supervisor."""
    return make_person("chenming", "陈明", company, Role.SUPERVISOR)


@pytest.fixture
def implementer(make_person: Callable[..., User], company: Organisation) -> User:
    """An implementer."""
    return make_person("wugang", "吴刚", company, Role.IMPLEMENTER)


@pytest.fixture
def monitor(make_person: Callable[..., User], monitoring_room: Organisation) -> User:
    """A machine-room monitor."""
    return make_person("machao", "马超", monitoring_room, Role.MONITOR)


@pytest.fixture
def superior(make_person: Callable[..., User], superior_department: Organisation) -> User:
    """The superior department."""
    return make_person("hezhiyuan", "何志远", superior_department, Role.SUPERIOR)


@pytest.fixture
def manager(make_person: Callable[..., User], company: Organisation) -> User:
    """A manager."""
    return make_person("gaojie", "高洁", company, Role.MANAGER)


@pytest.fixture
def sysadmin(make_person: Callable[..., User], company: Organisation) -> User:
    """The system administrator."""
    return make_person("qianjin", "钱进", company, Role.SYSADMIN)


@pytest.fixture
def secadmin(make_person: Callable[..., User], company: Organisation) -> User:
    """The security administrator."""
    return make_person("fengan", "冯安", company, Role.SECADMIN)


@pytest.fixture
def auditor(make_person: Callable[..., User], company: Organisation) -> User:
    """The audit administrator."""
    return make_person("shenzheng", "沈正", company, Role.AUDITOR)


@pytest.fixture
def system(db: None) -> ManagedObject:
    """The acquiring database."""
    return ManagedObject.objects.create(code="ACQ-DB", name="收单数据库", kind="database")


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A browser in which ``user`` is signed in: ``signed_in(agent).get(...)``."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
