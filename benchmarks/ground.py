"""A database of the benchmark's own, made and dropped by itself, and the processes it starts."""

from __future__ import annotations

import multiprocessing
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

SPAWN = multiprocessing.get_context("spawn")


@contextmanager
def own_database(name: str) -> Iterator[None]:
    """An empty, migrated database; dropped at the end.

    On the PostgreSQL server of DATABASE_URL when that is set, else a SQLite file.
    """
    folder = Path(tempfile.mkdtemp(prefix="servicedesk-bench-"))
    server = os.environ.get("DATABASE_URL", "")
    database = f"bench_{name}_{os.getpid()}"
    os.environ.update(
        ENV_FILE=os.devnull,
        DJANGO_SETTINGS_MODULE="servicedesk.settings",
        SECRET_KEY="only-for-benchmarks-" + "x" * 40,
        DATA_DIR=str(folder),
        HTTPS="off",
        DEBUG="off",
        DEMO="off",
        REDIS_URL="",
        LOG_LEVEL="ERROR",
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
    )
    if server:
        _on_server(server, f'CREATE DATABASE "{database}"')
        os.environ["DATABASE_URL"] = urlunsplit(urlsplit(server)._replace(path=f"/{database}"))
    else:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'bench.sqlite3'}"
    try:
        _migrate()
        yield
    finally:
        from django.db import connection

        connection.close()
        if server:
            _on_server(server, f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        shutil.rmtree(folder, ignore_errors=True)


def _migrate() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def _on_server(server: str, statement: str) -> None:
    import psycopg2

    connection = psycopg2.connect(server)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()


def on_postgres() -> bool:
    """True when the present database is PostgreSQL."""
    from django.db import connection

    return connection.vendor == "postgresql"


def analyse() -> None:
    """Let the planner know what was loaded."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if on_postgres():
            cursor.execute("VACUUM ANALYZE sla_clock")


def _work(engine: str, period: float, stop: Any) -> None:
    """A worker process: runs one engine every ``period`` seconds until told to stop."""
    import django

    django.setup()
    from django.urls import get_resolver
    from django.utils import timezone

    from engine import registry

    get_resolver().url_patterns  # noqa: B018 # as a worker does when it starts
    while not stop.is_set():
        started = time.monotonic()
        registry.run(engine, timezone.now())
        stop.wait(max(0.0, period - (time.monotonic() - started)))


@contextmanager
def workers(engine: str, count: int = 2, period: float = 1.0) -> Iterator[None]:
    """``count`` processes that run ``engine`` as a worker does on its tick."""
    stop = SPAWN.Event()
    running = [
        SPAWN.Process(target=_work, args=(engine, period, stop), daemon=True) for _ in range(count)
    ]
    for process in running:
        process.start()
    try:
        yield
    finally:
        stop.set()
        for process in running:
            process.join(60)
            if process.is_alive():
                process.kill()


def wait_until(holds: Callable[[], bool], seconds: float, every: float = 0.1) -> bool:
    """Look until ``holds`` or the time is up."""
    give_up = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > give_up:
            return False
        time.sleep(every)
    return True


def machine() -> str:
    """What it ran on, for the figures."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, "
        f"load before {load:.1f}"
    )


def verdict(*, holds: bool) -> int:
    """The exit status: 0 when every limit was kept."""
    print("within its limits" if holds else "OVER ITS LIMITS", flush=True)
    sys.stdout.flush()
    return 0 if holds else 1
