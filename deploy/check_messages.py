"""Compares the texts in the source with the Chinese catalogue; ``--update`` rewrites the catalogue.

English is the language of the source. Every text needs a Chinese one that is not empty, not marked
fuzzy, and has the same placeholders. Extraction needs GNU gettext.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

from deploy.ground import PYTHON, ROOT, Problem

CATALOGUE = Path("locale") / "zh_Hans" / "LC_MESSAGES" / "django.po"
NOT_SOURCE = shutil.ignore_patterns(
    ".*",
    "var",
    "node_modules",
    "staticfiles",
    "static",
    "tests",
    "docs",
    "benchmarks",
    "__pycache__",
    "*.mo",
    "package*.json",
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sdif]|\{\w*\}")


def need_gettext() -> None:
    """Raise ``Problem`` unless GNU gettext is installed."""
    for tool in ("xgettext", "msguniq", "msgmerge"):
        if shutil.which(tool) is None:
            raise Problem(
                f"GNU gettext is missing ({tool}): install it (Debian: sudo apt install gettext)."
            )


def make_messages(root: Path) -> None:
    """Bring the catalogue under ``root`` up to date with the source under ``root``."""
    (root / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT)}
    ignored = ["var", "node_modules", "staticfiles", "tests", "docs", "benchmarks"]
    done = subprocess.run(
        [
            str(PYTHON),
            "-m",
            "django",
            "makemessages",
            "--locale",
            "zh_Hans",
            "--no-obsolete",
            "--no-wrap",
            "--add-location",
            "file",
            *(f"--ignore={name}" for name in ignored),
        ],
        cwd=root,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Problem(f"The texts could not be extracted:\n{done.stdout}{done.stderr}")


def entries(catalogue: Path) -> dict[tuple[str | None, str], polib.POEntry]:
    """The catalogue's live entries by context and English text."""
    if not catalogue.exists():
        return {}
    return {
        (entry.msgctxt, entry.msgid): entry
        for entry in polib.pofile(str(catalogue))
        if not entry.obsolete
    }


def faults(
    source: dict[tuple[str | None, str], polib.POEntry],
    catalogue: dict[tuple[str | None, str], polib.POEntry],
) -> Iterator[str]:
    """Yield one line per text that is missing, left over, or badly translated."""
    for key in source.keys() - catalogue.keys():
        yield f"not in the catalogue: {key[1]!r} ({_where(source[key])})"
    for key in catalogue.keys() - source.keys():
        yield f"no longer in the source: {key[1]!r}"
    for key in source.keys() & catalogue.keys():
        problem = _fault(catalogue[key])
        if problem:
            yield f"{problem}: {key[1]!r} ({_where(source[key])})"


def _fault(entry: polib.POEntry) -> str:
    chinese = list(entry.msgstr_plural.values()) or [entry.msgstr]
    if not all(text.strip() for text in chinese):
        return "no Chinese"
    if entry.fuzzy:
        return "marked fuzzy"
    allowed = [_placeholders(text) for text in (entry.msgid, entry.msgid_plural) if text]
    if not all(_placeholders(text) in allowed for text in chinese):
        return "other placeholders"
    return ""


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def _where(entry: polib.POEntry) -> str:
    return ", ".join(sorted({place for place, _line in entry.occurrences})[:2])


def check() -> list[str]:
    """Return the faults of the project's catalogue, sorted."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "source"
        shutil.copytree(ROOT, copy, ignore=NOT_SOURCE)
        make_messages(copy)
        return sorted(faults(entries(copy / CATALOGUE), entries(ROOT / CATALOGUE)))


def main(arguments: list[str]) -> int:
    """Check (or with ``--update`` rewrite) the catalogue; 1 when something is wrong."""
    try:
        need_gettext()
        if "--update" in arguments:
            make_messages(ROOT)
            return 0
        wrong = check()
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    for line in wrong:
        print(line)
    print(f"Texts: {len(wrong)} faults" if wrong else "Texts: every one has its Chinese")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
