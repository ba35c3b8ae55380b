"""One process under the shifted clock: ``python -m benchmarks.faults.process beat 0``."""

from __future__ import annotations

import sys

from benchmarks.faults import shifted

QUIET = ("-q", "-A", "servicedesk")
WORKER = (
    "worker", "--pool", "threads", "--concurrency", "3", "--loglevel", "critical",
    "--without-gossip", "--without-mingle",
)  # fmt: skip


def main() -> None:
    """Become a worker, a beat or a web process."""
    kind, *rest = sys.argv[1:]
    shifted.install()
    if kind == "web":
        from gunicorn.app.wsgiapp import run

        sys.argv = [
            "gunicorn", "servicedesk.wsgi", "--bind", f"127.0.0.1:{rest[0]}", "--workers", "1",
            "--threads", "4", "--preload", "--no-control-socket", "--log-level", "critical",
        ]  # fmt: skip
        run()
        return
    from celery.__main__ import main as celery

    if kind == "beat":
        sys.argv = ["celery", *QUIET, "beat", "--loglevel", "critical"]
    else:
        sys.argv = ["celery", *QUIET, *WORKER, "-n", f"worker{rest[0]}@faults"]
    celery()


if __name__ == "__main__":
    main()
