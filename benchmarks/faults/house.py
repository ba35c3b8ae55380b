"""What runs meanwhile: Redis, four workers, two beats, a web process; and what befalls them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from random import Random

WORKERS, BEATS = 4, 2


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class House:
    """Starts, kills, stops and wakes processes; counts what it did to them."""

    def __init__(
        self, folder: Path, chance: Random, *, workers: int = WORKERS, beats: int = BEATS
    ) -> None:
        self.folder, self.chance, self.workers, self.beats = folder, chance, workers, beats
        self.redis_port, self.web_port = free_port(), free_port()
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.stopped: list[str] = []
        self.kills = self.stops = 0

    @property
    def redis_url(self) -> str:
        """Of the campaign's own Redis."""
        return f"redis://127.0.0.1:{self.redis_port}/0"

    def names(self) -> list[str]:
        """Every process but Redis."""
        workers = [f"worker {number}" for number in range(self.workers)]
        return [
            *workers,
            *(f"beat {number}" for number in range(self.beats)),
            f"web {self.web_port}",
        ]

    def start_all(self) -> None:
        """Redis first, then everything that is not running."""
        if not self._lives("redis"):
            self._start(
                "redis", "redis-server", "--bind", "127.0.0.1", "--port", str(self.redis_port),
                "--save", "", "--appendonly", "no", "--dir", str(self.folder),
            )  # fmt: skip
        for name in self.names():
            if not self._lives(name):
                self._start(name, sys.executable, "-m", "benchmarks.faults.process", *name.split())

    def _lives(self, name: str) -> bool:
        return name in self.running and self.running[name].poll() is None

    def _start(self, name: str, *command: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                command, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self, name: str) -> None:
        """``kill -9``, the children too."""
        self._signal(name, signal.SIGKILL)
        self.running[name].wait(10)
        self.kills += 1

    def stop(self, name: str) -> None:
        """Let it stand still."""
        self._signal(name, signal.SIGSTOP)
        self.stopped.append(name)
        self.stops += 1

    def wake_all(self) -> None:
        """Whatever stood still goes on."""
        while self.stopped:
            self._signal(self.stopped.pop(), signal.SIGCONT)

    def _signal(self, name: str, number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.running[name].pid, number)

    def cut_connections(self) -> None:
        """End every connection to the database but our own."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        self.kills += 1

    def something_happens(self) -> str:
        """One fault, drawn by lot; returns what it was."""
        fault = self.chance.choice(("kill", "kill", "stop", "redis", "database"))
        if fault == "redis":
            self.kill("redis")
            return "kill redis"
        if fault == "database":
            self.cut_connections()
            return "cut database connections"
        name = self.chance.choice(self.names())
        if not self._lives(name) or name in self.stopped:
            return f"{name} is down already"
        if fault == "stop":
            self.stop(name)
        else:
            self.kill(name)
        return f"{fault} {name}"

    def wait_for_redis(self) -> None:
        """Until it takes connections."""
        for _try in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.redis_port)) == 0:
                    return
            time.sleep(0.05)

    def end(self) -> None:
        """Kill everything."""
        self.wake_all()
        for process in self.running.values():
            if process.poll() is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)
