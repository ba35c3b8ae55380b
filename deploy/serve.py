"""Sets the product up and runs it until Ctrl-C: ``PORT=9000 python3 -m deploy.serve``."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from types import FrameType

from deploy.ground import PYTHON, ROOT, VENV, Problem, setting
from deploy.setup import DEMO_PAGE, set_up

DEFAULT_PORT = "8000"
PATIENCE_SECONDS = 60.0
STOP_SECONDS = 15.0


def host() -> str:
    """Return the address to listen on: this machine only, unless HOST says otherwise."""
    return setting("HOST", "127.0.0.1")


def chosen_port() -> int:
    """Return the port to listen on; raises ``Problem`` when it isn't a free port number."""
    text = setting("PORT", DEFAULT_PORT).strip()
    if not (text.isdigit() and 0 < int(text) < 65536):
        raise Problem(f"PORT={text} is not a port number: choose one such as PORT=9000 make run.")
    port = int(text)
    with socket.socket() as probe:
        # As gunicorn does: a port whose last connections are only lingering counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host(), port))
        except PermissionError:
            raise Problem(
                f"Port {port} needs administrator rights: choose one from 1024, such as "
                "PORT=9000 make run."
            ) from None
        except OSError as error:
            raise Problem(
                f"Port {port} cannot be used ({error.strerror}): choose another, such as "
                f"PORT={port + 1000 if port < 60000 else 9000} make run."
            ) from None
    return port


def start(port: int) -> subprocess.Popen[bytes]:
    """Start web and worker (and beat, with REDIS_URL) under honcho, away from the keyboard.

    Honcho gets a session of its own, so that Ctrl-C reaches it only from us, and a pipe instead of
    the terminal, so that it can still end its children when the terminal has gone.
    """
    procfile = "Procfile" if setting("REDIS_URL") else "Procfile.embedded"
    environ = dict(os.environ)
    environ["PATH"] = f"{VENV / 'bin'}{os.pathsep}{environ.get('PATH', os.defpath)}"
    environ["PYTHONUNBUFFERED"] = "1"
    if not setting("PUBLIC_BASE_URL"):
        environ["PUBLIC_BASE_URL"] = f"http://localhost:{port}"
    honcho = [str(PYTHON), "-m", "honcho", "-e", os.devnull, "-f", procfile, "start"]
    running = subprocess.Popen(
        [*honcho, "-p", str(port)],
        cwd=ROOT,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    threading.Thread(target=_relay, args=(running,), daemon=True).start()
    return running


def _relay(running: subprocess.Popen[bytes]) -> None:
    """Show what honcho says for as long as there is somebody to show it to."""
    for line in running.stdout or ():
        with suppress(OSError):
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()


def wait_until_it_answers(port: int, running: subprocess.Popen[bytes]) -> None:
    """Return once the web process answers, however it answers; raises ``Problem`` if it can't."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up:
        if running.poll() is not None:
            raise Problem("The service desk stopped while starting; its messages are above.")
        # Not urllib: that would ask the machine's proxy for our own page.
        connection = http.client.HTTPConnection(host(), port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse()
            return
        except (OSError, http.client.HTTPException):
            time.sleep(0.2)
        finally:
            connection.close()
    raise Problem(f"The service desk did not answer within {PATIENCE_SECONDS:.0f} seconds.")


def stop(running: subprocess.Popen[bytes]) -> None:
    """End honcho and all it started."""
    if running.poll() is None:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            running.kill()


def announce(port: int) -> None:
    """Say where the product is and who may log in."""
    if demo := DEMO_PAGE.read_text(encoding="utf-8").strip():
        print(f"\n{demo}")
    print(f"\nThe service desk is running: http://localhost:{port}/")
    print("Press Ctrl-C to stop it.\n", flush=True)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def serve() -> int:
    """Set up, start, and stay until Ctrl-C; raises ``Problem`` when a process ends by itself."""
    port = chosen_port()
    set_up()
    running = start(port)
    try:
        wait_until_it_answers(port, running)
        announce(port)
        running.wait()
        raise Problem("A part of the service desk ended by itself; its messages are above.")
    except KeyboardInterrupt:
        # From here on a second Ctrl-C must not leave processes behind.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        with suppress(OSError):
            print("\nStopping …", flush=True)
        return 0
    finally:
        stop(running)


def main() -> int:
    """Serve; 1 and one line on stderr when that isn't possible."""
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    try:
        return serve()
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
