"""What settings, pinned packages and tracked files promise."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from deploy.check_production import production_environment

ROOT = Path(settings.BASE_DIR)
# Hosts from which packages come: where they are found is the machine's business, not the product's.
REGISTRIES = re.compile(
    rb"registry\.(?:npm(?:js|mirror)|yarnpkg)\.\w+|pypi\.(?:python\.)?org|pythonhosted\.org"
    rb"|(?:pypi|mirrors?)\.[a-z]+\.(?:edu|com)\b|deb\.debian\.org"
)
MINIMUM = {"PATH": os.environ["PATH"], "ENV_FILE": os.devnull}


def _start(folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of its own, as a server would, from ``folder``."""
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "diffsettings"],
        cwd=folder,
        env={**MINIMUM, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def _tracked() -> list[Path]:
    """Files that are part of the product, committed or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [file for file in files if file.is_file()]


def _pinned() -> list[str]:
    """Names of all packages pinned for pip and npm."""
    names = []
    for file in ROOT.glob("requirements*.txt"):
        names += re.findall(r"^([\w.-]+)==", file.read_text("utf-8"), flags=re.MULTILINE)
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    return [*names, *package["dependencies"], *package["devDependencies"]]


def test_nothing_starts_without_a_secret_key(tmp_path: Path) -> None:
    refused = _start(tmp_path)

    assert refused.returncode != 0
    assert "SECRET_KEY" in refused.stderr


def test_it_starts_from_any_folder_with_a_secret_key(tmp_path: Path) -> None:
    started = _start(tmp_path, SECRET_KEY="k" * 60, DATA_DIR=str(tmp_path))

    assert started.returncode == 0, started.stderr


@pytest.mark.parametrize("name", ["DEBUG", "DEMO"])
def test_production_starts_with_debug_and_demo_off(tmp_path: Path, name: str) -> None:
    started = _start(tmp_path, **production_environment())

    assert f"\n{name} = True" not in f"\n{started.stdout}"
    assert "SESSION_COOKIE_SECURE = True" in started.stdout


def test_env_files_are_ignored_by_git() -> None:
    ignored = subprocess.run(["git", "check-ignore", "-q", ".env"], cwd=ROOT, check=False)

    assert ignored.returncode == 0
    assert ROOT / ".env" not in _tracked()


def test_every_setting_stands_in_the_example() -> None:
    source = (ROOT / "servicedesk" / "settings.py").read_text("utf-8")
    names = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", source))
    example = (ROOT / ".env.example").read_text("utf-8")

    told = set(re.findall(r"^(?:# )?([A-Z_]+)=", example, flags=re.MULTILINE))
    assert names - told == set()


def test_no_tracked_file_names_a_package_registry() -> None:
    here = Path(__file__)
    named = [file for file in _tracked() if file != here and REGISTRIES.search(file.read_bytes())]

    assert named == []


def test_every_requirement_is_pinned() -> None:
    lines = "\n".join(file.read_text("utf-8") for file in ROOT.glob("requirements*.txt"))
    loose = [
        line
        for line in lines.splitlines()
        if line and not line.startswith(("#", "-r ")) and not re.fullmatch(r"[\w.-]+==[\w.]+", line)
    ]

    assert loose == []


def test_every_pinned_package_has_its_reason() -> None:
    reasons = (ROOT / "docs" / "dependencies.md").read_text("utf-8")

    assert [name for name in _pinned() if f"| {name} |" not in reasons] == []


def test_every_reason_belongs_to_a_pinned_package() -> None:
    reasons = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    named = re.findall(r"^\| ([\w@/.-]+) \|", reasons, flags=re.MULTILINE)

    assert set(named) - {"Package"} - set(_pinned()) == set()


def test_a_process_that_stands_still_keeps_its_locks_for_seconds_only(tmp_path: Path) -> None:
    """I17: PostgreSQL ends a transaction that nobody goes on with; how soon can be set."""
    given = {"SECRET_KEY": "k" * 50, "DATABASE_URL": "postgres://desk@127.0.0.1:5432/desk"}
    usual = _start(tmp_path, **given)
    assert "idle_in_transaction_session_timeout=30000" in usual.stdout, usual.stderr
    sooner = _start(tmp_path, **given, DB_IDLE_IN_TRANSACTION_SECONDS="3")
    assert "idle_in_transaction_session_timeout=3000'" in sooner.stdout, sooner.stderr
