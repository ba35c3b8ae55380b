"""Numbers of records: unique, by Beijing day, never reused (I05)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import transaction

from numbering.models import Counter
from numbering.services import DEFECT, INCIDENT, allocate
from tests.threads import at_once


@pytest.mark.django_db
def test_numbers_count_up_from_one(now: datetime) -> None:
    assert [allocate(DEFECT, now=now) for _each in range(3)] == [
        "QX-20261123-0001",
        "QX-20261123-0002",
        "QX-20261123-0003",
    ]


@pytest.mark.django_db
def test_each_prefix_and_each_day_counts_for_itself(now: datetime) -> None:
    allocate(DEFECT, now=now)

    assert allocate(INCIDENT, now=now) == "GZ-20261123-0001"
    assert allocate(DEFECT, now=now.replace(day=24)) == "QX-20261124-0001"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("utc", "day"),
    [
        (datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC), "20261123"),
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), "20261124"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "20270101"),
    ],
)
def test_the_day_is_beijings(utc: datetime, day: str) -> None:
    assert allocate(DEFECT, now=utc) == f"QX-{day}-0001"


@pytest.mark.django_db
def test_after_9999_it_grows_a_digit(now: datetime) -> None:
    allocate(DEFECT, now=now)
    Counter.objects.update(last=9999)

    assert allocate(DEFECT, now=now) == "QX-20261123-10000"


@pytest.mark.django_db(transaction=True)
def test_it_needs_the_transaction_of_the_record(now: datetime) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        allocate(DEFECT, now=now)


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_get_eight_numbers(now: datetime) -> None:
    def several(_number: int) -> list[str]:
        mine = []
        for _each in range(5):
            with transaction.atomic():
                mine.append(allocate(DEFECT, now=now))
        return mine

    numbers = [number for share in at_once(8, several) for number in share]

    assert sorted(numbers) == [f"QX-20261123-{number:04d}" for number in range(1, 41)]
