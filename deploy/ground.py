"""What every set-up script stands on: the project's places, its settings, errors, fingerprints."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
ENV_FILE = ROOT / ".env"
# Front-end files and set-up records; DATA_DIR (the product's own data) may point elsewhere.
VAR = ROOT / "var"
RECORDS = VAR / "setup"


class Problem(Exception):
    """Something the person at the keyboard has to mend, told in one line."""


def settings_file(path: Path = ENV_FILE) -> dict[str, str]:
    """Return the ``NAME=value`` lines of ``.env``; an absent file is empty.

    Raises ``Problem`` when the file is somebody else's.
    """
    values: dict[str, str] = {}
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return values
    except OSError as error:
        raise Problem(f"Cannot read {path} ({error.strerror}): run this as its owner.") from None
    for line in text.splitlines():
        name, sign, value = line.strip().partition("=")
        if sign and not name.startswith("#"):
            values[name.strip()] = value.strip().strip("'\"")
    return values


def setting(name: str, default: str = "", environ: Mapping[str, str] = os.environ) -> str:
    """Read one setting as the product does: the environment first, then ``.env``."""
    return environ[name] if name in environ else settings_file().get(name, default)


def fingerprint(paths: Iterable[Path], *words: str) -> str:
    """Return one SHA-256 over the names and contents of ``paths`` (folders: all files in them)."""
    digest = hashlib.sha256("\0".join(words).encode())
    for path in sorted(paths):
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                digest.update(f"\0{file.relative_to(ROOT)}\0".encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


def is_recorded(record: Path, value: str) -> bool:
    """Tell whether ``record`` says that the work with fingerprint ``value`` was done."""
    return record.exists() and record.read_text(encoding="utf-8") == value


def write_record(record: Path, value: str) -> None:
    """Note that the work with fingerprint ``value`` is done."""
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text(value, encoding="utf-8")
