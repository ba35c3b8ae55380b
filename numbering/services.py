"""Allocating record numbers."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection, transaction

BEIJING = ZoneInfo("Asia/Shanghai")

CONSULTATION = "ZX"
KNOWLEDGE = "ZS"
DEFECT = "QX"
INCIDENT = "GZ"
MACHINE_ROOM_REPORT = "JF"
CHANGE_RECORD = "CHG"
SUPERIOR_REPORT = "SB"
REPLY = "HF"
CONTACT = "LX"
DRILL = "YL"
RISK = "FX"


def allocate(prefix: str, *, now: datetime) -> str:
    """Next number such as ``QX-20261123-0001`` for the Beijing day of ``now`` (I05).

    Unique and never reused, with gaps allowed: the counter row is raised by one atomic statement
    in the caller's transaction. The sequence has four digits and grows to five.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("allocate needs a transaction")
    day = now.astimezone(BEIJING).date()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO numbering_counter (prefix, day, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (prefix, day) DO UPDATE SET last = numbering_counter.last + 1 "
            "RETURNING last",
            [prefix, day],
        )
        (last,) = cursor.fetchone()
    return f"{prefix}-{day:%Y%m%d}-{last:04d}"
