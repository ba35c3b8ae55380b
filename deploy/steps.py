"""Set-up's numbered steps: how they show themselves, and how they run other programs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from deploy.ground import ROOT, VAR, Problem

LOG = VAR / "setup.log"
UP_TO_DATE = "up to date"


@dataclass(frozen=True)
class Step:
    """One piece of set-up; ``work`` returns a word for the screen, such as "up to date"."""

    title: str
    work: Callable[[], str]


def walk(steps: Sequence[Step]) -> None:
    """Do ``steps`` in order, showing "[3/8] Installing front-end packages … 12 s"."""
    for number, step in enumerate(steps, start=1):
        print(f"[{number}/{len(steps)}] {step.title} … ", end="", flush=True)
        started = time.monotonic()
        try:
            word = step.work()
        except BaseException:
            print(flush=True)
            raise
        print(word or f"{time.monotonic() - started:.0f} s", flush=True)


def run(
    command: Sequence[str], *, why: str, environ: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run ``command`` in the project's folder and return what it printed.

    Raises ``Problem`` beginning with ``why`` when it fails; all it said goes to var/setup.log and
    its last lines to the screen.
    """
    VAR.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        list(command),
        cwd=ROOT,
        env=dict(os.environ) if environ is None else environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        said = f"$ {' '.join(command)}\n{done.stdout}{done.stderr}"
        LOG.write_text(said, encoding="utf-8")
        tail = "\n".join(said.rstrip().splitlines()[-15:])
        print(f"\n{tail}", file=sys.stderr)
        raise Problem(f"{why} (the whole output is in {LOG.relative_to(ROOT)}).")
    return done
