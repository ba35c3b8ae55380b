"""The difference between two texts as a person reads it: words in Latin script, else characters.

Chinese has no spaces between words, so every character counts for itself; numbers, Latin words
and code stay whole. Short islands between two changes are drawn into them: a sentence in which
every second character is struck out cannot be read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_TOKEN = re.compile(r"[A-Za-z0-9_.\-/=%]+|\n|[^\S\n]+|.", re.DOTALL)
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
# Longer texts are compared line by line: the comparison of tokens is quadratic at worst.
_MOST_TOKENS = 3000
# Unchanged runs up to this many characters between two changes join them.
_ISLAND = 2


@dataclass(frozen=True)
class Piece:
    """A run of text that stayed (``same``), came (``added``) or went (``removed``)."""

    kind: str
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """From ``before`` to ``after``; removed runs stand before the added ones in their place."""
    old, new = _split(before, after)
    changes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    spans = [
        ("".join(old[a:b]), "".join(new[c:d]), kind == "equal") for kind, a, b, c, d in changes
    ]
    return _pieces(_without_islands(spans))


def _split(before: str, after: str) -> tuple[list[str], list[str]]:
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(old) + len(new) > _MOST_TOKENS:
        return _LINE.findall(before), _LINE.findall(after)
    return old, new


def _without_islands(spans: list[tuple[str, str, bool]]) -> list[tuple[str, str, bool]]:
    """Join changes that only a very short unchanged run keeps apart."""
    joined: list[tuple[str, str, bool]] = []
    for number, (old, new, same) in enumerate(spans):
        inner = 0 < number < len(spans) - 1
        island = same and inner and len(new.strip()) <= _ISLAND and "\n" not in new
        same = same and not island
        if joined and not same and not joined[-1][2]:
            joined[-1] = (joined[-1][0] + old, joined[-1][1] + new, False)
        else:
            joined.append((old, new, same))
    return joined


def _pieces(spans: list[tuple[str, str, bool]]) -> list[Piece]:
    found: list[Piece] = []
    for old, new, same in spans:
        if same:
            found.append(Piece("same", new))
            continue
        found += [Piece("removed", old)] if old else []
        found += [Piece("added", new)] if new else []
    return found
