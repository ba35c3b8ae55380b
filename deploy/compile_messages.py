"""Compiles the .po files named on the command line, without GNU gettext."""

from __future__ import annotations

import sys
from pathlib import Path

import polib


def main(names: list[str]) -> None:
    """Write the .mo beside each .po, replacing it in one move so that readers see a whole file."""
    for name in names:
        target = Path(name).with_suffix(".mo")
        fresh = target.with_suffix(".mo.new")
        polib.pofile(name).save_as_mofile(str(fresh))
        fresh.replace(target)


if __name__ == "__main__":
    main(sys.argv[1:])
