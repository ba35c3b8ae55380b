"""``manage.py watchdog``: the process that rings when the engines are silent (I17)."""

from __future__ import annotations

import logging
import signal
from datetime import timedelta
from threading import Event
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections, connection
from django.utils import timezone

from oncall.watchdog import SILENCE, watch

log = logging.getLogger(__name__)
EVERY_SECONDS = 5.0


class Command(BaseCommand):
    """Look every few seconds until told to stop; an error is logged and never ends the watch."""

    help = "Watches the engines' heartbeats and rings on-call when they are silent"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--every", type=float, default=EVERY_SECONDS, help="seconds between two looks"
        )
        parser.add_argument(
            "--silence",
            type=float,
            default=SILENCE.total_seconds(),
            help="seconds without a heartbeat before on-call is rung (heartbeats come every 5 s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        ended = Event()

        def end(_signal: int, _frame: FrameType | None) -> None:
            ended.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        since, silence = timezone.now(), timedelta(seconds=options["silence"])
        was_silent = False
        while not ended.wait(options["every"]):
            close_old_connections()
            try:
                silent = watch(timezone.now(), since=since, silence=silence)
            except Exception:
                log.exception("the watchdog could not look")
                connection.close()
                continue
            if silent != was_silent:
                log.warning("an engine is silent" if silent else "all engines run again")
            was_silent = silent
