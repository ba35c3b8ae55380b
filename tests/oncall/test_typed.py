"""A stretch as planners type it."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from oncall.typed import NotUnderstood, read

TODAY = date(2026, 11, 20)
BEIJING = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("line", "names", "start", "end"),
    [
        ("张丽 11-23..11-29", {"primary": "张丽"}, "2026-11-23 00:00", "2026-11-30 00:00"),
        ("张丽 11-23", {"primary": "张丽"}, "2026-11-23 00:00", "2026-11-24 00:00"),
        ("张丽/刘强 11-23 09:00..11-30 09:00", {"primary": "张丽", "backup": "刘强"},
         "2026-11-23 09:00", "2026-11-30 09:00"),
        ("张丽 备岗 11-23 18:00..22:30", {"backup": "张丽"}, "2026-11-23 18:00",
         "2026-11-23 22:30"),
        ("Li Na backup 2027-01-04..2027-01-05", {"backup": "Li Na"}, "2027-01-04 00:00",
         "2027-01-06 00:00"),
        ("张丽 主岗 11-30 至 12-02", {"primary": "张丽"}, "2026-11-30 00:00", "2026-12-03 00:00"),
        ("张丽 1-4", {"primary": "张丽"}, "2027-01-04 00:00", "2027-01-05 00:00"),
        ("张丽 6-4", {"primary": "张丽"}, "2026-06-04 00:00", "2026-06-05 00:00"),
    ],
)  # fmt: skip
def test_what_is_understood(line: str, names: dict[str, str], start: str, end: str) -> None:
    typed = read(line, TODAY)

    assert typed.names == names
    assert typed.starts_at == datetime.fromisoformat(start).replace(tzinfo=BEIJING)
    assert typed.ends_at == datetime.fromisoformat(end).replace(tzinfo=BEIJING)


@pytest.mark.parametrize(
    "line",
    ["", "张丽", "11-23..11-29", "张丽 13-40", "张丽 11-23 25:00", "a/b/c 11-23", "a/ 11-23",
     "张丽/刘强 备岗 11-23", "张丽 09:00..11-23", "张丽 11-23..…", "张丽 2-30"],
)  # fmt: skip
def test_what_is_not(line: str) -> None:
    with pytest.raises(NotUnderstood):
        read(line, TODAY)
