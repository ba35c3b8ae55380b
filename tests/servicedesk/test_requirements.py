"""docs/requirements.md: every duty has its row, and every row names code and tests that exist."""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TABLE = ROOT / "docs" / "requirements.md"
# "R01"; "D21a"; a test that holds a duty; a place in the code, perhaps with a name in it.
ROW = re.compile(r"^\| ([RIDCE]\d+[ab]?) \|", flags=re.MULTILINE)
TEST = re.compile(r"tests/[\w/]+/test_\w+\.py::test_\w+")
QUOTED = re.compile(r"`([^`]+)`")
DEFECT_ACTS = [*(f"D{n}" for n in range(1, 34) if n != 21), "D21a", "D21b"]
WANTED = [
    *(f"R{n:02}" for n in range(1, 57)),
    *(f"I{n:02}" for n in range(1, 19)),
    *DEFECT_ACTS,
    *(f"C{n}" for n in range(1, 9)),
    *(f"E{n}" for n in range(1, 21)),
]


@dataclass(frozen=True)
class Row:
    """One duty: its number, its words, the places that do it, the tests that hold it."""

    number: str
    duty: str
    where: str
    held_by: str


def _read() -> list[Row]:
    """Rows of all tables of the page."""
    lines = TABLE.read_text("utf-8").splitlines()
    return [
        Row(*(cell.strip() for cell in line.strip("|").split("|")))
        for line in lines
        if ROW.match(line)
    ]


@cache
def _names(file: Path) -> frozenset[str]:
    """Every function and class that a Python file defines, methods too."""
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    tree = ast.parse(file.read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, defined))


def _exists(reference: str) -> bool:
    """Tell whether ``path`` or ``path.py::name`` is there."""
    path, _, name = reference.partition("::")
    place = ROOT / path
    return place.exists() and (not name or name in _names(place))


def _is_held(row: Row) -> bool:
    return bool(QUOTED.search(row.where) and QUOTED.search(row.held_by))


def _comes_later(row: Row) -> bool:
    return row.where == row.held_by == "later"


ROWS = _read()


def test_every_number_has_exactly_one_row() -> None:
    assert Counter(row.number for row in ROWS) == Counter(WANTED)


def test_every_duty_is_told() -> None:
    assert [row.number for row in ROWS if len(row.duty) < 12] == []


def test_every_place_named_exists() -> None:
    named = [(row.number, place) for row in ROWS for place in QUOTED.findall(row.where)]

    assert [each for each in named if not _exists(each[1])] == []


def test_every_test_named_exists() -> None:
    named = [(row.number, test) for row in ROWS for test in QUOTED.findall(row.held_by)]

    assert [each for each in named if not TEST.fullmatch(each[1]) or not _exists(each[1])] == []


def test_a_duty_is_either_built_and_held_or_said_to_come_later() -> None:
    undecided = [row.number for row in ROWS if not _is_held(row) and not _comes_later(row)]

    assert undecided == []
