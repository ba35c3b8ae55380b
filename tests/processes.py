"""The product's own processes against the test database: workers, the watchdog."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
WORKER = (
    "celery", "-q", "-A", "servicedesk", "worker", "--pool", "threads", "--concurrency", "4",
    "--loglevel", "error", "--without-gossip", "--without-mingle", "--without-heartbeat",
)  # fmt: skip


def database_url() -> str:
    """The test database, as a process's environment names it."""
    named = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{named['NAME']}"
    password = f":{named['PASSWORD']}" if named["PASSWORD"] else ""
    host, port = named["HOST"] or "127.0.0.1", named["PORT"] or 5432
    return f"postgres://{named['USER']}{password}@{host}:{port}/{named['NAME']}"


class Processes:
    """Starts processes and ends whatever still runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started: list[subprocess.Popen[bytes]] = []
        self.environ = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "servicedesk.settings",
            "ENV_FILE": os.devnull,
            "SECRET_KEY": "only-for-tests-" + "x" * 40,
            "DATABASE_URL": database_url(),
            "REDIS_URL": "",
            "DATA_DIR": str(folder),
            "HTTPS": "off",
            "ENGINE_TICK_SECONDS": "0.3",
            "PYTHONWARNINGS": "ignore",
        }

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start ``python -m arguments`` in the project's folder; its words go to a file."""
        with (self.folder / f"process{len(self.started)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=self.environ, stdout=log, stderr=log
            )
        self.started.append(process)
        return process

    def worker(self) -> subprocess.Popen[bytes]:
        """A worker with its beat inside."""
        return self.start("-m", *WORKER)

    def watchdog(self, *, silence: float, every: float = 0.3) -> subprocess.Popen[bytes]:
        """A watchdog with little patience."""
        return self.start("manage.py", "watchdog", "--silence", str(silence), "--every", str(every))

    def end(self) -> None:
        """Kill what still runs, also what was stopped."""
        for process in self.started:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait(10)


def wait_for(what: Callable[[], bool], seconds: float) -> bool:
    """Look until ``what`` holds or the time is up; returns whether it holds."""
    give_up = time.monotonic() + seconds
    while not (holds := what()) and time.monotonic() < give_up:
        time.sleep(0.05)
    return holds


def stand_still(worker: subprocess.Popen[bytes]) -> None:
    """SIGSTOP, at a moment at which ``worker`` writes nothing.

    SQLite has one lock for all writers: whoever stands still with it holds up everybody, the
    watchdog too. PostgreSQL ends such a session (``DB_IDLE_IN_TRANSACTION_SECONDS``).
    """
    for _try in range(100):
        worker.send_signal(signal.SIGSTOP)
        if _may_write():
            return
        worker.send_signal(signal.SIGCONT)
        time.sleep(0.05)
    raise AssertionError("the worker never stopped writing")


def _may_write() -> bool:
    if connection.vendor != "sqlite":
        return True
    other = sqlite3.connect(connection.settings_dict["NAME"], timeout=0.3, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return False
    finally:
        other.close()
    return True
