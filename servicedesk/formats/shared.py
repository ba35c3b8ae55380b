"""One way to show a date, many ways to type one (Django's own Chinese list refuses 年月日)."""

from __future__ import annotations

_DAYS = ["%Y-%m-%d", "%Y年%m月%d日", "%Y.%m.%d", "%Y/%m/%d", "%Y%m%d"]
_TIMES = [
    "%H:%M",
    "%H:%M:%S",
    "%H:%M:%S.%f",
    "%H：%M",
    "%H：%M：%S",
    "%H时%M分",
    "%H点%M分",
    "%H%M",
]

DATE_FORMAT = "Y-m-d"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "Y-m-d H:i"
YEAR_MONTH_FORMAT = "Y-m"
MONTH_DAY_FORMAT = "m-d"
SHORT_DATE_FORMAT = "Y-m-d"
SHORT_DATETIME_FORMAT = "Y-m-d H:i"
FIRST_DAY_OF_WEEK = 1

DATE_INPUT_FORMATS = _DAYS
TIME_INPUT_FORMATS = _TIMES
DATETIME_INPUT_FORMATS = [
    *(f"{day}{gap}{clock}" for day in _DAYS for gap in (" ", "T") for clock in _TIMES),
    # Without a gap only after 日: "%Y%m%d%H%M" would read 20261123 as 1 January, 02:03.
    *(f"%Y年%m月%d日{clock}" for clock in _TIMES),
    *_DAYS,
]

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
