"""Runs Django's deployment check as production would start: HTTPS on, a strong key, no .env."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys

from deploy.ground import PYTHON, ROOT


def production_environment() -> dict[str, str]:
    """The least a real installation sets, beside what finds programs and files."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "ENV_FILE": os.devnull,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "desk.example",
        "PUBLIC_BASE_URL": "https://desk.example",
    }


def main() -> int:
    """Return the check's exit code; a warning counts as a failure."""
    command = [str(PYTHON), "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, cwd=ROOT, env=production_environment(), check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
