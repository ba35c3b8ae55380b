"""Card numbers that got into a text by mistake (I12). The product must never keep them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

SHORTEST, LONGEST = 13, 19
# Digits, also full-width ones, in groups that blanks, dots or dashes separate.
_RUN = re.compile(r"(?<![0-9A-Za-z])\d+(?:[\s.\-‐‑‒–—−－]{1,2}\d+)*(?![0-9A-Za-z])")
_GROUP = re.compile(r"\d+")


def has_card_number(text: str) -> bool:
    """True when ``text`` holds 13 to 19 digits that pass the Luhn check, blanks or dashes inside.

    Full-width digits count as digits.
    """
    return next(_cards(text), None) is not None


def mask_cards(text: str) -> str:
    """The text with every card number cut down to ``622202****0128``."""
    for start, end in reversed(list(_cards(text))):
        digits = _plain(text[start:end])
        text = f"{text[:start]}{digits[:6]}****{digits[-4:]}{text[end:]}"
    return text


def _cards(text: str) -> Iterator[tuple[int, int]]:
    """Where card numbers stand, from left to right, none overlapping another."""
    for run in _RUN.finditer(text):
        groups = [(run.start() + g.start(), run.start() + g.end())
                  for g in _GROUP.finditer(run.group())]  # fmt: skip
        first = 0
        while first < len(groups):
            last = _card_from(text, groups, first)
            if last >= 0:
                yield groups[first][0], groups[last][1]
                first = last
            first += 1


def _card_from(text: str, groups: list[tuple[int, int]], first: int) -> int:
    """Index of the last group of the card number that begins with ``first``; -1 for none.

    Several groups are one number only when all but the last have four digits and more, as cards
    are printed; telephone numbers with their area code are not.
    """
    digits = ""
    for last in range(first, len(groups)):
        start, end = groups[last]
        digits += _plain(text[start:end])
        if len(digits) > LONGEST:
            return -1
        if len(digits) >= SHORTEST and _luhn(digits):
            return last
        if end - start < 4:
            return -1
    return -1


def _plain(text: str) -> str:
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", text))


def _luhn(digits: str) -> bool:
    if len(set(digits)) == 1:
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
