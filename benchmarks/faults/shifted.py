"""The product's clock, moved by the campaign: ``timezone.now()`` plus what stands in a file."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

FILE = "FAULTS_SHIFT_FILE"


class ShiftedClock:
    """Seconds in a file are added to the machine's time, in every process alike."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def read(self) -> timedelta:
        """How far the clock is ahead."""
        return timedelta(seconds=float(self.file.read_text(encoding="ascii")))

    def write(self, ahead: timedelta) -> None:
        """Move it, in one step that readers see whole."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(str(ahead.total_seconds()), encoding="ascii")
        fresh.replace(self.file)


def install() -> ShiftedClock:
    """Let ``django.utils.timezone.now`` follow the file named in the environment."""
    from django.utils import timezone

    clock = ShiftedClock(Path(os.environ[FILE]))
    real = timezone.now

    def now() -> datetime:
        return real() + clock.read()

    timezone.now = now
    return clock
